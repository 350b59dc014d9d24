"""LCOV tracefiles, as geninfo, Istanbul, coverage.py, llvm-cov, grcov and others write them."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from trueup.facts.line_hits import ReportHits, files_kind
from trueup.facts.reported_paths import reported_path
from trueup.kernel.sources import Form, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.line_hits import FileHits

#: No line of a tracefile is longer.
LONGEST = 1 << 16
#: What is known and left: tests, versions, functions, conditions.
_LEFT = frozenset("VER BA FN FNDA FNF FNH FNL FNA MCDC MCF MCH BRF BRH LF LH".split())


def _begins(head: bytes) -> bool:
    """Whether the first line that is no comment is one of a tracefile."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    first = next((x for x in text.splitlines() if x.strip() and not x.startswith(b"#")), b"")
    return first.startswith((b"TN:", b"SF:"))


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Its files, when all of it was read or it breaks off: each test has its own part for a file."""
    report = _Report()
    return report.hits.records(report.lines(stream), report.take)


class _Report:
    """What was read of a tracefile so far."""

    def __init__(self) -> None:
        self.hits = ReportHits("lcov_file")
        self._file: FileHits | None = None
        self._told: dict[str, str] = {}
        self._test = ""
        self._numbers: set[str] = set()
        self._seen: dict[tuple[int, str], int] = {}

    def lines(self, stream: IO[bytes]) -> Iterator[str]:
        """All lines.

        Raises:
            ValueError: the last one is within a part.
        """
        for line in iter(lambda: stream.readline(LONGEST), b""):
            yield line.decode("utf-8", "replace").lstrip("\ufeff").strip()
        self._end_before()

    def take(self, line: str) -> None:
        """One line more.

        Raises:
            ValueError: it is no line of a tracefile, or a part began before the last one ended.
        """
        what, colon, told = line.partition(":")
        if what == "SF" and colon:
            self._begin(told)
        elif line == "end_of_record":
            self._end()
        elif what == "DA" and self._file:
            self._line(self._file, told.split(","))
        elif what == "BRDA" and self._file:
            _way(self._file, told)
        elif what == "TN" and colon:
            self._test = told
        elif what in _LEFT and colon:
            self._told[what] = told
        elif line and not line.startswith("#"):
            raise ValueError("a line of it is none of a tracefile")

    def _begin(self, told: str) -> None:
        self._end_before()
        path, absolute = reported_path(told)
        self._file, self._told = self.hits.file(path, absolute=absolute), {}
        self._numbers = set()

    def _end_before(self) -> None:
        if self._file:
            raise ValueError("it ends in the middle")

    def _end(self) -> None:
        """A part is over: its counts matter where it lists no lines, or others than it counts."""
        file, self._file = self._file, None
        if file is None:
            return
        if self._numbers and not file.absolute:
            # One test tells of a file once: other lines are those of another file, in another folder.
            lines = hash(frozenset(self._numbers))
            file.unlike |= self._seen.setdefault((id(file), self._test), lines) != lines
        found, hit = self._count("LF", "LH")
        if found is not None and hit is not None and hit <= found:
            file.counts = (hit, found - hit, *self._branches())
            file.disagrees |= bool(self._numbers) and found != len(self._numbers)

    def _branches(self) -> tuple[int | None, int | None]:
        found, hit = self._count("BRF", "BRH")
        if found is None or hit is None or hit > found:
            return None, None
        return hit, found - hit

    def _count(self, *wanted: str) -> list[int | None]:
        told = (self._told.get(name, "") for name in wanted)
        return [int(t) if t.isascii() and t.isdecimal() and len(t) < 10 else None for t in told]

    def _line(self, file: FileHits, told: list[str]) -> None:
        """A line, and how often it ran; a checksum may follow."""
        times = _times(told[1]) if len(told) > 1 else None
        number = told[0]
        self._numbers.add(number)
        if times is None or not (number.isascii() and number.isdecimal() and len(number) < 11):
            file.odd += 1
            return
        file.line(int(number), ran=times > 0)


def _way(file: FileHits, told: str) -> None:
    """A way out of a branch: line, block, branch and how often; `-` where the block never ran."""
    *way, times = told.split(",")
    found = 0.0 if times == "-" else _times(times)
    if len(way) < 3 or found is None:
        file.odd += 1
        return
    file.way(tuple(way), taken=found > 0)


def _times(told: str) -> float | None:
    """How often something ran; nothing where it is no such number: counters overflow."""
    try:
        found = float(told)
    except ValueError:
        return None
    return found if found >= 0 else None  # nor where it is not a number


KINDS = (files_kind("lcov", Form((".info", ".lcov", ".dat"), _begins, _records)),)

SOURCE = Source(
    name="lcov",
    version=1,
    title="LCOV tracefiles of coverage",
    sensitive=(),
    access="the tracefiles of a build; nothing is asked over the network",
    limits=(
        "A tracefile says neither of which repository and commit it is nor when it was made: "
        "`trueup collect --from PATH --repo OWNER/NAME --commit SHA`. Files are mostly named from the root of "
        "the machine: their paths in the repository are ends of these. Functions and conditions are not read. "
        "Of files of one name in several folders, which reports of "
        "several packages put together call alike, no lines are kept. A tracefile that was cut off between two files looks like a whole one."
    ),
    kinds=KINDS,
)
