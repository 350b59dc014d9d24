"""Which work claims to be done, how it says so, and what will become of the claim."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trueup.simulate import messages
from trueup.simulate.planted import Outcome
from trueup.simulate.scenario import Scenario, Style
from trueup.simulate.task import ClaimPlan

if TYPE_CHECKING:
    from trueup.simulate.dice import Dice

DAY = timedelta(days=1)
# An abandoned branch is told from one in progress by its age.
ABANDONED = 45 * DAY
UMBRELLA = (10, 18)


class Numbers:
    """Numbers of tickets and pull requests, which forges count together, and tracker keys."""

    def __init__(self, tracker: str) -> None:
        self._tracker = tracker
        self._number = 0
        self._key = 100

    def number(self) -> int:
        """The next number of a ticket or pull request."""
        self._number += 1
        return self._number

    def ref(self, form: str) -> str:
        """A new ticket as a form of claim names it."""
        if form == "prefix":
            return ""
        if form in messages.KEY_FORMS:
            self._key += 1
            return f"{self._tracker}-{self._key}"
        return f"#{self.number()}"


@dataclass(frozen=True, slots=True)
class Fate:
    """One thing that may become of a claim, with the days it takes after landing."""

    outcome: Outcome
    how: str = ""
    days: tuple[int, int] = (0, 0)
    again: tuple[int, int] = (0, 0)
    ticket: bool = False


# Keys are names of rates. The spans keep clear of the 90 days on either side.
FATES = {
    "reverted": Fate(Outcome.REVERTED, "revert", (1, 75)),
    "reverted_late": Fate(Outcome.REVERTED_LATE, "revert", (100, 190)),
    "reapplied": Fate(Outcome.REAPPLIED, "revert", (1, 60), (1, 25)),
    "refixed": Fate(Outcome.REFIXED, "refix", (5, 75), ticket=True),
    "fixes_trailer": Fate(Outcome.REFIXED, "fixes_trailer", (3, 75)),
    "absent": Fate(Outcome.ABSENT),
    "landed_late": Fate(Outcome.LANDED_LATE),
    "empty": Fate(Outcome.EMPTY),
    "umbrella": Fate(Outcome.UMBRELLA, ticket=True),
    "partial": Fate(Outcome.PARTIAL, ticket=True),
}
LOOKALIKES = ("follow_up", "mention", "backport")
HONEST = Fate(Outcome.HONEST)


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a piece of work happens."""

    team: str
    week: int
    opens: datetime
    lands: datetime
    style: Style


class Promises:
    """Draws claims and their fates; makes sure that each planted kind occurs at least once."""

    def __init__(self, scenario: Scenario, numbers: Numbers, dice: Dice) -> None:
        self._scenario = scenario
        self._numbers = numbers
        self._dice = dice
        self._seen: Counter[str] = Counter()
        self._umbrella = ""
        self._room = 0

    def draw(self, slot: Slot) -> tuple[ClaimPlan, datetime | None]:
        """A claim for a piece of work, and when that lands after all."""
        name = self._fate(slot)
        fate = FATES.get(name, HONEST)
        delay = timedelta(days=1) * self._dice.whole(*fate.days)
        delay += timedelta(minutes=self._dice.below(600))
        again = DAY * self._dice.whole(*fate.again) if fate.again[1] else timedelta()
        lands = self._landing(slot, fate)
        if not self._in_time(slot, fate, (lands or slot.opens) + delay + again):
            name, fate, lands = "", HONEST, slot.lands
        self._seen[name] += 1
        looks = self._looks(slot) if fate is HONEST else ()
        form = self._form(needs_ticket=fate.ticket or bool(looks))
        ref = self._shared_ref(slot, form) if name == "umbrella" else self._numbers.ref(form)
        if ref.startswith("#") and form in messages.KEY_FORMS:
            form = "closing_body"
        plan = ClaimPlan(
            outcome=fate.outcome,
            form=form,
            ref=ref,
            how=fate.how,
            delay=delay,
            again=again,
            lookalikes=looks,
        )
        return plan, lands

    def _fate(self, slot: Slot) -> str:
        """A name of `FATES`, or nothing for honest work."""
        rates = {name: self._rate(name, slot) for name in FATES}
        missing = [name for name, rate in rates.items() if rate and self._wanted(name, slot)]
        if missing:
            return missing[0]
        level = self._dice.unit()
        for name, rate in rates.items():
            level -= rate
            if level < 0:
                return name
        return ""

    def _wanted(self, name: str, slot: Slot) -> bool:
        """Whether a fate has not occurred yet though it is time, and still can."""
        if self._seen[name] or slot.week * 10 < self._scenario.weeks:
            return False
        least = {"absent": 45, "landed_late": 96, "partial": 45}.get(name, FATES[name].days[0] + 2)
        return slot.lands + DAY * (least + FATES[name].again[0]) < self._scenario.end

    def _looks(self, slot: Slot) -> tuple[str, ...]:
        level = self._dice.unit()
        for name in LOOKALIKES:
            rate = self._rate(name, slot)
            level -= rate
            if level < 0 or (rate and not self._seen[name] and slot.week > 2):
                self._seen[name] += 1
                return (name,)
        return ()

    def _rate(self, name: str, slot: Slot) -> float:
        if name == "fixes_trailer" and slot.style is not Style.TRAILERS:
            return 0.0
        if name == "backport" and not 0 < self._scenario.release_weeks < slot.week:
            return 0.0
        return self._scenario.rate(name, slot.team, slot.week)

    def _landing(self, slot: Slot, fate: Fate) -> datetime | None:
        if fate.outcome is Outcome.ABSENT:
            return None
        if fate.outcome is Outcome.LANDED_LATE:
            return slot.opens + DAY * self._dice.whole(95, 180)
        return slot.lands

    def _in_time(self, slot: Slot, fate: Fate, last: datetime) -> bool:
        end = self._scenario.end
        if fate.outcome is Outcome.ABSENT:
            return slot.opens < end - ABANDONED
        if fate.outcome is Outcome.PARTIAL:
            return slot.lands < end - ABANDONED
        return last < end - DAY

    def _form(self, *, needs_ticket: bool) -> str:
        if needs_ticket:
            return self._dice.choice((*messages.HASH_FORMS, *messages.KEY_FORMS))
        return self._dice.choice(messages.FORMS)

    def _shared_ref(self, slot: Slot, form: str) -> str:
        """The umbrella ticket everybody works under until it is full."""
        late = slot.week * 10 > self._scenario.weeks * 6
        if not self._umbrella or (self._room <= 0 and not late):
            self._umbrella = self._numbers.ref(form)
            self._room = self._dice.whole(*UMBRELLA)
        self._room -= 1
        return self._umbrella
