"""GitHub and GitHub Enterprise: issues, requests, reviews, builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Order,
    RecordKind,
    Source,
    names,
    tables_of,
)
from trueup.sources.github.builds import workflow_job, workflow_run
from trueup.sources.github.issues import (
    account,
    comment,
    issue,
    issue_event,
    milestone,
    review_comment,
)
from trueup.sources.github.requests import pull_request, pull_request_commit, review

if TYPE_CHECKING:
    from collections.abc import Mapping


_COMMON = "url html_url id node_id user body created_at updated_at author_association reactions performed_via_github_app "
_ITEM = _COMMON + (
    "number title state locked active_lock_reason assignee assignees milestone labels comments closed_at "
    "comments_url events_url labels_url repository_url draft "
)

KINDS = (
    RecordKind(
        name="issues",
        writes=("issues", "item_links"),
        lights="what the tracker says is done, reopened, or refused",
        access="Issues: read",
        marks=names("number title state labels events_url comments_url"),
        known=names(
            _ITEM
            + "timeline_url pull_request closed_by state_reason type sub_issues_summary parent_issue_url "
            "issue_dependencies_summary issue_field_values pinned_comment assignees_url body_html body_text"
        ),
        to_facts=issue,
        path="/repos/{place}/issues",
        listing=Listing(
            Order.OLDEST_CHANGE_FIRST,
            {
                "state": "all",
                "sort": "updated",
                "direction": "asc",
                "since": "{since}",
                "per_page": 100,
            },
        ),
    ),
    RecordKind(
        name="pull_requests",
        writes=("requests", "item_links"),
        lights="work proposed, merged, refused; into which line",
        access="Pull requests: read",
        marks=names("number title state head base"),
        known=names(
            _ITEM
            + "diff_url patch_url issue_url merged_at merge_commit_sha requested_reviewers requested_teams head base "
            "_links auto_merge commits_url review_comments_url review_comment_url statuses_url merged merged_by "
            "mergeable rebaseable mergeable_state review_comments maintainer_can_modify commits additions deletions "
            "changed_files"
        ),
        to_facts=pull_request,
        path="/repos/{place}/pulls",
        listing=Listing(
            Order.NEWEST_FIRST,
            {"state": "all", "sort": "updated", "direction": "desc", "per_page": 100},
        ),
        names=("pulls", "pull_request"),
    ),
    RecordKind(
        name="pull_request_reviews",
        writes=("reviews",),
        lights="who looked before it landed",
        access="Pull requests: read",
        marks=names("id state submitted_at commit_id"),
        known=names(
            _COMMON + "state submitted_at commit_id pull_request_url _links body_html body_text"
        ),
        to_facts=review,
        path="/repos/{place}/pulls/{number}/reviews",
        listing=Listing(Order.OF_EACH, {"per_page": 100}, each=("pull_requests", "number")),
        names=("reviews",),
    ),
    RecordKind(
        name="pull_request_review_comments",
        writes=("comments",),
        lights="how closely somebody looked",
        access="Pull requests: read",
        marks=names("diff_hunk path pull_request_url"),
        known=names(
            _COMMON
            + "pull_request_review_id diff_hunk path position original_position commit_id original_commit_id "
            "in_reply_to_id pull_request_url _links start_line original_start_line start_side line original_line "
            "side subject_type body_html body_text"
        ),
        to_facts=review_comment,
        path="/repos/{place}/pulls/comments",
        listing=Listing(
            Order.OLDEST_CHANGE_FIRST,
            {"sort": "updated", "direction": "asc", "since": "{since}", "per_page": 100},
        ),
        names=("review_comments", "pulls_comments"),
    ),
    RecordKind(
        name="comments",
        writes=("comments",),
        lights="whether it was discussed",
        access="Issues: read",
        marks=names("issue_url body user"),
        known=names(_COMMON + "issue_url body_html body_text pin minimized"),
        to_facts=comment,
        path="/repos/{place}/issues/comments",
        listing=Listing(
            Order.OLDEST_CHANGE_FIRST,
            {"sort": "updated", "direction": "asc", "since": "{since}", "per_page": 100},
        ),
        names=("issue_comments", "issues_comments"),
    ),
    RecordKind(
        name="pull_request_commits",
        writes=("request_commits", "people"),
        lights="which commits a request brings, also when it is squashed",
        access="Pull requests: read",
        marks=names("sha commit parents"),
        known=names(
            "sha node_id commit url html_url comments_url author committer parents stats files"
        ),
        to_facts=pull_request_commit,
        path="/repos/{place}/pulls/{number}/commits",
        listing=Listing(Order.OF_EACH, {"per_page": 100}, each=("pull_requests", "number")),
    ),
    RecordKind(
        name="events",
        writes=("issue_events", "item_links"),
        lights="reopening, and what closed an issue",
        access="Issues: read",
        marks=names("event actor"),
        known=names(
            _COMMON
            + "actor event commit_id commit_url state_reason issue label milestone assignee assigner rename "
            "review_requester requested_reviewer requested_team dismissed_review lock_reason project_card source "
            "state submitted_at sha tree parents message author committer verification pull_request_url issue_url "
            "_links user"
        ),
        to_facts=issue_event,
        path="/repos/{place}/issues/events",
        listing=Listing(Order.NEWEST_FIRST, {"per_page": 100}, stamp="created_at"),
        names=("issue_events", "issues_events", "timeline"),
    ),
    RecordKind(
        name="runs",
        writes=("builds", "item_links"),
        lights="which commits were built and tested, and with what result",
        access="Actions: read",
        marks=names("run_number workflow_id head_sha"),
        known=names(
            "id name node_id head_branch head_sha path display_title run_number event status conclusion workflow_id "
            "check_suite_id check_suite_node_id url html_url pull_requests created_at updated_at actor run_attempt "
            "referenced_workflows run_started_at triggering_actor jobs_url logs_url check_suite_url artifacts_url "
            "cancel_url rerun_url previous_attempt_url workflow_url head_commit repository head_repository "
            "head_repository_id exclude_pull_requests"
        ),
        to_facts=workflow_run,
        path="/repos/{place}/actions/runs",
        listing=Listing(
            Order.NEWEST_FIRST,
            {"per_page": 100},
            stamp="created_at",
            within="workflow_runs",
            again_days=3,
        ),
        names=("workflow_runs", "actions_runs"),
    ),
    RecordKind(
        name="jobs",
        writes=("jobs",),
        lights="which parts of a build ran, were skipped, or were run again",
        access="Actions: read",
        marks=names("run_id head_sha steps"),
        known=names(
            "id run_id run_url run_attempt node_id head_sha url html_url status conclusion created_at started_at "
            "completed_at name steps check_run_url labels runner_id runner_name runner_group_id runner_group_name "
            "workflow_name head_branch"
        ),
        to_facts=workflow_job,
        path="/repos/{place}/actions/runs/{number}/jobs",
        names=("workflow_jobs", "check_runs"),
    ),
    RecordKind(
        name="milestones",
        writes=("milestones",),
        lights="what was planned until when",
        access="Issues: read",
        marks=names("open_issues closed_issues number"),
        known=names(
            "url html_url labels_url id node_id number title description creator open_issues closed_issues state "
            "created_at updated_at due_on closed_at"
        ),
        to_facts=milestone,
        path="/repos/{place}/milestones",
        listing=Listing(Order.NONE, {"state": "all", "per_page": 100}),
    ),
    RecordKind(
        name="accounts",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="Metadata: read",
        marks=names("login public_repos"),
        known=names(
            "login id node_id avatar_url gravatar_id url html_url followers_url following_url gists_url starred_url "
            "subscriptions_url organizations_url repos_url events_url received_events_url type site_admin name "
            "company blog location email hireable bio twitter_username public_repos public_gists followers following "
            "created_at updated_at user_view_type notification_email"
        ),
        to_facts=account,
        path="/users/{login}",
        names=("users",),
    ),
)


def _door(host: str, environment: Mapping[str, str]) -> Door | None:
    """GitHub itself, or the enterprise that `GH_HOST` names, as for GitHub's own tool."""
    if host in {"", "github.com", "www.github.com", "ssh.github.com"}:
        return USUAL
    if host and host == environment.get("GH_HOST", "").strip().lower():
        secrets = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
        return Door(f"https://{host}/api/v3", secrets, ("gh", "auth", "token", "--hostname", host))
    return None


USUAL = Door(
    "https://api.github.com",
    ("GITHUB_TOKEN", "GH_TOKEN"),
    ("gh", "auth", "token", "--hostname", "github.com"),
)


def _headers(token: str) -> dict[str, str]:
    # The second kind of answer is accepted for servers that stand in for GitHub.
    accepted = "application/vnd.github+json, application/json;q=0.9"
    told = {"Accept": accepted, "X-GitHub-Api-Version": "2022-11-28"}
    return told | ({"Authorization": f"Bearer {token}"} if token else {})


SOURCE = Source(
    name="github",
    version=1,
    title="GitHub and GitHub Enterprise",
    writes=tables_of(KINDS),
    sensitive=SENSITIVE,
    access="a token that may read issues, pull requests, actions and metadata; nothing is written",
    limits=(
        "Texts are turned into features and not kept. Before 2022 GitHub did not say why an issue was closed: "
        "labels such as `duplicate` or `wontfix` are read instead."
    ),
    kinds=KINDS,
    interface=Interface(_door, _headers, USUAL, forge=True),
)
