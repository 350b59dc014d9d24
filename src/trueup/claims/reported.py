"""What forges and trackers report as done, beside what commits say: merged requests and closed issues.

One piece of work reported twice is one claim: an issue belongs to the change that closes it, a request to
the commits it brought. What no commit speaks of is a claim of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Kind
from trueup.claims.reverts import takes_back
from trueup.claims.tracker import NO_WORK, WORK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.claims.book import Book, Commit
    from trueup.claims.forge import Request
    from trueup.claims.register import Register
    from trueup.claims.tracker import Issue

#: An issue is closed by what landed before, or so soon after.
SOON = timedelta(days=1)
#: A change that names an issue and lands so shortly before it is closed, closes it.
ONE_ACT = timedelta(minutes=10)


def add_requests(book: Book, register: Register) -> None:
    """Merged requests of which no claim tells yet; one that takes back other work is evidence about that."""
    told = {claim.pull for claim in register.claims}
    for name, request in book.requests.items():
        known = {request.number, f"{request.sign}{request.number}"}
        if name != request.number or known & told:
            continue
        covering = [register.claim_of[s] for s in request.delivered if s in register.claim_of]
        if covering:
            covering[0].reports |= {"request"}
        elif request.kind == "bot":
            register.by_bots += 1
        elif not _takes_back(book, request):
            _add(register, _of_request(book, request))


def _takes_back(book: Book, request: Request) -> bool:
    brought = [c for s in request.delivered if (c := book.commits.get(s)) and not c.merge]
    return bool(brought) and all(takes_back(book, c) for c in brought)


def _of_request(book: Book, request: Request) -> Claim:
    brought = [book.commits[s] for s in request.delivered if s in book.commits]
    brought.sort(key=lambda c: (c.landed_at is None, c.at, c.sha))
    return Claim(
        repo=book.repo,
        kind=Kind.CHANGE,
        key=f"pull:{request.number}",
        claimed_at=request.merged_at,
        shas=tuple(c.sha for c in brought),
        tickets=tuple(sorted(request.closes)),
        pull=request.number,
        author=request.author,
        reporter=request.kind or "human",
        scope=next((s for c in brought if (s := book.scopes.get(c.sha))), ""),
        reports=frozenset({"request"}),
        size_days=days_of(brought),
        unseen=_unseen(request),
    )


def _unseen(request: Request) -> str:
    if request.fate == "elsewhere":
        return f"merged into {request.target or 'another branch'}, which the clone does not follow"
    return "the clone does not hold what was merged: its history was rewritten, or it is older"


def days_of(commits: list[Commit]) -> int | None:
    """Distinct days on which commits were written; nothing where there are none."""
    days = {c.authored_at.date() for c in commits if not c.merge}
    return len(days) or None


def add_issues(book: Book, register: Register) -> None:
    """Issues closed as done: a report of the claim that closes them, or claims of their own."""
    closing = _by_ticket(register)
    for issue in book.issues.values():
        if issue.kind in NO_WORK:
            continue
        if issue.kind == "epic" or issue.parts:
            register.containers += 1
            continue
        claims = closing.get(issue.key, []) or _closed_with(book, register, issue)
        if claims:
            before = [c for c in claims if c.claimed_at <= issue.closings[0] + SOON]
            found = (
                max(before, key=lambda c: c.order) if before else min(claims, key=lambda c: c.order)
            )
            _report(register, found, issue)
            register.issue_of[issue.key] = found
        elif issue.closer_kind == "bot":
            register.by_bots += 1
        else:
            claim = _of_issue(book, issue)
            _add(register, claim)
            register.issue_of[issue.key] = claim


def _report(register: Register, claim: Claim, issue: Issue) -> None:
    """The claim is what the issue reports as done."""
    claim.reports |= {"issue"}
    claim.issue_kind = issue.kind
    if issue.key not in claim.tickets:
        claim.tickets = (*claim.tickets, issue.key)
        register.closing.setdefault(issue.key, []).append(claim)


def _closed_with(book: Book, register: Register, issue: Issue) -> list[Claim]:
    """Claims that name the issue and landed just before somebody closed it: both were one act."""
    found = (register.claim_of.get(c.sha) for c in _just_before(book, issue))
    return [c for c in found if c is not None]


def _just_before(book: Book, issue: Issue) -> list[Commit]:
    closed = issue.reported_at
    named = book.naming.get(issue.key, ())
    return [
        c for c in named if c.kind != "bot" and closed - ONE_ACT <= c.at <= closed + ONE_ACT / 10
    ]


def _by_ticket(register: Register) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in register.claims:
        for ticket in claim.tickets:
            found.setdefault(ticket, []).append(claim)
    return found


def _of_issue(book: Book, issue: Issue) -> Claim:
    closing = _just_before(book, issue)
    named = closing or list(_naming(book, issue))
    return Claim(
        repo=book.repo,
        kind=Kind.ISSUE,
        key=f"issue:{issue.key}",
        claimed_at=issue.reported_at,
        shas=tuple(c.sha for c in named),
        tickets=(issue.key,),
        author=issue.closer,
        reporter=issue.closer_kind or "human",
        scope=next((s for c in named if (s := book.scopes.get(c.sha))), ""),
        reports=frozenset({"issue", "commit"} if closing else {"issue"}),
        issue_kind=issue.kind,
        size_days=days_of(named),
        absent=not named and issue.kind in WORK and not issue.connected,
        unseen="" if named else _unlinked(issue),
        withdrawn_at=issue.refused_at,
    )


def _unlinked(issue: Issue) -> str:
    """Why the want of a link says nothing of an issue."""
    if issue.connected:
        return "the tracker says that a change is connected with it, but not which"
    if issue.kind not in WORK:
        return "nothing points at it, and its kind is not told: it may have been a question"
    return ""


def _naming(book: Book, issue: Issue) -> Iterator[Commit]:
    """Commits of the default branch that name it while it was open, or soon after it was closed."""
    for commit in book.naming.get(issue.key, ()):
        if issue.made_at <= commit.at <= issue.closings[-1] + SOON and commit.kind != "bot":
            yield commit


def _add(register: Register, claim: Claim) -> None:
    register.claims.append(claim)
    for sha in claim.shas:
        register.claim_of.setdefault(sha, claim)
