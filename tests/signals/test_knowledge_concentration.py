"""Who knows the code, by hand and from a small repository."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.knowledge_concentration import SIGNAL, details, estimate


def files(*told, heat=60):
    """Rows of files, each given as (person, own, first, alive) for everybody who changed it."""
    rows = [
        (f"r:src/{i:02d}/f.py", person, own, first, alive, sum(o for _, o, _, _ in people), heat)
        for i, people in enumerate(told)
        for person, own, first, alive in people
    ]
    columns = ("file", "actor", "own", "first", "alive", "total", "heat")
    return Rows(
        {c: np.array([r[i] for r in rows]) for i, c in enumerate(columns)}, weeks=52, people=4
    )


SHARED = [("person-a", 9, 1, 1), ("person-b", 9, 0, 1)]
ALONE = [("person-a", 9, 1, 1), ("person-b", 1, 0, 1)]
LEFT = [("person-c", 9, 1, 0), ("person-b", 1, 0, 1)]
CROWD = [(f"person-{i}", 1, 0, 1) for i in range(40)]


def usual():
    return files(*[SHARED] * 12, *[ALONE] * 6, *[CROWD] * 2)


def worse():
    return files(*[SHARED] * 4, *[ALONE] * 10, *[LEFT] * 4, *[CROWD] * 2)


@pytest.mark.parametrize(
    ("people", "held"),
    [
        # DOA 3.293 + 1.098 + 0.164 * 9 - 0.321 ln 10 = 5.13, and 4.03 for the second: 0.79 of it
        (SHARED, 0.0),
        (ALONE, 1.0),
        (LEFT, 1.0),
        # DOA 3.293 + 0.164 - 0.321 ln 40 = 2.27 for each: nobody is an author
        (CROWD, 0.0),
    ],
)
def test_files_are_held_by_at_most_one_living_author(people, held):
    assert estimate(files(*[people] * 4)).value == held


def test_a_leaver_never_lowers_it():
    stays, leaves = files(*[SHARED] * 5, *[ALONE] * 5), files(*[SHARED] * 5, *[LEFT] * 5)
    assert estimate(stays).value == estimate(leaves).value == 0.5


def test_files_weigh_by_their_changes():
    hot, cold = files(ALONE, heat=300), files(*[SHARED] * 3, heat=100)
    renamed = {**hot.columns, "file": np.array(["r:hot.py"] * 2)}
    both = {c: np.concatenate([renamed[c], cold[c]]) for c in cold.columns}
    assert estimate(Rows(both, 52, 4)).value == 0.5


def test_details_split_the_share_and_count_who_may_leave():
    items = details(files(ALONE, ALONE, SHARED, LEFT))
    assert [x["share"] for x in items[:-1]] == [0.25, 0.5, 0.25, 0.0]
    # person-a holds three of four files, one of them with person-b: without a one file has an author
    assert items[-1] == {"truck_factor": 1}
    assert details(Rows({}, 52, 4)) == []


def test_too_little_gives_no_number():
    found = estimate(files(ALONE, heat=199))
    assert (found.status, found.n_events) == (Status.INSUFFICIENT, 199)


def history(repository):
    for day in (400, 399):
        repository.commit("Ada", END - day * DAY, {"src/a.py": f"{day}\n" * 9})
    repository.move("Bo", END - 100 * DAY, "src/a.py", "src/b.py")
    repository.commit("dependabot[bot]", END - 90 * DAY, {"src/b.py": "bot\n", "gone.py": "1\n"})
    many = {f"bulk/{i}.py": "1\n" for i in range(101)}
    repository.commit("Cy", END - 80 * DAY, {"src/b.py": "bulk\n", **many})
    repository.commit("Cy", END, {"gone.py": None, "README.md": "1\n"})


def test_rows_follow_renames_and_leave_out_bulk_edits(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=52)
        same_sql(facts, SIGNAL)
    columns = ("file", "own", "first", "alive", "total", "heat")
    found = sorted(zip(*(rows[c].tolist() for c in columns), strict=True))
    # Ada made it and left; Bo moved it; the bot's change dilutes both, Cy's bulk edit does not count
    assert found == [("small:src/b.py", 1, 0, 1, 4, 2), ("small:src/b.py", 2, 1, 0, 4, 2)]
