"""The kinds of records GitLab gives, and how it lists them."""

from __future__ import annotations

from functools import partial

from trueup.kernel.sources import Listing, Order, Paging, RecordKind, names
from trueup.sources.gitlab.builds import deployment, job, pipeline, release
from trueup.sources.gitlab.issues import account, issue, milestone, state_event
from trueup.sources.gitlab.notes import note
from trueup.sources.gitlab.requests import approvals, closed_issue, commit, merge_request
from trueup.sources.gitlab.webhooks import delivery

_PROJECT = "/projects/{quoted}"
_BY_CHANGE: dict[str, str | int] = {
    "updated_after": "{since}",
    "order_by": "updated_at",
    "sort": "asc",
    "per_page": 100,
}
_ALL: dict[str, str | int] = {"scope": "all", "state": "all", **_BY_CHANGE}
_BY_TIME: dict[str, str | int] = {"order_by": "created_at", "sort": "asc", "per_page": 100}
_of_issue = partial(Listing, Order.OF_EACH, each=("issues", "iid"))
_of_request = partial(Listing, Order.OF_EACH, each=("merge_requests", "iid"))
_of_pipeline = partial(Listing, Order.OF_EACH, each=("pipelines", "id"))
_kind = partial(RecordKind, access="scope read_api, as a member with the role Reporter")

_ITEM = (
    "id iid project_id title description title_html description_html state created_at updated_at closed_at closed_by "
    "labels milestone assignees assignee author user_notes_count upvotes downvotes discussion_locked web_url "
    "time_stats task_completion_status references imported imported_from subscribed "
)
_ISSUE = _ITEM + (
    "type merge_requests_count due_date start_date confidential issue_type weight blocking_issues_count has_tasks "
    "task_status severity epic_iid epic iteration health_status status "
)
_NOTE = names(
    "id type body attachment author created_at updated_at system noteable_id noteable_type project_id commit_id "
    "position resolvable resolved resolved_by resolved_at suggestions confidential internal imported imported_from "
    "noteable_iid commands_changes"
)
_PIPELINE = (
    "id iid project_id sha ref status source created_at updated_at web_url name before_sha tag yaml_errors user "
    "started_at finished_at committed_at duration queued_duration coverage detailed_status archived"
)

KINDS = (
    _kind(
        name="issues",
        writes=("issues", "item_links"),
        lights="what the tracker says is done, reopened, or refused",
        marks=names("iid project_id title labels confidential _links"),
        known=names(_ISSUE + "_links moved_to_id service_desk_reply_to"),
        to_facts=issue,
        path=_PROJECT + "/issues",
        listing=Listing(Order.OLDEST_CHANGE_FIRST, _ALL, complete=True),
        names=("incidents",),
    ),
    _kind(
        name="merge_requests",
        writes=("requests", "item_links"),
        lights="work proposed, merged, refused; into which line",
        marks=names("iid title source_branch target_branch"),
        known=names(
            _ITEM
            + "merged_by merge_user merged_at target_branch source_branch reviewers source_project_id "
            "target_project_id draft work_in_progress merge_when_pipeline_succeeds merge_status detailed_merge_status "
            "merge_after sha merge_commit_sha squash_commit_sha should_remove_source_branch prepared_at "
            "force_remove_source_branch allow_collaboration allow_maintainer_to_push reference squash squash_on_merge "
            "has_conflicts blocking_discussions_resolved approvals_before_merge changes_count latest_build_started_at "
            "latest_build_finished_at first_deployed_to_production_at pipeline head_pipeline diff_refs merge_error "
            "first_contribution user diverged_commits_count rebase_in_progress title_html description_html"
        ),
        to_facts=merge_request,
        path=_PROJECT + "/merge_requests",
        listing=Listing(Order.OLDEST_CHANGE_FIRST, _ALL, complete=True),
        names=("merge_request", "merge_request_details"),
    ),
    _kind(
        name="approvals",
        writes=("reviews",),
        lights="who approves a merge request",
        marks=names("approved_by user_has_approved"),
        known=names(
            "id iid project_id title description state created_at updated_at merge_status approved "
            "approvals_required approvals_left require_password_to_approve require_saml_auth_to_approve approved_by "
            "suggested_approvers approvers approver_groups user_has_approved user_can_approve approval_rules_left "
            "has_approval_rules merge_request_approvers_available multiple_approval_rules_available "
            "invalid_approvers_rules"
        ),
        to_facts=approvals,
        path=_PROJECT + "/merge_requests/{number}/approvals",
        listing=_of_request(paging=Paging.WHOLE),
        names=("merge_request_approvals",),
    ),
    _kind(
        name="merge_request_notes",
        writes=("comments", "issue_events", "reviews", "item_links"),
        lights="who looked before it landed, and how closely",
        marks=names("noteable_type noteable_id system body"),
        known=_NOTE,
        to_facts=note,
        path=_PROJECT + "/merge_requests/{number}/notes",
        listing=_of_request(_BY_TIME),
        names=("mr_notes", "notes"),
    ),
    _kind(
        name="merge_request_commits",
        writes=("request_commits", "people"),
        lights="which commits a merge request brings, also when it is squashed",
        marks=names("short_id parent_ids committer_email"),
        known=names(
            "id short_id created_at parent_ids title message author_name author_email authored_date committer_name "
            "committer_email committed_date trailers extended_trailers web_url"
        ),
        to_facts=commit,
        path=_PROJECT + "/merge_requests/{number}/commits",
        listing=_of_request({"per_page": 100}),
        names=("mr_commits",),
    ),
    _kind(
        name="closes_issues",
        writes=("item_links",),
        lights="which issues a merge request closes, by the rules of the project",
        marks=names("iid project_id title labels confidential"),
        known=names(_ISSUE),
        to_facts=closed_issue,
        path=_PROJECT + "/merge_requests/{number}/closes_issues",
        listing=_of_request({"per_page": 100}),
        names=("merge_request_closes_issues",),
    ),
    _kind(
        name="issue_notes",
        writes=("comments", "issue_events", "item_links"),
        lights="whether it was discussed, and which commits and merge requests name it",
        marks=names("noteable_type noteable_id system body"),
        known=_NOTE,
        to_facts=note,
        path=_PROJECT + "/issues/{number}/notes",
        listing=_of_issue(_BY_TIME),
    ),
    _kind(
        name="issue_state_events",
        writes=("issue_events", "item_links"),
        lights="reopening, and what closed an issue",
        marks=names("resource_type resource_id state"),
        known=names(
            "id user created_at resource_type resource_id source_commit source_merge_request_id state"
        ),
        to_facts=state_event,
        path=_PROJECT + "/issues/{number}/resource_state_events",
        listing=_of_issue({"per_page": 100}),
        names=("resource_state_events", "state_events", "merge_request_state_events"),
    ),
    _kind(
        name="pipelines",
        writes=("builds", "item_links"),
        lights="which commits were built and tested, and with what result",
        marks=names("ref sha status web_url"),
        known=names(_PIPELINE),
        to_facts=pipeline,
        path=_PROJECT + "/pipelines",
        listing=Listing(Order.OLDEST_CHANGE_FIRST, _BY_CHANGE),
        names=("pipeline",),
    ),
    _kind(
        name="jobs",
        writes=("jobs",),
        lights="which parts of a build ran, were skipped, or were run again",
        marks=names("stage pipeline allow_failure"),
        known=names(
            "id status stage name ref tag coverage allow_failure created_at started_at finished_at erased_at duration "
            "queued_duration user commit pipeline failure_reason web_url project artifacts artifacts_file runner "
            "runner_manager artifacts_expire_at archived tag_list source environment downstream_pipeline"
        ),
        to_facts=job,
        path=_PROJECT + "/pipelines/{number}/jobs",
        listing=_of_pipeline({"per_page": 100}),
        names=("job", "bridges", "trigger_job", "trigger_jobs"),
    ),
    _kind(
        name="pipeline_details",
        writes=("builds", "item_links"),
        lights="when a build ran, and for whom",
        marks=names("ref sha status web_url before_sha detailed_status"),
        known=names(_PIPELINE),
        to_facts=pipeline,
        path=_PROJECT + "/pipelines/{number}",
        listing=_of_pipeline(paging=Paging.WHOLE),
    ),
    _kind(
        name="deployments",
        writes=("deployments",),
        lights="which commits reached which environment",
        marks=names("iid sha environment deployable"),
        known=names(
            "id iid ref sha created_at updated_at status user environment deployable approvals approval_summary "
            "pending_approval_count"
        ),
        to_facts=deployment,
        path=_PROJECT + "/deployments",
        listing=Listing(Order.OLDEST_CHANGE_FIRST, _BY_CHANGE, complete=True),
    ),
    _kind(
        name="releases",
        writes=("publications",),
        lights="what was published, and when",
        marks=names("tag_name released_at"),
        known=names(
            "tag_name description description_html name created_at released_at upcoming_release author commit "
            "milestones commit_path tag_path assets evidences _links historical_release evidence_sha"
        ),
        to_facts=release,
        path=_PROJECT + "/releases",
        listing=Listing(Order.NONE, {"per_page": 100}),
    ),
    _kind(
        name="milestones",
        writes=("milestones",),
        lights="what was planned until when",
        marks=names("iid title due_date start_date state"),
        known=names(
            "id iid project_id group_id title description state created_at updated_at due_date start_date expired "
            "web_url issue_stats"
        ),
        to_facts=milestone,
        path=_PROJECT + "/milestones",
        listing=Listing(Order.NONE, {"include_ancestors": "true", "per_page": 100}, complete=True),
    ),
    _kind(
        name="accounts",
        writes=("people",),
        lights="which accounts and addresses are one person",
        marks=names("username name state web_url"),
        known=names(
            "id username name state locked avatar_url avatar_path web_url access_level created_at created_by "
            "expires_at membership_state email public_email commit_email bio bot location skype linkedin twitter "
            "discord github website_url organization job_title pronouns work_information followers following "
            "is_followed local_time last_sign_in_at confirmed_at last_activity_on theme_id color_scheme_id "
            "projects_limit current_sign_in_at identities can_create_group can_create_project two_factor_enabled "
            "external private_profile shared_runners_minutes_limit extra_shared_runners_minutes_limit "
            "scim_identities is_admin note namespace_id using_license_seat is_auditor provisioned_by_group_id "
            "enterprise_group_id enterprise_group_associated_at member_role group_saml_identity "
            "group_scim_identity is_using_seat override preferred_language key_id custom_attributes"
        ),
        to_facts=account,
        path=_PROJECT + "/members/all",
        listing=Listing(Order.NONE, {"per_page": 100}),
        names=("users", "members"),
    ),
    RecordKind(
        name="deliveries",
        writes=(
            "issues", "requests", "reviews", "comments", "builds", "jobs", "deployments", "publications",
            "milestones", "item_links",
        ),
        lights="what changed since the last sync, as GitLab tells it by itself (webhooks)",
        access="none: GitLab delivers them",
        marks=names("object_kind"),
        known=names(
            "object_kind event_type event_name action user user_id user_name user_username user_email user_avatar "
            "user_url project project_id project_name repository object_attributes labels changes assignee assignees "
            "reviewers issue merge_request commit snippet note wiki group ref ref_protected tag before after before_sha "
            "sha checkout_sha message commits total_commits_count push_options builds source_pipeline retries_count "
            "build_id build_name build_stage build_status build_created_at build_started_at build_finished_at "
            "build_created_at_iso build_started_at_iso build_finished_at_iso build_duration build_queued_duration "
            "build_allow_failure build_failure_reason pipeline_id runner environment status status_changed_at "
            "deployment_id deployable_id deployable_url environment_tier environment_slug environment_external_url "
            "short_sha commit_url commit_title approver approval id created_at description name released_at url assets"
        ),
        to_facts=delivery,
        names=("webhooks",),
        whole=True,
        turn=0,  # lists tell more of the same things
    ),
)  # fmt: skip
