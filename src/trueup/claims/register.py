"""Finding every claim, and which reports are about the same piece of work."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Kind

if TYPE_CHECKING:
    from trueup.claims.book import Book, Commit

#: A ticket closed by so many pieces of work is an umbrella.
UMBRELLA = 3
#: The same person closing the same ticket again within this time is still the same sitting.
SAME_SITTING = timedelta(hours=24)
#: A merge that brings more is a merge of lines, not of a request.
MOST_CARRIED = 400

_SAYS_DONE = ("closes", "fixes", "pull")


@dataclass
class Register:
    """Claims of one repository, and what was left out."""

    claims: list[Claim]
    by_bots: int = 0
    claim_of: dict[str, Claim] = field(default_factory=dict)
    umbrellas: frozenset[str] = frozenset()


class _Groups:
    """Union of statements about the same work."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, key: str) -> str:
        self._parent.setdefault(key, key)
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: str, other: str) -> None:
        a, b = self.root(one), self.root(other)
        if a != b:
            self._parent[max(a, b)] = min(a, b)


def register(book: Book) -> Register:
    """All claims of a repository, without evidence yet."""
    statements = [c for c in book.commits.values() if _says_done(book, c)]
    groups = _Groups()
    for commit in statements:
        _join(book, groups, commit)
    _join_same_sitting(book, groups, statements)
    members: dict[str, list[Commit]] = defaultdict(list)
    for commit in statements:
        members[groups.root(f"sha:{commit.sha}")].append(commit)
    claims = [_claim(book, found) for found in members.values()]
    human = [c for c in claims if c.reporter != "bot"]
    umbrellas = _mark_umbrellas(human)
    human.sort(key=lambda c: (c.claimed_at, c.key))
    found = Register(human, len(claims) - len(human), umbrellas=umbrellas)
    for claim in human:
        for sha in (*claim.shas, *claim.carried):
            found.claim_of.setdefault(sha, claim)
    return found


def _says_done(book: Book, commit: Commit) -> bool:
    if any(True for _ in book.of(commit.sha, "reverts")):
        return False  # a revert is evidence about another claim
    return any(True for _ in book.of(commit.sha, *_SAYS_DONE))


def _join(book: Book, groups: _Groups, commit: Commit) -> None:
    mine = f"sha:{commit.sha}"
    if pull := book.pull(commit.sha):
        groups.join(mine, f"pull:{pull}")
    elif commit.landed_by and commit.landed_by != commit.sha and (p := book.pull(commit.landed_by)):
        groups.join(mine, f"pull:{p}")
    for sha in (commit.sha, commit.second_parent if commit.landed_at is None else ""):
        for twin in book.of(sha, "same_change"):
            if twin.kind == "commit":
                groups.join(mine, f"sha:{twin.target}")
                if pull := book.pull(twin.target):
                    groups.join(mine, f"pull:{pull}")


def _join_same_sitting(book: Book, groups: _Groups, statements: list[Commit]) -> None:
    by_ticket: dict[tuple[str, str], list[Commit]] = defaultdict(list)
    for commit in statements:
        for link in book.of(commit.sha, "closes"):
            by_ticket[link.target, commit.actor].append(commit)
    for found in by_ticket.values():
        found.sort(key=lambda c: (c.at, c.sha))
        for one, other in pairwise(found):
            if other.at - one.at <= SAME_SITTING:
                groups.join(f"sha:{one.sha}", f"sha:{other.sha}")


def _claim(book: Book, found: list[Commit]) -> Claim:
    found.sort(key=lambda c: (c.landed_at is None, c.at, not c.merge, c.sha))
    main = found[0]
    pulls = [p for c in found if (p := book.pull(c.sha))]
    carried = _carried(book, found)
    workers = [book.commits[s] for s in carried] or [c for c in found if not c.merge] or [main]
    # Of those who made most of it, the one whose commit comes first: pseudonyms take no part in it.
    actors = [c.actor for c in workers]
    author = max(dict.fromkeys(actors), key=actors.count)
    kinds = {c.kind for c in workers if c.actor == author}
    own = {f"#{p}" for p in pulls} | set(pulls)
    tickets = {x.target for c in found for x in book.of(c.sha, "closes")} - own
    return Claim(
        repo=book.repo,
        kind=Kind.CHANGE if pulls else Kind.COMMIT,
        key=f"pull:{pulls[0]}" if pulls else f"sha:{min((c.made_at, c.sha) for c in found)[1]}",
        claimed_at=main.at,
        shas=tuple(c.sha for c in found),
        tickets=tuple(sorted(tickets)),
        pull=pulls[0] if pulls else "",
        author=author,
        reporter=next(iter(kinds)) or "human",
        scope=_scope(book, workers),
        partial=any(True for c in found for _ in book.of(c.sha, "part_of")),
        empty=all(not c.merge and c.files == 0 for c in found) and not carried,
        carried=carried,
        subjects=frozenset(c.subject for c in found if not c.merge),
    )


def _carried(book: Book, found: list[Commit]) -> tuple[str, ...]:
    """Commits the merges among the reports brought, if they are few enough to be one request."""
    merges = [c for c in found if c.merge and book.pull(c.sha)]
    brought = [s for c in merges for s in book.brought.get(c.sha, ())]
    return tuple(sorted(brought)) if len(brought) <= MOST_CARRIED else ()


def _scope(book: Book, workers: list[Commit]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for commit in workers:
        if scope := book.scopes.get(commit.sha, ""):
            counts[scope] += 1
    return min(counts, key=lambda s: (-counts[s], s)) if counts else ""


def _mark_umbrellas(claims: list[Claim]) -> frozenset[str]:
    closed_by: dict[str, int] = defaultdict(int)
    for claim in claims:
        for ticket in claim.tickets:
            closed_by[ticket] += 1
    wide = frozenset(t for t, n in closed_by.items() if n >= UMBRELLA)
    for claim in claims:
        if claim.kind is Kind.COMMIT and claim.tickets and wide.issuperset(claim.tickets):
            claim.kind = Kind.UMBRELLA
    return wide
