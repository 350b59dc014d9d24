"""From values to places: percent of a picture, with round numbers on its axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10


def part(value: float, whole: float) -> float:
    """A length in percent of the whole; nothing of nothing is nothing.

    >>> part(1, 3), part(1, 0)
    (33.333, 0.0)
    """
    return round(100 * value / whole, 3) if whole else 0.0


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of values and where each lies, in percent from the top."""

    low: float
    high: float

    def y(self, value: float) -> float:
        """The place of a value.

        >>> Axis(0, 10).y(7.5)
        25.0
        """
        return round(100 - part(value - self.low, self.high - self.low), 3)

    def height(self, value: float) -> float:
        """The length of a bar for a value that starts at zero."""
        return part(value, self.high - self.low)


def step(reach: float, most: int = 3) -> float:
    """A round distance between lines, so that at most so many fit into the reach.

    >>> step(17), step(240), step(0.3)
    (10, 100, 0.1)
    """
    if reach <= 0:
        return 1
    size = 10.0 ** floor(log10(reach / most))
    distance = next(size * k for k in (1, 2, 5, 10) if size * k * most >= reach)
    return int(distance) if distance >= 1 else round(distance, 10)


def counts_axis(lowest: int, highest: int, most: int = 3) -> tuple[Axis, tuple[int, ...]]:
    """An axis for counts from zero, and its lines; it holds every count given.

    >>> counts_axis(0, 14)
    (Axis(low=0, high=15), (0, 5, 10, 15))
    """
    distance = max(int(step(max(highest, -lowest, 1), most)), 1)
    bottom = floor(min(lowest, 0) / distance) * distance
    top = max(ceil(max(highest, 0) / distance) * distance, distance if not bottom else 0)
    return Axis(bottom, top), tuple(range(bottom, top + 1, distance))
