"""An audit in a terminal: the share, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.report import figures
from trueup.report.columns import Paint, clamp, paragraph, table

if TYPE_CHECKING:
    from trueup.publish.figure import Audit


def render_audit(found: Audit, *, width: int = 80, colour: bool = False) -> str:
    """What people found, as text."""
    width, paint = clamp(width), Paint(colour)
    cells = [
        (
            row.verdict.replace("_", " "),
            figures.count(row.size),
            figures.count(row.looked_at),
            figures.count(row.not_done),
            figures.count(row.undecided),
        )
        for row in found.by_verdict
    ]
    head = ("called", "items", "judged", "not done", "undecided")
    rows = table(head, cells, width, flex=0, left=frozenset({0}))
    lines = [paint.bold(line) for line in paragraph(found.text, width)]
    lines += ["", *(paint.bold(line) for line in rows[0])]
    lines += [line for row in rows[1:] for line in row]
    told = (
        "The interval is of 90 %. Items that two people judge differently, that nobody can tell, or that were "
        "passed over count as undecided, and widen it."
    )
    return "\n".join([*lines, "", *paragraph(told, width)]) + "\n"
