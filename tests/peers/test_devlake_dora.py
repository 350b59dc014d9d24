"""Deployments, what they brought, and incidents, as another project (apache/incubator-devlake) expects them."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import ibis
import pyarrow as pa
from tests.peers.comparing import moment, peer, table_of

from trueup.facts.views.deployments import (
    Deployed,
    before_incident,
    brought,
    previous_success,
)


def made(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def asked(rows, where: str):
    columns = {
        "repo": [f"{r['cicd_scope_id']} {r['repo_url']}" for r in rows],
        "environment": [r["environment"] for r in rows],
        "environment_kind": [r["environment"].lower() for r in rows],
        "deployment": [r["id"] for r in rows],
        "result": [r["result"].lower() for r in rows],
        "at": [made(r[where]) for r in rows],
    }
    return ibis.memtable(pa.table(columns))


def answer(expression):
    return ibis.duckdb.connect().to_pyarrow(expression).to_pylist()


def test_the_successful_deployment_before():
    """16 of 16; the first of an environment has none, and dates nothing."""
    folder = peer("devlake/dora/prev_success_deployment_commit")
    before = asked(table_of(folder / "cicd_deployment_commits_before.csv"), "created_date")
    expected = {
        r["id"]: r["prev_success_deployment_commit_id"] or None
        for r in table_of(folder / "cicd_deployment_commits_after.csv")
    }
    found = {r["deployment"]: r["previous"] for r in answer(previous_success(before))}
    print(f"{sum(found[k] == v for k, v in expected.items())} of {len(expected)} deployments equal")
    assert found == expected


def test_what_a_deployment_brought():
    """Equal, with one difference: what the first one brought is marked as not known (censored)."""
    folder = peer("devlake/refdiff/deployment_commit_diff")
    parents = defaultdict(list)
    for row in table_of(folder / "commit_parents.csv"):
        parents[row["commit_sha"]].append(row["parent_commit_sha"])
        parents.setdefault(row["parent_commit_sha"], [])
    done = [
        Deployed("app", r["environment"], r["id"], r["commit_sha"], made(r["created_date"]))
        for r in table_of(folder / "cicd_deployment_commits.csv")
        if r["repo_url"] == "REPO111"
    ]
    expected = {
        (r["new_commit_sha"], r["commit_sha"]) for r in table_of(folder / "commits_diffs.csv")
    }
    sha_of = {d.deployment: d.sha for d in done}
    found = list(brought(done, parents, "app"))
    assert {(sha_of[b.deployment], b.sha) for b in found} == expected
    assert {b.sha for b in found if b.censored} == {"commit_sha1", "commit_sha6"}


def test_the_deployment_before_an_incident():
    """Theirs relates incidents of a project to its last deployment; ours is asked for the same project."""
    folder = peer("devlake/dora")
    expected = table_of(folder / "snapshot_tables/project_incident_deployment_relationships.csv")
    boards = {
        r["row_id"]: r["project_name"] for r in table_of(folder / "raw_tables/project_mapping.csv")
    }
    project_of = {
        r["issue_id"]: boards[r["board_id"]]
        for r in table_of(folder / "raw_tables/board_issues.csv")
    }
    issues = [
        r
        for r in table_of(folder / "raw_tables/issues.csv")
        if r["type"] == "INCIDENT" and r["id"] in project_of
    ]
    incidents = ibis.memtable(pa.table({
        "repo": [project_of[r["id"]] for r in issues],
        "key": [r["id"] for r in issues],
        "at": [moment(r["created_date"]) for r in issues],
    }))  # fmt: skip
    scopes = {"cicd1": "project1", "cicd2": "project1", "cicd3": "project2"}
    path = folder / "prev_success_deployment_commit/cicd_deployment_commits_before.csv"
    rows = table_of(path)
    done = ibis.memtable(pa.table({
        "repo": [scopes[r["cicd_scope_id"]] for r in rows],
        "deployment": [r["cicd_deployment_id"] for r in rows],
        "result": [r["result"].lower() for r in rows],
        "environment_kind": [r["environment"].lower() for r in rows],
        "at": [moment(r["finished_date"]) or datetime(2022, 1, 1, tzinfo=UTC) for r in rows],
    }))  # fmt: skip
    found = {
        (r["key"], r["repo"], r["deployment"]) for r in answer(before_incident(incidents, done))
    }
    assert found == {(r["id"], r["project_name"], r["deployment_id"]) for r in expected}
    assert len(found) == 4
