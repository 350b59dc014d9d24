"""What happens to work after it landed: reverts, second fixes, follow-ups, mentions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from trueup.simulate import messages
from trueup.simulate.landing import start
from trueup.simulate.looking import looked_at
from trueup.simulate.messages import Wording
from trueup.simulate.planted import Outcome
from trueup.simulate.promises import DAY
from trueup.simulate.scenario import Style
from trueup.simulate.task import Landed, Task

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trueup.simulate.content import Edit
    from trueup.simulate.people import Person
    from trueup.simulate.undoing import Undo
    from trueup.simulate.world import World

LEAD = timedelta(hours=20)  # between opening and landing of work that follows other work


class Sequels:
    """Arranges what follows landed work; ``undo`` arranges reverts, ``port`` backports."""

    def __init__(self, world: World, undo: Undo, port: Callable[[Landed], None]) -> None:
        self._world = world
        self._undo = undo
        self._port = port
        self._dice = world.dice.child("sequels")

    def arrange(self, landed: Landed) -> None:
        """Put into the queue whatever was planned for a piece of work once it landed."""
        plan = landed.task.claim
        if plan is None:
            self._unclaimed(landed)
            return
        later = {
            "revert": self._undo.arrange,
            "refix": self._refix,
            "fixes_trailer": self._fixes,
        }.get(plan.how)
        if later is not None:
            later(landed)
        for look in plan.lookalikes:
            self._look(landed, look)

    def _unclaimed(self, landed: Landed) -> None:
        task, rates = landed.task, self._world.scenario.rates
        if task.kind != "work" or not task.files:
            return
        if self._dice.chance(rates.reverted_unclaimed):
            self._undo.arrange_unclaimed(landed, DAY * self._dice.whole(1, 75))
        elif task.style is Style.TRAILERS and self._dice.chance(rates.fixes_unclaimed):
            self._point_back(landed, DAY * self._dice.whole(3, 75), "fixes_unclaimed")

    def _look(self, landed: Landed, look: str) -> None:
        if look == "follow_up":
            self._follow_up(landed)
        elif look == "mention":
            self._mention(landed)
        elif look == "backport":
            self._port(landed)

    def _refix(self, landed: Landed) -> None:
        """The same ticket is closed again by other work on the same lines."""
        plan = landed.task.claim
        if plan is None:
            return
        claim = replace(plan, outcome=Outcome.HONEST, how="", lookalikes=())

        def redo(again: Landed) -> None:
            first = self._world.book.by_task[landed.task.number]
            second = self._world.book.by_task[again.task.number]
            first.contradict(Outcome.REFIXED, "refix", again.at, again.mark)
            first.redone_in = second.id
            self._world.unlock(landed.edits)

        def open_it(at: datetime) -> None:
            path = self._path(landed)
            wording = messages.claim(plan.form, plan.ref, path, self._dice)
            task = self._after(landed, at, wording, landed.edits)
            start(self._world, replace(task, claim=claim), redo)

        self._world.lock(landed.edits)
        self._world.queue.put(landed.at + plan.delay - LEAD, open_it)

    def _fixes(self, landed: Landed) -> None:
        plan = landed.task.claim
        if plan is not None:
            self._point_back(landed, plan.delay, "fixes_trailer")

    def _point_back(self, landed: Landed, delay: timedelta, kind: str) -> None:
        """Later work names the commit it repairs: `Fixes: <sha12> ("subject")`."""

        def repaired(again: Landed) -> None:
            book = self._world.book
            first = book.by_task.get(landed.task.number)
            if first is not None:
                first.contradict(Outcome.REFIXED, "fixes_trailer", again.at, again.mark)
            book.plant(kind, again.mark, first.id if first else "")
            self._world.unlock(landed.edits)

        def open_it(at: datetime) -> None:
            sha = self._world.writer.sha(landed.mark)
            what = f"{messages.component(self._path(landed))}: keep the {self._noun()} in order"
            trailer = f'Fixes: {sha[:12]} ("{landed.wording.subject}")'
            wording = Wording(what, trailers=(trailer,))
            start(self._world, self._after(landed, at, wording, landed.edits), repaired)

        self._world.lock(landed.edits)
        self._world.queue.put(landed.at + delay - LEAD, open_it)

    def _follow_up(self, landed: Landed) -> None:
        """Tests or documents for the same ticket, some of them closing it once more."""
        plan = landed.task.claim
        if plan is None:
            return
        closing = self._dice.chance(0.5)
        area = self._world.codebase.areas[landed.task.team]
        places = list(area.tests.values()) if closing else area.docs
        others = [place for place in places if place not in landed.task.files]
        file = self._dice.choice(others or area.docs)

        def open_it(at: datetime) -> None:
            wording = messages.follow_up(plan.ref, self._path(landed), self._dice, closing=closing)
            task = replace(self._after(landed, at, wording, ()), files=(file,), size=5)
            start(self._world, task, partial(self._followed, landed, closing))

        self._world.queue.put(landed.at + self._dice.span(DAY, 12 * DAY), open_it)

    def _followed(self, landed: Landed, closing: bool, again: Landed) -> None:
        book = self._world.book
        claim = book.by_task[landed.task.number]
        claim.lookalikes += ("follow_up",)
        if closing:
            for mark in again.topic:
                claim.report(mark, "topic", "follow_up", again.task.opens)
            claim.report(again.mark, "main", "follow_up", again.at)
        book.plant("follow_up", again.mark, claim.id)

    def _mention(self, landed: Landed) -> None:
        """Later work on the same lines names the ticket without closing it."""
        plan = landed.task.claim
        if plan is None:
            return

        def mentioned(again: Landed) -> None:
            claim = self._world.book.by_task[landed.task.number]
            claim.lookalikes += ("mention",)
            self._world.book.plant("mention", again.mark, claim.id)
            self._world.unlock(landed.edits)

        def open_it(at: datetime) -> None:
            wording = messages.mention(plan.ref, self._path(landed), self._dice)
            start(self._world, self._after(landed, at, wording, landed.edits), mentioned)

        self._world.lock(landed.edits)
        self._world.queue.put(landed.at + self._dice.span(3 * DAY, 60 * DAY), open_it)

    def _after(
        self, landed: Landed, at: datetime, wording: Wording, rework: tuple[Edit, ...]
    ) -> Task:
        """Work by the same team that follows other work, opened now."""
        world, before = self._world, landed.task
        week = world.scenario.week_of(at)
        author = self._author(before, week)
        planner, team = world.planner, before.team
        number = planner.next_number()
        branch = messages.slug(wording.subject)
        return Task(
            number=number,
            team=team,
            author=author,
            signature=author.stamp(at),
            opens=at,
            lands=at + LEAD,
            style=before.style,
            wording=wording,
            looked=looked_at(planner.desk(team), team, week, author, before.style),
            accountable=author,
            pull=None if before.pull is None else planner.numbers.number(),
            topic=f"{messages.slug(author.name)}/{branch}-{number}" if _branches(before) else "",
            rework=rework,
        )

    def _author(self, before: Task, week: int) -> Person:
        staff, team = self._world.staff, before.team
        here = {seat.person for seat in staff.present(team, week)}
        same = before.accountable or before.author
        if same in here and self._dice.chance(0.6):
            return same
        return staff.worker(team, week, self._dice)

    def _path(self, landed: Landed) -> str:
        return self._world.codebase.files[landed.edits[0].file].path if landed.edits else "project"

    def _noun(self) -> str:
        return messages.plain("", self._dice).subject.rsplit(" ", 1)[-1]


def _branches(task: Task) -> bool:
    return task.style is Style.MERGE
