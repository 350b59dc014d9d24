"""Which of several planted stories comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from trueup.simulate.dice import Dice


class Deck:
    """Stories with their rates; what never occurred goes to the first that can have it."""

    def __init__(self, rates: Mapping[str, float]) -> None:
        self._rates = {name: rate for name, rate in rates.items() if rate > 0}
        self._seen: set[str] = set()

    def draw(self, dice: Dice, possible: Collection[str], otherwise: str) -> str:
        """One of the possible stories by its rate, or else the ordinary one."""
        level = dice.unit()
        rates = {name: rate for name, rate in self._rates.items() if name in possible}
        found = next((name for name in rates if name not in self._seen), "")
        for name, rate in rates.items():
            level -= rate
            if level < 0 and not found:
                found = name
        self._seen.add(found)
        return found or otherwise
