"""How a piece of work gets from its author to the main line, in each style."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.simulate import messages
from trueup.simulate.content import Edit, Tree, applied, retouched
from trueup.simulate.gitwriter import SCRATCH, Commit
from trueup.simulate.messages import Wording
from trueup.simulate.people import FORGE
from trueup.simulate.planted import Review
from trueup.simulate.scenario import Style
from trueup.simulate.task import Landed, Task

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trueup.simulate.gitwriter import Stamp
    from trueup.simulate.world import World


@dataclass(frozen=True, slots=True)
class Arrival:
    """The commit on the main line that brought some work, with its author and message."""

    mark: int
    author: Stamp
    wording: Wording


@dataclass(frozen=True, slots=True)
class Opened:
    """Work that was begun: its commits on the topic branch, if it has one, and its edits."""

    task: Task
    topic: tuple[int, ...] = ()
    edits: tuple[Edit, ...] = ()


def start(world: World, task: Task, then: Callable[[Landed], None] | None = None) -> None:
    """Begin a piece of work; it lands when its time comes, and ``then`` is told.

    Work that would land after the end is not begun at all.
    """
    if task.lands is not None and task.lands >= world.scenario.end:
        return

    def land_it(at: datetime) -> None:
        world.pending.pop(task.number, None)
        landed = _land(world, opened, at)
        world.book.land(landed)
        world.codebase.adopt(task.team, landed.edits)
        if then is not None:
            then(landed)

    opened = _topic(world, task) if task.topic else Opened(task)
    if task.lands is not None:
        world.pending[task.number] = task
        world.queue.put(task.lands, land_it)


def edits_for(world: World, task: Task, tree: Tree) -> tuple[Edit, ...]:
    """What a piece of work changes in a tree."""
    if task.rework:
        return retouched(task.rework, world.codebase.ink.line, tree)
    present = [number for number in task.files if number in tree]
    edits = [world.codebase.edit(tree, number, task.size) for number in present]
    if task.creates:
        edits.append(world.codebase.creation(task.creates, task.size))
    return tuple(edits)


def _topic(world: World, task: Task) -> Opened:
    """Write the commits of a topic branch, and leave the branch if it stays."""
    tree = dict(world.main.tree)
    every: list[Edit] = []
    marks: list[int] = []
    parent, claim = world.main.tip, world.book.claim(task)
    for index in range(task.commits):
        edits = edits_for(world, task, tree) if index == 0 else _more(world, task, tree)
        wording = task.wording if index == 0 else messages.small_step(world.dice)
        at = task.opens + timedelta(minutes=7 * index)
        stamp = replace(task.signature, at=at)
        parent = world.writer.commit(
            SCRATCH,
            Commit(
                author=stamp,
                committer=stamp,
                message=wording.text(),
                parents=(parent,),
                changes=applied(tree, edits),
            ),
        )
        every.extend(edits)
        marks.append(parent)
        world.book.step(task, parent, wording.subject, at)
        if claim is not None and index == 0:
            claim.report(parent, "topic", "topic", at)
    if task.stays:
        world.writer.branch(task.topic, parent)
    if task.kind == "in_flight":
        world.book.plant("in_flight", parent)
    return Opened(task, tuple(marks), tuple(every))


def _more(world: World, task: Task, tree: Tree) -> tuple[Edit, ...]:
    """A later commit on a topic branch goes on in one of the files of the first."""
    present = [number for number in task.files if number in tree]
    return (world.codebase.edit(tree, world.dice.choice(present), 2),) if present else ()


def _land(world: World, opened: Opened, at: datetime) -> Landed:
    task = opened.task
    edits = opened.edits if opened.topic else edits_for(world, task, world.main.tree)
    arrived = replace(opened, edits=edits)
    parent = world.main.tip
    way = {
        Style.MERGE: _merged,
        Style.SQUASH: _squashed,
        Style.TRAILERS: _applied_by,
        Style.DIRECT: _pushed,
    }[task.style]
    arrival = way(world, arrived, at)
    claim = world.book.claim(task)
    if claim is not None:
        claim.landed_at = at
        claim.report(arrival.mark, "main", HOW[task.style], at)
    return Landed(
        task=task,
        edits=edits,
        topic=opened.topic,
        mark=arrival.mark,
        parent=parent,
        at=at,
        author=arrival.author,
        wording=arrival.wording,
    )


def _merged(world: World, opened: Opened, at: datetime) -> Arrival:
    task = opened.task
    source = f"{world.scenario.organisation}/{task.topic}"
    wording = Wording(
        f"Merge pull request #{task.pull} from {source}",
        (task.wording.subject,),
    )
    lander = task.looked.lander.stamp(at)
    local = world.dice.chance(0.2)
    commit = Commit(
        author=lander,
        committer=lander if local else FORGE.stamp(at),
        message=wording.text(),
        parents=(world.main.tip, opened.topic[-1]),
        changes=applied(world.main.tree, opened.edits),
    )
    world.main.tip = world.writer.commit(world.main.ref, commit)
    return Arrival(world.main.tip, lander, wording)


def _squashed(world: World, opened: Opened, at: datetime) -> Arrival:
    task = opened.task
    wording = task.wording.titled(f"{task.wording.subject} (#{task.pull})")
    if task.commits > 1:
        steps = "\n\n".join(
            f"* {messages.small_step(world.dice).subject}" for _ in range(task.commits - 1)
        )
        wording = replace(wording, body=(f"* {task.wording.subject}", *wording.body, steps))
    wording = _reviewed(wording, task)
    author = replace(task.signature, at=at)
    changes = applied(world.main.tree, opened.edits)
    mark = world.write(world.main, (author, FORGE.stamp(at)), wording.text(), changes)
    return Arrival(mark, author, wording)


def _applied_by(world: World, opened: Opened, at: datetime) -> Arrival:
    task = opened.task
    lander = task.looked.lander
    signer = task.accountable or task.author
    wording = _reviewed(task.wording.signed(f"Signed-off-by: {signer.trailer}"), task)
    if lander != signer:
        wording = wording.signed(f"Signed-off-by: {lander.trailer}")
    changes = applied(world.main.tree, opened.edits)
    stamps = (task.signature, lander.stamp(at))
    mark = world.write(world.main, stamps, wording.text(), changes)
    return Arrival(mark, task.signature, wording)


def _pushed(world: World, opened: Opened, at: datetime) -> Arrival:
    task = opened.task
    wording = _reviewed(task.wording, task)
    author: Stamp = replace(task.signature, at=task.opens)
    committer = replace(author, at=at) if task.involved != "agent" else task.looked.lander.stamp(at)
    changes = applied(world.main.tree, opened.edits)
    mark = world.write(world.main, (author, committer), wording.text(), changes)
    return Arrival(mark, author, wording)


def _reviewed(wording: Wording, task: Task) -> Wording:
    reviewer = task.looked.reviewer
    if task.looked.review is not Review.TRAILER or reviewer is None:
        return wording
    return wording.signed(f"Reviewed-by: {reviewer.trailer}")


HOW = {
    Style.MERGE: "merge",
    Style.SQUASH: "squash",
    Style.TRAILERS: "applied",
    Style.DIRECT: "commit",
}
