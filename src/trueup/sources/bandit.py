"""Bandit: what it finds in Python code, and how much it was told not to look at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trueup.facts.reports import origin_of
from trueup.facts.scanning import Made, Report, document_kind
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: Lines looked at, and lines and tests that comments in the code set aside.
_TOTALS = ("loc", "nosec", "skipped_tests")


def report(raw: Raw, to: Rows) -> None:
    """A report: its results, without the code around them, and its totals."""
    found = Report(to, origin_of(to, ()), Made("bandit", at=moment_of(raw["generated_at"])))
    met: Counter[tuple[object, ...]] = Counter()
    for result in raw["results"]:
        rule, path = result["test_id"], found.place(result["filename"])
        line = result["line_number"]
        itself = (rule, path or result["filename"], line)
        met[itself] += 1
        found.finding(
            "bandit",
            *itself,
            met[itself],
            kind="vulnerability",
            kind_original=result["test_name"],
            rule=rule,
            path=path,
            line=line,
            **found.severity(result["issue_severity"]),
        )
    totals = raw["metrics"]["_totals"]
    for name in _TOTALS:
        found.measure(name, totals.get(name))
    found.measure("errors", len(raw["errors"]))
    for _ in raw["errors"]:
        to.remark("files that bandit could not read")
    found.end()


KINDS = (
    document_kind(
        name="bandit",
        writes=("findings", "measures", "scans"),
        lights="weak places in Python code, and how many were set aside by a comment",
        marks=names("results metrics errors generated_at"),
        known=names("results metrics errors generated_at"),
        to_facts=report,
    ),
)

SOURCE = Source(
    name="bandit",
    version=1,
    title="Bandit reports",
    sensitive=(),
    access="files only: `bandit --recursive . --format json --output bandit.json`",
    limits=(
        "Give `--repo`, without which it is not read, and `--commit`: a report names neither, nor the version of Bandit. "
        "Neither the code around a result nor its text is read: they may show a password. How sure Bandit is of a result has "
        "no place here. Lines that `# nosec` sets aside are in no result; they are measures (`nosec`, and since 1.7.3 "
        "`skipped_tests`), as are the lines looked at (`loc`) and the files that could not be read (`errors`). A result "
        "whose line moves is another one. With a baseline only what is new is listed."
    ),
    kinds=KINDS,
)
