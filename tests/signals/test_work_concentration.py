"""Concentration of active days, by hand and from a small repository."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.work_concentration import SIGNAL, details, estimate


def quarter(days_per_person, first_week=0):
    """Rows of 13 weeks in which everybody's days are spread evenly over the weeks."""
    people = len(days_per_person)
    each = [np.full(13, d // 13) + (np.arange(13) < d % 13) for d in days_per_person]
    return {
        "week": np.tile(np.arange(13), people) + first_week,
        "actor": np.repeat([f"person-{i:02d}" for i in range(people)], 13),
        "days": np.concatenate(each),
    }


def joined(parts):
    return {c: np.concatenate([p[c] for p in parts]) for c in parts[0]}


def usual():
    return Rows(quarter([40, 30, 25, 20, 15, 10, 10, 10]), 13, 8)


def worse():
    return Rows(quarter([110, 10, 10, 10, 5, 5, 5, 5]), 13, 8)


def test_equal_people_show_a_little_less_than_chance():
    found = estimate(Rows(quarter([20] * 6), 13, 6))
    assert -0.2 < found.value < -0.1  # minus the Gini of six equal people with 120 days
    assert found.low == found.value
    assert found.n_events == 120


def test_one_person_doing_nearly_everything_is_near_one():
    # corrected Gini of 115, 1, 1, 1, 1, 1: (2*6 - 7) * 115 + (-5 - 3 - 1 + 1 + 3) over 5 * 120
    gini = (5 * 115 - 5) / 600
    found = estimate(Rows(quarter([115, 1, 1, 1, 1, 1]), 13, 6))
    assert found.value == pytest.approx(gini - 0.13, abs=0.02)


def test_a_long_window_is_the_mean_of_its_quarters():
    one = quarter([60, 30, 20, 10, 10, 10])
    year = joined([{**one, "week": one["week"] + 13 * i} for i in range(4)])
    short, long = estimate(Rows(one, 13, 6)), estimate(Rows(year, 52, 6))
    assert long.value == pytest.approx(short.value)
    assert long.high - long.low == pytest.approx((short.high - short.low) / 2)


def test_a_quarter_with_too_little_is_left_out():
    full, thin = quarter([60, 30, 20, 10, 10, 10], 13), quarter([3] * 6)
    found = estimate(Rows(joined([thin, full]), 26, 6))
    assert found.coverage == 0.5
    assert found.value == pytest.approx(estimate(Rows(full, 13, 6)).value)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ([10] * 6, "60 events, at least 120 are needed"),
        ([50] * 5, "fewer than 6 people"),
    ],
)
def test_too_little_gives_no_number(days, reason):
    found = estimate(Rows(quarter(days), 13, 9))
    assert (found.status, found.reason) == (Status.INSUFFICIENT, reason)


def test_enough_in_all_but_in_no_quarter_gives_no_number():
    thin = [quarter([12] * 6, 13 * i) for i in range(2)]
    found = estimate(Rows(joined(thin), 26, 6))
    assert found.reason == "144 active days in 2 quarters are too few in each of them"
    assert details(Rows(joined(thin), 26, 6)) == []


def test_a_last_quarter_with_few_people_has_no_effective_number():
    parts = [quarter([60, 30, 20, 10, 10, 10]), quarter([60, 60, 20], 13)]
    assert estimate(Rows(joined(parts), 26, 6)).measured
    assert details(Rows(joined(parts), 26, 6)) == []


def test_even_quarters_stay_undecided_about_zero():
    even = joined([quarter([25] * 3 + [20] * 5, 13 * i) for i in range(4)])
    found = estimate(Rows(even, 52, 8))
    assert found.low <= 0 < found.high


def test_details_say_how_many_contribute():
    item = details(usual())[0]
    assert item["of"] == 8
    assert 5 < item["effective_contributors"] < 8
    assert item["text"] == f"{item['effective_contributors']:.1f} of 8"


def history(repository):
    start = END - 14 * DAY
    base = repository.commit("Ada", start, {"a.py": "1\n"})
    repository.commit("Ada", start + DAY / 24, {"a.py": "2\n"})  # the same day
    repository.commit("Bo", start, {"b.py": "1\n"}, branch="topic", onto=base)
    topic = repository.commit("Bo", start + 2 * DAY, {"b.py": "2\n"}, branch="topic")
    repository.commit("Ada", start + 6 * DAY, {}, "Merge topic", merge=topic)
    repository.commit("Bo", start + 2 * DAY, {"c.py": "1\n"}, landed=END)  # a day seen before


def test_rows_count_days_once_when_they_first_land(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=3)
        same_sql(facts, SIGNAL)
    assert rows.people == 2
    found = sorted(zip(rows["week"].tolist(), rows["days"].tolist(), strict=True))
    assert found == [(0, 1), (1, 2)]
