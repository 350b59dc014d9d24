"""Issues, merge requests, notes, commits and accounts of GitLab, as another project (apache/incubator-devlake) expects them."""

from __future__ import annotations

from tests.peers.comparing import PROGRESS, at, by, is_, last, last_of, lead, moment

from trueup.facts.texts.message import subject_id


def by_source(rows):
    """By the id of the record that a row was read from."""
    return {row["source_key"].partition(":")[2]: row for row in rows}


def flag(text):
    return text == "1"


def accounts(who, column, *theirs):
    """Columns there that hold the account of one of ours."""
    return dict.fromkeys(theirs, (who, is_(column)))


def minutes(text):
    return int(text or 0) or ""


COMMON_ISSUE = {
    "title": (subject_id, is_("title_id")),
    "lead_time_minutes": (str, lead),
    "severity": (lambda x: x.replace("UNKNOWN", ""), is_("severity")),
}
ISSUE = COMMON_ISSUE | {
    "issue_key": (lambda x: f"#{x}", is_("key")),
    "type": (str, is_("kind")),
    "status": (PROGRESS.get, is_("status")),
    "original_status": (str, is_("status_original")),
    "story_point": (lambda x: float(x) if x else "", is_("points")),
    "resolution_date": (moment, at("closed_at")),
    "created_date": (moment, at("happened_at")),
    "updated_date": (moment, at("changed_at")),
    "original_estimate_minutes": (minutes, is_("estimate_minutes")),
    "time_spent_minutes": (minutes, is_("spent_minutes")),
}
TOOL_ISSUE = COMMON_ISSUE | {
    "number": (lambda x: f"#{x}", is_("key")),
    "state": (str, is_("status_original")),
    "closed_at": (moment, at("closed_at")),
    "gitlab_created_at": (moment, at("happened_at")),
    "gitlab_updated_at": (moment, at("changed_at")),
}


def issues(found, facts, who):
    ours = by_source(facts["issues"]["issues"])
    assigned = accounts(who, "assignee", "assignee_id", "assignee_name")
    people = assigned | accounts(who, "creator", "creator_id", "creator_name")
    found.compare("issues", ours, last_of("id"), ISSUE | people)
    found.compare("_tool_gitlab_issues", ours, is_("gitlab_id"), TOOL_ISSUE | people)
    for table in ("issue_labels", "_tool_gitlab_issue_labels"):
        found.compare_labels(table, ours, last_of("issue_id"))
    found.compare("issue_assignees", ours, last_of("issue_id"), assigned)
    found.compare("_tool_gitlab_issue_assignees", ours, is_("gitlab_id"), assigned)


def fork(text):
    """Whether the source is another project; 0 is one that is gone."""
    return {"12345678": False, "0": None}.get(last(text), True)


def unmerged(row):
    """When it was closed; a merged one has no such moment there."""
    return at("closed_at")(row) if row["status"] != "merged" else None


COMMON_REQUEST = {
    "title": (subject_id, is_("title_id")),
    "merge_commit_sha": (str, is_("merge_sha")),
}
REQUEST = COMMON_REQUEST | {
    "pull_request_key": (str, is_("number")),
    "status": (str.lower, is_("status")),
    "original_status": (str, is_("status_original")),
    "created_date": (moment, at("happened_at")),
    "merged_date": (moment, at("merged_at")),
    "closed_date": (moment, unmerged),
    "head_ref": (str, is_("branch")),
    "base_ref": (str, is_("target_branch")),
    "is_draft": (flag, is_("draft")),
    "head_repo_id": (fork, lambda r: r["forked"]),
}
TOOL_REQUEST = COMMON_REQUEST | {
    "iid": (str, is_("number")),
    "state": (str, is_("status_original")),
    "user_notes_count": (int, is_("comments")),
    "work_in_progress": (flag, is_("draft")),
    "source_branch": (str, is_("branch")),
    "target_branch": (str, is_("target_branch")),
    "source_project_id": (fork, lambda r: r["forked"]),
    "merged_at": (moment, at("merged_at")),
    "gitlab_created_at": (moment, at("happened_at")),
    "closed_at": (moment, unmerged),
}
LATER = {
    "diff_head_sha": (str, is_("head_sha")),
    "gitlab_updated_at": (moment, at("changed_at")),
}


def requests(found, facts, who):
    ours = by_source(facts["merge_requests"]["requests"])
    author = accounts(who, "author", "author_id", "author_name")
    found.compare("pull_requests", ours, last_of("id"), REQUEST | author)
    tool = (
        TOOL_REQUEST
        | accounts(who, "author", "author_username", "author_user_id")
        | accounts(who, "merged_by", "merged_by_username")
    )
    for table, of, cells in (
        ("merge_requests", "merge_requests", tool | LATER),
        ("merge_request_details", "merge_requests", tool | LATER),
        ("merge_requests_for_mr_commit_test", "commits_mrs", tool),
        ("merge_requests_for_mr_notes_test", "notes_mrs", tool),
    ):
        here = by_source(facts[of]["requests"])
        found.compare(f"_tool_gitlab_{table}", here, is_("gitlab_id"), cells)
    found.compare_labels("pull_request_labels", ours, last_of("pull_request_id"))
    found.compare_labels("_tool_gitlab_mr_labels", ours, last_of("mr_id"))


def numbers(facts):
    """The numbers of requests by their ids."""
    return {k: r["number"] for k, r in by_source(facts["notes_mrs"]["requests"]).items()}


def notes(found, facts, who):
    told = facts["notes"]
    number_of = numbers(facts)
    said = {r["comment"]: r | {"system": False} for r in told["comments"]}
    happened = {
        r["event"]: r | {"author": r["actor"], "system": True} for r in told["issue_events"]
    }
    approved = {
        k: r | {"author": r["reviewer"], "key": f"!{r['number']}"}
        for k, r in by_source(told["reviews"]).items()
    }
    request = (lambda x: f"!{number_of[last(x)]}", is_("key"))
    note = {
        "merge_request_iid": (lambda x: f"!{x}", is_("key")),
        "merge_request_id": request,
        "author_username": (who, is_("author")),
        "gitlab_created_at": (moment, at("happened_at")),
    }
    system = {"is_system": (flag, is_("system"))}
    found.compare("_tool_gitlab_mr_notes", said | happened, is_("gitlab_id"), note | system)
    # What GitLab wrote down of an approval is a review here, and no comment.
    ours = said | approved
    cells = note | accounts(who, "author", "author_user_id")
    found.compare("_tool_gitlab_mr_comments", ours, is_("gitlab_id"), cells)
    cells = {
        "pull_request_id": request,
        "account_id": (who, is_("author")),
        "created_date": (moment, at("happened_at")),
    }
    found.compare("pull_request_comments", ours, last_of("id"), cells)


SHA = {"commit_sha": (str, is_("sha"))}
LISTED = SHA | {
    "commit_author_name": (str, is_("author_name")),
    "commit_author_email": (str, is_("author_address")),
    "commit_authored_date": (moment, at("authored_at")),
}
COMMIT = {
    "title": (subject_id, is_("subject_id")),
    "author_name": (str, is_("author_name")),
    "author_email": (str, is_("author_address")),
    "authored_date": (moment, at("authored_at")),
    "committer_name": (str, is_("committer_name")),
    "committer_email": (str, is_("committer_address")),
    "committed_date": (moment, at("happened_at")),
}


def commits(found, facts, _who):
    number_of = numbers(facts)
    people = by("identity", facts["commits"]["people"])
    ours = [
        r
        | {f"{role}_{part}": people[r[role]][part] for role in ("author", "committer") for part in ("name", "address")}
        for r in facts["commits"]["request_commits"]
    ]  # fmt: skip
    listed = {(r["number"], r["sha"]): r for r in ours}
    for table, column in (
        ("pull_request_commits", "pull_request_id"),
        ("_tool_gitlab_mr_commits", "merge_request_id"),
    ):
        found.compare(
            table,
            listed,
            lambda r, column=column: (number_of[last(r[column])], r["commit_sha"]),
            LISTED,
        )
    found.compare("_tool_gitlab_project_commits", by("sha", ours), is_("commit_sha"), SHA)
    found.compare("_tool_gitlab_commits", by("sha", ours), is_("sha"), COMMIT)


def people(found, facts, _who):
    """An account with its name, and with its address where that shows."""
    for of, suffix in (("members", ""), ("users", "_direct_api")):
        ours = {}
        for r in facts[of]["people"]:
            shown = "" if r["address"] == r["proper_address"] else r["address"]
            key = (r["proper_address"].partition("-")[0], shown)
            # The account itself is called by its user name, what it shows by its full one.
            if r["name"] != r["proper_name"] or key not in ours:
                ours[key] = r | {"shown": shown}
        for table, number, name, user in (
            ("accounts", "id", "full_name", "user_name"),
            ("_tool_gitlab_accounts", "gitlab_id", "name", "username"),
        ):
            cells = {
                "email": (str, is_("shown")),
                name: (str, is_("name")),
                user: (str, is_("proper_name")),
            }
            found.compare(
                f"{table}{suffix}",
                ours,
                lambda r, number=number: (last(r[number]), r["email"]),
                cells,
            )
