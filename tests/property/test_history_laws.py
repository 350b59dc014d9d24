"""Laws of finding claims and what speaks against them, for any history."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.claims.making import NO_HABITS, POLICY, Told, closes, day, id_of, takes_back
from tests.property.strategies import LAW, PEOPLE, histories, written

from trueup.claims.contradictions import add_contradictions
from trueup.claims.evidence.inspected import inspected
from trueup.claims.evidence.present import present
from trueup.claims.evidence.released import released
from trueup.claims.model import Claim, Kind
from trueup.claims.register import register

UNTIL = day(400)


def found(told: Told, files=None, until=UNTIL):
    """All claims with their evidence."""
    book = told.read()
    known = register(book)
    for claim in known.claims:
        claim.evidence += present(book, claim, until)
        claim.evidence += inspected(book, claim)
        claim.evidence += released(book, claim)
    named = {id_of(name): roles for name, roles in (files or {}).items()}
    add_contradictions(book, known, named, POLICY, NO_HABITS, until)
    return known


def shown(claim: Claim):
    """Everything about a claim but who made it."""
    evidence = sorted(
        (e.rung, e.at, e.how, e.by, e.against, str(e.until), e.confidence, e.made_good)
        for e in claim.evidence
    )
    return (
        claim.id, claim.kind, claim.key, claim.claimed_at, claim.shas, claim.tickets, claim.pull,
        claim.partial, claim.empty, claim.carried, claim.reporter, evidence,
    )  # fmt: skip


class TestInvariance:
    """`ids take no part in content hashes or sort orders, so results are the same on another machine`"""

    @given(histories(), st.randoms())
    @LAW
    def test_the_order_in_which_commits_are_read(self, history, chance):
        mixed = list(history[0])
        chance.shuffle(mixed)
        one = found(written(history), history[2])
        other = found(written(history, order=mixed), history[2])
        assert [shown(c) for c in one.claims] == [shown(c) for c in other.claims]
        assert one.by_bots == other.by_bots

    @given(histories(), st.permutations(["p9", "p0", "p5"]))
    @LAW
    def test_the_names_of_people(self, history, names):
        renamed = dict(zip(PEOPLE, names, strict=True))
        one = found(written(history), history[2])
        other = found(written(history, names=renamed), history[2])
        assert [shown(c) for c in one.claims] == [shown(c) for c in other.claims]


class TestClaims:
    """`The same work reported twice is one claim with several reports.`"""

    @given(histories())
    @LAW
    def test_each_report_belongs_to_one_claim(self, history):
        claims = found(written(history), history[2]).claims
        shas = [sha for c in claims for sha in c.shas]
        assert len(shas) == len(set(shas))
        assert len({c.id for c in claims}) == len({c.key for c in claims}) == len(claims)

    @given(histories())
    @LAW
    def test_no_claim_is_its_own_contradiction(self, history):
        """`The artefact that carries a claim is never evidence for it`, nor against it."""
        for claim in found(written(history), history[2]).claims:
            own = {*claim.shas, *claim.carried}
            assert all(e.by not in own for e in claim.evidence if e.against)

    @given(histories())
    @LAW
    def test_contradictions_come_after_the_claim_and_within_ninety_days(self, history):
        for claim in found(written(history), history[2]).claims:
            for e in claim.evidence:
                if e.against:
                    assert timedelta() <= e.at - claim.claimed_at <= timedelta(days=90)
                    assert e.until is None or e.until >= e.at

    @given(histories(), st.integers(0, 200))
    @LAW
    def test_what_made_good_is_known_by_then(self, history, until):
        claims = found(written(history), history[2], day(until)).claims
        ends = [e.until for c in claims for e in c.evidence if e.made_good]
        assert all(end <= day(until) for end in ends)

    @given(histories())
    @LAW
    def test_bots_and_parts_make_no_claims(self, history):
        for claim in found(written(history), history[2]).claims:
            assert claim.reporter != "bot"
            assert claim.kind in {Kind.CHANGE, Kind.COMMIT, Kind.UMBRELLA}

    @given(histories())
    @LAW
    def test_without_looks_nothing_is_repaid(self, history):
        """Dropping trailers leaves every contradiction in force, and some longer than before."""
        commits, looks, files = history
        before = {c.id: c for c in found(written(history), files).claims}
        after = {c.id: c for c in found(written((commits, [], files)), files).claims}
        assert before.keys() == after.keys()
        del looks
        for name, claim in after.items():
            ends = [e for e in claim.evidence if e.against]
            assert not any(e.made_good for e in ends)
            assert len(ends) == sum(e.against for e in before[name].evidence)


class TestTime:
    """`contradictions up to day 90 restate the claim`"""

    @given(st.floats(0.01, 200))
    @LAW
    def test_a_revert_counts_up_to_day_ninety(self, gap):
        told = Told()
        told.commit("fix", 0, closes("#1"))
        told.commit("undo", gap, takes_back("fix"))
        (claim,) = found(told).claims
        assert any(e.against for e in claim.evidence) == (gap <= 90)

    @given(st.lists(st.integers(1, 18), min_size=1, max_size=5))
    @LAW
    def test_reverts_of_reverts_take_turns(self, gaps):
        told = Told()
        told.commit("r0", 0, closes("#1"))
        at = 0
        for number, gap in enumerate(gaps, 1):
            at += gap
            told.commit(f"r{number}", at, takes_back(f"r{number - 1}"))
        claim = found(told).claims[0]
        out = [e for e in claim.evidence if e.against and e.until is None]
        assert len(out) == len(gaps) % 2
