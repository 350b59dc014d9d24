"""The steps of one collection: what is new is read, what vanished is buried, the rest is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trueup.facts import change_lines, changes, commits, people, trailers
from trueup.facts.addresses import slug_of
from trueup.facts.parts import plain
from trueup.facts.schema import TABLES, Table
from trueup.kernel.errors import UsageError
from trueup.sources.git import derive, twins
from trueup.sources.git.columns import ODD, Reader
from trueup.sources.git.derive import Shape
from trueup.sources.git.entries import note_rows
from trueup.sources.git.history import History, read_history
from trueup.sources.git.hunks import hunk_rows
from trueup.sources.git.lines import Lines, as_text
from trueup.sources.git.log import LogOptions
from trueup.sources.git.naming import forge_of
from trueup.sources.git.partial import REMEMBERED
from trueup.sources.git.reading import MESSAGE_TABLES, Reading
from trueup.sources.git.repository import Repository, git_version, packed, remote_url
from trueup.sources.git.returns import return_rows
from trueup.sources.git.slices import Readers
from trueup.sources.git.tree import proper_identities, read_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from trueup.facts.snapshot import Snapshot
    from trueup.facts.store import RunWriter
    from trueup.kernel.clock import Clock

#: A history of more commits may be read in two parts, the newest first.
LONG = 60_000
#: Indexes of packs as large as this belong to a history that other processes read.
MUCH_PACKED = 4 << 20
#: Gaps that show when branches, files and releases are followed.
_FOLLOWED = ("git.missing-file", "git.not-compared")
_OWNERS = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_MAILMAP, _SKIPPED = ".mailmap", ".git-blame-ignore-revs"


@dataclass(frozen=True, slots=True)
class Request:
    """What to read of a repository.

    Args:
        branch: the default line; found by itself when empty.
        since: leave out older commits.
        lines: count added and deleted lines too (slower, see `LogOptions`).
        newest: of a long history that is new to us read only the commits of this last time.
        context: diff context for counting.
        workers: processes that read.
    """

    branch: str = ""
    since: datetime | None = None
    lines: bool = True
    newest: timedelta | None = None
    context: int = 0
    workers: int = 2


@dataclass
class Collected:
    """What a collection did; ``unread`` commits are left for another one, with the ``history``.

    ``host`` and ``path`` are those of the clone's remote, where it has one.
    """

    repo: str
    new_commits: int = 0
    unread: int = 0
    vanished: int = 0
    commits: int = 0
    level: str = "structure"
    unchanged: bool = False
    host: str = ""
    path: str = ""
    gaps: dict[str, tuple[int, int]] = field(default_factory=dict)
    history: History | None = field(default=None, repr=False, compare=False)


class Collection:
    """The steps of one collection, in order, with what they hand to each other."""

    def __init__(  # noqa: PLR0913, PLR0917 - the one place where everything comes together
        self,
        repository: Repository,
        writer: RunWriter,
        snapshot: Snapshot,
        lines: Lines,
        request: Request,
        measured: list[str],
        key: bytes,
        clock: Clock,
        progress: Callable[[str, int, int], None],
    ) -> None:
        self.repository = repository
        self.writer = writer
        self.repo = writer.subject
        self.snapshot = snapshot
        self.lines = lines
        self.request = request
        self.measured = measured
        self.key = key
        self.clock = clock
        self.progress = progress
        self.reading = Reading(
            repository=repository,
            writer=writer,
            tips=[x.sha for x in lines.all],
            slug=slug_of(remote_url(repository)),
            key=key,
            options=LogOptions(lines=request.lines, context=request.context),
            readers=Readers(request.workers),
            progress=progress,
        )
        self.gaps: dict[str, tuple[int, int]] = {}
        self.vanished = pa.array([], pa.string())

    def run(
        self,
        cursor: dict[str, Any],
        known: dict[str, Any],
        *,
        replaces: bool,
        read_before: History | None,
    ) -> Collected:
        """All steps, ending with the commit record; what was ``read_before`` need not be again."""
        with self.reading.readers as readers:
            if (not known or known.get("unread")) and packed(self.repository) > MUCH_PACKED:
                readers.start()
            history = self._history(read_before)
            shape = self._shape(history)
            known_before, vanished = self._compare(history)
            new = np.flatnonzero(~known_before)
            unread = 0
            if self.request.newest and len(new) > LONG:
                since = (shape.until - self.request.newest).timestamp()
                recent = new[history.times[new] >= since]
                new, unread = recent, len(new) - len(recent)
            upgrade = bool(known) and known["level"] == "structure" and self.request.lines
            old = np.flatnonzero(known_before) if upgrade else new[:0]
            same = bool(known) and not len(new) and not len(vanished)
            same = same and all(known.get(k) == cursor[k] for k in ("ends", "default"))
            self.reading.read(history, new, old, shape.prepare if not same else lambda: None)
        self._bury(vanished)
        if unread:
            cursor["unread"] = unread
            self.gaps["git.unread"] = (unread, len(history))
        if not self.reading.options.lines:
            self._give_up_lines()
        self._derive(shape, keep=same)
        if self.measured:
            self.writer.add(TABLES["hunks"], hunk_rows(shape, self._read_table, self.measured))
        level = "lines" if self.reading.options.lines else "structure"
        cursor |= {"level": level, "commits": len(history)}
        if missing := sorted(self.reading.missing.union(known.get("missing", ())))[:REMEMBERED]:
            cursor["missing"] = missing
        if self.request.lines and not self.reading.options.lines:
            cursor["no_blobs"] = True
        self.writer.commit(cursor=cursor, origin=str(self.repository.common_dir), replaces=replaces)
        left = history if unread else None
        gone = len(self.vanished)
        return Collected(
            self.repo, len(new), unread, gone, len(history), level, gaps=self.gaps, history=left
        )

    def _compare(self, history: History) -> tuple[NDArray[np.bool_], pa.ChunkedArray]:
        """Which commits are stored already, and which stored ones are no longer there."""
        stored = self._stored(commits.TABLE, ["sha"])["sha"]
        if not len(stored):
            return np.zeros(len(history), dtype=bool), stored
        ids = history.ids(np.arange(len(history)))
        known_before = pc.is_in(ids, stored).to_numpy(zero_copy_only=False)
        return known_before, stored.filter(pc.invert(pc.is_in(stored, ids)))

    def _stored(self, table: Table, columns: list[str]) -> pa.Table:
        return self.snapshot.of_subject(table, self.repo, columns)

    def _history(self, read_before: History | None) -> History:
        tips = tuple(sorted({x.sha for x in self.lines.all} | {t.sha for t in self.lines.tags}))
        if read_before is not None and read_before.tips == tips:
            return read_before
        self.progress("reading the shape of history", 0, 0)
        return read_history(self.repository, tips, self.request.since)

    def _bury(self, vanished: pa.ChunkedArray) -> None:
        self.vanished = pa.array(sorted(vanished.to_pylist()), pa.string())
        for name in (*MESSAGE_TABLES, "change_lines", "hunks") if len(vanished) else ():
            table = TABLES[name]
            keys = self.snapshot.of_subject(
                table, self.repo, table.key, among=("sha", self.vanished)
            )
            self.writer.bury(table, keys, "rewritten history")

    def _give_up_lines(self) -> None:
        """Lines are counted of all commits or of none: figures could not be compared otherwise."""
        counted = change_lines.TABLE
        if self.snapshot.files(counted, subject=self.repo):
            keys = self.snapshot.of_subject(counted, self.repo, counted.key)
            self.writer.bury(counted, keys, "lines were given up")

    def _derive(self, shape: Shape, *, keep: bool) -> None:
        """Everything that follows from the history as a whole; kept when only lines were counted."""
        if keep:
            told = self._stored(TABLES["gaps"], ["slug", "count", "total"]).to_pylist()
            kept = (row for row in told if row["slug"] in _FOLLOWED)
            self.gaps |= {row["slug"]: (row["count"], row["total"]) for row in kept}
        else:
            self._follow(shape)
        self._find_gaps(shape.history)
        self._replace("gaps", derive.gap_rows(shape, self.gaps))
        self._replace("repositories", derive.one_row(shape, "repositories", self._facts(shape)))

    def _follow(self, shape: Shape) -> None:
        self.progress("following branches and releases", 0, 0)
        self._replace("landings", derive.landing_rows(shape))
        self._replace("refs", derive.ref_rows(shape))
        self._replace("releases", derive.release_rows(shape), dated=True)
        self._replace("containments", derive.containment_rows(shape), dated=True)
        self.progress("reading files and release notes", 0, 0)
        hot = self._hot_paths(shape.until)
        files, lost = derive.file_rows(shape, hot)
        self._replace("files", files)
        if lost:
            self.gaps["git.missing-file"] = (lost, len(hot))
        self._replace("release_notes", note_rows(shape, self._read_table), dated=True)
        self.progress("looking for the same change on other branches", 0, 0)
        sought = twins.seek(shape, self._read_table)
        returned, unread = return_rows(shape, self._read_table)
        self._replace_links(twins.link_rows(shape, sought.same, sought.absent, returned))
        if sought.unsearched + unread:
            self.gaps["git.not-compared"] = (sought.unsearched + unread, sought.off + unread)
        self._people(shape)

    def _facts(self, shape: Shape) -> dict[str, Any]:
        return {
            "default_line": as_text(self.lines.default.name),
            "tip": self.lines.default.sha,
            "observed_until": shape.until,
            "level": "lines" if self.reading.options.lines else "structure",
            "commits": len(shape.history),
            "shallow": bool(self.repository.shallow),
            "context": self.request.context,
            "git_version": git_version(),
            "forge": forge_of(remote_url(self.repository)),
            "since": self.request.since,
        }

    def _shape(self, history: History) -> Shape:
        tip = history.find(self.lines.default.sha)
        if tip < 0:
            raise UsageError(
                f"the default branch {self.lines.default.name!r} has no commit since the date asked for",
                where=str(self.repository.path),
                remedy="Choose an earlier --since, or another --branch.",
            )
        until = self._until(history)
        return Shape(self.repo, self.repository, self.lines, history, tip, until)

    def _until(self, history: History) -> datetime:
        """The newest commit date that is not in the future."""
        now = int(self.clock().timestamp())
        past = history.times[history.times <= now]
        return datetime.fromtimestamp(int(past.max()) if len(past) else now, UTC)

    def _replace(self, name: str, rows: pa.Table, *, dated: bool = False) -> None:
        also = ("happened_at",) if dated else ()
        self.writer.replace(TABLES[name], rows, self.snapshot, also=also)

    def _replace_links(self, found: pa.Table) -> None:
        """Some links follow from the history as a whole; the others come with each commit."""
        table = TABLES["links"]
        whole = ("relation", pa.array(twins.RELATIONS))
        old = plain(self.snapshot.of_subject(table, self.repo, among=whole))
        key = [*table.key, "how", "confidence"]
        fresh = found.join(old.select(key), key, join_type="left anti")
        gone = old.select(key).join(found.select(key), key, join_type="left anti")
        order = [(k, "ascending") for k in table.key]
        self.writer.bury(table, gone.sort_by(order), "no longer found")
        self.writer.add(table, fresh.sort_by(order))

    def _read_table(
        self, table: Table, columns: list[str], among: tuple[str, pa.Array] | None = None
    ) -> pa.Table:
        """Rows of earlier runs, but for what vanished, and of this one."""
        needed = [*columns, *({"sha"} - {*columns} if len(self.vanished) else ())]
        old = plain(self.snapshot.of_subject(table, self.repo, needed, among=among))
        if len(self.vanished):
            gone = pc.is_in(old["sha"], self.vanished)
            old = old.filter(pc.invert(gone)).select(columns)
        found = [old]
        for file in self.writer.files(table):
            # Not through `pyarrow.dataset`, which takes the time to import pandas.
            part = plain(pq.ParquetFile(file).read(columns=[*{*columns, *(among or ())[:1]}]))
            if among:
                part = part.filter(pc.is_in(part[among[0]], among[1]))
            found.append(part.select(columns).cast(old.schema))
        return pa.concat_tables(found)

    def _hot_paths(self, until: datetime) -> set[str]:
        rows = self._read_table(changes.TABLE, ["path", "happened_at"])
        recent = rows.filter(
            pc.greater_equal(rows["happened_at"], pa.scalar(until - timedelta(days=730)))
        )
        counted = recent.group_by("path").aggregate([("path", "count")])
        counted = counted.filter(pc.greater_equal(counted["path_count"], 2))
        order = pc.sort_indices(counted, [("path_count", "descending"), ("path", "ascending")])
        return set(counted["path"].take(order[: derive.MOST_LOOKED_INTO]).to_pylist())

    def _people(self, shape: Shape) -> None:
        told = read_files(self.repository, self.lines.default.sha, (*_OWNERS, _MAILMAP, _SKIPPED))
        rules = next((told[place] for place in _OWNERS if place in told), b"")
        owning = Reader(self.repo, "", self.key)
        self._replace("owners", derive.owner_rows(shape, rules, owning))
        self._replace("set_aside", derive.set_aside_rows(shape, told.get(_SKIPPED, b"")))
        everyone = self._everyone(owning)
        pairs = list(everyone.values())
        proper = proper_identities(self.repository, told.get(_MAILMAP, b""), pairs)
        self._replace("people", derive.people_rows(shape, everyone, proper))

    def _everyone(self, owning: Reader) -> dict[str, tuple[str, str]]:
        """Name and address of each identity that the facts of this repository name."""
        before = self._stored(people.TABLE, ["identity", "name", "address"])
        columns = (before[c].to_pylist() for c in ("name", "address", "identity"))
        known = [((name, address), who) for name, address, who in zip(*columns, strict=True)]
        by_identity: dict[str, tuple[str, str]] = {}
        for pair, who in (*known, *self.reading.people.items(), *owning.people.items()):
            by_identity[who] = min(pair, by_identity.get(who, pair))  # spellings of one address
        named = self._read_table(commits.TABLE, ["author", "committer"])
        named_by = self._read_table(trailers.TABLE, ["actor"])
        used = set(owning.people.values())
        for column in (named["author"], named["committer"], named_by["actor"]):
            used.update(pc.unique(column).to_pylist())
        return {who: by_identity[who] for who in sorted(used & by_identity.keys())}

    def _find_gaps(self, history: History) -> None:
        """What could not be read, in this run or in those before."""
        if self.repository.shallow:
            self.gaps["git.shallow"] = (len(self.repository.shallow), len(history))
        if self.reading.options.lines:
            counted = self._read_table(change_lines.TABLE, ["counted"])["counted"]
            lost = pc.sum(pc.equal(counted, "unreadable")).as_py() or 0
        else:
            counted = self._read_table(changes.TABLE, ["kind"])["kind"]
            lost = len(counted) if self.request.lines else 0
        if lost:
            self.gaps["git.missing-blob"] = (lost, len(counted))
        dates = self._read_table(commits.TABLE, ["authored_at", "happened_at"])
        limits = pa.array(ODD, pa.int64()).cast(pa.timestamp("s", "UTC"))
        odd = [
            pc.is_in(pc.cast(dates[c], limits.type, safe=False), limits) for c in dates.column_names
        ]
        if count := pc.sum(pc.or_(*odd)).as_py():
            self.gaps["git.odd-dates"] = (count, len(history))
