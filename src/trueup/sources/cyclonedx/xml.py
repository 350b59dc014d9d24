"""CycloneDX in XML, as the same document in JSON would be."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Elements that hold a list, and what its members are called.
_LISTS = {
    "components": "component",
    "vulnerabilities": "vulnerability",
    "ratings": "rating",
    "affects": "target",
    "versions": "version",
    "properties": "property",
    "references": "reference",
    "externalReferences": "reference",
    "authors": "author",
    "services": "service",
}
#: Larger ones are refused: a document in XML takes ten times its size while it is read.
LARGEST = 32 << 20


def begins(head: bytes) -> bool:
    """Whether a file is one: its name space stands at its head."""
    return b"cyclonedx.org/schema/bom" in head


def read(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The one document of a file.

    Raises:
        ValueError: it is no XML, declares entities, or is too large.
    """
    text = stream.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise ValueError("it is larger than 32 MB: write the document as JSON")
    # Entities are what makes XML dangerous; without a document type there are none.
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ValueError("it declares entities")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no entities, see above
    except ET.ParseError as error:
        raise ValueError(f"not XML: {error}") from error
    yield {"bomFormat": "CycloneDX", "specVersion": _name_space(root)} | _object(root)


def _name_space(root: ET.Element) -> str:
    return root.tag.partition("}")[0].rpartition("/")[2]


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _object(element: ET.Element) -> dict[str, Any]:
    """Attributes and children of an element; several of one name are a list."""
    found: dict[str, Any] = dict(element.attrib)
    for child in element:
        name = _name(child)
        if name in _SPECIAL:
            found[name] = _SPECIAL[name](child)
        elif name in _LISTS:
            found[name] = [_value(x) for x in child if _name(x) == _LISTS[name]]
        elif name == "url" and name in found:
            found[name] = [
                *([found[name]] if isinstance(found[name], str) else found[name]),
                _value(child),
            ]
        else:
            found[name] = _value(child)
    return found


def _value(element: ET.Element) -> Any:
    """What an element holds: attributes beside a text say how it came to be there."""
    text = (element.text or "").strip()
    return text if text or not (len(element) or element.attrib) else _object(element)


def _licences(element: ET.Element) -> list[dict[str, Any]]:
    found = [_value(x) for x in element]
    keys = [_name(x) for x in element]
    return [{key: value} for key, value in zip(keys, found, strict=True)]


def _dependencies(element: ET.Element) -> list[dict[str, Any]]:
    """What depends on what: the dependencies of one stand within it."""
    return [
        {"ref": x.get("ref"), "dependsOn": [y.get("ref") for y in x if _name(y) == "dependency"]}
        for x in element
    ]


def _tools(element: ET.Element) -> Any:
    """Tools by themselves, or since 1.5 as components and services."""
    plain = [_value(x) for x in element if _name(x) == "tool"]
    return plain or _object(element)


_SPECIAL: dict[str, Callable[[ET.Element], Any]] = {
    "licenses": _licences,
    "dependencies": _dependencies,
    "tools": _tools,
}
