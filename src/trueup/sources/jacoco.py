"""JaCoCo XML reports, of one module or of several in groups."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from trueup.facts.line_hits import ReportHits, files_kind
from trueup.facts.reported_paths import reported_path
from trueup.kernel.sources import Form, Source
from trueup.transport.elements import elements, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.line_hits import FileHits
    from trueup.transport.elements import Element


def _begins(head: bytes) -> bool:
    tag, told = root_of(head)
    return tag == "report" and "name=" in told and (b"JACOCO" in head or _has_parts(head))


def _has_parts(head: bytes) -> bool:
    """Some tools leave out the DOCTYPE that names it."""
    return any(part in head for part in (b"<sessioninfo", b"<package", b"<group"))


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Its files, when all of it was read or it breaks off."""
    report = _Report()
    return report.hits.records(elements(stream), report.take)


class _Report:
    """What was read of a report so far."""

    def __init__(self) -> None:
        self.hits = ReportHits("jacoco_file")
        self._ended = 0
        self._groups: list[str] = []
        self._package = ""
        self._file: FileHits | None = None
        self._counted = 0
        self._sources: set[str] = set()
        self._classes: dict[str, None] = {}

    def take(self, element: Element) -> None:
        """One element more."""
        begins, tag, told, _ = element
        if tag == "line" and begins and self._file:
            self._line(self._file, told)
        elif tag in {"group", "package", "sourcefile"}:
            {"group": self._group, "package": self._begin, "sourcefile": self._source}[tag](
                begins, told
            )
        elif not begins:
            return
        elif tag == "class" and told.get("sourcefilename"):
            self._classes[told["sourcefilename"]] = None
        elif tag == "counter" and self._file:
            self._counter(self._file, told)
        elif tag == "sessioninfo" and _number(told, "dump"):
            # When the last session that it shows ended.
            self.hits.made_at = self._ended = max(self._ended, _number(told, "dump"))

    def _group(self, begins: bool, told: dict[str, str]) -> None:
        if begins:
            self._groups.append(told.get("name", ""))
        else:
            self._groups.pop()

    def _begin(self, begins: bool, told: dict[str, str]) -> None:
        if begins:
            self._package = told.get("name", "")
            self._sources, self._classes = set(), {}
            return
        # Classes that were compiled without the numbers of their lines have no source file.
        for name in self._classes.keys() - self._sources:
            self._open(name).unknown = True

    def _source(self, begins: bool, told: dict[str, str]) -> None:
        if begins:
            name = told.get("name", "")
            self._sources.add(name)
            self._file, self._counted = self._open(name), 0
        else:
            self._file = None

    def _open(self, name: str) -> FileHits:
        path, absolute = reported_path(f"{self._package}/{name}" if self._package else name)
        return self.hits.file(path if name else "", "/".join(self._groups), absolute=absolute)

    def _line(self, file: FileHits, told: dict[str, str]) -> None:
        """A line ran when any of its instructions did."""
        number, missed, covered = (_number(told, name) for name in ("nr", "mi", "ci"))
        if not number or missed + covered <= 0:
            file.odd += 1
            return
        file.line(number, ran=covered > 0)
        file.branches(number, _number(told, "cb"), _number(told, "cb") + _number(told, "mb"))
        self._counted += 1

    def _counter(self, file: FileHits, told: dict[str, str]) -> None:
        """Counts of a source file; they matter where its lines are not listed."""
        if told.get("type") != "LINE":
            return
        covered, missed = _number(told, "covered"), _number(told, "missed")
        file.counts = (covered, missed, None, None)
        if self._counted and covered + missed != self._counted:
            file.disagrees = True


def _number(told: dict[str, str], name: str) -> int:
    """A number of an attribute; zero where it is none that could be."""
    text = told.get(name, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else 0


KINDS = (files_kind("jacoco", Form((".xml",), _begins, _records)),)

SOURCE = Source(
    name="jacoco",
    version=1,
    title="JaCoCo XML coverage reports",
    sensitive=(),
    access="the XML report of a build (not its CSV or HTML); nothing is asked over the network",
    limits=(
        "A report does not say of which repository and commit it is: "
        "`trueup collect --from PATH --repo OWNER/NAME --commit SHA`. It names files by package, so that the "
        "folder of their sources is unknown. Classes compiled without line numbers show no lines."
    ),
    kinds=KINDS,
)
