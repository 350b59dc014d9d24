"""Three chapters, reported versus verified: alignment, delivery, verification."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Judged, Kind, Rung, Verdict
from trueup.claims.policy import CONTRADICTIONS, FLAWS, LACKS
from trueup.facts.views.chains import STEPS
from trueup.publish.parts import Alignment, Chapters, Delivery, Step, Tally, Verification
from trueup.publish.words import count, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trueup.publish.document import Drift
    from trueup.publish.readings import Measured
    from trueup.publish.rules import Rules

    Pair = tuple[Claim, Judged]

#: A branch may be named like a ticket or a person, so it is left out.
_BRANCH = re.compile(r"^merged into .+, which")
_RESTS_ON = {
    "both": "another person looked first, and tests passed",
    "look": "another person looked first",
    "tests": "tests passed",
    "other": "a release that contains it, or work done again",
}
_FEW = "few"


def chapters(measured: Measured, drift: Drift, rules: Rules, *, team: bool) -> Chapters:
    """The three chapters; for an organisation reasons with too few people behind them are put together."""
    assessment = measured.assessment
    pairs = [
        pair
        for pair in zip(assessment.claims, assessment.judged, strict=True)
        if pair[1].verdict is not Verdict.PENDING
    ]
    held = None if team else rules
    return Chapters(
        _alignment(measured, pairs, drift),
        _delivery(measured, pairs, held),
        _verification(pairs, measured.until, held),
    )


def _alignment(measured: Measured, pairs: Iterable[Pair], drift: Drift) -> Alignment:
    claims = [claim for claim, _ in pairs]
    issues = [c for c in claims if "issue" in c.reports]
    read = bool(issues) or any(book.issues for book in measured.assessment.books.values())
    linked = sum(not c.only_named and bool(c.shas or c.pull) for c in issues)
    found = Alignment(
        text="",
        issues=len(issues) if read else None,
        linked=linked if read else None,
        containers=measured.assessment.containers if read else None,
        shared=sum(c.kind is Kind.UMBRELLA for c in claims),
    )
    return replace(found, text=_alignment_text(found, drift, len(claims)))


def _alignment_text(found: Alignment, drift: Drift, items: int) -> str:
    if not items:
        return "Nothing was reported done that is old enough to compare with what is there."
    gone = drift.reported_not_there
    missing = f"{number(gone)} are" if gone > 1 else "1 is" if gone else "none is known to be"
    told = f"Of {count(items, 'item', 'items')} reported done {missing} missing or undone"
    if drift.landed:
        share = f"{number(drift.landed_without_claim)} of {number(drift.landed)} landed changes"
        told += f", and {share} were reported nowhere"
    if found.issues is None or found.linked is None:
        return f"{told}; no tracker was read, so issues cannot be compared with changes."
    if not found.issues:
        return f"{told}."
    named = count(found.issues, "item that an issue calls", "items that issues call")
    return f"{told}; of {named} done {number(found.linked)} have a change that does them."


def _delivery(measured: Measured, pairs: list[Pair], rules: Rules | None) -> Delivery:
    at, assessment = measured.until, measured.assessment
    claims = [claim for claim, _ in pairs]
    landed = [c for c in claims if _landed(c, at)]
    survived = sum(_survived(c, at, assessment.policy.survive) for c in landed)
    releases = any(b.releases or b.deployed for b in assessment.books.values())
    released = sum(c.find(Rung.RELEASED, at) is not None for c in landed) if releases else None
    against: dict[str, list[Claim]] = defaultdict(list)
    for claim, judged in pairs:
        if judged.verdict is Verdict.CONTRADICTED:
            against[_SLUGS[judged.reason]].append(claim)
    mended = sum(
        j.verdict is not Verdict.CONTRADICTED and any(_ended(e.until, at) for e in c.evidence)
        for c, j in pairs
    )
    found = Delivery(
        "", len(claims), len(landed), released, survived,
        tallies(against, CONTRADICTIONS, rules), mended, _steps(measured),
    )  # fmt: skip
    return replace(found, text=_delivery_text(found, _size(against), assessment.policy.survive))


_SLUGS = {reason: slug for slug, reason in CONTRADICTIONS.items()}


def _landed(claim: Claim, at: datetime) -> bool:
    return claim.find(Rung.PRESENT, at) is not None and not claim.find(
        Rung.PRESENT, at, against=True
    )


def _survived(claim: Claim, at: datetime, days: int) -> bool:
    """Whether nothing undid it, opened it again or repaired it; a look that is none does not count here."""
    there = claim.find(Rung.PRESENT, at)
    stood = max(claim.claimed_at, there.at if there else at) + timedelta(days=days)
    against = (e.at for e in claim.evidence if e.undoes)
    return stood <= at and all(moment > stood for moment in against)


def _ended(until: datetime | None, at: datetime) -> bool:
    return until is not None and until <= at


def _delivery_text(found: Delivery, against: int, days: int) -> str:
    if not found.items:
        return "Nothing that was reported done is old enough to be followed."
    items = count(found.items, "item", "items")
    told = f"{number(found.landed)} of {items} reported done landed where meant"
    if found.released is not None:
        are = "is" if found.released == 1 else "are"
        told += f", {number(found.released)} of them {are} known to be released or deployed"
    told += f", and {number(found.survived)} stood {days} days with nothing against them"
    told += f"; {number(against)} came undone." if against else "; none came undone."
    return told if found.released is not None else f"{told} No source tells of releases."


def _steps(measured: Measured) -> tuple[Step, ...]:
    """How far merged requests of all repositories can be followed; nothing where no source tells."""
    found = []
    for name in STEPS if measured.chains else ():
        known = [r for r in measured.chains if r.step == name]
        reached = sum(r.requests for r in known) if known else None
        found.append(Step(name, reached, sum(r.of for r in known)))
    return tuple(found)


def _verification(pairs: list[Pair], at: datetime, rules: Rules | None) -> Verification:
    rests: dict[str, list[Claim]] = defaultdict(list)
    lacks: dict[str, list[Claim]] = defaultdict(list)
    dark: dict[str, list[Claim]] = defaultdict(list)
    partial = 0
    for claim, judged in pairs:
        if judged.verdict is Verdict.VERIFIED:
            rests[_rests_on(claim, at)].append(claim)
        elif judged.verdict is Verdict.NOT_ASSESSABLE:
            dark[_BRANCH.sub("merged into another branch, which", judged.reason)].append(claim)
        elif judged.verdict is Verdict.PARTIAL:
            partial += 1
            for lack in judged.lacks:
                lacks[lack].append(claim)
    lacking = tallies(lacks, LACKS | FLAWS, rules)
    unseen = tallies(dark, {reason: reason for reason in dark}, rules)
    based = tallies(rests, _RESTS_ON, rules)
    text = _verification_text(_size(rests), partial, lacking, _size(dark))
    return Verification(text, _size(rests), based, partial, lacking, _size(dark), unseen)


def _rests_on(claim: Claim, at: datetime) -> str:
    looked, tested = (
        claim.kind is not Kind.RELEASE_NOTE and claim.find(rung, at) is not None
        for rung in (Rung.INSPECTED, Rung.TESTED)
    )
    if looked and tested:
        return "both"
    return "look" if looked else "tests" if tested else "other"


def _verification_text(verified: int, partial: int, lacking: tuple[Tally, ...], unseen: int) -> str:
    if not verified + partial + unseen:
        return "Nothing that was reported done is old enough to look for evidence of it."
    named = [t for t in lacking if t.name != _FEW]
    most = f" (most often: {named[0].text}, {number(named[0].count)})" if named else ""
    return (
        f"{count(verified, 'item has', 'items have')} independent evidence, {number(partial)} landed and "
        f"survived with less{most}, and {number(unseen)} cannot be seen."
    )


def _size(found: Mapping[str, list[Claim]]) -> int:
    return sum(map(len, found.values()))


def tallies(
    found: Mapping[str, list[Claim]], texts: Mapping[str, str], rules: Rules | None
) -> tuple[Tally, ...]:
    """How many claims each reason concerns, the most frequent first.

    Args:
        found: claims by the name of their reason; one may stand under two.
        texts: what the names say.
        rules: whose groups of too few people are put together; nothing where all may be told.
    """
    people = {name: len({c.author for c in claims}) for name, claims in found.items()}
    hidden = rules.hidden(people) if rules else set()
    shown = [Tally(n, texts[n], len(claims)) for n, claims in found.items() if n not in hidden]
    shown.sort(key=lambda t: (-t.count, t.name))
    few = {claim.id for name in hidden for claim in found[name]}
    return (*shown, Tally(_FEW, "other reasons, together", len(few))) if few else tuple(shown)
