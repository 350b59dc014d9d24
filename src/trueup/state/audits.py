"""Audits: what was drawn, and what people answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trueup.state.tables import AUDIT_ANSWERS, AUDIT_CLAIMS, AUDIT_STRATA, AUDITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trueup.state.base import State


@dataclass(frozen=True, slots=True)
class DrawnClaim:
    """A claim of an audit, as its sheets tell it, with the verdict it had when it was drawn."""

    claim: str
    verdict: str
    repository: str
    kind: str
    reported: str
    request: str
    tickets: str
    commits: str


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit as it was drawn, and what was answered since.

    Attributes:
        number: of the audit in its workspace, from 1.
        result: key of the result the claims are of: of facts, policy, teams and version.
        sizes: claims of each verdict there were.
        claims: those that were drawn, in the order in which they are judged.
        answers: the last answer of each rater to each claim, by rater and number of the claim, from 1.
    """

    number: int
    drawn_at: str
    seed: int
    result: str
    sizes: dict[str, int]
    claims: tuple[DrawnClaim, ...]
    answers: dict[int, dict[int, str]]


def add_audit(
    state: State,
    seed: int,
    result: str,
    sizes: Mapping[str, int],
    claims: Sequence[DrawnClaim],
    written: Callable[[int], None] = lambda _: None,
) -> int:
    """Keep what was drawn, and give it the next number.

    Args:
        state: where.
        seed: of the sample.
        result: key of the result the claims are of.
        sizes: claims of each verdict there were.
        claims: those that were drawn, in order.
        written: called with the number; where it fails, nothing is kept.

    Raises:
        StateError: it cannot be written.
    """
    workspace = state.workspace
    last = sa.select(sa.func.max(AUDITS.c.number)).where(AUDITS.c.workspace == workspace)
    with state.begin() as connection:
        number = (connection.scalar(last) or 0) + 1
        values = {"workspace": workspace, "number": number, "drawn_at": state.now}
        added = connection.execute(
            sa.insert(AUDITS).values(**values, seed=seed, result=result).returning(AUDITS.c.id)
        )
        audit = {"audit": added.scalar_one()}
        strata = [audit | {"verdict": v, "size": n} for v, n in sizes.items()]
        connection.execute(sa.insert(AUDIT_STRATA), strata)
        rows = [audit | {"number": n} | asdict(claim) for n, claim in enumerate(claims, 1)]
        connection.execute(sa.insert(AUDIT_CLAIMS), rows)
        written(number)
    return int(number)


def find_audit(state: State, number: int = 0) -> Audit | None:
    """The audit of that number, or the last one, with its answers; nothing where there is none.

    Raises:
        StateError: it cannot be read.
    """
    if not state.there:
        return None
    chosen = sa.select(AUDITS).where(AUDITS.c.workspace == state.workspace)
    chosen = chosen.where(AUDITS.c.number == number) if number else chosen
    with state.begin(reads=True) as connection:
        row = connection.execute(chosen.order_by(AUDITS.c.number.desc()).limit(1)).first()
        if row is None:
            return None
        strata = sa.select(AUDIT_STRATA).where(AUDIT_STRATA.c.audit == row.id)
        names = [AUDIT_CLAIMS.c[name] for name in DrawnClaim.__dataclass_fields__]
        claims = sa.select(*names).where(AUDIT_CLAIMS.c.audit == row.id)
        return Audit(
            row.number,
            row.drawn_at,
            row.seed,
            row.result,
            {s.verdict: s.size for s in connection.execute(strata)},
            tuple(
                DrawnClaim(*c) for c in connection.execute(claims.order_by(AUDIT_CLAIMS.c.number))
            ),
            _last_answers(connection, row.id),
        )


def add_answers(state: State, number: int, rater: int, answers: Mapping[int, str]) -> int:
    """Keep answers by number of the claim, and say how many are new or other than before.

    An empty one takes an earlier one back. The earlier one stays where it is.

    Raises:
        StateError: they cannot be written, or there is no such audit or claim.
    """
    chosen = sa.select(AUDITS.c.id).where(
        AUDITS.c.workspace == state.workspace, AUDITS.c.number == number
    )
    with state.begin() as connection:
        audit = connection.scalar(chosen)
        known = _last_answers(connection, audit).get(rater, {})
        fresh = {n: a for n, a in answers.items() if known.get(n, "") != a}
        same = {"audit": audit, "rater": rater, "answered_at": state.now}
        rows = [same | {"number": n, "answer": a} for n, a in sorted(fresh.items())]
        if rows:
            connection.execute(sa.insert(AUDIT_ANSWERS), rows)
    return len(rows)


def _last_answers(connection: sa.Connection, audit: int | None) -> dict[int, dict[int, str]]:
    told = sa.select(AUDIT_ANSWERS).where(AUDIT_ANSWERS.c.audit == audit)
    found: dict[int, dict[int, str]] = {}
    for row in connection.execute(told.order_by(AUDIT_ANSWERS.c.id)):
        found.setdefault(row.rater, {})[row.number] = row.answer
    return {rater: {n: a for n, a in given.items() if a} for rater, given in found.items()}
