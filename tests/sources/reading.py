"""Rows that single records of a source become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.rows import Rows
from trueup.runs.kinds import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = b"a key for tests"
SHA = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
GIVEN = {"place": "acme/app", "sha": SHA}


def read(
    source: str, kind: str, record: Any, about: Mapping[str, Any] | None = GIVEN
) -> dict[str, list[dict[str, Any]]]:
    """All rows of a record, by table."""
    rows = Rows(KEY)
    rows.begin("x:1", "ab" * 32, "", about)
    found = next(s for s in SOURCES if s.name == source).kind(kind)
    assert found is not None
    found.to_facts(record, rows)
    return {table.name: made.to_pylist() for table, made in rows.tables()}


def findings(source: str, kind: str, record: Any, about: Any = GIVEN) -> list[dict[str, Any]]:
    return read(source, kind, record, about).get("findings", [])
