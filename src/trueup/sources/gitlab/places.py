"""Where a record belongs, whom it names, and how accounts are addressed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from trueup.facts.rows import OddRecordError, needed

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_ASKED = re.compile(r"/projects/(?P<project>[^/?]+)(?:/(?P<of>[a-z_]+)/(?P<number>\d+))?")
_ROOT = re.compile(r"https?://[^/]+/(.*?)/?api/v4/")
#: The path of a project in the address of something in it; older ones have no `/-/`.
_PAGE = re.compile(
    r"https?://[^/]+/(.+?)(?:/-)?/"
    r"(?:issues|work_items|merge_requests|pipelines|jobs|milestones|releases|commit)/"
)
_GHOST = re.compile(r"ghost\d*")


def place(raw: Raw, to: Rows) -> str:
    """The project a record belongs to: as it was asked for, or as the record names it, or its id."""
    told = to.about.get("place")
    if isinstance(told, str) and told:
        return told
    asked = _ASKED.search(to.asked)
    project = unquote(asked["project"]) if asked else ""
    if project and not project.isdigit():
        return project
    named = place_named(raw, to.asked) or str(raw.get("project_id") or project)
    return needed(named, "its project")


def place_named(raw: Raw, asked: str = "") -> str:
    """The path of the project a record names as its own, without that of the instance where it shows."""
    if full := (raw.get("references") or {}).get("full"):
        return str(re.split(r"[#!]", full)[0])
    links = raw.get("_links") or {}
    told = (raw.get("web_url"), links.get("self"), (raw.get("deployable") or {}).get("web_url"))
    found = next((m[1] for t in told if (m := _PAGE.match(t or ""))), "")
    root = _ROOT.match(asked) or _ROOT.match(links.get("self") or "")
    path = found.removeprefix(f"{root[1]}/") if root and root[1] else found
    # Milestones of groups belong to no project, and only the request tells for which they were read.
    return "" if path.startswith(("groups/", "api/")) else path


def number_of(raw: Raw, to: Rows, field: str = "") -> str:
    """The number of the issue or merge request a record belongs to, by its field or what was asked."""
    asked = _ASKED.search(to.asked)
    told = (raw.get(field) if field else "") or (asked["number"] if asked else "")
    told = told or to.about.get("number") or to.about.get("Iid")
    return needed(str(told or ""), "what it is about")


def item_of(kind: str, number: str) -> tuple[str, str]:
    """How commits name an issue or merge request, and the kind of item it is."""
    of = {"Issue": ("#", "issue"), "WorkItem": ("#", "issue"), "MergeRequest": ("!", "request")}
    if kind not in of:
        raise OddRecordError("it is about neither an issue nor a merge request")
    sign, item = of[kind]
    return f"{sign}{int(number)}", item


def person(raw: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of an account; the ghost that stands for deleted ones is nobody."""
    username = (raw or {}).get("username")
    if raw is None or not username:
        return None
    if _GHOST.fullmatch(username) and raw.get("name") == "Ghost User":
        return None
    return to.person(repo, username, account_address(raw, to))


def account_address(raw: Raw, to: Rows) -> str:
    """The private address an instance gives to an account; commits made there may carry it.

    Nothing where neither the account nor the request tells of which instance it is.
    """
    host = urlsplit(raw.get("web_url") or to.asked).hostname or ""
    known = host and raw.get("id")
    return f"{int(raw['id'])}-{raw['username'].lower()}@users.noreply.{host}" if known else ""


def base_of(raw: Raw, repo: str) -> str:
    """What stands before the path of a project in addresses of this instance, where it shows."""
    before, found, _ = (raw.get("web_url") or "").partition(f"/{repo}/")
    return before if found else ""
