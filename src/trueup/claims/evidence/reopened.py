"""E5 against: an issue that was closed as done was opened again.

Closed again within a day and without new work it was a slip, which says nothing. Closed again later without
new work it had stood in doubt until then, and so if it was refused then. New work for it that is itself
verified makes it good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.claims.model import Against, Claim, Evidence, Rung
from trueup.claims.tracker import SLIP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trueup.claims.book import Book
    from trueup.claims.register import Register
    from trueup.claims.tracker import Issue


def reopened(book: Book, register: Register) -> Iterator[Against]:
    """Against the claim that an opened issue had been closed by."""
    for issue in book.issues.values():
        reported = register.issue_of.get(issue.key)
        if reported is not None and issue.openings:
            landed = register.closing.get(issue.key, ())
            works = sorted({c.key: c for c in (*landed, reported)}.values(), key=lambda c: c.order)
            yield from _openings(book, issue, works)


def _openings(book: Book, issue: Issue, works: list[Claim]) -> Iterator[Against]:
    for opened in issue.openings:
        before = [c for c in works if c.claimed_at <= opened.at]
        if not before:
            continue
        new = not opened.refused and _worked(book, issue, opened.at, opened.until)
        if not new and opened.until is not None and opened.until - opened.at <= SLIP:
            continue
        until = None if new else opened.until
        by = issue.key
        evidence = Evidence(Rung.SURVIVED, opened.at, "reopened", by, against=True, until=until)
        yield Against(before[-1], evidence, tuple(c for c in works if c.claimed_at > opened.at))


def _worked(book: Book, issue: Issue, at: datetime, closed: datetime | None) -> bool:
    """Whether anything landed for it between, as a part of it or the whole."""
    named = (c for c in book.naming.get(issue.key, ()) if c.kind != "bot")
    return any(at < c.at and (closed is None or c.at <= closed + SLIP) for c in named)
