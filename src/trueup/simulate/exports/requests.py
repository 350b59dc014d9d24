"""Requests of the forge, and their reviews."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from trueup.simulate.exports.accounts import APPROVER, numbered
from trueup.simulate.exports.course import DAY, HOUR, MINUTE
from trueup.simulate.exports.drawing import Deck
from trueup.simulate.messages import slug, small_step
from trueup.simulate.people import FORGE
from trueup.simulate.planted import Review
from trueup.simulate.planted_elsewhere import Head, PlantedRequest, PlantedReview, ReviewStory

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.dice import Dice
    from trueup.simulate.exports.course import Course
    from trueup.simulate.people import Person
    from trueup.simulate.task import Landed, Task

TOO_LARGE = 400  # lines that somebody may still have read
UNSEEN = ("self_approved", "approved_after", "second_address", "bot_approved", "forced")
SEEN = ("hasty", "changes_first", "commented")
#: Verdicts by story, besides what happens to be approved.
APPROVING = frozenset((ReviewStory.APPROVED, ReviewStory.CHANGES_FIRST, ReviewStory.HASTY))
LOOKING = APPROVING | {ReviewStory.COMMENTED, ReviewStory.FORCED}


@dataclass(frozen=True, slots=True)
class _Look:
    """One review that is to be written down; ``other`` is for the second account of a person."""

    who: Person
    verdict: str
    at: datetime
    other: bool = False


def planted(course: Course) -> tuple[list[PlantedRequest], list[PlantedReview]]:
    """All requests, and all reviews of them."""
    return _Requests(course).all()


class _Requests:
    def __init__(self, course: Course) -> None:
        self._course = course
        self._seen = Deck({name: getattr(course.plan, name) for name in SEEN})
        unseen = {name: getattr(course.plan, name) for name in UNSEEN}
        self._unseen = Deck(unseen | {"by_accountable": course.plan.self_approved})
        self._reviews: list[PlantedReview] = []

    def all(self) -> tuple[list[PlantedRequest], list[PlantedReview]]:
        landed = [self._merged(one) for one in self._course.landed if one.task.pull is not None]
        done = {one.task.number for one in self._course.landed}
        begun = self._course.world.book.begun
        other = [self._unmerged(b.task) for n, b in begun.items() if n not in done and b.task.pull]
        requests = sorted([*landed, *other], key=lambda request: request.number)
        return requests, sorted(self._reviews, key=lambda review: (review.at, review.id))

    def _merged(self, landed: Landed) -> PlantedRequest:
        course, task = self._course, landed.task
        dice = course.dice(f"request/{task.pull}")
        sha = course.sha(landed.mark)
        added, removed, files = course.counts[sha]
        request = replace(
            self._opened(task, landed.at, dice),
            status="merged",
            base_sha=course.sha(landed.parent),
            ended_at=landed.at,
            merge_sha=sha,
            added=added,
            removed=removed,
            files=files,
        )
        story, looks = self._story(landed, request, dice)
        self._reviews += [self._review(request, task, look, n) for n, look in enumerate(looks)]
        return replace(
            request,
            story=story,
            looked=story in LOOKING,
            approved=story in APPROVING,
            merged_by=self._merger(task, story, looks, dice).email,
        )

    def _unmerged(self, task: Task) -> PlantedRequest:
        """Work that is on its branch still, or was given up."""
        course = self._course
        dice = course.dice(f"request/{task.pull}")
        request = self._opened(task, course.end, dice)
        given_up = request.opened_at + dice.span(10 * DAY, 40 * DAY)
        if task.kind == "in_flight" or given_up >= course.end or dice.chance(0.5):
            return request
        return replace(request, status="closed", ended_at=given_up)

    def _opened(self, task: Task, until: datetime, dice: Dice) -> PlantedRequest:
        heads = self._heads(task, until, dice)
        claim = self._course.by_id.get(self._course.claim_of(task))
        text = list(task.wording.body)
        if claim and claim.ref.startswith("#") and not any(claim.ref in part for part in text):
            text.append(f"Fixes {claim.ref}")
        return PlantedRequest(
            number=task.pull or 0,
            team=task.team,
            kind=task.kind,
            claim=claim.id if claim else "",
            title=task.wording.subject,
            text="\n\n".join(text),
            author=task.author.email,
            merged_by="",
            status="open",
            branch=task.topic or f"{slug(task.wording.subject)[:30]}-{task.pull}",
            base_sha="",
            opened_at=heads[-1].at + 2 * MINUTE,
            ended_at=None,
            merge_sha="",
            heads=heads,
            added=None,
            removed=None,
            files=None,
            story=ReviewStory.NONE,
            looked=False,
            approved=False,
        )

    def _heads(self, task: Task, until: datetime, dice: Dice) -> tuple[Head, ...]:
        """Its commits; those of a branch that was squashed and deleted are in the forge alone."""
        begun = self._course.world.book.begun.get(task.number)
        name, address = task.signature.name, task.signature.email
        if begun is not None:
            sha = self._course.sha
            return tuple(
                Head(sha=sha(m), at=at, subject=s, name=name, address=address)
                for m, s, at in begun.steps
            )
        first = min(task.opens, until - HOUR)
        subjects = [
            task.wording.subject,
            *(small_step(dice).subject for _ in range(task.commits - 1)),
        ]
        return tuple(
            Head(
                sha=invented(f"{self._course.place}#{task.pull}/{index}"),
                at=first + 7 * index * MINUTE,
                subject=subject,
                name=name,
                address=address,
            )
            for index, subject in enumerate(subjects)
        )

    def _story(
        self, landed: Landed, request: PlantedRequest, dice: Dice
    ) -> tuple[ReviewStory, list[_Look]]:
        task = landed.task
        other = self._reviewer(task, landed.at, dice)
        if task.kind != "work":
            return ReviewStory.NONE, []
        if task.looked.review is not Review.NONE and other is not None:
            large = (request.added or 0) > TOO_LARGE
            name = self._seen.draw(dice, SEEN if large else SEEN[1:], "approved")
        else:
            name = self._unseen.draw(dice, self._possible(landed, other), "none")
        story = ReviewStory(name)
        return story, self._looks(story, landed, request, other, dice)

    def _possible(self, landed: Landed, other: Person | None) -> set[str]:
        """What can be planted where nobody else approves."""
        task, course = landed.task, self._course
        human = task.accountable or task.author
        agent = task.involved == "agent"
        found = {"by_accountable" if agent else "self_approved", "bot_approved"}
        if human in course.doubled and not agent:
            found.add("second_address")
        if other is not None and landed.at + 3 * DAY < course.end:
            found.add("approved_after")
        if other is not None and not course.hollow(task.team, landed.at):
            found.add("forced")
        return found

    def _reviewer(self, task: Task, at: datetime, dice: Dice) -> Person | None:
        """Who looked according to git, or somebody else where git keeps silent about it."""
        human = task.accountable or task.author
        drawn = (
            self._course.somebody(task.team, at, dice, human, task.author) if task.team else None
        )
        merger = task.looked.lander if task.looked.review is Review.MERGED_BY_OTHER else None
        return task.looked.reviewer or merger or drawn

    def _looks(
        self,
        story: ReviewStory,
        landed: Landed,
        request: PlantedRequest,
        other: Person | None,
        dice: Dice,
    ) -> list[_Look]:
        task, begin = landed.task, request.opened_at
        human = task.accountable or task.author
        span = landed.at - begin
        early, late = begin + span * 0.3, begin + span * dice.between(0.5, 0.9)
        early, late = early.replace(microsecond=0), late.replace(microsecond=0)
        after = landed.at + dice.span(HOUR, 2 * DAY)
        who = other or human
        return {
            ReviewStory.APPROVED: [_Look(who, "approved", late)],
            ReviewStory.CHANGES_FIRST: [
                _Look(who, "changes_requested", early),
                _Look(who, "approved", late),
            ],
            ReviewStory.COMMENTED: [_Look(who, "commented", late)],
            ReviewStory.HASTY: [_Look(who, "approved", begin + dice.span(MINUTE / 3, 2 * MINUTE))],
            ReviewStory.FORCED: [_Look(who, "changes_requested", late)],
            ReviewStory.APPROVED_AFTER: [_Look(who, "approved", after)],
            ReviewStory.SELF_APPROVED: [_Look(task.author, "approved", late)],
            ReviewStory.BY_ACCOUNTABLE: [_Look(human, "approved", late)],
            ReviewStory.SECOND_ADDRESS: [_Look(human, "approved", late, other=True)],
            ReviewStory.BOT_APPROVED: [_Look(APPROVER, "approved", late)],
            ReviewStory.NONE: [],
        }[story]

    def _review(
        self, request: PlantedRequest, task: Task, look: _Look, index: int
    ) -> PlantedReview:
        before = request.ended_at is not None and look.at < request.ended_at
        own = {task.author, task.accountable, APPROVER}
        return PlantedReview(
            id=numbered(f"review/{request.number}/{index}"),
            number=request.number,
            reviewer=look.who.email,
            address=look.who.other_email if look.other else look.who.email,
            verdict=look.verdict,
            at=look.at,
            sha=request.heads[-1].sha,
            independent=look.who not in own,
            before_landing=before,
        )

    def _merger(self, task: Task, story: ReviewStory, looks: list[_Look], dice: Dice) -> Person:
        """Who pressed the button; a squash does not tell, and where nobody approved it is the author."""
        if task.looked.lander is not FORGE:
            return task.looked.lander
        if task.kind == "bot":
            return self._course.anybody(task.team, task.opens, dice)
        if story in APPROVING and dice.chance(0.3):
            return looks[-1].who
        return task.accountable or task.author


def invented(text: str) -> str:
    """An id like that of a commit, for commits that git does not hold."""
    return sha256(text.encode()).hexdigest()[:40]
