"""E5 against: an incident names the change as its cause. That one came before the other says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.claims.model import Against, Claim, Evidence, Rung

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.claims.book import Blamed, Book
    from trueup.claims.register import Register


def blamed(book: Book, register: Register) -> Iterator[Against]:
    """Against the claim that an incident names; work that closes the incident may mend it."""
    by_pull = {claim.pull: claim for claim in register.claims if claim.pull}
    for told in book.blamed:
        claim = _named(book, register, by_pull, told)
        if claim is not None:
            by = told.incident
            evidence = Evidence(Rung.SURVIVED, told.at, "incident", by, against=True)
            later = (c for c in register.closing.get(by, ()) if c.claimed_at > told.at)
            yield Against(claim, evidence, tuple(later))


def _named(book: Book, register: Register, by_pull: dict[str, Claim], told: Blamed) -> Claim | None:
    if told.kind == "commit":
        commit = book.resolve(told.target)
        return register.claim_of.get(commit.sha) if commit else None
    return by_pull.get(told.target) or by_pull.get(f"!{told.target}")
