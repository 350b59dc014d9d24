"""Pipelines and their jobs, deployments, and releases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import text_features
from trueup.facts.texts.message import Link
from trueup.facts.texts.words import environment_kind
from trueup.kernel.clock import moment_of
from trueup.sources.gitlab.places import person, place

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: How far something is, and how it ended; what waits for a person or a date has not run.
_STATES = {
    "created": ("queued", ""),
    "waiting_for_resource": ("queued", ""),
    "waiting_for_callback": ("queued", ""),
    "preparing": ("queued", ""),
    "pending": ("queued", ""),
    "manual": ("queued", ""),
    "scheduled": ("queued", ""),
    "blocked": ("queued", ""),
    "running": ("running", ""),
    "canceling": ("running", ""),
    "success": ("done", "success"),
    "failed": ("done", "failure"),
    "canceled": ("done", "cancelled"),
    "skipped": ("done", "skipped"),
}
_PROGRESS = {word: progress for word, (progress, _) in _STATES.items()}
_RESULT = {word: result for word, (_, result) in _STATES.items()}
_ENDED = frozenset(word for word, (_, result) in _STATES.items() if result)
_TIERS = frozenset(("production", "staging", "testing", "development", "other"))
_OF_REQUEST = re.compile(r"refs/merge-requests/(\d+)/(?:head|merge|train)")


def pipeline(raw: Raw, to: Rows) -> None:
    """A pipeline, from the list of them or alone; only alone it says when it ran, and for whom.

    Its name is left: it may be made of the title of a commit.
    """
    repo = place(raw, to)
    build, made, ref = str(int(raw["id"])), moment_of(raw["created_at"]), raw.get("ref")
    alone: dict[str, Any] = {}
    if "started_at" in raw:
        alone["started_at"] = moment_of(raw["started_at"])
        alone["ended_at"] = moment_of(raw.get("finished_at"))
        alone["starter"] = person(raw.get("user"), repo, to)
    to.add(
        "builds",
        happened_at=made,
        repo=repo,
        build=build,
        event=raw.get("source"),
        branch=ref,
        sha=raw["sha"],
        **_outcome(raw, to, "builds"),
        changed_at=moment_of(raw.get("updated_at")),
        **alone,
    )
    if found := _OF_REQUEST.fullmatch(ref or ""):
        tested = Link("tests", "request", found[1], "build_of_request", 0.95)
        to.link(repo, ("build", build), tested, happened_at=made)


def job(raw: Raw, to: Rows) -> None:
    """A job of a pipeline, or one that starts another pipeline."""
    within = raw.get("pipeline") or {}
    started, ended = moment_of(raw.get("started_at")), moment_of(raw.get("finished_at"))
    made = moment_of(raw.get("created_at")) or started
    to.add(
        "jobs",
        happened_at=made,
        repo=place(raw, to),
        job=str(int(raw["id"])),
        build=str(int(within["id"])) if within else None,
        name=raw["name"],
        sha=within.get("sha") or (raw.get("commit") or {}).get("id"),
        **_outcome(raw, to, "jobs"),
        started_at=started,
        ended_at=ended,
        changed_at=ended or started or made,
        environment=((raw.get("environment") or {}).get("name")),
    )


def deployment(raw: Raw, to: Rows) -> None:
    """A deployment; when it ran is told by the job that did it."""
    repo = place(raw, to)
    by = raw.get("deployable") or {}
    where = raw["environment"]
    within = by.get("pipeline") or {}
    tier = where.get("tier")
    to.add(
        "deployments",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        deployment=str(int(raw["id"])),
        name=by.get("name"),
        environment=where["name"],
        environment_kind=tier if tier in _TIERS else environment_kind(where["name"]),
        branch=raw.get("ref"),
        sha=raw["sha"],
        build=str(int(within["id"])) if within else None,
        **_outcome(raw, to, "deployments"),
        started_at=moment_of(by.get("started_at")),
        ended_at=moment_of(by.get("finished_at")),
        creator=person(raw.get("user"), repo, to),
    )


def release(raw: Raw, to: Rows) -> None:
    """A release; what is announced for a later day is not published yet."""
    repo = place(raw, to)
    attached = (raw.get("assets") or {}).get("links")
    to.add(
        "publications",
        happened_at=moment_of(raw.get("released_at")),
        repo=repo,
        tag=raw["tag_name"],
        draft=bool(raw.get("upcoming_release")),
        created_at=moment_of(raw["created_at"]),
        author=person(raw.get("author"), repo, to),
        files=None if attached is None else len(attached),
        text_bytes=text_features(raw.get("description") or "").bytes,
    )


def _outcome(raw: Raw, to: Rows, table: str) -> dict[str, str]:
    """How far it is and how it ended: GitLab has one word for both."""
    status = raw["status"]
    return {
        "status": to.meaning(f"{table}.status", status, _PROGRESS),
        "status_original": status,
        "result": to.meaning(f"{table}.result", status, _RESULT),
        "result_original": status if status in _ENDED else "",
    }
