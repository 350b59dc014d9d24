"""Issues, comments, cycles and projects of Linear as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.addresses import shown_at
from trueup.facts.rows import OddRecordError, said, text_features
from trueup.facts.texts.message import Link
from trueup.facts.texts.words import issue_kind
from trueup.kernel.clock import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

#: Types of states; people name their states as they like.
_STATE = {
    "triage": "open",
    "backlog": "open",
    "unstarted": "open",
    "started": "in_progress",
    "completed": "done",
    "canceled": "done",
    "duplicate": "done",
}
_HOW = {"completed": "done", "canceled": "not_planned", "duplicate": "duplicate"}
_PROJECT = dict.fromkeys(("backlog", "planned", "started", "paused"), "open") | dict.fromkeys(
    ("completed", "canceled"), "done"
)
_RELATION = {"blocks": "blocks", "duplicate": "duplicates", "related": "relates", "similar": "relates"}  # fmt: skip


def issue(raw: Raw, to: Rows) -> None:
    """An issue, and what happened to it."""
    repo, key = _team(raw), _key(raw)
    for old in raw.get("previousIdentifiers") or ():
        to.gone("issues", "moved to another team", repo=old.rpartition("-")[0], key=old)
    if raw.get("trashed"):
        to.gone("issues", "deleted", repo=repo, key=key)
        return
    labels = sorted(x["name"] for x in _nodes(raw, "labels", to))
    relations = [_relation(x, to) for x in _nodes(raw, "relations", to)]
    text, made = raw.get("description") or "", moment_of(raw["createdAt"])
    looked = text_features(text)
    title_id, links = said(raw["title"], text)
    to.add(
        "issues",
        happened_at=made,
        repo=repo,
        key=key,
        **issue_kind("", *labels),
        **_state(raw, [link for link, _ in relations], to),
        creator=_person(raw.get("creator"), repo, to),
        assignee=_person(raw.get("assignee"), repo, to),
        **_plan(raw),
        labels=labels,
        title_id=title_id,
        **looked.of_item(),
    )
    for link, at in (*relations, *_attached(raw, to)):
        to.link(repo, ("issue", key), link, happened_at=at)
    to.mentions(repo, key, links, happened_at=made)
    for entry in _nodes(raw, "history", to):
        _entry(entry, repo, key, to)


def _state(raw: Raw, relations: list[Link], to: Rows) -> dict[str, Any]:
    """Whether it is done, and how; a duplicate may be told by its state or by what it is related to."""
    state = raw["state"]
    status = to.meaning("issues.status", state["type"], _STATE)
    resolution = _HOW.get(state["type"], "")
    if resolution == "not_planned" and any(x.relation == "duplicates" for x in relations):
        resolution = "duplicate"
    ended = raw.get("completedAt") or raw.get("canceledAt")
    return {
        "status": status,
        "status_original": state["name"],
        "resolution": resolution,
        "resolution_original": state["type"] if resolution else "",
        "closed_at": moment_of(ended) if status == "done" else None,
        "changed_at": moment_of(raw["updatedAt"]),
    }


def _plan(raw: Raw) -> dict[str, Any]:
    """What was planned; the cycle it is in comes before its project."""
    within = raw.get("cycle") or raw.get("project") or {}
    priority = raw.get("priorityLabel")
    return {
        "due_at": moment_of(raw.get("dueDate")),
        "parent": (raw.get("parent") or {}).get("identifier"),
        "milestone": within.get("id"),
        "priority": None if priority == "No priority" else priority,
        "points": raw.get("estimate"),
    }


def _relation(raw: Raw, to: Rows) -> tuple[Link, datetime | None]:
    """A relation as the issue it begins at tells it."""
    meant = to.meaning("item_links.relation", raw["type"], _RELATION)
    relation = "relates" if meant == "other" else meant
    link = Link(relation, "issue", _key(raw["relatedIssue"]), f"relation_{raw['type']}", 0.99)
    return link, moment_of(raw.get("createdAt"))


def _attached(raw: Raw, to: Rows) -> Iterator[tuple[Link, datetime | None]]:
    """Requests and commits that are attached, whatever the forge."""
    for one in _nodes(raw, "attachments", to):
        at = moment_of(one.get("createdAt"))
        found = shown_at(one["url"])
        if found and found[0] in {"request", "commit"}:
            yield Link("relates", *found, "attachment", 0.95), at


def _entry(raw: Raw, repo: str, key: str, to: Rows) -> None:
    """An entry of the history, which may tell of several changes; those of texts are left."""
    for number, (field, name, before, after) in enumerate(_changes(raw), 1):
        to.add(
            "issue_events",
            happened_at=moment_of(raw["createdAt"]),
            repo=repo,
            key=key,
            event=f"{raw['id']}:{number}",
            field=field,
            field_original=name,
            before=to.meaning("issue_events.status", (before or {}).get("type"), _STATE),
            before_original=(before or {}).get("name"),
            after=to.meaning("issue_events.status", (after or {}).get("type"), _STATE),
            after_original=(after or {}).get("name"),
            resolution=_HOW.get((after or {}).get("type", ""), ""),
            actor=_person(raw.get("actor"), repo, to),
        )


def _changes(raw: Raw) -> Iterator[tuple[str, str, Raw | None, Raw | None]]:
    if raw.get("fromState") or raw.get("toState"):
        yield "status", "state", raw.get("fromState"), raw.get("toState")
    if raw.get("fromAssigneeId") or raw.get("toAssigneeId"):
        yield "assignee", "assignee", None, None
    for label in raw.get("removedLabels") or ():
        yield "label", "label", label, None
    for label in raw.get("addedLabels") or ():
        yield "label", "label", None, label
    for name in ("cycle", "project"):
        ends = (raw.get(f"from{name.title()}Id"), raw.get(f"to{name.title()}Id"))
        if any(ends):
            before, after = ({"name": end} if end else None for end in ends)
            yield "milestone", name, before, after


def comment(raw: Raw, to: Rows) -> None:
    """A comment on an issue."""
    of, text = raw["issue"], text_features(raw.get("body") or "")
    repo, answered = _team(of), raw.get("parent")
    to.add(
        "comments",
        happened_at=moment_of(raw["createdAt"]),
        repo=repo,
        kind="discussion",
        comment=_id(raw),
        key=_key(of),
        author=_person(raw.get("user"), repo, to),
        changed_at=moment_of(raw.get("editedAt")),
        answers=_id(answered) if answered else None,
        **text.of_comment(),
    )


def cycle(raw: Raw, to: Rows) -> None:
    """A cycle, which is the sprint of Linear."""
    ended = moment_of(raw.get("completedAt"))
    to.add(
        "milestones",
        happened_at=moment_of(raw["startsAt"]),
        repo=_team(raw),
        milestone=_id(raw),
        kind="sprint",
        status="done" if ended else "open",
        due_at=moment_of(raw["endsAt"]),
        closed_at=ended,
        changed_at=moment_of(raw.get("updatedAt")),
    )


def project(raw: Raw, to: Rows) -> None:
    """A project, which is planned until some day; it may belong to several teams."""
    status = raw["status"]["type"]
    for team in _nodes(raw, "teams", to):
        to.add(
            "milestones",
            happened_at=moment_of(raw["createdAt"]),
            repo=team["key"],
            milestone=_id(raw),
            kind="milestone",
            status=to.meaning("milestones.status", status, _PROJECT),
            status_original=status,
            due_at=moment_of(raw.get("targetDate")),
            closed_at=moment_of(raw.get("completedAt") or raw.get("canceledAt")),
            changed_at=moment_of(raw.get("updatedAt")),
        )


def _nodes(raw: Raw, name: str, to: Rows) -> Iterator[Raw]:
    """What belongs to it, as far as it fits the answer; what does not is told."""
    found = raw.get(name) or {}
    if (found.get("pageInfo") or {}).get("hasNextPage"):
        to.remark(f"more {name} of a record than one answer holds")
    yield from found.get("nodes") or ()


def _team(raw: Raw) -> str:
    key = raw["team"]["key"]
    if not isinstance(key, str) or not key:
        raise OddRecordError("it does not say its team")
    return key


def _key(raw: Raw) -> str:
    """The key of an issue, as commits name it."""
    return str(raw["identifier"])


def _id(raw: Raw) -> str:
    found = raw["id"]
    if not isinstance(found, str) or not found:
        raise OddRecordError("it does not say its id")
    return found


def _person(raw: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of a user; applications are told as such."""
    if not raw:
        return None
    name = f"{raw['name']}[bot]" if raw.get("app") else raw["name"]
    return to.person(repo, name, raw.get("email") or f"{_id(raw)}@linear.invalid")
