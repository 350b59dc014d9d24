"""How many changes and recorded decisions can be traced from what led to them to what became of them.

What it says
    Of the changes and recorded decisions, this share shows its inputs, the alternatives, who approved
    it, and what came of it.

Why it matters
    A decision of which only the result is left has to be guessed at when it is to be changed; records
    of architecture tell options and reasons beside the choice [TyreeAkerman2005]. What nobody can
    trace, nobody can check.

Definition
    v = all four / assessable, over requests of humans that were merged in the window, and records of
    decisions dated in it (not those still proposed). Inputs: the request or one of its commits names
    an issue, or a record with a part on the context names the request; of a record, such a part, or
    an issue that it names. Alternatives: another human asked for changes, suggested other code or
    reopened it, or a record with a part on options names it; of a record, such a part. Approver:
    another human approved it before the merge, merged it, or is named in a review trailer; of a
    record, two deciders or more. Outcome: its commits are on the default branch; of a record, a
    status of a decision that was taken. A change is assessable when a connected source could show
    each of the four: alternatives take reviews or comments of that repository, approvers reviews, or
    the name of who merged it. Records that tell nobody who decided, and proposals with one author, are
    not assessable, for their approval may stand elsewhere. What is not assessable lowers the
    coverage. The interval is for a ratio of weekly sums. The details give each of the four by itself.

Reads
    requests, reviews, comments, item_links, links, landings, trailers, decisions.

When it is wrong
    Most changes need no alternatives, so the share of all four is low where all is well: read its
    trend, and each of the four. A linked issue may say nothing. Alternatives weighed in talk leave no
    mark. Work that landed without a request is not in it.

How it can be gamed
    By linking any issue, asking for small changes, or approving unread; or by pushing without a
    request.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> week, ones = np.arange(13), np.ones(13, int)
    >>> given = {"week": week, "changes": 10 * ones, "known_all": 10 * ones, "has_all": 3 * ones}
    >>> estimate(Rows(given, weeks=13, people=5)).value
    0.3

References
    [TyreeAkerman2005]
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
    from trueup.stats.intervals import Interval

FOUR = ("inputs", "alternatives", "approver", "outcome")
ALL = "all"


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope and week: changes, and of each of the four and all of them the known ones and the found ones."""
    from trueup.facts.views.discussions import in_scopes
    from trueup.facts.views.periods import in_weeks
    from trueup.facts.views.traces import keep_traces

    keep_traces(facts)
    told = in_weeks(in_scopes(facts, facts.table("traces"), "at"), window, "at")
    told = told.mutate(all=told.inputs * told.alternatives * told.approver * told.outcome)
    counts = {f"known_{name}": told[name].count() for name in (*FOUR, ALL)}
    counts |= {f"has_{name}": told[name].sum().fill_null(0) for name in (*FOUR, ALL)}
    return told.group_by("scope", "week").agg(changes=told.count(), **counts)


def estimate(rows: Rows) -> Estimate:
    """A ratio of sums over weeks."""
    if not len(rows):
        reason = "no forge that is connected shows requests, and no records of decisions were read"
        return SIGNAL.none(Status.SOURCE_MISSING, reason)
    changes, events = (int(rows[column].sum()) for column in ("changes", f"known_{ALL}"))
    if changes and not events:
        reason = f"not assessable: no source shows {_dark(rows)} of what was decided"
        return SIGNAL.none(Status.SOURCE_MISSING, reason)
    if few := SIGNAL.too_few(rows, events):
        return few
    found = _ratio(rows, ALL)
    return SIGNAL.measured(
        found.value, found.low, found.high,
        n_people=rows.people, n_events=events, coverage=events / changes,
    )  # fmt: skip


def details(rows: Rows) -> list[dict[str, Any]]:
    """Each of the four by itself, in the last 13 weeks."""
    rows = rows.latest(QUARTER)
    if not len(rows) or rows.people < SIGNAL.minimum_people:
        return []
    return [{"part": f"{name} can be traced"} | _part(rows, name) for name in FOUR]


def _part(rows: Rows, name: str) -> dict[str, Any]:
    events = int(rows[f"known_{name}"].sum())
    told: dict[str, Any] = {"unit": "share", "n_events": events}
    if not events:
        return told | {"reason": "not assessable: no connected source could show it"}
    if events < SIGNAL.minimum_events:
        return told | {"reason": f"{events} decisions, at least {SIGNAL.minimum_events} are needed"}
    found = _ratio(rows, name)
    return told | {"value": found.value, "low": found.low, "high": found.high}


def _dark(rows: Rows) -> str:
    """Which of the four nothing shows; each is shown for some when only their union is not."""
    dark = [name for name in FOUR if not rows[f"known_{name}"].sum()]
    return " and ".join(dark) or "all four"


def _ratio(rows: Rows, name: str) -> Interval:
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    week = rows["week"].astype(int) - int(rows["week"].min())
    return ratio_of_sums(
        *(np.bincount(week, rows[f"{c}_{name}"], minlength=rows.weeks) for c in ("has", "known"))
    )


SIGNAL = Signal(
    name="decision_visibility",
    version=1,
    title="traceable decisions",
    unit="share",
    direction=Direction.LOW_IS_DEBT,
    minimum_people=3,
    minimum_events=30,
    reads=(
        "requests.merged_at", "requests.merged_by", "reviews.verdict", "comments.suggests",
        "item_links.target", "links.target", "landings.landed_at", "trailers.actor",
        "decisions.context", "decisions.options", "decisions.deciders", "decisions.status",
    ),
    drives="execution",
    cites=("TyreeAkerman2005",),
    equivalence=0.05,
    rows=rows,
    estimate=estimate,
    details=details,
    needs="a forge, or records of decisions",
)  # fmt: skip
