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


def inspected(book: Book, claim: Claim) -> list[Evidence]:
    """Marks that another human looked before it landed."""
    looked_at = claim.carried or claim.shas
    marked = [sha for sha in looked_at if book.inspected.get(sha)]
    reports = [sha for sha in claim.shas if "trailer" in book.inspected.get(sha, ())]
    if not reports and len(marked) < INSPECTED_SHARE * len(looked_at):
        return []
    hows = {how for sha in (*marked, *reports) for how in book.inspected[sha]}
    how = next((h for h in ("trailer", "applied_by_other", "merged_by_other") if h in hows), "")
    if not how:
        return []
    confidence = 0.95 if how == "trailer" else 0.8
    by = (reports or marked)[0]
    return [Evidence(Rung.INSPECTED, claim.claimed_at, how, by, confidence=confidence)]


def released(book: Book, claim: Claim) -> list[Evidence]:
    """The earliest release that holds it."""
    tags = {t for sha in claim.shas for t in book.releases_with(sha) if t in book.releases}
    if not tags:
        return []
    first = min((book.releases[t] for t in tags), key=lambda r: (r.made_at, r.tag))
    return [Evidence(Rung.RELEASED, max(first.made_at, claim.claimed_at), "contained", first.tag)]
