"""How Jira is asked: its editions, doors and lists."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from tests.sources.jira.records import JIRA

from trueup.sources.jira.custom import has_sprints
from trueup.sources.jira.issues import lacks


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
