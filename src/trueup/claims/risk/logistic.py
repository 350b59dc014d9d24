"""Logistic regression that is drawn to a base rate, refitted every month on what was known by then.

Each claim is foretold before its outcome is known, and judged by that alone [Dawid1984]; slopes are
shrunk and the level is set anew, as is advised where there is little to learn from [Steyerberg2004].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trueup.claims.risk.past import DAY

if TYPE_CHECKING:
    from trueup.claims.risk.history import History
    from trueup.claims.risk.past import Bools, Floats, Ints

# What is not cited is our choice: docs/decisions/2026-11-22-claim-risk.md.
#: Nothing is learned from fewer contradicted claims.
LEAST_TO_LEARN = 10
#: What is believed beforehand: standard deviations of a coefficient (of a column in its own standard
#: deviations), of the intercept, and of how far the intercept of the last year moves.
SLOPE, LEVEL, SHIFT = 0.1, 2.0, 0.5
RECENT = 365 * DAY
#: Farther than so many standard deviations from the middle counts as this far.
FAR = 3.0
_STEPS, _CLOSE = 50, 1e-9


def out_of_time(values: Floats, base: Floats, history: History) -> Floats:
    """The probability of each claim by a model of claims that had matured before its month.

    ``logit p = logit base + a + b x``: with a = b = 0 it is the base rate. ``b`` is learned from all that
    had matured, each claim beside the base rate of its own day; ``a`` makes the level right for what
    matured in the last year, beside the base rate of now. NaN for claims before `LEAST_TO_LEARN` were
    contradicted.

    Args:
        values: one row per claim, one column per feature.
        base: rolling base rate of each claim.
        history: says when claims were made and what became of them.
    """
    offset = np.log(base / (1 - base))
    told = np.full(len(base), np.nan)
    latest = np.zeros(int(history.stratum.max(initial=0)) + 1)
    months = history.at.astype("datetime64[s]").astype("datetime64[M]")
    slopes: Floats = np.zeros(values.shape[1])
    for month in np.unique(months):
        start = int(month.astype("datetime64[s]").astype(np.int64))
        asked = months == month
        matured_at = history.at + history.embargo
        known = history.matured & (matured_at < start)
        if np.count_nonzero(history.contradicted & known) >= LEAST_TO_LEARN:
            x, now = _alike(values[known], values[asked])
            y = history.contradicted[known]
            slopes = fitted(x, y, offset[known], slopes)
            recent = matured_at[known] >= start - RECENT
            here = latest[history.stratum[known][recent]]
            level = _level(y[recent], here + x[recent] @ slopes)
            told[asked] = probability(offset[asked] + level + now @ slopes)
        latest[history.stratum[asked]] = offset[asked]  # of equal strata the last one stays
    return told


def fitted(x: Floats, y: Bools, offset: Floats, start: Floats) -> Floats:
    """The most probable slopes, beside a level that is theirs alone, by Newton's method."""
    ones = np.column_stack([np.ones(len(x)), x])
    spread = np.concatenate([[LEVEL], np.full(x.shape[1], SLOPE)])
    first = np.concatenate([[0.0], start])
    return _newton(ones, y, offset, 1 / spread**2, first)[1:]


def probability(logit: Floats) -> Floats:
    """The inverse of the logit."""
    found: Floats = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
    return found


def _level(y: Bools, logit: Floats) -> float:
    """How far the level that was observed lies from what was foretold."""
    ones = np.ones((len(y), 1))
    return float(_newton(ones, y, logit, np.array([1 / SHIFT**2]), np.zeros(1))[0])


def _alike(known: Floats, now: Floats) -> tuple[Floats, Floats]:
    """Columns in standard deviations of what was known, none far out."""
    middle, spread = known.mean(axis=0), known.std(axis=0)
    spread[spread < 1e-12] = np.inf  # a column that says nothing
    one, other = (np.clip((rows - middle) / spread, -FAR, FAR) for rows in (known, now))
    return one, other


def _newton(x: Floats, y: Bools, offset: Floats, precision: Floats, start: Floats) -> Floats:
    weights = start.copy()
    for _ in range(_STEPS):
        p = probability(offset + x @ weights)
        slope = x.T @ (y - p) - precision * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(precision)
        step = np.linalg.solve(curve, slope)
        weights = weights + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < _CLOSE:
            break
    return weights


def months_of(at: Ints) -> Ints:
    """Months since 1970."""
    found: Ints = at.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    return found
