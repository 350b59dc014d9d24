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

from trueup.claims.ledger import FLOWS, ledger, month_ends
from trueup.claims.policy import Policy

LANDS = habit_of(present())


def flows_of(claims, until, *, habits=NO_HABITS, policy=POLICY):
    """Flows that are not zero, by month; every month is checked to balance."""
    months = ledger(claims, until, policy, habits)
    assert all(m.balanced() for m in months)
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
