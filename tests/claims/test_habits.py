"""Absence counts only where presence is the habit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.claims.making import claim, inspected, present, released

from trueup.claims.habits import Habits
from trueup.claims.model import Kind, Rung

SHOWN, NOT = claim(0, present()), claim(0)


# Lower 90 % bounds by Clopper and Pearson: 0.1 ** (1 / n) when all n have it.
@pytest.mark.parametrize(
    ("shown", "without", "habit"),
    [
        (0, 0, False),
        (3, 0, False),  # 0.464
        (4, 0, True),  # 0.562
        (7, 3, False),  # 0.448
        (8, 2, True),  # 0.550
        (60, 40, True),  # 0.531
        (55, 45, False),  # 0.481
    ],
)
def test_the_lower_bound_must_exceed_one_half(shown, without, habit):
    habits = Habits([SHOWN] * shown + [NOT] * without)
    assert habits.shows(NOT, Rung.PRESENT) is habit


def test_the_threshold_is_policy():
    claims = [SHOWN] * 9 + [NOT]
    assert Habits(claims, threshold=0.6).shows(NOT, Rung.PRESENT)
    assert not Habits(claims, threshold=0.7).shows(NOT, Rung.PRESENT)


def test_comparable_is_the_same_repository_kind_and_half_year():
    habits = Habits([SHOWN] * 20)
    assert habits.shows(NOT, Rung.PRESENT)
    assert habits.shows(claim(0, kind=Kind.UMBRELLA), Rung.PRESENT)  # a commit like any other here
    assert not habits.shows(claim(0, kind=Kind.CHANGE), Rung.PRESENT)
    assert not habits.shows(replace(NOT, repo="acme/y"), Rung.PRESENT)
    assert not habits.shows(NOT, Rung.INSPECTED)
    june = datetime(2026, 6, 30, 23, 59, tzinfo=UTC)
    july = datetime(2026, 7, 1, tzinfo=UTC)
    assert habits.shows(replace(NOT, claimed_at=june), Rung.PRESENT)
    assert not habits.shows(replace(NOT, claimed_at=july), Rung.PRESENT)
    assert not habits.shows(replace(NOT, claimed_at=june.replace(year=2025)), Rung.PRESENT)


def test_what_speaks_against_a_rung_shows_that_it_can_be_seen():
    late = claim(0, released(3, "later_release", against=True), kind=Kind.RELEASE_NOTE)
    assert Habits([late] * 20).shows(late, Rung.RELEASED)


def test_several_marks_count_once():
    twice = claim(0, present(), present(), inspected(), inspected())
    assert not Habits([twice] * 2 + [NOT] * 2).shows(NOT, Rung.PRESENT)
