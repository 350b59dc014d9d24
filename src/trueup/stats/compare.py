"""Is a scope different from its own past? Often the honest answer is that nobody can tell."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

from trueup.stats.intervals import difference_of

if TYPE_CHECKING:
    from trueup.stats.intervals import Interval


class Comparison(StrEnum):
    """What can be said about now against then; higher and lower carry no praise or blame."""

    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"
    NOT_DISTINGUISHABLE = "not_distinguishable"


def against_own_past(now: Interval, past: Interval, *, equivalence: float) -> Comparison:
    """Compare a figure with the same scope's own past.

    The interval of the difference is recovered from the two intervals, each side by itself
    [ZouDonner2008], on the scale of the figure: it stays asymmetric where they are, and no
    standard error has to be guessed. From two 90 % intervals comes a 90 % interval.

    - SAME when the whole interval lies within ``-equivalence..equivalence`` [Schuirmann1987], even
      when it excludes 0: a change too small to matter is none.
    - HIGHER or LOWER when it excludes 0. Without any change this is said about one time in ten.
    - NOT_DISTINGUISHABLE otherwise. It does not mean that nothing changed.

    **When it is wrong.** The windows must not overlap. Repeated looks say HIGHER or LOWER more often
    than one time in ten, and a window chosen because it was bad is followed by a better one
    (regression to the mean): use it to describe, never to judge an action.

    Args:
        now: the current window.
        past: an earlier window of the same scope, definition and level.
        equivalence: the largest difference that would not matter, from 0 up, in the same unit.

    Raises:
        ValueError: for an ``equivalence`` that is negative or not finite.

    >>> from trueup.stats.intervals import Interval
    >>> str(against_own_past(Interval(9, 8, 10), Interval(5, 4, 6), equivalence=0.5))
    'higher'
    >>> str(against_own_past(Interval(9, 6, 12), Interval(5, 2, 8), equivalence=0.5))
    'not_distinguishable'
    """
    if not (math.isfinite(equivalence) and equivalence >= 0):
        raise ValueError(f"equivalence must be finite and not negative, got {equivalence!r}")
    change = difference_of(now, past)
    if -equivalence <= change.low and change.high <= equivalence:
        return Comparison.SAME
    if change.low > 0:
        return Comparison.HIGHER
    if change.high < 0:
        return Comparison.LOWER
    return Comparison.NOT_DISTINGUISHABLE
