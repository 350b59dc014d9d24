"""Real repositories, written commit by commit, with anything in them that git accepts."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from trueup.simulate.gitwriter import clean_environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

ADA = b"Ada Quill <ada@example.org>"
BO = b"Bo Reed <bo@example.org>"
#: Noon of the first of March 2026.
START = 1_772_366_400
DAY = 86_400
LINK, SUBMODULE, PROGRAM = "120000", "160000", "100755"

#: Contents, contents with a mode, or nothing to delete the file.
File = bytes | tuple[str, bytes] | None


def git(folder: Path, *arguments: str, given: bytes = b"", **more: str) -> bytes:
    """What git prints, under an environment without anybody's settings."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=clean_environment() | more,
        input=given,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr.decode(errors="replace"))
    return done.stdout


def words(folder: Path, *arguments: str) -> list[str]:
    """What git prints, as words."""
    return git(folder, *arguments).decode().split()


def write_object(folder: Path, kind: str, body: bytes) -> str:
    """Write an object as it is, however odd, and return its id."""
    options = ("-t", kind, "-w", "--stdin", "--literally")
    return git(folder, "hash-object", *options, given=body).decode().strip()


def loose(folder: Path, sha: str) -> Path:
    """Where a loose object lies."""
    common = folder / ".git" if (folder / ".git").is_dir() else folder
    return common / "objects" / sha[:2] / sha[2:]


def unpack(folder: Path) -> None:
    """Turn every packed object into a loose one, so that single ones can be taken away."""
    common = folder / ".git" if (folder / ".git").is_dir() else folder
    for pack in list((common / "objects" / "pack").glob("*.pack")):
        data = pack.read_bytes()
        for file in pack.parent.glob(pack.stem + ".*"):
            file.unlink()
        git(folder, "unpack-objects", "-q", given=data)


@dataclass(frozen=True)
class Spec:
    """How a repository is made."""

    bare: bool = False
    sha256: bool = False


class Repo:
    """Writes commits through one `git fast-import`; every commit returns its id.

    Can be entered again and again: tips are looked up each time.
    """

    def __init__(self, path: Path, spec: Spec | None = None) -> None:
        self.path = path
        spec = spec or Spec()
        path.mkdir(parents=True, exist_ok=True)
        if not any(path.iterdir()):
            options = ["--bare"] if spec.bare else []
            options += ["--object-format=sha256"] if spec.sha256 else []
            git(path, "init", "-q", "--template=", "--initial-branch=main", *options, ".")
        self._count = 0
        self._clock = START

    def __enter__(self) -> Self:
        listed = git(self.path, "for-each-ref", "--format=%(refname) %(objectname)")
        pairs = (line.rpartition(" ")[::2] for line in listed.decode().splitlines())
        self._tips = dict(pairs)
        self._marks: dict[str, int] = {}
        self._process = subprocess.Popen(
            ["git", "fast-import", "--quiet", "--done", "--force", "--date-format=raw"],
            cwd=self.path,
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _, told = self._process.communicate(b"done\n")
        if self._process.returncode and kind is None:
            raise AssertionError(told.decode(errors="replace"))

    def commit(  # a commit has many parts
        self,
        files: Mapping[bytes | str, File] | None = None,
        message: bytes | str = b"Change",
        *,
        branch: str = "main",
        parents: Sequence[str] | None = None,
        author: bytes = ADA,
        committer: bytes = b"",
        at: int | None = None,
        authored: int | None = None,
        zone: str = "+0000",
        encoding: str = "",
    ) -> str:
        """Write a commit at the end of a branch; an hour passes where no time is given."""
        self._clock = self._clock + 3600 if at is None else at
        authored = self._clock if authored is None else authored
        ref = branch if branch.startswith("refs/") else f"refs/heads/{branch}"
        if parents is None:
            parents = [self._tips[ref]] if ref in self._tips else []
        self._count += 1
        raw = message if isinstance(message, bytes) else message.encode()
        parts = [] if parents else [f"reset {ref}\n".encode()]
        parts += [
            f"commit {ref}\nmark :{self._count}\n".encode(),
            b"author %b %d %b\n" % (author, authored, zone.encode()),
            b"committer %b %d %b\n" % (committer or author, self._clock, zone.encode()),
            f"encoding {encoding}\n".encode() if encoding else b"",
            _data(raw),
            *(
                f"{'merge' if i else 'from'} {self._name(parent)}\n".encode()
                for i, parent in enumerate(parents)
            ),
            *(_file(path, file) for path, file in (files or {}).items()),
        ]
        self._put(b"".join(parts) + b"\n")
        sha = self._ask(f"get-mark :{self._count}\n")
        self._marks[sha] = self._count
        self._tips[ref] = sha
        return sha

    def branch(self, name: str, sha: str) -> None:
        """Let a branch (or any ref) point at a commit."""
        ref = name if name.startswith("refs/") else f"refs/heads/{name}"
        self._tips[ref] = sha
        self._put(f"reset {ref}\nfrom {self._name(sha)}\n\n".encode())

    def tag(self, name: str, sha: str, *, at: int | None = None) -> None:
        """Write an annotated tag; the time stands still where none is given."""
        at = self._clock if at is None else at
        head = f"tag {name}\nfrom {self._name(sha)}\ntagger {ADA.decode()} {at} +0000\n"
        self._put(head.encode() + _data(b"Release\n"))

    def tip(self, branch: str = "main") -> str:
        """Where a branch ends."""
        return self._tips[f"refs/heads/{branch}"]

    def _name(self, sha: str) -> str:
        """Git knows commits of this session by their marks alone."""
        return f":{self._marks[sha]}" if sha in self._marks else sha

    def _put(self, data: bytes) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(data)

    def _ask(self, question: str) -> str:
        self._put(question.encode())
        if self._process.stdin is None or self._process.stdout is None:
            return ""
        self._process.stdin.flush()
        return self._process.stdout.readline().decode().strip()


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _file(path: bytes | str, file: File) -> bytes:
    raw = os.fsencode(path)
    name = (
        '"' + "".join(chr(b) if b < 127 and chr(b).isalnum() else f"\\{b:03o}" for b in raw) + '"'
    )
    if file is None:
        return f"D {name}\n".encode()
    mode, content = file if isinstance(file, tuple) else ("100644", file)
    if mode == SUBMODULE:
        return f"M {mode} {content.decode()} {name}\n".encode()
    return f"M {mode} inline {name}\n".encode() + _data(content)
