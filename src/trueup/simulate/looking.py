"""Who lets a piece of work in, and whether another human looked at it first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.simulate.people import FORGE, Person, Staff
from trueup.simulate.planted import Review
from trueup.simulate.scenario import Scenario, Style
from trueup.simulate.task import Looked

if TYPE_CHECKING:
    from trueup.simulate.dice import Dice


@dataclass(frozen=True, slots=True)
class Desk:
    """What deciding about reviews needs: the scenario, its people, and chance."""

    scenario: Scenario
    staff: Staff
    dice: Dice


def looked_at(desk: Desk, team: str, week: int, author: Person, style: Style) -> Looked:
    """The planted review of one piece of work by a human of a team."""
    planted = desk.dice.chance(desk.scenario.conditions(team, week).review_rate)
    other = desk.staff.colleague(team, week, desk.dice, author)
    if style is Style.SQUASH:
        return _squashed(desk, other if planted else None)
    if not planted or other is None:
        return Looked(Review.NONE, author)
    if style is Style.MERGE:
        return Looked(Review.MERGED_BY_OTHER, other)
    if style is Style.DIRECT:
        return Looked(Review.TRAILER, author, other)
    return _applied(desk, team, week, author)


def _squashed(desk: Desk, other: Person | None) -> Looked:
    if other is None:
        return Looked(Review.NONE, FORGE)
    if desk.dice.chance(desk.scenario.review_trace):
        return Looked(Review.TRAILER, FORGE, other)
    return Looked(Review.UNSEEN, FORGE)


def _applied(desk: Desk, team: str, week: int, author: Person) -> Looked:
    """In the trailers style the lead applies, and reviewers sign."""
    lead = desk.staff.lead(team, week)
    reviewer = desk.staff.colleague(team, week, desk.dice, author, lead)
    reviewer = reviewer or desk.staff.colleague(team, week, desk.dice, author)
    if lead == author or desk.dice.chance(0.65):
        return Looked(Review.TRAILER, lead, reviewer)
    return Looked(Review.APPLIED_BY_OTHER, lead)
