"""Audits: draw claims, write sheets that hide our verdict, take answers, say what they show."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from trueup.claims.audit import STRATA, Answer, Drawn, allocate, conclude, draw
from trueup.claims.model import Verdict
from trueup.facts.cells import whole
from trueup.facts.rows import OddRecordError
from trueup.facts.store import Store
from trueup.kernel.errors import NothingCollectedError, SheetError, StateError, UsageError
from trueup.publish.audit import audit_told, with_audit
from trueup.publish.document import Audience, Gap
from trueup.runs.books import state_of
from trueup.runs.results import Results
from trueup.state.audits import Audit, DrawnClaim, add_answers, add_audit, find_audit
from trueup.transport.documents import Found
from trueup.transport.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.claims.audit import Audited
    from trueup.claims.model import Claim, Judged
    from trueup.publish.document import Published
    from trueup.publish.figure import Audit as AuditTold
    from trueup.runs.scan import Session
    from trueup.state.base import State

COLUMNS = (
    "audit", "rater", "number", "answer", "claim", "repository", "kind", "reported", "request",
    "tickets", "commits",
)  # fmt: skip
RATERS = (1, 2)
#: What people write for an answer.
WORDS = {
    "done": Answer.DONE,
    "yes": Answer.DONE,
    "y": Answer.DONE,
    "not done": Answer.NOT_DONE,
    "no": Answer.NOT_DONE,
    "n": Answer.NOT_DONE,
    "cannot tell": Answer.CANNOT_TELL,
    "?": Answer.CANNOT_TELL,
}
#: No audit and no item has a larger number.
MOST = 10**9

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One drawn claim, for who judges it in a terminal."""

    number: int
    claim: str
    subject: str
    where: str


@dataclass(frozen=True, slots=True)
class Sample:
    """An audit that was drawn: its number, its sheets, and how many claims of each verdict."""

    number: int
    sheets: tuple[Path, ...]
    seed: int
    sizes: dict[str, int]
    drawn: dict[str, int]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a sheet told: how many answers, how many of them new, and how many taken back."""

    audit: int
    rater: int
    known: int
    new: int
    withdrawn: int


def draw_audit(session: Session, folder: Path, size: int, seed: int | None) -> Sample:
    """Draw claims of the newest scan and write a sheet for each of two raters.

    Raises:
        NothingCollectedError: there was no scan yet.
        UsageError: the sample is too small to hold every verdict, or there is nothing to judge.
        StateError, SheetError: it cannot be kept or written; then neither is.
    """
    pairs = _claims(session.workspace)
    seed = random.SystemRandom().randrange(1 << 31) if seed is None else seed
    sizes: dict[Verdict, int] = {v: sum(j.verdict is v for _, j in pairs) for v in STRATA}
    if not any(sizes.values()):
        remedy = "Come back when what was reported is 30 days old."
        raise UsageError("there is nothing to judge yet", remedy=remedy)
    try:
        sample = draw(pairs, size, seed)
    except ValueError as error:
        raise UsageError(str(error), remedy="Draw more with --size.") from error
    known = {claim.id: claim for claim, _ in pairs}
    claims = [_drawn(known[d.claim], d.verdict) for d in sample]
    sheets: list[Path] = []

    def write(number: int) -> None:
        try:
            for rater in RATERS:
                sheets.append(_write_sheet(folder, number, rater, claims))  # noqa: PERF401 - one by one
        except BaseException:
            for sheet in sheets:
                sheet.unlink(missing_ok=True)
            raise

    told = {v.value: n for v, n in sizes.items() if n}
    state = open_state(session)
    number = add_audit(state, seed, Results(session.workspace).claims_key(), told, claims, write)
    drawn = {v.value: n for v, n in allocate(sizes, size).items()}
    return Sample(number, tuple(sheets), seed, told, drawn)


def take_sheet(session: Session, sheet: Path) -> Answered:
    """Keep the answers of a sheet, all or none; what it leaves empty of this rater's is taken back.

    Raises:
        SheetError: it is no sheet of an audit of this workspace, or an answer is none.
        StateError: they cannot be kept.
    """
    rows = _read_sheet(sheet)
    number, rater = _one(rows, "audit", sheet), _one(rows, "rater", sheet)
    state = open_state(session)
    audit = find_audit(state, number)
    if audit is None or rater not in RATERS:
        raise SheetError.strange(
            str(sheet), f"there is no audit {number} with a rater {rater} here"
        )
    answers: dict[int, str] = {}
    for line, row in enumerate(rows, 2):
        item = _number(row, "number")
        if not 1 <= item <= len(audit.claims) or row.get("claim") != audit.claims[item - 1].claim:
            raise SheetError.strange(str(sheet), f"line {line} names another claim than was drawn")
        if item in answers:
            raise SheetError.strange(str(sheet), f"line {line} stands for a claim a second time")
        told = " ".join(str(row.get("answer") or "").lower().replace("_", " ").split())
        if told and told not in WORDS:
            raise SheetError.odd(str(sheet), line)
        answers[item] = WORDS[told].value if told else ""
    withdrawn = sum(not answers.get(n, "-") for n in audit.answers.get(rater, {}))
    new = add_answers(state, number, rater, answers)
    known = sum(map(bool, answers.values()))
    return Answered(number, rater, known, new - withdrawn, withdrawn)


def open_items(session: Session, number: int, rater: int) -> tuple[int, list[Item]]:
    """The number of the audit, and its items that this rater has not answered, in order.

    Raises:
        UsageError: there is no such audit.
    """
    from trueup.runs.subjects import read_subjects

    audit = _chosen(session, number)
    answered = audit.answers.get(rater, {})
    left = [(n, c) for n, c in enumerate(audit.claims, 1) if n not in answered]
    wanted = [(c.repository, sha) for _, c in left for sha in c.commits.split()[:1]]
    subjects = read_subjects(Store(session.workspace).snapshot(), wanted)
    return audit.number, [
        Item(
            n,
            c.claim,
            next((subjects[s] for s in c.commits.split() if s in subjects), ""),
            _where(c),
        )
        for n, c in left
    ]


def answer_one(session: Session, audit: int, rater: int, number: int, told: str) -> None:
    """Keep one answer at once.

    Raises:
        StateError: it cannot be kept.
    """
    add_answers(open_state(session), audit, rater, {number: WORDS[told].value})


def published_audit(session: Session, number: int = 0) -> AuditTold:
    """What the answers to an audit say.

    Raises:
        UsageError: there is no such audit.
        StateError: it cannot be read.
    """
    return _published(session, _chosen(session, number), Audience.TEAM)


def with_last_audit(session: Session, published: Published) -> Published:
    """A result with the last audit that says something, or else the last one; where one was drawn."""
    try:
        audit = _last(session, published.audience)
    except StateError as error:
        cost = "What people answered in audits is not shown; all else is as it was."
        told = Gap(error.slug, "", str(error.what), cost, error.remedy)
        return replace(published, gaps=(*published.gaps, told))
    return with_audit(published, audit, session.clock())


def open_state(session: Session) -> State:
    """The state of a workspace, wherever the environment says it lies."""
    return state_of(session.workspace, session.clock)


def _last(session: Session, audience: Audience) -> AuditTold | None:
    state = open_state(session)
    newest = find_audit(state)
    if newest is None:
        return None
    last = _published(session, newest, audience)
    for number in range(newest.number, 0, -1):
        audit = find_audit(state, number)
        found = _published(session, audit, audience) if audit else last
        if found.share.value is not None:
            under_way = f" Audit {last.number} is under way." if found.number != last.number else ""
            return replace(found, text=found.text + under_way)
    return last


def _published(session: Session, audit: Audit, audience: Audience) -> AuditTold:
    try:
        current = audit.result == Results(session.workspace).claims_key()
    except FileNotFoundError:
        current = False
    return audit_told(audit, _concluded(audit), current=current, audience=audience)


def _chosen(session: Session, number: int) -> Audit:
    found = find_audit(open_state(session), number)
    if found is None:
        told = f"there is no audit {number}" if number else "no audit was drawn yet"
        raise UsageError(told, remedy="Draw one: trueup audit draw.")
    return found


def _concluded(audit: Audit) -> Audited:
    sample = [Drawn(c.claim, Verdict(c.verdict)) for c in audit.claims]
    told = {
        str(rater): {sample[n - 1].claim: Answer(a) for n, a in given.items()}
        for rater, given in audit.answers.items()
    }
    return conclude(sample, {Verdict(v): n for v, n in audit.sizes.items()}, told)


def _claims(workspace: Path) -> list[tuple[Claim, Judged]]:
    try:
        return Results(workspace).load_claims()
    except FileNotFoundError as error:
        if Store(workspace).snapshot().records:
            raise UsageError("no result is kept here", remedy="Run trueup scan again.") from error
        raise NothingCollectedError.here(str(workspace)) from error


def _drawn(claim: Claim, verdict: Verdict) -> DrawnClaim:
    """Everything one needs to look it up; no text of anybody."""
    return DrawnClaim(
        claim=claim.id,
        verdict=verdict.value,
        repository=claim.repo,
        kind=claim.kind.value,
        reported=f"{claim.claimed_at:%Y-%m-%d}",
        request=claim.pull,
        tickets=" ".join(claim.tickets),
        commits=" ".join(claim.shas[:5]),
    )


def _where(claim: DrawnClaim) -> str:
    """Where to look: the repository, the day, the request, the tickets and the commits."""
    named = [claim.repository, claim.reported, *claim.tickets.split()]
    named += [f"request {claim.request}"] if claim.request else []
    return " · ".join([*named, *(sha[:12] for sha in claim.commits.split())])


def _sheet(folder: Path, audit: int, rater: int) -> Path:
    return folder / f"audit-{audit}-rater-{rater}.csv"


def _write_sheet(folder: Path, audit: int, rater: int, claims: list[DrawnClaim]) -> Path:
    """The claims without our verdict, in the order in which they are judged."""
    path = _sheet(folder, audit, rater)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for number, claim in enumerate(claims, 1):
        row = {"audit": audit, "rater": rater, "number": number, "answer": ""} | asdict(claim)
        row["commits"] = " ".join(sha[:12] for sha in claim.commits.split())
        writer.writerow({name: _plain(cell) for name, cell in row.items()})
    try:
        with path.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text.getvalue())
    except OSError as error:
        raise SheetError.unwritable(str(path), error.strerror or str(error)) from error
    return path


def _plain(cell: object) -> object:
    """No cell that a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@"} else cell


def _read_sheet(sheet: Path) -> list[Row]:
    if not sheet.is_file():
        raise SheetError.missing(str(sheet))
    try:
        with sheet.open("rb") as stream:
            found = list(read_table(stream, Found(sheet.name, sheet.stem)))
    except OSError as error:
        raise SheetError.unreadable(str(sheet), error.strerror or str(error)) from error
    for one in found:
        if one.problem:
            raise SheetError.unreadable(str(sheet), one.problem)
    rows = [
        {str(k).strip().lower(): v for k, v in one.record.items()} for one in found if one.record
    ]
    if not rows or not {"audit", "rater", "number", "answer", "claim"} <= set(rows[0]):
        raise SheetError.strange(str(sheet), "its columns are not those of a sheet")
    return rows


def _one(rows: list[Row], column: str, sheet: Path) -> int:
    """The number that stands in every row of a column."""
    found = {_number(row, column) for row in rows}
    if len(found) != 1 or 0 in found:
        raise SheetError.strange(str(sheet), f"its column {column} does not hold one number")
    return found.pop()


def _number(row: Row, column: str) -> int:
    """The number in a cell; 0 where it holds none."""
    try:
        found = whole(row, column) or 0
    except OddRecordError:
        return 0
    return found if found < MOST else 0
