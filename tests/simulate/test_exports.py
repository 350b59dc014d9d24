"""Files and truth agree: counts, moments, ids, and who did what, read as anybody would read them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.simulate.conftest import Repository, elsewhere

HERE = "https://api.github.com/repos/acme/quay"


@pytest.fixture(scope="module")
def folder(quay: Repository) -> Path:
    return quay.path.parent / elsewhere(quay).folder


def records(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / f"{name}.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = told if isinstance(told, list) else told[next(reversed(told))]
    return found


def at(told: str) -> datetime:
    return datetime.fromisoformat(told)


def test_what_is_written(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "github", "junit", "pagerduty", "statuses",
    ]  # fmt: skip
    assert sorted(path.name for path in (folder / "github").iterdir()) == [
        "check_runs.json", "deployment_statuses.json", "deployments.json", "events.ndjson",
        "issues.json", "jobs.json", "pull_request_commits.csv", "pulls.json", "reviews.json",
        "users.json", "workflow_runs.json",
    ]  # fmt: skip


def test_issues(quay: Repository, folder: Path) -> None:
    planted = elsewhere(quay).issues
    told = records(folder, "github/issues")
    assert [issue["number"] for issue in told] == [issue.number for issue in planted]
    for record, issue in zip(told, planted, strict=True):
        assert record["url"] == f"{HERE}/issues/{issue.number}"
        assert at(record["created_at"]) == issue.opened_at
        assert (record["state"] == "closed") == (issue.closed_at is not None)
        assert (at(record["closed_at"]) if record["closed_at"] else None) == issue.closed_at
        assert tuple(label["name"] for label in record["labels"]) == issue.labels
        assert (record["closed_by"] is None) == (issue.closed_at is None)
        assert record["sub_issues_summary"]["total"] == len(issue.children)
        if issue.closed_at is not None:
            assert (record["state_reason"] or "") == issue.reason


def test_events(quay: Repository, folder: Path) -> None:
    lines = (folder / "github" / "events.ndjson").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert len({event["id"] for event in told}) == len(told)
    moments = [at(event["created_at"]) for event in told]
    assert moments == sorted(moments)
    of_issues = [e for e in told if "pull_request" not in e["issue"]]
    wanted = {
        (issue.number, move.event, move.at, move.sha)
        for issue in elsewhere(quay).issues
        for move in issue.moves
    }
    found = {
        (e["issue"]["number"], e["event"], at(e["created_at"]), e["commit_id"] or "")
        for e in of_issues
    }
    assert found == wanted
    merged = {e["issue"]["number"]: e["commit_id"] for e in told if e["event"] == "merged"}
    asked = elsewhere(quay).requests
    assert merged == {r.number: r.merge_sha for r in asked if r.status == "merged"}


def test_requests_and_their_commits(quay: Repository, folder: Path) -> None:
    planted = elsewhere(quay).requests
    told = {request["number"]: request for request in records(folder, "github/pulls")}
    assert list(told) == [request.number for request in planted]
    for request in planted:
        record = told[request.number]
        assert (record["merge_commit_sha"] or "") == request.merge_sha
        assert record["head"]["sha"] == request.heads[-1].sha
        assert bool(record["merged_at"]) == (request.status == "merged")
        assert record.get("additions") == request.added
    with (folder / "github" / "pull_request_commits.csv").open(encoding="utf-8") as stream:
        rows = [(row["url"], json.loads(row["data"])["sha"]) for row in csv.DictReader(stream)]
    assert rows == [
        (f"{HERE}/pulls/{r.number}/commits", head.sha) for r in planted for head in r.heads
    ]


def test_requests_say_which_issue_they_close(quay: Repository, folder: Path) -> None:
    told = {request["number"]: request for request in records(folder, "github/pulls")}
    for issue in elsewhere(quay).issues:
        for name in issue.claims:
            pull = quay.truth.claim(name).pull
            if pull is not None:
                assert f"#{issue.number}" in told[pull]["body"]


def test_reviews(quay: Repository, folder: Path) -> None:
    told = records(folder, "github/reviews")
    planted = elsewhere(quay).reviews
    assert Counter(r["state"] for r in told) == Counter(r.verdict.upper() for r in planted)
    emails = {user["login"]: user["email"] for user in records(folder, "github/users")}
    for record, review in zip(told, planted, strict=True):
        assert record["pull_request_url"].endswith(f"/pulls/{review.number}")
        assert (at(record["submitted_at"]), record["commit_id"]) == (review.at, review.sha)
        login = record["user"]["login"]
        assert emails.get(login, review.address) == review.address


def test_builds_jobs_and_checks(quay: Repository, folder: Path) -> None:
    planted = elsewhere(quay).checks
    runs = {run["id"]: run for run in records(folder, "github/workflow_runs")}
    wanted = {run.id: run for one in planted for run in one.runs}
    assert runs.keys() == wanted.keys()
    for number, run in wanted.items():
        record = runs[number]
        assert (record["conclusion"], record["head_sha"]) == (run.result, run.sha)
        assert [r["number"] for r in record["pull_requests"]] == [run.pull] * bool(run.pull)
    jobs = [*records(folder, "github/jobs"), *records(folder, "github/check_runs")]
    found = {(job["id"], job["conclusion"], job["head_sha"], job.get("run_id")) for job in jobs}
    assert found == {(j.id, j.result, j.sha, j.run) for one in planted for j in one.jobs}


def test_test_reports(quay: Repository, folder: Path) -> None:
    planted = {report.file: report for one in elsewhere(quay).checks for report in one.reports}
    assert {path.name for path in (folder / "junit").iterdir()} == set(planted)
    for name, report in planted.items():
        suite = ET.parse(folder / "junit" / name).getroot().find("testsuite")  # noqa: S314 - our own
        assert suite is not None
        known = {p.get("name"): p.get("value") for p in suite.iter("property")}
        assert known == {
            "git.commit.sha": report.sha,
            "github.repository": "acme/quay",
            "github.run.id": str(report.run),
        }
        cases = list(suite.iter("testcase"))
        counts = Counter(next((inner.tag for inner in case), "passed") for case in cases)
        assert counts["passed"] == report.passed
        assert (counts["failure"], counts["skipped"]) == (report.failed, report.skipped)
        assert int(suite.get("tests", "")) == len(cases)


def test_deployments(quay: Repository, folder: Path) -> None:
    planted = {one.id: one for one in elsewhere(quay).deployments}
    told = {one["id"]: one for one in records(folder, "github/deployments")}
    assert told.keys() == planted.keys()
    states: dict[int, list[str]] = {}
    for report in records(folder, "github/deployment_statuses"):
        number = int(report["deployment_url"].rsplit("/", 1)[1])
        states.setdefault(number, []).append(report["state"])
    for number, one in planted.items():
        assert (told[number]["sha"], told[number]["environment"]) == (one.sha, one.environment)
        replaced = ["inactive"] if one.replaced_at else []
        assert states[number] == ["in_progress", one.result, *replaced]


def test_incidents(quay: Repository, folder: Path) -> None:
    told = {one["id"]: one for one in records(folder, "pagerduty/incidents")}
    assert told.keys() == {one.id for one in elsewhere(quay).incidents}
    entries = records(folder, "pagerduty/log_entries")
    users = {user["id"] for user in records(folder, "pagerduty/users")}
    for one in elsewhere(quay).incidents:
        record = told[one.id]
        assert (at(record["created_at"]), at(record["resolved_at"])) == (one.at, one.ended_at)
        assert record["service"]["id"] == one.service
        assert record["last_status_change_by"]["id"] in users
        own = [at(entry["created_at"]) for entry in entries if entry["incident"]["id"] == one.id]
        assert own == [one.at, one.taken_at, one.ended_at]


def test_status_reports(quay: Repository, folder: Path) -> None:
    with (folder / "statuses" / "status_reports.csv").open(encoding="utf-8") as stream:
        told = [
            (r["project"], r["date"], r["colour"], r["percent"]) for r in csv.DictReader(stream)
        ]
    assert told == [
        (s.team, s.day.date().isoformat(), s.colour, f"{s.percent}%")
        for s in elsewhere(quay).statuses
    ]


def test_nobody_is_sent_anywhere(quay: Repository) -> None:
    url = quay.git("config", "remote.origin.url").strip()
    assert url == "https://github.example.org/acme/quay.git"
