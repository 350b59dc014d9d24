"""GitLab payloads with the tables another project (apache/incubator-devlake) expects of them.

Its tables were made from several sets of payloads whose numbers clash, so each set has a store of its own.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.peers.comparing import (
    KEY,
    Compared,
    assert_explained,
    facts_of,
    last,
    peer,
    table_of,
    tables_in,
    taken,
)
from tests.peers.devlake_gitlab_builds import builds, deployments, pipelines
from tests.peers.devlake_gitlab_work import commits, issues, notes, people, requests

from trueup.facts.pseudonyms import identity

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/gitlab.md.
EXPLAINED = {
    ("pull_requests", "merge_commit_sha"),
    ("pull_requests", "is_draft"),
    ("pull_request_comments", "pull_request_id"),
    ("pull_request_comments", "account_id"),
    ("pull_request_comments", "created_date"),
    ("_tool_gitlab_mr_comments", "merge_request_iid"),
    ("_tool_gitlab_mr_comments", "merge_request_id"),
    ("_tool_gitlab_mr_comments", "author_username"),
    ("_tool_gitlab_mr_comments", "author_user_id"),
    ("_tool_gitlab_mr_comments", "gitlab_created_at"),
    ("issues", "original_status"),
    ("issues", "story_point"),
    ("issues", "type"),
    ("cicd_tasks", "status"),
    ("cicd_tasks_no_prod_regex", "status"),
    ("cicd_deployments", "status"),
    ("cicd_deployments", "result"),
    ("cicd_deployments", "created_date"),
    ("cicd_deployment_commits", "status"),
    ("cicd_deployment_commits", "result"),
    ("cicd_deployment_commits", "created_date"),
}
RAW = "devlake/gitlab/raw_tables/_raw_gitlab_api_"
FILES = {
    "issues": "issues",
    "merge_requests": "merge_requests",
    "commits_mrs": "merge_requests_for_mr_commit_test",
    "notes_mrs": "merge_requests_for_mr_notes_test",
    "commits": "merge_request_commits",
    "notes": "merge_request_notes",
    "pipelines": "pipeline",
    "details": "pipeline_details",
    "jobs": "job",
    "triggers": "trigger_job",
    "deployments": "deployments",
    "members": "users",
    "users": "users_direct_api",
}
TABLES = (
    "issues requests reviews comments builds jobs request_commits issue_events deployments people"
)


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """All tables of all sets of payloads."""
    found = {}
    for name, file in FILES.items():
        store, told = taken(f"{RAW}{file}.csv", tmp_path_factory.mktemp(name))
        assert [t.source for t in told] == ["gitlab"]
        assert told[0].problems == []
        found[name] = facts_of(store, TABLES)
    return found


@pytest.fixture(scope="module")
def who():
    """Who is meant by an id or name, of all accounts that payloads name; in lists of users these are made up."""
    found = {"0": "", "": ""}
    for file in (file for name, file in FILES.items() if name not in {"members", "users"}):
        for row in table_of(peer(f"{RAW}{file}.csv")):
            for account in _accounts(json.loads(row["data"])):
                host = account["web_url"].split("/")[2]
                address = f"{account['id']}-{account['username'].lower()}@users.noreply.{host}"
                told = identity(KEY, account["username"], address)
                found |= {str(account["id"]): told, account["username"]: told}
    return lambda told: found.get(last(told))


def _accounts(value):
    if isinstance(value, dict):
        if {"id", "username", "web_url"} <= value.keys():
            yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _accounts(inner)


def test_cells(facts, who, record_property):
    found = Compared(tables_in("devlake/gitlab/snapshot_tables"))
    for part in (issues, requests, notes, commits, pipelines, builds, deployments, people):
        part(found, facts, who)
    assert Counter(table for table, _ in found.missing) == {
        "_tool_gitlab_mr_comments": 2,
        "pull_request_comments": 2,
    }
    assert_explained(found, EXPLAINED, "gitlab", record_property)
