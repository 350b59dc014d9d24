"""Plans the ordinary work of each week: who does what, when, and how it will land."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.simulate import messages
from trueup.simulate.looking import Desk, looked_at
from trueup.simulate.people import AGENTS, BOTS, FORGE, Agent, Person, Staff, working_moment
from trueup.simulate.planted import Outcome, Review
from trueup.simulate.promises import Numbers, Promises, Slot
from trueup.simulate.scenario import Scenario, Style
from trueup.simulate.task import ClaimPlan, Looked, Task
from trueup.simulate.words import VERBS

if TYPE_CHECKING:
    from trueup.simulate.codebase import Codebase
    from trueup.simulate.dice import Dice
    from trueup.simulate.messages import Wording

HOUR = timedelta(hours=1)
DELAYS = {Style.MERGE: 34, Style.SQUASH: 26, Style.TRAILERS: 90}  # mean hours to landing
LONGEST = 14 * 24
LARGE = 420  # lines
FORGED = (Style.MERGE, Style.SQUASH)
# Several claims under one ticket are honest as long as each does work of its own.
SHARED = (Outcome.UMBRELLA, Outcome.PARTIAL)


class Planner:
    """Plans tasks week by week; draws from one stream per team."""

    def __init__(self, scenario: Scenario, staff: Staff, codebase: Codebase, dice: Dice) -> None:
        self.numbers = Numbers(scenario.tracker)
        self._scenario = scenario
        self._staff = staff
        self._codebase = codebase
        self._promises = Promises(scenario, self.numbers, dice.child("promises"))
        self._dice = {plan.name: dice.child(plan.name) for plan in scenario.teams}
        self._bots = dice.child("bots")
        self._sizes = dice.child("sizes")
        self._tasks = 0
        self._used: dict[str, set[int]] = {}

    def week(self, week: int) -> list[Task]:
        """All tasks that open in a week, some of their later parts included."""
        tasks: list[Task] = []
        for plan in self._scenario.teams:
            dice = self._dice[plan.name]
            mean = self._scenario.conditions(plan.name, week).changes * self._season(week)
            for _ in range(dice.poisson(mean)):
                tasks += self._work(plan.name, week)
        share = self._scenario.bots_share
        commits = sum(task.commits for task in tasks)
        for _ in range(self._bots.poisson(commits * share / (1 - share)) if share < 1 else 0):
            tasks += self._bump(week)
        return sorted(tasks, key=lambda task: (task.opens, task.number))

    def desk(self, team: str) -> Desk:
        """What deciding about a review of a team's work needs."""
        return Desk(self._scenario, self._staff, self._dice[team])

    def next_number(self) -> int:
        """The running number of a new task."""
        self._tasks += 1
        return self._tasks

    def _season(self, week: int) -> float:
        day = self._scenario.start + timedelta(weeks=week)
        quiet = (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 1)
        return 0.4 if self._scenario.seasonal and quiet else 1.0

    def _work(self, team: str, week: int) -> list[Task]:
        dice, scenario = self._dice[team], self._scenario
        author = self._staff.worker(team, week, dice)
        day = scenario.start + timedelta(weeks=week)
        opens = working_moment(dice, day, author.offset)
        style = scenario.style_of(team)
        slot = Slot(team, week, opens, opens + self._delay(style, dice), style)
        claims = dice.chance(scenario.claim_rate)
        if slot.lands >= scenario.end - HOUR:
            task = self._task(slot, author, None)
            task = replace(task, lands=None, stays=True, kind="in_flight")
            return [task] if task.topic else []
        if not claims:
            return [self._task(slot, author, None)]
        plan, lands = self._promises.draw(slot)
        task = replace(self._task(slot, author, plan), lands=lands)
        if plan.outcome is Outcome.PARTIAL:
            return self._parts(task, slot)
        return [task]

    def _task(self, slot: Slot, author: Person, plan: ClaimPlan | None) -> Task:
        dice = self._dice[slot.team]
        files = self._files(slot, plan)
        first = self._codebase.files[files[0]].path
        wording = self._wording(plan, first, dice)
        pull = self.numbers.number() if slot.style in FORGED else None
        task = Task(
            number=self.next_number(),
            team=slot.team,
            author=author,
            signature=author.stamp(slot.opens, other=dice.chance(0.3)),
            opens=slot.opens,
            lands=slot.lands,
            style=slot.style,
            wording=wording,
            looked=looked_at(self.desk(slot.team), slot.team, slot.week, author, slot.style),
            accountable=author,
            claim=plan,
            pull=pull,
            commits=min(dice.geometric(1.45), 4) if slot.style in FORGED else 1,
            files=files,
            size=self._size(slot, len(files)),
        )
        task = self._branched(task, first, dice)
        task = self._assisted(task, slot, dice)
        if plan is not None and plan.outcome is Outcome.EMPTY:
            return replace(task, files=(), commits=1)
        if plan is not None and "backport" in plan.lookalikes:
            task = replace(task, commits=1)
        created = f"{first.rsplit('/', 1)[0]}/{dice.choice(VERBS)}_{task.number}.py"
        creates = dice.chance(0.04) and (plan is None or plan.outcome not in SHARED)
        return replace(task, creates=created) if creates else task

    def _size(self, slot: Slot, files: int) -> int:
        """Lines per file; some changes that go through the forge are too large to be read."""
        mean = self._scenario.conditions(slot.team, slot.week).size
        size = self._dice[slot.team].geometric(mean / files)
        elsewhere = self._scenario.elsewhere
        if elsewhere is None or slot.style not in FORGED:
            return size
        return LARGE + size if self._sizes.chance(elsewhere.large) else size

    def _files(self, slot: Slot, plan: ClaimPlan | None) -> tuple[int, ...]:
        dice = self._dice[slot.team]
        if plan is not None and plan.outcome in SHARED:
            used = self._used.setdefault(plan.ref, set())
            files = self._codebase.pick(slot.team, 1, used) or self._codebase.pick(
                slot.team, 1, set()
            )
            used.update(files)
            return files
        if plan is None and dice.chance(0.06):
            return (dice.choice(self._codebase.areas[slot.team].docs),)
        files = self._codebase.pick(slot.team, 1 + dice.below(3) // 2 + dice.below(4) // 3, set())
        if len(self._scenario.teams) > 1 and dice.chance(self._scenario.cross_team):
            other = dice.choice([t.name for t in self._scenario.teams if t.name != slot.team])
            files += self._codebase.pick(other, 1, set())
        files = self._codebase.along(files)
        test = self._codebase.areas[slot.team].tests.get(files[0])
        return (*files, test) if test is not None and dice.chance(0.5) else files

    def _wording(self, plan: ClaimPlan | None, path: str, dice: Dice) -> Wording:
        if plan is not None:
            return messages.claim(plan.form, plan.ref, path, dice)
        if dice.chance(0.03):
            return messages.typo(path)
        wording = messages.plain(path, dice)
        ticket = f"Refs #{self.numbers.number()}" if dice.chance(0.08) else ""
        return wording.with_body(ticket) if ticket else wording

    def _branched(self, task: Task, path: str, dice: Dice) -> Task:
        """The task on a branch of its own, where its style or its fate wants one."""
        forced = task.claim is not None and task.claim.outcome in {
            Outcome.ABSENT,
            Outcome.LANDED_LATE,
        }
        remains = dice.chance(self._scenario.rates.branch_remains)
        squashed = task.style is Style.SQUASH and remains
        if not (forced or squashed or task.style is Style.MERGE):
            return task
        words = messages.slug(f"{messages.component(path)} {task.wording.subject}")
        name = f"{messages.slug(task.author.name.split()[0])}/{words}-{task.number}"
        claim = task.claim
        absent = claim is not None and claim.outcome is Outcome.ABSENT
        # What is not merged can only be seen on its branch.
        stays = absent or task.style is not Style.MERGE or dice.chance(0.04)
        if squashed and claim is not None and claim.outcome is Outcome.HONEST:
            claim = replace(claim, lookalikes=(*claim.lookalikes, "branch_remains"))
        return replace(task, topic=name, stays=stays, claim=claim)

    def _assisted(self, task: Task, slot: Slot, dice: Dice) -> Task:
        """The task with an AI agent as a helper or as its author."""
        share = self._scenario.agent_share if slot.week >= self._scenario.agent_week else 0.0
        if not dice.chance(share):
            return task
        agent = dice.choice(AGENTS)
        if dice.chance(0.35):
            return self._by_agent(task, agent)
        wording = task.wording.with_body(agent.marker) if agent.marker else task.wording
        return replace(task, wording=wording.signed(agent.trailer), involved="assisted")

    def _by_agent(self, task: Task, agent: Agent) -> Task:
        wording = task.wording.signed(f"Co-authored-by: {task.author.trailer}")
        branch = agent.branch + task.topic.rsplit("/", 1)[-1] if task.topic else ""
        return replace(
            task,
            author=agent.person,
            signature=agent.person.stamp(task.opens),
            wording=wording,
            involved="agent",
            topic=branch,
        )

    def _parts(self, task: Task, slot: Slot) -> list[Task]:
        """Three pieces of work under one ticket, each saying which part it is."""
        dice, plan = self._dice[slot.team], task.claim
        parts = [task]
        for index in (1, 2):
            moved = timedelta(days=index * dice.whole(4, 11))
            later = replace(slot, opens=slot.opens + moved, lands=slot.lands + moved)
            author = task.accountable or task.author
            parts.append(self._task(later, author, plan))
        return [
            replace(
                part,
                wording=part.wording.titled(f"{part.wording.subject} (part {index}/3)"),
            )
            for index, part in enumerate(parts, 1)
        ]

    def _bump(self, week: int) -> list[Task]:
        dice, scenario = self._bots, self._scenario
        bot = dice.choice(BOTS)
        opens = scenario.start + timedelta(
            weeks=week, hours=dice.below(168), minutes=dice.below(60)
        )
        lands = opens + HOUR * dice.whole(1, 40)
        if lands >= scenario.end - HOUR:
            return []
        team = dice.choice(scenario.teams).name
        merger = self._staff.worker(team, week, dice)
        lander = {Style.MERGE: merger, Style.SQUASH: FORGE}.get(scenario.style, bot)
        number = self.next_number()
        return [
            Task(
                number=number,
                team="",
                author=bot,
                signature=bot.stamp(opens),
                opens=opens,
                lands=lands,
                style=scenario.style if scenario.style in FORGED else Style.DIRECT,
                wording=messages.bump(dice),
                looked=Looked(Review.NONE, lander),
                kind="bot",
                involved="bot",
                pull=self.numbers.number() if scenario.style in FORGED else None,
                topic=f"deps/bump-{number}" if scenario.style is Style.MERGE else "",
                files=(self._codebase.numbers["requirements.txt"],),
                size=1,
            )
        ]

    def _delay(self, style: Style, dice: Dice) -> timedelta:
        if style is Style.DIRECT:
            return timedelta(minutes=dice.whole(0, 25))
        hours = min(dice.geometric(DELAYS[style]), LONGEST)
        return HOUR * hours + timedelta(minutes=dice.below(60))
