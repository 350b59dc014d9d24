"""Syncing with an interface that refuses, limits or breaks: polite, and honest about what it may not read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.fakes.github import BASE, moment, once, problem
from tests.runs.github_desk import NOW, Desk, filled

from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import (
    AccessError,
    AnswerError,
    CredentialsError,
    NotFoundError,
    SourceError,
    UnreachableError,
)
from trueup.runs.lists import HIDDEN
from trueup.transport.http import ATTEMPTS, Client

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path / "workspace")


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
