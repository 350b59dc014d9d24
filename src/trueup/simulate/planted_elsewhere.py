"""What is planted outside of git: issues, requests, reviews, checks, deployments, incidents, status reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read by `codec` when it decodes
from enum import StrEnum


class IssueStory(StrEnum):
    """What became of an issue, seen from the end of the history.

    The first group has changes in git, the second none that names it. ``abandoned`` was begun on a
    branch and is open; ``parts`` and ``umbrella`` are closed by several changes; ``faulty`` was
    repaired by a later change that names the first; ``child`` belongs to an umbrella;
    ``unlinked`` was done by a change that does not name it; ``false_done`` was not done at all.
    """

    ONE_CHANGE = "one_change"
    CLOSED_BY_HAND = "closed_by_hand"
    REOPENED_BY_MISTAKE = "reopened_by_mistake"
    REOPENED_OPEN = "reopened_open"
    REOPENED_LATE = "reopened_late"
    REDONE = "redone"
    REVERTED = "reverted"
    REAPPLIED = "reapplied"
    FAULTY = "faulty"
    EMPTY = "empty"
    UMBRELLA = "umbrella"
    PARTS = "parts"
    ABANDONED = "abandoned"

    CHILD = "child"
    FALSE_DONE = "false_done"
    UNLINKED = "unlinked"
    NOT_PLANNED = "not_planned"
    DUPLICATE = "duplicate"
    QUESTION = "question"
    STALE = "stale"
    INCIDENT = "incident"
    STILL_OPEN = "still_open"


class ReviewStory(StrEnum):
    """Who looked at a request, and when.

    ``hasty`` is an approval of more than 400 added lines within two minutes; ``forced`` was merged
    by its author though changes were requested; ``second_address`` is its author under another
    account; ``by_accountable`` is the human on whose behalf an agent wrote it.
    """

    APPROVED = "approved"
    CHANGES_FIRST = "changes_first"
    COMMENTED = "commented"
    HASTY = "hasty"
    FORCED = "forced"
    APPROVED_AFTER = "approved_after"
    SELF_APPROVED = "self_approved"
    BY_ACCOUNTABLE = "by_accountable"
    SECOND_ADDRESS = "second_address"
    BOT_APPROVED = "bot_approved"
    NONE = "none"


class CheckStory(StrEnum):
    """What ran for a change that landed, and on which tree."""

    LANDED = "landed"
    HEAD = "head"
    OLDER = "older"
    RETRIED = "retried"
    FAILED = "failed"
    EMPTY = "empty"
    SKIPPED = "skipped"
    NEUTRAL = "neutral"
    CANCELLED = "cancelled"
    LINT = "lint"
    NONE = "none"


#: Stories after which tests passed on what landed, or on the newest head of its request.
PASSED = frozenset((CheckStory.LANDED, CheckStory.HEAD, CheckStory.RETRIED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An issue was closed or reopened; ``sha`` is the commit that the forge says closed it."""

    at: datetime
    event: str
    by: str
    sha: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedIssue:
    """One issue of the forge, and what is true about it.

    Args:
        kind: bug, feature, task, question, epic or incident; empty where no label tells.
        reason: completed, not_planned or duplicate, as told on closing; empty where not told.
        resolution: done, not_planned or duplicate; empty while open.
        claims: the claims in git that close it.
        changes: commits on the main line that did the work, also where none names it.
        claimed: whether its closing, if it came to that, said that work was done: questions,
            refusals, incidents that are over and closings by a bot do not.
        done: whether the work is done at the end of the history; False where nothing is claimed.
        contradicted_at: when it first turned out not to be done after it was closed as done.
    """

    number: int
    team: str
    kind: str
    labels: tuple[str, ...]
    title: str
    text: str
    story: IssueStory
    author: str
    opened_at: datetime
    moves: tuple[Move, ...]
    reason: str
    resolution: str
    claims: tuple[str, ...]
    changes: tuple[str, ...]
    claimed: bool
    done: bool
    contradicted_at: datetime | None
    parent: int | None = None
    children: tuple[int, ...] = ()

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, if it still is."""
        last = self.moves[-1] if self.moves else None
        return last.at if last is not None and last.event == "closed" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One commit of a request; it is in git only where its branch was merged or kept."""

    sha: str
    at: datetime
    subject: str
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedReview:
    """One review; ``reviewer`` is the person, ``address`` that of the account they used.

    ``independent`` when given by a human who neither wrote the change nor answers for it.
    """

    id: int
    number: int
    reviewer: str
    address: str
    verdict: str
    at: datetime
    sha: str
    independent: bool
    before_landing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedRequest:
    """One request to merge a change.

    Args:
        status: merged, closed or open.
        added: lines its change adds; None where it did not land.
        looked: whether an independent human reviewed it before it landed, whatever they said.
        approved: whether one of them approved it by then.
    """

    number: int
    team: str
    kind: str
    claim: str
    title: str
    text: str
    author: str
    merged_by: str
    status: str
    branch: str
    base_sha: str
    opened_at: datetime
    ended_at: datetime | None
    merge_sha: str
    heads: tuple[Head, ...]
    added: int | None
    removed: int | None
    files: int | None
    story: ReviewStory
    looked: bool
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedRun:
    """One run of a workflow; run again it keeps its id and counts its attempts."""

    id: int
    name: str
    event: str
    branch: str
    sha: str
    pull: int | None
    by: str
    at: datetime
    ended_at: datetime
    result: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedJob:
    """One job of a run, or, without a run, a check by another system."""

    id: int
    run: int | None
    name: str
    sha: str
    at: datetime
    ended_at: datetime
    result: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedReport:
    """One JUnit report: success, failure, skipped or empty, and its cases that passed, failed, were skipped."""

    file: str
    sha: str
    run: int
    at: datetime
    result: str
    passed: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedChecks:
    """What ran for one change that landed.

    ``tested`` when tests really ran and passed on what landed or on the newest head of its request.
    """

    sha: str
    pull: int | None
    claim: str
    team: str
    story: CheckStory
    tested: bool
    runs: tuple[PlantedRun, ...]
    jobs: tuple[PlantedJob, ...]
    reports: tuple[PlantedReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedDeployment:
    """The main line up to a commit was brought to production or staging; result is success or failure."""

    id: int
    environment: str
    sha: str
    by: str
    at: datetime
    ended_at: datetime
    replaced_at: datetime | None
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedIncident:
    """An incident.

    Args:
        id: as PagerDuty calls it.
        after: the deployment that brought what broke; None for incidents with another cause.
        cause: the claim whose change broke it; empty for another cause.
        issue: the issue of the forge in which its cause is written down, if it is.
    """

    id: str
    service: str
    team: str
    title: str
    by: str
    at: datetime
    taken_at: datetime
    ended_at: datetime
    after: int | None
    cause: str
    issue: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedStatus:
    """What a team said of itself on a day.

    Args:
        landed: changes of the team that landed in the four weeks before.
        backed: of these, how many an independent human looked at, or tests passed on.
        watermelon: whether the colour is not what these say.
    """

    team: str
    day: datetime
    colour: str
    percent: int
    author: str
    landed: int
    backed: int
    watermelon: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedElsewhere:
    """Everything planted outside of git; ``folder`` is relative to the one written, ``place`` is `owner/name`."""

    folder: str
    place: str
    issues: tuple[PlantedIssue, ...]
    requests: tuple[PlantedRequest, ...]
    reviews: tuple[PlantedReview, ...]
    checks: tuple[PlantedChecks, ...]
    deployments: tuple[PlantedDeployment, ...]
    incidents: tuple[PlantedIncident, ...]
    statuses: tuple[PlantedStatus, ...]
