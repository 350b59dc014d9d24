"""Reports that coverage.py writes as JSON (`coverage json`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.line_hits import LAST_LINE, coverage_kind, covered_file
from trueup.facts.reported_paths import reported_path
from trueup.facts.rows import OddRecordError
from trueup.kernel.sources import Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows


def report(raw: Raw, to: Rows) -> None:
    """A report with all its files."""
    if not raw["files"]:
        raise OddRecordError("it tells of no file")
    made_at = raw["meta"].get("timestamp")
    found: dict[str, str] = {}
    for told, file in raw["files"].items():
        path, absolute = reported_path(told)
        if found.setdefault(path, told) != told:
            raise OddRecordError("two files of it are one and the same")
        place = {"path": path, "absolute": absolute, "module": "", "complete": True}
        covered_file(place | {"made_at": made_at} | _lines(file), to, to.raw_sha256)


def _lines(file: Raw) -> dict[str, Any]:
    """Lines as lists, and branches as counts where they were measured.

    Up to 7.13.0 lines that ran were listed too where they are left out or hold a docstring (and 0 for a
    file without any). Where that cannot be undone, only the counts of the summary hold.
    """
    told, missed = file["summary"], set(file["missing_lines"])
    ran = set(file["executed_lines"]) - {0}
    if ran & missed or any(type(n) is not int or not 0 < n <= LAST_LINE for n in ran | missed):
        raise OddRecordError("lines of a file are told twice, or are none")
    counts = (told["covered_lines"], told.get("covered_branches"), told.get("missing_branches"))
    if any(n is not None and n < 0 for n in counts):
        raise OddRecordError("it counts less than nothing")
    covered = sorted(ran - {*(file.get("excluded_lines") or ())})
    listed = told["covered_lines"] == len(covered)
    return {
        "covered": covered if listed else None,
        "missed": sorted(missed),
        "lines_covered": told["covered_lines"],
        "lines_missed": len(missed),
        "branches_covered": told.get("covered_branches"),
        "branches_missed": told.get("missing_branches"),
        "disagrees": told["missing_lines"] != len(missed),
        "unlisted": not listed,
    }


KINDS = (
    coverage_kind(
        name="coveragepy_reports",
        marks=names("meta files totals"),
        known=names("meta files totals"),
        to_facts=report,
        names=("coverage",),
        whole=True,
    ),
)

SOURCE = Source(
    name="coveragepy",
    version=1,
    title="coverage.py JSON reports",
    sensitive=(),
    access="the report files of a build; nothing is asked over the network",
    limits=(
        "A report does not say of which repository and commit it is: "
        "`trueup collect --from PATH --repo OWNER/NAME --commit SHA`. Its moment is that of the machine, of "
        "unknown zone. Up to 7.13.0 reports list docstrings among the lines that ran: of files with such only the "
        "missed lines and the counts are kept. Contexts, functions and classes are not read. The XML and LCOV reports of coverage.py "
        "are read as such."
    ),
    kinds=KINDS,
)
