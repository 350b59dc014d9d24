"""What a commit message says about work: claims, links, trailers. The text itself is not kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from trueup.facts.texts.again import done_again
from trueup.facts.texts.trailers import Trailer, read_trailers

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Longer messages are read up to here; generated ones run to megabytes.
READ = 1 << 16
MOST_LINKS = 50


class Link(NamedTuple):
    """A pointer from the commit to something else; see the table `links`."""

    relation: str
    target_kind: str
    target: str
    how: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Features:
    """Everything that is kept of a message."""

    subject_id: str
    links: tuple[Link, ...]
    trailers: tuple[Trailer, ...]


_SUFFIX = re.compile(r" ?\((?:#|GH-|!|PR #?)\d+\)$", re.IGNORECASE)
_LEAD = re.compile(
    r"^\s*(?:\[[^\]]{0,40}(?:\d|backport|stable|cherry)[^\]]{0,40}\]|backport(?:ed)?\s*:)\s*",
    re.IGNORECASE,
)
_KEY_LEAD = re.compile(r"^\[?[A-Z][A-Z0-9]{1,9}-\d{1,7}\]?[\s:;,.-]+")
_KEY = r"(?-i:[A-Z][A-Z0-9]{1,9})-\d{1,7}"
_NOT_TRACKERS = frozenset(
    "GH UTF ISO SHA CVE RFC PEP AES TLS SSL HTTP ARM BASE UCS MD IPV LATIN CP PY PYTHON KIP GHSA "
    "JDK JEP X11 WIN GPL LGPL BSD MIT CWE EN US V VERSION RC ES FOO PART STEP PHASE COVID".split()
)
_REF = (
    r"(?:(?P<slug>[\w.-]{1,60}/[\w.-]{1,80})?\#(?P<number>\d{1,7})\b|GH-(?P<gh>\d{1,7})\b"
    r"|(?P<key>" + _KEY + r")\b"
    r"|https?://[^\s)>\]]{1,200}?/(?:issues?|pull|merge_requests|browse|ticket|bugs?|\+bug)/\#?(?P<url>"
    + _KEY
    + r"|\d{1,9})\b"
    r"|https?://[^\s)>\]]{1,200}?show_bug\.cgi\?id=(?P<bug>\d{1,9})\b)"
)
_CLOSING = re.compile(
    r"\b(?P<verb>clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|(?:re)?solv(?:e[sd]?|ing)|implement(?:s|ed)?)"
    r"\s{0,3}:?\s{0,3}(?:(?:the\s)?(?:issues?|bugs?|tickets?|jira|pr|gh)\s{0,2}:?\s{0,2})?" + _REF,
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\s{0,5}(?:,|&|\band\b|\bor\b)\s{0,5}(?:fix(?:es)?\s{1,3}|closes?\s{1,3})?" + _REF
)
#: Where these do not stand the patterns they belong to need not be tried: cheap to look for.
_KEY_END = re.compile(r"-(?<=[A-Z0-9]{2}-)\d")
_VERB = re.compile(r"[CcFfRrSsIi](?:los|LOS|ix|IX|esolv|ESOLV|olv|OLV|mplement|MPLEMENT)")
_BUG_WORDS = ("close", "fix", "resolve", "partial", "related")
_PARTS = ("part", "/", "wip", "follow", "first", "prepar", "ground")
_NUMBER = re.compile(r"(?:#|\bGH-)(\d{1,7})\b")
_OWNER_BACKWARDS = re.compile(r"[\w.-]{1,80}/[\w.-]{1,60}")
_TRACKER = re.compile(r"\b(" + _KEY + r")\b")
_BUG_TRAILER = re.compile(
    r"^[ \t]*(?P<key>closes|fixes|resolves|partial|related|closes-bug|partial-bug|related-bug)(?:-bug|-issue)?"
    r"[ \t]*:[ \t:#]*(?:(?:bug|lp|story|issue)[ \t:#]*)?(?P<number>\d{3,9})[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_DOUBT = re.compile(
    r"(?P<not>\b(?:can)?not|n't|\bwithout|\bnever|\bunable to|\bfail(?:s|ed)? to|\binstead of|\bbefore)\s*(?:\w+\s*){0,2}$"
    r"|(?P<part>\bpart(?:ial(?:ly)?|ly)?|\bpart of|\bhelps?(?: to)?|\btowards?)\s*$",
    re.IGNORECASE,
)
_BUG_LINE = re.compile(r"^BUG[ \t]*=[ \t]*(.{0,200})$", re.MULTILINE)
_BUGANIZER = re.compile(r"\bb[:/](\d{5,10})\b")
_LEADING_KEY = re.compile(r"^\s*\[?(" + _KEY + r")\]?[\s:;,.\[-]")
_FIX_VERB = re.compile(
    r"\b(?:fix(?:e[sd]|ing)?|resolve[sd]?|correct(?:s|ed)?|repair(?:s|ed)?)\b", re.IGNORECASE
)
_CONVENTIONAL = re.compile(r"^(?:bug|hot)?fix(?:\([^)\n]{0,60}\))?!?:\s", re.IGNORECASE)
_PART = re.compile(
    r"\bpart\s*(?:\d+|one|two|three|four|[ivx]+)\b|[(\[]\d{1,2}/\d{1,2}[)\]]|\bwip\b|\bfollow[- ]?up\b"
    r"|\bfirst (?:step|part|cut|pass)\b|\bpartially\b|[(\[]partial[)\]]|^partial\b"
    r"|\bpartial (?:fix|implementation|support|work|solution|port|backport|patch|change|clean-?up|rewrite)\b|\bpreparat(?:ion|ory)\b|\bground ?work\b",
    re.IGNORECASE,
)

_MERGED_PULL = re.compile(
    r"^(?:Merge(?:d)? (?:pull request|PR) #?(\d+)\b|Merged in \S+ \(pull request #(\d+)\)"
    r"|Auto merge of #(\d+)\b|Merge #(\d+)\b|Rollup merge of #(\d+)\b)"
)
_BRANCH_TICKET = re.compile(
    r"^Merge \S.{0,60}? from [\w.-]{1,60}/(?:[a-z]{2,12}[-/_])?#?(\d{2,6})[-_/]", re.IGNORECASE
)
_MERGE_REQUEST = re.compile(r"^See merge request \S{0,200}?!(\d+)[ \t\r]*$", re.MULTILINE)
_SQUASHED = re.compile(r"\((?:#|GH-)(\d+)\)\s*$")
_SQUASHED_REQUEST = re.compile(r"\(!(\d+)\)\s*$")
_CLOSED_FROM = re.compile(r"^(?:This )?closes #(\d+) from \S", re.IGNORECASE | re.MULTILINE)
_PULL_URL = re.compile(r"^PR-URL:\s*\S{1,200}/pull/(\d+)", re.IGNORECASE | re.MULTILINE)
_REVIEW_URL = re.compile(
    r"^(?:Differential Revision:\s*\S{0,200}?(D\d+)|Reviewed-on:\s*\S{0,200}?/(\d+))\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_REVIEW = re.compile(r"(?:\bCL |\bCB:|/\+/)(\d{3,7})\b")
_CHANGE_ID = re.compile(r"^Change-Id:\s*(I[0-9a-f]{8,40})\s*$", re.IGNORECASE | re.MULTILINE)

_REVERT_SUBJECT = re.compile(
    r"^(?:\S{1,30}:\s)?revert(?:ed|s|ing)?:?\s+[\"'\u201c](.{3,400})[\"'\u201d][^\"']{0,40}$",
    re.IGNORECASE,
)
_REVERT_START = re.compile(
    r"^(?:\[[^\]]{1,30}\]\s*)?(?:\S{1,30}:\s)?(?:revert(?:s|ed|ing)?|back(?:ed|ing)?[ -]?out)\b",
    re.IGNORECASE,
)
_REVERT_SHA = re.compile(
    r"\b(?:this |it )?revert(?:s|ed|ing)?:?\s{1,5}(?:the )?(?:commits?|changeset|rev(?:ision)?)?:?\s{0,5}[\"(]?"
    r"([0-9a-f]{7,64})\b",
    re.IGNORECASE,
)
_MORE_SHAS = re.compile(r"[ \t]{0,5}(?:,|and|\n)\s{0,5}(?:and )?(?:commit )?([0-9a-f]{7,64})\b")
_REVERT_BODY = re.compile(r"\s*this reverts (?:commit|CL|CB)\b", re.IGNORECASE)
_REVERT_EFFECT = re.compile(
    r"^this (?:effectively|essentially|basically) reverts (?:commit )?[0-9a-f]{7,64}\b",
    re.IGNORECASE | re.MULTILINE,
)
_REVERT_PULL = re.compile(
    r"\brevert(?:s|ed|ing)?:?\s{1,5}(?:CL |CB:|(?:pull request |PR )?(?:[\w.-]{1,60}/[\w.-]{1,80})?#)(\d{1,7})\b",
    re.IGNORECASE,
)
_REVERT_PART = re.compile(
    r"\bpart(?:ial|ially|ly|s)?\b.{0,30}\brevert|\brevert(?:s|ed|ing)?\s+(?:\w+\s+)?part",
    re.IGNORECASE,
)
_REAPPLY = re.compile(
    r"^(?:\S{1,30}:\s)?(?:reapply|re-apply|reland|re-land|redo)\b:?\s+[\"'\u201c]?(.{3,400}?)[\"'\u201d]?$",
    re.IGNORECASE,
)
_TAKE = re.compile(
    r"[(\[]?\b(?:(?:take|try|attempt)[ #-]{0,2}(?:2|3|two|three|ii|again)|re-?instated|re-?land(?:ed)?"
    r"|re-?submi(?:t|tted|ssion)|re-?appl(?:y|ied)|(?:second|third|2nd|3rd) (?:attempt|try))\b[)\]]?",
    re.IGNORECASE,
)
_PICKED = re.compile(
    r"(?:cherry[- ]picked|back-?ported|ported) from (?:commit )?([0-9a-f]{7,64})\b"
    r"|^[ \t]*(?:\[ )?Upstream commit ([0-9a-f]{7,64})\b|^commit ([0-9a-f]{40}) upstream",
    re.IGNORECASE | re.MULTILINE,
)
_FIXES_COMMIT = re.compile(
    r"^Fixes:\s+(?:commit\s+)?([0-9a-f]{7,64})\b", re.IGNORECASE | re.MULTILINE
)


def subject_id(subject: str) -> str:
    """A hash that a change keeps when it is squashed, backported, numbered or given a ticket key.

    >>> subject_id("Fix the parser (#12)") == subject_id("[stable-2.9] fix the  parser")
    True
    """
    text = _KEY_LEAD.sub("", _LEAD.sub("", " ".join(subject[:1000].split())))
    while (shorter := _SUFFIX.sub("", text)) != text:
        text = shorter
    text = " ".join(text.lower().split()).rstrip(".\u2026")
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def features(message: str, *, merge: bool = False, slug: str = "") -> Features:
    r"""Read a message.

    Args:
        message: subject and body.
        merge: the commit has several parents; then only a merged request is a claim.
        slug: `owner/name` of the repository, so that full references to itself are recognised.

    >>> [l[:4] for l in features("Fix crash (#7)\n\nFixes #5").links]
    [('pull', 'pull', '7', 'squash_subject'), ('closes', 'issue', '#5', 'closing_keyword')]
    """
    message = message[:READ].lstrip()
    subject, _, body = message.partition("\n")
    subject = " ".join(subject.split())
    found: dict[tuple[str, str, str], Link] = {}
    named: set[str] = set()
    for link in _links(subject, body, merge=merge, slug=slug):
        if len(found) >= MOST_LINKS:
            break
        if link.relation == "mentions" and link.target in named:
            continue  # said already, and more exactly
        named.add(f"#{link.target}" if link.relation == "pull" else link.target)
        found.setdefault(link[:3], link)
    trailers = tuple(read_trailers(message)) if ":" in body else ()
    return Features(subject_id(subject), tuple(found.values()), trailers)


def _links(subject: str, body: str, *, merge: bool, slug: str) -> Iterator[Link]:
    whole = f"{subject}\n{body}"
    reverts = list(_reverts(subject, body))
    yield from reverts
    pulls = list(_pulls(subject, body))
    yield from pulls
    yield from _changes(body)
    if not reverts:
        for kind, target in done_again(whole):
            yield Link("reapplies", kind, target, "again_words", 0.85)
        yield from _reviews(body, {x.target for x in pulls})
        silent = merge and not pulls
        yield from _claims(subject, whole, silent=silent, slug=slug)


def _changes(body: str) -> Iterator[Link]:
    """Commits it was picked from or repairs, and its own change id."""
    if "icked from" in body or "ported from" in body or "pstream" in body:
        for match in _PICKED.finditer(body):
            yield Link("cherry_pick_of", "commit", _first(match).lower(), "pick_mark", 0.99)
    if "ixes:" in body:
        for match in _FIXES_COMMIT.finditer(body):
            if any(c.isalpha() for c in match[1]) or len(match[1]) >= 10:
                yield Link("fixes_commit", "commit", match[1].lower(), "fixes_trailer", 0.95)
    if "hange-" in body:
        for match in _CHANGE_ID.finditer(body):
            yield Link("change", "change", match[1], "change_id", 0.99)


def _reviews(body: str, own: set[str]) -> Iterator[Link]:
    """Other reviews it names."""
    for match in _REVIEW.finditer(body):
        if match[1] not in own:
            yield Link("names", "pull", match[1], "review_mention", 0.9)


def _claims(subject: str, whole: str, *, silent: bool, slug: str) -> Iterator[Link]:
    """What the message says is done, and the tickets it names besides."""
    partial = _holds(subject.lower(), _PARTS) and _PART.search(subject) is not None
    relation = "mentions" if silent else "part_of" if partial else "closes"
    keyed = _KEY_END.search(whole) is not None
    numbered = "#" in whole or keyed
    for target, how, confidence, kind in _closed(whole, slug, named=numbered or "://" in whole):
        as_said = kind if kind != "closes" else relation
        yield Link(as_said, "issue", target, how, confidence)
    leading = _LEADING_KEY.match(subject) if keyed else None
    if leading and leading[1].split("-")[0] not in _NOT_TRACKERS:
        verb = _FIX_VERB.search(subject, leading.end() - 1)
        said = relation if verb else "part_of" if partial else "mentions"
        yield Link(said, "issue", leading[1], "tracker_key_and_fix_verb", 0.9)
    if _CONVENTIONAL.match(subject) and not silent:
        yield Link("part_of" if partial else "fixes", "none", "", "conventional_fix", 0.9)
    for target in _mentioned(whole, slug, keyed=keyed) if numbered else ():
        yield Link("mentions", "issue", target, "mention", 0.9)
    for line in _BUG_LINE.finditer(whole) if "BUG" in whole else ():
        for match in _BUGANIZER.finditer(line[1]):
            yield Link("mentions", "issue", f"b:{match[1]}", "bug_line", 0.9)
    if branch := _BRANCH_TICKET.match(subject):
        yield Link("mentions", "issue", f"#{branch[1]}", "branch_name", 0.8)


def _mentioned(whole: str, slug: str, *, keyed: bool) -> Iterator[str]:
    """Every ticket a message names; web addresses count only behind a closing keyword."""
    for match in _NUMBER.finditer(whole):
        before = whole[max(0, match.start() - 141) : match.start()]
        found = _OWNER_BACKWARDS.match(before[::-1])
        owner = found[0][::-1] if found else slug
        yield f"#{match[1]}" if owner.lower() == slug.lower() else f"{owner}#{match[1]}"
    for match in _TRACKER.finditer(whole) if keyed else ():
        if match[1].split("-")[0] not in _NOT_TRACKERS:
            yield match[1]


def _closed(whole: str, slug: str, *, named: bool) -> Iterator[tuple[str, str, float, str]]:
    """Tickets behind a closing keyword: target, how, confidence, relation."""
    read = 0
    for verb in _VERB.finditer(whole) if named else ():
        match = _CLOSING.match(whole, verb.start())
        if match is None or match.start() < read or match.group().count("\n") > 1:
            continue  # read with the one before, or not one sentence
        line_start = whole.rfind("\n", 0, match.start()) + 1
        before = whole[max(line_start, match.start() - 40) : match.start()]
        if whole[line_start : line_start + 10].lstrip()[:1] in {">", "|"}:
            continue
        doubt = _DOUBT.search(before)
        relation = "closes" if doubt is None else "part_of" if doubt["part"] else "mentions"
        for ticket in _chain(match, _MORE, whole):
            read = ticket.end()
            if whole[ticket.end() : ticket.end() + 6] == " from ":  # a request, see `_pulls`
                break
            if target := _target(ticket, slug):
                yield target, "closing_keyword", 0.95, relation
    if _holds(whole.lower(), _BUG_WORDS):
        for bug in _BUG_TRAILER.finditer(whole):
            key = bug["key"].lower()
            relation = (
                "part_of" if "partial" in key else "mentions" if "related" in key else "closes"
            )
            yield f"#{bug['number']}", "bug_trailer", 0.97, relation


def _target(match: re.Match[str], slug: str) -> str:
    if match["key"]:
        return match["key"] if match["key"].split("-")[0] not in _NOT_TRACKERS else ""
    if match["slug"] and match["slug"].lower() != slug.lower():
        return f"{match['slug']}#{match['number']}"
    number = match["number"] or match["gh"] or match["url"] or match["bug"]
    return number if "-" in number else f"#{number}"


def _pulls(subject: str, body: str) -> Iterator[Link]:
    if match := _MERGED_PULL.match(subject):
        yield Link("pull", "pull", _first(match), "merge_subject", 0.99)
    if match := _SQUASHED.search(subject):
        yield Link("pull", "pull", match[1], "squash_subject", 0.97)
    if match := _SQUASHED_REQUEST.search(subject):
        yield Link("pull", "pull", f"!{match[1]}", "squash_subject", 0.97)
    if "merge request" in body and (match := _MERGE_REQUEST.search(body)):
        yield Link("pull", "pull", f"!{match[1]}", "merge_request_line", 0.99)
    if "loses #" in body and (match := _CLOSED_FROM.search(body)):
        yield Link("pull", "pull", match[1], "closes_from", 0.97)
    if "PR-URL" in body and (match := _PULL_URL.search(body)):
        yield Link("pull", "pull", match[1], "pull_url", 0.99)
    if ("evision:" in body or "eviewed-on" in body) and (match := _REVIEW_URL.search(body)):
        yield Link("pull", "pull", _first(match), "review_url", 0.97)


def _reverts(subject: str, body: str) -> Iterator[Link]:
    reapplied = _REAPPLY.match(_SUFFIX.sub("", subject))
    if reapplied:
        yield Link("reapplies", "subject", subject_id(reapplied[1]), "reapply_subject", 0.9)
    elif take := _TAKE.search(subject):
        rest = _SUFFIX.sub("", subject[take.end() :].lstrip(" :,-")).strip("\"'\u201c\u201d")
        once = f"{subject[: take.start()].rstrip()} {rest}".strip(" :,.-")
        yield Link("reapplies", "subject", subject_id(once), "take_subject", 0.85)
    quoted = _REVERT_SUBJECT.match(_SUFFIX.sub("", subject))
    starts = bool(_REVERT_START.match(subject))
    squash = bool(_SUFFIX.search(subject))
    effect = "ly reverts " in body and not squash and bool(_REVERT_EFFECT.search(body))
    says = starts or effect or "reverts commit" in body.lower() or "reverts C" in body
    if not says:
        return
    part = bool(_REVERT_PART.search(subject) or _REVERT_PART.search(body[:2000]))
    # Deep in a body it is about one commit of a squashed request, not about the request.
    whole = starts or effect or bool(_REVERT_BODY.match(body))
    relation = "reverts" if whole and not part else "reverts_part"
    if quoted:
        inner = _REVERT_SUBJECT.match(quoted[1].replace('\\"', '"'))
        if inner:
            yield Link("reapplies", "subject", subject_id(inner[1]), "revert_of_revert", 0.95)
        yield Link(relation, "subject", subject_id(quoted[1]), "revert_subject", 0.85)
    text = f"{subject}\n{body}"
    for match in _REVERT_SHA.finditer(text):
        for sha in _chain(match, _MORE_SHAS, text):
            yield Link(relation, "commit", sha[1].lower(), "revert_line", 0.98)
    for match in _REVERT_PULL.finditer(text):
        yield Link(relation, "pull", match[1], "revert_pull", 0.9)


def _chain(first: re.Match[str], more: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """A match and those that follow it directly: `fixes #1, #2 and #3`."""
    match: re.Match[str] | None = first
    while match:
        yield match
        match = more.match(text, match.end())


def _holds(text: str, words: tuple[str, ...]) -> bool:
    for word in words:  # noqa: SIM110 - asked of every commit, and `any` takes three times as long
        if word in text:
            return True
    return False


def _first(match: re.Match[str]) -> str:
    return next(g for g in match.groups() if g)
