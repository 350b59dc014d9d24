"""How much of what landed was taken back within a month.

What it says
    Of the changes people landed, this share was taken back within 30 days by a later change that
    says so.

Why it matters
    A revert is the clearest sign that work reported as done was not. In six large systems 1-5 % of
    commits were reverted, many of which could have been avoided by talking earlier [Shimagaki2016].

Definition
    r = m / n. n counts human changes (no merges, no bulk edits) that landed on the default branch,
    each in the week in which it became 30 days old, for only then can one tell: changes that are
    younger at the end of the data are not counted yet. m are those of them that a commit which landed
    on the default branch within 30 days after took back (`reverts`), and that stayed back. The
    interval is for a ratio of weekly sums.

Reads
    commits, landings, links, repositories.

When it is wrong
    Only reverts that say what they revert are seen: fixes by hand count nowhere. Trying something
    on the main branch and taking it back can be good practice. One merge that was taken back counts
    with all it brought. What a release needed out may have been right.

How it can be gamed
    By undoing work without the word, or leaving it broken.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> weeks = Rows({
    ...     "week": np.arange(13), "changes": np.full(13, 20), "reverted": np.eye(13)[0]},
    ...     weeks=13, people=5)
    >>> round(estimate(weeks).value, 4) == round(1 / 260, 4)
    True

References
    [Shimagaki2016]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.kernel.declarations import Direction, Rows, Signal

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.estimate import Estimate
    from trueup.kernel.window import Window

DAYS = 30


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope and week of coming of age: changes, and those taken back by then."""
    import ibis

    from trueup.facts.views.maturity import come_of_age
    from trueup.facts.views.periods import in_weeks
    from trueup.facts.views.reverts import reverts

    work = facts.table("scoped_work").filter(lambda t: t.kind == "human", lambda t: ~t.mass)
    back = reverts(facts).select("repo", "sha", "reverted_at")
    told = in_weeks(come_of_age(facts, work, DAYS), window, "of_age_at")
    told = told.left_join(back, ["repo", "sha"])
    in_time = (told.reverted_at < told.of_age_at).fill_null(ibis.literal(value=False))
    return told.group_by("scope", "week").agg(
        changes=told.count(), reverted=in_time.cast("int64").sum()
    )


def estimate(rows: Rows) -> Estimate:
    """A ratio of sums over weeks."""
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    events = int(rows["changes"].sum()) if len(rows) else 0
    if few := SIGNAL.too_few(rows, events):
        return few
    week = rows["week"].astype(int) - int(rows["week"].min())
    weekly = [np.bincount(week, rows[c], minlength=rows.weeks) for c in ("reverted", "changes")]
    found = ratio_of_sums(*weekly)
    return SIGNAL.measured(
        found.value, found.low, found.high, n_people=rows.people, n_events=events
    )


SIGNAL = Signal(
    name="revert_share",
    version=1,
    title="reverted work",
    unit="share",
    direction=Direction.HIGH_IS_DEBT,
    minimum_people=3,
    minimum_events=100,
    reads=("commits.author", "landings.landed_at", "links.target", "repositories.observed_until"),
    drives="technical",
    cites=("Shimagaki2016",),
    equivalence=0.01,
    rows=rows,
    estimate=estimate,
)
