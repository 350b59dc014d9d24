"""Who works here: humans with shares and addresses, bots, and AI agents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trueup.simulate.dice import Dice, running, skewed
from trueup.simulate.gitwriter import Stamp
from trueup.simulate.words import FIRST_NAMES, FOLDED, LAST_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.simulate.scenario import Scenario, TeamPlan

# Minutes east of Greenwich; 0 stands for people whose machines are set to UTC, too.
OFFSETS = (0, 0, 60, 60, 120, 330, -300, -420, 540)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who commits; ``email`` is the address the truth knows them by."""

    name: str
    email: str
    offset: int = 0
    other_name: str = ""
    other_email: str = ""

    def stamp(self, at: datetime, *, other: bool = False) -> Stamp:
        """Their signature at a moment, under the second address if asked and there is one."""
        if other and self.other_email:
            return Stamp(self.other_name, self.other_email, at, self.offset)
        return Stamp(self.name, self.email, at, self.offset)

    @property
    def trailer(self) -> str:
        """How they are named in a trailer."""
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True, slots=True)
class Agent:
    """An AI agent: as an author, in trailers, in the marker of a body and in branch names."""

    person: Person
    trailer: str
    branch: str
    marker: str = ""


FORGE = Person("GitHub", "noreply@github.com")
BOTS = (
    Person("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
    Person("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com"),
    Person("pre-commit-ci[bot]", "66853113+pre-commit-ci[bot]@users.noreply.github.com"),
)
AGENTS = (
    Agent(
        Person("Claude", "noreply@anthropic.com"),
        "Co-Authored-By: Claude <noreply@anthropic.com>",
        "claude/",
        "Generated with [Claude Code](https://claude.com/claude-code)",
    ),
    Agent(
        Person("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com"),
        "Co-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>",
        "copilot/",
    ),
    Agent(
        Person("Cursor Agent", "cursoragent@cursor.com"),
        "Co-authored-by: Cursor <cursoragent@cursor.com>",
        "cursor/",
    ),
    Agent(
        Person("Claude", "noreply@anthropic.com"),
        "Assisted-by: Claude Opus 4.6",
        "claude/",
    ),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on a team, held by one person from a week up to, not including, another."""

    person: Person
    from_week: int
    to_week: int
    share: float


@dataclass(frozen=True, slots=True)
class Staff:
    """All seats of all teams."""

    seats: dict[str, tuple[Seat, ...]]

    def present(self, team: str, week: int) -> tuple[Seat, ...]:
        """Who is on a team in a week."""
        return tuple(s for s in self.seats[team] if s.from_week <= week < s.to_week)

    def worker(self, team: str, week: int, dice: Dice) -> Person:
        """Somebody from the team, drawn by planted share."""
        seats = self.present(team, week)
        return seats[dice.pick(running([seat.share for seat in seats]))].person

    def colleague(self, team: str, week: int, dice: Dice, *besides: Person) -> Person | None:
        """Somebody else: from the team if there is anyone, or from another team, or nobody."""
        for name in (team, *(other for other in self.seats if other != team)):
            others = [s.person for s in self.present(name, week) if s.person not in besides]
            if others:
                return dice.choice(others)
        return None

    def lead(self, team: str, week: int) -> Person:
        """The person with the largest share."""
        return max(self.present(team, week), key=lambda seat: seat.share).person

    def people(self) -> tuple[Person, ...]:
        """Everybody, each once."""
        return tuple(dict.fromkeys(s.person for seats in self.seats.values() for s in seats))


def hired(scenario: Scenario, dice: Dice) -> Staff:
    """People for every seat of every team, and who follows them when they leave."""
    names = _names(dice)
    return Staff({plan.name: _team(scenario, plan, names, dice) for plan in scenario.teams})


def working_moment(dice: Dice, day: datetime, offset: int) -> datetime:
    """A moment within the week that starts at ``day``, mostly in somebody's office hours."""
    for _ in range(8):
        chosen = day + timedelta(days=dice.below(7))
        if chosen.weekday() < 5 or dice.chance(0.08):
            break
    minute = dice.whole(8 * 60, 19 * 60) - offset
    moment = chosen.replace(hour=0, minute=0, second=0) + timedelta(minutes=minute)
    moment += timedelta(seconds=dice.below(60))
    return min(max(moment, day), day + timedelta(days=7, seconds=-1))


def _names(dice: Dice) -> Iterator[tuple[str, str]]:
    pairs = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    yield from dice.shuffled(pairs)
    for number, (first, last) in enumerate(pairs):
        yield first, f"{last}{number}"


def _team(
    scenario: Scenario, plan: TeamPlan, names: Iterator[tuple[str, str]], dice: Dice
) -> tuple[Seat, ...]:
    seats = []
    for share in skewed(plan.people, plan.concentration):
        week = 0
        for leaving in [*_leavings(scenario.weeks, plan.turnover, dice), scenario.weeks]:
            seats.append(Seat(_person(scenario, next(names), dice), week, leaving, share))
            week = leaving
    return tuple(seats)


def _leavings(weeks: int, turnover: float, dice: Dice) -> list[int]:
    return [week for week in range(8, weeks - 8) if dice.chance(turnover / 52)]


def _person(scenario: Scenario, name: tuple[str, str], dice: Dice) -> Person:
    first, last = name
    plain = first.translate(FOLDED).lower()
    person = Person(f"{first} {last}", f"{plain}.{last.lower()}@example.org", dice.choice(OFFSETS))
    if not dice.chance(scenario.two_addresses):
        return person
    other = person.name if dice.chance(0.5) else f"{plain[0]}{last.lower()}"
    address = f"{plain[0]}{last.lower()}@home.example.org"
    return Person(person.name, person.email, person.offset, other, address)
