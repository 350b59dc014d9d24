"""Time is passed in, and a day is a day in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.kernel.clock import EPOCH, days, fixed_clock, months_back, start_of_day, system_clock

MOMENTS = st.datetimes(
    min_value=datetime(1971, 1, 2),  # noqa: DTZ001 - Hypothesis wants them without zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)


class TestDays:
    """Midnight UTC of the same day in UTC."""

    @given(moment=MOMENTS)
    def test_a_day_starts_at_most_a_day_before(self, moment: datetime) -> None:
        start = start_of_day(moment)
        assert timedelta(0) <= moment - start < timedelta(days=1)
        assert (start - EPOCH) % timedelta(days=1) == timedelta(0)
        assert start_of_day(start) == start

    @given(moment=MOMENTS, months=st.integers(0, 300))
    def test_months_are_whole(self, moment: datetime, months: int) -> None:
        found = months_back(moment, months)
        assert (found.day, found.hour, found.tzinfo) == (1, 0, UTC)
        here = moment.astimezone(UTC)
        assert (here.year - found.year) * 12 + here.month - found.month == months
        assert months_back(found, 0) == found


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        ("2026-01-31T00:00+00:00", 1, "2025-12-01"),
        ("2026-03-31T00:00+00:00", 1, "2026-02-01"),
        ("2026-01-01T00:30+02:00", 0, "2025-12-01"),
        ("2024-02-29T12:00+00:00", 12, "2023-02-01"),
    ],
)
def test_months_back(moment: str, months: int, expected: str) -> None:
    assert months_back(datetime.fromisoformat(moment), months).date().isoformat() == expected


def test_clocks() -> None:
    noon = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - a moment without zone is taken as UTC
    still = fixed_clock(noon)
    assert still() == still() == noon.replace(tzinfo=UTC)
    elsewhere = datetime.fromisoformat("2026-03-01T14:00+02:00")
    assert fixed_clock(elsewhere)() == still()
    assert fixed_clock(elsewhere)().tzinfo is UTC
    assert system_clock().tzinfo is UTC
    assert days(1.5) == timedelta(hours=36)
