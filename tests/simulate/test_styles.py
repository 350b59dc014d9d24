"""How work lands, who looked, and whose names stand where."""

import re

import pytest
from tests.simulate.conftest import Repository

from trueup.simulate.people import FORGE
from trueup.simulate.planted import PlantedChange, Review
from trueup.simulate.scenario import Style


@pytest.fixture(params=["cove", "harbour"])
def world(request: pytest.FixtureRequest) -> Repository:
    repository: Repository = request.getfixturevalue(request.param)
    return repository


def work(world: Repository, style: Style) -> list[PlantedChange]:
    teams = {team.name for team in world.truth.teams if team.style == style}
    found = [c for c in world.truth.changes if c.team in teams and c.kind == "work"]
    assert found
    return found


def test_merges(world: Repository) -> None:
    for change in work(world, Style.MERGE):
        merge = world.commits[change.sha]
        assert merge.parents[1] == change.topic[-1]
        wanted = rf"Merge pull request #{change.pull} from {world.scenario.organisation}/\S+"
        assert re.fullmatch(wanted, merge.subject)
        assert set(change.topic) <= world.main
        assert (merge.author[1] != change.accountable) == (change.review is not Review.NONE)
        assert change.review in {Review.NONE, Review.MERGED_BY_OTHER}


def test_merges_bring_what_the_branch_changed(world: Repository) -> None:
    kept = [c for c in work(world, Style.MERGE)[:60] if len(c.topic) == 1]
    for change in kept:
        assert world.added(change.sha) == world.added(change.topic[0])


def test_squashes(world: Repository) -> None:
    for change in work(world, Style.SQUASH):
        commit = world.commits[change.sha]
        assert commit.subject.endswith(f"(#{change.pull})")
        assert commit.committer == (FORGE.name, FORGE.email)
        assert len(commit.parents) == 1
        assert bool(commit.trailers("Reviewed-by")) == (change.review is Review.TRAILER)


def test_trailers(world: Repository) -> None:
    for change in work(world, Style.TRAILERS):
        commit = world.commits[change.sha]
        signed, reviewed = commit.trailers("Signed-off-by"), commit.trailers("Reviewed-by")
        assert signed[0].endswith(f"<{change.accountable}>")
        assert bool(reviewed) == (change.review is Review.TRAILER)
        assert not reviewed or not reviewed[0].endswith(f"<{change.accountable}>")
        if change.review is Review.APPLIED_BY_OTHER:
            assert commit.committer[1] not in {change.accountable, *aliases(world, change)}
            assert signed[-1].endswith(f"<{commit.committer[1]}>")
        if change.review is Review.NONE:
            assert commit.committer[1] == change.accountable


def test_direct(world: Repository) -> None:
    for change in work(world, Style.DIRECT):
        commit = world.commits[change.sha]
        assert len(commit.parents) == 1
        assert change.pull is None
        if change.involved != "agent":
            assert commit.author == commit.committer
        assert bool(commit.trailers("Reviewed-by")) == (change.review is Review.TRAILER)


def test_authors_are_who_the_truth_says(world: Repository) -> None:
    for change in world.truth.changes:
        commit = world.commits[(change.topic or (change.sha,))[0]]
        assert commit.author[1] in {change.author, *aliases(world, change)}


def test_agents_name_the_human_who_answers_for_them(world: Repository) -> None:
    written = [c for c in world.truth.changes if c.involved == "agent"]
    assert written
    for change in written:
        commit = world.commits[(change.topic or (change.sha,))[0]]
        assert commit.author[1] in world.truth.agents
        assert any(change.accountable in line for line in commit.trailers("Co-authored-by"))


def test_assisted_work_says_so(world: Repository) -> None:
    for change in world.truth.changes:
        commit = world.commits[(change.topic or (change.sha,))[0]]
        lines = commit.trailers("(?i:co-authored-by|assisted-by)")
        assert any("Claude" in x or "Cop" in x or "Cursor" in x for x in lines) == (
            change.involved == "assisted"
        )


def test_bots_are_known(world: Repository) -> None:
    for change in world.truth.changes:
        assert (change.author in world.truth.bots) == (change.kind == "bot")


def aliases(world: Repository, change: PlantedChange) -> set[str]:
    return {i.other_email for i in world.truth.identities if i.email == change.author}
