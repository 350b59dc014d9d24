"""How much the number of landed changes swings from week to week.

What it says
    A typical week differs from the middle week by this part of it.

Why it matters
    Work that lands in bursts cannot be planned with or reviewed in calm, and coordination needs
    that change from week to week are easily missed [Cataldo2006]. We know of no study that ties this
    measure to outcomes: it is practice, not proof.

Definition
    1.4826 * median(|c_w - m|) / m, where c_w counts the pieces of work that landed in week w, weeks
    without any as 0, and m is the median of c_w [Hampel1974]. A piece is what one person landed at once:
    the commits of one author brought by one merge, or one commit. No merges or bulk edits. Windows of
    more than 13 weeks are cut into such, so that slow growth is no swing and windows of different
    length compare; the value is the mean of the parts that hold enough. The interval is that of the
    median absolute deviation, or of a mean of independent ones. The details set the size of changes
    (median files, and lines where they were counted) and the variation that chance alone would bring,
    1 / sqrt(m), beside it: in the last 13 weeks, and before where the window is longer.

Reads
    commits, landings, changes, change_lines.

When it is wrong
    Holidays, releases, code freezes and hackathons are swings that were planned. With few changes a
    week most of the variation is chance: at 4 a week chance alone gives 0.5. Where merges bring the work
    of weeks at once, git knows only when they were made. It ends at 1.48: bursts look alike there.

How it can be gamed
    By holding changes back and landing them evenly, or splitting and joining them.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> weeks = Rows({
    ...     "week": np.arange(5), "pieces": np.array([8, 9, 10, 11, 12]), "changes": np.full(5, 12),
    ...     "files": np.ones(5, int), "lines": np.full(5, -1)}, weeks=5, people=4)
    >>> round(estimate(weeks).value, 4)
    0.1483

References
    [Cataldo2006], [Hampel1974]
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status
from trueup.kernel.window import QUARTER

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window

UNKNOWN = -1


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope, week and size in files and lines (-1 where not counted): changes and pieces."""
    import ibis

    from trueup.facts.views.periods import in_weeks

    work = facts.table("scoped_work").filter(lambda t: t.kind == "human", lambda t: ~t.mass)
    touches = facts.table("touches")
    lines = touches.group_by("repo", "sha").agg(lines=(touches.added + touches.deleted).sum())
    told = in_weeks(work, window).left_join(lines, ["repo", "sha"])
    together = ibis.window(group_by=["scope", "repo", "landed_by", "actor"], order_by="sha")
    told = told.mutate(
        lines=told.lines.fill_null(UNKNOWN).cast("int64"),
        # one of the commits stands for its piece
        piece=(ibis.row_number().over(together) == 0).cast("int64"),
    )
    return told.group_by("scope", "week", "files", "lines").agg(
        changes=told.count(), pieces=told.piece.sum()
    )


def estimate(rows: Rows) -> Estimate:
    """The robust coefficient of variation of weekly pieces, 13 weeks at a time."""
    import numpy as np

    from trueup.stats.ratios import robust_cv

    events = int(rows["pieces"].sum()) if len(rows) else 0
    if few := SIGNAL.too_few(rows, events):
        return few
    parts = _quarters(rows)
    enough = [p for p in parts if p.sum() >= SIGNAL.minimum_events and np.median(p) > 0]
    if not enough:
        reason = "too little landed in most weeks: there is no usual week to compare with"
        return SIGNAL.none(Status.INSUFFICIENT, reason, n_events=events)
    found = [robust_cv(part) for part in enough]
    value = sum(x.value for x in found) / len(found)
    below, above = (
        sqrt(sum(side**2 for side in sides)) / len(found)
        for sides in ([x.value - x.low for x in found], [x.high - x.value for x in found])
    )
    return SIGNAL.measured(
        value, value - below, value + above,
        n_people=rows.people, n_events=events, coverage=len(enough) / len(parts),
    )  # fmt: skip


def details(rows: Rows) -> list[dict[str, Any]]:
    """Size of changes, and the variation that chance alone would bring, now and before."""
    import numpy as np

    if not len(rows):
        return []
    recent = rows["week"] >= rows.weeks - QUARTER
    items: list[dict[str, Any]] = [
        {
            "what": f"median {size} per change",
            "now": _median(rows[size][recent], rows["changes"][recent]),
            "before": _median(rows[size][~recent], rows["changes"][~recent]),
        }
        for size in ("files", "lines")
    ]
    usual = [float(np.median(part)) for part in _quarters(rows)]
    chance = [1 / sqrt(m) if m > 0 else None for m in (usual[-1], *usual[:1])]
    before = chance[1] if len(usual) > 1 else None
    return [*items, {"what": "variation by chance alone", "now": chance[0], "before": before}]


def _quarters(rows: Rows) -> list[Any]:
    """Pieces per week, weeks without any included, cut into 13 weeks each."""
    import numpy as np

    week = rows["week"].astype(int)
    weekly = np.bincount(week - week.min(), rows["pieces"], minlength=rows.weeks)
    parts = max(1, weekly.size // QUARTER)
    return list(np.array_split(weekly, parts))


def _median(sizes: Any, counts: Any) -> float | None:
    """The lower median of sizes that are known, or nothing."""
    import numpy as np

    order = np.argsort(sizes, kind="stable")
    sizes, counts = sizes[order], np.where(sizes[order] < 0, 0, counts[order])
    if not counts.sum():
        return None
    return float(sizes[np.searchsorted(np.cumsum(counts), counts.sum() / 2)])


SIGNAL = Signal(
    name="workflow_volatility",
    version=1,
    title="workflow volatility",
    unit="ratio",
    direction=Direction.HIGH_IS_DEBT,
    minimum_people=3,
    minimum_events=40,
    reads=("commits.author", "landings.landed_at", "changes.path", "change_lines.added"),
    drives="human",
    cites=("Cataldo2006", "Hampel1974"),
    equivalence=0.10,
    rows=rows,
    estimate=estimate,
    details=details,
)
