"""Audits: what was drawn, and what people answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trueup.state.tables import AUDIT_ANSWERS, AUDIT_CLAIMS, AUDIT_STRATA, AUDITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trueup.state.base import State


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit as it was drawn.

    Attributes:
        number: of the audit, from 1.
        result: key of the result the claims are of: of facts, policy, teams and version.
        sizes: claims of each verdict there were.
        claims: those that were drawn and the verdict of each, in the order in which they are judged.
    """

    number: int
    drawn_at: str
    seed: int
    result: str
    sizes: dict[str, int]
    claims: tuple[tuple[str, str], ...]


def add_audit(
    state: State,
    seed: int,
    key: str,
    sizes: Mapping[str, int],
    claims: Sequence[tuple[str, str]],
) -> int:
    """Keep what was drawn, and give it the next number.

    Args:
        state: where.
        seed: of the sample.
        key: of the result the claims are of.
        sizes: claims of each verdict there were.
        claims: those that were drawn, with their verdicts, in order.

    Raises:
        StateError: it cannot be written.
    """
    with state.begin() as connection:
        last = connection.scalar(sa.select(sa.func.max(AUDITS.c.audit))) or 0
        own = {"audit": last + 1}
        values = {"drawn_at": state.now, "seed": seed, "result": key}
        connection.execute(sa.insert(AUDITS), own | values)
        connection.execute(
            sa.insert(AUDIT_STRATA), [own | {"verdict": v, "size": n} for v, n in sizes.items()]
        )
        connection.execute(
            sa.insert(AUDIT_CLAIMS),
            [
                own | {"number": n, "claim": claim, "verdict": verdict}
                for n, (claim, verdict) in enumerate(claims, 1)
            ],
        )
    return int(last + 1)


def find_audit(state: State, number: int = 0) -> Audit | None:
    """The audit of that number, or the last one; nothing where there is none.

    Raises:
        StateError: it cannot be read.
    """
    if not state.there:
        return None
    chosen = sa.select(AUDITS).order_by(AUDITS.c.audit.desc()).limit(1)
    chosen = chosen.where(AUDITS.c.audit == number) if number else chosen
    with state.begin() as connection:
        row = connection.execute(chosen).first()
        if row is None:
            return None
        strata = sa.select(AUDIT_STRATA).where(AUDIT_STRATA.c.audit == row.audit)
        claims = sa.select(AUDIT_CLAIMS).where(AUDIT_CLAIMS.c.audit == row.audit)
        return Audit(
            row.audit,
            row.drawn_at,
            row.seed,
            row.result,
            {s.verdict: s.size for s in connection.execute(strata)},
            tuple(
                (c.claim, c.verdict)
                for c in connection.execute(claims.order_by(AUDIT_CLAIMS.c.number))
            ),
        )


def add_answers(state: State, audit: int, rater: int, answers: Mapping[int, str]) -> int:
    """Keep answers by number of the claim, and say how many are new or other than before.

    Raises:
        StateError: they cannot be written.
    """
    with state.begin() as connection:
        known = _last_answers(connection, audit).get(rater, {})
        fresh = {n: a for n, a in answers.items() if known.get(n) != a}
        same = {"audit": audit, "rater": rater, "answered_at": state.now}
        rows = [same | {"number": n, "answer": a} for n, a in sorted(fresh.items())]
        if rows:
            connection.execute(sa.insert(AUDIT_ANSWERS), rows)
    return len(rows)


def answers_of(state: State, audit: int) -> dict[int, dict[int, str]]:
    """The last answer of each rater to each claim, by rater and number.

    Raises:
        StateError: they cannot be read.
    """
    with state.begin() as connection:
        return _last_answers(connection, audit)


def _last_answers(connection: sa.Connection, audit: int) -> dict[int, dict[int, str]]:
    told = sa.select(AUDIT_ANSWERS).where(AUDIT_ANSWERS.c.audit == audit)
    found: dict[int, dict[int, str]] = {}
    for row in connection.execute(told.order_by(AUDIT_ANSWERS.c.id)):
        found.setdefault(row.rater, {})[row.number] = row.answer
    return found
