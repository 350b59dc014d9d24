"""Deployments, what became of them, and releases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.facts.rows import needed, text_features
from trueup.facts.texts.words import environment_kind
from trueup.kernel.clock import moment_of
from trueup.sources.github.places import person, place

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_PROGRESS = {
    "pending": "queued",
    "queued": "queued",
    "waiting": "queued",
    "in_progress": "running",
    "success": "done",
    "active": "done",
    "inactive": "done",
    "failure": "done",
    "error": "done",
    "abandoned": "done",
    "destroyed": "done",
}

#: A deployment that was replaced later had succeeded; what it says of itself is told by its reports.
_RESULT = {
    "success": "success",
    "active": "success",
    "inactive": "neutral",
    "failure": "failure",
    "error": "failure",
    "abandoned": "cancelled",
    "destroyed": "neutral",
    "pending": "",
    "queued": "",
    "waiting": "",
    "in_progress": "",
}

_DEPLOYMENT = re.compile(r"/deployments/(\d+)")


def deployment(raw: Raw, to: Rows) -> None:
    """A deployment; how it ended is told by its statuses."""
    repo, _ = place(raw, to)
    name = raw.get("original_environment") or raw.get("environment") or ""
    kind = "production" if raw.get("production_environment") else environment_kind(name)
    to.add(
        "deployments",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        deployment=str(int(raw["id"])),
        name=raw.get("task"),
        environment=name,
        environment_kind=kind,
        branch=raw.get("ref"),
        sha=raw.get("sha"),
        creator=person(raw.get("creator"), repo, to),
    )


def deployment_status(raw: Raw, to: Rows) -> None:
    """One report on a deployment."""
    repo, _ = place(raw, to)
    told = _DEPLOYMENT.search(raw.get("deployment_url") or to.asked)
    state = raw["state"].lower()
    to.add(
        "deployment_statuses",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        deployment=needed(told[1] if told else "", "its deployment"),
        report=str(int(raw["id"])),
        status=to.meaning("deployment_statuses.status", state, _PROGRESS),
        status_original=raw["state"],
        result=to.meaning("deployment_statuses.result", state, _RESULT),
        reporter=person(raw.get("creator"), repo, to),
    )


def release(raw: Raw, to: Rows) -> None:
    """A release; drafts have no moment of publishing, and when it was made is not told: the date is its commit's."""
    repo, _ = place(raw, to)
    to.add(
        "publications",
        happened_at=moment_of(raw.get("published_at")),
        repo=repo,
        tag=raw["tag_name"],
        draft=bool(raw.get("draft")),
        prerelease=bool(raw.get("prerelease")),
        author=person(raw.get("author"), repo, to),
        files=len(raw.get("assets") or ()),
        text_bytes=text_features(raw.get("body") or "").bytes,
    )
