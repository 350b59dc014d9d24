"""Reading patches as git prints them, line by line."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from trueup.transport.processes import streaming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trueup.sources.git.repository import Repository

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


class Patches:
    """What takes in the lines that commits add; inside a hunk nothing is a heading, whatever it looks like."""

    def __init__(self) -> None:
        self.sha = ""
        self.path = b""
        self._old = self._new = self._line = 0

    def commit(self) -> None:
        """Another commit begins: `sha`."""
        raise NotImplementedError

    def added(self, number: int, text: bytes) -> None:
        """A line it adds to the file at `path`, which is empty where git quotes the name."""
        raise NotImplementedError

    def gave_up(self) -> None:
        """Git ended early: of the last commit not all is known."""
        raise NotImplementedError

    def take(self, line: bytes) -> None:
        """One line of git's."""
        if self._new and line.startswith(b"+"):
            self._new -= 1
            self._line += 1
            self.added(self._line - 1, line[1:])
        elif self._old and line.startswith(b"-"):
            self._old -= 1
        elif hunk := _HUNK.match(line):
            self._old, self._line, self._new = (int(n) if n else 1 for n in hunk.groups())
        elif line.startswith(b"+++ "):
            self.path = line[6:].rstrip(b"\t") if line.startswith(b"+++ b/") else b""
        elif line.startswith(b"\x01commit "):
            self.sha = line[8:].decode()
            self.commit()


def read_patches(
    repository: Repository,
    shas: Iterable[str],
    reading: Patches,
    *,
    merges: bool = False,
    renames: bool = False,
    only: Sequence[bytes] = (),
) -> None:
    """Hand the patches of commits to a reader.

    Args:
        repository: where to read.
        shas: commits, in the order in which they are handed over.
        reading: takes them in.
        merges: a merge stands for what it brought to its first parent; else it has no patch.
        renames: only what was changed in a renamed file is added.
        only: paths to look at; all if there is none.
    """
    given = "".join(f"{s}\n" for s in shas).encode()
    command = repository.git(
        "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false", "-c", "core.quotePath=false",
        "log", "--no-walk=unsorted", "--stdin", "-p", "-U0", "--no-ext-diff", "--no-textconv",
        f"--diff-merges={'first-parent' if merges else 'off'}", "--no-color",
        "--find-renames" if renames else "--no-renames", "--format=%x01commit %H", "--",
        *(f":(top,literal){os.fsdecode(path)}" for path in only), stand_ins=True,
    )  # fmt: skip
    with streaming(command, given=given, env=repository.env) as running:
        left = b""
        while chunk := running.out.read(1 << 20):
            *lines, left = (left + chunk).split(b"\n")
            for line in lines:
                reading.take(line)
    if running.code:
        reading.gave_up()
