"""Trivy: vulnerabilities, misconfigurations, secrets, licences and packages of its JSON report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from trueup.facts.reports import origin_of
from trueup.facts.rows import OddRecordError
from trueup.facts.scanning import Made, Report, document_kind, licence_of
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

#: What VEX files and ignore files make of a finding.
_MODIFIED = {
    "ignored": "not_planned",
    "not_affected": "not_planned",
    "fixed": "done",
    "affected": "",
    "under_investigation": "",
    "unknown": "",
}
#: Targets that stand for all packages of a language, and for all files with a licence.
_GATHERED = frozenset(
    ("Node.js", "Python", "Ruby", "Java", "Conda", "Kubernetes", "Loose File License(s)")
)
_DIRECT = {"direct": True, "indirect": False}


def report(raw: Raw, to: Rows) -> None:
    """A report: all targets of one artifact."""
    about = raw.get("Metadata") or {}
    labels = ((about.get("ImageConfig") or {}).get("config") or {}).get("Labels") or {}
    image = raw.get("ArtifactType") == "container_image"
    name, commit = raw["ArtifactName"], about.get("Commit")
    told = [(about.get("RepoURL"), commit)]
    if image:
        prefix = "org.opencontainers.image."
        told.append((labels.get(f"{prefix}source"), labels.get(f"{prefix}revision")))
    elif raw.get("ArtifactType") == "repository":
        told.append((name, commit))
    found = Report(
        to,
        origin_of(to, told, [_image(name)] if image else ()),
        Made(
            "trivy",
            version=(raw.get("Trivy") or {}).get("Version"),
            at=moment_of(raw.get("CreatedAt")),
            scan=raw.get("ReportID"),
        ),
    )
    for result in raw.get("Results") or ():
        _result(result, found, image=image)
    found.end()


def _image(name: str) -> str:
    """The name of an image without tag and digest.

    >>> _image("registry.example/acme/app:1.2@sha256:00"), _image("alpine")
    ('registry.example/acme/app', 'alpine')
    """
    name = name.partition("@")[0]
    before, _, tag = name.rpartition(":")
    return before if before and "/" not in tag else name


def _result(result: Raw, report: Report, *, image: bool) -> None:
    kind = result.get("Class") or ""
    # The target of packages of the system is an image with its tag; what is inside an image is no file of ours.
    target = "" if kind == "os-pkgs" else result["Target"]
    path = None if image or kind == "license" or target in _GATHERED else report.place(target)
    met: Counter[tuple[object, ...]] = Counter()
    for type_, raw, outcome in _told(result, report):
        if type_ not in _READERS:
            raise OddRecordError("a finding is of no known type")
        itself, columns = _READERS[type_](raw, target)
        own = raw.get("PkgPath") or raw.get("FilePath")
        met[itself] += 1
        report.finding(
            *itself,
            met[itself],
            kind_original=kind or type_,
            path=path if image or not own else report.place(own),
            **report.severity(raw.get("Severity")),
            **columns,
            **outcome,
        )
    for package in result.get("Packages") or ():
        _package(package, result, report, path)


def _told(result: Raw, report: Report) -> Iterator[tuple[str, Raw, dict[str, Any]]]:
    """What a target holds: the type, the finding, and what became of it."""
    # `fixed` is what the vendor did: a version that mends it is out. It is open here all the same.
    for raw in result.get("Vulnerabilities") or ():
        yield "vulnerability", raw, {"status_original": raw.get("Status")}
    for raw in result.get("Misconfigurations") or ():
        if raw.get("Status") != "PASS":
            waved = {"status": "done", "resolution": "not_planned"}
            told = waved if raw.get("Status") == "EXCEPTION" else {}
            yield "misconfiguration", raw, {"status_original": raw.get("Status"), **told}
    for type_, list_ in (("secret", "Secrets"), ("license", "Licenses")):
        for raw in result.get(list_) or ():
            yield type_, raw, {}
    for change in result.get("ExperimentalModifiedFindings") or ():
        status = change["Status"]
        resolution = report.to.meaning("findings.resolution", status, _MODIFIED)
        told = {"status": "done", "resolution": resolution, "resolution_original": status}
        yield change["Type"], change["Finding"], told if resolution else {}


def _vulnerability(raw: Raw, target: str) -> tuple[tuple[object, ...], dict[str, Any]]:
    # Its own fingerprint holds the commit, and so is another one after each.
    rule, name, version = raw["VulnerabilityID"], raw["PkgName"], raw.get("InstalledVersion")
    itself = ("vulnerability", rule, name, version, raw.get("PkgPath") or target)
    return itself, {
        "kind": "vulnerability",
        "rule": rule,
        "aliases": raw.get("VendorIDs"),
        "component": name,
        "version": version,
        "fixed_in": raw.get("FixedVersion") or None,
    }


def _misconfiguration(raw: Raw, target: str) -> tuple[tuple[object, ...], dict[str, Any]]:
    cause = raw.get("CauseMetadata") or {}
    rule, line = raw.get("ID") or raw["AVDID"], cause.get("StartLine")
    itself = ("misconfiguration", rule, target, cause.get("Resource"), line)
    return itself, {"kind": "misconfiguration", "rule": rule, "line": line or None}


def _secret(raw: Raw, target: str) -> tuple[tuple[object, ...], dict[str, Any]]:
    # Neither the match nor the code around it is read: they show the secret.
    rule, line = raw["RuleID"], raw.get("StartLine")
    return ("secret", rule, target, line), {"kind": "secret", "rule": rule, "line": line or None}


def _licence(raw: Raw, target: str) -> tuple[tuple[object, ...], dict[str, Any]]:
    name, package = licence_of([raw["Name"]]), raw.get("PkgName") or None
    itself = ("licence", name, package, raw.get("FilePath") or target)
    return itself, {"kind": "licence", "rule": name, "component": package}


_READERS = {
    "vulnerability": _vulnerability,
    "misconfiguration": _misconfiguration,
    "secret": _secret,
    "license": _licence,
}


def _package(raw: Raw, result: Raw, report: Report, path: str | None) -> None:
    relation = raw.get("Relationship")
    if relation in {"root", "workspace"}:
        return
    purl = (raw.get("Identifier") or {}).get("PURL")
    version = "-".join(x for x in (raw.get("Version"), raw.get("Release")) if x)
    version = f"{raw['Epoch']}:{version}" if raw.get("Epoch") else version
    # Older reports tell only those that are not direct.
    direct = False if raw.get("Indirect") else _DIRECT.get(relation or "")
    own = purl or f"{raw['Name']}@{version}"
    report.component(
        f"{own} in {path}" if path else own,
        purl=purl,
        name=raw["Name"],
        version=version or None,
        kind="library",
        kind_original=result.get("Type"),
        licence=licence_of(raw.get("Licenses") or ()),
        scope="development" if raw.get("Dev") else None,
        direct=direct,
        path=path,
    )


KINDS = (
    document_kind(
        name="trivy",
        writes=("components", "findings", "scans"),
        lights="known vulnerabilities, misconfigurations, secrets and licences, and what is installed",
        marks=names("SchemaVersion ArtifactName"),
        known=names(
            "SchemaVersion Trivy ReportID CreatedAt ArtifactID ArtifactName ArtifactType Metadata Results"
        ),
        to_facts=report,
    ),
)

SOURCE = Source(
    name="trivy",
    version=1,
    title="Trivy reports",
    sensitive=(),
    access="files only: `trivy fs --format json --list-all-pkgs --output trivy.json .`; nothing is asked of a server",
    limits=(
        "Give `--repo` and `--commit` for folders and images: only scans of repositories and images with the labels "
        "`org.opencontainers.image.source` and `revision` say where they belong, and an image without them counts under its "
        "own name. Secrets are told by rule, file and line; the match and the code around it are not read. `Status` is what "
        "the vendor did (`fixed`: a version that mends it is out), so what is listed is open, but for what ignore files "
        "and VEX took out, where `--show-suppressed` was given. Every licence Trivy lists is a finding with its severity. "
        "Files inside images, maintainers, layers and the reports before schema version 2 are left out. A finding dates from the "
        "report: since when it is there Trivy does not know."
    ),
    kinds=KINDS,
)
