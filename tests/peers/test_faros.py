"""Record streams of another project's connectors (faros-ai/airbyte-connectors): all are understood, or told."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.peers.comparing import KEY, moment, peer, rows, taken

from trueup.facts.pseudonyms import identity
from trueup.facts.texts.message import subject_id
from trueup.kernel.errors import ExportError
from trueup.runs.kinds import SOURCES

#: By folder: the source that reads it, and how many records of each kind there are.
READ = {
    "claude-source": ("claude_code", {"usage_report": 2, "users": 2}),
    "cursor-source": ("cursor", {"ai_commit_metrics": 3, "daily_usage": 2, "members": 2, "usage_events": 3}),
    "cursor": ("cursor", {"ai_commit_metrics": 4, "daily_usage": 2, "members": 2, "usage_events": 3}),
    "windsurf-source": (
        "windsurf",
        {"user_page_analytics": 2, "custom_analytics": 3, "cascade_lines_analytics": 1, "cascade_runs_analytics": 1},
    ),
    "firehydrant": ("airbyte", {"firehydrant_incidents": 4, "firehydrant_teams": 2, "firehydrant_users": 1}),
    "servicenow": ("airbyte", {"servicenow_incidents": 2, "servicenow_users": 2}),
    "squadcast": (
        "airbyte",
        {"squadcast_incidents": 4, "squadcast_events": 3, "squadcast_services": 1, "squadcast_users": 1},
    ),
    "victorops": ("airbyte", {"victorops_incidents": 2, "victorops_teams": 2, "victorops_users": 1}),
    "pagerduty": ("pagerduty", {"incidents": 3, "log_entries": 3, "users": 1}),
}  # fmt: skip
#: Streams that nobody reads, counted and named.
UNREAD = {"pagerduty": 1}


@pytest.fixture(scope="module", params=READ)
def stream(request, tmp_path_factory):
    store, found = taken(
        f"faros/{request.param}", tmp_path_factory.mktemp(request.param), {"place": "acme"}
    )
    return request.param, store, found


def test_every_record_is_understood(stream):
    name, _, found = stream
    source, records = READ[name]
    assert [t.source for t in found] == [source]
    assert dict(found[0].records) == records
    assert found[0].unread == UNREAD.get(name, 0), found[0].problems
    assert dict(found[0].unknown_fields) == {}
    assert dict(found[0].unknown_values) == {}


def test_no_name_or_address_stands_outside_people(stream):
    name, store, found = stream
    people = rows(store, "people")
    assert people, name
    for table in {*SOURCES[found[0].source].writes} - {"people"}:
        told = repr(rows(store, table))
        for person in people:
            assert "@" not in person["address"] or person["address"] not in told
            assert " " not in person["name"] or person["name"] not in told


def messages(name):
    """The records of a stream as they stand in the file."""
    found = {}
    for line in (peer(f"faros/{name}") / "all-streams.log").read_text("utf-8").splitlines():
        told = json.loads(line).get("record") if line.strip() else None
        if told:
            found.setdefault(told["stream"].rsplit("__", 1)[-1], []).append(told["data"])
    return found


@pytest.mark.parametrize(
    ("name", "key", "status", "made", "title"),
    [
        ("firehydrant", "id", "current_milestone", "created_at", "name"),
        ("servicenow", "number", "state", "opened_at", "short_description"),
        ("squadcast", "id", "status", "created_at", "title"),
        ("victorops", "incidentNumber", "currentPhase", "startTime", "entityDisplayName"),
        ("pagerduty", "id", "status", "created_at", "title"),
    ],
)
def test_incidents(name, key, status, made, title, tmp_path):
    store, _ = taken(f"faros/{name}", tmp_path)
    ours = {r["key"]: r for r in rows(store, "issues")}
    theirs = messages(name)["incidents"]
    assert ours.keys() == {r[key] for r in theirs}
    for told in theirs:
        row = ours[told[key]]
        assert row["kind"] == "incident"
        assert row["status_original"] == told[status]
        assert row["status"] in {"open", "in_progress", "done"}
        assert (row["closed_at"] is not None) == (row["status"] == "done")
        assert row["happened_at"].replace(microsecond=0) == moment(told[made])
        assert row["title_id"] == subject_id(told[title])


def test_how_long_incidents_took(tmp_path):
    store, _ = taken("faros/firehydrant", tmp_path)
    done = next(r for r in rows(store, "issues") if r["status"] == "done")
    assert done["closed_at"].isoformat() == "2022-03-08T03:09:06.407000+00:00"
    events = [r for r in rows(store, "issue_events") if r["key"] == done["key"]]
    told = {r["after_original"]: r["happened_at"].isoformat() for r in events}
    assert told["acknowledged"] == "2022-03-08T02:03:42+00:00"
    members = {(r["team"], r["role"]) for r in rows(store, "team_members")}
    assert members == {("Backend Team", "Commander"), ("Mobile Team", "Ops Lead")}


@pytest.mark.parametrize("name", ["abstract-surveys", "sheets"])
def test_surveys_are_left_with_a_reason(name, tmp_path):
    with pytest.raises(ExportError, match="answers to surveys are not read yet"):
        taken(f"faros/{name}", tmp_path)


def test_use_is_what_the_payload_says(tmp_path):
    store, _ = taken("faros/claude-source", tmp_path, {"place": "acme"})
    usage = rows(store, "tool_usage")
    first = json.loads(
        (peer("faros/claude-source") / "claude_code_usage_report/claude_code_usage_report.json").read_text("utf-8")
    )["data"][0]  # fmt: skip
    ada = identity(KEY, "", first["actor"]["email_address"])
    mine = [r for r in usage if r["actor"] == ada]
    (whole,) = (r for r in mine if r["report"] == "days")
    assert (whole["sessions"], whole["commits"], whole["pulls_by_tool"]) == (15, 8, 2)
    assert (whole["lines_accepted"], whole["deletions_accepted"]) == (342, 128)
    assert whole["cost_cents"] is None, "the whole tells no cost: its models do"
    models = {r["model"]: r["cost_cents"] for r in mine if r["report"] == "days by model"}
    assert models == {"claude-sonnet-4-20250514": 186.0, "claude-3-5-haiku-20241022": 42.0}
    tools = {r["feature"]: r["accepted"] for r in mine if r["report"] == "days by tool"}
    assert tools == {k: v["accepted"] for k, v in first["tool_actions"].items()}


def test_lines_of_commits(tmp_path):
    store, _ = taken("faros/cursor", tmp_path)
    told = {r["commitHash"]: r for r in messages("cursor")["ai_commit_metrics"]}
    ours = rows(store, "ai_lines")
    assert {r["sha"] for r in ours} == told.keys()
    for row in ours:
        raw = told[row["sha"]]
        assert row["repo"] == (raw["repoName"] or "")
        assert row["completed_added"] == raw["tabLinesAdded"]
        assert row["generated_added"] == raw["composerLinesAdded"]
        assert row["other_added"] == raw["nonAiLinesAdded"], "nothing stays nothing"
        assert raw["message"] is None or raw["message"] not in repr(row)


def test_the_same_records_from_both_sides_are_the_same_facts(tmp_path):
    """What the interface gives, and what the connector made of it."""
    left = {"source_key", "raw_sha256", "seen_at"}

    def facts(name, table):
        store, _ = taken(f"faros/{name}", tmp_path / name, {"place": "acme"})
        return Counter(
            repr(sorted((k, v) for k, v in r.items() if k not in left)) for r in rows(store, table)
        )

    assert facts("cursor-source", "tool_usage") == facts("cursor", "tool_usage")
