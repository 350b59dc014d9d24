"""Collecting one repository: whether anything is new, and if so, reading it as one run."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trueup.facts.addresses import path_of
from trueup.facts.pseudonyms import key_id
from trueup.facts.snapshot import Snapshot
from trueup.sources.git.collection import Collected, Collection, Request
from trueup.sources.git.hunks import measured
from trueup.sources.git.lines import read_lines
from trueup.sources.git.naming import host_of, repository_id
from trueup.sources.git.partial import any_there
from trueup.sources.git.repository import open_repository, remote_url

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trueup.facts.store import Store
    from trueup.kernel.clock import Clock
    from trueup.sources.git.lines import Lines
    from trueup.sources.git.repository import Repository

__all__ = ["Collected", "Request", "collect"]

SOURCE = "git"
#: Goes up when the same repository would give other facts; then everything is read anew.
PARSER = 4
#: Where all of these are as before there is nothing new.
_SAME = ("ends", "default", "measured")
#: Where one of these differs from what was read last, everything is read anew.
_READ_ANEW = ("parser", "_key", "since", "shallow")


def collect(  # noqa: PLR0913 - where everything comes together
    path: Path,
    store: Store,
    request: Request,
    key: bytes,
    clock: Clock,
    *,
    progress: Callable[[str, int, int], None],
    unfinished: Collected | None = None,
) -> Collected:
    """Read what is new in a repository and commit it as one run.

    What was left ``unfinished`` a moment ago saves reading the shape of history again.

    Only under `store.writing()`.

    Raises:
        GitError: the repository cannot be read; nothing is written then.
        StoreError: the workspace cannot be written; the run is not visible then.
    """
    repository = open_repository(path)
    try:
        lines = read_lines(repository, request.branch)
        snapshot = store.snapshot()
        repo = repository_id(repository, snapshot, SOURCE)
        remote = remote_url(repository)
        host, where = host_of(remote), path_of(remote)
        before = snapshot.latest(SOURCE, repo)
        known = before.cursor if before else {}
        if known.get("level") == "lines" and not request.lines:
            request = replace(request, lines=True, context=known.get("context", 0))
        tested = measured(snapshot)
        cursor = _cursor(repository, lines, request, key) | {"measured": _digest(tested)}
        fresh = not known or _read_anew(repository, known, cursor)
        unread = known.get("unread", 0)
        if not fresh and _nothing_new(known, cursor) and (request.newest or not unread):
            commits, level = known["commits"], known["level"]
            done = Collected(repo, unread=unread, commits=commits, level=level, unchanged=True)
            return replace(done, host=host, path=where)
        writer = store.begin(SOURCE, repo, clock)
        if fresh:
            snapshot = Snapshot(store, [])
        steps = Collection(
            repository, writer, snapshot, lines, request, tested, key, clock, progress
        )
        with snapshot.one_engine():
            done = steps.run(
                cursor,
                {} if fresh else known,
                replaces=fresh and bool(known),
                read_before=unfinished.history if unfinished else None,
            )
        return replace(done, host=host, path=where)
    finally:
        repository.close()


def _cursor(repository: Repository, lines: Lines, request: Request, key: bytes) -> dict[str, Any]:
    ends = sorted((x.name, x.kind, x.sha) for x in lines.all)
    tags = sorted((t.name, t.sha, t.made_at or 0) for t in lines.tags)
    return {
        "ends": _digest((ends, tags)),
        "default": lines.default.sha,
        "since": request.since.isoformat() if request.since else "",
        "shallow": _digest(sorted(repository.shallow)) if repository.shallow else "",
        "parser": PARSER,
        "level": "lines" if request.lines else "structure",
        "context": request.context if request.lines else 0,
        "_key": key_id(key),
    }


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogateescape")).hexdigest()


def _read_anew(repository: Repository, known: dict[str, Any], cursor: dict[str, Any]) -> bool:
    """Whether what was read before is of no use, or could now be read better."""
    if any(known.get(k, "") != cursor[k] for k in _READ_ANEW):
        return True
    if known["level"] == cursor["level"] == "lines" and known["context"] != cursor["context"]:
        return True
    return any_there(repository, known.get("missing", ()))


def _nothing_new(known: dict[str, Any], cursor: dict[str, Any]) -> bool:
    """Whether nothing moved and all that can be counted has been counted."""
    counted = known["level"] == "lines" or cursor["level"] == "structure" or "no_blobs" in known
    return bool(counted and all(known[k] == cursor[k] for k in _SAME))
