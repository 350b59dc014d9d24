"""Ratios of weekly sums, means of weeks, and how much weeks vary.

Weeks are the sampling unit: what happens within one is not independent, and neighbouring weeks
resemble each other a little. Bootstrapping weeks covers 0.75-0.83 of nominal 0.90 at 13 weeks, which
is why the linearised variance stands here, with Student's t and a shrunken autocorrelation.
Coverage by simulation: docs/decisions/2026-11-21-statistics.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trueup.stats import _checks, _limits
from trueup.stats.intervals import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from trueup.stats._checks import FloatArray

# Our choices, docs/decisions/2026-11-21-statistics.md: what was believed about the autocorrelation
# beforehand weighs like this many weeks, and what follows from it is capped (a factor of 9).
PRIOR_WEEKS = 26
MAX_AUTOCORRELATION = 0.8

# Makes the median absolute deviation of normal values their standard deviation [Hampel1974].
NORMAL_MAD = 1.4826


@dataclass(frozen=True, slots=True)
class _Linearised:
    """A ratio of sums with the variance of its linear approximation."""

    value: float
    variance: float
    weeks: int
    total: float


def ratio_of_sums(
    numerators: ArrayLike,
    denominators: ArrayLike,
    *,
    level: float = 0.90,
    shrink_to: float = 0.2,
) -> Interval:
    """The sum of weekly numerators over the sum of weekly denominators, never a mean of ratios.

    **Definition.** ``R = sum N / sum D``, residuals ``e_w = N_w - R D_w``, and, with W the weeks that
    hold anything, ``var R = W/(W-1) * sum e^2 / (sum D)^2 * (1+r)/(1-r)`` [Cochran1977].
    ``r`` is the lag-1 autocorrelation of the residuals, corrected for its small-sample bias
    [Kendall1954], pulled towards ``shrink_to`` and kept within 0..0.8 (our choice,
    docs/decisions/2026-11-21-statistics.md). Limits use Student's t with W-1 degrees of freedom
    and take the variance at the limit, not at the estimate: for a share (every ``0 <= N_w <= D_w``)
    as Wilson does, with the effective number of items that ``var R`` implies [Franco2019]; for
    other non-negative numerators as a Poisson mean; for signed ones they are ``R +- t * se``.

    **When weeks do not differ at all** (no event, only events, a constant ratio, one week that holds
    anything) the variance says nothing. A share then falls back to the score interval of ``sum D``
    items, so for shares let denominators be counts; other numerators are taken for one event per week.

    **When it is wrong.** Strongly skewed sums (a week holds half of everything) are covered 0.85-0.89
    of the time, weekly figures with an autocorrelation of 0.4 0.83-0.89. Rates that by accident never
    exceed one per unit are read as shares, and their upper limit ends at 1.

    Args:
        numerators: one number per week, in order of time.
        denominators: the same, from 0 up; weeks of 0 are allowed.
        level: two-sided coverage aimed at.
        shrink_to: the autocorrelation expected before looking, 0..0.8.

    Raises:
        ValueError: for different lengths, fewer than 2 weeks, denominators that are negative
            or all 0, or numbers that are not finite.

    >>> half = ratio_of_sums([1, 2, 3, 2], [4, 4, 4, 4])
    >>> half.value, half.low < 0.5 < half.high
    (0.5, True)
    >>> none = ratio_of_sums([0, 0, 0], [3, 4, 3])
    >>> none.value, round(none.high, 3)
    (0.0, 0.213)
    """
    tops = _checks.series(numerators, "numerators", least=2)
    bottoms = _checks.non_negative(denominators, "denominators", least=2)
    if tops.size != bottoms.size:
        raise ValueError(f"{tops.size} numerators do not match {bottoms.size} denominators")
    if not bottoms.any():
        raise ValueError("all denominators are 0: a ratio to nothing is unknown, not 0")
    ratio = _linearised(tops, bottoms, shrink_to)
    is_share = bool(((tops >= 0) & (tops <= bottoms)).all())
    if is_share:
        return Interval.around(ratio.value, *_share_limits(ratio, level))
    return Interval.around(ratio.value, *_mean_limits(ratio, level, signed=bool((tops < 0).any())))


def mean_of_weeks(values: ArrayLike, *, level: float = 0.90, shrink_to: float = 0.2) -> Interval:
    """The mean of a weekly series, with the interval of ``ratio_of_sums`` over weeks of weight 1.

    Never read as a share: weekly shares of unequal size need ``ratio_of_sums``.
    A series of zeros is taken for a count, of which at most a few could have been missed.

    Args:
        values: one number per week, in order of time, at least 2; any unit.
        level: two-sided coverage aimed at.
        shrink_to: the autocorrelation expected before looking, 0..0.8.

    Raises:
        ValueError: for fewer than 2 weeks or numbers that are not finite.

    >>> m = mean_of_weeks([4, 6, 5, 5, 6, 4])
    >>> m.value, 4.0 < m.low < 4.5, 5.5 < m.high < 6.0
    (5.0, True, True)
    """
    weekly = _checks.series(values, "values", least=2)
    mean = _linearised(weekly, np.ones_like(weekly), shrink_to)
    return Interval.around(mean.value, *_mean_limits(mean, level, signed=bool((weekly < 0).any())))


def robust_cv(values: ArrayLike, *, level: float = 0.90) -> Interval:
    """How much weeks vary: 1.4826 times the median absolute deviation, over the median [Hampel1974].

    One freak week does not move it. The interval is the order-statistic interval of the absolute
    deviations, divided by the median; it needs no random numbers. It covers 0.85-0.91 for continuous
    weeks from W = 6 up, where bootstraps gave 0.66-0.99. Small weekly counts (a mean of 5 or less) are
    covered 0.75-0.84, for there the true value itself jumps. The value is about 17 % too small at
    W = 6, 7 % at 13 and 1 % at 52. A series of which more than half is one number varies by 0, and
    its interval may be 0..0.

    Args:
        values: one number per week, from 0 up, at least 5, with a median above 0; any unit.
        level: two-sided coverage aimed at.

    Raises:
        ValueError: for fewer than 5 weeks, negative values, or a median of 0.

    >>> cv = robust_cv([8, 9, 10, 11, 12])
    >>> round(cv.value, 4), round(1.4826 * 1 / 10, 4)
    (0.1483, 0.1483)
    """
    weekly = _checks.non_negative(values, "values", least=5)
    centre = float(np.median(weekly))
    if centre <= 0:
        raise ValueError("the median week is 0: variation relative to it is undefined")
    deviations = np.sort(np.abs(weekly - centre))
    low, high = _limits.central_order_limits(deviations, _checks.checked_level(level))
    scale = NORMAL_MAD / centre
    return Interval.around(scale * float(np.median(deviations)), scale * low, scale * high)


def _linearised(tops: FloatArray, bottoms: FloatArray, shrink_to: float) -> _Linearised:
    if not 0.0 <= shrink_to <= MAX_AUTOCORRELATION:
        raise ValueError(f"shrink_to must lie within 0..{MAX_AUTOCORRELATION}, got {shrink_to!r}")
    total = float(bottoms.sum())
    value = float(tops.sum()) / total
    residuals = tops - value * bottoms
    # weeks without anything say nothing about the variation between weeks
    weeks = int(np.count_nonzero((bottoms > 0) | (tops != 0)))
    squares = float(residuals @ residuals)
    # what remains of a constant ratio is rounding
    if weeks < 2 or squares <= (1e-12 * float(np.abs(tops).sum())) ** 2:
        return _Linearised(value, 0.0, weeks, total)
    r = _autocorrelation(residuals, squares, weeks, shrink_to)
    variance = weeks / (weeks - 1) * squares / total**2 * (1 + r) / (1 - r)
    return _Linearised(value, variance, weeks, total)


def _autocorrelation(residuals: FloatArray, squares: float, weeks: int, shrink_to: float) -> float:
    seen = float(residuals[1:] @ residuals[:-1]) / squares
    unbiased = seen + (1 + 3 * seen) / weeks
    shrunk = (weeks * unbiased + PRIOR_WEEKS * shrink_to) / (weeks + PRIOR_WEEKS)
    return min(max(shrunk, 0.0), MAX_AUTOCORRELATION)


def _share_limits(ratio: _Linearised, level: float) -> tuple[float, float]:
    if ratio.variance == 0:
        multiplier = _limits.normal_multiplier(_checks.checked_level(level))
        return _limits.score_limits_of_share(ratio.value, ratio.total, multiplier)
    items = ratio.value * (1 - ratio.value) / ratio.variance
    multiplier = _limits.student_multiplier(_checks.checked_level(level), ratio.weeks - 1)
    return _limits.score_limits_of_share(ratio.value, items, multiplier)


def _mean_limits(ratio: _Linearised, level: float, *, signed: bool) -> tuple[float, float]:
    constant = ratio.variance == 0
    level = _checks.checked_level(level)
    multiplier = (
        _limits.normal_multiplier(level)
        if constant
        else _limits.student_multiplier(level, ratio.weeks - 1)
    )
    if ratio.value == 0 and constant:
        return 0.0, multiplier**2 / ratio.total
    if signed:
        error = abs(ratio.value) / math.sqrt(ratio.weeks) if constant else math.sqrt(ratio.variance)
        return ratio.value - multiplier * error, ratio.value + multiplier * error
    events = ratio.weeks if constant else ratio.value**2 / ratio.variance
    return _limits.score_limits_of_mean(ratio.value, events, multiplier)
