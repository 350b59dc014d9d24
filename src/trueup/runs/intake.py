"""Taking in records: which source and kind each is of, what of it is new, what could not be read."""

from __future__ import annotations

import copy
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from trueup.facts.rows import UNREADABLE, OddRecordError, Rows, UnplacedError, as_table
from trueup.facts.schema import TABLES
from trueup.kernel.errors import ExportError
from trueup.runs.kinds import known_as, readers, turn_of
from trueup.runs.raw import RawRecords
from trueup.transport.exports import read_exports

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from trueup.facts.schema import Table
    from trueup.facts.store import RunWriter, Snapshot, Store
    from trueup.kernel.clock import Clock
    from trueup.kernel.sources import RecordKind, Source
    from trueup.runs.kinds import Kinds
    from trueup.transport.documents import Exported

#: So many rows are gathered before they are written.
BATCH = 20_000
#: Or so many numbers and texts in lists of theirs.
LISTED = 1_000_000
_ID = re.compile(r"[A-Za-z0-9_=:.-]{1,80}")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,30}")
#: So many problems are told one by one.
TOLD = 20


def _item(kind: str, key: str) -> Callable[[pa.Table], pa.Table]:
    def owners(rows: pa.Table) -> pa.Table:
        kinds = pa.array([kind] * rows.num_rows, pa.string())
        columns = [rows["repo"], kinds, rows[key], rows["source_key"]]
        return pa.table(columns, names=["repo", "item_kind", "item", "source_key"])

    return owners


def _target(rows: pa.Table) -> pa.Table:
    """Links that lead to an issue, and were told by it: trackers show a link on both sides."""
    kinds = pa.array(["issue"] * rows.num_rows, pa.string())
    columns = [kinds, rows["key"], rows["source_key"]]
    return pa.table(columns, names=["target_kind", "target", "source_key"])


#: What belongs to something that changed, and came from the same record: told anew, or gone.
PARTS: tuple[tuple[str, str, Callable[[pa.Table], pa.Table]], ...] = (
    ("issues", "item_links", _item("issue", "key")),
    ("issues", "item_links", _target),
    ("requests", "item_links", _item("request", "number")),
    ("requests", "request_commits", lambda r: r.select(["repo", "number", "source_key"])),
)
#: What belongs to an issue and goes with it.
OF_ISSUES = {
    "issue_events": ("repo", "key"),
    "comments": ("repo", "key"),
    "worklogs": ("repo", "key"),
    "item_links": ("repo", "item"),
}


@dataclass
class Taken:
    """What became of the records of a source.

    Attributes:
        records: read and understood, by kind.
        rows: written because they are new or have changed.
        problems: place and reason of those that were not; the first of them.
        unread: how many were not understood.
        gone: rows that are no longer there at the source.
        unknown_fields: fields nobody knows, by kind and name.
        unknown_values: values that became `other`, by field and value.
        remarks: what was read and is doubtful, by what it is.
    """

    source: str
    records: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    unread: int = 0
    gone: int = 0
    problems: list[str] = field(default_factory=list)
    unknown_fields: Counter[str] = field(default_factory=Counter)
    unknown_values: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)


def take_exports(  # noqa: PLR0913, PLR0917 - what is read, where it goes, and what is said of it
    path: Path,
    store: Store,
    key: bytes,
    clock: Clock,
    progress: Callable[[str, int, int], None],
    about: Mapping[str, str] | None = None,
    mappings: Kinds | None = None,
) -> list[Taken]:
    """Take in all records of exported files, each by the source it comes from, or as mappings say.

    Args:
        path: the file, archive or folder.
        store: where facts go.
        key: of the pseudonyms.
        clock: tells when they were read.
        progress: called with a stage, how many records, and 0.
        about: what the reader says of them: their repository (`place`) and commit (`sha`).
        mappings: what else says which kind a record is of.

    Raises:
        ExportError: there is no such file, or nothing in it is known, or nobody says what it is of.
    """
    if not path.exists():
        raise ExportError.missing(str(path))
    open_: dict[str, Intake] = {}
    strange: dict[tuple[str, str], list[int]] = {}
    told = _Told(about or {}, store)
    with store.writing():
        for found in read_exports(path, *readers(), turn=turn_of):
            known, problem = known_as(found, mappings)
            if known is None:
                strange.setdefault((found.place, problem), []).append(found.number)
                continue
            source, kind = known
            if source.name not in open_:
                subject = f"files:{path.resolve().name}"
                open_[source.name] = Intake(source, store, subject, key, clock, progress)
            try:
                open_[source.name].take(kind, told.beside(source, found))
            except UnplacedError as error:
                raise ExportError.unplaced(found.place, told.repositories) from error
        problems = [
            (f"{place} record {numbers[0]}{_more(numbers)}: {problem}", len(numbers))
            for (place, problem), numbers in strange.items()
        ]
        if not open_:
            raise ExportError.nothing(str(path), [problem for problem, _ in problems])
        problems += [(problem, 0) for problem in (mappings.unmet() if mappings else ())]
        for problem, count in problems:
            next(iter(open_.values())).miss(problem, count)
        return [intake.save(str(path.resolve())) for intake in open_.values()]


class _Told:
    """What is said of exported records beside what they say themselves."""

    def __init__(self, about: Mapping[str, str], store: Store) -> None:
        self._about = {name: value for name, value in about.items() if value}
        self._store = store

    @cached_property
    def repositories(self) -> list[str]:
        """The repositories of the workspace."""
        known = self._store.snapshot().table(TABLES["repositories"])
        return sorted(set(known["repo"].to_pylist()))

    @cached_property
    def _alone(self) -> dict[str, str]:
        """The repository that reports are of when nobody says anything: the only one there is."""
        if "place" in self._about or len(self.repositories) != 1:
            return {}
        return {"place": self.repositories[0], "assumed": "yes"}

    def beside(self, source: Source, found: Exported) -> Exported:
        """A record with that; sources with an interface know themselves what a record is of."""
        said = self._about if source.interface else self._alone | self._about
        return replace(found, about={**(found.about or {}), **said}) if said else found


def _more(numbers: list[int]) -> str:
    return f" and {len(numbers) - 1} more of it" if len(numbers) > 1 else ""


class Intake:
    """One run of one source, fed with records."""

    def __init__(
        self,
        source: Source,
        store: Store,
        subject: str,
        key: bytes,
        clock: Clock,
        progress: Callable[[str, int, int], None],
    ) -> None:
        self.taken = Taken(source.name)
        self._source = source
        self._store = store
        self._subject = subject
        self._clock = clock
        self._rows = Rows(key)
        self._progress = progress
        self._begin()
        before = self._snapshot.latest(source.name, subject)
        known = before.cursor if before else {}
        self.state: dict[str, Any] = copy.deepcopy(known.get("_state", {}))
        self._rows.words |= known.get("_words", {})
        self._digest = int(known.get("digest", "0"), 16)
        self._saved = (known.get("_state"), known.get("_words", {}))
        self.seen: set[str] | None = None
        now, days = clock(), store.keep_raw
        self._raw = RawRecords(store.workspace, source.name, days, now) if days else None

    def _begin(self) -> None:
        self._snapshot: Snapshot = self._store.snapshot()
        self._writer: RunWriter = self._store.begin(self._source.name, self._subject, self._clock)

    def take(self, kind: RecordKind, found: Exported) -> None:
        """One record: all its rows, or a problem."""
        record = found.record or {}
        try:
            written = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
        except TypeError as error:  # texts and numbers that cannot be written
            self.miss(f"{found.place} record {found.number}: {_reason(error)}")
            return
        raw = hashlib.sha256(written).hexdigest()
        own = self._own(kind, found, record, raw)
        self._rows.begin(f"{kind.name}:{own}", raw, found.asked, found.about)
        if self.seen is not None:
            self.seen.add(f"{kind.name}:{own}")
        try:
            kind.to_facts(record, self._rows)
        except UnplacedError:
            raise
        except UNREADABLE as error:
            self._rows.drop()
            self.miss(f"{found.place} record {found.number}: {_reason(error)}")
            return
        self.taken.records[kind.name] += 1
        if self._raw is not None:
            self._raw.add(kind.name, raw, record)
        for name in () if kind.free else record.keys() - kind.known:
            self.taken.unknown_fields[f"{kind.name}.{name}"] += 1
        if self._rows.count >= BATCH or self._rows.listed >= LISTED:
            self._write()

    def _own(self, kind: RecordKind, found: Exported, record: Mapping[str, Any], raw: str) -> str:
        """What tells a record from others of its kind."""
        about = found.about or {}
        number = found.number if self._source.interface or not kind.whole else raw[:16]
        own = str(record.get(kind.own) or record.get("sha") or number)
        # An odd one may hold anything; what stands for it is the same when the record changes.
        own = own if _ID.fullmatch(own) else self._rows.sealed(own)
        if kind.listing and kind.listing.shared and (of := str(about.get("number") or "")):
            own = f"{own}.{hashlib.sha256(of.encode()).hexdigest()[:16]}"
        return f"{str(about['file'])[:16]}.{own}" if about.get("file") else own

    def all_told(self, kind: RecordKind, place: str) -> None:
        """All records of a kind were told: what came from others, that were not seen, is gone."""
        self._write()
        for name in sorted(set(kind.writes)):
            gone = self._writer.bury_unseen(
                TABLES[name], place, kind.name, self.seen or (), self._snapshot
            )
            self.taken.gone += gone
        self._writer.tick()

    def miss(self, problem: str, count: int = 1) -> None:
        """Records that could not be read."""
        self.taken.unread += count
        if len(self.taken.problems) < TOLD:
            self.taken.problems.append(problem)

    def save(self, origin: str) -> Taken:
        """Write what is left and make it visible; what follows belongs to the next run."""
        self._write()
        self.taken.rows += self._update(
            TABLES["people"], self._rows.people(self._source.name)
        ).num_rows
        for (name, value), count in self._rows.unknown_values.items():
            told = value if _WORD.fullmatch(value) else "(a text)"
            self.taken.unknown_values[f"{name}={told}"] += count
        self._rows.unknown_values.clear()
        self.taken.remarks += self._rows.remarks
        self._rows.remarks.clear()
        read = sum(self.taken.records.values())
        if self.taken.unread or not self.state:
            # What an interface told once and could not be read is not told again.
            self._replace_gap(read + self.taken.unread)
        if self._writer.empty and self._saved == (self.state, self._rows.words):
            return self.taken
        self._writer.commit(
            cursor={
                "digest": f"{self._digest:064x}",
                "version": self._source.version,
                "_records": dict(sorted(self.taken.records.items())),
                "_state": self.state,
                "_words": self._rows.words,
                "_unknown_fields": dict(self.taken.unknown_fields.most_common(200)),
                "_unknown_values": dict(self.taken.unknown_values.most_common(200)),
                "_remarks": dict(self.taken.remarks.most_common(200)),
                "_problems": self.taken.problems,
            },
            origin=origin,
        )
        self._saved = copy.deepcopy((self.state, self._rows.words))
        self._begin()
        return self.taken

    def _write(self) -> None:
        told, changed = {}, {}
        for table, given in self._rows.newest():
            told[table.name] = as_table(table, given)
            changed[table.name] = self._update(table, told[table.name], given)
            self.taken.rows += changed[table.name].num_rows
        self._writer.tick()
        for owner, part, columns in PARTS:
            if owner in changed and changed[owner].num_rows:
                self.taken.gone += self._writer.bury_left(
                    TABLES[part], columns(changed[owner]), told.get(part), self._snapshot
                )
        for table, why, key in self._rows.graves():
            self._bury(table, why, key)
        self._writer.tick()
        if self._raw is not None:
            self._raw.save()
        self._progress("reading records", sum(self.taken.records.values()), 0)

    def _bury(self, table: Table, why: str, key: Mapping[str, str]) -> None:
        """What is said to be gone, and what belongs to it: an issue goes with all that was said of it."""
        gone = self._writer.bury_known(table, key, why, self._snapshot)
        self.taken.gone += gone
        for part, columns in OF_ISSUES.items() if gone and table.name == "issues" else ():
            whose = dict(zip(columns, key.values(), strict=True))
            whose |= {"item_kind": "issue"} if part == "item_links" else {}
            self.taken.gone += self._writer.bury_known(TABLES[part], whose, why, self._snapshot)

    def _update(
        self, table: Table, rows: pa.Table, given: Sequence[Mapping[str, Any]] = ()
    ) -> pa.Table:
        """Write what is new; the digest is a sum, so that it does not depend on when a run ended."""
        if not rows.num_rows:
            return rows
        written = self._writer.update(table, rows, self._snapshot, given)
        for raw in written["raw_sha256"].to_pylist() if table.name != "people" else ():
            self._digest = (self._digest + int(raw, 16)) % (1 << 256)
        return written

    def _replace_gap(self, total: int) -> None:
        row = {"repo": self._subject, "slug": "records.unread", "count": self.taken.unread}
        row |= {"total": total, "source_key": "", "raw_sha256": ""}
        row["happened_at"] = self._writer.seen_at
        rows = as_table(TABLES["gaps"], [row] if self.taken.unread else [])
        self._writer.replace(TABLES["gaps"], rows, self._snapshot)


def _reason(error: Exception) -> str:
    """Why, without any value: it may be a text of people."""
    if isinstance(error, KeyError):
        return f"the field {error.args[0]!r} is missing"
    if isinstance(error, OddRecordError):
        return str(error)
    return f"a field holds something of another form than expected ({type(error).__name__})"
