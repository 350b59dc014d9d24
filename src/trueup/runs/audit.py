"""Audits: draw claims, write sheets that hide our verdict, take answers, say what they show."""

from __future__ import annotations

import csv
import io
import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.claims.audit import STRATA, Answer, Drawn, allocate, conclude, draw
from trueup.claims.model import Verdict
from trueup.facts.store import Store
from trueup.kernel.errors import NothingCollectedError, SheetError, UsageError
from trueup.publish.audit import audit_told, with_audit
from trueup.runs.results import Results
from trueup.state.audits import Audit, add_answers, add_audit, answers_of, find_audit
from trueup.state.base import VARIABLE, State
from trueup.transport.documents import Found
from trueup.transport.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.claims.audit import Audited
    from trueup.claims.model import Claim, Judged
    from trueup.kernel.clock import Clock
    from trueup.publish.document import Published
    from trueup.publish.figure import Audit as AuditTold
    from trueup.runs.scan import Session

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


def open_state(workspace: Path, clock: Clock) -> State:
    """The state of a workspace, wherever the environment says it lies."""
    return State(workspace, clock, os.environ.get(VARIABLE, "").strip())


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


def draw_audit(session: Session, folder: Path, size: int, seed: int | None) -> Sample:
    """Draw claims of the newest scan and write a sheet for each of two raters.

    Raises:
        NothingCollectedError: there was no scan yet.
        UsageError: the sample is too small to hold every verdict, or there is nothing to judge.
        StateError: it cannot be kept.
    """
    pairs = _claims(session.workspace)
    seed = random.SystemRandom().randrange(1 << 31) if seed is None else seed
    sizes: dict[Verdict, int] = {v: sum(j.verdict is v for _, j in pairs) for v in STRATA}
    if not any(sizes.values()):
        raise UsageError(
            "there is nothing to judge yet", remedy="Come back when claims are 30 days old."
        )
    try:
        sample = draw(pairs, size, seed)
    except ValueError as error:
        raise UsageError(str(error), remedy="Draw more with --size.") from error
    told = {v.value: n for v, n in sizes.items() if n}
    key = Results(session.workspace).claims_key()
    state = open_state(session.workspace, session.clock)
    number = add_audit(state, seed, key, told, [(d.claim, d.verdict.value) for d in sample])
    known = {claim.id: claim for claim, _ in pairs}
    sheets = tuple(
        _write_sheet(folder, number, rater, [known[d.claim] for d in sample]) for rater in RATERS
    )
    drawn = {v.value: n for v, n in allocate(sizes, size).items()}
    return Sample(number, sheets, seed, told, drawn)


def take_sheet(session: Session, sheet: Path) -> tuple[int, int, int, int]:
    """Keep the answers of a sheet, all or none; audit, rater, how many are new, how many there are.

    Raises:
        SheetError: it is no sheet of an audit of this workspace, or an answer is none.
        StateError: they cannot be kept.
    """
    rows = _read_sheet(sheet)
    number, rater = _one(rows, "audit", sheet), _one(rows, "rater", sheet)
    state = open_state(session.workspace, session.clock)
    audit = find_audit(state, number)
    if audit is None or rater not in RATERS:
        raise SheetError.strange(
            str(sheet), f"there is no audit {number} with a rater {rater} here"
        )
    answers = {}
    for line, row in enumerate(rows, 2):
        told = " ".join(str(row.get("answer") or "").lower().replace("_", " ").split())
        item = _number(row.get("number"))
        if not 1 <= item <= len(audit.claims) or row.get("claim") != audit.claims[item - 1][0]:
            raise SheetError.strange(str(sheet), f"line {line} names another claim than was drawn")
        if told and told not in WORDS:
            raise SheetError.odd(str(sheet), line)
        if told:
            answers[item] = WORDS[told].value
    new = add_answers(state, number, rater, answers)
    return number, rater, new, len(answers)


def open_items(session: Session, number: int, rater: int) -> tuple[int, list[Item]]:
    """The number of the audit, and its items that this rater has not answered, in order.

    Raises:
        UsageError: there is no such audit.
    """
    from trueup.runs.subjects import read_subjects

    audit, answers = _drawn(session, number)
    known = {claim.id: claim for claim, _ in _claims(session.workspace)}
    left = [
        (n, known[claim])
        for n, (claim, _) in enumerate(audit.claims, 1)
        if n not in answers.get(rater, {}) and claim in known
    ]
    snapshot = Store(session.workspace).snapshot()
    subjects = read_subjects(snapshot, [(c.repo, s) for _, c in left for s in c.shas[:1]])
    return audit.number, [
        Item(n, c.id, next((subjects[s] for s in c.shas if s in subjects), ""), _where(c))
        for n, c in left
    ]


def _where(claim: Claim) -> str:
    """Where to look: the repository, the day, the request, the tickets and the commits."""
    named = [claim.repo, f"{claim.claimed_at:%Y-%m-%d}", *claim.tickets]
    named += [f"request {claim.pull}"] if claim.pull else []
    return " · ".join([*named, *(sha[:12] for sha in claim.shas[:5])])


def answer_one(session: Session, audit: int, rater: int, number: int, told: str) -> None:
    """Keep one answer at once.

    Raises:
        StateError: it cannot be kept.
    """
    state = open_state(session.workspace, session.clock)
    add_answers(state, audit, rater, {number: WORDS[told].value})


def published_audit(session: Session, number: int = 0) -> AuditTold:
    """What the answers to an audit say.

    Raises:
        UsageError: there is no such audit.
        StateError: it cannot be read.
    """
    audit, answers = _drawn(session, number)
    found = _concluded(audit, answers)
    return audit_told(audit.number, audit.drawn_at, audit.seed, len(audit.claims), found)


def with_last_audit(session: Session, published: Published) -> Published:
    """A result with what its last audit says, where one was drawn."""
    drawn = _found(session)
    audit = published_audit(session, drawn[0].number) if drawn else None
    return with_audit(published, audit, session.clock())


def _drawn(session: Session, number: int) -> tuple[Audit, dict[int, dict[int, str]]]:
    found = _found(session, number)
    if found is None:
        told = f"there is no audit {number}" if number else "no audit was drawn yet"
        raise UsageError(told, remedy="Draw one: trueup audit draw.")
    return found


def _found(session: Session, number: int = 0) -> tuple[Audit, dict[int, dict[int, str]]] | None:
    state = open_state(session.workspace, session.clock)
    found = find_audit(state, number)
    answers = answers_of(state, found.number) if found else {}
    return (found, answers) if found else None


def _concluded(audit: Audit, answers: dict[int, dict[int, str]]) -> Audited:
    sample = [Drawn(claim, Verdict(verdict)) for claim, verdict in audit.claims]
    told = {
        str(rater): {sample[n - 1].claim: Answer(a) for n, a in given.items()}
        for rater, given in answers.items()
    }
    return conclude(sample, {Verdict(v): n for v, n in audit.sizes.items()}, told)


def _claims(workspace: Path) -> list[tuple[Claim, Judged]]:
    try:
        return Results(workspace).load_claims()
    except FileNotFoundError as error:
        raise NothingCollectedError.at(str(workspace)) from error


def _write_sheet(folder: Path, audit: int, rater: int, claims: list[Claim]) -> Path:
    """Everything one needs to look it up; no verdict of ours, and no text of anybody."""
    path = folder / f"audit-{audit}-rater-{rater}.csv"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for number, claim in enumerate(claims, 1):
        commits = " ".join(sha[:12] for sha in claim.shas[:5])
        told = (claim.repo, claim.kind.value, f"{claim.claimed_at:%Y-%m-%d}", claim.pull)
        row = [audit, rater, number, "", claim.id, *told, " ".join(claim.tickets), commits]
        writer.writerow([_plain(cell) for cell in row])
    try:
        with path.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text.getvalue())
    except OSError as error:
        raise SheetError.unwritable(str(path), error.strerror or str(error)) from error
    return path


def _plain(cell: object) -> object:
    """No cell that a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@"} else cell


def _read_sheet(sheet: Path) -> list[dict[str, object]]:
    try:
        with sheet.open("rb") as stream:
            found = list(read_table(stream, Found(sheet.name, sheet.stem)))
    except OSError as error:
        raise SheetError.unreadable(str(sheet), error.strerror or str(error)) from error
    for one in found:
        if one.problem:
            raise SheetError.unreadable(str(sheet), one.problem)
    rows = [one.record for one in found if one.record is not None]
    if not rows or not {"audit", "rater", "number", "answer", "claim"} <= set(rows[0]):
        raise SheetError.strange(str(sheet), "its columns are not those of a sheet")
    return rows


def _one(rows: list[dict[str, object]], column: str, sheet: Path) -> int:
    """The number that stands in every row of a column."""
    found = {_number(row.get(column)) for row in rows}
    if len(found) != 1:
        raise SheetError.strange(str(sheet), f"it does not say one {column}")
    return found.pop()


def _number(told: object) -> int:
    text = str(told or "").strip()
    return int(text) if text.isdecimal() and len(text) < 9 else 0
