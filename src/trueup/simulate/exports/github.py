"""Records of the forge as GitHub's REST interface gives them, saved as files.

Shapes: docs.github.com/en/rest (issues, events, pulls, reviews, commits, actions, checks, deployments).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trueup.simulate.exports.accounts import API, numbered
from trueup.simulate.exports.written import moment, save_json, save_lines, save_table

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from trueup.simulate.exports.accounts import Account, Accounts
    from trueup.simulate.planted_elsewhere import (
        Head,
        Move,
        PlantedDeployment,
        PlantedElsewhere,
        PlantedIssue,
        PlantedJob,
        PlantedRequest,
        PlantedReview,
        PlantedRun,
    )

Record = dict[str, Any]


def write(planted: PlantedElsewhere, accounts: Accounts, folder: Path) -> None:
    """Write everything the forge holds."""
    folder.mkdir(parents=True)
    pen = _Pen(planted, accounts)
    runs = [run for one in planted.checks for run in one.runs]
    jobs = [job for one in planted.checks for job in one.jobs]
    own, other = [j for j in jobs if j.run is not None], [j for j in jobs if j.run is None]
    save_json(folder / "users.json", [_user(one) for one in accounts.people])
    save_json(folder / "issues.json", [pen.issue(issue) for issue in planted.issues])
    save_lines(folder / "events.ndjson", pen.events())
    save_json(folder / "pulls.json", [pen.request(request) for request in planted.requests])
    save_table(folder / "pull_request_commits.csv", ("data", "url"), pen.commits())
    save_json(folder / "reviews.json", [pen.review(review) for review in planted.reviews])
    save_json(folder / "workflow_runs.json", _list("workflow_runs", map(pen.run, runs)))
    save_json(folder / "jobs.json", _list("jobs", map(pen.job, own)))
    save_json(folder / "check_runs.json", _list("check_runs", map(pen.check, other)))
    save_json(folder / "deployments.json", [pen.deployment(one) for one in planted.deployments])
    save_json(folder / "deployment_statuses.json", pen.reports())


def _list(name: str, records: Any) -> Record:
    found = list(records)
    return {"total_count": len(found), name: found}


def _user(account: Account) -> Record:
    return account.named() | {"name": account.name, "email": account.email, "public_repos": 1}


def _ended(state: str, at: datetime | None) -> Record:
    return {"state": state, "closed_at": moment(at)}


class _Pen:
    """Writes records of one repository."""

    def __init__(self, planted: PlantedElsewhere, accounts: Accounts) -> None:
        self._planted = planted
        self._requests = {request.number: request for request in planted.requests}
        self._accounts = accounts
        self._here = f"{API}/repos/{planted.place}"

    def issue(self, issue: PlantedIssue) -> Record:
        number, closed = issue.number, issue.closed_at
        last = issue.moves[-1] if issue.moves else None
        here = f"{self._here}/issues/{number}"
        reason = issue.reason or ("reopened" if last and last.event == "reopened" else None)
        found = self._item(f"issue/{number}", here, issue.title, issue.text, issue.author) | {
            "number": number,
            "labels": [{"id": numbered(f"label/{x}"), "name": x} for x in issue.labels],
            "comments": 0,
            "repository_url": self._here,
            "comments_url": f"{here}/comments",
            "events_url": f"{here}/events",
            "created_at": moment(issue.opened_at),
            "updated_at": moment(last.at if last else issue.opened_at),
            "state_reason": reason,
            "closed_by": self._named(last.by) if closed and last else None,
            "sub_issues_summary": _summary(len(issue.children)),
        }
        parent = f"{self._here}/issues/{issue.parent}" if issue.parent else None
        return found | _ended("closed" if closed else "open", closed) | {"parent_issue_url": parent}

    def events(self) -> list[Record]:
        """What happened to issues and requests, in order of time."""
        found = [
            (move.at, self._event(issue.number, index, move))
            for issue in self._planted.issues
            for index, move in enumerate(issue.moves)
        ]
        for request in self._planted.requests:
            found += self._ended(request)
        return [record for _, record in sorted(found, key=lambda one: (one[0], one[1]["id"]))]

    def request(self, request: PlantedRequest) -> Record:
        number, head = request.number, request.heads[-1].sha
        here = f"{self._here}/pulls/{number}"
        merged = request.status == "merged"
        found = self._item(f"pull/{number}", here, request.title, request.text, request.author) | {
            "number": number,
            "labels": [],
            "draft": False,
            "created_at": moment(request.opened_at),
            "updated_at": moment(request.ended_at or request.opened_at),
            "merged_at": moment(request.ended_at if merged else None),
            "merge_commit_sha": request.merge_sha or None,
            "merged_by": self._named(request.merged_by) if merged else None,
            "commits": len(request.heads),
            "head": self._end(request.branch, head),
            "base": self._end("main", request.base_sha or None),
        }
        counts = {"additions": request.added, "deletions": request.removed}
        counts["changed_files"] = request.files
        known = {name: count for name, count in counts.items() if count is not None}
        state = "open" if request.status == "open" else "closed"
        return found | known | _ended(state, request.ended_at)

    def commits(self) -> list[tuple[str, ...]]:
        """Commits of requests; which request each is of stands in the address they are listed at."""
        return [
            (self._commit(head), f"{self._here}/pulls/{request.number}/commits")
            for request in self._planted.requests
            for head in request.heads
        ]

    def review(self, review: PlantedReview) -> Record:
        return {
            "id": review.id,
            "user": self._named(review.address),
            "body": "",
            "state": review.verdict.upper(),
            "pull_request_url": f"{self._here}/pulls/{review.number}",
            "_links": {},
            "submitted_at": moment(review.at),
            "commit_id": review.sha,
        }

    def run(self, run: PlantedRun) -> Record:
        by = self._named(run.by)
        return {
            "id": run.id,
            "name": run.name,
            "head_branch": run.branch,
            "head_sha": run.sha,
            "run_number": 1,
            "event": run.event,
            "status": "completed",
            "conclusion": run.result,
            "workflow_id": numbered(run.name),
            "url": f"{self._here}/actions/runs/{run.id}",
            "pull_requests": [],
            "created_at": moment(run.at),
            "updated_at": moment(run.ended_at),
            "actor": by,
            "triggering_actor": by,
            "run_attempt": run.attempt,
            "run_started_at": moment(run.at),
        } | self._tested(run)

    def job(self, job: PlantedJob) -> Record:
        return self._outcome(job) | {
            "run_id": job.run,
            "run_url": f"{self._here}/actions/runs/{job.run}",
            "run_attempt": job.attempt,
            "url": f"{self._here}/actions/jobs/{job.id}",
            "created_at": moment(job.at),
            "steps": [],
            "labels": ["ubuntu-latest"],
        }

    def check(self, job: PlantedJob) -> Record:
        return self._outcome(job) | {
            "external_id": "",
            "url": f"{self._here}/check-runs/{job.id}",
            "output": {"title": None},
            "app": {"id": numbered(job.name)},
            "pull_requests": [],
            "check_suite": {"id": numbered(f"suite/{job.id}")},
        }

    def deployment(self, one: PlantedDeployment) -> Record:
        here = f"{self._here}/deployments/{one.id}"
        return {
            "url": here,
            "id": one.id,
            "task": "deploy",
            "original_environment": one.environment,
            "environment": one.environment,
            "description": None,
            "created_at": moment(one.at),
            "updated_at": moment(one.replaced_at or one.ended_at),
            "statuses_url": f"{here}/statuses",
            "repository_url": self._here,
            "creator": self._named(one.by),
            "sha": one.sha,
            "ref": "main",
            "payload": {},
            "transient_environment": False,
            "production_environment": one.environment == "production",
        }

    def reports(self) -> list[Record]:
        """What became of deployments; one that is replaced becomes inactive."""
        found = []
        for one in self._planted.deployments:
            told = [
                ("in_progress", one.at),
                (one.result, one.ended_at),
                ("inactive", one.replaced_at),
            ]
            for state, at in told:
                if at is not None:
                    found.append(self._report(one, state, at))
        return found

    def _report(self, one: PlantedDeployment, state: str, at: datetime) -> Record:
        number = numbered(f"status/{one.id}/{state}")
        here = f"{self._here}/deployments/{one.id}"
        return {
            "url": f"{here}/statuses/{number}",
            "id": number,
            "state": state,
            "creator": self._named(one.by),
            "description": "",
            "environment": one.environment,
            "target_url": "",
            "created_at": moment(at),
            "updated_at": moment(at),
            "deployment_url": here,
            "repository_url": self._here,
        }

    def _item(self, own: str, here: str, title: str, text: str, author: str) -> Record:
        """What issues and requests have in common."""
        found = {"url": here, "id": numbered(own), "title": title, "body": text, "locked": False}
        return found | {"user": self._named(author), "assignee": None, "milestone": None}

    def _event(self, number: int, index: int, move: Move) -> Record:
        return {
            "id": numbered(f"event/{number}/{index}"),
            "url": f"{self._here}/issues/events/{numbered(f'event/{number}/{index}')}",
            "actor": self._named(move.by),
            "event": move.event,
            "commit_id": move.sha or None,
            "created_at": moment(move.at),
            "issue": {"url": f"{self._here}/issues/{number}", "number": number},
        }

    def _ended(self, request: PlantedRequest) -> list[tuple[datetime, Record]]:
        """A request was merged, which the forge also tells as closed, or closed alone."""
        at = request.ended_at
        if at is None:
            return []
        merged = request.status == "merged"
        found = []
        for index, event in enumerate(("merged", "closed") if merged else ("closed",)):
            number = numbered(f"ended/{request.number}/{index}")
            sha = request.merge_sha if event == "merged" else None
            issue = {"url": f"{self._here}/issues/{request.number}", "number": request.number}
            record = {
                "id": number,
                "url": f"{self._here}/issues/events/{number}",
                "actor": self._named(request.merged_by or request.author),
                "event": event,
                "commit_id": sha,
                "created_at": moment(at),
                "issue": issue | {"pull_request": {"url": f"{self._here}/pulls/{request.number}"}},
            }
            found.append((at, record))
        return found

    def _end(self, branch: str, sha: str | None) -> Record:
        return {"ref": branch, "sha": sha, "repo": {"id": 1, "url": self._here}}

    def _tested(self, run: PlantedRun) -> Record:
        """The request a run is for, as its branch is now."""
        if run.pull is None:
            return {}
        request = self._requests[run.pull]
        named = {"url": f"{self._here}/pulls/{run.pull}", "number": run.pull}
        named["head"] = self._end(run.branch, request.heads[-1].sha)
        named["base"] = self._end("main", request.base_sha)
        return {"pull_requests": [named]}

    def _outcome(self, job: PlantedJob) -> Record:
        return {
            "id": job.id,
            "name": job.name,
            "head_sha": job.sha,
            "status": "completed",
            "conclusion": job.result,
            "started_at": moment(job.at),
            "completed_at": moment(job.ended_at),
        }

    def _commit(self, head: Head) -> str:
        who = self._accounts[head.address]
        signed = {"name": head.name, "email": head.address, "date": moment(head.at)}
        told = {"author": signed, "committer": signed, "message": head.subject, "tree": {}}
        here = f"{self._here}/commits/{head.sha}"
        account = who.named()
        record = {"sha": head.sha, "commit": told, "url": here, "parents": []}
        return json.dumps(record | {"author": account, "committer": account}, ensure_ascii=False)

    def _named(self, email: str) -> Record:
        return self._accounts[email].named()


def _summary(children: int) -> Record:
    return {"total": children, "completed": children, "percent_completed": 100 if children else 0}
