"""Who an issue of Jira names, its status, resolution and kind, and what it does not tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.sources.jira.records import (
    DONE,
    JIRA,
    MADE,
    OPEN,
    SERVER,
    SITE,
    changed,
    changes,
    history,
)
from tests.sources.reading import by_table

from trueup.sources.jira.words import category, resolution_of


def test_an_account_of_the_cloud_is_one_person_on_all_sites(desk):
    first = desk.issue(creator={"accountId": "5F8d", "displayName": "Ada", "self": f"{SITE}/x"})
    second = desk.issue(
        creator={"accountId": "5f8d", "displayName": "Ada", "self": "https://b.example"}
    )
    assert first["creator"] == second["creator"]
    assert {p["address"] for p in desk.people()} == {"5f8d@account.atlassian.com"}


def test_a_key_means_something_on_its_own_server_only(desk):
    told = {"key": "JIRAUSER10100", "name": "ida", "displayName": "Ida"}
    here = desk.issue(creator={**told, "self": f"{SERVER}/rest/api/2/user?username=ida"})
    there = desk.issue(
        creator={**told, "self": "https://other.example/rest/api/2/user?username=ida"}
    )
    assert here["creator"] != there["creator"]


def test_an_address_shows_who_an_account_is_and_nothing_else(desk):
    desk.issue(
        creator={"accountId": "5f8d", "displayName": "Ada", "emailAddress": "ada@example.org"}
    )
    (found,) = desk.people()
    assert (found["address"], found["proper_address"]) == (
        "5f8d@account.atlassian.com",
        "ada@example.org",
    )


@pytest.mark.parametrize("who", [
    None, {}, {"displayName": "Former user"}, {"accountId": "unknown", "displayName": "Former user"},
    {"accountId": "", "displayName": "Runa"}, {"name": "Anonymous", "displayName": "Anonymous"},
])  # fmt: skip
def test_who_is_gone_is_nobody(who, desk):
    assert "creator" not in desk.issue(creator=who)
    assert desk.people() == []


def test_an_anonymised_account_is_still_one(desk):
    who = {
        "key": "JIRAUSER10222",
        "name": "jirauser10222",
        "displayName": "user-5f1c2",
        "self": SERVER,
    }
    assert desk.issue(assignee=who)["assignee"]


def test_an_app_is_marked_as_forges_mark_theirs(desk):
    desk.issue(
        creator={"accountId": "557058:f5", "displayName": "Automation", "accountType": "app"}
    )
    assert desk.people()[0]["name"] == "Automation [bot]"


@pytest.mark.parametrize(("told", "meant"), [
    ({"key": "new"}, "open"), ({"key": "indeterminate"}, "in_progress"), ({"key": "done"}, "done"),
    ({"id": 2}, "open"), ({"id": 4, "name": "In Progress"}, "in_progress"), ({"id": 3}, "done"),
    ({"id": 1, "key": "undefined"}, ""), ({"id": 1}, ""), ({}, ""), (None, ""),
])  # fmt: skip
def test_categories(told, meant):
    assert category({"statusCategory": told}) == meant


def test_a_status_without_category_is_done_when_it_is_resolved(desk):
    bare = {"id": "77", "name": "Parked"}
    assert desk.issue(status=bare)["status"] == "other"
    assert desk.rows.unknown_values["issues.status", "Parked"] == 1
    found = desk.issue(status=bare, resolution={"name": "Fixed"}, resolutiondate=MADE)
    assert (found["status"], found["resolution"]) == ("done", "done")


def test_what_is_done_without_a_resolution_was_done_when_its_category_changed(desk):
    found = desk.issue(status=DONE, statuscategorychangedate="2026-01-09T10:00:00.000+0100")
    assert (found["resolution"], found["resolution_original"]) == ("done", "")
    assert found["closed_at"] == datetime(2026, 1, 9, 9, tzinfo=UTC)
    assert "closed_at" not in desk.issue(statuscategorychangedate=MADE)


def test_an_open_issue_has_no_resolution_whatever_stands_there(desk):
    found = desk.issue(resolution={"name": "Won't Do"}, resolutiondate=MADE)
    assert (found["status"], found["resolution"], found["resolution_original"]) == (
        "open",
        "",
        "Won't Do",
    )


@pytest.mark.parametrize(("word", "meant"), [
    ("Done", "done"), ("Fixed", "done"), ("Won't Fix", "not_planned"), ("Duplicate", "duplicate"),
    ("Incomplete", "not_planned"), ("Cannot Reproduce", "not_planned"), ("完成", "other"), ("", "done"),
])  # fmt: skip
def test_resolutions(word, meant, desk):
    assert resolution_of(word, "Closed", desk.rows) == (meant, word)


@pytest.mark.parametrize("resolution", [None, {"name": "Done"}])
@pytest.mark.parametrize(("status", "meant"), [
    ("Won't Do", "not_planned"), ("Won\u2019t Do", "not_planned"), ("Cancelled", "not_planned"),
    ("Rejected", "not_planned"), ("Obsolete", "not_planned"), ("Duplicate", "duplicate"), ("Closed", "done"),
])  # fmt: skip
def test_what_its_status_refuses_is_not_done(status, meant, resolution, desk):
    """Many workflows set no resolution, or the same for all."""
    found = desk.issue(status=DONE | {"name": status}, resolution=resolution)
    assert (found["status"], found["resolution"]) == ("done", meant)
    assert meant == "done" or found["resolution_original"] == status


def closed(desk, *histories, status=DONE, **fields):
    told = {"resolution": {"name": "Done"}, "resolutiondate": "2026-01-07T10:00:00.000+0000"}
    found = desk.issue(changes(*histories), status=status, **told | fields)
    return found["closed_at"].day if "closed_at" in found else None


def test_a_resolution_that_stayed_tells_of_the_first_time(desk):
    """Opened again without clearing the resolution, and closed again."""
    again = history(
        2, changed("status", ("10000", "To Do"), ("10001", "Done")), created="2026-01-20T10:00:00.000+0000"
    )  # fmt: skip
    desk.rows.learn("status", "10000", "open")
    moved = history(
        3, changed("status", ("6", "Closed"), ("10001", "Done")), created="2026-01-25T10:00:00.000+0000"
    )  # fmt: skip
    assert closed(desk, again) == 20
    assert closed(desk, moved) == 7, "from one closed status to another"
    assert closed(desk, again, status=OPEN) is None, "what is open was not closed"


def test_the_moment_of_a_category_counts_where_nothing_else_is_told(desk):
    since = "2026-01-22T10:00:00.000+0000"
    assert closed(desk, statuscategorychangedate=since) == 7
    assert closed(desk, statuscategorychangedate=since, resolutiondate=None) == 22


def test_who_resolved_it_is_known_from_the_change_of_that_moment(desk):
    ada, ben = ({"accountId": n, "displayName": n} for n in ("ada", "ben"))
    early = history(
        1,
        changed("resolution", after=("1", "Done")),
        author=ada,
        created="2026-01-07T10:00:00.000+0100",
    )
    late = history(
        2,
        changed("resolution", after=("1", "Done")),
        author=ben,
        created="2026-01-09T10:00:00.004+0100",
    )
    found = desk.issue(
        changes(late, early),
        status=DONE,
        resolutiondate="2026-01-09T10:00:00.000+0100",
        creator=ben,
    )
    assert found["closed_by"] == found["creator"]
    assert "closed_by" not in desk.issue(
        changes(early), status=DONE, resolutiondate="2026-01-09T10:00:00.000+0100"
    )


@pytest.mark.parametrize(("kind", "meant"), [
    ({"name": "Story"}, "feature"), ({"name": "Bug"}, "bug"), ({"name": "Sub-task", "subtask": True}, "task"),
    ({"name": "Initiative", "hierarchyLevel": 2}, "epic"), ({"name": "Feature", "hierarchyLevel": 1}, "epic"),
    ({"name": "Teilschritt", "subtask": True}, "task"), ({"name": "Teilschritt", "hierarchyLevel": -1}, "task"),
    ({"name": "Bug Sub-task", "subtask": True}, "bug"), ({"name": "Fehler"}, "other"), ({}, ""),
])  # fmt: skip
def test_kinds(kind, meant, desk):
    assert desk.issue(issuetype=kind)["kind"] == meant


def test_types_of_another_language_are_understood_once_they_were_listed(desk):
    desk.take("issue_types", {"id": "10004", "name": "Fehler", "untranslatedName": "Bug"})
    found = desk.issue(issuetype={"id": "10004", "name": "Fehler"})
    assert (found["kind"], found["kind_original"]) == ("bug", "Fehler")


def test_what_is_not_told_is_left_out(desk):
    found = desk.issue()
    columns = "points estimate_minutes spent_minutes labels comments text_bytes tasks due_at milestone component priority"
    assert not set(columns.split()) & found.keys()


def test_times_are_whole_minutes(desk):
    assert desk.issue(timespent=89, timeoriginalestimate=0)["spent_minutes"] == 1
    found = desk.issue(timetracking={"originalEstimateSeconds": 3600})
    assert (found["estimate_minutes"], found.get("spent_minutes")) == (60, None)


def test_an_empty_text_is_one(desk):
    assert desk.issue(description=None)["text_bytes"] == 0


def test_what_was_not_asked_for_stands_as_it_was_told(desk):
    """An issue of a file may have few fields: what an earlier record told of the others is still so."""
    record = {"id": "10101", "key": "PAY-1", "self": f"{SITE}/rest/api/3/issue/10101"}
    few = {"created": MADE, "status": OPEN, "summary": "A title"}
    assigned = {"assignee": {"accountId": "5f8d", "displayName": "Ada"}, "labels": ["late"]}
    for n, fields in enumerate(
        (few | assigned | {"duedate": "2026-02-01"}, few | {"duedate": None})
    ):
        desk.rows.begin(f"issues:{n}", "0" * 64)
        JIRA.kind("issues").to_facts(record | {"fields": fields}, desk.rows)
    (row,) = by_table(desk.rows)["issues"]
    assert (row["labels"], row["due_at"]) == (["late"], None)
    assert row["assignee"]
