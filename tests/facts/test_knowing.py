"""What a later row does not tell, what an older one tells, and what older layouts did not have."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from tests.facts.writing import AT, SUBJECT, begin, current

from trueup.facts.newest import newest_rows
from trueup.facts.rows import as_table
from trueup.facts.runs import LAYOUT
from trueup.facts.schema import TABLES
from trueup.facts.store import Store

if TYPE_CHECKING:
    from pathlib import Path

JOBS = TABLES["jobs"]
EARLY, LATE = AT + timedelta(hours=1), AT + timedelta(hours=2)


def job(**told: Any) -> dict[str, Any]:
    same = {"repo": SUBJECT, "job": "7", "source_key": "k", "raw_sha256": "r", "happened_at": AT}
    return same | told


def at_once(store: Store, *rows: dict[str, Any]) -> None:
    with store.writing():
        writer = begin(store)
        kept = newest_rows(JOBS, list(rows))
        writer.update(JOBS, as_table(JOBS, kept), store.snapshot(), kept)
        writer.commit(cursor={})


def one_by_one(store: Store, *rows: dict[str, Any]) -> None:
    for row in rows:
        at_once(store, row)


def within_a_run(store: Store, *rows: dict[str, Any]) -> None:
    with store.writing():
        writer = begin(store)
        for row in rows:
            writer.update(JOBS, as_table(JOBS, [row]), store.snapshot(), [row])
            writer.tick()
        writer.commit(cursor={})


@pytest.fixture(params=[at_once, one_by_one, within_a_run])
def told(request: pytest.FixtureRequest, tmp_path: Path):
    def tell(*rows: dict[str, Any], columns: str) -> list[tuple[Any, ...]]:
        store = Store(tmp_path / "workspace")
        request.param(store, *rows)
        return current(store.snapshot(), "jobs", *columns.split())

    return tell


def test_what_is_not_told_stands(told) -> None:
    rich, poor = job(build="5", name="lint", attempt=2), job(name="lint", status="done")
    assert told(rich, poor, columns="build attempt status") == [("5", 2, "done")]


def test_what_is_told_to_be_nothing_is_nothing(told) -> None:
    rows = job(build="5", environment="live"), job(build="5", environment=None)
    assert told(*rows, columns="build environment") == [("5", None)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_the_last_change_holds(told, order) -> None:
    states = [
        job(status="queued", changed_at=AT),
        job(status="running", changed_at=EARLY),
        job(status="done", changed_at=LATE),
    ]
    assert told(*(states[n] for n in order), columns="status") == [("done",)]


def test_where_no_moment_is_told_the_last_one_read_holds(told) -> None:
    rows = job(status="done", changed_at=LATE), job(status="queued", changed_at=None)
    assert told(*rows, columns="status") == [("queued",)]


MILLI = timedelta(milliseconds=400)
POOR_NEW, RICH_OLD = job(status="done", changed_at=LATE), job(build="5", changed_at=EARLY)
HISTORIES = [
    (POOR_NEW, RICH_OLD),
    (RICH_OLD, POOR_NEW),
    (POOR_NEW, job(status="lost"), RICH_OLD),
    (POOR_NEW, job(status="lost", changed_at=None), RICH_OLD),
    (job(happened_at=AT + MILLI, status="a"), job(happened_at=AT, status="b")),
    (job(happened_at=AT, status="a"), job(happened_at=AT + MILLI, status="b")),
    (job(status="a", changed_at=LATE + MILLI), job(build="5", changed_at=LATE)),
    (job(status="a", changed_at=LATE), job(build="5", changed_at=LATE + MILLI)),
]


@pytest.mark.parametrize("rows", HISTORIES)
def test_it_does_not_matter_where_one_run_or_batch_ends(rows, tmp_path: Path) -> None:
    columns = ("happened_at", "build", "status", "changed_at")
    found = []
    for way in (at_once, one_by_one, within_a_run):
        store = Store(tmp_path / way.__name__)
        way(store, *rows)
        found.append(current(store.snapshot(), "jobs", *columns))
    assert found[0] == found[1] == found[2]


def test_what_a_run_buried_it_can_tell_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "workspace")
    at_once(store, job(status="done"))
    with store.writing():
        writer, before, row = begin(store), store.snapshot(), job(status="done")
        assert writer.bury_known(JOBS, {"job": "7"}, "gone", before) == 1
        writer.tick()
        assert writer.update(JOBS, as_table(JOBS, [row]), before, [row]).num_rows == 1
        writer.commit(cursor={})
    assert current(store.snapshot(), "jobs", "status") == [("done",)]


def test_what_says_less_of_the_same_is_nothing_new(tmp_path: Path) -> None:
    store = Store(tmp_path / "workspace")
    at_once(store, job(build="5", name="lint"))
    with store.writing():
        poor = job(name="lint")
        written = begin(store).update(JOBS, as_table(JOBS, [poor]), store.snapshot(), [poor])
    assert written.num_rows == 0


def test_parts_of_an_older_layout_lack_columns(tmp_path: Path) -> None:
    store = Store(tmp_path / "workspace")
    at_once(store, job(name="lint", status="running"))
    (part,) = (store.facts / "jobs").glob("*.parquet")
    pq.write_table(pq.read_table(part).drop_columns(["changed_at", "environment"]), part)
    (record,) = store.runs.glob("*.json")
    plain = json.loads(record.read_text())
    plain["layout"], plain["parts"][0]["bytes"] = LAYOUT - 1, part.stat().st_size
    record.write_text(json.dumps(plain))
    columns = ("name", "status", "changed_at", "environment")
    assert current(store.snapshot(), "jobs", *columns) == [("lint", "running", None, None)]
    at_once(store, job(status="done", changed_at=LATE))
    assert current(store.snapshot(), "jobs", *columns) == [("lint", "done", LATE, None)]


def test_another_column_is_another_layout() -> None:
    """Whoever changes a table raises LAYOUT, and notes here what belongs to it."""
    text = json.dumps({t.name: {f.name: str(f.type) for f in t.schema} for t in TABLES})
    known = {5: "bcb982107fb0"}
    assert known[LAYOUT] == hashlib.sha256(text.encode()).hexdigest()[:12]
