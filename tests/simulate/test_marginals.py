"""What was planted as a rate is found as a rate, within what chance allows."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from tests.simulate.conftest import Repository, written

from trueup.simulate.planted import Outcome, Review
from trueup.simulate.scenario import Intervention, Rates, Regime, Scenario, Style, TeamPlan

BUSY = Scenario(
    name="busy",
    weeks=60,
    style=Style.DIRECT,
    teams=(TeamPlan(name="core", changes_per_week=24.0, concentration=1.0, turnover=0.0),),
    claim_rate=0.5,
    bots_share=0.0,
    agent_share=0.0,
    rates=Rates(refixed=0.2),
    interventions=(Intervention(week=30, rate="refixed", factor=0.25),),
    regimes=(Regime(week=30, team="core", review_rate=0.2, changes=0.5, size=3.0),),
    seasonal=False,
    release_weeks=0,
    renames=0,
)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return written(BUSY, tmp_path_factory.mktemp("busy"))


def close(count: int, tries: int, rate: float) -> bool:
    """Within four standard errors of a rate."""
    return abs(count - tries * rate) <= 4 * (tries * rate * (1 - rate)) ** 0.5 + 1


def test_review_rates_by_regime(harbour: Repository) -> None:
    for team in harbour.truth.teams:
        for regime in team.regimes:
            changes = [
                change
                for change in harbour.truth.changes
                if change.team == team.name
                and change.kind == "work"
                and regime.from_week <= harbour.scenario.week_of(change.at) < regime.to_week
            ]
            looked = sum(change.review is not Review.NONE for change in changes)
            assert close(looked, len(changes), regime.review_rate), team.name


def test_share_of_bots(harbour: Repository) -> None:
    commits = [harbour.commits[sha] for sha in harbour.main]
    plain = [commit for commit in commits if len(commit.parents) == 1]
    bots = sum(commit.author[1] in harbour.truth.bots for commit in plain)
    assert bots / len(plain) == pytest.approx(harbour.scenario.bots_share, abs=0.015)


def test_share_of_agents(harbour: Repository) -> None:
    scenario = harbour.scenario
    work = [c for c in harbour.truth.changes if c.kind == "work"]
    before = [c for c in work if scenario.week_of(c.at) < scenario.agent_week]
    after = [c for c in work if scenario.week_of(c.at) >= scenario.agent_week]
    assert not [c for c in before if c.involved != "human"]
    involved = sum(change.involved != "human" for change in after)
    assert involved / len(after) == pytest.approx(scenario.agent_share, abs=0.04)


def test_share_of_claims(harbour: Repository) -> None:
    work = [c for c in harbour.truth.changes if c.kind == "work"]
    claiming = sum(bool(change.claim) for change in work)
    assert claiming / len(work) == pytest.approx(harbour.scenario.claim_rate, abs=0.05)


def test_couplings(harbour: Repository) -> None:
    for pair in harbour.truth.couplings:
        log = harbour.git("log", "main", "--no-merges", "--format=%x01", "--name-only")
        sets = [set(block.split()) for block in log.split("\x01")]
        first = sum(pair.first in paths and len(paths) < 50 for paths in sets)
        both = sum({pair.first, pair.second} <= paths and len(paths) < 50 for paths in sets)
        assert pair.changes > 40
        assert close(pair.together, pair.changes, pair.probability)
        assert both / first == pytest.approx(pair.together / pair.changes, abs=0.2)


def test_a_regime_changes_volume_and_size(busy: Repository) -> None:
    weeks = busy.truth.weekly_work("core")
    early = sum(sum(weeks[week].values()) for week in range(30))
    late = sum(sum(weeks.get(week, {}).values()) for week in range(30, 60))
    assert late / early == pytest.approx(0.5, abs=0.08)
    lines = {True: Counter[str](), False: Counter[str]()}
    for change in busy.truth.changes[::15]:
        added = busy.git("diff", "--shortstat", f"{change.sha}^", change.sha)
        words = added.split()
        count = int(words[words.index("insertions(+),") - 1]) if "insertions(+)," in words else 0
        before = busy.scenario.week_of(change.at) < 30
        lines[before].update({"changes": 1, "lines": count})
    means = [lines[side]["lines"] / lines[side]["changes"] for side in (True, False)]
    assert means[1] > 2 * means[0]


def test_an_intervention_lowers_a_rate_by_its_factor(busy: Repository) -> None:
    second = {claim.redone_in for claim in busy.truth.claims}
    # The last weeks have no time left for a second fix.
    first = [
        claim
        for claim in busy.truth.claims
        if claim.id not in second and busy.scenario.week_of(claim.at) < 48
    ]
    for before, rate in ((True, 0.2), (False, 0.05)):
        cohort = [c for c in first if (busy.scenario.week_of(c.at) < 30) == before]
        hits = sum(claim.outcome is Outcome.REFIXED for claim in cohort)
        assert close(hits, len(cohort), rate)


def test_work_is_shared_as_planted(busy: Repository) -> None:
    total = Counter[str]()
    for counts in busy.truth.weekly_work("core").values():
        total.update(counts)
    for member in busy.truth.teams[0].members:
        assert total[member.email] / total.total() == pytest.approx(member.share, abs=0.04)


def test_rates_of_outcomes_do_not_depend_on_each_other(tmp_path: Path) -> None:
    scenario = replace(BUSY, weeks=30, rates=Rates(absent=0.2), regimes=(), interventions=())
    truth = written(scenario, tmp_path).truth
    early = [c for c in truth.claims if scenario.week_of(c.at) < 20]
    absent = sum(claim.outcome is Outcome.ABSENT for claim in early)
    assert absent / len(early) == pytest.approx(0.2, abs=0.06)


def test_people_come_and_go_without_a_gap(harbour: Repository) -> None:
    for team in harbour.truth.teams:
        starts = sorted(member.from_week for member in team.members)
        plan = harbour.scenario.team(team.name)
        assert starts.count(0) == plan.people
        for week in range(harbour.scenario.weeks):
            here = [m for m in team.members if m.from_week <= week < m.to_week]
            assert len(here) == plan.people
        for first, last in pairwise(team.regimes):
            assert first.to_week == last.from_week
