"""Waiting times of which some are still waiting: Kaplan-Meier [KaplanMeier1958].

Open items carry information: they have waited at least this long. Leaving them out makes a true
median of 10 days look like 7.8 when a quarter of the items is open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trueup.stats import _checks, _limits
from trueup.stats.intervals import Interval, share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from trueup.stats._checks import FloatArray, IntArray

# Products of fractions meet a round level only up to rounding.
TOUCH = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The share still waiting after each time; all arrays have one entry per distinct duration.

    ``times`` ascend and include those at which items only left our sight. ``survival`` is the share
    still waiting just after, ``at_risk`` the items that had waited so long and were still watched,
    ``events`` those that ended then. ``n`` counts all items.
    """

    times: FloatArray
    survival: FloatArray
    at_risk: IntArray
    events: IntArray
    n: int

    @property
    def last(self) -> float:
        """The longest time anything was watched."""
        return float(self.times[-1])


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of waiting times with limits; None means it lies beyond what was watched."""

    value: float | None
    low: float | None
    high: float | None


def kaplan_meier(
    durations: ArrayLike, observed: ArrayLike, counts: ArrayLike | None = None
) -> Curve:
    """The survival curve of waiting times, open items included [KaplanMeier1958].

    An item whose end was not seen counts as waiting until its duration, and is still at risk for
    events at that very time. Items must not be more likely to drop out because they take long.

    Args:
        durations: how long each item waited so far, from 0 up, in one unit of time.
        observed: whether the end was seen (True) or the item is still open (False).
        counts: how many items each entry stands for (a histogram made elsewhere), whole numbers.

    Raises:
        ValueError: for no items, different lengths, negative or non-finite durations.

    >>> c = kaplan_meier([2, 4, 4, 6], [True, True, False, True])
    >>> c.times.tolist(), c.survival.round(3).tolist()
    ([2.0, 4.0, 6.0], [0.75, 0.5, 0.0])
    >>> kaplan_meier([2, 4], [1, 0], [30, 10]).survival.tolist()
    [0.25, 0.25]
    """
    waited = _checks.non_negative(durations, "durations")
    ended = _flags(observed)
    weights = _ones(waited) if counts is None else _checks.whole_counts(counts, "counts")
    if not waited.size == ended.size == weights.size:
        sizes = f"{waited.size} durations, {ended.size} observed flags, {weights.size} counts"
        raise ValueError(f"lengths differ: {sizes}")
    n = int(weights.sum())
    if n == 0:
        raise ValueError("all counts are 0: there is nothing to wait for")
    used = weights > 0
    times, place = np.unique(waited[used], return_inverse=True)
    leaving = _tally(place, weights[used], times.size)
    events = _tally(place, weights[used] * ended[used], times.size)
    at_risk = n - np.concatenate(([0], np.cumsum(leaving)[:-1]))
    return Curve(times, np.cumprod(1 - events / at_risk), at_risk, events, n)


def quantile(curve: Curve, q: float = 0.5, *, level: float = 0.90) -> Quantile | None:
    """The time by which a share ``q`` has ended, with its log(-log) interval [BrookmeyerCrowley1982].

    Where the curve runs level at exactly ``1 - q`` the middle of that stretch is meant. Limits are
    the times at which the pointwise bands cross ``1 - q``.

    Returns:
        None when fewer than ``q`` ended within what was watched; otherwise a ``Quantile`` whose
        ``high`` is None when the upper band never gets down to it (at least so long, perhaps more).

    Raises:
        ValueError: for a ``q`` or level outside 0..1.

    >>> c = kaplan_meier([1, 2, 3, 4, 5], [1, 1, 1, 1, 0])
    >>> quantile(c).value
    3.0
    >>> quantile(c, 0.9) is None
    True
    """
    if not 0.0 < q < 1.0:
        raise ValueError(f"q must lie between 0 and 1, got {q!r}")
    level = _checks.checked_level(level)
    value = _crossing_time(curve, 1 - q)
    if value is None:
        return None
    lower, upper = _bands(curve, level)
    low = _first_at_most(curve.times, lower, 1 - q)
    high = _first_at_most(curve.times, upper, 1 - q)
    return Quantile(
        value,
        low if low is None else min(low, value),
        high if high is None else max(high, value),
    )


def survival_at(curve: Curve, t: float, *, level: float = 0.90) -> Interval:
    """The share still waiting after time ``t``, with its log(-log) interval [BorganLiestol1990].

    Before the first event, and after everything ended, the score interval of the items at risk
    stands in, so it never has zero width.

    Raises:
        ValueError: for a negative ``t``, or one longer than anything was watched while items
            were still waiting: nobody can know.

    >>> half = survival_at(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]), 2.5)
    >>> half.value, 0 < half.low < 0.5 < half.high < 1
    (0.5, True)
    """
    level = _checks.checked_level(level)
    if not (math.isfinite(t) and t >= 0):
        raise ValueError(f"t must be finite and not negative, got {t!r}")
    if t > curve.last and curve.survival[-1] > 0:
        raise ValueError(f"nothing was watched for longer than {curve.last:g}, asked for {t:g}")
    step = int(np.searchsorted(curve.times, t, side="right")) - 1
    value = 1.0 if step < 0 else float(curve.survival[step])
    if value == 0:
        ending = int(np.flatnonzero(curve.survival == 0)[0])
        return share(0, int(curve.at_risk[ending]), level=level)
    if value == 1:
        watched = int(curve.at_risk[np.searchsorted(curve.times, t, side="left")])
        return share(watched, watched, level=level)
    lower, upper = _bands(curve, level)
    return Interval.around(value, float(lower[step]), float(upper[step]))


def _bands(curve: Curve, level: float) -> tuple[FloatArray, FloatArray]:
    """Pointwise limits of the curve, by Greenwood's variance on the log(-log) scale [Greenwood1926]."""
    lower, upper = curve.survival.copy(), curve.survival.copy()
    inside = (curve.survival > 0) & (curve.survival < 1)
    at_risk, events = curve.at_risk[inside], curve.events[inside]
    logs = np.log(curve.survival[inside])
    # no event happened before the first entry inside, so sums may start there
    greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
    reach = _limits.normal_multiplier(level) * np.sqrt(greenwood) / np.abs(logs)
    lower[inside] = np.exp(logs * np.exp(reach))
    upper[inside] = np.exp(logs * np.exp(-reach))
    # at 0 the variance is undefined: the upper band stays where it was, unknown
    ended = curve.survival == 0
    upper[ended] = upper[inside][-1] if inside.any() else 1.0
    return lower, upper


def _crossing_time(curve: Curve, target: float) -> float | None:
    at = _first_at_most(curve.times, curve.survival, target)
    if at is None:
        return None
    flat = np.abs(curve.survival - target) <= TOUCH
    below = np.flatnonzero(curve.survival < target - TOUCH)
    if flat.any() and below.size:
        return (at + float(curve.times[below[0]])) / 2
    return at


def _first_at_most(times: FloatArray, heights: FloatArray, target: float) -> float | None:
    found = np.flatnonzero(heights <= target + TOUCH)
    return float(times[found[0]]) if found.size else None


def _flags(observed: ArrayLike) -> NDArray[np.bool_]:
    flags = _checks.series(observed, "observed")
    if ((flags != 0) & (flags != 1)).any():
        raise ValueError("observed must hold only True and False")
    return flags.astype(np.bool_)


def _ones(like: FloatArray) -> IntArray:
    return np.ones(like.size, dtype=np.int64)


def _tally(place: IntArray, weights: IntArray, size: int) -> IntArray:
    """Whole-number sums per place; exact, which float weights of bincount are only to 2**53."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, place, weights)
    return sums
