"""The risk of claims: the base rate always, probabilities of single claims where they are worth it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from trueup.claims.risk.features import SIZE, YEAR, features
from trueup.claims.risk.gates import WHY, Gate, gates
from trueup.claims.risk.history import read_history
from trueup.claims.risk.leaks import future_columns
from trueup.claims.risk.logistic import months_of, out_of_time
from trueup.claims.risk.past import DAY
from trueup.claims.risk.scores import score
from trueup.stats.intervals import share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trueup.claims.assess import Assessment
    from trueup.claims.book import Book
    from trueup.claims.risk.features import Features
    from trueup.claims.risk.history import History
    from trueup.claims.risk.past import Floats
    from trueup.claims.risk.scores import Score
    from trueup.facts.engine import Facts
    from trueup.stats.intervals import Interval


class Speaks(StrEnum):
    """What may be said of a single claim."""

    MODEL = "model"  # its own probability
    BASE_RATE = "base rate"  # what is true of all of them
    NOTHING = "nothing"  # no claim is old enough to tell


@dataclass(frozen=True, slots=True)
class Risk:
    """How probable it is that a claim is contradicted within the days in which it can be.

    Attributes:
        speaks: whether single claims have a probability of their own.
        days: in which a claim can be contradicted.
        rate: share of contradicted claims among those that matured in the last year, or in all years
            where none did then; nothing when no claim has matured.
        score: how the model did out of time; nothing when it could not be tried.
        gates: what must hold, and whether it does.
        judged: first claims that were looked at.
        left_out: other claims: not landed, without a known file, of release notes or umbrellas, or not
            the first to name a ticket.
        probabilities: of claims that can still be contradicted, by id, as on the day of the claim;
            empty unless all gates hold.
    """

    speaks: Speaks
    days: int
    rate: Interval | None
    score: Score | None
    gates: tuple[Gate, ...]
    judged: int
    left_out: int
    probabilities: Mapping[str, float] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What may be said, in words that need no glossary."""
        if self.rate is None:
            return f"No item is {self.days} days old: nothing can be said of how items fare."
        value, low, high = (100 * n for n in (self.rate.value, self.rate.low, self.rate.high))
        rate = f"{value:.1f} % of items ({low:.1f} to {high:.1f} %) are contradicted within {self.days} days"
        if self.speaks is Speaks.MODEL:
            return f"{rate}; which ones is foretold better than by that rate or by size."
        why = next(WHY[gate.name] for gate in self.gates if not gate.holds)
        return f"No better than the base rate: {rate}; single items cannot be told apart: {why}."


def claim_risk(facts: Facts, books: Mapping[str, Book], assessment: Assessment) -> Risk:
    """The risk of the claims of an assessment; needs the kept table `touches`."""
    return risk_of(read_history(facts, books, assessment))


def risk_of(history: History, build: Callable[[History], Features] = features) -> Risk:
    """The risk of the claims of a history.

    Args:
        history: what is known.
        build: makes the columns to learn from; they are checked for knowledge of the future.
    """
    rate, days = _rate(history), history.embargo // DAY
    if rate is None:
        return Risk(Speaks.NOTHING, days, None, None, (), len(history.ids), history.left_out)
    found = build(history)
    model = out_of_time(found.matrix(), found.base, history)
    told = _score(history, found, model)
    conditions = gates(told, future_columns(history, build))
    holds = all(g.holds for g in conditions)
    return Risk(
        Speaks.MODEL if holds else Speaks.BASE_RATE,
        days,
        rate,
        told,
        conditions,
        len(history.ids),
        history.left_out,
        _open(history, model) if holds else {},
    )


def _score(history: History, found: Features, model: Floats) -> Score | None:
    """How the model did on claims that have matured since."""
    tried = history.matured & ~np.isnan(model)
    if not tried.any():
        return None
    size_only = out_of_time(found.matrix(SIZE), found.base, history)
    return score(
        history.contradicted[tried],
        months_of(history.at[tried]),
        model=model[tried],
        size_only=size_only[tried],
        base=found.base[tried],
    )


def _rate(history: History) -> Interval | None:
    known = history.matured
    recent = known & (history.at + history.embargo > history.seen_until - YEAR)
    for which in (recent, known):
        if which.any():
            return share(int(np.count_nonzero(history.contradicted[which])), int(which.sum()))
    return None


def _open(history: History, model: Floats) -> dict[str, float]:
    waiting = ~history.matured & (history.broken_at > history.seen_until)
    return {history.ids[i]: float(model[i]) for i in np.flatnonzero(waiting & ~np.isnan(model))}
