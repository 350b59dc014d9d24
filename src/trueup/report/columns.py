"""Plain tables and paragraphs for a terminal of a given width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trueup.report.text import cells, pad, shorten, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP: Final = 2
ROOM: Final = 16  # what a flexible column gets at least, if it needs it
NARROWEST: Final = 60
WIDEST: Final = 120

#: A longer paragraph or cell loses its middle: nobody reads it, and it may be an attack.
LONGEST: Final = 640
CELL: Final = 240


@dataclass(frozen=True, slots=True)
class Paint:
    """Bold and dim for a terminal, or nothing at all."""

    colour: bool

    def bold(self, line: str) -> str:
        """The line in bold."""
        return f"\x1b[1m{line}\x1b[0m" if self.colour and line else line

    def dim(self, line: str) -> str:
        """The line in the background."""
        return f"\x1b[2m{line}\x1b[0m" if self.colour and line else line


def clamp(width: int) -> int:
    """A width in which the tables hold and lines can still be read."""
    return min(max(width, NARROWEST), WIDEST)


def paragraph(text: str, width: int, *, indent: int = 2, hanging: int = 0) -> list[str]:
    """Wrapped lines behind an indent; all but the first hang in by so much more."""
    lines = wrap(shorten(text, LONGEST), width - indent - hanging)
    return [" " * (indent + (hanging if i else 0)) + line for i, line in enumerate(lines)]


def in_parts(parts: Sequence[str], width: int, *, indent: int = 2, hanging: int = 0) -> list[str]:
    """Parts with dots between them; a line breaks between parts, not inside a short one."""
    glued = [part.replace(" ", "\u00a0") for part in parts if part]
    return paragraph(" · ".join(glued), width, indent=indent, hanging=hanging)


def labelled(label: str, text: str, width: int, *, column: int = 14) -> list[str]:
    """A label in a column of its own, and its text wrapped beside it."""
    beside = wrap(shorten(text, LONGEST), width - 2 - column)
    return _rows(wrap(label, column - 1), column, beside)


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    flex: int = 0,
    left: frozenset[int] = frozenset({0}),
) -> list[list[str]]:
    """Rows as blocks of lines, the head first; one column takes the room that is left.

    A row with two cells is a label and a text that runs through all other columns. Columns not in
    ``left`` are set flush right.
    """
    rows = [[shorten(cell, CELL) for cell in row] for row in rows]
    sizes = _sizes(head, rows, width, flex)
    return [_block(row, sizes, left, width) for row in [head, *rows]]


def _sizes(head: Sequence[str], rows: Sequence[Sequence[str]], width: int, flex: int) -> list[int]:
    """Natural widths, the widest narrowed until the flexible column has room."""
    full = [head, *(row for row in rows if len(row) == len(head))]
    sizes = [max(cells(row[i]) for row in full) for i in range(len(head))]
    longest = max(cells(row[flex]) for row in [head, *rows] if len(row) > flex)
    floors = [min(_longest_word(row[i] for row in full), ROOM) for i in range(len(head))]
    room = width - 2 - GAP * (len(head) - 1)
    sizes[flex] = floors[flex] = 0
    while sum(sizes) > max(room - min(longest, ROOM), len(sizes)):
        spare = [size - floor for size, floor in zip(sizes, floors, strict=True)]
        widest = spare if max(spare) > 0 else sizes
        sizes[widest.index(max(widest))] -= 1
    sizes[flex] = min(room - sum(sizes), longest)
    return sizes


def _longest_word(texts: Iterable[str]) -> int:
    return max(cells(word) for text in texts for word in text.split(" "))


def _block(row: Sequence[str], sizes: Sequence[int], left: frozenset[int], width: int) -> list[str]:
    if len(row) != len(sizes):
        label, text = row
        start = sizes[0] + GAP
        return _rows(wrap(label, sizes[0]), start, wrap(text, width - 2 - start))
    columns = [wrap(cell, size) or [""] for cell, size in zip(row, sizes, strict=True)]
    lines = []
    for i in range(max(map(len, columns))):
        parts = [
            pad(column[i] if i < len(column) else "", size, right=k not in left)
            for k, (column, size) in enumerate(zip(columns, sizes, strict=True))
        ]
        lines.append("  " + (" " * GAP).join(parts).rstrip())
    return lines


def _rows(labels: list[str], column: int, texts: list[str]) -> list[str]:
    lines = []
    for i in range(max(len(labels), len(texts))):
        label = labels[i] if i < len(labels) else ""
        text = texts[i] if i < len(texts) else ""
        lines.append(("  " + pad(label, column) + text).rstrip())
    return lines
