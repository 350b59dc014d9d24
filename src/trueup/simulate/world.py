"""The state of an organisation while its history is being written."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trueup.simulate.content import Tree, applied
from trueup.simulate.gitwriter import Commit, GitWriter, Stamp
from trueup.simulate.recorder import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from trueup.simulate.codebase import Codebase
    from trueup.simulate.content import Edit, Written
    from trueup.simulate.dice import Dice
    from trueup.simulate.people import Staff
    from trueup.simulate.scenario import Scenario
    from trueup.simulate.task import Task
    from trueup.simulate.work import Planner

MAIN = "refs/heads/main"


class Queue:
    """What will happen, in order of time; what is due at the same moment keeps its order."""

    def __init__(self, end: datetime) -> None:
        self._end = end
        self._events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._count = 0

    def put(self, at: datetime, action: Callable[[datetime], None]) -> None:
        """Do something at a moment, unless the history has ended by then."""
        if at < self._end:
            self._count += 1
            heapq.heappush(self._events, (at, self._count, action))

    def run(self, until: datetime) -> None:
        """Do everything that is due before a moment."""
        while self._events and self._events[0][0] < until:
            at, _, action = heapq.heappop(self._events)
            action(at)


@dataclass(slots=True)
class Branch:
    """A branch that goes on: its ref, its tip (0 for none yet) and the files there."""

    ref: str
    tip: int
    tree: Tree


@dataclass(slots=True)
class World:
    """Everything the parts of the simulation share."""

    scenario: Scenario
    writer: GitWriter
    staff: Staff
    codebase: Codebase
    planner: Planner
    dice: Dice
    queue: Queue
    main: Branch
    book: Book = field(default_factory=Book)
    pending: dict[int, Task] = field(default_factory=dict)

    def write(
        self, branch: Branch, stamps: tuple[Stamp, Stamp], message: str, changes: Sequence[Written]
    ) -> int:
        """A commit at the tip of a branch, by author and committer."""
        author, committer = stamps
        parents = (branch.tip,) if branch.tip else ()
        commit = Commit(
            author=author, committer=committer, message=message, parents=parents, changes=changes
        )
        branch.tip = self.writer.commit(branch.ref, commit)
        return branch.tip

    def push(self, stamp: Stamp, message: str, edits: Iterable[Edit]) -> int:
        """A commit somebody puts on the main line directly."""
        return self.write(self.main, (stamp, stamp), message, applied(self.main.tree, edits))

    def lock(self, edits: Iterable[Edit]) -> None:
        """Keep others away from the lines some edits put in."""
        self.codebase.locked.update(key for edit in edits for key, _ in edit.added)

    def unlock(self, edits: Iterable[Edit]) -> None:
        """Let others change these lines again."""
        self.codebase.locked.difference_update(key for edit in edits for key, _ in edit.added)
