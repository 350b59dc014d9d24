"""Numbers as people read them. One place, so that terminal and HTML cannot differ.

Nothing is computed here: a number is put into the unit people use and rounded for reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.report.words import STATUS_WORDS

if TYPE_CHECKING:
    from trueup.publish.figure import Figure

_SHARES = frozenset({"share", "percent of items", "proportion"})
_BARE = frozenset({"", "0..1", "ratio", "index", "level", "z", "count", "number"})
_HOURS = {"minutes": 1 / 60, "hours": 1.0, "days": 24.0, "weeks": 168.0}


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in words: its value, interval and sample, or the reason why there is none."""

    raw: float | None
    text: str
    interval: str
    n: str
    people: str
    coverage: str
    reason: str

    @property
    def measured(self) -> bool:
        """Whether there is a number."""
        return self.raw is not None


def shown(figure: Figure, *, whole: bool = False) -> Shown:
    """A figure in words; ``whole`` keeps percentages as they are in the sentence."""
    people = "" if figure.n_people is None else count(figure.n_people)
    reason = figure.reason or STATUS_WORDS.get(figure.status, figure.status)
    text, interval = "", ""
    if figure.value is not None:
        text = amount(figure.value, figure.unit, whole=whole)
        interval = _interval(figure, whole=whole)
    return Shown(
        figure.value, text, interval, count(figure.n_events), people, share(figure.coverage), reason
    )


def _interval(figure: Figure, *, whole: bool) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return ""
    return span(figure.low, figure.high, figure.unit, like=figure.value, whole=whole)


def count(number: int) -> str:
    """A count with its thousands apart.

    >>> count(8412)
    '8 412'
    """
    return f"{number:,}".replace(",", " ")


def share(value: float, *, whole: bool = True) -> str:
    """A share as a percentage that never claims all or none when it is not.

    >>> share(0.4103), share(0.061, whole=False), share(0.001), share(0.9999), share(1)
    ('41 %', '6.1 %', 'less than 1 %', 'more than 99 %', '100 %')
    """
    part = value * 100
    small = not whole and abs(part) < 9.95
    if 0 < part < (0.05 if small else 0.5):
        return "less than 0.1 %" if small else "less than 1 %"
    if 99.5 < part < 100:
        return "more than 99 %"
    return f"{_fixed(part, 1 if small and part else 0)} %"


def amount(value: float, unit: str, *, whole: bool = False) -> str:
    """A value in the unit people use.

    >>> amount(0.62, "share"), amount(118, "days"), amount(30, "hours"), amount(0.4213, "0..1")
    ('62 %', '118 days', '30 hours', '0.42')
    """
    if unit in _SHARES:
        return share(value, whole=whole)
    value, unit = _readable(value, unit, value)
    return _with_unit(_plain(value), unit)


def span(low: float, high: float, unit: str, *, like: float, whole: bool = False) -> str:
    """An interval in the unit of its value, which stands beside it and names the unit.

    >>> span(0.039, 0.09, "share", like=0.061), span(2.8, 4.0, "people", like=3.4)
    ('3.9 to 9.0 %', '2.8 to 4.0')
    """
    if unit in _SHARES:
        return _span_of_shares(low, high, digits=1 if not whole and abs(high) < 0.0995 else 0)
    low, _ = _readable(low, unit, like)
    high, _ = _readable(high, unit, like)
    digits = max(_digits(low), _digits(high)) if max(abs(low), abs(high)) < 99.95 else 0
    return f"{_fixed(low, digits)} to {_fixed(high, digits)}"


def _span_of_shares(low: float, high: float, *, digits: int) -> str:
    ends = [_fixed(end * 100, digits) for end in (low, high)]
    if low < 1 and ends[0] == "100":
        ends[0] = "more than 99"
    return f"{ends[0]} to {ends[1]} %" if ends[0] != ends[1] else f"{ends[0]} %"


def days(value: float | None) -> str:
    """An age in days, or a hyphen where there is none."""
    return "-" if value is None else amount(value, "days")


def _readable(value: float, unit: str, like: float) -> tuple[float, str]:
    """The value in minutes, hours or days, whichever suits the size of ``like``."""
    if unit not in _HOURS:
        return value, unit
    hours = abs(like) * _HOURS[unit]
    to = "minutes" if 0 < hours < 1 else "hours" if 0 < hours < 48 else "days"
    to = unit if like == 0 else to
    return value * _HOURS[unit] / _HOURS[to], to


def _with_unit(text: str, unit: str) -> str:
    if unit in _BARE:
        return text
    one = text == "1" and unit in {"days", "hours", "minutes", "weeks"}
    return f"{text} {unit[:-1] if one else unit}"


def _plain(value: float) -> str:
    return f"{value:.1g}" if 0 < abs(value) < 0.00995 else _fixed(value, _digits(value))


def _digits(value: float) -> int:
    """Decimals that a value of this size is read with."""
    size = abs(value)
    if float(value).is_integer() or size >= 99.95:
        return 0
    return 1 if size >= 0.995 else 2


def _fixed(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}".replace(",", " ")
    return text.removeprefix("-") if not text.strip("-0. ") else text
