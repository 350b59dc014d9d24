"""The ledger as it was published last, so that the next one can say what it tells otherwise of the past.

Of each claim the state at the end of each whole month is kept, as a digit: only so can it be told what
came into view and what went out of it. The last two results are kept, for one result is published to
two audiences.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from trueup.state.tables import LEDGERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.state.base import State


@dataclass(frozen=True, slots=True)
class KeptLedger:
    """A ledger as it was published.

    Attributes:
        result: key of the result.
        as_of: until when it was seen.
        edition: the rules that were in force; ``version`` is that of the program.
        sources: what was read, by name.
        content: hash of the facts.
        months: whole months, the oldest first.
        claims: for each claim its kind and a digit for each of ``months``.
    """

    result: str
    as_of: str
    edition: str
    version: str
    content: str
    sources: tuple[str, ...]
    months: tuple[str, ...]
    claims: Mapping[str, tuple[str, str]]


def keep_ledger(state: State, kept: KeptLedger) -> None:
    """Keep a ledger, and let go of all but the last two.

    Raises:
        StateError: it cannot be kept.
    """
    lines = "\n".join(f"{name} {kind} {digits}" for name, (kind, digits) in kept.claims.items())
    values = {
        "workspace": state.workspace,
        "result": kept.result,
        "as_of": kept.as_of,
        "edition": kept.edition,
        "version": kept.version,
        "content": kept.content,
        "sources": json.dumps(kept.sources),
        "months": json.dumps(kept.months),
        "states": zlib.compress(lines.encode()),
        "kept_at": state.now,
    }
    own = LEDGERS.c.workspace == state.workspace
    with state.begin() as connection:
        connection.execute(sa.delete(LEDGERS).where(own, LEDGERS.c.result == kept.result))
        connection.execute(sa.insert(LEDGERS).values(**values))
        newest = sa.select(LEDGERS.c.id).where(own).order_by(LEDGERS.c.id.desc()).limit(2)
        held = list(connection.scalars(newest))
        connection.execute(sa.delete(LEDGERS).where(own, LEDGERS.c.id.not_in(held)))


def ledger_before(state: State, result: str) -> KeptLedger | None:
    """The newest ledger that is of another result than this one.

    Raises:
        StateError: it cannot be read.
    """
    if not state.there:
        return None
    own = sa.select(LEDGERS).where(
        LEDGERS.c.workspace == state.workspace, LEDGERS.c.result != result
    )
    with state.begin(reads=True) as connection:
        row = connection.execute(own.order_by(LEDGERS.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    lines = (line.split(" ") for line in zlib.decompress(row.states).decode().splitlines())
    return KeptLedger(
        result=row.result,
        as_of=row.as_of,
        edition=row.edition,
        version=row.version,
        content=row.content,
        sources=tuple(json.loads(row.sources)),
        months=tuple(json.loads(row.months)),
        claims={name: (kind, digits) for name, kind, digits in lines},
    )
