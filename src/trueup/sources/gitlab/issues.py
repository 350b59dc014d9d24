"""Issues, their changes of state, milestones and accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import text_features
from trueup.facts.texts.message import Link
from trueup.facts.texts.words import issue_kind, not_done
from trueup.kernel.clock import moment_of
from trueup.sources.gitlab.places import account_address, base_of, item_of, number_of, person, place
from trueup.sources.gitlab.texts import links_of_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.facts.rows import Raw, Rows

_ISSUE = {"opened": "open", "reopened": "open", "closed": "done"}

_MILESTONE = {"active": "open", "closed": "done"}

_AFTER = {
    "closed": "done",
    "merged": "done",
    "reopened": "open",
    "opened": "open",
    "locked": "other",
}
_BEFORE = {"closed": "open", "merged": "open", "reopened": "done"}


def issue(raw: Raw, to: Rows) -> None:
    """An issue, incident or task."""
    repo = place(raw, to)
    common, links = told_by(raw, repo)
    labels = common["labels"]
    key = f"#{int(raw['iid'])}"
    typed = raw.get("issue_type") or ""
    status = to.meaning("issues.status", raw["state"], _ISSUE)
    resolution, why = _resolution(raw, labels) if status == "done" else ("", "")
    weight, severity = raw.get("weight"), raw.get("severity")
    assignees = [raw.get("assignee"), *(raw.get("assignees") or ())]
    to.add(
        "issues",
        repo=repo,
        key=key,
        **issue_kind("" if typed == "issue" else typed, *labels),
        status=status,
        resolution=resolution,
        resolution_original=why,
        creator=person(raw.get("author"), repo, to),
        assignee=next((person(who, repo, to) for who in assignees if who), None),
        closed_by=person(raw.get("closed_by"), repo, to),
        closed_at=moment_of(raw.get("closed_at")),
        due_at=moment_of(raw.get("due_date")),
        parent=_parent(raw),
        severity=None if severity == "UNKNOWN" else severity,
        points=None if weight is None else float(weight),
        **_spent(raw),
        **common,
    )
    others = [link for link in links if link.target]
    to.mentions(repo, key, others, happened_at=common["happened_at"])


def state_event(raw: Raw, to: Rows) -> None:
    """An issue or merge request was closed, reopened or merged."""
    repo = place(raw, to)
    key, item = item_of(raw["resource_type"], number_of(raw, to))
    made, state = moment_of(raw["created_at"]), raw["state"]
    to.add(
        "issue_events",
        happened_at=made,
        repo=repo,
        key=key,
        event=f"state:{int(raw['id'])}",  # notes are numbered apart
        field="status",
        field_original=state,
        before=_BEFORE.get(state, ""),
        after=to.meaning("issue_events.after", state, _AFTER),
        actor=person(raw.get("user"), repo, to),
    )
    if sha := raw.get("source_commit"):
        found = Link("closed_by", "commit", sha, "event_closed", 0.99)
        to.link(repo, (item, key if item == "issue" else key[1:]), found, happened_at=made)


def milestone(raw: Raw, to: Rows) -> None:
    """A milestone of a project, or of a group the project is in."""
    to.add(
        "milestones",
        happened_at=moment_of(raw["created_at"]),
        repo=place(raw, to),
        milestone=str(int(raw["id"])),
        kind="milestone",
        status=to.meaning("milestones.status", raw["state"], _MILESTONE),
        status_original=raw["state"],
        due_at=moment_of(raw.get("due_date")),
        changed_at=moment_of(raw.get("updated_at")),
    )


def account(raw: Raw, to: Rows) -> None:
    """An account, with the names and addresses it shows: they are one person."""
    username, private = raw["username"], account_address(raw, to)
    name = raw.get("name") or username
    shown = (private, raw.get("commit_email"), raw.get("public_email"), raw.get("email"))
    for address in dict.fromkeys(a for a in shown if a):
        to.person("", name, address, (username, private))
    to.person("", username, private)


def told_by(raw: Raw, repo: str) -> tuple[dict[str, Any], tuple[Link, ...]]:
    """What issues and merge requests have in common, and what their texts say of other things."""
    text = text_features(raw.get("description") or "")
    title_id, links = links_of_text(
        raw["title"], raw.get("description") or "", repo, base_of(raw, repo)
    )
    ticks = raw.get("task_completion_status") or {}
    within = raw.get("milestone")
    return {
        "happened_at": moment_of(raw["created_at"]),
        "status_original": raw["state"],
        "changed_at": moment_of(raw.get("updated_at")),
        "milestone": str(int(within["id"])) if within else None,
        "labels": labels_of(raw),
        "comments": raw.get("user_notes_count"),
        "title_id": title_id,
        "text_bytes": text.bytes,
        "tasks": ticks.get("count", text.tasks),
        "tasks_done": ticks.get("completed_count", text.tasks_done),
    }, links


def labels_of(raw: Raw) -> list[str]:
    """Names of labels, sorted."""
    found = (x["name"] if isinstance(x, dict) else str(x) for x in raw.get("labels") or ())
    return sorted(x for x in found if x)


def _resolution(raw: Raw, labels: Iterable[str]) -> tuple[str, str]:
    """How a closed issue ended, and what says so; GitLab itself tells only of copies and moves."""
    if (raw.get("_links") or {}).get("closed_as_duplicate_of"):
        return "duplicate", "closed_as_duplicate_of"
    if raw.get("moved_to_id"):
        return "other", "moved"
    for label in labels:
        if found := not_done(label.rpartition("::")[2]):
            return found, label
    return "done", ""


def _parent(raw: Raw) -> str | None:
    """The epic it belongs to, as commits name it."""
    number = (raw.get("epic") or {}).get("iid") or raw.get("epic_iid")
    return f"&{int(number)}" if number else None


def _spent(raw: Raw) -> dict[str, Any]:
    """Times that were told; without any, GitLab gives 0."""
    times = raw.get("time_stats") or {}
    minutes = (int(times.get(x) or 0) // 60 for x in ("time_estimate", "total_time_spent"))
    estimate, spent = (m or None for m in minutes)
    return {"estimate_minutes": estimate, "spent_minutes": spent}
