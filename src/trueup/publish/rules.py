"""Who may see which figure: minimum groups, and no way to work out what was held back.

Team audience: figures from 3 humans up, claims and examples. Organisation: at least 5 humans behind
every figure, no claim, hash, ticket, link or file, since each leads to a person in one step. Where one
group of several is held back, the next smallest is too, or the difference would tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.kernel.estimate import Estimate, Status
from trueup.publish.document import Audience, Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

MINIMUM = {Audience.TEAM: 3, Audience.ORGANISATION: 5}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one audience; ``minimum`` can be raised, not lowered."""

    audience: Audience
    minimum: int

    @classmethod
    def of(cls, audience: Audience) -> Rules:
        """The rules as they stand by default."""
        return cls(audience, MINIMUM[audience])

    @property
    def reason(self) -> str:
        """Why a figure is held back, as a sentence."""
        return (
            f"not shown: fewer than {self.minimum} people are behind it, or behind its difference"
        )

    def hidden(self, people: Mapping[str, int]) -> set[str]:
        """Groups to hold back: those too small, and one more where a single one could be worked out."""
        small = {scope for scope, n in people.items() if n < self.minimum}
        rest = sorted((n, scope) for scope, n in people.items() if scope not in small)
        if small and sum(people[s] for s in small) < self.minimum and rest:
            small.add(rest[0][1])
        return small

    def figure(self, estimate: Estimate, *, held_back: bool = False) -> Figure:
        """An estimate as it may be shown."""
        few = estimate.measured and 0 < estimate.n_people < self.minimum
        if estimate.measured and (few or held_back):
            estimate = estimate.without_number(Status.SUPPRESSED, self.reason)
        return Figure(
            name=estimate.name,
            version=estimate.version,
            unit=estimate.unit,
            status=estimate.status.value,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            n_people=estimate.n_people or None,
            n_events=estimate.n_events,
            coverage=estimate.coverage,
            reason=estimate.reason,
        )
