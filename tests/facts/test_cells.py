"""What a cell says, and what is refused because it could be read in two ways."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.facts import cells
from trueup.facts.pseudonyms import identity
from trueup.facts.rows import OddRecordError, Rows

KEY = b"a key for tests"


@pytest.mark.parametrize(
    "told", [None, "", "  ", "-", "n/a", "N/A", "#N/A", "null", [], float("nan")]
)
def test_nothing(told):
    raw = {"f": told}
    assert cells.text(raw, "f") is None
    assert cells.number(raw, "f") is None
    assert cells.percent(raw, "f") is None
    assert cells.moment(raw, "f") is None
    with pytest.raises(OddRecordError, match="f is empty"):
        cells.needed(raw, "f")


@pytest.mark.parametrize(
    ("told", "found"),
    [(" a ", "a"), ('="0012"', "0012"), (12, "12"), (True, "True"), ("+1", "+1"), ("@x", "@x")],
)
def test_text(told, found):
    assert cells.text({"f": told}, "f") == found


@pytest.mark.parametrize("told", ["=1+2", '=cmd|"/C calc"!A1', '=HYPERLINK("x")', " =A1"])
def test_a_formula_is_no_value_and_is_not_repeated(told):
    for read in (cells.text, cells.number, cells.percent, cells.moment):
        with pytest.raises(OddRecordError, match="f holds a formula") as error:
            read({"f": told}, "f")
        assert told.strip() not in str(error.value)


@pytest.mark.parametrize("told", [["a", "b"], {"a": 1}, "x" * (cells.LONGEST_CELL + 1)])
def test_odd_text(told):
    with pytest.raises(OddRecordError):
        cells.text({"f": told}, "f")


@pytest.mark.parametrize(
    ("told", "found"),
    [("3", 3.0), ("-2.5", -2.5), ("82,5", 82.5), ("1.234", 1.234), (7, 7.0), (1e3, 1000.0)],
)
def test_number(told, found):
    assert cells.number({"f": told}, "f") == found


@pytest.mark.parametrize(
    "told",
    ["1,234", "1.234,5", "1 000", "three", "1e999", "0x10", float("inf"), "٣x"],
)
def test_no_number(told):
    with pytest.raises(OddRecordError):
        cells.number({"f": told}, "f")


def test_whole():
    assert cells.whole({"f": "12"}, "f") == 12
    with pytest.raises(OddRecordError, match="no whole number"):
        cells.whole({"f": "1.5"}, "f")


@pytest.mark.parametrize(
    ("told", "found"),
    [("80", 80.0), ("80%", 80.0), ("0.5 %", 0.5), ("0", 0.0), ("1%", 1.0), ("1.5", 1.5), ("99,995", 99.995), ("99.995%", 99.995), (99.95, 99.95), (100, 100.0)],
)  # fmt: skip
def test_percent(told, found):
    assert cells.percent({"f": told}, "f") == found


@pytest.mark.parametrize("told", ["0.8", "0,8", 0.999, "1", "1.0", 1, "101", "-1", "110%", "most"])
def test_no_percent(told):
    with pytest.raises(OddRecordError):
        cells.percent({"f": told}, "f")


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31 09:30", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31T09:30:00+02:00", datetime(2026, 1, 31, 7, 30, tzinfo=UTC)),
        (1710720000000, datetime(2024, 3, 18, tzinfo=UTC)),
    ],
)
def test_moment(told, found):
    assert cells.moment({"f": told}, "f") == found


@pytest.mark.parametrize("told", ["03/04/2026", "31.01.2026", "45678", 45678, "soon", True])
def test_no_moment(told):
    with pytest.raises(OddRecordError, match="no day or moment"):
        cells.moment({"f": told}, "f")


@pytest.mark.parametrize(
    ("told", "name", "address"),
    [
        ("ada@example.org", "", "ada@example.org"),
        ("Ada Quill", "Ada Quill", ""),
        ("Ada Quill <ada@example.org>", "Ada Quill", "ada@example.org"),
        ("<ada@example.org>", "", "ada@example.org"),
    ],
)
def test_person(told, name, address):
    rows = Rows(KEY)
    assert cells.person({"f": told}, "f", "r", rows) == identity(KEY, name, address)


@pytest.mark.parametrize("told", ["", "Unassigned", "nobody", "TBD", "-"])
def test_nobody(told):
    rows = Rows(KEY)
    assert cells.person({"f": told}, "f", "r", rows) is None
    assert rows.people("here").num_rows == 0


JSON = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers(), max_size=2)
)  # fmt: skip


@given(JSON)
def test_every_cell_is_read_or_refused(told):
    for read in (cells.text, cells.number, cells.whole, cells.percent, cells.moment):
        try:
            read({"f": told}, "f")
        except OddRecordError as error:
            assert "f" in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("At Risk", "At Risk"),
        ("Won\N{RIGHT SINGLE QUOTATION MARK}t do", "Won\N{RIGHT SINGLE QUOTATION MARK}t do"),
        ("SEV1", "SEV1"),
        ("1 - High", "1 - High"),
        ("in_progress", "in_progress"),
        ("\N{LARGE GREEN CIRCLE}", "\N{LARGE GREEN CIRCLE}"),
        ("in Prüfung", "in Prüfung"),
        ("n/a", None),
        ("Waiting for Ada Quill (ada@example.org) to sign off", "(a text)"),
        ("ada@example.org", "(a text)"),
        ("@ada", "(a text)"),
        ("call 555-0100", "(a text)"),
        ("Ben forgot the flag", "(a text)"),
        ("done\nask Ada", "(a text)"),
    ],
)
def test_a_word_is_kept_and_a_text_is_not(told, found):
    assert cells.word({"f": told}, "f") == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02T00:00:00+01:00", "2026-03-02"),
        ("2026-03-02T23:30:00-08:00", "2026-03-02"),
        (1772409600000, "2026-03-02"),
        ("", ""),
    ],
)
def test_a_day_is_that_of_the_cell(told, found):
    assert cells.day({"f": told}, "f") == found
