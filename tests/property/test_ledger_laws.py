"""Laws of the ledger, for any claims with any evidence at any moment."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.claims.making import day
from tests.property.strategies import DAYS, LAW, many_claims

from trueup.claims.habits import Habits
from trueup.claims.ledger import FLOWS, OUT, ledger
from trueup.claims.model import Verdict
from trueup.claims.policy import Policy, judge

policies = st.builds(
    Policy,
    survive=st.integers(1, 60),
    restate=st.just(90),
    ledger_months=st.integers(1, 30),
)
minutes = st.integers(0, 24 * 60)


def months_of(told, at, minute, policy):
    until = day(at) + timedelta(minutes=minute)
    told = [c for c in told if c.claimed_at <= until]
    return until, told, ledger(told, until, policy, Habits(told))


class TestIdentity:
    """`closing = opening + new + contradicted later + came into view + restated - repaid
    - withdrawn - written off - went out of view`"""

    @given(many_claims, DAYS, minutes, policies)
    @LAW
    def test_it_balances_every_month(self, told, at, minute, policy):
        _, _, months = months_of(told, at, minute, policy)
        for month in months:
            moved = {f: month.flows[f] for f in FLOWS}
            into = sum(n for f, n in moved.items() if f not in OUT)
            assert month.closing == month.opening + into - sum(moved[f] for f in OUT)
            assert month.balanced()

    @given(many_claims, DAYS, minutes, policies)
    @LAW
    def test_months_follow_each_other(self, told, at, minute, policy):
        until, _, months = months_of(told, at, minute, policy)
        assert months[-1].end == until
        for one, other in pairwise(months):
            assert one.closing == other.opening
            assert one.end < other.end
        assert len({m.name for m in months}) == len(months)

    @given(many_claims, DAYS, minutes, policies)
    @LAW
    def test_the_stock_is_what_is_owed_now(self, told, at, minute, policy):
        """`the stock of UNVERIFIED and CONTRADICTED claims`"""
        until, told, months = months_of(told, at, minute, policy)
        for month in months:
            assert month.closing == month.contradicted + month.unverified
        oldest = until.year * 12 + until.month - policy.ledger_months
        inside = [c for c in told if c.claimed_at.year * 12 + c.claimed_at.month >= oldest]
        verdicts = [judge(c, until, policy, Habits(told)).verdict for c in inside]
        assert months[-1].closing == sum(v.owed for v in verdicts)
        assert months[-1].unseen == verdicts.count(Verdict.NOT_ASSESSABLE)

    @given(many_claims, DAYS, minutes, policies)
    @LAW
    def test_only_one_flow_is_signed(self, told, at, minute, policy):
        _, _, months = months_of(told, at, minute, policy)
        assert all(m.flows[f] >= 0 for m in months for f in FLOWS if f != "restated")

    @given(many_claims, DAYS, minutes, policies, st.randoms())
    @LAW
    def test_the_order_of_claims_does_not_matter(self, told, at, minute, policy, chance):
        mixed = list(told)
        chance.shuffle(mixed)
        assert months_of(mixed, at, minute, policy)[2] == months_of(told, at, minute, policy)[2]


class TestRepayment:
    """`Only VERIFIED repays.`"""

    @given(many_claims, DAYS, minutes, policies)
    @LAW
    def test_what_was_repaid_is_verified(self, told, at, minute, policy):
        _, told, months = months_of(told, at, minute, policy)
        habits = Habits(told)

        def verdicts(moment):
            return [judge(c, max(moment, c.claimed_at), policy, habits).verdict for c in told]

        for one, other in pairwise(months):
            pairs = zip(verdicts(one.end), verdicts(other.end), strict=True)
            repaid = sum(was.owed and now is Verdict.VERIFIED for was, now in pairs)
            assert other.flows["repaid"] <= repaid
