"""GitLab payloads with the tables another project (apache/incubator-devlake) expects of them.

Its tables were made from several sets of payloads whose numbers clash, so each set has a store of its own.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.peers.comparing import KEY, Compared, at, is_, last, moment, peer, rows, table_of, taken

from trueup.facts.pseudonyms import identity
from trueup.facts.texts.message import subject_id

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
        path = f"devlake/gitlab/raw_tables/_raw_gitlab_api_{file}.csv"
        store, told = taken(path, tmp_path_factory.mktemp(name))
        assert [t.source for t in told] == ["gitlab"]
        assert told[0].problems == []
        found[name] = {table: rows(store, table) for table in TABLES.split()}
    return found


@pytest.fixture(scope="module")
def expected():
    folder = peer("devlake/gitlab/snapshot_tables")
    return {path.stem: table_of(path) for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def accounts():
    """Pseudonyms by id and name of all accounts that payloads name; in lists of users these are made up."""
    found = {"0": "", "": ""}
    for file in (file for name, file in FILES.items() if name not in {"members", "users"}):
        for row in table_of(peer(f"devlake/gitlab/raw_tables/_raw_gitlab_api_{file}.csv")):
            for who in _accounts(json.loads(row["data"])):
                host = who["web_url"].split("/")[2]
                address = f"{who['id']}-{who['username'].lower()}@users.noreply.{host}"
                told = identity(KEY, who["username"], address)
                found |= {str(who["id"]): told, who["username"]: told}
    return found


def _accounts(value):
    if isinstance(value, dict):
        if {"id", "username", "web_url"} <= value.keys():
            yield value
        for inner in value.values():
            yield from _accounts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _accounts(inner)


def by(key, rows_):
    return {r[key]: r for r in rows_}


def source_id(row):
    """The id of the record a row was read from."""
    return row["source_key"].partition(":")[2]


def lower(column):
    return lambda row: row[column].lower()


def flag(text):
    return text == "1"


RESULTS = {
    "SUCCESS": {"success"},
    "FAILURE": {"failure", "cancelled"},
    "": {"", "skipped", "other"},
}
STATUS = {"DONE": "done", "IN_PROGRESS": "running", "OTHER": "queued", "": ""}


def outcome(row):
    return next((theirs for theirs in RESULTS.values() if row["result"] in theirs), row["result"])


def seconds(row):
    """How long it ran; moments are told to the millisecond only."""
    ended, started = row["ended_at"], row["started_at"]
    return int((ended - started).total_seconds()) if ended and started else None


def duration(text):
    """Where nothing ran it is 0 there."""
    return int(float(text)) if float(text) else None


BUILD = {
    "result": (RESULTS.get, outcome),
    "status": (STATUS.get, is_("status")),
    "original_status": (str.lower, lower("status_original")),
    "started_date": (moment, at("started_at")),
    "finished_date": (moment, at("ended_at")),
}


def compared(facts, expected, accounts):
    found = Compared()
    for part in (issues, requests, notes, commits, builds, deployments, people):
        part(found, facts, expected, accounts)
    return found


def issues(found, facts, expected, accounts):
    ours = {source_id(r): r for r in facts["issues"]["issues"]}
    common = {
        "title": (subject_id, is_("title_id")),
        "lead_time_minutes": (
            str,
            lambda r: (
                str(int((r["closed_at"] - r["happened_at"]).total_seconds() // 60))
                if r["closed_at"]
                else ""
            ),
        ),
        "creator_name": (accounts.get, is_("creator")),
        "creator_id": (lambda x: accounts.get(last(x)), is_("creator")),
        "assignee_name": (accounts.get, is_("assignee")),
        "assignee_id": (lambda x: accounts.get(last(x)), is_("assignee")),
        "severity": (lambda x: x.replace("UNKNOWN", ""), is_("severity")),
    }
    found.compare(
        "issues",
        expected["issues"],
        ours,
        lambda r: last(r["id"]),
        common
        | {
            "issue_key": (lambda x: f"#{x}", is_("key")),
            "type": (str, is_("kind")),
            "status": ({"TODO": "open", "DONE": "done"}.get, is_("status")),
            "original_status": (str, is_("status_original")),
            "story_point": (lambda x: float(x) if x else "", is_("points")),
            "resolution_date": (moment, at("closed_at")),
            "created_date": (moment, at("happened_at")),
            "updated_date": (moment, at("changed_at")),
            "original_estimate_minutes": (lambda x: int(x or 0) or "", is_("estimate_minutes")),
            "time_spent_minutes": (lambda x: int(x or 0) or "", is_("spent_minutes")),
        },
    )
    found.compare(
        "_tool_gitlab_issues",
        expected["_tool_gitlab_issues"],
        ours,
        lambda r: r["gitlab_id"],
        common
        | {
            "number": (lambda x: f"#{x}", is_("key")),
            "state": (str, is_("status_original")),
            "closed_at": (moment, at("closed_at")),
            "gitlab_created_at": (moment, at("happened_at")),
            "gitlab_updated_at": (moment, at("changed_at")),
        },
    )
    labels = {f"{k}:{x}": {"label": x} for k, r in ours.items() for x in r["labels"]}
    for table in ("issue_labels", "_tool_gitlab_issue_labels"):
        found.compare(
            table,
            expected[table],
            labels,
            lambda r: f"{last(r['issue_id'])}:{r['label_name']}",
            {"label_name": (str, is_("label"))},
        )
    found.compare(
        "issue_assignees",
        expected["issue_assignees"],
        ours,
        lambda r: last(r["issue_id"]),
        {
            "assignee_id": (lambda x: accounts.get(last(x)), is_("assignee")),
            "assignee_name": (accounts.get, is_("assignee")),
        },
    )
    found.compare(
        "_tool_gitlab_issue_assignees",
        expected["_tool_gitlab_issue_assignees"],
        ours,
        lambda r: r["gitlab_id"],
        {
            "assignee_id": (accounts.get, is_("assignee")),
            "assignee_name": (accounts.get, is_("assignee")),
        },
    )


def requests(found, facts, expected, accounts):
    ours = {source_id(r): r for r in facts["merge_requests"]["requests"]}

    def unmerged(row):
        # A merged one has no moment of closing there.
        closed = row["closed_at"] if row["status"] != "merged" else None
        return closed.replace(microsecond=0) if closed else None

    common = {
        "title": (subject_id, is_("title_id")),
        "merge_commit_sha": (str, is_("merge_sha")),
    }
    found.compare(
        "pull_requests",
        expected["pull_requests"],
        ours,
        lambda r: last(r["id"]),
        common
        | {
            "pull_request_key": (str, is_("number")),
            "status": (str.lower, is_("status")),
            "original_status": (str, is_("status_original")),
            "author_name": (accounts.get, is_("author")),
            "author_id": (lambda x: accounts.get(last(x)), is_("author")),
            "created_date": (moment, at("happened_at")),
            "merged_date": (moment, at("merged_at")),
            "closed_date": (moment, unmerged),
            "head_ref": (str, is_("branch")),
            "base_ref": (str, is_("target_branch")),
            "is_draft": (flag, is_("draft")),
            "head_repo_id": (_fork, lambda r: r["forked"]),
        },
    )
    tool = common | {
        "iid": (str, is_("number")),
        "state": (str, is_("status_original")),
        "user_notes_count": (int, is_("comments")),
        "work_in_progress": (flag, is_("draft")),
        "source_branch": (str, is_("branch")),
        "target_branch": (str, is_("target_branch")),
        "source_project_id": (_fork, lambda r: r["forked"]),
        "merged_at": (moment, at("merged_at")),
        "gitlab_created_at": (moment, at("happened_at")),
        "closed_at": (moment, unmerged),
        "merged_by_username": (accounts.get, is_("merged_by")),
        "author_username": (accounts.get, is_("author")),
        "author_user_id": (accounts.get, is_("author")),
    }
    more = {
        "diff_head_sha": (str, is_("head_sha")),
        "gitlab_updated_at": (moment, at("changed_at")),
    }
    for table, of, columns in (
        ("_tool_gitlab_merge_requests", "merge_requests", tool | more),
        ("_tool_gitlab_merge_request_details", "merge_requests", tool | more),
        ("_tool_gitlab_merge_requests_for_mr_commit_test", "commits_mrs", tool),
        ("_tool_gitlab_merge_requests_for_mr_notes_test", "notes_mrs", tool),
    ):
        here = {source_id(r): r for r in facts[of]["requests"]}
        found.compare(table, expected[table], here, lambda r: r["gitlab_id"], columns)
    labels = {f"{k}:{x}": {"label": x} for k, r in ours.items() for x in r["labels"]}
    for table, column in (
        ("pull_request_labels", "pull_request_id"),
        ("_tool_gitlab_mr_labels", "mr_id"),
    ):
        found.compare(
            table,
            expected[table],
            labels,
            lambda r, column=column: f"{last(r[column])}:{r['label_name']}",
            {"label_name": (str, is_("label"))},
        )


def _fork(text):
    """Whether the source is another project; 0 is one that is gone."""
    return {"12345678": False, "0": None}.get(last(text), True)


def notes(found, facts, expected, accounts):
    told = facts["notes"]
    number_of = {source_id(r): r["number"] for r in facts["notes_mrs"]["requests"]}
    said = {r["comment"]: r | {"system": False} for r in told["comments"]}
    happened = {
        r["event"]: r | {"author": r["actor"], "system": True} for r in told["issue_events"]
    }
    given = {
        source_id(r): r | {"author": r["reviewer"], "key": f"!{r['number']}"}
        for r in told["reviews"]
    }
    note = {
        "merge_request_iid": (lambda x: f"!{x}", is_("key")),
        "merge_request_id": (lambda x: f"!{number_of[x]}", is_("key")),
        "author_username": (accounts.get, is_("author")),
        "gitlab_created_at": (moment, at("happened_at")),
    }
    found.compare(
        "_tool_gitlab_mr_notes",
        expected["_tool_gitlab_mr_notes"],
        said | happened,
        lambda r: r["gitlab_id"],
        note | {"is_system": (flag, is_("system"))},
    )
    # What GitLab wrote down of an approval is a review here, and no comment.
    ours = said | given
    found.compare(
        "_tool_gitlab_mr_comments",
        expected["_tool_gitlab_mr_comments"],
        ours,
        lambda r: r["gitlab_id"],
        note | {"author_user_id": (accounts.get, is_("author"))},
    )
    found.compare(
        "pull_request_comments",
        expected["pull_request_comments"],
        ours,
        lambda r: last(r["id"]),
        {
            "pull_request_id": (lambda x: f"!{number_of[last(x)]}", is_("key")),
            "account_id": (lambda x: accounts.get(last(x)), is_("author")),
            "created_date": (moment, at("happened_at")),
        },
    )


def commits(found, facts, expected, _accounts):
    number_of = {source_id(r): r["number"] for r in facts["notes_mrs"]["requests"]}
    who = by("identity", facts["commits"]["people"])
    ours = [
        r
        | {f"{role}_{part}": who[r[role]][part] for role in ("author", "committer") for part in ("name", "address")}
        for r in facts["commits"]["request_commits"]
    ]  # fmt: skip
    listed = {f"{r['number']}:{r['sha']}": r for r in ours}
    authored = {
        "commit_author_name": (str, is_("author_name")),
        "commit_author_email": (str, is_("author_address")),
        "commit_authored_date": (moment, at("authored_at")),
    }
    for table, column in (
        ("pull_request_commits", "pull_request_id"),
        ("_tool_gitlab_mr_commits", "merge_request_id"),
    ):
        found.compare(
            table,
            expected[table],
            listed,
            lambda r, column=column: f"{number_of[last(r[column])]}:{r['commit_sha']}",
            authored | {"commit_sha": (str, is_("sha"))},
        )
    found.compare(
        "_tool_gitlab_project_commits",
        expected["_tool_gitlab_project_commits"],
        by("sha", ours),
        lambda r: r["commit_sha"],
        {"commit_sha": (str, is_("sha"))},
    )
    found.compare(
        "_tool_gitlab_commits",
        expected["_tool_gitlab_commits"],
        by("sha", ours),
        lambda r: r["sha"],
        {
            "title": (subject_id, is_("subject_id")),
            "author_name": (str, is_("author_name")),
            "author_email": (str, is_("author_address")),
            "authored_date": (moment, at("authored_at")),
            "committer_name": (str, is_("committer_name")),
            "committer_email": (str, is_("committer_address")),
            "committed_date": (moment, at("happened_at")),
        },
    )


def builds(found, facts, expected, _accounts):
    listed, alone = (by("build", facts[x]["builds"]) for x in ("pipelines", "details"))
    found.compare(
        "cicd_pipelines",
        expected["cicd_pipelines"],
        alone,
        lambda r: last(r["id"]),
        BUILD | {"created_date": (moment, at("happened_at"))},
    )
    tool = {
        "gitlab_created_at": (moment, at("happened_at")),
        "status": (str, is_("status_original")),
        "ref": (str, is_("branch")),
        "sha": (str, is_("sha")),
        "started_at": (moment, at("started_at")),
        "finished_at": (moment, at("ended_at")),
    }
    for table, ours in (
        ("_tool_gitlab_pipelines", alone),
        ("_raw_gitlab_api_pipeline_details", listed),
    ):
        found.compare(table, expected[table], ours, lambda r: r["gitlab_id"], tool)
    for table, key, branch, sha in (
        ("cicd_pipeline_commits", "pipeline_id", "branch", "commit_sha"),
        ("_tool_gitlab_pipeline_projects", "pipeline_id", "ref", "sha"),
        ("_tool_gitlab_pipeline_projects_details", "pipeline_id", "ref", "sha"),
    ):
        found.compare(
            table,
            expected[table],
            listed,
            lambda r, key=key: last(r[key]),
            {branch: (str, is_("branch")), sha: (str, is_("sha"))},
        )
    jobs = by("job", facts["jobs"]["jobs"])
    for table in ("cicd_tasks", "cicd_tasks_no_prod_regex"):
        found.compare(
            table,
            expected[table],
            jobs,
            lambda r: last(r["id"]),
            BUILD
            | {
                "name": (str, is_("name")),
                "pipeline_id": (last, is_("build")),
                "created_date": (moment, at("happened_at")),
                "duration_sec": (duration, seconds),
            },
        )
    for table, ours in (
        ("_tool_gitlab_jobs", jobs),
        ("_tool_gitlab_jobs_with_triggered", by("job", facts["triggers"]["jobs"])),
    ):
        found.compare(
            table,
            expected[table],
            ours,
            lambda r: r["gitlab_id"],
            {
                "name": (str, is_("name")),
                "pipeline_id": (str, is_("build")),
                "status": (str, is_("status_original")),
                "gitlab_created_at": (moment, at("happened_at")),
                "started_at": (moment, at("started_at")),
                "finished_at": (moment, at("ended_at")),
                "duration": (duration, seconds),
            },
        )


def deployments(found, facts, expected, accounts):
    ours = by("deployment", facts["deployments"]["deployments"])
    common = BUILD | {
        "name": (lambda x: x.rpartition(":")[0], is_("name")),
        "environment": (str, is_("environment_kind")),
        "original_environment": (str, is_("environment")),
        "created_date": (moment, at("happened_at")),
        "duration_sec": (lambda x: duration(x or "0"), seconds),
    }
    found.compare(
        "cicd_deployments", expected["cicd_deployments"], ours, lambda r: last(r["id"]), common
    )
    found.compare(
        "cicd_deployment_commits",
        expected["cicd_deployment_commits"],
        ours,
        lambda r: last(r["id"]),
        common | {"commit_sha": (str, is_("sha")), "ref_name": (str, is_("branch"))},
    )
    found.compare(
        "_tool_gitlab_deployments",
        expected["_tool_gitlab_deployments"],
        ours,
        lambda r: r["deployment_id"],
        {
            "created_date": (moment, at("happened_at")),
            "status": (str, is_("status_original")),
            "ref": (str, is_("branch")),
            "sha": (str, is_("sha")),
            "environment": (str, is_("environment")),
            "name": (str, is_("name")),
            "deployable_name": (str, is_("name")),
            "deployable_started_at": (moment, at("started_at")),
            "deployable_finished_at": (moment, at("ended_at")),
            "deployable_duration": (lambda x: duration(x or "0"), seconds),
            "deployable_pipeline_id": (str, is_("build")),
            "deployable_user_username": (accounts.get, is_("creator")),
        },
    )


def people(found, facts, expected, _accounts):
    """An account with its name, and with its address where that shows."""
    for of, table, tool in (
        ("members", "accounts", "_tool_gitlab_accounts"),
        ("users", "accounts_direct_api", "_tool_gitlab_accounts_direct_api"),
    ):
        ours = {}
        for r in facts[of]["people"]:
            shown = "" if r["address"] == r["proper_address"] else r["address"]
            key = f"{r['proper_address'].partition('-')[0]}:{shown}"
            # The account itself is called by its user name, what it shows by its full one.
            if r["name"] != r["proper_name"] or key not in ours:
                ours[key] = r | {"shown": shown}
        cells = {
            "email": (str, is_("shown")),
            "full_name": (str, is_("name")),
            "user_name": (str, is_("proper_name")),
        }
        found.compare(
            table, expected[table], ours, lambda r: f"{last(r['id'])}:{r['email']}", cells
        )
        cells = {
            "email": (str, is_("shown")),
            "name": (str, is_("name")),
            "username": (str, is_("proper_name")),
        }
        found.compare(tool, expected[tool], ours, lambda r: f"{r['gitlab_id']}:{r['email']}", cells)


def test_cells(facts, expected, accounts, record_property):
    found = compared(facts, expected, accounts)
    for (table, column), count in sorted(found.columns().items()):
        first = next(d for d in found.differ if d[0] == table and d[2] == column)
        print(
            f"{table}.{column}: {count} differ, as in row {first[1]}: {first[3]!r} there, {first[4]!r} here"
        )
    assert Counter(table for table, _ in found.missing) == {
        "_tool_gitlab_mr_comments": 1,
        "pull_request_comments": 1,
    }
    share = found.equal / found.cells
    print(f"{found.equal} of {found.cells} comparable cells equal ({share:.1%})")
    record_property("equal", share)
    assert share >= 0.95
    assert set(found.columns()) == EXPLAINED
    told = Path("docs/compared-with-devlake/gitlab.md").read_text("utf-8")
    assert f"{found.equal:,} of {found.cells:,} comparable cells" in told
    assert all(f"`{table}.{column}`" in told for table, column in EXPLAINED)
