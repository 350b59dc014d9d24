"""The ledger over months: what is open, what came in, what went out, what cannot be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trueup.report import figures
from trueup.report.pictures.scale import Axis, counts_axis, part

if TYPE_CHECKING:
    from trueup.publish.document import LedgerMonth

#: Flows that change the world, and flows that only change the books.
INFLOW: Final = {"in": ("new", "contradicted_later"), "in-books": ("came_into_view", "restated")}
OUTFLOW: Final = {"out": ("repaid",), "out-books": ("withdrawn", "written_off", "went_out_of_view")}

FLOW_WORDS: Final = {
    "new": "new",
    "contradicted_later": "contradicted later",
    "came_into_view": "came into view",
    "restated": "restated",
    "repaid": "repaid by evidence",
    "withdrawn": "withdrawn",
    "written_off": "written off",
    "went_out_of_view": "went out of view",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in percent of its panel."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the axis with its label."""

    y: float
    label: str
    zero: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A month: its place, its label if it has one, and everything about it on hover."""

    x: float
    width: float
    label: str
    room: str
    title: str


@dataclass(frozen=True, slots=True)
class StockFlow:
    """The panels of the picture."""

    columns: tuple[Column, ...]
    stock: tuple[Bar, ...]
    closing: str  # the steps of the closing stock, as a path
    stock_lines: tuple[Line, ...]
    flows: tuple[Bar, ...]
    flow_lines: tuple[Line, ...]
    unseen: str
    unseen_lines: tuple[Line, ...]
    summary: str


def stock_flow(months: tuple[LedgerMonth, ...]) -> StockFlow | None:
    """The picture, or none for a ledger without months."""
    if not months:
        return None
    highest = max(max(m.closing, m.opening, m.contradicted + m.unverified) for m in months)
    stock, stock_ticks = counts_axis(0, highest)
    flow, flow_ticks = _flow_axis(months)
    unseen, unseen_ticks = counts_axis(0, max(m.unseen for m in months), most=2)
    return StockFlow(
        columns=tuple(_column(i, m, len(months)) for i, m in enumerate(months)),
        stock=tuple(bar for i, m in enumerate(months) for bar in _stock(i, m, len(months), stock)),
        closing=_steps([m.closing for m in months], stock),
        stock_lines=_lines(stock, stock_ticks),
        flows=tuple(bar for i, m in enumerate(months) for bar in _flows(i, m, len(months), flow)),
        flow_lines=_lines(flow, flow_ticks),
        unseen=_steps([m.unseen for m in months], unseen),
        unseen_lines=_lines(unseen, unseen_ticks),
        summary=_summary(months),
    )


def _summary(months: tuple[LedgerMonth, ...]) -> str:
    first, last = months[0], months[-1]
    return (
        f"Open items from {first.month} to {last.month}, month by month. It opens with "
        f"{figures.count(first.opening)} and closes with {figures.count(last.closing)}, of which "
        f"{figures.count(last.contradicted)} are contradicted."
    )


def _column(place: int, month: LedgerMonth, n: int) -> Column:
    room = "any" if place % 6 == 0 else "wide" if place % 3 == 0 else "none"
    return Column(part(place, n), part(1, n), month.month, room, _told(month))


def _told(month: LedgerMonth) -> str:
    moves = [
        f"{getattr(month, name)} {word}"
        for name, word in FLOW_WORDS.items()
        if getattr(month, name)
    ]
    return (
        f"{month.month}: opened with {month.opening}; {', '.join(moves) or 'nothing moved'}; "
        f"closed with {month.closing}, of which {month.contradicted} contradicted; "
        f"{month.unseen} cannot be seen"
    )


def _stock(place: int, month: LedgerMonth, n: int, axis: Axis) -> list[Bar]:
    bars, base = [], 0
    for kind in ("contradicted", "unverified"):
        number = getattr(month, kind)
        if number > 0:
            bars.append(_bar(kind, place, n, base, base + number, axis))
        base += number
    return bars


def _flows(place: int, month: LedgerMonth, n: int, axis: Axis) -> list[Bar]:
    """Inflow stands on the zero line, outflow hangs from it."""
    signed = [(kind, sign * number) for kind, sign, number in _moves(month) if number]
    bars, above, below = [], 0, 0
    for kind, number in signed:
        if number > 0:
            bars.append(_bar(kind, place, n, above, above + number, axis))
            above += number
        else:
            bars.append(_bar(kind, place, n, below + number, below, axis))
            below += number
    return bars


def _moves(month: LedgerMonth) -> list[tuple[str, int, int]]:
    """Per kind of flow its direction and size; a negative restatement points down."""
    moves = []
    for sign, kinds in ((1, INFLOW), (-1, OUTFLOW)):
        for kind, names in kinds.items():
            moves += [(kind, sign, getattr(month, name)) for name in names]
    return moves


def _flow_axis(months: tuple[LedgerMonth, ...]) -> tuple[Axis, tuple[int, ...]]:
    ups = [sum(s * n for _, s, n in _moves(m) if s * n > 0) for m in months]
    downs = [sum(s * n for _, s, n in _moves(m) if s * n < 0) for m in months]
    return counts_axis(min(downs), max(ups), most=2)


def _bar(kind: str, place: int, n: int, low: int, high: int, axis: Axis) -> Bar:
    width = part(1, n)
    return Bar(
        kind,
        round(part(place, n) + width * 0.12, 3),
        axis.y(high),
        round(width * 0.76, 3),
        axis.height(high - low),
    )


def _steps(values: list[int], axis: Axis) -> str:
    parts = []
    for i, value in enumerate(values):
        y = axis.y(value)
        start = f"M0 {y}" if i == 0 else f"V{y}"
        parts.append(f"{start}H{part(i + 1, len(values))}")
    return "".join(parts)


def _lines(axis: Axis, ticks: tuple[int, ...]) -> tuple[Line, ...]:
    return tuple(Line(axis.y(t), figures.count(abs(t)), zero=t == 0) for t in ticks)
