"""Where in the repository a result is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from trueup.facts.reported_paths import path_within

if TYPE_CHECKING:
    from trueup.facts.rows import Raw

#: Names tools give to the folder that holds the repository.
_USUAL = frozenset("%SRCROOT% SRCROOT ROOTPATH PROJECTROOT REPO_ROOT".split())
#: So many bases may stand on each other.
_DEEPEST = 8


class Place(NamedTuple):
    """A file and line, and what tells two places apart even where no path shows."""

    path: str | None
    line: int | None
    itself: tuple[object, ...]


class Places:
    """The places of one run.

    Args:
        run: of the log.
        repo: it is about.
    """

    def __init__(self, run: Raw, repo: str) -> None:
        self._repo = repo
        self._bases: Raw = run.get("originalUriBaseIds") or {}
        self._artifacts: Any = run.get("artifacts") or ()
        # What is inside an image is no file of the repository.
        whole = [b.get("uri") for b in self._bases.values()]
        self._image = "imageName" in (run.get("properties") or {}) or "file:///" in whole
        mapped = [v.get("mappedTo") or {} for v in run.get("versionControlProvenance") or ()]
        self._roots = [root for m in mapped if _absolute(root := self._resolved(m)[1])]

    def of(self, result: Raw) -> Place:
        """The first place of a result."""
        first: Raw = next(iter(result.get("locations") or ()), {})
        physical = first.get("physicalLocation") or {}
        artifact = physical.get("artifactLocation") or {}
        index = artifact.get("index", -1)
        if "uri" not in artifact and 0 <= index < len(self._artifacts):
            artifact = self._artifacts[index].get("location") or {}
        region = physical.get("region") or {}
        edges = [region.get(x) for x in ("startLine", "startColumn", "endLine", "endColumn")]
        logical: Raw = next(iter(first.get("logicalLocations") or ()), {})
        # All ones is what tools write that know no line.
        line = None if edges == [1, 1, 1, 1] else edges[0]
        path = None if self._image else self._path(artifact)
        # The same file is another address on another machine.
        own = path or artifact.get("uri")
        return Place(path, line, (own, *edges, logical.get("fullyQualifiedName")))

    def _path(self, artifact: Raw) -> str | None:
        base, whole = self._resolved(artifact)
        root = next((r for r in self._roots if whole.startswith(r)), "")
        if root:
            return path_within(whole[len(root) :].lstrip("/"), self._repo)
        found = path_within(whole, self._repo)
        # What stands on a base is within the repository, unless the log says that another base is its root.
        if found is None and base and (artifact.get("uriBaseId") in _USUAL or not self._roots):
            found = path_within(whole[len(base) :].lstrip("/"), self._repo)
        return found

    def _resolved(self, artifact: Raw) -> tuple[str, str]:
        """The absolute base of a location, if it stands on one, and the whole of it, as paths."""
        told, base_id, base = unquote(artifact.get("uri") or ""), artifact.get("uriBaseId"), ""
        for _ in range(_DEEPEST):
            entry = self._bases.get(base_id or "")
            if entry is None or _absolute(told):
                break
            before = unquote(entry.get("uri") or "")
            told, base_id = before + told, entry.get("uriBaseId")
            base = _plain(before) if _absolute(before) else ""
        return base, _plain(told)


def _absolute(uri: str) -> bool:
    return uri.startswith(("/", "file:")) or "://" in uri or uri[1:3] == ":/"


def _plain(uri: str) -> str:
    """An address of a file as a path."""
    path = uri.removeprefix("file:")
    path = "/" + path.lstrip("/") if uri.startswith("file:") else path
    # file:///C:/a/b is a path of its own, without the sign before the letter.
    return path[1:] if path[2:3] == ":" else path
