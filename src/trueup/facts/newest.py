"""Which of several rows of one key holds, and what of it another one tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.schema import TIMESTAMP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trueup.facts.schema import Table


def newest_rows(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each key the row that came last, but for those that say they changed before it.

    A list tells less of a thing than its own record does: columns that a later row does not give stand
    as an earlier one gave them, those it gives as nothing are nothing; a moment told to the second stands
    as it was told to the fraction. The same holds over runs, see `RunWriter.update`.
    """
    moments = coarse_moments(table)
    newest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row.get(k) for k in table.key)
        before = newest.get(key)
        if before is None:
            newest[key] = row
        elif not _is_older(row.get("changed_at"), before.get("changed_at")):
            finer = {c: before[c] for c in moments if _is_finer(before.get(c), row.get(c))}
            newest[key] = before | row | finer
    return list(newest.values())


def coarse_moments(table: Table) -> set[str]:
    """Columns of moments that one record may tell to the second, and another to the fraction.

    The moment of the last change is none: which of two within a second came later is not told.
    """
    found = {c.name for c in table.columns if c.type == TIMESTAMP}
    return (found | {"happened_at"}) - {"changed_at"}


def _is_older(now: datetime | None, then: datetime | None) -> bool:
    return now is not None and then is not None and now < then and not _is_finer(then, now)


def _is_finer(one: datetime | None, other: datetime | None) -> bool:
    """Whether the one may be the same moment as the other, told to the fraction of a second."""
    return one is not None and other is not None and one.replace(microsecond=0) == other


def untold(
    columns: Sequence[str], given: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, list[int]], list[int]]:
    """Columns that some rows do not tell, with the shapes of these rows; and the shape of each row."""
    shapes: dict[tuple[str, ...], int] = {}
    which = [shapes.setdefault(tuple(row), len(shapes)) for row in given]
    lacking = {c: [n for shape, n in shapes.items() if c not in shape] for c in columns}
    return {name: found for name, found in lacking.items() if found}, which
