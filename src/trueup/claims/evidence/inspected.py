"""E2: did a human other than those who made it look before it landed?

What only looks like it is named: an approval faster than anybody reads so many lines, one of one's own, of
a bot, after it was merged, or a merge over a standing request for changes.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Evidence, Rung

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.claims.book import Book
    from trueup.claims.tracker import Look, Request

#: Of the commits of a request, so many must carry a mark.
INSPECTED_SHARE = 0.5
#: Nobody inspects more than 200 lines an hour well [KemererPaulk2009]; at fifteen times that nobody reads.
LINES_AN_HOUR = 3000
#: Smaller changes can be read in minutes.
LARGE = 200


def inspected(book: Book, claim: Claim) -> list[Evidence]:
    """Whether another human looked before it landed; what was ported later shows nothing."""
    request = book.requests.get(claim.pull)
    mark = _mark(book, claim) or (_said(book, claim, request) if request else None)
    flaw = _flaw(book, claim, request, seen=mark is not None) if request else ""
    if flaw and (mark is None or mark.how in {"review", "said"}):
        return [Evidence(Rung.INSPECTED, claim.claimed_at, flaw, claim.pull, against=True)]
    return [mark] if mark else []


def _mark(book: Book, claim: Claim) -> Evidence | None:
    landed = [s for s in claim.shas if book.commits[s].landed_at is not None]
    looked_at = claim.carried or [s for s in landed or claim.shas if not book.commits[s].merge]
    marks = {sha: found for sha in looked_at if (found := _independent(book, claim, sha))}
    reports = [s for s in landed or claim.shas if "trailer" in _independent(book, claim, s)]
    if not reports and (not marks or len(marks) < INSPECTED_SHARE * len(looked_at)):
        return None
    found = {how for hows in marks.values() for how in hows} | ({"trailer"} if reports else set())
    shown = ("review", "trailer", "applied_by_other", "merged_by_other")
    how = next(h for h in shown if h in found)
    confidence = 0.95 if how in {"review", "trailer"} else 0.8
    by = (reports or list(marks))[0]
    return Evidence(Rung.INSPECTED, claim.claimed_at, how, by, confidence=confidence)


def _independent(book: Book, claim: Claim, sha: str) -> set[str]:
    """How it shows that somebody looked who made neither this commit nor most of the claim.

    Whoever stands behind an agent made all that it made, and two who look alike may be one person.
    """
    makers = {claim.author, book.commits[sha].actor, *book.makers.get(sha, ())}
    if book.commits[sha].kind == "agent":
        makers.update(m for s in (*claim.carried, *claim.shas) for m in book.makers.get(s, ()))
    people = {book.alike.get(m, m) for m in makers}
    marks = book.inspected.get(sha, ())
    return {mark.how for mark in marks if book.alike.get(mark.by, mark.by) not in people}


def _said(book: Book, claim: Claim, request: Request) -> Evidence | None:
    """An approval of another human that only the forge shows, given after the last commit of the request."""
    makers = _makers(book, claim, request)
    written = [book.commits[s].authored_at for s in _single(book, claim) if s != request.merge_sha]
    for look in request.looks:
        other = look.kind == "human" and book.alike.get(look.by, look.by) not in makers
        if other and look.approved and claim.shas and all(look.approved >= at for at in written):
            by = request.number
            return Evidence(Rung.INSPECTED, claim.claimed_at, "said", by, confidence=0.9)
    return None


def _flaw(book: Book, claim: Claim, request: Request, *, seen: bool) -> str:
    """Why what stands in the forge is no independent look at what landed; nothing where it is one."""
    makers = _makers(book, claim, request)
    own = [k for k in request.looks if book.alike.get(k.by, k.by) in makers]
    others = [k for k in request.looks if k not in own and k.kind == "human"]
    looked = [k for k in others if k.before]
    if looked:
        if book.alike.get(request.merger, request.merger) in makers and _overruled(looked):
            return "overruled"
        if not seen:
            return "edited_later" if claim.shas else ""
        lines = sum(book.written.get(s, 0) for s in _single(book, claim))
        return "too_fast" if all(_too_fast(k, lines, request.opened_at) for k in looked) else ""
    if any(k.after for k in others):
        return "looked_later"
    if any(k.approved for k in own):
        return "own_approval"
    return "bot_approval" if any(k.approved for k in request.looks if k not in own) else ""


def _makers(book: Book, claim: Claim, request: Request) -> set[str]:
    """Whoever made most of it or asked for it; who made a small part can look at the rest.

    Whoever stands behind an agent made all that it made.
    """
    commits = _single(book, claim)
    made = Counter(
        book.alike.get(m, m)
        for sha in commits
        for m in {book.commits[sha].actor, *book.makers.get(sha, ())}
    )
    agent = any(book.commits[sha].kind == "agent" for sha in commits)
    most = {m for m, n in made.items() if agent or n > INSPECTED_SHARE * len(commits)}
    return most | {book.alike.get(m, m) for m in (claim.author, request.author)}


def _single(book: Book, claim: Claim) -> list[str]:
    """Its commits that are no merges."""
    return [s for s in {*claim.carried, *claim.shas} if not book.commits[s].merge]


def _overruled(looked: list[Look]) -> bool:
    """Whether somebody asked for changes, and nobody approved afterwards."""
    asked = [k.decided_at for k in looked if k.stands == "changes_requested" and k.decided_at]
    approved = [k.decided_at for k in looked if k.stands == "approved" and k.decided_at]
    return bool(asked) and (not approved or max(approved) < max(asked))


def _too_fast(look: Look, lines: int, opened: datetime) -> bool:
    """Whether it was approved without a word, sooner than so many lines can be read."""
    if look.approved is None or look.spoke or lines <= LARGE:
        return False
    return look.approved - opened < timedelta(hours=lines / LINES_AN_HOUR)
