"""Issues that no change in git names: false reports, refusals, questions, children, incidents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trueup.simulate.canaries import as_person
from trueup.simulate.exports.accounts import STALE
from trueup.simulate.exports.course import DAY, HOUR, MINUTE
from trueup.simulate.exports.issues import LABELS, described, kind_of
from trueup.simulate.planted_elsewhere import IssueStory, Move, PlantedIncident, PlantedIssue

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.dice import Dice
    from trueup.simulate.exports.course import Course
    from trueup.simulate.planted import PlantedClaim
    from trueup.simulate.task import Landed

STORIES = ("false_done", "unlinked", "not_planned", "duplicate", "question", "stale", "still_open")
#: Stories whose closing says that work was done, and those of which it was.
CLAIMED = {IssueStory.FALSE_DONE, IssueStory.UNLINKED, IssueStory.CHILD}
DONE = CLAIMED - {IssueStory.FALSE_DONE}
LONGEST = 40 * DAY


@dataclass(frozen=True, slots=True)
class _Draft:
    """An issue before it has a number."""

    team: str
    story: IssueStory
    opened_at: datetime
    closed_at: datetime | None
    change: str = ""
    parent: int | None = None
    incident: PlantedIncident | None = None
    canary: str = ""


def planted(
    course: Course, linked: list[PlantedIssue], incidents: list[PlantedIncident]
) -> tuple[list[PlantedIssue], list[PlantedIncident]]:
    """All issues, those that work closes among them, and the incidents with the issue that names their cause."""
    drafts = [*_of_teams(course, linked), *_children(course, linked), *_canaries(course)]
    drafts += _named(course, incidents)
    drafts.sort(key=lambda draft: (draft.opened_at, draft.team, draft.story))
    # Forges count on: numbers of what was planned in git are taken, whenever it was opened.
    numbered = [(course.world.planner.numbers.number(), draft) for draft in drafts]
    children, named = defaultdict(list), {}
    for number, draft in numbered:
        if draft.parent is not None:
            children[draft.parent].append(number)
        if draft.incident is not None:
            named[draft.incident.id] = number
    found = [replace(one, children=tuple(children.get(one.number, ()))) for one in linked]
    found += [_issue(course, number, draft) for number, draft in numbered]
    return (
        sorted(found, key=lambda issue: issue.number),
        [replace(one, issue=named.get(one.id)) for one in incidents],
    )


def _of_teams(course: Course, linked: list[PlantedIssue]) -> list[_Draft]:
    drafts = []
    for team in course.scenario.teams:
        own = [issue for issue in linked if issue.team == team.name]
        for name in STORIES:
            dice = course.dice(f"further/{team.name}/{name}")
            rate = getattr(course.plan, name)
            count = dice.poisson(len(own) * rate) if own and rate else 0
            for _ in range(max(count, int(bool(own) and rate > 0))):
                drafts += _drawn(course, team.name, IssueStory(name), dice)
        drafts += _hollow(course, own)
    return drafts


def _hollow(course: Course, own: list[PlantedIssue]) -> list[_Draft]:
    """In a team that only looks green, every other issue that is closed has no work behind it."""
    return [
        _Draft(issue.team, IssueStory.FALSE_DONE, issue.opened_at, closed)
        for issue in own
        if (closed := issue.closed_at) is not None and course.hollow(issue.team, closed)
    ]


def _drawn(course: Course, team: str, story: IssueStory, dice: Dice) -> list[_Draft]:
    if story is IssueStory.UNLINKED:
        return _unlinked(course, team, dice)
    span = course.end - course.scenario.start - LONGEST
    if span <= LONGEST:
        return []
    opened = course.scenario.start + dice.span(HOUR, span)
    closed = opened + dice.span(DAY, LONGEST)
    return [_Draft(team, story, opened, None if story is IssueStory.STILL_OPEN else closed)]


def _unlinked(course: Course, team: str, dice: Dice) -> list[_Draft]:
    """Done by a change that says nothing of it, and closed by hand afterwards."""
    quiet = [
        one
        for one in course.landed
        if one.task.team == team
        and one.task.kind == "work"
        and not course.claim_of(one.task)
        and one.mark not in course.world.book.reverted
        and one.at + 3 * DAY < course.end
    ]
    return [_after(course, dice.choice(quiet), dice)] if quiet else []


def _after(course: Course, landed: Landed, dice: Dice) -> _Draft:
    opened = max(course.scenario.start, landed.task.opens - dice.span(HOUR, 10 * DAY))
    closed = landed.at + dice.span(HOUR, 2 * DAY)
    story, sha = IssueStory.UNLINKED, course.sha(landed.mark)
    return _Draft(landed.task.team, story, opened, closed, change=sha)


def _children(course: Course, linked: list[PlantedIssue]) -> list[_Draft]:
    """Umbrellas of the tracker have children, which are closed by hand with their part."""
    drafts = []
    for issue in linked:
        if issue.story is IssueStory.UMBRELLA:
            for name in issue.claims[:2]:
                claim = course.by_id[name]
                at = claim.landed_at
                if at is not None and at + HOUR < course.end:
                    draft = _Draft(claim.team, IssueStory.CHILD, issue.opened_at, at + 30 * MINUTE)
                    drafts.append(replace(draft, change=_landed(claim), parent=issue.number))
    return drafts


def _landed(claim: PlantedClaim) -> str:
    """The commit of the main line that did its work; what followed up comes later."""
    return next(r.sha for r in claim.reports if r.line == "main")


def _named(course: Course, incidents: list[PlantedIncident]) -> list[_Draft]:
    """What somebody wrote down about an incident: which request or commit broke it."""
    drafts = []
    for index, one in enumerate(i for i in incidents if i.cause):
        dice = course.dice(f"named/{one.id}")
        if dice.chance(course.plan.incidents_named) or (not index and course.plan.incidents_named):
            draft = _Draft(one.team, IssueStory.INCIDENT, one.taken_at, one.ended_at)
            drafts.append(replace(draft, incident=one))
    return drafts


def _canaries(course: Course) -> list[_Draft]:
    team, at = course.scenario.teams[0].name, course.scenario.start + DAY
    return [
        _Draft(team, IssueStory.STILL_OPEN, at, None, canary=canary)
        for canary in course.scenario.canaries
    ]


def _issue(course: Course, number: int, draft: _Draft) -> PlantedIssue:
    dice = course.dice(f"further/{number}")
    kind = {IssueStory.QUESTION: "question", IssueStory.INCIDENT: "incident"}.get(draft.story)
    kind = kind_of(dice) if kind is None else kind
    reason, label = _reason(draft.story, dice)
    title, text = _words(course, draft, kind, dice)
    author = course.anybody(draft.team, draft.opened_at, dice).email
    labels = (*LABELS[kind], label) if label else LABELS[kind]
    closed = draft.closed_at
    return PlantedIssue(
        number=number,
        team=draft.team,
        kind=kind,
        labels=tuple(sorted(labels)),
        title=title,
        text=text,
        story=draft.story,
        author=as_person(draft.canary).email if draft.canary else author,
        opened_at=draft.opened_at,
        moves=(Move(at=closed, event="closed", by=_closer(course, draft, dice)),) if closed else (),
        reason=reason,
        resolution=_resolution(draft.story, reason),
        claims=(),
        changes=(draft.change,) if draft.change else (),
        claimed=draft.story in CLAIMED,
        done=draft.story in DONE,
        contradicted_at=None,
        parent=draft.parent,
    )


def _reason(story: IssueStory, dice: Dice) -> tuple[str, str]:
    """Why it was closed as the forge tells it, and a label that tells it where the forge does not."""
    old = dice.chance(0.3)
    if story is IssueStory.STILL_OPEN:
        return "", ""
    if story is IssueStory.NOT_PLANNED:
        return ("", "wontfix") if old else ("not_planned", "")
    if story is IssueStory.DUPLICATE:
        return ("", "duplicate") if old else ("duplicate", "")
    if story is IssueStory.STALE:
        return ("completed", "") if old else ("not_planned", "stale")
    return "completed", ""


def _resolution(story: IssueStory, reason: str) -> str:
    if story is IssueStory.STILL_OPEN:
        return ""
    if story in {IssueStory.NOT_PLANNED, IssueStory.DUPLICATE}:
        return story.value
    return "not_planned" if reason == "not_planned" else "done"


def _words(course: Course, draft: _Draft, kind: str, dice: Dice) -> tuple[str, str]:
    title, text = described(kind, dice)
    if draft.canary:
        return f"{draft.canary} asks for help", f"Reported by {draft.canary}."
    if draft.story is IssueStory.DUPLICATE:
        return title, f"Duplicate of #{dice.whole(1, 9)}"
    if draft.incident is not None:
        claim = course.by_id[draft.incident.cause]
        by = f"#{claim.pull}" if claim.pull else f"commit {_landed(claim)}"
        return draft.incident.title, f"Caused by {by}, see PagerDuty incident {draft.incident.id}."
    return title, text


def _closer(course: Course, draft: _Draft, dice: Dice) -> str:
    if draft.story is IssueStory.STALE:
        return STALE.email
    return course.anybody(draft.team, draft.closed_at or draft.opened_at, dice).email
