"""Records of Jenkins: whose builds they are, of what, how they ended; and asking a server for them."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.fakes.lists import BASE, Lists
from tests.sources.reading import by_table, taken
from tests.syncing import sync

from trueup.facts.rows import UNREADABLE
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.kinds import SOURCES
from trueup.transport.http import Client

NOW = datetime(2026, 2, 1, tzinfo=UTC)
BEGAN = 1767600000000
DAY = 24 * 3_600_000
JENKINS = SOURCES["jenkins"]
URL = "https://ci.example.org"


def facts(kind: str, record: dict[str, Any], **asked: Any) -> dict[str, list[dict[str, Any]]]:
    return by_table(taken(JENKINS, kind, record, **asked))


def built(**more: Any) -> dict[str, Any]:
    """The row of a build that was recorded with these fields."""
    (row,) = facts("builds", build(**more))["builds"]
    return row


def build(**more: Any) -> dict[str, Any]:
    told = {"_class": "hudson.model.FreeStyleBuild", "number": 7, "timestamp": BEGAN, "actions": []}
    return told | {"url": f"{URL}/job/app/7/", "building": False, "result": "SUCCESS"} | more


def checkout(sha: str, *remotes: str, branch: str = "main") -> dict[str, Any]:
    revision = {"SHA1": sha, "branch": [{"name": branch}]}
    return {"_class": "hudson.plugins.git.util.BuildData", "lastBuiltRevision": revision} | (
        {"remoteUrls": list(remotes)} if remotes else {}
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"{URL}/job/app/7/", "app"),
        (f"{URL}/jenkins/job/acme/job/app/7/", "acme/app"),
        (f"{URL}/view/all/job/acme/job/my%20app/7/", "acme/my app"),
        (f"{URL}/job/acme/job/app/job/fix%252Fit/7/", "acme/app/fix%2Fit"),
        (f"{URL}/job/job/7/", "job"),
    ],
)
def test_the_job_by_its_address(url, name):
    assert built(url=url)["repo"] == name


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"asked": f"{URL}/job/a/job/b/api/json?tree=builds"}, "a/b"),
        ({"about": {"place": "a/b"}}, "a/b"),
        ({"about": {"FullName": "a/b"}, "asked": f"{URL}/job/c/api/json"}, "a/b"),
    ],
)
def test_the_job_by_the_request(asked, name):
    (row,) = facts("builds", build(url=None), **asked)["builds"]
    assert (row["repo"], row["name"], row["build"]) == (name, name, "7")


@pytest.mark.parametrize("missing", ["number", "timestamp", "url"])
def test_what_a_build_must_say(missing):
    record = build()
    del record[missing]
    with pytest.raises(UNREADABLE):
        facts("builds", record)


@pytest.mark.parametrize(
    ("told", "status", "result"),
    [
        ({"result": "SUCCESS"}, "done", "success"),
        ({"result": "UNSTABLE"}, "done", "failure"),
        ({"result": "FAILURE"}, "done", "failure"),
        ({"result": "ABORTED"}, "done", "cancelled"),
        ({"result": "NOT_BUILT"}, "done", "skipped"),
        ({"result": "MAYBE"}, "done", "other"),
        ({"result": None, "building": True}, "running", ""),
        ({"result": "FAILURE", "building": True}, "running", ""),
        ({"result": None, "building": None}, "running", ""),
        ({"result": "SUCCESS", "building": None}, "done", "success"),
    ],
)
def test_outcomes(told, status, result):
    row = built(duration=1000, **told)
    assert (row["status"], row["result"]) == (status, result)
    assert row["result_original"] == (told["result"] or "")
    assert (row["ended_at"] is None) == (status == "running")


def test_running_out_of_time_is_a_failure_and_no_cause():
    over = {"_class": "org.jenkinsci.plugins.workflow.steps.TimeoutStepExecution$ExceededTimeout"}
    action = {"_class": "jenkins.model.InterruptedBuildAction", "causes": [over]}
    row = built(result="ABORTED", actions=[None, {}, action])
    assert (row["result"], row["result_original"], row["event"]) == ("failure", "ABORTED", None)


@pytest.mark.parametrize("duration", [0, None])
def test_an_end_that_is_not_known(duration):
    assert built(duration=duration)["ended_at"] is None


@pytest.mark.parametrize(
    ("actions", "sha", "links"),
    [
        ([], None, 0),
        ([checkout("")], None, 0),
        ([checkout("a1")], "a1", 0),
        ([checkout("a1", "git@example.org:acme/thing.git")], "a1", 0),
        # The library is left out, whichever stands first.
        ([checkout("b1", "https://example.org/ci/jenkins-shared-library"), checkout("a1", "x/y")], "a1", 0),
        ([checkout("a1", "x/y"), checkout("b1", "git@example.org:ci/pipeline-libs.git")], "a1", 0),
        ([checkout("b1", "https://example.org/ci/shared-lib.git")], None, 0),
        # The repository the job is named after is the one, even if it is called like a library.
        ([checkout("b1", "x/settings"), checkout("a1", "x/App.git")], "a1", 0),
        # Nothing tells which: no commit, but links to each.
        ([checkout("a1", "x/y"), checkout("b1", "x/z")], None, 2),
        ([checkout("a1", "x/y"), checkout("a1", "x/y")], "a1", 0),
    ],
)  # fmt: skip
def test_which_commit_was_built(actions, sha, links):
    found = facts("builds", build(actions=actions))
    assert found["builds"][0]["sha"] == sha
    assert len(found.get("item_links", ())) == links


@pytest.mark.parametrize(
    ("told", "branch"),
    [
        ("refs/remotes/origin/main", "main"),
        ("refs/remotes/upstream/fix/it", "fix/it"),
        ("origin/main", "main"),
        ("refs/heads/main", "main"),
        ("refs/tags/v1", "refs/tags/v1"),
        ("detached", None),
    ],
)
def test_branches(told, branch):
    assert built(actions=[checkout("a1", branch=told)])["branch"] == branch


@pytest.mark.parametrize(
    ("cause", "target"),
    [
        ("workflow.cps.replay.ReplayCause", "2"),
        ("pipeline.modeldefinition.causes.RestartDeclarativePipelineCause", "2"),
        ("workflow.support.steps.SomeCause", None),
    ],
)
def test_a_build_that_repeats_another_is_linked_to_it(cause, target):
    """Which one stands in the text of the cause alone, in any language."""
    told = {"_class": f"org.jenkinsci.plugins.{cause}", "shortDescription": "Erneut gestartet: #2"}
    action = {"_class": "hudson.model.CauseAction", "causes": [told]}
    links = facts("builds", build(actions=[action])).get("item_links", [])
    assert [r["target"] for r in links if r["relation"] == "parent"] == ([target] if target else [])


def test_a_stage_that_did_not_run_has_no_moment():
    record = {"id": "9", "name": "Deploy", "status": "NOT_EXECUTED", "startTimeMillis": 0, "durationMillis": 0}  # fmt: skip
    (row,) = facts("stages", record, asked=f"{URL}/job/app/7/wfapi/describe")["jobs"]
    assert (row["happened_at"], row["started_at"], row["result"]) == (None, None, "skipped")


def test_who_and_what_started_it():
    user = {"_class": "hudson.model.Cause$UserIdCause", "userId": "ada", "userName": "Ada Quill"}
    timer = {"_class": "hudson.triggers.TimerTrigger$TimerTriggerCause"}
    row = built(actions=[{"causes": [timer]}, {"causes": [user]}])
    assert row["event"] == "TimerTriggerCause"
    assert row["starter"]
    nobody = {**user, "userId": None, "userName": "anonymous"}
    assert built(actions=[{"causes": [nobody]}])["starter"] is None


def test_requests_are_those_of_multibranch_projects_only():
    url = f"{URL}/job/acme/job/shop/job/PR-7/7/"
    actions = [checkout("a1", "git@example.org:acme/shop.git", branch="PR-7")]
    assert "item_links" not in facts("builds", build(url=url, actions=actions))
    actions.append({"_class": "jenkins.scm.api.SCMRevisionAction"})
    (link,) = facts("builds", build(url=url, actions=actions))["item_links"]
    assert (link["relation"], link["target_kind"], link["target"]) == (
        "tests", "request", "acme/shop#7",
    )  # fmt: skip


def test_jobs_bring_their_builds_at_any_depth():
    address = {"_class": "hudson.model.FreeStyleBuild", "number": 6, "url": f"{URL}/job/app/6/"}
    inner = {"fullName": "acme/app", "builds": [build(), address]}
    folder = {"_class": "Folder", "fullName": "acme", "url": f"{URL}/job/acme/", "jobs": [inner]}
    outer = {**folder, "fullName": "", "jobs": [folder, {"allBuilds": [build(number=8)]}]}
    found = facts("jobs", outer)["builds"]
    assert sorted((r["repo"], r["build"]) for r in found) == [("acme/app", "7"), ("app", "8")]


def stage(**more: Any) -> dict[str, Any]:
    href = "/jenkins/job/acme/job/app/7/execution/node/6/wfapi/describe"
    told = {"_links": {"self": {"href": href}}, "id": "6", "name": "test", "status": "SUCCESS"}
    return told | {"startTimeMillis": BEGAN, "durationMillis": 500} | more


def test_a_run_of_a_pipeline_is_its_stages():
    run = stage(id="7", name="#7", stages=[stage(), stage(id="9")])
    assert [r["job"] for r in facts("stages", run)["jobs"]] == ["7:6", "7:9"]
    assert facts("stages", stage(stages=[])) == {}


@pytest.mark.parametrize(
    ("told", "status", "result", "started", "ended"),
    [
        ({"status": "FAILED"}, "done", "failure", True, True),
        ({"status": "NOT_EXECUTED"}, "done", "skipped", False, False),
        ({"status": "IN_PROGRESS"}, "running", "", True, False),
        ({"status": "PAUSED_PENDING_INPUT"}, "queued", "", True, False),
        ({"status": None}, "", "", True, False),
        ({"status": None, "error": {"type": "FlowInterruptedException"}}, "done", "", True, True),
        ({"status": "SOMETHING"}, "other", "other", True, False),
    ],
)
def test_stages(told, status, result, started, ended):
    (row,) = facts("stages", stage(**told))["jobs"]
    assert (row["repo"], row["build"], row["status"], row["result"]) == (
        "acme/app", "7", status, result,
    )  # fmt: skip
    assert (row["started_at"] is not None, row["ended_at"] is not None) == (started, ended)


def test_a_stage_of_no_build():
    with pytest.raises(UNREADABLE):
        facts("stages", stage(_links={}))
    (row,) = facts("stages", stage(_links={}), asked=f"{URL}/job/b/3/wfapi/describe")["jobs"]
    assert (row["repo"], row["job"]) == ("b", "3:6")


class Server:
    """A Jenkins with one long job, or a project without builds of its own."""

    def __init__(self, folder, builds: int = 0) -> None:
        made = [
            build(number=n, timestamp=BEGAN - (builds - n) * DAY, duration=5)
            for n in range(1, builds + 1)
        ]
        self.records = {"builds": [(b, "") for b in made]}
        self.lists = Lists(JENKINS, self.records)
        self.store = Store(folder)

    def sync(self, app: Any = None, place: str = "my team/app"):
        self.lists.asked.clear()
        transport = httpx.WSGITransport(app=app or self.lists)
        headers = JENKINS.interface.headers("ada:a-token")
        clock = fixed_clock(NOW)
        client = Client(BASE, headers, "Jenkins", "JENKINS_TOKEN", clock, transport=transport)
        return sync(JENKINS, self.store, place, client, clock)

    def built(self) -> set[str]:
        return set(self.store.snapshot().table(TABLES["builds"])["build"].to_pylist())


def test_a_long_history_is_read_page_by_page_and_then_only_what_is_new(tmp_path):
    server = Server(tmp_path, builds=250)
    _, refused = server.sync()
    assert refused == []
    assert len(server.built()) == 250
    pages = [a for a in server.lists.asked if "allBuilds" in a]
    assert [a.rpartition("%7B")[2] for a in pages] == ["0%2C100%7D", "100%2C200%7D", "200%2C300%7D"]
    assert pages[0].startswith("/root/job/my team/job/app/api/json?")
    later = BEGAN + 10 * DAY
    server.records["builds"].append((build(number=251, timestamp=later, duration=5), ""))
    taken, _ = server.sync()
    # Those of the last three days may have changed.
    assert taken.records["builds"] == 5
    assert taken.rows == 1
    assert len([a for a in server.lists.asked if "allBuilds" in a]) == 1


def test_a_project_without_builds_of_its_own_is_no_error(tmp_path):
    def project(environ, start):
        start("200 OK", [("Content-Type", "application/json")])
        branch = {
            "_class": "WorkflowJob",
            "fullName": "shop/main",
            "url": f"{URL}/job/shop/job/main/",
        }
        found = (
            [{**branch, "builds": [build()]}] if "tree=jobs" in environ["QUERY_STRING"] else None
        )
        return [json.dumps({"_class": "Project", **({"jobs": found} if found else {})}).encode()]

    server = Server(tmp_path)
    taken, refused = server.sync(project, "shop")
    assert (refused, taken.problems, taken.records["jobs"]) == ([], [], 1)
    assert server.built() == {"7"}


def test_the_door_and_the_headers():
    face = JENKINS.interface
    assert face.door("", {}) is None
    door = face.door("", {"JENKINS_URL": "ci.example.org/jenkins/"})
    assert (door.address, door.secrets) == ("https://ci.example.org/jenkins", ("JENKINS_TOKEN",))
    told = face.headers("ada:secret")["Authorization"]
    assert b64decode(told.removeprefix("Basic ")) == b"ada:secret"
    assert "Authorization" not in face.headers("")
    assert face.spelled("a b/c%2Fd") == "job/a%20b/job/c%252Fd"
