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
            "A merged change or a commit that says it fixes something is verified when its content is "
            "on the line it was meant for, another human looked before it landed, and it stood "
            f"{self.survive} days without revert or renewed fix."
        )
        contradicted = (
            f"It is contradicted when within {self.restate} days it is reverted, or the same ticket is "
            "fixed again in the same files, or a later commit names it as the one it repairs. Work that "
            "does it again repays it once that work is itself verified."
        )
        unverified = (
            "It is unverified when its content was looked for and is on no line although comparable "
            "claims normally are; where there is no such habit, a part of it stands there, too little "
            "of it can be recognised, or the source is not connected, it cannot be assessed."
        )
        notes = (
            "An entry of release notes is verified when the release contains the change, by content, "
            "contradicted when only a later release does. Where no commit names what it names, it "
            "cannot be assessed from git: numbers of tickets and of requests differ."
        )
        umbrellas = (
            "Tickets closed by three or more pieces of work are umbrellas: closing them again "
            "contradicts nothing. Bots make no claims."
        )
        return (
            verified,
            "Without a visible look by another human it is partial: landed and survived.",
            contradicted,
            unverified,
            notes,
            umbrellas,
        )


NO_LOOK = "landed and survived; no independent look is on record"
NOT_SHOWN = "landed and survived; git does not show whether anybody independent looked"
CONTRADICTIONS = {
    "reverted": "reverted by a later commit",
    "refixed": "the same ticket was fixed again in the same files",
    "named_faulty": "a later fix names this commit as the cause of what it repairs",
    "later_release": "the notes of the release name it, but only a later release contains it",
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
            return Judged(Verdict.CONTRADICTED, CONTRADICTIONS[against.how])
    if any(e.made_good and e.until is not None and e.until <= at for e in claim.evidence):
        return Judged(Verdict.VERIFIED, "done again, by work that is itself verified")
    young = at - claim.claimed_at < timedelta(days=days)
    if claim.find(Rung.PRESENT, at) is None:
        return _absent(claim, young=young, days=days, habits=habits)
    if young:
        return Judged(Verdict.PENDING, f"younger than {days} days")
    return _present(claim, at, days, habits)


def verified_from(claim: Claim, policy: Policy) -> datetime | None:
    """The first moment at which a claim is verified, if there is one."""
    from trueup.claims.habits import Habits

    nothing = Habits(())  # what is habit never makes a claim verified
    ends = [e.until for e in claim.evidence if e.until is not None]
    starts = [claim.claimed_at, *(e.at for e in claim.evidence), *ends]
    survive = timedelta(days=policy.survive)
    moments = sorted({*starts, *(at + survive for at in starts)})
    known = (m for m in moments if m >= claim.claimed_at)
    return next(
        (m for m in known if judge(claim, m, policy, nothing).verdict is Verdict.VERIFIED), None
    )


def settled_at(claim: Claim, policy: Policy) -> datetime:
    """From when on the verdict can no longer change by time alone."""
    moments = [claim.claimed_at, *(e.at for e in claim.evidence)]
    moments += [e.until for e in claim.evidence if e.until is not None]
    return max(moments) + timedelta(days=policy.survive)


def _present(claim: Claim, at: datetime, days: int, habits: Habits) -> Judged:
    if at - _standing_since(claim, at) < timedelta(days=days):
        reason = "landed late, or came back after a revert, and has not stood long"
        return Judged(Verdict.PARTIAL, reason)
    if claim.find(Rung.INSPECTED, at):
        reason = f"landed, another human looked first, and it stood {days} days"
        return Judged(Verdict.VERIFIED, reason)
    if habits.shows(claim, Rung.INSPECTED):
        return Judged(Verdict.PARTIAL, NO_LOOK)
    return Judged(Verdict.PARTIAL, NOT_SHOWN)


def _absent(claim: Claim, *, young: bool, days: int, habits: Habits) -> Judged:
    if young:
        return Judged(Verdict.PENDING, f"not landed yet, younger than {days} days")
    if not habits.shows(claim, Rung.PRESENT):
        return Judged(Verdict.NOT_ASSESSABLE, "no habit of landing such claims can be seen here")
    if claim.empty:
        return Judged(Verdict.UNVERIFIED, "the commit that claims it changes nothing")
    if not claim.absent:
        reason = "git does not show whether its content is there in another shape"
        return Judged(Verdict.NOT_ASSESSABLE, reason)
    return Judged(Verdict.UNVERIFIED, "its content is on no line of development")


def _judge_release_note(claim: Claim, at: datetime) -> Judged:
    if against := claim.find(Rung.RELEASED, at, against=True):
        return Judged(Verdict.CONTRADICTED, CONTRADICTIONS[against.how])
    if claim.find(Rung.RELEASED, at):
        return Judged(Verdict.VERIFIED, "the release contains it")
    return Judged(Verdict.NOT_ASSESSABLE, "no commit names what this entry names; a tracker could")


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
