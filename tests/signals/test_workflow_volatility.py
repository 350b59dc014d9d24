"""Weekly swings, by hand and from a small repository."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.workflow_volatility import SIGNAL, details, estimate


def weeks_of(pieces, *, files=1, lines=-1, first=0):
    pieces = np.asarray(pieces)
    held = np.flatnonzero(pieces)
    return {
        "week": held + first,
        "files": np.full(held.size, files),
        "lines": np.full(held.size, lines),
        "changes": pieces[held] * 2,
        "pieces": pieces[held],
    }


def joined(*parts):
    return {c: np.concatenate([p[c] for p in parts]) for c in parts[0]}


STEADY = [8, 9, 10, 11, 12, 10, 9, 11, 10, 10, 9, 11, 10]
BURSTS = [2, 30, 1, 25, 3, 2, 28, 1, 2, 31, 2, 1, 20]


def usual():
    return Rows(weeks_of(STEADY), 13, 5)


def worse():
    return Rows(weeks_of(BURSTS), 13, 5)


def test_it_is_the_deviation_of_a_typical_week_from_the_middle_one():
    # median 10, absolute deviations 2 1 0 1 2 0 1 1 0 0 1 1 0: their median is 1
    assert estimate(usual()).value == pytest.approx(1.4826 / 10)


def test_weeks_without_anything_count_as_zero():
    every_other = [10, 0] * 6 + [10]
    # median 10, deviations 0 (seven times) and 10 (six times)
    assert estimate(Rows(weeks_of(every_other), 13, 5)).value == 0.0
    assert estimate(Rows(weeks_of([0, 10] * 6 + [10]), 13, 5)).high > 1.0


def test_a_long_window_is_the_mean_of_its_quarters():
    year = joined(*(weeks_of(x, first=13 * i) for i, x in enumerate([STEADY, BURSTS])))
    parts = [estimate(usual()), estimate(worse())]
    found = estimate(Rows(year, 26, 5))
    assert found.value == pytest.approx(sum(p.value for p in parts) / 2)
    assert found.low < found.value < found.high


def test_growth_from_quarter_to_quarter_is_no_swing():
    grown = joined(weeks_of(STEADY), weeks_of(np.array(STEADY) * 3, first=13))
    assert estimate(Rows(grown, 26, 5)).value == pytest.approx(1.4826 / 10)


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([1] * 13, "13 events, at least 40 are needed"),
        (
            [50] + [0] * 12,
            "too little landed in most weeks: there is no usual week to compare with",
        ),
    ],
)
def test_too_little_gives_no_number(pieces, reason):
    found = estimate(Rows(weeks_of(pieces), 13, 5))
    assert (found.status, found.reason) == (Status.INSUFFICIENT, reason)


def test_details_set_size_and_chance_beside_it():
    now = weeks_of(STEADY, files=3, lines=40, first=13)
    items = {x["what"]: x for x in details(Rows(joined(weeks_of(STEADY), now), 26, 5))}
    assert items["median files per change"] == {
        "what": "median files per change",
        "now": 3.0,
        "before": 1.0,
    }
    assert items["median lines per change"]["now"] == 40.0
    assert items["median lines per change"]["before"] is None  # lines were not counted then
    assert items["variation by chance alone"]["now"] == pytest.approx(10**-0.5)
    assert details(Rows({}, 13, 5)) == []


def history(repository):
    start = END - 10 * DAY
    base = repository.commit("Ada", start, {"a.py": "1\n2\n", "b.py": "1\n"})
    repository.commit("Bo", start, {"c.py": "1\n"}, branch="topic", onto=base)
    topic = repository.commit("Bo", start, {"c.py": "2\n"}, branch="topic")
    repository.commit("Ada", END, {}, "Merge topic", merge=topic)


def test_rows_count_pieces_and_sizes(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=2)
        same_sql(facts, SIGNAL)
    first, second = rows["week"] == 0, rows["week"] == 1
    sizes = zip(rows["files"].tolist(), rows["lines"].tolist(), strict=True)
    # two commits of one merge are one piece; one wrote a line, the other changed it
    assert sorted(sizes) == [(1, 1), (1, 2), (2, 3)]
    assert (rows["changes"][first].sum(), rows["pieces"][first].sum()) == (1, 1)
    assert (rows["changes"][second].sum(), rows["pieces"][second].sum()) == (2, 1)
