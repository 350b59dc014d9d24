"""PagerDuty payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import pytest
from tests.peers.comparing import (
    KEY,
    PROGRESS,
    Compared,
    assert_explained,
    at,
    by,
    facts_of,
    is_,
    last,
    lead,
    moment,
    tables_in,
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
    return facts_of(store, "issues issue_events people")


def own(url):
    """The id of an incident or user, which stands at the end of its address."""
    return url.rsplit("/", 1)[-1]


def shown(row):
    return own(row["url"])


def label(summary):
    """The title within the label that the interface makes of number and title."""
    return subject_id(summary.partition("] ")[2])


COMMON = {
    "priority": (str, is_("priority")),
    "urgency": (str, is_("severity")),
    "created_date": (moment, at("happened_at")),
    "updated_date": (moment, at("changed_at")),
}
INCIDENT = COMMON | {
    "service_id": (str, is_("repo")),
    "summary": (label, is_("title_id")),
    "status": (str, is_("status_original")),
}
ISSUE = COMMON | {
    "description": (label, is_("title_id")),
    "type": (str.lower, is_("kind")),
    "status": (PROGRESS.get, is_("status")),
    "original_status": (str, is_("status_original")),
    "resolution_date": (moment, at("closed_at")),
    "lead_time_minutes": (str, lead),
}


def compared(facts):
    found = Compared(tables_in("devlake/pagerduty/snapshot_tables"))
    users = {r["id"]: r["name"] for r in found.expected["_tool_pagerduty_users"]}
    incidents = {r["number"]: own(r["url"]) for r in found.expected["_tool_pagerduty_incidents"]}
    people = {r["identity"]: r["name"] for r in facts["people"]}

    def account(user):
        return identity(KEY, users[user], f"pagerduty:{user}") if user else ""

    issues = by("key", facts["issues"])
    key = (incidents.get, is_("key"))
    assignee = (account, is_("assignee"))
    to = {
        "assignee_id": assignee,
        "assignee_name": (str, lambda r: people.get(r["assignee"], "")),
    }
    found.compare("_tool_pagerduty_incidents", issues, shown, INCIDENT | {"number": key})
    found.compare("issues", issues, shown, ISSUE | to | {"issue_key": key})
    found.compare("issue_assignees", issues, lambda r: incidents[last(r["issue_id"])], to)
    table = "_tool_pagerduty_assignments"
    found.compare(table, issues, lambda r: incidents[r["incident_number"]], {"user_id": assignee})
    found.compare(
        table,
        {
            (r["key"], r["happened_at"]): r
            for r in facts["issue_events"]
            if r["field"] == "assignee"
        },
        lambda r: (incidents[r["incident_number"]], moment(r["assigned_at"])),
        {"assigned_at": (moment, at("happened_at"))},
    )
    found.compare(
        "_tool_pagerduty_users",
        {r["address"].removeprefix("pagerduty:"): r for r in facts["people"]},
        shown,
        {"id": (account, is_("identity")), "name": (str, is_("name"))},
    )
    return found


def test_cells(facts, record_property):
    assert_explained(compared(facts), EXPLAINED, "pagerduty", record_property)
