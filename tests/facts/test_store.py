"""Runs are visible whole or not at all, parts never change, and readers are never surprised."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.facts.writing import (
    AT,
    SUBJECT,
    begin,
    counts,
    current,
    files_of,
    gaps,
    replaced,
    rows,
    written,
)

from trueup.facts.runs import LAYOUT, RunRecord
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.errors import LockedError, StoreError

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event
    from pathlib import Path

GAPS = TABLES["gaps"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "workspace")


def test_before_anything_was_written(store: Store) -> None:
    snapshot = store.snapshot()
    assert snapshot.records == []
    assert snapshot.table(GAPS).num_rows == 0
    assert snapshot.table(GAPS).schema == GAPS.schema
    assert snapshot.latest("test", SUBJECT) is None
    assert not store.workspace.exists()


def test_a_run_is_not_visible_before_its_record(store: Store) -> None:
    with store.writing():
        writer = begin(store)
        writer.add(GAPS, gaps(a=1))
        assert store.snapshot().table(GAPS).num_rows == 0
        record = writer.commit(cursor={"tip": "x"}, origin="/somewhere")
    assert counts(store.snapshot()) == {"a": 1}
    assert store.snapshot().latest("test", SUBJECT) == record
    assert (record.sequence, record.seen_at, record.origin) == (1, AT, "/somewhere")
    assert [p.bytes for p in record.parts] == [
        (store.facts / p.file).stat().st_size for p in record.parts
    ]
    assert (store.workspace / ".gitignore").read_text() == "*\n"


def test_every_row_tells_where_it_comes_from(store: Store) -> None:
    replaced(store, "gaps", gaps(a=1), day=3)
    found = current(
        store.snapshot(), "gaps", "source", "source_key", "raw_sha256", "happened_at", "seen_at"
    )
    assert found == [("test", "k", "r", AT, AT + timedelta(days=3))]


def test_sequences_and_moments_only_grow(store: Store) -> None:
    first = replaced(store, "gaps", gaps(a=1), day=5)
    second = replaced(store, "gaps", gaps(a=2), day=1)
    assert second.sequence == first.sequence + 1
    assert second.seen_at == first.seen_at + timedelta(microseconds=1)
    assert counts(store.snapshot()) == {"a": 2}


class TestReplace:
    """Make ``rows`` all there is of the subject: write what changed, bury what vanished."""

    def test_only_what_changed_is_written(self, store: Store) -> None:
        assert written(replaced(store, "gaps", gaps(a=1, b=2, c=3))) == {"gaps": 3}
        assert written(replaced(store, "gaps", gaps(a=1, b=2, c=3))) == {}
        assert written(replaced(store, "gaps", gaps(c=3, a=1, b=7))) == {"gaps": 1}
        assert written(replaced(store, "gaps", gaps(b=7, d=4))) == {"gaps": 1, "gaps+": 2}
        assert counts(store.snapshot()) == {"b": 7, "d": 4}
        assert written(replaced(store, "gaps", gaps())) == {"gaps+": 2}
        assert counts(store.snapshot()) == {}
        assert written(replaced(store, "gaps", gaps(a=1))) == {"gaps": 1}
        assert counts(store.snapshot()) == {"a": 1}

    def test_nothing_is_the_same_as_nothing(self, store: Store) -> None:
        files = (
            {"path": "a", "blob": "1", "lines": None},
            {"path": "b", "blob": None, "lines": 3},
        )
        assert written(replaced(store, "files", rows("files", *files))) == {"files": 2}
        assert written(replaced(store, "files", rows("files", *files))) == {}
        changed = ({**files[0], "lines": 0}, {**files[1], "blob": "2"})
        assert written(replaced(store, "files", rows("files", *changed))) == {"files": 2}
        owners = [{"position": n, "pattern": "*", "owner": None, "kind": "team"} for n in (1, 2)]
        assert written(replaced(store, "owners", rows("owners", *owners))) == {"owners": 2}
        assert written(replaced(store, "owners", rows("owners", owners[1]))) == {"owners+": 1}
        assert current(store.snapshot(), "owners", "position") == [(2,)]

    def test_lists_are_compared(self, store: Store) -> None:
        release = {"tag": "v2", "version": "2", "prerelease": False, "sha": "s", "on_default": True}
        told: list[list[str] | None] = [["v1"], ["v1"], ["v1", "v1.1"], [], [], None, None]
        wrote = [
            written(replaced(store, "releases", rows("releases", {**release, "contains": x})))
            for x in told
        ]
        assert [bool(w) for w in wrote] == [True, False, True, True, False, True, False]

    def test_columns_of_the_envelope_count_when_asked(self, store: Store) -> None:
        later = {"slug": "a", "count": 1, "total": 100, "happened_at": AT + timedelta(days=1)}
        replaced(store, "gaps", gaps(a=1))
        assert written(replaced(store, "gaps", rows("gaps", later))) == {}
        dated = replaced(store, "gaps", rows("gaps", later), also=("happened_at",))
        assert written(dated) == {"gaps": 1}

    def test_other_subjects_are_left_alone(self, store: Store) -> None:
        with store.writing():
            writer = begin(store, "other/lib")
            writer.add(GAPS, rows("gaps", {"repo": "other/lib", "slug": "a", "count": 5}))
            writer.commit(cursor={})
        replaced(store, "gaps", gaps(a=1))
        replaced(store, "gaps", gaps())
        assert current(store.snapshot(), "gaps", "repo", "count") == [("other/lib", 5)]
        snapshot = store.snapshot()
        assert snapshot.of_subject(GAPS, SUBJECT).num_rows == 0
        assert snapshot.of_subject(GAPS, "other/lib", ["count"]).to_pylist() == [{"count": 5}]


def test_some_rows_of_a_subject(store: Store) -> None:
    import pyarrow as pa

    replaced(store, "gaps", gaps(a=1, b=2, c=3))
    among = ("slug", pa.array(["a", "c", "z"]))
    found = store.snapshot().of_subject(GAPS, SUBJECT, ["slug"], among=among)
    assert sorted(found["slug"].to_pylist()) == ["a", "c"]
    none = store.snapshot().of_subject(GAPS, SUBJECT, among=("slug", pa.array([], pa.string())))
    assert none.num_rows == 0


def test_a_run_that_replaces_hides_those_before(store: Store) -> None:
    replaced(store, "gaps", gaps(a=1, b=2))
    with store.writing():
        writer = begin(store, day=1)
        writer.add(GAPS, gaps(c=3))
        writer.commit(cursor={}, replaces=True)
    assert counts(store.snapshot()) == {"c": 3}
    assert counts(store.snapshot(as_of=AT)) == {"a": 1, "b": 2}


@pytest.mark.parametrize("at_once", [1, 3, 500_000])
def test_the_past_stays_as_it_was(store: Store, monkeypatch, at_once) -> None:
    """Also where rows are compared share by share."""
    monkeypatch.setattr("trueup.facts.store.COMPARED_AT_ONCE", at_once)
    states = []
    history = ({"a": 1}, {"a": 2, "b": 1}, {"b": 1}, {}, {"a": 1, "c": 9}, {"c": 9})
    for day, state in enumerate(history):
        replaced(store, "gaps", gaps(**state), day=day)
        snapshot = store.snapshot()
        states.append((snapshot, snapshot.table(GAPS).sort_by("slug"), snapshot.content))
    for day, (snapshot, table, content) in enumerate(states):
        as_of = store.snapshot(as_of=AT + timedelta(days=day))
        assert counts(as_of) == history[day]
        assert as_of.table(GAPS).sort_by("slug").equals(table)
        assert snapshot.table(GAPS).sort_by("slug").equals(table)
        assert as_of.content == content
    assert len({content for *_, content in states}) == len(history)
    assert store.snapshot(as_of=AT - timedelta(seconds=1)).records == []


def test_parts_are_never_touched_again(store: Store) -> None:
    seen: dict[str, str] = {}
    for day, state in enumerate(({"a": 1}, {"a": 2}, {}, {"b": 1})):
        replaced(store, "gaps", gaps(**state), day=day)
        for file in files_of(store, ending=".parquet"):
            digest = hashlib.sha256((store.workspace / file).read_bytes()).hexdigest()
            assert seen.setdefault(file, digest) == digest
    assert len(seen) == 4


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        store = Store(tmp_path / name)
        replaced(store, "gaps", gaps(a=1, b=2))
        (part,) = files_of(store, ending=".parquet")
        found.append((store.workspace / part).read_bytes())
    assert found[0] == found[1]


class TestColumns:
    """A source must not invent columns."""

    def test_unknown_and_missing(self, store: Store) -> None:
        with store.writing():
            writer = begin(store)
            extra = gaps(a=1).append_column("mood", [["low"]])
            with pytest.raises(StoreError, match=r"unknown columns \['mood'\]"):
                writer.add(GAPS, extra)
            with pytest.raises(StoreError, match=r"missing \['count'\]"):
                writer.add(GAPS, gaps(a=1).drop_columns(["count"]))
            for own in ("source", "seen_at"):
                with pytest.raises(StoreError, match="unknown columns"):
                    writer.add(GAPS, gaps(a=1).append_column(own, [["x"]]))
        assert files_of(store, ending=".parquet") == []

    def test_no_rows_are_no_part(self, store: Store) -> None:
        with store.writing():
            writer = begin(store)
            writer.add(GAPS, gaps())
            writer.bury(GAPS, gaps().select(["repo", "slug"]), "gone")
            writer.adopt(GAPS, writer.part_path(GAPS), 0)
            assert writer.commit(cursor={}).parts == ()


def hold(store: Store, held: Event, leave: Event) -> None:
    with store.writing():
        held.set()
        leave.wait(60)
        os._exit(0)  # waiting for idle threads takes longer than all of it


def test_one_writer_at_a_time_and_readers_always(store: Store) -> None:
    replaced(store, "gaps", gaps(a=1))
    context = multiprocessing.get_context("forkserver")
    held, leave = context.Event(), context.Event()
    other = context.Process(target=hold, args=(store, held, leave))
    other.start()
    try:
        assert held.wait(60)
        with pytest.raises(LockedError, match="another trueup is writing"), store.writing():
            pass
        assert counts(store.snapshot()) == {"a": 1}
    finally:
        leave.set()
        other.join()
    replaced(store, "gaps", gaps(a=2))
    assert counts(store.snapshot()) == {"a": 2}


def test_a_writer_that_fails_lets_go(store: Store) -> None:
    def fail() -> None:
        with store.writing():
            begin(store).add(GAPS, gaps(a=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(files_of(store, ending=".parquet")) == 1
    replaced(store, "gaps", gaps(b=2))
    assert counts(store.snapshot()) == {"b": 2}
    assert len(files_of(store, ending=".parquet")) == 1, "what it left was swept"


def test_only_what_is_ours_is_swept(store: Store) -> None:
    replaced(store, "gaps", gaps(a=1))
    mine = ("facts/gaps/notes.txt", "facts/gaps/backup.parquet", "facts/notes", "runs/notes.txt")
    ours = ("facts/gaps/000009-01234567-89abcdef.parquet", "runs/000009-01234567.tmp")
    for place in (*mine, *ours):
        (store.workspace / place).write_text("x")
    (store.facts / "gaps" / "folder.parquet").mkdir()
    alive, dead = f"spill-{os.getpid()}-01234567", "spill-999999999-01234567"
    for place in (alive, dead):
        (store.workspace / place).mkdir()
        (store.workspace / place / "t.tmp").write_text("x")
    with store.writing():
        pass
    left = set(files_of(store))
    assert set(mine) | {f"{alive}/t.tmp"} <= left
    assert not left & {*ours, f"{dead}/t.tmp"}
    assert counts(store.snapshot()) == {"a": 1}


def test_records_survive_their_file(tmp_path: Path) -> None:
    store = Store(tmp_path)
    record = replaced(store, "gaps", gaps(a=1))
    (place,) = store.runs.glob("*.json")
    assert RunRecord.from_file(place) == record
    told = json.loads(place.read_text())
    assert told["layout"] == LAYOUT
    assert "\n" not in place.read_text().rstrip("\n")


def test_content_is_the_same_on_every_machine_and_under_every_key() -> None:
    record = RunRecord(1, "git", SUBJECT, AT, (), {"tip": "a", "_key": "one"}, origin="/here")
    same = replace(record, cursor={"_key": "two", "tip": "a"}, origin="/there", sequence=7)
    assert same.content == record.content
    assert replace(record, cursor={"tip": "b"}).content != record.content
    assert replace(record, subject="other").content != record.content
