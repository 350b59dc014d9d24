"""SPDX as tags and values, as the same document in JSON would be."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r"(\w+):\s*(.*)", re.DOTALL)
#: Tags that begin an element; what follows belongs to it.
_BEGIN = frozenset(("PackageName", "FileName", "SnippetSPDXID", "LicenseID"))
_DOCUMENT = {
    "SPDXVersion": "spdxVersion",
    "DataLicense": "dataLicense",
    "SPDXID": "SPDXID",
    "DocumentName": "name",
    "DocumentNamespace": "documentNamespace",
}
_PACKAGE = {
    "PackageName": "name",
    "SPDXID": "SPDXID",
    "PackageVersion": "versionInfo",
    "PackageSupplier": "supplier",
    "PackageDownloadLocation": "downloadLocation",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseDeclared": "licenseDeclared",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
}


def begins(head: bytes) -> bool:
    """Whether a file is one: its version stands at its head."""
    return re.search(rb"^(?:\xef\xbb\xbf)?SPDXVersion:", head, re.MULTILINE) is not None


def read(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The one document of a file: what is read of it, and nothing of files and snippets."""
    document: dict[str, Any] = {
        "packages": [],
        "relationships": [],
        "creationInfo": {"creators": []},
    }
    within = ""
    package: dict[str, Any] = {}
    for tag, value in _pairs(stream):
        if tag in _BEGIN:
            within = tag
            if tag == "PackageName":
                package = {"externalRefs": []}
                document["packages"].append(package)
        if tag == "Relationship":
            document["relationships"].append(_relationship(value))
        elif tag in {"Created", "Creator"}:
            _creation(tag, value, document["creationInfo"])
        elif not within and tag in _DOCUMENT:
            document[_DOCUMENT[tag]] = value
        elif within == "PackageName":
            _package(tag, value, package)
    yield document


def _pairs(stream: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Tags with their values; one between `<text>` and `</text>` may have several lines."""
    lines = (line.decode("utf-8-sig", "replace").rstrip("\r\n") for line in stream)
    for line in lines:
        match = _TAG.match(line)
        if match is None or line.startswith("#"):
            continue
        tag, value = match[1], match[2].strip()
        if value.startswith("<text>"):
            while "</text>" not in value:
                more = next(lines, None)
                if more is None:
                    raise ValueError("a text does not end")
                value += f"\n{more}"
            value = value.removeprefix("<text>").partition("</text>")[0]
        yield tag, value


def _relationship(value: str) -> dict[str, str]:
    parts = value.split()
    if len(parts) != 3:
        raise ValueError("a relationship has not three parts")
    fields = ("spdxElementId", "relationshipType", "relatedSpdxElement")
    return dict(zip(fields, parts, strict=True))


def _creation(tag: str, value: str, info: dict[str, Any]) -> None:
    if tag == "Created":
        info["created"] = value
    else:
        info["creators"].append(value)


def _package(tag: str, value: str, package: dict[str, Any]) -> None:
    if tag in _PACKAGE:
        package[_PACKAGE[tag]] = value
    elif tag == "ExternalRef" and len(parts := value.split(maxsplit=2)) == 3:
        fields = ("referenceCategory", "referenceType", "referenceLocator")
        package["externalRefs"].append(dict(zip(fields, parts, strict=True)))
