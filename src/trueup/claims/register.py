"""Finding every claim, and which reports are about the same piece of work."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Kind
from trueup.claims.reported import add_issues, add_requests, days_of
from trueup.claims.reverts import takes_back
from trueup.kernel.groups import Groups

if TYPE_CHECKING:
    from trueup.claims.book import Book, Commit

#: A ticket closed by so many pieces of work is an umbrella.
UMBRELLA = 3
#: The same person closing the same ticket again within this time is still the same sitting.
SAME_SITTING = timedelta(hours=24)
#: A merge that brings more commits, or so many requests, is a merge of lines, not of a request.
MOST_CARRIED = 400
MOST_REQUESTS = 3

_SAYS_DONE = ("closes", "fixes", "pull")


@dataclass
class Register:
    """Claims of one repository, and what was left out.

    Attributes:
        by_bots: reports of bots, which make no claims.
        containers: issues closed as done that stand for other issues.
        issue_of: the claim that an issue's closing reports, by its key.
    """

    claims: list[Claim]
    by_bots: int = 0
    containers: int = 0
    issue_of: dict[str, Claim] = field(default_factory=dict)
    claim_of: dict[str, Claim] = field(default_factory=dict)
    closing: dict[str, list[Claim]] = field(default_factory=dict)
    umbrellas: frozenset[str] = frozenset()


def register(book: Book) -> Register:
    """All claims of a repository, without evidence yet."""
    wide = _merges_of_lines(book)
    statements = [c for c in book.commits.values() if _says_done(book, c)]
    groups = Groups()
    for commit in statements:
        _join(book, groups, commit, wide)
    _join_same_sitting(book, groups, statements, wide)
    members: dict[str, list[Commit]] = defaultdict(list)
    for commit in statements:
        members[groups.root(f"sha:{commit.sha}")].append(commit)
    claims = [_claim(book, found, wide) for found in members.values()]
    human = [c for c in claims if c.reporter != "bot"]
    human.sort(key=lambda c: c.order)
    closing = _closing(book, human)
    umbrellas = frozenset(t for t, found in closing.items() if len(found) >= UMBRELLA)
    _mark_umbrellas(human, umbrellas)
    found = Register(human, len(claims) - len(human), closing=closing, umbrellas=umbrellas)
    for claim in human:
        for sha in (*claim.shas, *claim.carried):
            found.claim_of.setdefault(sha, claim)
    add_requests(book, found)
    add_issues(book, found)
    return found


def _merges_of_lines(book: Book) -> frozenset[str]:
    """Merges that bring whole lines of development: what these hold are claims by themselves."""
    found = set()
    for landing, shas in book.landed_with.items():
        inside = {book.pull(s) for s in shas} | {book.pull(book.brought_by[s]) for s in shas}
        requests = inside - {"", book.pull(landing)}
        if len(shas) > MOST_CARRIED or len(requests) >= MOST_REQUESTS:
            found.add(landing)
    return frozenset(found)


def _says_done(book: Book, commit: Commit) -> bool:
    """Whether it reports work; a revert does not, it is evidence about another claim."""
    if not book.of(commit.sha, *_SAYS_DONE) or takes_back(book, commit):
        return False
    brought = book.brought.get(commit.sha) if commit.merge else None
    return not brought or not all(takes_back(book, book.commits[s]) for s in brought)


def _join(book: Book, groups: Groups, commit: Commit, wide: frozenset[str]) -> None:
    mine = f"sha:{commit.sha}"
    if pull := _request(book, commit, wide):
        groups.join(mine, f"pull:{pull}")
    for sha in (commit.sha, commit.second_parent if commit.landed_at is None else ""):
        for twin in book.of(sha, "same_change"):
            if twin.kind == "commit":
                groups.join(mine, f"sha:{twin.target}")
                there = book.commits.get(twin.target)
                if pull := _request(book, there, wide) if there else "":
                    groups.join(mine, f"pull:{pull}")


def _request(book: Book, commit: Commit, wide: frozenset[str]) -> str:
    """The merged request a commit names, or that of the merge that brought it."""
    if pull := book.pull(commit.sha):
        return pull
    merge = book.brought_by.get(commit.sha, "")
    return "" if merge in wide else book.pull(merge)


def _join_same_sitting(
    book: Book, groups: Groups, statements: list[Commit], wide: frozenset[str]
) -> None:
    """The same person closing the same ticket again soon; two requests stay two, though."""
    by_ticket: dict[tuple[str, str], list[Commit]] = defaultdict(list)
    for commit in statements:
        for link in book.of(commit.sha, "closes"):
            by_ticket[link.target, commit.actor].append(commit)
    for found in by_ticket.values():
        found.sort(key=lambda c: (c.at, c.sha))
        for one, other in pairwise(found):
            requests = {_request(book, c, wide) for c in (one, other)} - {""}
            if other.at - one.at <= SAME_SITTING and len(requests) < 2:
                groups.join(f"sha:{one.sha}", f"sha:{other.sha}")


def _claim(book: Book, found: list[Commit], wide: frozenset[str]) -> Claim:
    found.sort(key=lambda c: (c.landed_at is None, c.at, not c.merge, c.sha))
    main = found[0]
    pulls = [p for c in found if (p := book.pull(c.sha))]
    carried = _carried(book, found, wide)
    workers = [book.commits[s] for s in carried] or [c for c in found if not c.merge] or [main]
    # Of those who made most of it, the one whose commit comes first: pseudonyms take no part in it.
    actors = [c.actor for c in workers]
    author = max(dict.fromkeys(actors), key=actors.count)
    kinds = {c.kind for c in workers if c.actor == author}
    own = {f"#{p}" for p in pulls} | set(pulls)
    # A backport may carry several changes at once: where the change itself landed, that one speaks.
    speaking = [c for c in found if c.landed_at is not None] or found
    tickets = {x.target for c in speaking for x in book.of(c.sha, "closes")} - own
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
        partial=any(book.of(c.sha, "part_of") for c in found),
        empty=_empty(book, found, carried),
        absent=all(book.of(c.sha, "absent") for c in found),
        carried=carried,
        subjects=frozenset(c.subject for c in found if not c.merge),
        reports=frozenset({"request" if pulls else "commit"}),
        size_days=days_of(workers),
    )


def _carried(book: Book, found: list[Commit], wide: frozenset[str]) -> tuple[str, ...]:
    """Commits the merges among the reports brought, as far as they are of one request."""
    merges = [c for c in found if c.merge and c.sha not in wide and book.pull(c.sha)]
    brought = [s for c in merges for s in book.brought.get(c.sha, ())]
    return tuple(sorted(brought)) if len(brought) <= MOST_CARRIED else ()


def _empty(book: Book, found: list[Commit], carried: tuple[str, ...]) -> bool:
    """Whether nothing that is known of it touches any file; merges show none themselves."""
    single = [c for c in found if not c.merge] + [book.commits[s] for s in carried]
    return bool(single) and not any(c.files for c in single)


def _scope(book: Book, workers: list[Commit]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for commit in workers:
        if scope := book.scopes.get(commit.sha, ""):
            counts[scope] += 1
    return min(counts, key=lambda s: (-counts[s], s)) if counts else ""


def _closing(book: Book, claims: list[Claim]) -> dict[str, list[Claim]]:
    """Claims on the default branch by the tickets they close, oldest first."""
    closing: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if any(book.commits[s].landed_at is not None for s in claim.shas):
            for ticket in claim.tickets:
                closing[ticket].append(claim)
    return dict(closing)


def _mark_umbrellas(claims: list[Claim], umbrellas: frozenset[str]) -> None:
    for claim in claims:
        if claim.kind is Kind.COMMIT and claim.tickets and umbrellas.issuperset(claim.tickets):
            claim.kind = Kind.UMBRELLA
