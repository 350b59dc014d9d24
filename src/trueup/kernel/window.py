"""Half-open spans of time: a moment belongs to exactly one of two adjacent windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trueup.kernel.errors import UsageError

WEEK = timedelta(days=7)
#: Weeks of the span most figures are about: a quarter of a year.
QUARTER = 13


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """All moments ``start <= t < end``; both are turned into UTC, where a day has 24 hours.

    >>> w = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 19, tzinfo=UTC))
    >>> w.weeks
    2.0
    >>> datetime(2026, 1, 19, tzinfo=UTC) in w
    False
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _in_utc(self.start))
        object.__setattr__(self, "end", _in_utc(self.end))
        if self.end <= self.start:
            what = f"a window must end after it starts: {self.start} .. {self.end}"
            raise UsageError(what)

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    @property
    def weeks(self) -> float:
        """Length in weeks of seven times 24 hours."""
        return (self.end - self.start) / WEEK

    @classmethod
    def ending(cls, end: datetime, *, weeks: int) -> Window:
        """The window of so many weeks that ends (exclusively) at ``end``."""
        return cls(_in_utc(end) - weeks * WEEK, end)

    def before(self, *, weeks: int) -> Window:
        """The window of so many weeks that ends where this one starts."""
        return Window(self.start - weeks * WEEK, self.start)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        what = "a window needs moments with a time zone"
        raise UsageError(what)
    return moment.astimezone(UTC)
