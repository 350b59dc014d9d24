"""Lines and branches that ran, gathered from all parts of a coverage report that tell of a file.

Reports tell of one file in several places: for each class in it, each test, each module that includes
it. A line ran when one of them says so. What is gathered takes four bytes a line, so that a report of
two hundred megabytes fits; the lists of one file at a time are made at the end.
"""

from __future__ import annotations

from array import array
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from trueup.facts.reported_paths import checked_path
from trueup.facts.reports import commit, moment, repository
from trueup.kernel.sources import RecordKind, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trueup.facts.rows import Raw, Rows
    from trueup.kernel.sources import Form

Part = TypeVar("Part")
#: A report of more files is taken for a trap.
MOST_FILES = 300_000
#: Lines are counted up to here.
LAST_LINE = (1 << 31) - 1

#: Fields of the records that are made here.
FIELDS = (
    "path absolute module covered missed lines_covered lines_missed branches_covered branches_missed "
    "odd disagrees unlike complete made_at"
)


class FileHits:
    """One file of a report."""

    __slots__ = (
        "_branches", "_lines", "_ways", "absolute", "counts", "disagrees", "odd", "parts", "unknown", "unlike",
    )  # fmt: skip

    def __init__(self, *, absolute: bool) -> None:
        self.absolute = absolute
        self.parts = 0
        self.odd = 0
        self.disagrees = False
        self.unknown = False  # the report could not tell its lines
        self.unlike = False  # its parts seem to be of several files with one name
        self.counts: tuple[int, int, int | None, int | None] | None = None
        self._lines = (array("i"), array("i"))
        self._ways: tuple[array[int], array[int]] | None = None
        self._branches: array[int] | None = None

    def line(self, number: int, *, ran: bool) -> None:
        """A line that could run."""
        if 0 < number <= LAST_LINE:
            self._lines[ran].append(number)
        else:
            self.odd += 1

    def branches(self, number: int, taken: int, ways: int) -> None:
        """The ways out of a line, and how many of them were taken."""
        if not (0 < number <= LAST_LINE and 0 <= taken <= ways <= 1 << 20):
            self.odd += 1
            return
        if self._branches is None:
            self._branches = array("i")
        self._branches.extend((self.parts, number, taken, ways))

    def way(self, told: tuple[str, ...], *, taken: bool) -> None:
        """One way out of a branch, by what tells it from all others of the file."""
        if self._ways is None:
            self._ways = (array("q"), array("q"))
        self._ways[taken].append(hash(told))

    def record(self) -> dict[str, Any]:
        """What is known of it in the end."""
        if self.unlike:
            return {"odd": self.odd, "unlike": True}
        ran, not_run = set(self._lines[True]), set(self._lines[False])
        lines = {"covered": sorted(ran), "missed": sorted(not_run - ran)}
        told: dict[str, Any] = {"odd": self.odd, "disagrees": self.disagrees, **self._ends()}
        if ran or not_run or not (self.counts or self.unknown):
            told |= lines
            told |= {f"lines_{name}": len(found) for name, found in lines.items()}
        elif (
            self.counts and self.parts == 1
        ):  # counts of several parts cannot be added: they overlap
            told |= {"lines_covered": self.counts[0], "lines_missed": self.counts[1]}
        return told

    def _ends(self) -> dict[str, int]:
        """Branches: by the ways they have, else by line, else as counted.

        Two parts that tell of branches of one line may mean the same or others: then nobody knows.
        """
        if self._ways is not None:
            taken = set(self._ways[True])
            missed = set(self._ways[False]) - taken
            return {"branches_covered": len(taken), "branches_missed": len(missed)}
        if self._branches is not None:
            told = iter(self._branches)
            found = set(zip(told, told, told, told, strict=True))
            if len({number for _, number, _, ways in found if ways}) < sum(
                w > 0 for *_, w in found
            ):
                return {}
            covered = sum(taken for *_, taken, _ in found)
            return {
                "branches_covered": covered,
                "branches_missed": sum(ways for *_, ways in found) - covered,
            }
        if self.counts is not None and self.parts == 1 and self.counts[2] is not None:
            return {"branches_covered": self.counts[2], "branches_missed": self.counts[3] or 0}
        return {}


class ReportHits:
    """All files of a report, in the order they are first told of.

    Args:
        mark: field that tells its records from those of other reports.
    """

    def __init__(self, mark: str) -> None:
        self.made_at: object = None
        self._mark = mark
        self._files: dict[tuple[str, str], FileHits] = {}

    def file(self, path: str, module: str = "", *, absolute: bool = False) -> FileHits:
        """A file, which one more part of the report tells of.

        Raises:
            ValueError: these are more files than a report has.
        """
        found = self._files.get((module, path))
        if found is None:
            if len(self._files) >= MOST_FILES:
                raise ValueError("it tells of more files than any report")
            found = self._files[module, path] = FileHits(absolute=absolute)
        found.parts += 1
        return found

    def records(
        self, parts: Iterable[Part], take: Callable[[Part], None]
    ) -> Iterator[dict[str, Any]]:
        """A record for each file, when all parts of the report were taken or it breaks off.

        Raises:
            ValueError: it breaks off, or tells of no file.
        """
        try:
            for part in parts:
                take(part)
        except ValueError:
            yield from self._told(complete=False)
            raise
        yield from self._told(complete=True)
        if not self._files:
            raise ValueError("it tells of no file")

    def _told(self, *, complete: bool) -> Iterator[dict[str, Any]]:
        for (module, path), hits in self._files.items():
            told = {self._mark: True, "path": path, "module": module, "absolute": hits.absolute}
            yield told | {"complete": complete, "made_at": self.made_at} | hits.record()


#: Kinds of records of coverage, whatever the report.
coverage_kind = partial(
    RecordKind,
    writes=("coverage",),
    lights="which lines of a commit its tests ran through",
    access="the report of the build",
)


def files_kind(tool: str, form: Form) -> RecordKind:
    """The kind of the records that are made here: those of the files in reports of a tool."""
    mark = f"{tool}_file"
    return coverage_kind(
        name=f"{mark}s",
        marks=names(f"{mark} path absolute complete"),
        known=names(f"{mark} {FIELDS}"),
        to_facts=covered_file,
        form=form,
    )


def covered_file(raw: Raw, to: Rows, report: str = "") -> None:
    """A row of coverage from a record that was made here, or is like one."""
    made_at, zone_told = moment(to, raw.get("made_at"))
    for field, what in (
        ("odd", "files with lines or branches that cannot be, which are left out"),
        ("disagrees", "files that count other lines than they list; the lines are kept"),
        ("unlisted", "files that list other lines as run than they count; the counts are kept"),
        ("unlike", "files whose lines are told in ways that do not agree; no lines are kept"),
    ):
        if raw.get(field):
            to.remark(what)
    lines = ("covered", "missed", "lines_covered", "lines_missed", "unlike")
    if not any(raw.get(name) for name in lines):
        to.remark("files of which no line is told")
    to.add(
        "coverage",
        happened_at=made_at,
        repo=repository(to),
        report=report or str(to.about["file"]),
        sha=commit(to),
        module=raw["module"],
        path=checked_path(raw["path"]),
        absolute=raw["absolute"],
        **{name: raw.get(name) for name in ("covered", "missed")},
        **{
            f"{kind}_{end}": raw.get(f"{kind}_{end}")
            for kind in ("lines", "branches")
            for end in ("covered", "missed")
        },
        complete=raw["complete"],
        zone_told=zone_told,
    )
