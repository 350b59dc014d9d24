"""Pipelines, jobs and deployments of GitLab, as another project (apache/incubator-devlake) expects them."""

from __future__ import annotations

from tests.peers.comparing import BUILD, at, by, is_, last, last_of, moment, seconds


def duration(text):
    """Where nothing ran it is 0 there; moments are told to the millisecond only."""
    return int(float(text)) if float(text or 0) else None


MADE = {"created_date": (moment, at("happened_at"))}
TOOL = {
    "gitlab_created_at": (moment, at("happened_at")),
    "status": (str, is_("status_original")),
    "started_at": (moment, at("started_at")),
    "finished_at": (moment, at("ended_at")),
}
PIPELINE = TOOL | {"ref": (str, is_("branch")), "sha": (str, is_("sha"))}
NAMED = {"name": (str, is_("name")), "pipeline_id": (last, is_("build"))}
TASK = BUILD | NAMED | MADE | {"duration_sec": (duration, seconds)}
JOB = TOOL | NAMED | {"duration": (duration, seconds)}
DEPLOYMENT = (
    BUILD
    | MADE
    | {
        "name": (lambda x: x.rpartition(":")[0], is_("name")),
        "environment": (str, is_("environment_kind")),
        "original_environment": (str, is_("environment")),
        "duration_sec": (duration, seconds),
    }
)
TOOL_DEPLOYMENT = MADE | {
    "status": (str, is_("status_original")),
    "ref": (str, is_("branch")),
    "sha": (str, is_("sha")),
    "environment": (str, is_("environment")),
    "name": (str, is_("name")),
    "deployable_name": (str, is_("name")),
    "deployable_started_at": (moment, at("started_at")),
    "deployable_finished_at": (moment, at("ended_at")),
    "deployable_duration": (duration, seconds),
    "deployable_pipeline_id": (str, is_("build")),
}


def pipelines(found, facts, _who):
    listed, alone = (by("build", facts[x]["builds"]) for x in ("pipelines", "details"))
    found.compare("cicd_pipelines", alone, last_of("id"), BUILD | MADE)
    found.compare("_tool_gitlab_pipelines", alone, is_("gitlab_id"), PIPELINE)
    found.compare("_raw_gitlab_api_pipeline_details", listed, is_("gitlab_id"), PIPELINE)
    for table, branch, sha in (
        ("cicd_pipeline_commits", "branch", "commit_sha"),
        ("_tool_gitlab_pipeline_projects", "ref", "sha"),
        ("_tool_gitlab_pipeline_projects_details", "ref", "sha"),
    ):
        cells = {branch: (str, is_("branch")), sha: (str, is_("sha"))}
        found.compare(table, listed, last_of("pipeline_id"), cells)


def builds(found, facts, _who):
    jobs, triggered = (by("job", facts[x]["jobs"]) for x in ("jobs", "triggers"))
    for table in ("cicd_tasks", "cicd_tasks_no_prod_regex"):
        found.compare(table, jobs, last_of("id"), TASK)
    found.compare("_tool_gitlab_jobs", jobs, is_("gitlab_id"), JOB)
    found.compare("_tool_gitlab_jobs_with_triggered", triggered, is_("gitlab_id"), JOB)


def deployments(found, facts, who):
    ours = by("deployment", facts["deployments"]["deployments"])
    found.compare("cicd_deployments", ours, last_of("id"), DEPLOYMENT)
    commit = {"commit_sha": (str, is_("sha")), "ref_name": (str, is_("branch"))}
    found.compare("cicd_deployment_commits", ours, last_of("id"), DEPLOYMENT | commit)
    by_whom = {"deployable_user_username": (who, is_("creator"))}
    found.compare("_tool_gitlab_deployments", ours, is_("deployment_id"), TOOL_DEPLOYMENT | by_whom)
