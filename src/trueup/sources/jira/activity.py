"""What happened to issues: changes of fields, comments, time logged; within an issue or on their own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trueup.facts.texts.words import not_done
from trueup.kernel.clock import moment_of
from trueup.sources.jira.places import KEY, features_of, issue_of, person, place_of
from trueup.sources.jira.words import category_of, resolution_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.facts.rows import Raw, Rows
    from trueup.sources.jira.places import Place

_FIELD = {
    "status": "status",
    "assignee": "assignee",
    "labels": "label",
    "sprint": "milestone",
    "summary": "title",
    "issuetype": "type",
    "link": "link",
    "parent": "link",
    "epic link": "link",
    "epic child": "link",
    "remoteissuelink": "link",
    "issueparentassociation": "link",
}
#: Fields whose values are words of the site, not texts of people.
_WORDS = frozenset("status issuetype priority resolution labels".split())
#: Fields whose values are ids or keys: names of sprints and titles are texts.
_IDS = frozenset({"sprint"})


def history(raw: Raw, to: Rows) -> None:
    """Changes made to an issue at one time, from the list of its changes."""
    _history(raw, issue_of(raw, to), {}, to)


def histories_of(raw: Raw, place: Place, categories: Mapping[str, str], to: Rows) -> None:
    """The changes that stand in an issue."""
    for one in raw.get("histories") or ():
        _history(one, place, categories, to)


def _history(raw: Raw, place: Place, categories: Mapping[str, str], to: Rows) -> None:
    made = moment_of(raw["created"])
    actor = person(raw.get("author"), place.repo, to)
    seen: Counter[str] = Counter()
    for item in raw["items"]:
        name = item["field"]
        _moved(item, place, to)
        field = _FIELD.get(str(name).lower(), "other")
        seen[name] += 1
        # One change may touch a field several times: one version goes, another comes.
        nth = f":{seen[name]}" if seen[name] > 1 else ""
        after = _meaning(item, "to", field, categories, to)
        to.add(
            "issue_events",
            happened_at=made,
            repo=place.repo,
            key=place.key,
            event=f"{raw['id']}:{name}{nth}",
            field=field,
            field_original=name,
            before=_meaning(item, "from", field, categories, to),
            before_original=_original(item, "from"),
            after=after,
            after_original=_original(item, "to"),
            resolution=_resolution(raw, item, to) if field == "status" and after == "done" else "",
            actor=actor,
        )


def _resolution(raw: Raw, item: Raw, to: Rows) -> str:
    """How it was closed: by the resolution that came with the status, or by the name of the status."""
    given = (i for i in raw["items"] if str(i["field"]).lower() == "resolution")
    name = next((n for i in given if (n := i.get("toString"))), "")
    status = item.get("toString") or ""
    return resolution_of(name, status, to)[0] if name or not_done(status) else ""


def _moved(item: Raw, place: Place, to: Rows) -> None:
    """An issue that was moved to another project has a new key: under the old one there is nothing."""
    old = item.get("fromString") or ""
    known = KEY.fullmatch(place.key) and KEY.fullmatch(old)
    if item["field"] == "Key" and known and old != place.key:
        to.gone("issues", "moved to another project", repo=place_of(old).repo, key=old)


def _original(item: Raw, side: str) -> str | None:
    name = str(item["field"]).lower()
    if name in _WORDS:
        return item.get(f"{side}String")
    return item.get(side) if name in _IDS else None


def _meaning(item: Raw, side: str, field: str, categories: Mapping[str, str], to: Rows) -> str:
    """The category of a status, where the issue or the list of statuses tells it."""
    if field != "status":
        return ""
    name = item.get(f"{side}String") or ""
    known = category_of(item.get(side), name, categories, to)
    return to.meaning("issue_events.status", name, {name.lower(): known} if known else {})


def ends(item: Raw, categories: Mapping[str, str], to: Rows) -> bool:
    """Whether a change of a status ended the work, as far as both statuses are known."""
    if item["field"] != "status":
        return False
    before, after = (
        category_of(item.get(side), item.get(f"{side}String") or "", categories, to)
        for side in ("from", "to")
    )
    return after == "done" and before not in {"", "done"}


def worklog(raw: Raw, to: Rows) -> None:
    """Time logged on an issue, from the list of it."""
    _worklog(raw, issue_of(raw, to), to)


def worklogs_of(raw: Raw, place: Place, to: Rows) -> None:
    """The time logged that stands in an issue."""
    for one in raw.get("worklogs") or ():
        _worklog(one, place, to)


def _worklog(raw: Raw, place: Place, to: Rows) -> None:
    seconds = raw.get("timeSpentSeconds")
    to.add(
        "worklogs",
        happened_at=moment_of(raw["started"]),
        repo=place.repo,
        key=place.key,
        worklog=str(int(raw["id"])),
        author=person(raw.get("author"), place.repo, to),
        minutes=None if seconds is None else int(seconds) // 60,
        changed_at=moment_of(raw.get("updated")),
    )


def comment(raw: Raw, to: Rows) -> None:
    """A comment on an issue, from the list of them."""
    _comment(raw, issue_of(raw, to), to)


def comments_of(raw: Raw, place: Place, to: Rows) -> None:
    """The comments that stand in an issue."""
    for one in raw.get("comments") or ():
        _comment(one, place, to)


def _comment(raw: Raw, place: Place, to: Rows) -> None:
    text = features_of(raw.get("body"))
    to.add(
        "comments",
        happened_at=moment_of(raw["created"]),
        repo=place.repo,
        kind="discussion",
        comment=str(int(raw["id"])),
        key=place.key,
        author=person(raw.get("author"), place.repo, to),
        changed_at=moment_of(raw.get("updated")),
        **text.of_comment(),
    )
