"""GitHub Copilot payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from tests.peers.comparing import (
    Compared,
    assert_explained,
    at,
    by,
    facts_of,
    github_account,
    is_,
    moment,
    peer,
    table_of,
    tables_in,
    taken,
    text_of,
)

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/copilot.md: theirs cannot say
#: that nothing is known, and writes zero.
EXPLAINED = {
    ("_tool_copilot_enterprise_daily_metrics", column)
    for column in (
        "weekly_active_users monthly_active_users monthly_active_chat_users monthly_active_agent_users pr_total_reviewed "
        "pr_total_created pr_total_created_by_copilot pr_total_reviewed_by_copilot user_initiated_interaction_count "
        "code_generation_activity_count code_acceptance_activity_count loc_suggested_to_add_sum "
        "loc_suggested_to_delete_sum loc_added_sum loc_deleted_sum"
    ).split()
}
#: What their older table holds that no payload beside it tells.
NOT_TOLD = {
    "total_engaged_users", "ide_chats", "ide_chat_copy_events", "ide_chat_insertion_events", "ide_chat_engaged_users",
    "dotcom_chats", "dotcom_chat_engaged_users",
}  # fmt: skip


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("copilot")
    store, found = taken("devlake/gh-copilot/metrics/raw_tables", workspace)
    assert [t.unread for t in found] == [0]
    assert not found[0].unknown_fields
    return facts_of(store, "tool_usage tool_seats")


@pytest.fixture(scope="module")
def expected():
    folder = "devlake/gh-copilot/metrics"
    return tables_in(folder) | tables_in(f"{folder}/snapshot_tables")


@pytest.fixture(scope="module")
def payloads():
    """What is told of each day, as it stands in the payload."""
    told = table_of(peer("devlake/gh-copilot/metrics/raw_tables/_raw_copilot_metrics.csv"))
    return {r["day"]: r for r in (json.loads(row["data"]) for row in told)}


COUNTS = {
    "code_generation_activity_count": "suggested",
    "code_acceptance_activity_count": "accepted",
    "loc_suggested_to_add_sum": "lines_suggested",
    "loc_suggested_to_delete_sum": "deletions_suggested",
    "loc_added_sum": "lines_accepted",
    "loc_deleted_sum": "deletions_accepted",
}
DAYS = {
    "daily_active_users": "people",
    "weekly_active_users": "people_week",
    "monthly_active_users": "people_month",
    "monthly_active_chat_users": "chat_people_month",
    "monthly_active_agent_users": "agent_people_month",
    "pr_total_reviewed": "pulls_reviewed",
    "pr_total_created": "pulls",
    "pr_total_created_by_copilot": "pulls_by_tool",
    "pr_total_reviewed_by_copilot": "pulls_reviewed_by_tool",
    "user_initiated_interaction_count": "prompts",
    **COUNTS,
}
SUMS = {
    "completion_suggestions": "suggested",
    "completion_acceptances": "accepted",
    "completion_lines_suggested": "lines_suggested",
    "completion_lines_accepted": "lines_accepted",
}
BREAKDOWN = {
    "suggestions": "suggested",
    "acceptances": "accepted",
    "lines_suggested": "lines_suggested",
    "lines_accepted": "lines_accepted",
}
SEATS = {
    "created_at": "happened_at",
    "last_activity_at": "used_at",
    "last_authenticated_at": "signed_in_at",
    "pending_cancellation_date": "ends_at",
    "updated_at": "changed_at",
}


def day(row):
    return (row.get("day") or row["date"])[:10]


def summed(rows_, columns):
    found = {c: sum(r[c] for r in rows_) for c in columns}
    return found | {"repo": rows_[0]["repo"], "happened_at": rows_[0]["happened_at"]}


def grouped(rows_, key):
    found = defaultdict(list)
    for row in rows_:
        found[key(row)].append(row)
    return {k: summed(v, COUNTS.values()) for k, v in found.items()}


DAY = {"scope_id": (str, is_("repo")), "day": (moment, at("happened_at"))}
DATE = {"scope_id": (str, is_("repo")), "date": (moment, at("happened_at"))}
LANGUAGE = {"language": (str, is_("language")), "feature": (str, is_("feature"))}
SEAT = {
    "organization": (str, is_("repo")),
    "user_login": (github_account, is_("actor")),
    "plan_type": (str, is_("plan")),
    "last_activity_editor": (str, is_("editor")),
} | {theirs: (moment, at(ours)) for theirs, ours in SEATS.items()}


def numbers(columns):
    return {theirs: (str, text_of(ours)) for theirs, ours in columns.items()}


def compared(facts, expected):
    found = Compared(expected)
    usage = facts["tool_usage"]
    whole = {r["day"]: r for r in usage if r["report"] == "days"}
    split = [r for r in usage if r["report"] == "days by language_feature"]
    found.compare("_tool_copilot_enterprise_daily_metrics", whole, day, DAY | numbers(DAYS))
    found.compare(
        "_tool_copilot_metrics_by_language_feature",
        {f"{r['day']} {r['language']} {r['feature']}": r for r in split},
        lambda r: f"{day(r)} {r['language']} {r['feature']}",
        DAY | LANGUAGE | numbers(COUNTS),
    )
    _older(found, facts, grouped(split, lambda r: r["day"]), whole)
    found.compare(
        "language_breakdown",
        grouped(split, lambda r: f"{r['day']} {r['language']}"),
        lambda r: f"{day(r)} {r['language']}",
        DATE | numbers(BREAKDOWN),
    )
    found.compare(
        "_tool_copilot_seats",
        by("actor", facts["tool_seats"]),
        lambda r: github_account(r["user_login"]),
        SEAT,
    )
    return found


def _older(found, facts, sums, whole):
    """Their table after the reports of before April 2026: what today's payloads tell of it."""
    seats = facts["tool_seats"]
    counted = {"seat_total": len(seats), "seat_active_count": sum(r["used_at"] is not None for r in seats)}  # fmt: skip
    ours = {d: {**whole[d], **sums[d], **counted} for d in sums}
    found.compare(
        "_tool_copilot_org_metrics",
        ours,
        day,
        DATE | numbers(SUMS | {"total_active_users": "people"} | {name: name for name in counted}),
    )


def test_cells(facts, expected, payloads, record_property):
    """What differs is a zero of theirs, where the payload says nothing; all else is equal."""
    found = compared(facts, expected)
    # The floor is lower than that of others, for the payloads of both days tell little.
    assert_explained(found, EXPLAINED, "copilot", record_property, floor=0.75)
    assert found.missing == []
    for _, key, column, theirs, ours in found.differ:
        assert (theirs, ours) == ("0", "")
        assert column not in payloads[key]
        assert column not in payloads[key].get("pull_requests", {})
    assert f"{len(found.differ)} cells" in _page()


def test_columns_that_no_payload_tells_are_named(expected, payloads):
    """Nothing is left out of the comparison that a payload could be compared with."""
    columns = expected["_tool_copilot_org_metrics"][0].keys()
    assert columns - NOT_TOLD == {"connection_id", "scope_id", "date", "total_active_users", "seat_active_count", "seat_total", *SUMS}  # fmt: skip
    fields = set().union(*(p.keys() for p in payloads.values()))
    assert fields == {"day", "daily_active_users", "totals_by_language_feature"}
    assert all(f"`{column}`" in _page() for column in NOT_TOLD | {"editor", "engaged_users"})


def _page():
    return Path("docs/compared-with-devlake/copilot.md").read_text("utf-8")
