"""What the HTML page shows, part by part: the document, its words and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.publish.document import Audience
from trueup.report import figures, headlines, words
from trueup.report.pictures import arcs, bars, multiples, stock_flow, treemap
from trueup.report.why import Why, why

if TYPE_CHECKING:
    from trueup.publish.document import HorizonMix, Published, ScopeRow, SignalResult
    from trueup.publish.parts import Step


@dataclass(frozen=True, slots=True)
class Horizon:
    """The verdict mix a number of days after each report."""

    mix: HorizonMix
    bar: tuple[bars.Segment, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """A scope and its bar."""

    row: ScopeRow
    bar: tuple[bars.Segment, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One window of a series, for the table beside the picture."""

    label: str
    shown: figures.Shown


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A figure that belongs to a signal, in words."""

    title: str
    shown: figures.Shown
    against: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal: its value, its past, its picture, its table and its why."""

    result: SignalResult
    now: figures.Shown
    past: figures.Shown
    against: str
    adds_to_debt: bool
    picture: multiples.Multiple | None
    windows: tuple[Window, ...]
    parts: tuple[ShownPart, ...]
    why: Why


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of one scope: measured ones as pictures, the others as sentences."""

    scope: str
    inferred: bool
    measured: tuple[Signal, ...]
    unmeasured: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """How far merged requests can be followed, of one repository or of all."""

    repository: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the templates get."""

    document: Published
    team: bool
    no_claims: bool
    bar: tuple[bars.Segment, ...]
    verdicts: tuple[headlines.Verdict, ...]
    visibility: headlines.Headline
    risk: headlines.RiskSpan | None
    beside: tuple[headlines.Headline, ...]
    ledger: tuple[headlines.Headline, ...]
    months: stock_flow.StockFlow | None
    followed: tuple[Followed, ...]
    horizons: tuple[Horizon, ...]
    decisions: str
    where: tuple[Where, ...]
    signals: tuple[Signals, ...]
    files_wide: tuple[treemap.Cell, ...]
    files_narrow: tuple[treemap.Cell, ...]
    couplings: arcs.Arcs | None
    whys: dict[str, Why]


def page(published: Published) -> Page:
    """The page of a document."""
    return Page(
        document=published,
        team=published.audience is Audience.TEAM,
        no_claims=not published.mix.total,
        bar=_bar(published),
        verdicts=headlines.verdicts(published),
        visibility=headlines.visibility(published),
        risk=headlines.risk(published),
        beside=headlines.beside(published),
        ledger=headlines.ledger(published),
        months=stock_flow.stock_flow(published.ledger.months),
        followed=_followed(published),
        decisions=_decisions(published),
        horizons=tuple(Horizon(h, bars.segments(h.counts)) for h in published.horizons),
        where=_where(published),
        signals=_signals(published),
        files_wide=treemap.treemap(published.hotspots),
        files_narrow=treemap.treemap(published.hotspots, treemap.NARROW),
        couplings=arcs.arcs(published.couplings),
        whys=_whys(published),
    )


def _bar(published: Published) -> tuple[bars.Segment, ...]:
    """The verdicts that make up the total; items too recent to say may stand beside it."""
    mix = published.mix
    within = {v: n for v, n in mix.counts.items() if v in mix.shares or not mix.shares}
    return bars.segments(within, mix.shares)


def _where(published: Published) -> tuple[Where, ...]:
    drawn = bars.owed(published.scopes)
    return tuple(Where(row, bar) for row, bar in zip(published.scopes, drawn, strict=True))


def _followed(published: Published) -> tuple[Followed, ...]:
    """Repository by repository where they may be told apart, else all together."""
    known = [r for r in published.requests if r.merged and r.steps]
    if known:
        several = len(known) > 1
        return tuple(Followed(r.repository if several else "", r.steps) for r in known)
    steps = published.chapters.delivery.steps
    return (Followed("", steps),) if steps and not published.requests else ()


def _decisions(published: Published) -> str:
    """How many decisions can be traced, or why that is not known."""
    found = next((s for s in published.signals if s.name == "decision_visibility"), None)
    if found is None:
        return words.NO_DECISIONS
    now = figures.shown(found.comparison.now)
    title = words.title(found.title)
    return (
        f"{title}: {now.text} ({now.interval}), n = {now.n}."
        if now.measured
        else f"{title}: {now.reason}."
    )


def _signals(published: Published) -> tuple[Signals, ...]:
    by_scope: dict[str, list[SignalResult]] = {}
    for one in published.signals:
        by_scope.setdefault(one.scope, []).append(one)
    groups = []
    for scope, results in by_scope.items():
        made = [_signal(published, one) for one in results]
        measured = tuple(one for one in made if one.now.measured)
        unmeasured = tuple(one for one in made if not one.now.measured)
        name = scope or published.title
        groups.append(Signals(name, made[0].result.inferred, measured, unmeasured))
    return tuple(groups)


def _signal(published: Published, result: SignalResult) -> Signal:
    comparison = result.comparison
    return Signal(
        result=result,
        now=figures.shown(comparison.now),
        past=figures.shown(comparison.past),
        against=words.against_past(comparison.verdict),
        adds_to_debt=words.adds_to_debt(result.direction, comparison.verdict),
        picture=multiples.multiple(comparison),
        windows=_windows(result),
        parts=tuple(
            ShownPart(
                p.title, figures.shown(p.figure), words.against_past(p.verdict) if p.verdict else ""
            )
            for p in result.parts
        ),
        why=_signal_why(published, result),
    )


def _signal_why(published: Published, result: SignalResult) -> Why:
    past = figures.shown(result.comparison.past)
    own = f"{past.text}, interval {past.interval}, n = {past.n}" if past.measured else past.reason
    basis = (
        ("Own past", own),
        ("Direction", words.DIRECTION_WORDS.get(result.direction, result.direction)),
    )
    made = why(published, result.title, result.name, figure=result.comparison.now, basis=basis)
    definition, limits = result.definition or made.definition, result.limits or made.limits
    return Why(made.label, definition, limits, made.source, made.basis, made.examples)


def _windows(result: SignalResult) -> tuple[Window, ...]:
    series = result.comparison.series or (result.comparison.now,)
    last = len(series) - 1
    labels = ["now" if i == last else f"{last - i} before" for i in range(len(series))]
    return tuple(
        Window(label, figures.shown(one)) for label, one in zip(labels, series, strict=True)
    )


def _whys(published: Published) -> dict[str, Why]:
    """The why of whole pictures."""
    risk = published.risk
    judged = (
        ("Items seen", figures.count(risk.n_assessable)),
        ("All items", figures.count(risk.n_all)),
        ("Read as", risk.label),
    )
    items = (("Items", figures.count(published.mix.total)),)
    owed = ("contradicted", "unverified")
    return {
        "risk": why(published, "the range", "risk", basis=judged, verdicts=("contradicted",)),
        "ledger": why(published, "the ledger by month", "ledger", basis=items, verdicts=owed),
        "horizons": why(published, "the mix by age", "horizons", basis=items),
        "followed": why(published, "how far work can be followed", "followed"),
        **_reasons(published),
        "scopes": why(published, "items by part", "scopes", basis=items, verdicts=owed),
        "hotspots": why(published, "hotspots", "hotspots"),
        "couplings": why(published, "couplings", "couplings"),
    }


def _reasons(published: Published) -> dict[str, Why]:
    chapters = published.chapters
    told = (
        ("against", "what speaks against items", published.mix.counts.get("contradicted", 0)),
        ("rests_on", "what evidence rests on", chapters.verification.verified),
        ("lacks", "what is lacking", chapters.verification.partial),
        ("dark", "why items cannot be seen", chapters.verification.unseen),
    )
    return {
        name: why(published, label, name, basis=(("Items", figures.count(n)),))
        for name, label, n in told
    }
