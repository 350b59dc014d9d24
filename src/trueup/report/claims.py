"""Single claims in a terminal, for the team's own audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.report import words
from trueup.report.columns import Paint, clamp, labelled, paragraph, table
from trueup.report.text import harmless, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.publish.claims import ClaimDetail, EvidenceLine
    from trueup.publish.document import ClaimRow


def render_claims(
    rows: Sequence[ClaimRow], *, total: int | None = None, width: int = 80, colour: bool = False
) -> str:
    """Claims as a table, each with its reason below; ``total`` when more were found than shown."""
    width = clamp(width)
    paint = Paint(colour)
    if not rows:
        return "\n".join(paragraph("No claim fits what was asked.", width, indent=0)) + "\n"
    head = ("claim", "reported", "verdict", "area", "what")
    cells = [_cells(row) for row in rows]
    blocks = table(head, cells, width, flex=4, left=frozenset(range(5)))
    lines = [paint.bold(line) for line in blocks[0]]
    for row, block in zip(rows, blocks[1:], strict=True):
        lines += block
        lines += [paint.dim(line) for line in paragraph(row.reason, width, indent=4)]
    if total is not None and total > len(rows):
        lines += ["", *paragraph(f"{len(rows)} of {total} shown", width)]
    return "\n".join(lines) + "\n"


def _cells(row: ClaimRow) -> tuple[str, ...]:
    verdict = words.VERDICT_TERM.get(row.verdict, row.verdict)
    date = harmless(row.claimed_at)[:10]
    return (shorten(row.id, 14), date, shorten(verdict, 16), shorten(row.area, 16), _what(row, 80))


def _what(row: ClaimRow, limit: int) -> str:
    """The ticket and the subject, or the first commit when there is neither."""
    named = " ".join(part for part in (row.ticket, row.subject) if part)
    first = row.commits[0][:12] if row.commits else row.kind
    return shorten(named or first, limit)


def render_claim(explained: ClaimDetail, *, width: int = 80, colour: bool = False) -> str:
    """One claim: what was reported, what it needs, what was found, what is missing."""
    width = clamp(width)
    paint = Paint(colour)
    claim = explained.row
    verdict = words.VERDICT_TERM.get(claim.verdict, claim.verdict)
    lines = [paint.bold(line) for line in paragraph(f"{shorten(claim.id, 40)} · {verdict}", width)]
    lines += paragraph(claim.reason, width)
    lines.append("")
    for label, text in _facts(claim, explained.rule, explained.foretold):
        lines += labelled(label, text, width)
    lines += _chain(explained, width, paint)
    lines += _evidence(explained, width, paint)
    lines += _list("Written off, which makes nothing verified", explained.written_off, width, paint)
    lines += _list("Where to look", explained.pages, width, paint)
    lines += _list("What would make it verified", explained.missing, width, paint)
    return "\n".join(lines) + "\n"


def _facts(claim: ClaimRow, rule: str, foretold: str) -> list[tuple[str, str]]:
    facts = [
        ("reported", f"{harmless(claim.claimed_at)[:10]} as {claim.kind} in {claim.repository}"),
        ("what", _what(claim, 300)),
        ("area", shorten(claim.area, 120)),
        ("commits", ", ".join(commit[:12] for commit in claim.commits[:6])),
        ("needs", rule),
        ("risk", foretold),
    ]
    return [(label, text) for label, text in facts if text]


def _chain(explained: ClaimDetail, width: int, paint: Paint) -> list[str]:
    """From the issue to what runs."""
    if not explained.chain:
        return []
    rows = [
        (one.kind, shorten(one.name, 40), harmless(one.happened_at)[:10], shorten(one.said, 80))
        for one in explained.chain
    ]
    head = ("step", "name", "when", "what its source says")
    blocks = table(head, rows, width, flex=3, left=frozenset(range(4)))
    lines = ["", paint.bold("  Where it can be followed to")]
    lines += [line for block in blocks for line in block]
    dark = ", ".join(explained.unseen)
    return lines + (paragraph(f"Nothing is known of: {dark}.", width) if dark else [])


def _evidence(explained: ClaimDetail, width: int, paint: Paint) -> list[str]:
    lines = ["", paint.bold("  Evidence")]
    if not explained.evidence:
        return lines + paragraph("none was found", width)
    rows = [
        (
            shorten(one.rung, 16),
            "against" if one.against else "for",
            harmless(one.happened_at)[:10],
            _found(one),
        )
        for one in explained.evidence
    ]
    head = ("kind", "speaks", "when", "what was found")
    blocks = table(head, rows, width, flex=3, left=frozenset(range(4)))
    return lines + [line for block in blocks for line in block]


def _found(one: EvidenceLine) -> str:
    by = one.by[:12] if len(one.by) >= 40 else shorten(one.by, 30)
    return f"{one.text} ({by})" if by else one.text


def _list(title: str, items: Sequence[str], width: int, paint: Paint) -> list[str]:
    if not items:
        return []
    lines = ["", paint.bold(f"  {title}")]
    return lines + [line for item in items for line in paragraph(item, width, hanging=2)]
