"""Where a record belongs, and whom it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from trueup.facts.rows import needed

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_ORGANISATION = re.compile(r"https://dev\.azure\.com/([^/]+)/")
_ASKED = re.compile(
    r"/(?P<project>[^/]+)/_apis/git/repositories/(?P<name>[^/]+)/pullRequests/(?P<number>\d+)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\s*(?P<name>.*?)\s*<(?P<address>[^<>]+)>\s*")


def organisation(raw: Raw, to: Rows) -> str:
    """The organisation or collection: of the place that was asked, or by the addresses of the record."""
    if place := str(to.about.get("place") or ""):
        return place.partition("/")[0]
    told = (to.asked, raw.get("url"))
    return next((m[1] for x in told if (m := _ORGANISATION.match(x or ""))), "")


def joined(*parts: str) -> str:
    """A place from its parts; the organisation is not always known."""
    return "/".join(part for part in parts if part)


def repository(raw: Raw, to: Rows) -> tuple[str, str]:
    """The repository of a pull request or of what belongs to one, and the number of that."""
    asked = _ASKED.search(to.asked)
    number = asked["number"] if asked else ""
    number = number or str(to.about.get("number") or to.about.get("AzuredevopsId") or "")
    if place := to.about.get("place"):
        return str(place), number
    if told := raw.get("repository"):
        found = joined(organisation(raw, to), told["project"]["name"], told["name"])
        to.learn("repository", told["id"], found)
        return found, number
    name = unquote(asked["name"]) if asked else str(to.about.get("RepositoryId") or "")
    known = to.learned("repository", name)  # it may have been asked for by its id
    named = joined(organisation(raw, to), unquote(asked["project"]), name) if asked else ""
    return needed(known or named, "its repository"), number


def built(told: Raw, project: str, to: Rows) -> str:
    """The repository that was built: one of its own or of a forge; of others the project is what is known."""
    if told.get("type") in {"GitHub", "GitHubEnterprise", "Bitbucket"}:
        return needed(told.get("id"), "its repository")
    if told.get("type") != "TfsGit":
        return project
    found = f"{project}/{needed(told.get('name'), 'its repository')}"
    place = str(to.about.get("place") or "")
    return place if unquote(spelled(place)).lower() == found.lower() else found


def branch(name: str | None) -> str | None:
    """A branch or tag as people call it."""
    return (name or "").removeprefix("refs/heads/").removeprefix("refs/tags/") or None


def person(raw: Raw | str | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of an account; services of Azure DevOps itself are nobody."""
    raw = {"uniqueName": raw} if isinstance(raw, str) else raw or {}
    name, address = raw.get("displayName") or "", raw.get("uniqueName") or ""
    if both := _NAMED.fullmatch(address):
        name, address = name or both["name"], both["address"]
    service = str(raw.get("descriptor") or "").startswith(("s2s.", "svc."))
    if service or address.lower().startswith(("build\\", "00000002-0000-8888-8000")):
        return None
    if not name and not address:
        return None
    # Servers of one's own tell the name of an account in a domain, which is no address.
    known = address if "@" in address else f"{address or name}@azuredevops.invalid".lower()
    return to.person(repo, name or address, known)


def spelled(place: str) -> str:
    """A place as it stands in a path; a repository that is called as its project may be told without it.

    >>> spelled("acme/Shop/app"), spelled("acme/app"), spelled("acme/My Shop/app"), spelled("acme/My%20Shop/app")
    ('acme/Shop/app', 'acme/app/app', 'acme/My%20Shop/app', 'acme/My%20Shop/app')
    """
    parts = place.strip("/").split("/")
    parts = [*parts, parts[-1]] if len(parts) == 2 else parts
    return "/".join(quote(unquote(part), safe="") for part in parts)
