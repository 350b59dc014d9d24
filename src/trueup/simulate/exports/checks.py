"""What ran for each change that landed: workflows, their jobs, checks of other systems, test reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trueup.simulate.exports.accounts import numbered
from trueup.simulate.exports.course import MINUTE
from trueup.simulate.exports.drawing import Deck
from trueup.simulate.planted_elsewhere import (
    PASSED,
    CheckStory,
    PlantedChecks,
    PlantedJob,
    PlantedReport,
    PlantedRun,
)

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.simulate.dice import Dice
    from trueup.simulate.exports.course import Course
    from trueup.simulate.planted_elsewhere import PlantedRequest
    from trueup.simulate.task import Landed

#: Names of rates, and the story each plants.
RATES = {
    "tested_head": CheckStory.HEAD,
    "tested_older": CheckStory.OLDER,
    "failed": CheckStory.FAILED,
    "empty": CheckStory.EMPTY,
    "skipped": CheckStory.SKIPPED,
    "neutral": CheckStory.NEUTRAL,
    "cancelled": CheckStory.CANCELLED,
    "lint": CheckStory.LINT,
    "untested": CheckStory.NONE,
    "retried": CheckStory.RETRIED,
}
#: Rates of stories after which no test has passed, and those only requests can have.
HOLLOW = {"empty", "skipped", "neutral", "lint", "untested"}
OF_REQUESTS = {"tested_head", "tested_older"}
#: How the tests ended on the newest head of a request, or where it landed without one, and what the report says.
AT_HEAD = {
    CheckStory.HEAD: ("success", "success"),
    CheckStory.EMPTY: ("success", "empty"),
    CheckStory.SKIPPED: ("success", "skipped"),
    CheckStory.FAILED: ("failure", "failure"),
    CheckStory.CANCELLED: ("cancelled", ""),
    CheckStory.NEUTRAL: ("skipped", ""),
}
LATEST = 10 * MINUTE  # so long before the end something may still begin to run
LENGTH = 4 * MINUTE
TESTS, LINT = "Tests", "Lint"


def planted(course: Course, requests: list[PlantedRequest]) -> list[PlantedChecks]:
    """What ran for each change of people and agents that landed."""
    deck = Deck({name: getattr(course.plan, name) for name in RATES})
    by_number = {request.number: request for request in requests}
    found = []
    for landed in course.landed:
        if landed.task.kind == "work":
            request = by_number.get(landed.task.pull or 0)
            one = _Change(course, landed, request, course.dice(f"checks/{landed.task.number}"))
            found.append(one.planted(deck))
    return found


@dataclass(slots=True)
class _Change:
    """A change that landed, and what was planted for it so far."""

    course: Course
    landed: Landed
    request: PlantedRequest | None
    dice: Dice
    runs: list[PlantedRun] = field(default_factory=list)
    jobs: list[PlantedJob] = field(default_factory=list)
    reports: list[PlantedReport] = field(default_factory=list)
    reporting: bool = False

    def planted(self, deck: Deck) -> PlantedChecks:
        story = self._story(deck)
        self.reporting = self.dice.chance(self.course.plan.reports)
        self._run_all(story)
        return PlantedChecks(
            sha=self.course.sha(self.landed.mark),
            pull=self.landed.task.pull,
            claim=self.course.claim_of(self.landed.task),
            team=self.landed.task.team,
            story=story,
            tested=story in PASSED,
            runs=tuple(self.runs),
            jobs=tuple(self.jobs),
            reports=tuple(self.reports),
        )

    def _story(self, deck: Deck) -> CheckStory:
        if self.landed.at + LATEST >= self.course.end:
            return CheckStory.NONE
        hollow = self.course.hollow(self.landed.task.team, self.landed.at)
        possible = set(HOLLOW if hollow else RATES)
        if self.request is None:
            possible -= OF_REQUESTS
        elif len(self.request.heads) < 2:
            possible.discard("tested_older")
        name = deck.draw(self.dice, possible, "untested" if hollow else "")
        return RATES.get(name, CheckStory.LANDED)

    def _run_all(self, story: CheckStory) -> None:
        # Nobody could tell these from good ones without the report.
        self.reporting = self.reporting or story in {CheckStory.EMPTY, CheckStory.SKIPPED}
        if story in AT_HEAD:
            result, report = AT_HEAD[story]
            self._tests(result, head=-1, report=report)
        if story is CheckStory.LANDED:
            if self.request is not None:
                self._tests("success", head=-1)
            self._tests("success", report="success")
        elif story is CheckStory.OLDER:
            self._tests("success", head=0, report="success")
        elif story is CheckStory.RETRIED:
            self._again()
        elif story is CheckStory.NEUTRAL:
            self._check("coverage/patch", "neutral")
        elif story is CheckStory.LINT:
            self._job(self._run(LINT, "success", self._place(-1)), "ruff", "success")
            self._check("docs/readthedocs", "success")

    def _tests(self, result: str, *, head: int | None = None, report: str = "") -> None:
        """A run of the tests on a head of the request, or on what landed."""
        run = self._run(TESTS, result, self._place(head))
        self._job(run, "unit tests", result)
        if report:
            self._report(run, report)

    def _again(self) -> None:
        """Tests that failed, and passed when they ran again on the same tree."""
        run = self._run(TESTS, "success", self._place(-1), attempt=2)
        self._job(run, "unit tests", "failure", attempt=1)
        self._job(run, "unit tests", "success", attempt=2)
        self._report(run, "failure")
        self._report(run, "success")

    def _place(self, head: int | None) -> tuple[str, datetime, bool]:
        """A commit, when something ran there, and whether that was for the request."""
        if head is None or self.request is None:
            return self.course.sha(self.landed.mark), self.landed.at + MINUTE, False
        found = self.request.heads[head]
        newest = head == -1
        # Forges run what a request brings once it is open; older commits were there before.
        return found.sha, (self.request.opened_at if newest else found.at) + MINUTE, True

    def _run(
        self, name: str, result: str, place: tuple[str, datetime, bool], *, attempt: int = 1
    ) -> PlantedRun:
        sha, at, asked = place
        task = self.landed.task
        run = PlantedRun(
            id=self._number("run", len(self.runs)),
            name=name,
            event="pull_request" if asked else "push",
            branch=self.request.branch if asked and self.request else "main",
            sha=sha,
            pull=task.pull if asked else None,
            by=(task.accountable or task.author).email,
            at=at,
            ended_at=at + LENGTH * attempt,
            result=result,
            attempt=attempt,
        )
        self.runs.append(run)
        return run

    def _job(self, run: PlantedRun, name: str, result: str, *, attempt: int = 1) -> None:
        begin = run.at + LENGTH * (attempt - 1)
        self.jobs.append(
            PlantedJob(
                id=self._number("job", len(self.jobs)),
                run=run.id,
                name=name,
                sha=run.sha,
                at=begin,
                ended_at=begin if result == "skipped" else begin + LENGTH,
                result=result,
                attempt=attempt,
            )
        )

    def _check(self, name: str, result: str) -> None:
        """A check by another system."""
        sha, at, _ = self._place(-1)
        self.jobs.append(
            PlantedJob(
                id=self._number("job", len(self.jobs)),
                run=None,
                name=name,
                sha=sha,
                at=at,
                ended_at=at + MINUTE,
                result=result,
                attempt=1,
            )
        )

    def _report(self, run: PlantedRun, result: str) -> None:
        if not self.reporting:
            return
        cases, bad = self.dice.whole(3, 9), self.dice.whole(1, 2)
        passed, failed, skipped = {
            "success": (cases, 0, bad - 1),
            "failure": (cases, bad, 0),
            "skipped": (0, 0, cases),
            "empty": (0, 0, 0),
        }[result]
        number = len(self.reports)
        self.reports.append(
            PlantedReport(
                file=f"TEST-{run.sha[:12]}-{run.id}-{number + 1}.xml",
                sha=run.sha,
                run=run.id,
                at=run.at + LENGTH * number + MINUTE,
                result=result,
                passed=passed,
                failed=failed,
                skipped=skipped,
            )
        )

    def _number(self, kind: str, index: int) -> int:
        return numbered(f"{kind}/{self.landed.task.number}/{index}")
