"""Teams of GitHub: who is in them now, and who is not any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.github import GitHub, issue, problem
from tests.runs.github_desk import Desk

from trueup.kernel.errors import AccessError

if TYPE_CHECKING:
    from pathlib import Path

TEAMS = "orgs/acme/teams"


def team(number: int, slug: str) -> dict[str, Any]:
    return {"id": number, "slug": slug, "name": slug.title(), "members_url": "x"}


def member(number: int, login: str, role: str = "member") -> dict[str, Any]:
    return {"id": number, "login": login, "role": role, "inherited": False}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    github = GitHub()
    github.put("issues", issue(1, changed=1))
    github.put(TEAMS, team(1, "shop"), team(2, "prices"))
    github.put(f"{TEAMS}/shop/members", *(member(n, f"user-{n}") for n in range(1, 151)))
    github.put(f"{TEAMS}/prices/members", member(1, "user-1", "maintainer"))
    return Desk(tmp_path / "workspace", github)


def members(desk: Desk) -> set[tuple[str, str]]:
    names = dict(desk.rows("people", "identity", "name"))
    return {(team, names[person]) for team, person in desk.rows("team_members", "team", "person")}


def test_all_pages_of_every_team_are_read(desk: Desk) -> None:
    taken, refused = desk.sync()
    assert (refused, taken.problems) == ([], [])
    assert members(desk) == {("shop", f"user-{n}") for n in range(1, 151)} | {("prices", "user-1")}
    assert set(desk.rows("team_members", "repo", "role")) == {
        ("acme", "member"),
        ("acme", "maintainer"),
    }
    assert set(desk.rows("team_members", "from_day", "from_at", "until_at")) == {("", None, None)}


def test_who_left_one_team_and_not_another(desk: Desk) -> None:
    desk.sync()
    desk.github.items[f"{TEAMS}/shop/members"] = [member(2, "user-2")]
    desk.sync()
    assert len(members(desk)) == 151, "the list of teams is the same"
    taken, _ = desk.sync(whole=True)
    assert members(desk) == {("shop", "user-2"), ("prices", "user-1")}
    assert taken.gone == 149
    desk.github.put(f"{TEAMS}/shop/members", member(3, "user-3"))
    del desk.github.items[f"{TEAMS}/prices/members"]
    desk.github.items[TEAMS] = [team(1, "shop")]
    desk.sync(whole=True)
    assert members(desk) == {("shop", "user-2"), ("shop", "user-3")}


def test_a_new_team_is_read_with_the_next_sync(desk: Desk) -> None:
    desk.sync()
    desk.github.put(TEAMS, team(3, "dates"))
    desk.github.put(f"{TEAMS}/dates/members", member(9, "user-9"))
    desk.sync()
    assert ("dates", "user-9") in members(desk)


def test_a_user_has_no_teams(desk: Desk) -> None:
    desk.github.items = {"issues": desk.github.items["issues"]}
    taken, refused = desk.sync()
    assert (refused, taken.problems) == ([], [])
    assert members(desk) == set()


def test_a_token_that_may_not_read_them_is_told_so(desk: Desk) -> None:
    def fault(path: str):
        no = "Resource not accessible by personal access token"
        return problem("403 Forbidden", no) if path.endswith("/teams") else None

    desk.github.faults.append(fault)
    _, refused = desk.sync()
    assert [type(error) for error in refused] == [AccessError]
    assert "Organization members: read" in str(refused[0])
    assert desk.rows("issues", "key") == [("#1",)]
