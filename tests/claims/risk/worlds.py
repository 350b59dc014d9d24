"""Histories with planted truth: how probable a contradiction is, and what it depends on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trueup.claims.risk.history import NEVER, History
from trueup.claims.risk.past import DAY

FIRST = 1_451_606_400  # 1 January 2016
EMBARGO = 90 * DAY


def world(
    seed: int,
    *,
    claims: int = 6000,
    days: int = 2000,
    rate: float = 0.05,
    size: float = 0.0,
    person: float = 0.0,
    place: float = 0.0,
) -> History:
    """Claims at even distances.

    Args:
        seed: of all that is drawn.
        claims, days: how many, over how long.
        rate: odds of a contradiction where nothing else matters.
        size, person, place: how much the logit moves with one standard deviation of the log of the
            lines, of people, of folders.
    """
    rng = np.random.default_rng(seed)
    at = FIRST + np.linspace(0, days * DAY, claims).astype(np.int64)
    author, folder = rng.integers(0, 40, claims), rng.integers(0, 60, claims)
    lines, people, places = (rng.standard_normal(n) for n in (claims, 40, 60))
    logit = np.log(rate) + size * lines + person * people[author] + place * places[folder]
    broken = rng.random(claims) < 1 / (1 + np.exp(-logit))
    later = at + rng.integers(DAY, EMBARGO, claims)
    files = rng.integers(1, 4, claims)
    claim = np.repeat(np.arange(claims), files)
    path = folder[claim] * 10 + rng.integers(0, 10, len(claim))
    end = int(at[-1])
    return History(
        ids=tuple(f"C-{n:06}" for n in range(claims)),
        at=at,
        stratum=rng.integers(0, 2, claims),
        author=author,
        reviewed=rng.random(claims) < 0.5,
        broken_at=np.where(broken & (later <= end), later, NEVER),
        seen_until=np.full(claims, end),
        part_claim=claim,
        part_path=path,
        part_folder=folder[claim],
        part_lines=(np.exp(4 + 1.2 * lines)[claim] / files[claim]).astype(np.int64),
        part_test=rng.random(len(claim)) < 0.3,
        edit_path=path,
        edit_at=at[claim],
        edit_mends=rng.random(len(claim)) < 0.4,
        embargo=EMBARGO,
    )


def noise(seed: int, **known) -> History:
    """Nothing matters."""
    return world(seed, **known)


def telling(seed: int, **known) -> History:
    """Size matters, and so do people and places."""
    return world(seed, rate=0.03, size=0.7, person=0.8, place=0.8, **known)


def shuffled(history: History, seed: int) -> History:
    """The same claims, contradicted in another order."""
    delay = np.where(history.broken_at < NEVER, history.broken_at - history.at, NEVER)
    drawn = np.random.default_rng(seed).permutation(delay)
    later = np.where(drawn < NEVER, history.at + drawn, NEVER)
    return replace(history, broken_at=np.where(later <= history.seen_until, later, NEVER))
