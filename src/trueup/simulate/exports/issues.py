"""Issues that work in git closes: how each was closed, reopened, and what is true about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trueup.simulate.exports.course import DAY, HOUR, MINUTE
from trueup.simulate.exports.drawing import Deck
from trueup.simulate.planted import Outcome
from trueup.simulate.planted_elsewhere import IssueStory, Move, PlantedIssue
from trueup.simulate.words import FEATURES, MODULES, SYMPTOMS

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.dice import Dice
    from trueup.simulate.exports.course import Course
    from trueup.simulate.planted import PlantedClaim
    from trueup.simulate.planted_elsewhere import PlantedRequest

LABELS = {
    "bug": ("bug", "area: data"),
    "feature": ("enhancement",),
    "task": ("chore",),
    "question": ("question",),
    "epic": ("epic",),
    "incident": ("incident",),
    "": (),
}
#: Stories of an honest change, and the days after landing by which they are over.
HONEST = {
    "closed_by_hand": 16,
    "reopened_by_mistake": 61,
    "reopened_open": 76,
    "reopened_late": 181,
}
#: A claim of which one of these came true was never only honest work.
OF_OUTCOME = {
    Outcome.EMPTY: IssueStory.EMPTY,
    Outcome.UMBRELLA: IssueStory.UMBRELLA,
    Outcome.PARTIAL: IssueStory.PARTS,
    Outcome.REVERTED: IssueStory.REVERTED,
    Outcome.REVERTED_LATE: IssueStory.REVERTED,
    Outcome.REAPPLIED: IssueStory.REAPPLIED,
}


def planted(course: Course, requests: list[PlantedRequest]) -> list[PlantedIssue]:
    """One issue for each number that a claim in git says it closes."""
    deck = Deck({name: getattr(course.plan, name) for name in HONEST})
    merged = {request.number: request for request in requests}
    tickets = sorted(course.tickets.items(), key=lambda one: (one[1][0].at, one[0]))
    return [
        _Ticket(course, ref, claims, merged, course.dice(f"issue/{ref}")).planted(deck)
        for ref, claims in tickets
    ]


def described(kind: str, dice: Dice) -> tuple[str, str]:
    """A title and a text for an issue of a kind."""
    part = dice.choice(MODULES)
    if kind in {"bug", "incident"}:
        symptom = dice.choice(SYMPTOMS)
        return f"{symptom.capitalize()} in {part}", f"We see {symptom} since last week."
    if kind == "question":
        return f"How is {part} meant to be used?", "The documentation does not say."
    return f"{dice.choice(FEATURES).capitalize()} for {part}", "Somebody asked for it."


def kind_of(dice: Dice) -> str:
    """The kind of an ordinary issue; some carry no label that tells."""
    level = dice.unit()
    return "bug" if level < 0.6 else "feature" if level < 0.85 else "task" if level < 0.93 else ""


@dataclass(slots=True)
class _Ticket:
    """One issue while its story unfolds."""

    course: Course
    ref: str
    claims: list[PlantedClaim]
    requests: dict[int, PlantedRequest]
    dice: Dice
    moves: list[Move] = field(default_factory=list)
    done: bool = True
    against: datetime | None = None

    def planted(self, deck: Deck) -> PlantedIssue:
        story = self._story(deck)
        self._unfold(story)
        many = story in {IssueStory.UMBRELLA, IssueStory.PARTS}
        kind = "epic" if many else kind_of(self.dice)
        title, text = described(kind, self.dice)
        opened = self._opened()
        closed = bool(self.moves) and self.moves[-1].event == "closed"
        return PlantedIssue(
            number=int(self.ref[1:]),
            team=self.claims[0].team,
            kind=kind,
            labels=LABELS[kind],
            title=title,
            text=text,
            story=story,
            author=self.course.anybody(self.claims[0].team, opened, self.dice).email,
            opened_at=opened,
            moves=tuple(self.moves),
            reason="completed" if closed else "",
            resolution="done" if closed else "",
            claims=tuple(claim.id for claim in self.claims),
            changes=tuple(_main(claim) for claim in self._landed()),
            claimed=bool(self.moves),
            done=self.done,
            contradicted_at=self.against,
        )

    def _landed(self) -> list[PlantedClaim]:
        return [claim for claim in self.claims if claim.landed_at is not None]

    def _opened(self) -> datetime:
        start = self.course.scenario.start
        before = min(claim.at for claim in self.claims) - self.dice.span(HOUR, 20 * DAY)
        return max(before, start)

    def _story(self, deck: Deck) -> IssueStory:
        first = self.claims[0]
        if not self._landed():
            return IssueStory.ABANDONED
        if first.outcome is Outcome.REFIXED:
            return IssueStory.REDONE if len(self._landed()) > 1 else IssueStory.FAULTY
        if first.outcome in OF_OUTCOME:
            return OF_OUTCOME[first.outcome]
        landed = first.landed_at or self.course.end
        possible = {name for name, days in HONEST.items() if landed + days * DAY < self.course.end}
        return IssueStory(deck.draw(self.dice, possible, IssueStory.ONE_CHANGE.value))

    def _unfold(self, story: IssueStory) -> None:
        if story is IssueStory.ABANDONED:
            self.done = False
        elif story in {IssueStory.UMBRELLA, IssueStory.PARTS}:
            self._by_parts()
        elif story is IssueStory.CLOSED_BY_HAND:
            at = self._when(self.claims[0]) + self.dice.span(2 * DAY, 15 * DAY)
            self._move("closed", at)
        else:
            self._close(self.claims[0])
            self._later(story, self.claims[0])

    def _later(self, story: IssueStory, first: PlantedClaim) -> None:
        """What came after the change that closed it."""
        dice, landed = self.dice, self._when(first)
        if story is IssueStory.EMPTY:
            self.done = False
        elif story is IssueStory.FAULTY:
            self.against = first.contradicted_at
        elif story is IssueStory.REDONE:
            again = self.claims[1]
            at = max(again.at - dice.span(HOUR, 12 * HOUR), landed + 2 * HOUR)
            self._reopen(min(at, self._when(again) - HOUR))
            self._close(again)
        elif story in {IssueStory.REVERTED, IssueStory.REAPPLIED}:
            self._reverted(first)
        elif story is IssueStory.REOPENED_BY_MISTAKE:
            at = landed + dice.span(3 * DAY, 60 * DAY)
            self._move("reopened", at)
            self._move("closed", at + dice.span(5 * MINUTE, 50 * MINUTE))
        elif story in {IssueStory.REOPENED_OPEN, IssueStory.REOPENED_LATE}:
            low, high = (3, 75) if story is IssueStory.REOPENED_OPEN else (100, 180)
            self._reopen(landed + dice.span(low * DAY, high * DAY))
            self.done = False

    def _reverted(self, claim: PlantedClaim) -> None:
        """The moment of the revert is the truth, whether anybody reopens the issue or not."""
        since = claim.contradicted_at or self.course.end
        self.against, self.done = since, claim.repaired_at is not None
        until = claim.repaired_at or self.course.end
        at = since + self.dice.span(10 * MINUTE, 3 * HOUR)
        if self.dice.chance(self.course.plan.reopened_after_revert) and at < until:
            self._move("reopened", at)
            if claim.repaired_at is not None:
                self._move("closed", claim.repaired_at + 5 * MINUTE)

    def _by_parts(self) -> None:
        """Every part closes it by its keyword, and somebody opens it again until the last has landed."""
        landed = self._landed()
        for index, claim in enumerate(landed):
            self._close(claim)
            if index + 1 < len(landed):
                at = self._when(claim) + self.dice.span(5 * MINUTE, 50 * MINUTE)
                if at < self._when(landed[index + 1]):
                    self._move("reopened", at)
                else:
                    self.moves.pop()

    def _reopen(self, at: datetime) -> None:
        """It turned out not to be done."""
        self._move("reopened", at)
        self.against = self.against or at

    def _close(self, claim: PlantedClaim) -> None:
        """Closed by its change: the forge names the commit, or keeps silent and the request tells."""
        request = self.requests.get(claim.pull or 0)
        sha = _main(claim) if request is None or self.dice.chance(0.5) else ""
        by = request.merged_by if request else ""
        self._move("closed", self._when(claim), by, sha)

    def _move(self, event: str, at: datetime, by: str = "", sha: str = "") -> None:
        somebody = self.course.anybody(self.claims[0].team, at, self.dice).email
        self.moves.append(Move(at=at, event=event, by=by or somebody, sha=sha))

    def _when(self, claim: PlantedClaim) -> datetime:
        return claim.landed_at or self.course.end


def _main(claim: PlantedClaim) -> str:
    """The commit that brought the work of a claim to the main line."""
    return next((r.sha for r in claim.reports if r.line == "main" and r.at == claim.landed_at), "")
