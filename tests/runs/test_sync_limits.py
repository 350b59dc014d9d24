"""Lists that give only so much: windows of time, ends that are told, limits that are not passed over in silence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from tests.syncing import sync

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock, moment_of
from trueup.kernel.sources import Source, own_door
from trueup.runs.forges import place_of
from trueup.runs.kinds import SOURCES
from trueup.transport.http import Client

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BASE = "https://interface.example"
#: Of the limits of SonarQube, small enough to be seen: pages of two, six of one list.
MOST, SIZE = 6, 2


@dataclass
class Desk:
    """A workspace that syncs one list of a source with a stand-in for its interface."""

    folder: Path
    source: Source
    answer: Callable[[dict[str, str]], Any]
    place: str = "shop"
    asked: list[dict[str, str]] = field(default_factory=list)
    now: datetime = NOW

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        params = dict(parse_qsl(environ["QUERY_STRING"]))
        self.asked.append(params)
        found = self.answer(params)
        start("400 Bad Request" if "errors" in found else "200 OK", [("Content-Type", "text/json")])
        return [json.dumps(found).encode()]

    def sync(self):
        store = Store(self.folder)
        clock = fixed_clock(self.now)
        client = Client(
            BASE, {}, "It", "TOKEN", clock, transport=httpx.WSGITransport(app=self), sleep=lambda _: None
        )  # fmt: skip
        return sync(self.source, store, self.place, client, clock)

    def rows(self, table: str, column: str) -> list[Any]:
        found = Store(self.folder).snapshot().table(TABLES[table]).to_pylist()
        return sorted(row[column] for row in found)


def only(name: str, kind_name: str, **params: int) -> Source:
    """The source with one of its lists, of smaller pages."""
    source = SOURCES[name]
    kind = next(k for k in source.kinds if k.name == kind_name)
    assert kind.listing is not None
    smaller = replace(kind.listing, params={**kind.listing.params, **params})
    smaller = replace(smaller, most=MOST if smaller.most else 0)
    return replace(source, kinds=(replace(kind, listing=smaller),))


def finding(number: int, made: datetime, **more: Any) -> dict[str, Any]:
    stamp = made.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {
        "key": f"A{number:03}", "rule": "x:1", "component": "shop:a.py", "project": "shop", "status": "OPEN",
        "severity": "MINOR", "type": "BUG", "creationDate": stamp, "updateDate": stamp, **more,
    }  # fmt: skip


def numbered(records: list[dict[str, Any]], params: dict[str, str], name: str) -> Any:
    """As SonarQube answers: no result beyond the limit, and how many there are in all."""
    page, size = int(params.get("p", 1)), int(params["ps"])
    if page * size > MOST:
        text = f"Can return only the first {MOST} results. {page * size}th result asked."
        return {"errors": [{"msg": text}]}
    shown = records[(page - 1) * size : page * size]
    return {"paging": {"pageIndex": page, "pageSize": size, "total": len(records)}, name: shown}


@pytest.mark.parametrize(("count", "missing"), [(5, 0), (6, 0), (7, 1), (100, 94)])
def test_what_lies_beyond_a_limit_is_told(tmp_path, count, missing):
    records = [
        finding(n, NOW, securityCategory="dos", vulnerabilityProbability="LOW")
        for n in range(count)
    ]
    desk = Desk(
        tmp_path,
        only("sonarqube", "hotspots", ps=SIZE),
        lambda params: numbered(records, params, "hotspots"),
    )
    taken, refused = desk.sync()
    assert refused == []
    assert len(desk.rows("findings", "finding")) == count - missing
    assert taken.unread == missing
    told = f"hotspots/search: {missing} of {count} records are beyond what it gives of one list"
    assert [told in problem for problem in taken.problems] == [True] * bool(missing)
    assert desk.rows("gaps", "count") == ([missing] if missing else [])
    assert len(desk.asked) <= MOST / SIZE


def by_creation(records: list[dict[str, Any]], params: dict[str, str]) -> Any:
    assert params["createdAfter"].endswith("+0000"), "it reads no other way of writing a zone"
    after = moment_of(params["createdAfter"])
    later = [r for r in records if moment_of(r["creationDate"]) >= after]
    return numbered(sorted(later, key=lambda r: r["creationDate"]), params, "issues")


def test_by_their_dates_more_can_be_had_than_one_list_gives(tmp_path):
    """Also what is older than the first sync looks back; more at each moment than fit a page."""
    records = [finding(n, NOW - timedelta(days=n // 3 * 60)) for n in range(90)]
    desk = Desk(
        tmp_path, only("sonarqube", "issues", ps=SIZE), lambda params: by_creation(records, params)
    )
    taken, refused = desk.sync()
    assert (refused, taken.problems) == ([], [])
    assert desk.rows("findings", "finding") == [r["key"] for r in records]
    records[89] |= {"status": "CLOSED", "resolution": "FIXED"}
    taken, _ = desk.sync()
    assert taken.rows == 1, "an old issue that changes is seen, however old"


def test_more_of_one_moment_than_a_list_gives_is_told(tmp_path):
    records = [finding(n, NOW) for n in range(9)]
    desk = Desk(
        tmp_path, only("sonarqube", "issues", ps=SIZE), lambda params: by_creation(records, params)
    )
    taken, refused = desk.sync()
    assert refused == []
    assert taken.unread == 3


def incident(number: int, made: datetime) -> dict[str, Any]:
    return {
        "id": f"Q{number:04}", "incident_number": number, "urgency": "high", "status": "triggered",
        "service": {"id": "shop"}, "created_at": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }  # fmt: skip


def windowed(records: list[dict[str, Any]], params: dict[str, str]) -> Any:
    """As PagerDuty answers, at its strictest: what lies between two moments, neither included."""
    since, until = moment_of(params["since"]), moment_of(params["until"])
    assert timedelta() < until - since <= timedelta(days=181)
    found = [r for r in records if since < moment_of(r["created_at"]) < until]
    at, size = int(params.get("offset", 0)), int(params["limit"])
    assert at + size <= MOST
    more = at + size < len(found)
    return {"incidents": found[at : at + size], "more": more, "total": len(found)}


def test_windows_of_time_leave_nothing_out(tmp_path):
    records = [incident(n, NOW - timedelta(days=360, seconds=n // 3)) for n in range(40)]
    records += [incident(100 + n, NOW - timedelta(hours=n)) for n in range(30)]
    records.sort(key=lambda r: r["created_at"])
    desk = Desk(
        tmp_path,
        only("pagerduty", "incidents", limit=SIZE),
        lambda params: windowed(records, params),
    )
    taken, refused = desk.sync()
    assert (refused, taken.problems) == ([], [])
    assert desk.rows("issues", "key") == sorted(r["id"] for r in records)
    desk.asked.clear()
    taken, _ = desk.sync()
    assert taken.rows == 0
    assert min(p["since"] for p in desk.asked) >= "2026-05-01", "only the last month is read again"


def test_an_empty_year_is_gone_through_and_ends(tmp_path):
    desk = Desk(
        tmp_path, only("pagerduty", "incidents", limit=SIZE), lambda params: windowed([], params)
    )
    desk.sync()
    assert len(desk.asked) == 3


@pytest.mark.parametrize("size", [2, 4], ids=["full", "not full"])
@pytest.mark.parametrize(("more", "read"), [(True, 3), (False, 2)])
def test_an_answer_that_says_whether_it_goes_on_is_believed(tmp_path, size, more, read):
    """Whether a page holds as much as was asked for or not."""

    def answer(params: dict[str, str]) -> Any:
        later = "offset" in params
        shown = (
            [{"id": "U3", "name": "c"}] if later else [{"id": f"U{n}", "name": "a"} for n in "12"]
        )
        return {"users": shown, "more": more and not later, "total": None}

    taken, _ = Desk(tmp_path, only("pagerduty", "users", limit=size), answer).sync()
    assert taken.records["users"] == read


@pytest.mark.parametrize(
    "body",
    [
        {"message": "no such page"},
        {"error": {"message": "no such page", "code": 2001}},
        {"errors": [{"msg": "no such page"}, {"msg": "and more"}]},
    ],
)
def test_the_reason_of_a_refusal_is_told(tmp_path, body):
    desk = Desk(
        tmp_path, only("sonarqube", "hotspots"), lambda _: body | {"errors": body.get("errors", [])}
    )
    with pytest.raises(Exception, match="no such page"):
        desk.sync()


def test_the_variable_that_says_where_a_server_is(monkeypatch):
    door = own_door("SONAR", where="SONAR_HOST_URL")
    found = door("", {"SONAR_HOST_URL": "sonar.example.org/", "SONAR_URL": "https://other.example"})
    assert found is not None
    assert (found.address, found.secrets) == ("https://sonar.example.org", ("SONAR_TOKEN",))
    assert own_door("SONAR")("", {"SONAR_HOST_URL": "sonar.example.org"}) is None
    monkeypatch.delenv("SONAR_HOST_URL", raising=False)
    with pytest.raises(Exception, match="SONAR_HOST_URL"):
        place_of("sonarqube:shop")
    monkeypatch.setenv("SONAR_HOST_URL", "https://sonar.example.org")
    assert place_of("sonarqube:shop").door.address == "https://sonar.example.org"
