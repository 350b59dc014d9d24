"""Ratios of weekly sums and variation between weeks: hand-checked cases, laws, bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trueup.stats.intervals import Interval, rate, share
from trueup.stats.ratios import mean_of_weeks, ratio_of_sums, robust_cv

laws = settings(deadline=None, max_examples=80)
week_share = st.integers(0, 30).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
week_any = st.tuples(st.integers(0, 500), st.integers(0, 30))
shares = st.lists(week_share, min_size=2, max_size=30).filter(lambda w: any(d for _, d in w))
# numerators beyond denominators, so that these are never read as shares
ratios = st.lists(week_any, min_size=2, max_size=30).filter(
    lambda w: any(d for _, d in w) and any(n > 3 * d for n, d in w)
)
positive = st.lists(st.integers(1, 200).map(float), min_size=5, max_size=40)


def of(weeks: list[tuple[int, int]], unit: float = 1.0) -> Interval:
    return ratio_of_sums([unit * n for n, _ in weeks], [d for _, d in weeks])


class TestRatioOfSums:
    def test_by_hand(self) -> None:
        """Minutes 40, 60, 50, 50 over 10 changes each: R = 5, e = -10, 10, 0, 0.

        sum e^2 = 200; seen r = -100/200 = -1/2, freed of bias -1/2 + (1 - 3/2)/4 = -5/8, and shrunk
        (4 * -5/8 + 26 * 1/5) / 30 = 0.09; var = 4/3 * 200 / 1600 * 1.09 / 0.91 = 0.1996.
        With t(3) = 2.3534 the limits x solve (5 - x)^2 = 2.3534^2 * 0.1996 / 5 * x.
        """
        found = ratio_of_sums([40, 60, 50, 50], [10, 10, 10, 10])
        assert found.value == 5.0
        scale = 2.353363**2 * (4 / 3 * 200 / 1600 * 1.09 / 0.91) / 5
        for limit in (found.low, found.high):
            assert (5 - limit) ** 2 == pytest.approx(scale * limit, rel=1e-5)

    def test_is_no_mean_of_ratios(self) -> None:
        """A week of 1 in 1 beside one of 0 in 9 is 10 %, not 50 %."""
        assert ratio_of_sums([1, 0], [1, 9]).value == 0.1

    def test_nothing_or_everything_falls_back_to_the_score_interval(self) -> None:
        assert ratio_of_sums([0, 0, 0], [5, 10, 5]) == share(0, 20)
        assert ratio_of_sums([5, 10, 5], [5, 10, 5]) == share(20, 20)
        assert ratio_of_sums([1, 2], [2, 4]).low == pytest.approx(share(3, 6).low)

    def test_a_constant_ratio_counts_one_event_a_week(self) -> None:
        found = ratio_of_sums([30, 60, 30], [1, 2, 1])
        assert found.low == pytest.approx(30 * rate(3, 3.0).low)
        assert found.high == pytest.approx(30 * rate(3, 3.0).high)

    def test_correlated_weeks_are_wider(self) -> None:
        runs = ratio_of_sums([30] * 6 + [60] * 6, [10] * 12)
        turns = ratio_of_sums([30, 60] * 6, [10] * 12)
        assert runs.width > 1.3 * turns.width

    def test_the_expected_correlation_can_be_set(self) -> None:
        weeks = ([30, 50, 35, 60, 45], [10] * 5)
        assert ratio_of_sums(*weeks, shrink_to=0.5).width > ratio_of_sums(*weeks, shrink_to=0).width

    def test_signed_numerators_are_symmetric(self) -> None:
        found = ratio_of_sums([-3, 5, -1, 4], [1, 1, 1, 1])
        assert found.high - found.value == pytest.approx(found.value - found.low)
        assert ratio_of_sums([-2, -2], [1, 1]).width > 0

    def test_events_in_a_week_without_denominator_still_count(self) -> None:
        assert ratio_of_sums([4, 2, 3], [2, 0, 1]).value == 3.0

    @laws
    @given(shares)
    def test_shares_stay_within_bounds_and_have_width(self, weeks: list[tuple[int, int]]) -> None:
        found = of(weeks)
        assert 0 <= found.low < found.high <= 1

    @laws
    @given(shares)
    def test_share_of_the_rest_mirrors_it(self, weeks: list[tuple[int, int]]) -> None:
        one, rest = of(weeks), of([(d - n, d) for n, d in weeks])
        assert one.low == pytest.approx(1 - rest.high, abs=1e-9)

    @laws
    @given(ratios, st.sampled_from([2.0, 60.0]))
    def test_unit_of_the_numerator_only_scales(
        self, weeks: list[tuple[int, int]], unit: float
    ) -> None:
        one, other = of(weeks), of(weeks, unit)
        assert other.low == pytest.approx(unit * one.low)
        assert other.high == pytest.approx(unit * one.high)

    @laws
    @given(st.one_of(shares, ratios))
    def test_the_same_history_again_narrows(self, weeks: list[tuple[int, int]]) -> None:
        assert of(weeks * 2).value == pytest.approx(of(weeks).value)
        assert of(weeks * 2).width < of(weeks).width

    @laws
    @given(st.one_of(shares, ratios))
    def test_reading_time_backwards_changes_nothing(self, weeks: list[tuple[int, int]]) -> None:
        one, other = of(weeks), of(weeks[::-1])
        assert (one.low, one.high) == pytest.approx((other.low, other.high))

    @laws
    @given(st.one_of(shares, ratios), st.integers(0, 3), st.integers(0, 3))
    def test_empty_weeks_around_it_change_nothing(
        self, weeks: list[tuple[int, int]], before: int, after: int
    ) -> None:
        one = of(weeks)
        padded = of([(0, 0)] * before + weeks + [(0, 0)] * after)
        assert (padded.low, padded.high) == pytest.approx((one.low, one.high))

    @pytest.mark.parametrize(
        ("tops", "bottoms", "why"),
        [
            ([0, 0], [0, 0], "all denominators are 0"),
            ([], [], "at least 2 needed"),
            ([1], [2], "at least 2 needed"),
            ([1, 2], [1, 2, 3], "do not match"),
            ([1, 2], [1, -2], "must not be negative"),
            ([1, math.nan], [1, 2], "numerators must be finite"),
            ([1, 2], [1, math.inf], "denominators must be finite"),
        ],
    )
    def test_bad_input(self, tops: list[float], bottoms: list[float], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            ratio_of_sums(tops, bottoms)

    @pytest.mark.parametrize("asked", [{"level": 1.0}, {"shrink_to": 0.9}, {"shrink_to": math.nan}])
    def test_bad_settings(self, asked: dict[str, float]) -> None:
        with pytest.raises(ValueError, match="must lie"):
            ratio_of_sums([1, 2], [3, 3], **asked)


class TestMeanOfWeeks:
    def test_is_the_ratio_to_one(self) -> None:
        weeks = [4.0, 7.0, 3.0, 8.0]
        assert mean_of_weeks(weeks) == ratio_of_sums(weeks, [1, 1, 1, 1])

    def test_values_below_one_are_not_taken_for_shares(self) -> None:
        assert mean_of_weeks([0.9, 0.1, 1.0, 0.95]).high > 1

    def test_quiet_and_constant_series_have_width(self) -> None:
        assert mean_of_weeks([0] * 13) == Interval(0, 0, rate(0, 13.0).high)
        assert mean_of_weeks([5.5] * 4).width > 0
        assert mean_of_weeks([-5.5] * 4).width > 0

    @pytest.mark.parametrize("values", [[], [5], [1, math.nan]])
    def test_bad_input(self, values: list[float]) -> None:
        with pytest.raises(ValueError, match="values"):
            mean_of_weeks(values)


class TestRobustCv:
    def test_by_hand(self) -> None:
        """Median 11; distances 2 1 0 1 8, so their median is 1; one freak week changes nothing."""
        assert robust_cv([9, 10, 11, 12, 19]).value == pytest.approx(1.4826 * 1 / 11)
        assert robust_cv([9, 10, 11, 12, 900]).value == robust_cv([9, 10, 11, 12, 19]).value

    @laws
    @given(positive, st.sampled_from([0.5, 7.0]))
    def test_order_and_unit_do_not_matter(self, values: list[float], unit: float) -> None:
        one, other = robust_cv(values), robust_cv([unit * x for x in reversed(values)])
        expected = (one.value, one.low, one.high)
        assert (other.value, other.low, other.high) == pytest.approx(expected)

    @laws
    @given(positive)
    def test_the_same_again_narrows(self, values: list[float]) -> None:
        assume(robust_cv(values).width > 0)
        assert robust_cv(values * 4).width <= robust_cv(values).width + 1e-12

    def test_estimates_the_coefficient_of_variation_of_normal_weeks(self) -> None:
        weeks = 10 + 2 * np.random.default_rng(1).standard_normal(20_001)
        assert robust_cv(weeks).value == pytest.approx(0.2, abs=0.005)

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ([1, 2, 3, 4], "at least 5 needed"),
            ([0, 0, 0, 1, 2], "median week is 0"),
            ([1, 2, 3, 4, -1], "must not be negative"),
            ([1, 2, 3, 4, math.nan], "finite"),
        ],
    )
    def test_bad_input(self, values: list[float], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            robust_cv(values)
