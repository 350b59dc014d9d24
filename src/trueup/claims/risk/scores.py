"""How good probabilities were, with intervals by drawing whole months anew.

Claims of one month share a release, a freeze, a bad week: months are drawn, not claims [FieldWelsh2007].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trueup.stats.intervals import Interval

if TYPE_CHECKING:
    from trueup.claims.risk.past import Bools, Floats, Ints

DRAWS, LEVEL, BINS, WORLDS = 2000, 0.90, 10, 200
SEED = 20261122
#: With fewer contradicted claims than this the intervals hold the truth too seldom to be shown.
LEAST_TO_SCORE = 20


@dataclass(frozen=True, slots=True)
class Score:
    """How probabilities did on claims whose outcome was not known when they were given.

    Attributes:
        n, contradicted, months: claims judged, those contradicted, months they were made in.
        auc: share of pairs of claims of one month, one contradicted and one not, in which it gave the
            former the higher probability; half is chance [Hanley1982].
        skill: share of the base rate's mean squared error that it takes away [Brier1950].
        margin: skill less that of a model that knows the size alone.
        ece: mean distance of the probabilities from the shares observed, in ten bins of equal numbers.
        ece_expected: what that would be, were every probability right, at these numbers.
        calibration: contradicted claims over the sum of their probabilities.
    """

    n: int
    contradicted: int
    months: int
    auc: Interval
    skill: Interval
    margin: Interval
    ece: float
    ece_expected: float
    calibration: float


def score(y: Bools, month: Ints, *, model: Floats, size_only: Floats, base: Floats) -> Score | None:
    """Score the model; nothing where fewer than `LEAST_TO_SCORE` were contradicted, or were not.

    Args:
        y: whether each claim was contradicted.
        month: when it was made.
        model: probabilities by the model.
        size_only: those by a model that knows the size alone.
        base: the rolling base rate.
    """
    if min(np.count_nonzero(y), np.count_nonzero(~y)) < LEAST_TO_SCORE:
        return None
    block = np.unique(month, return_inverse=True)[1]
    blocks = int(block.max()) + 1
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(blocks, np.full(blocks, 1 / blocks), size=DRAWS)
    weight = np.vstack([np.ones(blocks), drawn])  # what was seen, and then the draws
    ours, sizes, rates = (
        weight @ np.bincount(block, (p - y) ** 2, minlength=blocks)
        for p in (model, size_only, base)
    )
    won, pairs = (weight @ found for found in _pairs(y, model, block))
    auc = np.divide(won, pairs, out=np.full(len(won), 0.5), where=pairs > 0)
    return Score(
        n=len(y),
        contradicted=int(y.sum()),
        months=blocks,
        auc=_interval(auc),
        skill=_interval(1 - ours / rates),
        margin=_interval((sizes - ours) / rates),
        ece=ece(y, model),
        ece_expected=ece_expected(model),
        calibration=float(y.sum() / model.sum()),
    )


def ece(y: Bools, p: Floats) -> float:
    """Expected calibration error: ten bins of equal numbers, weighed by these [Naeini2015].

    >>> ece(np.array([False, True] * 5), np.full(10, 0.5))
    0.5
    """
    order = np.argsort(p, kind="stable")
    return _distance(y[order].astype(np.float64), p[order])


def ece_expected(p: Floats) -> float:
    """The same, on the average of worlds in which every probability is right; it is never 0."""
    rng = np.random.default_rng(SEED)
    right = np.sort(p)
    worlds = (
        _distance((rng.random(len(p)) < right).astype(np.float64), right) for _ in range(WORLDS)
    )
    return float(np.mean(list(worlds)))


def _distance(y: Floats, p: Floats) -> float:
    starts = np.unique(np.linspace(0, len(p), BINS, endpoint=False).astype(np.int64))
    return float(np.abs(np.add.reduceat(y - p, starts)).sum() / len(p))


def _pairs(y: Bools, p: Floats, block: Ints) -> tuple[Floats, Floats]:
    """Pairs of a contradicted and another claim of the same month: how many are won, and there are.

    Never across months: what became of the earlier claim has a part in the probability of the later.
    """
    blocks = int(block.max()) + 1
    won, pairs = np.zeros(blocks), np.zeros(blocks)
    for one in range(blocks):
        bad, good = p[y & (block == one)], np.sort(p[~y & (block == one)])
        below, upto = (np.searchsorted(good, bad, side).sum() for side in ("left", "right"))
        won[one], pairs[one] = (below + upto) / 2, len(bad) * len(good)
    return won, pairs


def _interval(values: Floats) -> Interval:
    """The first value, and the limits of the others."""
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(values[1:], [tail, 100 - tail])
    return Interval.around(float(values[0]), float(low), float(high))
