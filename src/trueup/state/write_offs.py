"""Claims that a role wrote off, and took back, each for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trueup.state.tables import WRITE_OFFS

if TYPE_CHECKING:
    from trueup.state.base import State


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told of a claim: it is written off, or that is taken back."""

    claim: str
    role: str
    reason: str
    taken_back: bool
    at: datetime


def tell(state: State, claim: str, role: str, reason: str, *, taken_back: bool) -> bool:
    """Keep what a role tells of a claim; false, and nothing kept, where it stands so already.

    Raises:
        StateError: it cannot be kept.
    """
    last = sa.select(WRITE_OFFS.c.taken_back).where(
        WRITE_OFFS.c.workspace == state.workspace, WRITE_OFFS.c.claim == claim
    )
    with state.begin() as connection:
        before = connection.scalar(last.order_by(WRITE_OFFS.c.id.desc()).limit(1))
        if taken_back == (before is None or before):
            return False
        values = {"workspace": state.workspace, "claim": claim, "role": role, "reason": reason}
        told = sa.insert(WRITE_OFFS).values(**values, taken_back=taken_back, told_at=state.now)
        connection.execute(told)
    return True


def all_told(state: State) -> list[Told]:
    """Everything told of any claim, in order.

    Raises:
        StateError: it cannot be read.
    """
    if not state.there:
        return []
    told = sa.select(WRITE_OFFS).where(WRITE_OFFS.c.workspace == state.workspace)
    with state.begin(reads=True) as connection:
        return [
            Told(
                row.claim, row.role, row.reason, row.taken_back, datetime.fromisoformat(row.told_at)
            )
            for row in connection.execute(told.order_by(WRITE_OFFS.c.id))
        ]
