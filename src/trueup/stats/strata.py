"""A share of a finite population, estimated from a random sample of each of its strata."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from trueup.stats import _checks
from trueup.stats.intervals import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Stratum:
    """What is known of one stratum.

    Args:
        size: items there are, at least 1.
        sampled: items of a simple random sample that were looked at.
        having: of these, how many have the property.
        undecided: of these, how many may have it or not.
    """

    size: int
    sampled: int
    having: int
    undecided: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.having + self.undecided <= self.sampled <= self.size or self.size < 1:
            raise ValueError(f"these counts cannot be: {self}")

    @property
    def decided(self) -> int:
        """Items of which it is known."""
        return self.sampled - self.undecided


def share_of_strata(strata: Sequence[Stratum], *, level: float = 0.90) -> Interval | None:
    """The share of all items that have the property; nothing while a stratum has no decided item.

    The value is that of [HorvitzThompson1952]: every decided item stands for as many as its stratum holds
    for each of them. It is unbiased however unevenly strata were sampled, as long as undecided items are
    like the others; nobody knows that, so the limits reach from none of them having the property to all.
    Chance is added by the distances of each stratum's own limits (the method of variance estimates
    recovery, [ZouDonner2008]), Jeffreys' of [BrownCaiDasGupta2001] for a finite population. What else was
    compared, and how often each covers: docs/decisions/2026-11-21-audit-sample.md.

    Args:
        strata: each at least once, together the whole population.
        level: two-sided coverage aimed at.

    Raises:
        ValueError: there is no stratum.

    >>> half = share_of_strata([Stratum(90, 10, 0), Stratum(10, 10, 10)])
    >>> half.value, round(half.low, 3), round(half.high, 3)
    (0.1, 0.1, 0.24)
    """
    if not strata:
        raise ValueError("a share of nothing is unknown")
    if not all(stratum.decided for stratum in strata):
        return None
    tail = (1 - _checks.checked_level(level)) / 2
    everything = sum(stratum.size for stratum in strata)
    value = least = most = below = above = 0.0
    for stratum in strata:
        weight = stratum.size / everything
        fewest, many = stratum.having, stratum.having + stratum.undecided
        value += weight * stratum.having / stratum.decided
        least += weight * fewest / stratum.sampled
        most += weight * many / stratum.sampled
        low, _ = _limits_of(stratum, fewest, tail)
        _, high = _limits_of(stratum, many, tail)
        below += (weight * (fewest / stratum.sampled - low)) ** 2
        above += (weight * (high - many / stratum.sampled)) ** 2
    low, high = max(0.0, least - math.sqrt(below)), min(1.0, most + math.sqrt(above))
    return Interval.around(value, low, high)


@lru_cache(maxsize=1024)
def _limits_of(stratum: Stratum, having: int, tail: float) -> tuple[float, float]:
    """Between which shares of the stratum all but the tails lie, of what is not seen as of what is."""
    own = having / stratum.sampled
    unseen = stratum.size - stratum.sampled
    if not unseen:
        return own, own
    from scipy.stats import betabinom

    others = betabinom(unseen, having + 0.5, stratum.sampled - having + 0.5)
    fewer = np.cumsum(others.pmf(np.arange(unseen + 1)))
    low, high = ((having + int(np.searchsorted(fewer, p))) / stratum.size for p in (tail, 1 - tail))
    # Counts are whole, so that a limit may lie beyond what was seen.
    return min(own, low), max(own, high)
