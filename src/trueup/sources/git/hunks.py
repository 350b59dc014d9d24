"""Which lines commits brought, for those on which coverage was measured."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from trueup.facts import hunks
from trueup.facts.coverage import TABLE as COVERAGE
from trueup.sources.git.columns import quoted
from trueup.sources.git.history import NOWHERE
from trueup.sources.git.patches import Patches, read_patches

if TYPE_CHECKING:
    from trueup.facts.snapshot import Snapshot
    from trueup.sources.git.derive import Read, Shape
    from trueup.sources.git.repository import Repository

#: Stretches of lines by path: first line and how many.
Stretches = dict[bytes, list[tuple[int, int]]]


def measured(snapshot: Snapshot) -> list[str]:
    """All commits that a coverage report says it was measured on, here or elsewhere."""
    if not snapshot.files(COVERAGE):
        return []
    return sorted(s for s in pc.unique(snapshot.table(COVERAGE)["sha"]).to_pylist() if s)


def hunk_rows(shape: Shape, read: Read, wanted: list[str]) -> pa.Table:
    """Rows of those wanted commits that are here and of which nothing is known yet."""
    known = set(read(hunks.TABLE, ["sha"])["sha"].to_pylist())
    here = [s for s in wanted if s not in known and shape.history.find(s) != NOWHERE]
    found = brought_lines(shape.repository, here)
    rows = [(sha, path, runs) for sha in sorted(found) for path, runs in sorted(found[sha].items())]
    return shape.rows(
        "hunks",
        {
            "sha": [sha for sha, _, _ in rows],
            "path": [quoted(path) for _, path, _ in rows],
            "first": [[first for first, _ in runs] for _, _, runs in rows],
            "lines": [[lines for _, lines in runs] for _, _, runs in rows],
            "source_key": [sha for sha, _, _ in rows],
            "raw_sha256": [sha for sha, _, _ in rows],
        },
    )


def brought_lines(repository: Repository, shas: list[str]) -> dict[str, Stretches]:
    """Stretches of lines each commit brought against its first parent, by path.

    Left out are commits that cannot be read, files of which git knows no lines, and those whose names it quotes.
    """
    if not shas:
        return {}
    reading = _Brought({sha.encode() for sha in repository.stood_in})
    read_patches(repository, shas, reading, merges=True, renames=True)
    return {sha: files for sha, files in reading.found.items() if sha not in reading.unreadable}


class _Brought(Patches):
    """Keeps where lines were added."""

    def __init__(self, stood_in: set[bytes]) -> None:
        super().__init__()
        self.found: dict[str, Stretches] = {}
        self.unreadable: set[str] = set()
        self._stood_in = stood_in

    def commit(self) -> None:
        self.found[self.sha] = defaultdict(list)

    def gave_up(self) -> None:
        self.found.pop(self.sha, None)

    def added(self, number: int, text: bytes) -> None:
        if text.strip() in self._stood_in:
            self.unreadable.add(self.sha)
        if not self.path:
            return
        runs = self.found[self.sha][self.path]
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
