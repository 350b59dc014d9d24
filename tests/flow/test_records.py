"""Recorded records in, facts out: every source that reads records, every table as the CSV beside them.

Written anew by `TRUEUP_FLOW=write pytest tests/flow/test_records.py`, to be read before it is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.flow.told import about, compare

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import take_exports
from trueup.runs.kinds import SOURCES

if TYPE_CHECKING:
    from trueup.runs.intake import Taken

HERE = Path(__file__).parent
NOW = datetime(2026, 2, 1, tzinfo=UTC)
KEY = b"a key for tests"
LEFT_OUT = ("seen_at", "source", "raw_sha256")
READERS = [s for s in SOURCES if s.kinds]


@pytest.fixture(scope="module", params=READERS, ids=lambda s: s.name)
def flow(request, tmp_path_factory) -> tuple[Path, Store, Taken]:
    folder = HERE / request.param.name
    store = Store(tmp_path_factory.mktemp(request.param.name))
    clock, told = fixed_clock(NOW), about(folder)
    (taken,) = take_exports(folder / "raw", store, KEY, clock, lambda *_: None, told)
    assert taken.source == request.param.name
    return folder, store, taken


def test_facts(flow):
    folder, store, taken = flow
    source = next(s for s in READERS if s.name == taken.source)
    for name in sorted({*source.writes} - {"gaps"}):
        compare(store, name, folder, LEFT_OUT)


def test_every_kind_is_recorded_and_every_table_written(flow):
    folder, store, taken = flow
    source = next(s for s in READERS if s.name == taken.source)
    assert set(taken.records) == {k.name for k in source.kinds}
    assert not taken.unread, taken.problems
    for kind in source.kinds:
        assert kind.marks <= kind.known
        assert set(kind.writes) <= set(source.writes) <= set(TABLES.names())
    assert all(store.snapshot().files(TABLES[name]) for name in source.writes)
    assert {f.stem for f in folder.glob("*.csv")} == set(source.writes)


def test_read_again_nothing_is_new(flow):
    folder, store, _ = flow
    before = {name: store.snapshot().table(TABLES[name]).num_rows for name in TABLES.names()}
    clock, told = fixed_clock(NOW), about(folder)
    (again,) = take_exports(folder / "raw", store, KEY, clock, lambda *_: None, told)
    assert again.rows == 0
    assert before == {n: store.snapshot().table(TABLES[n]).num_rows for n in TABLES.names()}
    assert len(store.snapshot().records) == 1, "a run that tells nothing is none"
