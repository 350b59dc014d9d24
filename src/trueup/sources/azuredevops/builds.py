"""Builds and their jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import needed
from trueup.facts.texts.message import Link
from trueup.kernel.clock import moment_of
from trueup.sources.azuredevops.places import branch, built, joined, organisation, person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.facts.rows import Raw, Rows

_PROGRESS = dict.fromkeys(("notstarted", "postponed", "pending"), "queued") | {
    "inprogress": "running",
    "cancelling": "running",
    "completed": "done",
}
#: What succeeded in part, or with issues: something failed that was allowed to, or tests did; it does not say.
_RESULT = {
    "none": "",
    "succeeded": "success",
    "partiallysucceeded": "neutral",
    "succeededwithissues": "neutral",
    "failed": "failure",
    "canceled": "cancelled",
    "abandoned": "other",
    "skipped": "skipped",
}
#: Builds of a pull request try its merge, a commit that nobody else has.
_TRIED = re.compile(r"refs/pull/(\d+)/merge")
_BUILD = re.compile(r"/build/builds/(\d+)\b", re.IGNORECASE)


def build(raw: Raw, to: Rows) -> None:
    """A build; run again in part it keeps its number. Of a pull request it tries the merge."""
    project = joined(organisation(raw, to), raw["project"]["name"])
    repo, made = built(raw["repository"], project, to), moment_of(raw.get("queueTime"))
    number, trigger = str(int(raw["id"])), raw.get("triggerInfo") or {}
    tried = _TRIED.fullmatch(raw.get("sourceBranch") or "")
    status = to.meaning("builds.status", raw["status"], _PROGRESS)
    source = trigger.get("pr.sourceBranch") if tried else raw.get("sourceBranch")
    sha = (trigger.get("pr.sourceSha") if tried else None) or raw.get("sourceVersion")
    to.learn("repository_of_build", number, repo, keep=False)
    to.learn("commit_of_build", number, sha or "", keep=False)
    to.add(
        "builds",
        happened_at=made,
        repo=repo,
        build=number,
        name=(raw.get("definition") or {}).get("name"),
        event=raw.get("reason"),
        branch=branch(source),
        sha=sha,
        status=status,
        status_original=raw["status"],
        result=to.meaning("builds.result", raw.get("result"), _RESULT) if status == "done" else "",
        result_original=raw.get("result") or "",
        started_at=moment_of(raw.get("startTime")),
        ended_at=moment_of(raw.get("finishTime")),
        changed_at=moment_of(raw.get("lastChangedDate") or raw.get("finishTime")),
        starter=person(raw.get("requestedFor"), repo, to),
    )
    if tried:
        link = Link("tests", "request", tried[1], "branch_of_request", 0.99)
        to.link(repo, ("build", number), link, happened_at=made)


def job(raw: Raw, to: Rows) -> None:
    """A job from the timeline of a build; its stages, phases and steps are left."""
    if raw["type"] != "Job":
        return
    told = (to.asked, (raw.get("log") or {}).get("url"))
    asked = next((m[1] for x in told if (m := _BUILD.search(x or ""))), "")
    number = needed(str(to.about.get("number") or "") or asked, "its build")
    repo = to.learned("repository_of_build", number) or to.about.get("place")
    status = to.meaning("jobs.status", raw["state"], _PROGRESS)
    began, ended = moment_of(raw.get("startTime")), moment_of(raw.get("finishTime"))
    to.add(
        "jobs",
        happened_at=began,
        repo=needed(repo, "its repository"),
        job=f"{number}:{raw['id']}",  # jobs of a name have the same id in every build
        build=number,
        name=raw.get("name"),
        sha=to.learned("commit_of_build", number) or _own_commit(to.about),
        attempt=raw.get("attempt"),
        status=status,
        status_original=raw["state"],
        result=to.meaning("jobs.result", raw.get("result"), _RESULT) if status == "done" else "",
        result_original=raw.get("result") or "",
        started_at=began,
        ended_at=ended,
        changed_at=ended or began,
    )


def _own_commit(about: Mapping[str, Any]) -> str | None:
    """The commit of its build, which was read in an earlier run; not of one that tried a merge."""
    tried = _TRIED.match(about.get("sourceBranch") or "")
    return None if tried else about.get("sourceVersion")
