"""Entries of release notes: true ones, and ones about work that is not in the tag."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trueup.simulate import messages
from trueup.simulate.planted import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.simulate.recorder import Draft
    from trueup.simulate.task import ClaimPlan, Landed, Task
    from trueup.simulate.world import World

# Claims whose ticket stands for more than one piece of work, or for none, are left out.
UNFIT = {Outcome.EMPTY, Outcome.UMBRELLA, Outcome.PARTIAL}
# What a subject carries beside its matter: prefixes, tracker keys, closing numbers, parts.
MARKS = re.compile(
    r"^\w+\([^)]*\): |^[A-Z]+-\d+: |^Fix [A-Z]+-\d+: |\s*\((?:fixes|closes|resolves) [^)]*\)"
)
MARGIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of the release notes, and the claim it makes."""

    text: str
    draft: Draft


class Notes:
    """Decides what the notes of each tag say."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.dice.child("notes")
        self._seen = 0
        self._cuts = 0
        self._announced: set[int] = set()
        self._used: set[str] = set()
        self._silent: dict[str, bool] = {}
        self._late: list[Draft] = []
        self._made: Counter[Outcome] = Counter()

    def fresh(self, tag: str) -> list[Note]:
        """True entries about what landed since they were last asked for; some is left out."""
        self._cuts += 1
        landed = self._world.book.landed[self._seen :]
        self._seen = len(self._world.book.landed)
        return self.about([one for one in landed if one.task.number not in self._announced], tag)

    def about(self, works: Iterable[Landed], tag: str) -> list[Note]:
        """True entries about some work that is in the tag; some is left out."""
        return [note for landed in works for note in self._about(landed, tag)]

    def untrue(self, tag: str, at: datetime, before: datetime, tries: int) -> list[Note]:
        """Entries about work never done, and about work that lands only in the next cut."""
        late = self._count(Outcome.RELEASE_LATE, tries)
        absent = self._count(Outcome.RELEASE_ABSENT, tries)
        promised = [self._announce(*one, tag) for one in self._soon(at, before)[:late]]
        return [*promised, *(self._invented(at, tag) for _ in range(absent))]

    def catch_up(self, tag: str, at: datetime, mark: int) -> None:
        """Note that what was announced too early is first contained in this tag."""
        for draft in [late for late in self._late if late.tag != tag]:
            draft.contradict(Outcome.RELEASE_LATE, "later_tag", at, mark)
            draft.first_tag = tag
            self._late.remove(draft)

    def _about(self, landed: Landed, tag: str) -> Iterator[Note]:
        book, task = self._world.book, landed.task
        draft = book.by_task.get(task.number)
        if draft is None or not self._fit(task) or landed.mark in book.reverted:
            return
        if draft.id not in self._silent:
            # Ported work comes up twice: it is named both times or never.
            self._silent[draft.id] = self._dice.chance(self._world.scenario.rates.unmentioned)
            if self._silent[draft.id]:
                book.plant("not_mentioned", landed.mark, draft.id)
        if self._silent[draft.id]:
            return
        note = self._entry(task, tag, draft)
        note.draft.first_tag = tag
        yield note

    def _fit(self, task: Task) -> bool:
        """Whether the number in an entry stands for exactly this piece of work."""
        plan = task.claim
        if plan is None or plan.outcome in UNFIT or plan.how == "refix" or not _ref(task):
            return False
        drafts = self._world.book.by_task.values()
        return task.pull is not None or sum(draft.ref == plan.ref for draft in drafts) <= 1

    def _entry(self, task: Task, tag: str, draft: Draft) -> Note:
        ref = _ref(task)
        return Note(
            _line(task.wording.subject, ref), self._world.book.note(ref, tag, draft.id, task.team)
        )

    def _count(self, outcome: Outcome, tries: int) -> int:
        """How many untrue entries of a kind; from the second cut on at least one in all."""
        rate = float(getattr(self._world.scenario.rates, outcome.value))
        wanted = self._dice.hits(tries, rate)
        missing = rate > 0 and self._cuts > 1 and not self._made[outcome]
        return max(1, wanted) if missing else wanted

    def _soon(self, at: datetime, before: datetime) -> list[tuple[Task, ClaimPlan]]:
        """Honest work in progress that lands after this cut and well before the next."""
        return [
            (task, task.claim)
            for task in self._world.pending.values()
            if task.lands is not None
            and at + MARGIN < task.lands < before - MARGIN
            and task.claim is not None
            and _plainly_honest(task.claim)
            and self._fit(task)
        ]

    def _announce(self, task: Task, plan: ClaimPlan, tag: str) -> Note:
        draft = self._world.book.begin(task, plan)
        note = self._entry(task, tag, draft)
        note.draft.outcome = Outcome.RELEASE_LATE
        self._late.append(note.draft)
        self._announced.add(task.number)
        self._made[Outcome.RELEASE_LATE] += 1
        return note

    def _invented(self, at: datetime, tag: str) -> Note:
        """An entry about an abandoned branch if there is one, or else about nothing at all."""
        book, numbers = self._world.book, self._world.planner.numbers
        self._made[Outcome.RELEASE_ABSENT] += 1
        draft = next(self._abandoned(at), None)
        if draft is None:
            team = self._dice.choice(self._world.scenario.teams).name
            note = book.note(f"#{numbers.number()}", tag, "", team)
        else:
            self._used.add(draft.id)
            number = draft.ref if draft.pull is None else f"#{draft.pull}"
            note = book.note(number, tag, draft.id, draft.team)
        note.outcome = Outcome.RELEASE_ABSENT
        return Note(_line(messages.plain("", self._dice).subject, note.ref), note)

    def _abandoned(self, at: datetime) -> Iterator[Draft]:
        """Claims on branches that were left behind, as far as no note has named them."""
        for draft in self._world.book.drafts:
            free = draft.outcome is Outcome.ABSENT and draft.id not in self._used
            if free and draft.reports[0][3] < at and (draft.pull or draft.ref):
                yield draft


def _ref(task: Task) -> str:
    if task.pull is not None:
        return f"#{task.pull}"
    return task.claim.ref if task.claim is not None else ""


def _line(subject: str, ref: str) -> str:
    text = MARKS.sub("", subject)
    return f"- {text[:1].upper()}{text[1:]} ({ref})"


def _plainly_honest(plan: ClaimPlan) -> bool:
    return plan.outcome is Outcome.HONEST and "backport" not in plan.lookalikes
