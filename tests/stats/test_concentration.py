"""Concentration: hand-checked values, the null of the same size, laws, bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.stats.concentration import (
    effective_interval,
    effective_number,
    entropy_number,
    excess_gini,
    gini,
    null_gini,
)

laws = settings(deadline=None, max_examples=60)
few = settings(deadline=None, max_examples=12)
rosters = st.lists(st.integers(0, 60), min_size=2, max_size=15).filter(any)
busy = rosters.filter(lambda x: sum(x) >= 2)


class TestGini:
    def test_by_hand(self) -> None:
        """The mean difference over all 9 ordered pairs is 8/9, twice the mean is 4: 2/9; times 3/2."""
        assert gini([1, 2, 3], corrected=False) == pytest.approx(2 / 9)
        assert gini([1, 2, 3]) == pytest.approx(1 / 3)

    def test_ends(self) -> None:
        assert gini([4] * 7) == 0.0
        assert gini([0, 0, 0, 5]) == 1.0
        assert gini([0, 0, 0, 5], corrected=False) == 0.75

    @laws
    @given(rosters, st.integers(2, 9), st.randoms(use_true_random=False))
    def test_order_and_unit_do_not_matter(self, x: list[int], unit: int, random: object) -> None:
        shuffled = [unit * c for c in x]
        random.shuffle(shuffled)
        assert gini(shuffled) == pytest.approx(gini(x), abs=1e-12)
        assert effective_number(shuffled) == pytest.approx(effective_number(x))
        assert entropy_number(shuffled) == pytest.approx(entropy_number(x))

    @laws
    @given(rosters)
    def test_giving_from_rich_to_poor_lowers_it(self, x: list[int]) -> None:
        x = sorted(x)
        if x[-1] - x[0] >= 2:
            fairer = [x[0] + 1, *x[1:-1], x[-1] - 1]
            assert gini(fairer) < gini(x)
            assert effective_number(fairer) > effective_number(x)

    @laws
    @given(rosters)
    def test_bounds(self, x: list[int]) -> None:
        assert 0 <= gini(x) <= 1 + 1e-12
        # order 1 weighs rare contributors more than order 2, and both count at most those who did
        doing = sum(c > 0 for c in x)
        assert 1 - 1e-9 <= effective_number(x) <= entropy_number(x) + 1e-9 <= doing + 2e-9

    @pytest.mark.parametrize(
        ("counts", "why"),
        [
            ([], "at least 2 needed"),
            ([3], "at least 2 needed"),
            ([0, 0], "all counts are 0"),
            ([1, -1], "must not be negative"),
            ([1, math.nan], "finite"),
        ],
    )
    def test_bad_input(self, counts: list[float], why: str) -> None:
        for asked in (gini, excess_gini, effective_interval):
            with pytest.raises(ValueError, match=why):
                asked(counts)

    @pytest.mark.parametrize("counts", [[], [0, 0], [-1, 2], [math.nan]])
    def test_bad_input_of_the_effective_numbers(self, counts: list[float]) -> None:
        for asked in (effective_number, entropy_number):
            with pytest.raises(ValueError, match="counts"):
                asked(counts)


class TestNull:
    @pytest.mark.parametrize(("events", "mean"), [(12, 0.39), (60, 0.18), (120, 0.13), (300, 0.08)])
    def test_six_equal_people_look_unequal(self, events: int, mean: float) -> None:
        assert null_gini(6, events).mean == pytest.approx(mean, abs=0.006)

    @pytest.mark.parametrize(
        ("people", "events", "mean", "p95"),
        [(4, 12, 0.24, 0.42), (6, 30, 0.21, 0.32), (8, 200, 0.10, 0.15)],
    )
    def test_uncorrected(self, people: int, events: int, mean: float, p95: float) -> None:
        found = null_gini(people, events, draws=6000, corrected=False)
        assert found.mean == pytest.approx(mean, abs=0.006)
        assert found.p95 == pytest.approx(p95, abs=0.012)

    def test_two_people_and_one_event_by_hand(self) -> None:
        """Whoever does it has done all: always 1."""
        found = null_gini(2, 1)
        assert (found.mean, found.p95, found.sd) == (1.0, 1.0, 0.0)

    def test_seed_decides(self) -> None:
        assert null_gini(6, 60, seed=3) == null_gini(6, 60, seed=3)
        assert null_gini(6, 60, seed=3) == null_gini(6, 60, seed=np.random.default_rng(3))
        assert null_gini(6, 60, seed=3) != null_gini(6, 60, seed=4)

    @pytest.mark.parametrize("size", [(1, 5, 2000), (6, 0, 2000), (6, 60, 10)])
    def test_bad_sizes(self, size: tuple[int, int, int]) -> None:
        with pytest.raises(ValueError, match="must be at least"):
            null_gini(size[0], size[1], draws=size[2])


class TestExcess:
    def test_one_does_all(self) -> None:
        found = excess_gini([60, 0, 0, 0, 0, 0])
        assert found.interval.value == pytest.approx(1 - found.floor)
        assert found.floor == pytest.approx(0.18, abs=0.006)
        assert found.interval.low > 0.6
        assert found.p_value == pytest.approx(1 / 2001)

    def test_equal_people_with_chance_differences(self) -> None:
        found = excess_gini([7, 13, 9, 11, 12, 8])
        assert found.interval.low <= 0 <= found.interval.high
        assert found.p_value > 0.2

    @few
    @given(rosters, st.randoms(use_true_random=False))
    def test_renaming_people_changes_nothing(self, x: list[int], random: object) -> None:
        shuffled = x[:]
        random.shuffle(shuffled)
        assert excess_gini(shuffled, seed=5) == excess_gini(x, seed=5)

    def test_more_of_the_same_narrows(self) -> None:
        roster = np.array([12, 6, 4, 3, 3, 2])
        assert excess_gini(8 * roster).interval.width < 0.6 * excess_gini(roster).interval.width

    def test_more_level_widens(self) -> None:
        roster = [12, 6, 4, 3, 3, 2]
        assert excess_gini(roster, level=0.8).interval.width < excess_gini(roster).interval.width

    def test_teams_of_any_size_show_none_by_chance(self) -> None:
        rng = np.random.default_rng(2)
        for people in (3, 10, 40):
            found = [
                excess_gini(rng.multinomial(4 * people, np.full(people, 1 / people))).interval.value
                for _ in range(30)
            ]
            assert np.mean(found) == pytest.approx(0, abs=0.06)

    def test_broken_counts(self) -> None:
        for asked in (excess_gini, effective_interval):
            with pytest.raises(ValueError, match="whole numbers"):
                asked([1.5, 2])


class TestEffectiveInterval:
    def test_is_freed_of_the_bias_of_few_events(self) -> None:
        """4, 3, 3: sum x(x-1) = 24 of 90 pairs, so 3.75, kept to 3; plainly 100/34 = 2.94."""
        assert effective_interval([4, 3, 3]).value == 3.0
        assert effective_number([4, 3, 3]) == pytest.approx(100 / 34)

    def test_nobody_twice_could_be_anything(self) -> None:
        found = effective_interval([1, 1, 1, 0])
        assert (found.value, found.high) == (4.0, 4.0)
        assert found.low < 2.5

    @pytest.mark.parametrize("each", [1, 3, 10, 100])
    def test_a_perfectly_even_roster_keeps_a_width(self, each: int) -> None:
        found = effective_interval([each] * 6)
        assert (found.value, found.high) == (6.0, 6.0)
        assert found.low < 6 - 0.4 / each

    @few
    @given(busy, st.randoms(use_true_random=False))
    def test_within_the_roster_whatever_the_order(self, x: list[int], random: object) -> None:
        shuffled = x[:]
        random.shuffle(shuffled)
        found = effective_interval(x)
        assert effective_interval(shuffled) == found
        assert 1 <= found.low <= found.high <= len(x) + 1e-9

    def test_more_of_the_same_narrows(self) -> None:
        roster = np.array([12, 6, 4, 3, 3, 2])
        assert effective_interval(8 * roster).width < 0.6 * effective_interval(roster).width

    def test_one_event(self) -> None:
        with pytest.raises(ValueError, match="at least 2 are needed"):
            effective_interval([0, 1, 0])
