"""Work in complicated code, by hand and from a small repository."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.hotspots import SIGNAL, details, estimate


def touched(hard, easy, unknown=0):
    """Thirteen weeks of touches of one complicated, one plain and (in sum) unknown files."""
    weekly = [("r:hard.py", hard, 900, 1), ("r:easy.py", easy, 9, 0), ("", unknown, -1, -1)]
    rows = [
        (file, week, touches + week % 2, week % 3 == 0, 50, indentation, top)
        for file, touches, indentation, top in weekly
        for week in range(13)
        if touches
    ]
    names = ("file", "in_week", "touches", "fixes", "lines", "indentation", "complicated")
    return Rows({c: np.array([r[i] for r in rows]) for i, c in enumerate(names)}, 52, 5)


def usual():
    return touched(3, 12)


def worse():
    return touched(9, 6)


def test_it_is_the_share_of_touches_in_the_top_tenth():
    # six weeks have one touch more of either file
    assert estimate(usual()).value == pytest.approx((39 + 6) / (39 + 6 + 156 + 6))


def test_files_of_unknown_complexity_lower_the_coverage_alone():
    found = estimate(touched(3, 12, 15))
    assert found.value == estimate(usual()).value
    assert found.coverage == pytest.approx(207 / (207 + 15 * 13 + 6))


def test_too_few_touches_give_no_number():
    assert estimate(touched(1, 2)).status is Status.INSUFFICIENT
    assert estimate(touched(0, 0, 99)).status is Status.INSUFFICIENT


def test_details_rank_by_both_touches_and_indentation():
    easy, hard = details(usual())  # among equals by name
    assert (hard["path"], hard["touches"], hard["fixes"], hard["indentation"]) == (
        "hard.py", 45, 5, 900,
    )  # fmt: skip
    # percentile ranks of two files are 0.25 and 0.75; each leads in one
    assert hard["score"] == easy["score"] == pytest.approx(0.25 * 0.75, abs=1e-4)
    assert details(Rows({}, 52, 5)) == []
    assert details(touched(0, 0, 99)) == []


def history(repository):
    deep = "if x:\n        y\n" * 20
    names = [f"src/f{i}.py" for i in range(9)]
    repository.commit("Ada", END - 300 * DAY, {"src/deep.py": deep, **dict.fromkeys(names, "x\n")})
    repository.commit("Ada", END - 200 * DAY, dict.fromkeys(names, "    y\n"))
    repository.commit("Bo", END - 100 * DAY, {"src/deep.py": deep * 2}, "Mend\n\nFixes #3")
    repository.commit("Bo", END - 50 * DAY, {"src/once.py": "1\n", "docs/a.md": "1\n"})
    repository.commit("Bo", END, {"src/deep.py": deep * 3})


def test_rows_know_the_most_complicated_tenth(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=52)
        same_sql(facts, SIGNAL)
    top = rows["complicated"] == 1
    assert set(rows["file"][top]) == {"small:src/deep.py"}  # one of ten files
    assert (rows["touches"][top].sum(), rows["fixes"].sum()) == (3, 1)
    assert rows["touches"][rows["complicated"] == 0].sum() == 18
    # a file that changed once in two years was not looked into, and documentation is no code
    assert rows["touches"][rows["file"] == ""].sum() == 1
