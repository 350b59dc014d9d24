"""The product reads repository and exports, and its facts hold what was planted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import trueup
from tests.simulate.conftest import Repository, elsewhere

from trueup.facts.schema import TABLES
from trueup.facts.store import Store

Row = dict[str, Any]


class Read:
    """The facts of the workspace, and what the program said."""

    def __init__(self, folder: Path, said: str) -> None:
        self._snapshot = Store(folder / ".trueup").snapshot()
        self.said = said

    def rows(self, table: str, repo: str = "acme/quay") -> list[Row]:
        found: list[Row] = self._snapshot.table(TABLES[table]).to_pylist()
        return [row for row in found if repo in {"", row["repo"]}]

    def counts(self, table: str, *columns: str, repo: str = "acme/quay") -> Counter[Any]:
        rows = self.rows(table, repo)
        if len(columns) == 1:
            return Counter(row[columns[0]] for row in rows)
        return Counter(tuple(row[c] for c in columns) for row in rows)


@pytest.fixture(scope="module")
def read(quay: Repository, tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("read")
    exports = quay.path.parent / elsewhere(quay).folder
    ran = trueup(folder, "collect", quay.path, "--from", exports, "--offline")
    assert (ran.code, "error" in ran.err) == (0, False), ran.err
    return Read(folder, ran.out)


def test_everything_is_understood(quay: Repository, read: Read) -> None:
    assert "unknown" not in read.said
    (repository,) = {row["repo"] for row in read.rows("commits", "")}
    assert repository == elsewhere(quay).place
    assert len(read.rows("commits")) == quay.truth.commits


def test_issues_by_kind_and_resolution(quay: Repository, read: Read) -> None:
    found = {row["key"]: (row["kind"], row["resolution"]) for row in read.rows("issues")}
    wanted = {f"#{i.number}": (i.kind, i.resolution) for i in elsewhere(quay).issues}
    assert found == wanted
    moments = {row["key"]: row["closed_at"] for row in read.rows("issues")}
    assert moments == {f"#{i.number}": i.closed_at for i in elsewhere(quay).issues}


def test_closing_and_reopening(quay: Repository, read: Read) -> None:
    numbers = {f"#{issue.number}" for issue in elsewhere(quay).issues}
    found = Counter(
        (row["key"], row["after"], row["happened_at"])
        for row in read.rows("issue_events")
        if row["field"] == "status" and row["key"] in numbers
    )
    wanted = Counter(
        (f"#{issue.number}", "done" if move.event == "closed" else "open", move.at)
        for issue in elsewhere(quay).issues
        for move in issue.moves
    )
    assert found == wanted


def test_the_commit_that_closed_an_issue(quay: Repository, read: Read) -> None:
    links = read.rows("item_links")
    found = {(x["item"], x["target"]) for x in links if x["how"] == "event_closed"}
    wanted = {
        (f"#{issue.number}", move.sha)
        for issue in elsewhere(quay).issues
        for move in issue.moves
        if move.sha
    }
    assert found == wanted


def test_the_issue_that_a_request_closes(quay: Repository, read: Read) -> None:
    found = {
        (row["item"], row["target"])
        for row in read.rows("item_links")
        if row["item_kind"] == "request" and row["relation"] in {"closes", "part_of"}
    }
    for issue in elsewhere(quay).issues:
        for name in issue.claims:
            claim = quay.truth.claim(name)
            assert claim.pull is None or (str(claim.pull), f"#{issue.number}") in found


def test_requests_by_status(quay: Repository, read: Read) -> None:
    found = {
        int(row["number"]): (
            row["status"],
            row["merge_sha"] or "",
            row["head_sha"],
            row["merged_at"],
        )
        for row in read.rows("requests")
    }
    for request in elsewhere(quay).requests:
        merged_at = request.ended_at if request.status == "merged" else None
        head = request.heads[-1].sha
        wanted = (request.status, request.merge_sha, head, merged_at)
        assert found.pop(request.number) == wanted
    assert not found
    commits = read.counts("request_commits", "number", "sha")
    assert commits == Counter(
        (str(r.number), h.sha) for r in elsewhere(quay).requests for h in r.heads
    )


def test_reviews_by_verdict(quay: Repository, read: Read) -> None:
    found = read.counts("reviews", "number", "verdict", "sha", "happened_at")
    planted = elsewhere(quay).reviews
    assert found == Counter((str(r.number), r.verdict, r.sha, r.at) for r in planted)


def test_builds_and_jobs_by_result(quay: Repository, read: Read) -> None:
    checks = elsewhere(quay).checks
    builds = Counter((str(r.id), r.sha, r.result, r.attempt) for one in checks for r in one.runs)
    assert read.counts("builds", "build", "sha", "result", "attempt") == builds
    jobs = Counter(
        (str(j.id), str(j.run) if j.run else None, j.sha, j.result)
        for one in checks
        for j in one.jobs
    )
    assert read.counts("jobs", "job", "build", "sha", "result") == jobs
    assert {result for _, _, _, result in jobs} == {
        "success", "failure", "neutral", "skipped", "cancelled",
    }  # fmt: skip


def test_test_runs_by_result(quay: Repository, read: Read) -> None:
    reports = [report for one in elsewhere(quay).checks for report in one.reports]
    found = read.counts("test_runs", "sha", "build", "result", "passed", "failures", "skipped")
    wanted = Counter((r.sha, str(r.run), r.result, r.passed, r.failed, r.skipped) for r in reports)
    assert found == wanted
    assert {r.result for r in reports} == {"success", "failure", "empty", "skipped"}


def test_deployments_and_what_became_of_them(quay: Repository, read: Read) -> None:
    planted = elsewhere(quay).deployments
    found = read.counts("deployments", "deployment", "environment_kind", "sha")
    assert found == Counter((str(d.id), d.environment, d.sha) for d in planted)
    ended = {
        row["deployment"]: row["result"]
        for row in read.rows("deployment_statuses")
        if row["result"] in {"success", "failure"}
    }
    assert ended == {str(d.id): d.result for d in planted}


def test_incidents(quay: Repository, read: Read) -> None:
    found = {
        (row["repo"], row["key"], row["happened_at"], row["closed_at"])
        for row in read.rows("issues", "")
        if row["source"] == "pagerduty"
    }
    assert found == {(i.service, i.id, i.at, i.ended_at) for i in elsewhere(quay).incidents}


def test_status_reports(quay: Repository, read: Read) -> None:
    found = read.counts("status_reports", "repo", "day", "colour", "percent", repo="")
    assert found == Counter(
        (s.team, s.day.date().isoformat(), s.colour, float(s.percent))
        for s in elsewhere(quay).statuses
    )
