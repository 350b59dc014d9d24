"""Release branches, tags with their notes, and backports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from trueup.simulate.content import Edit, Hunk, Tree, applied
from trueup.simulate.housekeeping import CHANGELOG, VERSION
from trueup.simulate.notes import Note, Notes
from trueup.simulate.planted import Outcome
from trueup.simulate.world import Branch

if TYPE_CHECKING:
    from trueup.simulate.people import Person
    from trueup.simulate.task import Landed
    from trueup.simulate.world import World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Section = tuple[str, list[Note]]


@dataclass(slots=True)
class Series:
    """One release branch while it is looked after."""

    minor: int
    cut_at: datetime
    branch: Branch
    patch: int = 0
    ported: list[Landed] = field(default_factory=list)

    @property
    def version(self) -> str:
        """The version of its latest release."""
        return f"1.{self.minor}.{self.patch}"


class Releases:
    """Cuts releases, writes their notes and ports fixes back."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.dice.child("releases")
        self._notes = Notes(world)
        self._series: Series | None = None
        self._forward: list[Section] = []
        self._ports = 0

    def arrange(self) -> None:
        """Put all releases into the queue."""
        cuts = self._cuts()
        for minor, at in enumerate(cuts, 1):
            # Nothing can be announced too early when there is no later tag to hold it.
            following = cuts[minor] if minor < len(cuts) else at
            self._world.queue.put(at, partial(self._cut, minor, following))

    def port(self, landed: Landed) -> None:
        """Plan a backport of work to the newest release branch that lacks it."""
        delay = self._dice.span(DAY, 12 * DAY)
        self._world.queue.put(landed.at + delay, partial(self._port, landed))

    def _cuts(self) -> list[datetime]:
        scenario = self._world.scenario
        step = scenario.release_weeks
        weeks = range(step, scenario.weeks, step) if step else ()
        cuts = [scenario.start + timedelta(weeks=week, hours=14) for week in weeks]
        return [cut for cut in cuts if cut < scenario.end - DAY]

    def _manager(self, at: datetime) -> Person:
        scenario = self._world.scenario
        return self._world.staff.lead(scenario.teams[0].name, scenario.week_of(at))

    def _cut(self, minor: int, following: datetime, at: datetime) -> None:
        world, tag = self._world, f"v1.{minor}.0"
        notes = self._notes.fresh(tag)
        notes += self._notes.untrue(tag, at, following, len(notes))
        sections = [(tag[1:], notes), *reversed(self._forward)]
        self._forward = []
        edits = [_notes_edit(world, world.main.tree, at, sections)]
        stamp = self._manager(at).stamp(at)
        mark = world.push(stamp, f"Prepare release {tag[1:]}\n", edits)
        for _, entries in sections:
            for note in entries:
                note.draft.report(mark, "main", "changelog", at)
        branch = Branch(f"refs/heads/release/1.{minor}", mark, dict(world.main.tree))
        self._series = Series(minor, at, branch)
        released = self._tag(self._series, at + HOUR, notes, [])
        self._notes.catch_up(tag, at + HOUR, released)
        for weeks in (3, 6):
            world.queue.put(at + timedelta(weeks=weeks), partial(self._patch, self._series))

    def _patch(self, series: Series, at: datetime) -> None:
        """A patch release, if the series is still the newest and something was ported."""
        if series is not self._series or not series.ported:
            return
        series.patch += 1
        notes = self._notes.about(series.ported, f"v{series.version}")
        series.ported = []
        section = (series.version, notes)
        edits = [_notes_edit(self._world, series.branch.tree, at, [section])]
        mark = self._tag(series, at, notes, edits)
        for note in notes:
            note.draft.report(mark, "release", "changelog", at)
        self._forward.append(section)

    def _tag(self, series: Series, at: datetime, notes: list[Note], edits: list[Edit]) -> int:
        """The last commit of a release on its branch, and the tag on it."""
        world, name, branch = self._world, f"v{series.version}", series.branch
        stamp = self._manager(at).stamp(at)
        edits = [*edits, _version_edit(world, branch.tree, series.version)]
        changes = applied(branch.tree, edits)
        subject = f"Release {series.version}\n"
        mark = world.write(branch, (stamp, stamp), subject, changes)
        thanks = world.scenario.canaries and f"\nThanks to {', '.join(world.scenario.canaries)}\n"
        world.writer.tag(
            name, mark, stamp, f"{world.scenario.name} {series.version}\n{thanks or ''}"
        )
        world.book.tags[name] = mark
        for note in notes:
            note.draft.landed_at = None if note.draft.outcome is Outcome.RELEASE_ABSENT else at
        return mark

    def _port(self, landed: Landed, at: datetime) -> None:
        """Cherry-pick work to the release branch, with or without saying so."""
        world, series = self._world, self._series
        if series is None or series.cut_at > landed.at or landed.mark in world.book.reverted:
            return
        tree = series.branch.tree
        edits = [edit for edit in landed.edits if edit.made is not None or edit.file in tree]
        changes = applied(tree, edits)
        if not changes:
            return
        origin, author, wording = landed.origin
        # The first says so and the second does not, so that both occur.
        self._ports += 1
        marked = self._ports == 1 or (self._ports > 2 and self._dice.chance(0.6))
        if marked:
            wording = wording.signed(f"(cherry picked from commit {world.writer.sha(origin)})")
        stamps = (author, self._manager(at).stamp(at))
        mark = world.write(series.branch, stamps, wording.text(), changes)
        how = "backport" if marked else "backport_unmarked"
        claim = world.book.by_task[landed.task.number]
        claim.lookalikes += (how,)
        claim.report(mark, "release", how, at)
        world.book.plant(how, mark, claim.id)
        series.ported.append(landed)


def _notes_edit(world: World, tree: Tree, at: datetime, sections: list[Section]) -> Edit:
    """New sections of the change log, below its head."""
    number = world.codebase.numbers[CHANGELOG]
    text: list[str] = []
    for version, notes in sections:
        text += [f"## [{version}] - {at.date().isoformat()}", ""]
        text += [*(note.text for note in notes), ""] if notes else ["Nothing to tell.", ""]
    added = tuple(world.codebase.ink.given(line) for line in text)
    return Edit(number, (Hunk(tree[number].lines[3][0], (), added),))


def _version_edit(world: World, tree: Tree, version: str) -> Edit:
    number = world.codebase.numbers[VERSION]
    line = world.codebase.ink.given(version)
    return Edit(number, (Hunk(0, tree[number].lines, (line,)),))
