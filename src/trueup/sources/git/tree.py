"""The tree at the end of the default branch: sizes, indentation, owners, mailmap, revisions to skip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from trueup.facts.paths import role_of
from trueup.sources.git.columns import quoted
from trueup.transport.processes import run, streaming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from trueup.sources.git.repository import Repository

#: Larger files are listed but not looked into.
LARGEST = 1 << 20


def read_blobs(repository: Repository, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Contents of blobs, in order; those that are missing are left out."""
    given = "".join(f"{b}\n" for b in blobs).encode()
    command = repository.git("cat-file", "--batch", "--buffer")
    with streaming(command, given=given, env=repository.env) as running:
        stream = _Buffered(running.out)
        while head := stream.line():
            parts = head.split(b" ")
            if len(parts) == 3:
                body = stream.exactly(int(parts[2]) + 1)
                if len(body) <= int(parts[2]):
                    return  # git gave up in the middle of it
                if parts[1] == b"blob":
                    yield parts[0].decode(), body[:-1]


def blobs_at(
    repository: Repository, places: Sequence[tuple[str, bytes]], largest: int
) -> dict[tuple[str, bytes], str]:
    """The blob at each place (a commit and a path), where there is one that is not too large."""
    asked = [place for place in places if b"\n" not in place[1]]
    given = b"".join(sha.encode() + b":" + path + b"\n" for sha, path in asked)
    if not asked:
        return {}
    check = "--batch-check=%(objectname) %(objecttype) %(objectsize)"
    told = repository.run("cat-file", check, given=given).out.split(b"\n")
    found = {}
    for place, line in zip(asked, told, strict=False):
        words = line.split()
        known = len(words) == 3 and words[1] == b"blob" and words[2].isdigit()
        if known and int(words[2]) <= largest:
            found[place] = words[0].decode()
    return found


def indentation(body: bytes) -> tuple[int, int, int] | None:
    r"""Lines that are not blank, the sum of their indentation, and the deepest; nothing for binaries.

    A level is a tab or four spaces. [Hindle2008]

    >>> indentation(b"def f():\n    if x:\n        return 1\n\n")
    (3, 3, 2)
    """
    if b"\0" in body[:8000]:
        return None
    raw = np.frombuffer(body, dtype=np.uint8)
    if not len(raw):
        return 0, 0, 0
    starts = np.concatenate(([0], np.flatnonzero(raw == 10) + 1))
    starts = starts[starts < len(raw)]
    blank = (raw == 32) | (raw == 9) | (raw == 13)
    solid = np.flatnonzero(~blank)
    at = np.searchsorted(solid, starts)
    has = at < len(solid)
    starts, first = starts[has], solid[at[has]]
    full = raw[first] != 10
    starts, first = starts[full], first[full]
    tabs = np.concatenate(([0], np.cumsum(raw == 9)))
    tab_count = tabs[first] - tabs[starts]
    depth = tab_count + (first - starts - tab_count) // 4
    return len(first), int(depth.sum()), int(min(depth.max(initial=0), 30_000))


class Listed(NamedTuple):
    """A file at a commit: its path as bytes and as text; the size of a missing blob is -1."""

    place: bytes
    path: str
    blob: str
    size: int
    role: str


def list_files(repository: Repository, tip: str) -> list[Listed]:
    """Every file at a commit; submodules and links are left out."""
    done = repository.run("ls-tree", "-r", "-l", "-z", "--full-tree", tip)
    files = []
    for entry in done.out.split(b"\0"):
        if not entry:
            continue
        meta, place = entry.split(b"\t", 1)
        mode, kind, blob, size = meta.split()
        if kind == b"blob" and mode != b"120000":
            path = quoted(place) or ""
            bytes_ = int(size) if size.isdigit() else -1
            files.append(Listed(place, path, blob.decode(), bytes_, role_of(path)))
    return files


def file_rows(
    repository: Repository, listed: Sequence[Listed], wanted: Callable[[str, str], bool]
) -> tuple[dict[str, list[Any]], int]:
    """Columns for the table `files`, and how many wanted files could not be read.

    Args:
        repository: where to read.
        listed: the files.
        wanted: whether to look into a file, given its path and role.
    """
    look = {f.blob for f in listed if f.size <= LARGEST and wanted(f.path, f.role)}
    known = {blob: indentation(body) for blob, body in read_blobs(repository, sorted(look))}
    found = [known.get(f.blob) for f in listed]
    columns: dict[str, list[Any]] = {
        "path": [f.path for f in listed],
        "blob": [f.blob for f in listed],
        "bytes": [f.size for f in listed],
        "lines": [f[0] if f else None for f in found],
        "indentation": [f[1] if f else None for f in found],
        "deepest": [f[2] if f else None for f in found],
        "role": [f.role for f in listed],
        "raw_sha256": [f.blob for f in listed],
    }
    return columns, len(look - set(known))


def read_files(repository: Repository, tip: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Contents of those of the files that are there."""
    at = blobs_at(repository, [(tip, path.encode()) for path in paths], LARGEST)
    bodies = dict(read_blobs(repository, sorted(set(at.values()))))
    blobs = {path: at.get((tip, path.encode()), "") for path in paths}
    return {path: bodies[blob] for path, blob in blobs.items() if blob in bodies}


def owner_rules(text: str) -> list[tuple[int, str, list[str]]]:
    r"""The rules of a CODEOWNERS file: position, pattern, owners.

    >>> owner_rules("# all\n*  @org/core ada@example.org\n[Section]\n/docs/ @bo # text\n")
    [(1, '*', ['@org/core', 'ada@example.org']), (3, '/docs/', ['@bo'])]
    """
    rules = []
    inherited: list[str] = []
    for position, line in enumerate(text.splitlines()):
        words = re.split(r"(?<!\\)\s+", re.sub(r"(?<!\\)#.*", "", line).strip())
        owners = [w for w in words[1:] if "@" in w]
        if words[0].startswith(("[", "^[")):
            inherited = owners  # of rules of this section that name none
        elif words[0] and (owners or inherited):
            rules.append((position, words[0], owners or inherited))
    return rules


def proper_identities(
    repository: Repository, mailmap: bytes, people: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Names and addresses as the mailmap wants them, in the same order."""
    if not mailmap.strip() or not people:
        return people
    place = repository.scratch / "mailmap"
    place.write_bytes(mailmap)
    lines = [_clean(f"{name} <{address}>") for name, address in people]
    command = repository.git("-c", f"mailmap.file={place}", "check-mailmap", "--stdin")
    done = run(command, given="\n".join(lines).encode("utf-8", "replace"), env=repository.env)
    answers = done.out.decode("utf-8", "replace").split("\n")[:-1]
    if done.code or len(answers) != len(lines):
        return people
    proper = []
    for (name, address), answer in zip(people, answers, strict=True):
        match = re.fullmatch(r"(.*?) ?<([^<>]*)>", answer)
        proper.append((match[1], match[2]) if match else (name, address))
    return proper


def _clean(line: str) -> str:
    return line.replace("\n", " ").replace("\r", " ").replace("\0", "")


class _Buffered:
    """Lines and exact amounts from a raw pipe."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._held = bytearray()

    def line(self) -> bytes:
        while (end := self._held.find(b"\n")) < 0:
            if not self._more():
                return b""
        found = bytes(self._held[:end])
        del self._held[: end + 1]
        return found

    def exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            if not self._more():
                break
        found = bytes(self._held[:count])
        del self._held[:count]
        return found

    def _more(self) -> bool:
        chunk = self._stream.read(1 << 18)
        self._held += chunk
        return bool(chunk)
