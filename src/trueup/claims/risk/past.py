"""What had happened before a moment, counted for many moments at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

DAY = 24 * 3600
# Groups are laid one after the other on one line of seconds, 2 000 years long each.
_SPAN, _MIDDLE = 1 << 36, 1 << 35


class Past:
    """Events of groups, and what they add up to strictly before a moment.

    >>> past = Past(np.array([0, 0, 1]), np.array([10, 20, 10]), np.array([1.0, 5.0, 7.0]))
    >>> past.total(np.array([0, 0, 1]), np.array([20, 21, 10])).tolist()
    [1.0, 6.0, 0.0]
    >>> past.total(np.array([0]), np.array([21]), window=5).tolist()
    [5.0]

    Args:
        group: of each event, from 0 up.
        at: when, in seconds.
        weight: what it counts.
    """

    def __init__(self, group: Ints, at: Ints, weight: Floats) -> None:
        line = _line(group, at)
        order = np.argsort(line, kind="stable")
        self._line = line[order]
        self._sums = np.concatenate([[0.0], np.cumsum(weight[order])])

    def total(self, group: Ints, at: Ints, *, window: int | None = None) -> Floats:
        """The weights of a group before each moment, of the last ``window`` seconds or all."""
        end = _line(group, at)
        start = group * _SPAN if window is None else end - window
        low, high = (np.searchsorted(self._line, x, "left") for x in (start, end))
        found: Floats = self._sums[high] - self._sums[low]
        return found


def _line(group: Ints, at: Ints) -> Ints:
    found: Ints = group * _SPAN + at + _MIDDLE
    return found
