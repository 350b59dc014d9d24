"""What a result says otherwise of the past than the one before it, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.claims.making import claim, day, present, reverted
from tests.publish.making import assessed, measured

from trueup.claims.ledger import WriteOff
from trueup.claims.policy import Policy
from trueup.runs.books import Books, key_with, past_of, state_of, written_off
from trueup.state.write_offs import Told

OPEN = claim(0, present(), reverted(40), key="open")
OTHER = claim(1, present(), reverted(40), key="other")
UNTIL = 150


@pytest.fixture
def state(tmp_path):
    return state_of(tmp_path, lambda: day(400))


def told(claims, policy=None, **known):
    found = measured(claims, until=UNTIL, **known)
    return replace(found, assessment=assessed(claims, UNTIL, policy)) if policy else found


def moved(past):
    return [
        (r.month, r.came_into_view, r.went_out_of_view, r.restated) for r in past.months if r.moved
    ]


def test_the_first_result_has_nothing_before_it(state):
    assert past_of(state, told([OPEN]), "one") is None


def test_the_same_result_for_another_audience_is_compared_with_the_one_before(state):
    past_of(state, told([OPEN]), "one")
    first = past_of(state, told([OPEN, OTHER]), "two")
    again = past_of(state, told([OPEN, OTHER]), "two")
    assert first == again
    assert moved(again) == [(f"2026-0{m}", 1, 0, 0) for m in (4, 5, 6)]


def test_a_source_that_was_connected_and_one_that_is_gone(state):
    past_of(state, told([OPEN], sources={"github": day(1)}), "one")
    past = past_of(state, told([OPEN, OTHER], sources={"jira": day(1)}), "two")
    assert past.reasons == ("jira is read now", "github is not read any more")
    assert past.as_of == "2026-07-30"


def test_facts_that_changed(state):
    past_of(state, told([OPEN]), "one")
    now = replace(told([OPEN, OTHER]), content="d" * 64)
    assert past_of(state, now, "two").reasons == (
        "facts of these months came to be known later, or changed",
    )


def test_other_rules(state):
    past_of(state, told([OPEN]), "one")
    past = past_of(state, told([OPEN], Policy(survive=20)), "two")
    assert past.reasons == ("other rules were in force then",)
    assert moved(past) == []


def test_what_was_written_off_since(state):
    past_of(state, told([OPEN]), "one")
    now = told([OPEN])
    now.assessment.written_off = {OPEN.id: [WriteOff(OPEN.id, "lead", "bought", day(100))]}
    past = past_of(state, now, "two")
    assert past.reasons == ("items were written off or taken back",)
    assert moved(past) == [("2026-06", 0, 0, -1)]


def test_spans_of_what_was_told():
    def say(claim, back, at):
        return Told(claim, "lead", "why", back, day(at))

    found = written_off(
        [say("A", False, 1), say("B", False, 2), say("A", True, 3), say("A", False, 5)]
    )
    assert [(w.at, w.until) for w in found["A"]] == [(day(1), day(3)), (day(5), None)]
    assert [(w.at, w.until) for w in found["B"]] == [(day(2), None)]


def test_a_result_depends_on_what_was_written_off():
    one = [Told("A", "lead", "why", False, day(1))]
    assert key_with("key", []) == "key"
    assert len({"key", key_with("key", one), key_with("key", one * 2)}) == 3


def test_a_state_that_cannot_be_used_ends_nothing(tmp_path):
    (tmp_path / "id").write_text("one")
    (tmp_path / "state.db").write_bytes(b"no database " * 200)
    books = Books(tmp_path, lambda: day(400))
    assert books.told() == []
    assert books.past(told([OPEN]), "one") is None
    (gap,) = books.gaps
    assert (gap.slug, "counts as open" in gap.cost) == ("state.failed", True)
