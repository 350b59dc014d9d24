"""Intervals of shares, rates, differences and medians that hold at small n.

What was compared, and how often each covers: docs/decisions/2026-11-21-statistics.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trueup.stats import _checks, _limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and the limits it lies between, all finite and in the same unit.

    >>> Interval(0.5, 0.25, 0.75).width
    0.5
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(x) for x in (self.value, self.low, self.high)):
            raise ValueError(f"an interval needs finite numbers, got {self._shown}")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"an interval must enclose its value, got {self._shown}")

    @classmethod
    def around(cls, value: float, low: float, high: float) -> Interval:
        """An interval widened, where it must be, to enclose its value.

        For limits that come out beside the value by rounding, or because the value is signed and
        the limits are not.

        >>> Interval.around(-0.1, 0.0, 0.3)
        Interval(value=-0.1, low=-0.1, high=0.3)
        """
        value = float(value)
        return cls(value, min(float(low), value), max(float(high), value))

    @property
    def width(self) -> float:
        """From the lower limit to the upper one."""
        return self.high - self.low

    @property
    def _shown(self) -> str:
        return f"{self.low} .. {self.value} .. {self.high}"


def share(successes: int, n: int, *, level: float = 0.90) -> Interval:
    """A share of ``n`` independent items with its score interval [Wilson1927].

    Chosen over Jeffreys, mid-P and Clopper-Pearson by exact coverage at n 5..200, as
    [BrownCaiDasGupta2001] advise at small n. The 90 % interval covers 0.905 on average; counts are
    discrete, so in one cell of nine it covers less than 0.87, at worst 0.79 (true shares 0.02..0.98).

    Args:
        successes: items that have the property, 0..n.
        n: items looked at, at least 1.
        level: two-sided coverage aimed at.

    Raises:
        ValueError: for n = 0 (a share of nothing is unknown, not 0) or counts that cannot be.

    >>> half = share(5, 10)
    >>> half.value, round(half.low, 3), round(half.high, 3)
    (0.5, 0.269, 0.731)
    >>> round(share(0, 10).high, 3)
    0.213
    """
    successes, n = _trials(successes, n)
    multiplier = _limits.normal_multiplier(_checks.checked_level(level))
    value = successes / n
    return Interval.around(value, *_limits.score_limits_of_share(value, n, multiplier))


def lower_bound_share(successes: int, n: int, *, level: float = 0.95) -> float:
    """The exact one-sided lower bound of a share [ClopperPearson1934].

    It covers at least ``level``, always: for rules that must not be met by luck (is this a habit
    here, is this rule precise enough), where erring to the careful side costs least.

    Raises:
        ValueError: for n = 0 or counts that cannot be.

    >>> round(lower_bound_share(10, 10, level=0.90), 4), round(0.1 ** (1 / 10), 4)
    (0.7943, 0.7943)
    >>> lower_bound_share(0, 10)
    0.0
    """
    successes, n = _trials(successes, n)
    level = _checks.checked_level(level)
    if successes == 0:
        return 0.0
    from scipy.special import betaincinv

    return float(betaincinv(successes, n - successes + 1, 1 - level))


def rate(events: int, exposure: float, *, level: float = 0.90) -> Interval:
    """Events per unit of exposure, with the score interval of a Poisson rate [Barker2002].

    Events must be independent; clumped ones (several per incident) need ``ratio_of_sums``.

    Args:
        events: how many happened, from 0 up.
        exposure: time, size or opportunities they could happen in, above 0; gives the unit.
        level: two-sided coverage aimed at.

    Raises:
        ValueError: for an exposure that is not positive, or a negative or broken count.

    >>> four = rate(4, 2.0)
    >>> four.value, round(four.low, 2), round(four.high, 2)
    (2.0, 0.9, 4.45)
    >>> round(rate(0, 1.0).high, 2)
    2.71
    """
    events = _checks.whole(events, "events")
    if not (math.isfinite(exposure) and exposure > 0):
        raise ValueError(f"exposure must be positive and finite, got {exposure!r}")
    multiplier = _limits.normal_multiplier(_checks.checked_level(level))
    value = events / exposure
    if events == 0:
        return Interval(0.0, 0.0, multiplier * multiplier / exposure)
    return Interval.around(value, *_limits.score_limits_of_mean(value, events, multiplier))


def difference_of_shares(k1: int, n1: int, k2: int, n2: int, *, level: float = 0.90) -> Interval:
    """The first share minus the second, by the hybrid score method [Newcombe1998].

    The two samples must be independent of each other. Range -1..1.

    Raises:
        ValueError: for an empty sample or counts that cannot be.

    >>> d = difference_of_shares(8, 10, 4, 10)
    >>> round(d.value, 3), round(d.low, 3), round(d.high, 3)
    (0.4, 0.041, 0.644)
    """
    first = share(k1, n1, level=level)
    second = share(k2, n2, level=level)
    return difference_of(first, second)


def difference_of(first: Interval, second: Interval) -> Interval:
    """The first value minus the second, when both are independent [ZouDonner2008].

    Each limit borrows the distances that matter on its own side, so asymmetric intervals keep
    their shape and no common scale has to be chosen. Both must be of the same level.

    >>> d = difference_of(Interval(9, 6, 13), Interval(5, 2, 9))
    >>> d.value, d.low, d.high
    (4.0, -1.0, 9.0)
    """
    value = first.value - second.value
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    return Interval.around(value, value - below, value + above)


def median(values: ArrayLike, *, level: float = 0.90) -> Interval:
    """The median of independent values, with its order-statistic interval.

    Free of any assumption on the shape; limits are interpolated between order statistics so that
    the interval neither under- nor over-covers at small n [HettmanspergerSheather1986].
    For waiting times with open items use ``survival.quantile``.

    Args:
        values: one-dimensional, finite, at least 5, in any unit.
        level: two-sided coverage aimed at; 5 values reach at most 0.9375.

    Raises:
        ValueError: for fewer than 5 values, or too few for the level.

    >>> m = median([1, 2, 3, 4, 5])
    >>> m.value, round(m.low, 2), round(m.high, 2)
    (3.0, 1.35, 4.65)
    """
    ordered = np.sort(_checks.series(values, "values", least=5))
    limits = _limits.central_order_limits(ordered, _checks.checked_level(level))
    return Interval.around(float(np.median(ordered)), *limits)


def _trials(successes: int, n: int) -> tuple[int, int]:
    n = _checks.whole(n, "n", least=1)
    successes = _checks.whole(successes, "successes")
    if successes > n:
        raise ValueError(f"successes must not exceed n, got {successes} of {n}")
    return successes, n
