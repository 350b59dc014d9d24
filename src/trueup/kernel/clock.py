"""Time is passed in, never read where a number is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def system_clock() -> datetime:
    """The current moment in UTC; the only place that asks the operating system."""
    return datetime.now(UTC)


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still, for tests and for reproducing an old report."""
    still = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return lambda: still


def start_of_day(moment: datetime) -> datetime:
    """Midnight UTC of the same day in UTC.

    >>> start_of_day(datetime.fromisoformat("2026-03-02T01:30+05:00")).isoformat()
    '2026-03-01T00:00:00+00:00'
    """
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def months_back(moment: datetime, months: int) -> datetime:
    """The first midnight of the month that lies ``months`` before the month of ``moment``.

    >>> months_back(datetime(2026, 11, 20, tzinfo=UTC), 24).date().isoformat()
    '2024-11-01'
    """
    moment = moment.astimezone(UTC)
    index = moment.year * 12 + moment.month - 1 - months
    return datetime(index // 12, index % 12 + 1, 1, tzinfo=UTC)


def days(count: float) -> timedelta:
    """A span of whole or broken days of 24 hours (never calendar midnights)."""
    return timedelta(days=count)


def moment_of(told: object) -> datetime | None:
    """A moment as sources write it: ISO 8601, or seconds or milliseconds since 1970; nothing for nothing.

    Moments without a zone are taken for UTC; those that end in its name are of it.

    Raises:
        ValueError: it is none of these, or outside the calendar.

    >>> moment_of("2024-03-01T10:00:00.000+0200").isoformat()
    '2024-03-01T08:00:00+00:00'
    >>> moment_of("2024-03-01 08:00:00 UTC").isoformat()
    '2024-03-01T08:00:00+00:00'
    >>> moment_of(1709280000000).isoformat(), moment_of("")
    ('2024-03-01T08:00:00+00:00', None)
    """
    if told is None or told == "":
        return None
    try:
        if isinstance(told, str):
            found = datetime.fromisoformat(told.removesuffix(" UTC"))
        elif isinstance(told, int | float) and not isinstance(told, bool):
            found = EPOCH + timedelta(seconds=told / 1000 if abs(told) >= _MILLISECONDS else told)
        else:
            raise ValueError(f"not a moment: {told!r:.60}")  # noqa: TRY004 - of data, not of code
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"not a moment of this calendar: {told!r:.60}") from error


#: Seconds of this size lie in the year 5138; milliseconds in 1973.
_MILLISECONDS = 100_000_000_000
