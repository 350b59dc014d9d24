"""The facts of a snapshot as tables of the query engine, current and without names of people."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trueup.facts.snapshot import damage_told, interrupts_told, open_tables, spill_folder
from trueup.kernel.clock import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    import ibis
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

    from trueup.facts.snapshot import Snapshot

#: Memory of the engine: so much, and more for commits and for rows of forges and trackers beyond the usual.
LEAST_MB = 200
USUAL_COMMITS, COMMITS_A_MB = 200_000, 2_000
USUAL_ROWS, ROWS_A_MB = 1_000_000, 5_000


class Facts:
    """Tables by name; every measure starts here."""

    def __init__(self, backend: Backend, snapshot: Snapshot) -> None:
        self._backend = backend
        self._tables: dict[str, ibis.Table] = {}
        self.snapshot = snapshot

    def table(self, name: str) -> ibis.Table:
        """A table of facts, or one that was kept."""
        if name not in self._tables:
            self._tables[name] = self._backend.table(name)
        return self._tables[name]

    def keep(self, name: str, rows: ibis.Table | pa.Table) -> ibis.Table:
        """Work out an expression once and hold its rows under a name."""
        self._tables.pop(name, None)
        with interrupts_told():
            return self._backend.create_table(name, rows, temp=True, overwrite=True)

    def read(self, expression: ibis.Table) -> pa.Table:
        """The rows of an expression."""
        # Not through `to_pyarrow`, which takes the time to import pandas.
        with interrupts_told():
            sql = self._backend.compile(expression)
            found: pa.Table = self._backend.con.sql(sql).to_arrow_table()
        return found.cast(expression.schema().to_pyarrow())

    def rows(self, expression: ibis.Table) -> Iterator[tuple[Any, ...]]:
        """The rows of an expression as Python objects."""
        return zip(*map(_values, self.read(expression).columns), strict=True)

    def value(self, expression: ibis.Scalar) -> Any:
        """A single value."""
        return self.read(expression.as_table())[0][0].as_py()

    def sql(self, expression: Any) -> str:
        """The SQL an expression compiles to."""
        return str(self._backend.compile(expression, pretty=True))


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Texts are made once each, and moments by hand: Arrow takes several times as long, and as much memory."""
    import pyarrow as pa

    if pa.types.is_string(column.type):
        found: list[Any] = []
        for chunk in column.chunks:
            told = chunk.dictionary_encode()
            words = [*told.dictionary.to_pylist(), None]
            found += [words[n] for n in told.indices.fill_null(-1).to_pylist()]
        return found
    if not pa.types.is_timestamp(column.type):
        return list(column.to_pylist())
    since = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_pylist()
    return [None if n is None else EPOCH + timedelta(microseconds=n) for n in since]


def _megabytes(snapshot: Snapshot) -> int:
    # Each run of a repository tells how many commits there are in all.
    known = {(r.source, r.subject): int(r.cursor.get("commits", 0)) for r in snapshot.live}
    commits = max(0, sum(known.values()) - USUAL_COMMITS)
    rows = sum(p.rows for r in snapshot.live if r.source != "git" for p in r.parts)
    return LEAST_MB + commits // COMMITS_A_MB + max(0, rows - USUAL_ROWS) // ROWS_A_MB


@contextmanager
def open_facts(snapshot: Snapshot, *, times: int = 1) -> Iterator[Facts]:
    """Open the current view of every table but `people`.

    What does not fit into memory is spilled; very long histories, and very many records, need more for their joins.

    Args:
        snapshot: the facts.
        times: so many times the usual memory may be taken.

    Raises:
        StoreError: a part is damaged.
        MemoryNeededError: what was asked needs more memory.
    """
    import ibis

    backend = ibis.duckdb.connect(
        memory_limit=f"{times * _megabytes(snapshot)}MB",
        threads=2,
        temp_directory=str(spill_folder(snapshot.store.workspace)),
        preserve_insertion_order=False,
    )
    try:
        backend.raw_sql("set timezone = 'UTC'")
        with damage_told(snapshot.store.workspace):
            for table, sql in open_tables(snapshot):
                backend.raw_sql(f"create view {table.name} as {sql}")
            yield Facts(backend, snapshot)
    finally:
        backend.disconnect()
