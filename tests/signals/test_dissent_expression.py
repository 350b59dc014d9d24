"""Open disagreement, by hand and from a small repository with a forge; never more than a question."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql
from tests.forge_of import Forge

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.dissent_expression import SIGNAL, details, estimate
from trueup.stats.intervals import share

HOUR = timedelta(hours=1)
COLUMNS = ("week", "part", "actor", "met", "of")
PEOPLE = [f"person-{n}" for n in range(10)]


def told(*rows, weeks=65, people=9):
    columns = {name: np.array(x) for name, x in zip(COLUMNS, zip(*rows, strict=True), strict=True)}
    return Rows(columns, weeks, people)


def quarters(before, after):
    """Rows of 65 weeks from (met, of) per week and part, and dissenters of ten, before and after."""
    rows = []
    for week in range(65):
        now = after if week >= 52 else before
        for part in ("occasions", "answered", "late"):
            met, of = now[part]
            rows.append((week, part, "", met + week % 2, of))
        for n, name in enumerate(PEOPLE):
            rows.append((week, "voices", name, int(n < now["voices"]), 2))
    return told(*rows)


CALM = {"occasions": (4, 12), "answered": (5, 8), "late": (0, 8), "voices": 7}
QUIET = {"occasions": (1, 12), "answered": (1, 8), "late": (4, 8), "voices": 2}


def usual():
    return quarters(CALM, CALM).latest(13)


def test_it_is_a_ratio_of_sums():
    rows = told(*((w, "occasions", "", w % 3, 10) for w in range(13)), weeks=13)
    found = estimate(rows)
    assert found.value == pytest.approx(12 / 130)
    assert (found.n_events, found.coverage) == (130, 1)


def test_what_has_no_size_lowers_the_coverage():
    rows = told((0, "occasions", "", 5, 60), (1, "occasions", "", 5, 30), (1, "unsized", "", 0, 10))
    assert estimate(rows).coverage == 0.9


def test_all_four_signs_ask_the_team():
    *signs, end = details(quarters(CALM, QUIET))
    assert [s["verdict"] for s in signs] == ["lower", "lower", "lower", "higher"]
    assert end["asks"] is True
    assert end["missing"] == ["what people say of speaking up, since no survey is connected"]


@pytest.mark.parametrize(("moved", "asks"), [(0, False), (1, False), (2, False), (3, True)])
def test_fewer_than_three_ask_nobody(moved, asks):
    now = {name: (QUIET if n < moved else CALM)[name] for n, name in enumerate(CALM)}
    *signs, end = details(quarters(CALM, now))
    assert sum(s["uneasy"] for s in signs) == moved
    assert end["asks"] is asks


def test_the_other_way_is_not_uneasy():
    *signs, end = details(quarters(QUIET, CALM))
    assert [s["uneasy"] for s in signs] == [False] * 4
    assert end["asks"] is False


def test_signs_that_too_few_events_show_are_named_and_do_not_count():
    few = QUIET | {"answered": (0, 1)}
    *signs, end = details(quarters(CALM, few))
    assert signs[2]["reason"] == "too few in the last 13 weeks"
    assert "value" not in signs[2]
    assert end["asks"] is True, "the other three still do"
    assert end["missing"][0] == "objections that had an effect"
    *_, end = details(told((60, "occasions", "", 1, 1)))
    assert (end["asks"], len(end["missing"])) == (False, 5)
    assert details(Rows(usual().columns, 13, 5)) == []


def test_dissenters_are_counted_a_quarter_at_a_time():
    """A year holds more of them than a quarter: the quarters are compared, not the year."""
    people = details(quarters(CALM, CALM))[1]
    assert people["value"] == 0.7
    assert people["low"] == pytest.approx(share(7, 10).low)
    assert people["verdict"] == "not distinguishable"


@pytest.mark.parametrize(
    ("objectors", "shown"), [(0, False), (1, False), (2, True), (8, True), (9, False)]
)
def test_what_would_be_said_of_each_is_not_said_in_numbers(objectors, shown):
    people = details(quarters(CALM, CALM | {"voices": objectors}))[1]
    assert ("value" in people) is shown
    assert ("reason" in people) is not shown
    assert people["verdict"], "that it moved may still be told"


def history(repository):
    for day in range(6):
        repository.commit("Ada", END - (120 - day) * DAY, {"a.py": f"{day}\n"}, f"Step {day}")
    repository.commit("Ada", END, {"b.py": "1\n"}, "End")


def forge_of_objections():
    forge = Forge(END)
    day = [END - 100 * DAY + n * DAY for n in range(101)]
    # 1: asked for changes, answered by a commit; 2: suggested other code, unanswered
    forge.pull(1, "ada", day[10], day[15], sha="a" * 40, merger="bo")
    forge.review(1, "bo", day[11], "CHANGES_REQUESTED")
    forge.commit(1, "ada", day[12])
    forge.review(1, "bo", day[13], "APPROVED")
    forge.pull(2, "ada", day[10], day[15], sha="b" * 40, merger="ada")
    forge.comment(2, "cy", day[11], "```suggestion\nx = 1\n```")
    # 3: one's own words; 4: a bot's; 5: too late; 6: too small; 7: of unknown size; 8: too young
    forge.pull(3, "ada", day[10], day[15], sha="c" * 40, merger="bo")
    forge.comment(3, "ada", day[11], "```suggestion\nx = 1\n```")
    forge.pull(4, "ada", day[10], day[15], sha="d" * 40, merger="bo")
    forge.review(4, "dependabot[bot]", day[11], "CHANGES_REQUESTED")
    forge.pull(5, "ada", day[10], day[15], sha="e" * 40, merger="bo")
    forge.review(5, "dee", day[43], "CHANGES_REQUESTED")
    forge.comment(5, "bo", day[44])
    forge.pull(6, "ada", day[10], lines=50)
    forge.review(6, "bo", day[11], "CHANGES_REQUESTED")
    forge.comment(6, "ada", day[26])
    forge.pull(7, "ada", day[10], lines=None)
    forge.pull(8, "ada", day[80])
    forge.review(8, "bo", day[81], "CHANGES_REQUESTED")
    # 10: refused by another; 11: by its own author; 12: opened again by another than closed it
    forge.issue(
        10, "ada", day[10], day[20], closer="bo", labels=("proposal",), reason="not_planned"
    )
    forge.issue(11, "ada", day[10], day[20], closer="ada", labels=("rfc",), reason="not_planned")
    forge.issue(12, "ada", day[10], labels=("decision",))
    forge.event(12, "ada", day[12], "closed")
    forge.event(12, "bo", day[14], "reopened")
    return forge


def test_rows_of_objections(tmp_path):
    with prepared(tmp_path, history, forge=forge_of_objections()) as facts:
        rows = rows_of(facts, SIGNAL, weeks=15)
        same_sql(facts, SIGNAL)
    parts = {}
    for part, met, of in zip(*(rows[c].tolist() for c in ("part", "met", "of")), strict=True):
        counted = parts.setdefault(part, [0, 0])
        counted[0], counted[1] = counted[0] + met, counted[1] + of
    assert parts["occasions"] == [4, 8], "1, 2, 10 and 12 of 1 to 5 and 10 to 12"
    assert parts["unsized"] == [0, 1]
    # 1 by a commit, 5 by a word; 2 not, 6 too late, and 8 has met nothing within its 14 days
    assert parts["answered"] == [2, 5]
    # 5 was objected to 28 days after its merge, 12 was reopened; 10 was refused, which decided it
    assert parts["late"] == [2, 8], "1 to 5 and 10 to 12"
    speakers = set(rows["actor"][rows["part"] == "voices"])
    dissent = {a for a, m in zip(rows["actor"], rows["met"], strict=True) if a and m}
    assert (len(speakers), len(dissent)) == (3, 3), "bo, cy and dee; nobody on their own work"


def test_without_reviews_there_is_no_number(tmp_path):
    with prepared(tmp_path, history) as facts:
        found = estimate(rows_of(facts, SIGNAL, weeks=13))
    assert found.status is Status.SOURCE_MISSING
    assert "shows reviews" in found.reason
