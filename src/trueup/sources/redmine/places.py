"""Where a record belongs, and who it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from trueup.facts.rows import OddRecordError

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: What an identifier that Redmine proposes does not hold.
_BETWEEN = re.compile(r"[^a-z0-9_]+")
_ASKED = re.compile(r"[?&]project_id=([^&]+)|/projects/([^/?]+)/")


def place(raw: Raw, to: Rows) -> str:
    """The project: as it was asked for; records do not hold its identifier.

    Else it is what Redmine proposes for that name, which most projects keep, so that files and an interface
    tell of the same one.
    """
    asked = _ASKED.search(to.asked)
    told = to.about.get("place") or (unquote(asked[1] or asked[2]) if asked else "")
    name = str(told) or name_of(raw, "project", needed=True)
    proposed = _BETWEEN.sub("-", name.lower()).strip("-") if name.isascii() and not told else ""
    return proposed or name


def name_of(raw: Raw, field: str, *, needed: bool = False) -> str:
    """The name of what a field refers to; nothing where there is none."""
    found = raw[field] if needed else raw.get(field)
    name = found["name"] if found else ""
    if not isinstance(name, str) or (needed and not name):
        raise OddRecordError(f"it does not say its {field}")
    return name


def key_of(raw: Raw) -> str:
    """The key of an issue, or of what refers to one."""
    return f"#{int(raw['id'])}"


def minutes(hours: Any) -> int | None:
    """Hours as whole minutes."""
    return None if hours is None else round(hours * 60)


def person(raw: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of a user; who was not logged in, or is deleted, is nobody."""
    if not raw or not raw.get("name") or raw["name"].lower() == "anonymous":
        return None
    return to.person(repo, raw["name"], address_of(raw))


def address_of(raw: Raw) -> str:
    """Stands for the number of a user: every server counts from 1, so it is told only with the name."""
    return f"noreply@user-{int(raw['id'])}.redmine"


def user(raw: Raw, to: Rows) -> None:
    """A user, with the address where it shows: most hide theirs from all but administrators."""
    name, own = f"{raw['firstname']} {raw['lastname']}", address_of(raw)
    if raw.get("mail"):
        to.person("", name, raw["mail"], (name, own))
    to.person("", name, own)
