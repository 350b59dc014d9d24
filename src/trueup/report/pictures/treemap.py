"""Hotspots as a treemap: area for lines, shade for changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trueup.report import figures
from trueup.report.text import cells, shorten

if TYPE_CHECKING:
    from trueup.publish.document import Hotspot

SHADES: Final = 5
MOST: Final = 24

_NAME: Final = 28
_NOTE: Final = 10  # letters of "96 changes"
_LEAST_LETTERS: Final = 8
_LEAST_HEIGHT: Final = 12.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the layout."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Screen:
    """The proportions a layout is made for, and a letter of a label in percent of its width."""

    height: float
    letter: float


#: 640 and 328 pixels wide are the narrowest pictures either is used for.
WIDE: Final = Screen(height=46.0, letter=1.15)
NARROW: Final = Screen(height=116.0, letter=2.2)


@dataclass(frozen=True, slots=True)
class Cell:
    """A file: its rectangle in percent, its shade, and its labels where there is room."""

    x: float
    y: float
    width: float
    height: float
    shade: int
    name: str
    note: str
    title: str


def treemap(hotspots: tuple[Hotspot, ...], screen: Screen = WIDE) -> tuple[Cell, ...]:
    """Cells for the first files of the document, the largest first."""
    drawn = [spot for spot in hotspots if spot.lines > 0][:MOST]
    drawn.sort(key=lambda spot: (-spot.lines, spot.path))
    boxes = squarify([float(spot.lines) for spot in drawn], Box(0.0, 0.0, 100.0, screen.height))
    most = max((spot.changes for spot in drawn), default=0)
    return tuple(_cell(spot, box, most, screen) for spot, box in zip(drawn, boxes, strict=True))


def _cell(spot: Hotspot, box: Box, most: int, screen: Screen) -> Cell:
    height = 100 * box.height / screen.height
    changes = figures.count(spot.changes)
    fits = int(box.width / screen.letter - 2) if height >= _LEAST_HEIGHT else 0
    name = _fitting(shorten(spot.path.rsplit("/", 1)[-1], _NAME), fits)
    note = f"{changes} changes" if fits >= _NOTE else changes
    return Cell(
        x=round(box.x, 3),
        y=round(100 * box.y / screen.height, 3),
        width=round(box.width, 3),
        height=round(height, 3),
        shade=shade(spot.changes, most),
        name=name,
        note=note if name else "",
        title=f"{shorten(spot.path, 160)}: {figures.count(spot.lines)} lines, {changes} changes, "
        f"{figures.count(spot.fixes)} of them fixes",
    )


def _fitting(name: str, letters: int) -> str:
    """The name, its beginning, or nothing when too little of it would fit."""
    if cells(name) <= letters:
        return name
    return f"{name[: letters - 1]}…" if letters >= _LEAST_LETTERS else ""


def shade(changes: int, most: int) -> int:
    """1 for the least changed to 5 for the most, in even steps.

    >>> shade(96, 96), shade(10, 96), shade(0, 0)
    (5, 1, 1)
    """
    return min(changes * SHADES // most + 1, SHADES) if most else 1


def squarify(sizes: list[float], box: Box) -> list[Box]:
    """Rectangles of these areas, as square as they get, filling the box in the order given.

    Bruls, Huizing and van Wijk: Squarified Treemaps, 2000. Sizes come largest first.

    >>> [round(b.width * b.height) for b in squarify([6, 3, 3], Box(0, 0, 6, 4))]
    [12, 6, 6]
    """
    whole = sum(sizes)
    if not whole:
        return []
    areas = [size * box.width * box.height / whole for size in sizes]
    boxes: list[Box] = []
    row: list[float] = []
    for area in areas:
        side = min(box.width, box.height)
        if row and _worst([*row, area], side) > _worst(row, side):
            laid, box = _lay(row, box)
            boxes += laid
            row = []
        row.append(area)
    return boxes + _lay(row, box)[0]


def _worst(row: list[float], side: float) -> float:
    """The proportions of the least square rectangle when a row lies along a side."""
    total = sum(row)
    thick = total / side if side else 0.0
    ratios = [max(thick * thick / area, area / (thick * thick)) for area in row if thick and area]
    return max(ratios, default=float("inf"))


def _lay(row: list[float], box: Box) -> tuple[list[Box], Box]:
    """A row along the shorter side, and the box that is left."""
    total = sum(row)
    across = box.width < box.height
    side = box.width if across else box.height
    thick = total / side if side else 0.0
    boxes, at = [], 0.0
    for area in row:
        length = area / thick if thick else 0.0
        boxes.append(
            Box(box.x + at, box.y, length, thick)
            if across
            else Box(box.x, box.y + at, thick, length)
        )
        at += length
    if across:
        return boxes, Box(box.x, box.y + thick, box.width, max(box.height - thick, 0.0))
    return boxes, Box(box.x + thick, box.y, max(box.width - thick, 0.0), box.height)
