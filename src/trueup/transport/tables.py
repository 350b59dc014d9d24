"""Records in tables: comma, semicolon, tab or bar between cells, in the encodings that tables come in.

A damaged row is told with its number and the rest is read. A row with more cells than the head has
columns is not read at all: its values would stand under the wrong names.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast

import orjson

from trueup.transport.documents import LONGEST, Found, read_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trueup.transport.documents import Exported

#: So many bytes and lines tell how a table is written.
HEAD, SAMPLE = 4096, 20
#: A cell longer than this holds no value of a table, but what follows a quote that is not closed.
LONGEST_CELL = 1 << 20
_DELIMITERS = ",;\t|"
_TOLD = re.compile(r'"?sep=(.)"?\s*')
_RETURN = re.compile(r"(?<=\r)(?!\n)")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Columns that hold a whole record as JSON.
_RECORDS = ("data", "_airbyte_data")


def read_table(stream: io.BufferedReader, found: Found) -> Iterator[Exported]:
    """Rows; those whose column `data` holds a record perhaps with how it was asked for."""
    csv.field_size_limit(LONGEST)
    decoded = _decoded(stream)
    delimiter, head = _delimiter(list(islice(decoded, SAMPLE)))
    lines = _Lines(chain(head, decoded))
    rows = csv.reader(lines, delimiter=delimiter)
    columns: list[str] = []
    number = 0
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if not columns:
                columns = [name.strip() for name in row]
                continue
            number += 1
            if lines.ended:
                yield found.problem(number, "a quote is not closed: from here on it was not read")
                return
            yield from _row(columns, row, found, number)
    except csv.Error as error:
        yield found.problem(number + 1, f"not a row: {error}")


def _row(columns: list[str], row: list[str], found: Found, number: int) -> Iterator[Exported]:
    """A row as a record, or the record it holds."""
    spare = row[len(columns) :]
    if any(cell.strip() for cell in spare):
        told = f"the row has {len(row)} cells, the head {len(columns)} columns"
        yield found.problem(number, told)
        return
    record = _record(columns, row)
    held = next((record[name] for name in _RECORDS if isinstance(record.get(name), str)), None)
    if held is not None:
        about = {
            **(found.about or {}),
            **_object(record.get("params")),
            **_object(record.get("input")),
        }
        url = record.get("url")
        asked = url if isinstance(url, str) else ""
        inner = Found(found.place, found.hint, asked, about, found.wholes)
        yield from read_value(held.encode("utf-8", "replace"), inner, number)
    elif max(map(len, row)) > LONGEST_CELL:
        yield found.problem(number, "a cell is longer than a million signs: is a quote not closed?")
    else:
        yield found.record(number, record)


def _record(columns: list[str], row: list[str]) -> dict[str, Any]:
    """The cells by their columns; of a column that stands more than once all cells, where they differ."""
    record: dict[str, Any] = {}
    for place, name in enumerate(columns):
        value = row[place] if place < len(row) else None
        if not name:
            continue
        if name not in record or not value or record[name] == value:
            record.setdefault(name, value)
        elif not record[name]:
            record[name] = value
        else:
            before = record[name]
            record[name] = [*before, value] if isinstance(before, list) else [before, value]
    return record


@dataclass
class _Lines:
    """Lines, and whether the reader wanted one after the last: then a quote was left open."""

    rest: Iterator[str]
    ended: bool = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.rest, None)
        if line is None:
            self.ended = True
            raise StopIteration
        return line


def _delimiter(head: list[str]) -> tuple[str, list[str]]:
    r"""What stands between cells, by which most rows of the head have as many as the first.

    >>> _delimiter(["name;note\n", "a;b, c\n"])[0], _delimiter(["sep=|\n", "a|b\n"])
    (';', ('|', ['a|b\n']))
    """
    while head and not head[0].strip():
        head = head[1:]
    if head and (told := _TOLD.fullmatch(head[0])):
        return told[1], head[1:]
    return max(_DELIMITERS, key=lambda d: _fits(head, d)), head


def _fits(head: list[str], delimiter: str) -> tuple[int, int]:
    try:
        counts = [len(row) for row in csv.reader(head, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    if not counts or counts[0] == 1:
        return 0, 0
    return counts.count(counts[0]), counts[0]


def _decoded(stream: io.BufferedReader) -> Iterator[str]:
    """Lines of text. What begins with no mark is UTF-8, or else as Windows writes western languages."""
    start = stream.peek(HEAD)[:HEAD]
    wide = next((name for mark, name in _MARKS if start.startswith(mark)), "") or _unmarked(start)
    if wide:
        reader = io.TextIOWrapper(cast("Any", stream), wide, errors="replace", newline="")
        yield from reader
        reader.detach()
        return
    plain = _Plain()
    for line in iter(lambda: stream.readline(LONGEST), b""):
        yield from _RETURN.split(plain.decode(line))


def _unmarked(start: bytes) -> str:
    """Sixteen bits without a mark: every other byte of western text is zero."""
    if len(start) < 4 or start.count(0) * 4 < len(start):
        return ""
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


@dataclass
class _Plain:
    """Eight bits: UTF-8, until a line shows that it is none while no earlier one showed that it is."""

    first: bool = True
    western: bool = False
    shown: bool = False

    def decode(self, line: bytes) -> str:
        if self.first:
            line, self.first = line.removeprefix(codecs.BOM_UTF8), False
        if self.western:
            return _western(line)
        try:
            told = line.decode("utf-8")
        except UnicodeDecodeError:
            self.western = not self.shown
            return _western(line) if self.western else line.decode("utf-8", "replace")
        self.shown = self.shown or not told.isascii()
        return told


def _western(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _object(told: object) -> Mapping[str, Any]:
    """What a column says about a request; nothing where it says nothing we can read."""
    try:
        found = orjson.loads(told if isinstance(told, str) and told else "null")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
