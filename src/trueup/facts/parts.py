"""Parts: immutable Parquet files of rows, the same bytes for the same rows."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from trueup.facts.schema import TIMESTAMP
from trueup.kernel.errors import LockedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from trueup.facts.schema import Table

#: Rows are written in groups of about so many: many small ones cost more than their rows.
GROUP = 1 << 15
#: Seconds to wait for another writer: one that was killed may be held by its children for a moment.
PATIENCE = 1.0


def hold(lock: IO[str], workspace: Path) -> None:
    """Take the lock of a workspace; it is given back when its file is closed.

    Raises:
        LockedError: another process has it, and keeps it.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if time.monotonic() > until:
                raise LockedError.here(str(workspace)) from error
            time.sleep(0.02)
        else:
            return


def write_part(path: Path, rows: pa.Table) -> None:
    """Write rows that are there at once.

    Raises:
        StoreError: the place cannot be written.
    """
    part = PartWriter(path, rows.schema)
    part.write(rows)
    part.close()


class PartWriter:
    """One part, written piece by piece; nothing is written before the first rows come.

    Raises:
        StoreError: the place cannot be written.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.rows = 0
        self._path = path
        self._schema = schema
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: pa.Table) -> None:
        """Add rows."""
        self.rows += rows.num_rows
        self._waiting.append(rows)
        self._waiting_rows += rows.num_rows
        if self._waiting_rows >= GROUP:
            self._write_waiting()

    def close(self) -> None:
        """Finish the file."""
        self._write_waiting()
        if self._writer is not None:
            with as_store_error(self._path):
                self._writer.close()

    def _write_waiting(self) -> None:
        if not self._waiting_rows:
            return
        with as_store_error(self._path):
            if self._writer is None:
                self._writer = pq.ParquetWriter(
                    self._path,
                    self._schema,
                    compression="zstd",
                    compression_level=1,
                    store_schema=False,
                )
            self._writer.write_table(pa.concat_tables(self._waiting))
        self._waiting, self._waiting_rows = [], 0


def stamped(table: Table, rows: pa.Table, source: str, seen_at: datetime) -> pa.Table:
    """Rows with the constant columns of their run, in the order and types of the schema.

    Raises:
        StoreError: a column is missing or unknown; a source must not invent columns.
    """
    wanted = set(table.schema.names) - {"source", "seen_at"}
    unknown, missing = set(rows.column_names) - wanted, wanted - set(rows.column_names)
    if unknown or missing:
        what = (
            f"rows for {table.name}: unknown columns {sorted(unknown)}, missing {sorted(missing)}"
        )
        raise StoreError(what)
    count = rows.num_rows
    rows = rows.append_column("source", pa.repeat(pa.scalar(source), count).dictionary_encode())
    rows = rows.append_column("seen_at", pa.repeat(pa.scalar(seen_at, TIMESTAMP), count))
    return rows.select(table.schema.names).cast(table.schema)


def plain(rows: pa.Table) -> pa.Table:
    """The same rows with dictionaries unpacked, for joins."""
    return rows.cast(
        pa.schema(
            (f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type)
            for f in rows.schema
        )
    )


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def as_store_error(path: Path) -> Iterator[None]:
    """Failures to write are failures of the store.

    Raises:
        StoreError: instead of an error of the operating system.
    """
    try:
        yield
    except OSError as error:
        raise StoreError.unwritable(str(path), error.strerror or str(error)) from error
