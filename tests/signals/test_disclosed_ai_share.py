"""Disclosed AI, by hand and from a small repository."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.kernel.declarations import Rows
from trueup.signals.disclosed_ai_share import SIGNAL, estimate

CHANGES = np.array([10, 12, 8, 11, 9, 10, 14, 7, 10, 12, 9, 10, 11])


def weeks_of(disclosed):
    return Rows({"week": np.arange(13), "changes": CHANGES, "disclosed": disclosed}, 13, 5)


def usual():
    return weeks_of(np.arange(13) % 4)


def worse():
    return weeks_of(CHANGES // 2)


def test_it_is_a_ratio_of_sums_and_says_that_it_is_a_lower_bound():
    found = estimate(usual())
    assert found.value == pytest.approx(18 / CHANGES.sum())
    assert "lower bound" in found.reason
    assert "undisclosed" in found.reason
    assert "lower bound" in SIGNAL.title


def test_none_disclosed_is_a_measured_zero_that_may_be_more():
    found = estimate(weeks_of(np.zeros(13, int)))
    assert found.value == 0.0
    assert found.high > 0.01


def history(repository):
    claude = "Co-authored-by: Claude <noreply@anthropic.com>"
    repository.commit("Ada", END - 5 * DAY, {"a.py": "1\n"}, f"By trailer\n\n{claude}")
    repository.commit("Ada", END - 4 * DAY, {"a.py": "2\n"}, "Plain")
    repository.commit("Claude", END - 3 * DAY, {"a.py": "3\n"}, "A person called Claude")
    repository.commit("copilot-swe-agent[bot]", END - 2 * DAY, {"a.py": "4\n"}, "By an agent")
    repository.commit("dependabot[bot]", END - DAY, {"a.py": "5\n"}, "By a bot")
    repository.commit("Ada", END, {"a.py": "6\n"}, "Assisted\n\nAssisted-by: Claude Opus 4.6")


def test_rows_know_tools_by_exact_marks(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=1)
        same_sql(facts, SIGNAL)
    assert (rows["changes"].tolist(), rows["disclosed"].tolist()) == ([5], [3])
