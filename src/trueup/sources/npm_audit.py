"""npm audit, as npm 6 and pnpm (advisories) and npm 7 and later (vulnerabilities) write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.facts.reports import origin_of
from trueup.facts.scanning import Made, Report, document_kind
from trueup.kernel.sources import Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

_ADVISORY = re.compile(r"GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}")


def report(raw: Raw, to: Rows) -> None:
    """A report of npm 7 or later: packages, and by which advisories or other packages they are hit."""
    found = Report(to, origin_of(to, ()), Made("npm audit"))
    for name, package in raw["vulnerabilities"].items():
        for cause in package["via"]:
            # A name alone says that another package is hit, which tells it itself.
            if isinstance(cause, dict):
                _cause(name, package, cause, found)
    counted = ((raw.get("metadata") or {}).get("dependencies") or {}).get("total")
    found.end(components=counted)


def _cause(name: str, package: Raw, cause: Raw, report: Report) -> None:
    rule = _id(cause.get("url"), cause["source"])
    fix = package.get("fixAvailable")
    # The version of another package that brings the mended one is not the version that mends this one.
    mended = fix.get("version") if isinstance(fix, dict) and fix.get("name") == name else None
    report.finding(
        "npm",
        rule,
        name,
        kind="vulnerability",
        rule=rule,
        aliases=[str(cause["source"])] if rule != str(cause["source"]) else None,
        component=name,
        fixed_in=mended,
        **report.severity(cause.get("severity")),
    )


def _id(url: object, number: object) -> str:
    found = _ADVISORY.search(str(url or ""))
    return found[0] if found else str(number)


def report_of_npm_6(raw: Raw, to: Rows) -> None:
    """A report of npm 6, or of pnpm: advisories, and where each was found."""
    found = Report(to, origin_of(to, ()), Made("npm audit", scan=raw.get("runId")))
    for number, advisory in raw["advisories"].items():
        rule = advisory.get("github_advisory_id") or _id(advisory.get("url"), number)
        name, mended = advisory["module_name"], advisory.get("patched_versions")
        for place in advisory["findings"]:
            found.finding(
                "npm",
                rule,
                name,
                place.get("version"),
                kind="vulnerability",
                rule=rule,
                aliases=[*(advisory.get("cves") or ()), *([number] if rule != number else ())],
                component=name,
                version=place.get("version"),
                # A range without any version is how it says that none mends it.
                fixed_in=None if mended in {"<0.0.0", "<0.0.0-0"} else mended,
                **found.severity(advisory.get("severity")),
            )
    found.end(components=(raw.get("metadata") or {}).get("totalDependencies"))


KINDS = (
    document_kind(
        name="npm_audit",
        writes=("findings", "scans"),
        lights="known vulnerabilities of what npm installs",
        marks=names("auditReportVersion vulnerabilities"),
        known=names("auditReportVersion vulnerabilities metadata"),
        to_facts=report,
    ),
    document_kind(
        name="npm_audit_6",
        writes=("findings", "scans"),
        lights="known vulnerabilities of what npm 6 or pnpm installs",
        marks=names("advisories metadata"),
        known=names("advisories metadata actions muted runId"),
        to_facts=report_of_npm_6,
    ),
)

SOURCE = Source(
    name="npm_audit",
    version=1,
    title="npm audit reports",
    sensitive=(),
    access="files only: `npm audit --json > npm_audit.json` (pnpm too)",
    limits=(
        "Give `--repo`, without which it is not read, and `--commit`: a report names neither, nor when it was made. A "
        "finding is an advisory with the package it is about: npm counts packages instead, also those that are only hit "
        "through others. Since npm 7 installed versions are not told, and the version that mends it only where that package "
        "itself is to be changed. Lines of `yarn audit` are not read."
    ),
    kinds=KINDS,
)
