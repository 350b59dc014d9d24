"""Laws of every source that reads records: what it declares is true, odd records stop nothing."""

from __future__ import annotations

import copy
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.lists import BASE, Lists
from tests.flow.told import about
from tests.syncing import KEY, sync

from trueup.facts.rows import UNREADABLE, Rows
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import ExportError
from trueup.runs.intake import take_exports
from trueup.runs.kinds import SOURCES, kind_of, readers, turn_of
from trueup.transport.exports import read_exports
from trueup.transport.http import Client

NOW = datetime(2026, 2, 1, tzinfo=UTC)
FLOW = Path(__file__).parents[1] / "flow"
READERS = [s for s in SOURCES if s.kinds]
#: Each as every edition of its product is asked.
LIVE = [(s, edition) for s in READERS if s.interface for edition in s.editions]


def named(source):
    return source.name


def recorded(source) -> dict[str, list[tuple[dict[str, Any], str]]]:
    """The recorded records of a source by kind, with the request that brought them."""
    found = defaultdict(list)
    for one in read_exports(FLOW / source.name / "raw", *readers(), turn=turn_of):
        known = kind_of(one)
        if known is not None and one.record is not None:
            found[known[1].name].append((one.record, one.asked))
    return found


def facts(store: Store, tables, kinds) -> dict[str, list[str]]:
    """The rows that came from records of those kinds, without when and from which record exactly."""
    left_out = {"seen_at", "raw_sha256", "source_key"}
    found = {}
    for name in tables:
        rows = store.snapshot().table(TABLES[name]).to_pylist()
        kept = [r for r in rows if r["source_key"].partition(":")[0] in kinds]
        found[name] = sorted(repr({k: v for k, v in r.items() if k not in left_out}) for r in kept)
    return found


@pytest.mark.parametrize(
    ("source", "edition"), LIVE, ids=[" ".join([s.name, *e.split()]) for s, e in LIVE]
)
def test_asking_gives_the_facts_that_files_give(source, edition, tmp_path):
    """Every list that is declared is read to its end, by its declared order and paging."""
    source = source.of(edition)
    from_files = Store(tmp_path / "files")
    take_exports(FLOW / source.name / "raw", from_files, KEY, fixed_clock(NOW), lambda *_: None)
    records = recorded(source)
    listed = {k.name for k in source.kinds if k.listing}
    place = _place(from_files, source)
    asked = Store(tmp_path / "asked")
    lists = Lists(source, records)
    client = Client(
        BASE, source.interface.headers("a-token"), source.title, "TOKEN", fixed_clock(NOW),
        transport=httpx.WSGITransport(app=lists), sleep=lambda _: None,
    )  # fmt: skip
    since, clock = datetime(2000, 1, 1, tzinfo=UTC), fixed_clock(NOW)
    graph = f"{BASE}/graphql"
    taken, refused = sync(source, asked, place, client, clock, since=since, graph=graph)
    assert refused == []
    assert taken.problems == []
    assert {k: n > 0 for k, n in taken.records.items()} == dict.fromkeys(
        listed & records.keys(), True
    )
    told = [t for t in source.writes if t != "people"]
    assert facts(asked, told, listed) == facts(from_files, told, listed)


def _place(store: Store, source) -> str:
    """What most rows of the recorded records belong to."""
    tables = [t for t in source.writes if t != "people"]
    repos = [r for t in tables for r in store.snapshot().table(TABLES[t])["repo"].to_pylist()]
    return max(sorted(set(repos)), key=repos.count)


@pytest.mark.parametrize("source", READERS, ids=named)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_odd_records_give_all_their_rows_or_none(source, data):
    """A field that is missing, or holds something else, ends in a problem that is expected."""
    records = [(k, r) for k in source.kinds for r, _ in recorded_once(source).get(k.name, ())]
    kind, record = data.draw(st.sampled_from(records))
    record = copy.deepcopy(record)
    for _ in range(data.draw(st.integers(1, 3))):
        _spoil(record, data)
    rows = Rows(KEY)
    rows.begin("x:1", "0" * 64, "", {"file": "f" * 64, **about(FLOW / source.name)})
    try:
        kind.to_facts(record, rows)
        list(rows.tables())
    except UNREADABLE:
        rows.drop()
        assert rows.count == 0


_RECORDED: dict[str, dict[str, list[tuple[dict[str, Any], str]]]] = {}


def recorded_once(source):
    if source.name not in _RECORDED:
        _RECORDED[source.name] = recorded(source)
    return _RECORDED[source.name]


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(1 << 70), st.floats(allow_nan=True), st.text(max_size=8),
    st.just("\ud800"), st.just([]), st.just({}), st.just([None]), st.just({"a": 1}), st.just("9999-99-99"),
)  # fmt: skip


def _spoil(record: dict[str, Any], data) -> None:
    """Take away or change one field, however deep."""
    while record:
        name = data.draw(st.sampled_from(sorted(record, key=str)))
        value = record[name]
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict) and inner and data.draw(st.booleans()):
            record = inner
        elif data.draw(st.booleans()):
            del record[name]
            return
        else:
            record[name] = copy.deepcopy(data.draw(ODD))  # it may be spoilt in its turn
            return


@pytest.mark.parametrize("source", READERS, ids=named)
def test_no_text_of_people_is_kept(source, tmp_path):
    """Titles, bodies and names stand in no table but that of people."""
    secret = "zanzibar marmalade"
    store = Store(tmp_path / "w")
    folder = tmp_path / "raw"
    folder.mkdir()
    for kind in source.kinds:
        if kind.form is None:
            found = [_with(r, secret) for r, _ in recorded_once(source).get(kind.name, ())]
            (folder / f"{kind.name}.json").write_bytes(orjson.dumps(found))
    if not any(folder.iterdir()):
        pytest.skip("its files are no JSON; its own test plants a text")
    told = about(FLOW / source.name) or ({} if source.interface else {"place": "acme/app"})
    try:
        take_exports(folder, store, KEY, fixed_clock(NOW), lambda *_: None, told)
    except ExportError:  # its records alone do not say where they belong
        take_exports(folder, store, KEY, fixed_clock(NOW), lambda *_: None, {"place": "acme/app"})
    for name in source.writes:
        if name != "people":
            assert secret not in repr(store.snapshot().table(TABLES[name]).to_pylist())


_TEXTS = {
    "title", "body", "description", "summary", "message", "subject", "comments", "text", "display_name",
    "displayName", "name", "real_name", "body_text", "notes", "msg", "content", "comment", "body_html",
}  # fmt: skip


def _with(record: Any, secret: str, *, within: str = "") -> Any:
    """The record with another text in every field that people write in."""
    if isinstance(record, dict):
        who = {
            "login",
            "username",
            "email",
            "accountId",
            "displayName",
            "emailAddress",
        } & record.keys()
        return {
            k: secret if _written(k, v, bool(who), within) else _with(v, secret, within=k)
            for k, v in record.items()
        }
    if isinstance(record, list):
        return [_with(r, secret, within=within) for r in record]
    return record


def _written(name: str, value: Any, of_person: bool, within: str) -> bool:
    if not isinstance(value, str) or name not in _TEXTS:
        return False
    if name == "summary" and within in {"service", "priority"}:
        return False  # what a record refers to is labelled so
    if name == "title" and within == "labels":
        return False  # a label is called so
    # A name is a text of people only where it names one; jobs and labels have names too.
    return name not in {"name", "display_name"} or of_person or within in {"author", "user"}
