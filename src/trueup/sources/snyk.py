"""Snyk: what `snyk test`, `snyk container test` and `snyk iac test` say with `--json`, of one project or of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.reports import origin_of
from trueup.facts.scanning import Made, Report, document_kind
from trueup.kernel.sources import Source, names

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows


def result(raw: Raw, to: Rows) -> None:
    """The test of a project; for an image, of those inside it too."""
    origin = origin_of(to, (), [raw.get("projectName")])
    _project(raw, Report(to, origin, Made("snyk"), path=_file(raw)))
    for number, inner in enumerate(raw.get("applications") or (), 1):
        own = f"{to.raw_sha256[:16]}:{number}"
        _project(inner, Report(to, origin, Made("snyk", scan=own), path=_file(inner)))


def _file(raw: Raw) -> object:
    """The manifest that was tested; what is inside an image is no file of the repository."""
    return None if raw.get("docker") else raw.get("displayTargetFile") or raw.get("targetFile")


def _project(raw: Raw, report: Report) -> None:
    where = report.path or raw.get("projectName")
    for issue in raw["vulnerabilities"]:
        _issue(issue, report, where, {})
    for issue in raw.get("infrastructureAsCodeIssues") or ():
        _configuration(issue, report, where)
    filtered = raw.get("filtered") or {}
    for list_ in ("ignore", "patch"):
        resolution = {"ignore": "not_planned", "patch": "done"}[list_]
        told = {"status": "done", "resolution": resolution, "resolution_original": list_}
        for issue in filtered.get(list_) or ():
            _issue(issue, report, where, told)
    report.end(components=raw.get("dependencyCount"))


def _issue(raw: Raw, report: Report, where: object, outcome: dict[str, Any]) -> None:
    """A vulnerability or licence issue; it is listed once for each way it comes in, and is one."""
    rule = raw["id"]
    component = raw.get("packageName") or raw.get("moduleName") or raw["name"]
    known = raw.get("identifiers") or {}
    licence = raw.get("type") == "license"
    fixed = raw.get("fixedIn") or ()
    report.finding(
        "snyk",
        rule,
        component,
        raw.get("version"),
        where,
        kind="licence" if licence else "vulnerability",
        kind_original=raw.get("type") or "vuln",
        rule=rule,
        aliases=[*(known.get("CVE") or ()), *(known.get("GHSA") or ())],
        path=report.path,
        component=component,
        version=raw.get("version"),
        fixed_in=", ".join(fixed) or raw.get("nearestFixedInVersion"),
        **report.severity(raw.get("severity")),
        **outcome,
    )


def _configuration(raw: Raw, report: Report, where: object) -> None:
    """A setting of infrastructure that is not as it should be."""
    rule, line = raw.get("publicId") or raw["id"], raw.get("lineNumber")
    waved: dict[str, Any] = {
        "status": "done",
        "resolution": "not_planned",
        "resolution_original": "ignore",
    }
    report.finding(
        "snyk",
        rule,
        where,
        *(raw.get("path") or ()),
        kind="misconfiguration",
        kind_original=raw.get("type"),
        rule=rule,
        path=report.path,
        line=line if line and line > 0 else None,
        **report.severity(raw.get("severity")),
        **(waved if raw.get("isIgnored") else {}),
    )


KINDS = (
    document_kind(
        name="snyk",
        writes=("findings", "scans"),
        lights="known vulnerabilities and licences of dependencies, settings of infrastructure, what was set aside",
        marks=names("vulnerabilities dependencyCount ok"),
        known=names(
            "vulnerabilities ok dependencyCount org policy isPrivate licensesPolicy packageManager projectId ignoreSettings "
            "summary remediation filesystemPolicy filtered uniqueCount projectName displayTargetFile targetFile "
            "targetFilePath path docker platform foundProjectCount severityThreshold scanResult hasUnknownVersions "
            "applications payloadType advice meta depGraph depTree projectType infrastructureAsCodeIssues "
            "infrastructureAsCodeSuccesses"
        ),
        to_facts=result,
    ),
)

SOURCE = Source(
    name="snyk",
    version=1,
    title="Snyk test reports",
    sensitive=(),
    access="files only: `snyk test --all-projects --json-file-output=snyk.json`; no token of Snyk is asked for",
    limits=(
        "Give `--repo` and `--commit`: a report knows the name of the project in its manifest, which stands for the "
        "repository otherwise, and no commit or time. A vulnerability that comes in on several ways is one finding; Snyk "
        "counts the ways in `summary`. Who ignored an issue, and why, is not kept. Snyk Code is "
        "read from its SARIF output. Projects that could not be tested are named among what was not read."
    ),
    kinds=KINDS,
)
