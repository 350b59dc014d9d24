"""The ledger, month by month, worked out by hand. The first day is 2026-03-02."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from tests.claims.making import (
    NO_HABITS,
    POLICY,
    claim,
    day,
    habit_of,
    inspected,
    present,
    refixed,
    reverted,
)

from trueup.claims.ledger import FLOWS, Month, WriteOff, follow, ledger, month_ends
from trueup.claims.model import Kind
from trueup.claims.policy import Policy

LANDS = habit_of(present())


def flows_of(claims, until, *, habits=NO_HABITS, policy=POLICY):
    """Flows that are not zero, by month; every month is checked to balance."""
    months = ledger(claims, until, policy, habits)
    assert all(m.balanced() for m in months)
    return moved_in(months)


def moved_in(months: list[Month]):
    for one, other in pairwise(months):
        assert one.closing == other.opening
    return {
        m.name: moved for m in months if (moved := {f: m.flows[f] for f in FLOWS if m.flows[f]})
    }


def test_months_are_calendar_months_and_the_last_one_ends_now():
    until = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    ends = month_ends(until, 2)
    assert [e.isoformat()[:16] for e in ends] == [
        "2026-09-01T00:00",
        "2026-10-01T00:00",
        "2026-11-01T00:00",
        "2026-11-20T15:30",
    ]
    names = [m.name for m in ledger([], until, POLICY, NO_HABITS)]
    assert len(names) == 25
    assert (names[0], names[-1]) == ("2024-11", "2026-11")


def test_on_the_first_midnight_of_a_month_there_is_no_empty_month():
    until = datetime(2026, 11, 1, tzinfo=UTC)
    months = ledger([], until, POLICY, NO_HABITS)
    assert [m.name for m in months][-1] == "2026-10"
    assert all(m.balanced() for m in months)


# Day 0 is 2 March, day 29 is 31 March, day 30 is 1 April, day 60 is 1 May, day 91 is 1 June.
STORIES = {
    "contradicted in its own month is new": (
        [claim(0, present(), reverted(10))],
        {"2026-03": {"new": 1}},
    ),
    "contradicted in a later month": (
        [claim(0, present(), reverted(40))],
        {"2026-04": {"contradicted_later": 1}},
    ),
    "contradicted at midnight belongs to the month it ends": (
        [claim(0, present(), reverted(30))],
        {"2026-03": {"new": 1}},
    ),
    "absent counts as new once it is old enough": (
        [claim(5, absent=True)],
        {"2026-04": {"new": 1}},
    ),
    "undone and looked at: repaid": (
        [claim(0, present(), inspected(), reverted(10, until=35))],
        {"2026-03": {"new": 1}, "2026-04": {"restated": -1}},
    ),
    "done again by verified work: repaid": (
        [claim(0, present(), refixed(10, until=45))],
        {"2026-03": {"new": 1}, "2026-04": {"repaid": 1}},
    ),
    "never repaid": (
        [claim(0, present(), refixed(10))],
        {"2026-03": {"new": 1}},
    ),
    "out and back within a month leaves no trace": (
        [claim(0, present(), inspected(), reverted(31, until=40))],
        {},
    ),
    "out over a month's end and back": (
        [claim(0, present(), inspected(), reverted(55, until=65))],
        {"2026-04": {"contradicted_later": 1}, "2026-05": {"restated": -1}},
    ),
    "landed late, then stood": (
        [claim(5, present(70), inspected(70), absent=True)],
        {"2026-04": {"new": 1}, "2026-05": {"restated": -1}},
    ),
    "landed while it was still young": (
        [claim(5, present(31), inspected(31))],
        {},
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_flows(name):
    claims, wanted = STORIES[name]
    assert flows_of(claims, day(200), habits=LANDS) == wanted


def test_only_what_is_verified_repays():
    """A verdict that merely stops being owed is restated; the flow `repaid` needs a verified one."""
    looked = claim(
        5, present(95), inspected(95), absent=True
    )  # absent in April and May, lands on 5 June
    unlooked = claim(5, present(95), absent=True, key="other")
    found = flows_of([looked, unlooked], day(200), habits=LANDS)
    assert found == {"2026-04": {"new": 2}, "2026-06": {"restated": -2}}
    quick = Policy(survive=1)
    found = flows_of([looked, unlooked], day(200), habits=LANDS, policy=quick)
    assert found == {"2026-03": {"new": 2}, "2026-06": {"repaid": 1, "restated": -1}}


def test_what_is_older_than_the_ledger_is_written_off():
    told = claim(0, present(), reverted(10))
    policy = Policy(ledger_months=2)
    found = flows_of([told], datetime(2026, 7, 15, tzinfo=UTC), policy=policy)
    assert found == {"2026-05": {"written_off": 1}}
    months = ledger([told], datetime(2026, 7, 15, tzinfo=UTC), policy, NO_HABITS)
    assert [(m.name, m.opening, m.closing) for m in months] == [
        ("2026-05", 1, 0),
        ("2026-06", 0, 0),
        ("2026-07", 0, 0),
    ]


def test_what_cannot_be_seen_is_counted_beside():
    months = ledger([claim(0)], day(100), POLICY, NO_HABITS)
    assert [m.unseen for m in months[-3:]] == [1, 1, 1]
    assert all(m.closing == 0 for m in months)


def test_stock_by_verdict():
    claims = [
        claim(0, present(), reverted(5)),
        *(claim(n, key=f"{n}", absent=True) for n in (1, 2)),
    ]
    months = ledger(claims, day(80), POLICY, LANDS)
    assert (months[-1].contradicted, months[-1].unverified, months[-1].closing) == (1, 2, 3)


class TestParts:
    """The same identity for any part, in claims and in size."""

    CLAIMS = (
        claim(0, present(), reverted(10), key="a", scope="pay"),
        claim(0, present(), reverted(40), key="b", scope="pay", kind=Kind.CHANGE),
        claim(5, key="c", scope="web", absent=True),
    )
    COURSE = follow(CLAIMS, day(100), POLICY, LANDS)
    DAYS = {"a": 3, "b": 4}

    def test_by_scope_and_by_kind(self):
        by_scope = {s: moved_in(m) for s, m in self.COURSE.by(lambda c: c.scope).items()}
        assert by_scope == {
            "pay": {"2026-03": {"new": 1}, "2026-04": {"contradicted_later": 1}},
            "web": {"2026-04": {"new": 1}},
        }
        assert moved_in(self.COURSE.months(lambda c: c.kind is Kind.CHANGE)) == {
            "2026-04": {"contradicted_later": 1}
        }

    def test_a_part_without_claims_is_a_ledger_of_noughts(self):
        months = self.COURSE.months(lambda c: c.scope == "nowhere")
        assert [m.name for m in months] == [m.name for m in self.COURSE.months()]
        assert moved_in(months) == {}
        assert follow([], day(100), POLICY, LANDS).months() == months

    def test_size_stands_apart_from_what_has_none(self):
        sized, unsized = self.COURSE.sized(lambda c: self.DAYS.get(c.key))
        assert moved_in(sized) == {"2026-03": {"new": 3}, "2026-04": {"contradicted_later": 4}}
        assert moved_in(unsized) == {"2026-04": {"new": 1}}
        assert (sized[-1].closing, unsized[-1].closing) == (7, 1)

    def test_age_of_what_is_open(self):
        age = self.COURSE.age()
        assert (age.open, age.oldest_days, age.median_days) == (3, 100, 100.0)
        assert age.oldest is self.CLAIMS[1], "of the same day, the first by kind"
        assert age.by_half_year == {"2026-1": 3}
        assert self.COURSE.age(lambda c: c.scope == "web").oldest_days == 95
        nothing = self.COURSE.age(lambda c: c.scope == "nowhere")
        assert (nothing.open, nothing.oldest_days, nothing.median_days) == (0, None, None)


class TestWithdrawn:
    """`withdrawn`: nobody says any more that it is done"""

    def months(self, at):
        told = [claim(0, present(), reverted(10), key="told", withdrawn_at=at and day(at))]
        return follow(told, day(150), POLICY, LANDS).months()

    def test_it_leaves_by_its_own_door(self):
        months = self.months(65)
        assert moved_in(months) == {"2026-03": {"new": 1}, "2026-05": {"withdrawn": 1}}
        assert [(m.closing, m.unseen, m.written_off) for m in months[-2:]] == [(0, 0, 0)] * 2

    def test_in_the_month_it_came_it_was_never_owed(self):
        assert moved_in(self.months(12)) == {}

    def test_later_it_is_owed(self):
        assert moved_in(self.months(500)) == moved_in(self.months(None)) == {"2026-03": {"new": 1}}


class TestWrittenOffByHand:
    """`by hand when a named role writes it off`"""

    TOLD = claim(0, present(), reverted(10), key="told")

    def months(self, *offs, claims=(TOLD,)):
        told = {c.id: [WriteOff(c.id, "delivery lead", "bought instead", *o) for o in offs] for c in claims}  # fmt: skip
        return follow(claims, day(150), POLICY, LANDS, told).months()

    def test_it_leaves_by_its_own_door_and_is_counted_beside(self):
        months = self.months((day(65),))
        assert moved_in(months) == {"2026-03": {"new": 1}, "2026-05": {"written_off": 1}}
        assert [(m.closing, m.written_off) for m in months[-5:]] == [
            (1, 0), (1, 0), (0, 1), (0, 1), (0, 1),
        ]  # fmt: skip

    def test_taken_back_it_is_owed_again(self):
        months = self.months((day(65), day(95)))
        assert moved_in(months)["2026-06"] == {"restated": 1}
        assert (months[-1].closing, months[-1].written_off) == (1, 0)

    def test_written_off_in_the_month_it_came(self):
        months = self.months((day(20),))
        assert moved_in(months) == {"2026-03": {"new": 1, "written_off": 1}}

    def test_written_off_before_anything_spoke_against_it(self):
        later = claim(0, present(), reverted(40), key="later")
        months = self.months((day(20),), claims=(later,))
        assert moved_in(months) == {"2026-04": {"contradicted_later": 1, "written_off": 1}}

    def test_done_again_it_is_verified_all_the_same(self):
        again = claim(0, present(), refixed(10, until=45), key="again")
        months = self.months((day(20),), claims=(again,))
        assert moved_in(months) == {"2026-03": {"new": 1, "written_off": 1}}
        assert (months[-1].closing, months[-1].written_off) == (0, 0)

    def test_what_is_not_owed_is_not_written_off(self):
        fine = claim(0, present(), inspected(), key="fine")
        months = self.months((day(65),), claims=(fine,))
        assert (moved_in(months), months[-1].written_off) == ({}, 0)

    def test_told_after_the_newest_commit_it_counts_at_the_end(self):
        months = self.months((day(400),))
        assert months[-1].flows["written_off"] == 1
