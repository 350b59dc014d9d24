"""What a repository is called in the facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.facts.addresses import slug_of
from trueup.sources.git.repository import remote_url

if TYPE_CHECKING:
    from trueup.facts.snapshot import Snapshot
    from trueup.sources.git.repository import Repository

_FORGES = ("github", "gitlab", "bitbucket", "gitea", "codeberg", "gerrit")


def repository_id(repository: Repository, snapshot: Snapshot, source: str) -> str:
    """`owner/name` of its remote, or the name of its folder; told apart when two are alike."""
    name = slug_of(remote_url(repository)) or _folder(repository)
    origin = str(repository.common_dir)
    taken = {r.subject: r.origin for r in snapshot.records if r.source == source}
    candidate, number = name, 2
    while candidate in taken and taken[candidate] != origin:
        candidate, number = f"{name}~{number}", number + 1
    return candidate


def host_of(url: str) -> str:
    """The host of a remote address, or nothing.

    >>> host_of("git@github.com:acme/x.git"), host_of("https://git.example:8443/acme/x"), host_of("/srv/x")
    ('github.com', 'git.example', '')
    """
    match = re.match(r"(?:\w[\w+.-]*://(?:[^/@]*@)?|[\w.-]+@)([\w.-]+)", url)
    return match[1].lower() if match else ""


def forge_of(url: str) -> str:
    """The kind of forge a remote address points to, if it shows."""
    return next((name for name in _FORGES if name in url.lower()), "")


def _folder(repository: Repository) -> str:
    place = repository.common_dir
    if place.name == ".git":
        place = place.parent
    name = place.name.removesuffix(".git") or "repository"
    return name.encode("utf-8", "replace").decode()
