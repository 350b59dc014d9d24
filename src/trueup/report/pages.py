"""A page of explanation in a terminal: a title and paragraphs under headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.report.text import harmless, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping


def render_page(page: tuple[str, Mapping[str, str]], *, width: int = 80) -> str:
    """The page as text, wrapped.

    >>> print(render_page(("coverage", {"What it says": "How much was seen."})))
    coverage
    <BLANKLINE>
    What it says
      How much was seen.
    <BLANKLINE>
    """
    title, sections = page
    lines = [harmless(title), ""]
    for heading, text in sections.items():
        lines += [heading, *(f"  {line}" for line in wrap(harmless(text), width - 2)), ""]
    return "\n".join(lines)
