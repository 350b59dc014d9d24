"""`pip list --outdated`: installed Python packages of which there is a newer version."""

from __future__ import annotations

from json import detect_encoding
from typing import IO, TYPE_CHECKING, Any

import orjson

from trueup.facts.reports import origin_of
from trueup.facts.scanning import Made, Report
from trueup.kernel.sources import Form, RecordKind, Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.facts.rows import Raw, Rows

#: Nobody has so many packages.
LONGEST = 16 << 20


def _begins(head: bytes) -> bool:
    """Whether it is a list whose first package tells its newest version."""
    text = head.decode(detect_encoding(head), "replace").lstrip()
    first = text.partition("}")[0]
    return text.startswith("[") and '"latest_version"' in first and '"latest_filetype"' in first


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The whole list is one record: what it lists was outdated together.

    Raises:
        ValueError: it is no such list, or too long to be one.
    """
    body = stream.read(LONGEST + 1)
    if len(body) > LONGEST:
        raise ValueError("it is too long for a list of packages")
    yield {"outdated": orjson.loads(body.decode(detect_encoding(body)))}


def outdated(raw: Raw, to: Rows) -> None:
    """A list: each package with the version installed and the newest one."""
    found = Report(to, origin_of(to, ()), Made("pip"))
    for package in raw["outdated"]:
        name, version = package["name"], package["version"]
        found.component(
            f"{name}@{version}",
            name=name,
            version=version,
            latest=package["latest_version"],
            kind="library",
        )
    found.end(sought=False)


KINDS = (
    RecordKind(
        name="pip_outdated",
        writes=("components", "scans"),
        lights="which installed Python packages are behind, and how far",
        access="files only",
        marks=names("outdated"),
        known=names("outdated"),
        to_facts=outdated,
        form=Form((".json",), _begins, _records),
    ),
)

SOURCE = Source(
    name="pip_outdated",
    version=1,
    title="Lists of outdated Python packages",
    sensitive=(),
    access="files only: `pip list --outdated --format json > pip_outdated.json`",
    limits=(
        "Give `--repo`, without which it is not read, and `--commit`: a list names neither, nor when it was made. It names "
        "what is behind and nothing else: it is no bill of materials, and an empty one is not recognised. Which version is "
        "the newest is what the index said that day, without versions before a release unless `--pre` was given. Folders of "
        "the machine, which `--verbose` adds, are not read."
    ),
    kinds=KINDS,
)
