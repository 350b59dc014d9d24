"""Facts as text, to be compared with what is stored beside a test."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trueup.facts.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from trueup.facts.store import Store


def about(folder: Path) -> Mapping[str, str]:
    """What a reader says of the recorded files beside them, where these do not say it themselves."""
    told = folder / "about.json"
    found: Mapping[str, str] = json.loads(told.read_text("utf-8")) if told.exists() else {}
    return found


def compare(store: Store, name: str, folder: Path, left_out: Collection[str]) -> None:
    """A table against the CSV in a folder, which is written anew when `TRUEUP_FLOW=write`."""
    stored = folder / f"{name}.csv"
    made = as_csv(store, name, left_out)
    if os.environ.get("TRUEUP_FLOW") == "write":
        stored.write_text(made, encoding="utf-8")
    assert stored.exists(), f"{name}.csv is not stored yet: see the head of the test"
    assert made == stored.read_text(encoding="utf-8"), name


def as_csv(store: Store, name: str, left_out: Collection[str]) -> str:
    table = TABLES[name]
    columns = [c for c in table.schema.names if c not in left_out]
    found = store.snapshot().table(table).select(columns)
    rows = [[_text(v) for v in row.values()] for row in found.to_pylist()]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([columns, *sorted(rows)])
    return out.getvalue()


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, float):
        return f"{value:.2f}"
    return "" if value is None else str(value)
