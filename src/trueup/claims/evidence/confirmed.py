"""E6: did somebody other than its makers say, once it was there, that the outcome is what was meant?

Trackers say so with a status or a label, such as "Verified" or "QA passed". No verdict asks for it: few teams use one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.claims.evidence.inspected import makers
from trueup.claims.model import Evidence, Rung

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.claims.book import Book
    from trueup.claims.register import Register
    from trueup.claims.tracker import Issue


def confirm(book: Book, register: Register) -> None:
    """Add to every claim the first confirmation in an issue that reports it."""
    for issue in book.issues.values():
        claim = register.issue_of.get(issue.key)
        if claim is not None and issue.confirmed:
            made_by = makers(book, claim, book.requests.get(claim.pull))
            claim.evidence += _first(book, issue, claim.claimed_at, made_by)


def _first(book: Book, issue: Issue, since: datetime, made_by: set[str]) -> list[Evidence]:
    for told in issue.confirmed:
        human = told.kind == "human" and book.alike.get(told.actor, told.actor) not in made_by
        if human and told.at >= since:
            return [Evidence(Rung.CONFIRMED, told.at, "accepted", issue.key, confidence=0.8)]
    return []
