"""Do the 90 % intervals hold the planted truth about nine times in ten?

Every cell of the printed tables (``pytest -s``) must lie within 0.87..0.95. Those that cannot are
listed in the test with their own bounds and the reason; nothing is left out of a table.
Seeds are fixed, so a cell moves only when the code does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom, poisson
from tests.stats.worlds import TEAMS, autoregressive, check, holds, mean_share, share_covered

from trueup.stats.association import lift_interval
from trueup.stats.compare import Comparison, against_own_past
from trueup.stats.concentration import effective_interval, excess_gini, gini
from trueup.stats.intervals import difference_of_shares, median, rate, share
from trueup.stats.ratios import mean_of_weeks, ratio_of_sums, robust_cv
from trueup.stats.survival import kaplan_meier, quantile, survival_at

if TYPE_CHECKING:
    from collections.abc import Callable

# --- exact: every outcome is enumerated, nothing is simulated


def test_share() -> None:
    truths = np.linspace(0.02, 0.98, 193)
    means, worst, every = {}, {}, []
    for n in (5, 8, 10, 13, 20, 50, 100, 200):
        low, high = np.array([(i.low, i.high) for i in (share(k, n) for k in range(n + 1))]).T
        cover = (low <= truths[:, None]) & (truths[:, None] <= high)
        each = (binom.pmf(np.arange(n + 1), n, truths[:, None]) * cover).sum(axis=1)
        means[f"n={n}, mean over p"] = float(each.mean())
        worst[f"n={n}, worst p"] = float(each.min())
        every.append(each)
    check("share (score), exact", means)
    # A count is discrete: no interval covers 0.90 at every p, so what is asked holds on average.
    check("share, worst cells", worst, dict.fromkeys(worst, (0.79, 0.95)))
    check(
        "share, part of all cells below 0.87",
        {"cells": np.mean(np.concatenate(every) < 0.87)},
        {"cells": (0.0, 0.12)},
    )


def test_rate() -> None:
    grid = {"0.5..3": (0.5, 3), "3..10": (3, 10), "10..60": (10, 60)}
    found = [rate(k, 1.0) for k in range(160)]
    means, worst = {}, {}
    for name, (first, last) in grid.items():
        truths = np.linspace(first, last, 101)
        chance = poisson.pmf(np.arange(160), truths[:, None])
        each = (chance * [[holds(i, m) for i in found] for m in truths]).sum(axis=1)
        means[f"mean over {name} events"] = float(each.mean())
        worst[f"worst of {name} events"] = float(each.min())
    check("rate (score), exact", means)
    check("rate, worst cells: a count is discrete", worst, dict.fromkeys(worst, (0.85, 0.95)))


def test_difference_of_shares() -> None:
    cells = {}
    for n1, n2 in ((10, 10), (10, 30), (50, 50)):
        table = [[difference_of_shares(i, n1, j, n2) for j in range(n2 + 1)] for i in range(n1 + 1)]
        for p1, p2 in ((0.5, 0.5), (0.3, 0.7), (0.1, 0.3), (0.05, 0.05)):
            chance = np.outer(binom.pmf(range(n1 + 1), n1, p1), binom.pmf(range(n2 + 1), n2, p2))
            cover = [[holds(cell, p1 - p2) for cell in row] for row in table]
            cells[f"n {n1}/{n2}, p {p1}/{p2}"] = float((chance * cover).sum())
    # With half an event expected on each side nearly every outcome is 0 or 1: it can only over-cover.
    rare = {f"n {n}, p 0.05/0.05": (0.93, 1.0) for n in ("10/10", "10/30", "50/50")}
    check("difference of shares (Newcombe), exact", cells, rare)


# --- simulated


@pytest.mark.parametrize("shape", ["log-normal", "exponential"])
def test_median(shape: str) -> None:
    def draw(rng: np.random.Generator, n: int) -> bool:
        if shape == "log-normal":
            return holds(median(rng.lognormal(0, 1.5, n)), 1.0)
        return holds(median(rng.exponential(1.0, n)), float(np.log(2)))

    cells = {
        f"n={n}": share_covered(lambda r, n=n: draw(r, n), 2000) for n in (5, 6, 8, 13, 20, 50)
    }
    check(f"median of {shape} waits", cells)


RATIO_WORLDS = {
    # items a week, spread and centre of the logit; weeks differ as measured in real series
    "usual": (12, 0.5, 0.0),
    "wide": (20, 0.6, 0.0),
    "few items": (3, 0.5, -1.0),
    "rare": (12, 0.5, -3.0),
    # nearly no binomial noise, so the autocorrelation of the shares is that of the logit
    "strong": (50, 1.0, -1.0),
}


@pytest.mark.parametrize("world", RATIO_WORLDS)
def test_ratio_of_sums(world: str) -> None:
    items, spread, centre = RATIO_WORLDS[world]
    truth = mean_share(centre, spread)

    def draw(rng: np.random.Generator, weeks: int, rho: float) -> bool:
        shares = expit(centre + spread * autoregressive(rng, weeks, rho))
        bottoms = rng.poisson(items, weeks)
        return holds(ratio_of_sums(rng.binomial(bottoms, shares), bottoms), truth)

    cells = {
        f"W={weeks} rho={rho}": share_covered(lambda r, w=weeks, c=rho: draw(r, w, c), 1500)
        for weeks in (13, 26, 52)
        for rho in (0.0, 0.2, 0.4)
    }
    # At a true correlation of 0.4 the variance is 2.3 times that of independent weeks, which 13 weeks
    # cannot tell from 1; real series have 0.02-0.19, so 0.4 is covered less, and said to be.
    bounds = {"wide": (0.84, 0.89), "strong": (0.80, 0.87)}.get(world)
    beyond = {f"W={weeks} rho=0.4": bounds for weeks in (13, 26, 52)} if bounds else None
    check(f"ratio of sums, {world}", cells, beyond)


MEAN_WORLDS: dict[str, tuple[float, Callable[[np.random.Generator, int], np.ndarray]]] = {
    "counts of 5 a week": (5.0, lambda rng, weeks: rng.poisson(5, weeks)),
    "0.3 a week": (0.3, lambda rng, weeks: rng.poisson(0.3, weeks)),
    "log-normal, sd 0.5": (1.0, lambda rng, weeks: rng.lognormal(-0.125, 0.5, weeks)),
    "log-normal, sd 1": (1.0, lambda rng, weeks: rng.lognormal(-0.5, 1, weeks)),
}


def test_mean_of_weeks() -> None:
    cells = {
        f"{name}, W={weeks}": share_covered(
            lambda r, d=draw, w=weeks, t=truth: holds(mean_of_weeks(d(r, w)), t), 1500
        )
        for name, (truth, draw) in MEAN_WORLDS.items()
        for weeks in (6, 13, 52)
    }
    # Strong skew: the week that would raise the mean has mostly not come yet. Two events in all
    # (6 weeks at 0.3) leave few outcomes, and the interval can only over-cover.
    skew = {f"log-normal, sd 1, W={weeks}": (0.84, 0.90) for weeks in (6, 13, 52)}
    check("mean of weeks", cells, skew | {"0.3 a week, W=6": (0.93, 0.97)})


def test_robust_cv() -> None:
    worlds: dict[str, tuple[Callable[[np.random.Generator, int], np.ndarray], float]] = {
        # the median absolute deviation of exp(s z) about 1, solved numerically
        "log-normal, sd 0.3": (lambda r, w: np.exp(0.3 * autoregressive(r, w, 0.0)), 0.2960),
        "log-normal, sd 0.3, rho 0.3": (
            lambda r, w: np.exp(0.3 * autoregressive(r, w, 0.3)),
            0.2960,
        ),
        "log-normal, sd 0.8": (lambda r, w: np.exp(0.8 * autoregressive(r, w, 0.0)), 0.7396),
        "normal": (lambda r, w: 10 + 2 * autoregressive(r, w, 0.0), 0.2000),
        "counts of 5": (lambda r, w: r.poisson(5, w), 1.4826 * 2 / 5),
    }
    cells = {
        f"{name}, W={weeks}": share_covered(
            lambda r, d=draw, w=weeks, t=truth: holds(robust_cv(d(r, w)), t), 1500
        )
        for name, (draw, truth) in worlds.items()
        for weeks in (6, 13, 52)
    }
    # Small counts: the truth itself jumps (the middle half of Poisson(5) ends within a rounding of 2).
    known = {f"counts of 5, W={weeks}": (0.74, 0.87) for weeks in (6, 13, 52)}
    # Six correlated weeks have wandered too little to show how far they can go.
    known["log-normal, sd 0.3, rho 0.3, W=6"] = (0.84, 0.90)
    check("robust coefficient of variation", cells, known)


def test_waiting_times() -> None:
    cells, medians, closed = {}, [], []
    for n in (10, 20, 50, 200):
        rng, hits, at_ten = np.random.default_rng(4), 0, 0
        for _ in range(700):
            waits, watched = 10 * rng.lognormal(0, 1, n), rng.uniform(0, 64, n)
            curve = kaplan_meier(np.minimum(waits, watched), waits <= watched)
            middle = quantile(curve)
            # not reached: the interval is open upwards and only its lower limit could be wrong
            hits += middle is None or (
                middle.low is not None and middle.low <= 10 <= (middle.high or np.inf)
            )
            at_ten += holds(survival_at(curve, 10), 0.5) if curve.last >= 10 else 1
            if n == 200:
                medians.append(middle.value if middle else np.nan)
                closed.append(float(np.median(waits[waits <= watched])))
        cells |= {f"median wait, n={n}": hits / 700, f"share after 10 days, n={n}": at_ten / 700}
    check("Kaplan-Meier, a quarter still open", cells)
    assert np.mean(medians) == pytest.approx(10.0, abs=0.2)
    assert np.mean(closed) == pytest.approx(7.9, abs=0.2)


def test_lift() -> None:
    cells = {}
    for n, pa, pb, truth in (
        (500, 0.05, 0.05, 1), (500, 0.05, 0.05, 4), (500, 0.05, 0.05, 18), (2000, 0.02, 0.02, 20),
        (300, 0.2, 0.3, 2), (300, 0.5, 0.5, 1.2), (2000, 0.01, 0.1, 9),
    ):  # fmt: skip
        both = truth * pa * pb
        drawn = np.random.default_rng(3).multinomial(
            n, [both, pa - both, pb - both, 1 - pa - pb + both], 4000
        )
        k, a, b = drawn[:, 0], drawn[:, 0] + drawn[:, 1], drawn[:, 0] + drawn[:, 2]
        seen = (a > 0) & (b > 0)
        found = lift_interval(k[seen], a[seen], b[seen], n)
        cover = (found.low <= truth) & (truth <= found.high)
        cells[f"n={n} p={pa}/{pb} lift={truth}, {n * both:.0f} joint"] = float(cover.mean())
    check("lift", cells)


@pytest.mark.slow
@pytest.mark.parametrize("events", [20, 60, 200])
def test_concentration(events: int) -> None:
    excess, number, worlds = {}, {}, 500
    for name, chances in TEAMS.items():
        rng, hits, numbers = np.random.default_rng(7), 0, 0
        many = rng.multinomial(events, chances, 6000)
        equal = rng.multinomial(events, np.full(chances.size, 1 / chances.size), 6000)
        planted = np.mean([gini(x) for x in many]) - np.mean([gini(x) for x in equal])
        truth = 0.0 if name == "6 equal" else float(planted)
        # The order in which a processor sums may make it a little more than all there are.
        contributors = min(1 / float(chances @ chances), float(chances.size))
        for world in range(worlds):
            roster = rng.multinomial(events, chances)
            hits += holds(excess_gini(roster, seed=world).interval, truth)
            numbers += holds(effective_interval(roster, seed=world), contributors)
        excess[name], number[name] = hits / worlds, numbers / worlds
    # Equality is the end of the scale: only the other limit can miss, so 0.95 is what is aimed at.
    # Five who never do anything look like five who are about to: one event is added to everyone.
    known = {"6 equal": (0.92, 0.99), "8, five do nothing": (0.91, 0.99)}
    check(f"excess Gini, {events} events", excess, known)
    check(f"effective number of contributors, {events} events", number, known)


def test_comparison_without_change() -> None:
    def alarm(rng: np.random.Generator, before: int, rho: float) -> bool:
        weeks = before + 13
        shares = expit(-1 + 0.5 * autoregressive(rng, weeks, rho))
        bottoms = rng.poisson(12, weeks)
        tops = rng.binomial(bottoms, shares)
        past = ratio_of_sums(tops[:before], bottoms[:before])
        now = ratio_of_sums(tops[before:], bottoms[before:])
        said = against_own_past(now, past, equivalence=0.0)
        return said in (Comparison.HIGHER, Comparison.LOWER)

    cells = {
        f"13 weeks after {before}, rho={rho}": share_covered(
            lambda r, b=before, c=rho: alarm(r, b, c), 1500
        )
        for before in (13, 52)
        for rho in (0.0, 0.2)
    }
    alarms = dict.fromkeys(cells, (0.0, 0.11))
    check("'higher' or 'lower' said although nothing changed", cells, alarms)
