"""What a message says of earlier work that it does again: `Reland of commit 3b02006, reverted in 6186cbc`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = re.compile(
    r"\bre-?(?:land|appl(?:y|i)|instat|submi|introduc|enabl|do(?:es|ing|ne)?\b)"
    r"|\b(?:add|bring|put)(?:s|ing)? (?:\w+ )?back\b|\brevert(?:s|ing)? (?:of )?(?:a|the) revert"
    r"|\b(?:second|third|another|new) (?:attempt|try)\b|\btake (?:2|two|3|three)\b"
    r"|\b(?:originally|previously|first) (?:landed|committed|submitted|merged)\b"
    r"|\b(?:reverted|rolled back) (?:in|by)\b|\b(?:contain|includ|restor)(?:s|es) [^.]{1,200}\bthat (?:was|were) reverted\b|\bre-?sen[dt]\b|\bsame problem as\b",
    re.IGNORECASE,
)
_SHA = re.compile(r"\b(?=[0-9a-f]{0,39}[a-f])(?=[0-9a-f]{0,39}\d)[0-9a-f]{7,40}\b")
_NUMBER = re.compile(
    r"(?:\b(?:CL|CB|PR)[ :#]{1,2}|/\+/|/(?:pull|pull-requests|merge_requests)/|(?<![\w/])[#!]"
    r"|(?<![\w/.-])[\w.-]{1,40}/[\w.-]{1,100}[#!])(\d{1,7})\b"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


def done_again(message: str) -> Iterator[tuple[str, str]]:
    r"""Commits (`commit`, id) and requests (`pull`, number) beside words that say work is done again.

    >>> list(done_again("Cut locks\n\n(Second attempt at CL 411910,\nrolled back in a5e8bb0.)\n\nSee CL 7."))
    [('commit', 'a5e8bb0'), ('pull', '411910')]
    """
    if not _WORDS.search(message):
        return
    for paragraph in _PARAGRAPH.split(message):
        if _WORDS.search(paragraph):
            yield from (("commit", found[0]) for found in _SHA.finditer(paragraph))
            yield from (("pull", found[1]) for found in _NUMBER.finditer(paragraph))
