"""One figure: a number with its interval, or the reason why there is none."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.kernel.declarations import Direction, Grain, Rows, Signal
from trueup.kernel.errors import DeclarationError
from trueup.kernel.estimate import Estimate, Status

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
WITHOUT = [s for s in Status if s is not Status.MEASURED]


def measured(value: float, low: float, high: float, **known: float) -> Estimate:
    return Estimate("x", 1, "days", Status.MEASURED, value=value, low=low, high=high, **known)  # type: ignore[arg-type]


def no_rows(*_: object) -> None:
    return None


def signal(**known: object) -> Signal:
    told = {
        "name": "some_signal", "version": 2, "title": "Some signal", "unit": "share",
        "direction": Direction.HIGH_IS_DEBT, "minimum_people": 3, "minimum_events": 10,
        "reads": ("commits.sha",), "drives": "human", "cites": ("Hindle2008",), "equivalence": 0.05,
        "rows": no_rows, "estimate": no_rows,
    }  # fmt: skip
    return Signal(**(told | known))  # type: ignore[arg-type]


class TestEstimate:
    """``value``, ``low`` and ``high`` are set exactly when the status is measured."""

    @given(numbers=st.lists(NUMBERS, min_size=3, max_size=3))
    def test_an_interval_holds_its_value(self, numbers: list[float]) -> None:
        low, value, high = sorted(numbers)
        assert measured(value, low, high).measured
        if low < value:
            with pytest.raises(DeclarationError, match="holds its value"):
                measured(low, value, high)

    @given(value=NUMBERS, low=NUMBERS, high=NUMBERS)
    def test_a_signal_puts_its_interval_around_its_value(
        self, value: float, low: float, high: float
    ) -> None:
        found = signal().measured(value, low, high)
        assert found.low is not None
        assert found.high is not None
        assert found.low <= value <= found.high
        assert (found.name, found.version, found.unit) == ("some_signal", 2, "share")

    @pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, None])
    def test_numbers_are_finite(self, bad: float) -> None:
        for numbers in ((bad, 1.0, 2.0), (1.0, bad, 2.0), (1.0, 0.0, bad)):
            with pytest.raises(DeclarationError, match="finite"):
                measured(*numbers)

    @pytest.mark.parametrize("status", WITHOUT)
    def test_without_a_number_there_is_a_reason(self, status: Status) -> None:
        assert not Estimate("x", 1, "days", status, reason="because").measured
        with pytest.raises(DeclarationError, match="must say why"):
            Estimate("x", 1, "days", status)
        for number in ("value", "low", "high"):
            with pytest.raises(DeclarationError, match="only a measured"):
                Estimate("x", 1, "days", status, reason="because", **{number: 0.0})

    @pytest.mark.parametrize("coverage", [-0.01, 1.01, math.nan])
    def test_coverage_is_a_share(self, coverage: float) -> None:
        with pytest.raises(DeclarationError, match="share"):
            measured(1, 1, 1, coverage=coverage)

    def test_suppression_takes_the_number_and_the_people(self) -> None:
        found = measured(2, 1, 3, n_people=4, n_events=9).without_number(Status.SUPPRESSED, "few")
        assert (found.value, found.low, found.high, found.n_people) == (None, None, None, 0)
        assert (found.reason, found.n_events) == ("few", 9)
        with pytest.raises(DeclarationError):
            measured(2, 1, 3).without_number(Status.MEASURED, "few")
        with pytest.raises(DeclarationError):
            measured(2, 1, 3).without_number(Status.SUPPRESSED, "")


class TestSignal:
    """One measure of a scope in a window."""

    @pytest.mark.parametrize(
        "name", ["", "A", "ab", "1st", "with space", "x" * 50, "caf\u00e9", "a\n"]
    )
    def test_names(self, name: str) -> None:
        with pytest.raises(DeclarationError, match="not a name"):
            signal(name=name)

    def test_it_has_a_version_and_says_what_it_needs(self) -> None:
        assert signal().needs == "git"
        for known in ({"needs": ""}, {"version": 0}):
            with pytest.raises(DeclarationError, match="some_signal"):
                signal(**known)
        assert signal().grain is Grain.WEEKS

    def test_too_few(self) -> None:
        rows = Rows({"n": [1, 2]}, weeks=13, people=3)
        assert len(rows) == 2
        assert rows["n"] == [1, 2]
        assert len(Rows({}, weeks=13, people=0)) == 0
        assert signal().too_few(rows, 10) is None
        few_events = signal().too_few(rows, 9)
        assert few_events is not None
        assert (few_events.status, few_events.n_events) == (Status.INSUFFICIENT, 9)
        assert few_events.reason == "9 events, at least 10 are needed"
        few_people = signal().too_few(Rows({}, weeks=13, people=2), 10)
        assert few_people is not None
        assert (few_people.reason, few_people.n_people) == ("fewer than 3 people", 0)
