"""Do two things change together more often than chance: lift, its interval, its p-value.

All functions take single whole numbers or equally long arrays of them, one entry per pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from trueup.stats import _checks, _limits
from trueup.stats.intervals import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trueup.stats._checks import FloatArray

    Whole = NDArray[np.integer]

# What is left of a variance of 0 by rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class LiftIntervals:
    """Lifts with their limits, one entry per pair in each array."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


@overload
def lift(together: int, a: int, b: int, n: int) -> float: ...
@overload
def lift(together: Whole, a: Whole, b: Whole, n: int | Whole) -> FloatArray: ...
def lift(
    together: int | Whole, a: int | Whole, b: int | Whole, n: int | Whole
) -> float | FloatArray:
    """How many times as often two things occur together as if they were independent [Brin1997].

    ``lift = together * n / (a * b)``; 1 means independent, 0 never together.

    Args:
        together: changes that hold both.
        a: changes that hold the one, at least 1.
        b: changes that hold the other, at least 1.
        n: all changes.

    Raises:
        ValueError: for counts that cannot be, such as more together than apart.

    >>> lift(10, 20, 25, 100)
    2.0
    >>> lift(np.array([10, 0]), np.array([20, 5]), np.array([25, 5]), 100).tolist()
    [2.0, 0.0]
    """
    both, first, second, total, single = _checked(together, a, b, n)
    value: FloatArray = both * total / (first * second)
    return float(value[0]) if single else value


@overload
def lift_interval(together: int, a: int, b: int, n: int, *, level: float = ...) -> Interval: ...
@overload
def lift_interval(
    together: Whole, a: Whole, b: Whole, n: int | Whole, *, level: float = ...
) -> LiftIntervals: ...
def lift_interval(
    together: int | Whole,
    a: int | Whole,
    b: int | Whole,
    n: int | Whole,
    *,
    level: float = 0.90,
) -> Interval | LiftIntervals:
    """The lift with its interval, changes being independent draws.

    The variance of the log of the lift, ``1/k - 1/a - 1/b + (2 lift - 1)/n``, is that of a count of
    ``1/variance`` events, whose score interval is taken (our choice,
    docs/decisions/2026-11-21-statistics.md); it covers 0.87-0.94 from one expected joint change up.

    Args:
        together: changes that hold both (k).
        a: changes that hold the one, at least 1.
        b: changes that hold the other, at least 1.
        n: all changes.
        level: two-sided coverage aimed at.

    Raises:
        ValueError: for counts that cannot be.

    >>> pair = lift_interval(10, 20, 25, 100)
    >>> pair.value, round(pair.low, 2), round(pair.high, 2)
    (2.0, 1.44, 2.78)
    >>> lift_interval(0, 20, 25, 100).low
    0.0
    """
    both, first, second, total, single = _checked(together, a, b, n)
    multiplier = _limits.normal_multiplier(_checks.checked_level(level))
    value = both * total / (first * second)
    counted = np.maximum(both, 1.0)
    variance = 1 / counted - 1 / first - 1 / second + (2 * value - 1) / total
    # where all changes hold a (or b) the formula gives 0: half a change more in each of the four cells
    a_more, b_more, n_more = first + 1, second + 1, total + 2
    lift_more = (both + 0.5) * n_more / (a_more * b_more)
    smoothed = 1 / (both + 0.5) - 1 / a_more - 1 / b_more + (2 * lift_more - 1) / n_more
    variance = np.where(variance > ROUNDING, variance, smoothed)
    # k events that are not independent tell no less than k that are
    square = multiplier**2 * np.minimum(variance, 1 / counted)
    growth = 1 + square / 2 + np.sqrt(square + square * square / 4)
    none = both == 0
    low = np.where(none, 0.0, value / growth)
    high = np.where(none, multiplier**2 * total / (first * second), value * growth)
    if single:
        return Interval.around(float(value[0]), float(low[0]), float(high[0]))
    return LiftIntervals(value, low, high)


@overload
def coupling_p_value(together: int, a: int, b: int, n: int) -> float: ...
@overload
def coupling_p_value(together: Whole, a: Whole, b: Whole, n: int | Whole) -> FloatArray: ...
def coupling_p_value(
    together: int | Whole, a: int | Whole, b: int | Whole, n: int | Whole
) -> float | FloatArray:
    """The chance of so many joint changes or more, were the two independent [Fisher1935].

    The upper tail of the hypergeometric distribution. Over many pairs some are small by chance:
    whoever reads a whole table must correct for that.

    Raises:
        ValueError: for counts that cannot be.

    >>> round(coupling_p_value(2, 2, 2, 4), 4)
    0.1667
    >>> coupling_p_value(0, 2, 2, 4)
    1.0
    """
    both, first, second, total, single = _checked(together, a, b, n)
    # From above the most likely count the terms fall; from below the others are summed instead.
    above = both > (first + 1) * (second + 1) / (total + 2)
    up = _falling(both, first, second, total)
    down = _falling(first - both + 1, first, total - second, total)
    tail: FloatArray = np.clip(np.where(above, up, 1 - down), 0.0, 1.0)
    return float(tail[0]) if single else tail


def _falling(k: FloatArray, first: FloatArray, second: FloatArray, total: FloatArray) -> FloatArray:
    """Hypergeometric terms from ``k`` on, summed as long as they count."""
    # Not through `scipy.stats`, which takes half a second to import.
    from scipy.special import betaln

    most = np.minimum(first, second)
    # C(n, k) = 1 / ((n + 1) B(n - k + 1, k + 1))
    inside = np.minimum(k, most)
    left = np.maximum(second - inside, 0)
    term = np.exp(
        betaln(total - first + 1, first + 1) + np.log(total + 1)
        - betaln(total - second - first + inside + 1, first - inside + 1) - np.log(total - second + 1)
        - betaln(left + 1, inside + 1) - np.log(second + 1)
    )  # fmt: skip
    term = np.where(k > most, 0.0, term)
    told = term.copy()
    while (term > ROUNDING * told).any():
        term *= (first - k) * (second - k) / ((k + 1) * (total - first - second + k + 1))
        k = k + 1
        told += term
    return told


def _checked(
    together: int | Whole, a: int | Whole, b: int | Whole, n: int | Whole
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, bool]:
    """The four counts as floats of one length, and whether they were single numbers."""
    single = all(np.ndim(x) == 0 for x in (together, a, b, n))
    names = ("together", "a", "b", "n")
    columns = [
        _checks.whole_counts(np.atleast_1d(x), name, least=0).astype(np.float64)
        for x, name in zip((together, a, b, n), names, strict=True)
    ]
    try:
        both, first, second, total = np.broadcast_arrays(*columns)
    except ValueError:
        sizes = ", ".join(f"{name} {c.size}" for name, c in zip(names, columns, strict=True))
        raise ValueError(f"lengths differ: {sizes}") from None
    if ((first < 1) | (second < 1)).any():
        raise ValueError("a and b must each occur at least once: lift is undefined otherwise")
    if (np.maximum(first, second) > total).any():
        raise ValueError("a and b must not exceed n")
    if ((both > np.minimum(first, second)) | (both < first + second - total)).any():
        raise ValueError("together does not fit a, b and n (more than either, or fewer than must)")
    return both, first, second, total, single
