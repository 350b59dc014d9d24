import pytest
from tests.report import documents

from trueup.report import figures


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        pytest.param(0, "share", "0 %", id="none"),
        pytest.param(0.0004, "share", "less than 0.1 %", id="hardly-any"),
        pytest.param(0.061, "share", "6.1 %", id="small-share"),
        pytest.param(0.0996, "share", "10 %", id="edge"),
        pytest.param(0.62, "share", "62 %", id="share"),
        pytest.param(0.998, "share", "more than 99 %", id="nearly-all"),
        pytest.param(1.0, "share", "100 %", id="all"),
        pytest.param(1.3, "share", "130 %", id="more-than-all"),
        pytest.param(-0.05, "share", "-5.0 %", id="negative-share"),
        pytest.param(3.41, "people", "3.4 people", id="people"),
        pytest.param(4.0, "people", "4 people", id="whole"),
        pytest.param(0.42, "0..1", "0.42", id="bare"),
        pytest.param(0.0042, "ratio", "0.004", id="tiny"),
        pytest.param(12345.6, "lines", "12 346 lines", id="thousands"),
        pytest.param(0.25, "days", "6 hours", id="days-as-hours"),
        pytest.param(72, "hours", "3 days", id="hours-as-days"),
        pytest.param(24, "hours", "24 hours", id="a-day-of-hours"),
        pytest.param(1, "weeks", "7 days", id="weeks"),
        pytest.param(0.5, "hours", "30 minutes", id="minutes"),
        pytest.param(48, "hours", "2 days", id="two-days"),
        pytest.param(0, "days", "0 days", id="no-days"),
    ],
)
def test_amount(value, unit, text):
    assert figures.amount(value, unit) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "like", "text"),
    [
        pytest.param(0.55, 0.69, "share", 0.62, "55 to 69 %", id="share"),
        pytest.param(0.0, 0.04, "share", 0.01, "0.0 to 4.0 %", id="small-share"),
        pytest.param(26.0, 37.5, "hours", 31.5, "26.0 to 37.5", id="hours"),
        pytest.param(40.0, 60.0, "hours", 50.0, "1.7 to 2.5", id="in-the-unit-of-the-value"),
        pytest.param(110.0, 146.2, "lines", 128.0, "110 to 146", id="large"),
        pytest.param(-0.2, 0.3, "z", 0.1, "-0.20 to 0.30", id="around-zero"),
    ],
)
def test_span(low, high, unit, like, text):
    assert figures.span(low, high, unit, like=like) == text


def test_the_sentence_has_whole_percent():
    figure = documents.measured("verified", 0.041, 0.02, 0.07)
    assert figures.shown(figure).text == "4.1 %"
    assert figures.shown(figure, whole=True).text == "4 %"
    assert figures.shown(figure, whole=True).interval == "2 to 7 %"


def test_without_a_number_there_is_a_reason():
    told = figures.shown(documents.missing("x", "", status="suppressed"))
    assert not told.measured
    assert told.text == ""
    assert told.reason == "not shown, because too few people are behind it"
