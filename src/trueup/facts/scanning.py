"""What documents of scanners and bills of materials become: findings, components, and that it was looked at."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

from trueup.facts.reported_paths import path_within
from trueup.facts.rows import OddRecordError
from trueup.facts.texts.words import SEVERITIES, severity_of
from trueup.kernel.sources import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trueup.facts.reports import Origin
    from trueup.facts.rows import Rows

#: Kinds of records that are whole documents of a tool.
document_kind = partial(RecordKind, access="files only", whole=True)
#: Longer ones are texts of licences, with the names of those who hold the rights.
_LONGEST_LICENCE = 80
_LICENCE = re.compile(r"[A-Za-z0-9(][\w .,;/()+:&'-]*")
#: Ids that documents give to themselves: addresses and unique ids.
_ID = re.compile(r"(?:urn:|https?://)?[\w.:/?&=#~+%-]{8,200}")


def digest(*parts: object) -> str:
    """A short hash of what makes a thing itself."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:20]


def licence_of(names: Iterable[object]) -> str | None:
    """Names of licences, without those that are whole texts.

    >>> licence_of(["MIT", "Apache-2.0"]), licence_of(["Copyright (c) a person <a@example.org>"])
    ('MIT, Apache-2.0', 'other')
    """
    told = [str(n).strip() for n in names if n and n != "NOASSERTION"]
    fit = (
        n
        if len(n) <= _LONGEST_LICENCE and _LICENCE.fullmatch(n) and "opyright" not in n
        else "other"
        for n in told
    )
    return ", ".join(dict.fromkeys(fit)) or None


def organisation(name: object) -> str | None:
    """The name of an organisation; nothing where an address shows that it is that of a person.

    >>> organisation("Acme, Inc."), organisation("Ada Quill <ada@example.org>")
    ('Acme, Inc.', None)
    """
    text = str(name or "").strip().removesuffix("()").rstrip()
    return text if text and not re.search(r"[@<>(]", text) and len(text) <= 120 else None


@dataclass(frozen=True, slots=True)
class Made:
    """How a document came to be.

    Args:
        tool: what made it.
        version: of the tool.
        at: when it was made.
        scan: the id it gives to itself.
    """

    tool: object
    version: object = None
    at: datetime | None = None
    scan: object = None


class Report:
    """One document of one tool, being read.

    Args:
        to: where its rows go.
        origin: what it is about.
        made: how it came to be.
        path: the one file it is about, if it is about one.
    """

    def __init__(self, to: Rows, origin: Origin, made: Made, *, path: object = None) -> None:
        if not isinstance(made.tool, str) or not made.tool.strip():
            raise OddRecordError("it does not say which tool made it")
        self.to = to
        self.origin = origin
        # One tool writes its name in several ways.
        self.tool = made.tool.strip().lower()[:80]
        self.at = made.at
        self.version = str(made.version)[:40] if made.version else None
        self.path = self.place(path)
        own = str(made.scan or "")
        self.id = own if _ID.fullmatch(own) else to.raw_sha256[:16]
        self._found: set[str] = set()
        self._listed: set[str] = set()

    def place(self, path: object) -> str | None:
        """A path as it stands in the repository, if it shows."""
        if path is None or path == "":
            return None
        if not isinstance(path, str):
            raise OddRecordError("a path is no text")
        return path_within(path, self.origin.repo)

    def severity(self, *told: object, version: str = "3") -> dict[str, Any]:
        """The first word or score of these that says anything, and what it means."""
        original = str(next((x for x in told if x not in {None, ""}), ""))
        if not original:
            return {}
        found = severity_of(original, version=version)
        if found == "other" and original.strip().lower() not in SEVERITIES:
            self.to.unknown_values["findings.severity", original[:60]] += 1
        return {"severity": found, "severity_original": original[:100]}

    def finding(
        self, *identity: object, happened_at: datetime | None = None, **columns: Any
    ) -> None:
        """A finding; one that was told before is the same.

        ``identity`` makes it itself, whenever and wherever the tool runs again: never a text of the tool.
        It changed when it was looked at: what an older report says, also one that is read later, is old.
        """
        finding = digest(*identity)
        if finding in self._found:
            return
        self._found.add(finding)
        status = columns.pop("status", "open")
        resolution = columns.pop("resolution", "done" if status == "done" else "")
        aliases = columns.pop("aliases", None)
        self.to.add(
            "findings",
            happened_at=happened_at or self.at,
            repo=self.origin.repo,
            tool=self.tool,
            finding=finding,
            status=status,
            resolution=resolution,
            aliases=sorted({str(a) for a in aliases}) if aliases else None,
            sha=self.origin.sha,
            **columns | {"changed_at": self.at or columns.get("changed_at")},
        )

    def component(self, component: object, **columns: Any) -> None:
        """A component the document lists; one that was told before is the same."""
        itself = str(component)[:400]
        if itself in self._listed:
            return
        self._listed.add(itself)
        self.to.add(
            "components",
            happened_at=self.at,
            repo=self.origin.repo,
            document=self.id,
            component=itself,
            sha=self.origin.sha,
            **columns,
        )

    def measure(self, name: str, value: object, *, path: str = "") -> None:
        """A number it gives to a file, or to the whole; nothing where it gives none.

        Raises:
            OddRecordError: it is no number.
        """
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise OddRecordError("a measure is no number")
        self.to.add(
            "measures",
            happened_at=self.at,
            repo=self.origin.repo,
            tool=self.tool,
            path=path,
            name=name,
            value=float(value),
            sha=self.origin.sha,
        )

    def end(
        self, *, result: str | None = None, components: object = None, sought: bool = True
    ) -> None:
        """That it was read to its end: also a clean report says something, if findings were ``sought``."""
        counted = components if isinstance(components, int) else len(self._listed) or None
        self.to.add(
            "scans",
            happened_at=self.at,
            repo=self.origin.repo,
            tool=self.tool,
            scan=self.id,
            tool_version=self.version,
            path=self.path,
            sha=self.origin.sha,
            result=result,
            findings=len(self._found) if sought else None,
            components=counted,
        )
