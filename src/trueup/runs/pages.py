"""What `explain` can say about signals, gaps and errors: the same words as the generated pages."""

from __future__ import annotations

import difflib
from typing import Any

from trueup.kernel.errors import TrueupError, UnknownIdError
from trueup.publish.gaps import GAPS
from trueup.publish.signals import docstring_sections
from trueup.signals import SIGNALS

Page = tuple[str, dict[str, str]]


def explainable() -> dict[str, list[str]]:
    """Names that can be explained, by group."""
    return {
        "signals": SIGNALS.names(),
        "gaps": sorted(GAPS),
        "errors": sorted(slugs()),
        "claims": ["C-... (see trueup claims)"],
    }


def slugs() -> dict[str, type[TrueupError]]:
    """Every error by its slug."""
    found: dict[str, type[TrueupError]] = {}
    waiting: list[type[TrueupError]] = [TrueupError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.slug, kind)
        waiting += kind.__subclasses__()
    return found


def page(name: str) -> Page:
    """A title, and paragraphs by heading.

    Raises:
        UnknownIdError: nothing is called so.
    """
    if name in SIGNALS.names():
        signal: Any = SIGNALS[name]
        sections = docstring_sections(signal)
        return signal.title, {k: v for k, v in sections.items() if k != "Example"}
    if name in GAPS:
        gap = GAPS[name]
        return name, {
            "What it says": gap.what.format(count="n", total="m"),
            "What it costs": gap.cost,
            "What to do": gap.remedy,
        }
    if name in slugs():
        return name, {"What it says": (slugs()[name].__doc__ or "").strip()}
    known = [*SIGNALS.names(), *GAPS, *slugs()]
    raise UnknownIdError.named(name, difflib.get_close_matches(name, known, n=3))
