"""The ledger: stock and flow of claims that are owed, by month.

closing = opening + new + contradicted later + came into view + restated
          - repaid - withdrawn - written off - went out of view

Only a verified claim repays. A claim leaves by rule when it is older than the ledger looks back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Verdict
from trueup.claims.policy import Policy, judge, settled_at
from trueup.kernel.clock import months_back

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trueup.claims.habits import Habits

FLOWS = (
    "new",
    "contradicted_later",
    "came_into_view",
    "restated",
    "repaid",
    "withdrawn",
    "written_off",
    "went_out_of_view",
)
OUT = frozenset(("repaid", "withdrawn", "written_off", "went_out_of_view"))


@dataclass(slots=True)
class Month:
    """One month: its name, the moment it ends, stocks and flows."""

    name: str
    end: datetime
    opening: int
    closing: int = 0
    contradicted: int = 0
    unverified: int = 0
    unseen: int = 0
    flows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLOWS, 0))

    def balanced(self) -> bool:
        """Whether the identity holds."""
        moved = sum(-n if flow in OUT else n for flow, n in self.flows.items())
        return self.opening + moved == self.closing


def month_ends(until: datetime, months: int) -> list[datetime]:
    """The last moments of so many months, the last one being ``until`` itself."""
    return [*(months_back(until, back) for back in range(months, -1, -1)), until]


def ledger(claims: Sequence[Claim], until: datetime, policy: Policy, habits: Habits) -> list[Month]:
    """Stock and flow over the months the policy looks back."""
    ends = month_ends(until, policy.ledger_months)
    settled = [settled_at(c, policy) for c in claims]
    floor = months_back(ends[0], policy.ledger_months)
    states = [_state(c, floor, ends[0], policy, habits) for c in claims]
    stock = sum(map(_owed, states))
    found = []
    for start, end in pairwise(ends):
        if end <= start:
            continue
        month = Month(f"{start:%Y-%m}", end, stock)
        floor = months_back(end, policy.ledger_months)
        for i, claim in enumerate(claims):
            old = now = states[i]
            if old is None or start < settled[i] or claim.claimed_at < floor:
                now = states[i] = _state(claim, floor, end, policy, habits)
            if _owed(old) != _owed(now):
                flow = (
                    _way_in(claim, old, now, start) if _owed(now) else _WAY_OUT.get(now, "restated")
                )
                month.flows[flow] += -1 if flow == "restated" and not _owed(now) else 1
            month.contradicted += now is Verdict.CONTRADICTED
            month.unverified += now is Verdict.UNVERIFIED
            month.unseen += now is Verdict.NOT_ASSESSABLE
        month.closing = stock = month.contradicted + month.unverified
        found.append(month)
    return found


def _state(
    claim: Claim, floor: datetime, at: datetime, policy: Policy, habits: Habits
) -> Verdict | None:
    """The verdict at a moment, or nothing when the claim is not in the ledger then."""
    if not floor <= claim.claimed_at <= at:
        return None
    return judge(claim, at, policy, habits).verdict


_WAY_OUT: dict[Verdict | None, str] = {
    Verdict.VERIFIED: "repaid",
    None: "written_off",
    Verdict.NOT_ASSESSABLE: "went_out_of_view",
}


def _way_in(claim: Claim, old: Verdict | None, now: Verdict | None, start: datetime) -> str:
    """Through which door a claim came in."""
    matured = old is Verdict.PENDING and now is Verdict.UNVERIFIED
    if claim.claimed_at > start or matured:
        return "new"
    if now is Verdict.CONTRADICTED:
        return "contradicted_later"
    return "came_into_view" if old is Verdict.NOT_ASSESSABLE else "restated"


def _owed(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.owed
