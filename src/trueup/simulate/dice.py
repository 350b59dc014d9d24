"""Seeded chance that draws the same numbers on every machine and Python version."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from datetime import timedelta
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """A stream of chance named by a seed and a label.

    Only ``random()`` of the standard generator is used: its sequence is the one that Python
    promises to keep between versions, which ``choice`` and ``shuffle`` do not.

    >>> Dice(7, "doctest").whole(1, 6) == Dice(7, "doctest").whole(1, 6)
    True
    """

    def __init__(self, seed: int, label: str) -> None:
        self._seed = seed
        self._label = label
        digest = sha256(f"{seed}/{label}".encode()).digest()
        self._source = random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - not secret

    def child(self, label: str) -> Dice:
        """A stream of its own, not disturbed by draws from this one."""
        return Dice(self._seed, f"{self._label}/{label}")

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._source.random()

    def chance(self, probability: float) -> bool:
        """True with the given probability; always draws exactly once."""
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.unit()

    def below(self, count: int) -> int:
        """A whole number in [0, count)."""
        return int(self.unit() * count)

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def span(self, low: timedelta, high: timedelta) -> timedelta:
        """A length of time between two others, in whole seconds."""
        return low + timedelta(seconds=self.below(int((high - low).total_seconds())))

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        deck = list(items)
        for last in range(len(deck) - 1, 0, -1):
            other = self.below(last + 1)
            deck[last], deck[other] = deck[other], deck[last]
        return deck

    def pick(self, totals: Sequence[float]) -> int:
        """An index drawn by weight, from running totals as `running` makes them."""
        return min(bisect_right(totals, self.unit() * totals[-1]), len(totals) - 1)

    def poisson(self, mean: float) -> int:
        """How many events there are when ``mean`` are expected."""
        floor, product, count = math.exp(-mean), self.unit(), 0
        while product > floor:
            product *= self.unit()
            count += 1
        return count

    def geometric(self, mean: float) -> int:
        """A length of at least one with the given mean."""
        stop = 1.0 / max(mean, 1.0)
        length = 1
        while not self.chance(stop):
            length += 1
        return length

    def hits(self, tries: int, probability: float) -> int:
        """How many of so many tries succeed."""
        return sum(self.chance(probability) for _ in range(tries))


def running(weights: Sequence[float]) -> tuple[float, ...]:
    """Running totals of weights.

    >>> running([2, 1, 1])
    (2, 3, 4)
    """
    return tuple(accumulate(weights))


def skewed(count: int, skew: float) -> tuple[float, ...]:
    """Zipf weights that sum to one; ``skew`` 0 is equality. Rounded, so libm does not matter.

    >>> skewed(4, 0.0)
    (0.25, 0.25, 0.25, 0.25)
    >>> skewed(2, 1.0)
    (0.666667, 0.333333)
    """
    raw = [(rank + 1) ** -skew for rank in range(count)]
    total = sum(raw)
    return tuple(round(weight / total, 6) for weight in raw)
