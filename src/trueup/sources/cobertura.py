"""Cobertura XML, as coverage.py, gcovr, Coverlet, PHPUnit, Istanbul and others write it too."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

from trueup.facts.line_hits import ReportHits, files_kind
from trueup.facts.reported_paths import reported_path
from trueup.kernel.sources import Form, Source
from trueup.transport.elements import elements, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.line_hits import FileHits
    from trueup.transport.elements import Element

_WAYS = re.compile(r"\((\d{1,7})/(\d{1,7})\)")


def _begins(head: bytes) -> bool:
    tag, told = root_of(head)
    return tag == "coverage" and "line-rate" in told


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Its files, when all of it was read or it breaks off: classes of one file stand anywhere."""
    report = _Report()
    return report.hits.records(elements(stream, frozenset({"source"})), report.take)


class _Report:
    """What was read of a report so far."""

    def __init__(self) -> None:
        self.hits = ReportHits("cobertura_file")
        self._roots: list[str] = []
        self._open: FileHits | None = None
        self._lines: dict[int, set[str]] = {}
        self._own: set[str] = set()

    def take(self, element: Element) -> None:
        """One element more."""
        begins, tag, told, text = element
        if tag == "line" and begins and self._open:
            self._own.add(told.get("number", ""))
            _line(self._open, told)
        elif tag == "class":
            self._end()
            self._open = self._file(told) if begins else None
        elif tag == "source" and not begins:
            self._roots += [text.strip()] if text.strip() else []
        elif tag == "coverage" and begins:
            self.hits.made_at = told.get("timestamp")

    def _end(self) -> None:
        """A class is over: below several roots, lines told before are those of another file of that name."""
        file, own, self._own = self._open, self._own, set()
        if file is not None and not file.absolute and len(self._roots) > 1:
            before = self._lines.setdefault(id(file), set())
            file.unlike |= not before.isdisjoint(own)
            before |= own

    def _file(self, told: dict[str, str]) -> FileHits:
        # With several roots nobody says which one a file is below.
        root = self._roots[0] if len(self._roots) == 1 else ""
        path, absolute = reported_path(told.get("filename", ""), root)
        return self.hits.file(path, absolute=absolute)


def _line(file: FileHits, told: dict[str, str]) -> None:
    """A line; lines of methods stand once more among those of their class."""
    number, hits = told.get("number", ""), told.get("hits", "")
    if not (number.isdecimal() and hits.isdecimal() and len(number) < 11 and number.isascii()):
        file.odd += 1
        return
    file.line(int(number), ran=bool(hits.strip("0")))
    if ways := _WAYS.search(told.get("condition-coverage", "")):
        file.branches(int(number), int(ways[1]), int(ways[2]))


KINDS = (files_kind("cobertura", Form((".xml",), _begins, _records)),)

SOURCE = Source(
    name="cobertura",
    version=1,
    title="Cobertura XML coverage reports",
    sensitive=(),
    access="the report files of a build; nothing is asked over the network",
    limits=(
        "A report does not say of which repository and commit it is: "
        "`trueup collect --from PATH --repo OWNER/NAME --commit SHA`. Files are named below the one source "
        "folder of a report; where it names several, as the report has them, and without lines where that means two files. Rates alone are not read."
    ),
    kinds=KINDS,
)
