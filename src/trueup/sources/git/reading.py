"""Reading the commits a run needs: in slices, again where contents are missing, then adopted whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trueup.facts.schema import TABLES
from trueup.kernel.errors import CorruptRepositoryError
from trueup.sources.git.columns import Reader
from trueup.sources.git.log import LogOptions
from trueup.sources.git.partial import STAND_INS, missing_objects, objects_named, stand_in
from trueup.sources.git.repository import failure
from trueup.sources.git.slices import Outcome, Readers, Slice, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from trueup.facts.store import RunWriter
    from trueup.sources.git.history import History
    from trueup.sources.git.repository import Repository

MESSAGE_TABLES = ("commits", "trailers", "links", "changes")


@dataclass
class Reading:
    """How the commits of one run are read, and what was met on the way.

    Args:
        tips: where the branches end; what is missing is looked for below them.
        slug: owner and name at the forge, empty where unknown.
        key: for pseudonyms.
        options: what to read of each commit; lines are given up where too much is missing.
        readers: processes that read.
        progress: called with what is done, how much of it, and of how much.
    """

    repository: Repository
    writer: RunWriter
    tips: Iterable[str]
    slug: str
    key: bytes
    options: LogOptions
    readers: Readers
    progress: Callable[[str, int, int], None]
    missing: frozenset[str] = frozenset()
    people: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(
        self,
        history: History,
        new: NDArray[np.int64],
        old: NDArray[np.int64],
        meanwhile: Callable[[], None],
    ) -> None:
        """Read commits that are new, and count lines of those that were read without.

        What is to be done ``meanwhile`` is done only where other processes read.

        Raises:
            CorruptRepositoryError: git prints fewer commits than it listed.
        """
        total = len(new) + len(old)
        workers = self.readers.workers
        tasks = [self._slice(history.lines(part), ()) for part in cut(new, workers)]
        tasks += [self._slice(history.lines(part), MESSAGE_TABLES) for part in cut(old, workers)]
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self.progress("reading commits", done, total)

        advance(0)
        outcomes = self.readers.read(tasks, advance, meanwhile)
        if any(o.code for o in outcomes):
            tasks, outcomes = self._read_again(tasks, outcomes, advance)
        self._adopt(tasks, outcomes)

    def _slice(self, shas: bytes, without: tuple[str, ...]) -> Slice:
        names = [*MESSAGE_TABLES, *(["change_lines"] if self.options.lines else [])]
        parts = {n: self.writer.part_path(TABLES[n]) for n in names if n not in without}
        return Slice(
            repository=self.repository,
            shas=shas,
            options=self.options,
            reader=Reader(
                repo=self.writer.subject,
                slug=self.slug,
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
        _discard([tasks[i] for i in failed])
        advance(-sum(outcomes[i].commits for i in failed))
        missing = missing_objects(self.repository, self.tips)
        named = (objects_named(outcomes[i].err) for i in failed)  # there, but damaged
        self.missing = frozenset(missing.union(*named))
        if self.missing and len(self.missing) <= STAND_INS:
            stand_in(self.repository, self.missing)
            again = [self._slice(tasks[i].shas, _without(tasks[i])) for i in failed]
            read = self.readers.read(again, advance)
            for i, task, outcome in zip(failed, again, read, strict=True):
                tasks[i], outcomes[i] = task, outcome
            if not any(o.code for o in read):
                return tasks, outcomes
        _discard(tasks)
        self.options = LogOptions(lines=False, renames=False)
        plainly = [self._slice(t.shas, _without(t)) for t in tasks if "commits" in t.parts]
        told = self.readers.read(plainly, advance)
        for outcome in told:
            if outcome.code:
                raise failure("log", outcome.code, outcome.err, str(self.repository.path))
        return plainly, told

    def _adopt(self, tasks: list[Slice], outcomes: list[Outcome]) -> None:
        expected = sum(t.shas.count(b"\n") for t in tasks)
        found = sum(o.commits - o.broken for o in outcomes)
        if found != expected:
            raise CorruptRepositoryError(
                f"git listed {expected} commits but printed {found} whole",
                where=str(self.repository.path),
                remedy="Run `git fsck` there; was it written to while it was read? Then scan again.",
            )
        for task, outcome in zip(tasks, outcomes, strict=True):
            self.people |= outcome.people
            for name, path in task.parts.items():
                self.writer.adopt(TABLES[name], path, outcome.rows[name])


def _discard(tasks: list[Slice]) -> None:
    for task in tasks:
        for path in task.parts.values():
            path.unlink(missing_ok=True)


def _without(task: Slice) -> tuple[str, ...]:
    return tuple(n for n in MESSAGE_TABLES if n not in task.parts)
