"""Decisions in the recorded forge of one project, against what can be read from its payloads by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from tests.peers.test_ants import read

from trueup.facts.engine import open_facts
from trueup.facts.views.discussions import keep_discussions
from trueup.kernel.window import Window
from trueup.runs.measure import prepare
from trueup.signals import SIGNALS
from trueup.signals.decision_visibility import FOUR

KINDS = (
    "pull_requests", "pull_request_reviews", "pull_request_commits", "pull_request_review_comments",
    "comments", "issues", "events",
)  # fmt: skip
SPAN = Window(datetime(2018, 1, 1, tzinfo=UTC), datetime(2023, 1, 2, tzinfo=UTC))


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    workspace = read(tmp_path_factory.mktemp("ants"), KINDS)
    with open_facts(workspace.store.snapshot()) as facts:
        prepare(facts, SPAN.start, SPAN.end, ())
        keep_discussions(facts)
        yield facts


def rows(facts, name):
    return facts.read(SIGNALS[name].rows(facts, SPAN)).to_pylist()


def test_ten_requests_were_discussed_by_two_and_half_of_them_decided_within_a_day(facts):
    found = rows(facts, "convergence_velocity")
    hours = sorted(row["hours"] for row in found for _ in range(row["threads"]))
    # 15, 41, 40, 51, 4, 23, 13, 53, 19 and 8, from opening to merge, or closing of 8
    assert hours == [5, 7, 8, 16, 18, 18, 23, 56, 300, 1486]
    assert {(r["voices"], r["decided"], r["undone"]) for r in found} == {(2, 1, 0)}
    print(f"waits of discussed requests, in hours: {hours}")


def test_one_request_was_objected_to_and_answered(facts):
    totals = Counter()
    for row in rows(facts, "dissent_expression"):
        totals[row["part"], "met"] += row["met"]
        totals[row["part"], "of"] += row["of"]
    assert (totals["answered", "met"], totals["answered", "of"]) == (1, 1), "53"
    assert (totals["late", "met"], totals["late", "of"]) == (0, 26), "all that were merged"
    # The list of requests tells no sizes, and the clone made from the log has a line for each file.
    assert totals["occasions", "of"] == 0
    assert totals["unsized", "of"] > 0
    print(
        f"1 of 1 objections was answered, none of {totals['late', 'of']} decisions met a late one"
    )


def test_what_of_26_merged_requests_can_be_traced(facts):
    totals = Counter()
    for row in rows(facts, "decision_visibility"):
        totals.update({k: v for k, v in row.items() if k not in {"scope", "week"}})
    known = {name: totals[f"known_{name}"] for name in (*FOUR, "all")}
    assert known == dict.fromkeys(known, 26)
    # 4, 23, 114, 189 and 210 name an issue; 186 and 206 name another request, which is none
    assert totals["has_inputs"] == 5
    assert totals["has_alternatives"] == 1, "53 was asked for changes"
    # no review in the payloads approves, and the list of requests does not tell who merged
    assert totals["has_approver"] == 0
    assert totals["has_outcome"] == 26, "41 is there under another id"
    assert totals["has_all"] == 0
    print(", ".join(f"{name} {totals[f'has_{name}']} of 26" for name in (*FOUR, "all")))
