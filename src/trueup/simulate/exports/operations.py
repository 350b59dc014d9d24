"""Deployments of the main line, and incidents: after some of them, and of other causes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from trueup.simulate.exports.accounts import numbered
from trueup.simulate.exports.course import DAY, HOUR, MINUTE
from trueup.simulate.planted import Outcome
from trueup.simulate.planted_elsewhere import PlantedDeployment, PlantedIncident
from trueup.simulate.words import SYMPTOMS

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.dice import Dice
    from trueup.simulate.exports.course import Course

PRODUCTION, STAGING = "production", "staging"
OTHER_CAUSES = ("Disk is full", "Certificate has expired", "Provider does not answer")


def planted(course: Course) -> tuple[list[PlantedDeployment], list[PlantedIncident]]:
    """All deployments and all incidents; no issue is named yet."""
    deployments = _deployments(course)
    return deployments, _incidents(course, deployments)


def _deployments(course: Course) -> list[PlantedDeployment]:
    found: list[PlantedDeployment] = []
    days = course.plan.deploy_days
    last: int | None = None
    for number in range(1, (course.end - course.scenario.start).days // days if days else 0):
        at = course.scenario.start + timedelta(days=number * days, hours=13)
        for one in _rollout(course, number, at):
            if one.environment == PRODUCTION and one.result == "success":
                if last is not None:
                    found[last] = replace(found[last], replaced_at=one.ended_at)
                last = len(found)
            found.append(one)
    return found


def _rollout(course: Course, number: int, at: datetime) -> list[PlantedDeployment]:
    """To staging, and mostly to production an hour later; nothing where there is nothing yet."""
    dice = course.dice(f"deployment/{number}")
    sha = course.tip(at - HOUR)
    if not sha or at + 2 * HOUR >= course.end:
        return []
    staging = _deployment(course, f"{STAGING}/{number}", sha, at, "success")
    if dice.chance(course.plan.staging_only):
        return [staging]
    result = "failure" if dice.chance(course.plan.deploy_failed) else "success"
    return [staging, _deployment(course, f"{PRODUCTION}/{number}", sha, at + HOUR, result)]


def _deployment(
    course: Course, label: str, sha: str, at: datetime, result: str
) -> PlantedDeployment:
    dice = course.dice(f"deployment/{label}")
    return PlantedDeployment(
        id=numbered(f"deployment/{label}"),
        environment=label.partition("/")[0],
        sha=sha,
        by=course.anybody("", at, dice).email,
        at=at,
        ended_at=at + dice.span(2 * MINUTE, 20 * MINUTE),
        replaced_at=None,
        result=result,
    )


def _incidents(course: Course, deployments: list[PlantedDeployment]) -> list[PlantedIncident]:
    found, before, first = [], course.scenario.start, True
    for one in deployments:
        if one.environment != PRODUCTION or one.result != "success":
            continue
        dice = course.dice(f"incident/{one.id}")
        causes = _causes(course, before, one.at - 2 * HOUR)
        wanted = dice.chance(course.plan.incidents) or (first and course.plan.incidents > 0)
        at = one.ended_at + dice.span(HOUR, 40 * HOUR)
        if wanted and causes and at + DAY < course.end:
            found.append(_incident(course, dice, at, one.id, dice.choice(causes)))
            first = False
        other = one.ended_at + dice.span(HOUR, 5 * DAY)
        if dice.chance(course.plan.incidents_other) and other + DAY < course.end:
            found.append(_incident(course, course.dice(f"other/{one.id}"), other, None, ""))
        before = one.at - 2 * HOUR
    return sorted(found, key=lambda incident: (incident.at, incident.id))


def _causes(course: Course, after: datetime, until: datetime) -> list[str]:
    """Claims of which nothing else is against them, that landed in a span."""
    return [
        claim.id
        for claim in course.claims
        if claim.landed_at is not None
        and after < claim.landed_at <= until
        and claim.outcome is Outcome.HONEST
        and not claim.tag
    ]


def _incident(
    course: Course, dice: Dice, at: datetime, after: int | None, cause: str
) -> PlantedIncident:
    team = course.by_id[cause].team if cause else dice.choice(course.scenario.teams).name
    taken = at + dice.span(2 * MINUTE, 20 * MINUTE)
    return PlantedIncident(
        id=_letters("Q", f"{course.place}/{at.isoformat()}/{cause}", 13),
        service=_letters("P", f"{course.place}/{team}", 6),
        team=team,
        title=dice.choice(SYMPTOMS).capitalize() if cause else dice.choice(OTHER_CAUSES),
        by=course.anybody(team, at, dice).email,
        at=at,
        taken_at=taken,
        ended_at=taken + dice.span(10 * MINUTE, 8 * HOUR),
        after=after,
        cause=cause,
        issue=None,
    )


def _letters(first: str, text: str, count: int) -> str:
    """An id like those of PagerDuty."""
    return first + sha256(text.encode()).hexdigest()[:count].upper()
