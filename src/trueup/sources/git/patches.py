"""What commits add, read from patches as git prints them, line by line."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Generic, TypeVar

from trueup.transport.processes import streaming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trueup.sources.git.repository import Repository

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


#: What is kept of a file.
Kept = TypeVar("Kept")


class Patches(Generic[Kept]):
    """What is kept of the lines that commits add, by path; files whose names git quotes are left out."""

    def __init__(self) -> None:
        self._found: dict[str, dict[bytes, Kept]] = {}
        self._unreadable: set[str] = set()
        self._stood_in: set[bytes] = set()
        self._sha = ""
        self._path = b""
        self._old = self._new = self._line = 0

    def keep(self, files: dict[bytes, Kept], path: bytes, number: int, text: bytes) -> None:
        """Take in one line that the commit of these files adds to one of them."""
        raise NotImplementedError

    def read(
        self,
        repository: Repository,
        shas: Iterable[str],
        *,
        merges: bool = False,
        renames: bool = False,
        removed: bool = False,
        only: Sequence[bytes] = (),
    ) -> dict[str, dict[bytes, Kept]]:
        """What is kept of each commit; those that cannot be read are left out.

        Args:
            repository: where to read.
            shas: commits.
            merges: a merge stands for what it brought to its first parent; else it adds nothing.
            renames: only what was changed in a renamed file is added.
            removed: the lines that commits take away instead, with their numbers before.
            only: paths to look at; all if there is none.
        """
        given = "".join(f"{s}\n" for s in shas).encode()
        command = repository.git(
            "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false", "-c", "core.quotePath=false",
            "log", "--no-walk=unsorted", "--stdin", "-p", "-U0", "--no-ext-diff", "--no-textconv",
            f"--diff-merges={'first-parent' if merges else 'off'}", "--no-color",
            *(("-R", "--src-prefix=b/", "--dst-prefix=a/") if removed else ()),
            "--find-renames" if renames else "--no-renames", "--format=%x01commit %H", "--",
            *(f":(top,literal){os.fsdecode(path)}" for path in only), stand_ins=True,
        )  # fmt: skip
        self._stood_in = {sha.encode() for sha in repository.stood_in}
        with streaming(command, given=given, env=repository.env) as running:
            left = b""
            while chunk := running.out.read(1 << 20):
                *lines, left = (left + chunk).split(b"\n")
                for line in lines:
                    self._take(line)
        if running.code:
            self._unreadable.add(self._sha)  # the one at which git gave up
        return {sha: files for sha, files in self._found.items() if sha not in self._unreadable}

    def _take(self, line: bytes) -> None:
        """One line of git's; inside a hunk nothing is a heading, whatever it looks like."""
        if self._new and line.startswith(b"+"):
            self._new -= 1
            self._line += 1
            if line[1:].strip() in self._stood_in:
                self._unreadable.add(self._sha)
            if self._path:
                self.keep(self._found[self._sha], self._path, self._line - 1, line[1:])
        elif self._old and line.startswith(b"-"):
            self._old -= 1
        elif hunk := _HUNK.match(line):
            self._old, self._line, self._new = (int(n) if n else 1 for n in hunk.groups())
        elif line.startswith(b"+++ "):
            self._path = line[6:].rstrip(b"\t") if line.startswith(b"+++ b/") else b""
        elif line.startswith(b"\x01commit "):
            self._sha = line[8:].decode()
            self._found[self._sha] = {}
