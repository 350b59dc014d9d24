"""GitHub payloads of panjf2000/ants with the tables another project (apache/incubator-devlake) expects."""

from __future__ import annotations

import pytest
from tests.peers.comparing import (
    BUILD,
    Compared,
    assert_explained,
    at,
    by,
    facts_of,
    github_account,
    is_,
    last,
    last_of,
    lead,
    moment,
    seconds,
    tables_in,
    taken,
    text,
)

from trueup.facts.texts.message import subject_id

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/github.md.
EXPLAINED = {
    ("pull_requests", "merge_commit_sha"),
    ("pull_request_comments", "commit_sha"),
    ("issues", "type"),
    ("cicd_pipelines", "finished_date"),
    ("cicd_pipelines", "duration_sec"),
    ("cicd_pipelines", "status"),
    ("cicd_tasks", "status"),
}
TABLES = "issues requests reviews comments builds jobs request_commits issue_events milestones item_links people"


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    store, _ = taken("devlake/github/raw_tables", tmp_path_factory.mktemp("github"))
    return facts_of(store, TABLES)


class Names:
    """The numbers of requests and issues, and the logins of accounts, by their ids there."""

    def __init__(self, expected):
        self.number = {r["id"]: r["pull_request_key"] for r in expected["pull_requests"]}
        self.key = {r["id"]: r["issue_key"] for r in expected["issues"]}
        self.login = {}
        for name in expected:
            if name.startswith("_tool_github_accounts_in_") or name == "_tool_github_repo_accounts":
                self.login |= {r.get("id") or r["account_id"]: r["login"] for r in expected[name]}

    def account(self, told):
        return github_account(self.login.get(last(told), ""))


REQUEST = {
    "status": (str.lower, is_("status")),
    "original_status": (str, is_("status_original")),
    "title": (subject_id, is_("title_id")),
    "author_name": (github_account, is_("author")),
    "created_date": (moment, at("happened_at")),
    "merged_date": (moment, at("merged_at")),
    "closed_date": (moment, at("closed_at")),
    "merge_commit_sha": (str, is_("merge_sha")),
    "head_ref": (str, is_("branch")),
    "base_ref": (str, is_("target_branch")),
    "base_commit_sha": (str, is_("base_sha")),
    "head_commit_sha": (str, is_("head_sha")),
    "is_draft": (lambda x: x == "1", is_("draft")),
}
COMMIT = {
    "commit_sha": (str, is_("sha")),
    "commit_author_name": (str, is_("name")),
    "commit_author_email": (str, is_("address")),
}
KINDS = {"BUG": "bug", "REQUIREMENT": "feature", "": "", "INCIDENT": "incident"}
ISSUE = {
    "title": (subject_id, is_("title_id")),
    "type": (lambda x: KINDS.get(x, x), is_("kind")),
    "status": (str.lower, is_("status")),
    "original_status": (str, is_("status_original")),
    "resolution_date": (moment, at("closed_at")),
    "created_date": (moment, at("happened_at")),
    "updated_date": (moment, at("changed_at")),
    "lead_time_minutes": (str, lead),
    "creator_name": (github_account, is_("creator")),
    "assignee_name": (github_account, is_("assignee")),
}
EVENT = {
    "type": (str, is_("field_original")),
    "author_username": (github_account, is_("actor")),
    "github_created_at": (moment, at("happened_at")),
}
MILESTONE = {
    "status": (str, is_("status_original")),
    "started_date": (moment, at("happened_at")),
    "ended_date": (moment, at("due_at")),
    "completed_date": (moment, at("closed_at")),
}
RUN = BUILD | {
    "name": (str, is_("name")),
    "original_result": (str.lower, lambda r: r["result_original"].lower()),
    "duration_sec": (str, lambda r: text(seconds(r))),
}


def requests(found, facts, names):
    ours = by("number", (r for r in facts["requests"] if r["repo"] == "panjf2000/ants"))
    found.compare("pull_requests", ours, is_("pull_request_key"), REQUEST)
    found.compare_labels(
        "pull_request_labels", ours, lambda r: names.number.get(r["pull_request_id"])
    )
    people = by("identity", facts["people"])
    found.compare(
        "pull_request_commits",
        {(r["number"], r["sha"]): r | people[r["author"]] for r in facts["request_commits"]},
        lambda r: (names.number.get(r["pull_request_id"]), r["commit_sha"]),
        COMMIT,
    )
    found.compare(
        "pull_request_issues",
        {
            (r["item"], r["target"][1:]): r
            for r in facts["item_links"]
            if (r["item_kind"], r["target_kind"], r["relation"]) == ("request", "issue", "closes")
        },
        lambda r: (r["pull_request_key"], r["issue_key"]),
        {"issue_key": (str, lambda r: r["target"][1:])},
    )


def issues(found, facts, names):
    ours = {r["key"][1:]: r for r in facts["issues"] if r["repo"] == "panjf2000/ants"}
    found.compare("issues", ours, is_("issue_key"), ISSUE)
    found.compare_labels("issue_labels", ours, lambda r: names.key.get(r["issue_id"]))
    events = by("event", facts["issue_events"])
    found.compare("_tool_github_issue_events", events, is_("github_id"), EVENT)
    found.compare("sprints", by("milestone", facts["milestones"]), lambda _: "7", MILESTONE)


def comments(found, facts, names):
    discussed, on_lines = (
        by("comment", (r for r in facts["comments"] if r["kind"] == kind))
        for kind in ("discussion", "line")
    )
    said = {
        "account_id": (names.account, is_("author")),
        "created_date": (moment, at("happened_at")),
    }
    found.compare(
        "issue_comments",
        discussed,
        last_of("id"),
        said
        | {
            "issue_id": (lambda x: f"#{names.key.get(x)}", is_("key")),
            "updated_date": (moment, at("changed_at")),
        },
    )
    found.compare(
        "pull_request_comments",
        discussed | on_lines,
        last_of("id"),
        said
        | {
            "pull_request_id": (lambda x: f"#{names.number.get(x)}", is_("key")),
            "commit_sha": (str, is_("sha")),
            "review_id": (lambda x: "" if last(x) == "0" else last(x), is_("review")),
            "type": ({"DIFF": "line", "NORMAL": "discussion"}.get, is_("kind")),
        },
    )


def reviews(found, facts, names):
    found.compare(
        "pull_request_review_comments",
        by("review", facts["reviews"]),
        last_of("id"),
        {
            "pull_request_id": (names.number.get, is_("number")),
            "account_id": (names.account, is_("reviewer")),
            "created_date": (moment, at("happened_at")),
            "commit_sha": (str, is_("sha")),
            "status": (str, is_("verdict_original")),
        },
    )


def builds(found, facts, _names):
    ours = by("build", facts["builds"])
    made = {"created_date": (moment, at("happened_at"))}
    found.compare("cicd_pipelines", ours, last_of("id"), RUN | made)
    commit = {"commit_sha": (str, is_("sha")), "branch": (str, is_("branch"))}
    found.compare("cicd_pipeline_commits", ours, last_of("pipeline_id"), commit)
    in_build = {"pipeline_id": (last, is_("build"))}
    found.compare("cicd_tasks", by("job", facts["jobs"]), last_of("id"), RUN | in_build)


def test_cells(facts, record_property):
    found = Compared(tables_in("devlake/github/snapshot_tables"))
    names = Names(found.expected)
    for part in (requests, issues, comments, reviews, builds):
        part(found, facts, names)
    assert_explained(found, EXPLAINED, "github", record_property)
