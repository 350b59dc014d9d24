"""Learning only from what was known, and drawn to the base rate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.claims.risk.worlds import DAY, telling, world

from trueup.claims.risk.features import features
from trueup.claims.risk.logistic import LEAST_TO_LEARN, fitted, out_of_time, probability


def test_slopes_are_found_where_there_is_much_to_learn_from():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((40_000, 3))
    y = rng.random(40_000) < probability(-2 + x @ np.array([0.5, -0.3, 0.0]))
    found = fitted(x, y, np.full(40_000, -2.0), np.zeros(3))
    np.testing.assert_allclose(found, [0.5, -0.3, 0.0], atol=0.05)


def test_slopes_are_near_nothing_where_there_is_little():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((100, 3))
    y = rng.random(100) < 0.05
    assert np.abs(fitted(x, y, np.full(100, -3.0), np.zeros(3))).max() < 0.1


def test_a_month_is_foretold_from_what_had_matured_before_it():
    """Whatever becomes of claims that are not 90 days old when the month begins has no part in it."""
    history = telling(2, claims=2000, days=1500)
    month = np.datetime64("2019-03")
    start = int(month.astype("datetime64[s]").astype(np.int64))
    asked = history.at.astype("datetime64[s]").astype("datetime64[M]") == month
    young = history.at + history.embargo >= start
    found = features(history)
    other = replace(history, broken_at=np.where(young, history.at + DAY, history.broken_at))
    one, two = (out_of_time(found.matrix(), found.base, h) for h in (history, other))
    assert asked.sum() > 20
    assert one[asked].tolist() == two[asked].tolist()
    assert not np.allclose(one[-20:], two[-20:])


def test_nothing_is_told_before_there_is_enough_to_learn_from():
    history = world(1, claims=2000, days=1500)
    found = features(history)
    told = out_of_time(found.matrix(), found.base, history)
    first = int(np.flatnonzero(~np.isnan(told))[0])
    known = history.at + history.embargo < history.at[first]
    assert LEAST_TO_LEARN <= (history.contradicted & known).sum() < LEAST_TO_LEARN + 12
    assert not np.isnan(told[first:]).any()


def test_a_column_that_says_nothing_moves_nothing():
    history = telling(1, claims=2000, days=1500)
    found = features(history)
    more = np.column_stack([found.matrix(), np.ones(2000)])
    one, two = (out_of_time(x, found.base, history) for x in (found.matrix(), more))
    np.testing.assert_allclose(one, two, rtol=1e-6)
