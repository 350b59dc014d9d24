"""Watermelons: green outside, and inside nothing moves.

A project is set beside its own past where its status reports have said green at least three times in a
row (or, without a colour, a higher percent each time). In the last 13, 26, 39 and 52 weeks of such a row,
how much was newly verified, against the up to two years before? The alarm is on when the pace is surely
below half of what it was: given the sum of both counts, the newer one is binomial, and chance alone
would have it so small less than once in 960 [PrzyborowskiWilenski1940]. With 12 looks a year at
four spans, that is at most one false alarm in 20 years of a project, whatever the looks have in
common. Counts are divided by how much more their months vary than chance alone, and by what months
remember. Half, the spans and the budget are our choice: docs/decisions/2026-11-22-ledger-and-alarms.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from trueup.claims.policy import Policy, verified_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from trueup.claims.habits import Habits
    from trueup.claims.model import Claim

#: False alarms for each project and year that we allow ourselves: one in twenty years.
BUDGET = 0.05
#: Spans looked at, in weeks, and looks at them in a year.
SPANS, LOOKS = (13, 26, 39, 52), 12
ALPHA = BUDGET / (LOOKS * len(SPANS))
#: Slower than this part of the earlier pace is standing still.
STILL = 0.5
#: Reports in a row that make a row.
ROW = 3
#: The earlier pace is that of so many weeks, where there are as many, and of no fewer than the least.
BEFORE, LEAST_BEFORE = 104, 26
#: A project that has not been reported on for so long has no current report.
CURRENT = timedelta(weeks=16)
#: How much of a month the next one remembers, as in `degradation`.
MEMORY = 0.3
_BLOCK = timedelta(days=28)


class Shown(StrEnum):
    """What a project shows."""

    STANDS_STILL = "stands_still"
    NO_SIGN = "no_sign"
    TOO_LITTLE = "too_little"
    NOT_GREEN = "not_green"
    UNKNOWN_PROJECT = "unknown_project"


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported of one project on one day, all its parts together."""

    day: datetime
    good: bool
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Watermelon:
    """One project, what its reports say, and what was verified meanwhile.

    Attributes:
        project: in the words of the reports.
        repo: repository it is; nothing when it is an area or team, ``scope``.
        row: good reports in a row up to the last one, which was on ``last``.
        weeks: span that is told of: the one that stands out most.
        verified: claims newly verified in that span; ``before`` in ``weeks_before`` before it.
        chance: of as few, or fewer, had the pace only halved.
    """

    project: str
    shown: Shown
    repo: str = ""
    scope: str = ""
    row: int = 0
    since: datetime | None = None
    last: datetime | None = None
    weeks: int = 0
    verified: int = 0
    before: int = 0
    weeks_before: float = 0.0
    chance: float | None = None
    reason: str = ""


def watermelons(
    told: Iterable[Mapping[str, Any]],
    claims: Sequence[Claim],
    until: datetime,
    policy: Policy,
    habits: Habits,
) -> list[Watermelon]:
    """What each project shows of which status was reported, by name.

    Args:
        told: rows of the table `status_reports`.
        claims: all that are known, of whatever age.
        until: the last moment that was seen.
        policy: the edition in force.
        habits: what comparable claims normally show.
    """
    found = []
    for project, reports in sorted(read_reports(told, until).items()):
        repo, scope = _named(project, claims)
        if not repo and not scope:
            reason = "no repository, area or team is called so"
            found.append(Watermelon(project, Shown.UNKNOWN_PROJECT, reason=reason))
            continue
        own = (c for c in claims if (c.repo == repo if repo else c.scope == scope))
        moments = sorted(m for c in own if (m := verified_from(c, policy, habits)) and m <= until)
        found.append(watch(project, reports, moments, until, repo=repo, scope=scope))
    return found


def watch(
    project: str,
    reports: Sequence[Report],
    verified: Sequence[datetime],
    until: datetime,
    *,
    repo: str = "",
    scope: str = "",
) -> Watermelon:
    """What one project shows.

    Args:
        project: its name.
        reports: one a day at most, the oldest first; at least one.
        verified: when claims of it were first verified, the oldest first.
        until: the last moment that was seen.
        repo: repository it is.
        scope: area or team it is.
    """
    row = _row(reports)
    last = reports[-1].day
    known: dict[str, Any] = {"repo": repo, "scope": scope, "row": len(row), "last": last}
    if until - last > CURRENT:
        return Watermelon(project, Shown.NOT_GREEN, **known, reason="no report of late")
    if len(row) < ROW:
        reason = "the last reports do not all say that it goes well"
        return Watermelon(project, Shown.NOT_GREEN, **known, reason=reason)
    known |= {"since": row[0].day}
    looks = [look for weeks in SPANS if (look := _look(row, verified, weeks))]
    if not looks:
        reason = "it is not reported on, or not known, for long enough to compare"
        return Watermelon(project, Shown.TOO_LITTLE, **known, reason=reason)
    least = min(looks, key=lambda look: (look.chance, look.weeks))
    told: dict[str, Any] = {
        "weeks": least.weeks,
        "verified": least.now,
        "before": least.before,
        "weeks_before": least.weeks_before,
        "chance": least.chance,
    }
    if least.chance < ALPHA:
        return Watermelon(project, Shown.STANDS_STILL, **known, **told)
    if all(look.at_none >= ALPHA for look in looks):
        reason = "before, it was too little or too uneven to notice if nothing more were"
        return Watermelon(project, Shown.TOO_LITTLE, **known, **told, reason=reason)
    return Watermelon(project, Shown.NO_SIGN, **known, **told)


def read_reports(told: Iterable[Mapping[str, Any]], until: datetime) -> dict[str, list[Report]]:
    """Reports of each project, one for a day; of parts, all must be well unless the whole is told."""
    days: dict[str, dict[datetime, list[Mapping[str, Any]]]] = defaultdict(dict)
    for one in told:
        day = one["happened_at"]
        if day <= until:
            days[one["repo"]].setdefault(day, []).append(one)
    found: dict[str, list[Report]] = {}
    for project, by_day in days.items():
        reports: list[Report] = []
        for day in sorted(by_day):
            rows = by_day[day]
            whole = [r for r in rows if not r["part"]] or rows
            reports.append(_report(day, whole, reports[-1] if reports else None))
        found[project] = reports
    return found


def _report(day: datetime, rows: Sequence[Mapping[str, Any]], before: Report | None) -> Report:
    colours = {r["colour"] for r in rows if r["colour"]}
    percents = [r["percent"] for r in rows if r["percent"] is not None]
    percent = sum(percents) / len(percents) if percents else None
    if colours:
        return Report(day, colours == {"green"}, percent)
    last = before.percent if before else None
    return Report(day, percent is not None and last is not None and percent > last, percent)


def _row(reports: Sequence[Report]) -> list[Report]:
    """The good reports in a row that end with the last one."""
    start = next((i + 1 for i in range(len(reports) - 1, -1, -1) if not reports[i].good), 0)
    return list(reports[start:])


@dataclass(frozen=True, slots=True)
class _Look:
    weeks: int
    now: int
    before: int
    weeks_before: float
    chance: float
    at_none: float


def _look(row: Sequence[Report], verified: Sequence[datetime], weeks: int) -> _Look | None:
    """One span at the end of a row of good reports, or nothing when either side is too short."""
    end, span = row[-1].day, timedelta(weeks=weeks)
    start = end - span
    if row[0].day > start or sum(r.day >= start for r in row) < ROW or not verified:
        return None
    # The first one only tells from when on anything is known.
    begin = max(verified[0], start - timedelta(weeks=BEFORE))
    weeks_before = (start - begin) / timedelta(weeks=1)
    if weeks_before < LEAST_BEFORE:
        return None
    earlier = [m for m in verified if begin < m <= start]
    now = sum(start < m <= end for m in verified)
    uneven = unevenness(earlier, begin, start)
    part = STILL * weeks / (STILL * weeks + weeks_before)
    old = math.floor(len(earlier) / uneven)
    return _Look(
        weeks,
        now,
        len(earlier),
        weeks_before,
        as_few(math.ceil(now / uneven), old, part),
        as_few(0, old, part),
    )


def as_few(now: int, before: int, part: float) -> float:
    """The chance of at most ``now`` of ``now + before`` events, each falling there with chance ``part``.

    >>> round(as_few(0, 60, 0.1), 5) == round(0.9 ** 60, 5)
    True
    """
    from scipy.special import bdtr

    return float(bdtr(now, now + before, part)) if now + before else 1.0


def unevenness(moments: Sequence[datetime], begin: datetime, end: datetime) -> float:
    """The variance of a sum over months, as a multiple of what chance alone would give it; at least 1.

    From steps between one month and the next [VonNeumann1941], which a pace that changed once does not
    widen. Chance has no memory; what months vary beyond it is taken to have `MEMORY`.
    """
    months = int((end - begin) / _BLOCK)
    counts = [0] * months
    for moment in moments:
        back = int((end - moment) / _BLOCK)
        if back < months:
            counts[back] += 1
    if not any(counts):
        return 1.0
    steps = sum((one - other) ** 2 for one, other in pairwise(counts)) / (2 * (months - 1))
    beyond = max(0.0, steps * months / sum(counts) - 1) / (1 - MEMORY)
    return 1 + beyond * (1 + MEMORY) / (1 - MEMORY)


def _named(project: str, claims: Sequence[Claim]) -> tuple[str, str]:
    """The repository, or else the area or team, that is called like a project."""
    wanted = _plain(project)
    repos = sorted({c.repo for c in claims})
    exact = [r for r in repos if _plain(r) == wanted]
    short = [r for r in repos if _plain(r.rpartition("/")[2]) == wanted]
    if len(exact or short) == 1:
        return (exact or short)[0], ""
    scopes = sorted({c.scope for c in claims if c.scope})
    named = [s for s in scopes if _plain(s) == wanted]
    # A team of a forge is called `@organisation/team`, an area by its folder.
    last = [s for s in scopes if _plain(s.rpartition("/")[2].lstrip("@")) == wanted]
    return "", (named or last)[0] if len(named or last) == 1 else ""


def _plain(name: str) -> str:
    return "-".join(name.casefold().replace("_", " ").replace("-", " ").split())
