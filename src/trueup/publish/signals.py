"""Signals as they may be shown: each scope beside its own past, small groups held back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.kernel.estimate import Estimate, Status
from trueup.publish.document import Audience, Comparison, Part, SignalResult
from trueup.publish.words import question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.publish.readings import Measured, Reading
    from trueup.publish.rules import Rules

#: How the whole, of which the scopes are parts, is called.
WHOLE = "everything"


def signal_results(measured: Measured, rules: Rules) -> tuple[SignalResult, ...]:
    """Every signal of every scope, the whole first, without what too few people are behind."""
    found: list[tuple[str, SignalResult]] = []
    always = rules.hidden({s: n for s, n in measured.people.items() if s})
    by_name: dict[str, list[Reading]] = {}
    for reading in measured.readings:
        by_name.setdefault(reading.signal.name, []).append(reading)
    for readings in by_name.values():
        parts = [r for r in readings if r.scope and r.people]
        places = range(min((len(r.people) for r in parts), default=0))
        # For each window by itself: who is behind a figure changes, and with it what must be hidden.
        hidden = [rules.hidden({r.scope: r.people[i] for r in parts}, always) for i in places]
        for reading in readings:
            back = [
                reading.scope in (hidden[i] if i < len(hidden) else always)
                for i in range(len(reading.estimates))
            ]
            found.append((reading.scope, _signal(reading, rules, back, measured.scoping)))
    return tuple(result for _, result in sorted(found, key=lambda pair: pair[0]))


def _signal(reading: Reading, rules: Rules, back: list[bool], scoping: str) -> SignalResult:
    signal = reading.signal
    pairs = zip(reading.estimates, back, strict=True)
    now, past, *series = (rules.figure(e, held_back=held) for e, held in pairs)
    both = now.status == past.status == Status.MEASURED
    sections = docstring_sections(signal)
    team = rules.audience is Audience.TEAM
    # Parts are of now and the past together: what is held back of either, they would tell.
    items = [] if any(back[:2]) else [i for i in reading.items if team or not i.get("team")]
    return SignalResult(
        scope=reading.scope or WHOLE,
        inferred=scoping == "inferred" and bool(reading.scope),
        name=signal.name,
        title=signal.title,
        unit=signal.unit,
        direction=signal.direction.value,
        comparison=Comparison(
            now=now, past=past, verdict=reading.verdict if both else "", series=tuple(series)
        ),
        sentence=sections.get("What it says", ""),
        definition=sections.get("Definition", ""),
        limits=sections.get("When it is wrong", ""),
        parts=tuple(_part(item, reading, rules) for item in items if "part" in item),
        question=question(items),
    )


def _part(item: Mapping[str, Any], reading: Reading, rules: Rules) -> Part:
    signal = reading.signal
    estimate = Estimate(
        signal.name,
        signal.version,
        item["unit"],
        Status.INSUFFICIENT if "reason" in item else Status.MEASURED,
        value=item.get("value"),
        low=item.get("low"),
        high=item.get("high"),
        n_people=reading.people[0],
        n_events=item["n_events"],
        reason=item.get("reason", ""),
    )
    return Part(item["part"], rules.figure(estimate), item.get("verdict", ""))


def docstring_sections(signal: Any) -> dict[str, str]:
    """The sections of the docstring of a signal's module, each as one paragraph."""
    import sys

    text = sys.modules[signal.estimate.__module__].__doc__ or ""
    parts = re.split(r"^([A-Z][A-Za-z ]+)\n(?=    )", text, flags=re.MULTILINE)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {name.strip(): " ".join(body.split()) for name, body in pairs}
