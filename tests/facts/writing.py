"""Rows for a store in a test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from trueup.facts.schema import TABLES
from trueup.kernel.clock import fixed_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.facts.runs import RunRecord
    from trueup.facts.snapshot import Snapshot
    from trueup.facts.store import RunWriter, Store

AT = datetime(2026, 3, 1, tzinfo=UTC)
SUBJECT = "acme/app"


def rows(name: str, *given: dict[str, Any]) -> pa.Table:
    """Rows of a table; what is not given of the envelope is always the same."""
    table = TABLES[name]
    same = {"repo": SUBJECT, "source_key": "k", "raw_sha256": "r", "happened_at": AT}
    columns = [f for f in table.schema if f.name not in {"source", "seen_at"}]
    return pa.table(
        {
            f.name: pa.array([(same | row).get(f.name) for row in given], _plain(f.type))
            for f in columns
        }
    )


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def gaps(**counts: int) -> pa.Table:
    """Rows of the table `gaps`: the plainest there is."""
    return rows("gaps", *({"slug": s, "count": n, "total": 100} for s, n in counts.items()))


def begin(store: Store, subject: str = SUBJECT, *, day: int = 0) -> RunWriter:
    """A run of a day."""
    return store.begin("test", subject, fixed_clock(AT + timedelta(days=day)))


def replaced(store: Store, name: str, given: pa.Table, *, day: int = 0, **more: Any) -> RunRecord:
    """One whole run that makes the rows all there is of a table."""
    with store.writing():
        writer = begin(store, day=day)
        writer.replace(TABLES[name], given, store.snapshot(), **more)
        return writer.commit(cursor={"day": day})


def current(snapshot: Snapshot, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """Current rows, sorted."""
    found = snapshot.table(TABLES[name]).select(list(columns))
    plain = zip(*(c.to_pylist() for c in found.columns), strict=True)
    return sorted(plain, key=str)


def counts(snapshot: Snapshot) -> dict[str, int]:
    """What the table `gaps` holds."""
    return dict(current(snapshot, "gaps", "slug", "count"))


def written(record: RunRecord) -> dict[str, int]:
    """How many rows a run wrote; tombstones with a cross."""
    return {f"{p.table}{'+' if p.tombstones else ''}": p.rows for p in record.parts}


def files_of(store: Store, *, ending: str = "") -> Sequence[str]:
    """Every file of the workspace, by its place."""
    found = (p for p in store.workspace.rglob("*") if p.is_file() and p.name.endswith(ending))
    return sorted(str(p.relative_to(store.workspace)) for p in found)
