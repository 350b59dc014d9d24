"""What issues are linked with: each other, and what other tools tell of commits, branches and requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from trueup.facts.addresses import shown_at
from trueup.facts.texts.message import Link
from trueup.sources.jira.places import KEY, issue_of

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows
    from trueup.sources.jira.places import Place

#: Which of two issues a link of a type, or the words for it, leads from; `-` turns it round.
_RELATIONS = {
    "blocks": "blocks",
    "is blocked by": "-blocks",
    "depends on": "-blocks",
    "requires": "-blocks",
    "is required by": "blocks",
    "is depended on by": "blocks",
    "is depended upon by": "blocks",
    "duplicates": "duplicates",
    "is duplicated by": "-duplicates",
    "is parent of": "-parent",
    "is a parent of": "-parent",
    "is child of": "parent",
    "is a child of": "parent",
}
#: Types by their name, for sites that speak another language.
_TYPES = {"blocks": "blocks", "duplicate": "duplicates"}


def links_between(fields: Raw, parent: str | None, place: Place, to: Rows) -> None:
    """What an issue says of others: links, and its parent."""
    for raw in fields.get("issuelinks") or ():
        for side, way in (("outwardIssue", "outward"), ("inwardIssue", "inward")):
            if other := (raw.get(side) or {}).get("key"):
                turned, relation = _relation(raw["type"], way)
                one, two = (other, place.key) if turned else (place.key, other)
                _link(one, relation, two, "issue_link", to)
    if parent:
        _link(place.key, "parent", parent, "parent", to)


def _relation(kind: Raw, way: str) -> tuple[bool, str]:
    """How two issues are linked, and whether the link leads from the other to this one."""
    inward = way == "inward"
    found = _RELATIONS.get(str(kind.get(way) or "").lower())
    if found is None:
        return inward, _TYPES.get(str(kind.get("name") or "").lower(), "relates")
    return found.startswith("-"), found.strip("-")


def _link(one: str, relation: str, two: str, how: str, to: Rows) -> None:
    # When they were linked is not told; both issues tell of it.
    found = Link(relation, "issue", two, how, 0.99)
    to.link(one.rpartition("-")[0], ("issue", one), found, happened_at=None)


_BROWSED = re.compile(rf"/browse/({KEY.pattern})/?\Z")


def target_of(address: str) -> tuple[str, str] | None:
    """What an address of a forge or tracker shows, and what it is called; nothing where that is not clear.

    >>> target_of("https://jira.example/browse/SHOP-3")
    ('issue', 'SHOP-3')
    """
    found = _BROWSED.search(unquote(urlsplit(address).path))
    return ("issue", found[1]) if found else shown_at(address)


def remote_link(raw: Raw, to: Rows) -> None:
    """A page elsewhere that an issue links to; what shows a commit, request or issue is kept."""
    place = issue_of(raw, to)
    found = target_of(raw["object"]["url"])
    # What looks like a branch may be a folder on one.
    if found and found[0] != "branch":
        link = Link("mentions", *found, "remote_link", 0.95)
        to.link(place.repo, ("issue", place.key), link, happened_at=None)


def development_panel(raw: Raw, to: Rows) -> None:
    """What forges told Jira of commits, branches and requests that name an issue."""
    place = issue_of(raw, to)
    for told in raw["detail"]:
        for repository in told.get("repositories") or ():
            for commit in repository.get("commits") or ():
                _panel(place, ("commit", commit["id"]), to)
        for request in told.get("pullRequests") or ():
            _panel(place, target_of(request["url"]), to)
        for branch in told.get("branches") or ():
            # Its last commit may be the one that it began with: no link to that.
            shown = target_of(branch["url"])
            if shown and shown[0] == "branch":
                called = f"{shown[1].partition(':')[0]}:{branch['name']}"
                _panel(place, ("branch", called), to)


def _panel(place: Place, found: tuple[str, str] | None, to: Rows) -> None:
    if found:
        link = Link("mentions", *found, "development_panel", 0.95)
        to.link(place.repo, ("issue", place.key), link, happened_at=None)
