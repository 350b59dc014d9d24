"""Slow degradation: found where planted, and within its budget of false alarms where nothing changes.

`real_months.csv` holds what eight public repositories reported done in each of their last months, and
how much of it was verified 30 days later, by git alone: the spread and the memory of real months.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.special import betaincinv, ndtr
from tests.claims.making import NO_HABITS, POLICY, claim, day, inspected, present, reverted

from trueup.claims.degradation import (
    BOUND,
    BUDGET,
    FLAT,
    LEAST_ITEMS,
    LEAST_MONTHS,
    REFERENCE,
    WATCHED,
    Cohort,
    Sign,
    cohorts,
    degradations,
    shortfall,
    watch,
)
from trueup.claims.model import Kind
from trueup.kernel.clock import months_back

SPAN = REFERENCE + WATCHED
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Items a month, the share that is verified, how far it wanders, and how much of that stays."""

    made: float
    share: float
    together: float = 0.0
    memory: float = 0.0

    def months(self, chance, series, months, *, fall=0.0, begin=0):
        """Series of months; from ``begin`` on the share falls in even steps over a year."""
        made = chance.poisson(chance.gamma(4, self.made / 4, size=(series, months)))
        state = chance.normal(size=series)
        wander = np.empty((series, months))
        for month in range(months):
            fresh = np.sqrt(1 - self.memory**2) * chance.normal(size=series)
            state = self.memory * state + fresh
            wander[:, month] = state
        share = self.share - np.clip((np.arange(months) - begin + 1) / 12, 0, 1) * fall
        if self.together:
            k = 1 / self.together - 1
            cells = np.clip(ndtr(wander), 1e-9, 1 - 1e-9)
            return made, chance.binomial(made, betaincinv(share * k, (1 - share) * k, cells))
        return made, chance.binomial(made, np.broadcast_to(share, made.shape))


def looks(made, verified):
    """Whether the alarm is on at each month from the 36th on; the last axis is months."""
    found = []
    for end in range(SPAN, made.shape[-1] + 1):
        n, k = made[..., end - SPAN : end], verified[..., end - SPAN : end]
        before = n[..., :REFERENCE]
        enough = (before.sum(-1) >= LEAST_ITEMS) & ((before > 0).sum(-1) >= LEAST_MONTHS)
        flat = n[..., REFERENCE:].sum(-1) * REFERENCE >= FLAT * WATCHED * before.sum(-1)
        found.append(enough & flat & (shortfall(n, k)[..., -1] > BOUND))
    return np.stack(found, axis=-1)


def begun(alarms):
    """How many alarms began, and in how many years of series."""
    fresh = alarms[..., 1:] & ~alarms[..., :-1]
    return int(fresh.sum() + alarms[..., 0].sum()), alarms.size / 12


def real_months():
    told = defaultdict(list)
    with (Path(__file__).parent / "real_months.csv").open() as stream:
        for row in csv.DictReader(stream):
            told[row["repository"]].append((int(row["made"]), int(row["verified"])))
    return {name: np.array(rows).T for name, rows in told.items()}


def series(made, verified):
    """Cohorts of so many months before `UNTIL`."""
    starts = [months_back(UNTIL, len(made) - i) for i in range(len(made))]
    return [Cohort(*one) for one in zip(starts, made, verified, strict=True)]


class TestBudget:
    """`at most once in 20 years of a repository`"""

    def test_nothing_changes(self):
        chance = np.random.default_rng(11)
        rates = {}
        for world in product((4, 12, 40, 200), (0.2, 0.5, 0.9), (0, 0.05, 0.1), (0, 0.5)):
            n, years = begun(looks(*World(*world).months(chance, 200, 72)))
            rates[world] = n / years
            # Two standard errors of a rate at the budget, over so many years.
            assert n / years <= BUDGET + 2 * np.sqrt(BUDGET / years), world
        worst = max(rates, key=lambda w: rates[w])
        print(f"\nfalse alarms a year: mean {np.mean(list(rates.values())):.4f} over {len(rates)} "
              f"worlds, worst {rates[worst]:.3f} at {worst}")  # fmt: skip

    @pytest.mark.parametrize("block", [1, 3])
    def test_months_of_public_repositories_in_another_order(self, block):
        """Placebo: what changed over the years is shuffled away, spread and short memory stay."""
        chance, total, all_years = np.random.default_rng(12), 0, 0.0
        for name, (made, verified) in real_months().items():
            whole = len(made) // block
            order = [
                np.concatenate([np.arange(i * block, (i + 1) * block) for i in told])
                for told in (chance.permutation(whole) for _ in range(60))
            ]
            n, years = begun(looks(made[np.array(order)], verified[np.array(order)]))
            print(f"\n  {name}, blocks of {block}: {n / years:.3f} a year", end="")
            total, all_years = total + n, all_years + years
        print(f"\n  all: {total / all_years:.4f} a year, budget {BUDGET}")
        assert total / all_years <= BUDGET


class TestPower:
    def test_a_fall_over_a_year(self):
        worlds = {
            "12 a month, chance alone": World(12, 0.6),
            "40 a month, as even as real ones get": World(40, 0.6, 0.02, 0.3),
            "40 a month, as real ones": World(40, 0.6, 0.05, 0.3),
            "200 a month, as even as real ones get": World(200, 0.6, 0.02, 0.3),
        }
        found = {}
        for name, world in worlds.items():
            for fall in (0.1, 0.2, 0.3):
                made = world.months(
                    np.random.default_rng(13), 300, SPAN + 12, fall=fall, begin=SPAN
                )
                found[name, fall] = float(looks(*made).any(-1).mean())
        for name in worlds:
            shown = ", ".join(f"{fall:.0%}: {found[name, fall]:.0%}" for fall in (0.1, 0.2, 0.3))
            print(f"\n  told within the year in which the share falls by {shown} ({name})", end="")
        for name in worlds:
            assert found[name, 0.1] <= found[name, 0.2] <= found[name, 0.3]
        assert found["200 a month, as even as real ones get", 0.3] >= 0.8
        assert found["40 a month, as even as real ones get", 0.3] >= 0.4


class TestSign:
    STEADY = ([40] * SPAN, [24, 26, 22, 25] * (SPAN // 4))

    def test_steady(self):
        found = watch("acme/x", series(*self.STEADY))
        assert (found.sign, found.since) == (Sign.NONE, None)
        assert (found.made_before, found.made_now, found.activity) == (960, 480, 1.0)

    def test_the_share_falls_and_activity_does_not(self):
        made, verified = self.STEADY
        falling = [*verified[:-6], 18, 15, 12, 10, 8, 6]
        found = watch("acme/x", series(made, falling))
        assert found.sign is Sign.FALLS
        assert found.sum > BOUND
        assert (found.since, found.made_now, found.verified_now) == (
            datetime(2026, 5, 1, tzinfo=UTC),
            240,
            69,
        )

    def test_activity_falls_too(self):
        made, verified = self.STEADY
        found = watch(
            "acme/x", series(made[:-12] + [20] * 12, verified[:-12] + [10, 9, 8, 7] + [2] * 8)
        )
        assert found.sign is Sign.FALLS_WITH_ACTIVITY
        assert found.activity == 0.5

    def test_a_rise_is_no_fall(self):
        made, verified = self.STEADY
        found = watch("acme/x", series(made, verified[:-12] + [38] * 12))
        assert (found.sign, found.sum) == (Sign.NONE, 0.0)

    @pytest.mark.parametrize(
        ("made", "reason"),
        [([5] * (SPAN - 1), "35 months"), ([2] * SPAN, "48 items"), ([0, 9] * (SPAN // 2), "108")],
    )
    def test_too_little(self, made, reason):
        found = watch("acme/x", series(made, [0] * len(made)))
        assert found.sign is Sign.TOO_LITTLE
        assert reason in found.reason

    def test_only_the_newest_months_count(self):
        made, verified = self.STEADY
        longer = series([3, *made], [0, *verified])
        assert watch("acme/x", longer) == watch("acme/x", series(made, verified))

    def test_nothing_and_everything_verified(self):
        for verified in (0, 40):
            path = shortfall([40] * SPAN, [verified] * SPAN)
            assert path.tolist() == [0.0] * WATCHED


class TestCohorts:
    """`compared at equal age, and months too young for that are left out`"""

    def test_months_from_the_first_claim_to_the_last_mature_one(self):
        claims = [
            claim(1, present(1), inspected(1), key="verified"),
            claim(2, present(2), key="partial"),
            claim(3, present(3), inspected(3), reverted(20), key="reverted"),
            claim(4, present(4), inspected(4), reverted(60), key="reverted when it was older"),
            claim(70, present(70), inspected(70), key="in May, which is not mature on 20 June"),
        ]
        found = cohorts(claims, day(110), POLICY, NO_HABITS)["acme/x"]
        assert [(f"{c.month:%Y-%m}", c.made, c.verified) for c in found] == [
            ("2026-03", 4, 2),
            ("2026-04", 0, 0),
        ]

    def test_entries_of_release_notes_are_left_out(self):
        assert cohorts([claim(0, kind=Kind.RELEASE_NOTE)], day(400), POLICY, NO_HABITS) == {}

    def test_each_repository_by_itself(self):
        one, other = claim(0), claim(0)
        other.repo = "acme/y"
        found = degradations([one, other], day(100), POLICY, NO_HABITS)
        assert [(d.repo, d.sign) for d in found] == [
            ("acme/x", Sign.TOO_LITTLE),
            ("acme/y", Sign.TOO_LITTLE),
        ]
