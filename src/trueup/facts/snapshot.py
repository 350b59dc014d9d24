"""What is known at a moment: the current rows of every table, as queries over immutable parts."""

from __future__ import annotations

import hashlib
import os
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from trueup.facts.runs import LAYOUT
from trueup.facts.schema import TABLES, TIMESTAMP, Table
from trueup.kernel.errors import MemoryNeededError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import duckdb

    from trueup.facts.runs import Part, RunRecord
    from trueup.facts.store import Store


class Snapshot:
    """What is known, as a list of runs taken once; later runs do not change it."""

    def __init__(self, store: Store, records: list[RunRecord]) -> None:
        self.store = store
        self.records = sorted(records, key=lambda r: r.sequence)
        self._engine: duckdb.DuckDBPyConnection | None = None

    @property
    def live(self) -> list[RunRecord]:
        """Runs that no later run of the same source and subject replaces."""
        last: dict[tuple[str, str], int] = {}
        for record in self.records:
            if record.replaces:
                last[record.source, record.subject] = record.sequence
        return [r for r in self.records if r.sequence >= last.get((r.source, r.subject), 0)]

    def latest(self, source: str, subject: str) -> RunRecord | None:
        """The newest run of a source and subject."""
        found = [r for r in self.records if (r.source, r.subject) == (source, subject)]
        return found[-1] if found else None

    def files(self, table: Table, *, tombstones: bool = False, subject: str = "") -> list[str]:
        """Paths of the live parts of a table, oldest run first.

        Raises:
            StoreError: a part is not there, or not as long as it was when it was written.
        """
        return [
            self._checked(p)
            for r in self.live
            if subject in ("", r.subject)
            for p in r.parts
            if p.table == table.name and p.tombstones == tombstones
        ]

    def table(self, table: Table, columns: Sequence[str] = ()) -> pa.Table:
        """The current rows of a table, or only these columns of them."""
        return self._read(table, "", None, columns)

    def of_subject(
        self,
        table: Table,
        subject: str,
        columns: Sequence[str] = (),
        *,
        among: tuple[str, pa.Array] | None = None,
    ) -> pa.Table:
        """The current rows of a table that runs of one subject wrote.

        Args:
            table: which table.
            subject: what was read.
            columns: only these.
            among: a column and the values it may have.
        """
        return self._read(table, subject, among, columns)

    def _read(
        self,
        table: Table,
        subject: str,
        among: tuple[str, pa.Array] | None,
        columns: Sequence[str] = (),
    ) -> pa.Table:
        names = list(columns) or table.schema.names
        if not self.files(table, subject=subject):
            return table.schema.empty_table().select(names)
        with self.connect() as connection:
            sql = f"select {', '.join(names)} from ({self.current_sql(table, subject=subject)})"  # noqa: S608 - names are declared
            if among:
                connection.register("wanted", pa.table({"value": among[1]}))
                sql += f" where {among[0]} in (select value from wanted)"  # noqa: S608 - likewise
            found: pa.Table = connection.sql(sql).to_arrow_table()
        return found

    def count(self, table: Table, *, subject: str) -> int:
        """Rows in all parts of a table that runs of one subject wrote, older versions among them."""
        parts = (p for r in self.live if r.subject == subject for p in r.parts)
        return sum(p.rows for p in parts if p.table == table.name and not p.tombstones)

    def current_sql(
        self,
        table: Table,
        *,
        subject: str = "",
        where: str = "true",
        also: Sequence[str] = (),
        gone: Sequence[str] = (),
    ) -> str:
        """The current view: newest version of each key, without what was buried since.

        Args:
            table: which table.
            subject: only what runs of this subject wrote.
            where: only rows of which the key is so.
            also: parts of a run that is not finished yet.
            gone: its tombstones.
        """
        files = [*self.files(table, subject=subject), *also]
        columns = ", ".join(table.schema.names)
        nothing = ", ".join(f"cast(null as {_duck_type(f.type)}) as {f.name}" for f in table.schema)
        if not files:
            return f"select {nothing} where false"
        key = ", ".join(table.key)
        parts = _parquet(files)
        if any(run.layout < LAYOUT for run in self.live):
            told = _parquet(files, ", union_by_name = true")
            parts = f"(select {nothing} where false union all by name select * from {told})"  # noqa: S608 - likewise
        rows = f"select {columns} from {parts} where {where}"  # noqa: S608 - names come from declarations
        if not table.content_addressed:
            rows += f" qualify row_number() over (partition by {key} order by seen_at desc) = 1"
        if gone := [*self.files(table, tombstones=True, subject=subject), *gone]:
            same = same_rows("t", "g", table.key)
            rows = (
                f"select {columns} from ({rows}) t where not exists (select 1 from "  # noqa: S608
                f"{_parquet(gone)} g where {same} and g.seen_at > t.seen_at)"
            )
        return rows

    @contextmanager
    def one_engine(self) -> Iterator[None]:
        """Ask everything within of one engine: starting another takes longer than most questions."""
        with self.connect() as connection:
            self._engine = connection
            try:
                yield
            finally:
                self._engine = None

    @contextmanager
    def connect(self, *, memory: str = "300MB") -> Iterator[duckdb.DuckDBPyConnection]:
        """A private in-memory engine over the parts, spilling into the workspace.

        Raises:
            StoreError: a part turned out to be damaged.
        """
        connection = self._engine.cursor() if self._engine else self._started(memory)
        try:
            connection.execute("set timezone = 'UTC'")
            with damage_told(self.store.workspace):
                yield connection
        finally:
            connection.close()

    def _started(self, memory: str) -> duckdb.DuckDBPyConnection:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": "2",
            "temp_directory": str(spill_folder(self.store.workspace)),
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
        }
        return duckdb.connect(config=config)

    @property
    def content(self) -> str:
        """Hash of everything read, the same on every machine and under every key."""
        newest = {(r.source, r.subject): r.content for r in self.live}
        return hashlib.sha256(repr(sorted(newest.items())).encode()).hexdigest()

    def _checked(self, part: Part) -> str:
        path = self.store.facts / part.file
        try:
            size = path.stat().st_size
        except OSError as error:
            reason = error.strerror or str(error)
            raise StoreError.damaged(str(path), reason) from error
        if part.bytes and size != part.bytes:
            raise StoreError.damaged(str(path), f"{size} of {part.bytes} bytes are there")
        return str(path)


def open_tables(snapshot: Snapshot) -> Iterator[tuple[Table, str]]:
    """All tables but the personal one, each with the SQL of its current view."""
    for table in TABLES:
        if not table.personal:
            yield table, snapshot.current_sql(table)


def spill_folder(workspace: Path) -> Path:
    """Where one engine, and no other, puts what does not fit into memory.

    Two engines that share such a folder overwrite each other's files. The process is named, so that
    what a killed one left can be told from what is in use.
    """
    return workspace / f"spill-{os.getpid()}-{uuid.uuid4().hex[:8]}"


@contextmanager
def interrupts_told() -> Iterator[None]:
    """An interrupt as what it is: the engine wraps it into an error that is easily taken for another.

    Raises:
        KeyboardInterrupt: instead of an error of the engine.
    """
    try:
        yield
    except RuntimeError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        raise


@contextmanager
def damage_told(workspace: Path) -> Iterator[None]:
    """What the engine says about unreadable parts, as a failure of the store.

    Raises:
        StoreError: instead of an error of the engine.
    """
    import duckdb

    try:
        with interrupts_told():
            yield
    except duckdb.Error as error:
        unreadable = isinstance(error, duckdb.IOException | duckdb.InvalidInputException)
        if isinstance(error, duckdb.OutOfMemoryException):
            raise MemoryNeededError.here(str(workspace)) from error
        # Damage within a part comes as the root class itself; mistakes in queries never do.
        if unreadable or type(error) is duckdb.Error:
            raise StoreError.damaged(str(workspace), str(error)[:200]) from error
        raise


def same_rows(one: str, other: str, columns: Sequence[str]) -> str:
    """The SQL condition that two rows agree, nothing being the same as nothing."""
    return " and ".join(f"{one}.{c} is not distinct from {other}.{c}" for c in columns)


def filled_column(name: str, untold: Sequence[int], *, coarse: bool) -> str:
    """The SQL of a column of rows told (f), with what is known (o) where they tell nothing, or less.

    Args:
        name: of the column.
        untold: shapes of rows that do not tell it.
        coarse: whether a moment to the second stands as it is known to the fraction.
    """
    cases = f"when f.given in ({', '.join(map(str, untold))}) then o.{name} " if untold else ""
    if coarse:
        cases += f"when date_trunc('second', o.{name}) = f.{name} then o.{name} "
    return f"case {cases}else f.{name} end as {name}" if cases else f"f.{name}"


def _parquet(files: list[str], options: str = "") -> str:
    quoted = ", ".join("'" + f.replace("'", "''") + "'" for f in files)
    return f"read_parquet([{quoted}]{options})"


def _duck_type(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return "varchar"
    names = {
        "string": "varchar",
        "bool": "boolean",
        "int16": "smallint",
        "int32": "integer",
        "int64": "bigint",
        "float": "float",
        "double": "double",
        "list<item: string>": "varchar[]",
        "list<element: string>": "varchar[]",
        "list<item: int32>": "integer[]",
        "list<element: int32>": "integer[]",
        str(TIMESTAMP): "timestamptz",
    }
    return names[str(kind)]
