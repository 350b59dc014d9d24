"""Damaged workspaces and full disks are told as such, and what was there before is unharmed."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from typing import TYPE_CHECKING

import pytest
from tests.facts.writing import begin, counts, files_of, gaps, replaced, rows

from trueup.facts.engine import open_facts
from trueup.facts.runs import LAYOUT
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

    from trueup.facts.snapshot import Snapshot

GAPS = TABLES["gaps"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "workspace")
    replaced(store, "gaps", gaps(**{f"g{n}": n for n in range(200)}))
    return store


def only(store: Store, ending: str) -> Path:
    (found,) = files_of(store, ending=ending)
    return store.workspace / found


def by_table(snapshot: Snapshot) -> None:
    snapshot.table(GAPS)


def by_engine(snapshot: Snapshot) -> None:
    with open_facts(snapshot) as facts:
        facts.read(facts.table("gaps").order_by("slug"))


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda body: body[:-7],
    "emptied": lambda _: b"",
    "longer": lambda body: body + b"x",
    "other bytes": lambda body: b"x" * len(body),
    "end overwritten": lambda body: body[:-12] + b"\xff" * 12,
    "inside overwritten": lambda body: body[:8] + b"\xff" * (len(body) - 20) + body[-12:],
}


@pytest.mark.parametrize("reader", [by_table, by_engine])
@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_part(store: Store, harm: str, reader: Callable[[Snapshot], None]) -> None:
    part = only(store, ".parquet")
    reader(store.snapshot())
    part.write_bytes(HARMS[harm](part.read_bytes()))
    with pytest.raises(StoreError, match="damaged") as told:
        reader(store.snapshot())
    assert "scan again" in told.value.remedy


@pytest.mark.parametrize("reader", [by_table, by_engine])
def test_a_missing_part(store: Store, reader: Callable[[Snapshot], None]) -> None:
    part = only(store, ".parquet")
    part.unlink()
    with pytest.raises(StoreError, match="No such file") as told:
        reader(store.snapshot())
    assert told.value.where == str(part)


def test_mistakes_in_queries_are_not_taken_for_damage(store: Store) -> None:
    import duckdb

    with pytest.raises(duckdb.CatalogException), store.snapshot().connect() as connection:
        connection.sql("select * from nowhere")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "1", '"x"', "{}", '{"layout": "x"}', '{"layout": 1}', "\xff"],
)
def test_a_damaged_record(store: Store, text: str) -> None:
    record = only(store, ".json")
    record.write_bytes(text.encode("latin-1"))
    with pytest.raises(StoreError, match=r"unreadable run record.*store\.failed"):
        store.snapshot()


@pytest.mark.parametrize(
    ("found", "written"),
    [('"seen_at": "2026', '"seen_at": "never'), ("+00:00", ""), ('"parts"', '"parties"')],
)
def test_a_record_with_wrong_values(store: Store, found: str, written: str) -> None:
    record = only(store, ".json")
    assert found in record.read_text()
    record.write_text(record.read_text().replace(found, written))
    with pytest.raises(StoreError, match="unreadable run record"):
        store.snapshot()


def test_a_newer_layout(store: Store) -> None:
    record = only(store, ".json")
    text = record.read_text()
    record.write_text(text.replace(f'"layout": {LAYOUT}', '"layout": 99, "more": []'))
    with pytest.raises(StoreError, match=rf"newer trueup \(layout 99, known {LAYOUT}\)") as told:
        store.snapshot()
    assert "Upgrade" in told.value.remedy
    with pytest.raises(StoreError, match="newer"), store.writing():
        pass
    assert only(store, ".parquet").exists(), "nothing of it was swept"


def limited(store: Store, limit: int, out: Connection) -> None:
    """Write under a limit on the size of files, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        replaced(store, "gaps", gaps(**{f"h{n}": n for n in range(5_000)}))
        out.send("written")
    except StoreError as error:
        out.send(str(error))
    os._exit(0)  # waiting for idle threads takes longer than all of it


@pytest.mark.parametrize("limit", [0, 300, 10_000])
def test_a_full_disk(store: Store, limit: int) -> None:
    before = counts(store.snapshot())
    context = multiprocessing.get_context("forkserver")
    told, tell = context.Pipe(duplex=False)
    writer = context.Process(target=limited, args=(store, limit, tell))
    writer.start()
    tell.close()
    message = told.recv()
    writer.join()
    assert "cannot be written" in message
    assert "unharmed" in message
    assert counts(store.snapshot()) == before
    replaced(store, "gaps", gaps(a=1))
    assert counts(store.snapshot()) == {"a": 1}
    assert len(files_of(store, ending=".parquet")) == 3, "parts of two runs and a tombstone"


def test_a_workspace_that_cannot_be_written(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError, match="cannot be written"), Store(place).writing():
            pass
    if os.geteuid() == 0:
        return  # root may write anywhere
    store.runs.chmod(0o500)
    try:
        with store.writing(), pytest.raises(StoreError, match="Permission denied"):
            writer = begin(store)
            writer.add(GAPS, gaps(a=1))
            writer.commit(cursor={})
    finally:
        store.runs.chmod(0o700)
    assert len(counts(store.snapshot())) == 200


def test_engines_never_share_what_they_put_aside(store: Store) -> None:
    """Two that write to one folder crash both processes."""
    snapshot = store.snapshot()
    folders = []
    with snapshot.connect() as one, snapshot.connect() as other, open_facts(snapshot) as facts:
        ask = "select current_setting('temp_directory')"
        folders = [c.sql(ask).fetchone()[0] for c in (one, other)]
        folders.append(facts._backend.raw_sql(ask).fetchone()[0])
        many = "select count(distinct s) from (select repeat('x', 60) || i as s from range(900000) t(i))"
        one.execute("set memory_limit = '60MB'")
        assert one.sql(many).fetchone() == (900_000,)
    assert len(set(folders)) == 3
    assert all(str(store.workspace) in folder for folder in folders)
    assert list(store.workspace.glob("spill*")) == []


def test_names_of_people_are_not_opened(store: Store) -> None:
    with store.writing():
        writer = begin(store)
        person = {"identity": "p1", "name": "Ada", "address": "a@b"}
        writer.add(TABLES["people"], rows("people", person))
        writer.commit(cursor={})
    with open_facts(store.snapshot()) as facts:
        views = facts._backend.raw_sql("select table_name from information_schema.tables")
        names = {name for (name,) in views.fetchall()}
        assert names == {t.name for t in TABLES} - {"people"}
        kept = facts.keep("kept", facts.table("gaps").limit(3))
        assert facts.value(kept.count()) == 3
        assert "limit" in facts.sql(facts.table("gaps").limit(3)).lower()
