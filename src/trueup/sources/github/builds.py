"""Workflow runs and their jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.facts.rows import needed
from trueup.facts.texts.message import Link
from trueup.kernel.clock import moment_of
from trueup.sources.github.places import person, place

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
    made = moment_of(raw["created_at"])
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
        attempt=raw.get("run_attempt"),
        started_at=moment_of(raw.get("run_started_at")),
        ended_at=moment_of(raw.get("updated_at")) if outcome["status"] == "done" else None,
        starter=person(raw.get("triggering_actor") or raw.get("actor"), repo, to),
    )
    for request in raw.get("pull_requests") or ():
        found = Link("tests", "request", str(request["number"]), "build_of_request", 0.95)
        to.link(repo, ("build", build), found, happened_at=made)


def workflow_job(raw: Raw, to: Rows) -> None:
    """A job of a workflow run, or a check run."""
    repo, _ = place(raw, to)
    started = moment_of(raw.get("started_at"))
    build = raw.get("run_id")
    to.add(
        "jobs",
        happened_at=moment_of(raw.get("created_at")) or started,
        repo=repo,
        job=str(int(raw["id"])),
        build=str(build) if build else None,
        name=raw.get("name"),
        sha=raw.get("head_sha"),
        attempt=raw.get("run_attempt"),
        **_outcome(raw, to, "jobs"),
        started_at=started,
        ended_at=moment_of(raw.get("completed_at")),
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
_STATE = {"pending": "queued", "success": "done", "failure": "done", "error": "done"}
_ENDED = {"pending": "", "success": "success", "failure": "failure", "error": "failure"}


def commit_status(raw: Raw, to: Rows) -> None:
    """The status another system gave to a commit; the newest of a context holds."""
    repo, _ = place(raw, to)
    at = moment_of(raw["created_at"])
    told = _STATUSES.search(raw.get("url") or "")
    sha = needed(raw.get("sha") or (told[1] if told else ""), "its commit")
    state, context = raw["state"].lower(), raw["context"]
    to.add(
        "jobs",
        happened_at=at,
        repo=repo,
        job=f"{sha}:{context}",
        name=context,
        sha=sha,
        status=to.meaning("jobs.status", state, _STATE),
        status_original=raw["state"],
        result=to.meaning("jobs.result", state, _ENDED),
        result_original=raw["state"],
        started_at=at,
        ended_at=None if state == "pending" else at,
    )
