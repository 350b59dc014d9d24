"""Records of CircleCI: commits of workflows, attempts, approvals, accounts; and asking for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.fakes.lists import BASE, Lists
from tests.sources.reading import taken, with_people
from tests.syncing import sync

from trueup.facts.rows import UNREADABLE, Rows
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.kinds import SOURCES
from trueup.transport.http import Client

NOW = datetime(2026, 2, 1, tzinfo=UTC)
CIRCLECI = SOURCES["circleci"]
MADE, ENDED = "2026-01-05T08:00:00Z", "2026-01-05T08:10:00Z"


def facts(kind: str, record: dict[str, Any], **asked: Any) -> dict[str, list[dict[str, Any]]]:
    return with_people(taken(CIRCLECI, kind, record, **asked))


def pipeline(**more: Any) -> dict[str, Any]:
    told = {"id": "p-1", "number": 1, "project_slug": "gh/acme/app", "state": "created"}
    trigger = {"type": "webhook", "actor": {"login": "ada-q"}}
    vcs = {"revision": "a1", "branch": "main"}
    return told | {"created_at": MADE, "trigger": trigger, "vcs": vcs} | more


def workflow(**more: Any) -> dict[str, Any]:
    told = {"id": "w-1", "pipeline_id": "p-1", "pipeline_number": 1, "project_slug": "gh/acme/app"}
    ended = {"status": "success", "created_at": MADE, "stopped_at": ENDED, "started_by": "u-1"}
    return told | {"name": "test"} | ended | more


def job(**more: Any) -> dict[str, Any]:
    told = {"id": "j-1", "project_slug": "gh/acme/app", "name": "unit", "type": "build"}
    return told | {"status": "success", "started_at": MADE, "stopped_at": ENDED} | more


@pytest.mark.parametrize(
    ("slug", "repo"),
    [
        ("gh/acme/app", "acme/app"),
        ("github/acme/app", "acme/app"),
        ("bb/acme/app", "acme/app"),
        ("circleci/4Fq/9Zk", "circleci/4Fq/9Zk"),
    ],
)
def test_the_repository_by_the_slug(slug, repo):
    assert facts("workflows", workflow(project_slug=slug))["builds"][0]["repo"] == repo


@pytest.mark.parametrize(
    ("vcs", "targets"),
    [
        (None, []),
        ({"branch": "main"}, []),
        ({"revision": "a1", "tag": "v1"}, ["a1"]),
        ({"revision": "a1", "branch": "fix", "review_id": "41"}, ["a1", "41"]),
        ({"revision": "a1", "branch": "pull/42", "review_id": ""}, ["a1", "42"]),
        ({"revision": "a1", "branch": "pull/42/head"}, ["a1"]),
    ],
)
def test_what_a_pipeline_is_about(vcs, targets):
    found = facts("pipelines", pipeline(vcs=vcs)).get("item_links", [])
    assert [r["target"] for r in found] == targets
    assert all(
        (r["item_kind"], r["item"], r["relation"]) == ("pipeline", "p-1", "tests") for r in found
    )


def test_a_pipeline_of_a_github_app_tells_its_commit_with_its_trigger():
    git = {"branch": "pull/42", "checkout_sha": "a1"}
    record = pipeline(trigger_parameters={"git": git, "github_app": {"commit_sha": "a1"}})
    del record["vcs"]
    found = facts("pipelines", record)["item_links"]
    assert [r["target"] for r in found] == ["a1", "42"]


@pytest.mark.parametrize("fields", [
    {"vcs.branch": "main", "vcs.revision": "a1"},
    {"trigger_parameters.git.branch": "main", "trigger_parameters.git.checkout_sha": "a1"},
])  # fmt: skip
def test_a_workflow_takes_its_commit_from_what_was_noted_of_its_pipeline(fields):
    assert set(fields) <= set(CIRCLECI.kind("workflows").listing.beside)
    (row,) = facts("workflows", workflow(), about=fields)["builds"]
    assert (row["branch"], row["sha"]) == ("main", "a1")


def test_what_a_file_does_not_tell_stands_as_a_sync_told_it():
    """A workflow of a file has no commit of its own: it must not take away the one that is known."""
    rows = Rows(b"a key for tests")
    for about in ({"trigger.type": "webhook", "vcs.branch": "main", "vcs.revision": "a1"}, {}):
        rows.begin("x:1", "0" * 64, about=about)
        CIRCLECI.kind("workflows").to_facts(workflow(), rows)
    builds = {table.name: told.to_pylist() for table, told in rows.tables()}["builds"]
    assert [(r["event"], r["branch"], r["sha"]) for r in builds] == [("webhook", "main", "a1")]


@pytest.mark.parametrize(("told", "attempt"), [({}, None), ({"auto_rerun_number": 1}, 2)])
def test_which_attempt_a_workflow_is(told, attempt):
    assert facts("workflows", workflow(**told))["builds"][0]["attempt"] == attempt


@pytest.mark.parametrize(
    ("word", "status", "result"),
    [
        ("success", "done", "success"),
        ("failed", "done", "failure"),
        ("error", "done", "failure"),
        ("canceled", "done", "cancelled"),
        ("not_run", "done", "skipped"),
        ("unauthorized", "done", "other"),
        ("running", "running", ""),
        ("failing", "running", ""),
        ("on_hold", "queued", ""),
        ("something", "other", "other"),
    ],
)
def test_workflows(word, status, result):
    (row,) = facts("workflows", workflow(status=word))["builds"]
    assert (row["status"], row["status_original"], row["result"]) == (status, word, result)
    assert (row["ended_at"] is not None) == (status == "done")
    assert row["sha"] is None


def test_an_end_before_the_beginning_is_none():
    (row,) = facts("workflows", workflow(created_at=ENDED, stopped_at=MADE))["builds"]
    assert (row["status"], row["ended_at"]) == ("done", None)


def test_a_workflow_nobody_started():
    (row,) = facts("workflows", workflow(started_by="", created_at="", stopped_at=""))["builds"]
    assert (row["starter"], row["happened_at"], row["ended_at"]) == (None, None, None)


@pytest.mark.parametrize("kind", ["pipelines", "workflows", "jobs", "users"])
def test_what_has_expired_has_no_id(kind):
    record = {"pipelines": pipeline, "workflows": workflow, "jobs": job}.get(kind, dict)
    with pytest.raises(UNREADABLE, match="expired"):
        facts(kind, record(id=None))


@pytest.mark.parametrize(
    ("told", "status", "result"),
    [
        ({"status": "success"}, "done", "success"),
        ({"type": "approval", "status": "success", "approved_by": "u-2"}, "done", "neutral"),
        ({"type": "approval", "status": "on_hold"}, "queued", ""),
        ({"type": "approval", "status": "canceled"}, "done", "cancelled"),
        ({"status": "blocked"}, "queued", ""),
        ({"status": "timedout"}, "done", "failure"),
        ({"status": "retried"}, "done", "other"),
    ],
)
def test_jobs(told, status, result):
    (row,) = facts("jobs", job(**told), asked="https://circleci.com/api/v2/workflow/w-9/job")[
        "jobs"
    ]
    assert (row["build"], row["status"], row["result"]) == ("w-9", status, result)


def test_a_job_of_an_unknown_workflow():
    (row,) = facts("jobs", job())["jobs"]
    assert row["build"] is None


@pytest.mark.parametrize(
    ("user", "place", "proper"),
    [
        ({"login": "Ada-Q", "name": "Ada Quill"}, "gh/acme/app", "ada-q@users.noreply.github.com"),
        ({"login": "Ada-Q", "name": "Ada Quill"}, "bb/acme/app", "u-1@circleci.invalid"),
        ({"login": "ada@example.org", "name": None}, "circleci/a/b", "ada@example.org"),
        ({"login": None, "name": "Ada Quill"}, "gh/acme/app", "u-1@circleci.invalid"),
    ],
)
def test_accounts(user, place, proper):
    (row,) = facts("users", {"id": "u-1"} | user, about={"place": place})["people"]
    assert (row["address"], row["proper_address"]) == ("u-1@circleci.invalid", proper)


def test_an_organisation_is_nobody():
    record = {"id": "o-1", "vcs_type": "github", "slug": "gh/acme", "name": "acme"}
    assert facts("users", record)["people"] == []


class Server:
    """CircleCI with one pipeline of two workflows; ``down`` is a path that gives no answer."""

    def __init__(self, folder) -> None:
        again = workflow(id="w-2", stopped_at=None, status="running")
        self.lists = Lists(
            CIRCLECI,
            {
                "pipelines": [(pipeline(), "")],
                "workflows": [(workflow(status="failed"), ""), (again, "")],
                "users": [({"id": "u-1", "login": "Ada-Q", "name": "Ada Quill"}, "")],
            },
        )
        self.store = Store(folder)
        self.down = ""

    def __call__(self, environ, start):
        if self.down and self.down in environ["PATH_INFO"]:
            start("401 Unauthorized", [("Content-Type", "application/json")])
            return [b"{}"]
        return self.lists(environ, start)

    def sync(self):
        face, clock = CIRCLECI.interface, fixed_clock(NOW)
        transport = httpx.WSGITransport(app=self)
        client = Client(
            BASE, face.headers("x"), "CircleCI", "CIRCLE_TOKEN", clock, transport=transport
        )
        return sync(CIRCLECI, self.store, "gh/acme/app", client, clock)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.store.snapshot().table(TABLES[table]).to_pylist()


def test_workflows_have_the_commit_of_their_pipeline_also_when_it_breaks_between(tmp_path):
    server = Server(tmp_path)
    server.down = "/workflow"
    with pytest.raises(Exception, match="CircleCI"):
        server.sync()
    assert server.rows("builds") == []
    (record,) = server.store.snapshot().records
    assert "ada-q" not in str(record.cursor), "nobody is named in what is noted"
    server.down = ""
    _, refused = server.sync()
    assert refused == []
    found = [(r["build"], r["sha"], r["branch"], r["event"]) for r in server.rows("builds")]
    assert sorted(found) == [("w-1", "a1", "main", "webhook"), ("w-2", "a1", "main", "webhook")]
    proper = {r["proper_address"] for r in server.rows("people") if r["name"]}
    assert proper == {"ada-q@users.noreply.github.com"}


def test_the_door_and_the_headers():
    face = CIRCLECI.interface
    assert face.door("", {}) == face.usual
    assert face.door("git.example.org", {}) is None
    own = face.door("", {"CIRCLECI_URL": "https://circleci.example.org"})
    assert own.address == "https://circleci.example.org/api/v2"
    assert own.secrets == ("CIRCLECI_TOKEN", "CIRCLE_TOKEN")
    assert face.headers("secret")["Circle-Token"] == "secret"
    assert "Circle-Token" not in face.headers("")
