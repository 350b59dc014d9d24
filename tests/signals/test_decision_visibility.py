"""Traceable decisions, by hand and from a small repository with a forge and records."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql
from tests.forge_of import Forge

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.decision_visibility import ALL, FOUR, SIGNAL, details, estimate

WEEKS = np.arange(13)


def given(**columns):
    ones = np.full(13, 10)
    known = {f"known_{n}": ones for n in (*FOUR, ALL)}
    found = {f"has_{n}": ones - WEEKS % 3 for n in FOUR} | {f"has_{ALL}": ones - 2 - WEEKS % 3}
    return Rows({"week": WEEKS, "changes": ones} | known | found | columns, 13, 5)


def usual():
    return given()


def worse():
    return given(has_all=np.full(13, 2))


def test_it_is_a_ratio_of_sums():
    found = estimate(usual())
    assert found.value == pytest.approx((8 * 13 - 12) / 130)
    assert (found.n_events, found.coverage) == (130, 1)


def test_what_no_source_could_show_is_left_out_and_lowers_the_coverage():
    found = estimate(given(known_all=np.full(13, 5), has_all=np.full(13, 1)))
    assert (found.value, found.coverage) == (0.2, 0.5)


def test_a_source_that_is_not_connected_is_no_zero():
    none = np.zeros(13, int)
    dark = given(known_all=none, has_all=none, known_alternatives=none, has_alternatives=none)
    found = estimate(dark)
    assert found.status is Status.SOURCE_MISSING
    assert found.reason == "not assessable: no source shows alternatives of what was decided"
    part = details(dark)[1]
    assert part["reason"].startswith("not assessable")
    assert "value" not in part
    assert details(dark)[0]["value"] == pytest.approx((130 - 12) / 130)


def test_few_and_nobody():
    few = given(**{f"known_{n}": np.ones(13, int) for n in FOUR})
    assert details(few)[0]["reason"] == "13 decisions, at least 30 are needed"
    assert details(Rows(usual().columns, 13, 2)) == details(Rows({}, 13, 9)) == []


def history(shas):
    def build(repository):
        for number in range(8):
            shas.append(
                repository.commit(
                    "Ada", END - (20 - number) * DAY, {"a.py": f"{number}\n"}, f"Step {number}"
                )
            )
        repository.commit("Ada", END, {"b.py": "1\n"}, "End")

    return build


def forge_of_traces(shas):
    forge = Forge(END)
    day = [END - (20 - n) * DAY for n in range(21)]

    def build(repository):
        history(shas)(repository)
        bodies = {1: "Closes #100", 2: "Closes #100", 3: "See #1", 4: "Part of ABC-12"}
        for n in range(1, 6):
            sha = shas[n] if n != 5 else "f" * 40
            merger = "bo" if n in {1, 2} else "ada"
            forge.pull(n, "ada", day[n - 1], day[n], sha=sha, merger=merger, body=bodies.get(n, ""))
        forge.issue(100, "cy", day[0])
        forge.review(1, "bo", day[0] + DAY / 2, "CHANGES_REQUESTED")
        forge.review(3, "bo", day[2] + DAY / 2, "APPROVED")
        forge.review(4, "bo", day[10], "APPROVED")  # long after the merge
        forge.pull(6, "ada", day[1])  # open
        forge.pull(7, "dependabot[bot]", day[1], day[2], sha="7" * 40)

    return forge, build


RECORD = "# {n}. Use it\n\nDate: 2026-06-2{n}\n{heads}\n## Status\n\n{status}\n\n## Context\n\nx\n\n{more}## Decision\n\ny\n"


def test_rows_of_requests_and_records(tmp_path):
    forge, build = forge_of_traces([])
    told = [
        ("\nDeciders: Ada, Bo\n", "Accepted", "## Considered Options\n\n- a\n- b\n\n"),
        ("\nDeciders: Ada\n", "Accepted", "See https://github.com/acme/small/pull/4\n\n"),
        ("", "Accepted", "## Considered Options\n\n- a\n- b\n\n"),
        ("\nDeciders: Ada, Bo\n", "Proposed", ""),
    ]
    for n, (heads, status, more) in enumerate(told, 1):
        text = RECORD.format(n=n, heads=heads, status=status, more=more)
        forge.documents[f"docs/adr/000{n}-use.md"] = text
    with prepared(tmp_path, build, forge=forge) as facts:
        rows = rows_of(facts, SIGNAL, weeks=4)
        same_sql(facts, SIGNAL)
    totals = {name: int(rows[name].sum()) for name in rows.columns if name != "week"}
    assert totals["changes"] == 5 + 3
    # 1, 2 and 4 name an issue, which #1 is not; three records have a context
    assert (totals["has_inputs"], totals["known_inputs"]) == (3 + 3, 8)
    # 1 met an objection; two records have options
    assert (totals["has_alternatives"], totals["known_alternatives"]) == (1 + 2, 8)
    # 1 and 2 were merged by another, 3 approved in time; the record without deciders tells nothing
    assert (totals["has_approver"], totals["known_approver"]) == (3 + 1, 7)
    assert (totals["has_outcome"], totals["known_outcome"]) == (4 + 3, 8)
    assert (totals["has_all"], totals["known_all"]) == (1 + 1, 7)


def test_without_reviews_alternatives_and_approvers_are_not_assessable(tmp_path):
    forge, build = forge_of_traces([])

    def without(repository):
        build(repository)
        del forge.records["reviews"]
        for one in forge.records["pulls"]:
            one.pop("merged_by", None)

    with prepared(tmp_path, without, forge=forge) as facts:
        rows = rows_of(facts, SIGNAL, weeks=4)
    found = estimate(rows)
    assert (
        found.reason
        == "not assessable: no source shows alternatives and approver of what was decided"
    )
    assert rows["known_inputs"].sum() == 5


def test_without_any_source_there_is_no_number(tmp_path):
    with prepared(tmp_path, history([])) as facts:
        found = estimate(rows_of(facts, SIGNAL, weeks=4))
    assert found.status is Status.SOURCE_MISSING
    assert "no records of decisions" in found.reason
