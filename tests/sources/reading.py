"""Rows that single records of a source become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import Rows
from trueup.runs.kinds import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.kernel.sources import Source

KEY = b"a key for tests"
SHA = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
GIVEN = {"place": "acme/app", "sha": SHA}


def taken(
    source: Source,
    kind: str,
    *records: Any,
    about: Mapping[str, Any] | None = None,
    asked: str = "",
    rows: Rows | None = None,
) -> Rows:
    """What records of one kind become, beside rows that are there."""
    rows = rows or Rows(KEY)
    found = source.kind(kind)
    assert found is not None
    for record in records:
        rows.begin("x:1", "0" * 64, asked, about)
        found.to_facts(record, rows)
    return rows


def by_table(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    return {table.name: made.to_pylist() for table, made in rows.tables()}


def with_people(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """By table, with those who are named."""
    return by_table(rows) | {"people": rows.people("here").to_pylist()}


def told(
    source: Source,
    kind: str,
    record: Mapping[str, Any],
    about: Mapping[str, Any] | None = None,
    asked: str = "",
) -> tuple[dict[str, list[dict[str, Any]]], Rows]:
    """The rows of a record by table, and what was not known."""
    rows = taken(source, kind, record, about=about, asked=asked)
    return by_table(rows), rows


def filled(row: dict[str, Any]) -> set[str]:
    """The columns that hold something."""
    envelope = {"source_key", "raw_sha256", "happened_at"}
    return {name for name, value in row.items() if value is not None} - envelope


def read(
    source: str, kind: str, record: Any, about: Mapping[str, Any] | None = GIVEN
) -> dict[str, list[dict[str, Any]]]:
    """All rows of a record of a report, by table."""
    return by_table(taken(SOURCES[source], kind, record, about=about))


def findings(source: str, kind: str, record: Any, about: Any = GIVEN) -> list[dict[str, Any]]:
    return read(source, kind, record, about).get("findings", [])
