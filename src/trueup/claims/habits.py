"""Where evidence is normally there, so that its absence means something."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trueup.claims.model import Kind, Rung
from trueup.stats.intervals import lower_bound_share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.claims.model import Claim

_Key = tuple[str, str, str, Rung]


class Habits:
    """For each repository, kind and half-year: is a rung normally shown?

    Absence counts when the lower 90 % bound on the share of comparable claims that have the rung is
    above one half; comparable claims are those of the same repository, kind and half-year.
    """

    def __init__(self, claims: Iterable[Claim], *, threshold: float = 0.5) -> None:
        seen: dict[_Key, list[int]] = defaultdict(lambda: [0, 0])
        for claim in claims:
            # What speaks against a rung shows as well that the rung can be seen.
            rungs = {e.rung for e in claim.evidence}
            for rung in (Rung.PRESENT, Rung.INSPECTED, Rung.RELEASED):
                counts = seen[self._key(claim, rung)]
                counts[0] += rung in rungs
                counts[1] += 1
        self._shown = {
            key: n > 0 and lower_bound_share(k, n, level=0.90) > threshold
            for key, (k, n) in seen.items()
        }

    def shows(self, claim: Claim, rung: Rung) -> bool:
        """Whether claims like this one normally have the rung."""
        return self._shown.get(self._key(claim, rung), False)

    @staticmethod
    def _key(claim: Claim, rung: Rung) -> _Key:
        half = f"{claim.claimed_at.year}-{1 if claim.claimed_at.month <= 6 else 2}"
        # A commit that closes an umbrella is a commit like any other here.
        kind = Kind.COMMIT if claim.kind is Kind.UMBRELLA else claim.kind
        return claim.repo, kind, half, rung
