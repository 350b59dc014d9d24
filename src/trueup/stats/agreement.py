"""How far two people who judge the same items agree beyond chance."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The kappa of [Cohen1960], from -1 to 1; nothing where chance alone would make both always agree.

    Args:
        pairs: what one and what the other said of each item.

    >>> kappa([("yes", "yes"), ("no", "no"), ("no", "no"), ("yes", "no")])
    0.5
    >>> kappa([("yes", "yes")] * 9) is None
    True
    """
    n = len(pairs)
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    agreed = sum(a == b for a, b in pairs) * n
    by_chance = sum(one[word] * other[word] for word in one)
    return None if by_chance == n * n else (agreed - by_chance) / (n * n - by_chance)
