"""A real Buildbot: it builds what its own interface is told to build, and is followed by ours."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.serving import facts, free_port, installed, rows, serving, stop, sync

from trueup.facts.store import Store
from trueup.kernel.errors import AccessError, NotFoundError
from trueup.runs.kinds import SOURCES

pytestmark = pytest.mark.e2e

BUILDBOT = SOURCES["buildbot"]
SHA = "3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e"

#: Builders that pass, warn, fail, lose their worker once, and wait for a file.
CONFIGURATION = """
import os
from buildbot.plugins import schedulers, steps, util, worker
from buildbot.process.buildstep import BuildStep
from buildbot.process.results import RETRY, SUCCESS


class LosesItsWorkerOnce(BuildStep):
    name = "once"

    async def run(self):
        flag = os.path.join(basedir, "lost")
        if os.path.exists(flag):
            return SUCCESS
        open(flag, "w").close()
        return RETRY


def shell(name, text, **more):
    return steps.ShellCommand(name=name, command=["sh", "-c", text], **more)


BUILDERS = {
    "unit tests": [shell("compile", "exit 0"), shell("test", "exit 0"), shell("publish", "exit 0", doStepIf=False)],
    "lint": [shell("style", "exit 1", flunkOnFailure=False, warnOnFailure=True)],
    "deploy": [shell("ship", "test -e " + os.path.join(basedir, "fixed"))],
    "nightly": [LosesItsWorkerOnce()],
    "slow": [shell("wait", "while ! test -e " + os.path.join(basedir, "go") + "; do sleep 0.1; done")],
}
BuildmasterConfig = {
    "workers": [worker.LocalWorker("local")],
    "protocols": {"null": {}},
    "title": "Checkout",
    "titleURL": "http://127.0.0.1/",
    "buildbotURL": "http://127.0.0.1:%(port)s/",
    "buildbotNetUsageData": None,
    "db": {"db_url": "sqlite:///state.sqlite"},
    "www": {
        "port": "tcp:%(port)s:interface=127.0.0.1", "change_hook_dialects": {"base": True}, %(closed)s
    },
    "builders": [
        util.BuilderConfig(name=name, workernames=["local"], factory=util.BuildFactory(found))
        for name, found in BUILDERS.items()
    ],
    "schedulers": [
        schedulers.AnyBranchScheduler(name="pushed", builderNames=["unit tests", "lint"], treeStableTimer=None),
        schedulers.ForceScheduler(name="force", builderNames=list(BUILDERS)),
    ],
}
"""
#: Nobody may read who has not logged in.
CLOSED = """
        "auth": util.UserPasswordAuth({"ada": "a-word"}),
        "authz": util.Authz(
            allowRules=[util.AnyEndpointMatcher(role="reader")],
            roleMatchers=[util.RolesFromUsername(roles=["reader"], usernames=["ada"])],
        ),
"""


@dataclass
class Master:
    """A running Buildbot."""

    address: str
    folder: Path

    def get(self, path: str, **params: Any) -> Any:
        answer = httpx.get(f"{self.address}/api/v2/{path}", params=params, timeout=60)
        return answer.raise_for_status().json()

    def tell(self, path: str, method: str, **told: Any) -> Any:
        """What a button of its pages does."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": told}
        answer = httpx.post(f"{self.address}/api/v2/{path}", json=body, timeout=60)
        return answer.raise_for_status().json()["result"]

    def push(self, revision: str) -> None:
        """A commit that somebody pushed."""
        told = {
            "revision": revision, "branch": "main", "author": "Ada Quill <ada@example.org>",
            "comments": "Retry orders", "repository": "https://forge.example/acme/checkout.git",
            "project": "acme/checkout", "files": '["orders.py"]',
        }  # fmt: skip
        httpx.post(f"{self.address}/change_hook/base", data=told, timeout=60).raise_for_status()

    def force(self, builder: str) -> None:
        """A build that Ben asks for by hand."""
        (found,) = self.get("builders", name=builder)["builders"]
        self.tell(
            "forceschedulers/force", "force", builderid=found["builderid"], branch="main",
            revision="HEAD", username="Ben Ito <ben@example.org>", reason="again",
        )  # fmt: skip

    def builds(self, builder: str = "", *, complete: bool = True) -> list[dict[str, Any]]:
        """Builds, once they are there and as far as asked."""
        path = f"builders/{builder}/builds" if builder else "builds"
        found = self.get(path, order="buildid")["builds"]
        return [b for b in found if b["complete"] or not complete]

    def until(
        self, count: int, builder: str = "", *, complete: bool = True
    ) -> list[dict[str, Any]]:
        """Builds, once there are so many."""
        for _ in range(600):
            if len(found := self.builds(builder, complete=complete)) >= count:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{builder or 'all'}: {found}")


def started(folder: Path, closed: str = ""):
    program = str(installed("buildbot/bin/buildbot"))
    subprocess.run([program, "create-master", str(folder)], check=True, capture_output=True)
    port = free_port()
    told = CONFIGURATION % {"port": port, "closed": closed}
    (folder / "master.cfg").write_text(told)
    server = serving([program, "start", "--nodaemon", str(folder)], port, folder / "log")
    return server, Master(f"http://127.0.0.1:{port}", folder)


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    server, found = started(tmp_path_factory.mktemp("buildbot"))
    try:
        program = str(installed("buildbot/bin/buildbot"))
        told = subprocess.run([program, "--version"], check=True, capture_output=True)
        print(told.stdout.decode().splitlines()[0])
        found.push(SHA)
        found.force("deploy")
        found.force("nightly")
        found.until(5)
        found.force("slow")
        found.until(1, "slow", complete=False)
        yield found
    finally:
        stop(server)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "workspace")


def follow(master: Master, store: Store, place: str = "*", source: Any = BUILDBOT, token: str = ""):
    """A sync in which everything could be read and understood."""
    taken, refused = sync(source, store, place, master.address, token)
    assert (refused, taken.problems, dict(taken.unknown_values)) == ([], [], {})
    assert dict(taken.unknown_fields) == {}, "fields that nobody knows"
    return taken


def test_what_stands_there_is_read(master: Master, store: Store):
    follow(master, store)
    assert rows(store, "builds", "name", "event", "sha", "status", "result", "result_original") == [
        ("deploy", "force", None, "done", "failure", "failure"),
        ("lint", "pushed", SHA, "done", "success", "warnings"),
        ("nightly", "force", None, "done", "cancelled", "retry"),
        ("nightly", "force", None, "done", "success", "success"),
        ("slow", "force", None, "running", "", ""),
        ("unit tests", "pushed", SHA, "done", "success", "success"),
    ]
    steps = [
        row[1:]
        for row in rows(store, "jobs", "repo", "name", "sha", "result")
        if row[0] == "unit tests"
    ]
    assert steps == [
        ("compile", SHA, "success"), ("publish", SHA, "skipped"), ("test", SHA, "success"),
        ("worker_preparation", SHA, "success"),
    ]  # fmt: skip
    builds = {b["buildid"]: b for b in master.builds(complete=False)}
    for number, began, ended in rows(store, "builds", "build", "started_at", "ended_at"):
        told = builds[int(number)]
        assert began.timestamp() == told["started_at"]
        assert (ended and ended.timestamp()) == told["complete_at"]
    assert [p for p in rows(store, "people", "name", "address") if "Ben" in p[0]] == [
        ("Ben Ito", "ben@example.org")
    ] * 3  # of three builders


def test_pages_are_followed_to_the_end(master: Master, tmp_path: Path):
    """Two records fit a page here, and a hundred as we ask."""
    whole, paged = Store(tmp_path / "whole"), Store(tmp_path / "paged")
    builds, steps = BUILDBOT.kinds
    listing = replace(builds.listing, params={**builds.listing.params, "limit": 2})
    kinds = (replace(builds, listing=listing), steps)
    follow(master, whole)
    follow(master, paged, source=replace(BUILDBOT, kinds=kinds))
    assert facts(paged, BUILDBOT) == facts(whole, BUILDBOT)


def test_places(master: Master, tmp_path: Path):
    """By name, by number, and one that is not there, of which Buildbot itself gives an empty list."""
    named, numbered = Store(tmp_path / "named"), Store(tmp_path / "numbered")
    follow(master, named, "unit tests")
    assert {name for (name,) in rows(named, "builds", "name")} == {"unit tests"}
    (found,) = master.get("builders", name="unit tests")["builders"]
    follow(master, numbered, str(found["builderid"]))
    assert facts(named, BUILDBOT) == facts(numbered, BUILDBOT)
    with pytest.raises(NotFoundError):
        follow(master, Store(tmp_path / "none"), "no such builder")


def test_who_may_not_read_is_told(master: Master, tmp_path: Path):
    """A password does not open what Buildbot itself closes; where all may read it does no harm."""
    server, closed = started(tmp_path / "master", CLOSED)
    try:
        store = Store(tmp_path / "a")
        for place in ("*", "unit tests"):
            taken, refused = sync(BUILDBOT, store, place, closed.address, "ada:wrong")
            assert not sum(taken.records.values())
            assert [type(error) for error in refused] == [AccessError]
    finally:
        stop(server)
    follow(master, Store(tmp_path / "b"), token="ada:wrong")


def test_what_changes_behind_our_back(master: Master, tmp_path: Path):
    """What ran has ended, what failed was built again: every build once, and each with its own result."""
    store, fresh = Store(tmp_path / "kept"), Store(tmp_path / "fresh")
    follow(master, store)
    assert follow(master, store).rows == 0
    (slow,) = master.builds("slow", complete=False)
    (failed,) = master.builds("deploy")
    (master.folder / "fixed").touch()
    master.tell(f"builds/{failed['buildid']}", "rebuild")
    master.until(2, "deploy")
    (master.folder / "go").touch()
    master.until(1, "slow")
    (master.folder / "go").unlink()
    master.force("slow")
    stopped = master.until(2, "slow", complete=False)[-1]
    master.tell(f"builds/{stopped['buildid']}", "stop")
    master.until(2, "slow")
    follow(master, store)
    found = {int(b): r for b, *r in rows(store, "builds", "build", "name", "status", "result")}
    assert len(found) == len(master.builds())
    assert found[slow["buildid"]] == ["slow", "done", "success"]
    assert found[stopped["buildid"]] == ["slow", "done", "cancelled"]
    again = [b["buildid"] for b in master.builds("deploy")]
    assert [found[b] for b in again] == [["deploy", "done", r] for r in ("failure", "success")]
    assert follow(master, store).rows == 0
    follow(master, fresh)
    assert facts(store, BUILDBOT) == facts(fresh, BUILDBOT)
