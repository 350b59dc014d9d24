"""Work followed from its issue to what runs, one by one and counted."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from tests.facts_of import DAY, END, History

from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.facts.views.chains import counted_chains
from trueup.facts.views.following import follow
from trueup.runs.intake import take_exports
from trueup.runs.measure import prepare
from trueup.sources.git.collect import Request, collect

KEY = b"k" * 32
START = END - 60 * DAY
HERE = "https://api.github.com/repos/acme/small"
ADA, BO = "Ada <ada@example.org>", "Bo <bo@example.org>"


def at(day: float) -> str:
    return (START + day * DAY).isoformat()


def pull(number: int, day: int, sha: str, body: str = ""):
    return {
        "url": f"{HERE}/pulls/{number}", "id": number, "number": number, "title": f"Work {number}",
        "state": "closed", "user": {"login": "ada"}, "body": body, "labels": [], "created_at": at(day - 1),
        "closed_at": at(day), "updated_at": at(day), "merged_at": at(day), "merge_commit_sha": sha,
        "base": {"ref": "main", "sha": "0" * 40}, "head": {"ref": "t", "sha": f"{number:040x}"},
    }  # fmt: skip


def build(number: int, day: float, sha: str, conclusion: str):
    return {
        "url": f"{HERE}/actions/runs/{number}", "id": number, "run_number": number, "workflow_id": 1,
        "name": "unit tests", "status": "completed", "conclusion": conclusion, "created_at": at(day),
        "updated_at": at(day), "head_sha": sha,
    }  # fmt: skip


def deployment(number: int, day: float, sha: str):
    return {
        "url": f"{HERE}/deployments/{number}", "id": number, "sha": sha, "task": "deploy",
        "environment": "production", "statuses_url": "", "created_at": at(day),
    }  # fmt: skip


def outcome(number: int, of: int, day: float, state: str):
    return {
        "id": number, "state": state, "environment": "production", "created_at": at(day),
        "deployment_url": f"{HERE}/deployments/{of}", "repository_url": HERE,
    }  # fmt: skip


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chains")
    history = History(folder / "small")
    with closing(history):
        shas = [
            history.commit(ADA, START + 5 * n * DAY, {"a.py": f"{n}"}, f"Work {n}", by=BO)
            for n in range(1, 9)
        ]
    store = Store(folder / "workspace")
    clock = lambda: END  # noqa: E731
    with store.writing():
        collect(history.path, store, Request(workers=1), KEY, clock, progress=lambda *_: None)
    raw = folder / "raw"
    raw.mkdir()
    pulls = [pull(n, 5 * n, shas[n - 1], "Closes #100" if n == 4 else "") for n in range(1, 9)]
    reviews = [
        {"id": n, "user": {"login": "bo"}, "body": "", "state": "APPROVED", "commit_id": "1" * 40,
         "pull_request_url": f"{HERE}/pulls/4", "submitted_at": at(19 + n / 10)}
        for n in range(3)
    ]  # fmt: skip
    issue = {
        "url": f"{HERE}/issues/100", "number": 100, "title": "Slow", "state": "closed", "labels": [],
        "state_reason": "completed", "events_url": "", "comments_url": "", "created_at": at(1),
        "updated_at": at(21), "closed_at": at(21),
    }  # fmt: skip
    exports = {
        "issues": [issue], "pulls": pulls, "reviews": reviews,
        "runs": [build(1, 14, f"{3:040x}", "success"), build(2, 19, shas[3], "failure"),
                 build(3, 24, shas[4], "cancelled"), build(4, 31, "f" * 40, "success")],
        "deployments": [deployment(1, 11, shas[1]), deployment(2, 22, shas[3]), deployment(3, 26, shas[4])],
        "deployment_statuses": [outcome(1, 1, 11, "success"), outcome(2, 2, 22, "success"),
                                outcome(3, 2, 29, "inactive"), outcome(4, 3, 26, "failure")],
    }  # fmt: skip
    for name, records in exports.items():
        (raw / f"{name}.json").write_text(json.dumps(records))
    (taken,) = take_exports(raw, store, KEY, clock, lambda *_: None)
    assert taken.problems == []
    # Another system, which calls it otherwise; and a report of tests.
    other = {
        "_class": "org.jenkinsci.plugins.workflow.job.WorkflowRun", "number": 7, "building": False, "result": "SUCCESS",
        "timestamp": int((START + 26 * DAY).timestamp() * 1000), "duration": 60_000,
        "url": "https://ci.example/job/nightly/7/",
        "actions": [{"_class": "hudson.plugins.git.util.BuildData", "remoteUrls": ["https://x.example/a/small.git"],
                     "lastBuiltRevision": {"SHA1": shas[4], "branch": [{"name": "main"}]}}],
    }  # fmt: skip
    jenkins = folder / "jenkins"
    jenkins.mkdir()
    (jenkins / "builds.json").write_text(json.dumps([other]))
    (taken,) = take_exports(jenkins, store, KEY, clock, lambda *_: None)
    assert taken.problems == []
    suite = '<testsuite name="unit"><testcase name="a"/></testsuite>'
    (folder / "junit.xml").write_text(suite)
    about = {"place": "acme/small", "sha": shas[5]}
    take_exports(folder / "junit.xml", store, KEY, clock, lambda *_: None, about)
    with open_facts(store.snapshot()) as found:
        prepare(found, START, END, ())
        yield found, history.path.name, shas


def test_steps_are_counted_where_they_can_be_seen(facts):
    found, repo, _ = facts
    told = {r.step: (r.requests, r.of) for r in counted_chains(found) if r.repo == repo}
    assert told == {
        "issue": (1, 8),
        "review": (1, 8),
        "line": (8, 8),
        # Builds are known from day 14 to 31: requests merged on days 15, 20, 25 and 30.
        # One of the last two was built elsewhere, the other has a report of its tests.
        "build": (4, 4),
        # Deployments are known from day 11 to 26; the third one failed, and brought nothing.
        "deployment": (2, 3),
    }


def test_one_piece_of_work(facts):
    found, repo, shas = facts
    told = [(s.kind, s.name, s.said) for s in follow(found, repo, "4", shas[3:4], ())]
    assert told == [
        ("issue", "#100", "closed as done"),
        ("request", "#4", "merged into main"),
        ("review", "approved", "3 times"),
        ("commit", shas[3][:12], "on the default branch"),
        ("build", "unit tests", "failure"),
        ("deployment", "production", "brought it"),
    ]


def test_what_was_there_before_the_first_deployment_is_not_dated_by_it(facts):
    found, repo, shas = facts
    told = [s for s in follow(found, repo, "1", shas[:1], ()) if s.kind == "deployment"]
    assert [s.said for s in told] == ["was there by then: it is the first deployment known"]
