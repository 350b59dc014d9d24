"""What the words of Jira mean: statuses, resolutions, types, fields; and records that tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.texts.words import issue_kind, not_done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.facts.rows import Raw, Rows

#: Categories of statuses by key, and by the number they have on every server.
_CATEGORY = {
    "new": "open",
    "indeterminate": "in_progress",
    "done": "done",
    "2": "open",
    "4": "in_progress",
    "3": "done",
}

#: Statuses that every site has from the beginning, with the category that they begin with.
_SHIPPED = {
    ("1", "open"): "open",
    ("3", "in progress"): "in_progress",
    ("4", "reopened"): "open",
    ("5", "resolved"): "done",
    ("6", "closed"): "done",
}

_RESOLUTION = {
    "done": "done",
    "fixed": "done",
    "resolved": "done",
    "complete": "done",
    "completed": "done",
    "implemented": "done",
    "delivered": "done",
    "incomplete": "not_planned",
    "later": "not_planned",
    "auto closed": "not_planned",
}

#: Custom fields by what they are made with, and numbers and choices by how Jira itself calls them.
_MADE_WITH = {
    "com.pyxis.greenhopper.jira:jsw-story-points": "points",
    "com.pyxis.greenhopper.jira:gh-epic-link": "epic",
}
_CALLED = {
    ("number", "story points"): "points",
    ("number", "story point estimate"): "points",
    ("option", "severity"): "severity",
}


def field(raw: Raw, to: Rows) -> None:
    """A field of issues: those that hold story points, an epic or a severity are learned."""
    told = meaning_of_field(raw["name"], raw.get("schema") or {})
    if told:
        to.learn("field", str(raw["id"]), told)


def meaning_of_field(name: str, schema: Raw) -> str:
    """What a custom field holds, by its schema and name, if it is one of those that are read."""
    if not schema.get("custom"):
        return ""
    made = _MADE_WITH.get(schema["custom"], "")
    return made or _CALLED.get((schema.get("type", ""), name.strip().lower()), "")


def status(raw: Raw, to: Rows) -> None:
    """A status with its category; changes of issues name it by its id."""
    if found := category(raw):
        to.learn("status", str(raw["id"]), found)


def issue_type(raw: Raw, to: Rows) -> None:
    """A type of issues; its untranslated name is what is understood where the site speaks another language."""
    to.learn("type", str(raw["id"]), str(raw.get("untranslatedName") or raw["name"]))


def category(of_status: Raw) -> str:
    """The normalised category of a status; nothing where it has none."""
    told = of_status.get("statusCategory") or {}
    key = told.get("key")
    return _CATEGORY.get(str(key).lower() if key else str(told.get("id")), "")


def statuses_in(raw: Raw) -> dict[str, str]:
    """Categories of the statuses that an issue and those around it are in, by id."""
    fields = raw.get("fields") or {}
    links = fields.get("issuelinks") or ()
    around = [fields.get("parent"), *(fields.get("subtasks") or ())]
    around += [x.get(side) for x in links for side in ("inwardIssue", "outwardIssue")]
    found = [fields.get("status"), *(((x or {}).get("fields") or {}).get("status") for x in around)]
    return {str(s["id"]): known for s in found if s and "id" in s and (known := category(s))}


def category_of(number: object, name: str, around: Mapping[str, str], to: Rows) -> str:
    """The category of a status that is named only; nothing where nobody tells it."""
    told = to.learned("status", number) or around.get(str(number), "")
    return told or _SHIPPED.get((str(number), name.lower()), "")


def status_of(of_status: Raw, resolved: bool, to: Rows) -> str:
    """The status of an issue by its category; one without a category is done when it is resolved."""
    name = of_status["name"]
    known = category(of_status) or category_of(of_status.get("id"), name, {}, to)
    known = known or ("done" if resolved else "")
    return to.meaning("issues.status", name, {str(name).lower(): known} if known else {})


def resolution_of(name: str, status: str, to: Rows) -> tuple[str, str]:
    """How an issue was resolved, and the word that says so.

    A workflow may set no resolution, or the same for all: then the name of the status tells what was
    refused. One that is done without telling how was done.
    """
    found = not_done(name) or to.meaning("issues.resolution", name, _RESOLUTION)
    if found in {"", "done"} and (refused := not_done(status)):
        return refused, status
    return found or "done", name


def kind_of_issue(raw: Raw, to: Rows) -> tuple[str, str]:
    """The kind of an issue, by its level, its name, and the untranslated name of its type."""
    name, level = raw.get("name") or "", raw.get("hierarchyLevel")
    kind = issue_kind(name)["kind"]
    if isinstance(level, int) and level > 0:
        return "epic", name
    if kind in {"", "other"}:
        kind = issue_kind(to.learned("type", raw.get("id")) or name)["kind"]
    if kind in {"", "other"} and (raw.get("subtask") or level == -1):
        kind = "task"
    return kind, name
