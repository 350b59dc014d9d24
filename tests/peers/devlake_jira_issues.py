"""Issues, links, sprints and worklogs of Jira, as another project (apache/incubator-devlake) expects them."""

from __future__ import annotations

import re

from tests.peers.comparing import PROGRESS, at, by, is_, last, last_of, lead, moment, text_of

from trueup.facts.texts.message import subject_id


class Names:
    """The keys of issues by their numbers, and who an account is."""

    def __init__(self, facts, keys):
        self.key = keys
        self.account = {r["identity"]: r["address"].rpartition("@")[0] for r in facts["people"]}

    def issue(self, number):
        return self.key.get(last(number), last(number))

    def who(self, column):
        return lambda row: self.account.get(row[column], "")


def minutes(text):
    return str(int(text)) if text else ""


def original_kind(row):
    return row["kind_original"].upper()


#: What their settings call types, by our kinds; of other types they keep the name.
KINDS = {"TASK": "task", "SUB-TASK": "task", "SUBTASK": "task", "STORY": "feature", "EPIC": "epic"}
#: Columns of issues as they stand in the tables of both layers.
ISSUE = {
    "issue_key": (str, is_("key")),
    "title": (subject_id, is_("title_id")),
    "summary": (subject_id, is_("title_id")),
    "description": (lambda x: len(x.encode()), is_("text_bytes")),
    "type": (str.upper, original_kind),
    "original_type": (str, is_("kind_original")),
    "std_type": (str.upper, original_kind),
    "status": (PROGRESS.get, is_("status")),
    "std_status": (PROGRESS.get, is_("status")),
    "original_status": (str, is_("status_original")),
    "status_name": (str, is_("status_original")),
    "story_point": (lambda x: float(x or 0), lambda r: r["points"] or 0.0),
    "resolution_date": (moment, at("closed_at")),
    "created_date": (moment, at("happened_at")),
    "created": (moment, at("happened_at")),
    "updated_date": (moment, at("changed_at")),
    "updated": (moment, at("changed_at")),
    "lead_time_minutes": (minutes, lead),
    "parent_key": (str, is_("parent")),
    "priority": (str, is_("priority")),
    "priority_name": (str, is_("priority")),
    "original_estimate_minutes": (minutes, text_of("estimate_minutes")),
    "time_spent_minutes": (minutes, text_of("spent_minutes")),
    "spent_minutes": (minutes, text_of("spent_minutes")),
    "severity": (str, is_("severity")),
    "component": (str, is_("component")),
    "components": (str, is_("component")),
    "sprint_id": (lambda x: "" if x == "0" else x, is_("milestone")),
    "comment_total": (str, text_of("comments")),
    "due_date": (lambda x: x[:10], lambda r: str(r["due_at"] or "")[:10]),
}


def issue_cells(names, ours):
    """With the columns that need the names of issues and accounts."""
    plain = {k for k, r in ours.items() if r["kind"] != "epic"}
    return ISSUE | {
        "parent_issue_id": (names.issue, is_("parent")),
        "epic_key": (str, lambda r: "" if r["parent"] in plain else is_("parent")(r)),
        "creator_id": (last, names.who("creator")),
        "creator_account_id": (str, names.who("creator")),
        "assignee_id": (last, names.who("assignee")),
        "assignee_account_id": (str, names.who("assignee")),
    }


def compare_kinds(found, name, ours, column):
    renamed = {column: (KINDS.get, is_("kind"))}
    found.compare(name, ours, is_("issue_key"), renamed, lambda r: r[column] in KINDS)
    same = {column: ISSUE[column]}
    found.compare(name, ours, is_("issue_key"), same, lambda r: r[column] not in KINDS)


def issues(found, facts, due, names):
    ours = by("key", facts["issues"])
    cells = issue_cells(names, ours)
    for name, own in {
        "issues": ours,
        "issues_with_no_mapping_subtask": ours,
        "_tool_jira_issues": ours,
        "_tool_jira_issues_for_external_epics": ours,
        "issues_for_due_date": by("key", due["issues"]),
        "_tool_jira_issues_for_due_date": by("key", due["issues"]),
    }.items():
        shared = found.shared(name, cells)
        for column in {"type", "std_type"} & shared.keys():
            del shared[column]
            compare_kinds(found, name, own, column)
        found.compare(name, own, is_("issue_key"), shared)
    found.compare(
        "issue_assignees",
        {(k, names.who("assignee")(r)): r for k, r in ours.items()},
        lambda r: (names.issue(r["issue_id"]), last(r["assignee_id"])),
        {"assignee_id": cells["assignee_id"]},
    )
    for name in (
        "issue_labels",
        "_tool_jira_issue_labels",
        "_tool_jira_issue_labels_for_convertor",
    ):
        found.compare_labels(name, ours, lambda r: names.issue(r["issue_id"]))
    sprint = {"sprint_id": (last, is_("milestone"))}
    for name in ("sprint_issues", "_tool_jira_sprint_issues"):
        found.compare(name, ours, lambda r: names.issue(r["issue_id"]), sprint)


LINKS = {
    "is blocked by": ("blocks", True),
    "blocks": ("blocks", False),
    "duplicates": ("duplicates", False),
    "is duplicated by": ("duplicates", True),
}


def told(words, one, two):
    """A link between issues; which of two related ones comes first means nothing."""
    relation, turned = LINKS.get(words, ("relates", one > two))
    return (two, relation, one) if turned else (one, relation, two)


def links(found, facts, names):
    between = {told(r["relation"], r["item"], r["target"]): r for r in facts["item_links"]}
    found.compare(
        "issue_relationships",
        between,
        lambda r: told(
            r["original_type"], names.issue(r["source_issue_id"]), names.issue(r["target_issue_id"])
        ),
        {"source_issue_id": (lambda _: "issue", is_("item_kind"))},
    )
    found.compare(
        "_tool_jira_issue_relationships",
        between,
        lambda r: told(
            r["inward"] if r["inward_issue_key"] else r["outward"],
            r["issue_key"],
            r["inward_issue_key"] or r["outward_issue_key"],
        ),
        {"issue_key": (lambda _: "issue", is_("item_kind"))},
    )


def commits(found, facts, names):
    remote, panel = (
        {(r["item"], r["target"]): r for r in facts["item_links"] if r["how"] == how}
        for how in ("remote_link", "development_panel")
    )
    for name, ours in {
        "_tool_jira_issue_commits": remote,
        "issue_repo_commits": remote,
        "_tool_jira_issue_commits_for_ConvertIssueRepoCommits": remote,
        "_tool_jira_issue_commits_dev_panel": panel,
    }.items():
        found.compare(
            name,
            ours,
            lambda r: (names.issue(r["issue_id"]), r["commit_sha"]),
            {"commit_sha": (str, is_("target"))},
        )
    found.compare(
        "_tool_jira_remotelinks",
        remote,
        lambda r: (re.search(r"/issue/([^/]+)/", r["self"])[1], shown(r["url"])),
        {"url": (shown, is_("target"))},
        only=lambda r: shown(r["url"]),
    )


def shown(address):
    """The commit, request or issue that an address shows."""
    if commit := re.search(r"/commits?/([0-9a-f]{40})", address):
        return commit[1]
    numbered = re.search(r"https?://[^/]+/(.*?)/(?:-/)?(merge_requests|issues)/(\d+)", address)
    sign = "!" if numbered and numbered[2] == "merge_requests" else "#"
    return f"{numbered[1]}{sign}{numbered[3]}" if numbered else ""


SPRINT = {
    "status": (lambda x: "done" if x == "CLOSED" else "open", is_("status")),
    "state": (str, is_("status_original")),
    "started_date": (moment, at("happened_at")),
    "start_date": (moment, at("happened_at")),
    "ended_date": (moment, at("due_at")),
    "end_date": (moment, at("due_at")),
    "completed_date": (moment, at("closed_at")),
    "complete_date": (moment, at("closed_at")),
    "original_board_id": (last, is_("repo")),
    "origin_board_id": (str, is_("repo")),
}


def sprints(found, facts, _names):
    ours = by("milestone", facts["milestones"])
    for name, key in {
        "sprints": last_of("id"),
        "_tool_jira_sprints": is_("sprint_id"),
        "_tool_jira_sprints_for_convertor": is_("sprint_id"),
    }.items():
        found.compare(name, ours, key, found.shared(name, SPRINT))


def worklogs(found, facts, names):
    ours = by("worklog", facts["worklogs"])
    cells = {
        "author_id": (last, names.who("author")),
        "time_spent_minutes": (str, text_of("minutes")),
        "time_spent_seconds": (lambda x: int(x) // 60, is_("minutes")),
        "logged_date": (moment, at("changed_at")),
        "updated": (moment, at("changed_at")),
        "started_date": (moment, at("happened_at")),
        "started": (moment, at("happened_at")),
        "issue_id": (names.issue, is_("key")),
    }
    for name, key in {
        "worklogs": last_of("id"),
        "_tool_jira_worklogs": is_("worklog_id"),
        "_tool_jira_worklogs_for_convertor": is_("worklog_id"),
    }.items():
        found.compare(name, ours, key, found.shared(name, cells))
