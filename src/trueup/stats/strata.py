"""A share of a finite population, estimated from a random sample of each of its strata."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.stats import _checks, _limits
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
    for each of them, so that it is unbiased however unevenly strata were sampled. The limits combine those
    of the strata by their distances from the value (the method of variance estimates recovery,
    [ZouDonner2008]); a stratum's are score limits [Wilson1927] for a finite population, from all undecided
    items not having the property to all having it.

    Args:
        strata: each at least once, together the whole population.
        level: two-sided coverage aimed at.

    Raises:
        ValueError: there is no stratum.

    >>> half = share_of_strata([Stratum(90, 10, 0), Stratum(10, 10, 10)])
    >>> half.value, round(half.low, 3), round(half.high, 3)
    (0.1, 0.1, 0.276)
    """
    if not strata:
        raise ValueError("a share of nothing is unknown")
    if not all(stratum.decided for stratum in strata):
        return None
    multiplier = _limits.normal_multiplier(_checks.checked_level(level))
    everything = sum(stratum.size for stratum in strata)
    value = below = above = 0.0
    for stratum in strata:
        weight = stratum.size / everything
        own = stratum.having / stratum.decided
        low, high = _limits_of(stratum, multiplier)
        value += weight * own
        below += (weight * (own - min(low, own))) ** 2
        above += (weight * (max(high, own) - own)) ** 2
    return Interval.around(
        value, max(0.0, value - math.sqrt(below)), min(1.0, value + math.sqrt(above))
    )


def _limits_of(stratum: Stratum, multiplier: float) -> tuple[float, float]:
    """Score limits; a sample of a small population tells more, of all of it everything."""
    least = stratum.having / stratum.sampled
    most = (stratum.having + stratum.undecided) / stratum.sampled
    if stratum.sampled == stratum.size:
        return least, most
    worth = stratum.sampled * (stratum.size - 1) / (stratum.size - stratum.sampled)
    low, _ = _limits.score_limits_of_share(least, worth, multiplier)
    _, high = _limits.score_limits_of_share(most, worth, multiplier)
    return low, high
