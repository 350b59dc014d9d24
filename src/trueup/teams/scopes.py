"""Which team or area a path or a person belongs to.

In this order: teams declared in `trueup.toml` (by members with dates, or by paths), teams named in
CODEOWNERS, and where there is neither, areas inferred from the tree by activity and labelled so.
With fewer than ten active people there is one scope.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from trueup.facts import owners, people
from trueup.facts.paths import role_of
from trueup.teams.actors import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trueup.facts.store import Snapshot

#: A folder becomes an area of its own from this share of all touches on.
SHARE = 0.10
DEEPEST = 4
MOST_AREAS = 12
#: With fewer active people, everything is one scope.
FEW = 10
OPEN_END = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a team, by address, from and until (exclusively) a day."""

    person: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A declared team: its members, or the paths it owns, or both."""

    name: str
    members: tuple[Member, ...] = ()
    paths: tuple[str, ...] = ()


class Rule(NamedTuple):
    """A rule of CODEOWNERS: in which repository (empty for all), its order, paths, and team."""

    repo: str
    position: int
    pattern: str
    team: str


@dataclass
class Scoping:
    """How scopes were found: declared, owners, inferred or one; and the paths of each."""

    how: str
    path_info: pa.Table
    memberships: pa.Table
    inferred: bool = False
    names: tuple[str, ...] = field(default=())


def assign(
    touched: Iterable[tuple[str, str, int]],
    owners: Iterable[Rule],
    teams: tuple[Team, ...],
    *,
    people: int,
) -> tuple[str, dict[tuple[str, str], str]]:
    """How scopes are found, and the scope of each path.

    Args:
        touched: repository, path, how often it was touched lately.
        owners: rules of CODEOWNERS.
        teams: declared teams.
        people: humans active lately.
    """
    counted = {(repo, path): n for repo, path, n in touched}
    if any(t.paths for t in teams):
        rules = [Rule("", i, p, t.name) for i, t in enumerate(teams) for p in t.paths]
        return "declared", by_patterns(counted, rules)
    if any(t.members for t in teams):
        return "declared", {}
    if people < FEW:
        return "one", {}
    found = by_patterns(counted, owners)
    if len(set(found.values())) > 1:
        return "owners", found
    areas = infer_areas(counted)
    return ("inferred", areas) if len(set(areas.values())) > 1 else ("one", {})


def infer_areas(counted: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], str]:
    """Areas of the tree: folders that draw at least a tenth of all touches, split while they can be.

    >>> counted = {("r", "a/x/1"): 40, ("r", "a/y/2"): 40, ("r", "b/3"): 15, ("r", "c"): 5}
    >>> sorted(set(infer_areas(counted).values()))
    ['a/x', 'a/y', 'b', 'elsewhere']
    """
    total = sum(counted.values())
    if not total:
        return {}  # nothing was touched: nothing says which folders are areas
    several = len({repo for repo, _ in counted}) > 1
    folder_of = {(repo, path): (repo, path.rpartition("/")[0]) for repo, path in counted}
    folders: Counter[tuple[str, str]] = Counter()
    for key, n in counted.items():
        folders[folder_of[key]] += n
    full = {key: _parts(*key, several=several) for key in folders}
    cuts: set[tuple[str, ...]] = {()}
    for depth in range(1, DEEPEST + 1):
        sums: Counter[tuple[str, ...]] = Counter()
        for key, n in folders.items():
            parts = full[key]
            if len(parts) >= depth and parts[: depth - 1] in cuts:
                sums[parts[:depth]] += n
        big = [p for p, n in sums.items() if n >= SHARE * total]
        if not big or len(cuts) + len(big) > 2 * MOST_AREAS:
            break
        cuts.update(big)
    areas = {key: _deepest(parts, cuts) for key, parts in full.items()}
    return {key: areas[folder] for key, folder in folder_of.items()}


def by_patterns(
    counted: Mapping[tuple[str, str], int], rules: Iterable[Rule]
) -> dict[tuple[str, str], str]:
    """The team of each path by CODEOWNERS rules: the last matching rule wins, whomever it names.

    >>> rules = [Rule("", 0, "*", "@acme/core"), Rule("", 1, "/docs/", "")]
    >>> by_patterns({("r", "docs/a.md"): 1, ("r", "b.c"): 1}, rules)
    {('r', 'b.c'): '@acme/core'}
    """
    compiled = [(r.repo, _pattern(r.pattern), r.team) for r in sorted(rules, reverse=True)]
    compiled.sort(key=lambda rule: rule[0] == "")  # those of every repository come after its own
    found = {}
    for repo, path in counted:
        mine = (team for where, p, team in compiled if where in ("", repo) and p.match(path))
        if team := next(mine, ""):
            found[repo, path] = team
    return found


def owner_rules(snapshot: Snapshot) -> list[Rule]:
    """The rules of CODEOWNERS of every repository; what people own alone belongs to no team."""
    told = snapshot.table(owners.TABLE)
    columns = ("repo", "position", "pattern", "owner", "kind")
    found: dict[tuple[str, int], Rule] = {}
    for repo, position, pattern, owner, kind in zip(
        *(told[c].to_pylist() for c in columns), strict=True
    ):
        team = owner if kind == "team" else ""
        before = found.get((repo, position))
        teams = [t for t in (team, before.team if before else "") if t]
        found[repo, position] = Rule(repo, position, pattern, min(teams, default=""))
    return [found[key] for key in sorted(found)]


def scoping(
    snapshot: Snapshot,
    touched: list[tuple[str, str, int]],
    rules: list[Rule],
    teams: tuple[Team, ...],
    *,
    active: int,
) -> Scoping:
    """Tables `path_info` (repo, path, role, scope) and `memberships` (actor, scope, start, end)."""
    how, scope_of = assign(touched, rules, teams, people=active)
    keys = [(repo, path) for repo, path, _ in touched]
    info = pa.table(
        {
            "repo": pa.array([repo for repo, _ in keys], pa.string()),
            "path": pa.array([path for _, path in keys], pa.string()),
            "role": pa.array([role_of(path) for _, path in keys], pa.string()),
            "scope": pa.array([scope_of.get(key, "") for key in keys], pa.string()),
        }
    )
    members = memberships(snapshot, teams)
    names = {s for s in scope_of.values() if s} | set(members["scope"].to_pylist())
    return Scoping(how, info, members, how == "inferred", tuple(sorted(names)))


def memberships(snapshot: Snapshot, teams: tuple[Team, ...]) -> pa.Table:
    """Who belongs to which declared team from when until when, as actors."""
    if not any(t.members for t in teams):
        return _membership_table([])
    columns = ("identity", "name", "address", "proper_name", "proper_address")
    told = people.read(snapshot)
    rows = list(zip(*(told[c].to_pylist() for c in columns), strict=True))
    actors = merge(rows)
    by_address: dict[str, str] = defaultdict(str)
    for identity, _, address, _, proper in rows:
        by_address[address.lower()] = by_address[proper.lower()] = actors[identity][0]
    found = [
        (by_address[m.person.lower()], t.name, m.start, m.end)
        for t in teams
        for m in t.members
        if m.person.lower() in by_address
    ]
    return _membership_table(found)


def _membership_table(found: list[tuple[str, str, date | None, date | None]]) -> pa.Table:
    stamp = pa.timestamp("us", tz="UTC")
    return pa.table(
        {
            "actor": pa.array([a for a, *_ in found], pa.string()),
            "scope": pa.array([s for _, s, *_ in found], pa.string()),
            "start": pa.array(
                [_midnight(d, datetime(1970, 1, 1, tzinfo=UTC)) for *_, d, _ in found], stamp
            ),
            "end": pa.array([_midnight(d, OPEN_END) for *_, d in found], stamp),
        }
    )


def _midnight(day: date | None, otherwise: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else otherwise


def _parts(repo: str, folder: str, *, several: bool) -> tuple[str, ...]:
    parts = tuple(folder.split("/")) if folder else ()
    return (f"{repo}:", *parts) if several else parts


def _deepest(parts: tuple[str, ...], cuts: set[tuple[str, ...]]) -> str:
    for depth in range(min(DEEPEST, len(parts)), 0, -1):
        cut = parts[:depth]
        if cut in cuts:
            inner = any(len(c) > depth and c[:depth] == cut for c in cuts)
            name = "/".join(cut).replace(":/", ":")
            return f"{name} (rest)" if inner else name
    return "elsewhere"


def _pattern(rule: str) -> re.Pattern[str]:
    """A CODEOWNERS or .gitignore style pattern.

    >>> [bool(_pattern("docs/").match(p)) for p in ("docs/a.md", "x/docs/b.md", "docs.md")]
    [True, True, False]
    >>> [bool(_pattern("/src/*.py").match(p)) for p in ("src/a.py", "src/b/a.py")]
    [True, False]
    >>> [bool(_pattern("**/logs").match(p)) for p in ("logs/a", "build/logs/b", "catalogs/c")]
    [True, True, False]
    """
    anchored = "/" in rule.rstrip("/")
    body = rule.strip("/")
    pieces = []
    for piece in re.split(r"(\*\*/|\*\*|\*|\?|\\.)", body):
        if piece == "**/":
            pieces.append("(?:.*/)?")
        elif piece == "**":
            pieces.append(".*")
        elif piece.startswith("\\") and len(piece) == 2:
            pieces.append(re.escape(piece[1]))
        elif piece == "*":
            pieces.append("[^/]*")
        elif piece == "?":
            pieces.append("[^/]")
        else:
            pieces.append(re.escape(piece))
    lead = "" if anchored else "(?:.*/)?"
    last = body.rsplit("/", 1)[-1]
    tail = "/.*" if rule.endswith("/") else "$" if anchored and last == "*" else "(?:/.*)?$"
    if rule == "*":
        lead, tail = ".*", ""
    return re.compile(lead + "".join(pieces) + tail, re.DOTALL)
