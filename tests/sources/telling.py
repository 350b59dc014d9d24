"""What a record of a source becomes, for tests of its mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trueup.kernel.sources import Source

KEY = b"a key for tests"


def told(
    source: Source,
    kind: str,
    record: Mapping[str, Any],
    about: Mapping[str, Any] | None = None,
    asked: str = "",
) -> tuple[dict[str, list[dict[str, Any]]], Rows]:
    """The rows of a record by table, and what was not known."""
    rows = Rows(KEY)
    rows.begin("x:1", "0" * 64, asked, about)
    found = source.kind(kind)
    assert found is not None
    found.to_facts(record, rows)
    return {table.name: made.to_pylist() for table, made in rows.tables()}, rows


def filled(row: dict[str, Any]) -> set[str]:
    """The columns that hold something."""
    envelope = {"source_key", "raw_sha256", "happened_at"}
    return {name for name, value in row.items() if value is not None} - envelope
