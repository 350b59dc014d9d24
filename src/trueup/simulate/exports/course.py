"""What git holds of an organisation, as those need it who plant what is elsewhere."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from trueup.simulate.exports.accounts import second_accounts
from trueup.simulate.gitwriter import git

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from trueup.simulate.dice import Dice
    from trueup.simulate.people import Person
    from trueup.simulate.planted import PlantedClaim
    from trueup.simulate.scenario import Elsewhere, Scenario
    from trueup.simulate.task import Landed, Task
    from trueup.simulate.world import World

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NUMBERS = ("--numstat", "--format=%x00%H", "main")


@dataclass(frozen=True)
class Course:
    """A history that is written, with its claims; every kind of record has a stream of chance of its own."""

    world: World
    claims: tuple[PlantedClaim, ...]
    plan: Elsewhere
    place: str
    repository: Path
    _dice: Dice = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_dice", self.world.dice.child("elsewhere"))

    @property
    def scenario(self) -> Scenario:
        """What was asked for."""
        return self.world.scenario

    @property
    def end(self) -> datetime:
        """The moment before which everything happens."""
        return self.scenario.end

    def dice(self, label: str) -> Dice:
        """A stream of chance."""
        return self._dice.child(label)

    def sha(self, mark: int) -> str:
        """The id of a commit."""
        return self.world.writer.shas[mark]

    @cached_property
    def landed(self) -> list[Landed]:
        """All that reached the main line, in order of time."""
        return sorted(self.world.book.landed, key=lambda one: (one.at, one.mark))

    @cached_property
    def counts(self) -> dict[str, tuple[int, int, int]]:
        """Lines added, lines removed and files of each commit on the main line, against its first parent."""
        told = git(self.repository, "log", "--first-parent", "--diff-merges=first-parent", *NUMBERS)
        return {commit[:40]: _counted(commit.splitlines()[1:]) for commit in told.split("\0")[1:]}

    @cached_property
    def by_id(self) -> dict[str, PlantedClaim]:
        """Claims by id."""
        return {claim.id: claim for claim in self.claims}

    @cached_property
    def _tips(self) -> list[datetime]:
        return [one.at for one in self.landed]

    def tip(self, moment: datetime) -> str:
        """The newest work on the main line at a moment; empty when there is none yet."""
        found = bisect_right(self._tips, moment)
        return self.sha(self.landed[found - 1].mark) if found else ""

    def claim_of(self, task: Task) -> str:
        """The id of the claim a task made, if it made one."""
        draft = self.world.book.by_task.get(task.number)
        return draft.id if draft else ""

    @cached_property
    def tickets(self) -> dict[str, list[PlantedClaim]]:
        """Claims by the issue of the forge that they close, the first to land first."""
        found: dict[str, list[PlantedClaim]] = defaultdict(list)
        for claim in self.claims:
            if claim.ref.startswith("#") and not claim.tag:
                found[claim.ref].append(claim)
        for claims in found.values():
            claims.sort(key=lambda c: (c.landed_at or self.end, c.at, c.id))
        return dict(found)

    @cached_property
    def doubled(self) -> frozenset[Person]:
        """People with an account for each of their two addresses."""
        return second_accounts(self.world)

    def hollow(self, team: str, at: datetime) -> bool:
        """Whether a team only looks green at a moment."""
        return self.plan.hollow(team, self.scenario.week_of(at))

    def somebody(self, team: str, at: datetime, dice: Dice, *besides: Person) -> Person | None:
        """Somebody else who is there at a moment."""
        week = min(self.scenario.week_of(at), self.scenario.weeks - 1)
        return self.world.staff.colleague(team, week, dice, *besides)

    def anybody(self, team: str, at: datetime, dice: Dice) -> Person:
        """Somebody of a team at a moment; for no team, of the first."""
        week = max(0, min(self.scenario.week_of(at), self.scenario.weeks - 1))
        return self.world.staff.worker(team or self.scenario.teams[0].name, week, dice)


def _counted(lines: list[str]) -> tuple[int, int, int]:
    """Sums of what git tells of files; of binary ones it tells no lines."""
    told = [line.split("\t")[:2] for line in lines if line]
    added, removed = (sum(int(one[i]) for one in told if one[i] != "-") for i in (0, 1))
    return added, removed, len(told)
