"""What a source declares of its lists: other editions, records that need no list of their own, days read again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import httpx
import pytest
from tests.syncing import KEY, sync

from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.sources import Listing, Order, Paging, RecordKind, Source
from trueup.runs import kinds
from trueup.runs.intake import Intake, take_exports
from trueup.transport.http import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BASE = "https://tracker.example"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
ITEMS = Listing(
    Order.OLDEST_CHANGE_FIRST,
    {"since": "{since}", "in": '"{escaped}"'},
    stamp="changed",
    again_days=1,
    paging=Paging.WHOLE,
)
PARTS = Listing(
    Order.OF_EACH, {"size": 2}, each=("items", "id"), wanted=lambda r: r["parts"] > 0,
    paging=Paging.OFFSET, page="from", size="size",
)  # fmt: skip


def kind(name: str, path: str, listing: Listing | None, **more: Any) -> RecordKind:
    fields = frozenset({"id"})
    return RecordKind(
        name, (), "", "", fields, fields, lambda *_: None, path, listing=listing, **more
    )


SOURCE = Source(
    "tracker", 1, "Tracker", (), (), "", "",
    (
        kind("items", "/items", ITEMS, elsewhere={"old": ("/v1/items", ITEMS)}),
        kind("parts", "/items/{number}/parts", PARTS, elsewhere={"old": ("", None)}),
    ),
)  # fmt: skip


class Desk:
    """A workspace that syncs with a server; ``answers`` are by path."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: dict[str, Callable[[dict[str, str]], object]] = {}

    def __call__(self, environ: Any, start: Any) -> list[bytes]:
        params = {k: v[0] for k, v in parse_qs(environ["QUERY_STRING"]).items()}
        self.asked.append((environ["PATH_INFO"], params))
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(self.answers[environ["PATH_INFO"]](params)).encode()]

    def sync(self, edition: str = "", place: str = "PAY") -> list[str]:
        """The paths that were asked."""
        self.asked.clear()
        source, clock = SOURCE.of(edition), fixed_clock(NOW)
        transport = httpx.WSGITransport(app=self)
        client = Client(BASE, {}, "Tracker", "TOKEN", clock, transport=transport)
        _, refused = sync(source, self.store, place, client, clock)
        assert refused == []
        return [path for path, _ in self.asked]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path / "workspace")
    items = [{"id": n, "changed": f"2026-05-{10 + n}T10:00:00Z", "parts": n - 1} for n in (1, 2, 3)]
    found.answers["/items"] = lambda params: [i for i in items if i["changed"] >= params["since"]]
    found.answers["/v1/items"] = found.answers["/items"]
    found.answers["/items/2/parts"] = lambda _: [{"id": "a"}]
    found.answers["/items/3/parts"] = lambda p: [{"id": n} for n in "abc"][int(p.get("from", 0)) :][
        :2
    ]
    return found


def test_lists_of_each_are_asked_for_where_they_are_wanted(desk: Desk) -> None:
    assert desk.sync() == ["/items", "/items", "/items/2/parts", "/items/3/parts", "/items/3/parts"]


def test_a_server_that_knows_no_pages_gives_the_same_again_and_is_done(desk: Desk) -> None:
    desk.answers["/items/3/parts"] = lambda _: [{"id": n} for n in "abc"]
    assert desk.sync().count("/items/3/parts") == 2
    assert desk.sync().count("/items/3/parts") == 2, "nothing is left over that would be asked too"


def test_another_edition_lists_elsewhere_or_not_at_all(desk: Desk) -> None:
    assert set(desk.sync("old")) == {"/v1/items"}
    assert SOURCE.editions == ("", "old")
    assert SOURCE.of("") == SOURCE.of("unheard of")


def test_days_are_read_again_but_the_mark_never_goes_back(desk: Desk) -> None:
    desk.sync()
    desk.sync()
    assert desk.asked[0][1]["since"] == "2026-05-12T10:00:00Z"
    desk.answers["/items"] = lambda _: []
    for _ in range(3):
        assert desk.sync() == ["/items"]
        assert desk.asked[0][1]["since"] == "2026-05-12T10:00:00Z"


def test_a_place_within_quotes_stays_within_them(desk: Desk) -> None:
    desk.sync(place='A" OR "\\')
    assert desk.asked[0][1]["in"] == r'"A\" OR \"\\"'


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Source]]:
    """In place of all sources."""
    found: list[Source] = []
    cached = (kinds.turn_of, kinds._named, kinds._of_fields, kinds.readers)
    monkeypatch.setattr(kinds, "SOURCES", found)
    for one in cached:
        one.cache_clear()
    yield found
    for one in cached:
        one.cache_clear()


def test_what_tells_the_meaning_of_words_is_read_first(
    tmp_path: Path, sources: list[Source]
) -> None:
    seen: list[tuple[str, str]] = []
    words, things, uses = (frozenset({"id", name}) for name in ("means", "thing", "word"))
    source = Source(
        "tracker", 1, "Tracker", (), (), "", "",
        (
            RecordKind("words", (), "", "", words, words, lambda r, to: to.learn("w", r["id"], r["means"]), turn=0),
            RecordKind("things", (), "", "", things, things, lambda r, to: to.learn("t", r["id"], r["thing"], keep=False), turn=1),
            RecordKind("a_use", (), "", "", uses, uses, lambda r, to: seen.append((to.learned("w", r["word"]), to.learned("t", r["id"])))),
        ),
    )  # fmt: skip
    sources.append(source)
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a_use.json").write_text('[{"id": "1", "word": "x"}, {"id": "2", "word": "y"}]')
    (folder / "things.json").write_text('[{"id": "1", "thing": "one"}]')
    (folder / "words.json").write_text('[{"id": "x", "means": "open"}]')
    take_exports(folder, Store(tmp_path / "w"), KEY, fixed_clock(NOW), lambda *_: None)
    assert seen == [("open", "one"), ("", "")]


def test_what_was_learned_is_known_to_the_next_run(tmp_path: Path) -> None:
    store, clock = Store(tmp_path), fixed_clock(NOW)
    with store.writing():
        first = Intake(SOURCE, store, "PAY", KEY, clock, lambda *_: None)
        first._rows.learn("status", "1", "open")
        first._rows.learn("issue", "1", "PAY-1", keep=False)
        first.state["mark"] = "1"
        first.save("")
        after = Intake(SOURCE, store, "PAY", KEY, clock, lambda *_: None)
    assert after._rows.learned("status", 1) == "open"
    assert after._rows.learned("issue", 1) == ""
