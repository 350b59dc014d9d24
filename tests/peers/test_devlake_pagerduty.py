"""PagerDuty payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import pytest
from tests.peers.comparing import (
    KEY,
    Compared,
    assert_explained,
    at,
    is_,
    last,
    moment,
    peer,
    rows,
    table_of,
    taken,
)

from trueup.facts.pseudonyms import identity
from trueup.facts.texts.message import subject_id

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/pagerduty.md.
EXPLAINED = {
    ("_tool_pagerduty_assignments", "user_id"),
    ("issue_assignees", "assignee_id"),
    ("issue_assignees", "assignee_name"),
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    store, _ = taken("devlake/pagerduty/raw_tables", tmp_path_factory.mktemp("pagerduty"))
    return {name: rows(store, name) for name in ("issues", "issue_events", "people")}


@pytest.fixture(scope="module")
def expected():
    folder = peer("devlake/pagerduty/snapshot_tables")
    return {path.stem: table_of(path) for path in folder.glob("*.csv")}


STATUS = {"TODO": "open", "IN_PROGRESS": "in_progress", "DONE": "done"}


def own(url):
    """The id of an incident or user, which stands at the end of its address."""
    return url.rsplit("/", 1)[-1]


def label(summary):
    """The title within the label that the interface makes of number and title."""
    return subject_id(summary.partition("] ")[2])


def minutes(row):
    ended, made = row["closed_at"], row["happened_at"]
    return str(int((ended - made).total_seconds() // 60)) if ended else ""


def compared(facts, expected):
    found = Compared()
    users = {r["id"]: r["name"] for r in expected["_tool_pagerduty_users"]}
    incidents = {r["number"]: own(r["url"]) for r in expected["_tool_pagerduty_incidents"]}
    issues = {r["key"]: r for r in facts["issues"]}
    people = {r["identity"]: r["name"] for r in facts["people"]}

    def account(user):
        return identity(KEY, users[user], f"pagerduty:{user}") if user else ""

    def assignee_name(row):
        return people.get(row["assignee"], "")

    found.compare(
        "_tool_pagerduty_incidents",
        expected["_tool_pagerduty_incidents"],
        issues,
        lambda r: own(r["url"]),
        {
            "number": (incidents.get, is_("key")),
            "service_id": (str, is_("repo")),
            "summary": (label, is_("title_id")),
            "status": (str, is_("status_original")),
            "urgency": (str, is_("severity")),
            "priority": (str, is_("priority")),
            "created_date": (moment, at("happened_at")),
            "updated_date": (moment, at("changed_at")),
        },
    )
    found.compare(
        "issues",
        expected["issues"],
        issues,
        lambda r: own(r["url"]),
        {
            "issue_key": (incidents.get, is_("key")),
            "description": (label, is_("title_id")),
            "type": (str.lower, is_("kind")),
            "status": (STATUS.get, is_("status")),
            "original_status": (str, is_("status_original")),
            "resolution_date": (moment, at("closed_at")),
            "created_date": (moment, at("happened_at")),
            "updated_date": (moment, at("changed_at")),
            "lead_time_minutes": (str, minutes),
            "assignee_id": (account, is_("assignee")),
            "assignee_name": (str, assignee_name),
            "priority": (str, is_("priority")),
            "urgency": (str, is_("severity")),
        },
    )
    found.compare(
        "issue_assignees",
        expected["issue_assignees"],
        issues,
        lambda r: incidents[last(r["issue_id"])],
        {"assignee_id": (account, is_("assignee")), "assignee_name": (str, assignee_name)},
    )
    found.compare(
        "_tool_pagerduty_assignments",
        expected["_tool_pagerduty_assignments"],
        issues,
        lambda r: incidents[r["incident_number"]],
        {"user_id": (account, is_("assignee"))},
    )
    found.compare(
        "_tool_pagerduty_assignments",
        expected["_tool_pagerduty_assignments"],
        {
            f"{r['key']} {r['happened_at']}": r
            for r in facts["issue_events"]
            if r["field"] == "assignee"
        },
        lambda r: f"{incidents[r['incident_number']]} {moment(r['assigned_at'])}",
        {"assigned_at": (moment, at("happened_at"))},
    )
    found.compare(
        "_tool_pagerduty_users",
        expected["_tool_pagerduty_users"],
        {r["address"].removeprefix("pagerduty:"): r for r in facts["people"]},
        lambda r: own(r["url"]),
        {"id": (account, is_("identity")), "name": (str, is_("name"))},
    )
    return found


def test_cells(facts, expected, record_property):
    found = compared(facts, expected)
    assert_explained(found, EXPLAINED, "pagerduty", record_property)
