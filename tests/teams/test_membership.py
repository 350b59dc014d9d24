"""Work belongs to the team its author was in on the day it landed, and stays there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.facts_of import DAY, END, prepared

from trueup.facts.views import activity
from trueup.teams.scopes import Member, Team

ADA, BO, CY = "Ada", "Bo", "Cy"
#: Ada changes teams on the tenth day before the end.
MOVE = (END - 10 * DAY).date()
TEAMS = (
    Team(
        "left",
        (Member("ada@example.org", end=MOVE), Member("BO@example.org")),
    ),
    Team("right", (Member("ada@example.org", start=MOVE), Member("nobody@example.org"))),
)


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    def build(history):
        for days in (30, 12, 11, 10, 9, 2):
            history.commit(ADA, END - days * DAY, {f"a{days}": "x\n"}, f"ada {days}")
        history.commit(ADA, END - 10 * DAY - timedelta(seconds=1), {"last": "x\n"}, "ada last")
        history.commit(
            ADA, END - 20 * DAY, {"late": "x\n"}, "ada late", by=BO, landed=END - 1 * DAY
        )
        history.commit(BO, END - 5 * DAY, {"b": "x\n"}, "bo")
        history.commit(CY, END - 5 * DAY, {"c": "x\n"}, "cy")

    with prepared(tmp_path_factory.mktemp("moved"), build, teams=TEAMS) as found:
        yield found


def teams_of(facts):
    work = facts.table("work").inner_join(facts.table("commit_scope"), ["repo", "sha"])
    touched = facts.table("touches").select("repo", "sha", "path")
    rows = facts.read(work.inner_join(touched, ["repo", "sha"]).select("path", "scope"))
    return dict(zip(rows["path"].to_pylist(), rows["scope"].to_pylist(), strict=True))


def test_a_move_counts_from_its_day_on(facts):
    found = teams_of(facts)
    assert {p: found[p] for p in ("a30", "a12", "a11", "last")} == dict.fromkeys(
        ("a30", "a12", "a11", "last"), "left"
    )
    assert {p: found[p] for p in ("a10", "a9", "a2")} == dict.fromkeys(("a10", "a9", "a2"), "right")


def test_the_day_of_landing_counts_and_not_that_of_writing(facts):
    assert teams_of(facts)["late"] == "right"


def test_addresses_are_compared_without_case_and_strangers_belong_to_no_team(facts):
    found = teams_of(facts)
    assert found["b"] == "left"
    assert "c" not in found


def test_people_are_counted_by_team(facts):
    assert activity.people_by_scope(facts, END - 100 * DAY) == {"": 3, "left": 2, "right": 1}


def test_members_without_dates_always_belong():
    member = Member("ada@example.org")
    assert (member.start, member.end) == (None, None)
    assert Member("x", date(2026, 1, 1)).start == date(2026, 1, 1)
