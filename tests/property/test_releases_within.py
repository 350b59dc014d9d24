"""What releases contain is kept as the nearest ones only: all others follow, and a thousand in a row stay few."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.claims.making import Told

from trueup.sources.git.history import nearest


@st.composite
def orders(draw):
    """Tips, and for each of them all earlier ones that it contains."""
    inside: list[set[int]] = []
    for tip in range(draw(st.integers(1, 12))):
        parents = draw(st.sets(st.integers(0, tip - 1))) if tip else set()
        inside.append(parents.union(*(inside[p] for p in parents)))
    return [sorted(found) for found in inside]


@given(orders())
def test_all_that_is_inside_follows_from_the_nearest(inside):
    kept = nearest(inside)
    told = Told()
    for tip, own in enumerate(kept):
        told.release(str(tip), tip, after=tuple(map(str, own)))
    book = told.read()
    for tip, found in enumerate(inside):
        assert book.inside(str(tip)) == {str(tip), *map(str, found)}
        assert not any(a in inside[b] for a in kept[tip] for b in kept[tip])


def test_a_thousand_releases_in_a_row():
    kept = nearest([list(range(n)) for n in range(1000)])
    assert kept == [[], *([n] for n in range(999))]


def test_a_release_that_nobody_knows_contains_nothing():
    assert Told().read().inside("v9") == {"v9"}
