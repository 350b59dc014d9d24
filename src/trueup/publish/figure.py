"""A number as it is shown, and what people found who judged a sample."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its interval, sample sizes, coverage and status (see `kernel.estimate`)."""

    name: str
    version: int
    unit: str
    status: str
    value: float | None
    low: float | None
    high: float | None
    n_people: int | None
    n_events: int
    coverage: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Items of one verdict: how many there are, were looked at, were not done, could not be decided."""

    verdict: str
    size: int
    looked_at: int
    not_done: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What people found who judged a random sample without our verdict.

    Attributes:
        population: items the sample stands for.
        drawn: items of the sample, of which ``answered`` have an answer; ``undecided`` count those looked at
            of which it is not known.
        current: it was drawn from this very result, not from an earlier one.
        share: of the population, what is not really done.
        by_verdict: the same, verdict by verdict as they were when it was drawn.
        kappa: agreement of two raters beyond chance on ``both`` items.
        text: the same in words.
    """

    number: int
    drawn_on: str
    seed: int
    population: int
    drawn: int
    answered: int
    undecided: int
    current: bool
    share: Figure
    by_verdict: tuple[AuditRow, ...]
    kappa: float | None
    both: int
    disagreed: int
    text: str
