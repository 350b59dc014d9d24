"""E4: which release holds the change, or which deployment to production brought it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Evidence, Rung

if TYPE_CHECKING:
    from trueup.claims.book import Book


def released(book: Book, claim: Claim) -> list[Evidence]:
    """The earliest release that holds it, and the first deployment to production that brought it."""
    found = []
    tags = {t for sha in claim.shas for t in book.releases_with(sha) if t in book.releases}
    if tags:
        first = min((book.releases[t] for t in tags), key=lambda r: (r.made_at, r.tag))
        at = max(first.made_at, claim.claimed_at)
        found.append(Evidence(Rung.RELEASED, at, "contained", first.tag))
    brought = [book.deployed[sha] for sha in claim.shas if sha in book.deployed]
    if brought:
        at, deployment = max(brought)
        found.append(Evidence(Rung.RELEASED, max(at, claim.claimed_at), "deployed", deployment))
    return found
