"""Issues, versions, and time spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import said, text_features
from trueup.facts.texts.message import Link
from trueup.facts.texts.words import issue_kind
from trueup.kernel.clock import moment_of
from trueup.sources.redmine.history import journals, status_of
from trueup.sources.redmine.places import key_of, minutes, name_of, person, place
from trueup.sources.redmine.words import refused, resolution_of

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_VERSION = {"open": "open", "locked": "open", "closed": "done"}
_RELATION = {
    "relates": "relates",
    "duplicates": "duplicates",
    "blocks": "blocks",
    "precedes": "relates",
    "copied_to": "relates",
}


def issue(raw: Raw, to: Rows) -> None:
    """An issue, and its history where the record holds it."""
    repo, key, made = place(raw, to), key_of(raw), moment_of(raw["created_on"])
    text = raw.get("description") or ""
    looked = text_features(text)
    title_id, links = said(raw["subject"], text, slug=repo)
    relations = _relations(raw, to)
    to.add(
        "issues",
        happened_at=made,
        repo=repo,
        key=key,
        **issue_kind(name_of(raw, "tracker")),
        creator=person(raw.get("author"), repo, to),
        assignee=person(raw.get("assigned_to"), repo, to),
        title_id=title_id,
        **looked.of_item(),
        **_state(raw, relations, to),
        **_plan(raw),
    )
    for link in relations:
        to.link(repo, ("issue", key), link, happened_at=None)  # it does not say since when
    to.mentions(repo, key, links, happened_at=made)
    if raw.get("journals") is not None:
        journals(raw, to)


def _state(raw: Raw, relations: list[Link], to: Rows) -> dict[str, Any]:
    """Whether it is done, and how; Redmine has no field for the latter."""
    status, name = status_of(raw["status"], to), raw["status"]["name"]
    done = status == "done"
    if done and not resolution_of(name):
        to.remark("issues closed with a status of an unknown name, which are taken as done")
    how = (why, name) if (why := refused(name)) else ("done", "")
    if any(x.relation == "duplicates" for x in relations):
        how = ("duplicate", "duplicates")
    resolution, resolution_original = how if done else ("", "")
    return {
        "status": status,
        "status_original": name,
        "resolution": resolution,
        "resolution_original": resolution_original,
        # An issue keeps the moment when it is opened again.
        "closed_at": moment_of(raw.get("closed_on")) if done else None,
        "changed_at": moment_of(raw.get("updated_on")),
    }


def _plan(raw: Raw) -> dict[str, Any]:
    # Time spent is left to the time entries: an issue does not change by it, and would tell an old sum.
    version_, parent = raw.get("fixed_version"), raw.get("parent")
    return {
        "due_at": moment_of(raw.get("due_date")),
        "parent": key_of(parent) if parent else None,
        "milestone": str(int(version_["id"])) if version_ else None,
        "priority": name_of(raw, "priority") or None,
        "component": name_of(raw, "category") or None,
        "estimate_minutes": minutes(raw.get("estimated_hours")),
    }


def _relations(raw: Raw, to: Rows) -> list[Link]:
    """Relations as the issue they begin at tells them; the other one tells them too."""
    found = []
    for one in raw.get("relations") or ():
        if one["issue_id"] == raw["id"]:
            original = one["relation_type"]
            relation = to.meaning("item_links.relation", original, _RELATION)
            relation = "relates" if relation == "other" else relation
            target = f"#{int(one['issue_to_id'])}"
            found.append(Link(relation, "issue", target, f"relation_{original}", 0.99))
    return found


def version(raw: Raw, to: Rows) -> None:
    """A version, which is the milestone of Redmine."""
    to.add(
        "milestones",
        happened_at=moment_of(raw.get("created_on")),
        repo=place(raw, to),
        milestone=str(int(raw["id"])),
        kind="milestone",
        status=to.meaning("milestones.status", raw["status"], _VERSION),
        status_original=raw["status"],
        due_at=moment_of(raw.get("due_date")),
        changed_at=moment_of(raw.get("updated_on")),
    )


def time_entry(raw: Raw, to: Rows) -> None:
    """Time spent on an issue; what was spent on the project at large belongs to none."""
    hours = raw["hours"]
    if not raw.get("issue"):
        return
    repo = place(raw, to)
    to.add(
        "worklogs",
        happened_at=moment_of(raw["spent_on"]),
        repo=repo,
        key=key_of(raw["issue"]),
        worklog=str(int(raw["id"])),
        author=person(raw.get("user"), repo, to),
        minutes=minutes(hours),
        changed_at=moment_of(raw.get("updated_on")),
    )
