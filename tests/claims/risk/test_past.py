"""Counting what came before, against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest

from trueup.claims.risk.past import Past


@pytest.mark.parametrize("window", [None, 7])
@pytest.mark.parametrize("seed", range(5))
def test_totals_are_those_of_a_plain_loop(seed, window):
    rng = np.random.default_rng(seed)
    group, at = rng.integers(0, 4, 60), rng.integers(-30, 30, 60)
    weight = rng.integers(1, 9, 60).astype(float)
    who, when = rng.integers(0, 6, 40), rng.integers(-30, 40, 40)
    plain = [
        sum(
            w
            for g, t, w in zip(group, at, weight, strict=True)
            if g == one and t < moment and (window is None or t >= moment - window)
        )
        for one, moment in zip(who, when, strict=True)
    ]
    assert Past(group, at, weight).total(who, when, window=window).tolist() == plain


def test_what_happens_at_the_very_moment_is_not_the_past():
    past = Past(np.array([0]), np.array([5]), np.array([1.0]))
    assert past.total(np.array([0, 0]), np.array([5, 6])).tolist() == [0.0, 1.0]
