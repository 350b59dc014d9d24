"""What is known of a claim on the day it is made, as numbers; nothing that came after.

The base rate stands beside: what share of claims like it was contradicted, by what was known then.
Rates of a person or a place are told as ``(observed + 1) / (expected + 1)``: contradictions of past
claims against what the base rate expected of them, drawn to 1 by one expected contradiction.
Choices: docs/decisions/2026-11-22-claim-risk.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trueup.claims.risk.past import DAY, Past

if TYPE_CHECKING:
    from trueup.claims.risk.history import History
    from trueup.claims.risk.past import Floats, Ints

#: What the size-only model knows.
SIZE = ("lines", "lines_unknown", "files")
#: Days in which edits make a file hot, and in which fixes and claims count.
HOT, YEAR = 90 * DAY, 365 * DAY
#: Believed before anything was seen, and how many claims that weighs: one contradiction in fifty.
PRIOR_RATE, FEW = 0.02, 50
#: How many claims the rate of all years, and that of all repositories, weighs against a nearer one.
MANY = 300


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Columns by name, one entry per claim, and the base rate of each claim."""

    columns: dict[str, Floats]
    base: Floats

    def matrix(self, names: tuple[str, ...] = ()) -> Floats:
        """Some columns or all, one row per claim."""
        return np.column_stack([self.columns[n] for n in names or self.columns])


def features(history: History) -> Features:
    """All that was known of each claim on its day."""
    base = base_rate(history)
    columns = _size(history) | _author(history, base) | _place(history, base) | _files(history)
    columns["reviewed"] = history.reviewed.astype(np.float64)
    return Features(columns, base)


def base_rate(history: History) -> Floats:
    """The rolling share of contradicted claims, by what had matured before each.

    Of the same repository and with or without a ticket, over a year; drawn to the share of all years,
    and that to the share everywhere: an empirical Bayes estimate in three steps.
    """
    everywhere = np.zeros_like(history.stratum)
    rate = np.full(len(history.ids), PRIOR_RATE)
    own = history.stratum
    for group, window, prior in ((everywhere, None, FEW), (own, None, MANY), (own, YEAR, MANY)):
        n, broken = _matured(history, group, window)
        rate = (broken + prior * rate) / (n + prior)
    return rate


def _matured(history: History, group: Ints, window: int | None) -> tuple[Floats, Floats]:
    """How many claims of its group had matured before each claim, and were contradicted."""
    known = history.matured
    when = history.at[known] + history.embargo
    ones = np.ones(len(when))
    broken = history.contradicted[known].astype(np.float64)
    totals = (Past(group[known], when, weight) for weight in (ones, broken))
    n, k = (past.total(group, history.at, window=window) for past in totals)
    return n, k


def _size(history: History) -> dict[str, Floats]:
    """How much, over how many files and folders, how evenly, and with tests."""
    claim, lines = history.part_claim, history.part_lines
    counted = np.maximum(lines, 0).astype(np.float64)
    total, files = _sum(history, counted), _sum(history, np.ones(len(claim)))
    unknown = _sum(history, (lines >= 0).astype(np.float64)) == 0
    folders = np.unique(np.column_stack([claim, history.part_folder]), axis=0)[:, 0]
    return {
        "lines": np.log1p(total),
        "lines_unknown": unknown.astype(np.float64),
        "files": np.log(files),
        "folders": np.log(np.bincount(folders, minlength=len(total)).astype(np.float64)),
        "entropy": _entropy(history, counted, total),
        "tests": (_sum(history, history.part_test.astype(np.float64)) > 0).astype(np.float64),
    }


def _entropy(history: History, counted: Floats, total: Floats) -> Floats:
    """Entropy in nats of the lines over the files [Hassan2009]."""
    # By size, so that rounding is the same in whatever order the files stand.
    order = np.lexsort((counted, history.part_claim))
    claim = history.part_claim[order]
    share = counted[order] / np.maximum(total[claim], 1.0)
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    found: Floats = np.bincount(claim, -share * logs, minlength=len(total)).astype(np.float64)
    return found


def _author(history: History, base: Floats) -> dict[str, Floats]:
    """How much the author had claimed, and how it went."""
    made = Past(history.author, history.at, np.ones(len(history.ids)))
    known = history.matured
    when, who = history.at[known] + history.embargo, history.author[known]
    broken = history.contradicted[known].astype(np.float64)
    observed, expected = (
        Past(who, when, weight).total(history.author, history.at)
        for weight in (broken, base[known])
    )
    return {
        "author_claims": np.log1p(made.total(history.author, history.at)),
        "author_rate": np.log((observed + 1) / (expected + 1)),
    }


def _place(history: History, base: Floats) -> dict[str, Floats]:
    """How claims went in the folders it touches, on the average of these."""
    pairs = np.unique(np.column_stack([history.part_claim, history.part_folder]), axis=0)
    claim, folder = pairs[:, 0], pairs[:, 1]
    known = history.matured[claim]
    when, where = history.at[claim[known]] + history.embargo, folder[known]
    n = len(history.ids)
    folders = np.bincount(claim, minlength=n)

    def mean(weight: Floats) -> Floats:
        past = Past(where, when, weight[claim[known]]).total(folder, history.at[claim])
        return np.bincount(claim, past, minlength=n) / folders

    observed, expected = mean(history.contradicted.astype(np.float64)), mean(base)
    return {"place_rate": np.log((observed + 1) / (expected + 1))}


def _files(history: History) -> dict[str, Floats]:
    """How often its files changed of late, and how often to mend something, per file."""
    path, at = history.part_path, history.at[history.part_claim]
    files = _sum(history, np.ones(len(path)))
    every = np.ones(len(history.edit_at))
    mends = history.edit_mends.astype(np.float64)
    hot = Past(history.edit_path, history.edit_at, every).total(path, at, window=HOT)
    fixed = Past(history.edit_path, history.edit_at, mends).total(path, at, window=YEAR)
    return {
        "hotness": np.log1p(_sum(history, hot) / files),
        "past_fixes": np.log1p(_sum(history, fixed) / files),
    }


def _sum(history: History, weight: Floats) -> Floats:
    """What the files of each claim add up to."""
    n = len(history.ids)
    found: Floats = np.bincount(history.part_claim, weight, minlength=n).astype(np.float64)
    return found
