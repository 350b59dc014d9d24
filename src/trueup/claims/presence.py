"""E1, E2 and E4: is the change there, did another human look, which release holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Evidence, Rung

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.claims.book import Book

#: Of the commits of a request, so many must carry a mark.
INSPECTED_SHARE = 0.5


def present(book: Book, claim: Claim, until: datetime) -> list[Evidence]:
    """Where the content of a claim stands, the surest first.

    Ancestry shows presence; its absence shows nothing, so the same change is looked for under
    another id, on release lines and in releases.
    """
    if claim.empty:
        return []
    found = []
    for sha in (*claim.shas, *claim.carried):
        commit = book.commits[sha]
        if commit.landed_at is not None:
            found.append(Evidence(Rung.PRESENT, commit.landed_at, "ancestry", commit.landed_by))
            continue
        for twin in book.of(sha, "same_change"):
            there = book.commits.get(twin.target)
            at = there.at if there else min(claim.claimed_at, until)
            found.append(
                Evidence(Rung.PRESENT, at, twin.how, twin.target, confidence=twin.confidence)
            )
        places = [("release_line", line) for line in book.lines.get(sha, ())]
        places += [("release_tag", tag) for tag in sorted(book.releases_with(sha))]
        found += [Evidence(Rung.PRESENT, commit.made_at, how, by) for how, by in places]
    found.sort(key=lambda e: (e.at, e.how, e.by))
    return found[:5]


def find_presence(book: Book, claim: Claim, until: datetime) -> None:
    """Tell the claim where its content stands; where that came later, it had been absent before."""
    there = present(book, claim, until)
    claim.evidence += there
    claim.absent |= bool(there) and there[0].at > claim.claimed_at


def inspected(book: Book, claim: Claim) -> list[Evidence]:
    """Marks that another human looked before it landed; what was ported later shows nothing."""
    landed = [s for s in claim.shas if book.commits[s].landed_at is not None]
    looked_at = claim.carried or [s for s in landed or claim.shas if not book.commits[s].merge]
    marks = {sha: found for sha in looked_at if (found := _independent(book, claim, sha))}
    reports = [s for s in landed or claim.shas if "trailer" in _independent(book, claim, s)]
    if not reports and (not marks or len(marks) < INSPECTED_SHARE * len(looked_at)):
        return []
    found = {how for hows in marks.values() for how in hows} | ({"trailer"} if reports else set())
    shown = ("review", "trailer", "applied_by_other", "merged_by_other")
    how = next(h for h in shown if h in found)
    confidence = 0.95 if how in {"review", "trailer"} else 0.8
    by = (reports or list(marks))[0]
    return [Evidence(Rung.INSPECTED, claim.claimed_at, how, by, confidence=confidence)]


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


def released(book: Book, claim: Claim) -> list[Evidence]:
    """The earliest release that holds it."""
    tags = {t for sha in claim.shas for t in book.releases_with(sha) if t in book.releases}
    if not tags:
        return []
    first = min((book.releases[t] for t in tags), key=lambda r: (r.made_at, r.tag))
    return [Evidence(Rung.RELEASED, max(first.made_at, claim.claimed_at), "contained", first.tag)]
