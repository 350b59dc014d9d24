"""Writing is repeatable, and what was asked for is what is written."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.simulate.conftest import Repository, written

from trueup.kernel.errors import UsageError
from trueup.simulate import scenarios
from trueup.simulate.gitwriter import git
from trueup.simulate.organisation import write
from trueup.simulate.planted import Kind, Outcome
from trueup.simulate.scenario import Scenario, Style, TeamPlan

# Changes when, and only when, what is simulated changes; say so in the change that does it.
MAIN = "e59b19a170e8c3cd415b42dd91eeb4367f379c15"

TINY = Scenario(
    name="tiny",
    weeks=6,
    teams=(TeamPlan(name="core", people=2, files=6, changes_per_week=3.0),),
    release_weeks=2,
)


def test_the_same_seed_gives_the_same_repository_on_every_machine(cove: Repository) -> None:
    assert cove.refs["refs/heads/main"] == MAIN


def test_writing_twice_gives_the_same_refs_and_truth(cove: Repository, tmp_path: Path) -> None:
    again = written(cove.scenario, tmp_path)
    assert again.refs == cove.refs
    assert again.truth == cove.truth


def test_another_seed_gives_another_repository(cove: Repository, tmp_path: Path) -> None:
    other = written(scenarios.small(seed=2), tmp_path)
    assert not set(other.commits) & set(cove.commits)


def test_configuration_of_the_user_has_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = written(TINY, tmp_path / "plain")
    config = tmp_path / "config"
    config.write_text(
        "[user]\nname = Nobody\n[init]\ndefaultBranch = trunk\n[core]\nautocrlf = true\n"
    )
    for name, value in {
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_AUTHOR_NAME": "Nobody",
        "GIT_DIR": os.devnull,
        "GIT_DEFAULT_HASH": "sha256",
        "TZ": "Asia/Tokyo",
    }.items():
        monkeypatch.setenv(name, value)
    assert written(TINY, tmp_path / "other").refs == plain.refs


def test_a_clone_with_a_work_tree(tmp_path: Path) -> None:
    truth = write(replace(TINY, bare=False), tmp_path)
    assert truth.repository == "tiny"
    assert (tmp_path / "tiny" / "README.md").read_text().startswith("# tiny")
    assert git(tmp_path / "tiny", "status", "--porcelain") == ""
    assert (tmp_path / "truth.json").exists()


def test_progress_is_told_week_by_week(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write(TINY, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told == [(week, 6) for week in range(1, 7)]


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    write(TINY, tmp_path)
    with pytest.raises(UsageError, match="not empty"):
        write(TINY, tmp_path)


@pytest.mark.parametrize("style", Style)
def test_one_person_in_one_week(style: Style, tmp_path: Path) -> None:
    team = TeamPlan(name="solo", people=1, files=1, changes_per_week=4.0)
    scenario = Scenario(name="one", weeks=1, teams=(team,), style=style, renames=1)
    assert written(scenario, tmp_path).git("fsck", "--strict") == ""


@pytest.mark.parametrize("seed", range(2, 6))
def test_no_seed_breaks_a_busy_organisation(seed: int, tmp_path: Path) -> None:
    world = written(scenarios.small(seed=seed), tmp_path)
    assert world.git("fsck", "--strict") == ""
    assert world.truth.commits == len(world.commits)
    assert {claim.outcome for claim in world.truth.claims} == set(Outcome)
    dates = world.git("log", "--first-parent", "--format=%ct", "main").split()
    assert dates == sorted(dates, reverse=True, key=int)


def test_squash_shop(tmp_path: Path) -> None:
    world = written(replace(scenarios.squash_shop(), weeks=26, forge_reverts=1.0), tmp_path)
    plain = [world.commits[sha] for sha in world.main]
    assert all(len(commit.parents) < 2 for commit in plain)
    forged = sum(commit.committer[1] == "noreply@github.com" for commit in plain)
    assert forged > 0.9 * len(plain)
    assert not any(commit.trailers("Reviewed-by") for commit in plain)
    numbered = world.truth.planted("revert_by_number")
    assert numbered
    for plant in numbered:
        assert "Reverts acme/squash-shop#" in world.commits[plant.sha].message


def test_kernel_style(tmp_path: Path) -> None:
    world = written(replace(scenarios.kernel_style(), weeks=26), tmp_path)
    work = [world.commits[c.sha] for c in world.truth.changes if c.kind == "work"]
    assert all(commit.trailers("Signed-off-by") for commit in work)
    applied = sum(commit.author != commit.committer for commit in work)
    assert applied > 0.5 * len(work)
    assert len(world.truth.planted("fixes_trailer")) > 5


def test_mono_maintainer(tmp_path: Path) -> None:
    world = written(replace(scenarios.mono_maintainer(), weeks=26), tmp_path)
    work = [c for c in world.truth.changes if c.kind == "work" and c.involved != "agent"]
    first = max(world.truth.teams[0].members, key=lambda member: member.share)
    assert sum(c.author == first.email for c in work) > 0.9 * len(work)


def test_an_honest_organisation_has_nothing_to_flag(tmp_path: Path) -> None:
    scenario = scenarios.without_contradictions(scenarios.small())
    truth = written(scenario, tmp_path).truth
    assert {claim.outcome for claim in truth.claims} == {
        Outcome.HONEST,
        Outcome.UMBRELLA,
        Outcome.PARTIAL,
    }
    assert truth.debt_at(truth.end) == truth.undone_at(truth.end) == 0
    assert {claim.kind for claim in truth.claims} == set(Kind)
