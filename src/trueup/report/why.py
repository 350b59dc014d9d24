"""Why a figure is what it is: definition, people, events, interval, coverage, examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.publish.document import Audience, ClaimRow, Definition, Published
from trueup.report import figures, words

if TYPE_CHECKING:
    from trueup.publish.figure import Figure

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Why:
    """What opens behind a figure."""

    label: str  # of what, for those who hear the page
    definition: str
    limits: str
    source: str
    basis: tuple[tuple[str, str], ...]  # what the figure rests on: a word and its value
    examples: tuple[ClaimRow, ...] = ()


def why(
    published: Published,
    label: str,
    *names: str,
    figure: Figure | None = None,
    whole: bool = False,
    basis: tuple[tuple[str, str], ...] = (),
    verdicts: tuple[str, ...] = (),
) -> Why:
    """The why of a figure; ``names`` are tried in the method of the document, first come."""
    defined = definition(published, *names)
    rests = (*(_basis(figure, whole=whole) if figure else ()), *basis)
    return Why(
        label,
        defined.text,
        defined.limits,
        defined.source,
        rests,
        examples(published, verdicts) if verdicts else (),
    )


def definition(published: Published, *names: str) -> Definition:
    """The first definition that the document has under one of the names, or our own words."""
    known = {one.name: one for one in published.method.definitions}
    for name in names:
        if name in known:
            return known[name]
    return next((d for d in map(words.fallback, names) if d.text), words.fallback(""))


def examples(published: Published, verdicts: tuple[str, ...]) -> tuple[ClaimRow, ...]:
    """Up to three claims with these verdicts, for the team's own audience only."""
    if published.audience is not Audience.TEAM:
        return ()
    return tuple(row for row in published.examples if row.verdict in verdicts)[:EXAMPLES]


def _basis(figure: Figure, *, whole: bool) -> tuple[tuple[str, str], ...]:
    told = figures.shown(figure, whole=whole)
    rows = [
        ("Value", told.text if told.measured else told.reason),
        ("90 % interval", told.interval or "none"),
        ("Events", told.n),
        ("People", told.people or "not shown"),
        ("Coverage", f"{told.coverage} of the facts it needs could be read"),
        ("Version", f"{figure.name}, version {figure.version}"),
    ]
    return tuple(rows if told.measured else [rows[0], *rows[2:]])
