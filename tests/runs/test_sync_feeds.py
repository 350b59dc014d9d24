"""Feeds, cursors in headers, places asked for by themselves, and interfaces that have GraphQL only."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.syncing import sync

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import AccessError, CredentialsError, NotFoundError, UnreachableError
from trueup.kernel.sources import Source
from trueup.runs.kinds import SOURCES
from trueup.transport.http import Client

NOW = datetime(2026, 2, 1, tzinfo=UTC)
RAW = Path(__file__).parents[1] / "flow"
BUILDS = json.loads((RAW / "azuredevops/raw/builds.json").read_text())["value"]


@dataclass
class Desk:
    """A workspace that syncs some kinds of a source with answers given one after the other."""

    folder: Path
    source: Source
    place: str
    answers: list[httpx.Response]
    asked: list[httpx.Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answers.pop(0)

    def sync(self):
        self.asked.clear()
        store, clock, face = Store(self.folder), fixed_clock(NOW), self.source.interface
        client = Client(
            face.usual.address, face.headers("a-token"), "It", "TOKEN", clock,
            transport=httpx.MockTransport(self), sleep=self.slept.append,
        )  # fmt: skip
        return sync(self.source, store, self.place, client, clock, graph=face.usual.graph)

    def rows(self, table: str, column: str) -> list[Any]:
        found = Store(self.folder).snapshot().table(TABLES[table]).to_pylist()
        return sorted(row[column] for row in found)


def only(name: str, *kinds: str) -> Source:
    source = SOURCES[name]
    return replace(source, kinds=tuple(k for k in source.kinds if k.name in kinds))


def told(body: Any, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers=headers)


PLACE = told({"id": "a-guid", "name": "app"})
NEXT = "https://dev.azure.com/acme/Shop/_apis/wit/reporting/workItemRevisions?continuationToken="


def revision(number: int, state: str) -> dict[str, Any]:
    moment = "2026-01-05T08:00:00Z"
    fields = {"TeamProject": "Shop", "WorkItemType": "Bug", "State": state, "Title": "x"}
    fields |= {"CreatedDate": moment, "ChangedDate": moment}
    return {"id": number, "rev": 1, "fields": {f"System.{k}": v for k, v in fields.items()}}


def batch(*revisions: dict[str, Any], token: int, last: bool) -> httpx.Response:
    return told({"values": list(revisions), "nextLink": f"{NEXT}{token}", "isLastBatch": last})


@pytest.fixture
def items(tmp_path):
    return Desk(tmp_path, only("azuredevops", "work_items"), "acme/Shop/app", [])


def test_a_feed_goes_on_from_where_it_ended(items):
    items.answers += [
        PLACE,
        batch(revision(1, "New"), token=7, last=False),
        batch(token=8, last=True),
    ]
    items.sync()
    params = [dict(r.url.params) for r in items.asked[1:]]
    assert [p.get("continuationToken") for p in params] == [None, "7"]
    assert [p.get("startDateTime") for p in params] == ["2025-02-01T00:00:00Z", None]
    items.answers += [batch(revision(1, "Closed"), revision(2, "New"), token=9, last=True)]
    items.sync()
    assert [str(r.url) for r in items.asked] == [f"{NEXT}8"]
    assert items.rows("issues", "status") == ["done", "open"]


def test_a_feed_with_nothing_new_is_asked_once(items):
    items.answers += [PLACE, batch(revision(1, "New"), token=7, last=True)]
    items.sync()
    items.answers.append(batch(token=7, last=False))
    items.sync()
    assert items.answers == []


def test_a_feed_begins_anew_where_its_mark_is_forgotten(items):
    items.answers += [PLACE, batch(revision(1, "New"), token=7, last=True)]
    items.sync()
    items.answers += [told({"message": "too old"}, 400), PLACE, batch(revision(1, "Closed"), token=9, last=True)]  # fmt: skip
    taken, refused = items.sync()
    assert (refused, taken.records["work_items"]) == ([], 1)
    assert items.rows("issues", "status") == ["done"]


def test_a_feed_that_is_broken_from_the_beginning_is_told(items):
    items.answers += [PLACE, told({"message": "no"}, 400)]
    with pytest.raises(Exception, match="answer 400: no"):
        items.sync()


def test_a_page_of_a_feed_that_stays_broken_is_given_up(items):
    items.answers += [PLACE, batch(revision(1, "New"), token=7, last=False), told({}, 400)]
    _, refused = items.sync()
    assert len(refused) == 1
    items.answers += [told({}, 400), PLACE, batch(revision(1, "New"), token=7, last=False), told({}, 400)]  # fmt: skip
    _, refused = items.sync()
    assert (len(refused), items.answers) == (1, [])


def test_a_feed_that_breaks_off_reads_the_page_again(items):
    items.answers += [PLACE, batch(revision(1, "New"), token=7, last=False)]
    items.answers += [told({}, 401)]
    with pytest.raises(CredentialsError):
        items.sync()
    items.answers += [batch(revision(2, "New"), token=8, last=True)]
    items.sync()
    assert "continuationToken=7" in str(items.asked[-1].url)
    assert items.rows("issues", "key") == ["#1", "#2"]


@pytest.fixture
def builds(tmp_path):
    return Desk(tmp_path, only("azuredevops", "builds", "jobs"), "acme/Shop/app", [])


def test_a_cursor_in_a_header_is_followed_where_one_moment_fills_a_page(builds):
    ended = {"finishTime": "2025-02-01T00:00:00Z"}
    first, second = ({**one, **ended} for one in BUILDS[1:3])
    more = {"x-ms-continuationtoken": "a-mark"}
    builds.answers += [
        PLACE, told({"value": [first]}, **more), told({"value": [second]}),
        httpx.Response(204), told({"records": None}),
    ]  # fmt: skip
    taken, refused = builds.sync()
    assert refused == []
    assert builds.rows("builds", "build") == ["302", "303"]
    params = [dict(r.url.params) for r in builds.asked]
    assert (params[1]["repositoryId"], params[2]["continuationToken"]) == ("a-guid", "a-mark")
    assert taken.records["jobs"] == 0, "a build that never ran has no timeline"
    assert builds.slept == []


def test_the_place_is_asked_for_by_its_path(builds):
    builds.place = "acme/My Shop/app"
    builds.answers += [told({"id": "a-guid", "name": "App"}), told({"value": []})]
    builds.sync()
    paths = [r.url.raw_path.partition(b"?")[0].decode() for r in builds.asked]
    assert paths == [
        "/acme/My%20Shop/_apis/git/repositories/app",
        "/acme/My%20Shop/_apis/build/builds",
    ]


def test_a_place_that_is_not_there(builds):
    builds.answers.append(told({"message": "no such repository"}, 404))
    with pytest.raises(NotFoundError):
        builds.sync()


@pytest.fixture
def comments(tmp_path):
    return Desk(tmp_path, only("linear", "comments"), "ENG", [])


def page(*records: dict[str, Any], more: str = "") -> httpx.Response:
    info = {"hasNextPage": bool(more), "endCursor": more or None}
    return told({"data": {"comments": {"nodes": list(records), "pageInfo": info}}})


def comment(number: int, day: int) -> dict[str, Any]:
    at = f"2026-01-{day:02}T08:00:00.000Z"
    of = {"identifier": "ENG-1", "team": {"key": "ENG"}}
    return {
        "id": f"c{number}",
        "body": "x",
        "createdAt": at,
        "updatedAt": at,
        "editedAt": None,
        "issue": of,
    }


def variables(desk: Desk) -> list[dict[str, Any]]:
    return [json.loads(r.content)["variables"] for r in desk.asked]


def test_an_interface_that_has_graphql_only_is_asked_nothing_else(comments):
    comments.answers += [page(comment(2, 9), more="a-cursor"), page(comment(1, 5))]
    comments.sync()
    assert {(r.method, str(r.url)) for r in comments.asked} == {
        ("POST", "https://api.linear.app/graphql")
    }
    since = "2025-02-01T00:00:00Z"
    assert variables(comments) == [
        {"team": "ENG", "since": since, "cursor": None},
        {"team": "ENG", "since": since, "cursor": "a-cursor"},
    ]
    comments.answers.append(page(comment(2, 9)))
    comments.sync()
    assert variables(comments) == [{"team": "ENG", "since": "2026-01-09T08:00:00Z", "cursor": None}]
    assert comments.rows("comments", "comment") == ["c1", "c2"]


def refusal(code: str, status: int = 200) -> httpx.Response:
    return told({"errors": [{"message": "it says why", "extensions": {"code": code}}]}, status)


@pytest.mark.parametrize("status", [200, 400])
def test_a_limit_that_is_told_by_its_code_is_waited_for(status, comments):
    comments.answers += [refusal("RATELIMITED", status), page(comment(1, 5))]
    comments.sync()
    assert comments.slept == [60]
    assert comments.rows("comments", "comment") == ["c1"]


@pytest.mark.parametrize("status", [200, 401])
def test_a_key_that_is_refused(status, comments):
    comments.answers.append(refusal("AUTHENTICATION_ERROR", status))
    with pytest.raises(CredentialsError):
        comments.sync()


def test_what_may_not_be_read(comments):
    comments.answers.append(refusal("FORBIDDEN"))
    _, refused = comments.sync()
    assert [type(e) for e in refused] == [AccessError]


def test_what_is_broken_there_is_asked_again_and_given_up(comments):
    comments.answers += [refusal("INTERNAL_SERVER_ERROR"), page(comment(1, 5))]
    comments.sync()
    assert len(comments.slept) == 1
    comments.answers += [refusal("RATELIMITED", 400) for _ in range(6)]
    with pytest.raises(UnreachableError):
        comments.sync()
