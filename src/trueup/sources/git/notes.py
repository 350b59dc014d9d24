"""Release notes as they stand in the tree of each release: which tickets and requests they name."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from trueup.sources.git.columns import quoted
from trueup.sources.git.tree import blobs_at, read_blobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.sources.git.lines import Tag
    from trueup.sources.git.repository import Repository

MOST_FILES = 400
LARGEST = 4 << 20
#: Headings are short; longer lines are not looked at twice.
LONGEST_HEADING = 200
MOST_ENTRIES = 3_000
SAME_WORDS = 0.7

_NOTES = re.compile(
    r"(?:^|/)(?:change[-_ ]?logs?|changes|history|news|release[-_ ]?notes?|releases?|whats[-_]?new|upgrade)"
    r"(?:[^/]*|/[^/]*)\.?(?:md|markdown|rst|txt|adoc|rest)?$",
    re.IGNORECASE,
)
_NOT_NOTES = re.compile(
    r"(?:^|/)(?:tests?|vendor|third[-_]?party|node_modules|examples?|templates?)/", re.IGNORECASE
)
_TEXT = re.compile(r"(?:\.(?:md|markdown|rst|txt|adoc|rest)|(?:^|/)[A-Za-z_-]+)$", re.IGNORECASE)
_UNDERLINE = re.compile(r"^([=\-~^*#\"'+.])\1{2,}\s*$")
_ANY_VERSION = re.compile(
    r"(?<![\w.])v?\d+\.\d+(?:\.\d+)*(?:[-. ]?(?:a|b|rc|alpha|beta|dev|pre)[-.]?\d*)?(?![\w])",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-*+\u2022]|\d+[.)])\s")
_EMPTY_WORDS = frozenset(
    "the and for with from into when that this not are has was issue issues pull https http github com".split()
)
_NUMBERED = re.compile(
    r"(?:(?<![\w&/-])#|\bGH-?|:(?:issue|pr|pull|bug|gh|ghpull|ghissue|ticket|user-issue)\s*:`~?#?|/(?:issues|pull|merge_requests)/)(\d{1,6})\b"
)
_TRACKER = re.compile(r"\b([A-Z][A-Z0-9]{1,9}-\d{1,7})\b")
_NOT_TRACKERS = frozenset("CVE UTF ISO SHA RFC PEP KIP GHSA GH TLS".split())


class Entry(NamedTuple):
    """Something a release claims: which release, where it says so, what it names, and in which words."""

    tag: str
    path: str
    line: int
    target: str
    words: frozenset[str]


def note_files(paths: Iterable[bytes]) -> list[bytes]:
    """Those paths that look like release notes, the shortest first."""
    found = [
        p
        for p in paths
        if (text := p.decode("utf-8", "replace"))
        and _NOTES.search(text)
        and _TEXT.search(text)
        and not _NOT_NOTES.search(text)
        and b"\n" not in p
    ]
    return sorted(found, key=lambda p: (p.count(b"/"), len(p), p))[:MOST_FILES]


def read_notes(repository: Repository, tags: list[Tag], paths: list[bytes]) -> list[Entry]:
    """The entries of each release, read from the notes in its own tree."""
    wanted = [(tag, path) for tag in tags for path in paths if _could_hold(path, tag.version)]
    blob_of = blobs_at(repository, [(tag.sha, path) for tag, path in wanted], LARGEST)
    asking: dict[str, list[int]] = defaultdict(list)
    for number, (tag, path) in enumerate(wanted):
        if blob := blob_of.get((tag.sha, path)):
            asking[blob].append(number)
    told: dict[int, list[tuple[int, str, frozenset[str]]]] = {}
    for blob, body in read_blobs(repository, sorted(asking)):
        text = body.decode("utf-8", "replace")
        for number in asking[blob]:
            tag, path = wanted[number]
            whole = tag.version in _numbers(path)
            told[number] = section_targets(text, tag.version, whole=whole)
    entries: dict[tuple[str, str], Entry] = {}
    for number in sorted(told):
        tag, path = wanted[number]
        for place, target, said in told[number]:
            entry = Entry(tag.name, quoted(path) or "", place, target, said)
            entries.setdefault((tag.name, target), entry)
    return list(entries.values())


def section_targets(
    text: str, version: str, *, whole: bool = False
) -> list[tuple[int, str, frozenset[str]]]:
    r"""Tickets named in the section of one version: line number, ticket, words of the entry.

    Where the ``whole`` text is about that version, it needs no heading that says so.

    >>> section_targets("# Notes\n## 1.1\n- Fix it (#7)\n## 1.0\n- Old (#3)\n", "1.1")
    [(3, '#7', frozenset({'fix'}))]
    """
    lines = text.split("\n")
    start, level = _find_section(lines, version)
    if start < 0 and not whole:
        return []
    found: list[tuple[int, str, frozenset[str]]] = []
    entry: list[str] = []
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if _BULLET.match(line) or not line.strip():
            entry = []
        entry.append(line)
        if _heading_level(lines, number) is not None and _ends(lines, number, level):
            break
        targets = targets_in(line)
        if targets:
            words = words_of(" ".join(entry[-6:]))
            found.extend((number + 1, target, words) for target in targets)
        if len(found) > MOST_ENTRIES:
            break
    return found


def words_of(text: str) -> frozenset[str]:
    """The words and version numbers of a text, without ticket numbers and the commonest words."""
    words = (w.rstrip(".") for w in re.findall(r"[a-z0-9][a-z0-9_.]{2,}", text.lower()))
    return frozenset(w for w in words if w not in _EMPTY_WORDS and not w.isdigit())


def matching_commit(words: frozenset[str], subjects: Iterable[tuple[str, frozenset[str]]]) -> str:
    """The commit whose subject says the same as an entry, or an empty string.

    It must share most of the words of the shorter of the two, and at least three.
    """
    best, found = 0.0, ""
    for sha, other in subjects:
        shared = len(words & other)
        if shared >= 3 and (share := shared / min(len(words), len(other))) > best:
            best, found = share, sha
    return found if best >= SAME_WORDS else ""


def targets_in(line: str) -> list[str]:
    """Tickets a line names."""
    keys = (m[1] for m in _TRACKER.finditer(line))
    return [f"#{m[1]}" for m in _NUMBERED.finditer(line)] + [
        key for key in keys if key.split("-")[0] not in _NOT_TRACKERS
    ]


def _could_hold(path: bytes, version: str) -> bool:
    """Notes kept in one file a release name it; one file for all has no version in its name."""
    numbers = _numbers(path)
    return not numbers or any(version == n or version.startswith(n + ".") for n in numbers)


def _numbers(path: bytes) -> list[str]:
    """Version numbers in the name of a file."""
    name = path.decode("utf-8", "replace").rsplit("/", 1)[-1]
    return re.findall(r"\d+(?:\.\d+)*", name)


def _find_section(lines: list[str], version: str) -> tuple[int, str]:
    exact = re.compile(
        rf"(?<![\w.])v?{re.escape(version)}(?!\w|\.\d|[-.]?(?:a|b|rc|cr|m|alpha|beta|dev|pre)[-.]?\d*\b)",
        re.IGNORECASE,
    )
    for number, line in enumerate(lines):
        if len(line) < LONGEST_HEADING and exact.search(line):
            level = _heading_level(lines, number)
            if level is not None:
                return number, level
    return -1, ""


def _heading_level(lines: list[str], number: int) -> str | None:
    """What marks a line as heading: its number signs, or the character under (or around) it."""
    line = lines[number]
    if len(line) > LONGEST_HEADING:
        return None
    if match := re.match(r"(#{1,6})\s", line):
        return match[1]
    if match := re.match(r"(={1,6}) \S", line):
        return match[1]
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if line.strip() and len(below) <= LONGEST_HEADING and (match := _UNDERLINE.match(below)):
        above = _UNDERLINE.match(lines[number - 1][:LONGEST_HEADING]) if number else None
        return ("around " if above and above[1] == match[1] else "under ") + match[1]
    if re.match(r"\s{0,2}v?\d+\.\d+[\w.]*\s*[-(:,]?.{0,60}\b(?:19|20)\d\d\b", line):
        return "dated"
    return None


def _ends(lines: list[str], number: int, level: str) -> bool:
    """Whether a heading ends a section: same kind of mark, a higher one, or another version."""
    found = _heading_level(lines, number)
    if found == level:
        return True
    if level.startswith("#") and found and found.startswith("#"):
        return len(found) < len(level)
    return bool(_ANY_VERSION.match(lines[number].lstrip("#= \t[").removeprefix("Version ")))
