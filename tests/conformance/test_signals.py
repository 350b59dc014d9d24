"""Laws that every signal meets, run over the registry.

Each signal brings `usual()` (rows of one scope that give a number) and, where it has a direction,
`worse()` in its own `tests/signals/test_NAME.py`; nothing here is changed for a new one. The rows
themselves are judged in `test_signal_rows.py`.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trueup.facts.schema import ENVELOPE, TABLES
from trueup.kernel.declarations import Direction, Rows
from trueup.kernel.estimate import Status
from trueup.signals import SIGNALS

SECTIONS = [
    "What it says",
    "Why it matters",
    "Definition",
    "Reads",
    "When it is wrong",
    "How it can be gamed",
    "Example",
    "References",
]
BOUNDS = {
    "share": (0.0, 1.0),
    "0..1": (-1.0, 1.0),  # signed around what chance does
    "ratio": (0.0, np.inf),
    "hours": (0.0, np.inf),
    "days": (0.0, np.inf),
}
#: Columns that say when; everything else must not care.
WHEN = ("week", "in_week")
NO_NUMBER = {Status.INSUFFICIENT, Status.SOURCE_MISSING, Status.NOT_APPLICABLE}
BIB = Path(__file__).parents[2] / "docs" / "references.bib"

every = pytest.mark.parametrize("signal", list(SIGNALS), ids=lambda s: s.name)


def given(signal, name="usual"):
    """Rows that the tests of a signal bring, or nothing."""
    module = importlib.import_module(f"tests.signals.test_{signal.name}")
    return getattr(module, name)() if hasattr(module, name) else None


def changed(rows, change):
    return replace(rows, columns={name: change(name, x) for name, x in rows.columns.items()})


class TestDeclarations:
    """What a signal says about itself can be relied on."""

    @every
    def test_the_docstring_has_its_sections_in_order(self, signal):
        text = sys.modules[signal.estimate.__module__].__doc__
        found = re.findall(r"^(\S.*)$", text, re.MULTILINE)
        assert found[1:] == SECTIONS
        assert ">>> " in text

    @every
    def test_citations_are_in_the_references(self, signal):
        known = re.findall(r"^@\w+\{(\w+),", BIB.read_text(), re.MULTILINE)
        assert len(known) == len(set(known))
        assert signal.cites
        assert set(signal.cites) <= set(known)
        text = sys.modules[signal.estimate.__module__].__doc__
        cited = set(re.findall(r"\[(\w+\d{4})\]", text))
        assert cited == set(signal.cites)

    @every
    def test_it_reads_columns_that_there_are(self, signal):
        columns = {f"{t.name}.{c.name}" for t in TABLES for c in (*t.columns, *ENVELOPE)}
        assert set(signal.reads) <= columns
        assert signal.reads

    @every
    def test_it_stands_in_the_file_of_its_name(self, signal):
        assert signal.estimate.__module__.split(".")[-1] == signal.name
        assert signal.unit in BOUNDS
        assert signal.drives in {"human", "technical", "execution", "context"}
        assert (signal.drives == "context") == (signal.direction is Direction.CONTEXT)
        assert signal.equivalence > 0


class TestLaws:
    """What holds for the estimate of any signal, whatever it measures."""

    @every
    def test_no_facts_give_no_number(self, signal):
        rows = given(signal)
        empty = changed(rows, lambda _, x: x[:0])
        for nothing in (Rows({}, 13, 9), empty):
            found = signal.estimate(nothing)
            assert found.status in NO_NUMBER
            assert found.value is None
            assert len(found.reason) > 10

    @every
    def test_the_usual_gives_a_number_in_bounds(self, signal):
        found = signal.estimate(given(signal))
        low, high = BOUNDS[signal.unit]
        assert found.measured
        assert low <= found.low <= found.value <= found.high <= high
        assert (found.unit, found.name) == (signal.unit, signal.name)
        assert found.n_events >= signal.minimum_events

    @every
    def test_items_for_pictures_are_plain_values(self, signal):
        items = self.details(signal, given(signal))
        assert bool(items) == (signal.details is not None)
        assert json.loads(json.dumps(items))[:1] == json.loads(json.dumps(items[:1]))

    @every
    def test_the_order_of_rows_does_not_matter(self, signal):
        rows = given(signal)
        order = np.random.default_rng(7).permutation(len(rows))
        shuffled = changed(rows, lambda _, x: x[order])
        assert signal.estimate(shuffled) == signal.estimate(rows)
        assert self.details(signal, shuffled) == self.details(signal, rows)

    @every
    def test_the_names_of_people_do_not_matter(self, signal):
        rows = given(signal)
        renamed = changed(rows, lambda name, x: hidden(x) if name == "actor" else x)
        assert signal.estimate(renamed) == signal.estimate(rows)
        assert self.details(signal, renamed) == self.details(signal, rows)

    @every
    def test_no_person_is_in_the_result(self, signal):
        rows = given(signal)
        said = repr(signal.estimate(rows)) + repr(self.details(signal, rows))
        assert "person-" not in said
        for person in set(rows.columns.get("actor", [])) - {""}:  # empty where it is nobody's
            assert str(person) not in said

    @every
    def test_below_the_least_number_of_people_there_is_no_number(self, signal):
        few = replace(given(signal), people=signal.minimum_people - 1)
        found = signal.estimate(few)
        assert not found.measured
        assert found.value is found.low is found.high is None

    @every
    def test_twice_the_data_does_not_widen_the_interval(self, signal):
        rows = given(signal)
        once = signal.estimate(rows)
        twice = signal.estimate(changed(rows, lambda _, x: np.concatenate([x, x])))
        assert twice.high - twice.low <= once.high - once.low + 1e-9

    @every
    def test_a_week_later_is_the_same(self, signal):
        rows = given(signal)
        later = changed(rows, lambda name, x: x + 1 if name in WHEN else x)
        assert signal.estimate(later) == signal.estimate(rows)
        assert self.details(signal, later) == self.details(signal, rows)

    @every
    def test_worse_moves_the_declared_way(self, signal):
        usual, worse = signal.estimate(given(signal)), given(signal, "worse")
        if signal.direction is Direction.HIGH_IS_DEBT:
            assert signal.estimate(worse).value > usual.value
        if signal.direction is Direction.LOW_IS_DEBT:
            assert signal.estimate(worse).value < usual.value

    @every
    def test_the_same_gives_the_same(self, signal):
        assert signal.estimate(given(signal)) == signal.estimate(given(signal))
        assert self.details(signal, given(signal)) == self.details(signal, given(signal))

    @staticmethod
    def details(signal, rows):
        return list(signal.details(rows)) if signal.details else []


def hidden(names):
    """Other names for the same people, which sort in another order."""
    return np.array([f"q-{name[::-1]}" for name in names], dtype=object)
