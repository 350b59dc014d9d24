"""The shape of a history: which commit is whose parent, what reached which line, and through what.

A million commits fit in memory: ids are kept as one block of bytes, parents as index arrays.
"""

from __future__ import annotations

import binascii
import re
from array import array
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from trueup.sources.git.repository import failure
from trueup.transport.processes import streaming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from trueup.sources.git.repository import Repository

NOWHERE = -1
#: Git takes any number for a date; later ones are cut to what fits a calendar.
LATEST = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())


@dataclass
class History:
    """Commits in topological order, children before parents.

    Attributes:
        tips: the commits it was followed from.
        shas: ids, one after the other, each ``width`` hexadecimal bytes.
        times: commit dates in seconds, shape (n,).
        first, second: index of the first parent (or -1), and where further parents start in `rest`.
        rest: indices of second and later parents; those of commit i are ``rest[second[i]:second[i+1]]``.
    """

    tips: tuple[str, ...]
    width: int
    shas: bytes
    times: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    rest: NDArray[np.int64]

    def __post_init__(self) -> None:
        keys = _keys(self.shas, self.width)
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def __len__(self) -> int:
        return len(self.times)

    def sha(self, index: int) -> str:
        """The id of a commit."""
        return self.shas[index * self.width : (index + 1) * self.width].decode()

    def ids(self, indices: NDArray[np.int64] | Sequence[int]) -> pa.Array:
        """The ids of several commits, without an object for each."""
        raw = np.frombuffer(self.shas, dtype=np.uint8).reshape(-1, self.width)
        offsets = np.arange(len(indices) + 1, dtype=np.int32) * self.width
        picked = raw[np.asarray(indices, dtype=np.int64)].reshape(-1)
        buffers = (pa.py_buffer(offsets), pa.py_buffer(picked))
        return pa.StringArray.from_buffers(len(indices), *buffers)

    def lines(self, indices: NDArray[np.int64]) -> bytes:
        """The ids of several commits, one a line, as git reads them."""
        raw = np.frombuffer(self.shas, dtype=np.uint8).reshape(-1, self.width)[indices]
        ends = np.full((len(indices), 1), ord("\n"), dtype=np.uint8)
        return np.hstack((raw, ends)).tobytes()

    def find(self, sha: str) -> int:
        """The index of a commit, or -1."""
        found = self.find_prefix(sha) if _HEX.fullmatch(sha) else NOWHERE
        return found if found != NOWHERE and len(sha) == self.width else NOWHERE

    def find_prefix(self, prefix: str) -> int:
        """The index of the one commit whose id starts so, or -1 when none or several do."""
        low, high = (int(prefix[:_KEY].ljust(_KEY, end), 16) for end in "0f")
        start = int(np.searchsorted(self._sorted, np.uint64(low), side="left"))
        stop = int(np.searchsorted(self._sorted, np.uint64(high), side="right"))
        if stop - start > 1 and len(prefix) < _KEY:
            return NOWHERE
        found = [i for i in self._order[start:stop].tolist() if self.sha(i).startswith(prefix)]
        return found[0] if len(found) == 1 else NOWHERE

    def places(self, shas: pa.Array) -> NDArray[np.int64]:
        """The indices of whole ids, -1 where there is none such."""
        if not len(shas):
            return np.array([], dtype=np.int64)
        wanted = _keys("".join(shas.to_pylist()).encode(), self.width)
        return _places(wanted, self._sorted, self._order)

    def plain(self) -> tuple[memoryview[int], memoryview[int], memoryview[int]]:
        """`first`, `second` and `rest` for reading one number at a time, without copies."""
        return self.first.data, self.second.data, self.rest.data

    def parents(self, index: int) -> list[int]:
        """Indices of the parents that were read."""
        more = self.rest[self.second[index] : self.second[index + 1]]
        return [p for p in (int(self.first[index]), *more.tolist()) if p != NOWHERE]


def read_history(
    repository: Repository, tips: Sequence[str], since: datetime | None = None
) -> History:
    """All commits reachable from the tips, or those of them that are not older than ``since``.

    Raises:
        CorruptRepositoryError: a commit or tree cannot be read.
    """
    given = "".join(f"{t}\n" for t in tips)
    limit = [f"--since={int(since.timestamp())}"] if since else []
    command = repository.git(
        "rev-list", "--topo-order", "--parents", "--timestamp", *limit, "--stdin"
    )
    width = 64 if repository.object_format == "sha256" else 40
    shas, times = bytearray(), array("q")
    first, more, counts = array("Q"), array("Q"), array("q")
    with streaming(command, given=given.encode(), env=repository.env) as running:
        for line in _lines(running.out):
            stamp, sha, *above = line.split(b" ")
            times.append(min(int(stamp), LATEST))
            shas += sha
            first.append(int(above[0][:_KEY], 16) if above else 0)
            more.extend(int(other[:_KEY], 16) for other in above[1:])
            counts.append(max(0, len(above) - 1))
    if running.code:
        raise failure("rev-list", running.code, running.err, str(repository.path))
    return _assemble(tuple(tips), width, bytes(shas), times, (first, more, counts))


_KEY = 16
_HEX = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def _keys(shas: bytes, width: int) -> NDArray[np.uint64]:
    """The first 64 bits of each id: enough to tell a million commits apart."""
    digits = np.frombuffer(shas, dtype=np.uint8).reshape(-1, width)[:, :_KEY]
    raw = binascii.unhexlify(np.ascontiguousarray(digits).tobytes())
    return np.frombuffer(raw, dtype=">u8").astype(np.uint64)


def _places(
    wanted: NDArray[np.uint64], ordered: NDArray[np.uint64], order: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where keys are among sorted ones, as places before the sorting; -1 where they are not."""
    if not len(ordered):
        return np.full(len(wanted), NOWHERE, dtype=np.int64)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[at] == wanted, order[at], NOWHERE)


def _assemble(
    tips: tuple[str, ...],
    width: int,
    shas: bytes,
    times: array[int],
    above: tuple[array[int], array[int], array[int]],
) -> History:
    """Parents as indices; those that were not read (cut off, or too old) are left out."""
    first, more, counts = (np.array(column) for column in above)
    keys = _keys(shas, width)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    rest = _places(more.astype(np.uint64), ordered, order)
    child = np.repeat(np.arange(len(counts)), counts)[rest != NOWHERE]
    kept = np.bincount(child, minlength=len(counts)) if len(counts) else counts
    second = np.concatenate(([0], np.cumsum(kept))).astype(np.int64)
    return History(
        tips,
        width,
        shas,
        np.array(times, dtype=np.int64),
        _places(first.astype(np.uint64), ordered, order),
        second,
        rest[rest != NOWHERE],
    )


def landings(history: History, tip: int) -> NDArray[np.int64]:
    """For each commit, the first-parent commit of the line that brought it, or -1.

    The line is the chain of first parents from ``tip``. A commit on the chain brought itself; one
    that was merged is brought by the oldest commit of the chain from which it is reachable.
    """
    brought = np.full(len(history), NOWHERE, dtype=np.int64)
    chain = []
    at = tip
    while at != NOWHERE:
        chain.append(at)
        at = int(history.first[at])
    brought[chain] = chain
    found = memoryview(brought.data)
    first, second, rest = history.plain()
    for link in reversed(chain):
        stack = rest[second[link] : second[link + 1]].tolist()
        while stack:
            commit = stack.pop()
            if found[commit] != NOWHERE:
                continue
            found[commit] = link
            if first[commit] != NOWHERE:
                stack.append(first[commit])
            stack.extend(rest[second[commit] : second[commit + 1]])
    return brought


@dataclass(frozen=True, slots=True)
class Containment:
    """Which of several tips (releases, branches) contain which commits.

    Attributes:
        which: for each commit the number of a set of tips.
        first: those sets; a set holds the tips that contain the commit and contain no other tip that
            does. Set 0 is empty.
        inside: for each tip, the other tips that are its ancestors.
    """

    which: list[int]
    first: list[list[int]]
    inside: list[list[int]]


def containment(history: History, tips: Sequence[int]) -> Containment:
    """Follow every tip to all its ancestors, in one pass over the history."""
    mask = _spread(history, tips)
    containing = [mask[tip] for tip in tips]  # bit k of entry t: tip k contains tip t
    sets: dict[int, int] = {0: 0}
    minimal: list[list[int]] = [[]]
    which = []
    for bits in mask:
        if bits not in sets:
            sets[bits] = len(minimal)
            minimal.append(_minimal(bits, containing))
        which.append(sets[bits])
    inside: list[list[int]] = [[] for _ in tips]
    for number, tip in enumerate(tips):
        for above in _bits(containing[number]):
            if tips[above] != tip:
                inside[above].append(number)
    return Containment(which, minimal, inside)


def nearest(inside: Sequence[Sequence[int]]) -> list[list[int]]:
    """Of the tips inside each tip, those that are in no other one of them.

    >>> nearest([[], [0], [0, 1], [0]])
    [[], [0], [1], [0]]
    """
    order = sorted(range(len(inside)), key=lambda tip: len(inside[tip]))
    place = {tip: number for number, tip in enumerate(order)}
    mask = [sum(1 << place[below] for below in found) for found in inside]
    kept: list[list[int]] = [[] for _ in inside]
    for own, found in zip(kept, mask, strict=True):
        left = found
        while left:
            # The last in order is in none of the others: what contains it contains more than it does.
            tip = order[left.bit_length() - 1]
            own.append(tip)
            left &= ~(mask[tip] | 1 << place[tip])
    return kept


def _spread(history: History, tips: Sequence[int]) -> list[int]:
    """For each commit, a bit for every tip that contains it."""
    mask = [0] * len(history)
    for number, tip in enumerate(tips):
        mask[tip] |= 1 << number
    first, second, rest = history.plain()
    seen: dict[int, int] = {0: 0}  # long histories hold few different sets: each is kept once
    for commit, bits in enumerate(mask):  # children come first, so bits are complete when read
        if bits:
            mask[commit] = seen.setdefault(bits, bits)
            if first[commit] != NOWHERE:
                mask[first[commit]] |= bits
            for other in rest[second[commit] : second[commit + 1]]:
                mask[other] |= bits
    return mask


def _minimal(bits: int, containing: list[int]) -> list[int]:
    """Those tips in ``bits`` that do not contain another tip in ``bits``."""
    left = bits
    for tip in _bits(bits):
        if left >> tip & 1:
            # whatever contains this tip is not minimal, unless both are the same commit
            above = containing[tip] & ~(1 << tip)
            same = sum(1 << t for t in _bits(above & bits) if containing[t] >> tip & 1)
            left &= ~(above & ~same)
    return list(_bits(left))


def _bits(value: int) -> Iterable[int]:
    while value:
        low = value & -value
        yield low.bit_length() - 1
        value ^= low


def _lines(stream: object) -> Iterable[bytes]:
    left = b""
    read = stream.read  # type: ignore[attr-defined]  # a raw pipe
    while block := read(1 << 20):
        block = left + block
        *lines, left = block.split(b"\n")
        yield from lines
    if left:
        yield left
