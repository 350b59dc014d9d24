"""CircleCI payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.peers.comparing import (
    KEY,
    NOW,
    Compared,
    at,
    is_,
    last,
    moment,
    peer,
    rows,
    table_of,
)

from trueup.facts.pseudonyms import identity
from trueup.facts.store import Store
from trueup.runs.intake import take_exports

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/circleci.md.
EXPLAINED = {
    ("_tool_circleci_accounts", "name"),
    ("_tool_circleci_pipelines", "created_date"),
    ("_tool_circleci_pipelines", "project_slug"),
    ("_tool_circleci_pipelines", "vcs"),
    ("_tool_circleci_workflows", "stopped_date"),
    ("accounts", "full_name"),
    ("accounts", "user_name"),
    ("cicd_tasks", "cicd_scope_id"),
}


@pytest.fixture(scope="module", params=["", "_incremental"], ids=["first", "again"])
def case(request, tmp_path_factory):
    """Their two tests: everything, and what was read again later; with our facts of the same files."""
    folder = tmp_path_factory.mktemp("raw")
    for path in peer("devlake/circleci/raw_tables").glob("*.csv"):
        again = path.stem.endswith("_incremental")
        if again == bool(request.param) or path.stem.endswith(("pipelines", "users", "projects")):
            shutil.copy(path, folder / path.name)
    store = Store(tmp_path_factory.mktemp("circleci"))
    take_exports(folder, store, KEY, NOW, lambda *_: None)
    return request.param, {n: rows(store, n) for n in ("builds", "jobs", "item_links", "people")}


@pytest.fixture(scope="module")
def expected():
    folder = peer("devlake/circleci/snapshot_tables")
    return {path.stem: table_of(path) for path in folder.glob("*.csv")}


RESULTS = {"SUCCESS": "success", "FAILURE": "failure"}


def account(user):
    return identity(KEY, "", f"{user}@circleci.invalid") if user else ""


def repo(slug):
    return slug.rpartition(":")[2].removeprefix("github/")


def seconds(row):
    ended, started = row["ended_at"], row["started_at"]
    return str(int((ended - started).total_seconds())) if ended else "0"


RUN = {
    "name": (str, is_("name")),
    "result": (RESULTS.get, is_("result")),
    "status": (str.lower, is_("status")),
    "original_status": (str, is_("status_original")),
    "original_result": (str, is_("result_original")),
    "duration_sec": (str, seconds),
    "created_date": (moment, at("happened_at")),
    "started_date": (moment, at("started_at")),
    "cicd_scope_id": (repo, is_("repo")),
}


def compared(suffix, facts, expected):
    found = Compared()
    builds = {r["build"]: r for r in facts["builds"]}
    jobs = {r["job"]: r for r in facts["jobs"]}
    pipeline = {r["item"]: r["target"] for r in facts["item_links"] if r["relation"] == "part_of"}
    found.compare(
        f"_tool_circleci_workflows{suffix}",
        expected[f"_tool_circleci_workflows{suffix}"],
        builds,
        lambda r: r["id"],
        {
            "project_slug": (repo, is_("repo")),
            "pipeline_id": (str, lambda r: pipeline[r["build"]]),
            "name": (str, is_("name")),
            "status": (str, is_("status_original")),
            "started_by": (account, is_("starter")),
            "created_date": (moment, at("started_at")),
            "stopped_date": (moment, at("ended_at")),
            "duration_sec": (str, seconds),
        },
    )
    found.compare(
        f"_tool_circleci_jobs{suffix}",
        expected[f"_tool_circleci_jobs{suffix}"],
        jobs,
        lambda r: r["id"],
        {
            "workflow_id": (str, is_("build")),
            "pipeline_id": (str, lambda r: pipeline[r["build"]]),
            "project_slug": (repo, is_("repo")),
            "name": (str, is_("name")),
            "status": (str, is_("status_original")),
            "created_date": (moment, at("happened_at")),
            "started_at": (moment, at("started_at")),
            "stopped_at": (moment, at("ended_at")),
            "duration_sec": (str, seconds),
        },
    )
    if suffix:
        return found
    found.compare(
        "cicd_pipelines", expected["cicd_pipelines"], builds, lambda r: last(r["id"]), RUN
    )
    found.compare(
        "cicd_tasks",
        expected["cicd_tasks"],
        jobs,
        lambda r: last(r["id"]),
        RUN | {"pipeline_id": (last, is_("build")), "finished_date": (moment, at("ended_at"))},
    )
    tested = [r for r in facts["item_links"] if r["item_kind"] == "pipeline"]
    found.compare(
        "_tool_circleci_pipelines",
        expected["_tool_circleci_pipelines"],
        {r["item"]: r for r in tested if r["target_kind"] == "commit"},
        lambda r: r["id"],
        {
            "project_slug": (repo, is_("repo")),
            "created_date": (moment, at("happened_at")),
            "vcs": (lambda x: json.loads(x)["revision"], is_("target")),
        },
    )
    places = {r["repo"]: r for r in facts["builds"]}
    called = {"name": (str, lambda r: r["repo"].rpartition("/")[2])}
    found.compare("cicd_scopes", expected["cicd_scopes"], places, lambda r: repo(r["id"]), called)
    slugged = called | {"slug": (repo, is_("repo"))}
    table = "_tool_circleci_projects"
    found.compare(table, expected[table], places, lambda r: repo(r["slug"]), slugged)
    people = {r["name"]: r for r in facts["people"]}
    named = (str, is_("name"))
    cells = {"full_name": named, "user_name": named}
    found.compare("accounts", expected["accounts"], people, lambda r: r["user_name"], cells)
    table = "_tool_circleci_accounts"
    found.compare(table, expected[table], people, lambda r: r["name"], {"name": named})
    return found


def test_cells(case, expected, record_property):
    suffix, facts = case
    found = compared(suffix, facts, expected)
    for (table, column), count in sorted(found.columns().items()):
        first = next(d for d in found.differ if d[0] == table and d[2] == column)
        print(
            f"{table}.{column}: {count} differ, as in row {first[1]}: {first[3]!r} there, {first[4]!r} here"
        )
    share = found.equal / found.cells
    print(f"{found.equal} of {found.cells} comparable cells equal ({share:.1%})")
    record_property("equal", share)
    assert share >= 0.95
    assert set(found.columns()) == (set() if suffix else EXPLAINED)
    told = Path("docs/compared-with-devlake/circleci.md").read_text("utf-8")
    assert f"{found.equal:,} of {found.cells:,} comparable cells" in told
    assert all(f"`{table}.{column}`" in told for table, column in EXPLAINED)
