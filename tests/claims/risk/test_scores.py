"""Scores against their definitions, and against probabilities that are right."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from trueup.claims.risk.scores import ece, ece_expected, score


def drawn(seed=0, n=3000, months=30):
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 15, n)
    return rng.random(n) < p, np.sort(rng.integers(0, months, n)), p


def told(y, month, p, **others):
    base = np.full(len(y), y.mean())
    return score(y, month, **{"model": p, "size_only": base, "base": base} | others)


def test_the_area_is_the_share_of_pairs_of_one_month():
    y, month, p = drawn(n=500, months=4)
    p = p.round(1)  # many ties
    pairs = [
        (p[i] > p[j]) + (p[i] == p[j]) / 2
        for i, j in product(np.flatnonzero(y), np.flatnonzero(~y))
        if month[i] == month[j]
    ]
    assert told(y, month, p).auc.value == pytest.approx(np.mean(pairs))


def test_skill_and_margin_are_shares_of_the_error_of_the_base_rate():
    y, month, p = drawn()
    base = np.full(len(y), 0.1)
    found = told(y, month, p, base=base, size_only=(p + base) / 2)
    ours, half, rate = (np.mean((x - y) ** 2) for x in (p, (p + base) / 2, base))
    assert found.skill.value == pytest.approx(1 - ours / rate)
    assert found.margin.value == pytest.approx((half - ours) / rate)
    assert found.calibration == pytest.approx(y.sum() / p.sum())
    assert (found.n, found.contradicted, found.months) == (3000, y.sum(), 30)


def test_the_base_rate_has_no_skill():
    y, month, _ = drawn()
    found = told(y, month, np.full(len(y), y.mean()))
    assert (found.skill.low, found.skill.value, found.skill.high) == (0, 0, 0)
    assert found.auc.value == 0.5


def test_right_probabilities_are_as_far_off_as_luck_makes_them():
    errors, expected = [], []
    for seed in range(20):
        y, _, p = drawn(seed)
        errors.append(ece(y, p))
        expected.append(ece_expected(p))
    assert np.mean(errors) == pytest.approx(np.mean(expected), rel=0.1)
    assert min(expected) > 0


@pytest.mark.slow
def test_the_interval_of_the_skill_holds_the_truth_as_often_as_it_says():
    """90 % of intervals over months hold the skill of right probabilities; a little less at 30."""
    truth = np.random.default_rng(99).beta(1, 15, 10**6)
    rate = truth.mean()
    skill = 1 - np.mean(truth * (1 - truth)) / (rate * (1 - rate))
    hits = 0
    for seed in range(200):
        y, month, p = drawn(seed)
        found = score(y, month, model=p, size_only=p, base=np.full(len(y), rate))
        hits += found.skill.low <= skill <= found.skill.high
    assert 0.82 <= hits / 200 <= 0.97


@pytest.mark.parametrize("contradicted", [0, 19, 981, 1000])
def test_where_nearly_all_are_alike_there_is_no_score(contradicted):
    y = np.arange(1000) < contradicted
    assert told(y, np.arange(1000) % 30, np.full(1000, 0.5)) is None
