"""How long decisions take from the first proposal to one that lasts.

What it says
    Half of the decisions that were discussed were taken within so many days and lasted, open ones
    counted as still waiting.

Why it matters
    Work waits for decisions, and decisions that do not last are taken twice. Fast is not good by
    itself: with one participant it is an announcement. How a project really decides is more tangled
    than its rules say [Keertipati2016].

Definition
    The median, by Kaplan-Meier [KaplanMeier1958], of the days from opening to the first end that
    lasts, over threads opened in the window. Threads are requests in which two humans or more spoke (a
    bare approval says nothing), and issues that a label calls a decision, design, RFC or proposal, in
    which another human than the creator spoke or closed it. An end is a merge, or a closing by a human
    (no duplicates); it does not last when the thread is reopened, or a commit of the request
    reverted, within 60 days. Open threads are censored at the newest moment their forge tells of,
    those closed by a bot when it closed them, those taken back when they were. The details give, over
    five quarters: the premature share, 1 - S(60 days) over decisions, where one taken by one person
    alone ends at once and others when they are taken back or superseded; here dated records of
    decisions count too, for they tell one date only and no wait; and the stalled share, S(90 days)
    over all threads, with or without an answer. The limits are those of the curve. 60 and 90 days are
    our choice.

Reads
    requests, issues, comments, reviews, issue_events, item_links, decisions, links, landings.

When it is wrong
    Decisions taken in calls and recorded late; mandatory times for comments; important ones take
    longer and should. A request becomes a thread only when a second person speaks, so that quick
    ones without words are not seen. Labels may mean something else, as `design` for how a page
    looks. Where comments are not read, nobody can tell who took part, and such threads are left out.

How it can be gamed
    By deciding before asking, or by closing what is still open.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> days, ones = np.array([2, 5, 9]), np.ones(3, int)
    >>> threads = Rows({"week": ones, "voices": 2 * ones, "hours": 24 * days, "decided": ones,
    ...     "stood": 60 * ones, "undone": 0 * ones, "threads": 10 * ones}, weeks=13, people=9)
    >>> round(estimate(threads).value)
    5

References
    [KaplanMeier1958], [Keertipati2016]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window
    from trueup.stats.survival import Curve

#: A decision that is undone sooner did not last; so long one may stay open before it counts as stalled
#: (our choices, docs/decisions/2026-11-22-decision-signals.md).
LASTS, STALLED = 60, 90
HOUR, DAY = 3600, 24 * 3600
#: Voices: how many took part. Nobody knows, one alone, two or more.
UNKNOWN, ALONE, SEVERAL = 0, 1, 2
#: Records tell no wait, and threads without an end have not stood.
NONE = -1


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope, week of opening, voices, hours waited, end, and days the first decision stood: threads."""
    from trueup.facts.views.decision_threads import keep_threads, records
    from trueup.facts.views.discussions import in_scopes
    from trueup.facts.views.periods import in_weeks

    keep_threads(facts, LASTS)
    every = in_scopes(facts, facts.table("threads"), "opened_at")
    waited = (every.ended_at.epoch_seconds() - every.opened_at.epoch_seconds()) // HOUR
    seen = every.mutate(hours=waited.cast("int64")).filter(lambda t: t.hours >= 0)
    columns = ("scope", "opened_at", "voices", "hours", "decided", "stood", "undone")
    dated = records(facts, LASTS, window.end)
    both = seen.select(*columns).union(dated.select(*columns))
    told = in_weeks(both, window, "opened_at")
    keys = [name for name in columns if name != "opened_at"]
    return told.group_by("week", *keys).agg(threads=told.count())


def estimate(rows: Rows) -> Estimate:
    """The median of the waits, open threads included."""
    from trueup.stats.survival import quantile

    if not len(rows):
        reason = "no forge or tracker that is connected shows discussions of decisions"
        return SIGNAL.none(Status.SOURCE_MISSING, reason)
    waits, heard = rows["hours"] != NONE, rows["voices"] == SEVERAL
    kept, decided = waits & heard, rows["decided"] == 1
    events = int(rows["threads"][kept & decided].sum())
    if few := SIGNAL.too_few(rows, events):
        return few
    curve = _waits(rows, kept)
    found = quantile(curve)
    # when nothing is open, nothing waited longer than what was seen
    last = curve.last if decided[kept].all() else None
    high = last if found is None or found.high is None else found.high
    if found is None or found.value is None or found.low is None or high is None:
        reason = "too many threads are still open to tell how long half of them take"
        return SIGNAL.none(Status.INSUFFICIENT, reason, n_events=events)
    known = waits & (rows["voices"] != UNKNOWN)
    coverage = rows["threads"][known].sum() / rows["threads"][waits].sum()
    return SIGNAL.measured(
        found.value, found.low, high,
        n_people=rows.people, n_events=events, coverage=float(coverage),
    )  # fmt: skip


def details(rows: Rows) -> list[dict[str, Any]]:
    """The premature and the stalled share, over all weeks given."""
    if not len(rows) or rows.people < SIGNAL.minimum_people:
        return []
    alone = rows["voices"] == ALONE
    decided = (rows["stood"] != NONE) & (rows["voices"] != UNKNOWN)
    ended = (alone | (rows["undone"] == 1)).astype(int)
    stood = (rows["stood"] * ~alone).clip(0, LASTS)
    early = _share_left(rows, decided, stood, ended, LASTS)
    waits = rows["hours"] != NONE
    late = _share_left(rows, waits, (rows["hours"] + 0.5) / 24, rows["decided"], STALLED)
    if "value" in early:
        left, low, high = early["value"], early["low"], early["high"]
        early |= {"value": 1 - left, "low": 1 - high, "high": 1 - low}
    return [
        {"part": f"in five quarters, decided by one or taken back within {LASTS} days"} | early,
        {"part": f"in five quarters, undecided after {STALLED} days"} | late,
    ]


def _share_left(rows: Rows, kept: Any, days: Any, ended: Any, after: int) -> dict[str, Any]:
    """The share of threads that nothing had ended after so many days, or why nobody knows."""
    from trueup.stats.survival import kaplan_meier, survival_at

    events = int(rows["threads"][kept].sum())
    told: dict[str, Any] = {"unit": "share", "n_events": events}
    if events < SIGNAL.minimum_events:
        return told | {"reason": f"{events} threads, at least {SIGNAL.minimum_events} are needed"}
    curve = kaplan_meier(days[kept], ended[kept] == 1, rows["threads"][kept])
    if curve.last < after and curve.survival[-1] > 0:
        return told | {"reason": f"none was watched for {after} days"}
    found = survival_at(curve, after)
    return told | {"value": found.value, "low": found.low, "high": found.high}


def _waits(rows: Rows, kept: Any) -> Curve:
    from trueup.stats.survival import kaplan_meier

    days = (rows["hours"][kept] + 0.5) / 24
    return kaplan_meier(days, rows["decided"][kept] == 1, rows["threads"][kept])


SIGNAL = Signal(
    name="convergence_velocity",
    version=2,
    title="time to a lasting decision",
    unit="days",
    direction=Direction.BOTH_TAILS,
    minimum_people=6,
    minimum_events=15,
    reads=(
        "requests.merged_at", "requests.closed_at", "issues.labels", "issues.closed_at",
        "comments.author", "reviews.reviewer", "issue_events.after", "decisions.deciders",
        "item_links.relation", "links.target", "landings.landed_at",
    ),
    drives="human",
    cites=("KaplanMeier1958", "Keertipati2016"),
    equivalence=2.0,
    rows=rows,
    estimate=estimate,
    details=details,
    needs="a forge or tracker",
)  # fmt: skip
