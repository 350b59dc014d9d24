"""Records in exported files: JSON of any arrangement, lines of JSON, tables with a JSON column.

A damaged record or file ends neither the file nor the folder it is in: it comes out as a problem with
its place, and the rest is read. No more than one batch of a large file is in memory.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Files up to this size are parsed at once, which is several times faster than piece by piece.
AT_ONCE = 8 << 20
PIECE = 4 << 20
#: A record longer than this is taken for a damaged file.
LONGEST = 256 << 20
#: What expands further than this, and is larger than `AT_ONCE`, is taken for a trap.
MOST_EXPANDED = 200
#: Lists that interfaces put their records in.
ENVELOPES = frozenset(
    "items values issues workflow_runs jobs check_runs deployments incidents results records nodes "
    "builds worklogs histories pull_requests data entries".split()
)
_SUFFIXES = (".json", ".ndjson", ".jsonl", ".csv", ".log")


@dataclass(frozen=True, slots=True)
class Exported:
    """One record of a file, or what is wrong with it.

    Attributes:
        place: the file, and within an archive the member.
        number: which record of the file, from 1.
        hint: what the file, or the list in it, is called.
        asked: the request that brought it, where the file tells.
        record: the record; nothing where there is a problem.
        problem: what is wrong with it.
    """

    place: str
    number: int
    hint: str
    asked: str = ""
    record: dict[str, Any] | None = None
    problem: str = ""


def read_exports(path: Path) -> Iterator[Exported]:
    """All records of a file, an archive, or a folder and those below it, in the order of names."""
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if p.is_file()):
            if _stem(inner.name)[1] or inner.suffix == ".zip":
                yield from _of_file(inner)
    else:
        yield from _of_file(path)


def _of_file(path: Path) -> Iterator[Exported]:
    place = str(path)
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for member in sorted(archive.infolist(), key=lambda m: m.filename):
                    if not member.is_dir() and _stem(member.filename.rsplit("/", 1)[-1])[1]:
                        with archive.open(member) as stream:
                            yield from _of_stream(
                                stream,
                                f"{place}!{member.filename}",
                                member.file_size,
                                member.compress_size,
                            )
        else:
            with path.open("rb", buffering=0) as stream:
                yield from _of_stream(cast("IO[bytes]", stream), place, path.stat().st_size, 0)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        # RuntimeError is how zipfile says that a member is encrypted.
        yield Exported(place, 0, "", problem=f"cannot be read: {error}")


def _of_stream(stream: IO[bytes], place: str, size: int, packed: int) -> Iterator[Exported]:
    name = place.rsplit("/", 1)[-1].rsplit("!", 1)[-1]
    hint, kind = _stem(name)
    if packed and size > AT_ONCE and size > packed * MOST_EXPANDED:
        yield Exported(place, 0, hint, problem=f"expands {size // packed} times: not read")
        return
    if name.endswith(".gz"):
        stream = cast("IO[bytes]", _Bounded(stream, size))
        size = AT_ONCE + 1
    buffering: Any = io.BufferedReader(cast("io.RawIOBase", stream), PIECE)
    with buffering as buffered:
        read = _table if kind == ".csv" else _json
        yield from read(buffered, place, hint, size)


class _Bounded(io.RawIOBase):
    """Unpacked contents, up to what is no trap."""

    def __init__(self, packed: IO[bytes], size: int) -> None:
        self._inner = gzip.GzipFile(fileobj=packed)
        self._left = max(AT_ONCE, size * MOST_EXPANDED)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise OSError("it expands more than two hundred times: not read further")
        buffer[: len(data)] = data
        return len(data)


def _stem(name: str) -> tuple[str, str]:
    """What a file is called, and how its name ends, when that is one we read.

    >>> _stem("Pull-Requests.json.gz"), _stem("notes.txt"), _stem("_raw_github_api_runs.csv")
    (('pull_requests', '.json'), ('', ''), ('_raw_github_api_runs', '.csv'))
    """
    name = name.lower().removesuffix(".gz")
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix).replace("-", "_"), suffix
    return "", ""


def _table(stream: io.BufferedReader, place: str, hint: str, size: int) -> Iterator[Exported]:
    """Rows whose column `data` holds a record, and `url` perhaps how it was asked for."""
    del size
    csv.field_size_limit(LONGEST)
    lines = (line.decode("utf-8", "replace") for line in iter(stream.readline, b""))
    rows = csv.DictReader(line.removeprefix("\ufeff") for line in lines)
    number = 0
    while True:
        number += 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Exported(place, number, hint, problem=f"not a row: {error}")
            return
        if row is None:
            return
        told = row.get("data")
        if told is None:
            yield Exported(place, number, hint, record=cast("dict[str, Any]", row))
            continue
        yield from _parsed(
            told.encode("utf-8", "replace"), place, number, hint, row.get("url") or ""
        )


def _json(stream: io.BufferedReader, place: str, hint: str, size: int) -> Iterator[Exported]:
    start = stream.peek(4)[:4]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        whole = stream.read(LONGEST).decode("utf-16", "replace").encode("utf-8", "replace")
        stream = io.BufferedReader(cast("io.RawIOBase", io.BytesIO(whole)))
    elif start[:3] == b"\xef\xbb\xbf":
        stream.read(3)
    first = stream.readline(LONGEST)
    line = first.strip()
    if line.startswith(b"{") and line.endswith(b"}") and _is_whole(line):
        yield from _lines(first, stream, place, hint)
        return
    if size <= AT_ONCE:
        whole = first + stream.read()
        try:
            found = orjson.loads(whole)
        except orjson.JSONDecodeError:
            stream, first = io.BufferedReader(cast("io.RawIOBase", io.BytesIO(whole))), b""
        else:
            yield from _records(found, place, hint, "", 0)
            return
    yield from _pieces(first, stream, place, hint)


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _lines(first: bytes, rest: io.BufferedReader, place: str, hint: str) -> Iterator[Exported]:
    number = 0
    line = first
    while line:
        number += 1
        if line.strip():
            yield from _parsed(line, place, number, hint, "")
        line = rest.readline(LONGEST)


def _parsed(raw: bytes, place: str, number: int, hint: str, asked: str) -> Iterator[Exported]:
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        yield Exported(place, number, hint, asked, problem=f"not JSON: {error}")
        return
    yield from _records(found, place, hint, asked, number - 1)


def _records(found: object, place: str, hint: str, asked: str, before: int) -> Iterator[Exported]:
    """The records of one value: itself, those of a list, or those of the list an envelope holds."""
    if isinstance(found, dict):
        lists = [k for k in found.keys() & ENVELOPES if isinstance(found[k], list)]
        if len(lists) == 1 and (len(found) <= 8 or "total_count" in found):
            hint = lists[0] if lists[0] not in {"items", "values", "data", "nodes"} else hint
            found = found[lists[0]]
        else:
            found = [found]
    if not isinstance(found, list):
        what = type(found).__name__
        yield Exported(place, before + 1, hint, asked, problem=f"a record is an object, not {what}")
        return
    for number, record in enumerate(found, before + 1):
        if isinstance(record, dict):
            yield Exported(place, number, hint, asked, record)
        elif isinstance(record, list):
            yield from _records(record, place, hint, asked, before)
        else:
            what = type(record).__name__
            problem = f"a record is an object, not {what}"
            yield Exported(place, number, hint, asked, problem=problem)


def _pieces(first: bytes, stream: io.BufferedReader, place: str, hint: str) -> Iterator[Exported]:
    """Records one after the other, from a list or from several values that follow each other."""
    decoder = json.JSONDecoder()
    window = _Window(first, stream)
    number = 0
    inside = False
    while window.skip("," if inside else ""):
        if not inside and window.starts("["):
            inside = True
            continue
        if inside and window.starts("]"):
            inside = False
            continue
        try:
            value = window.take(decoder)
        except (ValueError, RecursionError) as error:
            what = str(error).split(":")[0]
            problem = f"not JSON from here on ({what}); what stands before was read"
            yield Exported(place, number + 1, hint, problem=problem)
            return
        for one in _records(value, place, hint, "", number):
            number = one.number
            yield one
    if inside:
        yield Exported(
            place, number + 1, hint, problem="the file ends in the middle; what is there was read"
        )


class _Window:
    """Text of a long stream, as much of it as the next value needs."""

    def __init__(self, first: bytes, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = self._decoder.decode(first)
        self._at = 0

    def skip(self, also: str) -> bool:
        """Go to the next value; nothing is left when there is none."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n\x1e" + also:
                self._at += 1
            if self._at < len(self._text):
                return True
            if not self._more():
                return False

    def starts(self, sign: str) -> bool:
        """Step over a sign, if it is the next."""
        if self._text[self._at] != sign:
            return False
        self._at += 1
        return True

    def take(self, decoder: json.JSONDecoder) -> object:
        """The next value.

        Raises:
            ValueError: it is none, or ends with the file.
        """
        while True:
            try:
                value, end = decoder.raw_decode(self._text, self._at)
            except ValueError:
                if len(self._text) - self._at > LONGEST or not self._more():
                    raise
                continue
            self._at = end
            return value

    def _more(self) -> bool:
        # Twice as much each time: a long record is not parsed anew for every piece.
        wanted = max(PIECE, len(self._text) - self._at)
        more = self._stream.read(wanted)
        self._text = self._text[self._at :] + self._decoder.decode(more, final=not more)
        self._at = 0
        return bool(more)
