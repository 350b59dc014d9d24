"""Intervals of shares, rates, differences and medians: hand-checked cases, laws, bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from trueup.stats._limits import normal_multiplier, student_multiplier
from trueup.stats.intervals import (
    Interval,
    difference_of,
    difference_of_shares,
    lower_bound_share,
    median,
    rate,
    share,
)

laws = settings(deadline=None, max_examples=60)
trials = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
numbers = st.lists(st.integers(-1000, 1000).map(float), min_size=5, max_size=40)


def rounded(interval: Interval, digits: int = 3) -> tuple[float, ...]:
    return tuple(round(x, digits) for x in (interval.value, interval.low, interval.high))


class TestInterval:
    @pytest.mark.parametrize("limits", [(1, 2, 3), (1, 0, 0.5), (math.nan, 0, 1), (1, 0, math.inf)])
    def test_refuses_what_is_no_interval(self, limits: tuple[float, float, float]) -> None:
        with pytest.raises(ValueError, match="an interval"):
            Interval(*limits)

    def test_around_encloses_the_value(self) -> None:
        assert Interval.around(1, 2, 3) == Interval(1, 1, 3)
        assert Interval.around(4, 2, 3) == Interval(4, 2, 4)


class TestShare:
    def test_published_examples(self) -> None:
        """Tables of [Newcombe1998]: score limits of 81/263 and 0/20 at 95 %."""
        assert rounded(share(81, 263, level=0.95), 4) == (0.308, 0.2553, 0.3662)
        assert rounded(share(0, 20, level=0.95), 4) == (0.0, 0.0, 0.1611)

    def test_ends_are_reached_exactly_and_never_without_width(self) -> None:
        assert share(0, 7).low == 0.0
        assert share(7, 7).high == 1.0
        assert share(1, 1).low < 0.5

    @laws
    @given(trials)
    def test_swapping_success_and_failure_mirrors_it(self, drawn: tuple[int, int]) -> None:
        k, n = drawn
        one, other = share(k, n), share(n - k, n)
        assert one.low == pytest.approx(1 - other.high, abs=1e-12)
        assert one.high == pytest.approx(1 - other.low, abs=1e-12)

    @laws
    @given(trials)
    def test_more_of_the_same_narrows_and_more_level_widens(self, drawn: tuple[int, int]) -> None:
        k, n = drawn
        assert share(2 * k, 2 * n).width < share(k, n).width
        assert share(k, n, level=0.95).width > share(k, n).width

    @laws
    @given(trials)
    def test_one_success_more_moves_both_limits_up(self, drawn: tuple[int, int]) -> None:
        k, n = drawn
        if k < n:
            assert share(k + 1, n).low > share(k, n).low
            assert share(k + 1, n).high > share(k, n).high

    def test_takes_whole_numbers_of_numpy(self) -> None:
        assert share(np.int64(5), np.int64(10)) == share(5, 10)

    @pytest.mark.parametrize(
        ("k", "n", "why"),
        [
            (0, 0, "n must be at least 1"),
            (3, 2, "must not exceed n"),
            (-1, 2, "at least 0"),
            (math.nan, 2, "whole number"),
            (1.5, 2, "whole number"),
        ],
    )
    def test_bad_input(self, k: int, n: int, why: str) -> None:
        for asked in (share, lower_bound_share):
            with pytest.raises(ValueError, match=why):
                asked(k, n)

    @pytest.mark.parametrize("level", [0.0, 1.0, math.nan, 90])
    def test_bad_level(self, level: float) -> None:
        with pytest.raises(ValueError, match="level must lie between 0 and 1"):
            share(1, 2, level=level)


class TestLowerBound:
    @laws
    @given(trials, st.sampled_from([0.9, 0.95]))
    def test_is_where_so_many_are_just_unlikely(self, drawn: tuple[int, int], level: float) -> None:
        k, n = drawn
        bound = lower_bound_share(k, n, level=level)
        assert 0 <= bound <= k / n
        if k:
            assert binom.sf(k - 1, n, bound) == pytest.approx(1 - level, rel=1e-6)

    def test_the_habit_rule(self) -> None:
        """At 90 % one half is passed by 4 of 4 (0.1 = x^4) but not by 3 of 3."""
        assert lower_bound_share(4, 4, level=0.9) == pytest.approx(0.1**0.25)
        assert lower_bound_share(4, 4, level=0.9) > 0.5 > lower_bound_share(3, 3, level=0.9)


class TestRate:
    def test_by_hand(self) -> None:
        """The limits m of 4 events solve (4 - m)^2 = 2.706 m."""
        found = rate(4, 1.0)
        for limit in (found.low, found.high):
            assert (4 - limit) ** 2 == pytest.approx(2.7055 * limit, rel=1e-4)

    @laws
    @given(st.integers(0, 500), st.sampled_from([0.5, 2.0, 13.0, 365.25]))
    def test_unit_of_exposure_only_scales(self, events: int, unit: float) -> None:
        one, other = rate(events, 1.0), rate(events, unit)
        assert other.low * unit == pytest.approx(one.low)
        assert other.high * unit == pytest.approx(one.high)
        assert rate(2 * events, 2 * unit).width < other.width

    @pytest.mark.parametrize("exposure", [0, -1, math.nan, math.inf])
    def test_bad_exposure(self, exposure: float) -> None:
        with pytest.raises(ValueError, match="exposure must be positive"):
            rate(1, exposure)

    def test_bad_count(self) -> None:
        with pytest.raises(ValueError, match="events must be at least 0"):
            rate(-1, 1)


class TestDifference:
    def test_published_examples(self) -> None:
        """[Newcombe1998], method 10 at 95 %: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/10."""
        cases = {
            (56, 70, 48, 80): (0.2, 0.0524, 0.3339),
            (9, 10, 3, 10): (0.6, 0.1705, 0.8090),
            (10, 10, 0, 10): (1.0, 0.6075, 1.0),
        }
        for counts, expected in cases.items():
            assert rounded(difference_of_shares(*counts, level=0.95), 4) == expected

    @laws
    @given(trials, trials)
    def test_changing_sides_changes_the_sign(self, a: tuple[int, int], b: tuple[int, int]) -> None:
        one, other = difference_of_shares(*a, *b), difference_of_shares(*b, *a)
        assert one.low == pytest.approx(-other.high, abs=1e-12)
        assert -1 <= one.low <= one.high <= 1 + 1e-12

    def test_of_symmetric_intervals_is_the_textbook_one(self) -> None:
        """Half-widths 3 and 4 give 5."""
        assert difference_of(Interval(10, 7, 13), Interval(1, -3, 5)) == Interval(9, 4, 14)


class TestMedian:
    def test_exact_ranks_where_the_level_is_met(self) -> None:
        """The range of 5 values covers 1 - 2 / 2^5 exactly, so nothing is interpolated there."""
        assert median([5, 1, 4, 2, 3], level=1 - 2 / 32) == Interval(3, 1, 5)

    def test_even_number_of_values(self) -> None:
        assert median([1, 2, 3, 10, 11, 12]).value == 6.5

    @laws
    @given(numbers, st.randoms(use_true_random=False))
    def test_order_does_not_matter(self, values: list[float], random: object) -> None:
        shuffled = values[:]
        random.shuffle(shuffled)
        assert median(shuffled) == median(values)

    @laws
    @given(numbers, st.sampled_from([0.25, 2.0, 64.0]), st.integers(-5, 5))
    def test_unit_and_origin(self, values: list[float], unit: float, origin: int) -> None:
        one, other = median(values), median([unit * x + origin for x in values])
        assert rounded(other, 6) == pytest.approx(
            tuple(unit * x + origin for x in (one.value, one.low, one.high)), abs=1e-6
        )

    @laws
    @given(numbers)
    def test_more_of_the_same_narrows(self, values: list[float]) -> None:
        assert median(values * 4).width <= median(values).width + 1e-9

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ([], "at least 5 needed"),
            ([1, 2, 3, 4], "at least 5 needed"),
            ([1, 2, 3, 4, math.nan], "finite"),
            ([[1, 2, 3, 4, 5]], "2 dimensions"),
        ],
    )
    def test_bad_input(self, values: list[float], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            median(values)

    def test_too_few_for_the_level(self) -> None:
        with pytest.raises(
            ValueError, match=r"too few for an interval of the median at level 0\.99"
        ):
            median([1, 2, 3, 4, 5], level=0.99)

    def test_a_low_level_at_even_n_still_encloses_the_median(self) -> None:
        assert median([1, 2, 3, 4, 5, 6], level=0.1).width >= 0


def test_multipliers() -> None:
    assert normal_multiplier(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert student_multiplier(0.90, 1) == pytest.approx(6.313752, abs=1e-6)
