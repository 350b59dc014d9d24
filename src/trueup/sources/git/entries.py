"""Entries of release notes, and which commit of the release each of them tells of.

Most entries name a ticket that the commit names too; for the others two things tell. A commit that
came with the release says the same in its subject. Or the entry was written by a commit that changed
code with it: that commit is what the entry tells of. A commit that writes many entries, or the one
that was released, collects what others did, and shows nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.facts import changes
from trueup.facts.paths import role_of
from trueup.sources.git import notes
from trueup.sources.git.columns import quoted
from trueup.sources.git.content import added_lines
from trueup.sources.git.derive import among
from trueup.sources.git.history import NOWHERE

if TYPE_CHECKING:
    import pyarrow as pa

    from trueup.sources.git.derive import Read, Shape

#: Release notes are checked for releases of the last three years.
NOTES_SPAN = timedelta(days=1096)
MOST_RELEASES = 150
#: A commit that writes more entries at once collects them.
MOST_WRITTEN = 3

CameWith = dict[str, list[int]]


def note_rows(shape: Shape, read: Read) -> pa.Table:
    """What recent releases say they contain."""
    recent = [t for t in shape.tags if shape.made(t) >= shape.until - NOTES_SPAN]
    recent = [t for t in recent if not t.prerelease][-MOST_RELEASES:]
    paths = notes.note_files(file.place for file in shape.listed)
    entries = notes.read_notes(shape.repository, recent, paths)
    made = {t.name: shape.made(t) for t in recent}
    shas = {t.name: t.sha for t in recent}
    came_with = _came_with(shape, {e.tag for e in entries})
    subjects = _subjects(shape, came_with)
    alike = [notes.matching_commit(e.words, subjects.get(e.tag, ())) or None for e in entries]
    left = {e.target for e, commit in zip(entries, alike, strict=True) if not commit}
    written = _written(shape, read, paths, left)
    return shape.rows(
        "release_notes",
        {
            "tag": [e.tag for e in entries],
            "path": [e.path for e in entries],
            "line": [e.line for e in entries],
            "target_kind": ["issue"] * len(entries),
            "target": [e.target for e in entries],
            "commit": alike,
            "written_with": [
                _first(shape, written.get(e.target, ()), came_with.get(e.tag, ()), shas[e.tag])
                for e in entries
            ],
            "source_key": [e.tag for e in entries],
            "raw_sha256": [shas[e.tag] for e in entries],
            "happened_at": [made[e.tag] for e in entries],
        },
    )


def _came_with(shape: Shape, tags: set[str]) -> CameWith:
    """Commits that came with each release or its own pre-releases."""
    found = shape.contained
    by_tag: dict[int, list[str]] = {}
    for number, tag in enumerate(shape.tags):
        if tag.name in tags:
            own = [i for i in found.inside[number] if shape.tags[i].prerelease]
            own = [i for i in own if shape.tags[i].version.startswith(tag.version)]
            for i in (number, *own):
                by_tag.setdefault(i, []).append(tag.name)
    of_tag: CameWith = {}
    for i, which in enumerate(found.which):
        for first in found.first[which]:
            for name in by_tag.get(first, ()):
                of_tag.setdefault(name, []).append(i)
    return of_tag


def _subjects(shape: Shape, came_with: CameWith) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Words of the subjects of the commits that came with each release."""
    shas = {tag: [shape.history.sha(i) for i in found] for tag, found in came_with.items()}
    given = "".join(f"{sha}\n" for found in shas.values() for sha in found).encode()
    if not given:
        return {}
    shown = shape.repository.run(
        "log", "--no-walk=unsorted", "--stdin", "-z", "--format=%H %s", "--no-color", given=given
    )
    said = (line.partition(b" ") for line in shown.out.split(b"\0") if line)
    words = {sha.decode(): notes.words_of(text.decode("utf-8", "replace")) for sha, _, text in said}
    return {t: [(s, words[s]) for s in found if words.get(s)] for t, found in shas.items()}


def _written(
    shape: Shape, read: Read, paths: list[bytes], targets: set[str]
) -> dict[str, list[int]]:
    """For each ticket the commits that wrote it into the notes and changed code besides."""
    if not targets:
        return {}
    oldest = (shape.until - NOTES_SPAN).timestamp()
    named = {quoted(p) or "" for p in paths}
    rows = read(changes.TABLE, ["sha", "path"], among=among("path", named))
    touching = rows["sha"].unique()
    at = dict(zip(touching.to_pylist(), shape.history.places(touching).tolist(), strict=True))
    recent = {s for s, i in at.items() if i != NOWHERE and shape.history.times[i] >= oldest}
    rows = read(changes.TABLE, ["sha", "path"], among=among("sha", recent))
    with_code = {
        sha
        for sha, path in zip(rows["sha"].to_pylist(), rows["path"].to_pylist(), strict=True)
        if path not in named and role_of(path) in {"code", "test"}
    }
    added = added_lines(shape.repository, sorted(with_code), only=paths)
    found: dict[str, list[int]] = defaultdict(list)
    for sha, files in added.items():
        lines = (line.decode("utf-8", "replace") for text in files.values() for line in text)
        entries = {t for line in lines for t in notes.targets_in(line)}
        if len(entries) <= MOST_WRITTEN:
            for target in entries & targets:
                found[target].append(at[sha])
    return found


def _first(
    shape: Shape, written: list[int] | tuple[()], came_with: list[int] | tuple[()], tag: str
) -> str | None:
    """The oldest commit that came with a release, but for the one that was released."""
    inside = set(came_with)
    fit = [i for i in written if i in inside and shape.history.sha(i) != tag]
    return shape.history.sha(max(fit)) if fit else None
