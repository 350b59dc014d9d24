"""The same change found on the default branch under another id."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trueup.facts import commits, links
from trueup.sources.git import content
from trueup.sources.git.content import Off, OnDefault, Twin
from trueup.sources.git.history import NOWHERE

if TYPE_CHECKING:
    from trueup.sources.git.derive import Read, Shape

#: Older commits off the default branch are left alone: no figure looks back so far.
SPAN = timedelta(days=1500)

#: Links that follow from the history as a whole.
RELATIONS = ("same_change", "absent", "returns")
_MARKS = {"cherry_pick_of": "picked", "change": "change", "pull": "pull"}
_CLAIMS = ("closes", "fixes", "pull")


class Sought(NamedTuple):
    """Changes off the default branch: found on it, nowhere on it, and how many were not compared."""

    same: list[Twin]
    absent: list[Twin]
    unsearched: int
    off: int


def seek(shape: Shape, read: Read) -> Sought:
    """Look on the default branch for what was done elsewhere."""
    history = shape.history
    oldest = (shape.until - SPAN).timestamp()
    off_at = np.flatnonzero((shape.brought == NOWHERE) & (history.times >= oldest)).tolist()
    if not off_at:
        return Sought([], [], 0, 0)
    off_shas = pa.array([history.sha(i) for i in off_at], pa.string())
    told = read(commits.TABLE, ["sha", "author", "authored_at", "subject_id"])
    linked = read(links.TABLE, ["sha", "relation", "target"])
    marks, claims = _marks(linked, off_shas)
    merges = {history.sha(i) for i in off_at if history.second[i] < history.second[i + 1]}
    # Merges bring what others did; they are looked for where they claim to be a request.
    off = [c for c in _off(told, off_shas, claims) if c.claims or c.sha not in merges]
    there = _there(shape, told, linked, off)
    found, left = content.by_marks(off, marks, there)
    left.sort(key=lambda c: (not c.claims, -c.authored, c.sha))
    more, left_over = content.by_patch(shape.repository, left[: content.MOST_COMPARED], there)
    claimed = [c for c in left_over if c.claims]
    sought, over = claimed[: content.MOST_COMPARED], claimed[content.MOST_COMPARED :]
    chain = sorted(set(shape.brought[shape.brought != NOWHERE].tolist()), reverse=True)
    line = [(int(history.times[i]), history.sha(i)) for i in chain]
    files = {file.place for file in shape.listed}
    compared = content.by_added_lines(shape.repository, sought, line, files)
    unsearched = max(0, len(left) - content.MOST_COMPARED) + len(over) + compared.unread
    same = found + more + compared.twins
    return Sought(same, compared.absent, unsearched, len(off))


def _off(told: pa.Table, shas: pa.Array, claims: set[str]) -> list[Off]:
    rows = told.filter(pc.is_in(told["sha"], shas))
    seconds = pc.cast(rows["authored_at"], pa.int64()).to_pylist()
    return [
        Off(sha, author, at, subject, sha in claims)
        for sha, author, at, subject in zip(
            rows["sha"].to_pylist(),
            rows["author"].to_pylist(),
            seconds,
            rows["subject_id"].to_pylist(),
            strict=True,
        )
    ]


def _there(shape: Shape, told: pa.Table, linked: pa.Table, off: list[Off]) -> OnDefault:
    """Commits of the default branch that share something with one that is off it."""
    history = shape.history
    on = np.flatnonzero(shape.brought != NOWHERE).tolist()
    there = OnDefault(shas={history.sha(i) for i in on})
    dates = pa.array(sorted({c.authored for c in off}), pa.int64())
    subjects = pa.array(sorted({c.subject for c in off}), pa.string())
    seconds = pc.cast(told["authored_at"], pa.int64())
    near = told.filter(pc.or_(pc.is_in(seconds, dates), pc.is_in(told["subject_id"], subjects)))
    near = near.sort_by([("authored_at", "ascending"), ("sha", "ascending")])
    for sha, author, at, subject in zip(
        near["sha"].to_pylist(),
        near["author"].to_pylist(),
        pc.cast(near["authored_at"], pa.int64()).to_pylist(),
        near["subject_id"].to_pylist(),
        strict=True,
    ):
        if sha in there.shas:
            there.by_author_date[author, at].append((sha, subject))
            there.by_subject[subject].append(sha)
    for sha, relation, target in _marked(linked):
        if sha in there.shas:
            there.by_mark[_MARKS[relation], target].append(sha)
    return there


def _marks(linked: pa.Table, off: pa.Array) -> tuple[dict[str, list[tuple[str, str]]], set[str]]:
    mine = linked.filter(pc.is_in(linked["sha"], off))
    marks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for sha, relation, target in _marked(mine):
        marks[sha].append((_MARKS[relation], target))
    claims = mine.filter(pc.is_in(mine["relation"], pa.array(_CLAIMS)))
    return marks, set(claims["sha"].to_pylist())


def _marked(linked: pa.Table) -> list[tuple[str, str, str]]:
    """Marks, the surest kinds first, in an order that does not depend on how they were read."""
    rows = linked.filter(pc.is_in(linked["relation"], pa.array(list(_MARKS))))
    columns = (rows[c].to_pylist() for c in ("sha", "relation", "target"))
    surest = list(_MARKS)
    return sorted(zip(*columns, strict=True), key=lambda x: (surest.index(x[1]), x[2], x[0]))


def link_rows(shape: Shape, *found_by_relation: list[Twin]) -> pa.Table:
    """Links of `RELATIONS`, in that order."""
    related = sorted((t, r) for r, ts in zip(RELATIONS, found_by_relation, strict=True) for t in ts)
    found = [twin for twin, _ in related]
    at = [shape.date(shape.history.find(t.sha)) for t in found]
    return shape.rows(
        "links",
        {
            "sha": [t.sha for t in found],
            "relation": [relation for _, relation in related],
            "target_kind": ["commit" if t.twin else "line" for t in found],
            "target": [t.twin or "default" for t in found],
            "how": [t.how for t in found],
            "confidence": [t.confidence for t in found],
            "source_key": [t.sha for t in found],
            "raw_sha256": [t.sha for t in found],
            "happened_at": at,
        },
    )
