"""Scenarios say what they mean and refuse what they cannot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trueup.kernel.errors import UsageError
from trueup.simulate import scenarios
from trueup.simulate.scenario import (
    Coupling,
    Intervention,
    Rates,
    Regime,
    Scenario,
    Style,
    TeamPlan,
)

PLAIN = Scenario(
    name="plain",
    weeks=20,
    teams=(TeamPlan(name="one", prefixes=("a/", "b/")), TeamPlan(name="two", review_rate=0.4)),
)


def test_weeks_and_end() -> None:
    assert PLAIN.end - PLAIN.start == timedelta(weeks=20)
    assert PLAIN.week_of(PLAIN.start) == 0
    assert PLAIN.week_of(PLAIN.end - timedelta(seconds=1)) == 19


def test_owners() -> None:
    assert PLAIN.owner("b/x.py") == "one"
    assert PLAIN.owner("two/x.py") == "two"
    with pytest.raises(UsageError, match="no team owns"):
        PLAIN.owner("c/x.py")


def test_the_style_of_a_team_goes_before_that_of_the_scenario() -> None:
    teams = (TeamPlan(name="one", style=Style.DIRECT), TeamPlan(name="two"))
    scenario = replace(PLAIN, teams=teams, style=Style.SQUASH)
    assert [scenario.style_of(name) for name in ("one", "two")] == [Style.DIRECT, Style.SQUASH]


def test_regimes_apply_from_their_week_on() -> None:
    regimes = (
        Regime(week=12, team="two", size=2.0),
        Regime(week=5, team="two", review_rate=0.9, changes=2.0),
    )
    scenario = replace(PLAIN, regimes=regimes)
    plan = scenario.team("two")
    assert scenario.conditions("two", 4).review_rate == plan.review_rate
    assert scenario.conditions("two", 5).changes == 2 * plan.changes_per_week
    assert scenario.conditions("two", 12).review_rate == 0.9
    assert scenario.conditions("two", 12).size == 2 * plan.size
    assert scenario.conditions("one", 12).size == scenario.team("one").size


def test_interventions_multiply_a_rate() -> None:
    steps = (
        Intervention(week=5, rate="reverted", factor=0.5),
        Intervention(week=8, rate="reverted", factor=0.5, team="two"),
    )
    scenario = replace(PLAIN, rates=Rates(reverted=0.4), interventions=steps)
    assert [scenario.rate("reverted", "two", week) for week in (4, 5, 8)] == [0.4, 0.2, 0.1]
    assert scenario.rate("reverted", "one", 8) == 0.2


@pytest.mark.parametrize(
    "change",
    [
        {"teams": ()},
        {"weeks": 0},
        {"start": datetime(2024, 1, 1)},  # noqa: DTZ001 - that is the mistake
        {"bots_share": 1.5},
        {"teams": (TeamPlan(name="one"), TeamPlan(name="one"))},
        {"regimes": (Regime(week=1, team="nobody"),)},
        {"interventions": (Intervention(week=1, rate="nothing", factor=0.5),)},
        {"couplings": (Coupling(first="a/x.py", second="z/y.py", probability=0.5),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_impossible_scenarios_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        replace(PLAIN, **change)  # type: ignore[arg-type] # one wrong field at a time


@pytest.mark.parametrize("plan", [{"people": 0}, {"prefixes": ("a",)}, {"review_rate": -0.1}])
def test_impossible_teams_are_refused(plan: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        TeamPlan(name="x", **plan)  # type: ignore[arg-type] # one wrong field at a time


def test_rates_are_shares() -> None:
    with pytest.raises(UsageError, match=r"Rates\.absent"):
        Rates(absent=2.0)


def test_the_sample_ends_where_it_is_told() -> None:
    scenario = scenarios.sample(datetime(2026, 11, 20, 15, 30, tzinfo=UTC))
    assert scenario.end == datetime(2026, 11, 20, tzinfo=UTC)
    assert sum(team.people for team in scenario.teams) == 30
