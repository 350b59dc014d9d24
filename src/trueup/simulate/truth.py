"""What really happened in a simulated organisation: the key to its exam."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trueup.simulate.codec import decoded, encoded
from trueup.simulate.planted import (
    Outcome,
    Plant,
    PlantedChange,
    PlantedClaim,
    PlantedCoupling,
    PlantedIdentity,
    PlantedIntervention,
    PlantedTeam,
)
from trueup.simulate.planted_elsewhere import PlantedElsewhere  # noqa: TC001 - read by `codec`

if TYPE_CHECKING:
    from pathlib import Path

HORIZON = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Everything planted in one repository; ``repository`` is relative to the folder written."""

    name: str
    repository: str
    seed: int
    start: datetime
    end: datetime
    commits: int
    claims: tuple[PlantedClaim, ...]
    changes: tuple[PlantedChange, ...]
    plants: tuple[Plant, ...]
    teams: tuple[PlantedTeam, ...]
    couplings: tuple[PlantedCoupling, ...]
    identities: tuple[PlantedIdentity, ...]
    interventions: tuple[PlantedIntervention, ...]
    bots: tuple[str, ...]
    agents: tuple[str, ...]
    canaries: tuple[str, ...]
    tags: dict[str, str]
    elsewhere: PlantedElsewhere | None = None

    def claim(self, name: str) -> PlantedClaim:
        """The claim with an id."""
        return next(claim for claim in self.claims if claim.id == name)

    def with_outcome(self, *outcomes: Outcome) -> tuple[PlantedClaim, ...]:
        """All claims with one of these outcomes."""
        return tuple(claim for claim in self.claims if claim.outcome in outcomes)

    def planted(self, kind: str) -> tuple[Plant, ...]:
        """All commits planted for one kind of looks."""
        return tuple(plant for plant in self.plants if plant.kind == kind)

    def debt_at(
        self,
        moment: datetime,
        *,
        horizon: timedelta = HORIZON,
        repaid_after: timedelta | None = None,
    ) -> int:
        """How many claims stand contradicted at a moment, release notes among them.

        A claim counts from its contradiction on if that came within ``horizon`` of the claim, and
        until it is repaired, which here means reapplied. Work done again under a claim of its own
        leaves the first claim contradicted, unless ``repaid_after`` says how long the new claim
        must have stood to repay it.
        """
        return sum(
            claim.contradicted_within(horizon) and _stands(claim, moment, repaid_after)
            for claim in self.claims
        )

    def contradicted_at(self, claim: PlantedClaim) -> datetime | None:
        """When a claim first turned out not to be done, by git, by its issue, or by an incident it caused."""
        moments = [claim.contradicted_at]
        if self.elsewhere is not None:
            moments += [
                i.contradicted_at for i in self.elsewhere.issues if claim.id in i.claims[:1]
            ]
            moments += [i.at for i in self.elsewhere.incidents if i.cause == claim.id]
        return min((at for at in moments if at is not None), default=None)

    def undone_at(self, moment: datetime) -> int:
        """How many claims made by a moment have no work behind them on their line by then.

        Absent, empty and not yet landed work, and release notes about work that is not in the tag.
        Contradicted claims that once landed are not among them: see `debt_at`.
        """
        return sum(claim.at <= moment and _undone(claim, moment) for claim in self.claims)

    def weekly_work(self, team: str) -> dict[int, dict[str, int]]:
        """Changes landed by week and author of a team."""
        weeks: dict[int, Counter[str]] = {}
        for change in self.changes:
            if change.team == team and change.kind == "work":
                week = (change.at - self.start) // timedelta(weeks=1)
                weeks.setdefault(week, Counter())[change.author] += 1
        return {week: dict(counts) for week, counts in sorted(weeks.items())}

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(encoded(self), ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Truth:
        """Read what `save` wrote."""
        truth: Truth = decoded(cls, json.loads(path.read_text(encoding="utf-8")))
        return truth


def _stands(claim: PlantedClaim, moment: datetime, repaid_after: timedelta | None) -> bool:
    since = claim.contradicted_at
    if since is None or since > moment:
        return False
    if claim.redone_in and repaid_after is not None:
        return moment < since + repaid_after
    return claim.repaired_at is None or claim.repaired_at > moment


def _undone(claim: PlantedClaim, moment: datetime) -> bool:
    if claim.outcome in {Outcome.EMPTY, Outcome.RELEASE_ABSENT}:
        return True
    if claim.outcome is Outcome.RELEASE_LATE:
        return claim.contradicted_at is None or claim.contradicted_at > moment
    return claim.landed_at is None or claim.landed_at > moment
