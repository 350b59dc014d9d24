"""What GitHub delivers by itself: an event with the record it is about."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from trueup.facts.rows import OddRecordError
from trueup.sources.github.builds import commit_status, workflow_job, workflow_run
from trueup.sources.github.deployments import deployment, deployment_status, release
from trueup.sources.github.issues import comment, issue, milestone, review_comment
from trueup.sources.github.requests import pull_request, review

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

#: The record an event is about; of those it holds, the first. What stands beside is shown in part only.
_ABOUT: tuple[tuple[str, Callable[[Raw, Rows], None] | None], ...] = (
    ("workflow_job", workflow_job),
    # Those of a deployment show the run and the check that brought it about.
    ("deployment_status", deployment_status),
    ("deployment", deployment),
    ("check_run", workflow_job),
    ("check_suite", None),
    ("workflow_run", workflow_run),
    ("release", release),
    ("review", review),
    ("thread", None),
    ("discussion", None),
    ("comment", None),
    ("label", None),
    ("pull_request", pull_request),
    ("issue", issue),
    ("milestone", milestone),
)

#: An event that is about one of these may carry a label or milestone as well.
_ITEMS = ("pull_request", "issue")
_GONE = {"deleted", "transferred"}
#: These change nothing we keep, and come with part of the record only.
_NOTHING = {"pinned", "unpinned"}


def delivery(raw: Raw, to: Rows) -> None:
    """An event; those that tell nothing we keep give no rows."""
    repo = raw["repository"]["full_name"] if raw.get("repository") else ""
    to.about = {**to.about, "place": repo}
    action = raw.get("action") or ""
    if "state" in raw and "context" in raw:
        commit_status(raw, to)
        return
    name, mapped = _subject(raw)
    if action in _NOTHING:
        return
    if name == "issue" and action in _GONE and "comment" not in raw:
        to.gone("issues", action, repo=repo, key=f"#{int(raw['issue']['number'])}")
    elif name == "comment":
        _comment(raw, to, repo, action)
    elif name == "milestone" and action in _GONE:
        to.gone("milestones", action, repo=repo, milestone=str(int(raw[name]["number"])))
    elif name == "release" and action in _GONE:
        to.gone("publications", action, repo=repo, tag=raw[name]["tag_name"])
    elif mapped is not None:
        mapped(raw[name], to)


def _subject(raw: Raw) -> tuple[str, Callable[[Raw, Rows], None] | None]:
    """The name of the record an event is about, and how it becomes facts."""
    for name, mapped in _ABOUT:
        beside = name == "label" and any(item in raw for item in _ITEMS)
        if raw.get(name) is not None and not beside:
            if not isinstance(raw[name], dict):
                raise OddRecordError(f"{name} is no record")
            return name, mapped
    return "", None


def _comment(raw: Raw, to: Rows, repo: str, action: str) -> None:
    """On an issue, a request or a line of it; those on a commit alone are left."""
    told = raw["comment"]
    on_line = "pull_request_url" in told
    if not on_line and "issue_url" not in told:
        return
    if action in _GONE:
        kind = "line" if on_line else "discussion"
        to.gone("comments", action, repo=repo, kind=kind, comment=str(int(told["id"])))
    else:
        (review_comment if on_line else comment)(told, to)


def signed(headers: Mapping[str, str], body: bytes, secret: str, _: datetime) -> bool:
    """Whether a delivery was signed with the secret (HMAC-SHA256 over the body); when is not told."""
    expected = hmac.new(secret.encode(), body, "sha256").hexdigest()
    told = headers.get("x-hub-signature-256", "")
    return hmac.compare_digest(f"sha256={expected}".encode(), told.encode("utf-8", "replace"))
