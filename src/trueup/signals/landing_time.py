"""How long finished pieces of work wait until they are on the default branch.

What it says
    Half of the work lands within so many hours of being written, open work counted as still waiting.

Why it matters
    Work that waits ages: it conflicts, is forgotten, and its author has moved on. How long requests
    wait has many causes, how work is reviewed and tested among them [Yu2015].

Definition
    The median, by Kaplan-Meier [KaplanMeier1958], of landed_at - authored_at over human changes (no
    merges, no bulk edits) that landed through a merge, or were applied at least a minute after they
    were written. What one author wrote on one day (UTC) and landed at once is one piece, which
    waited as long as its oldest commit, and counts in the week it landed. Commits on a branch that
    landed nowhere and have no twin elsewhere are still waiting: they count as censored, in the week
    they were written, after 180 days at most, whether recent or long abandoned, so that windows stay
    comparable. Waits are known to the hour and stand for its middle. The limits are those of the curve.

Reads
    commits, landings, links, repositories.

When it is wrong
    Squash merges and direct pushes carry one and the same date twice and hide the wait: where more
    than nine changes in ten do, there is no number. Rebased work keeps its first date; work merged
    forward from another branch waits until then; imports carry old dates. Open work in forks is not
    seen. Waits that end outside working hours are not shortened.

How it can be gamed
    By rewriting dates, or writing the last commit just before merging.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> waits = Rows({
    ...     "week": np.zeros(3, int), "hours": np.array([1, 4, 9]), "landed": np.ones(3, int),
    ...     "pieces": np.array([10, 20, 10])}, weeks=13, people=5)
    >>> estimate(waits).value
    4.5

References
    [KaplanMeier1958], [Yu2015]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status
from trueup.kernel.window import QUARTER

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window

HOUR = 3600
DAY = 24 * HOUR
#: Dates closer than this are the same: the wait cannot be seen.
SAME = 60
WATCHED_HOURS = 180 * 24
HIDDEN = -1
MOST_HIDDEN = 0.9


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope, week and whole hours waited (-1 where hidden): pieces of work, landed or open."""
    import ibis

    from trueup.facts.views.periods import in_weeks

    work = facts.table("scoped_work").filter(lambda t: t.kind == "human", lambda t: ~t.mass)
    told = in_weeks(work, window)
    wait = told.landed_at.epoch_seconds() - told.authored_at.epoch_seconds()
    seen = (wait >= 0) & ((told.landed_by != told.sha) | (wait >= SAME))
    landed = told.mutate(
        hours=seen.ifelse((wait // HOUR).cast("int64"), HIDDEN), landed=ibis.literal(1)
    )
    still = in_weeks(_still_open(facts), window, "authored_at")
    columns = ("scope", "week", "hours", "landed", "repo", "landed_by", "actor", "authored_at")
    both = ibis.union(landed.select(*columns), still.select(*columns))
    both = both.mutate(day=(both.authored_at.epoch_seconds() // DAY).cast("int64"))
    together = both.group_by("scope", "week", "landed", "repo", "landed_by", "actor", "day")
    pieces = together.agg(hours=both.hours.max())
    return pieces.group_by("scope", "week", "hours", "landed").agg(pieces=pieces.count())


def _still_open(facts: Facts) -> ibis.Table:
    """Work that landed nowhere, for the whole and for the area of most of its files."""
    import ibis

    made = facts.table("made").filter(
        lambda t: t.landed_at.isnull(), lambda t: t.kind == "human", lambda t: ~t.mass
    )
    twins = facts.table("links").filter(lambda t: t.relation == "same_change")
    waiting = made.anti_join(facts.table("landings"), ["repo", "sha"]).anti_join(
        twins, ["repo", "sha"]
    )
    until = facts.table("repositories").select("repo", "observed_until")
    told = waiting.inner_join(until, "repo")
    age = told.observed_until.epoch_seconds() - told.authored_at.epoch_seconds()
    hours = ibis.least(age // HOUR, WATCHED_HOURS).cast("int64")
    waiting = told.filter(age >= 0).select(
        "repo", "sha", "actor", "authored_at", hours=hours,
        landed=ibis.literal(0), landed_by=ibis.literal(""),
    )  # fmt: skip
    changes = facts.table("changes").semi_join(waiting, ["repo", "sha"])
    info = facts.table("path_info").select("repo", "path", "scope")
    counted = changes.inner_join(info, ["repo", "path"]).group_by("repo", "sha", "scope")
    counted = counted.agg(n=lambda t: t.count())
    order = ibis.window(group_by=["repo", "sha"], order_by=[ibis.desc("n"), ibis.asc("scope")])
    first = counted.mutate(place=ibis.row_number().over(order))
    area = first.filter(first.place == 0, first.scope != "").select("repo", "sha", "scope")
    whole = waiting.mutate(scope=ibis.literal(""))
    return whole.union(waiting.inner_join(area, ["repo", "sha"]).select(whole.columns))


def estimate(rows: Rows) -> Estimate:
    """The median of the waiting times, open work included."""
    from trueup.stats.survival import quantile

    landed, hidden = _counted(rows)
    if hidden > MOST_HIDDEN * (landed + hidden):
        share = round(100 * hidden / (landed + hidden))
        reason = (
            f"{share} % of the changes carry one date for writing and landing: squash merges or "
            "direct pushes hide the wait"
        )
        return SIGNAL.none(Status.SOURCE_MISSING, reason, n_events=landed)
    if few := SIGNAL.too_few(rows, landed):
        return few
    curve = _curve(rows)
    found = quantile(curve)
    # when nothing is open, nothing waited longer than what was seen
    last = curve.last if (rows["landed"] == 1).all() else None
    high = last if found is None or found.high is None else found.high
    if found is None or found.value is None or found.low is None or high is None:
        reason = "too much of the work is still open to tell how long half of it takes"
        return SIGNAL.none(Status.INSUFFICIENT, reason, n_events=landed)
    coverage = landed / (landed + hidden)
    return SIGNAL.measured(
        found.value, found.low, high,
        n_people=rows.people, n_events=landed, coverage=coverage,
    )  # fmt: skip


def details(rows: Rows) -> list[dict[str, Any]]:
    """Hours within which a quarter, half, three quarters and nine tenths of the work landed, of late."""
    from trueup.stats.survival import quantile

    rows = rows.latest(QUARTER)
    if not estimate(rows).measured:
        return []
    curve = _curve(rows)
    found = [(share, quantile(curve, share)) for share in (0.25, 0.5, 0.75, 0.9)]
    return [{"landed": share, "hours": q.value} for share, q in found if q is not None]


def _counted(rows: Rows) -> tuple[int, int]:
    """Pieces of landed work whose wait is seen, and hidden ones."""
    if not len(rows):
        return 0, 0
    landed, hidden = rows["landed"] == 1, rows["hours"] == HIDDEN
    return int(rows["pieces"][landed & ~hidden].sum()), int(rows["pieces"][hidden].sum())


def _curve(rows: Rows) -> Any:
    from trueup.stats.survival import kaplan_meier

    seen = rows["hours"] != HIDDEN
    return kaplan_meier(rows["hours"][seen] + 0.5, rows["landed"][seen] == 1, rows["pieces"][seen])


SIGNAL = Signal(
    name="landing_time",
    version=1,
    title="time to landing",
    unit="hours",
    direction=Direction.HIGH_IS_DEBT,
    minimum_people=3,
    minimum_events=30,
    reads=("commits.authored_at", "landings.landed_at", "links.relation"),
    drives="human",
    cites=("KaplanMeier1958", "Yu2015"),
    equivalence=8.0,
    rows=rows,
    estimate=estimate,
    details=details,
)
