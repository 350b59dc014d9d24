"""The sentence that heads everything, and other wording that several faces share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trueup.claims.model import Kind, Verdict
from trueup.claims.policy import FLAWS, LACKS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trueup.claims.assess import Assessment
    from trueup.publish.parts import Step

LOOK_AGAIN = timedelta(days=28)
TOKENS = {
    "GitHub": "Set GITHUB_TOKEN to a token that may read issues, pull requests and actions. ",
    "GitLab": "Set GITLAB_TOKEN to a token with the scope read_api, and GITLAB_HOST where it is not gitlab.com. ",
}
NO_LOOK = "but no independent look is on record"
_LACKING = {
    "but nothing connected shows whether anybody independent looked": frozenset(("not_shown",)),
    NO_LOOK: frozenset(
        "not_shown no_look own_approval bot_approval looked_later edited_later too_fast overruled".split()
    ),
    "but no tests are known to have passed on them": frozenset(
        lack for lack in (*LACKS, *FLAWS) if "test" in lack
    ),
}
FORGES = {"github": "GitHub", "gitlab": "GitLab", "bitbucket": "Bitbucket", "gitea": "Gitea"}


def percent(share: float) -> str:
    """A share as people say it.

    >>> [percent(x) for x in (0, 0.005, 0.126, 0.999, 1)]
    ['0 %', 'less than 1 %', '13 %', 'more than 99 %', '100 %']
    """
    whole = round(share * 100)
    if whole == 0 and share > 0:
        return "less than 1 %"
    if whole == 100 and share < 1:
        return "more than 99 %"
    return f"{whole} %"


def sentence(assessment: Assessment) -> str:
    """Of N items reported done, how many really happened, as far as can be seen."""
    counts = assessment.counts()
    total = sum(n for v, n in counts.items() if v is not Verdict.PENDING)
    period = f"the {assessment.policy.ledger_months} months to {day(assessment.until)}"
    pending = counts[Verdict.PENDING]
    if not total:
        young = f" {count(pending, 'item is', 'items are')} too young to tell." if pending else ""
        return (
            f"Nothing was reported done in {period} in a way that git shows: no merged requests, no "
            f"closing keywords, no release notes that name tickets.{young}"
        )
    share = {v: counts[v] / total for v in Verdict}
    parts = [
        f"{percent(share[Verdict.VERIFIED])} have independent evidence",
        f"{percent(share[Verdict.PARTIAL])} landed and survived {_unseen(assessment)}",
        f"{percent(share[Verdict.CONTRADICTED])} are contradicted",
        f"{percent(share[Verdict.UNVERIFIED])} have no evidence where there normally is some",
        f"and {percent(share[Verdict.NOT_ASSESSABLE])} cannot be seen from the connected sources",
    ]
    text = f"Of {count(total, 'item', 'items')} reported done in {period}, {', '.join(parts)}."
    if pending:
        text += f" {number(pending)} more {'is' if pending == 1 else 'are'} too young to tell."
    return text


def _unseen(assessment: Assessment) -> str:
    """What nearly all of the partial claims lack, or that they lack different things.

    That nobody looked cannot be said where no look can be seen: reviews may live in a forge that is not
    connected.
    """
    lacks = [set(j.lacks) for j in assessment.judged if j.verdict is Verdict.PARTIAL]
    for told, kinds in _LACKING.items() if lacks else ():
        if sum(bool(found) and found <= kinds for found in lacks) >= 0.9 * len(lacks):
            return told
    return "with less evidence than such work normally has" if lacks else NO_LOOK


def source_hint(assessment: Assessment, forges: set[str], *, read: bool) -> str:
    """The source that would light up most, and about how many claims that concerns.

    Args:
        assessment: the claims.
        forges: kinds of forge the clones point to.
        read: whether a forge was read besides git.
    """
    pairs = list(zip(assessment.claims, assessment.judged, strict=True))
    unlinked = sum(c.kind is Kind.ISSUE and j.verdict is Verdict.NOT_ASSESSABLE for c, j in pairs)
    dark = sum(j.verdict is Verdict.NOT_ASSESSABLE or "not_shown" in j.lacks for _, j in pairs)
    dark -= unlinked
    if read:
        return _unlit(dark, unlinked)
    if not dark:
        return ""
    names = sorted(FORGES[f] for f in forges if f in FORGES)
    forge = " and ".join(names) if names else "the forge"
    return (
        f"Reviews from {forge} would light up most: about {number(dark)} items. {TOKENS.get(names[0], '') if len(names) == 1 else ''}"
        "Exported records can be taken in as well: trueup collect --from PATH"
    )


def _unlit(dark: int, unlinked: int) -> str:
    """What stays dark where a forge was read."""
    told = []
    if dark:
        told.append(
            f"For about {count(dark, 'item', 'items')} nothing that is connected shows whether anybody looked."
        )
    if unlinked:
        issues = count(unlinked, "closed issue", "closed issues")
        told.append(
            f"No change is linked with {issues}: requests that say which issue they close would show them."
        )
    return " ".join(told)


def steps(found: Sequence[Step]) -> str:
    """How far merged requests can be followed, in words, where it was not said before.

    >>> from trueup.publish.parts import Step
    >>> steps((Step("issue", 12, 26), Step("build", 0, 10), Step("deployment", None, 0)))
    '12 of 26 name the issue they close, none of 10 was built or checked; no source tells of deployments.'
    """
    shown = [s for s in found if s.name in _STEPS]
    told = [_step(s) for s in shown if s.count is not None and s.of]
    dark = [f"{s.name}s" for s in shown if s.count is None]
    unseen = f"no source tells of {' and '.join(dark)}" if dark else ""
    text = "; ".join(filter(None, (", ".join(told), unseen)))
    return f"{text[0].upper()}{text[1:]}." if text else ""


_STEPS = {
    "issue": ("names the issue it closes", "name the issue they close"),
    "build": ("was built or checked", "were built or checked"),
    "release": ("is in a release", "are in a release"),
    "deployment": ("was deployed", "were deployed"),
}


def _step(step: Step) -> str:
    one, many = _STEPS[step.name]
    n = step.count or 0
    return f"{number(n) if n else 'none'} of {number(step.of)} {many if n > 1 else one}"


def requests(counts: Mapping[str, int]) -> str:
    """What became of requests, in words.

    >>> requests({"merged": 26, "landed": 25, "rewritten": 1, "closed": 19, "reviewed": 3})
    'Of 26 merged requests 25 are on the default branch, and 1 is there under another id: history was rewritten. None of 19 closed without merging is there. 3 of 26 merged ones have a review by another person.'
    """
    merged, closed = counts["merged"], counts.get("closed", 0)
    told = []
    if merged:
        parts = [f"{_are(counts.get('landed', 0))} on the default branch"]
        if n := counts.get("rewritten", 0):
            parts.append(f"{_are(n)} there under another id: history was rewritten")
        if n := counts.get("elsewhere", 0):
            parts.append(f"{_are(n)} on another line that has not reached it")
        if n := counts.get("unseen", 0):
            parts.append(f"of {number(n)} the clone has no commit")
        listed = ", ".join(parts[:-1]) + ", and " + parts[-1] if len(parts) > 1 else parts[0]
        told.append(f"Of {count(merged, 'merged request', 'merged requests')} {listed}.")
    if closed:
        there = counts.get("closed_landed", 0)
        are = "is" if there == 1 else "are"
        told.append(
            f"{number(there)} of {number(closed)} closed without merging {are} there all the same."
            if there
            else f"None of {number(closed)} closed without merging is there."
        )
    if merged:
        told.append(
            f"{number(counts.get('reviewed', 0))} of {number(merged)} merged ones have a review by another person."
        )
    return " ".join(told)


def _are(n: int) -> str:
    return f"{number(n)} {'is' if n == 1 else 'are'}"


def question(items: Sequence[Mapping[str, Any]]) -> str:
    """What to ask the team, when enough signs of a signal moved the way that asks for it; else nothing.

    >>> signs = [{"part": "a", "uneasy": True, "moved": f"fewer {x}"} for x in ("object", "speak", "ask")]
    >>> question([*signs, {"asks": True, "missing": ["answers to surveys"]}])
    'Fewer object, fewer speak, and fewer ask than in the year before: do we still say what we think? A question, not a finding: it may well be agreement. Not known: answers to surveys.'
    >>> question([*signs, {"asks": False, "missing": []}])
    ''
    """
    end = next((item for item in items if item.get("asks")), None)
    if end is None:
        return ""
    moved = [item["moved"] for item in items if item.get("uneasy")]
    told = f"{', '.join(moved[:-1])}, and {moved[-1]}"
    return (
        f"{told[0].upper()}{told[1:]} than in the year before: do we still say what we think? A question, "
        f"not a finding: it may well be agreement. Not known: {'; '.join(end['missing'])}."
    )


def ledger_reason(counts: Counter[str], by_hand: int = 0) -> str:
    """Why the ledger moved over the last quarter, and what was written off ``by_hand``, in a few words."""
    flows = [
        ("new", "+{} new"),
        ("contradicted_later", "+{} contradicted later"),
        ("came_into_view", "+{} came into view"),
        ("repaid", "-{} repaid"),
        ("written_off", _WRITTEN_OFF[bool(by_hand)]),
        ("went_out_of_view", "-{} went out of view"),
    ]
    parts = [text.format(counts[flow]) for flow, text in flows if counts[flow]]
    if counts["restated"]:
        parts.append(f"{counts['restated']:+d} restated")
    told = ", ".join(parts) if parts else "nothing moved"
    beside = count(by_hand, "item is", "items are")
    return f"{told}; {beside} written off by hand and not verified" if by_hand else told


_WRITTEN_OFF = ("-{} older than the ledger looks back", "-{} written off, by hand or by age")


def count(n: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> count(1, "item", "items"), count(2000, "item", "items")
    ('1 item', '2 000 items')
    """
    return f"{number(n)} {one if n == 1 else many}"


def number(n: int) -> str:
    """A number with its thousands apart."""
    return f"{n:,}".replace(",", " ")


def look_again(today: datetime) -> str:
    """The date on which to look at something again."""
    return day(today + LOOK_AGAIN)


def day(moment: datetime) -> str:
    """A date as it is written everywhere."""
    return f"{moment:%Y-%m-%d}"
