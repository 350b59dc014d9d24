"""Records in JSON: lists, single values, lines, several values after each other, envelopes."""

from __future__ import annotations

import codecs
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Large files are read in pieces of this size.
PIECE = 4 << 20
#: A record longer than this is taken for a damaged file.
LONGEST = 256 << 20
#: Lists that interfaces put their records in.
ENVELOPES = frozenset(
    "items value values issues workflow_runs jobs check_runs deployments incidents results records nodes "
    "builds worklogs histories pull_requests review_requests data entries seats usageEvents "
    "userTableStats".split()
)
#: Lists that are records only in answers that say how they are paged: in records they are parts. Of several
#: in one answer the first of these is meant.
_PAGED = ("log_entries", "hotspots", "analyses", "users", "components")
#: Fields that say how an answer is paged, and those of them that stand in no record.
_PAGING = frozenset("paging more total_count total offset limit page per_page".split())
_SURE = frozenset(["paging", "more"])
#: Messages of Airbyte that hold no record, with the field that holds what they say instead.
_MESSAGES = {
    "LOG": "log",
    "STATE": "state",
    "TRACE": "trace",
    "SPEC": "spec",
    "CATALOG": "catalog",
    "CONNECTION_STATUS": "connectionStatus",
    "CONTROL": "control",
}
#: Of these the name says nothing about the records.
_NAMELESS = frozenset("items value values data nodes results records entries".split())


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
        about: what that request asked for, where the file tells.
    """

    place: str
    number: int
    hint: str
    asked: str = ""
    record: dict[str, Any] | None = None
    problem: str = ""
    about: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where records were found; see `Exported`.

    ``wholes`` are fields that tell documents which are one record, whatever lists they hold.
    """

    place: str
    hint: str
    asked: str = ""
    about: Mapping[str, Any] | None = None
    wholes: tuple[frozenset[str], ...] = ()

    def record(self, number: int, record: dict[str, Any], hint: str = "") -> Exported:
        """A record found here."""
        hint = hint or self.hint
        return Exported(self.place, number, hint, self.asked, record, "", self.about)

    def problem(self, number: int, problem: str) -> Exported:
        """Something here that is no record."""
        return Exported(self.place, number, self.hint, self.asked, None, problem, self.about)


def read_json(stream: io.BufferedReader, found: Found, *, at_once: bool) -> Iterator[Exported]:
    """All records of a stream, parsed at once where it is small enough."""
    start = stream.peek(4)[:4]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        whole = stream.read(LONGEST).decode("utf-16", "replace").encode("utf-8", "replace")
        stream = io.BufferedReader(cast("io.RawIOBase", io.BytesIO(whole)))
    elif start[:3] == b"\xef\xbb\xbf":
        stream.read(3)
    first = stream.readline(LONGEST)
    line = first.strip()
    if line.startswith(b"{") and line.endswith(b"}") and _is_whole(line):
        yield from _lines(first, stream, found)
        return
    if at_once:
        whole = first + stream.read()
        try:
            value = orjson.loads(whole)
        except orjson.JSONDecodeError:
            stream, first = io.BufferedReader(cast("io.RawIOBase", io.BytesIO(whole))), b""
        else:
            yield from _records(value, found, 0)
            return
    yield from _pieces(first, stream, found)


def read_value(raw: bytes, found: Found, number: int) -> Iterator[Exported]:
    """The records of one value, which is the one of that number here."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        yield found.problem(number, f"not JSON: {error}")
        return
    yield from _records(value, found, number - 1)


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _lines(first: bytes, rest: io.BufferedReader, found: Found) -> Iterator[Exported]:
    number = 0
    line = first
    while line:
        number += 1
        if line.strip():
            yield from read_value(line, found, number)
        line = rest.readline(LONGEST)


def _records(value: object, found: Found, before: int, hint: str = "") -> Iterator[Exported]:
    """The records of one value: itself, those of a list, or those of the list an envelope holds."""
    if isinstance(value, dict):
        name = _held(value)
        if name and not any(w <= value.keys() for w in found.wholes):
            hint = hint if name in _NAMELESS or name in _PAGED else name
            value = value[name]
        else:
            value = [value]
    if not isinstance(value, list):
        yield found.problem(before + 1, f"a record is an object, not {type(value).__name__}")
        return
    for number, record in enumerate(value, before + 1):
        if isinstance(record, dict):
            if one := _told(record, found, number, hint):
                yield one
        elif isinstance(record, list):
            yield from _records(record, found, before, hint)
        else:
            yield found.problem(number, f"a record is an object, not {type(record).__name__}")


def _told(record: dict[str, Any], found: Found, number: int, hint: str) -> Exported | None:
    """The record, or that of a message of Airbyte, called as its stream; other messages are nothing."""
    inner = record.get("record")
    if isinstance(inner, dict) and isinstance(inner.get("data"), dict):
        # Some connectors are told apart by what stands before: `prefix__vendor__stream`.
        stream = str(inner.get("stream") or "").replace("-", "_").lower().split("__")[-2:]
        return found.record(number, inner["data"], "_".join(stream))
    if isinstance(inner := record.get("_airbyte_data"), dict):
        return found.record(number, inner, hint or found.hint.removeprefix("_airbyte_raw_"))
    kind = record.get("type")
    if isinstance(kind, str) and isinstance(record.get(_MESSAGES.get(kind, "")), dict):
        return None
    return found.record(number, record, hint)


def _held(value: dict[str, Any]) -> str:
    """The list an answer was given for; nothing where it is a record itself."""
    short = len(value) <= len(_PAGING) + 1
    alone = [k for k in value if k not in _PAGING] if short else []
    if len(alone) == 1 and isinstance(value[alone[0]], list):
        return alone[0]
    paged = bool(value.keys() & _SURE)
    lists = [k for k in value.keys() & ENVELOPES if isinstance(value[k], list)]
    lists = lists or [k for k in _PAGED if paged and isinstance(value.get(k), list)][:1]
    few = paged or len(value) <= 8 or "total_count" in value
    return lists[0] if len(lists) == 1 and few else ""


def _pieces(first: bytes, stream: io.BufferedReader, found: Found) -> Iterator[Exported]:
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
            yield found.problem(number + 1, problem)
            return
        for one in _records(value, found, number):
            number = one.number
            yield one
    if inside:
        problem = "the file ends in the middle; what is there was read"
        yield found.problem(number + 1, problem)


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
