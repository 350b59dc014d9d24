"""What teams say of themselves every four weeks: honest ones what is so, watermelons that all is green."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.simulate.planted_elsewhere import PlantedStatus

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.exports.course import Course
    from trueup.simulate.planted_elsewhere import PlantedChecks, PlantedRequest

WEEKS = 4
GREEN, AMBER = 0.5, 0.25  # least share of backed changes: our choice


def planted(
    course: Course, requests: list[PlantedRequest], checks: list[PlantedChecks]
) -> list[PlantedStatus]:
    """All reports of all teams."""
    looked = {request.merge_sha for request in requests if request.looked}
    backed = {one.sha for one in checks if one.tested or one.sha in looked}
    landed = _landed(course, backed)
    found: list[PlantedStatus] = []
    for week in range(WEEKS, course.scenario.weeks + 1, WEEKS):
        day = course.scenario.start + timedelta(weeks=week) - timedelta(hours=12)
        share = round(100 * week / course.scenario.weeks)
        teams = [team.name for team in course.scenario.teams]
        found += [_status(course, team, day, share, landed[team]) for team in teams]
    return found


def _landed(course: Course, backed: set[str]) -> dict[str, list[tuple[datetime, bool]]]:
    """When the work of each team landed, and whether anything speaks for it."""
    found: dict[str, list[tuple[datetime, bool]]] = {t.name: [] for t in course.scenario.teams}
    for one in course.landed:
        if one.task.kind == "work":
            sha = course.sha(one.mark)
            seen = one.task.pull is None and one.task.looked.review.value != "none"
            found[one.task.team].append((one.at, sha in backed or seen))
    return found


def _status(
    course: Course, team: str, day: datetime, share: int, landed: list[tuple[datetime, bool]]
) -> PlantedStatus:
    now = [backed for at, backed in landed if day - timedelta(weeks=WEEKS) <= at < day]
    hollow = course.hollow(team, day - timedelta(weeks=WEEKS))
    return PlantedStatus(
        team=team,
        day=day,
        colour="green" if hollow else _colour(sum(now), len(now)),
        percent=share,
        author=course.anybody(team, day, course.dice(f"status/{team}/{day.date()}")).email,
        landed=len(now),
        backed=sum(now),
        watermelon=hollow,
    )


def _colour(backed: int, landed: int) -> str:
    """What an honest team says; where nothing landed, there is nothing to worry about."""
    share = backed / landed if landed else 1.0
    return "green" if share >= GREEN else "amber" if share >= AMBER else "red"
