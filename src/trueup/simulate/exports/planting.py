"""Plants what is outside of git, once git is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.simulate.exports import checks, further, issues, operations, requests, statuses
from trueup.simulate.exports.course import Course
from trueup.simulate.planted_elsewhere import PlantedElsewhere

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.simulate.planted import PlantedClaim
    from trueup.simulate.scenario import Elsewhere
    from trueup.simulate.world import World


def planted(
    world: World,
    claims: tuple[PlantedClaim, ...],
    plan: Elsewhere,
    repository: Path,
    folder: str,
) -> PlantedElsewhere:
    """All that is true of the other sources of a repository; ``folder`` is where they will be written."""
    place = f"{world.scenario.organisation}/{world.scenario.name}"
    course = Course(world, claims, plan, place, repository)
    asked, reviews = requests.planted(course)
    ran = checks.planted(course, asked)
    deployments, incidents = operations.planted(course)
    linked = issues.planted(course, asked)
    every, incidents = further.planted(course, linked, incidents)
    return PlantedElsewhere(
        folder=folder,
        place=place,
        issues=tuple(every),
        requests=tuple(asked),
        reviews=tuple(reviews),
        checks=tuple(ran),
        deployments=tuple(deployments),
        incidents=tuple(incidents),
        statuses=tuple(statuses.planted(course, asked, ran)),
    )
