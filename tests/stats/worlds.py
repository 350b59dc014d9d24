"""Simulated worlds with known truth, and the table that holds coverages to their bounds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, roots_hermitenorm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trueup.stats.intervals import Interval

ASKED = (0.87, 0.95)


def check(
    title: str, cells: Mapping[str, float], known: Mapping[str, tuple[float, float]] | None = None
) -> None:
    """Print a table of coverages, then hold each cell to what is asked or, if listed, known."""
    known = known or {}
    width = max(map(len, cells))
    lines = [f"\n{title}"]
    for name, cell in cells.items():
        note = f"  documented {known[name][0]:.2f}..{known[name][1]:.2f}" if name in known else ""
        lines.append(f"  {name.ljust(width)}  {cell:.3f}{note}")
    sys.stdout.write("\n".join(lines) + "\n")
    assert set(known) <= set(cells)
    for name, cell in cells.items():
        low, high = known.get(name, ASKED)
        assert low <= cell <= high, f"{title}: {name} covers {cell:.3f}, not {low}..{high}"


def holds(interval: Interval, truth: float) -> bool:
    return interval.low <= truth <= interval.high


def share_covered(draw: Callable[[np.random.Generator], bool], worlds: int, seed: int = 1) -> float:
    rng = np.random.default_rng(seed)
    return sum(draw(rng) for _ in range(worlds)) / worlds


def autoregressive(rng: np.random.Generator, weeks: int, rho: float) -> np.ndarray:
    """A stationary AR(1) series with standard deviation 1."""
    steps = rng.standard_normal(weeks)
    for week in range(1, weeks):
        steps[week] = rho * steps[week - 1] + np.sqrt(1 - rho * rho) * steps[week]
    return steps


def mean_share(centre: float, spread: float) -> float:
    """The long-run share when its logit is normal."""
    nodes, weights = roots_hermitenorm(60)
    return float((weights * expit(centre + spread * nodes)).sum() / weights.sum())


TEAMS = {
    "6 equal": np.full(6, 1 / 6),
    "8 skewed": np.array([0.4, 0.2, 0.12, 0.1, 0.08, 0.05, 0.03, 0.02]),
    "6, one does 80 %": np.array([0.8, 0.1, 0.04, 0.03, 0.02, 0.01]),
    "8, five do nothing": np.array([0.5, 0.3, 0.2, 0, 0, 0, 0, 0]),
    "20, Zipf": 1 / np.arange(1, 21) / (1 / np.arange(1, 21)).sum(),
}
