"""Lift and coupling: hand-checked values, arrays, laws, bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from trueup.stats.association import coupling_p_value, lift, lift_interval

laws = settings(deadline=None, max_examples=80)
# joint, only a, only b, neither
cells = st.tuples(*[st.integers(0, 60)] * 4).filter(lambda c: c[0] + c[1] > 0 and c[0] + c[2] > 0)


def counts(cell: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    both, first, second, neither = cell
    return both, both + first, both + second, both + first + second + neither


@pytest.mark.parametrize("n", [7, 60, 5_000, 200_000])
def test_the_tail_is_the_hypergeometric_one(n):
    rng = np.random.default_rng(n)
    a, b = rng.integers(1, n + 1, (2, 400))
    least, most = np.maximum(0, a + b - n), np.minimum(a, b)
    spread = np.sqrt(a * b / n * (1 - a / n) * (1 - b / n) + 1)
    near = np.clip(np.rint(a * b / n + rng.normal(0, 3, 400) * spread), least, most).astype(int)
    for together in (rng.integers(least, most + 1), near, least, most):
        found = coupling_p_value(together, a, b, n)
        assert found == pytest.approx(hypergeom.sf(together - 1, n, a, b), rel=1e-8, abs=1e-200)


def test_by_hand() -> None:
    """20 of 100 hold a, 25 hold b, so 5 would hold both by chance; 10 do."""
    assert lift(10, 20, 25, 100) == 2.0


def test_interval_by_hand() -> None:
    """variance of the log: 1/10 - 1/20 - 1/25 + (4 - 1)/100 = 0.04, as of 25 events."""
    found = lift_interval(10, 20, 25, 100)
    for limit in (found.low, found.high):
        assert (2 - limit) ** 2 == pytest.approx(2.7055 * 2 * limit / 25, rel=1e-4)


def test_p_value_by_hand() -> None:
    """Two of four, twice: 1 of the 6 ways to choose the second pair hits both, 5 hit at least one."""
    assert coupling_p_value(2, 2, 2, 4) == pytest.approx(1 / 6)
    assert coupling_p_value(1, 2, 2, 4) == pytest.approx(5 / 6)


@laws
@given(cells)
def test_limits_enclose_and_tails_are_chances(cell: tuple[int, int, int, int]) -> None:
    found = lift_interval(*counts(cell))
    assert 0 <= found.low <= found.value <= found.high
    assert found.width > 0
    assert 0 <= coupling_p_value(*counts(cell)) <= 1 + 1e-12


@laws
@given(cells)
def test_the_two_are_exchangeable(cell: tuple[int, int, int, int]) -> None:
    both, a, b, n = counts(cell)
    assert lift(both, a, b, n) == pytest.approx(lift(both, b, a, n))
    assert lift_interval(both, a, b, n).high == pytest.approx(lift_interval(both, b, a, n).high)
    assert coupling_p_value(both, a, b, n) == pytest.approx(coupling_p_value(both, b, a, n))


@laws
@given(cells, st.integers(2, 5))
def test_more_of_the_same_narrows(cell: tuple[int, int, int, int], times: int) -> None:
    one, more = lift_interval(*counts(cell)), lift_interval(*(times * x for x in counts(cell)))
    assert more.value == pytest.approx(one.value)
    assert more.width < one.width


@laws
@given(st.lists(cells, min_size=1, max_size=20))
def test_arrays_say_what_single_pairs_say(drawn: list[tuple[int, int, int, int]]) -> None:
    columns = [np.array(column) for column in zip(*map(counts, drawn), strict=True)]
    found = lift_interval(*columns)
    for place, cell in enumerate(drawn):
        single = lift_interval(*counts(cell))
        row = (found.value[place], found.low[place], found.high[place])
        assert row == pytest.approx((single.value, single.low, single.high))
    assert lift(*columns) == pytest.approx([lift(*counts(c)) for c in drawn])
    expected = [coupling_p_value(*counts(c)) for c in drawn]
    assert coupling_p_value(*columns) == pytest.approx(expected)


def test_one_total_serves_all_pairs() -> None:
    found = lift(np.array([10, 5]), np.array([20, 20]), np.array([25, 25]), 100)
    assert found.tolist() == [2.0, 1.0]


def test_no_pairs() -> None:
    none = np.array([], dtype=int)
    assert lift(none, none, none, 100).size == 0


def test_more_together_is_less_likely_by_chance() -> None:
    tails = coupling_p_value(np.arange(6), np.full(6, 5), np.full(6, 10), 40)
    assert (np.diff(tails) < 0).all()


@pytest.mark.parametrize(
    ("pair", "why"),
    [
        ((0, 0, 5, 10), "occur at least once"),
        ((6, 5, 7, 10), "does not fit"),
        ((0, 8, 8, 10), "does not fit"),
        ((1, 5, 11, 10), "must not exceed n"),
        ((-1, 5, 5, 10), "together must not be negative"),
        ((1.5, 5, 5, 10), "whole numbers"),
        ((1, math.nan, 5, 10), "a must be finite"),
        ((np.array([1, 2]), np.array([5, 5, 5]), 5, 10), "lengths differ"),
        ((np.array([[1]]), 5, 5, 10), "dimensions"),
    ],
)
def test_bad_input(pair: tuple[int, int, int, int], why: str) -> None:
    for asked in (lift, lift_interval, coupling_p_value):
        with pytest.raises(ValueError, match=why):
            asked(*pair)
