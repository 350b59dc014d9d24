"""The store: immutable Parquet parts, and one small commit record a run, renamed into place.

A run killed anywhere is there whole or not at all. Readers take the list of records once and are
never blocked or surprised. Nothing is updated in place: a changed record is a new row with the same
natural key, a vanished one a tombstone.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from trueup.facts.runs import Part, RunRecord
from trueup.facts.schema import TABLES, TIMESTAMP, Table
from trueup.kernel.errors import LockedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from trueup.kernel.clock import Clock


class Store:
    """The facts of one workspace."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.facts = workspace / "facts"
        self.runs = workspace / "runs"

    def snapshot(self, *, as_of: datetime | None = None) -> Snapshot:
        """All runs finished by now, or by a past moment."""
        records = [RunRecord.from_file(p) for p in sorted(self.runs.glob("*.json"))]
        if as_of is not None:
            records = [r for r in records if r.seen_at <= as_of]
        return Snapshot(self, records)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the workspace for writing; what an earlier killed run left behind is removed.

        Raises:
            LockedError: another process writes here.
            StoreError: the workspace cannot be written.
        """
        with _as_store_error(self.workspace):
            self.facts.mkdir(parents=True, exist_ok=True)
            self.runs.mkdir(exist_ok=True)
            ignore = self.workspace / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
            handle = (self.workspace / "lock").open("w")
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise LockedError.at(str(self.workspace)) from error
            self._sweep()
            yield

    def begin(self, source: str, subject: str, clock: Clock) -> RunWriter:
        """A new run; only under `writing`."""
        records = self.snapshot().records
        seen_at = clock()
        if records:
            seen_at = max(seen_at, records[-1].seen_at + timedelta(microseconds=1))
        sequence = records[-1].sequence + 1 if records else 1
        return RunWriter(self, source, subject, seen_at, sequence)

    def _sweep(self) -> None:
        known = {p.file for r in self.snapshot().records for p in r.parts}
        for path in self.facts.glob("*/*"):
            if f"{path.parent.name}/{path.name}" not in known:
                path.unlink()
        for path in self.runs.glob("*.tmp"):
            path.unlink()


class RunWriter:
    """Writes the parts of one run, then its record."""

    def __init__(
        self, store: Store, source: str, subject: str, seen_at: datetime, sequence: int
    ) -> None:
        self.store = store
        self.source = source
        self.subject = subject
        self.seen_at = seen_at
        self.sequence = sequence
        self._parts: list[Part] = []
        self._token = uuid.uuid4().hex[:8]

    def part_path(self, table: Table) -> Path:
        """Where a process may write a part of its own, to be told to `adopt` afterwards."""
        folder = self.store.facts / table.name
        with _as_store_error(folder):
            folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.sequence:06d}-{self._token}-{uuid.uuid4().hex[:8]}.parquet"
        return folder / name

    def adopt(self, table: Table, path: Path, rows: int) -> None:
        """Count a part that another process has written to `part_path`."""
        if rows:
            self._parts.append(Part(table.name, f"{table.name}/{path.name}", rows))
        else:
            path.unlink(missing_ok=True)

    def files(self, table: Table) -> list[str]:
        """Paths of the parts of a table written so far by this run."""
        found = (p.file for p in self._parts if p.table == table.name and not p.tombstones)
        return [str(self.store.facts / file) for file in found]

    def add(self, table: Table, rows: pa.Table) -> None:
        """Write rows that carry every column of the table except ``source`` and ``seen_at``."""
        if not rows.num_rows:
            return
        path = self.part_path(table)
        with _as_store_error(path):
            write_part(path, stamped(table, rows, self.source, self.seen_at))
        self._parts.append(Part(table.name, f"{table.name}/{path.name}", rows.num_rows))

    def bury(self, table: Table, keys: pa.Table, why: str) -> None:
        """Write tombstones for rows that are no longer there upstream."""
        if not keys.num_rows:
            return
        count = keys.num_rows
        columns = {k: keys.column(k) for k in table.key}
        columns["seen_at"] = pa.repeat(pa.scalar(self.seen_at, TIMESTAMP), count)
        columns["why"] = pa.repeat(pa.scalar(why), count)
        path = self.part_path(table).with_suffix(".gone.parquet")
        with _as_store_error(path):
            write_part(path, pa.table(columns).cast(table.tombstone_schema))
        self._parts.append(Part(table.name, f"{table.name}/{path.name}", count, tombstones=True))

    def replace(self, table: Table, rows: pa.Table, snapshot: Snapshot) -> None:
        """Make ``rows`` all there is of the subject: write what changed, bury what vanished."""
        old = snapshot.of_subject(table, self.subject)
        if not old.num_rows:
            self.add(table, rows)
            return
        keep = [c.name for c in table.columns if not pa.types.is_list(c.type)]
        new_rows = rows.append_column("_n", pa.array(range(rows.num_rows), pa.int64()))
        same = plain(old.select(keep)).append_column(
            "_old", pa.repeat(pa.scalar(value=True), old.num_rows)
        )
        joined = _null_safe_join(plain(new_rows.select([*keep, "_n"])), same, keep)
        fresh = joined.filter(pa.compute.is_null(joined["_old"]))["_n"]
        self.add(table, rows.take(fresh.sort()) if len(fresh) else rows.slice(0, 0))
        key = list(table.key)
        gone = plain(old.select(key)).join(plain(rows.select(key)), key, join_type="left anti")
        self.bury(table, gone, "no longer there")

    def commit(
        self, *, cursor: dict[str, Any], origin: str = "", replaces: bool = False
    ) -> RunRecord:
        """Write the record and rename it into place: from here on the run is visible."""
        record = RunRecord(
            sequence=self.sequence,
            source=self.source,
            subject=self.subject,
            seen_at=self.seen_at,
            parts=tuple(self._parts),
            cursor=cursor,
            origin=origin,
            replaces=replaces,
        )
        final = self.store.runs / f"{self.sequence:06d}-{self._token}.json"
        with _as_store_error(final):
            for part in self._parts:
                _sync(self.store.facts / part.file)
            temporary = final.with_suffix(".tmp")
            temporary.write_text(record.to_json() + "\n", "utf-8")
            _sync(temporary)
            temporary.rename(final)
            _sync(final.parent)
        return record


class Snapshot:
    """What is known, as a list of runs taken once; later runs do not change it."""

    def __init__(self, store: Store, records: list[RunRecord]) -> None:
        self.store = store
        self.records = sorted(records, key=lambda r: r.sequence)

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
        """Paths of the live parts of a table, oldest run first."""
        return [
            str(self.store.facts / p.file)
            for r in self.live
            if subject in ("", r.subject)
            for p in r.parts
            if p.table == table.name and p.tombstones == tombstones
        ]

    def table(self, table: Table) -> pa.Table:
        """The current rows of a table."""
        return self._read(table, "")

    def of_subject(self, table: Table, subject: str, columns: list[str] | None = None) -> pa.Table:
        """The current rows of a table that runs of one subject wrote."""
        return self._read(table, subject, columns)

    def _read(self, table: Table, subject: str, columns: list[str] | None = None) -> pa.Table:
        names = columns or table.schema.names
        if not self.files(table, subject=subject):
            return table.schema.empty_table().select(names)
        with self.connect() as connection:
            view = self.current_sql(table, subject=subject)
            sql = f"select {', '.join(names)} from ({view})"  # noqa: S608 - names are declared
            found: pa.Table = connection.sql(sql).to_arrow_table()
        return found

    def current_sql(self, table: Table, *, subject: str = "") -> str:
        """The current view: newest version of each key, without what was buried since."""
        files = self.files(table, subject=subject)
        columns = ", ".join(table.schema.names)
        if not files:
            nothing = ", ".join(
                f"cast(null as {_duck_type(f.type)}) as {f.name}" for f in table.schema
            )
            return f"select {nothing} where false"
        key = ", ".join(table.key)
        rows = f"select {columns} from {_parquet(files)}"  # noqa: S608 - names come from declarations
        if not table.content_addressed:
            rows += f" qualify row_number() over (partition by {key} order by seen_at desc) = 1"
        gone = self.files(table, tombstones=True, subject=subject)
        if gone:
            same = " and ".join(f"t.{k} = g.{k}" for k in table.key)
            rows = (
                f"select {columns} from ({rows}) t where not exists (select 1 from "  # noqa: S608
                f"{_parquet(gone)} g where {same} and g.seen_at > t.seen_at)"
            )
        return rows

    @contextmanager
    def connect(self, *, memory: str = "300MB") -> Iterator[duckdb.DuckDBPyConnection]:
        """A private in-memory engine over the parts, spilling into the workspace."""
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": "2",
            "temp_directory": str(self.store.workspace / "spill"),
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
        }
        connection = duckdb.connect(config=config)
        try:
            connection.execute("set timezone = 'UTC'")
            yield connection
        except duckdb.IOException as error:
            raise StoreError.damaged(str(self.store.workspace), str(error)[:200]) from error
        finally:
            connection.close()

    @property
    def content(self) -> str:
        """Hash of everything read, the same on every machine and under every key."""
        import hashlib

        newest = {(r.source, r.subject): r.content for r in self.live}
        return hashlib.sha256(repr(sorted(newest.items())).encode()).hexdigest()


def stamped(table: Table, rows: pa.Table, source: str, seen_at: datetime) -> pa.Table:
    """Rows with the constant columns of their run, in the order and types of the schema.

    Raises:
        StoreError: a column is missing or unknown; a source must not invent columns.
    """
    unknown = set(rows.column_names) - set(table.schema.names)
    count = rows.num_rows
    rows = rows.append_column("source", pa.repeat(pa.scalar(source), count).dictionary_encode())
    rows = rows.append_column("seen_at", pa.repeat(pa.scalar(seen_at, TIMESTAMP), count))
    missing = set(table.schema.names) - set(rows.column_names)
    if unknown or missing:
        what = (
            f"rows for {table.name}: unknown columns {sorted(unknown)}, missing {sorted(missing)}"
        )
        raise StoreError(what)
    return rows.select(table.schema.names).cast(table.schema)


def write_part(path: Path, rows: pa.Table) -> None:
    """One Parquet file, the same bytes for the same rows."""
    pq.write_table(rows, path, compression="zstd", compression_level=1, store_schema=False)


def plain(rows: pa.Table) -> pa.Table:
    """The same rows with dictionaries unpacked, for joins."""
    return rows.cast(
        pa.schema(
            (f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type)
            for f in rows.schema
        )
    )


def open_tables(snapshot: Snapshot) -> Iterator[tuple[Table, str]]:
    """All tables but the personal one, each with the SQL of its current view."""
    for table in TABLES:
        if not table.personal:
            yield table, snapshot.current_sql(table)


def _null_safe_join(left: pa.Table, right: pa.Table, keys: list[str]) -> pa.Table:
    import duckdb

    same = " and ".join(f"l.{k} is not distinct from r.{k}" for k in keys)
    connection = duckdb.connect()
    try:
        connection.register("l", left)
        connection.register("r", right)
        sql = f"select l._n, r._old from l left join r on {same}"  # noqa: S608
        joined: pa.Table = connection.sql(sql).to_arrow_table()
        return joined
    finally:
        connection.close()


def _parquet(files: list[str]) -> str:
    quoted = ", ".join("'" + f.replace("'", "''") + "'" for f in files)
    return f"read_parquet([{quoted}])"


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
        str(TIMESTAMP): "timestamptz",
    }
    return names[str(kind)]


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _as_store_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError.unwritable(str(path), error.strerror or str(error)) from error
