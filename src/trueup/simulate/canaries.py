"""Plants given names wherever a person can appear, so that a leak can be searched for."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from trueup.simulate.gitwriter import SCRATCH, Commit
from trueup.simulate.messages import Wording
from trueup.simulate.people import Person

if TYPE_CHECKING:
    from trueup.simulate.world import World

# What git forbids in branch names, and what would end an address.
UNSAFE = re.compile(r"[\x00-\x20~^:?*\[\\<>]+|\.\.+|@\{")


def arrange(world: World) -> None:
    """Put commits, a branch and a tag for each canary into the queue."""
    count = len(world.scenario.canaries)
    for index, canary in enumerate(world.scenario.canaries):
        share = (index + 0.5) / count
        at = world.scenario.start + timedelta(hours=round(share * world.scenario.weeks * 168))
        world.queue.put(at, partial(_plant, world, canary, index))


def as_person(canary: str) -> Person:
    """The canary as somebody who signs: `Name <address>`, an address, or a bare word.

    >>> as_person("Zita Bird <zita@example.org>").email
    'zita@example.org'
    >>> as_person("kanarie").email
    'kanarie@example.org'
    """
    found = re.fullmatch(r"(.*?)\s*<([^<>]+)>", canary)
    if found:
        return Person(found[1] or found[2], found[2])
    name = canary.strip("<>")
    return Person(name, name if "@" in name else f"{UNSAFE.sub('.', name)}@example.org")


def _plant(world: World, canary: str, index: int, at: datetime) -> None:
    person = as_person(canary)
    author, lead = person.stamp(at), world.staff.lead(world.scenario.teams[0].name, 0)
    mine = Wording("Tidy the notes", (f"Talked this through with {canary}.",))
    own = _write(world, person, mine.signed(f"Signed-off-by: {person.trailer}"), at)
    named = Wording("Order the notes", (f"Reported by {canary}.",)).signed(
        f"Co-authored-by: {person.trailer}", f"Reviewed-by: {person.trailer}"
    )
    other = _write(world, lead, named, at)
    topic = world.writer.commit(
        SCRATCH,
        Commit(
            author=author,
            committer=author,
            message=f"Try something for {canary}\n",
            parents=(world.main.tip,),
        ),
    )
    world.writer.branch(f"{UNSAFE.sub('-', canary).strip('.-/')}/attempt-{index}", topic)
    world.writer.tag(f"thanks-{index}", own, author, f"Thanks to {canary}\n")
    for mark in (own, other, topic):
        world.book.plant("canary", mark, str(index))


def _write(world: World, person: Person, wording: Wording, at: datetime) -> int:
    number = world.codebase.numbers["README.md"]
    edits = [world.codebase.edit(world.main.tree, number, 1)]
    return world.push(person.stamp(at), wording.text(), edits)
