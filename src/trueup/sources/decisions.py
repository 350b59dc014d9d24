"""Records of decisions in a repository: ADRs (MADR, Nygard), and proposals with headers (PEPs, RFCs)."""

from __future__ import annotations

import posixpath
import re
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from trueup.facts.reports import moment
from trueup.facts.rows import OddRecordError, text_features
from trueup.facts.spoken import mentions, place_of
from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.sources import SENSITIVE, Form, RecordKind, Source, names, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.facts.rows import Rows

    Raw = Mapping[str, Any]

#: A longer document is no decision.
LONGEST = 4 << 20
MOST_PEOPLE = 100
#: Nobody needs a longer header.
LONGEST_FIELD = 4_000
#: Folders that say what their files are.
FOLDERS = frozenset(
    "adr adrs decisions decision decision-records decision-log architecture-decisions architecture_decisions rfc rfcs "
    "pep peps enhancements proposals proposal keps kep tips design-decisions".split()
)
_STATUS = {
    "proposed": "proposed", "draft": "proposed", "open": "proposed", "pending": "proposed", "wip": "proposed",
    "in review": "proposed", "under review": "proposed", "in discussion": "proposed", "under discussion": "proposed",
    "provisional": "proposed", "implementable": "accepted", "accepted": "accepted", "approved": "accepted",
    "adopted": "accepted", "decided": "accepted", "agreed": "accepted", "active": "accepted", "final": "accepted",
    "implemented": "accepted", "done": "accepted", "rejected": "rejected", "declined": "rejected",
    "withdrawn": "rejected", "abandoned": "rejected", "cancelled": "rejected", "superseded": "superseded",
    "superceded": "superseded", "replaced": "superseded", "obsolete": "superseded", "obsoleted": "superseded",
    "deprecated": "deprecated", "retired": "deprecated", "deferred": "other", "on hold": "other",
}  # fmt: skip
_WORDS = re.compile(r"[^A-Za-z]{0,12}([A-Za-z][A-Za-z-]{0,29}(?: [A-Za-z]{1,12})?)")
#: `Status: Accepted`, `* **Status**: Accepted`, `:Status: Accepted`, `- Feature Name: x`.
_FIELD = re.compile(
    r"^[ \t]{0,3}(?:[-*+:][ \t]*)?(?:\*\*|__)?([A-Za-z][A-Za-z -]{1,30}?)(?:\*\*|__)?[ \t]*:(?:\*\*|__)?(?:[ \t]+(.*))?$"
)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.{1,300}?)[ \t#]*$")
_LINE = re.compile(r"^([=\-~^*#\"'])\1{2,}[ \t]*$")
_TEMPLATE = re.compile(r"[{\[<].*\|.*[}\]>]|\|.*\|")
_NAME_NUMBER = re.compile(r"(?:[a-z]{2,10}[-_])?(\d{1,7})(?:[-_.]|$)", re.IGNORECASE)
_TITLE_NUMBER = re.compile(r"^(?:(?:ADR|PEP|RFC|KEP)[- ]?)?\d{1,7}[.:)\]]?[ \t-]+", re.IGNORECASE)
_LINKED = re.compile(r"\]\(([^)\s#]{1,300})")
_NUMBERED = re.compile(r"\b(?:ADR|PEP|RFC|KEP)?[-# ]{0,2}(\d{1,7})\b", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[([^\]\n]{1,200})\]\([^)\n]{0,300}\)")
_SPLIT = re.compile(r"[,;\n]|\band\b")
_ADDRESSED = re.compile(r"([^<>]{0,200})<\s*([^<>\s]{1,200}@[^<>\s]{1,200})\s*>")
_AROUND = " \t@\"'*_`-"
#: Other decisions look like tickets of a tracker.
_DECISION = re.compile(r"(?:ADR|KEP|RFC|PEP)-\d+")
_SUPERSEDED = re.compile(r"\b(?:supersed|superced|replac|obsolet)ed by\b", re.IGNORECASE)
_SUPERSEDES = re.compile(r"\b(?:supersed|superced|replac|obsolet)es\b", re.IGNORECASE)
_BY = (
    "superseded-by",
    "superseded by",
    "superceded by",
    "replaced-by",
    "replaced by",
    "obsoleted-by",
)
_OVER = ("supersedes", "replaces", "obsoletes")
_PEOPLE = ("deciders", "decision-makers", "decision makers", "decider", "author", "authors")
_DATES = ("date", "created", "start date", "creation-date", "decided")
_PARTS = {
    "context": re.compile(r"context|problem|motivation|background|rationale|abstract|forces", re.IGNORECASE),
    "options": re.compile(r"option|alternative|rejected ideas|pros and cons", re.IGNORECASE),
    "consequences": re.compile(r"consequence|drawback|implication|backwards? compat|impact|risks", re.IGNORECASE),
}  # fmt: skip
_FORMATS = ("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%Y/%m/%d", "%d.%m.%Y")


def _begins(head: bytes) -> bool:
    """Whether it tells a status, has the headers of a proposal or the parts of a record; templates are none."""
    lines = _lines(head.decode("utf-8", "replace"))
    told = _fields(lines)
    headings = [words.strip(" :").lower() for _, _, words in _headings(lines)]
    unfilled = told.get("start date", "").startswith("(fill")
    if unfilled or _TEMPLATE.search(told.get("status", "")) or "".join(headings)[:1] in {*"{[<"}:
        return False
    parts = headings[0:1] and any(h.startswith("context") for h in headings[1:])
    decided = any(h.startswith(("decision", "considered options")) for h in headings[1:])
    return (
        bool(_WORDS.match(told.get("status", "")))
        or ("start date" in told and bool(told.keys() & {"feature name", "rfc pr"}))
        or bool(parts and decided)
    )


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.lstrip("\ufeff").splitlines()]


def _headings(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Headings: where they stand, where what follows begins, and their words."""
    fenced = False
    first = _after_front_matter(lines)
    for number, line in enumerate(lines[first:], first):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if fenced:
            continue
        if found := _HEADING.match(line):
            yield number, number + 1, found[1]
        elif (
            number and line != "---" and _LINE.match(line) and (above := lines[number - 1].strip())
        ):
            yield number - 1, number + 1, above


def _after_front_matter(lines: list[str]) -> int:
    """Where a document begins that has front matter before it."""
    closed = "---" in lines[1:80] and lines[0] == "---"
    return lines.index("---", 1) + 1 if closed else 0


def _fields(lines: list[str]) -> dict[str, str]:
    """Headers of a document, of the front matter or of lists above its first part, and its status."""
    headings = list(_headings(lines))
    parts = [start for start, _, words in headings if words.lower() != "status"][1:2]
    end = parts[0] if parts else len(lines)
    told: dict[str, str] = {}
    last = ""
    for line in lines[: min(end, 80)]:
        found = _FIELD.match(line)
        if found:
            last = found[1].strip().lower()
            told.setdefault(last, (found[2] or "")[:LONGEST_FIELD].strip().strip("\"'"))
        elif (
            last
            and len(told[last]) < LONGEST_FIELD
            and line[:1] in {" ", "\t", "-"}
            and line.strip(" \t-")
        ):
            told[last] = f"{told[last]}, {line.strip(' -')[:LONGEST_FIELD]}".strip(", ")
        else:
            last = ""
    for number, (_, start, words) in enumerate(headings[:4]):
        # What has a header of that name may well write about statuses further down.
        if words.strip(" :").lower() == "status" and "status" not in told:
            stop = headings[number + 1][0] if number + 1 < len(headings) else len(lines)
            said = [line for line in lines[start : min(stop, start + 20)] if line.strip()]
            told["status"] = "\n".join(said)[:LONGEST_FIELD]
    return told


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """A document is one record.

    Raises:
        ValueError: it is too long to be one.
    """
    body = stream.read(LONGEST + 1)
    if len(body) > LONGEST:
        raise ValueError("it is too long for a decision")
    text = body.decode("utf-8", "replace")
    lines = _lines(text)
    told = _fields(lines)
    headings = [words for _, _, words in _headings(lines)]
    title = told.get("title") or told.get("feature name") or (headings[0] if headings else "")
    yield {"decision": told, "title": title, "headings": headings, "text": text}


def decision(raw: Raw, to: Rows) -> None:
    """A decision, as its document tells it."""
    told, text = raw["decision"], raw["text"]
    folder, name = posixpath.split(str(to.about.get("path") or ""))
    number = _number(told, name)
    stem = name.partition(".")[0].lower()
    if number is None and not stem:
        raise OddRecordError("it has neither a number nor a name")
    own = _called(folder, number, stem, to)
    status = told.get("status") or ""
    meant, original = _meaning(status, to)
    repo, date = place_of(to), next((told[f] for f in _DATES if told.get(f)), "")
    happened_at = moment(to, _date(date))[0]
    to.add(
        "decisions",
        happened_at=happened_at,
        repo=repo,
        decision=own,
        number=number,
        form="proposal" if {"pep", "start date", "author", "authors"} & told.keys() else "record",
        status=meant,
        status_original=original,
        deciders=_deciders(told, to),
        title_id=subject_id(_TITLE_NUMBER.sub("", raw["title"])) if raw["title"] else None,
        text_bytes=text_features(text).bytes,
        **{part: any(p.search(words) for words in raw["headings"]) for part, p in _PARTS.items()},
    )
    for link in (*_replaced(told, status, folder), *mentions(raw["title"], text, repo)):
        if link.target != own and not _DECISION.fullmatch(link.target):
            to.link(repo, ("decision", own), link, happened_at=happened_at)


def _number(told: Raw, name: str) -> int | None:
    """Its number, by its headers, or how the name of its file begins."""
    own = next((told[f] for f in ("pep", "rfc", "adr") if str(told.get(f, "")).isdecimal()), "")
    if not own and (found := _NAME_NUMBER.match(name)):
        own = found[1]
    return int(own) if 0 < len(own) < 8 and own.isascii() else None


def _called(folder: str, number: int | None, stem: str, to: Rows) -> str:
    """Its folder and number; of several with one number only the first is called so."""
    own = _named(folder, number, stem)
    first = to.learned("decision", own)
    if first and first != stem:
        to.remark("decisions with a number that another in the same folder has")
        return _named(folder, None, stem)
    to.learn("decision", own, stem, keep=False)
    return own


def _named(folder: str, number: int | None, stem: str) -> str:
    return posixpath.join(folder, str(number) if number is not None else stem)


def _meaning(status: str, to: Rows) -> tuple[str, str]:
    """What a status means, and its first words: what stands behind them is text."""
    if replaced := _SUPERSEDED.search(status):
        return "superseded", replaced[0].partition(" ")[0]
    found = _WORDS.match(status)
    if not found:
        return "", ""
    two, one = found[1].lower(), found[1].partition(" ")[0]
    if two in _STATUS:
        return _STATUS[two], found[1]
    return to.meaning("decisions.status", one, _STATUS), one


def _date(told: str) -> str:
    """A date as ISO 8601; what cannot be read stays as it is."""
    told = told.partition("(")[0].strip().rstrip(".")
    for form in _FORMATS:
        try:
            return datetime.strptime(told, form).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return told


def _deciders(told: Raw, to: Rows) -> list[str] | None:
    """Who decided, by names and addresses; nothing where nobody is told."""
    listed = _MARKDOWN.sub(r"\1", next((told[f] for f in _PEOPLE if told.get(f)), ""))
    listed = listed.strip("[]")
    if not listed or _TEMPLATE.search(listed) or listed.startswith("{"):
        return None
    found = set()
    for one in _SPLIT.split(listed)[:MOST_PEOPLE]:
        name, address = _person(one)
        if name or address:
            found.add(to.person(place_of(to), name or address, address))
    return sorted(found) or None


def _person(told: str) -> tuple[str, str]:
    """Name and address, as `Ada Quill <ada@example.org>` or either of them."""
    if found := _ADDRESSED.fullmatch(told.strip()):
        return found[1].strip(_AROUND), found[2]
    name = told.strip(_AROUND)
    return ("", name) if "@" in name and " " not in name else (name[:200], "")


def _replaced(told: Raw, status: str, folder: str) -> Iterator[Link]:
    """Which decisions this one replaces, and which replace it."""
    for field in _OVER:
        for target in _targets(told.get(field) or "", folder):
            yield Link("supersedes", "decision", target, "header", 0.97)
    for field in _BY:
        for target in _targets(told.get(field) or "", folder):
            yield Link("superseded_by", "decision", target, "header", 0.97)
    for line in status.splitlines():
        relation = (
            "superseded_by"
            if _SUPERSEDED.search(line)
            else "supersedes"
            if _SUPERSEDES.search(line)
            else ""
        )
        for target in _targets(line, folder) if relation else ():
            yield Link(relation, "decision", target, "status", 0.95)


def _targets(told: str, folder: str) -> list[str]:
    """Decisions that a line names: by where their documents lie, else by their numbers."""
    found = []
    for path in _LINKED.findall(told):
        if "://" not in path:
            where, name = posixpath.split(posixpath.normpath(posixpath.join(folder, path)))
            number = _NAME_NUMBER.match(name)
            found.append(
                _named(where, int(number[1]) if number else None, name.partition(".")[0].lower())
            )
    return found or [_named(folder, int(number), "") for number in _NUMBERED.findall(told)[:20]]


KINDS = (
    RecordKind(
        name="decision_documents",
        writes=("decisions", "item_links"),
        lights="what was decided, by whom, when, what it replaced, and whether other ways were looked at",
        access="the files of the repository",
        marks=names("decision title headings"),
        known=names("decision title headings text"),
        to_facts=decision,
        form=Form((".md", ".markdown", ".rst", ".txt"), _begins, _records, FOLDERS),
    ),
)

SOURCE = Source(
    name="decisions",
    version=1,
    title="Records of decisions (ADR, PEP, RFC)",
    writes=tables_of(KINDS),
    sensitive=SENSITIVE,
    access="the documents as files; nothing is asked over the network",
    limits=(
        "Read are documents (`.md`, `.rst`, `.txt`) that tell a status, have the headers of a Rust RFC, or parts on context and decision, and lie in a "
        f"folder called {', '.join(sorted(FOLDERS))} or up to two below; templates, indexes and other texts are left. "
        "Name the root of the repository, so that decisions are called by their place in it; several repositories each with `--repo`. "
        "Texts and titles are not kept. The date is the one that the document tells, mostly of its last change of status. "
        "The RFCs of Rust, and many short records, tell no status. Deferred and joking proposals are `other`."
    ),
    kinds=KINDS,
)
