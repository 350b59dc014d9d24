"""How much landed work somebody else looked at first.

What it says
    Of the changes people landed, this share carries a mark that another person looked before it
    landed.

Why it matters
    Components whose changes were not reviewed had up to two additional defects after release
    [McIntosh2014]. A change nobody else saw is known to one person.

Definition
    r = m / n, where n is the number of human changes (no merges, no bulk edits, no bots or agents)
    that landed on the default branch, and m those of them with a mark by another human: a review
    trailer, a merge made by another person, or a patch applied by another person. Repositories whose
    git shows marks on fewer than one change in ten are left out: there git does not show reviews. The
    interval is for a ratio of weekly sums.

Reads
    commits, trailers, landings.

When it is wrong
    Pairing leaves no mark. Forges that squash in their own name hide the reviewer; connect the forge.
    A merge or an applied patch shows that another person took the change in, not how closely they
    read it.

How it can be gamed
    By adding trailers, or merging for each other without looking.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> rows = Rows({"week": np.arange(13), "changes": np.full(13, 10), "marked": np.full(13, 6)},
    ...             weeks=13, people=5)
    >>> round(estimate(rows).value, 2)
    0.6

References
    [McIntosh2014]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope and week: changes, and those with a mark."""
    from trueup.facts.views.periods import in_weeks

    work = facts.table("scoped_work").filter(lambda t: t.kind == "human", lambda t: ~t.mass)
    shown = facts.table("shows_reviews").filter(lambda t: t.shows).select("repo")
    marks = facts.table("inspections").select("repo", "sha").distinct()
    marks = marks.mutate(is_marked=1)
    told = in_weeks(work.semi_join(shown, "repo"), window).left_join(marks, ["repo", "sha"])
    return told.group_by("scope", "week").agg(
        changes=told.count(), marked=told.is_marked.fill_null(0).sum()
    )


def estimate(rows: Rows) -> Estimate:
    """A ratio of sums over weeks."""
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    if not len(rows):
        reason = "nothing that is connected shows reviews here"
        return SIGNAL.none(Status.SOURCE_MISSING, reason)
    events = int(rows["changes"].sum())
    if few := SIGNAL.too_few(rows, events):
        return few
    marked, changes = (
        np.bincount(rows["week"], weights=rows[column], minlength=rows.weeks)
        for column in ("marked", "changes")
    )
    found = ratio_of_sums(marked, changes)
    return SIGNAL.measured(
        found.value, found.low, found.high, n_people=rows.people, n_events=events
    )


SIGNAL = Signal(
    name="review_coverage",
    version=1,
    title="review coverage",
    unit="share",
    direction=Direction.LOW_IS_DEBT,
    minimum_people=3,
    minimum_events=50,
    reads=("commits.author", "commits.committer", "trailers.actor", "landings.landed_by"),
    drives="human",
    cites=("McIntosh2014",),
    equivalence=0.05,
    rows=rows,
    estimate=estimate,
)
