"""Records of decisions in a repository: ADRs (MADR, Nygard), and proposals with headers (PEPs, RFCs)."""

from __future__ import annotations

import posixpath
import re
from functools import partial
from typing import TYPE_CHECKING

from trueup.facts.reports import moment
from trueup.facts.rows import OddRecordError, text_features
from trueup.facts.spoken import mentions, people_of, place_of
from trueup.facts.texts.document import TEMPLATE, date_of, fields, first, headings, lines_of, read
from trueup.facts.texts.message import Link, subject_id
from trueup.kernel.sources import SENSITIVE, Form, RecordKind, Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

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
_NAME_NUMBER = re.compile(r"(?:[a-z]{2,10}[-_])?(\d{1,7})(?:[-_.]|$)", re.IGNORECASE)
_TITLE_NUMBER = re.compile(r"^(?:(?:ADR|PEP|RFC|KEP)[- ]?)?\d{1,7}[.:)\]]?[ \t-]+", re.IGNORECASE)
_LINKED = re.compile(r"\]\(([^)\s#]{1,300})")
_NUMBERED = re.compile(r"\b(?:ADR|PEP|RFC|KEP)?[-# ]{0,2}(\d{1,7})\b", re.IGNORECASE)
#: Other decisions look like tickets of a tracker.
_DECISION = re.compile(r"(?:ADR|KEP|RFC|PEP)-\d+")
#: Where a line or a part of it begins: further on it may be said of others, or that it is not so.
_AT = (
    r"(?:^[^A-Za-z\n]{0,12}|[^\w\s'\N{RIGHT SINGLE QUOTATION MARK}]\s{0,3})"
    r"(?:(?:this|it)(?: (?:adr|decision|document|proposal|record))? )?(?:(?:is|was|has been) )?"
)
_SUPERSEDED = re.compile(
    _AT + r"(?P<word>(?:supersed|superced|replac|obsolet)ed) by\b", re.IGNORECASE | re.MULTILINE
)
_SUPERSEDES = re.compile(
    _AT + r"(?:supersed|superced|replac|obsolet)es\b", re.IGNORECASE | re.MULTILINE
)
_BY = ("supersededby", "supercededby", "replacedby", "obsoletedby")
_OVER = ("supersedes", "replaces", "obsoletes")
_PEOPLE = ("deciders", "decisionmakers", "decider", "author", "authors")
_DATES = ("date", "created", "startdate", "creationdate", "decided")
_PARTS = {
    "context": re.compile(r"context|problem|motivation|background|rationale|abstract|forces", re.IGNORECASE),
    "options": re.compile(r"option|alternative|rejected ideas|pros and cons", re.IGNORECASE),
    "consequences": re.compile(r"consequence|drawback|implication|backwards? compat|impact|risks", re.IGNORECASE),
}  # fmt: skip


def _begins(head: bytes) -> bool:
    """Whether it tells a status, has the headers of a proposal or the parts of a record; templates are none."""
    lines = lines_of(head.decode("utf-8", "replace"))
    told = fields(lines)
    heads = [words.strip(" :").lower() for _, _, words in headings(lines)]
    unfilled = told.get("startdate", "").startswith("(fill")
    if unfilled or TEMPLATE.search(told.get("status", "")) or "".join(heads)[:1] in {*"{[<"}:
        return False
    parts = heads[0:1] and any(h.startswith("context") for h in heads[1:])
    decided = any(h.startswith(("decision", "considered options")) for h in heads[1:])
    return (
        bool(_WORDS.match(told.get("status", "")))
        or ("startdate" in told and bool(told.keys() & {"featurename", "rfcpr"}))
        or bool(parts and decided)
    )


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
    repo = place_of(to)
    happened_at = moment(to, date_of(first(told, _DATES)))[0]
    to.add(
        "decisions",
        happened_at=happened_at,
        repo=repo,
        decision=own,
        number=number,
        form="proposal" if {"pep", "startdate", "author", "authors"} & told.keys() else "record",
        status=meant,
        status_original=original,
        deciders=people_of(first(told, _PEOPLE), to),
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
        return "superseded", replaced["word"]
    found = _WORDS.match(status)
    if not found:
        return "", ""
    two, one = found[1].lower(), found[1].partition(" ")[0]
    if two in _STATUS:
        return _STATUS[two], found[1]
    return to.meaning("decisions.status", one, _STATUS), one


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
        form=Form(
            (".md", ".markdown", ".rst", ".txt"), _begins, partial(read, "decision"), FOLDERS
        ),
    ),
)

SOURCE = Source(
    name="decisions",
    version=1,
    title="Records of decisions (ADR, PEP, RFC)",
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
