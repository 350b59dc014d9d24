"""E1: is the change on the line it was meant for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Evidence, Kind, Rung

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.claims.book import Book


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
            how, sure = _how(claim)
            by = commit.landed_by
            found.append(Evidence(Rung.PRESENT, commit.landed_at, how, by, confidence=sure))
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
    return list(dict.fromkeys(found))[:5]


def _how(claim: Claim) -> tuple[str, float]:
    """What it shows that a commit is on the default branch, and how surely that it is the work."""
    if claim.only_named:
        return "mentioned", 0.6  # it does something for the issue; whether all, it does not say
    return ("closed_with", 0.9) if claim.kind is Kind.ISSUE else ("ancestry", 1.0)


def find_presence(book: Book, claim: Claim, until: datetime) -> None:
    """Tell the claim where its content stands; where that came later, it had been absent before."""
    there = present(book, claim, until)
    claim.evidence += there
    claim.absent |= bool(there) and there[0].at > claim.claimed_at
