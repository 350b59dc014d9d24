"""Counts, horizons and bounds of many claims together."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.claims.making import (
    POLICY,
    Told,
    claim,
    closes,
    day,
    inspected,
    present,
    refixed,
    released,
    reverted,
)

from trueup.claims.assess import assessable, bounds, judge_all, owed
from trueup.claims.model import Kind, Verdict
from trueup.claims.policy import verified_from
from trueup.claims.register import register

CLAIMS = [
    claim(0, present(), inspected(), key="v", scope="a"),
    claim(1, present(1), key="p", scope="a"),
    claim(2, present(2), reverted(20), key="c", scope="b"),
    claim(380, present(380), key="young", scope="b"),
]


def assess(claims, until=400, policy=POLICY, books=None, registers=None):
    return judge_all(claims, day(until), policy, books or {}, registers or {}, {})


def test_counts_by_verdict_and_scope():
    found = assess(CLAIMS)
    assert found.counts() == {
        Verdict.VERIFIED: 1,
        Verdict.PARTIAL: 1,
        Verdict.CONTRADICTED: 1,
        Verdict.PENDING: 1,
    }
    assert found.counts("a") == {Verdict.VERIFIED: 1, Verdict.PARTIAL: 1}
    assert [c.key for c, _ in owed(found)] == ["c"]


def test_the_period_starts_with_a_month_and_older_claims_are_kept_for_the_ledger():
    old = claim(-800, present(-800), key="old")
    found = assess([old, *CLAIMS])
    assert found.start.isoformat() == "2025-04-01T00:00:00+00:00"
    assert len(found.claims) == 4
    assert len(found.all_claims) == 5


def test_claims_of_the_future_are_left_out():
    assert len(assess(CLAIMS, until=100).all_claims) == 3


def test_each_horizon_counts_claims_of_that_age():
    found = assess([claim(0, present(), inspected(), reverted(60)), claim(380, present(380))])
    at = {days: dict(found.at_horizon(days)) for days in (14, 30, 90)}
    assert at[14] == {Verdict.VERIFIED: 1, Verdict.PARTIAL: 1}
    assert at[30] == {Verdict.VERIFIED: 1}
    assert at[90] == {Verdict.CONTRADICTED: 1}


def test_a_withdrawn_claim_counts_while_it_was_one():
    found = assess([
        claim(0, present(), inspected(), key="late", withdrawn_at=day(60)),
        claim(0, present(), inspected(), key="soon", withdrawn_at=day(20)),
        claim(0, present(), inspected(), key="stands"),
    ])  # fmt: skip
    assert {days: found.at_horizon(days).total() for days in (14, 30, 90)} == {14: 3, 30: 2, 90: 1}
    assert ([c.key for c in found.claims], len(found.withdrawn)) == (["stands"], 2)
    moments = {c.key: verified_from(c, POLICY, found.habits) for c in found.all_claims}
    assert moments == {"late": day(30), "soon": None, "stands": day(30)}


def test_survival_is_evidence_only_of_what_is_there():
    found = {
        c.key: [e.how for e in c.evidence]
        for c in assess([
            claim(0, present(), key="stood"),
            claim(0, key="nowhere"),
            claim(0, present(50), key="late"),
            claim(0, present(), refixed(10), key="refixed"),
            claim(0, released(), kind=Kind.RELEASE_NOTE, key="note"),
        ], until=60).all_claims
    }  # fmt: skip
    assert found == {
        "stood": ["ancestry", "nothing_against"],
        "nowhere": [],
        "late": ["ancestry"],
        "refixed": ["ancestry", "refixed"],
        "note": ["contained"],
    }


def test_work_that_claims_nothing_is_counted_beside():
    told = Told()
    told.commit("fix", 0, closes("#1"))
    told.commit("work", 1)
    told.commit("bump", 2, actor="robot", kind="bot")
    told.commit("branch", 3, landed=None)
    told.commit("merge", 4, merge="work")
    book = told.read()
    found = assess([], books={"r": book}, registers={"r": register(book)})
    assert (found.landed, found.landed_without_claim) == (2, 1)


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        # 6 of 100 are contradicted, 34 more may or may not be done.
        ({"v": 60, "c": 6, "u": 34}, ((0.06, 0.40), (0.06, 0.40))),
        # 4 + 10 partial; 20 more cannot be seen: the worst case is over all 100.
        ({"v": 66, "c": 4, "p": 10, "n": 20}, ((0.05, 0.175), (0.04, 0.34))),
        ({"v": 5, "y": 95}, ((0.0, 0.0), (0.0, 0.0))),
        ({"n": 5, "y": 3}, None),
        ({}, None),
    ],
)
def test_bounds(counts, wanted):
    named = dict(zip("vpcuny", Verdict, strict=True))
    told = Counter({named[k]: n for k, n in counts.items()})
    found = bounds(told)
    assert found == (None if wanted is None else tuple(map(pytest.approx, wanted)))


def test_assessable_leaves_out_what_is_young():
    counts = Counter({Verdict.VERIFIED: 3, Verdict.NOT_ASSESSABLE: 2, Verdict.PENDING: 9})
    assert assessable(counts) == (3, 5)
