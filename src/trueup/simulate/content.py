"""Files as lines with identity, and edits that apply to any line of history that has them.

A line keeps its key when it is reformatted or its file is renamed, so a merge, a revert or a
cherry-pick is the same edit applied to another tree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Line = tuple[int, str]
Tree = dict[int, "File"]


@dataclass(frozen=True, slots=True)
class File:
    """A file in one tree; ``raw`` holds the bytes of a binary one."""

    path: str
    lines: tuple[Line, ...] = ()
    mode: str = "100644"
    raw: bytes | None = None

    def data(self) -> bytes:
        """What git stores."""
        if self.raw is not None:
            return self.raw
        if self.mode == "120000":
            return self.lines[0][1].encode()
        return "".join([f"{text}\n" for _, text in self.lines]).encode()


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines to take out and to put in; ``after`` is the key of the line before, 0 for none."""

    after: int
    removed: tuple[Line, ...]
    added: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """What one change does to one file; ``made`` and ``unmade`` create and delete it."""

    file: int
    hunks: tuple[Hunk, ...] = ()
    made: File | None = None
    unmade: bool = False

    @property
    def added(self) -> tuple[Line, ...]:
        """All lines it puts in."""
        if self.made is not None:
            return self.made.lines
        return tuple(line for hunk in self.hunks for line in hunk.added)


class Written(NamedTuple):
    """One path as a commit leaves it; ``data`` is None when it is deleted."""

    path: str
    mode: str
    data: bytes | None


def applied(tree: Tree, edits: Iterable[Edit]) -> list[Written]:
    """Change a tree by edits, and say which paths that rewrites."""
    written: dict[str, Written] = {}
    for edit in edits:
        before = tree.get(edit.file)
        after = _edited(before, edit)
        if after == before:
            continue
        if before is not None and (after is None or after.path != before.path):
            written[before.path] = Written(before.path, before.mode, None)
        if after is None:
            del tree[edit.file]
        else:
            tree[edit.file] = after
            written[after.path] = Written(after.path, after.mode, after.data())
    return list(written.values())


def replaced(tree: Tree, files: dict[int, File]) -> list[Written]:
    """Put whole files into a tree, whatever was there, and say which paths that rewrites."""
    return [entry for number, file in files.items() for entry in _swapped(tree, number, file)]


def inverse(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits that undo others."""
    return tuple(_inverse(edit) for edit in reversed(tuple(edits)))


def retouched(edits: Iterable[Edit], fresh: Callable[[str], Line], paths: Tree) -> tuple[Edit, ...]:
    """Edits that change again the lines others put in, where the files still exist."""
    again = []
    for edit in edits:
        file = paths.get(edit.file)
        if file is None or not edit.added:
            continue
        old = edit.added[: min(6, (len(edit.added) + 1) // 2)]
        new = tuple(fresh(file.path) for _ in old)
        again.append(Edit(edit.file, (Hunk(0, old, new),)))
    return tuple(again)


def _swapped(tree: Tree, number: int, file: File) -> Iterable[Written]:
    before = tree.get(number)
    tree[number] = file
    if before is not None and before.path != file.path:
        yield Written(before.path, before.mode, None)
    yield Written(file.path, file.mode, file.data())


def _edited(file: File | None, edit: Edit) -> File | None:
    if edit.made is not None:
        return file or edit.made
    if file is None or edit.unmade:
        return None
    lines = list(file.lines)
    for hunk in edit.hunks:
        _splice(lines, hunk)
    return replace(file, lines=tuple(lines))


def _splice(lines: list[Line], hunk: Hunk) -> None:
    where = {key: index for index, (key, _) in enumerate(lines)}
    gone = {key for key, _ in hunk.removed}
    found = [where[key] for key in gone if key in where]
    place = where.get(hunk.after, len(lines) - 1) + 1 if hunk.after else 0
    place = min(found, default=place)
    tail = [line for line in lines[place:] if line[0] not in gone] if gone else lines[place:]
    lines[place:] = [*hunk.added, *tail]


def _inverse(edit: Edit) -> Edit:
    if edit.made is not None:
        return Edit(edit.file, unmade=True)
    hunks = tuple(Hunk(h.after, h.added, h.removed) for h in reversed(edit.hunks))
    return Edit(edit.file, hunks)
