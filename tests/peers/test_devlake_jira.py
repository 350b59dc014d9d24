"""Jira payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import json
import re

import pytest
from tests.peers.comparing import (
    Compared,
    assert_explained,
    copied,
    facts_of,
    peer,
    table_of,
    tables_in,
    taken,
)
from tests.peers.devlake_jira_issues import Names, commits, issues, links, sprints, worklogs
from tests.peers.devlake_jira_words import changes, people, words

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/jira.md.
EXPLAINED = {
    ("_tool_jira_issues", "sprint_id"),
    ("_tool_jira_issues_for_due_date", "sprint_id"),
    ("issue_changelogs", "original_from_value"),
    ("issue_changelogs", "original_to_value"),
    ("issue_changelogs", "from_value"),
    ("issue_changelogs", "to_value"),
    ("issues", "status"),
    ("issues_with_no_mapping_subtask", "status"),
    ("_tool_jira_issues", "std_status"),
    ("issues", "story_point"),
    ("issues_for_due_date", "story_point"),
    ("issues_with_no_mapping_subtask", "story_point"),
    ("_tool_jira_issues", "story_point"),
    ("_tool_jira_issues_for_due_date", "story_point"),
    ("issues", "due_date"),
    ("issues_for_due_date", "due_date"),
    ("_tool_jira_issues", "due_date"),
    ("_tool_jira_issues_for_due_date", "due_date"),
    ("issues", "resolution_date"),
    ("issues_for_due_date", "resolution_date"),
    ("issues_with_no_mapping_subtask", "resolution_date"),
    ("_tool_jira_issues", "resolution_date"),
    ("_tool_jira_issues_for_due_date", "resolution_date"),
    ("issues", "lead_time_minutes"),
    ("issues_for_due_date", "lead_time_minutes"),
    ("issues_with_no_mapping_subtask", "lead_time_minutes"),
    ("_tool_jira_issues", "lead_time_minutes"),
    ("_tool_jira_issues_for_due_date", "lead_time_minutes"),
    ("_tool_jira_sprints_for_convertor", "state"),
}
RAW = "devlake/jira/raw_tables"
TABLES = "issues issue_events item_links milestones worklogs people"


def read(files, workspace):
    """Facts of some of the raw files, and what their records told of words."""
    store, _ = taken(copied(files, workspace / "raw"), workspace / "store")
    (record,) = store.snapshot().records
    return facts_of(store, TABLES) | {"words": record.cursor["_words"]}


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    files = [p for p in peer(RAW).glob("*.csv") if "due_date" not in p.name]
    return read(files, tmp_path_factory.mktemp("jira"))


@pytest.fixture(scope="module")
def due(tmp_path_factory):
    """One of the issues was recorded a second time, with another date."""
    return read(peer(RAW).glob("*due_date.csv"), tmp_path_factory.mktemp("due"))


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    files = peer("devlake/jira/issue_changelogs").glob("_raw*.csv")
    return read(files, tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="module")
def keys():
    """The keys of issues by their numbers, as the raw records tell them."""
    found = {}
    for path in peer(RAW).glob("*.csv"):
        for row in table_of(path) if "issue_fields" not in path.name else ():
            record = json.loads(row["data"])
            found |= dict(pairs(record))
            if shown := re.search(r"/issue/([A-Z]\w+-\d+)/", str(record.get("self"))):
                found[str(json.loads(row["input"])["issue_id"])] = shown[1]
    return found


def pairs(found):
    """Every id and key that stand together somewhere."""
    if isinstance(found, dict):
        if re.fullmatch(r"[A-Z]\w+-\d+", str(found.get("key"))):
            yield str(found["id"]), found["key"]
        found = list(found.values())
    for inner in found if isinstance(found, list) else ():
        yield from pairs(inner)


def test_cells(facts, due, changed, keys, record_property):
    again = tables_in("devlake/jira/issue_changelogs")
    found = Compared(
        tables_in("devlake/jira/snapshot_tables")
        | {f"issue_changelogs/{name}": table for name, table in again.items()}
    )
    names = Names(facts, keys)
    issues(found, facts, due, names)
    changes(found, facts, changed, names)
    for part in (links, commits, sprints, worklogs):
        part(found, facts, names)
    people(found, facts)
    listed = table_of(peer(f"{RAW}/_raw_jira_api_status.csv"))
    words(found, facts, {json.loads(r["data"])["id"] for r in listed})
    assert found.missing == []
    assert_explained(found, EXPLAINED, "jira", record_property)
