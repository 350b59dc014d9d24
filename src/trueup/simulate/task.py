"""One piece of work as planned, and as it landed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.simulate.scenario import Style

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.content import Edit
    from trueup.simulate.gitwriter import Stamp
    from trueup.simulate.messages import Wording
    from trueup.simulate.people import Person
    from trueup.simulate.planted import Outcome, Review

NO_TIME = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPlan:
    """What a piece of work claims, and what will become of that.

    ``delay`` runs from landing to the contradiction, ``again`` from a revert to its reapplication.
    """

    outcome: Outcome
    form: str
    ref: str
    how: str = ""
    delay: timedelta = NO_TIME
    again: timedelta = NO_TIME
    lookalikes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """Who let the work in, who else looked, and what shows it."""

    review: Review
    lander: Person
    reviewer: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One piece of work.

    Args:
        team: whose; empty for bots.
        signature: as whom the author signs; may be a second address or an agent.
        lands: when it reaches the main line; None for never.
        topic: the name of the branch it is first written to; empty for none.
        stays: whether that branch is kept.
        files: which files it changes; empty for an empty commit.
        rework: earlier edits whose lines are changed again, instead of ``files``.
        size: lines per file.
        creates: the path of a file it adds.
    """

    number: int
    team: str
    author: Person
    signature: Stamp
    opens: datetime
    lands: datetime | None
    style: Style
    wording: Wording
    looked: Looked
    kind: str = "work"
    involved: str = "human"
    accountable: Person | None = None
    claim: ClaimPlan | None = None
    pull: int | None = None
    topic: str = ""
    stays: bool = False
    commits: int = 1
    files: tuple[int, ...] = ()
    rework: tuple[Edit, ...] = ()
    size: int = 6
    creates: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """Work that reached the main line: what it changed and by which commits.

    ``author`` and ``wording`` are those of the commit ``mark`` on the main line.
    """

    task: Task
    edits: tuple[Edit, ...]
    topic: tuple[int, ...]
    mark: int
    parent: int
    at: datetime
    author: Stamp
    wording: Wording

    @property
    def origin(self) -> tuple[int, Stamp, Wording]:
        """The commit a cherry-pick would take: that of the topic branch, where there was one."""
        if self.topic and self.task.style is Style.MERGE:
            return self.topic[0], self.task.signature, self.task.wording
        return self.mark, self.author, self.wording
