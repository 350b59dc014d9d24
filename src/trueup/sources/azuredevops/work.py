"""Work items and iterations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.facts.texts.message import subject_id
from trueup.facts.texts.words import issue_kind, not_done
from trueup.kernel.clock import moment_of
from trueup.sources.azuredevops.places import joined, organisation, person

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_CATEGORY = {"proposed": "open", "inprogress": "in_progress", "resolved": "in_progress"} | dict.fromkeys(
    ("completed", "removed"), "done"
)  # fmt: skip
#: The categories of the states that come with Azure DevOps, where its types were not read.
_STATES = (
    dict.fromkeys(("new", "to do", "proposed", "approved"), "Proposed")
    | dict.fromkeys(("active", "doing", "in progress", "committed"), "InProgress")
    | dict.fromkeys(("done", "closed", "completed"), "Completed")
)
#: The reasons that come with Azure DevOps; of others it does not show whether they mean that it was done.
_REASONS = (
    dict.fromkeys(
        (
            "as designed", "cut", "deferred", "obsolete", "overtaken by events", "abandoned", "copied to backlog",
            "moved to backlog", "removed from the backlog", "removed", "out of scope", "not fixed", "split",
            "no longer needed",
        ),
        "not_planned",
    )
    | dict.fromkeys(
        (
            "acceptance tests pass", "accepted", "closed", "code complete and unit tests pass", "completed", "done",
            "fixed", "fixed and verified", "implemented", "resolved", "validation test passed", "verified",
            "work finished",
        ),
        "done",
    )
)  # fmt: skip
#: Newer processes have no other reason.
_MOVED = re.compile(r"moved to state .*", re.IGNORECASE)
_KINDS = {name: {"kind": "feature"} for name in ("product backlog item", "requirement")}
_COMMON, _SCHEDULING = "Microsoft.VSTS.Common.", "Microsoft.VSTS.Scheduling."


def work_item_type(raw: Raw, to: Rows) -> None:
    """A type of work items: what its states stand for."""
    for state in raw["states"]:
        to.learn("state", f"{raw['name']}/{state['name']}", state["category"])


def work_item(raw: Raw, to: Rows) -> None:
    """A work item as it was after one of its changes; the last one holds."""
    fields, key = raw["fields"], f"#{int(raw['id'])}"
    repo = joined(organisation(raw, to), fields["System.TeamProject"])
    if fields.get("System.IsDeleted"):
        to.gone("issues", "deleted", repo=repo, key=key)
        return
    typed, state = fields["System.WorkItemType"], fields["System.State"]
    category = to.learned("state", f"{typed}/{state}") or _STATES.get(state.lower(), state)
    status = to.meaning("issues.status", category, _CATEGORY)
    ended = _ended(fields, category, repo, to) if status == "done" else {"resolution": ""}
    changed, turned = (moment_of(fields.get(x)) for x in ("System.ChangedDate", _COMMON + "StateChangeDate"))  # fmt: skip
    to.add(
        "issues",
        happened_at=moment_of(fields["System.CreatedDate"]),
        repo=repo,
        key=key,
        **issue_kind(typed) | _KINDS.get(typed.lower(), {}),
        status=status,
        status_original=state,
        **ended,
        creator=person(fields.get("System.CreatedBy"), repo, to),
        assignee=person(fields.get("System.AssignedTo"), repo, to),
        changed_at=changed,
        title_id=subject_id(fields["System.Title"]),
        **_plan(fields),
    )
    if raw["rev"] > 1 and turned and turned == changed:
        to.add(
            "issue_events",
            happened_at=turned,
            repo=repo,
            key=key,
            event=f"{int(raw['id'])}:{int(raw['rev'])}",
            field="status",
            field_original="System.State",
            after=status,
            after_original=state,
            resolution=ended["resolution"],
            actor=person(fields.get("System.ChangedBy"), repo, to),
        )


def _ended(fields: Raw, category: str, repo: str, to: Rows) -> dict[str, Any]:
    """How, when and by whom it was closed."""
    told = fields.get(_COMMON + "ResolvedReason") or fields.get("System.Reason") or ""
    closed = fields.get(_COMMON + "ClosedDate") or fields.get(_COMMON + "StateChangeDate")
    return {
        "resolution": _resolution(told, category, to),
        "resolution_original": told,
        "closed_at": moment_of(closed),
        "closed_by": person(fields.get(_COMMON + "ClosedBy"), repo, to),
    }


def _resolution(told: str, category: str, to: Rows) -> str:
    if found := not_done(told):
        return found
    if category.lower() == "removed":
        return "not_planned"
    if not told or _MOVED.fullmatch(told):
        return "done"
    return to.meaning("issues.resolution", told, _REASONS)


def _plan(fields: Raw) -> dict[str, Any]:
    """What was planned. Estimates of work have no unit: a project may count them in hours or days."""
    points = (fields.get(_SCHEDULING + x) for x in ("StoryPoints", "Effort", "Size"))
    due = fields.get(_SCHEDULING + "DueDate") or fields.get(_SCHEDULING + "TargetDate")
    priority, parent = fields.get(_COMMON + "Priority"), fields.get("System.Parent")
    return {
        "due_at": moment_of(due),
        "parent": f"#{int(parent)}" if parent else None,
        "milestone": _iteration(fields.get("System.IterationPath") or ""),
        "priority": None if priority is None else str(priority),
        "severity": fields.get(_COMMON + "Severity"),
        "component": (fields.get("System.AreaPath") or "").partition("\\")[2] or None,
        "points": next((x for x in points if x is not None), None),
        "labels": sorted(
            t for x in (fields.get("System.Tags") or "").split(";") if (t := x.strip())
        ),
        "comments": fields.get("System.CommentCount"),
    }


def iteration(raw: Raw, to: Rows) -> None:
    """An iteration and those below it; what has no dates only holds others."""
    _, project, root, *below = raw["path"].split("\\")
    if raw["structureType"] != "iteration" or not root:
        raise OddRecordError("it is no iteration")
    dates = raw.get("attributes") or {}
    if below:
        to.add(
            "milestones",
            happened_at=moment_of(dates.get("startDate")),
            repo=joined(organisation(raw, to), project),
            milestone=_iteration("\\".join((project, *below))),
            kind="sprint" if dates.get("startDate") else "milestone",
            due_at=moment_of(dates.get("finishDate")),
        )
    for one in raw.get("children") or ():
        iteration(one, to)


def _iteration(path: str) -> str | None:
    """Stands for an iteration: work items name it by its path, which people wrote."""
    return subject_id(path) if "\\" in path else None
