"""Whose a record of Jira is, and what changes of issues tell."""

from __future__ import annotations

import pytest
from tests.sources.jira.records import MADE, SERVER, SITE, changed, changes, history

from trueup.facts.rows import OddRecordError


def test_a_record_belongs_to_the_issue_that_was_asked_for(desk):
    record = history(1, changed("status", ("1", "Open"), ("3", "In Progress")))
    (found,) = desk.take("issue_changelogs", record, about={"place": "PAY", "number": "PAY-3"})[
        "issue_events"
    ]
    assert (found["repo"], found["key"]) == ("PAY", "PAY-3")
    (found,) = desk.take("issue_changelogs", record, f"{SITE}/rest/api/3/issue/PAY-4/changelog?x")[
        "issue_events"
    ]
    assert found["key"] == "PAY-4"


def test_a_number_becomes_a_key_where_the_issue_was_read(desk):
    record = {
        "id": "1",
        "issueId": "10101",
        "self": f"{SITE}/rest/api/2/issue/10101/worklog/1",
        "started": MADE,
    }
    assert desk.take("worklogs", record)["worklogs"][0]["key"] == "10101"
    desk.issue()
    (found,) = desk.take("worklogs", record)["worklogs"]
    assert (found["repo"], found["key"]) == ("PAY", "PAY-1")
    elsewhere = record | {"self": f"{SERVER}/rest/api/2/issue/10101/worklog/1"}
    assert desk.take("worklogs", elsewhere)["worklogs"][0]["key"] == "10101", (
        "another site counts for itself"
    )


def test_what_a_collector_noted_does_not_outweigh_the_record(desk):
    desk.issue()
    record = {
        "id": "1",
        "issueId": "777",
        "self": f"{SITE}/rest/api/2/issue/777/worklog/1",
        "started": MADE,
    }
    (found,) = desk.take("worklogs", record, about={"issue_id": 10101})["worklogs"]
    assert found["key"] == "777"


def test_a_record_of_no_issue_is_odd(desk):
    for kind, record in (
        ("issue_changelogs", history(1)),
        ("development_panels", {"errors": [], "detail": []}),
    ):
        with pytest.raises(OddRecordError):
            desk.take(kind, record)
    with pytest.raises(OddRecordError):
        desk.issue(key="no key")


def test_a_sprint_belongs_to_the_project_that_was_asked_for_or_to_its_board(desk):
    record = {"id": 7, "state": "active", "name": "Seven", "originBoardId": 4}
    assert desk.take("sprints", record)["milestones"][0]["repo"] == "4"
    assert desk.take("sprints", record, about={"place": "PAY"})["milestones"][0]["repo"] == "PAY"


def statuses(desk, *items, **fields):
    found = desk.issue_tables(changes(history(1, *items)), **fields)["issue_events"]
    return [(r["before"], r["after"]) for r in found]


def test_a_status_is_known_from_the_list_from_the_issues_around_and_from_jira_itself(desk):
    change = changed("status", ("10900", "Wartend"), ("10901", "Erledigt"))
    assert statuses(desk, change) == [("other", "other")]
    around = {"status": {"id": "10901", "name": "Erledigt", "statusCategory": {"key": "done"}}}
    assert statuses(desk, change, **around) == [("other", "done")]
    child = {"subtasks": [{"key": "PAY-2", "fields": around}]}
    assert statuses(desk, change, **child) == [("other", "done")]
    desk.take(
        "statuses", {"id": "10900", "name": "Wartend", "statusCategory": {"key": "indeterminate"}}
    )
    assert statuses(desk, change) == [("in_progress", "other")]
    assert statuses(desk, changed("status", ("6", "Closed"), ("4", "Reopened"))) == [
        ("done", "open")
    ]
    assert statuses(desk, changed("status", ("6", "Ready"), ("4", "Closed"))) == [
        ("other", "other")
    ]


@pytest.mark.parametrize(
    ("name", "given", "resolution"),
    [
        ("Closed", "Fixed", "done"),
        ("Closed", "Won't Fix", "not_planned"),
        ("Closed", "Duplicate", "duplicate"),
        ("Won't Do", None, "not_planned"),
        ("Won't Do", "Done", "not_planned"),
        ("Closed", None, ""),
    ],
)
def test_how_a_change_closed_an_issue(desk, name, given, resolution):
    around = {"status": {"id": "6", "name": name, "statusCategory": {"key": "done"}}}
    items = [changed("status", ("1", "Open"), ("6", name))]
    items += [changed("resolution", (None, None), ("1", given))] if given else []
    found = desk.issue_tables(changes(history(1, *items)), **around)["issue_events"]
    assert [r["resolution"] for r in found if r["field"] == "status"] == [resolution]


def test_values_that_are_texts_or_people_are_not_kept(desk):
    secret = "zanzibar marmalade"
    items = [
        changed(f, ("1", secret), ("2", secret))
        for f in ("summary", "description", "assignee", "Comment", "Team")
    ]
    found = desk.issue_tables(changes(history(1, *items)))["issue_events"]
    assert [r["field"] for r in found] == ["title", "other", "assignee", "other", "other"]
    assert secret not in repr(found)


def test_one_change_may_touch_a_field_twice(desk):
    found = desk.issue_tables(changes(history(5, changed("Fix Version"), changed("Fix Version"))))[
        "issue_events"
    ]
    assert [r["event"] for r in found] == ["5:Fix Version", "5:Fix Version:2"]
