"""One `git fast-import` process that writes one repository, without any work tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from trueup.kernel.errors import GitError, GitVersionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from types import TracebackType

    from trueup.simulate.content import Written

NOWHERE = "0" * 40
# Commits that belong to no branch that stays are written here; the ref is deleted at the end.
SCRATCH = "refs/heads/scratch"
# glibc gives memory back and asks for it again at every commit, a third of the time of an import.
ROOM = {"MALLOC_TOP_PAD_": "67108864", "MALLOC_TRIM_THRESHOLD_": "268435456"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who, when, and how many minutes east of Greenwich."""

    name: str
    email: str
    at: datetime
    offset: int = 0

    def __str__(self) -> str:
        sign = "-" if self.offset < 0 else "+"
        hours, minutes = divmod(abs(self.offset), 60)
        zone = f"{sign}{hours:02d}{minutes:02d}"
        return f"{self.name} <{self.email}> {int(self.at.timestamp())} {zone}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit to write; parents are marks."""

    author: Stamp
    committer: Stamp
    message: str
    parents: tuple[int, ...] = ()
    changes: Sequence[Written] = ()


def clean_environment() -> dict[str, str]:
    """An environment in which nobody's git configuration has a say."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return kept | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "HOME": os.devnull,
        "LC_ALL": "C",
        "TZ": "UTC",
    }


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints, run in a folder under the clean environment."""
    done = subprocess.run(
        [_program(), *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        stderr = done.stderr.decode(errors="replace")
        raise GitError.from_command(arguments[0], done.returncode, stderr, str(folder))
    return done.stdout.decode(errors="surrogateescape")


def new_repository(path: Path, *, bare: bool = True) -> None:
    """An empty repository whose main line is `main`, without templates or hooks."""
    if path.exists() and any(path.iterdir()):
        what = "the place for the simulated repository is not empty"
        raise UsageError(what, where=str(path), remedy="Name a new folder or remove this one.")
    path.mkdir(parents=True, exist_ok=True)
    kind = ["--bare"] if bare else []
    git(path, "init", "--quiet", "--template=", "--initial-branch=main", *kind, ".")


def importer(repository: Path, marks: Path | None) -> subprocess.Popen[bytes]:
    """A running fast-import; the marks file receives every sha when it ends."""
    export = [f"--export-marks={marks}"] if marks else []
    options = ["--quiet", "--done", "--date-format=raw", *export]
    return subprocess.Popen(
        [_program(), "-c", "core.compression=1", "fast-import", *options],
        cwd=repository,
        env=clean_environment() | ROOM,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A wide pipe and small writes keep both processes busy at the same time.
        bufsize=1 << 13,
        pipesize=1 << 20,
    )


def ended(process: subprocess.Popen[bytes], where: Path) -> None:
    """Wait for an import to end, and raise what it complained about."""
    _, stderr = process.communicate()
    if process.returncode:
        text = stderr.decode(errors="replace")
        raise GitError.from_command("fast-import", process.returncode, text, str(where))


class GitWriter:
    """Writes commits, branches and tags; every commit is known by its mark.

    Shas of commits already written can be asked for while writing, since messages name them.
    """

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._count = 0
        self._tips: dict[str, int] = {}
        self._scratch = False

    def __enter__(self) -> Self:
        new = tempfile.TemporaryDirectory(prefix="trueup-marks-")
        self._folder = new
        self._marks = Path(new.name) / "marks"
        self._process = importer(self._repository, self._marks)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._folder:
            if kind is None or issubclass(kind, BrokenPipeError):
                # When git has already given up, its own words are better than a broken pipe.
                with suppress(BrokenPipeError):
                    self._finish()
                ended(self._process, self._repository)
                self.shas = _read_marks(self._marks)
            else:
                self._process.kill()
                self._process.communicate()

    @property
    def count(self) -> int:
        """How many commits were written."""
        return self._count

    def commit(self, ref: str, commit: Commit) -> int:
        """Write a commit at the tip of a ref and return its mark."""
        self._count += 1
        self._scratch = self._scratch or ref == SCRATCH
        head = [f"commit {ref}", f"mark :{self._count}"]
        head += [f"author {commit.author}", f"committer {commit.committer}"]
        self._put("\n".join([*head, ""]).encode() + _data(commit.message.encode()))
        parents = commit.parents
        if parents and self._tips.get(ref) != parents[0]:
            self._put(b"from :%d\n" % parents[0])
        for parent in parents[1:]:
            self._put(b"merge :%d\n" % parent)
        self._put(_paths(commit.changes) + b"\n")
        self._tips[ref] = self._count
        return self._count

    def branch(self, name: str, mark: int) -> None:
        """Let a branch point at a commit."""
        self._reset(f"refs/heads/{name}", f":{mark}")

    def tag(self, name: str, mark: int, tagger: Stamp, message: str) -> None:
        """Write an annotated tag."""
        head = f"tag {name}\nfrom :{mark}\ntagger {tagger}\n"
        self._put(head.encode() + _data(message.encode()))

    def sha(self, mark: int) -> str:
        """The sha of a commit already written."""
        self._put(b"get-mark :%d\n" % mark)
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is not None and stdout is not None:
            stdin.flush()
            return stdout.readline().decode().strip()
        return ""

    def _finish(self) -> None:
        if self._scratch:
            self._reset(SCRATCH, NOWHERE)
        self._put(b"done\n")

    def _reset(self, ref: str, target: str) -> None:
        self._put(f"reset {ref}\nfrom {target}\n\n".encode())

    def _put(self, data: bytes) -> None:
        stdin = self._process.stdin
        if stdin is not None:
            stdin.write(data)


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _paths(changes: Iterable[Written]) -> bytes:
    parts = []
    for path, mode, data in changes:
        if data is None:
            parts.append(f"D {path}\n".encode())
        else:
            parts.append(f"M {mode} inline {path}\n".encode() + _data(data))
    return b"".join(parts)


def _read_marks(path: Path) -> dict[int, str]:
    marks = {}
    for line in path.read_text().splitlines():
        mark, sha = line.split()
        marks[int(mark[1:])] = sha
    return marks


def _program() -> str:
    program = shutil.which("git")
    if program is None:
        raise GitVersionError.found("", "2.32")
    return program
