"""Which lines commits brought, for those on which coverage was measured.

Where code is loaded by being run (Python, Ruby, JavaScript), lines that only define or import something run
whether anybody tests it or not: they are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from trueup.facts import hunks
from trueup.facts.coverage import TABLE as COVERAGE
from trueup.sources.git.columns import quoted
from trueup.sources.git.history import NOWHERE
from trueup.sources.git.patches import Patches

if TYPE_CHECKING:
    from trueup.facts.snapshot import Snapshot
    from trueup.sources.git.derive import Read, Shape

_WORDS = (
    rb"(?:(?:export|default|abstract|declare|static|readonly|public|private|protected|async)\s+)*"
)
_SCRIPT = (
    rb"\s*(?:@|import\b(?!\s*\()|export\s*[*{]|"
    + _WORDS
    + rb"(?:function|class|interface|type|enum)\b|"
    rb"(?:const|let|var)\s+(?:[\w$]+|\{[^}]{0,200}\})\s*=\s*require\(|"
    rb"(?:(?:module\.)?exports(?:\.[\w$]+)?|"
    + _WORDS
    + rb"(?:const\s+|let\s+|var\s+)?[\w$]+(?:\s*:[^=]{1,200})?)"
    rb"\s*=\s*(?:async\s*)?(?:function\b|(?:\([^()]{0,200}\)|[\w$]+)(?:\s*:[^=]{1,200})?\s*=>))"
)
#: Lines that only define or import something, by the end of the name of the file.
_DEFINES = {
    (b".py",): re.compile(rb"\s*(?:@|(?:async\s+)?def\b|class\b|import\b|from\s+\S+\s+import\b)"),
    (b".rb",): re.compile(
        rb"\s*(?:def|class|module|require|require_relative|include|extend|attr_\w+|private|protected|public)\b"
    ),
    (b".js", b".jsx", b".mjs", b".cjs", b".ts", b".tsx"): re.compile(_SCRIPT),
}

#: Stretches of lines, in order: first line and how many.
Stretches = list[tuple[int, int]]


def measured(snapshot: Snapshot) -> list[str]:
    """All commits that a coverage report says it was measured on, here or elsewhere."""
    shas = pc.unique(snapshot.table(COVERAGE, ["sha"])["sha"])
    return sorted(s for s in shas.to_pylist() if s)


def hunk_rows(shape: Shape, read: Read, wanted: list[str]) -> pa.Table:
    """Rows of those wanted commits that are here and of which nothing is known yet."""
    known = set(read(hunks.TABLE, ["sha"])["sha"].to_pylist())
    here = [s for s in wanted if s not in known and shape.history.find(s) != NOWHERE]
    found = _Brought().read(shape.repository, here, merges=True, renames=True) if here else {}
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


class _Brought(Patches[Stretches]):
    """Keeps where lines were added."""

    def keep(self, files: dict[bytes, Stretches], path: bytes, number: int, text: bytes) -> None:
        if any(path.endswith(ends) and defines.match(text) for ends, defines in _DEFINES.items()):
            return
        runs = files.setdefault(path, [])
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
