"""CycloneDX: what a product is made of, and what is known to be wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.facts.reports import origin_of
from trueup.facts.rows import OddRecordError
from trueup.facts.scanning import Made, Report, document_kind, licence_of, organisation
from trueup.kernel.clock import moment_of
from trueup.kernel.sources import Form, Source, names
from trueup.sources.cyclonedx.xml import begins, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trueup.facts.rows import Raw, Rows

_KINDS = {
    "library": "library",
    "framework": "framework",
    "application": "application",
    "platform": "application",
    "container": "container",
    "operating-system": "operating_system",
    "device": "device",
    "device-driver": "firmware",
    "firmware": "firmware",
    "file": "file",
    "data": "data",
    "cryptographic-asset": "data",
    "machine-learning-model": "model",
}
_SCOPES = {"required": "required", "optional": "optional", "excluded": "excluded"}
_STATES = {
    "resolved": "done",
    "resolved_with_pedigree": "done",
    "false_positive": "not_planned",
    "not_affected": "not_planned",
    "exploitable": "",
    "in_triage": "",
}


def bom(raw: Raw, to: Rows) -> None:
    """A bill of materials: its components, and the vulnerabilities of them."""
    if raw["bomFormat"] != "CycloneDX":
        raise OddRecordError("it is no CycloneDX document")
    about = raw.get("metadata") or {}
    product = about.get("component") or {}
    tool = _tool(about)
    version = raw.get("version")
    report = Report(
        to,
        origin_of(to, _addresses(product), [_full_name(product)] if product else ()),
        Made(
            tool.get("name") or "cyclonedx",
            version=tool.get("version"),
            at=moment_of(about.get("timestamp")),
            # The same document made again keeps its number and counts its version up.
            scan=f"{raw['serialNumber']}/{version or 1}" if raw.get("serialNumber") else None,
        ),
    )
    parts = {}
    for part in _all(raw.get("components") or ()):
        own = part.get("bom-ref") or part.get("purl")
        parts[own or f"{_full_name(part)}@{part.get('version', '')}"] = part
    holders = _holders(raw, parts)
    direct = _direct(raw, product, holders)
    for ref, part in parts.items():
        if ref not in holders:
            _component(part, ref, report, None if direct is None else ref in direct)
    for vulnerability in raw.get("vulnerabilities") or ():
        _vulnerability(vulnerability, parts, report)
    # An empty list says nothing: tools write it where they did not look for any.
    report.end(sought=bool(raw.get("vulnerabilities")))


def _tool(about: Raw) -> Raw:
    """The first of the tools that made it: a list, or since 1.5 components and services."""
    told = about.get("tools") or ()
    if isinstance(told, dict):
        told = told.get("components") or told.get("services") or ()
    return next(iter(told), {})


def _addresses(product: Raw) -> Iterator[tuple[object, object]]:
    """Where the product comes from: its address in version control, else its package URL."""
    for reference in product.get("externalReferences") or ():
        if reference.get("type") == "vcs":
            yield reference.get("url"), None
    yield product.get("purl"), None


def _full_name(part: Raw) -> str:
    group, name = part.get("group"), part["name"]
    return f"{group}/{name}" if group else name


def _all(parts: Any) -> Iterator[Raw]:
    """Components and those within them, however deep, in their order."""
    left = [*reversed(parts)]
    while left:
        part = left.pop()
        yield part
        left += reversed(part.get("components") or ())


def _holders(raw: Raw, parts: Mapping[str, Raw]) -> dict[str, Iterable[str]]:
    """Files that list packages, which stand as applications between the product and these, and their packages."""
    return {
        ref: entry.get("dependsOn") or ()
        for entry in raw.get("dependencies") or ()
        if (part := parts.get(ref := entry.get("ref")))
        and part["type"] == "application"
        and not (part.get("purl") or part.get("version"))
    }


def _direct(raw: Raw, product: Raw, holders: Mapping[str, Iterable[str]]) -> set[str] | None:
    """What the product itself depends on; nothing where the document does not say."""
    ref = product.get("bom-ref")
    told = (e.get("dependsOn") or () for e in raw.get("dependencies") or () if e.get("ref") == ref)
    first = next(told, None) if ref else None
    if first is None:
        return None
    found, left = set[str](), [*first]
    while left:
        if (one := left.pop()) not in found:
            found.add(one)
            left += holders.get(one, ())
    return found


def _component(part: Raw, ref: str, report: Report, direct: bool | None) -> None:
    kind = part["type"]
    report.component(
        ref,
        purl=part.get("purl") or None,
        name=_full_name(part),
        version=part.get("version") or None,
        kind=report.to.meaning("components.kind", kind, _KINDS),
        kind_original=kind,
        licence=licence_of(_licences(part)),
        scope=report.to.meaning("components.scope", part.get("scope"), _SCOPES) or None,
        scope_original=part.get("scope"),
        direct=direct,
        supplier=organisation((part.get("supplier") or {}).get("name")),
    )


def _licences(part: Raw) -> Iterator[object]:
    for choice in part.get("licenses") or ():
        licence = choice.get("license") or {}
        yield choice.get("expression") or licence.get("id") or licence.get("name")


def _vulnerability(raw: Raw, parts: Mapping[str, Raw], report: Report) -> None:
    analysis = raw.get("analysis") or {}
    state = analysis.get("state")
    resolution = report.to.meaning("findings.resolution", state, _STATES)
    rule = raw.get("id") or raw["bom-ref"]
    for told in [x["ref"] for x in raw.get("affects") or ()] or [""]:
        # A reference into another document ends in the reference there.
        ref = told.rpartition("#")[2] if told.startswith("urn:cdx:") else told
        part = parts.get(ref) or {}
        status = "done" if resolution in {"done", "not_planned"} else "open"
        report.finding(
            "cyclonedx",
            rule,
            part.get("purl") or ref,
            kind="vulnerability",
            rule=rule,
            aliases=[x["id"] for x in raw.get("references") or () if x.get("id")],
            component=_full_name(part) if part else ref or None,
            version=part.get("version") or None,
            status=status,
            status_original=state,
            resolution=resolution if status == "done" else "",
            changed_at=moment_of(analysis.get("lastUpdated")),
            **_severity(raw, report),
        )


def _severity(raw: Raw, report: Report) -> dict[str, Any]:
    """As the source of the vulnerability rates it, else as all others do; where these differ nobody knows."""
    rated: dict[object, dict[str, Any]] = {}
    # One source may rate by several methods: the newest counts.
    for rating in sorted(raw.get("ratings") or (), key=_method, reverse=True):
        version = "2" if rating.get("method") == "CVSSv2" else "3"
        score = rating.get("score") if _method(rating) else None
        found = report.severity(rating.get("severity"), score, version=version)
        if found and found["severity"] != "other":
            rated.setdefault(_source(rating), found)
    own = _source(raw)
    if own and own in rated:
        return rated[own]
    if len({found["severity"] for found in rated.values()}) > 1:
        report.to.remark(
            "vulnerabilities that others than their own source rate, and each in its way"
        )
        words = sorted({found["severity_original"] for found in rated.values()})
        return {"severity": "other", "severity_original": ", ".join(words)[:100]}
    return next(iter(rated.values()), {})


def _method(rating: Raw) -> str:
    """The version of CVSS, where it is one."""
    told = str(rating.get("method"))
    return told if told.startswith("CVSS") else ""


def _source(raw: Raw) -> str:
    return str((raw.get("source") or {}).get("name") or "").casefold()


KINDS = (
    document_kind(
        name="cyclonedx",
        writes=("components", "findings", "scans"),
        lights="what a product is made of, under which licences, and which known vulnerabilities were judged",
        marks=names("bomFormat specVersion"),
        known=names(
            "$schema xmlns bomFormat specVersion serialNumber version metadata components services externalReferences "
            "dependencies compositions vulnerabilities annotations formulation declarations definitions properties signature"
        ),
        to_facts=bom,
        form=Form((".xml",), begins, read),
    ),
)

SOURCE = Source(
    name="cyclonedx",
    version=1,
    title="CycloneDX bills of materials, in JSON and XML, with and without vulnerabilities",
    sensitive=(),
    access="files only: the bill of materials that cyclonedx-*, syft, trivy or cdxgen write",
    limits=(
        "The repository is that given with `--repo`, else the address in version control or the package URL of what the "
        "document describes, else its name. Which components are direct is known where the document holds the dependencies "
        "of what it describes. A missing scope stays empty. Vulnerabilities that several rate, but not their own source, are `other` unless all "
        "say the same; an empty list of them does not say that any were looked for. Licences that are whole texts become `other`; suppliers whose "
        "name shows an address, authors and publishers are left out, since they may be people. Documents in XML are read up "
        "to 32 MB, services and compositions not at all."
    ),
    kinds=KINDS,
)
