"""How much of what a commit brought its tests ran through, where coverage was measured on that commit."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import ibis

from trueup.facts.schema import TABLES

if TYPE_CHECKING:
    from trueup.facts.engine import Facts


class Through(NamedTuple):
    """Of the lines a commit brought, those that can run, and those of them that ran."""

    can_run: int
    ran: int


def through_tests(facts: Facts) -> dict[tuple[str, str], Through]:
    """By repository and commit; commits none of whose lines a report tells of are left out.

    A report may name a file from the root of a machine, or from within a folder of the repository: one of the
    two paths is then an end of the other, folders and all. A file of which the report could mean several, or
    several of the report could be meant, is left out. Where several reports tell of a line, it ran if one says so.
    """
    if not all(facts.snapshot.files(TABLES[name]) for name in ("hunks", "coverage")):
        return {}
    told = facts.table("coverage").filter(lambda t: t.covered.notnull() | t.missed.notnull())
    # By the name of the file first: each with each, commits of many files would take for ever.
    told = told.select("sha", "covered", "missed", reported="path", name=_name(told.path))
    brought = facts.table("hunks").mutate(name=lambda t: _name(t.path))
    brought = brought.select("repo", "sha", "path", "first", "lines", "name")
    columns = ("repo", "sha", "path", "reported", "first", "lines", "covered", "missed")
    both = brought.inner_join(told, ["sha", "name"]).filter(
        lambda t: _same_file(t.path, t.reported)
    )
    rows = list(facts.rows(both.select(*columns)))
    meant = _meant(rows)
    can: dict[tuple[str, str], set[tuple[str, int]]] = defaultdict(set)
    did: dict[tuple[str, str], set[tuple[str, int]]] = defaultdict(set)
    for repo, sha, path, reported, first, lines, covered, missed in rows:
        if meant[sha, path] != {reported} or len(meant[sha, reported]) > 1:
            continue
        new = {
            n for start, many in zip(first, lines, strict=True) for n in range(start, start + many)
        }
        ran = new & set(covered or ())
        can[repo, sha].update((path, n) for n in ran | (new & set(missed or ())))
        did[repo, sha].update((path, n) for n in ran)
    return {key: Through(len(lines), len(did[key])) for key, lines in can.items() if lines}


def _meant(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], set[str]]:
    """By commit and path, of the repository or of a report, the paths of the other that may be meant."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    exact = {(sha, path) for _, sha, path, reported, *_ in rows if path == reported}
    for _, sha, path, reported, *_ in rows:
        if path == reported or not {(sha, path), (sha, reported)} & exact:
            found[sha, path].add(reported)
            found[sha, reported].add(path)
    return found


def _name(path: ibis.Value) -> ibis.Value:
    return path.re_extract("[^/]*$", 0)


def _same_file(path: ibis.Value, reported: ibis.Value) -> ibis.Value:
    one, other = ibis.literal("/") + path, ibis.literal("/") + reported
    apart = one.endswith(other) | other.endswith(one)
    return (path == reported) | (apart & path.contains("/") & reported.contains("/"))
