"""Drawing claims of every verdict by chance, and what answers say of all."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.making import claim

from trueup.claims.audit import EXPECTED, STRATA, Answer, Drawn, allocate, conclude, draw
from trueup.claims.model import Judged, Verdict

sizes = st.dictionaries(st.sampled_from(STRATA), st.integers(0, 300), min_size=1)
DONE, NOT_DONE, OPEN = Answer.DONE, Answer.NOT_DONE, Answer.CANNOT_TELL


def claims_of(**counts: int):
    return [
        (claim(n, key=f"{verdict}{n}"), Judged(Verdict(verdict), ""))
        for verdict, many in counts.items()
        for n in range(many)
    ]


@given(sizes, st.integers(5, 400))
def test_every_verdict_is_drawn_and_nothing_twice(there, size):
    given_ = allocate(there, size)
    assert set(given_) == {v for v, n in there.items() if n}
    assert all(1 <= given_[v] <= there[v] for v in given_)
    assert sum(given_.values()) == min(size, sum(there.values()))


def test_a_sample_that_cannot_hold_every_verdict():
    with pytest.raises(ValueError, match="at least 2"):
        allocate({Verdict.VERIFIED: 5, Verdict.PARTIAL: 9}, 1)


def test_every_verdict_that_is_judged_has_an_expectation():
    assert set(EXPECTED) == set(STRATA)


def test_the_same_seed_draws_the_same_whatever_the_order():
    pairs = claims_of(verified=40, unverified=9, pending=5)
    one = draw(pairs, 12, 7)
    assert one == draw(pairs[::-1], 12, 7)
    assert one != draw(pairs, 12, 8)
    assert Verdict.PENDING not in {d.verdict for d in one}
    assert len({d.claim for d in one}) == 12


def test_each_claim_of_a_verdict_is_as_likely_as_any_other_at_every_place():
    pairs = claims_of(verified=8, partial=4)
    first, met = Counter(), Counter()
    for seed in range(3000):
        found = draw(pairs, 6, seed)
        met.update(d.claim for d in found)
        first[found[0].claim] += 1
    by_verdict = {j.verdict: [c.id for c, _ in pairs if _.verdict is j.verdict] for _, j in pairs}
    for ids in by_verdict.values():
        for counted in (met, first):
            mean = sum(counted[i] for i in ids) / len(ids)
            assert all(abs(counted[i] - mean) < 5 * mean**0.5 for i in ids)


SAMPLE = [
    Drawn("a", Verdict.VERIFIED),
    Drawn("b", Verdict.UNVERIFIED),
    Drawn("c", Verdict.VERIFIED),
    Drawn("d", Verdict.UNVERIFIED),
]
SIZES = {Verdict.VERIFIED: 80, Verdict.UNVERIFIED: 20}


def counts(answers):
    found = conclude(SAMPLE, SIZES, answers)
    return {j.verdict.value: (j.looked_at, j.not_done, j.undecided) for j in found.by_verdict}


def test_before_anybody_answered_the_level_is_not_known():
    found = conclude(SAMPLE, SIZES, {})
    assert (found.share, found.kappa, found.both) == (None, None, 0)


def test_every_decided_item_stands_for_as_many_as_there_are():
    found = conclude(SAMPLE, SIZES, {"1": {"a": DONE, "b": NOT_DONE, "c": DONE, "d": DONE}})
    assert found.share.value == pytest.approx(0.8 * 0 + 0.2 * 0.5)
    assert found.share.low < 0.1 < found.share.high


def test_what_comes_after_the_last_answer_was_not_looked_at():
    assert counts({"1": {"a": DONE, "b": DONE}}) == {"verified": (1, 0, 0), "unverified": (1, 0, 0)}


def test_what_was_passed_over_is_undecided():
    told = {"1": {"a": DONE, "d": NOT_DONE}}
    assert counts(told) == {"verified": (2, 0, 1), "unverified": (2, 1, 1)}


def test_two_who_differ_leave_it_undecided():
    told = {"1": {"a": DONE, "b": NOT_DONE}, "2": {"a": NOT_DONE, "b": NOT_DONE}}
    assert counts(told) == {"verified": (1, 0, 1), "unverified": (1, 1, 0)}
    found = conclude(SAMPLE, SIZES, told)
    assert (found.both, found.disagreed, found.kappa) == (2, 1, 0)


def test_nobody_can_tell():
    assert counts({"1": {"a": OPEN, "b": OPEN}}) == {"verified": (1, 0, 1), "unverified": (1, 0, 1)}
    assert conclude(SAMPLE, SIZES, {"1": {"a": OPEN, "b": OPEN}}).share is None


answers = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(list(Answer)))


@given(answers, answers)
def test_no_answers_break_it(one, other):
    found = conclude(SAMPLE, SIZES, {"1": one, "2": other})
    assert found.both == len(set(one) & set(other))
    decided = {j.verdict: j.looked_at - j.undecided for j in found.by_verdict}
    assert (found.share is None) == any(not n for n in decided.values())
