"""Deployments, what they brought, and incidents, as another project (apache/incubator-devlake) expects them."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import ibis
import pyarrow as pa
from tests.peers.comparing import moment, tables_in

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
    told = tables_in("devlake/dora/prev_success_deployment_commit")
    before = asked(told["cicd_deployment_commits_before"], "created_date")
    expected = {
        r["id"]: r["prev_success_deployment_commit_id"] or None
        for r in told["cicd_deployment_commits_after"]
    }
    found = {r["deployment"]: r["previous"] for r in answer(previous_success(before))}
    print(f"{sum(found[k] == v for k, v in expected.items())} of {len(expected)} deployments equal")
    assert found == expected


def test_what_a_deployment_brought():
    """Equal, with one difference: what the first one brought is marked as not known (censored)."""
    told = tables_in("devlake/refdiff/deployment_commit_diff")
    parents = defaultdict(list)
    for row in told["commit_parents"]:
        parents[row["commit_sha"]].append(row["parent_commit_sha"])
        parents.setdefault(row["parent_commit_sha"], [])
    done = [
        Deployed("app", r["environment"], r["id"], r["commit_sha"], made(r["created_date"]))
        for r in told["cicd_deployment_commits"]
        if r["repo_url"] == "REPO111"
    ]
    expected = {(r["new_commit_sha"], r["commit_sha"]) for r in told["commits_diffs"]}
    sha_of = {d.deployment: d.sha for d in done}
    found = list(brought(done, parents, "app"))
    assert {(sha_of[b.deployment], b.sha) for b in found} == expected
    assert {b.sha for b in found if b.censored} == {"commit_sha1", "commit_sha6"}


def test_the_deployment_before_an_incident():
    """Theirs relates incidents of a project to its last deployment; ours is asked for the same project."""
    snapshots = tables_in("devlake/dora/snapshot_tables")
    expected = snapshots["project_incident_deployment_relationships"]
    raw = tables_in("devlake/dora/raw_tables")
    boards = {r["row_id"]: r["project_name"] for r in raw["project_mapping"]}
    project_of = {r["issue_id"]: boards[r["board_id"]] for r in raw["board_issues"]}
    issues = [r for r in raw["issues"] if r["type"] == "INCIDENT" and r["id"] in project_of]
    incidents = ibis.memtable(pa.table({
        "repo": [project_of[r["id"]] for r in issues],
        "key": [r["id"] for r in issues],
        "at": [moment(r["created_date"]) for r in issues],
    }))  # fmt: skip
    scopes = {"cicd1": "project1", "cicd2": "project1", "cicd3": "project2"}
    told = tables_in("devlake/dora/prev_success_deployment_commit")
    rows = told["cicd_deployment_commits_before"]
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
