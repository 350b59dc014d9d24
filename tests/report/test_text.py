import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report import documents

from trueup.report.text import cells, encodable, harmless, shorten, tight, wrap

ANYTHING = st.text(st.characters(), max_size=60) | st.sampled_from(
    [documents.EVERYTHING, documents.TEMPLATE, "\ud800", "\U000e0041", "\u202e\u2066"]
)


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        pytest.param("src/app.py", "src/app.py", id="plain"),
        pytest.param("naïve 支払い", "naïve 支払い", id="letters"),
        pytest.param("\x1b[2J", "\\x1b[2J", id="escape"),
        pytest.param("a\r\nb", "a\\r\\nb", id="lines"),
        pytest.param("\x9b2J", "\\x9b2J", id="c1"),
        pytest.param("a\u202eb", "a\\u202eb", id="override"),
        pytest.param("a\u200bb", "a\\u200bb", id="zero-width"),
        pytest.param("a\u2028b", "a\\u2028b", id="line-separator"),
        pytest.param("caf\udce9", "caf\\udce9", id="surrogate"),
        pytest.param("\U000e0041", "\\U000e0041", id="tag"),
        pytest.param("a\u3164", "a\\u3164", id="blank-letter"),
    ],
)
def test_harmless(given_, shown):
    assert harmless(given_) == shown


@given(ANYTHING)
def test_harmless_text_has_nothing_invisible_and_stays_as_it_is(text):
    shown = harmless(text)
    assert not [c for c in shown if unicodedata.category(c)[0] == "C"]
    assert harmless(shown) == shown
    shown.encode("utf-8")


def test_marks_do_not_climb():
    shown = harmless(documents.ZALGO)
    assert sum(unicodedata.category(c) == "Mn" for c in shown) == 4


@given(ANYTHING, st.integers(1, 40))
def test_short_text_fits(text, limit):
    assert cells(shorten(text, limit)) <= limit


@given(ANYTHING, st.integers(2, 40))
def test_wrapped_lines_fit(text, width):
    assert all(cells(line) <= width for line in wrap(text, width))


def test_numbers_stay_whole():
    assert wrap("it took 106 978 commits", 14) == ["it took", "106 978", "commits"]
    assert tight("8 412 of 41 %") == "8\u00a0412 of 41\u00a0%"


def test_surrogates_are_written_out():
    assert encodable("a\udce9b") == "a\\udce9b"
