"""Laws of verdicts, for any claim with any evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.claims.making import NO_HABITS, POLICY, day, habit_of, inspected, present, released
from tests.property.strategies import DAYS, LAW, claims, contradictions, many_claims, supports

from trueup.claims.assess import HORIZONS, assessable, bounds, judge_all
from trueup.claims.habits import Habits
from trueup.claims.model import Claim, Kind, Rung, Verdict
from trueup.claims.policy import judge, settled_at, verified_from

#: From what is worst to what is best; young claims say nothing yet.
ORDER = (
    Verdict.CONTRADICTED,
    Verdict.UNVERIFIED,
    Verdict.NOT_ASSESSABLE,
    Verdict.PENDING,
    Verdict.PARTIAL,
    Verdict.VERIFIED,
)
ALL_HABITS = [
    NO_HABITS,
    *(
        habit_of(present(), inspected(), released(), kind=kind)
        for kind in (Kind.COMMIT, Kind.CHANGE, Kind.RELEASE_NOTE)
    ),
]
habits = st.sampled_from(ALL_HABITS)
later = st.integers(0, 400)


def at_of(claim: Claim, after: int):
    return claim.claimed_at + timedelta(days=after)


def copy(claim: Claim, evidence) -> Claim:
    return replace(claim, evidence=list(evidence))


class TestEvidence:
    """`Evidence either shows it, speaks against it, or is missing.`"""

    @given(claims(), supports(), later, habits)
    @LAW
    def test_what_supports_a_claim_never_lowers_its_verdict(self, claim, more, after, known):
        more = replace(more, at=claim.claimed_at + (more.at - day(0)))
        at = at_of(claim, after)
        before = judge(claim, at, POLICY, known).verdict
        now = judge(copy(claim, [*claim.evidence, more]), at, POLICY, known).verdict
        assert ORDER.index(now) >= ORDER.index(before)

    @given(claims(), contradictions(), later, habits)
    @LAW
    def test_contradiction_needs_no_waiting(self, claim, against, after, known):
        """`PENDING only delays VERIFIED (contradiction needs no waiting)`"""
        moment = at_of(claim, after)
        note = claim.kind is Kind.RELEASE_NOTE
        assume((against.rung is Rung.RELEASED) == note)
        assume(against.at <= moment and (against.until is None or against.until > moment))
        told = copy(claim, [*claim.evidence, against])
        assert judge(told, moment, POLICY, known).verdict is Verdict.CONTRADICTED

    @given(claims(), st.sampled_from(list(Rung)), later, habits)
    @LAW
    def test_without_a_rung_nothing_becomes_contradicted(self, claim, rung, after, known):
        at = at_of(claim, after)
        before = judge(claim, at, POLICY, known).verdict
        less = copy(claim, [e for e in claim.evidence if e.rung is not rung])
        now = judge(less, at, POLICY, known).verdict
        assert now is not Verdict.CONTRADICTED or before is Verdict.CONTRADICTED

    @given(claims(), later, habits)
    @LAW
    def test_only_what_was_known_by_then_counts(self, claim, after, known):
        """`view as of any past moment`: what happens later changes no verdict of before."""
        at = at_of(claim, after)
        seen = []
        for e in claim.evidence:
            if e.at <= at:
                ended = e.until is not None and e.until <= at
                seen.append(e if ended else replace(e, until=None, made_good=False))
        assert judge(copy(claim, seen), at, POLICY, known) == judge(claim, at, POLICY, known)

    @given(claims(), later, habits, st.randoms())
    @LAW
    def test_the_order_of_evidence_does_not_matter(self, claim, after, known, chance):
        mixed = list(claim.evidence)
        chance.shuffle(mixed)
        at = at_of(claim, after)
        assert judge(copy(claim, mixed), at, POLICY, known) == judge(claim, at, POLICY, known)

    @given(claims(), later, later, habits)
    @LAW
    def test_once_settled_time_changes_nothing(self, claim, after, more, known):
        settled = settled_at(claim, POLICY)
        one = judge(claim, settled + timedelta(days=after), POLICY, known)
        other = judge(claim, settled + timedelta(days=after + more), POLICY, known)
        assert one.verdict is other.verdict

    @given(claims())
    @LAW
    def test_verified_from_is_the_first_verified_moment(self, claim):
        found = verified_from(claim, POLICY, NO_HABITS)
        days = (judge(claim, at_of(claim, d), POLICY, NO_HABITS).verdict for d in range(420))
        first = next((d for d, verdict in enumerate(days) if verdict is Verdict.VERIFIED), None)
        assert (found is None) == (first is None)
        if found is not None:
            assert found == at_of(claim, first)


class TestDebt:
    """`PENDING, NOT_ASSESSABLE ...; the last two are never debt.`"""

    @given(claims(), later, habits)
    @LAW
    def test_only_two_verdicts_are_owed(self, claim, after, known):
        verdict = judge(claim, at_of(claim, after), POLICY, known).verdict
        assert verdict.owed == (verdict in {Verdict.CONTRADICTED, Verdict.UNVERIFIED})

    @given(many_claims, st.sampled_from([Rung.PRESENT, Rung.INSPECTED, Rung.RELEASED]))
    @LAW
    def test_disconnecting_never_lowers_debt_plus_unseen(self, told, rung):
        """`disconnecting a source ... never lowers debt plus unseen`

        What holds, claim by claim: whatever was owed or could not be seen is still one of both when a
        source of supporting evidence is gone, habits worked out anew. (Claims that a source itself
        makes, such as entries of release notes, go with it: the law is about those that remain.)
        """
        until = day(1300)
        less = [copy(c, [e for e in c.evidence if e.rung is not rung or keep(e)]) for c in told]
        before = [judge(c, until, POLICY, Habits(told)).verdict for c in told]
        after = [judge(c, until, POLICY, Habits(less)).verdict for c in less]
        for was, now in zip(before, after, strict=True):
            if was.owed or was is Verdict.NOT_ASSESSABLE:
                assert now.owed or now is Verdict.NOT_ASSESSABLE

    @given(many_claims)
    @LAW
    def test_without_a_repository_the_others_stand_as_they_are(self, told):
        rest = [c for c in told if c.repo == "acme/x"]
        until = day(1300)
        whole = [judge(c, until, POLICY, Habits(told)) for c in rest]
        alone = [judge(c, until, POLICY, Habits(rest)) for c in rest]
        assert whole == alone


def keep(evidence) -> bool:
    """Reverts are read from the history itself, which cannot be disconnected."""
    return evidence.against and evidence.rung is Rung.PRESENT


class TestMixes:
    """`the mix is printed at 14, 30 and 90`; `bounds [contradicted, contradicted + ...]`"""

    @given(many_claims, DAYS)
    @LAW
    def test_mixes_sum_to_what_is_old_enough(self, told, at):
        until = day(at)
        found = judge_all(told, until, POLICY, {}, {}, {})
        assert sum(found.counts().values()) == len(found.claims)
        for days in HORIZONS:
            old = [c for c in found.claims if c.claimed_at + timedelta(days=days) <= until]
            assert sum(found.at_horizon(days).values()) == len(old)

    @given(many_claims, DAYS)
    @LAW
    def test_scopes_sum_to_the_whole(self, told, at):
        found = judge_all(told, day(at), POLICY, {}, {}, {})
        scopes = {c.scope for c in found.claims}
        assert sum((found.counts(s) for s in scopes), start=found.counts("none")) == found.counts()

    @given(many_claims)
    @LAW
    def test_bounds_are_in_order_and_inside_the_worst_case(self, told):
        counts = judge_all(told, day(1300), POLICY, {}, {}, {}).counts()
        found = bounds(counts)
        known, total = assessable(counts)
        assert (found is None) == (known == 0)
        if found is not None:
            (low, high), (worst_low, worst_high) = found
            assert 0 <= worst_low <= low <= high <= worst_high <= 1
            assert known <= total

    @given(many_claims, DAYS)
    @LAW
    def test_no_verdict_is_given_before_a_claim_is_made(self, told, at):
        found = judge_all(told, day(at), POLICY, {}, {}, {})
        assert all(c.claimed_at <= day(at) for c in found.all_claims)
