"""Keeps book while a history is written, in marks; turns them into shas at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trueup.simulate.planted import (
    Kind,
    Outcome,
    Plant,
    PlantedChange,
    PlantedClaim,
    Report,
    Review,
)

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.task import ClaimPlan, Landed, Task


@dataclass(slots=True, kw_only=True)
class Draft:
    """A claim while its fate unfolds; see `PlantedClaim` for the fields."""

    id: str
    kind: Kind
    team: str
    ref: str
    form: str
    pull: int | None = None
    review: Review = Review.NONE
    outcome: Outcome = Outcome.HONEST
    lookalikes: tuple[str, ...] = ()
    reports: list[tuple[int, str, str, datetime]] = field(default_factory=list)
    landed_at: datetime | None = None
    contradicted: tuple[datetime, int] | None = None
    how: str = ""
    repaired: tuple[datetime, int] | None = None
    redone_in: str = ""
    about: str = ""
    tag: str = ""
    first_tag: str = ""

    def report(self, mark: int, line: str, how: str, at: datetime) -> None:
        """Note that a commit reports the claim."""
        self.reports.append((mark, line, how, at))

    def contradict(self, outcome: Outcome, how: str, at: datetime, mark: int) -> None:
        """Note that something contradicts it."""
        self.outcome, self.how, self.contradicted = outcome, how, (at, mark)

    def finished(self, shas: dict[int, str]) -> PlantedClaim:
        """The claim with shas in place of marks."""
        against, repair = self.contradicted, self.repaired
        return PlantedClaim(
            id=self.id,
            kind=self.kind,
            team=self.team,
            ref=self.ref,
            pull=self.pull,
            form=self.form,
            reports=tuple(
                Report(sha=shas[mark], line=line, how=how, at=at)
                for mark, line, how, at in self.reports
            ),
            at=min(at for *_, at in self.reports),
            landed_at=self.landed_at,
            outcome=self.outcome,
            review=self.review,
            lookalikes=self.lookalikes,
            contradicted_at=against[0] if against else None,
            contradicted_by=shas[against[1]] if against else "",
            how=self.how,
            repaired_at=repair[0] if repair else None,
            repaired_by=shas[repair[1]] if repair else "",
            redone_in=self.redone_in,
            about=self.about,
            tag=self.tag,
            first_tag=self.first_tag,
        )


@dataclass(slots=True)
class Begun:
    """A task with a topic branch, and the commits there: mark, subject and moment of each."""

    task: Task
    steps: list[tuple[int, str, datetime]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Book:
    """Everything noted about one repository while it is written."""

    drafts: list[Draft] = field(default_factory=list)
    by_task: dict[int, Draft] = field(default_factory=dict)
    landed: list[Landed] = field(default_factory=list)
    reverted: dict[int, datetime] = field(default_factory=dict)
    plants: list[tuple[str, int, str]] = field(default_factory=list)
    pairs: Counter[tuple[int, int]] = field(default_factory=Counter)
    touched: Counter[int] = field(default_factory=Counter)
    tags: dict[str, int] = field(default_factory=dict)
    begun: dict[int, Begun] = field(default_factory=dict)

    def step(self, task: Task, mark: int, subject: str, at: datetime) -> None:
        """Note a commit on the topic branch of a task."""
        self.begun.setdefault(task.number, Begun(task)).steps.append((mark, subject, at))

    def claim(self, task: Task) -> Draft | None:
        """The claim a task makes, if it makes one."""
        return None if task.claim is None else self.begin(task, task.claim)

    def begin(self, task: Task, plan: ClaimPlan) -> Draft:
        """The claim a task makes, begun when it is first asked for."""
        if task.number in self.by_task:
            return self.by_task[task.number]
        draft = Draft(
            id=f"C{len(self.drafts) + 1:05d}",
            kind=Kind.COMMIT if task.pull is None else Kind.CHANGE,
            team=task.team,
            ref=plan.ref,
            form=plan.form,
            pull=task.pull,
            review=Review.NONE if task.lands is None else task.looked.review,
            outcome=plan.outcome if not plan.how else Outcome.HONEST,
            lookalikes=tuple(look for look in plan.lookalikes if look == "branch_remains"),
        )
        self.drafts.append(draft)
        self.by_task[task.number] = draft
        return draft

    def note(self, ref: str, tag: str, about: str, team: str) -> Draft:
        """A release note about something, in a tag."""
        draft = Draft(
            id=f"R{len(self.drafts) + 1:05d}",
            kind=Kind.RELEASE_NOTE,
            team=team,
            ref=ref,
            form="changelog",
            about=about,
            tag=tag,
        )
        self.drafts.append(draft)
        return draft

    def land(self, landed: Landed) -> None:
        """Note that work reached the main line."""
        self.landed.append(landed)
        if landed.task.kind != "work":
            return
        files = {edit.file for edit in landed.edits}
        self.touched.update(files)
        self.pairs.update((a, b) for a in files for b in files if a != b)

    def plant(self, kind: str, mark: int, about: str = "") -> None:
        """Note a commit planted for its looks."""
        self.plants.append((kind, mark, about))

    def changes(self, shas: dict[int, str]) -> tuple[PlantedChange, ...]:
        """All work that landed, with shas in place of marks."""
        return tuple(self._change(landed, shas) for landed in self.landed)

    def planted(self, shas: dict[int, str]) -> tuple[Plant, ...]:
        """All planted commits, with shas in place of marks."""
        return tuple(Plant(kind=k, sha=shas[mark], about=about) for k, mark, about in self.plants)

    def _change(self, landed: Landed, shas: dict[int, str]) -> PlantedChange:
        task = landed.task
        claim = self.by_task.get(task.number)
        return PlantedChange(
            team=task.team,
            kind=task.kind,
            author=task.author.email,
            accountable=(task.accountable or task.author).email,
            involved=task.involved,
            claim=claim.id if claim else "",
            pull=task.pull,
            sha=shas[landed.mark],
            topic=tuple(shas[mark] for mark in landed.topic),
            at=landed.at,
            review=task.looked.review,
            reverted_at=self.reverted.get(landed.mark),
        )
