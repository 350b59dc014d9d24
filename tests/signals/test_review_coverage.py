"""Coverage by review, by hand and from a small repository."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.review_coverage import SIGNAL, estimate

CHANGES = np.array([10, 12, 8, 11, 9, 10, 14, 7, 10, 12, 9, 10, 11])


def usual():
    marked = CHANGES - np.arange(13) % 4
    return Rows({"week": np.arange(13), "changes": CHANGES, "marked": marked}, 13, 5)


def worse():
    return Rows({"week": np.arange(13), "changes": CHANGES, "marked": CHANGES // 2}, 13, 5)


def test_it_is_a_ratio_of_sums():
    found = estimate(usual())
    assert found.value == pytest.approx((CHANGES.sum() - 18) / CHANGES.sum())
    assert found.low < found.value < found.high <= 1


def test_nothing_to_see_is_a_missing_source():
    assert estimate(Rows({}, 13, 5)).status is Status.SOURCE_MISSING


def history(repository):
    for day in range(4):
        trailer = "\n\nReviewed-by: Bo <bo@example.org>" if day else ""
        repository.commit("Ada", END - day * DAY, {"a.py": f"{day}\n"}, f"Change {day}{trailer}")


def test_rows_count_marks_by_others(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=1)
        same_sql(facts, SIGNAL)
    assert (rows["changes"].tolist(), rows["marked"].tolist()) == ([4], [3])
