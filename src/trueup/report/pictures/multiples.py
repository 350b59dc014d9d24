"""Small pictures of signals: a series with its intervals, and the own past in grey."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trueup.report import figures
from trueup.report.pictures.scale import Axis, part

if TYPE_CHECKING:
    from trueup.publish.document import Comparison
    from trueup.publish.figure import Figure

_MARGIN = 0.08


@dataclass(frozen=True, slots=True)
class Point:
    """A measured window."""

    x: float
    y: float
    low: float
    high: float
    last: bool
    joined: bool  # to a neighbour, so that a band shows its interval
    title: str


@dataclass(frozen=True, slots=True)
class Multiple:
    """One small picture, in percent of its panel."""

    points: tuple[Point, ...]
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    past_y: float | None
    past_height: float
    past_value: float | None
    top: str
    bottom: str


def multiple(comparison: Comparison) -> Multiple | None:
    """The picture, or none when nothing was measured now."""
    windows = comparison.series or (comparison.now,)
    if comparison.now.value is None:
        return None
    axis = _axis((*windows, comparison.now, comparison.past))
    runs = _runs(windows, axis)
    past = comparison.past
    known = past.low is not None and past.high is not None and past.value is not None
    top = axis.y(past.high) if known and past.high is not None else None
    bottom = axis.y(past.low) if known and past.low is not None else 0.0
    return Multiple(
        points=tuple(point for run in runs for point in run),
        lines=tuple(_line(run) for run in runs if len(run) > 1),
        bands=tuple(_band(run) for run in runs if len(run) > 1),
        past_y=top,
        past_height=round(bottom - top, 3) if top is not None else 0.0,
        past_value=axis.y(past.value) if past.value is not None else None,
        top=figures.amount(axis.high, comparison.now.unit),
        bottom=figures.amount(axis.low, comparison.now.unit),
    )


def _axis(windows: tuple[Figure, ...]) -> Axis:
    ends = [x for w in windows for x in (w.low, w.value, w.high) if x is not None]
    low, high = min(ends), max(ends)
    room = (high - low or abs(high) or 1.0) * _MARGIN
    return Axis(max(low - room, 0.0) if low >= 0 else low - room, high + room)


def _runs(windows: tuple[Figure, ...], axis: Axis) -> list[list[Point]]:
    """Measured windows in a row; one without a number leaves a gap."""
    runs: list[list[Point]] = [[]]
    for place, window in enumerate(windows):
        if window.value is None:
            runs.append([])
            continue
        runs[-1].append(_point(window, place, len(windows), axis))
    return [[replace(point, joined=len(run) > 1) for point in run] for run in runs if run]


def _point(window: Figure, place: int, n: int, axis: Axis) -> Point:
    value = window.value if window.value is not None else 0.0
    low = window.low if window.low is not None else value
    high = window.high if window.high is not None else value
    told = figures.shown(window)
    when = "now" if place == n - 1 else f"{n - 1 - place} windows before"
    title = f"{when}: {told.text}, interval {told.interval}, n = {told.n}"
    x = part(place + 0.5, n)
    return Point(
        x, axis.y(value), axis.y(low), axis.y(high), last=place == n - 1, joined=False, title=title
    )


def _line(run: list[Point]) -> str:
    return " ".join(f"{p.x},{p.y}" for p in run)


def _band(run: list[Point]) -> str:
    there = [f"{p.x},{p.high}" for p in run]
    back = [f"{p.x},{p.low}" for p in reversed(run)]
    return " ".join([*there, *back])
