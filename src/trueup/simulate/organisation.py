"""Writes the repository of a scenario, and the truth about it beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from trueup.simulate import canaries, housekeeping
from trueup.simulate.codebase import Codebase
from trueup.simulate.dice import Dice
from trueup.simulate.exports import writing as exports
from trueup.simulate.gitwriter import GitWriter, git, new_repository
from trueup.simulate.housekeeping import add_common_files, two_faced
from trueup.simulate.landing import start
from trueup.simulate.people import AGENTS, BOTS, hired
from trueup.simulate.planted import (
    Membership,
    PlantedCoupling,
    PlantedIdentity,
    PlantedIntervention,
    PlantedRegime,
    PlantedTeam,
)
from trueup.simulate.releases import Releases
from trueup.simulate.sequels import Sequels
from trueup.simulate.truth import Truth
from trueup.simulate.undoing import Undo
from trueup.simulate.work import Planner
from trueup.simulate.world import MAIN, Branch, Queue, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from trueup.simulate.scenario import Scenario, TeamPlan
    from trueup.simulate.task import Task

TRUTH = "truth.json"


def write(
    scenario: Scenario, folder: Path, *, progress: Callable[[int, int], None] | None = None
) -> Truth:
    """Write a scenario's repository into a folder, and ``truth.json`` beside it.

    When the scenario plants anything elsewhere, the folder ``exports`` beside them holds it: issues, requests,
    reviews, builds and deployments of a forge, test reports, incidents and status reports.

    Args:
        scenario: what to write.
        folder: made if need be; the repository is ``<name>.git`` in it, or ``<name>`` when the
            scenario asks for a work tree.
        progress: told the weeks written and the weeks in all.

    Returns:
        The truth, whose ``repository`` is relative to the folder.
    """
    path = folder / (f"{scenario.name}.git" if scenario.bare else scenario.name)
    new_repository(path, bare=scenario.bare)
    with GitWriter(path) as writer:
        world = _world(scenario, writer)
        _live(world, progress)
    if not scenario.bare:
        git(path, "reset", "--quiet", "--hard", "main")
    truth = _truth(world, path.name)
    if scenario.elsewhere is not None:
        found = exports.write(world, truth.claims, scenario.elsewhere, folder, path)
        truth = replace(truth, elsewhere=found)
    truth.save(folder / TRUTH)
    return truth


def _world(scenario: Scenario, writer: GitWriter) -> World:
    dice = Dice(scenario.seed, scenario.name)
    staff = hired(scenario, dice.child("people"))
    codebase = Codebase(scenario, dice.child("codebase"))
    add_common_files(codebase, scenario)
    return World(
        scenario=scenario,
        writer=writer,
        staff=staff,
        codebase=codebase,
        planner=Planner(scenario, staff, codebase, dice.child("work")),
        dice=dice.child("world"),
        queue=Queue(scenario.end),
        main=Branch(MAIN, 0, {}),
    )


def _live(world: World, progress: Callable[[int, int], None] | None) -> None:
    """Let the weeks pass."""
    scenario, releases = world.scenario, Releases(world)
    sequels = Sequels(world, Undo(world), releases.port)
    housekeeping.begin(world, scenario.start)
    housekeeping.arrange(world)
    releases.arrange()
    canaries.arrange(world)
    for number in range(scenario.weeks):
        for task in world.planner.week(number):
            world.pending[task.number] = task
            world.queue.put(task.opens, partial(_begin, world, task, sequels))
        world.queue.run(scenario.start + timedelta(weeks=number + 1))
        if progress is not None:
            progress(number + 1, scenario.weeks)


def _begin(world: World, task: Task, sequels: Sequels, _: datetime) -> None:
    start(world, task, sequels.arrange)


def _truth(world: World, repository: str) -> Truth:
    scenario, book, shas = world.scenario, world.book, world.writer.shas
    return Truth(
        name=scenario.name,
        repository=repository,
        seed=scenario.seed,
        start=scenario.start,
        end=scenario.end,
        commits=world.writer.count,
        claims=tuple(draft.finished(shas) for draft in book.drafts),
        changes=book.changes(shas),
        plants=book.planted(shas),
        teams=tuple(_team(world, plan) for plan in scenario.teams),
        couplings=_couplings(world),
        identities=tuple(
            PlantedIdentity(
                name=person.name,
                email=person.email,
                other_name=person.other_name,
                other_email=person.other_email,
                mapped=mapped,
            )
            for person, mapped in two_faced(world)
        ),
        interventions=tuple(
            PlantedIntervention(
                at=scenario.start + timedelta(weeks=change.week),
                rate=change.rate,
                factor=change.factor,
                team=change.team,
            )
            for change in scenario.interventions
        ),
        bots=tuple(bot.email for bot in BOTS),
        agents=tuple(dict.fromkeys(agent.person.email for agent in AGENTS)),
        canaries=scenario.canaries,
        tags={name: shas[mark] for name, mark in book.tags.items()},
    )


def _team(world: World, plan: TeamPlan) -> PlantedTeam:
    scenario = world.scenario
    weeks = {0, scenario.weeks, *(r.week for r in scenario.regimes if r.team == plan.name)}
    regimes = []
    for first, last in pairwise(sorted(weeks)):
        now = scenario.conditions(plan.name, first)
        regimes.append(
            PlantedRegime(
                from_week=first,
                to_week=last,
                review_rate=now.review_rate,
                changes_per_week=now.changes,
                size=now.size,
            )
        )
    return PlantedTeam(
        name=plan.name,
        style=scenario.style_of(plan.name).value,
        prefixes=plan.folders,
        members=tuple(
            Membership(
                email=seat.person.email,
                from_week=seat.from_week,
                to_week=seat.to_week,
                share=seat.share,
            )
            for seat in world.staff.seats[plan.name]
        ),
        regimes=tuple(regimes),
    )


def _couplings(world: World) -> tuple[PlantedCoupling, ...]:
    numbers, book = world.codebase.numbers, world.book
    return tuple(
        PlantedCoupling(
            first=pair.first,
            second=pair.second,
            probability=pair.probability,
            changes=book.touched[numbers[pair.first]],
            together=book.pairs[numbers[pair.first], numbers[pair.second]],
        )
        for pair in world.scenario.couplings
    )
