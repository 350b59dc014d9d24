"""Jenkins payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import re

import pytest
from tests.peers.comparing import (
    RESULTS,
    STATUS,
    Compared,
    assert_explained,
    at,
    by,
    facts_of,
    is_,
    moment,
    outcome,
    tables_in,
    taken,
)

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/jenkins.md.
EXPLAINED = {
    ("_tool_jenkins_builds", "duration"),
    ("_tool_jenkins_builds_after_enrich", "duration"),
    ("_tool_jenkins_builds_after_enrich", "has_stages"),
    ("_tool_jenkins_stages", "duration_millis"),
    ("cicd_pipelines", "duration_sec"),
    ("cicd_pipelines", "original_status"),
    ("cicd_pipelines", "result"),
    ("cicd_tasks", "duration_sec"),
    ("cicd_tasks", "original_status"),
    ("cicd_tasks", "result"),
    ("cicd_tasks_after_stages", "original_result"),
    ("cicd_tasks_after_stages", "result"),
    ("cicd_tasks_after_stages", "status"),
    ("cicd_tasks_multibranch", "cicd_scope_id"),
    ("cicd_tasks_multibranch", "name"),
    ("cicd_pipelines_multibranch", "cicd_scope_id"),
    ("cicd_scopes", "name"),
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    store, _ = taken("devlake/jenkins/raw_tables", tmp_path_factory.mktemp("jenkins"))
    return facts_of(store, "builds jobs")


def own(told):
    """The name or id of Jenkins within an id of theirs."""
    return re.sub(r"^jenkins:Jenkins\w+:\d+:", "", told)


def own_id(row):
    return own(row["id"])


def milliseconds(row):
    ended, started = row["ended_at"], row["started_at"]
    return round((ended - started).total_seconds() * 1000) if ended and started else None


def whole(told):
    return int(told) if told else None


def plain(branch):
    return branch.removeprefix("refs/remotes/origin/")


def ended(row):
    """To the second, as there: the start is cut to whole seconds before the duration is added."""
    if not row["ended_at"]:
        return None
    cut = row["started_at"].replace(microsecond=0)
    return (cut + (row["ended_at"] - row["started_at"])).replace(microsecond=0)


def path(told):
    """The names in the path of a job."""
    return re.findall(r"job/([^/]+)", told)


def name(row):
    return f"{row['repo']}#{row['build']}"


#: Of pipelines and of tasks, be they builds or stages.
RUN = {
    "result": (RESULTS.get, outcome),
    "status": ((STATUS | {"OTHER": "other"}).get, is_("status")),
    "original_result": (str, is_("result_original")),
    "cicd_scope_id": (own, is_("repo")),
    "finished_date": (moment, ended),
}
WORDS = {"true": "building", "false": "not building", "": ""}
IN_BUILD = {
    "original_status": (WORDS.get, is_("status_original")),
    "duration_sec": (lambda x: round(float(x) * 1000), milliseconds),
}
PIPELINE = RUN | IN_BUILD | {"name": (str, name), "created_date": (moment, at("happened_at"))}
TASK = {
    "name": (str, is_("name")),
    "pipeline_id": (own, name),
    "started_date": (moment, at("started_at")),
}
BUILD = {
    "full_name": (str, name),
    "job_name": (str, lambda r: r["name"].rpartition("/")[2]),
    "duration": (whole, milliseconds),
}
BUILT = BUILD | {
    "number": (str, is_("build")),
    "result": (str, is_("result_original")),
    "timestamp": (int, lambda r: round(r["happened_at"].timestamp() * 1000)),
    "start_time": (moment, at("started_at")),
}
FOLDER = {"job_path": (path, lambda r: r["repo"].split("/")[:-1])}
BRANCH = {"job_path": (path, lambda r: r["repo"].split("/"))}
COMMIT = {"commit_sha": (str, is_("sha")), "branch": (plain, is_("branch"))}
STAGE = {
    "id": (str, lambda r: r["job"].partition(":")[2]),
    "build_name": (str, name),
    "name": (str, is_("name")),
    "status": (str, is_("status_original")),
    "start_time_millis": (int, lambda r: round(r["happened_at"].timestamp() * 1000)),
    "duration_millis": (whole, milliseconds),
}


def compared(facts):
    found = Compared(tables_in("devlake/jenkins/snapshot_tables"))
    builds = {name(r): r for r in facts["builds"]}
    stages = {f"{r['repo']}#{r['job']}": r for r in facts["jobs"]}
    staged = {name(r) for r in facts["jobs"]}
    has_stages = {"has_stages": (str, lambda r: str(int(name(r) in staged)))}
    for table, cells in {
        "_tool_jenkins_builds": BUILT | FOLDER,
        "_tool_jenkins_builds_after_enrich": BUILD | has_stages,
        "_tool_jenkins_builds_multibranch": BUILT | BRANCH,
        "_tool_jenkins_builds_multibranch_after_enrich": BUILT | BRANCH | has_stages,
    }.items():
        found.compare(table, builds, is_("full_name"), cells)
    for table in ("_tool_jenkins_build_commits", "_tool_jenkins_build_commits_multibranch"):
        found.compare(table, builds, is_("build_name"), COMMIT)
    for table in ("_tool_jenkins_stages", "_tool_jenkins_stages_multibranch"):
        found.compare(table, stages, lambda r: f"{r['build_name']}:{r['id']}", STAGE)
    for table in ("cicd_pipelines", "cicd_pipelines_multibranch"):
        found.compare(table, builds, own_id, PIPELINE)
    for table in ("cicd_pipeline_commits", "cicd_pipeline_commits_multibranch"):
        titled = {"display_title": (str, name), "url": (str, is_("build"))}
        cells = found.shared(table, COMMIT | titled)
        found.compare(table, builds, lambda r: own(r["pipeline_id"]), cells)
    # A build without stages is a task of its own there.
    for table in ("cicd_tasks", "cicd_tasks_multibranch"):
        cells = RUN | IN_BUILD | TASK
        found.compare(table, builds, own_id, cells)
    in_stage = {
        "finished_date": (moment, at("ended_at")),  # here the start is not cut
        "original_status": (str, is_("status_original")),
        "duration_sec": (int, lambda r: (milliseconds(r) or 0) // 1000),
    }
    table = "cicd_tasks_after_stages"
    found.compare(table, stages, own_id, RUN | TASK | in_stage)
    jobs = by("repo", facts["builds"])
    for table in ("cicd_scopes", "cicd_scopes_multibranch"):
        cells = {"name": (str, is_("name"))}
        found.compare(table, jobs, own_id, cells)
    return found


def test_cells(facts, record_property):
    assert_explained(compared(facts), EXPLAINED, "jenkins", record_property)
