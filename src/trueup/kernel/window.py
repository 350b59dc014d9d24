"""Half-open spans of time: a moment belongs to exactly one of two adjacent windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trueup.kernel.errors import UsageError

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """All moments ``start <= t < end``, both in UTC.

    >>> w = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 19, tzinfo=UTC))
    >>> w.weeks
    2.0
    >>> datetime(2026, 1, 19, tzinfo=UTC) in w
    False
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            what = "a window needs moments with a time zone"
            raise UsageError(what)
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
        return cls(end.astimezone(UTC) - weeks * WEEK, end.astimezone(UTC))

    def before(self, *, weeks: int) -> Window:
        """The window of so many weeks that ends where this one starts."""
        return Window(self.start - weeks * WEEK, self.start)
