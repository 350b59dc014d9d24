"""What GitLab delivers by itself: an event with a part of the record it is about.

The part becomes a record as the interface lists it, and so the same rows; columns it tells nothing of
stand as they are known. Pushes and tags are read from the repository itself, and what else is delivered
(emoji, wiki pages, flags, members, tokens, vulnerabilities) tells nothing that is kept.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import needed
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import names
from trueup.sources.gitlab.builds import deployment, job, pipeline, release
from trueup.sources.gitlab.issues import issue, milestone
from trueup.sources.gitlab.notes import note
from trueup.sources.gitlab.requests import approvals, merge_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

#: How far the moment a delivery was signed at may lie from ours: what comes later may be a replay.
TOLERANCE = timedelta(minutes=5)
#: Standard Webhooks wants keys of at least so many bytes.
_SHORTEST = 24
_SECONDS = re.compile(r"[0-9]{1,11}")
#: The path of a project in the address it is cloned from: in it no path of the instance stands before.
_CLONED = re.compile(r"(?:ssh://[^/]+/|[^/:]+:(?!/))(.+?)(?:\.git)?/?")
_COMMIT = re.compile(r"/commit/([0-9a-f]{40}|[0-9a-f]{64})(?:[?#]|$)")
#: A deployment that is so stays so: a job that is run again makes another.
_ENDED = {"success", "failed", "canceled"}
#: Types that the list of issues holds; epics, objectives and the like are not in it.
_LISTED = {"Issue", "Incident", "Test Case", "Task"}
#: Fields of a delivered issue or merge request, and the columns that are not told where they are missing.
_FIELDS = {
    "type": "kind kind_original",
    "closed_at": "closed_at",
    "due_date": "due_at",
    "milestone_id": "milestone",
    "severity": "severity",
    "weight": "points",
    "time_estimate": "estimate_minutes",
    "total_time_spent": "spent_minutes",
}
#: These are told by nobody but the interface.
_NEVER = "comments parent tasks tasks_done"


def delivery(raw: Raw, to: Rows) -> None:
    """An event; those that tell nothing we keep give no rows."""
    mapped = _EVENTS.get(raw.get("object_kind") or "")
    home = raw.get("project") or raw.get("repository")
    if mapped is None or not home:  # what is of a group belongs to no project
        return
    cloned = _CLONED.fullmatch(home.get("git_ssh_url") or "")
    place = home.get("path_with_namespace") or (cloned[1] if cloned else "")
    to.about = {**to.about, "place": needed(place, "its project")}
    # Accounts are shown without the instance they are of.
    to.asked = home.get("web_url") or home.get("homepage") or ""
    mapped(raw, to)


def signed(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether a delivery carries the secret token or, by a signing token, was signed just now.

    Which of both is wanted is told by the form of the secret, never by what came in.
    """
    if not secret.startswith("whsec_"):
        return _same(headers.get("x-gitlab-token", ""), secret)
    stamp = headers.get("webhook-timestamp", "")
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return False
    far = TOLERANCE.total_seconds()
    if (
        len(key) < _SHORTEST
        or not _SECONDS.fullmatch(stamp)
        or abs(now.timestamp() - int(stamp)) > far
    ):
        return False
    said = f"{headers.get('webhook-id', '')}.{stamp}.".encode("utf-8", "replace") + body
    expected = base64.b64encode(hmac.new(key, said, "sha256").digest()).decode()
    told = headers.get("webhook-signature", "").split()
    return any(_same(one, f"v1,{expected}") for one in told)


def _same(told: str, expected: str) -> bool:
    return hmac.compare_digest(told.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))


def _issue(raw: Raw, to: Rows) -> None:
    told = raw["object_attributes"]
    typed = told.get("type")
    if typed and typed not in _LISTED:
        return
    closer = raw.get("user") if told.get("action") == "close" else None
    severity, twin = told.get("severity"), told.get("duplicated_to_id")
    listed = {
        **_item(raw, told),
        "issue_type": (typed or "").lower().replace(" ", "_"),
        "closed_by": closer,
        "severity": severity.upper() if severity else None,
        "time_stats": told,
        "_links": {"closed_as_duplicate_of": twin},
    }
    to.untold = _untold(
        raw, told, creator=listed["author"], closed_by=closer or told["state"] != "closed"
    )
    issue(listed, to)


def _request(raw: Raw, to: Rows) -> None:
    told = raw["object_attributes"]
    action, state, by = told.get("action"), told["state"], told.get("merge_user_id")
    merger = raw.get("user") if action == "merge" else _account(raw, by)
    ended = state in {"closed", "merged"}
    listed = {
        **_item(raw, told),
        "merge_user": merger,
        "sha": (told.get("last_commit") or {}).get("id"),
    }
    to.untold = _untold(
        raw, told, author=listed["author"], head_sha=listed["sha"], merged_at=state != "merged",
        closed_at=not ended, merge_sha=state != "merged" or told.get("merge_commit_sha"),
        merged_by=merger or (state != "merged" and not by),
    )  # fmt: skip
    merge_request(listed, to)
    if action in {"approval", "approved"}:
        to.untold = names("happened_at")
        approvals({"iid": told["iid"], "approved_by": [{"user": raw["user"]}]}, to)


def _item(raw: Raw, told: Raw) -> dict[str, Any]:
    """What deliveries of issues and merge requests have in common, as the interface lists it."""
    within = told.get("milestone_id")
    labels = told["labels"] if "labels" in told else raw.get("labels")
    return {
        **told,
        "author": _account(raw, told.get("author_id")),
        "assignees": raw.get("assignees"),
        "assignee": None,
        "labels": [x["title"] for x in labels or ()],
        "milestone": {"id": within} if within else None,
        "web_url": told.get("url"),
    }


def _untold(raw: Raw, told: Raw, **known: object) -> frozenset[str]:
    """The columns an issue or merge request does not tell, besides those that are not known."""
    missing = {x for field, of in _FIELDS.items() if field not in told for x in of.split()}
    if "closed_at" in known:
        missing.discard("closed_at")
    shown = all(x.get("id") for x in raw.get("assignees") or ())
    known["assignee"] = shown and bool(raw.get("assignees")) == bool(told.get("assignee_ids"))
    known["text_bytes"] = _as_written(told)
    return frozenset(missing | {x for x, there in known.items() if not there}) | names(_NEVER)


def _as_written(told: Raw) -> bool:
    """Whether the text is as it was written: addresses of images in it are delivered in full."""
    return "/uploads/" not in (told.get("description") or "")


def _account(raw: Raw, number: object) -> Raw | None:
    """The account of that id, where the event shows it: who did something, has it or is to look at it."""
    shown = (raw.get("user"), *(raw.get("assignees") or ()), *(raw.get("reviewers") or ()))
    return next((a for a in shown if number and a and a.get("id") == number), None)


def _note(raw: Raw, to: Rows) -> None:
    """A comment on an issue or merge request; those on commits and snippets are not listed either."""
    told = raw["object_attributes"]
    of = raw.get("merge_request") or raw.get("issue")
    if not of or told.get("system"):
        return
    author = _account(raw, told.get("author_id"))
    typed = told["type"] if "type" in told else "DiffNote" if told.get("line_code") else None
    to.untold = frozenset() if author else names("author")
    more = {
        "author": author,
        "body": told.get("note"),
        "system": False,
        "noteable_iid": of["iid"],
        "type": typed,
        "commit_id": told.get("commit_id") or None,
    }
    note({**told, **more}, to)


def _pipeline(raw: Raw, to: Rows) -> None:
    """A pipeline with its jobs; that of a merge request shows the branch instead of the reference it ran on.

    When it changed is not told: not before the newest moment of it and of its jobs.
    """
    told, of = raw["object_attributes"], raw.get("merge_request")
    missing = {"started_at"} | ({"branch"} if of else set())
    to.untold = frozenset(missing | (set() if "source" in told else {"event"}))
    ref = f"refs/merge-requests/{int(of['iid'])}/head" if of else told.get("ref")
    jobs = raw.get("builds") or ()
    shown = [
        one.get(f) for one in (told, *jobs) for f in ("created_at", "started_at", "finished_at")
    ]
    changed = max(filter(None, map(moment_of, shown)))
    more = {"ref": ref, "started_at": None, "updated_at": str(changed), "user": raw.get("user")}
    pipeline({**told, **more}, to)
    to.untold = frozenset()
    for one in jobs:
        job({**one, "pipeline": {"id": told["id"], "sha": told["sha"]}}, to)


def _job(raw: Raw, to: Rows) -> None:
    fields = ("id", "name", "status", "created_at", "started_at", "finished_at")
    told = {field: raw.get(f"build_{field}") for field in fields}
    within = {"id": raw["pipeline_id"], "sha": raw["sha"]}
    job({**told, "pipeline": within, "environment": raw.get("environment")}, to)


def _deployment(raw: Raw, to: Rows) -> None:
    """A deployment that has ended: what others tell may be late, and nothing says so.

    Those of approvals tell how these stand, those of old servers not which deployment it is.
    What its environment is for is read from the name, as where it is listed: the tier is not told there.
    """
    if not raw.get("deployment_id") or raw["status"] not in _ENDED:
        return
    found = _COMMIT.search(raw.get("commit_url") or "")
    missing = names("happened_at name branch build started_at ended_at")
    to.untold = missing if found else missing | {"sha"}
    listed = {
        "id": raw["deployment_id"],
        "created_at": None,
        "sha": found[1] if found else None,
        "status": raw["status"],
        "environment": {"name": raw["environment"]},
        "user": raw.get("user"),
    }
    deployment(listed, to)


def _release(raw: Raw, to: Rows) -> None:
    if raw.get("action") == "delete":
        to.gone("publications", "deleted", repo=to.about["place"], tag=raw["tag"])
        return
    made, published = moment_of(raw["created_at"]), moment_of(raw.get("released_at"))
    known = {
        "author": False,
        "draft": made and published and published <= made,  # a later day may not have come yet
        "files": (raw.get("assets") or {}).get("links") is not None,
        "text_bytes": _as_written(raw),
    }
    to.untold = frozenset(column for column, there in known.items() if not there)
    release({**raw, "tag_name": raw["tag"]}, to)


def _milestone(raw: Raw, to: Rows) -> None:
    told = raw["object_attributes"]
    if raw.get("action") == "delete":
        to.gone("milestones", "deleted", repo=to.about["place"], milestone=str(int(told["id"])))
    else:
        milestone(told, to)


_EVENTS: Mapping[str, Callable[[Raw, Rows], None]] = {
    "issue": _issue,
    "work_item": _issue,
    "merge_request": _request,
    "note": _note,
    "pipeline": _pipeline,
    "build": _job,
    "deployment": _deployment,
    "release": _release,
    "milestone": _milestone,
}
