"""What must hold before a probability of a single claim may be shown.

All of it, or the product says "no better than the base rate" and shows that. Limits: decision
2026-11-22-claim-risk; the measurements behind them are in docs/execution-risk.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trueup.claims.risk.scores import Score
    from trueup.stats.intervals import Interval

#: Contradicted claims among those scored, and months these were made in [Collins2016].
LEAST_CONTRADICTED, LEAST_MONTHS = 100, 24
#: Calibration error allowed in any case, and as a multiple of what luck alone makes.
ECE_ALLOWED, ECE_FACTOR = 0.02, 1.5
#: How far the number of contradictions may lie from what was foretold.
AT_LARGE = 0.20
#: What it means, in words that need no glossary, that a condition does not hold.
WHY = {
    "past only": "what it learnt from knew the future",
    "enough": "too few were contradicted to learn from",
    "beats base rate": "what seemed to distinguish them did not hold for later ones",
    "beats size alone": "their size tells as much",
    "calibrated": "what was foretold of later ones was too far off",
    "calibrated at large": "many more or fewer later ones were contradicted than was foretold",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition, whether it holds, and what was found."""

    name: str
    holds: bool
    found: str


def gates(score: Score | None, future: tuple[str, ...] = ()) -> tuple[Gate, ...]:
    """All conditions, in a fixed order.

    Args:
        score: how the model did; nothing when it could not be tried.
        future: columns that knew what came after the claim.
    """
    past_only = Gate("past only", not future, ", ".join(future) or "no column knows the future")
    if score is None:
        return past_only, Gate("enough", False, "too few contradicted claims to try a model on")
    allowed = max(ECE_ALLOWED, ECE_FACTOR * score.ece_expected)
    enough = score.contradicted >= LEAST_CONTRADICTED and score.months >= LEAST_MONTHS
    return (
        past_only,
        Gate("enough", enough, f"{score.contradicted} contradicted in {score.months} months"),
        Gate("beats base rate", score.skill.low > 0, f"skill {_told(score.skill)}"),
        Gate("beats size alone", score.margin.low > 0, f"margin {_told(score.margin)}"),
        Gate("calibrated", score.ece <= allowed, f"error {score.ece:.4f}, allowed {allowed:.4f}"),
        Gate(
            "calibrated at large",
            abs(score.calibration - 1) <= AT_LARGE,
            f"{score.calibration:.2f} times as many as foretold",
        ),
    )


def _told(found: Interval) -> str:
    return f"{found.value:+.4f} ({found.low:+.4f} to {found.high:+.4f})"
