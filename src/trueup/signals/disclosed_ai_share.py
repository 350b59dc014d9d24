"""How much landed work discloses that an AI tool had a part in it: a lower bound of AI use.

What it says
    At least this share of the changes that landed was made with an AI tool, since it says so.

Why it matters
    Whatever else is measured about AI (review, rework, reverts) can only be told for work that is
    disclosed. Adoption is a means: no amount of it is good or bad by itself. Agents' requests are
    by now a visible part of public projects [Li2025].

Definition
    r = m / n, where n counts changes by people and agents (no merges, bulk edits or bots) that
    landed on the default branch, and m those that an agent wrote or applied, or whose message names
    an AI tool in a trailer or by its exact mark. Tools are known by exact addresses, account numbers
    and words, never by domains or first names. What is left is undisclosed, which does not mean
    that no tool was used. The interval is for a ratio of weekly sums, and for what is disclosed.

Reads
    commits, trailers, landings.

When it is wrong
    Completion in an editor leaves no mark; squash merges and house rules strip trailers; tools too
    new for the list are missed. A change of habit or of rules looks like a change of use.

How it can be gamed
    By adding or removing trailers.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> weeks = Rows({
    ...     "week": np.arange(13), "changes": np.full(13, 10), "disclosed": np.full(13, 2)},
    ...     weeks=13, people=5)
    >>> estimate(weeks).value
    0.2

References
    [Li2025]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.kernel.declarations import Direction, Rows, Signal

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.estimate import Estimate
    from trueup.kernel.window import Window

LOWER_BOUND = "a lower bound: only what is disclosed can be seen, and the rest is undisclosed"


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope and week: changes, and those with a disclosed AI tool."""
    from trueup.facts.views.periods import in_weeks

    work = facts.table("scoped_work").filter(
        lambda t: t.kind.isin(("human", "agent")), lambda t: ~t.mass
    )
    told = in_weeks(work, window)
    by_agent = (told.kind == "agent") | (told.applied_by_kind.fill_null("") == "agent")
    return told.group_by("scope", "week").agg(
        changes=told.count(), disclosed=(by_agent | (told.tool != "")).cast("int64").sum()
    )


def estimate(rows: Rows) -> Estimate:
    """A ratio of sums over weeks."""
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    events = int(rows["changes"].sum()) if len(rows) else 0
    if few := SIGNAL.too_few(rows, events):
        return few
    week = rows["week"].astype(int) - int(rows["week"].min())
    weekly = [np.bincount(week, rows[c], minlength=rows.weeks) for c in ("disclosed", "changes")]
    found = ratio_of_sums(*weekly)
    return SIGNAL.measured(
        found.value,
        found.low,
        found.high,
        n_people=rows.people,
        n_events=events,
        reason=LOWER_BOUND,
    )


SIGNAL = Signal(
    name="disclosed_ai_share",
    version=1,
    title="work with disclosed AI (lower bound)",
    unit="share",
    direction=Direction.CONTEXT,
    minimum_people=3,
    minimum_events=50,
    reads=("commits.author", "commits.committer", "trailers.tool", "landings.landed_at"),
    drives="context",
    cites=("Li2025",),
    equivalence=0.05,
    rows=rows,
    estimate=estimate,
)
