"""Watermelons: found where planted, honest green projects not, and false alarms within the budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.claims.making import NO_HABITS, POLICY, claim, day, inspected, present
from tests.claims.test_degradation import real_months

from trueup.claims.watermelon import (
    ALPHA,
    BUDGET,
    LOOKS,
    Report,
    Shown,
    as_few,
    read_reports,
    unevenness,
    watch,
    watermelons,
)

START = datetime(2023, 1, 2, tzinfo=UTC)
WEEK = timedelta(weeks=1)
#: Of a month.
WEEKS = 4.345


def at(week: float) -> datetime:
    return START + week * WEEK


def greens(first: int, last: int, every: int = 4) -> list[Report]:
    return [Report(at(week), good=True) for week in range(first, last + 1, every)]


def steady(a_week: float, last: float, first: float = 0.0) -> list[datetime]:
    return [at(first + i / a_week) for i in range(int((last - first) * a_week) + 1)]


def seen(reports, verified, until):
    return watch("checkout", reports, verified, at(until), repo="acme/checkout")


class TestPlanted:
    def test_green_and_nothing_is_verified_any_more(self):
        found = seen(greens(104, 128), steady(2, 110), 130)
        assert found.shown is Shown.STANDS_STILL
        assert (found.row, found.since, found.last) == (7, at(104), at(128))
        assert (found.weeks, found.verified, found.before) == (13, 0, 198)
        assert found.chance < ALPHA

    def test_green_and_as_much_is_verified_as_ever(self):
        assert seen(greens(104, 128), steady(2, 130), 130).shown is Shown.NO_SIGN

    def test_half_the_pace_is_not_standing_still(self):
        slower = steady(2, 78) + steady(1, 130, 78.5)
        assert seen(greens(78, 130), slower, 130).shown is Shown.NO_SIGN

    def test_red_and_nothing_is_verified(self):
        reports = [*greens(104, 124), Report(at(128), good=False)]
        found = seen(reports, steady(2, 110), 130)
        assert (found.shown, found.row, found.chance) == (Shown.NOT_GREEN, 0, None)

    def test_two_green_reports_are_not_a_row(self):
        reports = [Report(at(100), good=False), *greens(120, 128, 8)]
        assert seen(reports, steady(2, 100), 130).shown is Shown.NOT_GREEN

    def test_reports_that_ended_long_ago(self):
        found = seen(greens(60, 84), steady(2, 60), 130)
        assert (found.shown, found.reason) == (Shown.NOT_GREEN, "no report of late")

    def test_a_short_row(self):
        assert seen(greens(120, 128), steady(2, 110), 130).shown is Shown.TOO_LITTLE

    def test_a_short_past(self):
        found = seen(greens(10, 30), steady(2, 12), 31)
        assert found.shown is Shown.TOO_LITTLE

    def test_too_little_was_ever_verified(self):
        found = seen(greens(104, 128), steady(0.1, 110), 130)
        assert found.shown is Shown.TOO_LITTLE
        assert found.verified == 0, "the figures stand there all the same"
        assert seen(greens(104, 128), [], 130).shown is Shown.TOO_LITTLE

    def test_a_stall_within_a_long_green_time_is_found(self):
        assert seen(greens(0, 156), steady(2, 140), 157).shown is Shown.STANDS_STILL


class TestNumbers:
    def test_the_chance_is_that_of_a_binomial(self):
        assert as_few(1, 9, 0.2) == pytest.approx(0.8**10 + 10 * 0.2 * 0.8**9)
        assert as_few(0, 0, 0.2) == 1.0

    def test_even_events_are_not_uneven(self):
        assert unevenness(steady(2, 104), START, at(104)) == 1.0

    def test_events_that_come_in_lumps_are(self):
        lumps = [at(week) for week in range(2, 104, 13) for _ in range(20)]
        assert unevenness(lumps, START, at(104)) > 20
        assert unevenness([], START, at(104)) == 1.0


class TestReports:
    ROW = {"repo": "checkout", "part": "", "colour": None, "percent": None}

    def read(self, *rows):
        told = [self.ROW | {"happened_at": at(0)} | row for row in rows]
        return [r.good for r in read_reports(told, at(99)).get("checkout", [])]

    def test_colours(self):
        rows = [{"colour": c, "happened_at": at(i)} for i, c in enumerate(("green", "amber", "other", "green"))]  # fmt: skip
        assert self.read(*rows) == [True, False, False, True]

    def test_percent_that_rises_and_that_stands(self):
        rows = [{"percent": p, "happened_at": at(i)} for i, p in enumerate((10.0, 20.0, 20.0, 30.0))]  # fmt: skip
        assert self.read(*rows) == [False, True, False, True]

    def test_a_colour_goes_before_a_percent(self):
        assert self.read({"colour": "red", "percent": 90.0}) == [False]

    def test_parts_must_all_be_green_unless_the_whole_is_told(self):
        green, red = {"part": "scope", "colour": "green"}, {"part": "budget", "colour": "red"}
        assert self.read(green, red) == [False]
        assert self.read(green, red, {"colour": "green"}) == [True]

    def test_what_was_reported_later_than_anything_was_seen_does_not_count(self):
        assert self.read({"colour": "green", "happened_at": at(100)}) == []


class TestNames:
    CLAIM = claim(0, present(), inspected(), scope="Payments team")

    @pytest.mark.parametrize(
        ("project", "repo", "scope"),
        [
            ("acme/x", "acme/x", ""),
            ("X", "acme/x", ""),
            ("payments_TEAM", "", "Payments team"),
            ("something else", "", ""),
        ],
    )
    def test_a_project_is_a_repository_or_an_area(self, project, repo, scope):
        told = [TestReports.ROW | {"repo": project, "happened_at": day(9), "colour": "red"}]
        (found,) = watermelons(told, [self.CLAIM], day(100), POLICY, NO_HABITS)
        assert (found.repo, found.scope) == (repo, scope)
        known = bool(repo or scope)
        assert found.shown is (Shown.NOT_GREEN if known else Shown.UNKNOWN_PROJECT)

    def test_a_short_name_of_two_repositories_is_neither(self):
        other = claim(0)
        other.repo = "umbrella/x"
        told = [TestReports.ROW | {"repo": "x", "happened_at": day(9), "colour": "red"}]
        (found,) = watermelons(told, [self.CLAIM, other], day(100), POLICY, NO_HABITS)
        assert found.shown is Shown.UNKNOWN_PROJECT

    def test_nobody_reports(self):
        assert watermelons([], [self.CLAIM], day(100), POLICY, NO_HABITS) == []

    def test_what_was_verified_is_counted_when_it_was(self):
        """A claim of day n is verified 30 days later: none of the last month's are."""
        claims = [claim(n, present(n), inspected(n), key=str(n)) for n in range(0, 800, 3)]
        told = [TestReports.ROW | {"repo": "x", "happened_at": day(n), "colour": "green"} for n in range(500, 801, 25)]  # fmt: skip
        (found,) = watermelons(told, claims, day(800), POLICY, NO_HABITS)
        assert found.shown is Shown.NO_SIGN
        assert found.verified == pytest.approx(found.weeks * 7 / 3, abs=1)


def false_alarms(chance, months):
    """Alarms that begin, looked at every month of a project that is always green, and years."""
    moments, reports, begun, on = [], [], 0, False
    for month, n in enumerate(months):
        moments += sorted(at(WEEKS * (month + x)) for x in chance.random(n))
        reports.append(Report(at(WEEKS * (month + 1)), good=True))
        found = watch("checkout", reports, moments, reports[-1].day)
        now = month >= 12 and found.shown is Shown.STANDS_STILL
        begun, on = begun + (now and not on), now
    return begun, (len(months) - 12) / 12


def begun_by_the_end(chance, months):
    moments = [
        m
        for i, n in enumerate(months)
        for m in sorted(at(WEEKS * (i + x)) for x in chance.random(n))
    ]
    reports = [Report(at(WEEKS * (i + 1)), good=True) for i in range(len(months))]
    return watch("checkout", reports, moments, reports[-1].day).shown is Shown.STANDS_STILL


def wandering(chance, pace, wide, memory, months):
    """Counts of months whose pace wanders, so much of it kept from one to the next."""
    state, counts = chance.normal(), []
    for month in range(months):
        state = memory * state + np.sqrt(1 - memory**2) * chance.normal()
        now = pace[month] if isinstance(pace, list) else pace
        counts.append(int(chance.poisson(now * np.exp(wide * state - wide**2 / 2))))
    return counts


class TestPower:
    def test_a_stall_after_two_years(self):
        found = {}
        for pace, wide, left in ((3, 0, 0), (10, 0, 0), (10, 0.3, 0), (40, 0.3, 0), (40, 0.3, 0.1)):
            chance = np.random.default_rng(8)
            paces = [pace] * 24 + [pace * left] * 9
            for after in (3, 6, 9):
                told = [
                    begun_by_the_end(chance, wandering(chance, paces, wide, 0.3, 24 + after))
                    for _ in range(60)
                ]
                found[pace, wide, left, after] = sum(told) / len(told)
        for (pace, wide, left, after), share in found.items():
            print(
                f"\n  {pace} a month, spread {wide}, falls to {left:.0%}: told after {after} months in {share:.0%}",
                end="",
            )
        assert found[10, 0, 0, 6] >= 0.9
        assert found[40, 0.3, 0, 6] >= 0.8


class TestBudget:
    """`at most one false alarm in 20 years of a project`"""

    def test_the_bound_is_that_of_all_looks_together(self):
        assert pytest.approx(BUDGET) == ALPHA * LOOKS * 4

    def test_honest_green_projects(self):
        """Paces that wander: the variance of a month up to eight times its mean, half of it kept."""
        chance, lines = np.random.default_rng(6), []
        for pace, wide, memory in (
            (3, 0, 0),
            (10, 0, 0),
            (10, 0.3, 0.3),
            (40, 0.3, 0.5),
            (10, 0.5, 0.5),
            (100, 0.7, 0.6),
        ):
            begun = years = 0
            for _ in range(40):
                months = wandering(chance, pace, wide, memory, 48)
                n, more = false_alarms(chance, months)
                begun, years = begun + n, years + more
            lines.append(
                f"{pace} a month, spread {wide}, memory {memory}: {begun / years:.3f} a year"
            )
            assert begun / years <= BUDGET + 2 * np.sqrt(BUDGET / years), lines[-1]
        print("\n  " + "\n  ".join(lines))

    def test_months_of_public_repositories_in_another_order(self):
        """Placebo: projects that would have been called green all the time."""
        chance, begun, years = np.random.default_rng(7), 0, 0.0
        for _, verified in real_months().values():
            for _ in range(6):
                n, more = false_alarms(chance, chance.permutation(verified[-72:]))
                begun, years = begun + n, years + more
        print(f"\n  public months in another order: {begun / years:.4f} a year, budget {BUDGET}")
        assert begun / years <= BUDGET
