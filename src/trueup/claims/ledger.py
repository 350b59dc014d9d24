"""The ledger: stock and flow of claims that are owed, by month, of all claims or of any part of them.

closing = opening + new + contradicted later + came into view + restated
          - repaid - withdrawn - written off - went out of view

Only a verified claim repays. It is withdrawn when its tracker refuses what it had called done. It leaves by
rule when it is older than the ledger looks back, and by hand when a named role writes it off; it does not
become verified by any of these. What was written off by hand is counted beside, so that debt, unseen and
written off together never fall by writing off.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import IntEnum
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from trueup.claims.model import Claim, Verdict
from trueup.claims.policy import Policy, judge, settled_at
from trueup.kernel.clock import months_back

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from trueup.claims.habits import Habits

G = TypeVar("G")
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
    """One month: its name, the moment it ends, stocks and flows, in claims or in another weight.

    ``written_off`` is the stock of what is written off by hand and would be owed otherwise.
    """

    name: str
    end: datetime
    opening: int
    closing: int = 0
    contradicted: int = 0
    unverified: int = 0
    unseen: int = 0
    flows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLOWS, 0))
    written_off: int = 0

    def balanced(self) -> bool:
        """Whether the identity holds."""
        moved = sum(-n if flow in OUT else n for flow, n in self.flows.items())
        return self.opening + moved == self.closing


@dataclass(frozen=True, slots=True)
class WriteOff:
    """A claim written off by a role for a reason, until it was taken back."""

    claim: str
    role: str
    reason: str
    at: datetime
    until: datetime | None = None


class State(IntEnum):
    """Where a claim stands in the ledger; kept with results, so numbers are added and never changed."""

    OUTSIDE = 0
    VERIFIED = 1
    PARTIAL = 2
    CONTRADICTED = 3
    UNVERIFIED = 4
    UNSEEN = 5
    PENDING = 6
    CONTRADICTED_WRITTEN_OFF = 7
    UNVERIFIED_WRITTEN_OFF = 8
    WITHDRAWN = 9

    @property
    def owed(self) -> bool:
        """Whether it is debt."""
        return self in {State.CONTRADICTED, State.UNVERIFIED}

    @property
    def written_off(self) -> bool:
        """Whether it would be debt, had nobody written it off."""
        return self in _BEFORE_WRITTEN_OFF


_BEFORE_WRITTEN_OFF = {
    State.CONTRADICTED_WRITTEN_OFF: State.CONTRADICTED,
    State.UNVERIFIED_WRITTEN_OFF: State.UNVERIFIED,
}
_AFTER_WRITTEN_OFF = {owed: off for off, owed in _BEFORE_WRITTEN_OFF.items()}
_STATE_OF = {
    Verdict.VERIFIED: State.VERIFIED,
    Verdict.PARTIAL: State.PARTIAL,
    Verdict.CONTRADICTED: State.CONTRADICTED,
    Verdict.UNVERIFIED: State.UNVERIFIED,
    Verdict.NOT_ASSESSABLE: State.UNSEEN,
    Verdict.PENDING: State.PENDING,
}
_WAY_OUT = {
    State.VERIFIED: "repaid",
    State.OUTSIDE: "written_off",
    State.UNSEEN: "went_out_of_view",
    State.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Age:
    """How old what is owed now is, in days, and how much of it was claimed in which half-year."""

    open: int
    median_days: float | None
    oldest_days: int | None
    oldest: Claim | None
    by_half_year: dict[str, int]


@dataclass(frozen=True, slots=True)
class Course:
    """The state of every claim at the end of every month: worked out once, read for any part.

    Attributes:
        ends: the moments looked at, a first one before the first month and ``until`` as the last.
        claims: the claims, in any order.
        states: a row for each claim, a column for each of ``ends``; values of `State`.
        first: for each claim the first of ``ends`` that does not lie before it was made.
    """

    ends: tuple[datetime, ...]
    claims: Sequence[Claim]
    states: NDArray[np.int8]
    first: NDArray[np.int64]

    def months(
        self,
        chosen: Callable[[Claim], bool] | None = None,
        weight: Callable[[Claim], int] | None = None,
    ) -> list[Month]:
        """Stock and flow of the claims that are ``chosen``, or of all."""
        found = self.by(lambda c: chosen is None or chosen(c), weight)
        return found.get(True) or self._told(np.zeros((len(self.ends), _CELLS)))

    def by(
        self, group: Callable[[Claim], G], weight: Callable[[Claim], int] | None = None
    ) -> dict[G, list[Month]]:
        """Stock and flow of each group of claims, in claims or in whole numbers of a ``weight``."""
        numbers: dict[G, int] = {}
        groups = np.array(
            [numbers.setdefault(group(c), len(numbers)) for c in self.claims], dtype=np.int64
        )
        weights = (
            None if weight is None else np.array([weight(c) for c in self.claims], dtype=float)
        )
        cells = np.stack(
            [self._cells(i, groups, len(numbers), weights) for i in range(len(self.ends))]
        )
        return {one: self._told(cells[:, number]) for one, number in numbers.items()}

    def sized(
        self, weight: Callable[[Claim], int | None], chosen: Callable[[Claim], bool] | None = None
    ) -> tuple[list[Month], list[Month]]:
        """The ledger in size, and beside it the claims without a size, in claims."""
        return (
            self.months(chosen, lambda c: weight(c) or 0),
            self.months(chosen, lambda c: weight(c) is None),
        )

    def age(self, chosen: Callable[[Claim], bool] | None = None) -> Age:
        """How old what is owed at the end is."""
        owed = [
            claim
            for claim, state in zip(self.claims, self.states[:, -1].tolist(), strict=True)
            if State(state).owed and (chosen is None or chosen(claim))
        ]
        until = self.ends[-1]
        days = [(until - c.claimed_at).days for c in owed]
        halves = sorted(half_year(c.claimed_at) for c in owed)
        return Age(
            open=len(owed),
            median_days=float(median(days)) if days else None,
            oldest_days=max(days, default=None),
            oldest=min(owed, key=lambda c: (c.claimed_at, c.repo, c.kind, c.key), default=None),
            by_half_year={half: halves.count(half) for half in dict.fromkeys(halves)},
        )

    def _cells(
        self, i: int, groups: NDArray[np.int64], n: int, weights: NDArray[np.float64] | None
    ) -> NDArray[np.float64]:
        """How much of each group made which move up to the end ``i``."""
        now = self.states[:, i].astype(np.int64)
        old = self.states[:, i - 1].astype(np.int64) if i else np.zeros_like(now)
        cell = ((groups * _STATES + old) * _STATES + now) * 2 + (self.first == i)
        counted = np.bincount(cell, weights, n * _CELLS)
        return counted.astype(np.float64).reshape(n, _CELLS)

    def _told(self, cells: NDArray[np.float64]) -> list[Month]:
        stocks = np.rint(cells @ _STOCKS).astype(np.int64).tolist()
        flows = np.rint(cells @ _FLOWS).astype(np.int64).tolist()
        found = []
        for i in range(1, len(self.ends)):
            contradicted, unverified, unseen, written_off = stocks[i]
            found.append(
                Month(
                    name=f"{self.ends[i - 1]:%Y-%m}",
                    end=self.ends[i],
                    opening=sum(stocks[i - 1][:2]),
                    closing=contradicted + unverified,
                    contradicted=contradicted,
                    unverified=unverified,
                    unseen=unseen,
                    flows=dict(zip(FLOWS, flows[i], strict=True)),
                    written_off=written_off,
                )
            )
        return found


def month_ends(until: datetime, months: int) -> list[datetime]:
    """The last moments of so many months, the last one being ``until`` itself."""
    return [*(months_back(until, back) for back in range(months, -1, -1)), until]


def half_year(moment: datetime) -> str:
    """The half-year of a moment, as in 2026-1."""
    return f"{moment.year}-{1 if moment.month <= 6 else 2}"


def follow(
    claims: Sequence[Claim],
    until: datetime,
    policy: Policy,
    habits: Habits,
    written_off: Mapping[str, Sequence[WriteOff]] | None = None,
) -> Course:
    """The state of every claim at the end of every month the policy looks back.

    Args:
        claims: those of the ledger and, for its opening, those of as many months before it.
        until: the last moment looked at.
        policy: the edition in force.
        habits: what comparable claims normally show.
        written_off: by id of the claim; what was written off after ``until`` counts at ``until``,
            for people tell it later than sources are read.
    """
    ends = month_ends(until, policy.ledger_months)
    ends = ends[:-1] if ends[-1] == ends[-2] else ends  # on the first midnight of a month
    floors = [months_back(end, policy.ledger_months) for end in ends]
    states = np.zeros((len(claims), len(ends)), dtype=np.int8)
    for row, claim in zip(states, claims, strict=True):
        begin, leave = bisect_left(ends, claim.claimed_at), bisect_right(floors, claim.claimed_at)
        settled = settled_at(claim, policy)
        last = min(bisect_left(ends, settled), leave - 1)
        for i in range(begin, last + 1):
            row[i] = _STATE_OF[judge(claim, ends[i], policy, habits).verdict]
        row[last + 1 : leave] = row[last]
        if claim.withdrawn_at is not None:
            row[max(begin, bisect_left(ends, claim.withdrawn_at)) : leave] = State.WITHDRAWN
        if written_off:
            for told in written_off.get(claim.id, ()):
                _write_off(row, ends, told)
    first = np.array([bisect_left(ends, c.claimed_at) for c in claims], dtype=np.int64)
    return Course(tuple(ends), claims, states, first)


def ledger(claims: Sequence[Claim], until: datetime, policy: Policy, habits: Habits) -> list[Month]:
    """Stock and flow of all claims over the months the policy looks back."""
    return follow(claims, until, policy, habits).months()


def _write_off(row: NDArray[np.int8], ends: list[datetime], told: WriteOff) -> None:
    last = ends[-1]
    for i in range(bisect_left(ends, min(told.at, last)), len(ends)):
        if told.until is not None and min(told.until, last) <= ends[i]:
            break
        row[i] = _AFTER_WRITTEN_OFF.get(State(row[i]), row[i])


def _moves(old: State, now: State, *, fresh: bool) -> list[tuple[str, int]]:
    """Through which doors a claim went between two looks; ``fresh`` when it was made between them."""
    if now.written_off:
        owed = _BEFORE_WRITTEN_OFF[now]
        into = [] if old.owed or old.written_off else [(_way_in(old, owed, fresh=fresh), 1)]
        return [] if old.written_off else [*into, ("written_off", 1)]
    if old.owed == now.owed:
        return []
    if now.owed:
        return [(_way_in(old, now, fresh=fresh), 1)]
    flow = _WAY_OUT.get(now, "restated")
    return [(flow, -1 if flow == "restated" else 1)]


def _way_in(old: State, now: State, *, fresh: bool) -> str:
    matured = old is State.PENDING and now is State.UNVERIFIED
    if fresh or matured:
        return "new"
    if old.written_off:
        return "restated"
    if now is State.CONTRADICTED:
        return "contradicted_later"
    return "came_into_view" if old is State.UNSEEN else "restated"


def _stocked(now: State) -> tuple[int, int, int, int]:
    """Contradicted, unverified, unseen, written off by hand."""
    return (
        now is State.CONTRADICTED,
        now is State.UNVERIFIED,
        now is State.UNSEEN,
        now.written_off,
    )


def _flowed(old: State, now: State, *, fresh: bool) -> list[int]:
    moves = dict(_moves(old, now, fresh=fresh))
    return [moves.get(flow, 0) for flow in FLOWS]


_STATES = len(State)
_CELLS = _STATES * _STATES * 2
_KINDS_OF_MOVE = [(old, now, fresh) for old in State for now in State for fresh in (False, True)]
_STOCKS = np.array([_stocked(now) for _, now, _ in _KINDS_OF_MOVE], dtype=float)
_FLOWS = np.array(
    [_flowed(old, now, fresh=fresh) for old, now, fresh in _KINDS_OF_MOVE], dtype=float
)
