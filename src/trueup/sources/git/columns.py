"""Parsed records as rows of the tables of facts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trueup.facts.automation import automation
from trueup.facts.pseudonyms import identity
from trueup.facts.schema import TIMESTAMP
from trueup.facts.texts.message import features
from trueup.sources.git.log import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from trueup.facts.texts.trailers import Trailer
    from trueup.sources.git.log import Batch, Changes

#: Dates outside these are kept out of arithmetic: git stores them, engines overflow on them.
EARLIEST = int(datetime(1970, 1, 1, tzinfo=UTC).timestamp())
LATEST = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())
#: What dates outside become: whoever meets one of these knows that the true date is unknown.
ODD = (EARLIEST, LATEST)

_OFFSET = re.compile(rb"([+-])(\d\d)(\d\d)$")

#: Rows that belong to commits: the number of the commit, then the columns but for ``sha``.
Rows = list[tuple[Any, ...]]


@dataclass
class Reader:
    """Turns batches into tables; keeps the identities it has met.

    Args:
        repo: repository id.
        slug: `owner/name` on its forge, if known.
        key: for pseudonyms.
        boundary: commits of a shallow clone whose parents are cut off; their diffs are left out.
        missing: ids of blobs that are not there; counts that needed them are unknown.
        lines_only: the messages have been read before; only line counts are wanted.
    """

    repo: str
    slug: str
    key: bytes
    boundary: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    lines_only: bool = False
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    _tools: dict[tuple[str, str], str] = field(default_factory=dict)

    def tables(self, batch: Batch) -> dict[str, pa.Table]:
        """Rows for commits, trailers, links, changes and (where counted) change_lines."""
        if self.lines_only:
            brief = [_brief(fields) for fields in batch.heads]
            named = _columns(_BRIEF_COLUMNS, brief)
            return {"change_lines": self._changes(batch, named)["change_lines"]}
        trailers: Rows = []
        links: Rows = []
        heads = [self._commit(at, told, trailers, links) for at, told in enumerate(batch.heads)]
        commits = _columns(_COMMIT_COLUMNS, heads)
        _add_fragments(links, batch.changes, len(heads))
        tables = {
            "commits": self._with_envelope(commits, commits),
            "trailers": self._pointing(_TRAILER_COLUMNS, trailers, commits),
            "links": self._pointing(_LINK_COLUMNS, links, commits),
        }
        tables |= self._changes(batch, commits)
        return tables

    def identity(self, name: str, address: str) -> str:
        """The pseudonym of a name and address, remembered for the table `people`."""
        found = self.people.get((name, address))
        if found is None:
            found = self.people[name, address] = identity(self.key, name, address)
        return found

    def _tool(self, name: str, address: str) -> str:
        found = self._tools.get((name, address))
        if found is None:
            found = self._tools[name, address] = automation().tool(name, address)
        return found

    def _commit(
        self, at: int, fields: tuple[bytes, ...], trailers: Rows, links: Rows
    ) -> tuple[Any, ...]:
        _, parents, name, address, authored, zone, c_name, c_address, _, message = fields
        above = parents.decode().split()
        text = message.decode("utf-8", "replace")
        found = features(text, merge=len(above) > 1, slug=self.slug)
        for link in found.links:
            links.append((at, *link))
        self._trailers(at, text, found.trailers, trailers)
        return (
            *_brief(fields),
            above,
            self._person(name, address),
            self._person(c_name, c_address),
            c_address.decode("utf-8", "replace").lower() in automation().web_committers,
            _seconds(authored),
            _minutes(zone),
            found.subject_id,
            len(message),
        )

    def _person(self, name: bytes, address: bytes) -> str:
        return self.identity(name.decode("utf-8", "replace"), address.decode("utf-8", "replace"))

    def _trailers(self, at: int, text: str, found: tuple[Trailer, ...], rows: Rows) -> None:
        tools = automation()
        for position, trailer in enumerate(found):
            actor: str | None = None
            if trailer.name or trailer.address:
                actor = self.identity(trailer.name, trailer.address)
                tool = self._tool(trailer.name, trailer.address)
            else:
                tool = tools.tool_in_trailer(trailer.key, trailer.value)
            rows.append((at, position, trailer.key, actor, tool or None, trailer.in_last_block))
        if tool := tools.tool_in_text(text):
            rows.append((at, len(found), "marker", None, tool, False))

    def _changes(self, batch: Batch, commits: Mapping[str, Sequence[Any]]) -> dict[str, pa.Table]:
        shas = commits["sha"]
        rows = batch.changes
        cut = [i for i, s in enumerate(shas) if s in self.boundary]
        if cut or (len(rows.record) and int(rows.record.max()) >= len(shas)):
            rows = rows.filter(~np.isin(rows.record, cut) & (rows.record < len(shas)))
        base = {
            "repo": _constant(self.repo, len(rows.record)),
            "sha": _coded(rows.record, shas),
            "path": path_text(rows.path),
            "source_key": _coded(rows.record, shas),
            "raw_sha256": _coded(rows.record, commits["raw_sha256"]),
            "happened_at": _moments(np.array(commits["happened_at"], dtype=np.int64)[rows.record]),
        }
        letters, codes = np.unique(rows.status, return_inverse=True)
        more = {
            "old_path": path_text(rows.old_path),
            "status": _coded(codes, [chr(c) for c in letters]),
            "kind": _coded(rows.kind, list(KINDS)),
            "similarity": pa.array(rows.similarity, pa.int16(), mask=rows.similarity < 0),
        }
        tables = {"changes": pa.table(base | more)}
        if rows.added is not None and rows.deleted is not None:
            tables["change_lines"] = pa.table(base | self._lines(rows, rows.added, rows.deleted))
        return tables

    def _lines(
        self, rows: Changes, added: NDArray[np.int64], deleted: NDArray[np.int64]
    ) -> dict[str, pa.Array]:
        state = np.where(added < 0, 1, 0)
        if self.missing:
            gone = {m.encode() for m in self.missing}
            lost = np.array([not gone.isdisjoint(pair) for pair in rows.blobs()], dtype=bool)
            state[lost] = 2
        return {
            "added": pa.array(added, pa.int32(), mask=state > 0),
            "deleted": pa.array(deleted, pa.int32(), mask=state > 0),
            "counted": _coded(state, ["yes", "binary", "unreadable"]),
        }

    def _pointing(
        self, names: tuple[str, ...], rows: Rows, commits: Mapping[str, Sequence[Any]]
    ) -> pa.Table:
        """Rows that each belong to a commit, with the envelope of that commit."""
        columns = _columns(("at", *names), rows)
        at = columns.pop("at")
        envelope = {name: [commits[name][i] for i in at] for name in _BRIEF_COLUMNS}
        return self._with_envelope(columns | {"sha": envelope["sha"]}, envelope)

    def _with_envelope(
        self, rows: Mapping[str, Sequence[Any]], raw: Mapping[str, Sequence[Any]]
    ) -> pa.Table:
        columns: dict[str, Any] = {k: pa.array(v, _TYPES.get(k)) for k, v in rows.items()}
        columns["repo"] = _constant(self.repo, len(raw["sha"]))
        columns["source_key"] = pa.array(raw["sha"], pa.string())
        columns["raw_sha256"] = pa.array(raw["raw_sha256"], pa.string())
        columns["happened_at"] = _moments(np.array(raw["happened_at"], dtype=np.int64))
        if "authored_at" in columns:
            columns["authored_at"] = _moments(np.array(rows["authored_at"], dtype=np.int64))
        return pa.table(columns)


_TRAILER_COLUMNS = ("position", "key", "actor", "tool", "in_last_block")
_LINK_COLUMNS = ("relation", "target_kind", "target", "how", "confidence")
_BRIEF_COLUMNS = ("sha", "raw_sha256", "happened_at")
_COMMIT_COLUMNS = (
    *_BRIEF_COLUMNS, "parents", "author", "committer", "web_committed", "authored_at",
    "offset_minutes", "subject_id", "message_bytes",
)  # fmt: skip
_TYPES: dict[str, pa.DataType] = {
    "parents": pa.list_(pa.string()),
    "actor": pa.string(),
    "tool": pa.string(),
    "offset_minutes": pa.int16(),
    "position": pa.int16(),
    "confidence": pa.float32(),
    "message_bytes": pa.int32(),
    "in_last_block": pa.bool_(),
    "web_committed": pa.bool_(),
    "sha": pa.string(),
    "relation": pa.string(),
    "target_kind": pa.string(),
    "target": pa.string(),
    "how": pa.string(),
    "key": pa.string(),
    "subject_id": pa.string(),
    "author": pa.string(),
    "committer": pa.string(),
}


#: News fragments are named after the ticket they tell of.
_FRAGMENT = re.compile(
    rb"(?:^|/)(?:newsfragments?|topfiles|changelog\.d|changelogs?/fragments|changes|CHANGES|news|NEWS)/"
    rb"(?:[^/]{1,40}/)?(?:issue-?|gh-?|pr-?)?(\d{2,7})[._-][^/]*$"
)


def _add_fragments(links: Rows, rows: Changes, commits: int) -> None:
    """A commit that adds a news fragment names the ticket in its file name."""
    added = np.flatnonzero(rows.status == ord("A"))
    known = {(link[0], link[3]) for link in links}
    for at, path in zip(added.tolist(), rows.path.take(pa.array(added)).to_pylist(), strict=True):
        match = _FRAGMENT.search(path)
        record = int(rows.record[at])
        if match is None or record >= commits:
            continue
        target = f"#{match[1].decode()}"
        if (record, target) not in known:
            known.add((record, target))
            links.append((record, "mentions", "issue", target, "news_fragment", 0.9))


def path_text(paths: pa.Array) -> pa.Array:
    """Paths as text: UTF-8 as it is; other bytes, and a leading quote, in git's quoted form.

    Two different paths never become the same text.
    """
    try:
        text = paths.cast(pa.string())
        if not pc.any(pc.starts_with(text, '"')).as_py():
            return text.dictionary_encode()
    except pa.ArrowInvalid:
        pass
    return pa.array([quoted(p) for p in paths.to_pylist()], pa.string()).dictionary_encode()


def quoted(path: bytes | None) -> str | None:
    r"""One path as text.

    >>> quoted(b"a\xff.txt")
    '"a\\377.txt"'
    """
    if path is None:
        return None
    try:
        text = path.decode("utf-8")
        if not text.startswith('"'):
            return text
    except UnicodeDecodeError:
        pass
    shown = "".join(
        f"\\{chr(b)}" if b in b'"\\' else chr(b) if 32 <= b < 127 else f"\\{b:03o}" for b in path
    )
    return f'"{shown}"'


def _columns(names: Sequence[str], rows: Rows) -> dict[str, Sequence[Any]]:
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return dict(zip(names, columns, strict=True))


def _brief(fields: tuple[bytes, ...]) -> tuple[str, str, int]:
    """What every row of a commit carries, in the order of `_BRIEF_COLUMNS`."""
    raw = hashlib.sha256(b"\0".join(fields)).hexdigest()
    return fields[0].decode(), raw, _seconds(fields[8])


def _seconds(told: bytes) -> int:
    """A date as git prints it; one that is none, or outside what can be calculated with, is moved."""
    try:
        return min(max(int(told), EARLIEST), LATEST)
    except ValueError:
        return EARLIEST


def _minutes(zone: bytes) -> int | None:
    match = _OFFSET.match(zone)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return -minutes if match[1] == b"-" else minutes


def _constant(value: str, count: int) -> pa.Array:
    indices = pa.array(np.zeros(count, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(indices, pa.array([value]))


def _coded(record: Any, values: Sequence[str]) -> pa.Array:
    """Each row's value of its commit, without writing the value out for every row."""
    return pa.DictionaryArray.from_arrays(
        pa.array(record.astype(np.int32)), pa.array(values, pa.string())
    )


def _moments(seconds: Any) -> pa.Array:
    return pa.array(seconds * 1_000_000, pa.int64()).cast(pa.timestamp("us")).cast(TIMESTAMP)
