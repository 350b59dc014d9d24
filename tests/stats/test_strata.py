"""A share of a population from samples of its strata: unbiased, and its interval covers as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.claims.audit import allocate
from trueup.claims.model import Verdict
from trueup.stats.agreement import kappa
from trueup.stats.strata import Stratum, share_of_strata

ROUNDS = 2000
laws = settings(deadline=None, max_examples=60)


@st.composite
def strata(draw):
    size = draw(st.integers(1, 500))
    sampled = draw(st.integers(1, size))
    having = draw(st.integers(0, sampled))
    return Stratum(size, sampled, having, draw(st.integers(0, min(sampled - having, sampled - 1))))


many = st.lists(strata(), min_size=1, max_size=6)


@laws
@given(many)
def test_limits_stay_within_what_can_be(found):
    told = share_of_strata(found)
    assert told is not None
    assert 0 <= told.low <= told.value <= told.high <= 1


@laws
@given(many, st.randoms())
def test_the_order_of_strata_does_not_matter(found, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    one, other = share_of_strata(found), share_of_strata(mixed)
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


@laws
@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 1)), min_size=1, max_size=5))
def test_who_looks_at_everything_knows_it(told):
    whole = [Stratum(size, size, round(size * share)) for size, share in told]
    truth = sum(s.having for s in whole) / sum(s.size for s in whole)
    found = share_of_strata(whole)
    assert (found.low, found.high) == pytest.approx((truth, truth))


@laws
@given(many)
def test_what_nobody_could_decide_may_all_be_so_or_not(found):
    told, size = share_of_strata(found), sum(s.size for s in found)
    least = sum(s.size * s.having / s.sampled for s in found) / size
    most = sum(s.size * (s.having + s.undecided) / s.sampled for s in found) / size
    assert told.low <= least + 1e-9
    assert told.high >= most - 1e-9


def test_a_stratum_nobody_looked_at_leaves_the_share_unknown():
    assert share_of_strata([Stratum(10, 5, 0), Stratum(3, 0, 0)]) is None
    assert share_of_strata([Stratum(10, 5, 0), Stratum(3, 2, 0, 2)]) is None
    with pytest.raises(ValueError, match="nothing"):
        share_of_strata([])
    with pytest.raises(ValueError, match="cannot be"):
        Stratum(3, 4, 0)


WORLDS = {
    "healthy": ((600, 0.02), (250, 0.06), (15, 0.95), (40, 0.4), (95, 0.1)),
    "hardly seen": ((50, 0.05), (300, 0.15), (18, 0.9), (102, 0.6), (500, 0.3)),
    "in trouble": ((100, 0.1), (200, 0.3), (60, 0.95), (240, 0.7), (100, 0.5)),
    "small": ((8, 0.0), (50, 0.1), (2, 1.0), (10, 0.5), (13, 0.3)),
    "git alone": ((300, 0.01), (200, 0.1)),
    "hardly any": ((3, 0.0), (145, 1 / 145)),
}
ORDER = (
    Verdict.VERIFIED,
    Verdict.PARTIAL,
    Verdict.CONTRADICTED,
    Verdict.UNVERIFIED,
    Verdict.NOT_ASSESSABLE,
)


@pytest.mark.parametrize("size", [20, 40, 80])
@pytest.mark.parametrize("world", WORLDS)
def test_unbiased_and_covering_on_planted_truth(world, size):
    """`audit estimator unbiased, coverage 85-95 % at nominal 90`; where nearly all is judged it may be more."""
    planted = {v: (n, round(n * p)) for v, (n, p) in zip(ORDER, WORLDS[world], strict=False)}
    sizes = {v: n for v, (n, _) in planted.items()}
    truth = _truth(planted)
    found = _audited(planted, size, ROUNDS, np.random.default_rng(11))
    values = np.array([f.value for f in found])
    covered = _covered(found, truth)
    width = np.mean([f.width for f in found])
    print(
        f"{world}, {size}: truth {truth:.3f}, mean {values.mean():.3f}, covers {covered:.3f}, width {width:.3f}"
    )
    assert abs(values.mean() - truth) < 4 * values.std() / ROUNDS**0.5 + 1e-9
    assert covered >= 0.85
    rare = truth * size < 2 or size > 0.9 * sum(sizes.values())
    assert covered <= 0.95 or rare, "where there is next to nothing to find it covers more"


def test_it_covers_in_worlds_that_nobody_chose():
    """Most verdicts mostly right, contradictions mostly right, the rest anything; sizes from 5 to 2,000."""
    chance = np.random.default_rng(7)
    covers = []
    for number in range(90):
        shares = [chance.beta(*ab) for ab in ((0.3, 3), (0.5, 3), (4, 0.6), (1, 1), (1, 2))]
        sizes = np.exp(chance.uniform(np.log(5), np.log(2000), len(ORDER))).astype(int).tolist()
        told = zip(ORDER, sizes, shares, strict=True)
        planted = {v: (n, round(n * p)) for v, n, p in told}
        size = min((20, 40, 80)[number % 3], sum(sizes) // 2)
        covers.append(_covered(_audited(planted, size, 400, chance), _truth(planted)))
    inside = np.mean([0.85 <= c <= 0.95 for c in covers])
    print(f"mean {np.mean(covers):.3f}, least {min(covers):.3f}, in .85 to .95 {inside:.2f}")
    assert 0.90 <= np.mean(covers) <= 0.94
    assert np.mean([c < 0.85 for c in covers]) <= 0.05
    assert min(covers) >= 0.80
    assert inside >= 0.75


def _truth(planted):
    return sum(bad for _, bad in planted.values()) / sum(n for n, _ in planted.values())


def _audited(planted, size, rounds, chance):
    """What samples of so many tell, each answered by what was planted."""
    given = allocate({v: n for v, (n, _) in planted.items()}, size)
    return [
        share_of_strata(
            [
                Stratum(n, given[v], int(chance.hypergeometric(bad, n - bad, given[v])))
                for v, (n, bad) in planted.items()
            ]
        )
        for _ in range(rounds)
    ]


def _covered(found, truth):
    return float(np.mean([f.low - 1e-9 <= truth <= f.high + 1e-9 for f in found]))


@pytest.mark.parametrize("torn", [0.3, 0.8])
@pytest.mark.parametrize("world", WORLDS)
def test_it_covers_whatever_cannot_be_decided(world, torn):
    """So many of those that are not done, and none of the others, nobody can tell."""
    planted = {v: (n, round(n * p)) for v, (n, p) in zip(ORDER, WORLDS[world], strict=False)}
    truth = _truth(planted)
    given = allocate({v: n for v, (n, _) in planted.items()}, 40)
    chance = np.random.default_rng(12)
    covered = 0
    for _ in range(500):
        found = []
        for v, (n, bad) in planted.items():
            met = int(chance.hypergeometric(bad, n - bad, given[v]))
            open_ = int(chance.binomial(met, torn))
            found.append(Stratum(n, given[v], met - open_, open_))
        told = share_of_strata(found)
        covered += told is None or told.low - 1e-9 <= truth <= told.high + 1e-9
    assert covered >= 0.87 * 500


@laws
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=40))
def test_agreement_is_at_most_whole_and_does_not_know_who_is_first(pairs):
    found, swapped = kappa(pairs), kappa([(b, a) for a, b in pairs])
    assert found == swapped or found == pytest.approx(swapped)
    assert found is None or -1 <= found <= 1
    assert (found == 1) == (found is not None and all(a == b for a, b in pairs))


def test_kappa_of_the_paper():
    """The worked table of [Cohen1960]: they agree on 0.70 of 200 items, by chance they would on 0.41."""
    counts = {("a", "a"): 88, ("a", "b"): 14, ("a", "c"): 18, ("b", "a"): 10, ("b", "b"): 40,
              ("b", "c"): 10, ("c", "a"): 2, ("c", "b"): 6, ("c", "c"): 12}  # fmt: skip
    pairs = [pair for pair, n in counts.items() for _ in range(n)]
    assert kappa(pairs) == pytest.approx(0.492, abs=0.001)
