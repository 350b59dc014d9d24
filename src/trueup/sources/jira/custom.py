"""Fields that each site makes for itself, sprints among them, where it is known what they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.kernel.clock import moment_of
from trueup.sources.jira.words import meaning_of_field

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: A sprint as servers print it into a custom field.
_PRINTED = re.compile(r"\[(?:[^\[]*?,)?id=(\d+),.*?state=(\w+),.*?startDate=([^,\]]*)")
_SPRINT_STATES = {"future": "open", "active": "open", "closed": "done"}


def custom_fields(raw: Raw, to: Rows) -> dict[str, Any]:
    """What stands in fields that each site makes for itself, where it is known what they are."""
    fields = raw["fields"]
    epic = (fields.get("epic") or {}).get("key") or _one(_known("epic", raw, to), str)
    severity = _one(_known("severity", raw, to), dict)
    points = _one(_known("points", raw, to), int, float)
    return {
        "parent": (fields.get("parent") or {}).get("key") or epic,
        "milestone": _sprint(fields),
        "points": None if points is None else float(points),
        "severity": severity.get("value") if severity else None,
    }


def _known(what: str, raw: Raw, to: Rows) -> list[Any]:
    """Values of the fields that hold this, by the list of fields or by what stands beside the issue."""
    names, schemas = raw.get("names") or {}, raw.get("schema") or {}
    found = []
    for name, value in sorted(raw["fields"].items()):
        if value is not None and name.startswith("customfield_"):
            here = meaning_of_field(names.get(name) or "", schemas.get(name) or {})
            if (here or to.learned("field", name)) == what:
                found.append(value)
    return found


def _one(values: list[Any], *kinds: type) -> Any:
    """The value, where all are of these kinds and the same; fields that differ tell nothing."""
    fitting = all(isinstance(v, kinds) and not isinstance(v, bool) for v in values)
    return values[0] if values and fitting and all(v == values[0] for v in values) else None


def _sprint(fields: Raw) -> str | None:
    """The sprint it is in, or else the newest it was in; a field of sprints is known by what it holds."""
    found = [fields.get("sprint"), *(fields.get("closedSprints") or ())]
    for name, value in fields.items():
        if name.startswith("customfield_") and isinstance(value, list):
            found += [_printed(x) if isinstance(x, str) else x for x in value]
    sprints = [s for s in found if isinstance(s, dict) and _is_sprint(s)]
    newest = max(
        sprints,
        key=lambda s: (s["state"].lower() != "closed", str(s.get("startDate") or ""), int(s["id"])),
        default=None,
    )
    return str(newest["id"]) if newest else None


def _is_sprint(raw: Raw) -> bool:
    known = str(raw.get("state")).lower() in _SPRINT_STATES and str(raw.get("id")).isdigit()
    return known and bool({"boardId", "originBoardId", "printed"} & raw.keys())


def _printed(text: str) -> Raw | None:
    if not text.startswith("com.atlassian.greenhopper.service.sprint.Sprint@"):
        return None
    found = _PRINTED.search(text)
    names = ("id", "state", "startDate")
    return {"printed": True, **dict(zip(names, found.groups(), strict=True))} if found else None


def sprint(raw: Raw, to: Rows) -> None:
    """A sprint; of which project is known where that was asked for, else its board stands for it."""
    begun = moment_of(raw.get("startDate"))
    closed = moment_of(raw.get("completeDate"))
    to.add(
        "milestones",
        happened_at=begun or moment_of(raw.get("createdDate")),
        repo=str(to.about.get("place") or raw["originBoardId"]),
        milestone=str(int(raw["id"])),
        kind="sprint",
        status=to.meaning("milestones.status", raw["state"], _SPRINT_STATES),
        status_original=raw["state"],
        due_at=moment_of(raw.get("endDate")),
        closed_at=closed,
    )


def board(raw: Raw, _to: Rows) -> None:
    """A board; its sprints are listed with it."""
    int(raw["id"])


def has_sprints(raw: Raw) -> bool:
    """Whether a board has a list of sprints: others refuse to give one."""
    return raw.get("type") == "scrum"
