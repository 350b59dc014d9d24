"""Text that others wrote, made harmless, and text cut or wrapped to columns.

Paths, subjects, refs and names of scopes come from repositories, which anybody may have written.
Everything a face shows passes through `harmless` first.
"""

from __future__ import annotations

import re
import unicodedata

#: More combining marks than this on one letter climb over the neighbouring lines.
MARKS = 4

#: Letters by category, blank by look: they hide where a name ends.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_NUMBER_GAP = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|%)")


def harmless(text: str) -> str:
    r"""The same text with everything invisible or commanding written out.

    Control characters, terminal escapes, bidirectional overrides, zero-width and unassigned
    characters, lone surrogates and line separators become visible escapes.

    >>> harmless("a\x1b[31mb\u202ec\n")
    'a\\x1b[31mb\\u202ec\\n'
    """
    if text.isascii() and text.isprintable():
        return text
    shown = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        shown.append(_written(letter) if marks > MARKS or _commands(letter) else letter)
    return "".join(shown)


def _commands(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] == "C" or category in {"Zl", "Zp"} or letter in BLANKS


def _written(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


def encodable(text: str) -> str:
    r"""The same text with lone surrogates (bytes that are no text) written out.

    >>> encodable("caf\udce9")
    'caf\\udce9'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def cells(text: str) -> int:
    """How many columns of a terminal a harmless text takes.

    >>> cells("naïve"), cells("支払い")
    (5, 6)
    """
    if text.isascii():
        return len(text)
    return sum(_cell(letter) for letter in text)


def _cell(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def shorten(text: str, limit: int) -> str:
    """A harmless text of at most so many columns; the middle goes, since paths tell at the end.

    >>> shorten("services/payments/ledger/posting.py", 20)
    'servic…er/posting.py'
    """
    text = harmless(text)
    if cells(text) <= limit:
        return text
    head = max((limit - 1) // 3, 0)
    start = _cut(text, head)
    end = _cut(text[::-1], limit - 1 - cells(start))[::-1]
    return f"{start}…{end}"


def _cut(text: str, columns: int) -> str:
    used = 0
    for position, letter in enumerate(text):
        used += _cell(letter)
        if used > columns:
            return text[:position]
    return text


def wrap(text: str, width: int) -> list[str]:
    """Harmless lines of at most so many columns; numbers stay with their group and sign.

    >>> wrap("Of 8 412 items, 41 % have evidence", 12)
    ['Of 8 412', 'items, 41 %', 'have', 'evidence']
    """
    lines: list[str] = []
    line = ""
    for word in _words(text):
        for piece in _pieces(word, width):
            joined = f"{line} {piece}" if line else piece
            if line and cells(joined) > width:
                lines.append(line)
                line = piece
            else:
                line = joined
    return [one.replace("\u00a0", " ") for one in [*lines, line] if one]


def _words(text: str) -> list[str]:
    return _NUMBER_GAP.sub("\u00a0", harmless(text)).split(" ")


def _pieces(word: str, width: int) -> list[str]:
    pieces = []
    while cells(word) > width:
        piece = _cut(word, width) or word[:1]
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word] if word else pieces


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text filled with spaces to so many columns."""
    space = " " * max(width - cells(text), 0)
    return space + text if right else text + space


def tight(text: str) -> str:
    """The same text with spaces inside numbers and before % that do not break."""
    return _NUMBER_GAP.sub("\u00a0", text)
