"""Bitbucket Cloud: what it does not say, who is who, and a repository without a tracker."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.fakes.lists import BASE, Lists
from tests.sources.reading import by_table, taken
from tests.syncing import sync

from trueup.facts.rows import OddRecordError
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.kinds import SOURCES
from trueup.transport.http import Client

NOW = fixed_clock(datetime(2026, 2, 1, tzinfo=UTC))
BITBUCKET = SOURCES["bitbucket"]
ADA = {"display_name": "Ada Quill", "account_id": "557058:AB", "uuid": "{1}", "type": "user"}
HOME = {"full_name": "acme/app", "type": "repository"}
AT, LATER = "2026-01-05T08:00:00.1+00:00", "2026-01-06T08:00:00+00:00"
WHOLE = "0" * 39 + "a"

Record = dict[str, Any]


def end(sha: str | None = "00000000000a", where: Record | None = HOME) -> Record:
    commit = {"hash": sha} if sha else None
    return {"branch": {"name": "main"}, "commit": commit, "repository": where}


def request(**more: object) -> Record:
    return {
        "id": 41, "title": "A title", "description": None, "state": "OPEN", "created_on": AT, "updated_on": LATER,
        "source": end(), "destination": end("00000000000b"), "author": ADA, "close_source_branch": False,
    } | more  # fmt: skip


def read(
    record: Record, kind: str = "pull_requests", asked: str = "", **about: object
) -> dict[str, list[Record]]:
    return by_table(taken(BITBUCKET, kind, record, about=about, asked=asked))


def merged(sha: str, date: str | None = LATER, **more: object) -> Record:
    commit = {"hash": sha} | ({"date": date} if date else {})
    return request(state="MERGED", merge_commit=commit, closed_by=ADA, **more)


@pytest.mark.parametrize(
    ("record", "at"),
    [
        (merged("00000000000c"), datetime(2026, 1, 6, 8, tzinfo=UTC)),
        (merged("00000000000c", None), None),  # unasked it has no date
        (merged("00000000000a"), None),  # its own newest commit: nothing tells when it was moved along
        (merged("00000000000c", "2026-01-04T08:00:00+00:00"), None),  # pushed by hand, made before
    ],
)  # fmt: skip
def test_when_it_was_merged(record, at):
    (found,) = read(record)["requests"]
    assert (found["merged_at"], found["closed_at"]) == (at, at)
    assert bool(found["merged_by"]) == (record["state"] == "MERGED")


def test_when_it_was_declined_is_its_last_change():
    (found,) = read(request(state="DECLINED", closed_by=ADA))["requests"]
    assert (found["merged_by"], found["merged_at"]) == (None, None)
    assert found["closed_at"] == datetime(2026, 1, 6, 8, tzinfo=UTC)


def test_requests_and_issues_are_numbered_apart():
    found = read(request(description="Fixes #41, see #42"))["item_links"]
    assert {(x["relation"], x["target"]) for x in found} == {("closes", "#41"), ("mentions", "#42")}
    said = {"id": 9, "created_on": AT, "content": {"raw": "Why?"}, "user": ADA}
    told = act(comment=said, update={"state": "MERGED", "date": AT, "author": ADA})
    found = read(told, "activity", place="acme/app")
    assert {found["comments"][0]["key"], found["issue_events"][0]["key"]} == {"!41"}


def test_a_request_that_reverts_another_points_at_a_request():
    told = request(title='Revert "A title"', description="This reverts pull request #5.")
    links = read(told)["item_links"]
    assert ("reverts", "request", "5") in {
        (x["relation"], x["target_kind"], x["target"]) for x in links
    }


def test_ids_of_commits_are_whole_or_left_out():
    (found,) = read(merged("00000000000c"))["requests"]
    assert (found["head_sha"], found["base_sha"], found["merge_sha"]) == (None, None, None)
    found = read(merged(WHOLE, source=end("0" * 39 + "b")))
    assert found["requests"][0]["merge_sha"] == WHOLE
    assert [(x["relation"], x["target"]) for x in found["item_links"]] == [("closed_by", WHOLE)]


@pytest.mark.parametrize(
    ("where", "forked"), [(HOME, False), ({"full_name": "bo/app"}, True), (None, None)]
)
def test_where_it_comes_from(where, forked):
    assert read(request(source=end(where=where)))["requests"][0]["forked"] is forked


def test_a_request_of_somebody_who_left():
    assert read(request(author=None))["requests"][0]["author"] is None


def act(**more: object) -> Record:
    return {"pull_request": {"id": 41}} | more


def test_a_change_of_state_is_told_once():
    told = {"state": "MERGED", "date": LATER, "author": ADA}
    assert len(read(act(update=told), "activity", place="acme/app")["issue_events"]) == 1
    edited = told | {"changes": {"title": {"old": "", "new": ""}}}
    assert read(act(update=edited), "activity", place="acme/app") == {}
    assert read(act(update=told | {"state": "OPEN"}), "activity", place="acme/app") == {}


def test_who_approved_twice_did_so_twice():
    told = [
        read(act(approval={"date": at, "user": ADA}), "activity", place="acme/app")["reviews"][0]
        for at in (AT, LATER)
    ]
    assert len({r["review"] for r in told}) == 2
    assert {r["verdict"] for r in told} == {"approved"}


def test_activity_nobody_knows_of_gives_nothing():
    assert read(act(task={"id": 3}), "activity", place="acme/app") == {}


@pytest.mark.parametrize("kind", ["activity", "pull_request_commits", "deployments"])
def test_a_record_of_no_repository(kind):
    records = {
        "activity": act(approval={"date": AT, "user": ADA}),
        "pull_request_commits": {"hash": WHOLE, "date": AT, "author": {"raw": "Ada <a@example.org>"}},
        "deployments": {"uuid": "{1}", "environment": {}, "state": {"name": "UNDEPLOYED"}},
    }  # fmt: skip
    with pytest.raises(OddRecordError):
        read(records[kind], kind)


def test_whose_a_commit_is():
    asked = "https://api.bitbucket.org/2.0/repositories/acme/app/pullrequests/41/commits"
    author = {"raw": "Ada Quill <ada@example.org>", "user": ADA}
    record = {"hash": WHOLE, "date": AT, "author": author, "message": "Do\n\nWhy"}
    rows = taken(BITBUCKET, "pull_request_commits", record, asked=asked)
    (person,) = rows.people("here").to_pylist()
    assert (person["address"], person["proper_address"]) == (
        "ada@example.org",
        "557058:ab@account.atlassian.com",
    )


@pytest.mark.parametrize(
    ("state", "status", "result"),
    [
        ({"name": "PENDING"}, "queued", ""),
        ({"name": "IN_PROGRESS", "stage": {"name": "RUNNING"}}, "running", ""),
        ({"name": "IN_PROGRESS", "stage": {"name": "HALTED"}}, "queued", ""),
        ({"name": "COMPLETED", "result": {"name": "ERROR"}}, "done", "failure"),
        ({"name": "COMPLETED", "result": {"name": "STOPPED"}}, "done", "cancelled"),
        ({"name": "COMPLETED"}, "done", ""),
        ({"name": "MELTED"}, "other", ""),
    ],
)
def test_how_a_pipeline_stands(state, status, result):
    record = {"uuid": "{1}", "state": state, "created_on": AT, "completed_on": LATER, "repository": HOME}  # fmt: skip
    (found,) = read(record, "pipelines")["builds"]
    assert (found["status"], found["result"]) == (status, result)
    assert bool(found["ended_at"]) == (status == "done")


def test_a_deployment_without_the_name_of_its_environment():
    """It is left out of an answer that is not asked for it."""
    record = {"uuid": "{1}", "environment": {"uuid": "{2}"}, "state": {"name": "UNDEPLOYED"}}
    (found,) = read(record, "deployments", place="acme/app")["deployments"]
    assert (found["environment"], found["environment_kind"], found["status"]) == (
        None,
        None,
        "queued",
    )


def test_the_door():
    face = BITBUCKET.interface
    assert face.door("bitbucket.org", {}) is face.usual
    assert face.door("bitbucket.example.org", {}) is None
    assert face.headers("ada@example.org:t")["Authorization"] == "Basic YWRhQGV4YW1wbGUub3JnOnQ="
    assert face.headers("t")["Authorization"] == "Bearer t"
    assert "Authorization" not in face.headers("")


class Tracker(Lists):
    """A repository whose lists of some kinds are not there."""

    lacks = "/issues"

    def __call__(self, environ, start):
        if environ["PATH_INFO"].endswith(self.lacks):
            start("404 Not Found", [("Content-Type", "application/json")])
            return [b'{"type": "error", "error": {"message": "Repository has no issue tracker."}}']
        return super().__call__(environ, start)


@pytest.mark.parametrize(("lacks", "refused"), [("/issues", 0), ("/pipelines", 1)])
def test_a_repository_without_a_tracker(lacks, refused, tmp_path):
    app = Tracker(BITBUCKET, {"pull_requests": [(request(), "")]})
    app.lacks = lacks
    store = Store(tmp_path)
    client = Client(
        BASE, {}, "Bitbucket", "BITBUCKET_TOKEN", NOW, transport=httpx.WSGITransport(app=app)
    )
    read_, told = sync(BITBUCKET, store, "acme/app", client, NOW)
    assert len(told) == refused
    assert read_.records["pull_requests"] == 1
