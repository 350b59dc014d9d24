"""Reverted work that came back: a later step of the default branch adds, or takes away, most of its lines again.

Requests that bring reverted work back often carry another number and another subject, so messages do
not tell. A step of the default line is a commit on its chain of first parents with all it brought.
Half of the lines are enough where the same person soon changes all these files again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trueup.facts import changes, commits, links
from trueup.sources.git.content import (
    ENOUGH_LINES,
    FEWEST_LINES,
    Twin,
    added_lines,
    removed_lines,
)
from trueup.sources.git.derive import among
from trueup.sources.git.history import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from trueup.sources.git.derive import Read, Shape


#: Work that comes back later than this is a new attempt; so soon it is a second try of the first.
LATEST = timedelta(days=730)
SOON = timedelta(days=30)
#: Reverts older than this are left alone, as older branches are.
SPAN = timedelta(days=3650)
#: So many reverts are looked into, the newest, and for each so many later steps.
MOST_REVERTS = 1_000
MOST_TRIED = 10
#: A step is looked into that touches so many of the files.
SAME_FILES = 0.5
HALF_THE_LINES = 0.5
#: Of one or two lines that come back one must be so long: shorter ones come back by chance.
UNLIKE_OTHERS = 20
#: A merge that brings more commits is one of whole lines.
MOST_BROUGHT = 20
#: The surest way in which a revert names what it reverts comes first.
_SUREST = ("commit", "pull", "subject")


Lines = Mapping[bytes, set[bytes]]


class Reverted(NamedTuple):
    """A commit that was taken back, and the step of the default line that did it, as indices."""

    commit: int
    by: int


def return_rows(shape: Shape, read: Read) -> tuple[list[Twin], int]:
    """Steps that bring reverted commits back, and how many reverts were not looked into."""
    found = _reverted(shape, read)
    if not found:
        return [], 0
    looked_into = found[:MOST_REVERTS]
    tried = _candidates(shape, read, looked_into)
    history = shape.history
    wanted = {i for one, steps in tried.items() for i in (one.commit, *steps)}
    shas = [history.sha(i) for i in sorted(wanted)]
    added = added_lines(shape.repository, shas, merges=True)
    removed = removed_lines(shape.repository, shas)
    touched: dict[int, set[str]] = defaultdict(set)
    for commit, path in _rows(shape, read, "sha", set(shas)):
        touched[commit].add(path)
    told = read(commits.TABLE, ["sha", "author"], among=among("sha", set(shas)))
    author = dict(zip(told["sha"].to_pylist(), told["author"].to_pylist(), strict=True))
    twins = []
    for one, steps in tried.items():
        sha = history.sha(one.commit)
        soon = history.times[one.by] + SOON.total_seconds()
        lines = removed if _takes_away(added.get(sha, {}), removed.get(sha, {})) else added
        for step in steps:
            again = history.sha(step)
            second = author[sha] == author[again] and history.times[step] <= soon
            second = second and bool(touched[one.commit]) and touched[one.commit] <= touched[step]
            if _same_lines(lines.get(sha, {}), lines.get(again, {}), second=second):
                twins.append(Twin(again, sha, "added_lines", 0.9))
                break
    return twins, len(found) - len(looked_into)


def _reverted(shape: Shape, read: Read) -> list[Reverted]:
    """What landed reverts took back, the newest first; what landed with its revert never stood."""
    history = shape.history
    oldest = (shape.until - SPAN).timestamp()
    told = read(links.TABLE, ["sha", "relation", "target_kind", "target"], among=_REVERTS)
    named: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for sha, kind, target in zip(
        *(told[c].to_pylist() for c in ("sha", "target_kind", "target")), strict=True
    ):
        at = history.find(sha)
        if at != NOWHERE and shape.brought[at] != NOWHERE and history.times[at] >= oldest:
            named[at].append((_SUREST.index(kind), target))
    by_name = _by_name(shape, read, named)
    found: set[Reverted] = set()
    for at, targets in named.items():
        step = int(shape.brought[at])
        for kind in range(len(_SUREST)):
            meant = [t for k, n in targets if k == kind for t in by_name[kind].get(n, ())]
            stood = {t for t in meant if int(shape.brought[t]) > step and t != at}
            if stood:
                # By subject the last one is meant; children come before parents.
                picked = {min(stood)} if _SUREST[kind] == "subject" else stood
                found.update(Reverted(t, step) for t in picked)
                break
    return sorted(found, key=lambda r: (r.by, r.commit))


_REVERTS = ("relation", pa.array(["reverts"]))


def _by_name(
    shape: Shape, read: Read, named: Mapping[int, list[tuple[int, str]]]
) -> list[dict[str, list[int]]]:
    """Landed commits by the ids, numbers and subjects under which reverts name them."""
    history = shape.history
    wanted = [{t for found in named.values() for k, t in found if k == kind} for kind in range(3)]
    by_id = {prefix: [i] for prefix in wanted[0] if (i := _landed(shape, prefix)) != NOWHERE}
    pulls = read(links.TABLE, ["sha", "relation", "target"], among=among("target", wanted[1]))
    pulls = pulls.filter(pc.equal(pulls["relation"], "pull"))
    subjects = read(commits.TABLE, ["sha", "subject_id"], among=among("subject_id", wanted[2]))
    found = [by_id]
    for rows, name in ((pulls, "target"), (subjects, "subject_id")):
        by: dict[str, list[int]] = defaultdict(list)
        for sha, key in zip(rows["sha"].to_pylist(), rows[name].to_pylist(), strict=True):
            if (i := history.find(sha)) != NOWHERE and shape.brought[i] != NOWHERE:
                by[key].append(i)
        found.append(by)
    return found


def _landed(shape: Shape, prefix: str) -> int:
    index = shape.history.find_prefix(prefix)
    return index if index != NOWHERE and shape.brought[index] != NOWHERE else NOWHERE


def _candidates(shape: Shape, read: Read, found: list[Reverted]) -> dict[Reverted, tuple[int, ...]]:
    """Later steps, the earliest first, that touch at least half of what a reverted commit touched.

    Bulk edits and merges of whole lines are left out: they bring what many others did.
    """
    history = shape.history
    inside = {r.commit: np.flatnonzero(shape.brought == r.commit).tolist() for r in found}
    inside = {c: [c, *brought] for c, brought in inside.items()}
    shas = {history.sha(i) for parts in inside.values() for i in parts}
    paths: dict[int, set[str]] = defaultdict(set)
    for commit, path in _rows(shape, read, "sha", shas):
        paths[commit].add(path)
    touching: dict[str, set[int]] = defaultdict(set)
    for commit, path in _rows(shape, read, "path", {p for mine in paths.values() for p in mine}):
        if shape.brought[commit] != NOWHERE:
            touching[path].add(int(shape.brought[commit]))
    tried = {}
    small = np.bincount(shape.brought[shape.brought != NOWHERE]) <= MOST_BROUGHT
    for one in found:
        mine = {p for i in inside[one.commit] for p in paths.get(i, ())}
        if len(mine) > changes.MASS:
            continue
        steps = _later(shape, one, mine, touching, small)
        if steps:
            tried[one] = steps
    return tried


def _rows(shape: Shape, read: Read, column: str, values: set[str]) -> Iterator[tuple[int, str]]:
    """Commits, as indices, and paths they touch, for commits or paths that are wanted."""
    rows = read(changes.TABLE, ["sha", "path"], among=among(column, values))
    at = shape.history.places(rows["sha"]).tolist()
    pairs = zip(at, rows["path"].to_pylist(), strict=True)
    return ((commit, path) for commit, path in pairs if commit != NOWHERE)


def _later(
    shape: Shape,
    one: Reverted,
    mine: set[str],
    touching: Mapping[str, set[int]],
    small: NDArray[np.bool_],
) -> tuple[int, ...]:
    latest = int(shape.history.times[one.by]) + LATEST.total_seconds()
    counts: dict[int, int] = defaultdict(int)
    for path in mine:
        for step in touching[path]:
            if step < one.by and small[step] and shape.history.times[step] <= latest:
                counts[step] += 1
    likely = [s for s, n in counts.items() if n >= SAME_FILES * len(mine)]
    likely.sort(key=lambda s: (-counts[s], -s))
    return tuple(sorted(likely[:MOST_TRIED], reverse=True))


def _takes_away(added: Lines, removed: Lines) -> bool:
    """Whether most lines of a work are ones it takes away: by these it is known."""
    more, less = (sum(map(len, files.values())) for files in (added, removed))
    return less > 0 and less >= ENOUGH_LINES * (more + less)


def _same_lines(mine: Lines, theirs: Lines, *, second: bool) -> bool:
    """Whether one commit does to the same files what the other had done, or tries it again."""
    total = sum(map(len, mine.values()))
    same = sum(len(lines & theirs.get(path, set())) for path, lines in mine.items())
    if second and total:
        return same >= HALF_THE_LINES * total
    if total < FEWEST_LINES:
        longest = max((len(line) for lines in mine.values() for line in lines), default=0)
        return same == total and longest >= UNLIKE_OTHERS
    return same >= ENOUGH_LINES * total
