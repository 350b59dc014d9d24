"""Syncing with an interface: whole, incremental, resumed, polite, and honest about what it may not read."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.fakes.github import (
    BASE,
    GitHub,
    build,
    deployment,
    issue,
    moment,
    once,
    problem,
    pull,
    review,
)

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import (
    AccessError,
    AnswerError,
    CredentialsError,
    NotFoundError,
    SourceError,
    UnreachableError,
)
from trueup.runs import sync
from trueup.runs.intake import Intake
from trueup.runs.kinds import SOURCES
from trueup.runs.lists import HIDDEN
from trueup.runs.sync import Sync
from trueup.transport.http import ATTEMPTS, Client

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 6, 1, tzinfo=UTC)
GITHUB = SOURCES["github"]
LISTED = [k for k in GITHUB.kinds if k.listing is not None]
FLAT = [k for k in LISTED if not k.listing.each[0]]


class Desk:
    """A workspace that syncs with one GitHub."""

    def __init__(self, folder: Path, github: GitHub) -> None:
        self.github = github
        self.store = Store(folder)
        self.slept: list[float] = []
        self.now = NOW

    def sync(self, *, token: str = "a-token", sleep: Any = None, whole: bool = False):
        transport = httpx.WSGITransport(app=self.github)
        headers = GITHUB.interface.headers(token)
        clock = fixed_clock(self.now)
        wait = sleep or self.slept.append
        client = Client(
            BASE, headers, "GitHub", "GITHUB_TOKEN", clock, sleep=wait, transport=transport
        )
        self.github.asked.clear()
        with self.store.writing(), client:
            intake = Intake(GITHUB, self.store, "acme/app", b"k" * 32, clock, lambda *_: None)
            since = NOW - timedelta(days=365)
            run = Sync(
                GITHUB,
                "acme/app",
                client,
                intake,
                since,
                lambda *_: None,
                f"{BASE}/graphql",
                whole,
            )
            return run.run()

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        found = self.store.snapshot().table(TABLES[table]).to_pylist()
        return sorted(tuple(row[c] for c in columns) for row in found)

    def facts(self) -> dict[str, list[str]]:
        """All current rows but when they were seen."""
        snapshot = self.store.snapshot()
        found = {}
        for table in TABLES:
            rows = snapshot.table(table).drop_columns(["seen_at"]).to_pylist()
            found[table.name] = sorted(map(repr, rows))
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    github = GitHub()
    github.put("issues", *(issue(n, changed=n) for n in range(1, 251)))
    github.put("pulls", *(pull(n, changed=n) for n in range(1, 131, 10)))
    for n in range(1, 131, 10):
        github.put(f"pulls/{n}/reviews", *(review(n * 10 + i, n, at=n + i) for i in range(2)))
    github.put("milestones", {
        "url": f"{BASE}/repos/acme/app/milestones/1", "id": 1, "number": 1, "state": "open", "open_issues": 0,
        "closed_issues": 0, "created_at": moment(0), "updated_at": moment(0),
    })  # fmt: skip
    return Desk(tmp_path / "workspace", github)


def test_the_first_sync_reads_everything(desk: Desk) -> None:
    taken, refused = desk.sync()
    assert refused == []
    assert (taken.unread, taken.problems) == (0, [])
    assert len(desk.rows("issues", "key")) == 250
    assert len(desk.rows("requests", "number")) == 13
    assert len(desk.rows("reviews", "review")) == 26


def test_nothing_new_costs_one_request_for_each_list(desk: Desk) -> None:
    desk.sync()
    records = len(desk.store.snapshot().records)
    taken, _ = desk.sync()
    assert len(desk.github.asked) == len(FLAT)
    assert taken.rows == 0
    assert len(desk.store.snapshot().records) == records, "a sync that tells nothing is no run"


def test_what_changed_is_read_and_nothing_else(desk: Desk) -> None:
    desk.sync()
    desk.github.put("issues", issue(7, changed=900, state="closed", closed_at=moment(900)))
    desk.github.put("pulls", pull(11, changed=901, merged_at=moment(901), state="closed"))
    desk.github.put("pulls/11/reviews", review(999, 11, at=900))
    taken, _ = desk.sync()
    assert ("#7", "done") in desk.rows("issues", "key", "status")
    assert ("11", "merged") in desk.rows("requests", "number", "status")
    assert ("999",) in desk.rows("reviews", "review")
    assert taken.rows == 3
    assert len(desk.github.asked) <= len(FLAT) + 6


def test_what_changes_while_it_is_read_pulls_nothing_past_the_reader(desk: Desk) -> None:
    """An issue that changes moves to the end; what follows moves up by one."""
    moved = iter(range(1, 60))

    def meddle(path: str):
        if path.endswith("/issues") and (number := next(moved, None)):
            desk.github.put("issues", issue(number, changed=2_000 + number, comments=9))

    desk.github.faults.append(meddle)
    desk.sync()
    assert len(desk.rows("issues", "key")) == 250


def test_more_of_one_moment_than_fit_a_page(desk: Desk) -> None:
    desk.github.put("issues", *(issue(n, changed=5_000) for n in range(1, 251)))
    desk.sync()
    assert len(desk.rows("issues", "key")) == 250
    taken, _ = desk.sync()
    assert taken.rows == 0


@pytest.mark.parametrize("seed", range(20))
def test_broken_off_anywhere_it_ends_as_if_it_were_not(
    seed: int, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "SAVED_EVERY", 60)
    whole = Desk(tmp_path / "whole", desk.github)
    whole.sync()
    asked = len(desk.github.asked)
    chance = random.Random(seed)
    breaks = sorted(chance.sample(range(asked), 3))
    for after in breaks:

        def stop(_: str, left: list[int] = [after]) -> None:  # noqa: B006 - one list for each break
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

        desk.github.faults[:] = [stop]
        with suppress(KeyboardInterrupt):
            desk.sync()
    desk.github.faults.clear()
    desk.sync()
    assert desk.facts() == whole.facts()
    assert desk.store.snapshot().content == whole.store.snapshot().content


def test_it_goes_on_where_it_broke(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "SAVED_EVERY", 60)
    desk.github.put("deployments", *(deployment(n) for n in range(1, 31)))
    desk.sync()
    everything = len(desk.github.asked)
    other = Desk(desk.store.workspace.parent / "other", desk.github)
    other.github.faults.append(once("404 Not Found", after=everything - 3))
    other.github.faults.append(stop_after(everything - 2))
    with pytest.raises(KeyboardInterrupt):
        other.sync()
    other.github.faults.clear()
    other.sync()
    assert len(other.github.asked) < everything / 2


def stop_after(requests: int):
    left = [requests]

    def stop(_: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt

    return stop


LIMITS = {
    "until a moment": (
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(NOW.timestamp()) + 90)}, "403 Forbidden", 91,
    ),
    "for so long": ({"ratelimit_remaining": "0", "ratelimit_reset": "30"}, "429 Too Many Requests", 31),
    "seconds": ({"retry_after": "7"}, "429 Too Many Requests", 7),
    "a date": ({"retry_after": "Mon, 01 Jun 2026 00:02:00 GMT"}, "503 Service Unavailable", 120),
    "a broken date": ({"retry_after": "soon"}, "429 Too Many Requests", 60),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_waited_for(name: str, desk: Desk) -> None:
    headers, status, seconds = LIMITS[name]
    desk.github.faults.append(once(status, "slow down", after=2, **headers))
    desk.sync()
    assert desk.slept == [seconds]
    assert len(desk.rows("issues", "key")) == 250


def test_a_secondary_limit_without_a_time(desk: Desk) -> None:
    desk.github.faults.append(once("403 Forbidden", "You have exceeded a secondary rate limit"))
    desk.sync()
    assert desk.slept == [60]


def test_nobody_waits_for_hours_and_what_was_read_is_kept(desk: Desk) -> None:
    reset = str(int(NOW.timestamp()) + 3 * 3600)
    desk.github.faults.append(
        once("403 Forbidden", after=2, x_ratelimit_remaining="0", x_ratelimit_reset=reset)
    )
    with pytest.raises(UnreachableError, match="180 minutes"):
        desk.sync()
    assert desk.slept == []
    assert len(desk.rows("issues", "key")) > 100
    desk.sync()
    assert len(desk.rows("issues", "key")) == 250


@pytest.mark.parametrize(
    "status", ["500 Internal Server Error", "502 Bad Gateway", "504 Gateway Timeout"]
)
def test_what_stumbles_is_asked_again(status: str, desk: Desk) -> None:
    for _ in range(ATTEMPTS - 1):
        desk.github.faults.append(once(status))
    desk.sync()
    assert len(desk.slept) == ATTEMPTS - 1
    assert all(0.5 <= s <= 60 for s in desk.slept)
    assert desk.slept[-1] > desk.slept[0]
    assert len(desk.rows("issues", "key")) == 250


def test_what_stays_broken_is_given_up(desk: Desk) -> None:
    desk.github.faults.append(lambda _: problem("502 Bad Gateway", "no"))
    with pytest.raises(UnreachableError, match="answer 502") as error:
        desk.sync()
    assert len(desk.github.asked) == ATTEMPTS
    assert "a-token" not in str(error.value)


def test_an_error_page_in_place_of_an_answer(desk: Desk) -> None:
    page = ("200 OK", [("Content-Type", "text/html")], b"<html>Please log in</html>")
    desk.github.faults.append(lambda _: page)
    with pytest.raises(AnswerError, match="text/html instead of JSON"):
        desk.sync()


@pytest.mark.parametrize("body", [b"{}", b"7", b'[1, "x"]', b"null"])
def test_an_answer_of_another_shape(body: bytes, desk: Desk) -> None:
    page = ("200 OK", [("Content-Type", "application/json")], body)
    desk.github.faults.append(lambda _: page)
    with pytest.raises(AnswerError, match="something other than a list"):
        desk.sync()


def test_an_interface_that_knows_no_pages(desk: Desk) -> None:
    known = desk.github._list

    def always_the_first(name: str, params: dict[str, str]):
        if name == "issues":
            params |= {"page": "1"}
            params.pop("since", None)
        return known(name, params)

    desk.github._list = always_the_first  # type: ignore[method-assign]
    _, refused = desk.sync()
    assert ["the same page again" in str(error) for error in refused] == [True]
    assert len(desk.rows("requests", "number")) == 13, "the other lists are read"


def test_records_without_a_moment_or_with_odd_ids(desk: Desk) -> None:
    """They are told and left out; nothing else is lost, now or later."""
    desk.github.put("pulls", pull(500, changed=9, updated_at=None))
    desk.github.put("issues", issue(501, changed=9) | {"number": {"a": 1}})
    desk.github.put("milestones", {"id": 7, "number": [], "updated_at": moment(1)})
    for _ in range(2):
        taken, refused = desk.sync()
        assert refused == []
        assert len(desk.rows("issues", "key")) == 250
        assert len(desk.rows("requests", "number")) == 14
    assert taken.rows == 0
    assert desk.rows("gaps", "slug") == [("records.unread",)], "what was not read is not forgotten"


def test_a_page_that_can_no_longer_be_had(desk: Desk) -> None:
    desk.github.put("actions/runs", *(build(n) for n in range(1, 251)))

    def deep(path: str) -> bool:
        return path.endswith("/actions/runs") and "page=2" in desk.github.asked[-1]

    def stop(path: str) -> None:
        if deep(path):
            raise KeyboardInterrupt

    def gone(path: str):
        return problem("422 Unprocessable Entity", "pagination is limited") if deep(path) else None

    desk.github.faults[:] = [stop]
    with pytest.raises(KeyboardInterrupt):
        desk.sync()
    desk.github.faults[:] = [gone]
    desk.sync()
    desk.github.faults.clear()
    desk.sync()
    assert len(desk.rows("builds", "build")) == 250


def graph_error(kind: str, data: object = None, **headers: str):
    told = {"data": data, "errors": [{"type": kind, "message": "it says why"}]}
    return "200 OK", list(headers.items()), json.dumps(told).encode()


def first(answer):
    """A fault of the first question by GraphQL."""
    left = [answer]
    return lambda path: left.pop() if path == "/graphql" and left else None


def test_a_limit_of_graphql_is_waited_for(desk: Desk) -> None:
    at = str(int(NOW.timestamp()) + 30)
    limits = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": at}
    desk.github.faults.append(first(graph_error("RATE_LIMITED", **limits)))
    desk.sync()
    assert desk.slept == [31]
    assert len(desk.rows("requests", "number")) == 13


def test_graphql_that_ran_out_of_time_is_asked_again(desk: Desk) -> None:
    desk.github.faults.append(first(graph_error("")))
    desk.sync()
    assert len(desk.slept) == 1
    assert len(desk.rows("requests", "number")) == 13


@pytest.mark.parametrize(
    ("kind", "error"),
    [("FORBIDDEN", AccessError), ("NOT_FOUND", NotFoundError), ("SOMETHING", AnswerError)],
)
def test_what_graphql_refuses_is_told_and_the_rest_is_read(kind, error, desk: Desk) -> None:
    refusal = graph_error(kind)
    desk.github.faults.append(lambda path: refusal if path == "/graphql" else None)
    _, refused = desk.sync()
    assert [type(one) for one in refused] == [error]
    assert len(desk.rows("issues", "key")) == 250
    desk.github.faults.clear()
    desk.sync()
    assert len(desk.rows("requests", "number")) == 13, "nothing was taken for read"


def test_what_graphql_may_not_show_is_left_out(desk: Desk) -> None:
    page = {"hasNextPage": False, "endCursor": None}
    shown = {"repository": {"pullRequests": {"pageInfo": page, "nodes": [None]}}}
    desk.github.faults.append(first(graph_error("FORBIDDEN", shown)))
    taken, refused = desk.sync()
    assert (refused, taken.unread) == ([], 0)


def test_the_mark_of_a_page_is_not_that_of_those_after_it(desk: Desk) -> None:
    def milestone(number: int, **more: object):
        return {
            "url": f"{BASE}/repos/acme/app/milestones/{number}", "id": number, "number": number,
            "state": "open", "created_at": moment(0), "updated_at": moment(0),
        } | more  # fmt: skip

    desk.github.put("milestones", *(milestone(n) for n in range(1, 131)))
    desk.sync()
    desk.github.put("milestones", milestone(1, state="closed"))
    desk.sync()
    assert ("1", "done") in desk.rows("milestones", "milestone", "status")


def test_a_wrong_token(desk: Desk) -> None:
    with pytest.raises(CredentialsError, match="GITHUB_TOKEN") as error:
        desk.sync(token="a-secret-that-is-wrong")
    assert "a-secret-that-is-wrong" not in str(error.value)


def test_a_place_that_is_not_there(desk: Desk) -> None:
    desk.github.repo = "acme/other"
    with pytest.raises(NotFoundError, match="hides it"):
        desk.sync()


@pytest.fixture
def deployed(desk: Desk) -> Desk:
    """Something whose lists are read for each one."""
    for n in range(1, 14):
        here = f"{BASE}/repos/acme/app/deployments/{n}"
        told = {"created_at": moment(n), "updated_at": moment(n), "environment": "production"}
        made = {
            "id": n,
            "url": here,
            "sha": "1" * 40,
            "ref": "main",
            "task": "deploy",
            "creator": None,
        }
        desk.github.put("deployments", made | told)
        status = {"id": n * 10, "url": f"{here}/statuses/{n * 10}", "state": "success"}
        desk.github.put(f"deployments/{n}/statuses", status | told | {"deployment_url": here})
    return desk


def test_a_list_that_is_hidden_meanwhile_does_not_keep_the_others_back(deployed: Desk) -> None:
    hidden = {f"/repos/acme/app/deployments/{n}/statuses" for n in (1, 2)}
    deployed.github.faults.append(
        lambda path: problem("403 Forbidden", "Not any more") if path in hidden else None
    )
    _, refused = deployed.sync()
    assert [type(error) for error in refused] == [AccessError]
    assert len(deployed.rows("deployment_statuses", "deployment")) == 11
    hidden.clear()
    assert deployed.sync()[1] == []
    assert len(deployed.rows("deployment_statuses", "deployment")) == 13


def test_what_may_not_be_read_at_all_is_not_asked_for_one_by_one(deployed: Desk) -> None:
    def forbid(path: str):
        return problem("403 Forbidden", "No") if path.endswith("/statuses") else None

    deployed.github.faults.append(forbid)
    _, refused = deployed.sync()
    assert [type(error) for error in refused] == [AccessError]
    assert sum("/statuses?" in asked for asked in deployed.github.asked) == HIDDEN


def test_what_may_not_be_read_is_told_and_the_rest_is_read(desk: Desk) -> None:
    def forbid(path: str):
        refused = path.endswith("/actions/runs")
        return problem("403 Forbidden", "Resource not accessible") if refused else None

    desk.github.faults.append(forbid)
    _, refused = desk.sync()
    assert [type(error) for error in refused] == [AccessError]
    assert "Actions: read" in str(refused[0])
    assert len(desk.rows("issues", "key")) == 250
    assert len(desk.rows("reviews", "review")) == 26


def test_the_token_goes_to_no_other_host(desk: Desk) -> None:
    seen = []

    def lead_away(path: str):
        seen.append(path)
        return "302 Found", [("Location", "https://elsewhere.example/x")], b""

    desk.github.faults.append(lead_away)
    with pytest.raises(AnswerError, match="another host"):
        desk.sync()
    assert seen == ["/repos/acme/app/issues"]


def test_a_link_to_another_host_is_not_followed(desk: Desk) -> None:
    link = '<https://elsewhere.example/page2>; rel="next"'
    page = ("200 OK", [("Content-Type", "application/json"), ("Link", link)], b"[]")
    desk.github.faults.append(lambda path: page if path.endswith("/milestones") else None)
    _, refused = desk.sync()
    assert [str(error).partition("  ")[0] for error in refused] == [
        "GitHub answers with an address on another host"
    ]


def test_a_renamed_repository_is_followed(desk: Desk) -> None:
    def renamed(path: str):
        if (
            path.startswith("/repos/acme/app/issues")
            and "comments" not in path
            and "events" not in path
        ):
            return "301 Moved Permanently", [("Location", f"{BASE}/repositories/1/issues")], b""
        found = desk.github._list("issues", {"sort": "updated", "direction": "asc"})[0]

        if path == "/repositories/1/issues":
            return "200 OK", [("Content-Type", "application/json")], json.dumps(found[:50]).encode()
        return None

    desk.github.faults.append(renamed)
    desk.sync()
    assert len(desk.rows("issues", "key")) == 50


def test_errors_of_the_network(desk: Desk) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host")

    client = Client(
        BASE, {"Authorization": "Bearer hidden"}, "GitHub", "GITHUB_TOKEN", fixed_clock(NOW),
        sleep=desk.slept.append, transport=httpx.MockTransport(broken),
    )  # fmt: skip
    with client, pytest.raises(UnreachableError, match="no route to host") as error:
        client.get("/x")
    assert len(desk.slept) == ATTEMPTS - 1
    assert "hidden" not in str(error.value)
    assert issubclass(UnreachableError, SourceError)


def test_the_token_is_nowhere_in_the_workspace(desk: Desk) -> None:
    desk.sync()
    for path in desk.store.workspace.rglob("*"):
        assert not path.is_file() or b"a-token" not in path.read_bytes()


def test_what_is_gone_is_found_by_reading_everything_anew(desk: Desk) -> None:
    desk.sync()
    for name, gone in (("issues", {7, 250}), ("pulls", {11}), ("milestones", {1})):
        desk.github.items[name] = [r for r in desk.github.items[name] if r["number"] not in gone]
    taken, _ = desk.sync()
    assert len(desk.rows("issues", "key")) == 250, "lists of changes do not tell what is gone"
    taken, _ = desk.sync(whole=True)
    keys = {key for (key,) in desk.rows("issues", "key")}
    assert keys == {f"#{n}" for n in range(1, 251)} - {"#7", "#250"}
    assert ("11",) not in desk.rows("requests", "number")
    assert desk.rows("milestones", "milestone") == []
    # Two issues, a milestone, and a request with its two reviews.
    assert (taken.gone, taken.rows) == (6, 0)
    assert desk.sync()[0].gone == 0


def test_what_is_there_again_is_a_fact_again(desk: Desk) -> None:
    desk.sync()
    kept = desk.github.items["issues"]
    desk.github.items["issues"] = kept[1:]
    desk.sync(whole=True)
    desk.github.items["issues"] = kept
    desk.sync(whole=True)
    assert len(desk.rows("issues", "key")) == 250


def test_what_a_text_no_longer_says_is_no_longer_a_link(desk: Desk) -> None:
    def links():
        return [r for r in desk.rows("item_links", "item", "target") if r[0] in {"1", "#3"}]

    desk.github.put("pulls", pull(1, changed=300, body="Closes #3 and closes #4"))
    desk.github.put("issues", issue(3, changed=300, body="see #9"))
    desk.sync()
    assert links() == [("#3", "#9"), ("1", "#3"), ("1", "#4")]
    desk.github.put("pulls", pull(1, changed=301, body="Closes #4"))
    desk.github.put("issues", issue(3, changed=301, body=""))
    taken, _ = desk.sync()
    assert links() == [("1", "#4")]
    assert taken.gone == 2
