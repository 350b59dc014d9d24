"""Files that are the same bytes on every machine."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path


def moment(at: datetime | None) -> str | None:
    """A moment in UTC, as interfaces write it, to the second; None for none."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def save_json(path: Path, value: Any) -> None:
    """Write one document."""
    save_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def save_lines(path: Path, records: Iterable[Any]) -> None:
    """Write a document per line."""
    save_text(path, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records))


def save_table(path: Path, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table with its names of columns."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(names)
    table.writerows(rows)
    save_text(path, out.getvalue())


def save_text(path: Path, text: str) -> None:
    """Write a text as UTF-8."""
    path.write_bytes(text.encode())
