"""One collection of one repository: what is new is read, what vanished is buried, the rest is kept."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from trueup.facts import changes, commits, people
from trueup.facts.pseudonyms import key_id
from trueup.facts.schema import TABLES, Table
from trueup.facts.store import plain
from trueup.kernel.errors import CorruptRepositoryError, UsageError
from trueup.sources.git import derive, twins
from trueup.sources.git.columns import Reader
from trueup.sources.git.derive import Shape
from trueup.sources.git.history import History, read_history
from trueup.sources.git.lines import Lines, read_lines
from trueup.sources.git.log import LogOptions
from trueup.sources.git.repository import (
    Repository,
    failure,
    git_version,
    open_repository,
    remote_url,
)
from trueup.sources.git.slices import Outcome, Slice, cut, read_slices
from trueup.sources.git.tree import proper_identities, read_file
from trueup.transport.processes import streaming

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trueup.facts.store import RunWriter, Snapshot, Store
    from trueup.kernel.clock import Clock

SOURCE = "git"
#: Goes up when the same repository would give other facts; then everything is read anew.
PARSER = 1
#: So many missing blobs can be stood in for; with more, line counts are not worth having.
STAND_INS = 20_000

_MESSAGE_TABLES = ("commits", "trailers", "links", "changes")
Progress = "Callable[[str, int, int], None]"


@dataclass(frozen=True, slots=True)
class Request:
    """What to read of a repository.

    Args:
        branch: the default line; found by itself when empty.
        since: leave out older commits.
        lines: count added and deleted lines too (slower, see `LogOptions`).
        context: diff context for counting.
        workers: processes that read.
    """

    branch: str = ""
    since: datetime | None = None
    lines: bool = True
    context: int = 0
    workers: int = 2


@dataclass
class Collected:
    """What a collection did."""

    repo: str
    new_commits: int = 0
    vanished: int = 0
    commits: int = 0
    level: str = "structure"
    unchanged: bool = False
    gaps: dict[str, tuple[int, int]] = field(default_factory=dict)


def collect(
    path: Path,
    store: Store,
    request: Request,
    key: bytes,
    clock: Clock,
    *,
    progress: Callable[[str, int, int], None],
) -> Collected:
    """Read what is new in a repository and commit it as one run.

    Only under `store.writing()`.

    Raises:
        GitError: the repository cannot be read; nothing is written then.
        StoreError: the workspace cannot be written; the run is not visible then.
    """
    repository = open_repository(path)
    try:
        lines = read_lines(repository, request.branch)
        snapshot = store.snapshot()
        repo = repository_id(repository, snapshot)
        before = snapshot.latest(SOURCE, repo)
        cursor = _cursor(lines, request, key)
        known = before.cursor if before else {}
        fresh = not known or any(known.get(k) != cursor[k] for k in ("parser", "_key", "since"))
        if not fresh:
            done = known["level"] == "lines" or not request.lines or known.get("no_blobs")
            same = {k: v for k, v in known.items() if k in cursor and k != "level"}
            if done and same == {k: v for k, v in cursor.items() if k != "level"}:
                return Collected(
                    repo, commits=known["commits"], level=known["level"], unchanged=True
                )
            if known["level"] == "lines":
                request = replace(request, lines=True)
        return _Collection(
            repository, store, request, key, clock, progress, lines, snapshot, repo
        ).run(cursor, known if not fresh else {}, replaces=fresh and bool(known))
    finally:
        repository.close()


def repository_id(repository: Repository, snapshot: Snapshot) -> str:
    """`owner/name` of its remote, or the name of its folder; told apart when two are alike."""
    name = slug_of(remote_url(repository)) or _folder(repository)
    origin = str(repository.common_dir)
    taken = {r.subject: r.origin for r in snapshot.records if r.source == SOURCE}
    candidate, number = name, 2
    while candidate in taken and taken[candidate] != origin:
        candidate, number = f"{name}~{number}", number + 1
    return candidate


def slug_of(url: str) -> str:
    """The last two parts of a remote address.

    >>> slug_of("git@forge.example:acme/checkout.git"), slug_of("/srv/git/x.git")
    ('acme/checkout', '')
    """
    match = re.match(r"(?:\w[\w+.-]*://[^/]+/|[\w.-]+@[\w.-]+:)(.+?)(?:\.git)?/?$", url)
    if match is None:
        return ""
    parts = [p for p in match[1].split("/") if p]
    return "/".join(parts[-2:]) if len(parts) > 1 else ""


def _folder(repository: Repository) -> str:
    place = repository.common_dir
    if place.name == ".git":
        place = place.parent
    name = place.name.removesuffix(".git") or "repository"
    return name.encode("utf-8", "replace").decode()


def _cursor(lines: Lines, request: Request, key: bytes) -> dict[str, Any]:
    ends = sorted((x.name, x.kind, x.sha) for x in lines.all)
    tags = sorted((t.name, t.sha) for t in lines.tags)
    digest = hashlib.sha256(repr((ends, tags)).encode("utf-8", "surrogateescape")).hexdigest()
    return {
        "ends": digest,
        "default": lines.default.sha,
        "since": request.since.isoformat() if request.since else "",
        "parser": PARSER,
        "level": "lines" if request.lines else "structure",
        "_key": key_id(key),
    }


class _Collection:
    """The steps of one collection, in order, with what they hand to each other."""

    def __init__(  # noqa: PLR0913, PLR0917 - the one place where everything comes together
        self,
        repository: Repository,
        store: Store,
        request: Request,
        key: bytes,
        clock: Clock,
        progress: Callable[[str, int, int], None],
        lines: Lines,
        snapshot: Snapshot,
        repo: str,
    ) -> None:
        self.repository = repository
        self.request = request
        self.key = key
        self.clock = clock
        self.progress = progress
        self.lines = lines
        self.snapshot = snapshot
        self.repo = repo
        self.writer: RunWriter = store.begin(SOURCE, repo, clock)
        self.options = LogOptions(lines=request.lines, context=request.context)
        self.people: dict[tuple[str, str], str] = {}
        self.gaps: dict[str, tuple[int, int]] = {}
        self.missing: frozenset[str] = frozenset()

    def run(self, cursor: dict[str, Any], known: dict[str, Any], *, replaces: bool) -> Collected:
        """All steps, ending with the commit record."""
        if replaces or not known:
            self.snapshot = type(self.snapshot)(self.snapshot.store, [])
        history = self._history()
        stored = set(self.snapshot.of_subject(commits.TABLE, self.repo, ["sha"])["sha"].to_pylist())
        shas = [history.sha(i) for i in range(len(history))]
        new = [s for s in shas if s not in stored]
        upgrade = bool(known) and known["level"] == "structure" and self.request.lines
        old = [s for s in shas if s in stored] if upgrade else []
        self._read(new, old)
        vanished = self._bury(stored.difference(shas))
        self._derive(history)
        level = "lines" if self.options.lines else "structure"
        cursor |= {"level": level, "commits": len(history)}
        if self.request.lines and not self.options.lines:
            cursor["no_blobs"] = True
        self.writer.commit(cursor=cursor, origin=str(self.repository.common_dir), replaces=replaces)
        return Collected(self.repo, len(new), vanished, len(history), level, gaps=self.gaps)

    def _history(self) -> History:
        self.progress("reading the shape of history", 0, 0)
        tips = {x.sha for x in self.lines.all} | {t.sha for t in self.lines.tags}
        return read_history(self.repository, sorted(tips), self.request.since)

    def _read(self, new: list[str], old: list[str]) -> None:
        """Read commits that are new, and count lines of those that were read without."""
        total = len(new) + len(old)
        tasks = [self._slice(shas, ()) for shas in cut(new, self.request.workers)] if new else []
        lines_only = ("commits", "trailers", "links", "changes")
        if old:
            tasks += [self._slice(shas, lines_only) for shas in cut(old, self.request.workers)]
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self.progress("reading commits", done, total)

        advance(0)
        outcomes = read_slices(tasks, self.request.workers, advance)
        if any(o.code for o in outcomes):
            tasks, outcomes = self._read_again(tasks, outcomes, advance)
        self._adopt(tasks, outcomes)

    def _slice(self, shas: bytes, without: tuple[str, ...]) -> Slice:
        names = [*_MESSAGE_TABLES, *(["change_lines"] if self.options.lines else [])]
        parts = {n: self.writer.part_path(TABLES[n]) for n in names if n not in without}
        return Slice(
            repository=self.repository,
            shas=shas,
            options=self.options,
            reader=Reader(
                repo=self.repo,
                slug=slug_of(remote_url(self.repository)),
                key=self.key,
                boundary=self.repository.shallow,
                missing=self.missing,
                lines_only="commits" in without,
            ),
            parts=parts,
            seen_at=self.writer.seen_at,
        )

    def _read_again(
        self, tasks: list[Slice], outcomes: list[Outcome], advance: Callable[[int], None]
    ) -> tuple[list[Slice], list[Outcome]]:
        """Stand in for missing blobs; where there are too many, or that fails, count no lines."""
        failed = [i for i, o in enumerate(outcomes) if o.code]
        self._discard([tasks[i] for i in failed])
        advance(-sum(outcomes[i].commits for i in failed))
        missing = missing_objects(self.repository, [x.sha for x in self.lines.all])
        if missing and len(missing) <= STAND_INS:
            stand_in(self.repository, missing)
            self.missing = frozenset(missing)
            again = [self._slice(tasks[i].shas, _without(tasks[i])) for i in failed]
            read = read_slices(again, self.request.workers, advance)
            for i, task, outcome in zip(failed, again, read, strict=True):
                tasks[i], outcomes[i] = task, outcome
            if not any(o.code for o in read):
                return tasks, outcomes
        self._discard(tasks)
        self.options = LogOptions(lines=False, renames=False)
        plainly = [self._slice(t.shas, _without(t)) for t in tasks if "commits" in t.parts]
        told = read_slices(plainly, self.request.workers, advance)
        for outcome in told:
            if outcome.code:
                raise failure("log", outcome.code, outcome.err, str(self.repository.path))
        count = sum(o.rows.get("changes", 0) for o in told)
        self.gaps["git.missing-blob"] = (count, count)
        return plainly, told

    def _discard(self, tasks: list[Slice]) -> None:
        for task in tasks:
            for path in task.parts.values():
                path.unlink(missing_ok=True)

    def _adopt(self, tasks: list[Slice], outcomes: list[Outcome]) -> None:
        expected = sum(t.shas.count(b"\n") for t in tasks)
        found = sum(o.commits for o in outcomes)
        if found != expected:
            raise CorruptRepositoryError(
                f"git listed {expected} commits but printed {found}",
                where=str(self.repository.path),
                remedy="Run `git fsck` there; was it written to while it was read? Then scan again.",
            )
        for task, outcome in zip(tasks, outcomes, strict=True):
            self.people |= outcome.people
            for name, path in task.parts.items():
                self.writer.adopt(TABLES[name], path, outcome.rows.get(name, 0))
        unreadable = sum(o.unreadable for o in outcomes)
        if unreadable:
            total = sum(o.rows.get("change_lines", 0) for o in outcomes)
            self.gaps["git.missing-blob"] = (unreadable, total)
        if odd := sum(o.odd_dates for o in outcomes):
            self.gaps["git.odd-dates"] = (odd, found)

    def _bury(self, vanished: set[str]) -> int:
        if vanished:
            gone = pa.array(sorted(vanished), pa.string())
            for name in ("commits", "trailers", "links", "changes", "change_lines"):
                table = TABLES[name]
                rows = plain(self.snapshot.of_subject(table, self.repo, list(table.key)))
                self.writer.bury(
                    table, rows.filter(pc.is_in(rows["sha"], gone)), "rewritten history"
                )
        return len(vanished)

    def _derive(self, history: History) -> None:
        """Everything that follows from the history as a whole."""
        tip = history.find(self.lines.default.sha)
        if tip < 0:
            raise UsageError(
                f"the default branch {self.lines.default.name!r} has no commit since the date asked for",
                where=str(self.repository.path),
                remedy="Choose an earlier --since, or another --branch.",
            )
        now = int(self.clock().timestamp())
        past = history.times[history.times <= now]
        until = datetime.fromtimestamp(int(past.max()) if len(past) else now, UTC)
        self.progress("following branches and releases", 0, 0)
        shape = Shape(self.repo, self.repository, self.lines, history, tip, until)
        self._replace("landings", derive.landing_rows(shape))
        self._replace("refs", derive.ref_rows(shape))
        self._replace("releases", derive.release_rows(shape))
        self._replace("containments", derive.containment_rows(shape))
        self.progress("reading files and release notes", 0, 0)
        hot = self._hot_paths(until)
        files, lost = derive.file_rows(shape, hot)
        self._replace("files", files)
        if lost:
            self.gaps["git.missing-file"] = (lost, len(hot))
        self._replace("release_notes", derive.note_rows(shape))
        self.progress("looking for the same change on other branches", 0, 0)
        found, unsearched = twins.twin_rows(shape, self._read_table)
        self._replace_links(found)
        if unsearched[0]:
            self.gaps["git.not-compared"] = unsearched
        self._people(shape)
        if self.repository.shallow:
            self.gaps["git.shallow"] = (len(self.repository.shallow), len(history))
        self._replace("gaps", derive.gap_rows(shape, self.gaps))
        facts = {
            "default_line": self.lines.default.name.encode("utf-8", "replace").decode(),
            "tip": self.lines.default.sha,
            "observed_until": until,
            "level": "lines" if self.options.lines else "structure",
            "commits": len(history),
            "shallow": bool(self.repository.shallow),
            "context": self.request.context,
            "git_version": git_version(),
            "forge": _forge(remote_url(self.repository)),
            "since": self.request.since,
        }
        self._replace("repositories", derive.one_row(shape, "repositories", facts))

    def _replace(self, name: str, rows: pa.Table) -> None:
        self.writer.replace(TABLES[name], rows, self.snapshot)

    def _replace_links(self, found: pa.Table) -> None:
        """Links to the same change elsewhere follow from the history as a whole; others do not."""
        table = TABLES["links"]
        old = plain(self.snapshot.of_subject(table, self.repo))
        old = old.filter(pc.equal(old["relation"], "same_change"))
        key = list(table.key)
        fresh = found.join(old.select(key), key, join_type="left anti")
        gone = old.select(key).join(found.select(key), key, join_type="left anti")
        self.writer.add(table, fresh)
        self.writer.bury(table, gone, "no longer found")

    def _read_table(self, table: Table, columns: list[str]) -> pa.Table:
        """Rows of earlier runs and of this one."""
        old = plain(self.snapshot.of_subject(table, self.repo, columns))
        files = self.writer.files(table)
        if not files:
            return old
        new = plain(ds.dataset(files).to_table(columns=columns))
        return pa.concat_tables([old, new.cast(old.schema)])

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
        tip = self.lines.default.sha
        places = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
        reader = Reader(self.repo, "", self.key, people=self.people)
        rules = read_file(self.repository, tip, *places)
        self._replace("owners", derive.owner_rows(shape, rules, reader))
        skipped = read_file(self.repository, tip, ".git-blame-ignore-revs")
        self._replace("set_aside", derive.set_aside_rows(shape, skipped))
        before = self.snapshot.of_subject(people.TABLE, self.repo, ["name", "address"])
        known = zip(before["name"].to_pylist(), before["address"].to_pylist(), strict=True)
        everyone = sorted(self.people.keys() | set(known))
        mailmap = read_file(self.repository, tip, ".mailmap")
        proper = proper_identities(self.repository, mailmap, everyone)
        found = derive.people_rows(shape, everyone, proper, reader)
        self.writer.replace(people.TABLE, found, self.snapshot)


def missing_objects(repository: Repository, tips: list[str]) -> list[str]:
    """Ids of objects that are reachable from the tips but not there."""
    command = repository.git("rev-list", "--objects", "--missing=print", "--stdin")
    found = []
    with streaming(command, given="\n".join(tips).encode() + b"\n", env=repository.env) as running:
        left = b""
        while chunk := running.out.read(1 << 20):
            *listed, left = (left + chunk).split(b"\n")
            found += [x[1:].decode() for x in listed if x.startswith(b"?")]
    return sorted(set(found))


def stand_in(repository: Repository, missing: list[str]) -> None:
    """Put an empty blob in the place of each missing object, in the scratch twin only."""
    empty = repository.run("hash-object", "-w", "--stdin").out.decode().strip()
    lines = "".join(f"{empty} refs/replace/{sha}\n" for sha in missing)
    (repository.scratch / "packed-refs").write_text(
        "# pack-refs with: peeled fully-peeled sorted \n" + lines
    )


def _without(task: Slice) -> tuple[str, ...]:
    return tuple(n for n in _MESSAGE_TABLES if n not in task.parts)


def _forge(url: str) -> str:
    for name in ("github", "gitlab", "bitbucket", "gitea", "codeberg", "gerrit"):
        if name in url.lower():
            return name
    return ""
