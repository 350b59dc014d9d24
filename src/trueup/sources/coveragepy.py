"""Reports that coverage.py writes as JSON (`coverage json`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.line_hits import coverage_kind, covered_file
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
    """Lines as lists, and branches as counts where they were measured."""
    covered, missed = (sorted(set(file[name])) for name in ("executed_lines", "missing_lines"))
    told = file["summary"]
    if set(covered) & set(missed) or min((*covered, *missed, 1)) < 1:
        raise OddRecordError("lines of a file are told twice, or are none")
    return {
        "covered": covered,
        "missed": missed,
        "lines_covered": len(covered),
        "lines_missed": len(missed),
        "branches_covered": told.get("covered_branches"),
        "branches_missed": told.get("missing_branches"),
        "disagrees": told["covered_lines"] != len(covered) or told["missing_lines"] != len(missed),
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
        "unknown zone. Contexts, functions and classes are not read. The XML and LCOV reports of coverage.py "
        "are read as such."
    ),
    kinds=KINDS,
)
