"""Reading a history in contiguous slices, by several processes, each writing its own parts.

Contiguous matters: neighbouring commits share deltas, and interleaving costs git 15 % more.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from trueup.facts.parts import PartWriter, stamped
from trueup.facts.schema import TABLES
from trueup.kernel.footprint import keep_small
from trueup.sources.git.log import LogOptions, batches, log_command
from trueup.transport.processes import streaming

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from numpy.typing import NDArray

    from trueup.sources.git.columns import Reader
    from trueup.sources.git.repository import Repository

#: A history shorter than this is read in this process: starting others takes longer.
WORTH_A_PROCESS = 12_000
#: Where something is missing, a whole slice is read again: none is longer than this.
LONGEST = 30_000
#: Shares are not made much shorter: starting git anew, its caches empty, costs as much as some
#: hundred commits.
SHORTEST = 5_000

_counter: Any = None


def _nothing() -> None:
    """For a process that has only to start, or that has nothing else to do."""


@dataclass(frozen=True)
class Slice:
    """One process's share: which commits, how to read them, where to write."""

    repository: Repository
    shas: bytes
    options: LogOptions
    reader: Reader
    parts: dict[str, Path]
    seen_at: datetime
    source: str = "git"


@dataclass
class Outcome:
    """What became of a slice."""

    rows: dict[str, int] = field(default_factory=dict)
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    commits: int = 0
    broken: int = 0
    code: int = 0
    err: str = ""


def read_slice(task: Slice, progress: Callable[[int], None] | None = None) -> Outcome:
    """Read one slice to its parts; parts of a failed slice must be discarded by the caller.

    Raises:
        StoreError: the workspace cannot be written.
    """
    outcome = Outcome()
    command, token = log_command(task.repository, task.options)
    report = progress or _count
    with ExitStack() as stack:
        running = stack.enter_context(streaming(command, given=task.shas, env=task.repository.env))
        writers = {
            name: stack.enter_context(closing(PartWriter(path, TABLES[name].schema)))
            for name, path in task.parts.items()
        }
        for batch in batches(running.out, token, task.options):
            for name, rows in task.reader.tables(batch).items():
                writers[name].write(stamped(TABLES[name], rows, task.source, task.seen_at))
            outcome.commits += len(batch.heads)
            outcome.broken += batch.broken
            report(len(batch.heads))
    outcome.rows = {name: writer.rows for name, writer in writers.items()}
    outcome.code, outcome.err = running.code, running.err
    outcome.people = task.reader.people
    return outcome


class Readers:
    """Processes that read slices; they end with the block."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._counter: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if self._pool is None:
            return
        if error is not None:
            # CPython 3.11.2 waits for ever for what waits to be written to processes that have ended.
            self._pool._call_queue._reader.close()  # type: ignore[attr-defined]  # noqa: SLF001 - likewise
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001 - no public way to stop
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def start(self) -> None:
        """Start the processes, which takes a while, before there is something to read."""
        if self._pool is not None:
            return
        context = multiprocessing.get_context("spawn")
        self._counter = context.Value("q", 0)
        self._pool = ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=_set_up, initargs=(self._counter,)
        )
        # An interrupt reaches every process of a terminal: this one alone answers, and ends the others.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for _ in range(self.workers):
                self._pool.submit(_nothing)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def read(
        self,
        tasks: Sequence[Slice],
        progress: Callable[[int], None],
        meanwhile: Callable[[], None] = _nothing,
    ) -> list[Outcome]:
        """Read all slices; a long history not in this process, which has enough to hold as it is.

        Args:
            tasks: what to read.
            progress: called with how many commits more were read.
            meanwhile: what this process does while others read; not done where it reads itself.
        """
        if len(tasks) < 2 or sum(len(task.shas) for task in tasks) < WORTH_A_PROCESS * 41:
            return [read_slice(task, progress) for task in tasks]
        self.start()
        if self._pool is None:
            raise AssertionError
        told = self._counter.value
        futures = [self._pool.submit(read_slice, task) for task in tasks]
        meanwhile()
        left: set[Future[Outcome]] = set(futures)
        while left:
            _, left = wait(left, timeout=0.2, return_when=FIRST_COMPLETED)
            now = self._counter.value
            progress(now - told)
            told = now
        return [f.result() for f in futures]


def cut(commits: NDArray[np.int64], workers: int) -> list[NDArray[np.int64]]:
    """Contiguous shares, for several workers ever smaller ones, so that all end together.

    >>> [len(share) for share in cut(np.arange(40_000), 1)]
    [20000, 20000]
    >>> [len(share) for share in cut(np.arange(40_000), 2)]
    [13333, 8889, 5926, 5000, 3426, 3426]
    """
    if workers < 2 or len(commits) < WORTH_A_PROCESS:
        return [*np.array_split(commits, -(-len(commits) // LONGEST))] if len(commits) else []
    shares = []
    while len(commits) > workers * SHORTEST:
        size = min(max(int(len(commits) / (workers * 1.5)), SHORTEST), LONGEST)
        shares.append(commits[:size])
        commits = commits[size:]
    return [*shares, *np.array_split(commits, workers)]


def _set_up(counter: Any) -> None:
    global _counter  # noqa: PLW0603 - how a pool hands a shared value to its processes
    _counter = counter
    keep_small()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Whoever is killed cannot end its processes: they see to it themselves."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _count(commits: int) -> None:
    if _counter is not None:
        with _counter.get_lock():
            _counter.value += commits
