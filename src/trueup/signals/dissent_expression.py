"""How often somebody says no where there is something to decide.

What it says
    Of the changes and proposals that could be argued with, this share met an objection, another
    proposal or a request for changes.

Why it matters
    Teams whose members can disagree openly find mistakes sooner [Edmondson1999]. Silence is no
    agreement: people stay silent where they expect that speaking up is futile or harmful
    [Morrison2014]. No measure of it from traces alone has been validated.

Definition
    d = met / occasions. Occasions are requests of humans with more than 50 lines, in repositories of
    which reviews are read, and issues that a label calls a decision, design, RFC or proposal. Each
    counts in the week in which it is 30 days old, and is met when by then another human asked for
    changes, suggested other code, refused it as not planned, or reopened it. Texts are not read. The
    interval is for a ratio of weekly sums. Requests of unknown size are left out and lower the
    coverage. The details are for the team alone: four signs of the last 13 weeks against the year
    before, which are d; distinct dissenters over those who spoke on the work of others; the share of
    first objections on requests followed within 14 days by a commit or another person's word; and
    late objections, which are decisions (merged requests from their first approval or merge, design
    issues from their closing) that met an objection, revert or reopening within 30 days after. When
    three or more moved the uneasy way, with a 90 % interval of the difference that excludes 0, the
    team is asked whether it still says what it thinks. A fifth sign, what surveys say of speaking
    up, is missing. All numbers of days and lines are our choice.

Reads
    requests, reviews, comments, issues, issue_events, request_commits, change_lines, links.

When it is wrong
    Little dissent may be real agreement; talk happens in rooms and calls; written cultures differ.
    Objections in plain words leave no mark that is read, and dismissed reviews do not tell what they
    were. It must never be read as suppression.

How it can be gamed
    By objecting for show, or splitting changes to stay below 50 lines.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> told = Rows({"week": np.arange(13), "part": np.full(13, "occasions"), "actor": np.full(13, ""),
    ...     "met": np.full(13, 2), "of": np.full(13, 10)}, weeks=13, people=9)
    >>> estimate(told).value
    0.2

References
    [Edmondson1999], [Morrison2014]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status
from trueup.kernel.window import QUARTER

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window
    from trueup.stats.intervals import Interval

    _Found = tuple[Interval | None, int]

#: So many of the signs must have moved the uneasy way before the team is asked (our choices,
#: docs/decisions/2026-11-22-decision-signals.md).
ENOUGH = 3
LEAST_PEOPLE, LEAST_OBJECTIONS, LEAST_DECISIONS = 6, 20, 40
#: What each sign is called, which way is uneasy, and how that is said.
_SIGNS = (
    ("met by an objection", "lower", "fewer changes and proposals meet an objection"),
    ("people who object, of those who speak", "lower", "fewer of those who speak object"),
    ("objections that had an effect", "lower", "fewer objections have an effect"),
    ("decisions that met a late objection", "higher", "more objections come after the decision"),
)
SURVEYS = "what people say of speaking up, since no survey is connected"


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope, week, part and person (of those who spoke, else empty): met, of."""
    import ibis

    from trueup.facts.views.dissent import PARTS, keep_dissent
    from trueup.facts.views.periods import in_weeks

    keep_dissent(facts)
    told = [
        in_weeks(facts.table(name), window, "at").select(
            "scope", "week", "actor", "met", part=ibis.literal(name)
        )
        for name in PARTS
    ]
    every = ibis.union(*told)
    found = every.group_by("scope", "week", "part", "actor")
    return found.agg(met=every.met.sum(), of=every.count())


def estimate(rows: Rows) -> Estimate:
    """A ratio of sums over weeks."""
    events = _count(rows, "occasions")
    unsized = _count(rows, "unsized")
    if not events:
        reason = "nothing that is connected shows reviews of sized requests, or design issues"
        return SIGNAL.none(Status.SOURCE_MISSING, reason)
    if few := SIGNAL.too_few(rows, events):
        return few
    found = _ratio(rows, "occasions")
    return SIGNAL.measured(
        found.value, found.low, found.high,
        n_people=rows.people, n_events=events, coverage=events / (events + unsized),
    )  # fmt: skip


def details(rows: Rows) -> list[dict[str, Any]]:
    """Four signs of the last 13 weeks against the weeks before, and whether to ask the team."""
    if not len(rows) or rows.people < SIGNAL.minimum_people:
        return []
    now, past = rows.latest(QUARTER), _before(rows, QUARTER)
    signs = [
        _sign(_SIGNS[0], now, past, _weekly("occasions", SIGNAL.minimum_events)),
        _guarded(_sign(_SIGNS[1], now, past, _dissenters)),
        _sign(_SIGNS[2], now, past, _weekly("answered", LEAST_OBJECTIONS)),
        _sign(_SIGNS[3], now, past, _weekly("late", LEAST_DECISIONS)),
    ]
    missing = [sign["part"] for sign in signs if not sign["verdict"]]
    uneasy = sum(sign["uneasy"] for sign in signs)
    return [*signs, {"team": True, "asks": uneasy >= ENOUGH, "missing": [*missing, SURVEYS]}]


def _sign(
    told: tuple[str, str, str], now: Rows, past: Rows, of: Callable[[Rows], _Found]
) -> dict[str, Any]:
    """One sign now and before, and how it moved; without a verdict where either is not known."""
    from trueup.stats.compare import against_own_past

    (here, n), (there, _) = of(now), of(past)
    part, uneasy, moved = told
    sign = {"part": part, "unit": "share", "team": True, "n_events": n, "moved": moved}
    sign |= {"verdict": "", "uneasy": False}
    if here is None:
        return sign | {"reason": f"too few in the last {QUARTER} weeks"}
    sign |= {"value": here.value, "low": here.low, "high": here.high}
    if there is not None:
        verdict = against_own_past(here, there, equivalence=0).replace("_", " ")
        sign |= {"verdict": verdict, "uneasy": verdict == uneasy}
    return sign


def _guarded(sign: dict[str, Any]) -> dict[str, Any]:
    """A share of people that is not said of nearly all or nearly none of them, for then it is said of each."""
    people = sign["n_events"]
    if "value" not in sign or 2 <= round(sign["value"] * people) <= people - 2:
        return sign
    kept = {name: x for name, x in sign.items() if name not in {"value", "low", "high"}}
    return kept | {"reason": "nearly all or nearly none of them: a number would tell it of each"}


def _weekly(part: str, least: int) -> Callable[[Rows], _Found]:
    def found(rows: Rows) -> _Found:
        n = _count(rows, part)
        return (_ratio(rows, part) if n >= least else None), n

    return found


def _dissenters(rows: Rows) -> _Found:
    """Of the people who spoke those who objected; a quarter at a time, for longer ones hold more of both.

    Quarters share their people, so limits are averaged as if they told one and the same thing.
    """
    import numpy as np

    from trueup.stats.intervals import Interval, share

    inside = _of(rows, "voices") if len(rows) else np.zeros(0, bool)
    names, met = rows["actor"][inside].astype(str), rows["met"][inside] > 0
    part = np.minimum(rows["week"][inside] // QUARTER, max(rows.weeks // QUARTER, 1) - 1)
    found = [
        (np.unique(names[met & (part == number)]).size, np.unique(names[part == number]).size)
        for number in np.unique(part)
    ]
    enough = [share(met, of) for met, of in found if of >= LEAST_PEOPLE]
    n = sum(of for _, of in found)
    if not enough:
        return None, n
    told = np.mean([(x.value, x.low, x.high) for x in enough], axis=0)
    return Interval(*(float(x) for x in told)), n


def _before(rows: Rows, weeks: int) -> Rows:
    """The rows without the last weeks."""
    length = max(rows.weeks - weeks, 0)
    kept = rows["week"] < length
    return Rows({name: x[kept] for name, x in rows.columns.items()}, length, rows.people)


def _of(rows: Rows, part: str) -> Any:
    return rows["part"].astype(str) == part


def _count(rows: Rows, part: str) -> int:
    return int(rows["of"][_of(rows, part)].sum()) if len(rows) else 0


def _ratio(rows: Rows, part: str) -> Interval:
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    kept = _of(rows, part)
    week = rows["week"][kept].astype(int)
    week -= week.min()
    return ratio_of_sums(
        *(np.bincount(week, rows[c][kept], minlength=rows.weeks) for c in ("met", "of"))
    )


SIGNAL = Signal(
    name="dissent_expression",
    version=2,
    title="open disagreement",
    unit="share",
    direction=Direction.BOTH_TAILS,
    minimum_people=6,
    minimum_events=60,
    reads=(
        "requests.additions", "requests.deletions", "reviews.verdict", "comments.suggests",
        "issues.labels", "issues.resolution", "issue_events.after", "request_commits.sha",
        "change_lines.added", "links.target",
    ),
    drives="human",
    cites=("Edmondson1999", "Morrison2014"),
    equivalence=0.05,
    rows=rows,
    estimate=estimate,
    details=details,
    needs="a forge",
)  # fmt: skip
