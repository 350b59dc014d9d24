"""Bars made of verdicts: one hundred percent in the order that never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trueup.report import figures, words
from trueup.report.pictures.scale import part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trueup.publish.document import ScopeRow
    from trueup.publish.figure import Figure

#: A segment narrower than this keeps its label to wide screens, or has none.
_ROOM_ANYWHERE: Final = 11.0
_ROOM_WIDE: Final = 5.5

#: The part of a bar that is still visible; smaller ones are drawn this wide.
_LEAST: Final = 0.6

#: What a scope owes, in the order of its bar.
OWED: Final = ("contradicted", "unverified")


@dataclass(frozen=True, slots=True)
class Segment:
    """One verdict of a bar."""

    verdict: str
    x: float
    width: float
    label: str
    room: str  # any, wide, none: on which screens the label fits
    title: str


def segments(
    counts: Mapping[str, int], shares: Mapping[str, Figure] | None = None
) -> tuple[Segment, ...]:
    """The segments of a bar; labels are shares where known, else counts."""
    drawn = {name: counts[name] for name in words.in_order(counts) if counts[name] > 0}
    whole = sum(drawn.values())
    widths = {name: max(part(n, whole), _LEAST) for name, n in drawn.items()}
    reach = sum(widths.values())
    made, x = [], 0.0
    for name, n in drawn.items():
        width = part(widths[name], reach)
        label = _label(name, n, shares or {})
        made.append(Segment(name, round(x, 3), width, label, _room(width), _title(name, n, label)))
        x += width
    return tuple(made)


def _label(verdict: str, number: int, shares: Mapping[str, Figure]) -> str:
    figure = shares.get(verdict)
    known = figure is not None and figure.value is not None
    return figures.shown(figure, whole=True).text if figure and known else figures.count(number)


def _room(width: float) -> str:
    if width >= _ROOM_ANYWHERE:
        return "any"
    return "wide" if width >= _ROOM_WIDE else "none"


def _title(verdict: str, number: int, label: str) -> str:
    told = words.VERDICT_WORDS.get(verdict, verdict)
    items = figures.count(number)
    return f"{items} {told}" if label == items else f"{label} ({items} items) {told}"


def owed(rows: Sequence[ScopeRow]) -> tuple[tuple[Segment, ...], ...]:
    """Per scope the contradicted and the unverified, all on one scale."""
    whole = max((sum(row.counts.get(v, 0) for v in OWED) for row in rows), default=0)
    return tuple(_owed(row, whole) for row in rows)


def _owed(row: ScopeRow, whole: int) -> tuple[Segment, ...]:
    made, x = [], 0.0
    for verdict in OWED:
        number = row.counts.get(verdict, 0)
        if number:
            width = part(number, whole)
            text = figures.count(number)
            made.append(
                Segment(verdict, round(x, 3), width, text, "none", _title(verdict, number, text))
            )
            x += width
    return tuple(made)
