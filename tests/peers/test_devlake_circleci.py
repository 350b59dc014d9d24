"""CircleCI payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import json

import pytest
from tests.peers.comparing import (
    KEY,
    Compared,
    assert_explained,
    at,
    by,
    copied,
    facts_of,
    is_,
    last,
    last_of,
    moment,
    peer,
    seconds,
    tables_in,
    taken,
)

from trueup.facts.pseudonyms import identity

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/circleci.md.
EXPLAINED = {
    ("_tool_circleci_accounts", "name"),
    ("_tool_circleci_pipelines", "vcs"),
    ("_tool_circleci_workflows", "stopped_date"),
    ("accounts", "full_name"),
    ("accounts", "user_name"),
    ("cicd_tasks", "cicd_scope_id"),
}


@pytest.fixture(scope="module", params=["", "_incremental"], ids=["first", "again"])
def case(request, tmp_path_factory):
    """Their two tests: everything, and what was read again later; with our facts of the same files."""
    of_both = ("pipelines", "users", "projects")
    files = [
        path
        for path in peer("devlake/circleci/raw_tables").glob("*.csv")
        if path.stem.endswith("_incremental") == bool(request.param) or path.stem.endswith(of_both)
    ]
    folder = tmp_path_factory.mktemp("circleci")
    store, _ = taken(copied(files, folder / "raw"), folder / "store")
    return request.param, facts_of(store, "builds jobs item_links people")


RESULTS = {"SUCCESS": "success", "FAILURE": "failure"}


def account(user):
    return identity(KEY, "", f"{user}@circleci.invalid") if user else ""


def repo(slug):
    return slug.rpartition(":")[2].removeprefix("github/")


def duration(row):
    return str(seconds(row) or 0)


RUN = {
    "name": (str, is_("name")),
    "result": (RESULTS.get, is_("result")),
    "status": (str.lower, is_("status")),
    "original_status": (str, is_("status_original")),
    "original_result": (str, is_("result_original")),
    "duration_sec": (str, duration),
    "created_date": (moment, at("happened_at")),
    "started_date": (moment, at("started_at")),
    "cicd_scope_id": (repo, is_("repo")),
}


IN_PROJECT = {
    "project_slug": (repo, is_("repo")),
    "name": (str, is_("name")),
    "status": (str, is_("status_original")),
    "duration_sec": (str, duration),
}
WORKFLOW = IN_PROJECT | {
    "started_by": (account, is_("starter")),
    "created_date": (moment, at("started_at")),
    "stopped_date": (moment, at("ended_at")),
}
JOB = IN_PROJECT | {
    "workflow_id": (str, is_("build")),
    "created_date": (moment, at("happened_at")),
    "started_at": (moment, at("started_at")),
    "stopped_at": (moment, at("ended_at")),
}
TASK = RUN | {"pipeline_id": (last, is_("build")), "finished_date": (moment, at("ended_at"))}
PIPELINE = {
    "project_slug": (repo, is_("repo")),
    "created_date": (moment, at("happened_at")),
    "vcs": (lambda x: json.loads(x)["revision"], is_("target")),
}


def runs(found, facts, suffix):
    """What is compared of both tests."""
    pipeline = {r["item"]: r["target"] for r in facts["item_links"] if r["relation"] == "part_of"}
    started = {"pipeline_id": (str, lambda r: pipeline[r["build"]])}
    builds, jobs = by("build", facts["builds"]), by("job", facts["jobs"])
    found.compare(f"_tool_circleci_workflows{suffix}", builds, is_("id"), WORKFLOW | started)
    found.compare(f"_tool_circleci_jobs{suffix}", jobs, is_("id"), JOB | started)


def all_else(found, facts):
    found.compare("cicd_pipelines", by("build", facts["builds"]), last_of("id"), RUN)
    found.compare("cicd_tasks", by("job", facts["jobs"]), last_of("id"), TASK)
    tested = (r for r in facts["item_links"] if r["item_kind"] == "pipeline")
    pipelines = by("item", (r for r in tested if r["target_kind"] == "commit"))
    found.compare("_tool_circleci_pipelines", pipelines, is_("id"), PIPELINE)
    places = by("repo", facts["builds"])
    called = {"name": (str, lambda r: r["repo"].rpartition("/")[2])}
    found.compare("cicd_scopes", places, lambda r: repo(r["id"]), called)
    slugged = called | {"slug": (repo, is_("repo"))}
    found.compare("_tool_circleci_projects", places, lambda r: repo(r["slug"]), slugged)
    people = by("name", facts["people"])
    named = (str, is_("name"))
    cells = {"full_name": named, "user_name": named}
    found.compare("accounts", people, is_("user_name"), cells)
    found.compare("_tool_circleci_accounts", people, is_("name"), {"name": named})


def test_cells(case, record_property):
    suffix, facts = case
    found = Compared(tables_in("devlake/circleci/snapshot_tables"))
    runs(found, facts, suffix)
    if not suffix:
        all_else(found, facts)
    assert_explained(found, set() if suffix else EXPLAINED, "circleci", record_property)
