"""What a cell of a table says: text, number, percent, day, or who is meant.

Tables of people's own hold whatever a spreadsheet was made to show. What can be read in two ways is
refused: a number that looks right and is wrong is worse than none.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import OddRecordError
from trueup.kernel.clock import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trueup.facts.rows import Rows

#: No name, key or word of a table is longer.
LONGEST_CELL = 2000
_QUOTED = re.compile(r'="([^"]*)"')
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d+,\d{3}")
#: A word for a state: three words at most, or one sign. What is longer, or holds more digits than `SEV1`, is a text.
_PART = r"(?:[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)?\d?|\d)"
_WORD = re.compile(rf"{_PART}(?:[ _/-]{{1,3}}{_PART}){{0,2}}|[^\w\s@]{{1,2}}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>\s]+@[^<>\s]+)>")
#: What tables write where there is nothing.
_NOTHING = frozenset(
    ["", "-", "--", "n/a", "#n/a", "null", "none", "nan", "\N{EN DASH}", "\N{EM DASH}"]
)

#: What tables write where nobody is meant.
_NOBODY = frozenset(["unassigned", "nobody", "tbd"])
#: Seconds since 1970 of a moment in 1973; smaller numbers count something else.
_RECENT = 100_000_000


def text(raw: Mapping[str, Any], field: str) -> str | None:
    """The text of a cell; nothing where it is empty, or is not there.

    Raises:
        OddRecordError: it holds a formula, or more than one value.

    >>> text({"id": ' ="0012" '}, "id"), text({"id": "n/a"}, "id"), text({}, "id")
    ('0012', None, None)
    """
    told = raw.get(field)
    if told is None or told == []:
        return None
    if isinstance(told, dict | list):
        raise OddRecordError(f"{field} holds several values: its column stands twice")
    found = str(told).strip()
    if quoted := _QUOTED.fullmatch(found):
        found = quoted[1]
    if found.startswith("="):
        raise OddRecordError(f"{field} holds a formula, not a value")
    if len(found) > LONGEST_CELL:
        raise OddRecordError(f"{field} is too long")
    return None if found.lower() in _NOTHING else found


def needed(raw: Mapping[str, Any], field: str) -> str:
    """The text of a cell that must not be empty.

    Raises:
        OddRecordError: it is.
    """
    found = text(raw, field)
    if found is None:
        raise OddRecordError(f"{field} is empty")
    return found


def word(raw: Mapping[str, Any], field: str) -> str | None:
    """The word in a cell that should hold one: people write there whom they wait for, and why.

    >>> word({"s": "Won't fix"}, "s"), word({"s": "asked Ada Quill (ada@example.org)"}, "s"), word({}, "s")
    ("Won't fix", '(a text)', None)
    """
    found = text(raw, field)
    return found if found is None or _WORD.fullmatch(found) else "(a text)"


def number(raw: Mapping[str, Any], field: str) -> float | None:
    """The number in a cell.

    Raises:
        OddRecordError: it is none, or could be two (`1,234`).

    >>> number({"n": "99.95"}, "n"), number({"n": "99,95"}, "n")
    (99.95, 99.95)
    """
    found = text(raw, field)
    if found is None:
        return None
    if not isinstance(raw[field], str):
        return _finite(float(raw[field]), field)
    if _THOUSANDS.fullmatch(found):
        raise OddRecordError(f"{field} could be two numbers: write it without a comma")
    if not _NUMBER.fullmatch(found):
        raise OddRecordError(f"{field} is no number")
    return _finite(float(found.replace(",", ".")), field)


def _finite(found: float, field: str) -> float:
    if not math.isfinite(found):
        raise OddRecordError(f"{field} is no number")
    return found


def whole(raw: Mapping[str, Any], field: str) -> int | None:
    """The whole number in a cell.

    Raises:
        OddRecordError: it is none.
    """
    found = number(raw, field)
    if found is not None and found != int(found):
        raise OddRecordError(f"{field} is no whole number")
    return None if found is None else int(found)


def percent(raw: Mapping[str, Any], field: str) -> float | None:
    """The percent in a cell, from 0 to 100.

    Raises:
        OddRecordError: it is none, or could be two: `0.8` is 80 % to some and 0.8 % to others, `1` is all or hardly anything.

    >>> percent({"p": "82,5 %"}, "p"), percent({"p": "100"}, "p"), percent({"p": "0.5%"}, "p")
    (82.5, 100.0, 0.5)
    """
    found = text(raw, field)
    if found is None:
        return None
    signed = found.endswith("%")
    bare: Any = found.removesuffix("%").strip()
    if not isinstance(raw[field], str):
        bare = raw[field]
    elif bare.count(",") == 1:
        bare = bare.replace(",", ".")  # thousands are no percents
    told = number({field: bare}, field)
    if told is None or not 0 <= told <= 100:
        raise OddRecordError(f"{field} is no percent from 0 to 100")
    if not signed and 0 < told <= 1:
        raise OddRecordError(f"{field} could be a share or a percent: write 80%")
    return told


def moment(raw: Mapping[str, Any], field: str) -> datetime | None:
    """The moment in a cell, as ISO 8601 writes it, or as seconds or milliseconds in JSON.

    Raises:
        OddRecordError: it is written otherwise.
    """
    found = text(raw, field)
    if found is None:
        return None
    told = raw[field]
    counted = isinstance(told, int | float) and told >= _RECENT
    try:
        return moment_of(told if counted else found)
    except ValueError as error:
        what = f"{field} is no day or moment as in 2026-01-31 or 2026-01-31T09:30:00Z"
        raise OddRecordError(f"{what}: a [[mapping]] says how it is written") from error


def day(raw: Mapping[str, Any], field: str) -> str:
    """The day in a cell as it stands there, in whichever zone; nothing where it is empty.

    >>> day({"d": "2026-03-02T00:00:00+01:00"}, "d"), day({"d": 1772409600}, "d"), day({}, "d")
    ('2026-03-02', '2026-03-02', '')
    """
    found, told = moment(raw, field), _DAY.match(text(raw, field) or "")
    return told[0] if told else f"{found:%Y-%m-%d}" if found else ""


def person(raw: Mapping[str, Any], field: str, repo: str, to: Rows) -> str | None:
    """The pseudonym of who is meant: `ada@example.org`, `Ada Quill` or `Ada Quill <ada@example.org>`."""
    found = text(raw, field)
    if found is None or found.lower() in _NOBODY:
        return None
    if named := _NAMED.fullmatch(found):
        return to.person(repo, named["name"].strip(), named["address"])
    return to.person(repo, "", found) if "@" in found else to.person(repo, found, "")
