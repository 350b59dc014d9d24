"""Tables as people and programs write them: delimiters, encodings, damaged and hostile rows."""

from __future__ import annotations

import csv
import gzip
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.transport import tables
from trueup.transport.exports import read_exports

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    {"name": "Überprüfung", "note": "one, two; three", "n": "1"},
    {"name": "b", "note": "", "n": "2"},
]


def told(path: Path) -> tuple[list[object], list[str]]:
    """Records and problems."""
    found = list(read_exports(path))
    return [x.record for x in found if not x.problem], [x.problem for x in found if x.problem]


def read(folder: Path, body: str | bytes, name: str = "t.csv") -> tuple[list[object], list[str]]:
    path = folder / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return told(path)


def written(delimiter: str, end: str = "\r\n") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["name", "note", "n"], delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(ROWS)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_how_it_is_written_does_not_matter(
    delimiter: str, end: str, encoding: str, tmp_path: Path
) -> None:
    assert read(tmp_path, written(delimiter, end).encode(encoding)) == (ROWS, [])


@pytest.mark.parametrize("name", ["t.tsv", "t.csv"])
def test_tabs(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, written("\t"), name) == (ROWS, [])


def test_packed(tmp_path: Path) -> None:
    assert read(tmp_path, gzip.compress(written(";").encode("utf-16")), "t.csv.gz") == (ROWS, [])


def test_what_the_first_line_says_of_the_delimiter_is_believed(tmp_path: Path) -> None:
    assert read(tmp_path, "sep=|\na|b;c;d;e\n1|2\n") == ([{"a": "1", "b;c;d;e": "2"}], [])


def test_a_delimiter_within_the_words_of_the_head_is_none(tmp_path: Path) -> None:
    body = "project,colour (red;amber;green;none),date\nledger,red,2025-01-01\n"
    assert read(tmp_path, body)[0] == [
        {"project": "ledger", "colour (red;amber;green;none)": "red", "date": "2025-01-01"}
    ]


def test_utf_8_with_a_broken_letter_stays_utf_8(tmp_path: Path) -> None:
    body = "name\nä\n".encode() + b"a\xff\n" + "ö\n".encode()
    assert read(tmp_path, body)[0] == [{"name": "ä"}, {"name": "a\ufffd"}, {"name": "ö"}]


def test_a_western_file_without_letters_of_windows(tmp_path: Path) -> None:
    assert read(tmp_path, b"name\na\x81\xe9\n")[0] == [{"name": "a\x81é"}]


def test_empty_rows_and_columns_are_none(tmp_path: Path) -> None:
    assert read(tmp_path, "\n\na;b;;\n1;2;;\n;;;\n   ;;;\n\n3;4;;\n") == (
        [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}],
        [],
    )
    assert read(tmp_path, "") == ([], [])
    assert read(tmp_path, "a,b\n") == ([], [])


def test_a_row_with_too_many_cells_is_told_and_the_rest_read(tmp_path: Path) -> None:
    records, problems = read(tmp_path, "a,b\n1,2\n1,2,3\n4\n5,6,,\n")
    assert records == [{"a": "1", "b": "2"}, {"a": "4", "b": None}, {"a": "5", "b": "6"}]
    assert problems == ["the row has 3 cells, the head 2 columns"]


def test_of_a_column_that_stands_twice_everything_is_told(tmp_path: Path) -> None:
    records, problems = read(tmp_path, "a,l,l,l\n1,x,x,\n2,x,y,x\n3,,,z\n")
    assert problems == []
    assert records == [{"a": "1", "l": "x"}, {"a": "2", "l": ["x", "y", "x"]}, {"a": "3", "l": "z"}]


def test_an_open_quote_does_not_swallow_the_rest(tmp_path: Path) -> None:
    records, problems = read(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert records == [{"a": "1", "b": "2"}]
    assert problems == ["a quote is not closed: from here on it was not read"]


def test_a_huge_cell_is_no_value(tmp_path: Path) -> None:
    huge = "x" * (tables.LONGEST_CELL + 1)
    records, problems = read(tmp_path, f'a,b\n1,"{huge}"\n2,3\n')
    assert records == [{"a": "2", "b": "3"}]
    assert [huge not in p and "longer than a million" in p for p in problems] == [True]


def test_a_cell_beyond_all_bounds_ends_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LONGEST", 1000)
    records, problems = read(tmp_path, f'a,b\n1,2\n3,"{"y" * 900}\n{"y" * 900}"\n5,6\n')
    assert records == [{"a": "1", "b": "2"}]
    assert [p.startswith("not a row") and "yyy" not in p for p in problems] == [True]


def test_records_in_cells_keep_how_they_were_asked_for(tmp_path: Path) -> None:
    body = 'data;url;params\n"{""id"": 1}";https://x.example/1;"{""place"": ""acme""}"\n'
    (tmp_path / "t.csv").write_text(body)
    (found,) = read_exports(tmp_path / "t.csv")
    assert (found.record, found.asked) == ({"id": 1}, "https://x.example/1")
    assert found.about is not None
    assert (found.about["place"], found.about["path"].endswith("t.csv")) == ("acme", True)


@pytest.mark.parametrize("cell", ['=cmd|" /C calc"!A1', "=1+2", "+1", "-1", "@x", "\x00", "\t=1"])
def test_formulas_are_text_like_any_other_here(cell: str, tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b"], ["1", cell]])
    assert read(tmp_path, out.getvalue()) == ([{"a": "1", "b": cell}], [])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    records, problems = read(tmp_path_factory.mktemp("t"), b"a,b\n" + body)
    assert all(isinstance(r, dict) for r in records)
    assert all(isinstance(p, str) and p for p in problems)


CELL = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    encoding: str,
) -> None:
    """Whatever stands in cells, rows come back as they were written; empty ones are none."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *rows])
    records, problems = read(tmp_path_factory.mktemp("t"), out.getvalue().encode(encoding))
    kept = [dict(zip("abc", row, strict=True)) for row in rows if any(c.strip() for c in row)]
    assert (records, problems) == (kept, [])
