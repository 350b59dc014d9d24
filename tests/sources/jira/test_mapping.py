"""Jira's records in all their variants: what is missing, deleted, unknown or differs between editions."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime

import pytest

from trueup.facts.rows import OddRecordError, Rows
from trueup.runs.kinds import SOURCES
from trueup.sources.jira.custom import has_sprints
from trueup.sources.jira.issues import lacks
from trueup.sources.jira.links import target_of
from trueup.sources.jira.places import features_of, plain
from trueup.sources.jira.words import category, resolution_of

JIRA = SOURCES["jira"]
SITE = "https://acme.atlassian.net"
SERVER = "https://jira.example.org/jira"
MADE = "2026-01-06T10:00:00.000+0100"
OPEN = {"id": "10000", "name": "To Do", "statusCategory": {"id": 2, "key": "new"}}
DONE = {"id": "10001", "name": "Done", "statusCategory": {"id": 3, "key": "done"}}
FLOAT = {"type": "number", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:float"}
POINTS = {"type": "number", "custom": "com.pyxis.greenhopper.jira:jsw-story-points"}


class Desk:
    """Records in, rows out."""

    def __init__(self) -> None:
        self.rows = Rows(b"k" * 32)

    def take(self, kind, record, asked="", about=None):
        """The rows of one record, by table; only what is told stands in them."""
        self.rows.begin(f"{kind}:1", "0" * 64, asked, about)
        JIRA.kind(kind).to_facts(record, self.rows)
        return {
            table.name: [shown(row) for row in found.to_pylist()]
            for table, found in self.rows.tables()
        }

    def issue(self, changelog=None, *, names=None, schema=None, key="PAY-1", **fields):
        """The one issue that comes of these fields."""
        return self.issue_tables(changelog, names=names, schema=schema, key=key, **fields)[
            "issues"
        ][0]

    def issue_tables(self, changelog=None, *, names=None, schema=None, key="PAY-1", **fields):
        record = {"id": "10101", "key": key, "self": f"{SITE}/rest/api/3/issue/10101"}
        beside = {"changelog": changelog, "names": names, "schema": schema}
        record |= {k: v for k, v in beside.items() if v is not None}
        told = {
            "summary": "A title",
            "created": MADE,
            "status": OPEN,
            "issuetype": {"name": "Story"},
        }
        return self.take("issues", record | {"fields": told | fields})

    def people(self):
        return self.rows.people().to_pylist()


def shown(row):
    left_out = {"source_key", "raw_sha256"}
    return {k: v for k, v in row.items() if v is not None and k not in left_out}


@pytest.fixture
def desk():
    return Desk()


def changes(*histories):
    return {"total": len(histories), "histories": list(histories)}


def history(number, *items, author=None, created=MADE):
    return {"id": str(number), "created": created, "items": list(items), "author": author}


def changed(field, before=(None, None), after=(None, None)):
    named = {"from": before[0], "fromString": before[1], "to": after[0], "toString": after[1]}
    return {"field": field, "fieldtype": "jira"} | named


# People


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


# Status and resolution


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
    assert resolution_of(word, desk.rows) == meant


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


# Kinds


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


# Fields that sites make


def points_of(desk, *fields, **values):
    for number, name, schema in fields:
        desk.take("fields", {"id": f"customfield_{number}", "name": name, "schema": schema})
    return desk.issue(**values).get("points")


def test_story_points_are_read_where_the_list_of_fields_names_them(desk):
    assert points_of(desk, customfield_10024=3.0) is None
    assert points_of(desk, (10024, "Story Points", FLOAT), customfield_10024=3.0) == 3.0
    assert points_of(desk, (10016, "Schätzung", POINTS), customfield_10016=5) == 5.0


def test_no_other_number_is_taken_for_points(desk):
    other = {"type": "string", "custom": "x:textfield"}
    fields = [
        (1, "Story points of others", FLOAT),
        (2, "Story Points", other),
        (3, "Story Points", {}),
    ]
    values = {f"customfield_{n}": 8 for n in (1, 2, 3)}
    assert points_of(desk, *fields, **values) is None


def test_fields_that_differ_tell_nothing(desk):
    fields = [(10024, "Story Points", FLOAT), (10016, "Story point estimate", POINTS)]
    assert points_of(desk, *fields, customfield_10024=3, customfield_10016=5) is None
    assert points_of(desk, *fields, customfield_10024=3, customfield_10016=None) == 3.0
    assert points_of(desk, *fields, customfield_10024=0, customfield_10016=0.0) == 0.0
    assert points_of(desk, *fields, customfield_10024=True) is None


def test_names_may_stand_beside_an_issue(desk):
    beside = {
        "names": {"customfield_10024": "Story Points"},
        "schema": {"customfield_10024": FLOAT},
    }
    assert desk.issue(**beside, customfield_10024=2)["points"] == 2.0
    assert "points" not in desk.issue(names=beside["names"], customfield_10024=2)


def test_an_epic_is_the_parent_of_what_has_no_other(desk):
    assert desk.issue(epic={"key": "PAY-9"})["parent"] == "PAY-9"
    assert desk.issue(epic={"key": "PAY-9"}, parent={"key": "PAY-2"})["parent"] == "PAY-2"
    desk.take(
        "fields",
        {
            "id": "customfield_1",
            "name": "Epos",
            "schema": {"custom": "com.pyxis.greenhopper.jira:gh-epic-link"},
        },
    )
    found = desk.issue_tables(customfield_1="PAY-7")
    assert found["issues"][0]["parent"] == "PAY-7"
    assert [(r["relation"], r["target"]) for r in found["item_links"]] == [("parent", "PAY-7")]


def sprint(number, state, started, **more):
    return {"id": number, "state": state, "startDate": started, "boardId": 4} | more


def test_the_sprint_is_the_one_it_is_in_or_else_the_newest(desk):
    old, new = sprint(9, "closed", "2026-01-05"), sprint(8, "closed", "2026-01-19")
    assert desk.issue(customfield_5=[old, new])["milestone"] == "8"
    assert desk.issue(customfield_5=[new, sprint(3, "active", "2026-01-01")])["milestone"] == "3"
    assert (
        desk.issue(sprint=None, closedSprints=[sprint(7, "closed", "2026", originBoardId=1)])[
            "milestone"
        ]
        == "7"
    )
    assert desk.issue(customfield_5=[old, sprint(10, "future", None)])["milestone"] == "10"


def test_a_list_of_something_else_is_no_sprint(desk):
    assert "milestone" not in desk.issue(
        customfield_5=[
            {"id": "10", "state": "open"},
            {"id": "11", "value": "x"},
            "id=7,state=CLOSED",
            3,
            None,
        ],
        customfield_6="com.atlassian.greenhopper.service.sprint.Sprint@1[id=7,state=CLOSED,startDate=2026]",
    )


def test_sprints_as_servers_print_them(desk):
    text = (
        "com.atlassian.greenhopper.service.sprint.Sprint@55[id=7,rapidViewId=2,state={},name=Seven, [id=9],"
        "goal=<null>,startDate={},endDate=<null>,completeDate=<null>,sequence=7]"
    )
    closed = text.format("CLOSED", "2025-11-10T09:00:00.000Z")
    active = text.replace("id=7,", "id=8,").format("ACTIVE", "<null>")
    assert desk.issue(customfield_5=[closed])["milestone"] == "7"
    assert desk.issue(customfield_5=[active, closed])["milestone"] == "8"
    assert "milestone" not in desk.issue(
        customfield_5=["com.atlassian.greenhopper.service.sprint.Sprint@55[?]"]
    )


# Absent is not zero


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


# Texts


def document(*content):
    return {"type": "doc", "version": 1, "content": list(content)}


def told(text, **more):
    return {"type": "text", "text": text, **more}


def test_words_of_a_document():
    linked = told(
        "plan",
        marks=[
            {"type": "strong"},
            {"type": "link", "attrs": {"href": "https://x.example/browse/PAY-2"}},
        ],
    )
    body = document(
        {"type": "paragraph", "content": [told("See "), linked, {"type": "hardBreak"}, told("now")]},
        {"type": "blockquote", "content": [{"type": "paragraph", "content": [told("Really?")]}]},
        {"type": "codeBlock", "content": [told("why?")]},
        {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": [told("a")]}]}]},
        {"type": "rule"},
    )  # fmt: skip
    assert "https://x.example/browse/PAY-2" in plain(body)
    assert not features_of(body).asks, "what is quoted, and code, asks nothing"
    assert features_of(document({"type": "paragraph", "content": [told("Why?")]})).asks


def test_a_document_that_never_ends():
    body = document()
    for _ in range(300):
        body = document(body)
    with pytest.raises(OddRecordError):
        plain(body)


def test_wiki_text_that_is_quoted_or_code_asks_nothing():
    assert features_of("Why?").asks
    assert not features_of("{code:java}\nwhy?\n{code}\nbq. who?\n{quote}\nwhen?\n{quote}").asks
    assert features_of("{code}x{code}").bytes == 13


def test_a_text_names_other_issues_by_key_only(desk):
    found = desk.issue_tables(
        description="Closes PAY-2, see #12 and PAY-1, fixes https://github.com/a/b/pull/3"
    )
    assert [(r["relation"], r["target"]) for r in found["item_links"]] == [("mentions", "PAY-2")]


# Links


def linked(desk, kind, **side):
    found = desk.issue_tables(issuelinks=[{"id": "1", "type": kind, **side}])["item_links"]
    return [(r["repo"], r["item"], r["relation"], r["target"]) for r in found]


BLOCKS = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
DEPENDS = {"name": "Dependency", "inward": "is depended on by", "outward": "depends on"}
CHILD = {"name": "Hierarchy", "inward": "is child of", "outward": "is parent of"}
GERMAN = {"name": "Blocks", "inward": "wird blockiert von", "outward": "blockiert"}
CLONES = {"name": "Cloners", "inward": "is cloned by", "outward": "clones"}


@pytest.mark.parametrize(("kind", "out", "into"), [
    (BLOCKS, ("PAY", "PAY-1", "blocks", "OPS-2"), ("OPS", "OPS-2", "blocks", "PAY-1")),
    (DEPENDS, ("OPS", "OPS-2", "blocks", "PAY-1"), ("PAY", "PAY-1", "blocks", "OPS-2")),
    (CHILD, ("OPS", "OPS-2", "parent", "PAY-1"), ("PAY", "PAY-1", "parent", "OPS-2")),
    (GERMAN, ("PAY", "PAY-1", "blocks", "OPS-2"), ("OPS", "OPS-2", "blocks", "PAY-1")),
    (CLONES, ("PAY", "PAY-1", "relates", "OPS-2"), ("OPS", "OPS-2", "relates", "PAY-1")),
    ({}, ("PAY", "PAY-1", "relates", "OPS-2"), ("OPS", "OPS-2", "relates", "PAY-1")),
])  # fmt: skip
def test_links_have_one_direction_whichever_issue_tells_them(kind, out, into, desk):
    assert linked(desk, kind, outwardIssue={"key": "OPS-2"}) == [out]
    assert linked(desk, kind, inwardIssue={"key": "OPS-2"}) == [into]


SHA = "8748a066cbaf67b15e86f2c636f9931347e987cf"


@pytest.mark.parametrize(("address", "found"), [
    (f"https://github.com/acme/app/commit/{SHA}", ("commit", SHA)),
    (f"https://git.example/a/b/c/-/commits/{SHA}?x=1", ("commit", SHA)),
    ("https://github.com/acme/app/pull/7/files", ("request", "acme/app#7")),
    ("https://bitbucket.org/acme/app/pull-requests/7", ("request", "acme/app#7")),
    ("https://bb.example/ctx/projects/PAY/repos/app/pull-requests/7/overview", ("request", "PAY/app#7")),
    ("https://git.example/a/b/-/issues/7", ("issue", "a/b#7")),
    ("https://other.atlassian.net/browse/LEG-5", ("issue", "LEG-5")),
    ("https://bb.example/projects/PAY/repos/app/browse/src/a-1.c", None),
    ("https://github.com/acme/app/pull/new/branch", None),
    ("https://wiki.example/display/PAY/Refunds", None),
    ("", None),
])  # fmt: skip
def test_targets(address, found):
    assert target_of(address) == found


# Whose a record is


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


# Changes


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


# What is asked


@pytest.mark.parametrize(("address", "edition"), [
    ("https://acme.atlassian.net", ""), ("acme.atlassian.net", ""), ("https://ACME.atlassian.net/", ""),
    ("https://api.atlassian.com/ex/jira/1f2e", ""), ("https://jira.example.org/jira", "data_center"),
    ("https://atlassian.net.example.org", "data_center"), ("http://localhost:8080", "data_center"),
    ("https://example.org/x.atlassian.net/", "data_center"),
])  # fmt: skip
def test_the_address_tells_the_edition(address, edition):
    found = JIRA.interface.door("", {"JIRA_URL": address})
    assert found.edition == edition
    assert found.secrets == ("JIRA_TOKEN",)


def test_without_an_address_there_is_no_door():
    assert JIRA.interface.door("", {}) is None


def test_tokens_of_both_editions():
    basic = JIRA.interface.headers("ada@example.org:a-token")["Authorization"]
    assert b64decode(basic.removeprefix("Basic ")) == b"ada@example.org:a-token"
    assert JIRA.interface.headers("a-token")["Authorization"] == "Bearer a-token"
    assert "Authorization" not in JIRA.interface.headers("")


def test_each_edition_is_asked_as_it_wants():
    cloud, server = (JIRA.of(e).kind("issues") for e in ("", "data_center"))
    assert (cloud.path, cloud.listing.page) == ("/rest/api/3/search/jql", "nextPageToken")
    assert (server.path, server.listing.page) == ("/rest/api/2/search", "startAt")
    assert JIRA.of("data_center").kind("issue_changelogs").listing is None
    assert JIRA.of("").kind("issue_changelogs").listing is not None


def test_moments_in_queries_depend_on_no_time_zone():
    jql = JIRA.kind("issues").listing.params["jql"]
    assert re.search(r"updated >= \{since\} ORDER BY updated ASC", jql)
    assert JIRA.kind("issues").listing.since == "milliseconds"


@pytest.mark.parametrize(("found", "lacking"), [
    ({"total": 2, "histories": [1, 2]}, False), ({"total": 3, "histories": [1, 2]}, True),
    ({"total": 0, "histories": []}, False), ({"histories": [1]}, True), (None, True), ([], True),
])  # fmt: skip
def test_what_an_issue_holds_whole_is_not_asked_for(found, lacking):
    assert lacks("changelog.histories")({"changelog": found}) is lacking
    assert lacks("fields.worklog.worklogs")(
        {"fields": {"worklog": found and {"total": 0, "worklogs": []}}}
    ) is not bool(found)


def test_boards_that_refuse_to_list_sprints_are_not_asked():
    assert [has_sprints({"type": t}) for t in ("scrum", "kanban", "simple", None)] == [
        True,
        False,
        False,
        False,
    ]
