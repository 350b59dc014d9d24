"""Issues, their comments, events and milestones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trueup.facts.rows import needed, text_features
from trueup.facts.texts.message import Link
from trueup.facts.texts.words import issue_kind, not_done
from trueup.kernel.clock import moment_of
from trueup.sources.github.places import (
    account_address,
    named_place,
    near,
    person,
    place,
    told_by,
)

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_ISSUE = {"open": "open", "closed": "done"}

_REASON = {"completed": "done", "not_planned": "not_planned", "duplicate": "duplicate"}
#: Since then whoever closes an issue is asked how; done is the answer that events leave out.
_ASKED_HOW = datetime(2022, 5, 19, tzinfo=UTC)

_FIELD = {
    "closed": ("status", "done"),
    "reopened": ("status", "open"),
    "merged": ("other", ""),  # beside it stands that it was closed
    "assigned": ("assignee", ""),
    "unassigned": ("assignee", ""),
    "labeled": ("label", ""),
    "unlabeled": ("label", ""),
    "milestoned": ("milestone", ""),
    "demilestoned": ("milestone", ""),
    "renamed": ("title", ""),
    "issue_type_changed": ("type", ""),
    "marked_as_duplicate": ("link", ""),
    "cross-referenced": ("link", ""),
    "connected": ("link", ""),
    "referenced": ("link", ""),
}


def issue(raw: Raw, to: Rows) -> None:
    """An issue; requests, which the same list holds, are left to their own."""
    if raw.get("pull_request"):
        return
    repo, _ = place(raw, to)
    common, links = told_by(raw, repo)
    labels = common["labels"]
    key = f"#{int(raw['number'])}"
    reason = raw.get("state_reason")
    status = to.meaning("issues.status", raw["state"], _ISSUE)
    refused = next((found for x in labels if (found := not_done(x))), "")
    resolution = to.meaning("issues.resolution", reason, _REASON | {"reopened": ""}) or refused
    to.add(
        "issues",
        repo=repo,
        key=key,
        **issue_kind((raw.get("type") or {}).get("name") or "", *labels),
        status=status,
        resolution=(resolution or "done") if status == "done" else "",
        resolution_original=reason or "",
        creator=person(raw.get("user"), repo, to),
        assignee=person(raw.get("assignee"), repo, to),
        parent=_parent(raw.get("parent_issue_url"), repo),
        closed_by=person(raw.get("closed_by"), repo, to),
        **common,
    )
    to.mentions(repo, key, links, happened_at=common["happened_at"])


def _parent(url: str | None, repo: str) -> str | None:
    """The issue it is a part of, which may be one of another repository."""
    if not url:
        return None
    *_, owner, name, _, number = url.split("/")
    of = f"{owner}/{name}"
    return f"#{int(number)}" if of.lower() == repo.lower() else f"{of}#{int(number)}"


def comment(raw: Raw, to: Rows) -> None:
    """A comment in the discussion of an issue or pull request."""
    _comment(raw, to, "discussion")


def review_comment(raw: Raw, to: Rows) -> None:
    """A comment on a line of a pull request."""
    _comment(raw, to, "line")


def _comment(raw: Raw, to: Rows, kind: str) -> None:
    repo, number = place(raw, to)
    text = text_features(raw.get("body") or "")
    review_id, answered = raw.get("pull_request_review_id"), raw.get("in_reply_to_id")
    to.add(
        "comments",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        kind=kind,
        comment=str(int(raw["id"])),
        key=f"#{needed(number, 'what it is about')}",
        author=person(raw.get("user"), repo, to),
        changed_at=moment_of(raw.get("updated_at")),
        review=str(review_id) if review_id else None,
        answers=str(answered) if answered else None,
        sha=raw.get("original_commit_id") or raw.get("commit_id"),
        path=raw.get("path"),
        **text.of_comment(),
    )


def issue_event(raw: Raw, to: Rows) -> None:
    """What happened to an issue or pull request, from its timeline or the list of events."""
    of = raw.get("issue") or {}
    repo, number = place(of or raw, to)
    number = str(of.get("number") or "") or number
    key = f"#{needed(number, 'its issue')}"
    event = raw["event"]
    field, after = _FIELD.get(event, ("other", ""))
    made = moment_of(raw.get("created_at") or raw.get("submitted_at"))
    source = ((raw.get("source") or {}).get("issue")) or {}
    before = {"done": "open", "open": "done"}.get(after, "")
    to.add(
        "issue_events",
        happened_at=made,
        repo=repo,
        key=key,
        event=str(raw.get("id") or raw.get("node_id") or _without_id(raw, source)),
        field=field,
        field_original=event,
        before=before,
        after=after,
        after_original=(raw.get("label") or raw.get("milestone") or {}).get("name"),
        resolution=_how(raw, made, to) if after == "done" and "pull_request" not in of else "",
        actor=person(raw.get("actor") or raw.get("user"), repo, to),
    )
    sha = raw.get("commit_id")
    if sha and event in {"closed", "merged", "referenced"}:
        kind = "request" if "pull_request" in of or event == "merged" else "issue"
        relation = "mentions" if event == "referenced" else "closed_by"
        item = (kind, key if kind == "issue" else key[1:])
        to.link(repo, item, Link(relation, "commit", sha, f"event_{event}", 0.99), happened_at=made)
    if event == "cross-referenced" and source.get("number"):
        _mentioned(source, (repo, key, "request" if "pull_request" in of else "issue"), raw, to)


def _how(raw: Raw, closed: datetime | None, to: Rows) -> str:
    """How an event closed an issue."""
    told = to.meaning("issue_events.resolution", raw.get("state_reason"), _REASON)
    asked = "state_reason" in raw and closed is not None and closed >= _ASKED_HOW
    return told or ("done" if asked else "")


def _without_id(raw: Raw, source: Raw) -> str:
    """What tells an event from others where it has no id: several may happen in one second."""
    by = f":{named_place(source)}#{source['number']}" if source.get("number") else ""
    return f"{raw['event']}:{raw.get('created_at')}{by}"


def _mentioned(source: Raw, of: tuple[str, str, str], raw: Raw, to: Rows) -> None:
    """Something else, perhaps elsewhere, names what the timeline is of."""
    repo, key, kind = of
    by = near(f"{named_place(source)}#{int(source['number'])}", repo, raw.get("issue") or {}, raw)
    there, _, number = by.rpartition("#")
    target = f"{repo}{key}" if there else key if kind == "issue" else key[1:]
    item = ("request", number) if "pull_request" in source else ("issue", f"#{number}")
    found = Link("mentions", kind, target, "cross_reference", 0.95)
    to.link(there or repo, item, found, happened_at=moment_of(raw["created_at"]))


def milestone(raw: Raw, to: Rows) -> None:
    """A milestone."""
    repo, _ = place(raw, to)
    to.add(
        "milestones",
        happened_at=moment_of(raw["created_at"]),
        repo=repo,
        milestone=str(int(raw["number"])),
        kind="milestone",
        status=to.meaning("milestones.status", raw["state"], _ISSUE),
        status_original=raw["state"],
        due_at=moment_of(raw.get("due_on")),
        closed_at=moment_of(raw.get("closed_at")),
        changed_at=moment_of(raw.get("updated_at")),
    )


def account(raw: Raw, to: Rows) -> None:
    """An account with the name and address it shows."""
    login = raw["login"]
    own = (login, account_address(raw, to))
    if raw.get("email"):
        to.person("", raw.get("name") or login, raw["email"], own)
    to.person("", *own)
