"""Who may see which figure: minimum groups, and no way to work out what was held back.

Team audience: figures from 3 humans up, claims and examples. Organisation: at least 5 humans behind
every figure, no claim, hash, ticket, link or file, since each leads to a person in one step. Where what
is held back amounts to fewer people than that, the next smallest group is held back too, or the
difference from the whole would tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trueup.kernel.errors import UsageError
from trueup.kernel.estimate import Estimate, Status
from trueup.publish.document import Audience
from trueup.publish.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MINIMUM = {Audience.TEAM: 3, Audience.ORGANISATION: 5}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one audience; ``minimum`` can be raised, not lowered."""

    audience: Audience
    minimum: int

    def __post_init__(self) -> None:
        if self.minimum < MINIMUM[self.audience]:
            what = f"at least {MINIMUM[self.audience]} people must be behind a figure for this audience"
            raise UsageError(what, remedy="The minimum can be raised, not lowered.")

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

    def hidden(self, people: Mapping[str, int], already: Iterable[str] = ()) -> set[str]:
        """Groups to hold back: those too small, those held back already, and as many more as it takes.

        Args:
            people: humans behind each group; a group of nobody has nothing to hide.
            already: groups held back elsewhere.

        >>> sorted(Rules.of(Audience.TEAM).hidden({"a": 9, "b": 2, "c": 4, "d": 0}))
        ['b', 'c']
        """
        known = {group: n for group, n in people.items() if n > 0}
        hidden = {group for group, n in known.items() if n < self.minimum}
        hidden.update(group for group in already if group in known)
        rest = sorted((n, group) for group, n in known.items() if group not in hidden)
        while hidden and sum(known[group] for group in hidden) < self.minimum and rest:
            hidden.add(rest.pop(0)[1])
        return hidden

    def figure(self, estimate: Estimate, *, held_back: bool = False) -> Figure:
        """An estimate as it may be shown."""
        few = estimate.measured and 0 < estimate.n_people < self.minimum
        if estimate.measured and (few or held_back):
            estimate = estimate.without_number(Status.SUPPRESSED, self.reason)
            estimate = replace(estimate, n_events=0, coverage=1.0)
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
