"""Couplings as arcs between names in a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trueup.report import figures
from trueup.report.text import shorten

if TYPE_CHECKING:
    from trueup.publish.document import Coupling

MOST: Final = 16
ROW: Final = 30  # pixels between two names


@dataclass(frozen=True, slots=True)
class Name:
    """A part in the column of names."""

    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Arc:
    """A coupling: its path, its weight from 1 to 4, and everything about it on hover."""

    path: str
    weight: int
    title: str


@dataclass(frozen=True, slots=True)
class Arcs:
    """The picture: as high as it has names."""

    height: int
    names: tuple[Name, ...]
    arcs: tuple[Arc, ...]


def arcs(couplings: tuple[Coupling, ...]) -> Arcs | None:
    """The picture, or none without couplings."""
    drawn = couplings[:MOST]
    if not drawn:
        return None
    places: dict[str, int] = {}
    for one in drawn:
        for name in (one.left, one.right):
            places.setdefault(name, len(places))
    most = max(one.together for one in drawn)
    furthest = max(abs(places[one.left] - places[one.right]) for one in drawn)
    return Arcs(
        height=ROW * len(places),
        names=tuple(Name(ROW * i + ROW // 2, shorten(name, 48)) for name, i in places.items()),
        arcs=tuple(_arc(one, places, most, furthest) for one in drawn),
    )


def _arc(one: Coupling, places: dict[str, int], most: int, furthest: int) -> Arc:
    """A curve from name to name that bows out further the further apart they are."""
    start, end = sorted((places[one.left], places[one.right]))
    top, bottom = ROW * start + ROW // 2, ROW * end + ROW // 2
    # A cubic reaches three quarters of the way to its handles: 128 puts the widest at 96 %.
    bow = round(128 * (end - start) / furthest, 2) if furthest else 0.0
    fan = round(0.18 * (bottom - top), 2)
    weight = max(-(-4 * one.together // most), 1) if most > 0 else 1
    return Arc(f"M0 {top}C{bow} {top + fan} {bow} {bottom - fan} 0 {bottom}", weight, _told(one))


def _told(one: Coupling) -> str:
    left, right = shorten(one.left, 100), shorten(one.right, 100)
    times, least = figures.amount(one.lift, "ratio"), figures.amount(one.lift_low, "ratio")
    return (
        f"{left} and {right} changed together {figures.count(one.together)} times "
        f"(of {figures.count(one.left_changes)} and {figures.count(one.right_changes)}): "
        f"{times} times as often as chance, at least {least}"
    )
