"""How unevenly work is spread over a roster, judged against chance at the same size.

Equal people with few events look unequal: six with 60 events show a Gini of 0.18, with 12 one of
0.39. Nothing here may be shown without its null, and no name enters or leaves: results do not
depend on the order of the roster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trueup.stats import _checks, _tilting
from trueup.stats.intervals import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from trueup.stats._checks import FloatArray, IntArray

NULL_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Null:
    """What a Gini coefficient looks like when everyone is equally likely to do each thing."""

    mean: float
    p95: float
    sd: float


@dataclass(frozen=True, slots=True)
class Excess:
    """Concentration beyond chance: its interval, the chance level, and the chance of so much."""

    interval: Interval
    floor: float
    p_value: float


def gini(counts: ArrayLike, *, corrected: bool = True) -> float:
    """The Gini coefficient over a roster, zeros included: 0 all equal, 1 one person does all.

    ``G = sum_i (2i - n - 1) x_(i) / (n sum x)`` over ascending x; corrected it is multiplied by
    ``n / (n - 1)``, without which 1 cannot be reached by small groups [Deltas2003].

    Raises:
        ValueError: for fewer than 2 people, nothing counted, or negative or non-finite counts.

    >>> gini([5, 5, 5]), gini([0, 0, 9])
    (0.0, 1.0)
    >>> round(gini([1, 2, 3], corrected=False), 4)
    0.2222
    """
    roster = _roster(counts)
    value = float(_ginis(roster))
    n = roster.size
    return value if corrected else value * (n - 1) / n


def effective_number(counts: ArrayLike) -> float:
    """How many equal contributors would be as concentrated: 1 / sum of squared shares [Hill1973].

    Zeros change nothing. It is too small when events are few: see ``effective_interval``.

    Raises:
        ValueError: for nothing counted, or negative or non-finite counts.

    >>> effective_number([5, 5, 0]), round(effective_number([6, 2, 2]), 3)
    (2.0, 2.273)
    """
    shares = _shares(counts)
    return float(1 / (shares @ shares))


def entropy_number(counts: ArrayLike) -> float:
    """The same by entropy, ``exp(-sum p log p)``, which heeds rare contributors more [Hill1973].

    Raises:
        ValueError: for nothing counted, or negative or non-finite counts.

    >>> round(entropy_number([7, 7, 7, 0]), 6)
    3.0
    """
    shares = _shares(counts)
    return float(np.exp(-(shares @ np.log(shares))))


def null_gini(
    n_people: int,
    n_events: int,
    *,
    draws: int = NULL_DRAWS,
    seed: int | np.random.Generator = 0,
    corrected: bool = True,
) -> Null:
    """The Gini of equal people, by simulation: each event falls on anyone with the same chance.

    Args:
        n_people: size of the roster, at least 2.
        n_events: events spread over it, at least 1.
        draws: simulated rosters, at least 100.
        seed: of the simulation; the same seed gives the same numbers.
        corrected: whether the coefficient is multiplied by ``n / (n - 1)``.

    Raises:
        ValueError: for sizes below those named.

    >>> six = null_gini(6, 60)
    >>> round(six.mean, 2), 0.25 < six.p95 < 0.31
    (0.18, True)
    """
    n = _checks.whole(n_people, "n_people", least=2)
    events = _checks.whole(n_events, "n_events", least=1)
    draws = _checks.whole(draws, "draws", least=100)
    simulated = _null_draws(n, events, draws, np.random.default_rng(seed))
    if not corrected:
        simulated = simulated * (n - 1) / n
    return Null(
        float(simulated.mean()), float(np.quantile(simulated, 0.95)), float(simulated.std())
    )


def excess_gini(
    counts: ArrayLike, *, level: float = 0.90, seed: int | np.random.Generator = 0
) -> Excess:
    """The corrected Gini minus what equal people with as many events would show on average.

    The value is signed, so that nothing is counted as concentration by chance; the interval is of
    the excess to be expected at this number of events and starts at 0 or, when the value itself is
    negative, there. It inverts a test along a family of shares: the smoothed shares raised to a
    power, from all equal to much more concentrated; the limits are where the Gini seen would be
    among the highest or lowest of simulated ones [Carpenter1999]. The 90 % interval covers 0.89-0.94
    from 20 events up, 0.95-0.98 where all are equal or many do nothing.

    **When it is wrong.** Events that come in clumps (ten files in one change) are fewer than they
    seem: count the clumps. The same people show a smaller excess with fewer events, so compare
    windows of like size, or ``effective_interval``.

    Args:
        counts: whole numbers, one per person of the roster (at least 2), zeros included.
        level: two-sided coverage aimed at.
        seed: of the simulation.

    Returns:
        The interval; ``floor``, the mean under equality; ``p_value``, how often equal people
        show at least this Gini.

    Raises:
        ValueError: for fewer than 2 people, no events, or counts that are not whole.

    >>> even = excess_gini([10, 10, 10, 10, 10, 10])
    >>> round(even.interval.value + even.floor, 6), even.p_value
    (0.0, 1.0)
    >>> excess_gini([50, 4, 3, 2, 1, 0]).interval.low > 0.4
    True
    """
    roster = _whole_roster(counts)
    level = _checks.checked_level(level)
    rng = np.random.default_rng(seed)
    seen = float(_ginis(roster.astype(np.float64)))
    null = _null_draws(roster.size, int(roster.sum()), NULL_DRAWS, rng)
    floor = float(null.mean())
    draws = _tilting.simulated(roster, _ginis, rng)
    expected = np.maximum.accumulate(draws.mean(axis=0))
    # measured from the equal member of the same draws, so that the null is exactly 0
    low, high = _tilting.limits(seen, draws, expected - expected[0], level)
    p_value = float((1 + (null >= seen - 1e-12).sum()) / (1 + null.size))
    return Excess(Interval.around(seen - floor, float(low), float(high)), floor, p_value)


def effective_interval(
    counts: ArrayLike, *, level: float = 0.90, seed: int | np.random.Generator = 0
) -> Interval:
    """The effective number of contributors, freed of its bias at few events, with an interval.

    The value uses the unbiased ``sum x(x-1) / (N(N-1))`` in place of the sum of squared shares
    [Simpson1949], and is kept within 1..n; six equal people with 20 events then show 5.7 rather
    than 4.8. The interval inverts a test as in ``excess_gini``, and covers as often as that does.

    Raises:
        ValueError: for fewer than 2 people or 2 events, or counts that are not whole.

    >>> one = effective_interval([40, 0, 0, 0])
    >>> one.value, one.low, one.high < 1.3
    (1.0, 1.0, True)
    """
    roster = _whole_roster(counts)
    level = _checks.checked_level(level)
    n, events = roster.size, int(roster.sum())
    if events < 2:
        raise ValueError("one event shows nothing about how many contribute; at least 2 are needed")
    repeats = int(roster @ (roster - 1))
    value = n if repeats == 0 else min(float(n), events * (events - 1) / repeats)
    seen = float(_repetition(roster.astype(np.float64)))
    draws = _tilting.simulated(roster, _repetition, np.random.default_rng(seed))
    along = 1 / (_tilting.shares(roster) ** 2).sum(axis=1)
    along[0] = n  # all equal, without the rounding
    # more tilt is more concentration, hence fewer contributors
    high, low = _tilting.limits(seen, draws, along, level)
    # the family ends a little short of one person alone
    low = 1.0 if np.count_nonzero(roster) == 1 else low
    return Interval.around(float(value), low, high)


def _ginis(rosters: FloatArray) -> FloatArray:
    """Corrected Gini along the last axis."""
    ordered = np.sort(rosters, axis=-1)
    n = ordered.shape[-1]
    ranks = 2.0 * np.arange(1, n + 1) - n - 1
    values: FloatArray = (ordered @ ranks) / ((n - 1) * ordered.sum(axis=-1))
    return values


def _repetition(rosters: FloatArray) -> FloatArray:
    """Sum of squared shares along the last axis."""
    values: FloatArray = (rosters**2).sum(axis=-1) / rosters.sum(axis=-1) ** 2
    return values


def _null_draws(n: int, events: int, draws: int, rng: np.random.Generator) -> FloatArray:
    return _ginis(rng.multinomial(events, np.full(n, 1 / n), size=draws).astype(np.float64))


def _roster(counts: ArrayLike) -> FloatArray:
    roster = _checks.non_negative(counts, "counts", least=2)
    if not roster.any():
        raise ValueError("all counts are 0: nothing was done, so nothing is concentrated")
    return roster


def _whole_roster(counts: ArrayLike) -> IntArray:
    _roster(counts)
    return np.sort(_checks.whole_counts(counts, "counts"))


def _shares(counts: ArrayLike) -> FloatArray:
    values = _checks.non_negative(counts, "counts")
    if not values.any():
        raise ValueError("all counts are 0: nothing was done, so nothing is concentrated")
    # sorted, because floating sums depend on the order and results must not
    present = np.sort(values[values > 0])
    shares: FloatArray = present / present.sum()
    return shares
