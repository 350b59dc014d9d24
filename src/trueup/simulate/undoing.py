"""Reverts, and what is applied again after one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.simulate.content import Edit, applied, inverse
from trueup.simulate.messages import Wording
from trueup.simulate.people import FORGE, Person
from trueup.simulate.planted import Outcome, Review
from trueup.simulate.scenario import Style
from trueup.simulate.task import Landed, Looked, Task
from trueup.simulate.words import REVERT_REASONS

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from trueup.simulate.recorder import Draft
    from trueup.simulate.world import World


class Undo:
    """Takes landed work out again, and sometimes puts it back."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.dice.child("undoing")
        self._again = 0

    def arrange(self, landed: Landed) -> None:
        """Revert claimed work when its plan says so."""
        plan = landed.task.claim
        if plan is not None:
            again = plan.again if plan.outcome is Outcome.REAPPLIED else None
            self._arrange(landed, plan.delay, again)

    def arrange_unclaimed(self, landed: Landed, delay: timedelta) -> None:
        """Revert work that never claimed anything."""
        self._arrange(landed, delay, None)

    def _arrange(self, landed: Landed, delay: timedelta, again: timedelta | None) -> None:
        def revert(at: datetime) -> None:
            mark, wording = self._revert(landed, at)
            self._note(landed, at, mark)
            if again is None:
                self._world.unlock(landed.edits)
            else:
                self._world.queue.put(
                    at + again, lambda then: self._reapply(landed, mark, wording, then)
                )

        self._world.lock(landed.edits)
        self._world.codebase.disown(landed.task.team, landed.edits)
        self._world.queue.put(landed.at + delay, revert)

    def _note(self, landed: Landed, at: datetime, mark: int) -> None:
        book = self._world.book
        book.reverted[landed.mark] = at
        claim = book.by_task.get(landed.task.number)
        if claim is None:
            book.plant("reverted_unclaimed", mark)
            return
        plan = landed.task.claim
        late = plan is not None and plan.outcome is Outcome.REVERTED_LATE
        claim.contradict(Outcome.REVERTED_LATE if late else Outcome.REVERTED, "revert", at, mark)
        book.plant("revert", mark, claim.id)

    def _revert(self, landed: Landed, at: datetime) -> tuple[int, Wording]:
        wording, kind = self._reverting(landed)
        mark = self._write(landed, at, wording, inverse(landed.edits))
        self._world.book.plant(kind, mark, "")
        return mark, wording

    def _reverting(self, landed: Landed) -> tuple[Wording, str]:
        """The message of a revert, and which sort of revert it is."""
        sha, scenario, task = self._world.writer.sha, self._world.scenario, landed.task
        title = f'Revert "{landed.wording.subject}"'
        reason = (self._dice.choice(REVERT_REASONS),) if self._dice.chance(0.6) else ()
        if task.style is Style.SQUASH and self._dice.chance(scenario.forge_reverts):
            body = f"Reverts {scenario.organisation}/{scenario.name}#{task.pull}"
            return Wording(title, (body,)), "revert_by_number"
        if task.style is not Style.MERGE:
            line = f"This reverts commit {sha(landed.mark)}."
            return Wording(title, (line, *reason)), "revert_of_commit"
        if len(landed.topic) == 1 and self._dice.chance(0.3):
            line = f"This reverts commit {sha(landed.topic[0])}."
            return Wording(f'Revert "{task.wording.subject}"', (line, *reason)), "revert_of_commit"
        line = (
            f"This reverts commit {sha(landed.mark)}, reversing\n"
            f"changes made to {sha(landed.parent)}."
        )
        return Wording(title, (line, *reason)), "revert_of_merge"

    def _reapply(self, landed: Landed, mark: int, reverted: Wording, at: datetime) -> None:
        self._again += 1
        if self._again % 2:
            title = f"Reapply {reverted.subject.removeprefix('Revert ')}"
            kind = "reapply"
        else:
            title = f'Revert "{reverted.subject}"'
            kind = "revert_of_revert"
        line = f"This reverts commit {self._world.writer.sha(mark)}."
        again = self._write(landed, at, Wording(title, (line,)), landed.edits)
        claim: Draft = self._world.book.by_task[landed.task.number]
        claim.outcome, claim.repaired = Outcome.REAPPLIED, (at, again)
        del self._world.book.reverted[landed.mark]
        self._world.book.plant(kind, again, claim.id)
        self._world.unlock(landed.edits)

    def _write(
        self, landed: Landed, at: datetime, wording: Wording, edits: tuple[Edit, ...]
    ) -> int:
        """A commit straight on the main line, in the style of the team."""
        world, task = self._world, landed.task
        who = self._who(task, world.scenario.week_of(at))
        stamp = who.stamp(at)
        committer = FORGE.stamp(at) if task.style is Style.SQUASH else stamp
        pull = world.planner.numbers.number() if task.style is Style.SQUASH else None
        if pull is not None:
            wording = wording.titled(f"{wording.subject} (#{pull})")
        if task.style is Style.TRAILERS:
            wording = wording.signed(f"Signed-off-by: {who.trailer}")
        parent = world.main.tip
        changes = applied(world.main.tree, edits)
        mark = world.write(world.main, (stamp, committer), wording.text(), changes)
        world.book.land(
            Landed(
                task=self._record(task, who, at, wording, pull),
                edits=edits,
                topic=(),
                mark=mark,
                parent=parent,
                at=at,
                author=stamp,
                wording=wording,
            )
        )
        return mark

    def _record(
        self, task: Task, who: Person, at: datetime, wording: Wording, pull: int | None
    ) -> Task:
        return Task(
            number=self._world.planner.next_number(),
            team=task.team,
            author=who,
            signature=who.stamp(at),
            opens=at,
            lands=at,
            style=task.style,
            wording=wording,
            looked=Looked(Review.NONE, who),
            kind="reapply"
            if wording.subject.startswith(("Reapply", 'Revert "Revert'))
            else "revert",
            accountable=who,
            pull=pull,
        )

    def _who(self, task: Task, week: int) -> Person:
        staff = self._world.staff
        here = {seat.person for seat in staff.present(task.team, week)}
        same = task.accountable or task.author
        if same in here and self._dice.chance(0.5):
            return same
        return staff.worker(task.team, week, self._dice)
