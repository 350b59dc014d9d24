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
_RUNGS = (Rung.PRESENT, Rung.INSPECTED, Rung.TESTED, Rung.RELEASED)
#: Checks ran, but nothing shows that the repository has tests.
_NO_TESTS = frozenset(("tests_beside", "tests_not_run", "tests_unclear"))


class Habits:
    """For each repository, kind and half-year: is a rung normally shown?

    Absence counts when the lower 90 % bound on the share of comparable claims that have the rung is
    above one half; comparable claims are those of the same repository, kind and half-year.
    """

    def __init__(self, claims: Iterable[Claim], *, threshold: float = 0.5) -> None:
        seen: dict[_Key, list[int]] = defaultdict(lambda: [0, 0])
        for claim in claims:
            # What speaks against a rung shows as well that the rung can be seen.
            rungs = {e.rung for e in claim.evidence if e.how not in _NO_TESTS}
            for key in self._keys(claim):
                counts = seen[key]
                counts[0] += key[-1] in rungs
                counts[1] += 1
        self._shown = {
            key: n > 0 and lower_bound_share(k, n, level=0.90) > threshold
            for key, (k, n) in seen.items()
        }

    def shows(self, claim: Claim, rung: Rung) -> bool:
        """Whether claims like this one normally have the rung."""
        return self._shown.get(self._key(claim, rung), False)

    @classmethod
    def _keys(cls, claim: Claim) -> list[_Key]:
        """What a claim is an example of: a change that closes an issue shows how issues are closed."""
        keys = [cls._key(claim, rung) for rung in _RUNGS]
        if "issue" in claim.reports and claim.kind is not Kind.ISSUE:
            keys.append(cls._key(claim, Rung.PRESENT, kind=Kind.ISSUE))
        return keys

    @staticmethod
    def _key(claim: Claim, rung: Rung, *, kind: Kind | None = None) -> _Key:
        half = f"{claim.claimed_at.year}-{1 if claim.claimed_at.month <= 6 else 2}"
        kind = kind or claim.kind
        # A commit that closes an umbrella is a commit like any other here.
        told = str(Kind.COMMIT if kind is Kind.UMBRELLA else kind)
        if kind is Kind.ISSUE:
            told = f"{told} {claim.issue_kind}"
        return claim.repo, told, half, rung
