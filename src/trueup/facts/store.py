"""The store: immutable Parquet parts, and one small commit record a run, renamed into place.

A run killed anywhere is there whole or not at all. Readers take the list of records once and are
never blocked or surprised. Nothing is updated in place: a changed record is a new row with the same
natural key, a vanished one a tombstone.
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from trueup.facts.newest import coarse_moments, untold
from trueup.facts.parts import GROUP, PartWriter, as_store_error, hold, stamped, sync, write_part
from trueup.facts.runs import Part, RunRecord
from trueup.facts.schema import TIMESTAMP, Table
from trueup.facts.snapshot import Snapshot, filled_column, same_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from numpy.typing import NDArray

    from trueup.kernel.clock import Clock

__all__ = ["RunWriter", "Snapshot", "Store"]

_PART = re.compile(r"\d{6,}-[0-9a-f]{8}-[0-9a-f]{8}(?:\.gone)?\.parquet")
_SPILL = re.compile(r"spill-(\d+)-[0-9a-f]{8}")
#: Rows compared with those of earlier runs at one time: more may not fit into memory.
COMPARED_AT_ONCE = 500_000
#: What is told changed before what is known did; one told to the second may be of the same moment.
OLDER = "o.changed_at > f.changed_at and date_trunc('second', o.changed_at) is distinct from f.changed_at"


class Store:
    """The facts of one workspace.

    Args:
        workspace: its folder.
        keep_raw: for so many days raw records are kept beside the facts; by default they are not.
    """

    def __init__(self, workspace: Path, *, keep_raw: int = 0) -> None:
        self.workspace = workspace
        self.keep_raw = keep_raw
        self.facts = workspace / "facts"
        self.runs = workspace / "runs"

    def snapshot(self, *, as_of: datetime | None = None) -> Snapshot:
        """All runs finished by now, or by a past moment.

        Raises:
            StoreError: a record is damaged, or was written by a newer layout.
        """
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
        with as_store_error(self.workspace):
            self.facts.mkdir(parents=True, exist_ok=True)
            self.runs.mkdir(exist_ok=True)
            ignore = self.workspace / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
            handle = (self.workspace / "lock").open("w")
        with handle:
            hold(handle, self.workspace)
            with as_store_error(self.workspace):
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
        for path in self.facts.glob("*/*.parquet"):
            if _PART.fullmatch(path.name) and f"{path.parent.name}/{path.name}" not in known:
                path.unlink()
        for path in self.runs.glob("*.tmp"):
            path.unlink()
        for path in self.workspace.glob("spill-*"):
            named = _SPILL.fullmatch(path.name)
            if named and not _alive(int(named[1])):
                shutil.rmtree(path, ignore_errors=True)


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
        self._keys: dict[str, list[NDArray[np.int64]]] = {}

    def part_path(self, table: Table) -> Path:
        """Where a process may write a part of its own, to be told to `adopt` afterwards."""
        folder = self.store.facts / table.name
        with as_store_error(folder):
            folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.sequence:06d}-{self._token}-{uuid.uuid4().hex[:8]}.parquet"
        return folder / name

    def adopt(self, table: Table, path: Path, rows: int) -> None:
        """Count a part that another process has written to `part_path`."""
        if rows:
            self._parts.append(Part(table.name, f"{table.name}/{path.name}", rows))
        else:
            path.unlink(missing_ok=True)

    def files(self, table: Table, *, tombstones: bool = False) -> list[str]:
        """Paths of the parts of a table written so far by this run."""
        parts = (p for p in self._parts if p.table == table.name and p.tombstones == tombstones)
        return [str(self.store.facts / p.file) for p in parts]

    def known_sql(self, table: Table, snapshot: Snapshot, *, subject: str = "") -> str:
        """The current view of a table, with what this run has written and buried so far."""
        gone = self.files(table, tombstones=True)
        return snapshot.current_sql(table, subject=subject, also=self.files(table), gone=gone)

    def add(self, table: Table, rows: pa.Table) -> None:
        """Write rows that carry every column of the table except ``source`` and ``seen_at``.

        Raises:
            StoreError: a column is unknown or missing, or the workspace cannot be written.
        """
        if not rows.num_rows:
            return
        path = self.part_path(table)
        part = PartWriter(path, table.schema)
        for start in range(0, rows.num_rows, GROUP):  # copies of a piece, not of everything
            part.write(stamped(table, rows.slice(start, GROUP), self.source, self.seen_at))
        part.close()
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
        write_part(path, pa.table(columns).cast(table.tombstone_schema))
        self._parts.append(Part(table.name, f"{table.name}/{path.name}", count, tombstones=True))

    def replace(
        self, table: Table, rows: pa.Table, snapshot: Snapshot, *, also: Sequence[str] = ()
    ) -> None:
        """Make ``rows`` all there is of the subject: write what changed, bury what vanished.

        Args:
            table: which table.
            rows: as for `add`; no two with the same key.
            snapshot: what was known before.
            also: columns of the envelope in which a difference counts, besides those of the table.
        """
        if not snapshot.files(table, subject=self.subject):
            self.add(table, rows)
            return
        compared = [c.name for c in table.columns] + list(also)
        numbered = rows.append_column("n", pa.array(range(rows.num_rows), pa.int64()))
        key = ", ".join(table.key)
        stored = snapshot.count(table, subject=self.subject)
        shares = 1 + max(rows.num_rows, stored) // COMPARED_AT_ONCE
        changed, gone = [], []
        with snapshot.connect() as connection:
            connection.register("everything", numbered.select([*compared, "n"]))
            for share in range(shares):
                part = f"hash({key}) % {shares} = {share}"
                old = snapshot.current_sql(table, subject=self.subject, where=part)
                connection.execute(f"create or replace temp table old as {old}")
                fresh = f"(select * from everything where {part})"  # noqa: S608 - names are declared
                changed.append(
                    connection.sql(
                        f"select n from {fresh} f where not exists "  # noqa: S608 - likewise
                        f"(select 1 from old o where {same_rows('f', 'o', compared)})"
                    ).to_arrow_table()
                )
                gone.append(
                    connection.sql(
                        f"select {key} from old o where not exists "  # noqa: S608 - likewise
                        f"(select 1 from {fresh} f where {same_rows('f', 'o', table.key)})"
                    ).to_arrow_table()
                )
        self.add(table, rows.take(pa.concat_tables(changed).sort_by("n")["n"]))
        order = [(k, "ascending") for k in table.key]
        self.bury(table, pa.concat_tables(gone).sort_by(order), "no longer there")

    def update(
        self,
        table: Table,
        rows: pa.Table,
        snapshot: Snapshot,
        given: Sequence[Mapping[str, Any]] = (),
    ) -> pa.Table:
        """Write those rows that are new, or differ from what is current; these are returned.

        What says of itself that it changed earlier than what is known is old news: an export of last
        month, a delivery that comes twice. What a record does not tell stands as it is known: lists
        tell less of a thing than its own record does, and deliveries of a moment no fraction.

        Args:
            table: which table.
            rows: as for `add`; no two with the same key.
            snapshot: what was known before.
            given: the same rows with those columns alone that their records told of; all, if empty.
        """
        own = self._again(table, rows) or bool(self.files(table, tombstones=True))
        if own or snapshot.files(table):
            compared = [c.name for c in table.columns] + ["happened_at"]
            lacking, which = untold(compared, given)
            numbered = rows.select(compared).append_column("n", pa.array(range(rows.num_rows)))
            numbered = numbered.append_column("given", pa.array(which or [0] * rows.num_rows))
            known = self.known_sql(table, snapshot) if own else snapshot.current_sql(table)
            older = OLDER if "changed_at" in compared else "false"
            moments = coarse_moments(table)
            filled = ", ".join(
                filled_column(name, lacking.get(name, ()), coarse=name in moments)
                for name in compared
            )
            with snapshot.connect() as connection:
                connection.register("told", numbered)
                changed = connection.sql(
                    f"with known as ({known}), "  # noqa: S608 - names are declared
                    f"fresh as (select n, {filled} from told f left join known o "
                    f"on {same_rows('f', 'o', table.key)} where ({older}) is not true) "
                    f"select * from fresh f where not exists "
                    f"(select 1 from known o where {same_rows('f', 'o', compared)}) order by n"
                ).to_arrow_table()
            rows = rows.take(changed["n"])
            for name in {*lacking, *moments}:
                place = rows.schema.get_field_index(name)
                rows = rows.set_column(
                    place, rows.schema.field(place), changed[name].cast(rows.schema.types[place])
                )
        self.add(table, rows)
        return rows

    def bury_known(
        self, table: Table, told: Mapping[str, str], why: str, snapshot: Snapshot
    ) -> int:
        """Write tombstones for the rows that are there with these values of columns."""
        known = self.known_sql(table, snapshot)
        where = " and ".join(f"{name} = ?" for name in told)
        with snapshot.connect() as connection:
            found = connection.execute(
                f"select {', '.join(table.key)} from ({known}) where {where}",  # noqa: S608 - names are declared
                list(told.values()),
            ).to_arrow_table()
        self.bury(table, found, why)
        return int(found.num_rows)

    def bury_left(
        self, table: Table, owners: pa.Table, rows: pa.Table | None, snapshot: Snapshot
    ) -> int:
        """Write tombstones for rows that belonged to these owners and were not told again.

        Args:
            table: whose rows.
            owners: some columns of the table, by which rows belong to an owner.
            rows: those told again, if any.
            snapshot: what was known before.
        """
        known = self.known_sql(table, snapshot)
        told = (
            rows
            if rows is not None
            else pa.table({k: pa.array([], pa.string()) for k in table.key})
        )
        with snapshot.connect() as connection:
            connection.register("owners", owners)
            connection.register("told", told.select(list(table.key)))
            found = connection.sql(
                f"select {', '.join(table.key)} from ({known}) o where "  # noqa: S608 - names are declared
                f"exists (select 1 from owners w where {same_rows('w', 'o', owners.column_names)}) "
                f"and not exists (select 1 from told f where {same_rows('f', 'o', table.key)})"
            ).to_arrow_table()
        self.bury(table, found, "no longer there")
        return int(found.num_rows)

    def bury_unseen(
        self, table: Table, place: str, kind: str, seen: Collection[str], snapshot: Snapshot
    ) -> int:
        """Write tombstones for rows of a place that came from records of a kind, and from none of ``seen``.

        Of the place is what is named after it, and what runs of it told under other names.
        """
        known = self.known_sql(table, snapshot)
        own = self.known_sql(table, snapshot, subject=self.subject)
        with snapshot.connect() as connection:
            connection.register(
                "seen", pa.table({"source_key": pa.array(sorted(seen), pa.string())})
            )
            found = connection.execute(
                f"select {', '.join(table.key)} from ({known}) o where source = ? and (repo = ? or "  # noqa: S608 - likewise
                f"exists (select 1 from ({own}) w where {same_rows('w', 'o', table.key)})) "
                "and starts_with(source_key, ?) and source_key not in (select source_key from seen)",
                [self.source, place, f"{kind}:"],
            ).to_arrow_table()
        self.bury(table, found, "no longer there")
        return int(found.num_rows)

    def _again(self, table: Table, rows: pa.Table) -> bool:
        """Whether this run has written one of these keys before; eight bytes for each are kept."""
        columns = (rows[name].to_pylist() for name in table.key)
        keys = np.fromiter((hash(key) for key in zip(*columns, strict=True)), np.int64)
        earlier = self._keys.setdefault(table.name, [])
        again = any(bool(np.isin(keys, some).any()) for some in earlier)
        earlier.append(keys)
        return again

    @property
    def empty(self) -> bool:
        """Whether nothing has been written yet."""
        return not self._parts

    def tick(self) -> None:
        """What is written from here on is newer than what was written before."""
        self.seen_at += timedelta(microseconds=1)

    def commit(
        self, *, cursor: dict[str, Any], origin: str = "", replaces: bool = False
    ) -> RunRecord:
        """Write the record and rename it into place: from here on the run is visible.

        Raises:
            StoreError: the workspace cannot be written; nothing of the run is visible then.
        """
        final = self.store.runs / f"{self.sequence:06d}-{self._token}.json"
        with as_store_error(final):
            parts = tuple(self._on_disk(part) for part in self._parts)
            for folder in {(self.store.facts / p.file).parent for p in parts}:
                sync(folder)
            record = RunRecord(
                sequence=self.sequence,
                source=self.source,
                subject=self.subject,
                seen_at=self.seen_at,
                parts=parts,
                cursor=cursor,
                origin=origin,
                replaces=replaces,
            )
            temporary = final.with_suffix(".tmp")
            temporary.write_text(record.to_json() + "\n", "utf-8")
            sync(temporary)
            temporary.rename(final)
            sync(final.parent)
        return record

    def _on_disk(self, part: Part) -> Part:
        path = self.store.facts / part.file
        sync(path)
        return replace(part, bytes=path.stat().st_size)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True
