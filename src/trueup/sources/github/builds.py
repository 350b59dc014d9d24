"""Workflow runs and their jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.facts.rows import given, needed
from trueup.facts.texts.message import Link
from trueup.kernel.clock import moment_of
from trueup.sources.github.places import named_place, near, person, place

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_PROGRESS = {
    "queued": "queued",
    "requested": "queued",
    "waiting": "queued",
    "pending": "queued",
    "in_progress": "running",
    "completed": "done",
    # Older records name the outcome here as well.
    "success": "done",
    "failure": "done",
    "timed_out": "done",
    "startup_failure": "done",
    "cancelled": "done",
    "skipped": "done",
    "neutral": "done",
    "stale": "done",
    "action_required": "queued",
}

_RESULT = {
    "success": "success",
    "failure": "failure",
    "timed_out": "failure",
    "startup_failure": "failure",
    "cancelled": "cancelled",
    "skipped": "skipped",
    "neutral": "neutral",
    "stale": "other",
    "action_required": "other",
}


def workflow_run(raw: Raw, to: Rows) -> None:
    """A run of a workflow; run again it keeps its number and counts as another attempt."""
    repo, _ = place(raw, to)
    outcome = _outcome(raw, to, "builds")
    build = str(int(raw["id"]))
    made, changed = moment_of(raw["created_at"]), moment_of(raw.get("updated_at"))
    to.add(
        "builds",
        happened_at=made,
        repo=repo,
        build=build,
        name=raw.get("name"),
        event=raw.get("event"),
        branch=raw.get("head_branch"),
        sha=raw.get("head_sha"),
        **outcome,
        **given(raw, attempt="run_attempt"),
        started_at=moment_of(raw.get("run_started_at")),
        ended_at=changed if outcome["status"] == "done" else None,
        changed_at=changed,
        starter=person(raw.get("triggering_actor") or raw.get("actor"), repo, to),
    )
    for request in raw.get("pull_requests") or ():
        if found := _tested(request, raw, repo):
            to.link(repo, ("build", build), found, happened_at=made)


def _tested(request: Raw, run: Raw, repo: str) -> Link | None:
    """The pull request a run tests: named are all that come from its branch now, also those of other repositories.

    It is less sure where the request has gone on since, or where the run was of the branch and not of a request.
    """
    head, base = request.get("head") or {}, request.get("base") or {}
    same = head.get("sha") is not None and head["sha"] == run.get("head_sha")
    of_request = (run.get("event") or "").startswith("pull_request")
    if not same and not of_request:
        return None
    there = named_place(base.get("repo") or {}) or repo
    target = near(f"{there}#{int(request['number'])}", repo, run).removeprefix("#")
    sure = 0.95 if same and of_request else 0.7
    return Link("tests", "request", target, "build_of_request", sure)


def workflow_job(raw: Raw, to: Rows) -> None:
    """A job of a workflow run, or the check run it is as well, which does not tell of what run, nor when it was made."""
    repo, _ = place(raw, to)
    job = str(int(raw["id"]))
    started, ended = moment_of(raw.get("started_at")), moment_of(raw.get("completed_at"))
    if raw.get("created_at"):
        to.learn("job_made", f"{repo}:{job}", raw["created_at"], keep=False)
    made = moment_of(to.learned("job_made", f"{repo}:{job}")) or started
    of_run = {"build": str(raw["run_id"])} if raw.get("run_id") else {}
    to.add(
        "jobs",
        happened_at=made,
        repo=repo,
        job=job,
        name=raw.get("name"),
        sha=raw.get("head_sha"),
        **of_run,
        **given(raw, attempt="run_attempt"),
        **_outcome(raw, to, "jobs"),
        started_at=started,
        ended_at=ended,
        changed_at=ended or started or made,
    )


def _outcome(raw: Raw, to: Rows, table: str) -> dict[str, str]:
    """How far it is and how it ended, with the words of the forge."""
    return {
        "status": to.meaning(f"{table}.status", raw["status"], _PROGRESS),
        "status_original": raw["status"],
        "result": to.meaning(f"{table}.result", raw.get("conclusion"), _RESULT),
        "result_original": raw.get("conclusion") or "",
    }


_STATUSES = re.compile(r"/statuses/([0-9a-f]{40,64})")
#: `expected` is a check that a branch asks for and nobody has reported on yet.
_STATE = {
    "expected": "queued",
    "pending": "queued",
    "success": "done",
    "failure": "done",
    "error": "done",
}
_ENDED = {
    "expected": "",
    "pending": "",
    "success": "success",
    "failure": "failure",
    "error": "failure",
}


def commit_status(raw: Raw, to: Rows) -> None:
    """The status another system gave to a commit; of a context the one that changed last holds."""
    repo, _ = place(raw, to)
    at = moment_of(raw["created_at"])
    told = _STATUSES.search(raw.get("url") or "")
    sha = needed(raw.get("sha") or (told[1] if told else ""), "its commit")
    state, context = raw["state"].lower(), raw["context"]
    status = to.meaning("jobs.status", state, _STATE)
    to.add(
        "jobs",
        happened_at=at,
        repo=repo,
        job=f"{sha}:{context}",
        name=context,
        sha=sha,
        status=status,
        status_original=raw["state"],
        result=to.meaning("jobs.result", state, _ENDED),
        result_original=raw["state"],
        started_at=at,
        ended_at=None if status == "queued" else at,
        changed_at=moment_of(raw.get("updated_at")) or at,
    )
