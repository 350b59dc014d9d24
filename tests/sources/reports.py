"""Reports of tests and coverage given as bytes, read as a run would do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import ExportError
from trueup.runs.intake import take_exports

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from trueup.runs.intake import Taken

KEY = b"a key for tests"
HERE = {"place": "acme/app"}


class Reading:
    """A workspace, and what was told of the last files that were read into it."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.store = Store(folder / "workspace")
        self.files = folder / "files"
        self.files.mkdir()
        self.now = now
        self.problems: list[str] = []
        self.remarks: dict[str, int] = {}

    def take(self, name: str, body: bytes | str, about: Mapping[str, str] = HERE) -> list[Taken]:
        """Read one file."""
        path = self.files / name
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        try:
            clock = fixed_clock(self.now)
            found = take_exports(path, self.store, KEY, clock, lambda *_: None, about)
        except ExportError as error:
            self.problems, self.remarks = [str(error)], {}
            return []
        self.problems = [problem for taken in found for problem in taken.problems]
        self.remarks = {what: n for taken in found for what, n in taken.remarks.items()}
        return found

    def rows(self, table: str, *columns: str) -> list[tuple[object, ...]]:
        """Current rows, in order."""
        found = self.store.snapshot().table(TABLES[table]).to_pylist()
        return sorted((tuple(row[c] for c in columns) for row in found), key=repr)
