"""Policy edition 1: which evidence makes which verdict. Pure: no facts, no clock.

Contradiction needs no waiting; a good verdict does. Evidence that is absent counts only where
comparable claims normally have it (see `habits`). Sources: DESIGN, decision record
docs/decisions/2026-11-21-policy-edition-1.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Judged, Kind, Rung, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.claims.habits import Habits

LONGEST_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a verdict takes.

    Args:
        edition: number printed with every result.
        survive: days a claim must stand before it can be verified.
        restate: days after a claim in which it can still be contradicted.
        habit: lower 90 % bound on the share of comparable claims with a rung, above which its
            absence counts.
        ledger_months: claims older than this leave the ledger, as written off by rule.
    """

    edition: int = 1
    survive: int = 30
    restate: int = 90
    habit: float = 0.5
    ledger_months: int = 24

    @property
    def looks_back(self) -> timedelta:
        """How long ago work landed that the ledger may rest on: it starts with claims as old again."""
        return LONGEST_MONTH * (2 * self.ledger_months + 3)

    @property
    def sentence_looks_back(self) -> timedelta:
        """How long ago work landed that the sentence rests on: its habits are those of half-years."""
        return LONGEST_MONTH * (self.ledger_months + 6)

    def lines(self) -> tuple[str, ...]:
        """The policy as it is printed with every result."""
        verified = (
            "A merged change, a commit that says it fixes something, or an issue closed by one of these is "
            "verified when its content is on the line it was meant for, another human looked before it "
            "landed and tests passed on it (of these two what the repository normally shows, and at least "
            f"one), and it stood {self.survive} days without revert, reopening or renewed fix."
        )
        contradicted = (
            f"It is contradicted when within {self.restate} days it is reverted, or the same ticket is "
            "fixed again in the same files or opened again (but for a slip, closed within a day), or a later "
            "commit names it as the one it repairs, or an incident as its cause. Work that does it again, and shows "
            "so by its words, number, ticket or lines, repays it once that work is itself verified."
        )
        unverified = (
            "It is unverified when its content was looked for and is on no line although comparable "
            "claims normally are; where there is no such habit, a part of it stands there, too little "
            "of it can be recognised, or the source is not connected, it cannot be assessed. An issue closed "
            "as done to which nothing points is judged the same way, against issues of its kind."
        )
        notes = (
            "An entry of release notes is verified when the release contains the change, by content, "
            "contradicted when only a later release does. Where no commit names what it names, it "
            "cannot be assessed from git: numbers of tickets and of requests differ."
        )
        umbrellas = (
            "Tickets closed by three or more pieces of work are umbrellas: closing them again "
            "contradicts nothing. Issues that stand for other issues get no verdict. Bots make no claims, "
            "and neither does closing a question, a duplicate or what will not be done."
        )
        lacking = (
            "Without these it is partial: landed and survived. An approval of one's own, of a bot, after "
            "merging, or faster than anybody reads, is no look; an empty report, skipped tests, checks that "
            "test nothing, and tests of an earlier state are no tests."
        )
        return (
            verified,
            lacking,
            contradicted,
            unverified,
            notes,
            umbrellas,
        )


#: What a claim that landed and survived can lack, where nothing else is there instead.
LACKS = {
    "no_look": "no independent look is on record",
    "not_shown": "nothing connected shows whether anybody independent looked",
    "no_tests": "no tests are known to have run on it",
    "not_closed": "landed changes name it, but none says that it does what the issue asks",
    "young": "landed late, or came back after a revert or reopening, and has not stood long",
}
CONTRADICTIONS = {
    "reverted": "reverted by a later commit",
    "refixed": "the same ticket was fixed again in the same files",
    "reopened": "the issue was opened again after it had been closed as done",
    "incident": "an incident names it as its cause",
    "named_faulty": "a later fix names this commit as the cause of what it repairs",
    "later_release": "the notes of the release name it, but only a later release contains it",
}
#: What there is instead of a look or of tests.
FLAWS = {
    "own_approval": "only its own author approved it",
    "bot_approval": "only a bot approved it",
    "looked_later": "others looked only after it had been merged",
    "edited_later": "what landed was changed after others had looked",
    "too_fast": "it was approved faster than anybody reads so many lines",
    "overruled": "its author merged it over a request for changes",
    "tests_failed": "tests failed on it",
    "tests_empty": "the report of its tests holds not a single test",
    "tests_skipped": "all of its tests were skipped",
    "tests_not_run": "its checks were skipped, cancelled or neutral",
    "tests_unclear": "the report of its tests is cut off or contradicts itself",
    "tests_beside": "only checks ran that test nothing",
    "tests_untouched": "its tests passed, but ran through none of the lines it brought",
    "tests_on_earlier": "tests ran on an earlier state only, not on what was merged",
}
#: Not merely lacking: somebody or something said no.
REFUSED = frozenset(("overruled", "tests_failed"))
NEEDS = {
    Rung.INSPECTED: "a look by another human before it lands",
    Rung.TESTED: "tests that pass on what landed",
}


def judge(
    claim: Claim, at: datetime, policy: Policy, habits: Habits, *, survive: int | None = None
) -> Judged:
    """The verdict on a claim at a moment, knowing only what had happened by then.

    Args:
        claim: with its evidence.
        at: the moment; must not lie before the claim.
        policy: the edition in force.
        habits: what comparable claims normally show.
        survive: days to stand instead of the policy's, for the mix at other horizons.
    """
    days = policy.survive if survive is None else survive
    if claim.kind is Kind.RELEASE_NOTE:
        return _judge_release_note(claim, at)
    for rung in (Rung.SURVIVED, Rung.PRESENT):
        if against := claim.find(rung, at, against=True):
            needs = "the work done again, in a change that names it or its ticket, and standing as long as any other"
            return Judged(Verdict.CONTRADICTED, CONTRADICTIONS[against.how], needs)
    if any(e.made_good and e.until is not None and e.until <= at for e in claim.evidence):
        return Judged(Verdict.VERIFIED, "done again, by work that is itself verified")
    young = at - claim.claimed_at < timedelta(days=days)
    if claim.find(Rung.PRESENT, at) is None:
        return _absent(claim, young=young, days=days, habits=habits)
    if young:
        return Judged(Verdict.PENDING, f"younger than {days} days", "time to show that it stands")
    return _present(claim, at, days, habits)


def verified_from(claim: Claim, policy: Policy, habits: Habits) -> datetime | None:
    """The first moment at which a claim is verified, if there is one."""
    ends = [e.until for e in claim.evidence if e.until is not None]
    starts = [claim.claimed_at, *(e.at for e in claim.evidence), *ends]
    survive = timedelta(days=policy.survive)
    moments = sorted({*starts, *(at + survive for at in starts)})
    known = (m for m in moments if m >= claim.claimed_at and not claim.withdrawn(m))
    return next(
        (m for m in known if judge(claim, m, policy, habits).verdict is Verdict.VERIFIED), None
    )


def settled_at(claim: Claim, policy: Policy) -> datetime:
    """From when on the verdict can no longer change by time alone."""
    moments = [claim.claimed_at, *(e.at for e in claim.evidence)]
    moments += [e.until for e in claim.evidence if e.until is not None]
    return max(moments) + timedelta(days=policy.survive)


def _present(claim: Claim, at: datetime, days: int, habits: Habits) -> Judged:
    if at - _standing_since(claim, at) < timedelta(days=days):
        needs = f"{days} days without anything against it"
        return Judged(Verdict.PARTIAL, LACKS["young"], needs, ("young",))
    if claim.only_named:
        needs = "a change that says it closes the issue"
        return Judged(Verdict.PARTIAL, LACKS["not_closed"], needs, ("not_closed",))
    shown = [rung for rung in NEEDS if claim.find(rung, at)]
    lacking = [r for r in NEEDS if r not in shown and (_wanted(claim, r, at, habits) or not shown)]
    if not lacking:
        said = " and ".join(_SHOWN[rung] for rung in shown)
        return Judged(Verdict.VERIFIED, f"landed, {said}, and it stood {days} days")
    wanted = [r for r in lacking if _visible(claim, r, at, habits)] or [Rung.INSPECTED]
    lacks = tuple(_lack(claim, rung, at, habits) for rung in wanted)
    reasons = ", and ".join((LACKS | FLAWS)[lack] for lack in lacks)
    needs = " and ".join(NEEDS[rung] for rung in wanted)
    return Judged(Verdict.PARTIAL, f"landed and survived; {reasons}", needs, lacks)


_SHOWN = {
    Rung.INSPECTED: "another human looked first",
    Rung.TESTED: "tests passed on it",
}


def _wanted(claim: Claim, rung: Rung, at: datetime, habits: Habits) -> bool:
    """Whether the other rung is not enough: this one is the habit, or what happened speaks against it."""
    flaw = claim.find(rung, at, against=True)
    return habits.shows(claim, rung) or (flaw is not None and flaw.how in REFUSED)


def _visible(claim: Claim, rung: Rung, at: datetime, habits: Habits) -> bool:
    """Whether the want of a rung can be told: it is the habit, or something else is there instead."""
    return habits.shows(claim, rung) or claim.find(rung, at, against=True) is not None


def _lack(claim: Claim, rung: Rung, at: datetime, habits: Habits) -> str:
    if flaw := claim.find(rung, at, against=True):
        return flaw.how
    if rung is Rung.TESTED:
        return "no_tests"
    return "no_look" if habits.shows(claim, rung) else "not_shown"


def _absent(claim: Claim, *, young: bool, days: int, habits: Habits) -> Judged:
    issue = claim.kind is Kind.ISSUE
    needs = (
        "a link from the change that does it" if issue else "its content on a line of development"
    )
    if young:
        return Judged(Verdict.PENDING, f"not landed yet, younger than {days} days", needs)
    if claim.unseen:
        return Judged(
            Verdict.NOT_ASSESSABLE, claim.unseen, needs if issue else "a clone that holds it"
        )
    if not habits.shows(claim, Rung.PRESENT):
        reason = "no habit of landing such claims can be seen here"
        linking = "nothing points at it, and such issues normally have no linked change here"
        return Judged(Verdict.NOT_ASSESSABLE, linking if issue else reason, needs)
    if claim.empty:
        return Judged(Verdict.UNVERIFIED, "the commit that claims it changes nothing", needs)
    if not claim.absent:
        reason = "git does not show whether its content is there in another shape"
        return Judged(Verdict.NOT_ASSESSABLE, reason, needs)
    reason = "its content is on no line of development"
    linked = "closed as done, but no change points at it, as changes here normally do"
    return Judged(Verdict.UNVERIFIED, linked if issue else reason, needs)


def _judge_release_note(claim: Claim, at: datetime) -> Judged:
    if against := claim.find(Rung.RELEASED, at, against=True):
        needs = "the change in the release whose notes name it"
        return Judged(Verdict.CONTRADICTED, CONTRADICTIONS[against.how], needs)
    if claim.find(Rung.RELEASED, at):
        return Judged(Verdict.VERIFIED, "the release contains it")
    reason = "no commit names what this entry names; a tracker could"
    return Judged(Verdict.NOT_ASSESSABLE, reason, "a commit or request that names it")


def _standing_since(claim: Claim, at: datetime) -> datetime:
    """When it was last put in place: landed, or came back after a revert that was undone."""
    moments = [e.at for e in claim.evidence if e.rung is Rung.PRESENT and not e.against]
    moments = [min(moments)] if moments else [claim.claimed_at]
    moments += [
        e.until
        for e in claim.evidence
        if e.against and e.until is not None and e.until <= at and not e.made_good
    ]
    return max(moments)
