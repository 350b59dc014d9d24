"""pip-audit: known vulnerabilities of Python packages, as the JSON of now and of older versions has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.reports import origin_of
from trueup.facts.scanning import Made, Report, document_kind
from trueup.kernel.sources import RecordKind, Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows


def report(raw: Raw, to: Rows) -> None:
    """A report: every package it looked at."""
    found = Report(to, origin_of(to, ()), Made("pip-audit"))
    looked_at = [_package(package, found) for package in raw["dependencies"]]
    found.end(components=sum(looked_at))


def package(raw: Raw, to: Rows) -> None:
    """A package of an older report, which is a list of them without anything around."""
    _package(raw, Report(to, origin_of(to, ()), Made("pip-audit")))


def _package(raw: Raw, report: Report) -> bool:
    """Whether a package could be looked at."""
    if "skip_reason" in raw:
        return False
    name, version = raw["name"], raw["version"]
    for advisory in raw["vulns"]:
        rule = advisory["id"]
        report.finding(
            "pip",
            rule,
            name,
            version,
            kind="vulnerability",
            rule=rule,
            aliases=advisory.get("aliases"),
            component=name,
            version=version,
            fixed_in=", ".join(advisory.get("fix_versions") or ()) or None,
        )
    return True


KINDS = (
    document_kind(
        name="pip_audit",
        writes=("findings", "scans"),
        lights="known vulnerabilities of what pip installs",
        marks=names("dependencies fixes"),
        known=names("dependencies fixes"),
        to_facts=report,
    ),
    RecordKind(
        name="pip_audit_packages",
        writes=("findings",),
        lights="known vulnerabilities of what pip installs, from older reports",
        access="files only",
        marks=names("name version vulns"),
        known=names("name version vulns skip_reason"),
        to_facts=package,
    ),
)

SOURCE = Source(
    name="pip_audit",
    version=1,
    title="pip-audit reports",
    sensitive=(),
    access="files only: `pip-audit --format json --aliases on --output pip_audit.json`",
    limits=(
        "Give `--repo`, without which it is not read, and `--commit`: a report names neither, nor when it was made. It says "
        "nothing about severity. Packages it had to skip are not among those it looked at. Older reports are lists of packages "
        "without anything around: that a package was looked at and is clean cannot be told from them."
    ),
    kinds=KINDS,
)
