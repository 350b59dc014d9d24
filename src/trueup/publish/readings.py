"""What comes in at the door: figures before anything is held back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trueup.claims.assess import Assessment
    from trueup.claims.degradation import Degradation
    from trueup.claims.restated import Past
    from trueup.claims.risk.model import Risk
    from trueup.claims.watermelon import Watermelon
    from trueup.facts.views.chains import Reached
    from trueup.kernel.declarations import Signal
    from trueup.kernel.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Reading:
    """One signal of one scope: now, its own past, consecutive windows, and items for a picture.

    ``people`` are the humans behind now, the past and each window, in this order, measured or not.
    """

    scope: str
    signal: Signal
    now: Estimate
    past: Estimate
    verdict: str
    series: tuple[Estimate, ...] = ()
    items: tuple[Mapping[str, Any], ...] = ()
    people: tuple[int, ...] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Now, the past and each window."""
        return self.now, self.past, *self.series


@dataclass
class Measured:
    """Everything measured on one snapshot of facts.

    Attributes:
        people: humans whose work landed in the period, per scope ('' is the whole).
        repositories: rows of the tables `repositories` and `gaps`.
        requests: how many requests of each repository had which status, fate and review.
        chains: how far merged requests of each repository can be followed.
        reviews_read: whether reviews of a forge were read.
        sources: those that were read besides git, and until when.
        told: which tables of trackers and builds anything was read of.
        risk: how probable it is that a claim is contradicted, and whether single ones can be told apart.
        watermelons: what each project shows of which status was reported.
        degradations: whether less of what is reported done is verified, for each repository.
        past: what past months say otherwise than at the last result, where there was one.
        alike: pairs of identities that look like one person but are not merged.
        subjects: subject of commits, for the team's own audience, read from the clone.
    """

    until: datetime
    assessment: Assessment
    readings: Sequence[Reading]
    scoping: str
    people: Mapping[str, int]
    repositories: Sequence[Mapping[str, Any]]
    gaps: Sequence[Mapping[str, Any]]
    content: str
    risk: Risk | None = None
    alike: int = 0
    requests: Sequence[Mapping[str, Any]] = ()
    chains: Sequence[Reached] = ()
    sources: Mapping[str, datetime] = field(default_factory=dict)
    reviews_read: bool = False
    told: frozenset[str] = frozenset()
    watermelons: Sequence[Watermelon] = ()
    degradations: Sequence[Degradation] = ()
    past: Past | None = None
    subjects: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
