"""Raw records, kept only when somebody asks for it, and only until a day that is part of their place.

They hold texts, names and addresses of people; nothing of trueup reads them. They are for those who have
to show what a fact was made from: the hash of a record stands with every fact.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

FOLDER = "raw"
_UNTIL = re.compile(r"until-(\d{4}-\d\d-\d\d)")


class RawRecords:
    """A file of raw records, one a line: the hash, the kind, the record.

    Args:
        workspace: where it is kept, below `raw/`.
        source: whose records.
        days: for how long.
        now: the moment of the run.
    """

    def __init__(self, workspace: Path, source: str, days: int, now: datetime) -> None:
        until = (now + timedelta(days=days)).date()
        folder = workspace / FOLDER / f"until-{until}"
        self._path = folder / f"{source}-{now:%Y%m%dT%H%M%S%f}.ndjson.gz"
        self._lines: list[bytes] = []

    def add(self, kind: str, sha256: str, record: dict[str, Any]) -> None:
        """One record; it is on disk after `save`."""
        self._lines.append(orjson.dumps({"sha256": sha256, "kind": kind, "record": record}))

    def save(self) -> None:
        """Write what was added; readable for the owner alone."""
        if not self._lines:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as stream:
            stream.write(gzip.compress(b"\n".join(self._lines) + b"\n"))
        self._lines.clear()


def forget_raw(workspace: Path, today: date) -> int:
    """Remove raw records whose day has come; how many folders of them there were."""
    over = [day for day in kept_until(workspace) if day <= today]
    for day in over:
        shutil.rmtree(workspace / FOLDER / f"until-{day}")
    return len(over)


def kept_until(workspace: Path) -> list[date]:
    """The days until which raw records are kept; none where none are."""
    folder = workspace / FOLDER
    inner = folder.iterdir() if folder.is_dir() else ()
    found = (_UNTIL.fullmatch(each.name) for each in inner if each.is_dir())
    return sorted(date.fromisoformat(told[1]) for told in found if told)
