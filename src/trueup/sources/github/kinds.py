"""The kinds of records of GitHub."""

from __future__ import annotations

from trueup.kernel.sources import Listing, Order, Paging, RecordKind, names
from trueup.sources.github.archive import archive_event
from trueup.sources.github.builds import commit_status, workflow_job, workflow_run
from trueup.sources.github.deployments import deployment, deployment_status, release
from trueup.sources.github.graph import QUERY, pull_request_node
from trueup.sources.github.issues import (
    account,
    comment,
    issue,
    issue_event,
    milestone,
    review_comment,
)
from trueup.sources.github.requests import pull_request, pull_request_commit, review
from trueup.sources.github.teams import team, team_member
from trueup.sources.github.webhooks import delivery

_COMMON = "url html_url id node_id user body created_at updated_at author_association reactions performed_via_github_app "
_ITEM = _COMMON + (
    "number title state locked active_lock_reason assignee assignees milestone labels comments closed_at "
    "comments_url events_url labels_url repository_url draft "
)
_BY_CHANGE = Listing(
    Order.OLDEST_CHANGE_FIRST,
    {"sort": "updated", "direction": "asc", "since": "{since}", "per_page": 100},
    complete=True,
)
_ACCOUNT = (
    "login id node_id avatar_url gravatar_id url html_url followers_url following_url gists_url starred_url "
    "subscriptions_url organizations_url repos_url events_url received_events_url type site_admin user_view_type "
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
            "issue_dependencies_summary issue_field_values score pinned_comment assignees_url body_html body_text"
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
            complete=True,
        ),
    ),
    RecordKind(
        name="pull_request_nodes",
        writes=("requests", "reviews", "request_commits", "jobs", "item_links"),
        lights="work proposed, merged, refused; who looked, which commits it brought, what was checked",
        access="Pull requests, Contents, Checks and Commit statuses: read",
        marks=names("number baseRefOid headRefOid"),
        known=names(
            "id number title body state isDraft isCrossRepository additions deletions changedFiles baseRefName "
            "baseRefOid headRefName headRefOid created_at updated_at closed_at merged_at author mergedBy mergeCommit "
            "milestone labels comments closes reviews commits newest repository"
        ),
        to_facts=pull_request_node,
        path="/repos/{place}/pulls",
        listing=Listing(
            Order.NEWEST_FIRST,
            {"state": "all", "sort": "updated", "direction": "desc", "per_page": 1},
            paging=Paging.CURSOR,
            within="data.repository.pullRequests.nodes",
            following="data.repository.pullRequests.pageInfo",
            query=QUERY,
            complete=True,
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
        listing=_BY_CHANGE,
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
        listing=_BY_CHANGE,
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
            again_days=31,  # so long one may wait for somebody, or be run again
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
        names=("workflow_jobs",),
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
        listing=Listing(Order.NONE, {"state": "all", "per_page": 100}, complete=True),
    ),
    RecordKind(
        name="accounts",
        writes=("people",),
        lights="which accounts and addresses are one person",
        access="Metadata: read",
        marks=names("login public_repos"),
        known=names(
            _ACCOUNT
            + "name company blog location email hireable bio twitter_username public_repos public_gists followers following "
            "created_at updated_at notification_email billing_email collaborators "
            "default_repository_permission description disk_usage has_organization_projects "
            "has_repository_projects hooks_url is_verified issues_url members_allowed_repository_creation_type "
            "members_can_create_internal_repositories members_can_create_pages members_can_create_private_pages "
            "members_can_create_private_repositories members_can_create_public_pages "
            "members_can_create_public_repositories members_can_create_repositories "
            "members_can_fork_private_repositories members_url owned_private_repos plan private_gists "
            "public_members_url total_private_repos two_factor_requirement_enabled web_commit_signoff_required"
        ),
        to_facts=account,
        path="/users/{login}",
        names=("users",),
    ),
    RecordKind(
        name="check_runs",
        writes=("jobs",),
        lights="what other systems checked on a commit",
        access="Checks: read",
        marks=names("check_suite external_id head_sha output"),
        known=names(
            "app check_suite completed_at conclusion details_url external_id head_sha html_url id name node_id "
            "output pull_requests started_at status url deployment"
        ),
        to_facts=workflow_job,
        path="/repos/{place}/commits/{sha}/check-runs",
    ),
    RecordKind(
        name="statuses",
        writes=("jobs",),
        lights="what other systems said of a commit, the older way",
        access="Commit statuses: read",
        marks=names("context state creator target_url"),
        known=names(
            "avatar_url context created_at creator description id node_id state target_url updated_at url"
        ),
        to_facts=commit_status,
        path="/repos/{place}/commits/{sha}/statuses",
        names=("commit_statuses",),
    ),
    RecordKind(
        name="deployments",
        writes=("deployments",),
        lights="what was brought to which environment",
        access="Deployments: read",
        marks=names("sha task environment statuses_url"),
        known=names(
            "url id node_id sha ref task payload original_environment environment description creator created_at "
            "updated_at statuses_url repository_url transient_environment production_environment "
            "performed_via_github_app"
        ),
        to_facts=deployment,
        path="/repos/{place}/deployments",
        listing=Listing(Order.NEWEST_FIRST, {"per_page": 100}, stamp="created_at", again_days=7),
    ),
    RecordKind(
        name="deployment_statuses",
        writes=("deployment_statuses",),
        lights="whether a deployment succeeded",
        access="Deployments: read",
        marks=names("state deployment_url environment"),
        known=names(
            "url id node_id state creator description environment target_url created_at updated_at deployment_url "
            "repository_url environment_url log_url performed_via_github_app"
        ),
        to_facts=deployment_status,
        path="/repos/{place}/deployments/{number}/statuses",
        listing=Listing(Order.OF_EACH, {"per_page": 100}, each=("deployments", "id")),
    ),
    RecordKind(
        name="releases",
        writes=("publications",),
        lights="which versions were given to others, and when",
        access="Contents: read",
        marks=names("tag_name target_commitish draft prerelease"),
        known=names(
            "url html_url assets_url upload_url tarball_url zipball_url id node_id tag_name target_commitish name "
            "body body_html body_text draft prerelease immutable created_at published_at updated_at author assets "
            "reactions discussion_url mentions_count"
        ),
        to_facts=release,
        path="/repos/{place}/releases",
        listing=Listing(Order.NONE, {"per_page": 100}, complete=True),
    ),
    RecordKind(
        name="teams",
        writes=(),
        lights="which teams the organisation has",
        access="Organization members: read",
        marks=names("slug members_url"),
        known=names(
            "id node_id url html_url name slug description privacy notification_setting permission permissions "
            "members_url repositories_url parent type access_source organization_id enterprise_id"
        ),
        to_facts=team,
        path="/orgs/{owner}/teams",
        listing=Listing(Order.NONE, {"per_page": 100}, lacking=True, complete=True),
    ),
    RecordKind(
        name="team_members",
        writes=("team_members",),
        lights="who is in which team now",
        access="Organization members: read",
        marks=names("login role inherited"),
        known=names(_ACCOUNT + "name email starred_at role inherited"),
        to_facts=team_member,
        path="/orgs/{owner}/teams/{number}/members",
        listing=Listing(
            Order.OF_EACH, {"per_page": 100}, each=("teams", "slug"), complete=True, shared=True
        ),
    ),
    RecordKind(
        name="deliveries",
        writes=(
            "issues",
            "requests",
            "reviews",
            "comments",
            "builds",
            "jobs",
            "deployments",
            "deployment_statuses",
            "publications",
            "milestones",
            "item_links",
        ),
        lights="what changed since the last sync, as GitHub tells it by itself (webhooks)",
        access="none: GitHub delivers them",
        marks=names("sender"),
        known=names(
            "action after alert assignee avatar_url base_ref before branches changes check_run check_suite comment "
            "commit commit_oid commits compare context created created_at deleted deployment deployment_status "
            "description discussion forced head_commit id installation issue label master_branch merge_group "
            "milestone name number old_answer organization projects_v2_item pull_request pusher pusher_type ref "
            "ref_type release repository requested_reviewer requested_team review rule sender sha state target_url "
            "thread updated_at workflow workflow_job workflow_run enterprise"
        ),
        to_facts=delivery,
        names=("webhooks",),
        whole=True,
    ),
    RecordKind(
        name="archive_events",
        writes=(
            "issues",
            "requests",
            "reviews",
            "comments",
            "publications",
            "item_links",
        ),
        lights="what happened in public repositories, also in ones that are gone (GH Archive)",
        access="none: the archive is public",
        marks=names("type actor repo payload created_at"),
        known=names("id type actor repo payload public created_at org"),
        to_facts=archive_event,
        names=("gharchive",),
    ),
)
