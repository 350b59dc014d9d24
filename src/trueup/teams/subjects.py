"""Everything one person is known by, for that person's own question."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trueup.facts import people
from trueup.teams.actors import merge

if TYPE_CHECKING:
    from trueup.facts.store import Snapshot


class Known(NamedTuple):
    """A name and address that somebody is known by, and where it was first seen."""

    identity: str
    name: str
    address: str
    repo: str


def known_as(snapshot: Snapshot, wanted: str) -> list[Known]:
    """All names and addresses of whoever has this address or account, merged ones among them."""
    rows = people.read(snapshot).to_pylist()
    told = [
        (r["identity"], r["name"], r["address"], r["proper_name"], r["proper_address"])
        for r in rows
    ]
    actors = {identity: actor for identity, (actor, _) in merge(told).items()}
    asked = wanted.strip().casefold()
    theirs = {
        actors[identity]
        for identity, *words in told
        if asked and asked in {word.casefold() for word in words}
    }
    found = {
        Known(r["identity"], r["name"], r["address"], r["repo"])
        for r in rows
        if actors[r["identity"]] in theirs
    }
    return sorted(found)
