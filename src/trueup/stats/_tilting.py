"""Intervals for a statistic of counts by inverting a test along one family of shares.

The family holds the smoothed shares seen, raised to a power: 0 makes everyone equal, 1 leaves them
about as seen, more concentrates them. Rosters are simulated for each power; the limits are the powers
at which the statistic seen would just be unusual [Carpenter1999]. A plain bootstrap would add the
sampling noise a second time, and cannot return to equality.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from trueup.stats._checks import FloatArray, IntArray

# Our choices, docs/decisions/2026-11-21-statistics.md: powers finest where most answers lie, draws for
# each, events added to everyone so that no one is ruled out, and standard deviations by which
# neighbours in rank are spread so that equal counts have a direction in which to become unequal.
# Truth may lie beside the family: with full tails 90 % intervals of skewed teams cover 0.86-0.89.
TILTS = np.concatenate(([0.0, 0.25], np.arange(0.5, 1.6, 0.1), [1.75, 2.0, 2.5, 3.0, 4.0, 6.0]))
DRAWS = 400
ADDED = 1.0
SPREAD = 0.5
TAIL = 0.8


def shares(roster: IntArray) -> FloatArray:
    """Shares of each person under each power, shape (powers, people), ascending in each row.

    >>> shares(np.array([0, 2]))[[0, 6]].round(2).tolist()
    [[0.5, 0.5], [0.19, 0.81]]
    """
    n = roster.size
    scores = np.array([NormalDist().inv_cdf((rank + 0.5) / n) for rank in range(n)])
    # the relative standard deviation of a count is one over the root of its mean
    spread = SPREAD * scores / np.sqrt(roster.sum() / n + ADDED)
    smoothed = (np.sort(roster) + ADDED) * np.exp(spread)
    powers: FloatArray = (smoothed / smoothed.max()) ** TILTS[:, np.newaxis]
    result: FloatArray = powers / powers.sum(axis=1, keepdims=True)
    return result


def simulated(
    roster: IntArray, statistic: Callable[[FloatArray], FloatArray], rng: np.random.Generator
) -> FloatArray:
    """The statistic of simulated rosters with as many events, shape (draws, powers).

    ``statistic`` takes rosters along the last axis and must grow with concentration.
    """
    events = int(roster.sum())
    # one power at a time: all at once would need gigabytes for a large organisation
    columns = [
        statistic(rng.multinomial(events, row, size=DRAWS).astype(np.float64))
        for row in shares(roster)
    ]
    return np.stack(columns, axis=1)


def limits(seen: float, draws: FloatArray, along: FloatArray, level: float) -> tuple[float, float]:
    """What ``along`` (one value per power) is at the least and the most power that may be true.

    A roster more even than chance says no more than an equal one of typical luck: no power would
    make it likely, and the limits would fall together.
    """
    tail = TAIL * (1 - level) / 2
    lower, upper = np.quantile(draws, [tail, 1 - tail], axis=0)
    # simulation noise must not make the quantiles fall with growing power
    least = _crossing(np.maximum.accumulate(upper), seen, first=True)
    at_least_chance = max(seen, float(draws[:, 0].mean()))
    most = max(least, _crossing(np.maximum.accumulate(lower), at_least_chance, first=False))
    return float(np.interp(least, TILTS, along)), float(np.interp(most, TILTS, along))


def _crossing(heights: FloatArray, seen: float, *, first: bool) -> float:
    """The first power that reaches ``seen``, or the last that does not exceed it."""
    place = int(np.searchsorted(heights, seen, side="left" if first else "right"))
    if place in (0, heights.size):
        return float(TILTS[min(place, heights.size - 1)])
    before, after = heights[place - 1], heights[place]
    part = (seen - before) / (after - before)
    return float(TILTS[place - 1] + part * (TILTS[place] - TILTS[place - 1]))
