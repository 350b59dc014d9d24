"""Places that have numbers, parameters with several values, and what lists of each are told of their record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from tests.syncing import sync

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import AnswerError, NotFoundError, SourceError, UnreachableError
from trueup.runs.kinds import SOURCES
from trueup.transport.http import Client

BUILDBOT = SOURCES["buildbot"]
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
RAW = Path(__file__).parents[1] / "flow/buildbot/raw"
BUILDS = json.loads((RAW / "builds.json").read_text())["builds"]


#: As if what Buildbot no longer lists had never been.
COMPLETE = replace(
    BUILDBOT,
    kinds=tuple(replace(k, listing=replace(k.listing, complete=True)) for k in BUILDBOT.kinds),
)


class Server:
    """Builders, builds and one step of each; it may fail for the steps of one build."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.failing = ""
        self.deleted = 0
        self.reason: dict[str, Any] = {"error": "no such thing"}

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        path, query = environ["PATH_INFO"], parse_qs(environ["QUERY_STRING"])
        self.asked.append((path, query))
        if self.failing and self.failing in path:
            start("400 Bad Request", [])
            return [json.dumps(self.reason).encode()]
        start("200 OK", [])
        return [json.dumps(self.body(path, query)).encode()]

    def body(self, path: str, query: dict[str, list[str]]) -> dict[str, Any]:
        if path.endswith("/builders"):
            # Some answer with more than was asked for.
            names = {"deploy": 1, "unit tests": 2, "lint": 4}
            return {"builders": [{"name": n, "builderid": i} for n, i in names.items()]}
        if path.endswith("/builds"):
            own = [int(i) for i in query.get("builderid", [])]
            left = [b for b in BUILDS if b["buildid"] != self.deleted]
            return {"builds": [b for b in left if not own or b["builderid"] in own]}
        number = int(path.split("/")[-2])
        step = {"stepid": number + 4000, "buildid": number, "name": "x", "complete": False}
        return {"steps": [step]}


def follow(server: Server, store: Store, place: str, *, whole: bool = False):
    transport = httpx.WSGITransport(app=server)
    clock = fixed_clock(NOW)
    client = Client(
        "https://ci.example.org", {}, "Buildbot", "BUILDBOT_TOKEN", clock,
        sleep=lambda _: None, transport=transport,
    )  # fmt: skip
    server.asked.clear()
    source = COMPLETE if whole else BUILDBOT
    return sync(source, store, place, client, clock, whole=whole)


def of(store: Store, table: str, *columns: str) -> set[tuple[Any, ...]]:
    found = store.snapshot().table(TABLES[table]).to_pylist()
    return {tuple(row[c] for c in columns) for row in found}


@pytest.mark.parametrize(
    ("place", "number"), [("lint", ["4"]), ("4", ["4"]), ("*", None)], ids=["name", "number", "all"]
)
def test_a_place_is_found_by_its_name(place: str, number: list[str] | None, tmp_path: Path):
    server, store = Server(), Store(tmp_path)
    _, refused = follow(server, store, place)
    assert refused == []
    (query,) = [q for path, q in server.asked if path == "/builds"]
    assert query.get("builderid") == number
    assert len([path for path, _ in server.asked if path == "/builders"]) == (place != "*")
    names = {name for (name,) in of(store, "builds", "name")}
    assert names == ({"lint"} if number else {b["properties"]["buildername"][0] for b in BUILDS})


def test_what_is_called_so_by_nobody_is_not_there(tmp_path: Path):
    with pytest.raises(NotFoundError):
        follow(Server(), Store(tmp_path), "unit test")


def test_a_parameter_with_several_values_is_asked_for_each(tmp_path: Path):
    server = Server()
    follow(server, Store(tmp_path), "*")
    (query,) = [q for path, q in server.asked if path == "/builds"]
    assert len(query["property"]) > 3
    assert query["limit"] == ["100"]


def test_lists_of_each_are_told_whose_they_are_also_after_a_break(tmp_path: Path):
    """Broken off between builds and their steps, the next sync does not see the builds again."""
    server, store = Server(), Store(tmp_path)
    server.failing = "/builds/5013/"
    _, refused = follow(server, store, "*")
    assert [type(e) for e in refused] == [AnswerError]
    assert "no such thing" in str(refused[0]), "the reason the server gives"
    read = of(store, "jobs", "build")
    assert 0 < len(read) < len(BUILDS)
    server.failing = ""
    follow(server, store, "*")
    names = {str(b["buildid"]): b["properties"]["buildername"][0] for b in BUILDS}
    assert of(store, "jobs", "build", "repo") == set(names.items())


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ({"message": "one"}, "one"),
        ({"error": "two"}, "two"),
        ({"stat": "fail", "err": {"code": 105, "msg": "three"}}, "three"),
        ({"error": {"message": "four"}}, "four"),
        ({"error": {"code": 5}}, "no reason given"),
        ({"err": ["?"]}, "?"),
        (["?"], "no reason given"),
    ],
)
def test_the_reason_of_a_refusal_is_told(reason: Any, told: str, tmp_path: Path):
    server = Server()
    server.failing, server.reason = "/builds", reason
    with pytest.raises(SourceError, match="400") as caught:
        follow(server, Store(tmp_path), "*")
    assert told in str(caught.value)
    assert not isinstance(caught.value, UnreachableError)


@pytest.mark.parametrize("place", ["*", "deploy"])
def test_what_is_gone_is_found_whatever_it_is_called(place: str, tmp_path: Path):
    """Facts stand under another name than the place; lists of each go with what they were of."""
    server, store = Server(), Store(tmp_path)
    follow(server, store, "*")
    follow(server, store, place)
    before = {table: of(store, table, "build") for table in ("builds", "jobs")}
    server.deleted = 5013
    assert follow(server, store, place)[0].gone == 0
    taken, refused = follow(server, store, place, whole=True)
    assert (refused, taken.gone) == ([], 2)
    for table, known in before.items():
        assert known - of(store, table, "build") == {("5013",)}


def test_another_place_loses_nothing(tmp_path: Path):
    server, store = Server(), Store(tmp_path)
    follow(server, store, "lint")
    follow(server, store, "deploy")
    before = {table: of(store, table, "build") for table in ("builds", "jobs")}
    server.deleted = 5013
    assert follow(server, store, "lint", whole=True)[0].gone == 0
    assert {table: of(store, table, "build") for table in before} == before


def test_what_could_not_be_read_is_not_gone(tmp_path: Path):
    """Steps are only looked at when the builds they are of were all told."""
    server, store = Server(), Store(tmp_path)
    follow(server, store, "*")
    before = of(store, "jobs", "build")
    server.failing = "/builds"
    with pytest.raises(AnswerError):
        follow(server, store, "*", whole=True)
    server.failing = "/builds/5013/"
    taken, refused = follow(server, store, "*", whole=True)
    assert (len(refused), taken.gone) == (1, 0)
    assert of(store, "jobs", "build") == before
