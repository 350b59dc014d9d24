"""Test reports in JUnit XML, each with the commit and build it is of among its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from trueup.simulate.exports.written import moment, save_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trueup.simulate.planted_elsewhere import PlantedElsewhere, PlantedReport

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def write(planted: PlantedElsewhere, canaries: tuple[str, ...], folder: Path) -> None:
    """Write a file for each report."""
    folder.mkdir(parents=True)
    for one in planted.checks:
        for report in one.reports:
            text = HEAD + "\n".join(_lines(report, planted.place, " ".join(canaries))) + "\n"
            save_text(folder / report.file, text)


def _lines(report: PlantedReport, place: str, said: str) -> Iterator[str]:
    tests = report.passed + report.failed + report.skipped
    told = f'tests="{tests}" failures="{report.failed}" errors="0" skipped="{report.skipped}"'
    at = moment(report.at)
    yield "<testsuites>"
    yield f'<testsuite name="unit" {told} time="{tests * 0.25}" timestamp="{at}">'
    yield "<properties>"
    known = {"git.commit.sha": report.sha, "github.repository": place, "github.run.id": report.run}
    for name, value in known.items():
        yield f'<property name="{name}" value={quoteattr(str(value))}/>'
    yield "</properties>"
    yield from _cases(report, said)
    yield "</testsuite>"
    yield "</testsuites>"


def _cases(report: PlantedReport, said: str) -> Iterator[str]:
    """What each case told: nothing when it passed."""
    failed = f'<failure message="assert 1 == 2">{escape(f"expected 1 {said}".strip())}</failure>'
    ends = ["", failed, '<skipped message="not here"/>']
    counts = (report.passed, report.failed, report.skipped)
    inner = [end for end, count in zip(ends, counts, strict=True) for _ in range(count)]
    for number, end in enumerate(inner, 1):
        case = f'<testcase classname="tests.unit" name="test_case_{number}" time="0.25">'
        yield f"{case}{end}</testcase>"
