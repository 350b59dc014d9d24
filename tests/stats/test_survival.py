"""Kaplan-Meier: a textbook curve by hand, laws, histograms, and what cannot be known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.stats.intervals import median, share
from trueup.stats.survival import Curve, Quantile, kaplan_meier, quantile, survival_at

laws = settings(deadline=None, max_examples=80)
items = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40)


def curve_of(drawn: list[tuple[int, bool]]) -> Curve:
    return kaplan_meier([d for d, _ in drawn], [o for _, o in drawn])


def same(one: Curve, other: Curve) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("times", "survival", "at_risk", "events", "n")
    )


class TestCurve:
    def test_textbook(self) -> None:
        """Remission times of 21 patients given 6-MP, a classic: S(6) = 18/21, S(7) = that * 16/17."""
        ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
        still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
        found = kaplan_meier(ended + still, [True] * len(ended) + [False] * len(still))
        steps = dict(
            zip(found.times[found.events > 0], found.survival[found.events > 0], strict=True)
        )
        assert [round(float(steps[t]), 4) for t in (6, 7, 10, 13, 16, 22, 23)] == [
            0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482,
        ]  # fmt: skip
        assert found.at_risk[found.events > 0].tolist() == [21, 17, 15, 12, 11, 7, 6]
        assert quantile(found).value == 23
        # Greenwood's standard error at 10 is published as 0.0963
        low = survival_at(found, 10, level=0.95).low
        reach = 1.959964 * 0.0963 / (0.7529 * abs(math.log(0.7529)))
        assert low == pytest.approx(0.7529 ** math.exp(reach), abs=1e-3)

    def test_without_open_items_it_is_the_share_that_waited_longer(self) -> None:
        found = kaplan_meier([1, 2, 3, 4, 5], [True] * 5)
        assert found.survival == pytest.approx([0.8, 0.6, 0.4, 0.2, 0.0])

    def test_open_items_are_at_risk_at_their_own_time(self) -> None:
        assert kaplan_meier([3, 3], [True, False]).survival.tolist() == [0.5]

    @laws
    @given(items)
    def test_falls_from_one_and_stays_within(self, drawn: list[tuple[int, bool]]) -> None:
        heights = np.concatenate(([1.0], curve_of(drawn).survival))
        assert (np.diff(heights) <= 0).all()
        assert heights[-1] >= 0

    @laws
    @given(items)
    def test_order_does_not_matter_and_histograms_say_the_same(
        self, drawn: list[tuple[int, bool]]
    ) -> None:
        pairs = sorted(set(drawn))
        counted = kaplan_meier(
            [d for d, _ in pairs], [o for _, o in pairs], [drawn.count(p) for p in pairs]
        )
        assert same(curve_of(drawn), curve_of(drawn[::-1]))
        assert same(curve_of(drawn), counted)

    def test_entries_counted_zero_times_are_not_there(self) -> None:
        assert same(kaplan_meier([1, 9], [1, 1], [4, 0]), kaplan_meier([1], [1], [4]))

    @pytest.mark.parametrize(
        ("columns", "why"),
        [
            (([], []), "at least 1 needed"),
            (([1, 2], [1]), "lengths differ"),
            (([1], [1], [1, 2]), "lengths differ"),
            (([-1], [1]), "must not be negative"),
            (([math.nan], [1]), "finite"),
            (([1], [2]), "only True and False"),
            (([1], [1], [0]), "all counts are 0"),
            (([1], [1], [0.5]), "whole numbers"),
        ],
    )
    def test_bad_input(self, columns: tuple[list[float], ...], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            kaplan_meier(*columns)


class TestQuantile:
    def test_open_items_raise_the_median_that_closed_ones_understate(self) -> None:
        """Twelve of 3 days, eight of 10, and five that are open since 20: 10 days, not 3."""
        durations, observed = [3] * 12 + [10] * 8 + [20] * 5, [1] * 20 + [0] * 5
        assert quantile(kaplan_meier(durations, observed)).value == 10
        assert np.median([d for d, o in zip(durations, observed, strict=True) if o]) == 3

    def test_ten_days_are_not_seven_point_eight(self) -> None:
        """True median 10 d; a quarter still open; closed items alone say 7.8-7.9."""
        rng = np.random.default_rng(1)
        waits, watched = 10 * rng.lognormal(0, 1, 40_000), rng.uniform(0, 64, 40_000)
        closed = waits <= watched
        assert np.mean(~closed) == pytest.approx(0.25, abs=0.02)
        found = quantile(kaplan_meier(np.minimum(waits, watched), closed))
        assert found.value == pytest.approx(10.0, abs=0.2)
        assert np.median(waits[closed]) == pytest.approx(7.85, abs=0.15)

    def test_a_level_stretch_gives_its_middle(self) -> None:
        assert (
            quantile(kaplan_meier([1, 2, 3, 10], [1] * 4)).value == median([1, 2, 3, 10, 2.5]).value
        )
        assert quantile(kaplan_meier([1, 2], [1, 0])).value == 1

    def test_not_reached(self) -> None:
        assert quantile(kaplan_meier([1, 2, 3], [1, 0, 0])) is None
        assert quantile(kaplan_meier([5, 5], [0, 0])) is None

    def test_an_upper_limit_beyond_what_was_watched_is_none(self) -> None:
        found = quantile(kaplan_meier([1, 2, 3, 4, 5], [1, 1, 1, 0, 0]))
        assert found == Quantile(3.0, 1.0, None)
        assert quantile(kaplan_meier([2], [1])) == Quantile(2.0, 2.0, None)

    @laws
    @given(items, st.sampled_from([0.25, 0.5, 0.75]))
    def test_limits_enclose_the_value(self, drawn: list[tuple[int, bool]], q: float) -> None:
        found = quantile(curve_of(drawn), q)
        if found is not None:
            assert found.low <= found.value
            assert found.high is None or found.value <= found.high

    @laws
    @given(items)
    def test_unit_of_time_only_scales(self, drawn: list[tuple[int, bool]]) -> None:
        days = quantile(curve_of(drawn))
        hours = quantile(curve_of([(24 * d, o) for d, o in drawn]))
        if days is None:
            assert hours is None
        else:
            assert (hours.value, hours.low) == (24 * days.value, 24 * days.low)
            assert (hours.high is None) == (days.high is None)

    @laws
    @given(items)
    def test_the_same_again_narrows(self, drawn: list[tuple[int, bool]]) -> None:
        one, more = quantile(curve_of(drawn)), quantile(curve_of(drawn * 4))
        assert (one is None) == (more is None)
        if one is not None:
            assert more.low >= one.low
            assert one.high is None or (more.high is not None and more.high <= one.high)

    @pytest.mark.parametrize("q", [0.0, 1.0, math.nan])
    def test_bad_q(self, q: float) -> None:
        with pytest.raises(ValueError, match="q must lie between 0 and 1"):
            quantile(kaplan_meier([1], [1]), q)


class TestSurvivalAt:
    curve = kaplan_meier([2, 4, 4, 6, 8], [1, 1, 1, 0, 1])

    def test_before_the_first_event_and_after_the_last(self) -> None:
        assert survival_at(self.curve, 0) == share(5, 5)
        assert survival_at(self.curve, 1.9) == share(5, 5)
        assert survival_at(self.curve, 8) == survival_at(self.curve, 99) == share(0, 1)

    def test_is_right_continuous(self) -> None:
        assert survival_at(self.curve, 3.99).value == pytest.approx(0.8)
        assert survival_at(self.curve, 4).value == pytest.approx(0.4)

    @laws
    @given(items, st.integers(0, 30))
    def test_always_has_width_within_bounds(self, drawn: list[tuple[int, bool]], t: int) -> None:
        curve = curve_of(drawn)
        if t <= curve.last:
            found = survival_at(curve, t)
            assert 0 <= found.low < found.high <= 1

    def test_beyond_what_was_watched_nobody_knows(self) -> None:
        with pytest.raises(ValueError, match="nothing was watched for longer than 3"):
            survival_at(kaplan_meier([1, 3], [1, 0]), 4)

    @pytest.mark.parametrize("t", [-1, math.nan, math.inf])
    def test_bad_time(self, t: float) -> None:
        with pytest.raises(ValueError, match="t must be finite"):
            survival_at(self.curve, t)
