"""Slow degradation: as much is reported done as before, and less and less of it is verified.

For each repository, month by month: of what was reported done in a month, how much was verified when
it was as old as the policy lets it become; so old and new months are compared at equal age, and months
too young for that are left out. The last 12 months are set against the 24 before them by a one-sided
cumulative sum [Page1954] of what each month falls short, on the angular scale [Anscombe1948] and in
units of the spread of those 24 months, chance and more than chance [DerSimonianLaird1986].

The alarm is looked at once a month. Its bound was set by simulation, so that where nothing changes it
begins at most once in 20 years of a repository, even where the share itself wanders from month to month
(a correlation of .1 between items of a month) and half of that stays for the next. What was tried, and
the power: docs/decisions/2026-11-22-ledger-and-alarms.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from trueup.claims.model import Claim, Kind, Verdict
from trueup.claims.policy import Policy, judge
from trueup.kernel.clock import months_back

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from numpy.typing import ArrayLike, NDArray

    from trueup.claims.habits import Habits

    Floats = NDArray[np.float64]

#: False alarms for each series and year that we allow ourselves: one in twenty years.
BUDGET = 0.05
REFERENCE, WATCHED = 24, 12
#: Above it the alarm is on. Our choice with the three below it, by the simulation of `tests/claims`.
BOUND = 3.5
#: What a month may fall short, in units of its spread, before it adds to the sum.
ALLOWANCE = 0.75
#: How much of a month the next one remembers (.2 to .4 in public repositories).
MEMORY = 0.3
#: The spread is taken this sure not to be too small.
SPREAD_LEVEL = 0.8
#: Fewer months or items of the reference than this tell no spread.
LEAST_MONTHS, LEAST_ITEMS = 18, 60
#: Activity is flat or up when it is at least this part of what it was.
FLAT = 0.8


class Sign(StrEnum):
    """What a series shows."""

    FALLS = "falls"
    FALLS_WITH_ACTIVITY = "falls_with_activity"
    NONE = "none"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True)
class Cohort:
    """What was reported done in a month, and how much of it was verified at equal age."""

    month: datetime
    made: int
    verified: int


@dataclass(frozen=True, slots=True)
class Degradation:
    """One repository: what its last 12 mature months show against the 24 before.

    Attributes:
        since: first month of what falls short; nothing where nothing does. ``months`` counts from there
            to the last mature one, or all 12.
        sum: the cumulative sum after the last month, in units of spread; an alarm above `BOUND`.
        made_before, verified_before: items of the 24 months; ``made_now``, ``verified_now`` of the
            months since, or of all 12 where nothing falls short.
        activity: items a month in the last 12 months over those in the 24 before.
    """

    repo: str
    sign: Sign
    since: datetime | None = None
    months: int = 0
    sum: float = 0.0
    made_before: int = 0
    verified_before: int = 0
    made_now: int = 0
    verified_now: int = 0
    activity: float = 0.0
    reason: str = ""


def degradations(
    claims: Iterable[Claim], until: datetime, policy: Policy, habits: Habits
) -> list[Degradation]:
    """What each repository shows, by name."""
    found = cohorts(claims, until, policy, habits)
    return [watch(repo, found[repo]) for repo in sorted(found)]


def cohorts(
    claims: Iterable[Claim], until: datetime, policy: Policy, habits: Habits
) -> dict[str, list[Cohort]]:
    """Mature months of each repository, from its first claim on, the empty ones among them.

    Entries of release notes are left out: they are verified at once or not at all.
    """
    age = timedelta(days=policy.survive)
    last = months_back(until - age, 0)  # the month it begins is not whole, or not old enough
    by_repo: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind is not Kind.RELEASE_NOTE and claim.claimed_at < last:
            by_repo[claim.repo].append(claim)
    return {repo: _months(told, last, age, policy, habits) for repo, told in by_repo.items()}


def watch(repo: str, series: list[Cohort]) -> Degradation:
    """What the newest months of a series show."""
    if len(series) < REFERENCE + WATCHED:
        need = REFERENCE + WATCHED
        reason = f"{len(series)} months are old enough to compare; it takes {need}"
        return Degradation(repo, Sign.TOO_LITTLE, reason=reason)
    series = series[-REFERENCE - WATCHED :]
    before, now = series[:REFERENCE], series[REFERENCE:]
    made = sum(c.made for c in before)
    if made < LEAST_ITEMS or sum(c.made > 0 for c in before) < LEAST_MONTHS:
        reason = f"{made} items in {REFERENCE} months are too few to know their usual spread"
        return Degradation(repo, Sign.TOO_LITTLE, reason=reason)
    path = shortfall([c.made for c in series], [c.verified for c in series])
    start = max((i + 1 for i, value in enumerate(path) if value == 0), default=0)
    activity = sum(c.made for c in now) * REFERENCE / (made * WATCHED)
    alarm = path[-1] > BOUND
    sign = (Sign.FALLS if activity >= FLAT else Sign.FALLS_WITH_ACTIVITY) if alarm else Sign.NONE
    since = now[start:] if alarm else now
    return Degradation(
        repo=repo,
        sign=sign,
        since=since[0].month if alarm else None,
        months=len(since),
        sum=float(path[-1]),
        made_before=made,
        verified_before=sum(c.verified for c in before),
        made_now=sum(c.made for c in since),
        verified_now=sum(c.verified for c in since),
        activity=activity,
    )


def shortfall(made: ArrayLike, verified: ArrayLike) -> Floats:
    """The cumulative sum over the last 12 of 36 months, for one series or for many at once.

    Args:
        made: whole numbers, the last axis being 36 months.
        verified: as many, none larger than ``made``.

    Returns:
        Numbers from 0 up, the last axis being 12 months.
    """
    from scipy.stats import chi2

    n, k = np.asarray(made, dtype=float), np.asarray(verified, dtype=float)
    angle = np.arcsin(np.sqrt((k + 0.375) / (n + 0.75)))
    chance = np.where(n > 0, 4 * n + 2, 0.0)  # one over the variance of an angle by chance alone
    old = np.s_[..., :REFERENCE]
    spread = _spread(angle[old], chance[old])[..., None]
    weight = np.divide(chance, 1 + chance * spread)
    total = np.maximum(weight[old].sum(-1), 1e-9)
    mean = (weight[old] * angle[old]).sum(-1) / total
    months = np.maximum((n[old] > 0).sum(-1), 2)
    seen = (weight[old] * (angle[old] - mean[..., None]) ** 2).sum(-1)
    wide = np.maximum(1, seen / chi2.ppf(1 - SPREAD_LEVEL, months - 1))
    wide = wide * (1 + MEMORY) / (1 - MEMORY)
    # The mean of the reference is itself known within an error: one of its errors is given away.
    base = (mean - np.sqrt(wide / total))[..., None]
    short = np.sqrt(weight / wide[..., None]) * (base - angle)
    steps = np.where(n > 0, short - ALLOWANCE, 0.0)[..., REFERENCE:]
    path = np.zeros_like(steps)
    for i in range(steps.shape[-1]):
        path[..., i] = np.maximum(0, (path[..., i - 1] if i else 0) + steps[..., i])
    return path


def _spread(angle: Floats, chance: Floats) -> Floats:
    """Variance between months beyond chance, by moments."""
    total = np.maximum(chance.sum(-1), 1e-9)
    mean = (chance * angle).sum(-1) / total
    seen = (chance * (angle - mean[..., None]) ** 2).sum(-1)
    freedom = np.maximum((chance > 0).sum(-1) - 1, 1)
    scale = np.maximum(total - (chance**2).sum(-1) / total, 1e-9)
    found: Floats = np.maximum(0, (seen - freedom) / scale)
    return found


def _months(
    claims: list[Claim], last: datetime, age: timedelta, policy: Policy, habits: Habits
) -> list[Cohort]:
    first = min(c.claimed_at for c in claims)
    span = (last.year - first.year) * 12 + last.month - first.month
    starts = [months_back(last, back) for back in range(span, 0, -1)]
    made, verified = [0] * span, [0] * span
    for claim in claims:
        i = bisect_right(starts, claim.claimed_at) - 1
        if claim.withdrawn(claim.claimed_at + age):
            continue
        found = judge(claim, claim.claimed_at + age, policy, habits).verdict
        made[i] += 1
        verified[i] += found is Verdict.VERIFIED
    return [Cohort(*told) for told in zip(starts, made, verified, strict=True)]
