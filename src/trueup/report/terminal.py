"""The summary a terminal shows: the answer first, then what it rests on and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.publish.document import Audience, Published, SignalResult
from trueup.report import figures, words
from trueup.report.columns import Paint, clamp, in_parts, labelled, paragraph, table
from trueup.report.text import harmless, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping


_STEPS = 3
_GAPS = 3
_CHANGES = 3
_HIDDEN = 2
_NAME = 60


def render(
    published: Published,
    *,
    width: int = 80,
    colour: bool = False,
    report_path: str = "",
    seconds: Mapping[str, float] | None = None,
) -> str:
    """The summary, ending in a line break; without colour there is no control character in it."""
    width = clamp(width)
    paint = Paint(colour)
    blocks = [
        _title(published, width, paint),
        _answer(published, width, paint),
        _changed(published, width),
        _ledger(published, width, paint),
        _alarms(published, width, paint),
        _signals(published, width, paint),
        _gaps(published, width, paint),
        _next(published, width, paint),
        _foot(published.seconds if seconds is None else seconds, report_path, width),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _title(published: Published, width: int, paint: Paint) -> list[str]:
    repositories = published.repositories
    parts = [
        f"trueup {shorten(published.version, 20)}",
        shorten(published.title, _NAME),
        f"{_day(published.period_start)} to {_day(published.period_end)}",
        f"{figures.count(repositories[0].commits)} commits"
        if len(repositories) == 1
        else f"{len(repositories)} repositories",
        _sources(published),
    ]
    if published.audience is Audience.ORGANISATION:
        parts.append("organisation view")
    lines = in_parts(parts, width, indent=0, hanging=2)
    return [paint.dim(line) for line in lines]


def _sources(published: Published) -> str:
    read = [shorten(source.name, 20) for source in published.sources if source.status == "read"]
    if not read:
        return "no source read"
    return f"{read[0]} only" if len(read) == 1 else ", ".join(read)


def _answer(published: Published, width: int, paint: Paint) -> list[str]:
    none = not published.mix.total
    sentence = published.sentence or (words.NO_CLAIMS if none else "")
    lines = [paint.bold(line) for line in paragraph(sentence, width)]
    if none:
        return [*lines, "", *paragraph(words.NO_CLAIMS_HELP, width)]
    several = len(published.requests) > 1
    asked = (f"{r.repository}: {r.text}" if several else r.text for r in published.requests)
    audit = published.audit.text if published.audit else ""
    below = [_seen(published), audit, *asked, published.source_hint]
    return [*lines, "", *(line for text in below for line in paragraph(text, width))]


def _seen(published: Published) -> str:
    seen = figures.shown(published.visibility)
    risk = published.risk
    if not seen.measured:
        return f"How much can be seen: {seen.reason}."
    within = f" ({seen.interval})" if seen.interval != seen.text else ""
    told = f"What became of them is known for {seen.text}{within}."
    if risk.low is None or risk.high is None:
        return told
    low, high = figures.share(risk.low), figures.share(risk.high)
    between = low if low == high else f"between {low} and {high}"
    seen_items = figures.count(risk.n_assessable)
    return f"{told} Of these {seen_items}, {between} may not really be done ({risk.label})."


def _changed(published: Published, width: int) -> list[str]:
    changed, past = published.changed, published.restatement
    why = changed.moved.text if changed and changed.moved and changed.moved.causes else ""
    told = [line for t in (why, past.text if past else "") for line in paragraph(t, width)]
    if changed is None or not changed.items:
        return told
    moves = [f"{item.what} {item.before} -> {item.now}" for item in changed.items[:_CHANGES]]
    return labelled("Last scan", f"{_day(changed.since)}: " + " · ".join(moves), width) + told


def _ledger(published: Published, width: int, paint: Paint) -> list[str]:
    ledger = published.ledger
    if not published.mix.total and not ledger.months:
        return []
    before, now = figures.count(ledger.open_a_quarter_ago), figures.count(ledger.open)
    rows = [("open", before, now, ledger.why)]
    if ledger.oldest_days is not None:
        rows.append(("oldest", "", figures.days(ledger.oldest_days), _oldest(published)))
    head = ("Ledger", "a quarter ago", "now", "why it moved")
    return _painted(table(head, rows, width, flex=3, left=frozenset({0, 3})), paint)


def _oldest(published: Published) -> str:
    ledger = published.ledger
    parts = []
    if ledger.median_age_days is not None:
        parts.append(f"half are older than {figures.days(ledger.median_age_days)}")
    if published.audience is Audience.TEAM and ledger.oldest_claim:
        parts.append(f"trueup explain {shorten(ledger.oldest_claim, 24)}")
    return "; ".join(parts)


def _alarms(published: Published, width: int, paint: Paint) -> list[str]:
    """Alarms that are on; the others are in the report."""
    on = [alarm.text for alarm in published.alarms if alarm.status == "alarm"]
    if not on:
        return []
    lines = [paint.bold("  Worth a look")]
    return lines + [line for text in on for line in paragraph(text, width, hanging=2)]


def _painted(blocks: list[list[str]], paint: Paint) -> list[str]:
    head = [paint.bold(line) for line in blocks[0]]
    return head + [line for block in blocks[1:] for line in block]


def _signals(published: Published, width: int, paint: Paint) -> list[str]:
    """The signals of the first scope; the others are in the report."""
    if not published.signals:
        return []
    scope = published.signals[0].scope
    signals = [one for one in published.signals if one.scope == scope]
    others = len({one.scope for one in published.signals}) - 1
    rows = [_signal_row(one) for one in signals if one.comparison.now.value is not None]
    rows += _unmeasured(signals)
    head = ("Signals (13 weeks)", "value", "90 % interval", "n", "vs own past")
    lines = _painted(table(head, rows, width, left=frozenset({0, 4})), paint)
    if others:
        more = f"For {shorten(scope or published.title, 30)}; {others} more {'scope' if others == 1 else 'scopes'} in the report."
        lines += paragraph(more, width)
    below = {step.reason for step in published.next_steps[:_STEPS]}
    for question in dict.fromkeys(one.question for one in signals if one.question not in below):
        lines += paragraph(question, width)
    return lines + [
        line for text in published.suppressed[:_HIDDEN] for line in paragraph(text, width)
    ]


def _signal_row(signal: SignalResult) -> tuple[str, ...]:
    now = figures.shown(signal.comparison.now)
    against = signal.comparison.verdict or "not compared"
    return (words.title(signal.title), now.text, now.interval, now.n, against)


def _unmeasured(signals: list[SignalResult]) -> list[tuple[str, ...]]:
    """One row per reason, so that one missing source is said once."""
    reasons: dict[str, list[str]] = {}
    for signal in signals:
        if signal.comparison.now.value is None:
            reason = figures.shown(signal.comparison.now).reason
            reasons.setdefault(reason, []).append(words.title(signal.title))
    return [(_listed(titles), reason) for reason, titles in reasons.items()]


def _listed(titles: list[str]) -> str:
    """Titles in one phrase: all but the first begin small.

    >>> _listed(["Review depth", "Work at weekends", "CI time"])
    'Review depth, work at weekends, CI time'
    """
    rest = [one if one[1:2].isupper() else one[:1].lower() + one[1:] for one in titles[1:]]
    return ", ".join([*titles[:1], *rest])


def _gaps(published: Published, width: int, paint: Paint) -> list[str]:
    gaps = published.gaps
    if not gaps:
        return []
    lines = [paint.bold("  Could not be read")]
    for gap in gaps[:_GAPS]:
        where = "" if len(published.repositories) == 1 else f"{shorten(gap.repository, 30)}: "
        more = f" (trueup explain {shorten(gap.slug, 40)})"
        lines += paragraph(f"{where}{gap.what}; {gap.cost}{more}", width, hanging=2)
    others = len(gaps) - _GAPS
    if others > 0:
        lines += paragraph(f"and {others} more in the report", width)
    return lines


def _next(published: Published, width: int, paint: Paint) -> list[str]:
    steps = published.next_steps[:_STEPS]
    if not steps:
        return []
    dates = {_day(step.look_again) for step in steps}
    once = f" (look again {dates.pop()})" if len(dates) == 1 and all(dates) else ""
    lines = [paint.bold(f"  Next{once}")]
    for number, step in enumerate(steps, 1):
        where = "" if step.scope in step.title else f" ({shorten(step.scope, 30)})"
        again = "" if once or not step.look_again else f" Look again {_day(step.look_again)}."
        lines += paragraph(f"{number} {step.title}{where}", width, hanging=2)
        lines += paragraph(f"{step.reason}{again}", width, indent=4)
        lines += paragraph(step.command, width, indent=4)
    return lines


def _foot(seconds: Mapping[str, float], path: str, width: int) -> list[str]:
    parts = []
    if path:
        parts += [f"Report {harmless(path)}", "method and definitions inside"]
    took = _seconds(seconds)
    if took:
        parts.append(took)
    return in_parts(parts, width) if parts else []


def _seconds(seconds: Mapping[str, float]) -> str:
    """The whole first, then its parts, longest first.

    >>> _seconds({"git": 7.9, "total": 11.2})
    '11.2 s (git 7.9 s)'
    """
    parts = sorted(((t, name) for name, t in seconds.items() if name != "total"), reverse=True)
    told = ", ".join(f"{name} {t:.1f} s" for t, name in parts[:3])
    if "total" not in seconds:
        return told
    return f"{seconds['total']:.1f} s ({told})" if told else f"{seconds['total']:.1f} s"


def _day(moment: str) -> str:
    return harmless(moment)[:10]
