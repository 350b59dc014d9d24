"""The shape of a history: which commit is whose parent, what reached which line, and through what.

A million commits fit in memory: ids are kept as one block of bytes, parents as index arrays.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

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
        shas: ids, one after the other, each ``width`` hexadecimal bytes.
        times: commit dates in seconds, shape (n,).
        first, second: index of the first parent (or -1), and where further parents start in `rest`.
        rest: indices of second and later parents; those of commit i are ``rest[second[i]:second[i+1]]``.
    """

    width: int
    shas: bytes
    times: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    rest: NDArray[np.int64]

    def __post_init__(self) -> None:
        raw = np.frombuffer(self.shas, dtype=f"S{self.width}")
        self._order = np.argsort(raw, kind="stable")
        self._sorted = raw[self._order]

    def __len__(self) -> int:
        return len(self.times)

    def sha(self, index: int) -> str:
        """The id of a commit."""
        return self.shas[index * self.width : (index + 1) * self.width].decode()

    def find(self, sha: str) -> int:
        """The index of a commit, or -1."""
        key = np.bytes_(sha)
        at = int(np.searchsorted(self._sorted, key))
        if at < len(self._sorted) and self._sorted[at] == key:
            return int(self._order[at])
        return NOWHERE

    def find_prefix(self, prefix: str) -> int:
        """The index of the one commit whose id starts so, or -1 when none or several do."""
        low = int(np.searchsorted(self._sorted, np.bytes_(prefix)))
        high = int(np.searchsorted(self._sorted, np.bytes_(prefix + "g")))
        return int(self._order[low]) if high - low == 1 else NOWHERE

    def parents(self, index: int) -> list[int]:
        """Indices of the parents that were read."""
        more = self.rest[self.second[index] : self.second[index + 1]]
        return [p for p in (int(self.first[index]), *more.tolist()) if p != NOWHERE]


def read_history(
    repository: Repository, tips: Iterable[str], since: datetime | None = None
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
    shas: list[bytes] = []
    times = array("q")
    parents: list[list[bytes]] = []
    with streaming(command, given=given.encode(), env=repository.env) as running:
        for line in _lines(running.out):
            stamp, sha, *rest = line.split(b" ")
            times.append(min(int(stamp), LATEST))
            shas.append(sha)
            parents.append(rest)
    if running.code:
        raise failure("rev-list", running.code, running.err, str(repository.path))
    return _assemble(width, shas, times, parents)


def _assemble(
    width: int, shas: list[bytes], times: array[int], parents: list[list[bytes]]
) -> History:
    index = {sha: i for i, sha in enumerate(shas)}
    first = np.full(len(shas), NOWHERE, dtype=np.int64)
    second = np.zeros(len(shas) + 1, dtype=np.int64)
    rest = array("q")
    for i, found in enumerate(parents):
        if found:
            first[i] = index.get(found[0], NOWHERE)
            for other in found[1:]:
                at = index.get(other, NOWHERE)
                if at != NOWHERE:
                    rest.append(at)
        second[i + 1] = len(rest)
    return History(
        width,
        b"".join(shas),
        np.array(times, dtype=np.int64),
        first,
        second,
        np.array(rest, dtype=np.int64),
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
    found = brought.tolist()
    first, second, rest = history.first.tolist(), history.second.tolist(), history.rest.tolist()
    for link in reversed(chain):
        stack = rest[second[link] : second[link + 1]]
        while stack:
            commit = stack.pop()
            if found[commit] != NOWHERE:
                continue
            found[commit] = link
            if first[commit] != NOWHERE:
                stack.append(first[commit])
            stack.extend(rest[second[commit] : second[commit + 1]])
    return np.array(found, dtype=np.int64)


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


def _spread(history: History, tips: Sequence[int]) -> list[int]:
    """For each commit, a bit for every tip that contains it."""
    mask = [0] * len(history)
    for number, tip in enumerate(tips):
        mask[tip] |= 1 << number
    first, second, rest = history.first.tolist(), history.second.tolist(), history.rest.tolist()
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
