"""Laws of the ledger, for any claims with any evidence at any moment."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.claims.making import day
from tests.property.strategies import DAYS, LAW, many_claims

from trueup.claims.habits import Habits
from trueup.claims.ledger import FLOWS, OUT, WriteOff, follow, ledger
from trueup.claims.model import Verdict
from trueup.claims.policy import Policy, judge
from trueup.claims.restated import compare, states_of, summed, whole_months

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


STOCKS = ("opening", "closing", "contradicted", "unverified", "unseen", "written_off")


def numbers(month):
    return [*(getattr(month, name) for name in STOCKS), *(month.flows[f] for f in FLOWS)]


def added_up(ledgers):
    """Several ledgers of the same months in one: every number of every month added up."""
    rows = ([numbers(month) for month in months] for months in ledgers)
    return [
        [sum(cell) for cell in zip(*of_month, strict=True)] for of_month in zip(*rows, strict=True)
    ]


@st.composite
def written_off(draw, told):
    """Some claims written off, some of these for a time."""
    found = {}
    for claim in told:
        if draw(st.booleans()):
            at = draw(st.integers(0, 900))
            end = draw(st.none() | st.integers(at, at + 300))
            until = None if end is None else day(end)
            found[claim.id] = [WriteOff(claim.id, "lead", "bought", day(at), until)]
    return found


class TestParts:
    """`Identity, per period and scope`, in claims and in size."""

    @given(many_claims, DAYS, policies, st.data())
    @LAW
    def test_parts_add_up_to_the_whole(self, told, at, policy, data):
        told = [c for c in told if c.claimed_at <= day(at)]
        course = follow(told, day(at), policy, Habits(told), data.draw(written_off(told)))
        whole = [numbers(m) for m in course.months()]
        for group in (lambda c: c.scope, lambda c: c.kind, lambda c: (c.repo, c.scope, c.kind)):
            parts = course.by(group)
            assert all(m.balanced() for months in parts.values() for m in months)
            assert not told or added_up(parts.values()) == whole
        for group in {c.scope for c in told}:
            assert (
                course.months(lambda c, g=group: c.scope == g)
                == course.by(lambda c: c.scope)[group]
            )

    @given(many_claims, DAYS, policies)
    @LAW
    def test_it_balances_in_size_and_beside_it(self, told, at, policy):
        told = [c for c in told if c.claimed_at <= day(at)]
        course = follow(told, day(at), policy, Habits(told))
        sized, unsized = course.sized(lambda c: None if c.empty else len(c.key))
        assert all(m.balanced() for m in (*sized, *unsized))
        known = course.months(lambda c: not c.empty)
        assert added_up([known, unsized]) == [numbers(m) for m in course.months()]
        assert [m.closing for m in course.months(None, lambda c: 3)] == [
            3 * m.closing for m in course.months()
        ]


class TestWritingOff:
    """`debt plus unseen plus written off by hand never falls by writing off`"""

    @given(many_claims, DAYS, policies, st.data())
    @LAW
    def test_nothing_is_lost(self, told, at, policy, data):
        told = [c for c in told if c.claimed_at <= day(at)]
        habits = Habits(told)
        before = follow(told, day(at), policy, habits).months()
        after = follow(told, day(at), policy, habits, data.draw(written_off(told))).months()
        assert all(m.balanced() for m in after)
        for one, other in zip(before, after, strict=True):
            assert other.closing + other.unseen + other.written_off == one.closing + one.unseen
            assert (other.closing <= one.closing, other.unseen) == (True, one.unseen)
            assert other.flows["repaid"] <= one.flows["repaid"]


class TestRestatement:
    """`closing now = closing then + came into view + restated - went out of view`"""

    @given(many_claims, st.integers(0, 20), DAYS, st.integers(0, 90), policies, policies, st.data())
    @LAW
    def test_it_balances_over_runs(self, told, lost, at, later, policy, other, data):
        """Between the runs time goes on, the policy changes, some claims are lost and some found."""
        then = [c for c in told[lost:] if c.claimed_at <= day(at)]
        now = [c for c in told[: len(told) - lost // 2] if c.claimed_at <= day(at + later)]
        before = follow(then, day(at), policy, Habits(then), data.draw(written_off(then)))
        after = follow(now, day(at + later), other, Habits(told), data.draw(written_off(now)))
        rows = compare(
            whole_months(before), states_of(before), whole_months(after), states_of(after)
        )
        assert all(row.balanced() for row in rows)
        assert all(row.came_into_view >= 0 and row.went_out_of_view >= 0 for row in rows)
        closing = {m.name: m.closing for m in after.months()}
        total = summed(rows)
        for row in total:
            assert (row.balanced(), row.now) == (True, closing[row.month])
        closing_then = {m.name: m.closing for m in before.months()}
        assert [row.then for row in total] == [closing_then[row.month] for row in total]
        if total:
            # From the last month both know, the flows of the months since lead to what is open now.
            since = [m for m in after.months() if m.name > total[-1].month]
            moved = sum((-1 if f in OUT else 1) * m.flows[f] for m in since for f in FLOWS)
            last = total[-1]
            told_now = last.then + last.came_into_view + last.restated - last.went_out_of_view
            assert told_now + moved == after.months()[-1].closing

    @given(many_claims, DAYS, policies)
    @LAW
    def test_the_same_facts_say_the_same(self, told, at, policy):
        told = [c for c in told if c.claimed_at <= day(at)]
        course = follow(told, day(at), policy, Habits(told))
        months, states = whole_months(course), states_of(course)
        assert not any(row.moved for row in compare(months, states, months, states))
