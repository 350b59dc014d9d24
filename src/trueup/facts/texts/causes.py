"""What a text names as the cause of a fault: only in so many words, never because it stands nearby."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.facts.texts.message import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAUSED = re.compile(
    r"^(?![ \t]*>).{0,200}?\b(?:caused|introduced|broken)[ \t]+(?:by|in|with)[ \t]+"
    r"(?:the[ \t]+)?(?:(?:commit|change|pull[ \t]request|merge[ \t]request|pr|mr)[ \t]+)?"
    r"(?:(?P<slug>[\w.-]{1,60}/[\w.-]{1,80})?(?P<sign>[#!])(?P<number>\d{1,7})|(?P<sha>[0-9a-f]{7,40})\b)",
    re.IGNORECASE | re.MULTILINE,
)
_NOT = re.compile(
    r"\b(?:not|n't|never|isn.t|wasn.t|may|might|maybe|could|possibly|perhaps|if)\b[^.]*$",
    re.IGNORECASE,
)


def causes(text: str, slug: str = "") -> Iterator[Link]:
    """Requests and commits that a text names as the cause; what it doubts or denies is none.

    >>> [x[:3] for x in causes("Caused by #7, and not caused by #8")]
    [('caused_by', 'request', '7')]
    >>> [x[2] for x in causes("Broken by commit 1f2e3d4c5b")]
    ['1f2e3d4c5b']
    """
    for match in _CAUSED.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.end()]
        if _NOT.search(before) or (match["slug"] or slug).lower() != slug.lower():
            continue
        if sha := match["sha"]:
            if any(c.isdigit() for c in sha):
                yield Link("caused_by", "commit", sha.lower(), "named_cause", 0.9)
        else:
            yield Link("caused_by", "request", match["number"], "named_cause", 0.9)
