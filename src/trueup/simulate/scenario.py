"""What a simulated organisation is like, and which truths are planted in its history."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from trueup.kernel.errors import UsageError

START = datetime(2024, 1, 1, tzinfo=UTC)


def _share(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        what = f"{name} is a share between 0 and 1, got {value}"
        raise UsageError(what)


class Style(StrEnum):
    """How finished work reaches the main line.

    ``merge``: a topic branch and `Merge pull request #N from org/branch`.
    ``squash``: one commit `Title (#N)`, committed by the forge.
    ``trailers``: applied by a maintainer, with Signed-off-by and Reviewed-by.
    ``direct``: pushed by the author.
    """

    MERGE = "merge"
    SQUASH = "squash"
    TRAILERS = "trailers"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often each phenomenon is planted: a share of the claims, unless it says otherwise."""

    # Not really done.
    reverted: float = 0.02
    reverted_late: float = 0.006
    reapplied: float = 0.006
    refixed: float = 0.02
    fixes_trailer: float = 0.015  # in teams of the trailers style only
    absent: float = 0.015
    landed_late: float = 0.008
    empty: float = 0.004
    # Done, though it may look otherwise.
    umbrella: float = 0.03
    partial: float = 0.008  # sets of three, not single claims
    follow_up: float = 0.04
    mention: float = 0.03
    backport: float = 0.06
    branch_remains: float = 0.10  # of all changes in teams of the squash style
    # Release notes: shares of the entries, or of what could have become one.
    release_absent: float = 0.02
    release_late: float = 0.02
    unmentioned: float = 0.30
    # Shares of the changes that claim nothing.
    reverted_unclaimed: float = 0.006
    fixes_unclaimed: float = 0.02  # in teams of the trailers style only

    def __post_init__(self) -> None:
        for field in fields(self):
            _share(f"Rates.{field.name}", getattr(self, field.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What is planted in forge, test reports and on call; a share of its kind, unless it says otherwise.

    Args:
        reports: share of the changes with test runs that leave JUnit reports behind.
        large: share of the changes in the forge that add more than 400 lines.
        deploy_days: days between deployments; 0 for none.
        incidents: share of the good deployments to production that break something.
        incidents_named: share of these for which somebody writes down what broke it.
        watermelons: teams that stay green although, from a week on, nobody looks, nothing is tested,
            and half of what they close has no work behind it.
    """

    # What becomes of issues that one honest change closes.
    closed_by_hand: float = 0.05
    reopened_by_mistake: float = 0.04
    reopened_open: float = 0.04
    reopened_late: float = 0.03
    # Of issues whose change was reverted.
    reopened_after_revert: float = 0.6
    # Further issues of a team, as many per issue that work closes.
    false_done: float = 0.06
    unlinked: float = 0.04
    not_planned: float = 0.08
    duplicate: float = 0.05
    question: float = 0.08
    stale: float = 0.06
    still_open: float = 0.10
    # Of the requests nobody else approves.
    self_approved: float = 0.10
    approved_after: float = 0.10
    second_address: float = 0.06
    bot_approved: float = 0.08
    forced: float = 0.08
    # Of the requests somebody else looks at.
    commented: float = 0.08
    changes_first: float = 0.15
    hasty: float = 0.8  # of the large ones
    # Of the changes that landed; the rest is tested as it landed.
    tested_head: float = 0.20
    tested_older: float = 0.05
    failed: float = 0.04
    empty: float = 0.03
    skipped: float = 0.03
    neutral: float = 0.03
    cancelled: float = 0.02
    lint: float = 0.05
    untested: float = 0.08
    retried: float = 0.04
    reports: float = 0.7
    large: float = 0.02
    deploy_days: int = 7
    deploy_failed: float = 0.10
    staging_only: float = 0.15
    incidents: float = 0.15
    incidents_named: float = 0.5
    incidents_other: float = 0.10  # as many per deployment to production
    watermelons: tuple[str, ...] = ()
    watermelon_week: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, float) and field.name != "unlinked":
                _share(f"Elsewhere.{field.name}", value)
        if self.deploy_days < 0 or self.unlinked < 0:
            what = "days between deployments and unlinked issues are no negative numbers"
            raise UsageError(what)

    def hollow(self, team: str, week: int) -> bool:
        """Whether a team only looks green in a week."""
        return team in self.watermelons and week >= self.watermelon_week


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPlan:
    """One team: who, where, how much and how.

    Args:
        prefixes: the folders it owns, each with a trailing slash; by default its own name.
        concentration: Zipf skew of who does the work, 0 is equality.
        size: mean number of lines a change adds.
        files: source files it starts with; tests and documents come on top.
        turnover: share of the seats that change their person within a year.
    """

    name: str
    people: int = 6
    prefixes: tuple[str, ...] = ()
    changes_per_week: float = 5.0
    concentration: float = 0.6
    review_rate: float = 0.7
    style: Style | None = None
    size: float = 8.0
    files: int = 40
    turnover: float = 0.1

    def __post_init__(self) -> None:
        _share(f"review_rate of {self.name}", self.review_rate)
        if self.people < 1 or self.files < 1 or not all(p.endswith("/") for p in self.folders):
            what = f"team {self.name!r} needs people, files, and prefixes that end in a slash"
            raise UsageError(what, where=repr(self))

    @property
    def folders(self) -> tuple[str, ...]:
        """The prefixes it owns."""
        return self.prefixes or (f"{self.name}/",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """From a week on, a team works differently; factors are relative to its plan."""

    week: int
    team: str
    review_rate: float | None = None
    changes: float = 1.0
    size: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """From a week on, one of the `Rates` is multiplied by a factor; no team means all."""

    week: int
    rate: str
    factor: float
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupling:
    """Whoever changes ``first`` also changes ``second``, with a probability."""

    first: str
    second: str
    probability: float


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a team works in one week."""

    review_rate: float
    changes: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A simulated organisation with one repository.

    Args:
        bots_share: share of the ordinary (non-merge) commits that bots write.
        agent_share: share of the human teams' changes an AI agent writes or helps with.
        agent_week: the week in which the agents arrive.
        claim_rate: share of the changes that say they fix or close something.
        review_trace: how often a review in the squash style leaves a trailer behind.
        forge_reverts: share of the reverts in the squash style that name only the pull number.
        cross_team: share of the changes that also touch another team's files.
        release_weeks: weeks between releases; 0 for none.
        bulk_weeks: weeks in which every source file is reformatted in one commit.
        renames: how many files move over the whole history.
        two_addresses: share of the people who commit under two addresses.
        seasonal: whether the end of December is quiet.
        canaries: names or addresses to plant wherever a person can appear.
        bare: a bare repository; otherwise a clone with a work tree.
        elsewhere: what is planted in sources other than git, which are then written, too.
    """

    name: str
    seed: int = 1
    start: datetime = START
    weeks: int = 110
    teams: tuple[TeamPlan, ...] = ()
    style: Style = Style.MERGE
    bots_share: float = 0.05
    agent_share: float = 0.08
    agent_week: int = 0
    claim_rate: float = 0.45
    review_trace: float = 0.0
    forge_reverts: float = 0.0
    rates: Rates = Rates()
    couplings: tuple[Coupling, ...] = ()
    regimes: tuple[Regime, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    cross_team: float = 0.03
    release_weeks: int = 8
    bulk_weeks: tuple[int, ...] = ()
    renames: int = 6
    two_addresses: float = 0.2
    seasonal: bool = True
    canaries: tuple[str, ...] = ()
    bare: bool = True
    organisation: str = "acme"
    tracker: str = "ACME"
    elsewhere: Elsewhere | None = None

    def __post_init__(self) -> None:
        for name in ("bots_share", "agent_share", "claim_rate", "review_trace", "forge_reverts"):
            _share(name, getattr(self, name))
        if self.start.tzinfo is None or self.weeks < 1 or not self.teams:
            what = f"scenario {self.name!r} needs teams, weeks and a start with a time zone"
            raise UsageError(what)
        self._check_names()

    def _check_names(self) -> None:
        teams = {team.name for team in self.teams}
        named = {r.team for r in self.regimes} | {i.team for i in self.interventions if i.team}
        named |= set(self.elsewhere.watermelons if self.elsewhere else ())
        rates = {field.name for field in fields(Rates)}
        unknown = (named - teams) | {i.rate for i in self.interventions} - rates
        if unknown or len(teams) < len(self.teams):
            what = f"scenario {self.name!r} names unknown or doubled teams or rates"
            raise UsageError(what, where=", ".join(sorted(unknown or teams)))
        for pair in self.couplings:
            for path in (pair.first, pair.second):
                self.owner(path)

    @property
    def end(self) -> datetime:
        """The moment before which everything happens."""
        return self.start + timedelta(weeks=self.weeks)

    def week_of(self, moment: datetime) -> int:
        """The number of the week a moment falls into, 0 for the first."""
        return (moment - self.start) // timedelta(weeks=1)

    def team(self, name: str) -> TeamPlan:
        """The plan of a team."""
        return next(team for team in self.teams if team.name == name)

    def style_of(self, team: str) -> Style:
        """How a team's work lands."""
        return self.team(team).style or self.style

    def owner(self, path: str) -> str:
        """The team whose folder a path lies in."""
        for team in self.teams:
            if path.startswith(team.folders):
                return team.name
        what = f"no team owns {path!r}"
        raise UsageError(what, where=self.name, remedy="Give a team a prefix that covers it.")

    def conditions(self, team: str, week: int) -> Conditions:
        """Review rate, changes per week and size of a team's changes in a week."""
        plan = self.team(team)
        now = Conditions(plan.review_rate, plan.changes_per_week, plan.size)
        for regime in sorted(self.regimes, key=lambda regime: regime.week):
            if regime.team == team and regime.week <= week:
                rate = now.review_rate if regime.review_rate is None else regime.review_rate
                changes = plan.changes_per_week * regime.changes
                now = Conditions(rate, changes, plan.size * regime.size)
        hollow = self.elsewhere is not None and self.elsewhere.hollow(team, week)
        return Conditions(0.0, now.changes, now.size) if hollow else now

    def rate(self, name: str, team: str, week: int) -> float:
        """How often something is planted in a team's work of a week."""
        value = float(getattr(self.rates, name))
        for change in self.interventions:
            if change.rate == name and change.week <= week and change.team in {"", team}:
                value *= change.factor
        return value
