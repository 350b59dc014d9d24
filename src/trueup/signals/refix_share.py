"""How many fixes had to be made again within three months.

What it says
    Of the pieces of landed work that said they close a ticket, this share was followed within 90 days by
    another try at the same ticket.

Why it matters
    The first fix was reported done and was not. 22-33 % of bugs in three large projects needed more
    than one try [Park2012], and 15-24 % of fixes in four operating systems were wrong [Yin2011].

Definition
    r = m / n. n counts pairs of a ticket and a piece of human work that says it closes it (`fixing`;
    commits that landed together, or carry the same subject or change id, are one piece), each in the
    week in which it became 90 days old; younger ones cannot be told yet. m are those of them that were
    followed 1-90 days later by exactly one other piece that closes the same ticket and touches a same
    file (`refixes`). Tickets that three or more pieces close are umbrellas and count as not fixed
    again. The interval is for a ratio of weekly sums.

Reads
    commits, landings, links, changes, repositories.

When it is wrong
    It is a lower bound: second tries under a new ticket, or that name none, are not seen. Two planned
    parts of one task look like a second try when both say they close the ticket. Where few commits
    name tickets, it speaks for those alone.

How it can be gamed
    By opening a new ticket for each new try, or not naming it.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> weeks = Rows({
    ...     "week": np.arange(13), "fixes": np.full(13, 10), "fixed_again": np.full(13, 1)},
    ...     weeks=13, people=5)
    >>> estimate(weeks).value
    0.1

References
    [Park2012], [Yin2011]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window

DAYS = 90


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope and week of coming of age: pieces of work that close a ticket, those made again."""
    from trueup.facts.views.maturity import come_of_age
    from trueup.facts.views.periods import in_weeks
    from trueup.facts.views.refixes import fixing, refixes

    work = facts.table("scoped_work").filter(lambda t: t.kind == "human", lambda t: ~t.mass)
    told = in_weeks(come_of_age(facts, work, DAYS), window, "of_age_at")
    tries = fixing(facts).select("repo", "sha", "ticket", "item")
    again = refixes(facts).select("repo", "sha", "ticket").distinct().mutate(again=1)
    told = told.select("scope", "week", "repo", "sha").inner_join(tries, ["repo", "sha"])
    told = told.left_join(again, ["repo", "sha", "ticket"])
    pieces = told.group_by("scope", "repo", "ticket", "item").agg(
        week=told.week.min(), again=told.again.fill_null(0).max()
    )
    return pieces.group_by("scope", "week").agg(
        fixes=pieces.count(), fixed_again=pieces.again.sum()
    )


def estimate(rows: Rows) -> Estimate:
    """A ratio of sums over weeks."""
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    if not len(rows):
        reason = "no work says which ticket it closes"
        return SIGNAL.none(Status.SOURCE_MISSING, reason)
    events = int(rows["fixes"].sum())
    if few := SIGNAL.too_few(rows, events):
        return few
    week = rows["week"].astype(int) - int(rows["week"].min())
    weekly = [np.bincount(week, rows[c], minlength=rows.weeks) for c in ("fixed_again", "fixes")]
    found = ratio_of_sums(*weekly)
    return SIGNAL.measured(
        found.value, found.low, found.high, n_people=rows.people, n_events=events
    )


SIGNAL = Signal(
    name="refix_share",
    version=1,
    title="fixes made again",
    unit="share",
    direction=Direction.HIGH_IS_DEBT,
    minimum_people=3,
    minimum_events=40,
    reads=("commits.author", "landings.landed_at", "links.target", "changes.path"),
    drives="technical",
    cites=("Park2012", "Yin2011"),
    equivalence=0.02,
    rows=rows,
    estimate=estimate,
)
