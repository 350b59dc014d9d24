"""What a past month said and says, worked out by hand; laws of it are in `tests/property`."""

from __future__ import annotations

import pytest
from tests.claims.making import POLICY, claim, day, habit_of, inspected, present, reverted

from trueup.claims.habits import Habits
from trueup.claims.ledger import WriteOff, follow
from trueup.claims.model import Kind
from trueup.claims.policy import Policy
from trueup.claims.restated import compare, name_of, states_of, summed, whole_months

LANDS = habit_of(present())
# Day 150 is 30 July: the whole months end on 31 March (day 30) to 30 June (day 121).
UNTIL = 150


def course_of(claims, until=UNTIL, policy=POLICY, habits=LANDS, written_off=None):
    return follow(claims, day(until), policy, habits, written_off)


def told(then, now):
    """Months that read otherwise, as flows that are not nought."""
    rows = compare(whole_months(then), states_of(then), whole_months(now), states_of(now))
    assert all(row.balanced() for row in (*rows, *summed(rows)))
    names = ("came_into_view", "went_out_of_view", "restated")
    return {
        (r.month, r.kind): {n: getattr(r, n) for n in names if getattr(r, n)}
        for r in rows
        if r.moved
    }


OPEN = claim(0, present(), reverted(40), key="open")


def test_the_same_again_and_a_month_later_changes_nothing():
    assert told(course_of([OPEN]), course_of([OPEN])) == {}
    assert told(course_of([OPEN]), course_of([OPEN], UNTIL + 31)) == {}


def test_what_is_newly_known_comes_into_view():
    assert told(course_of([]), course_of([OPEN])) == {
        (month, "commit"): {"came_into_view": 1} for month in ("2026-04", "2026-05", "2026-06")
    }


def test_what_is_no_longer_known_goes_out_of_it():
    found = told(course_of([OPEN]), course_of([]))
    assert set(map(str, found.values())) == {"{'went_out_of_view': 1}"}


def test_what_could_not_be_seen_before():
    lost = claim(5, absent=True, key="lost")
    found = told(course_of([lost], habits=Habits(())), course_of([lost]))
    assert found["2026-05", "commit"] == {"came_into_view": 1}
    back = told(course_of([lost]), course_of([lost], habits=Habits(())))
    assert back["2026-05", "commit"] == {"went_out_of_view": 1}


def test_a_revert_that_came_to_be_known_late_is_restated():
    before = claim(0, present(), inspected(), key="open")
    assert told(course_of([before]), course_of([OPEN]))["2026-04", "commit"] == {"restated": 1}
    assert told(course_of([OPEN]), course_of([before]))["2026-04", "commit"] == {"restated": -1}


def test_another_policy_restates():
    late = claim(5, present(70), inspected(70), absent=True, key="late")
    quick = Policy(survive=1)
    found = told(course_of([late]), course_of([late], policy=quick))
    assert found == {("2026-03", "commit"): {"restated": 1}}


def test_what_was_written_off_since_is_restated_in_months_after_that():
    off = {OPEN.id: [WriteOff(OPEN.id, "lead", "bought", day(70))]}
    found = told(course_of([OPEN]), course_of([OPEN], written_off=off))
    assert found == {
        ("2026-05", "commit"): {"restated": -1},
        ("2026-06", "commit"): {"restated": -1},
    }


def test_a_claim_of_another_kind_moves_between_kinds_and_the_sum_stands():
    wide = claim(0, present(), reverted(40), key="open", kind=Kind.UMBRELLA)
    assert name_of(wide) == name_of(OPEN)
    then, now = course_of([OPEN]), course_of([wide])
    found = told(then, now)
    assert found["2026-05", "commit"] == {"restated": -1}
    assert found["2026-05", "umbrella"] == {"restated": 1}
    rows = compare(whole_months(then), states_of(then), whole_months(now), states_of(now))
    assert not any(row.moved for row in summed(rows))


@pytest.mark.parametrize("until", [59.5, 60, 61])
def test_only_months_that_were_over_are_compared(until):
    then = course_of([OPEN], until)
    # Day 60 is the first midnight of May: April is then the last month, and not told as over yet.
    assert whole_months(then)[-1] == ("2026-04" if until > 60 else "2026-03")
