"""Jenkins: builds of jobs and of the branches of multibranch projects, and the stages of pipelines."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from trueup.facts.rows import needed
from trueup.facts.texts.message import Link
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import (
    SENSITIVE,
    Door,
    Interface,
    Listing,
    Order,
    Paging,
    RecordKind,
    Sign,
    Source,
    names,
    own_door,
    sent,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

_RESULT = {
    "success": "success",
    "unstable": "failure",  # it was built, but tests failed
    "failure": "failure",
    "aborted": "cancelled",
    "not_built": "skipped",
}

_ENDED = _RESULT | {"failed": "failure", "not_executed": "skipped"}
_ONGOING = {"in_progress": "running", "paused_pending_input": "queued"}
_STAGE_STATUS = dict.fromkeys(_ENDED, "done") | _ONGOING
_STAGE_RESULT = _ENDED | dict.fromkeys(_ONGOING, "")

_JOB = re.compile(r"(?:/job/[^/?#]+)+")
_NUMBER = re.compile(r"(?:/job/[^/?#]+)+/(\d+)(?:/|$)")
#: Names of branches as checkouts write them.
_REF = re.compile(r"^(?:refs/remotes/[^/]+/|refs/heads/|origin/)")
_AGAIN = re.compile(r"#(\d+)")
#: Libraries of pipeline steps are checked out beside what is built; their names tell them.
_LIBRARY = re.compile(
    r"(?:(?:shared|pipelines?|jenkins)[-_.]?)+lib(?:s|rary|raries)?\b", re.IGNORECASE
)
#: Branches of multibranch projects that stand for requests.
_REQUEST = re.compile(r"(?:PR|MR)-(\d+)(?:-(?:head|merge))?")


class _Revision(NamedTuple):
    """A commit that was checked out: where it comes from (owner/name), and as which branch."""

    sha: str
    branch: str
    origin: str

    @property
    def repository(self) -> str:
        """The last name of where it comes from."""
        return self.origin.rpartition("/")[2]


def build(raw: Raw, to: Rows) -> None:
    """A build of a job."""
    told = str(to.about.get("FullName") or "").partition("#")[0]  # as another collector notes it
    known = (_job_name(str(raw.get("url") or "")), _job_name(to.asked), to.about.get("place"))
    _build(raw, told or next((name for name in known if name), ""), to)


def job(raw: Raw, to: Rows) -> None:
    """A job, a multibranch project or a folder: the builds it brings, at any depth."""
    left = [raw]
    while left:
        one = left.pop()
        left += one.get("jobs") or ()
        for made in (*(one.get("allBuilds") or ()), *(one.get("builds") or ())):
            if "timestamp" in made:  # else it is but an address
                _build(made, one.get("fullName") or _job_name(str(made.get("url") or "")), to)


def _build(raw: Raw, name: str, to: Rows) -> None:
    repo, number = needed(name, "its job"), str(int(raw["number"]))
    made = moment_of(raw["timestamp"])
    causes = list(_causes(raw))
    revisions = _revisions(raw, repo)
    own = revisions[0] if len(revisions) == 1 else None
    ended = None if _runs(raw) else _end(raw["timestamp"], raw.get("duration"))
    to.add(
        "builds",
        happened_at=made,
        repo=repo,
        build=number,
        name=repo,
        event=next((_short(c) for c in causes if c.get("_class")), None),
        **_of(own),
        **_outcome(raw, to),
        started_at=made,
        ended_at=ended,
        changed_at=ended or made,
        starter=next((found for c in causes if (found := _person(c, repo, to))), None),
    )
    for link in (*_upstream(causes, repo), *_tested(raw, repo, revisions)):
        to.link(repo, ("build", number), link, happened_at=made)


def _of(revision: _Revision | None) -> dict[str, str]:
    """What it was built of, as far as that is told."""
    told = {"branch": revision.branch, "sha": revision.sha} if revision else {}
    return {column: value for column, value in told.items() if value}


def _outcome(raw: Raw, to: Rows) -> dict[str, str]:
    """How far it is and how it ended; what is still being built has no result yet, whatever it says."""
    result = raw.get("result") or ""
    meant = to.meaning("builds.result", result, _RESULT)
    if meant == "cancelled" and _timed_out(raw):
        meant = "failure"
    told = raw.get("building")
    return {
        "status": "running" if _runs(raw) else "done",
        "status_original": "" if told is None else "building" if told else "not building",
        "result": "" if _runs(raw) else meant,
        "result_original": result,
    }


def _runs(raw: Raw) -> bool:
    """Whether it is still being built; where that is not said, what has no result is."""
    told = raw.get("building")
    return not raw.get("result") if told is None else bool(told)


def _timed_out(raw: Raw) -> bool:
    """Whether nobody stopped it, but the time it had was over."""
    return any(_short(c) == "ExceededTimeout" for c in _causes(raw, interrupting=True))


def _end(start: float | None, milliseconds: float | None) -> datetime | None:
    """When it ended; Jenkins gives no time at all where it does not know how long it took."""
    began = moment_of(start)
    return began + timedelta(milliseconds=milliseconds) if began and milliseconds else None


def _actions(raw: Raw) -> Iterator[Raw]:
    return (action for action in raw.get("actions") or () if action)


def _causes(raw: Raw, *, interrupting: bool = False) -> Iterator[Raw]:
    """Why it was started, or what interrupted it, which is told in the same form."""
    for action in _actions(raw):
        if (_short(action) == "InterruptedBuildAction") is interrupting:
            yield from action.get("causes") or ()


def _short(record: Raw) -> str:
    """The last name of the class of a record."""
    return re.split(r"[.$]", str(record.get("_class") or ""))[-1]


def _revisions(raw: Raw, job_name: str) -> list[_Revision]:
    """What was checked out to be built; several where nothing shows which of them it was.

    Libraries are left out; of several repositories the one the job is named after is the one.
    """
    found = [r for action in _actions(raw) if (r := _revision(action))]
    told = set(job_name.lower().split("/"))
    named = [r for r in found if r.repository.lower() in told]
    kept = named or [r for r in found if not _LIBRARY.search(r.repository)]
    return list({r.sha: r for r in kept}.values())


def _revision(action: Raw) -> _Revision | None:
    told = action.get("lastBuiltRevision") or {}
    if not told.get("SHA1"):
        return None
    branch = next((b.get("name") for b in told.get("branch") or ()), None) or ""
    origin = next(iter(action.get("remoteUrls") or ()), "")
    branch = "" if branch == "detached" else _REF.sub("", branch)
    return _Revision(told["SHA1"], branch, _slug(origin))


def _slug(address: str) -> str:
    """The last two names of the address of a repository.

    >>> _slug("git@example.org:acme/app.git"), _slug("https://example.org/scm/acme/app/")
    ('acme/app', 'acme/app')
    """
    return "/".join(re.split(r"[/:]+", address.rstrip("/").removesuffix(".git"))[-2:])


def _upstream(causes: list[Raw], repo: str) -> Iterator[Link]:
    """The builds that started this one, or that it repeats."""
    for cause in causes:
        # Only the text of such a cause tells which build it repeats.
        again = _AGAIN.search(cause.get("shortDescription") or "")
        if _short(cause) in {"ReplayCause", "RestartDeclarativePipelineCause"} and again:
            yield Link("parent", "build", again[1], "replay_cause", 0.95)
        job_name, number = cause.get("upstreamProject"), cause.get("upstreamBuild")
        if job_name and number:
            target = str(number) if job_name == repo else f"{job_name}#{number}"
            yield Link("parent", "build", target, "upstream_cause", 0.99)


def _tested(raw: Raw, repo: str, revisions: list[_Revision]) -> Iterator[Link]:
    """The request it was made for, and commits where there is more than one."""
    number = _REQUEST.fullmatch(repo.rpartition("/")[2])
    branched = any(_short(action) == "SCMRevisionAction" for action in _actions(raw))
    if number and branched and len(revisions) == 1 and revisions[0].origin:
        target = f"{revisions[0].origin}#{number[1]}"
        yield Link("tests", "request", target, "branch_of_request", 0.9)
    if len(revisions) > 1:
        for revision in revisions:
            yield Link("tests", "commit", revision.sha, "checked_out", 0.5)


def _person(cause: Raw, repo: str, to: Rows) -> str | None:
    """Who started it; an account of this server, which is known elsewhere only if it is an address."""
    user = cause.get("userId")
    if not user:
        return None
    address = user if "@" in user else f"{user}@jenkins.invalid"
    return to.person(repo, cause.get("userName") or user, address)


def stage(raw: Raw, to: Rows) -> None:
    """A stage of a pipeline, or a run of a pipeline with its stages."""
    for one in raw.get("stages", (raw,)):
        _stage(one, to)


def _stage(raw: Raw, to: Rows) -> None:
    told, _, number = str(to.about.get("FullName") or "").partition("#")
    links = raw.get("_links") or {}
    address = str((links.get("self") or {}).get("href") or to.asked)
    numbered = _NUMBER.search(address)
    repo = needed(told or _job_name(address), "its job")
    number = needed(number or (numbered[1] if numbered else ""), "its build")
    status = raw.get("status")
    meant = to.meaning("jobs.status", status, _STAGE_STATUS)
    if not status and raw.get("error"):
        meant = "done"  # an error ends a stage
    began = raw["startTimeMillis"] or None  # what did not run began at 0
    result = to.meaning("jobs.result", status, _STAGE_RESULT)
    ran = result != "skipped"
    ended = _end(began, raw.get("durationMillis")) if ran and meant == "done" else None
    to.add(
        "jobs",
        happened_at=moment_of(began),
        repo=repo,
        job=f"{number}:{raw['id']}",
        build=number,
        name=raw.get("name"),
        status=meant,
        status_original=status or "",
        result=result,
        result_original="",  # it has one word for both
        started_at=moment_of(began) if ran else None,
        ended_at=ended,
        changed_at=ended or moment_of(began),
    )


def _job_name(address: str) -> str:
    """The full name of the job an address leads to.

    >>> _job_name("https://ci.example.org/view/all/job/acme/job/app/job/fix%252Fit/7/")
    'acme/app/fix%2Fit'
    """
    found = _JOB.search(address)
    return "/".join(map(unquote, found[0].split("/job/")[1:])) if found else ""


def _path(place: str) -> str:
    """The path of a job, a folder or a project, from its full name."""
    return "/".join(f"job/{quote(name, safe='')}" for name in place.strip("/").split("/"))


#: What is asked of a build; class names are given unasked.
_BUILD = (
    "number,url,timestamp,duration,building,result,"
    "actions[causes[shortDescription,userId,userName,upstreamProject,upstreamBuild],"
    "lastBuiltRevision[SHA1,branch[name]],remoteUrls]"
)

KINDS = (
    RecordKind(
        name="builds",
        writes=("builds", "item_links"),
        lights="which commits were built and tested, and with what result",
        access="Job/Read",
        marks=names("_class number result timestamp"),
        known=names(
            "_class actions artifacts builtOn building changeSet changeSets culprits description displayName duration "
            "estimatedDuration executor fingerprint fullDisplayName id inProgress keepLog nextBuild number "
            "previousBuild queueId result runs timestamp url"
        ),
        to_facts=build,
        path="/{place}/api/json",
        listing=Listing(
            Order.NEWEST_FIRST,
            {"tree": f"allBuilds[{_BUILD}]" + "{{{first},{last}}}"},
            stamp="timestamp",
            within="allBuilds",
            again_days=3,
            paging=Paging.RANGE,
            many=100,
            lacking=True,
        ),
    ),
    RecordKind(
        name="jobs",
        writes=("builds", "item_links"),
        lights="the builds of each branch of a multibranch project",
        access="Job/Read",
        marks=names("_class fullName url"),
        known=names(
            "_class actions allBuilds buildable builds color concurrentBuild description disabled displayName "
            "displayNameOrNull downstreamProjects firstBuild fullDisplayName fullName healthReport inQueue jobs "
            "keepDependencies labelExpression lastBuild lastCompletedBuild lastFailedBuild lastStableBuild "
            "lastSuccessfulBuild lastUnstableBuild lastUnsuccessfulBuild name nextBuildNumber primaryView property "
            "queueItem resumeBlocked scm sources upstreamProjects url views"
        ),
        to_facts=job,
        path="/{place}/api/json",
        listing=Listing(
            Order.NONE,
            {"tree": f"jobs[fullName,url,builds[{_BUILD}]" + "{{0,50}}]"},
            within="jobs",
            paging=Paging.WHOLE,
            lacking=True,
        ),
        names=("branches",),
    ),
    RecordKind(
        name="stages",
        writes=("jobs",),
        lights="which parts of a build ran, failed or were skipped",
        access="Job/Read; the plugin Pipeline: REST API must be there",
        marks=names("durationMillis name startTimeMillis status"),
        known=names(
            "_links durationMillis endTimeMillis error execNode id name parameterDescription pauseDurationMillis "
            "queueDurationMillis stageFlowNodes stages startTimeMillis status"
        ),
        to_facts=stage,
        path="/{place}/{number}/wfapi/describe",
        listing=Listing(
            Order.OF_EACH, within="stages", each=("builds", "number"), paging=Paging.WHOLE
        ),
    ),
)

SOURCE = Source(
    name="jenkins",
    version=1,
    title="Jenkins",
    sensitive=SENSITIVE,
    access=(
        "an account with Overall/Read and Job/Read and an API token of it, given as `user:token` in "
        "`JENKINS_TOKEN`; `JENKINS_URL` says where it is; nothing is written"
    ),
    limits=(
        "A place is the full name of a job (`folder/job`), or of a multibranch project. Of a project the newest 50 "
        "builds of each branch are read at each sync, without their stages; a branch named as a place of its own "
        "(`project/main`) is read with its whole history and its stages. What Jenkins has deleted cannot be seen. "
        "Which library a pipeline uses is not told: a library is known by its name (`shared-library`, "
        "`pipeline-lib`). Where a build checked out several repositories and its job is named after none of them, no "
        "commit stands with the build, but each stands in `item_links`. A request that is merged before it is built "
        "is built as a commit that nobody else has. Builds run again are builds of their own, linked to the first (of a replay only a text tells it). A job or branch that was deleted and made "
        "again counts from 1 again: its builds take the place of older ones of the same number. "
        "Numbers of tests are not read here: read the reports of the tests. As files: "
        f"`URL/job/NAME/api/json?tree=fullName,url,allBuilds[{_BUILD}]` and `URL/job/NAME/NUMBER/wfapi/describe`."
    ),
    kinds=KINDS,
    signs=(Sign("Jenkinsfile"),),
    interface=Interface(
        own_door("JENKINS"),
        partial(sent, form="Basic {basic}"),
        Door("https://jenkins.example.com", ("JENKINS_TOKEN",)),
        place="a job",
        spelled=_path,
    ),
)
