"""GitHub payloads of panjf2000/ants with the tables another project (apache/incubator-devlake) expects."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from tests.peers.comparing import KEY, Compared, at, is_, last, moment, peer, rows, table_of, taken

from trueup.facts.pseudonyms import identity
from trueup.facts.texts.message import subject_id

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/github.md.
EXPLAINED = {
    ("pull_requests", "merge_commit_sha"),
    ("issues", "type"),
    ("cicd_pipelines", "finished_date"),
    ("cicd_pipelines", "duration_sec"),
    ("cicd_pipelines", "status"),
    ("cicd_tasks", "status"),
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    store, _ = taken("devlake/github/raw_tables", tmp_path_factory.mktemp("github"))
    names = "issues requests reviews comments builds jobs request_commits issue_events milestones item_links people"
    return {name: rows(store, name) for name in names.split()}


@pytest.fixture(scope="module")
def expected():
    folder = peer("devlake/github/snapshot_tables")
    return {path.stem: table_of(path) for path in folder.glob("*.csv")}


def account(login):
    return identity(KEY, login, f"{login.lower()}@users.noreply.github.com") if login else ""


RESULTS = {
    "SUCCESS": {"success"},
    "FAILURE": {"failure", "cancelled"},
    "": {"", "skipped", "neutral", "other"},
}
STATUS = {"DONE": "done", "IN_PROGRESS": "running", "OTHER": "queued", "": ""}


def seconds(row):
    ended, started = row["ended_at"], row["started_at"]
    return str(int((ended - started).total_seconds())) if ended else ""


def outcome(row):
    """Which of their results ours belongs to."""
    return next((theirs for theirs in RESULTS.values() if row["result"] in theirs), row["result"])


BUILD = {
    "name": (str, is_("name")),
    "result": (RESULTS.get, outcome),
    "status": (lambda x: STATUS.get(x, x), is_("status")),
    "original_status": (str.lower, lambda r: r["status_original"].lower()),
    "original_result": (str.lower, lambda r: r["result_original"].lower()),
    "duration_sec": (str, seconds),
    "started_date": (moment, at("started_at")),
    "finished_date": (moment, at("ended_at")),
}


def compared(facts, expected):
    found = Compared()
    number_of = {r["id"]: r["pull_request_key"] for r in expected["pull_requests"]}
    key_of = {r["id"]: r["issue_key"] for r in expected["issues"]}
    login_of = {
        f"github:GithubAccount:1:{r['id']}": r["login"]
        for name in (
            "_tool_github_accounts_in_issue",
            "_tool_github_accounts_in_pr",
            "_tool_github_accounts_in_comment",
            "_tool_github_accounts_in_review",
            "_tool_github_accounts_in_event",
            "_tool_github_repo_accounts",
        )
        for r in (
            {"id": x.get("id") or x.get("account_id"), "login": x["login"]} for x in expected[name]
        )
    }
    requests = {r["number"]: r for r in facts["requests"] if r["repo"] == "panjf2000/ants"}
    found.compare(
        "pull_requests",
        expected["pull_requests"],
        requests,
        lambda r: r["pull_request_key"],
        {
            "status": (str.lower, is_("status")),
            "original_status": (str, is_("status_original")),
            "title": (subject_id, is_("title_id")),
            "author_name": (account, is_("author")),
            "created_date": (moment, at("happened_at")),
            "merged_date": (moment, at("merged_at")),
            "closed_date": (moment, at("closed_at")),
            "merge_commit_sha": (str, is_("merge_sha")),
            "head_ref": (str, is_("branch")),
            "base_ref": (str, is_("target_branch")),
            "base_commit_sha": (str, is_("base_sha")),
            "head_commit_sha": (str, is_("head_sha")),
            "is_draft": (lambda x: x == "1", is_("draft")),
        },
    )
    issues = {r["key"][1:]: r for r in facts["issues"] if r["repo"] == "panjf2000/ants"}
    kinds = {"BUG": "bug", "REQUIREMENT": "feature", "": "", "INCIDENT": "incident"}
    found.compare(
        "issues",
        expected["issues"],
        issues,
        lambda r: r["issue_key"],
        {
            "title": (subject_id, is_("title_id")),
            "type": (lambda x: kinds.get(x, x), is_("kind")),
            "status": (str.lower, is_("status")),
            "original_status": (str, is_("status_original")),
            "resolution_date": (moment, at("closed_at")),
            "created_date": (moment, at("happened_at")),
            "updated_date": (moment, at("changed_at")),
            "lead_time_minutes": (
                lambda x: x,
                lambda r: (
                    str(int((r["closed_at"] - r["happened_at"]).total_seconds() // 60))
                    if r["closed_at"]
                    else ""
                ),
            ),
            "creator_name": (account, is_("creator")),
            "assignee_name": (account, is_("assignee")),
        },
    )
    labels = {f"{k}:{x}": {"label": x} for k, r in issues.items() for x in r["labels"]}
    found.compare(
        "issue_labels",
        expected["issue_labels"],
        labels,
        lambda r: f"{key_of.get(r['issue_id'])}:{r['label_name']}",
        {"label_name": (str, is_("label"))},
    )
    labels = {f"{k}:{x}": {"label": x} for k, r in requests.items() for x in r["labels"]}
    found.compare(
        "pull_request_labels",
        expected["pull_request_labels"],
        labels,
        lambda r: f"{number_of.get(r['pull_request_id'])}:{r['label_name']}",
        {"label_name": (str, is_("label"))},
    )
    comments = {(r["kind"], r["comment"]): r for r in facts["comments"]}
    discussed = {c: r for (kind, c), r in comments.items() if kind == "discussion"}
    found.compare(
        "issue_comments",
        expected["issue_comments"],
        discussed,
        lambda r: last(r["id"]),
        {
            "issue_id": (lambda x: f"#{key_of.get(x)}", is_("key")),
            "account_id": (lambda x: account(login_of.get(x, "")), is_("author")),
            "created_date": (moment, at("happened_at")),
            "updated_date": (moment, at("changed_at")),
        },
    )
    on_lines = {c: r for (kind, c), r in comments.items() if kind == "line"}
    found.compare(
        "pull_request_comments",
        expected["pull_request_comments"],
        {**discussed, **on_lines},
        lambda r: last(r["id"]),
        {
            "pull_request_id": (lambda x: f"#{number_of.get(x)}", is_("key")),
            "account_id": (lambda x: account(login_of.get(x, "")), is_("author")),
            "created_date": (moment, at("happened_at")),
            "commit_sha": (str, is_("sha")),
            "review_id": (
                lambda x: last(x).removeprefix("0") if last(x) == "0" else last(x),
                is_("review"),
            ),
            "type": (lambda x: {"DIFF": "line", "NORMAL": "discussion"}[x], is_("kind")),
        },
    )
    found.compare(
        "pull_request_review_comments",
        expected["pull_request_review_comments"],
        {r["review"]: r for r in facts["reviews"]},
        lambda r: last(r["id"]),
        {
            "pull_request_id": (number_of.get, is_("number")),
            "account_id": (lambda x: account(login_of.get(x, "")), is_("reviewer")),
            "created_date": (moment, at("happened_at")),
            "commit_sha": (str, is_("sha")),
            "status": (str, is_("verdict_original")),
        },
    )
    found.compare(
        "pull_request_commits",
        expected["pull_request_commits"],
        {f"{r['number']}:{r['sha']}": r for r in facts["request_commits"]},
        lambda r: f"{number_of.get(r['pull_request_id'])}:{r['commit_sha']}",
        {"commit_sha": (str, is_("sha"))},
    )
    people = {r["identity"]: r for r in facts["people"]}
    commits = {f"{r['number']}:{r['sha']}": people[r["author"]] for r in facts["request_commits"]}
    found.compare(
        "pull_request_commits",
        expected["pull_request_commits"],
        commits,
        lambda r: f"{number_of.get(r['pull_request_id'])}:{r['commit_sha']}",
        {"commit_author_name": (str, is_("name")), "commit_author_email": (str, is_("address"))},
    )
    closing = defaultdict(set)
    for r in facts["item_links"]:
        if (
            r["item_kind"] == "request"
            and r["target_kind"] == "issue"
            and r["relation"] == "closes"
        ):
            closing[f"{r['item']}:{r['target'][1:]}"].add(r["how"])
    found.compare(
        "pull_request_issues",
        expected["pull_request_issues"],
        {k: {"issue": k.split(":")[1]} for k in closing},
        lambda r: f"{r['pull_request_key']}:{r['issue_key']}",
        {"issue_key": (str, is_("issue"))},
    )
    builds = {r["build"]: r for r in facts["builds"]}
    found.compare(
        "cicd_pipelines",
        expected["cicd_pipelines"],
        builds,
        lambda r: last(r["id"]),
        BUILD | {"created_date": (moment, at("happened_at"))},
    )
    found.compare(
        "cicd_pipeline_commits",
        expected["cicd_pipeline_commits"],
        builds,
        lambda r: last(r["pipeline_id"]),
        {"commit_sha": (str, is_("sha")), "branch": (str, is_("branch"))},
    )
    found.compare(
        "cicd_tasks",
        expected["cicd_tasks"],
        {r["job"]: r for r in facts["jobs"]},
        lambda r: last(r["id"]),
        BUILD | {"pipeline_id": (last, is_("build"))},
    )
    found.compare(
        "_tool_github_issue_events",
        expected["_tool_github_issue_events"],
        {r["event"]: r for r in facts["issue_events"]},
        lambda r: r["github_id"],
        {
            "type": (str, is_("field_original")),
            "author_username": (account, is_("actor")),
            "github_created_at": (moment, at("happened_at")),
        },
    )
    found.compare(
        "sprints",
        expected["sprints"],
        {r["milestone"]: r for r in facts["milestones"]},
        lambda _: "7",
        {
            "status": (str, is_("status_original")),
            "started_date": (moment, at("happened_at")),
            "ended_date": (moment, at("due_at")),
            "completed_date": (moment, at("closed_at")),
        },
    )
    return found


def test_cells(facts, expected, record_property):
    found = compared(facts, expected)
    for (table, column), count in sorted(found.columns().items()):
        first = next(d for d in found.differ if d[0] == table and d[2] == column)
        print(
            f"{table}.{column}: {count} differ, as in row {first[1]}: {first[3]!r} there, {first[4]!r} here"
        )
    share = found.equal / found.cells
    print(f"{found.equal} of {found.cells} comparable cells equal ({share:.1%})")
    record_property("equal", share)
    assert share >= 0.95
    assert set(found.columns()) == EXPLAINED
    told = Path("docs/compared-with-devlake/github.md").read_text("utf-8")
    assert f"{found.equal:,} of {found.cells:,} comparable cells" in told
    assert all(f"`{table}.{column}`" in told for table, column in EXPLAINED)
