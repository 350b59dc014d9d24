"""Half-open spans: a moment belongs to exactly one of two adjacent windows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.kernel.errors import UsageError
from trueup.kernel.scope import Scope, ScopeKind
from trueup.kernel.window import WEEK, Window

MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - Hypothesis wants them without zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns")]),
)


class TestWindow:
    """All moments ``start <= t < end``."""

    @given(end=MOMENTS, weeks=st.integers(1, 60), before=st.integers(1, 60))
    def test_adjacent_windows_share_no_moment(self, end: datetime, weeks: int, before: int) -> None:
        window = Window.ending(end, weeks=weeks)
        earlier = window.before(weeks=before)
        assert window.weeks == weeks
        assert earlier.weeks == before
        assert earlier.end == window.start
        for moment in (window.start, window.end - timedelta(microseconds=1), earlier.start):
            assert (moment in window) != (moment in earlier)
        assert window.end not in window
        assert earlier < window

    def test_a_week_has_168_hours_when_the_clocks_change(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        window = Window(datetime(2026, 3, 28, tzinfo=berlin), datetime(2026, 4, 4, tzinfo=berlin))
        assert window.weeks == 167 / 168
        ending = Window.ending(datetime(2026, 4, 4, tzinfo=berlin), weeks=1)
        assert ending.end - ending.start == WEEK
        assert ending.start.tzinfo is UTC


def test_refusals() -> None:
    here, naive = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2)  # noqa: DTZ001
    for start, end in ((here, naive), (naive, here), (naive, naive)):
        with pytest.raises(UsageError, match="time zone"):
            Window(start, end)
    with pytest.raises(UsageError, match="time zone"):
        Window.ending(naive, weeks=1)
    for end in (here, here - WEEK):
        with pytest.raises(UsageError, match="end after it starts"):
            Window(here, end)
    with pytest.raises(UsageError, match="end after it starts"):
        Window.ending(here, weeks=0)


def test_scopes() -> None:
    assert str(Scope(ScopeKind.ORGANISATION, "acme")) == "acme"
    assert str(Scope(ScopeKind.AREA, "src/web", inferred=True)) == "area:src/web"
    scopes = [Scope(ScopeKind.TEAM, n) for n in "cab"]
    assert [s.name for s in sorted(scopes)] == ["a", "b", "c"]
    assert len({*scopes, Scope(ScopeKind.TEAM, "a")}) == 3
