"""SPDX 2: what a product is made of, in JSON and as tags and values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.facts.reports import origin_of
from trueup.facts.rows import OddRecordError
from trueup.facts.scanning import Made, Report, document_kind, licence_of, organisation
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import Form, Source, names
from trueup.sources.spdx.tags import begins, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

_KINDS = {
    "application": "application",
    "framework": "framework",
    "library": "library",
    "container": "container",
    "operating-system": "operating_system",
    "operating_system": "operating_system",
    "device": "device",
    "firmware": "firmware",
    "source": "source",
    "archive": "file",
    "file": "file",
    "install": "application",
    "other": "other",
}
#: Which side of a relationship needs the other, and for what.
_SCOPES = {
    "DEPENDENCY_OF": "",
    "RUNTIME_DEPENDENCY_OF": "required",
    "BUILD_DEPENDENCY_OF": "build",
    "DEV_DEPENDENCY_OF": "development",
    "OPTIONAL_DEPENDENCY_OF": "optional",
    "PROVIDED_DEPENDENCY_OF": "provided",
    "TEST_DEPENDENCY_OF": "test",
}
_SAID = ("", "NOASSERTION", "NONE", None)


def document(raw: Raw, to: Rows) -> None:
    """A document: the packages it lists, and which of them the product itself needs."""
    raw = raw.get("sbom") or raw  # as GitHub hands it out
    if not str(raw["spdxVersion"]).startswith("SPDX-2"):
        raise OddRecordError("it is of another version of SPDX than 2")
    packages = {p["SPDXID"]: p for p in raw.get("packages") or ()}
    roots = _described(raw) & packages.keys()
    products = [packages[ref] for ref in sorted(roots)]
    info = raw["creationInfo"]
    tool, version = _tool(info.get("creators") or ())
    report = Report(
        to,
        origin_of(to, _addresses(raw, products), [p["name"] for p in products[:1]]),
        Made(
            tool or "spdx",
            version=version,
            at=moment_of(info.get("created")),
            scan=raw.get("documentNamespace"),
        ),
    )
    # The product is no component of itself; a document that describes all it lists tells no product.
    listed = {ref: p for ref, p in packages.items() if len(roots) != 1 or ref not in roots}
    needs = list(_needs(raw))
    direct = {ref for whose, ref, _ in needs if whose in roots}
    scopes = {ref: scope for _, ref, scope in needs if scope}
    told = len(roots) == 1 and any(whose in roots for whose, _, _ in needs)
    for ref, package in listed.items():
        _package(package, report, direct=ref in direct if told else None, scope=scopes.get(ref))
    report.end(sought=False)


def _tool(creators: Any) -> tuple[str, str | None]:
    """The name and version of the first tool among the makers: `Tool: syft-1.4.1`."""
    first = next((c for c in creators if c.startswith("Tool:")), "")
    tool = first.removeprefix("Tool:").strip()
    match = re.match(r"(.+?)-v?(\d.*)", tool)
    return (match[1], match[2]) if match else (tool, None)


def _described(raw: Raw) -> set[str]:
    """What the document is about."""
    found = set(raw.get("documentDescribes") or ())
    for relation in raw.get("relationships") or ():
        one, kind, other = _sides(relation)
        if kind == "DESCRIBES" and one == raw["SPDXID"]:
            found.add(other)
        elif kind == "DESCRIBED_BY" and other == raw["SPDXID"]:
            found.add(one)
    return found


def _sides(relation: Raw) -> tuple[str, str, str]:
    return relation["spdxElementId"], relation["relationshipType"], relation["relatedSpdxElement"]


def _needs(raw: Raw) -> Iterator[tuple[str, str, str]]:
    """Who needs what, and for what where it says so."""
    for relation in raw.get("relationships") or ():
        one, kind, other = _sides(relation)
        if kind == "DEPENDS_ON":
            yield one, other, ""
        elif kind in _SCOPES:
            yield other, one, _SCOPES[kind]


def _addresses(raw: Raw, products: list[Raw]) -> Iterator[tuple[object, object]]:
    """Where the product comes from: its purl and where it is loaded from; GitHub names documents so."""
    for product in products:
        yield _purl(product), None
        yield product.get("downloadLocation"), None
    name = str(raw.get("name") or "")
    if name.startswith("com.github."):
        yield f"https://github.com/{name.removeprefix('com.github.')}", None


def _purl(package: Raw) -> str | None:
    refs = package.get("externalRefs") or ()
    return next((r["referenceLocator"] for r in refs if r.get("referenceType") == "purl"), None)


def _package(raw: Raw, report: Report, *, direct: bool | None, scope: str | None) -> None:
    purl, kind = _purl(raw), raw.get("primaryPackagePurpose")
    concluded, declared = raw.get("licenseConcluded"), raw.get("licenseDeclared")
    licence = concluded if concluded not in _SAID else declared
    kind_, _, supplier = str(raw.get("supplier") or "").partition(":")
    report.component(
        raw["SPDXID"],
        purl=purl,
        name=raw["name"],
        version=raw.get("versionInfo") or None,
        kind=report.to.meaning("components.kind", kind, _KINDS) or None,
        kind_original=kind,
        licence=licence_of([licence]) if licence not in _SAID else None,
        scope=scope,
        direct=direct,
        supplier=organisation(_without_contact(supplier)) if kind_ == "Organization" else None,
    )


def _without_contact(supplier: str) -> str:
    """`Acme (contact@example.org)` is an organisation that can be written to."""
    name, bracket, contact = supplier.partition("(")
    return name if bracket and contact.endswith(")") else supplier


KINDS = (
    document_kind(
        name="spdx",
        writes=("components", "scans"),
        lights="what a product is made of, and under which licences",
        marks=names("spdxVersion SPDXID"),
        known=names(
            "$schema spdxVersion SPDXID dataLicense name documentNamespace creationInfo packages files snippets "
            "relationships documentDescribes externalDocumentRefs hasExtractedLicensingInfos annotations comment revieweds"
        ),
        to_facts=document,
        form=Form((".spdx", ".spdx.txt", ".tag"), begins, read),
    ),
    document_kind(
        name="spdx_of_github",
        writes=("components", "scans"),
        lights="what a repository depends on, as GitHub sees it",
        access="Contents: read, to export it; then files only",
        marks=names("sbom"),
        known=names("sbom"),
        to_facts=document,
    ),
)

SOURCE = Source(
    name="spdx",
    version=1,
    title="SPDX 2 bills of materials, in JSON and as tags and values",
    sensitive=(),
    access="files only: what syft, trivy, sbom-tool or GitHub (`gh api repos/OWNER/NAME/dependency-graph/sbom`) write",
    limits=(
        "The repository is that given with `--repo`, else the package URL or the place of download of what the document "
        "describes, else its name. Which packages are direct is known where the document says what the product depends on. "
        "The licence is the concluded one, else the declared one. Only suppliers that are said to be organisations are kept, "
        "without addresses. Files, snippets, annotations, texts of licences, RDF, YAML and version 3 are not read."
    ),
    kinds=KINDS,
)
