"""Issues with what stands in them, and users."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import said
from trueup.kernel.clock import moment_of
from trueup.sources.jira.activity import comments_of, ends, histories_of, worklogs_of
from trueup.sources.jira.custom import custom_fields
from trueup.sources.jira.links import links_between
from trueup.sources.jira.places import KEY, features_of, learn_key, named, person, plain
from trueup.sources.jira.words import kind_of_issue, resolution_of, status_of, statuses_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows


#: Which fields tell a column, where an issue may come without them.
_FIELDS = {
    "creator": ("creator", "reporter"),
    "assignee": ("assignee",),
    "due_at": ("duedate",),
    "priority": ("priority",),
    "component": ("components",),
    "labels": ("labels",),
    "estimate_minutes": ("timeoriginalestimate", "timetracking"),
    "spent_minutes": ("timespent", "timetracking"),
}
#: A change and the resolution that it gave are stamped one after the other.
_TOGETHER = timedelta(seconds=1)


def issue(raw: Raw, to: Rows) -> None:
    """An issue, with the changes, comments and worklogs that stand in it."""
    fields, key = raw["fields"], raw["key"]
    place = named(key)
    learn_key(raw, to)
    categories = statuses_in(raw)
    histories_of(raw.get("changelog") or {}, place, categories, to)
    worklogs_of(fields.get("worklog") or {}, place, to)
    comments_of(fields.get("comment") or {}, place, to)
    made = moment_of(fields["created"])
    custom = custom_fields(raw, to)
    body = plain(fields.get("description"))
    title = (fields.get("summary") or "").replace("\0", "")
    title_id, links = said(title, body)
    to.add(
        "issues",
        happened_at=made,
        repo=place.repo,
        key=key,
        title_id=title_id if title else None,
        closed_by=_closer(raw, place.repo, to),
        **_state(raw, categories, to),
        **_told(_named(fields, place.repo, to), fields),
        **_text(fields),
        **custom,
    )
    for link in links:
        # Numbers mean nothing here, and what an issue says of others is no claim.
        if KEY.fullmatch(link.target) and link.target != key:
            told = link._replace(relation="mentions")
            to.link(place.repo, ("issue", key), told, happened_at=made)
    links_between(fields, custom["parent"], place, to)


def _state(raw: Raw, categories: Mapping[str, str], to: Rows) -> dict[str, Any]:
    fields = raw["fields"]
    kind, kind_original = kind_of_issue(fields.get("issuetype") or {}, to)
    resolution = (fields.get("resolution") or {}).get("name") or ""
    resolved = fields.get("resolutiondate")
    name = fields["status"]["name"]
    status = status_of(fields["status"], bool(resolution or resolved), to)
    done, ended = status == "done", status not in {"open", "in_progress"}
    how = resolution_of(resolution, name, to) if done else ("", resolution)
    return {
        "kind": kind,
        "kind_original": kind_original,
        "status": status,
        "status_original": name,
        "resolution": how[0],
        "resolution_original": how[1],
        "closed_at": _closed(raw, categories, to) if ended else None,
        "changed_at": moment_of(fields.get("updated")),
    }


def _closed(raw: Raw, categories: Mapping[str, str], to: Rows) -> datetime | None:
    """When it was closed last: a resolution that stays when it is opened again tells of the first time.

    The moment when the category of its status changed is that of a migration, where there was one: it
    counts only where nothing else is told.
    """
    fields = raw["fields"]
    resolved = moment_of(fields.get("resolutiondate"))
    if resolved is None:
        return moment_of(fields.get("statuscategorychangedate"))
    histories = (raw.get("changelog") or {}).get("histories") or ()
    ended = [h for h in histories if any(ends(item, categories, to) for item in h["items"])]
    made = [at for h in ended if (at := moment_of(h["created"])) and at - resolved > _TOGETHER]
    return max(made, default=resolved)


def _named(fields: Raw, repo: str, to: Rows) -> dict[str, Any]:
    times = fields.get("timetracking") or {}
    estimate = fields.get("timeoriginalestimate", times.get("originalEstimateSeconds"))
    spent = fields.get("timespent", times.get("timeSpentSeconds"))
    return {
        "creator": person(fields.get("creator") or fields.get("reporter"), repo, to),
        "assignee": person(fields.get("assignee"), repo, to),
        "due_at": moment_of(fields.get("duedate")),
        "priority": (fields.get("priority") or {}).get("name"),
        "component": next((c["name"] for c in fields.get("components") or ()), None),
        "labels": sorted(fields["labels"]) if fields.get("labels") is not None else None,
        "estimate_minutes": None if estimate is None else int(estimate) // 60,
        "spent_minutes": None if spent is None else int(spent) // 60,
    }


def _told(columns: dict[str, Any], fields: Raw) -> dict[str, Any]:
    """Columns whose fields were asked for: of the others nothing is known, and what was known stands."""
    return {
        column: value
        for column, value in columns.items()
        if any(name in fields for name in _FIELDS[column])
    }


def _text(fields: Raw) -> dict[str, Any]:
    told = (fields.get("comment") or {}).get("total")
    if "description" not in fields:
        return {"comments": told}
    text = features_of(fields["description"])
    return {"comments": told, **text.of_item()}


def _closer(raw: Raw, repo: str, to: Rows) -> str | None:
    """Who resolved it: the author of the change that gave it its resolution at that moment."""
    when = moment_of(raw["fields"].get("resolutiondate"))
    for history in (raw.get("changelog") or {}).get("histories") or ():
        resolves = any(i["field"] == "resolution" and i.get("to") for i in history["items"])
        made = moment_of(history["created"])
        if resolves and when and made and abs(made - when) < _TOGETHER:
            return person(history.get("author"), repo, to)
    return None


def user(raw: Raw, to: Rows) -> None:
    """An account with the name and address it shows."""
    person(raw, "", to)


def lacks(dotted: str) -> Callable[[Mapping[str, Any]], bool]:
    """Whether an issue does not hold all of such a list: `worklog` within its fields, for one."""
    outer, _, inner = dotted.rpartition(".")

    def lacking(raw: Raw) -> bool:
        found: Any = raw
        for name in outer.split("."):
            found = found.get(name) if isinstance(found, dict) else {}
        if not isinstance(found, dict):
            return True
        listed, total = found.get(inner), found.get("total")
        return not (isinstance(listed, list) and isinstance(total, int) and len(listed) >= total)

    return lacking
