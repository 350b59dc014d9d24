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
    from trueup.claims.forge import Look, Request

#: Of the commits of a request, so many must carry a mark.
INSPECTED_SHARE = 0.5
#: Nobody inspects more than 200 lines an hour well [KemererPaulk2009]; at fifteen times that nobody reads.
LINES_AN_HOUR = 3000
#: Smaller changes can be read in minutes.
LARGE = 200


def inspected(book: Book, claim: Claim) -> list[Evidence]:
    """Whether another human looked before it landed; what was ported later shows nothing."""
    request = book.requests.get(claim.pull)
    made_by = makers(book, claim, request)
    looks = [k for k in (request.looks if request else ()) if k.kind == "human"]
    others = [k for k in looks if book.alike.get(k.by, k.by) not in made_by]
    mark = _mark(book, claim, request, [k for k in others if k.before])
    weak = request and (mark is None or mark.how == "review")
    if weak and (flaw := _flaw(book, claim, others, made_by, seen=mark is not None)):
        return [Evidence(Rung.INSPECTED, claim.claimed_at, flaw, claim.pull, against=True)]
    return [mark] if mark else []


def _mark(book: Book, claim: Claim, request: Request | None, looks: list[Look]) -> Evidence | None:
    """The strongest mark, where the greater part of what people wrote carries any."""
    landed = [s for s in claim.shas if book.commits[s].landed_at is not None]
    looked_at = claim.carried or [s for s in landed or claim.shas if not book.commits[s].merge]
    marks = {s: _independent(book, claim, s) | _seen(book, request, s, looks) for s in looked_at}
    marked = [s for s in looked_at if marks[s]]
    reports = [s for s in landed or claim.shas if "trailer" in _independent(book, claim, s)]
    part = sum(_weight(book, s) for s in marked)
    whole = sum(_weight(book, s) for s in looked_at)
    if not reports and (not marked or part < INSPECTED_SHARE * whole):
        return None
    found = {how for hows in marks.values() for how in hows} | ({"trailer"} if reports else set())
    shown = ("review", "trailer", "applied_by_other", "merged_by_other")
    how = next(h for h in shown if h in found)
    confidence = 0.95 if how in {"review", "trailer"} else 0.8
    by = (reports or marked)[0]
    return Evidence(Rung.INSPECTED, claim.claimed_at, how, by, confidence=confidence)


def _weight(book: Book, sha: str) -> int:
    """The lines people wrote in a commit, where lines are counted."""
    return max(book.written.get(sha, 0), 1)


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


def _seen(book: Book, request: Request | None, sha: str, looks: list[Look]) -> set[str]:
    """Whether a look in the forge reached a commit.

    It was there by then, or two made it together, as where the suggestion of a reviewer is taken over; a
    squash is dated by its merge.
    """
    commit = book.commits[sha]
    if request is None or not looks:
        return set()
    together = commit.kind == "human" and bool(book.makers.get(sha, set()) - {commit.actor})
    if sha == request.merge_sha:
        there = any(k.reached for k in looks)
    else:
        there = any(k.last is not None and k.last >= commit.authored_at for k in looks)
    return {"review"} if together or there else set()


def _flaw(book: Book, claim: Claim, others: list[Look], made_by: set[str], *, seen: bool) -> str:
    """Why what stands in the forge is no independent look at what landed; nothing where it is one."""
    request = book.requests[claim.pull]
    looked = [k for k in others if k.before]
    if looked:
        if book.alike.get(request.merger, request.merger) in made_by and _overruled(looked):
            return "overruled"
        if not seen:
            return "edited_later" if claim.shas else ""
        lines = sum(book.written.get(s, 0) for s in _single(book, claim))
        return "too_fast" if all(_too_fast(k, lines, request.opened_at) for k in looked) else ""
    if any(k.after for k in others):
        return "looked_later"
    approved = [k for k in request.looks if k.approved]
    if any(book.alike.get(k.by, k.by) in made_by for k in approved):
        return "own_approval"
    return "bot_approval" if approved else ""


def makers(book: Book, claim: Claim, request: Request | None) -> set[str]:
    """Whoever asked for it or wrote most of it; who wrote a small part can look at the rest."""
    commits = [book.commits[sha] for sha in _single(book, claim)]
    wrote = Counter(book.alike.get(c.actor, c.actor) for c in commits)
    makers = {m for m, n in wrote.items() if n > INSPECTED_SHARE * len(commits)}
    asked = {request.author if request else claim.author}
    behind = {m for c in commits if c.kind == "agent" for m in book.makers.get(c.sha, ())}
    return makers | {book.alike.get(m, m) for m in asked | behind}


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
