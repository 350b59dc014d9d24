"""Numbers that stand alone: the sentence, what can be seen, the range, the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.report import figures, words
from trueup.report.why import Why, why

if TYPE_CHECKING:
    from trueup.publish.document import Published


@dataclass(frozen=True, slots=True)
class Headline:
    """A number, the words that follow it, and its why. Without a number, words alone."""

    name: str
    raw: float | None
    text: str
    words: str
    note: str
    why: Why


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of the numbers of the sentence."""

    verdict: str
    term: str
    headline: Headline


@dataclass(frozen=True, slots=True)
class RiskSpan:
    """The range of what is not really done, and how it is drawn."""

    low: float
    high: float
    low_text: str
    high_text: str
    worst: str
    worst_low: float
    worst_high: float


def verdicts(published: Published) -> tuple[Verdict, ...]:
    """The numbers of the sentence, in its order."""
    mix = published.mix
    names = [v for v in words.in_order(mix.counts) if mix.counts[v] or v != "pending"]
    return tuple(Verdict(v, words.VERDICT_TERM.get(v, v), _verdict(published, v)) for v in names)


def _verdict(published: Published, verdict: str) -> Headline:
    mix = published.mix
    number = figures.count(mix.counts[verdict])
    figure = mix.shares.get(verdict)
    note = f"{number} of {figures.count(mix.total)}" if figure else "beside those counted"
    told = figures.shown(figure, whole=True) if figure else None
    return Headline(
        name=verdict,
        raw=told.raw if told else mix.counts[verdict],
        text=told.text if told and told.measured else number,
        words=words.VERDICT_WORDS.get(verdict, verdict),
        note=note,
        why=why(
            published,
            words.VERDICT_TERM.get(verdict, verdict),
            verdict,
            figure=figure,
            whole=True,
            verdicts=(verdict,),
        ),
    )


def visibility(published: Published) -> Headline:
    """How much of what was reported can be seen at all."""
    figure = published.visibility
    told = figures.shown(figure)
    can = f"of {figures.count(published.mix.total)} items: what became of them is known"
    cannot = f"How much can be seen is not known: {told.reason}."
    reason = why(published, "how much can be seen", figure.name, "visibility", figure=figure)
    told_words = can if told.measured else cannot
    return Headline("visibility", told.raw, told.text, told_words, told.interval, reason)


def risk(published: Published) -> RiskSpan | None:
    """The range of what may not really be done, or none when nothing could be judged."""
    bounds = published.risk
    if bounds.low is None or bounds.high is None:
        return None
    worst_low = bounds.low if bounds.worst_low is None else bounds.worst_low
    worst_high = bounds.high if bounds.worst_high is None else bounds.worst_high
    return RiskSpan(
        low=bounds.low,
        high=bounds.high,
        low_text=figures.share(bounds.low),
        high_text=figures.share(bounds.high),
        worst=figures.span(worst_low, worst_high, "share", like=worst_low, whole=True),
        worst_low=round(100 * worst_low, 3),
        worst_high=round(100 * worst_high, 3),
    )


def beside(published: Published) -> tuple[Headline, ...]:
    """Both directions, and landed work that claimed nothing."""
    drift = published.drift
    landed = f"of {figures.count(drift.landed)} landed changes reported nothing; they are counted, not judged"
    return (
        _counted(
            published, "drift", drift.reported_not_there, "reported, but not there or no longer"
        ),
        _counted(
            published,
            "drift",
            drift.there_not_reported,
            "there, but not in the notes of its release",
        ),
        _counted(published, "drift", drift.landed_without_claim, landed),
    )


def _counted(published: Published, name: str, number: int | None, told: str) -> Headline:
    if number is None:
        told = (
            "Release notes that leave work out cannot be told here: naming it is not their habit."
        )
        return Headline(name, None, "", told, "", why(published, told, name))
    text = figures.count(number)
    reason = why(published, told, name, basis=(("Counted", text),))
    return Headline(name, number, text, told, "", reason)


def ledger(published: Published) -> tuple[Headline, ...]:
    """What is open, and how old it is."""
    stock = published.ledger
    before = f"open now; {figures.count(stock.open_a_quarter_ago)} a quarter ago"
    rows: list[tuple[str, float | None, str, str]] = [
        ("open", stock.open, figures.count(stock.open), before),
        (
            "oldest",
            stock.oldest_days,
            figures.days(stock.oldest_days),
            "is the age of the oldest",
        ),
        (
            "median age",
            stock.median_age_days,
            figures.days(stock.median_age_days),
            "or more is the age of half of them",
        ),
    ]
    owed = ("contradicted", "unverified")
    return tuple(
        Headline(name, raw, text, told, "", _ledger_why(published, name, text, owed))
        for name, raw, text, told in rows
        if raw is not None
    )


def _ledger_why(published: Published, name: str, text: str, verdicts: tuple[str, ...]) -> Why:
    basis = (("Value", text), ("Items", figures.count(published.mix.total)))
    return why(published, f"ledger, {name}", "ledger", basis=basis, verdicts=verdicts)
