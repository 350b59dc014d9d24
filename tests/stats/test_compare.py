"""Now against the own past: each answer by hand, and laws that hold for all intervals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.stats.compare import Comparison, against_own_past
from trueup.stats.intervals import Interval, share

laws = settings(deadline=None, max_examples=200)
edges = st.tuples(*[st.integers(-50, 50)] * 3).map(sorted)
intervals = edges.map(lambda e: Interval(e[1], e[0], e[2]))
# the difference of 10 -+ 3 and x -+ 4 is 10 - x -+ 5
NOW = Interval(10, 7, 13)


@pytest.mark.parametrize(
    ("past", "equivalence", "expected"),
    [
        pytest.param(Interval(4, 0, 8), 1, Comparison.HIGHER, id="1..11 excludes 0"),
        pytest.param(Interval(16, 12, 20), 1, Comparison.LOWER, id="-11..-1 excludes 0"),
        pytest.param(Interval(10, 6, 14), 5, Comparison.SAME, id="-5..5 within 5"),
        pytest.param(Interval(10, 6, 14), 4, Comparison.NOT_DISTINGUISHABLE, id="-5..5 beyond 4"),
        pytest.param(Interval(5, 1, 9), 1, Comparison.NOT_DISTINGUISHABLE, id="0..10 touches 0"),
        pytest.param(Interval(4, 0, 8), 11, Comparison.SAME, id="1..11 is too small to matter"),
    ],
)
def test_by_hand(past: Interval, equivalence: float, expected: Comparison) -> None:
    assert against_own_past(NOW, past, equivalence=equivalence) is expected


@laws
@given(intervals, intervals, st.integers(0, 20))
def test_exchanging_the_two_exchanges_higher_and_lower(
    now: Interval, past: Interval, equivalence: int
) -> None:
    other = {Comparison.HIGHER: Comparison.LOWER, Comparison.LOWER: Comparison.HIGHER}
    said = against_own_past(now, past, equivalence=equivalence)
    assert against_own_past(past, now, equivalence=equivalence) is other.get(said, said)


@laws
@given(intervals, st.integers(0, 20))
def test_against_itself_nothing_is_higher_or_lower(now: Interval, equivalence: int) -> None:
    said = against_own_past(now, now, equivalence=equivalence)
    assert said in (Comparison.SAME, Comparison.NOT_DISTINGUISHABLE)


@laws
@given(intervals, intervals, st.integers(0, 20), st.integers(0, 20))
def test_asking_for_less_never_takes_sameness_away(
    now: Interval, past: Interval, equivalence: int, more: int
) -> None:
    if against_own_past(now, past, equivalence=equivalence) is Comparison.SAME:
        assert against_own_past(now, past, equivalence=equivalence + more) is Comparison.SAME


@laws
@given(intervals, intervals, st.integers(-30, 30))
def test_the_origin_of_the_scale_does_not_matter(now: Interval, past: Interval, shift: int) -> None:
    moved = [Interval(i.value + shift, i.low + shift, i.high + shift) for i in (now, past)]
    said = against_own_past(now, past, equivalence=2)
    assert against_own_past(*moved, equivalence=2) is said


def test_a_real_change_is_found_with_enough_items_and_not_before() -> None:
    assert against_own_past(share(30, 50), share(15, 50), equivalence=0.05) is Comparison.HIGHER
    few = against_own_past(share(6, 10), share(3, 10), equivalence=0.05)
    assert few is Comparison.NOT_DISTINGUISHABLE


def test_reads_as_the_word() -> None:
    assert str(Comparison.NOT_DISTINGUISHABLE) == "not_distinguishable"


@pytest.mark.parametrize("equivalence", [-0.1, math.nan, math.inf])
def test_bad_equivalence(equivalence: float) -> None:
    with pytest.raises(ValueError, match="equivalence must be finite"):
        against_own_past(NOW, NOW, equivalence=equivalence)
