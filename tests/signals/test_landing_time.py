"""Waiting to land, by hand and from a small repository."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.landing_time import SIGNAL, details, estimate

HOUR = timedelta(hours=1)


def waits(hours, pieces, landed=None):
    hours = np.asarray(hours)
    return {
        "week": np.zeros(hours.size, int),
        "hours": hours,
        "landed": np.ones(hours.size, int) if landed is None else np.asarray(landed),
        "pieces": np.asarray(pieces),
    }


def usual():
    return Rows(waits(np.arange(20), np.full(20, 4)), 13, 5)


def worse():
    return Rows(waits(np.arange(20) * 3 + 24, np.full(20, 4)), 13, 5)


def test_it_is_the_median_when_everything_landed():
    found = estimate(Rows(waits([1, 5, 30], [10, 21, 10]), 13, 5))
    assert found.value == 5.5  # the middle of the sixth hour
    assert found.low <= 5.5 <= found.high


def test_open_work_counts_as_still_waiting():
    # half of 40 pieces landed in the third hour, the next ones, of those not open, in the eleventh
    rows = waits([2, 3, 10, 50], [20, 10, 5, 5], [1, 0, 1, 1])
    assert estimate(Rows(rows, 13, 5)).value == pytest.approx((2.5 + 10.5) / 2)
    ignored = waits([2, 10, 50], [20, 5, 5])
    assert estimate(Rows(ignored, 13, 5)).value == 2.5


def test_mostly_open_work_has_no_median():
    found = estimate(Rows(waits([2, 99], [30, 50], [1, 0]), 13, 5))
    assert found.status is Status.INSUFFICIENT
    assert "still open" in found.reason


def test_hidden_waits_are_a_missing_source_beyond_nine_in_ten():
    hidden = estimate(Rows(waits([-1, 4], [950, 50]), 13, 5))
    assert hidden.status is Status.SOURCE_MISSING
    assert hidden.reason.startswith("95 % of the changes carry one date")
    partly = estimate(Rows(waits([-1, 4], [50, 50]), 13, 5))
    assert (partly.value, partly.coverage) == (4.5, 0.5)


def test_details_are_quantiles_of_the_same_curve():
    assert [x["landed"] for x in details(usual())] == [0.25, 0.5, 0.75, 0.9]
    assert details(usual())[1]["hours"] == estimate(usual()).value
    assert details(Rows({}, 13, 5)) == []


def history(repository):
    start = END - 40 * DAY
    base = repository.commit("Ada", start, {"a.py": "1\n"})  # at once: hidden
    repository.commit("Bo", start, {"b.py": "1\n"}, branch="topic", onto=base)
    topic = repository.commit("Bo", start + 2 * HOUR, {"b.py": "2\n"}, branch="topic")
    merged = repository.commit("Ada", start + 9 * HOUR, {}, "Merge topic", merge=topic)
    applied = start + 12 * HOUR
    tip = repository.commit("Cy", applied - 5 * HOUR, {"c.py": "1\n"}, by="Ada", landed=applied)
    assert tip != merged
    repository.commit("Dee", END - 3 * DAY, {"d.py": "1\n"}, branch="open", onto=tip)
    repository.commit("Ada", END, {"a.py": "2\n"})


def test_rows_hold_merged_applied_open_and_hidden_work(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=6)
        same_sql(facts, SIGNAL)
    columns = ("week", "hours", "landed", "pieces")
    found = sorted(zip(*(rows[c].tolist() for c in columns), strict=True))
    # one day of one author is one piece, as old as its oldest commit; the open one waited 3 days
    assert found == [(0, -1, 1, 1), (0, 5, 1, 1), (0, 9, 1, 1), (5, -1, 1, 1), (5, 72, 0, 1)]
