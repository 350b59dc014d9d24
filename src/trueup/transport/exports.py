"""Records in exported files: JSON of any arrangement, lines of JSON, tables, and what sources declare.

A damaged record or file ends neither the file nor the folder it is in: it comes out as a problem with
its place, and the rest is read. No more than one batch of a large file is in memory.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast

from trueup.transport.documents import Found, read_json
from trueup.transport.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path, PurePath

    from trueup.kernel.sources import Form
    from trueup.transport.documents import Exported

#: Files up to this size are parsed at once, which is several times faster than piece by piece.
AT_ONCE = 8 << 20
#: So much of a file is looked at to tell what it is.
HEAD = 4096
#: What expands further than this, and is larger than `AT_ONCE`, is taken for a trap.
MOST_EXPANDED = 200
_TABLES = (".csv", ".tsv")
#: A folder that says what its files are stands at most so far above them.
FAR = 3
_SUFFIXES = (".json", ".ndjson", ".jsonl", ".log", ".sarif", *_TABLES)


def read_exports(
    path: Path,
    forms: Sequence[tuple[str, Form]] = (),
    wholes: Sequence[frozenset[str]] = (),
    turn: Callable[[str], int] = lambda _: 0,
) -> Iterator[Exported]:
    """All records of a file, an archive, or a folder and those below it, in the order of names.

    Args:
        path: where they are.
        forms: files that are neither JSON nor tables, each with what to call its records.
        wholes: fields that tell documents which are one record, whatever lists they hold.
        turn: of a file that is called so; those with a lower one are read before.
    """
    reader = _Reader(tuple(forms), tuple(wholes), turn, path)
    if path.is_dir():
        for inner in sorted((p for p in path.rglob("*") if p.is_file()), key=reader.order):
            if inner.suffix == ".zip" or reader.reads(inner.absolute()):
                yield from reader.file(inner)
    else:
        yield from reader.file(path)


@dataclass(frozen=True, slots=True)
class _Reader:
    forms: tuple[tuple[str, Form], ...]
    wholes: tuple[frozenset[str], ...]
    turn: Callable[[str], int]
    root: Path

    @property
    def named(self) -> bool:
        """Whether one file was named, not a folder of them."""
        return not self.root.is_dir()

    def within(self, path: PurePath) -> str:
        """Where a file lies in what was named: its path below the folder, or as it was given."""
        if path == self.root:
            return path.relative_to(path.anchor).as_posix()
        return path.relative_to(self.root).as_posix()

    def order(self, path: PurePath) -> tuple[int, PurePath]:
        """Where a file stands among others."""
        return self.turn(_stem(path.name)[0]), path

    def reads(self, path: PurePath) -> bool:
        """Whether a file of that name, in that place, may hold records."""
        return bool(_stem(path.name)[1]) or bool(self._fitting(path))

    def _fitting(self, path: PurePath) -> list[tuple[str, Form]]:
        """The forms a file may be of, by its name and place."""
        plain = path.name.lower().removesuffix(".gz")
        return [(k, f) for k, f in self.forms if plain.endswith(f.suffixes) and _lies(path, f)]

    def file(self, path: Path) -> Iterator[Exported]:
        """The records of one file or archive."""
        place = str(path)
        try:
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as archive:
                    yield from self._archive(archive, place)
            else:
                with path.open("rb", buffering=0) as stream:
                    found = Found(place, "", about={"path": self.within(path)}, wholes=self.wholes)
                    lies, size = path.absolute(), path.stat().st_size
                    yield from self._stream(cast("IO[bytes]", stream), found, lies, (size, 0))
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            # RuntimeError is how zipfile says that a member is encrypted.
            yield Found(place, "").problem(0, f"cannot be read: {error}")

    def _archive(self, archive: zipfile.ZipFile, place: str) -> Iterator[Exported]:
        for member in sorted(
            archive.infolist(), key=lambda m: self.order(PurePosixPath(m.filename))
        ):
            path = PurePosixPath(member.filename)
            if not member.is_dir() and self.reads(path):
                with archive.open(member) as stream:
                    about = {"path": member.filename}
                    found = Found(f"{place}!{member.filename}", "", "", about, self.wholes)
                    sizes = (member.file_size, member.compress_size)
                    yield from self._stream(stream, found, path, sizes)

    def _stream(
        self, stream: IO[bytes], found: Found, path: PurePath, sizes: tuple[int, int]
    ) -> Iterator[Exported]:
        name, (size, packed) = path.name, sizes
        hint, suffix = _stem(name)
        found = replace(found, hint=hint)
        if packed and size > AT_ONCE and size > packed * MOST_EXPANDED:
            yield found.problem(0, f"expands {size // packed} times: not read")
            return
        if name.endswith(".gz"):
            stream = cast("IO[bytes]", _Bounded(stream, size))
            size = AT_ONCE + 1
        buffering: Any = io.BufferedReader(cast("io.RawIOBase", stream), HEAD << 10)
        with buffering as buffered:
            form = self._form(path, suffix, buffered)
            if form is not None:
                yield from _of_form(buffered, replace(found, hint=form[0]), form[1])
            elif not suffix and self.reads(path):
                yield from self._of_no_form(buffered, found, path)
            elif suffix in _TABLES:
                yield from read_table(buffered, found)
            else:
                yield from read_json(buffered, found, at_once=size <= AT_ONCE)

    def _form(
        self, path: PurePath, suffix: str, stream: io.BufferedReader
    ) -> tuple[str, Form] | None:
        """The form of a file, by name, place and first bytes; if there is no doubt."""
        fitting = self._fitting(path)
        if not suffix and len(fitting) == 0:
            # A single file of another name, given by the reader: what it holds decides.
            fitting = [(k, f) for k, f in self.forms if _lies(path, f)]
        head = stream.peek(HEAD)[:HEAD] if fitting else b""
        return next(((k, f) for k, f in fitting if f.begins(head)), None)

    def _of_no_form(
        self, stream: io.BufferedReader, found: Found, path: PurePath
    ) -> Iterator[Exported]:
        """Other files of a folder may well be called so; one that was named, or is empty, is told."""
        if not self.named and all(form.rare for _, form in self._fitting(path)):
            return
        if not stream.peek(HEAD)[:HEAD].strip(b"\0 \t\r\n"):
            yield found.problem(0, "it is empty")
        elif self.named:
            yield found.problem(0, "no source knows a file that begins like this")


def _lies(path: PurePath, form: Form) -> bool:
    """Whether a file lies where files of a form do."""
    folders = {part.lower() for part in path.parts[:-1][-FAR:]}
    return not form.within or bool(folders & form.within)


def _of_form(stream: io.BufferedReader, found: Found, form: Form) -> Iterator[Exported]:
    """The records of a file; what tells it from all others is its hash."""
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    found = replace(found, about={**(found.about or {}), "file": digest})
    number = 0
    try:
        for number, record in enumerate(form.records(cast("IO[bytes]", stream)), 1):
            yield found.record(number, record)
    except ValueError as error:
        what = " ".join(str(error).split())[:200]
        yield found.problem(number + 1, f"not read from here on ({what}); what stands before was")


class _Bounded(io.RawIOBase):
    """Unpacked contents, up to what is no trap."""

    def __init__(self, packed: IO[bytes], size: int) -> None:
        self._inner = gzip.GzipFile(fileobj=packed)
        self._most = max(AT_ONCE, size * MOST_EXPANDED)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._inner.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        if self._inner.tell() > self._most:
            raise OSError("it expands more than two hundred times: not read further")
        buffer[: len(data)] = data
        return len(data)


def _stem(name: str) -> tuple[str, str]:
    """What a file is called, and how its name ends, when that is JSON or a table.

    >>> _stem("Pull-Requests.json.gz"), _stem("notes.txt"), _stem("_raw_github_api_runs.csv")
    (('pull_requests', '.json'), ('notes', ''), ('_raw_github_api_runs', '.csv'))
    """
    name = name.lower().removesuffix(".gz")
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix).replace("-", "_"), suffix
    return name.partition(".")[0].replace("-", "_"), ""
