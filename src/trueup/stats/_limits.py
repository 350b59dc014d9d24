"""Limits that several estimators share.

One idea stands behind the first two: the variance is taken at the limit, not at the estimate, and the
quadratic that this gives is solved. Such intervals stay inside the possible values, are asymmetric
near their ends, and are never of zero width.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from trueup.stats._checks import FloatArray


def normal_multiplier(level: float) -> float:
    """How many standard errors a two-sided normal interval reaches to either side.

    >>> round(normal_multiplier(0.90), 4)
    1.6449
    """
    return NormalDist().inv_cdf(0.5 + level / 2)


def student_multiplier(level: float, freedom: float) -> float:
    """The same with Student's t of so many degrees of freedom.

    >>> round(student_multiplier(0.90, 12), 4)
    1.7823
    """
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2))


def score_limits_of_share(share: float, n: float, multiplier: float) -> tuple[float, float]:
    """Wilson's limits of a share seen in ``n`` (possibly effective) trials [Wilson1927].

    Solves ``(share - x)**2 = multiplier**2 * x * (1 - x) / n`` for x.

    >>> [round(x, 3) for x in score_limits_of_share(0.5, 10, 1.6449)]
    [0.269, 0.731]
    """
    square = multiplier * multiplier
    centre = (share + square / (2 * n)) / (1 + square / n)
    spread = math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    half = multiplier * spread / (1 + square / n)
    # at the ends one limit is the end itself; rounding must not move it
    low = 0.0 if share <= 0 else max(0.0, centre - half)
    high = 1.0 if share >= 1 else min(1.0, centre + half)
    return low, high


def score_limits_of_mean(mean: float, events: float, multiplier: float) -> tuple[float, float]:
    """Limits of a positive mean known as well as ``events`` Poisson events know it [Barker2002].

    Solves ``(mean - x)**2 = multiplier**2 * mean * x / events`` for x; limits scale with the mean.

    >>> [round(x, 2) for x in score_limits_of_mean(4.0, 4, 1.6449)]
    [1.8, 8.91]
    """
    square = multiplier * multiplier / events
    half = math.sqrt(square + square * square / 4)
    # 1 + s/2 - half equals 1 / (1 + s/2 + half): no subtraction of near equals
    growth = 1 + square / 2 + half
    return mean / growth, mean * growth


def central_order_limits(ordered: FloatArray, level: float) -> tuple[float, float]:
    """Limits of a population median from ascending values [HettmanspergerSheather1986].

    The exact order-statistic intervals cover only certain levels; between the two that enclose
    ``level`` the limits are interpolated. The plain rule would cover 0.97 instead of 0.90 at n = 6.

    Raises:
        ValueError: when even the whole range covers less than ``level``.

    >>> [round(float(x), 3) for x in central_order_limits(np.arange(1.0, 6.0), 0.9)]
    [1.353, 4.647]
    """
    from scipy.special import bdtr

    n = ordered.size
    ranks = np.arange(1, n // 2 + 1)
    reached = 1 - 2 * bdtr(ranks - 1, n, 0.5)
    enough = np.flatnonzero(reached >= level)
    if not enough.size:
        raise ValueError(f"{n} values are too few for an interval of the median at level {level:g}")
    last = int(enough[-1])
    rank = last + 1
    inner = float(reached[last + 1]) if last + 1 < reached.size else 0.0
    part = (float(reached[last]) - level) / (float(reached[last]) - inner)
    weight = (n - rank) * part / (rank + (n - 2 * rank) * part)
    low = (1 - weight) * ordered[rank - 1] + weight * ordered[rank]
    high = (1 - weight) * ordered[n - rank] + weight * ordered[n - rank - 1]
    return float(low), float(high)
