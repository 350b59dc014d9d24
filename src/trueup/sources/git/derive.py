"""Rows that follow from the history as a whole, made anew at every collection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from trueup.facts.schema import ENVELOPE, TABLES, TIMESTAMP
from trueup.sources.git import tree
from trueup.sources.git.history import (
    NOWHERE,
    Containment,
    History,
    containment,
    landings,
    nearest,
)
from trueup.sources.git.lines import Line, Lines, Tag, public_name

if TYPE_CHECKING:
    from typing import Protocol

    from numpy.typing import NDArray

    from trueup.facts.schema import Table
    from trueup.sources.git.columns import Reader
    from trueup.sources.git.repository import Repository

    class Read(Protocol):
        """Reads stored rows; ``among`` names a column and the values it may have."""

        def __call__(
            self, table: Table, columns: list[str], among: tuple[str, pa.Array] | None = None
        ) -> pa.Table: ...


#: So many files, those that change most, are looked into for their complexity.
MOST_LOOKED_INTO = 3_000


@dataclass(frozen=True)
class Shape:
    """A repository with its history, lines and releases, and until when it was observed."""

    repo: str
    repository: Repository
    lines: Lines
    history: History
    tip: int
    until: datetime

    @cached_property
    def brought(self) -> NDArray[np.int64]:
        """For each commit, the commit of the default line that brought it, or -1."""
        return landings(self.history, self.tip)

    @cached_property
    def release_lines(self) -> list[Line]:
        """Release branches whose end was read."""
        found = (x for x in self.lines.others if x.kind == "release")
        return [x for x in found if self.history.find(x.sha) != NOWHERE]

    @cached_property
    def tags(self) -> list[Tag]:
        """Version tags whose commit was read, oldest first."""
        found = [t for t in self.lines.tags if self.history.find(t.sha) != NOWHERE]
        return sorted(found, key=lambda t: (self.made(t), t.name))

    @cached_property
    def contained(self) -> Containment:
        """Which tags contain which commits."""
        return containment(self.history, [self.history.find(t.sha) for t in self.tags])

    @cached_property
    def listed(self) -> list[tree.Listed]:
        """Files at the end of the default line."""
        return tree.list_files(self.repository, self.lines.default.sha)

    def prepare(self) -> None:
        """Work out what does not depend on what commits say."""
        _ = self.brought, self.contained, self.listed

    @property
    def moment(self) -> datetime:
        """Commit date of the end of the default line."""
        return self.date(self.tip)

    def made(self, tag: Tag) -> datetime:
        """When a release was made: the date of its tag, or of its commit."""
        if tag.made_at is not None and 0 < tag.made_at < 1 << 33:
            return datetime.fromtimestamp(tag.made_at, UTC)
        return self.date(self.history.find(tag.sha))

    def date(self, index: int) -> datetime:
        """Commit date of a commit."""
        return datetime.fromtimestamp(min(max(int(self.history.times[index]), 0), 1 << 33), UTC)

    def rows(self, name: str, columns: dict[str, Any]) -> pa.Table:
        """A table of facts of this repository; what is not given comes from the tip."""
        table = TABLES[name]
        count = len(next(iter(columns.values())))
        types = {c.name: c.type for c in (*table.columns, *ENVELOPE)}
        sha = self.lines.default.sha
        told: dict[str, Any] = {
            "repo": pa.repeat(self.repo, count),
            "source_key": pa.repeat(sha, count),
            "raw_sha256": pa.repeat(sha, count),
            "happened_at": pa.repeat(pa.scalar(self.moment, TIMESTAMP), count),
        }
        given = {
            k: v if isinstance(v, pa.Array) else pa.array(v, _plain(types[k]))
            for k, v in (told | columns).items()
        }
        return pa.table(given)


def among(column: str, values: set[str]) -> tuple[str, pa.Array]:
    """What to look for in a column."""
    return column, pa.array(sorted(values), pa.string())


def landing_rows(shape: Shape) -> pa.Table:
    """Where each commit landed: on the default line, or else on release branches."""
    history = shape.history
    on = np.flatnonzero(shape.brought != NOWHERE)
    by = shape.brought[on]
    tips = [history.find(x.sha) for x in shape.release_lines]
    found = containment(history, tips)
    off = [i for i in np.flatnonzero(shape.brought == NOWHERE).tolist() if found.which[i]]
    names = [public_name(x) for x in shape.release_lines]
    # A local branch and its remote twin may both hold it: that is one line.
    pairs = [(i, n) for i in off for n in sorted({names[k] for k in found.first[found.which[i]]})]
    apart = [i for i, _ in pairs]
    shas = history.ids(np.concatenate((on, np.array(apart, dtype=np.int64))))
    times = np.concatenate((history.times[by], history.times[apart]))
    return shape.rows(
        "landings",
        {
            "sha": shas,
            "line": ["default"] * len(on) + [name for _, name in pairs],
            "landed_by": history.ids(np.concatenate((by, np.array(apart, dtype=np.int64)))),
            "landed_at": _moments(times),
            "source_key": shas,
            "raw_sha256": shas,
            "happened_at": _moments(times),
        },
    )


def ref_rows(shape: Shape) -> pa.Table:
    """Branches and version tags."""
    found = {public_name(x): (x.kind, x.sha) for x in reversed(shape.lines.all)}
    found |= {t.name: ("tag", t.sha) for t in shape.lines.tags if t.name not in found}
    names = sorted(found)
    return shape.rows(
        "refs",
        {
            "name": names,
            "kind": [found[n][0] for n in names],
            "sha": [found[n][1] for n in names],
        },
    )


def release_rows(shape: Shape) -> pa.Table:
    """Version tags with what they contain."""
    tags = shape.tags
    inside = nearest(shape.contained.inside)
    on = [int(shape.brought[shape.history.find(t.sha)]) != NOWHERE for t in tags]
    return shape.rows(
        "releases",
        {
            "tag": [t.name for t in tags],
            "version": [t.version for t in tags],
            "prerelease": [t.prerelease for t in tags],
            "sha": [t.sha for t in tags],
            "contains": pa.array(
                [sorted(tags[i].name for i in found) for found in inside], pa.list_(pa.string())
            ),
            "on_default": on,
            "source_key": [t.name for t in tags],
            "raw_sha256": [t.sha for t in tags],
            "happened_at": [shape.made(t) for t in tags],
        },
    )


def containment_rows(shape: Shape) -> pa.Table:
    """The releases that first contain each commit."""
    found = shape.contained
    sizes = np.array([len(tags) for tags in found.first])
    commits = np.repeat(np.arange(len(found.which)), sizes[np.array(found.which, dtype=np.int64)])
    tags = pa.array([tag for which in found.which for tag in found.first[which]], pa.int64())
    shas = shape.history.ids(commits)
    return shape.rows(
        "containments",
        {
            "sha": shas,
            "tag": pa.array([t.name for t in shape.tags], pa.string()).take(tags),
            "source_key": shas,
            "raw_sha256": shas,
            "happened_at": pa.array([shape.made(t) for t in shape.tags], TIMESTAMP).take(tags),
        },
    )


def file_rows(shape: Shape, hot: set[str]) -> tuple[pa.Table, int]:
    """Files at the tip, and how many of those to be looked into could not be read."""
    found, lost = tree.file_rows(
        shape.repository,
        shape.listed,
        lambda path, role: path in hot and role in {"code", "test"},
    )
    return shape.rows("files", found), lost


def owner_rows(shape: Shape, rules: bytes, reader: Reader) -> pa.Table:
    """CODEOWNERS, with people as pseudonyms."""
    found: dict[tuple[int, str], tuple[str, str]] = {}
    for position, pattern, owners in tree.owner_rules(rules.decode("utf-8", "replace")):
        for told in owners:
            team = re.fullmatch(r"@[\w.-]+/[\w./-]+", told) is not None
            person = (told, "") if told.startswith("@") else ("", told)
            owner = told if team else reader.identity(*person)
            found[position, owner] = (pattern, "team" if team else "person")
    return shape.rows(
        "owners",
        {
            "position": [position for position, _ in found],
            "pattern": [pattern for pattern, _ in found.values()],
            "owner": [owner for _, owner in found],
            "kind": [kind for _, kind in found.values()],
        },
    )


def set_aside_rows(shape: Shape, listed: bytes) -> pa.Table:
    """Commits to be left out of blame."""
    shas = re.findall(rb"^\s*([0-9a-f]{40,64})\b", listed, re.MULTILINE)
    return shape.rows("set_aside", {"sha": sorted({s.decode() for s in shas})})


def people_rows(
    shape: Shape, everyone: dict[str, tuple[str, str]], proper: list[tuple[str, str]]
) -> pa.Table:
    """Identities with their names: for the one table that may hold them."""
    return shape.rows(
        "people",
        {
            "identity": list(everyone),
            "name": [name for name, _ in everyone.values()],
            "address": [address for _, address in everyone.values()],
            "proper_name": [name for name, _ in proper],
            "proper_address": [address for _, address in proper],
            "told_by": ["git"] * len(everyone),
        },
    )


def gap_rows(shape: Shape, gaps: dict[str, tuple[int, int]]) -> pa.Table:
    """What could not be read."""
    slugs = sorted(gaps)
    return shape.rows(
        "gaps",
        {
            "slug": slugs,
            "count": [gaps[s][0] for s in slugs],
            "total": [gaps[s][1] for s in slugs],
        },
    )


def one_row(shape: Shape, name: str, facts: dict[str, Any]) -> pa.Table:
    """A table of a single row."""
    return shape.rows(name, {k: [v] for k, v in facts.items()})


def _moments(seconds: NDArray[np.int64]) -> pa.Array:
    kept = np.clip(seconds, 0, 1 << 33) * 1_000_000
    return pa.array(kept, pa.int64()).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
