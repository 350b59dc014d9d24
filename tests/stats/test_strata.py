"""A share of a population from samples of its strata: unbiased, and its interval covers as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.claims.audit import allocate
from trueup.claims.model import Verdict
from trueup.stats.agreement import kappa
from trueup.stats.strata import Stratum, share_of_strata

ROUNDS = 2000


@st.composite
def strata(draw):
    size = draw(st.integers(1, 500))
    sampled = draw(st.integers(1, size))
    having = draw(st.integers(0, sampled))
    return Stratum(size, sampled, having, draw(st.integers(0, min(sampled - having, sampled - 1))))


many = st.lists(strata(), min_size=1, max_size=6)


@given(many)
def test_limits_stay_within_what_can_be(found):
    told = share_of_strata(found)
    assert told is not None
    assert 0 <= told.low <= told.value <= told.high <= 1


@given(many, st.randoms())
def test_the_order_of_strata_does_not_matter(found, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    one, other = share_of_strata(found), share_of_strata(mixed)
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 1)), min_size=1, max_size=5))
def test_who_looks_at_everything_knows_it(told):
    whole = [Stratum(size, size, round(size * share)) for size, share in told]
    truth = sum(s.having for s in whole) / sum(s.size for s in whole)
    found = share_of_strata(whole)
    assert (found.low, found.high) == pytest.approx((truth, truth))


@given(strata(), many)
def test_what_nobody_could_decide_widens_it(one, others):
    plain = Stratum(one.size, one.sampled, one.having)
    torn = Stratum(one.size, one.sampled, one.having, one.undecided)
    surely, hardly = share_of_strata([plain, *others]), share_of_strata([torn, *others])
    if one.undecided:
        assert hardly.high > surely.low
        assert hardly.high >= surely.high - 1e-12 or hardly.low <= surely.low


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
    planted = {v: (n, round(n * p)) for v, (n, p) in zip(ORDER, WORLDS[world], strict=True)}
    sizes = {v: n for v, (n, _) in planted.items()}
    truth = sum(bad for _, bad in planted.values()) / sum(sizes.values())
    given = allocate(sizes, size)
    chance = np.random.default_rng(11)
    found = [
        share_of_strata(
            [
                Stratum(n, given[v], int(chance.hypergeometric(bad, n - bad, given[v])))
                for v, (n, bad) in planted.items()
            ]
        )
        for _ in range(ROUNDS)
    ]
    values = np.array([f.value for f in found])
    covered = np.mean([f.low - 1e-9 <= truth <= f.high + 1e-9 for f in found])
    width = np.mean([f.width for f in found])
    print(
        f"{world}, {size}: truth {truth:.3f}, mean {values.mean():.3f}, covers {covered:.3f}, width {width:.3f}"
    )
    assert abs(values.mean() - truth) < 4 * values.std() / ROUNDS**0.5 + 1e-9
    assert covered >= 0.85
    assert covered <= 0.95 or size > 0.9 * sum(sizes.values())


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
