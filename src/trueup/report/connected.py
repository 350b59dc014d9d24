"""Sources in a terminal: what is read, what is missing, and what it would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.report import figures
from trueup.report.columns import Paint, clamp, labelled, paragraph, table
from trueup.report.text import harmless, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.publish.connected import Connected


def render_sources(
    found: Sequence[Connected], *, whole: bool = False, width: int = 80, colour: bool = False
) -> str:
    """Sources with their records: those that are read, or ``whole`` all; the others in a line each."""
    width = clamp(width)
    paint = Paint(colour)
    shown = [source for source in found if whole or source.read]
    blocks = [_block(source, width, paint) for source in shown]
    others = [source for source in found if source not in shown]
    if others:
        blocks.append(_others(others, width, paint))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _others(found: Sequence[Connected], width: int, paint: Paint) -> list[str]:
    """What is not connected, with what it takes."""
    cells = [(source.name, source.title, source.needs) for source in found]
    rows = table(
        ("not connected", "what it is", "what it takes"),
        cells,
        width,
        flex=1,
        left=frozenset({0, 1, 2}),
    )
    lines = [paint.bold(line) for line in rows[0]] + [line for row in rows[1:] for line in row]
    told = "What one of them would show, and the access it asks for: trueup sources NAME. What a repository shows of them: trueup init."
    return [*lines, "", *paragraph(told, width)]


def _block(source: Connected, width: int, paint: Paint) -> list[str]:
    state = "read" if source.read else "not connected"
    lines = [
        paint.bold(f"{source.name} · {state}"),
        paint.dim(f"  {shorten(source.title, width - 2)}"),
    ]
    if source.read:
        lines += labelled("read", ", ".join(harmless(place) for place in source.read), width)
    lines += labelled("access", source.access, width)
    lines += labelled("how", source.how, width)
    if source.kinds:
        cells = [
            (
                kind.name.replace("_", " "),
                figures.count(kind.records) if kind.records else "-",
                kind.newest or "",
                kind.shows + (" (from files only)" if kind.files_only else ""),
                kind.access,
            )
            for kind in source.kinds
        ]
        head = ("records", "known", "until", "what they show", "least access")
        rows = table(head, cells, width, flex=3, left=frozenset({0, 2, 3, 4}))
        lines += ["", *(paint.bold(line) for line in rows[0])]
        lines += [line for row in rows[1:] for line in row]
    if source.unknown_fields or source.unknown_values:
        told = f"{source.unknown_fields} fields and {source.unknown_values} values nobody knows yet"
        lines += ["", *paragraph(f"{told}: they are left out, and named by trueup collect.", width)]
    for problem in source.problems[:5]:
        lines += paragraph(f"could not be read: {harmless(problem)}", width)
    for note in source.notes[:5]:
        lines += paragraph(f"note: {harmless(note)}", width)
    return lines
