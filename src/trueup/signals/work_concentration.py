"""How unevenly the work is spread over the people who do it, beyond what chance would do.

What it says
    0 means the active days are spread as evenly as chance would spread them over equal people;
    towards 1, a few people do nearly everything.

Why it matters
    Where few carry most of the work, they become the queue for it, and it stops when they are away.
    Whether it grows says more than where it stands: roles differ, and many healthy projects have a
    small core [Goeminne2011].

Definition
    G - E0. G is the Gini coefficient of x_i, corrected by n / (n - 1) [Deltas2003], where x_i is the
    number of days (UTC, by author date) on which person i wrote something that landed in the
    window, counted once, when it first landed. The roster are the n humans with at least one such
    day in these rows: people of the team who landed nothing are not known from git, and are left
    out. E0 is the mean Gini of n equal people with as many days in total, by simulation: six with 60
    days show 0.18. The value is signed, so even work may come out a little below 0. It grows with the
    length of a window, so longer ones are cut into 13 weeks each, and the value is the mean of the
    parts that hold enough, with limits as of a mean of independent figures. No merges, bulk edits,
    bots or agents. The details give the effective number of contributors in the last 13 weeks, one
    over the sum of squared shares freed of its bias at few events [Hill1973].

Reads
    commits, landings.

When it is wrong
    Leads, testers and part-timers land less; new people start low; squash merges hide co-authors;
    projects with one maintainer are near 1 and may be well. Quarterly moves are mostly noise.

How it can be gamed
    By spreading commits over more days, or committing under several names.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> even = {"week": np.zeros(6, int), "actor": np.array(list("abcdef")), "days": np.full(6, 20)}
    >>> even = Rows(even, weeks=13, people=6)
    >>> -0.2 < estimate(even).value < 0
    True
    >>> details(even)[0]["of"]
    6

References
    [Deltas2003], [Goeminne2011], [Hill1973]
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status
from trueup.kernel.window import QUARTER

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window
    from trueup.stats.intervals import Interval

DAY = 24 * 3600


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope, week and person: days on which they wrote what landed that week for the first time."""
    from trueup.facts.views.periods import in_weeks

    work = facts.table("scoped_work").filter(lambda t: t.kind == "human", lambda t: ~t.mass)
    told = in_weeks(work, window)
    told = told.mutate(day=(told.authored_at.epoch_seconds() // DAY).cast("int64"))
    days = told.group_by("scope", "actor", "day").agg(week=told.week.min())
    return days.group_by("scope", "week", "actor").agg(days=days.count())


def estimate(rows: Rows) -> Estimate:
    """The corrected Gini of active days minus that of equal people, 13 weeks at a time."""
    rosters = _rosters(rows)
    enough = [
        r for r in rosters if r.size >= SIGNAL.minimum_people and r.sum() >= SIGNAL.minimum_events
    ]
    events = sum(int(r.sum()) for r in enough or rosters)
    largest = max((r.size for r in rosters), default=0)
    known = Rows(rows.columns, rows.weeks, min(rows.people, largest))
    if few := SIGNAL.too_few(known, events):
        return few
    if not enough:
        reason = f"{events} active days in {len(rosters)} quarters are too few in each of them"
        return SIGNAL.none(Status.INSUFFICIENT, reason, n_events=events)
    found = [_excess(tuple(roster.tolist())) for roster in enough]
    value = sum(x.value for x in found) / len(found)
    above = sqrt(sum((x.high - x.value) ** 2 for x in found)) / len(found)
    # a limit of 0 is the end of the scale and says nothing about the spread
    spread = [x.value - x.low if x.low > 0 else x.high - x.value for x in found]
    below = sqrt(sum(x**2 for x in spread)) / len(found)
    low = found[0].low if len(found) == 1 else max(value - below, min(value, 0.0))
    return SIGNAL.measured(
        value, low, value + above,
        n_people=rows.people, n_events=events, coverage=len(enough) / len(rosters),
    )  # fmt: skip


def details(rows: Rows) -> list[dict[str, Any]]:
    """How many equal contributors would be as concentrated, out of how many, in the last 13 weeks."""
    from trueup.stats.concentration import effective_interval

    if not estimate(rows).measured:
        return []
    roster = _rosters(rows)[-1]
    if roster.size < SIGNAL.minimum_people:
        return []
    found = effective_interval(roster)
    return [
        {
            "effective_contributors": found.value,
            "low": found.low,
            "high": found.high,
            "of": int(roster.size),
            "text": f"{found.value:.1f} of {roster.size}",
        }
    ]


@lru_cache(maxsize=1_000)
def _excess(roster: tuple[int, ...]) -> Interval:
    """Each quarter is asked for by itself, as part of the past, and of the whole."""
    from trueup.stats.concentration import excess_gini

    return excess_gini(roster).interval


def _rosters(rows: Rows) -> list[Any]:
    """Active days per person for every 13 weeks, in no order that says who."""
    import numpy as np

    if not len(rows):
        return []
    week = rows["week"].astype(int)
    # counted from the end, and weeks that are over go to the first part
    part = (int(week.max()) - week) // QUARTER
    part = np.minimum(part, max(rows.weeks // QUARTER, 1) - 1)
    found = []
    for number in sorted(set(part.tolist()), reverse=True):
        inside = part == number
        _, person = np.unique(rows["actor"][inside].astype(str), return_inverse=True)
        days = np.bincount(person, rows["days"][inside])
        found.append(np.sort(days).astype(np.int64))
    return found


SIGNAL = Signal(
    name="work_concentration",
    version=1,
    title="work concentration",
    unit="0..1",
    direction=Direction.HIGH_IS_DEBT,
    minimum_people=6,
    minimum_events=120,
    reads=("commits.author", "commits.authored_at", "landings.landed_at"),
    drives="human",
    cites=("Deltas2003", "Goeminne2011", "Hill1973"),
    equivalence=0.05,
    rows=rows,
    estimate=estimate,
    details=details,
)
