"""CircleCI: workflows with their jobs, and the pipelines that started them.

A build here is a workflow, not a pipeline: a workflow has a result, an end and jobs, while a pipeline is
the event that starts one or several of them and never ends. The commit is told of the pipeline alone; a
sync notes it with the workflows it asks for, and a link tells it where both are read from files.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from trueup.facts.rows import OddRecordError
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
    usual_door,
)

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.rows import Raw, Rows

_STATUS = {
    "success": "done",
    "failed": "done",
    "error": "done",
    "canceled": "done",
    "not_run": "done",
    "unauthorized": "done",
    "infrastructure_fail": "done",
    "timedout": "done",
    "terminated-unknown": "done",
    "retried": "done",
    "running": "running",
    "failing": "running",
    "on_hold": "queued",
    "queued": "queued",
    "not_running": "queued",
    "blocked": "queued",
}

_RESULT = dict.fromkeys((k for k, v in _STATUS.items() if v != "done"), "") | {
    "success": "success",
    "failed": "failure",
    "error": "failure",
    "infrastructure_fail": "failure",
    "timedout": "failure",
    "canceled": "cancelled",
    "not_run": "skipped",
    "unauthorized": "other",
    "terminated-unknown": "other",
    "retried": "other",
}

_HOSTED = re.compile(r"(?:gh|github|bb|bitbucket)/([^/]+/[^/]+)")
_WORKFLOW = re.compile(r"/workflow/([0-9A-Za-z-]+)/job")
#: What is noted of a pipeline beside its workflows, and our columns for it.
_BESIDE = {
    "trigger.type": "event",
    "trigger_parameters.git.branch": "branch",
    "trigger_parameters.git.checkout_sha": "sha",
    "vcs.branch": "branch",
    "vcs.revision": "sha",
}
#: Branches that stand for requests from other repositories.
_REQUEST = re.compile(r"pull/(\d+)")


def pipeline(raw: Raw, to: Rows) -> None:
    """A pipeline: it says which commit and request its workflows are about."""
    repo, item = _place(raw), ("pipeline", _id(raw))
    made = moment_of(raw["created_at"])
    vcs = raw.get("vcs") or {}
    # Pipelines of a GitHub App tell their commit with what triggered them.
    git = (raw.get("trigger_parameters") or {}).get("git") or {}
    if sha := vcs.get("revision") or git.get("checkout_sha"):
        found = Link("tests", "commit", sha, "pipeline_revision", 0.99)
        to.link(repo, item, found, happened_at=made)
    asked = _REQUEST.fullmatch(vcs.get("branch") or git.get("branch") or "")
    number = asked[1] if asked else str(vcs.get("review_id") or "")
    if number.isdigit():
        found = Link("tests", "request", number, "pipeline_of_request", 0.95)
        to.link(repo, item, found, happened_at=made)


def workflow(raw: Raw, to: Rows) -> None:
    """A workflow; run again it is another one of the same pipeline and name, and counts again."""
    repo, build = _place(raw), _id(raw)
    made = moment_of(raw["created_at"])
    outcome = _outcome(raw, to, "builds")
    again = raw.get("auto_rerun_number")
    to.add(
        "builds",
        happened_at=made,
        repo=repo,
        build=build,
        name=raw["name"],
        **_beside(to),
        **outcome,
        **({} if again is None else {"attempt": again + 1}),
        started_at=made,
        ended_at=_end(raw, outcome, made),
        changed_at=moment_of(raw.get("stopped_at")) or made,
        starter=_person(raw.get("started_by"), repo, to),
    )
    if raw.get("pipeline_id"):
        found = Link("part_of", "pipeline", raw["pipeline_id"], "workflow_of_pipeline", 0.99)
        to.link(repo, ("build", build), found, happened_at=made)


def job(raw: Raw, to: Rows) -> None:
    """A job of a workflow; one that is kept when the rest is run again stands once, as it ran once."""
    repo = _place(raw)
    outcome = _outcome(raw, to, "jobs")
    if raw.get("type") == "approval" and outcome["result"] == "success":
        outcome["result"] = "neutral"  # somebody allowed it to go on: nothing ran
    started = moment_of(raw.get("started_at"))
    to.add(
        "jobs",
        happened_at=moment_of(raw.get("created_at")) or started,
        repo=repo,
        job=_id(raw),
        **_workflow(to),
        name=raw["name"],
        **outcome,
        started_at=started,
        ended_at=_end(raw, outcome, started),
        changed_at=moment_of(raw.get("stopped_at")) or started or moment_of(raw.get("created_at")),
    )


def user(raw: Raw, to: Rows) -> None:
    """An account, with its name where the code is hosted. Organisations, listed alike, are nobody."""
    if "slug" in raw:
        return
    login = raw.get("login") or ""
    known = f"{login.lower()}@users.noreply.github.com" if login and _on_github(to) else ""
    known = login if "@" in login else known
    proper = (login, known) if known else ("", "")
    to.person("", raw.get("name") or login, _address(_id(raw)), proper)


def project(raw: Raw, _: Rows) -> None:
    """A project; what it says stands in every record of it."""
    _place({"project_slug": raw["slug"]})


def _place(raw: Raw) -> str:
    """The repository of a project, where it is hosted under a name; else the project.

    >>> _place({"project_slug": "gh/acme/app"}), _place({"project_slug": "circleci/4Fq/9Zk"})
    ('acme/app', 'circleci/4Fq/9Zk')
    """
    slug = raw["project_slug"]
    found = _HOSTED.fullmatch(slug)
    return str(found[1] if found else slug)


def _id(raw: Raw) -> str:
    if not raw["id"]:
        raise OddRecordError("it has expired: it has no id any more")
    return str(raw["id"])


def _beside(to: Rows) -> dict[str, str]:
    """What the pipeline of a workflow says, as far as that was noted."""
    told = ((column, to.about.get(field)) for field, column in _BESIDE.items())
    return {column: value for column, value in told if value}


def _workflow(to: Rows) -> dict[str, str]:
    """The workflow whose jobs were asked for, where the request is known."""
    found = _WORKFLOW.search(to.asked)
    return {"build": found[1]} if found else {}


def _on_github(to: Rows) -> bool:
    return str(to.about.get("place")).startswith(("gh/", "github/"))


def _outcome(raw: Raw, to: Rows, table: str) -> dict[str, str]:
    """How far it is and how it ended, for which CircleCI has one word."""
    return {
        "status": to.meaning(f"{table}.status", raw["status"], _STATUS),
        "status_original": raw["status"],
        "result": to.meaning(f"{table}.result", raw["status"], _RESULT),
        "result_original": "",
    }


def _end(raw: Raw, outcome: Raw, started: datetime | None) -> datetime | None:
    """When it ended; one that is told to have ended before it began ended at no known time."""
    ended = moment_of(raw.get("stopped_at")) if outcome["status"] == "done" else None
    return None if ended and started and ended < started else ended


def _person(account: str | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of an account, which records name by its id."""
    return to.person(repo, "", _address(account)) if account else None


def _address(account: str) -> str:
    return f"{account.lower()}@circleci.invalid"


_list = partial(
    Listing,
    within="items",
    paging=Paging.CURSOR,
    page="page-token",
    following="next_page_token",
)

KINDS = (
    RecordKind(
        name="pipelines",
        writes=("item_links",),
        lights="which commit and which request was built",
        access="reading the project",
        marks=names("id number project_slug state trigger"),
        known=names(
            "id errors project_slug updated_at number trigger_parameters state created_at trigger vcs pipeline_values"
        ),
        to_facts=pipeline,
        path="/project/{place}/pipeline",
        listing=_list(Order.NEWEST_FIRST, stamp="created_at", again_days=3),
    ),
    RecordKind(
        name="workflows",
        writes=("builds", "item_links"),
        lights="which commits were built and tested, and with what result",
        access="reading the project",
        marks=names("pipeline_id pipeline_number project_slug status"),
        known=names(
            "id pipeline_id pipeline_number project_slug name status created_at stopped_at started_by canceled_by "
            "errored_by tag auto_rerun_number max_auto_reruns"
        ),
        to_facts=workflow,
        path="/pipeline/{number}/workflow",
        listing=_list(
            Order.OF_EACH,
            each=("pipelines", "id"),
            beside=tuple(_BESIDE),
        ),
    ),
    RecordKind(
        name="jobs",
        writes=("jobs",),
        lights="which parts of a build ran, were skipped, or waited for somebody",
        access="reading the project",
        marks=names("dependencies project_slug status type"),
        known=names(
            "id job_number name project_slug status type dependencies requires created_at queued_at started_at "
            "stopped_at canceled_by approved_by approval_request_id"
        ),
        to_facts=job,
        path="/workflow/{number}/job",
        listing=_list(Order.OF_EACH, each=("workflows", "id")),
        names=("workflow_jobs",),
    ),
    RecordKind(
        name="users",
        writes=("people",),
        lights="which accounts are one person",
        access="reading the project",
        marks=names("id login name"),
        known=names("id login name avatar_url slug vcs_type"),
        to_facts=user,
        path="/user/{number}",
        listing=Listing(Order.OF_EACH, each=("workflows", "started_by"), paging=Paging.WHOLE),
    ),
    RecordKind(
        name="projects",
        writes=(),
        lights="nothing that its other records do not say",
        access="reading the project",
        marks=names("organization_slug slug vcs_info"),
        known=names("id name slug organization_id organization_name organization_slug vcs_info"),
        to_facts=project,
        path="/project/{place}",
    ),
)


USUAL = Door("https://circleci.com/api/v2", ("CIRCLECI_TOKEN", "CIRCLE_TOKEN"))

SOURCE = Source(
    name="circleci",
    version=1,
    title="CircleCI",
    sensitive=SENSITIVE,
    access=(
        "a personal API token in `CIRCLECI_TOKEN` or `CIRCLE_TOKEN`, of an account that may read the project (tokens "
        "of projects are not accepted); choose Read where an access level is offered, else give one of an account "
        "that may only read, for it may do what the account may. `CIRCLECI_URL` names a server of one's own. Nothing "
        "is written"
    ),
    limits=(
        "A place is the slug of a project, as in `gh/acme/app`. Pipelines of the last three days are asked again at "
        "each sync: a workflow that is run again, or allowed to go on, later than that is not seen. A workflow that "
        "is run again counts again; which attempt it is stands with those that CircleCI ran again by itself. A job that waits for somebody and was allowed to go on tested nothing: its result "
        "is neutral. Before December 2025 jobs that were never to run were said to be blocked: they stand as queued. A "
        "pipeline that started no workflow, for its configuration was in error, is no build. What has expired has no "
        "id, and cannot be read. Projects that are not known by a name (`circleci/...`) stand under their slug. As "
        "files: the answers of `/project/SLUG/pipeline`, `/pipeline/ID/workflow` and `/workflow/ID/job`; workflows "
        "then have no commit of their own, but a link to their pipeline, which has; jobs have a workflow where a table "
        "tells the request in its column `url`."
    ),
    kinds=KINDS,
    signs=(Sign(".circleci/config.yml", named="gh/{slug}"),),
    interface=Interface(
        own_door(
            "CIRCLECI",
            "/api/v2",
            secrets=("CIRCLE_TOKEN",),
            otherwise=usual_door(USUAL, "circleci.com"),
        ),
        partial(sent, form="{token}", header="Circle-Token"),
        USUAL,
        place="a project",
    ),
)
