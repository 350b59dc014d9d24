"""Chance that is the same everywhere and has the shape it says."""

from datetime import timedelta

import pytest

from trueup.simulate.dice import Dice, running, skewed


@pytest.fixture
def dice() -> Dice:
    return Dice(3, "test")


def test_the_first_draws_are_the_same_on_every_machine() -> None:
    dice = Dice(1, "pinned")
    assert [dice.below(1000) for _ in range(5)] == [283, 536, 209, 186, 240]


def test_children_do_not_disturb_their_parent() -> None:
    one, other = Dice(1, "a"), Dice(1, "a")
    one.child("b").unit()
    assert one.unit() == other.unit()
    assert Dice(1, "a").child("b").unit() == Dice(1, "a/b").unit()
    assert Dice(2, "a").unit() != Dice(1, "a").unit() != Dice(1, "b").unit()


def test_means(dice: Dice) -> None:
    tries = 4000
    assert sum(dice.poisson(3.5) for _ in range(tries)) / tries == pytest.approx(3.5, abs=0.15)
    assert sum(dice.geometric(4.0) for _ in range(tries)) / tries == pytest.approx(4.0, abs=0.25)
    assert sum(dice.chance(0.2) for _ in range(tries)) / tries == pytest.approx(0.2, abs=0.03)
    assert sum(dice.hits(10, 0.3) for _ in range(400)) / 400 == pytest.approx(3, abs=0.3)


def test_bounds(dice: Dice) -> None:
    day = timedelta(days=1)
    for _ in range(300):
        assert 2 <= dice.whole(2, 4) <= 4
        assert 1.0 <= dice.between(1.0, 2.0) < 2.0
        assert day <= dice.span(day, 2 * day) < 2 * day
        assert dice.geometric(0.5) == 1
        assert dice.choice("abc") in "abc"
    assert dice.poisson(0.0) == 0


def test_shuffling_keeps_everything(dice: Dice) -> None:
    deck = list(range(20))
    assert sorted(dice.shuffled(deck)) == deck != dice.shuffled(deck)


def test_picking_follows_the_weights(dice: Dice) -> None:
    totals = running((1.0, 0.0, 3.0))
    seen = [dice.pick(totals) for _ in range(2000)]
    assert seen.count(1) == 0
    assert seen.count(2) / len(seen) == pytest.approx(0.75, abs=0.04)


@pytest.mark.parametrize("skew", [0.0, 0.6, 3.0])
def test_skewed_shares_fall_and_sum_to_one(skew: float) -> None:
    shares = skewed(7, skew)
    assert sum(shares) == pytest.approx(1.0, abs=1e-5)
    assert list(shares) == sorted(shares, reverse=True)
