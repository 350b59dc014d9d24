"""Changes across areas, by hand and from a small repository."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.temporal_coupling import SIGNAL, details, estimate
from trueup.teams.scopes import Team

TEXTS = ("one", "other", "one_area", "other_area")
NUMBERS = ("in_week", "changes", "spanning", "pool", "together")


def rows(*told):
    columns = {c: np.array([x.get(c, "") for x in told], dtype=object) for c in TEXTS}
    columns |= {c: np.array([x.get(c, 0) for x in told]) for c in NUMBERS}
    return Rows(columns, 52, 5)


def weeks(spanning):
    return [
        {"in_week": w, "changes": 10 + w % 3, "spanning": spanning + w % 2, "pool": 12}
        for w in range(13)
    ]


def file(name, changes):
    return {"one": name, "one_area": name[2], "changes": changes}


def pair(one, other, together):
    areas = {"one_area": one[2], "other_area": other[2]}
    return {"one": one, "other": other, "together": together, **areas}


FILES = [file("r:a/x.py", 6), file("r:b/y.py", 8), file("r:b/busy.py", 120)]


def usual():
    pairs = [pair("r:a/x.py", "r:b/y.py", 5), pair("r:a/x.py", "r:b/busy.py", 5)]
    return rows(*weeks(1), *FILES, *pairs)


def worse():
    return rows(*weeks(4))


def test_it_is_a_ratio_of_sums():
    found = estimate(usual())
    assert found.value == pytest.approx((13 + 6) / (130 + 12))
    assert found.low < found.value < found.high


def test_too_few_changes_give_no_number():
    assert estimate(rows(*weeks(1)[:3])).status is Status.INSUFFICIENT
    assert details(rows(*weeks(1))) == details(Rows({}, 52, 5)) == []


def test_details_are_pairs_that_chance_does_not_make():
    (item,) = details(usual())  # the busy file changes with everything
    assert (item["one"], item["other"], item["together"]) == ("r:a/x.py", "r:b/y.py", 5)
    assert item["lift"] == pytest.approx(5 * 156 / (6 * 8))
    assert 1 < item["lift_low"] < item["lift"]
    assert item["changes"] == (6, 8)


def test_a_test_beside_its_own_code_is_marked_and_comes_last():
    own = [file("r:t/test_x.py", 6), pair("r:a/x.py", "r:t/test_x.py", 6)]
    items = details(rows(*weeks(1), *FILES, pair("r:a/x.py", "r:b/y.py", 5), *own))
    assert [(x["other"], x["own_test"]) for x in items] == [
        ("r:b/y.py", False),
        ("r:t/test_x.py", True),
    ]


def history(repository):
    areas = ("core/a.py", "web/b.py", "docs/c.md")
    for day in range(120, 114, -1):
        repository.commit("Ada", END - day * DAY, dict.fromkeys(areas, f"{day}\n"))
    for day in range(114, 104, -1):
        repository.commit("Bo", END - day * DAY, {"core/a.py": f"{day}\n", "docs/c.md": "1\n"})
    many = {f"core/{i}.py": "1\n" for i in range(30)}
    repository.commit("Bo", END, {"web/b.py": "many\n", **many})


TEAMS = (Team("core", paths=("core/",)), Team("web", paths=("web/",)))


@pytest.mark.parametrize("teams", [(), TEAMS], ids=["folders", "declared"])
def test_rows_hold_changes_files_and_pairs(tmp_path, teams):
    with prepared(tmp_path, history, teams=teams) as facts:
        found = rows_of(facts, SIGNAL, weeks=52)
        same_sql(facts, SIGNAL)
        core = rows_of(facts, SIGNAL, weeks=52, scope="core")
    weekly = found["one"] == ""
    # documentation is no code; the change of 31 files is left out
    assert (found["changes"][weekly].sum(), found["spanning"][weekly].sum()) == (16, 6)
    single = (found["one"] != "") & (found["other"] == "")
    files = dict(zip(found["one"][single], found["changes"][single], strict=True))
    assert files == {"small:core/a.py": 16, "small:web/b.py": 6}
    assert found["together"].sum() == 6
    assert core["changes"].sum() == (16 if teams else 0) if len(core) else not teams
