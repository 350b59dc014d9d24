"""Measuring a snapshot: prepare the shared tables once, judge the claims, run every signal."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from trueup.claims.assess import assess
from trueup.claims.degradation import degradations
from trueup.claims.risk.model import claim_risk
from trueup.claims.watermelon import watermelons
from trueup.facts.engine import open_facts
from trueup.facts.schema import TABLES
from trueup.facts.views import activity
from trueup.facts.views.chains import counted_chains
from trueup.facts.views.discussions import keep_discussions
from trueup.facts.views.inspections import keep_inspections
from trueup.facts.views.requests import counted_fates, keep_requests, sources_read
from trueup.facts.views.work import keep_scoped_work, keep_work
from trueup.kernel.declarations import Grain, Rows
from trueup.kernel.errors import MemoryNeededError, NothingCollectedError
from trueup.kernel.estimate import Estimate, Status
from trueup.kernel.window import QUARTER, WEEK, Window
from trueup.publish.readings import Measured, Reading
from trueup.signals import SIGNALS
from trueup.stats.compare import against_own_past
from trueup.stats.intervals import Interval
from trueup.teams.actors import actor_table
from trueup.teams.scopes import Team, owner_rules, scoping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    import pyarrow as pa

    from trueup.claims.assess import Assessment
    from trueup.claims.policy import Policy
    from trueup.facts.engine import Facts
    from trueup.facts.store import Snapshot
    from trueup.kernel.declarations import Signal

T = TypeVar("T")
PAST_WEEKS = 52
WINDOWS = 5
#: So many times the usual memory is taken at a second try.
MORE_MEMORY = 8


def measure(
    snapshot: Snapshot,
    policy: Policy,
    teams: tuple[Team, ...],
    *,
    progress: Callable[[str, int, int], None],
) -> Measured:
    """Everything that can be said about a snapshot.

    Raises:
        NothingCollectedError: there are no facts yet.
        MemoryNeededError: more memory is needed, even at a second try with more.
    """
    return _tried(lambda times: _measure(snapshot, policy, teams, progress, times))


def _tried(work: Callable[[int], T]) -> T:
    """What comes of work that is told how many times the usual memory it may take: once, and if need be more."""
    try:
        return work(1)
    except MemoryNeededError:
        return work(MORE_MEMORY)


def _measure(
    snapshot: Snapshot,
    policy: Policy,
    teams: tuple[Team, ...],
    progress: Callable[[str, int, int], None],
    times: int,
) -> Measured:
    with _prepared(snapshot, policy, teams, progress, times) as (facts, until, how, alike):
        progress("judging claims", 0, 0)
        assessment = assess(facts, until, policy)
        progress("trying what foretells", 0, 0)
        risk = claim_risk(facts, assessment.books, assessment)
        keep_discussions(facts)
        readings = list(_run_signals(facts, until, progress))
        return Measured(
            until=until,
            assessment=assessment,
            readings=readings,
            risk=risk,
            scoping=how,
            people=activity.people_by_scope(facts, assessment.start),
            repositories=activity.rows_of(facts, "repositories", "repo"),
            gaps=activity.rows_of(facts, "gaps", "repo", "slug"),
            content=snapshot.content,
            alike=alike,
            requests=counted_fates(facts),
            chains=counted_chains(facts),
            sources=sources_read(facts),
            told=frozenset(
                name
                for name in ("issues", "builds", "jobs", "test_runs")
                if snapshot.files(TABLES[name])
            ),
            reviews_read=bool(snapshot.files(TABLES["reviews"])),
            watermelons=watermelons(
                activity.rows_of(facts, "status_reports", "repo", "day", "part"),
                assessment.all_claims,
                until,
                policy,
                assessment.habits,
            ),
            degradations=degradations(assessment.all_claims, until, policy, assessment.habits),
        )


def judge_claims(
    snapshot: Snapshot,
    policy: Policy,
    teams: tuple[Team, ...],
    *,
    progress: Callable[[str, int, int], None],
) -> Assessment:
    """The claims alone, for a first answer."""

    def judged(times: int) -> Assessment:
        with _prepared(snapshot, policy, teams, progress, times) as (facts, until, _, _):
            progress("judging claims", 0, 0)
            return assess(facts, until, policy)

    return _tried(judged)


@contextmanager
def _prepared(
    snapshot: Snapshot,
    policy: Policy,
    teams: tuple[Team, ...],
    progress: Callable[[str, int, int], None],
    times: int = 1,
) -> Iterator[tuple[Facts, datetime, str, int]]:
    """Facts with the shared tables kept, until when they reach, how scopes were found, look-alikes."""
    if not snapshot.records:
        raise NothingCollectedError.here(str(snapshot.store.workspace))
    with open_facts(snapshot, times=times) as facts:
        progress("preparing", 0, 0)
        until = activity.observed_until(facts)
        start = until - policy.looks_back
        how, alike = prepare(facts, start, until, teams)
        yield facts, until, how, alike


def prepare(
    facts: Facts, start: datetime, until: datetime, teams: tuple[Team, ...]
) -> tuple[str, int]:
    """Keep the tables every measure starts from; how scopes were found, and look-alike identities."""
    snapshot = facts.snapshot
    actors, alike = actor_table(facts)
    facts.keep("actors", actors)
    recent = until - timedelta(weeks=QUARTER + PAST_WEEKS)
    found = scoping(
        snapshot,
        activity.touched_paths(facts, start=start, recent=recent),
        owner_rules(snapshot),
        teams,
        active=activity.active_humans(facts, recent),
    )
    facts.keep("path_info", found.path_info)
    facts.keep("memberships", found.memberships)
    keep_work(facts, start=start, end=until + timedelta(seconds=1))
    keep_scoped_work(facts)
    keep_requests(facts)
    keep_inspections(facts)
    return found.how, alike


def _run_signals(
    facts: Facts, until: datetime, progress: Callable[[str, int, int], None]
) -> Iterator[Reading]:
    end = until + timedelta(seconds=1)
    span = Window.ending(end, weeks=QUARTER * WINDOWS)
    people = activity.people_by_window(facts, span, QUARTER)
    for number, signal in enumerate(SIGNALS):
        progress("measuring signals", number + 1, len(SIGNALS))
        run = _stock if signal.grain is Grain.STOCK else _flow
        try:
            yield from list(run(facts, signal, span, people))
        except Exception as error:  # noqa: BLE001 - one part must not take the others down
            failed = signal.none(Status.FAILED, f"could not be measured ({type(error).__name__})")
            yield Reading("", signal, failed, failed, "")


_People = dict[tuple[str, int], int]


def _flow(facts: Facts, signal: Signal, span: Window, people: _People) -> Iterator[Reading]:
    table = facts.read(signal.rows(facts, span))
    weeks = QUARTER * WINDOWS
    for scope, columns in _by_scope(table):
        week = columns.pop("week")

        def cut(
            first: int,
            last: int,
            window: int,
            scope: str = scope,
            columns: Any = columns,
            week: Any = week,
        ) -> Rows:
            kept = (week >= first) & (week < last)
            told = {k: v[kept] for k, v in columns.items()} | {"week": week[kept] - first}
            return Rows(told, last - first, people[scope, window])

        past = signal.estimate(cut(0, weeks - QUARTER, -1))
        windows = [cut(i * QUARTER, (i + 1) * QUARTER, i) for i in range(WINDOWS)]
        series = tuple(signal.estimate(w) for w in windows)
        whole = cut(0, weeks, WINDOWS - 1)
        items = tuple(signal.details(whole)) if signal.details else ()
        behind = [people[scope, i] for i in (WINDOWS - 1, -1, *range(WINDOWS))]
        yield _reading(scope, signal, (series[-1], past, *series), items, behind)


def _stock(facts: Facts, signal: Signal, span: Window, people: _People) -> Iterator[Reading]:
    end = span.end
    long_ago = end - timedelta(days=365 * 60)
    before = Window(long_ago, end - PAST_WEEKS * WEEK)
    earlier = dict(_by_scope(facts.read(signal.rows(facts, before))))
    for scope, columns in _by_scope(facts.read(signal.rows(facts, Window(long_ago, end)))):
        rows = Rows(columns, PAST_WEEKS, people[scope, WINDOWS - 1])
        now = signal.estimate(rows)
        then = Rows(earlier.get(scope, {}), PAST_WEEKS, people[scope, -1])
        past = (
            signal.estimate(then)
            if earlier.get(scope)
            else now.without_number(Status.INSUFFICIENT, "nothing to compare with a year earlier")
        )
        items = tuple(signal.details(rows)) if signal.details else ()
        behind = [people[scope, i] for i in (WINDOWS - 1, -1, -1, WINDOWS - 1)]
        yield _reading(scope, signal, (now, past, past, now), items, behind)


def _by_scope(table: pa.Table) -> Iterator[tuple[str, dict[str, Any]]]:
    """Columns as arrays for each scope, the whole first."""
    import numpy as np

    scopes = np.array(table["scope"].to_pylist(), dtype=object)
    columns = {c: table[c].to_numpy() for c in table.column_names if c != "scope"}
    for scope in sorted({"", *scopes.tolist()}):
        at = np.flatnonzero(scopes == scope)
        yield scope, {name: values[at] for name, values in columns.items()}


def _reading(
    scope: str,
    signal: Signal,
    estimates: tuple[Estimate, ...],
    items: tuple[Any, ...],
    people: list[int],
) -> Reading:
    now, past, *series = estimates
    verdict = ""
    if now.measured and past.measured:
        verdict = against_own_past(
            _interval(now), _interval(past), equivalence=signal.equivalence
        ).value.replace("_", " ")
    return Reading(scope, signal, now, past, verdict, tuple(series), items, tuple(people))


def _interval(estimate: Estimate) -> Interval:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        raise AssertionError
    return Interval(estimate.value, estimate.low, estimate.high)
