"""Files of people's own: which columns stand for which fields, as a `[[mapping]]` in trueup.toml says.

A mapping leads to a kind of record that people may fill in themselves; the record it makes is read as
any other of that kind.
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trueup.facts.rows import OddRecordError
from trueup.kernel.errors import ConfigError
from trueup.runs.kinds import SOURCES, kind_of, read_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trueup.kernel.sources import RecordKind, Source
    from trueup.transport.documents import Exported

    Known = tuple[Source, RecordKind]

KEYS = ("files", "table", "columns", "constants", "date_format", "timezone")
_TABLES = (".csv", ".tsv")
#: Signs of a format that tell the time of a day.
_TIMED = ("%H", "%I", "%c", "%X")


@dataclass(frozen=True, slots=True)
class Mapped:
    """How files of one name are read.

    Args:
        files: pattern of their names, or of the ends of their paths.
        table: the kind of record their rows are of.
        columns: the column that holds each field; in JSON with dots for what lies within.
        constants: fields that are the same in every row.
        date_format: how days and moments are written, as `strptime` takes it; ISO 8601 where empty.
        timezone: of moments that do not tell theirs.
    """

    files: str
    table: str
    columns: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, Any], ...] = ()
    date_format: str = ""
    timezone: str = "UTC"


@cache
def targets() -> dict[str, Known]:
    """The kinds of records that people may fill in themselves, by what their tables are called."""
    return {
        kind.name: (source, kind) for source in SOURCES for kind in source.kinds if kind.moments
    }


def checked(told: Mapping[str, Any], where: str) -> Mapped:
    """A mapping as it is told.

    Raises:
        ConfigError: the table or a field is unknown, one that is needed has no column, or a value is odd.
    """
    for key in told:
        if key not in KEYS:
            raise ConfigError.unknown_key(key, where, list(KEYS))
    known = targets()
    table = _text(told, "table", where)
    if table not in known:
        raise ConfigError(
            f"there is no table {table!r}", where=where, remedy=_nearest(table, known, "Tables")
        )
    columns, constants = _pairs(told, "columns", where), _pairs(told, "constants", where)
    _check_fields(known[table][1], columns, constants, where)
    return Mapped(
        files=_text(told, "files", where),
        table=table,
        columns=tuple((fld, column) for column, fld in columns.items()),
        constants=tuple(constants.items()),
        date_format=_text(told, "date_format", where, needed=False),
        timezone=_zone(_text(told, "timezone", where, needed=False) or "UTC", where),
    )


def _check_fields(
    kind: RecordKind, columns: Mapping[str, Any], constants: Mapping[str, Any], where: str
) -> None:
    for fld in (*columns.values(), *constants):
        if not isinstance(fld, str) or fld not in kind.known:
            what = f"{kind.name} has no field {fld!r}"
            raise ConfigError(what, where=where, remedy=_nearest(str(fld), kind.known, "Fields"))
    filled = Counter([*columns.values(), *constants])
    if twice := [fld for fld, count in filled.items() if count > 1]:
        raise ConfigError(f"the field {twice[0]!r} is told twice", where=where)
    if missing := sorted(kind.marks - filled.keys()):
        what = f"{kind.name} needs the field {missing[0]!r}"
        remedy = f"Name its column in [mapping.columns], or a value for all in [mapping.constants]: {', '.join(sorted(kind.marks))} are needed."
        raise ConfigError(what, where=where, remedy=remedy)


def _pairs(told: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    found = told.get(key, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{key} must be written as [mapping.{key}]", where=where)
    for name, value in found.items():
        if isinstance(value, dict | list) or not name:
            raise ConfigError(f"{key}.{name} must be a single value", where=where)
    return found


def _text(told: Mapping[str, Any], key: str, where: str, *, needed: bool = True) -> str:
    found = told.get(key, "")
    if not isinstance(found, str) or (needed and not found):
        raise ConfigError(f"a mapping needs {key}, a text", where=where)
    return found


def _zone(name: str, where: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "Name it as in Europe/Berlin."
        raise ConfigError(f"there is no time zone {name!r}", where=where, remedy=remedy) from error
    return name


def _nearest(told: str, known: Iterable[str], what: str) -> str:
    close = difflib.get_close_matches(told.lower(), sorted(known), n=3)
    nearest = f"The nearest: {', '.join(close)}. " if close else ""
    return f"{nearest}{what}: {', '.join(sorted(known))}."


@dataclass
class Mappings:
    """All mappings of a workspace, and which of their columns were met in which file."""

    mapped: Sequence[Mapped] = ()
    _met: dict[tuple[str, Mapped], set[str]] = field(default_factory=dict)

    def kind_of(self, found: Exported) -> Known | None:
        """The source and kind of a record, by a mapping of its file or by what it is.

        Raises:
            OddRecordError: a column that a mapping names is not in the table.
        """
        record = found.record
        if record is None:
            return None
        for one in self.mapped:
            if _fits(found.place, one.files):
                source, kind = targets()[one.table]
                self._meet(one, found, record)
                return source, read_as(kind, record, partial(_made, one))
        return kind_of(found)

    def unmet(self) -> list[str]:
        """Columns that are in no record of a file, so that a misspelt one is noticed."""
        return [
            f"{place}: no record has the field {column!r} of its mapping"
            for (place, one), met in self._met.items()
            for _, column in one.columns
            if column not in met
        ]

    def _meet(self, one: Mapped, found: Exported, record: Mapping[str, Any]) -> None:
        met = self._met.setdefault((found.place, one), set())
        met.update(column for _, column in one.columns if _has(record, column))
        if not found.place.lower().removesuffix(".gz").endswith(_TABLES):
            return
        for _, column in one.columns:
            if column not in record:
                met.add(column)  # it is told here
                raise OddRecordError(_no_column(column, record))


def _no_column(column: str, record: Mapping[str, Any]) -> str:
    """Only names that are alike are told: a table without a head has values where names should be."""
    lower = {name.lower(): name for name in record}
    close = difflib.get_close_matches(column.lower(), list(lower), n=3)
    nearest = ", ".join(repr(lower[name]) for name in close)
    return f"no column {column!r}" + (f"; the nearest: {nearest}" if close else "")


def _fits(place: str, pattern: str) -> bool:
    """Whether a path, or its end, is as the pattern says; within archives too.

    >>> _fits("/x/exports.zip!itsm/incidents-2026.csv", "incidents-*.csv"), _fits("/x/itsm/a.csv", "itsm/*.csv")
    (True, True)
    >>> _fits("/x/other-incidents.csv", "incidents*.csv")
    False
    """
    parts = place.replace("!", "/").split("/")
    return fnmatchcase("/".join(parts[-(pattern.count("/") + 1) :]), pattern)


def _made(one: Mapped, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The record that a mapping makes of a row."""
    kind = targets()[one.table][1]
    made: dict[str, Any] = dict(one.constants)
    for fld, column in one.columns:
        value = _within(raw, column)
        told = isinstance(value, str) and value.strip()
        made[fld] = _moment(value.strip(), fld, one) if told and fld in kind.moments else value
    return made


def _moment(told: str, fld: str, one: Mapped) -> str:
    """A day, or a moment with its zone, as ISO 8601 writes it; what is none is told by who reads the field."""
    try:
        found = _parsed(told, one.date_format)
    except ValueError as error:
        if one.date_format:
            what = f"{fld} is not written as {one.date_format!r} says"
            raise OddRecordError(what) from error
        return told
    timed = any(sign in one.date_format for sign in _TIMED) if one.date_format else len(told) > 10
    if not timed:
        return f"{found:%Y-%m-%d}"  # a day is the same day everywhere
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(one.timezone))
    return found.isoformat()


def _parsed(told: str, written: str) -> datetime:
    return datetime.strptime(told, written) if written else datetime.fromisoformat(told)  # noqa: DTZ007 - its zone is set afterwards


def _within(raw: Any, column: str) -> Any:
    """What a column holds, or what lies within fields, with dots."""
    if column in raw:
        return raw[column]
    for name in column.split("."):
        raw = raw.get(name) if isinstance(raw, dict) else None
    return raw


def _has(raw: Mapping[str, Any], column: str) -> bool:
    return column in raw or _within(raw, column) is not None
