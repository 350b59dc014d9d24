"""E3: did tests really run on the tree that landed, and what became of them?

The tree that landed comes first, then the newest head of its request. Where the line is built in batches, that
is, where most changes have no run of their own, and nothing ran for this one, the first tree within a week on which
tests passed stands for it. Where no run is known, a gate that merged it or a build service that its message
names stands for one. Where coverage was measured on the tree that landed, tests must have run through a line the
change brought.
What ran on an earlier state alone, or ran empty, is told as that.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Evidence, Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trueup.claims.book import Book, Ran

#: A later tree of the line stands for this one when it was built so soon after.
SAME_BATCH = timedelta(days=7)

#: Where fewer changes than this share have runs of their own, a later tree stands for those before.
BATCHES = 0.5

_SURE = {"report": 0.95, "check": 0.7, "gate": 0.7, "trailer": 0.7}
_ALONE = {"gate": "tests_gated", "trailer": "tests_named"}


def runs_of_tests(book: Book, claim: Claim) -> list[Evidence]:
    """What runs of tests say of a claim; nothing where none is known."""
    landed = _landed(book, claim)
    ran = _ran(book, landed)
    if any(r.outcome == "passed" for r in ran):
        return [_through(book, claim, ran) or _shown(claim, ran, "tests_passed")]
    if any(r.outcome == "failed" for r in ran):
        return _lacking(claim, ran, [])
    heads = _ran(book, _heads(book, claim, landed))
    if any(r.outcome == "passed" for r in heads) and not any(r.outcome == "failed" for r in heads):
        return [_shown(claim, heads, "tests_passed_on_head")]
    earlier = _ran(book, _earlier(book, claim))
    if ran or heads or earlier or not book.in_batches:
        return _lacking(claim, [*ran, *heads], earlier)
    return _later(book, claim, landed)


def built_in_batches(book: Book, claims: Sequence[Claim]) -> bool:
    """Whether the fewer changes that were made since tests are known have a run of their own."""
    first = book.built[0][0] if book.built else None
    since = [c for c in claims if first is not None and c.claimed_at >= first and c.shas]
    own = sum(any(True for _ in _own(book, c)) for c in since)
    return own < BATCHES * len(since)


def _own(book: Book, claim: Claim) -> Iterator[Ran]:
    """Everything that ran for a claim alone."""
    landed = _landed(book, claim)
    for shas in (landed, _heads(book, claim, landed), _earlier(book, claim)):
        yield from _ran(book, shas)


def _landed(book: Book, claim: Claim) -> set[str]:
    """The trees of the default branch that brought it."""
    return {c.landed_by for s in claim.shas if (c := book.commits[s]).landed_at is not None}


def _heads(book: Book, claim: Claim, landed: set[str]) -> set[str]:
    """The newest commit of its request, where that is not what landed."""
    request = book.requests.get(claim.pull)
    heads = {book.commits[s].second_parent for s in claim.shas if book.commits[s].merge}
    if request:
        heads.add(request.head)
    elif not claim.pull:
        heads |= set(claim.shas)
    return heads - landed - {""}


def _earlier(book: Book, claim: Claim) -> set[str]:
    """Other commits of the same work."""
    request = book.requests.get(claim.pull)
    known = {*claim.carried, *(request.earlier if request else ())}
    return known - {request.head if request else ""}


def _ran(book: Book, shas: Iterable[str]) -> list[Ran]:
    return [book.tested[sha] for sha in sorted(shas) if sha in book.tested]


def _shown(claim: Claim, ran: list[Ran], how: str) -> Evidence:
    best = min((r for r in ran if r.outcome == "passed"), key=lambda r: (-_SURE[r.told], r.sha))
    at = max(best.at or claim.claimed_at, claim.claimed_at)
    how = _ALONE.get(best.told, how)
    return Evidence(Rung.TESTED, at, how, best.sha, confidence=_SURE[best.told])


def _through(book: Book, claim: Claim, ran: list[Ran]) -> Evidence | None:
    """Whether the tests that passed ran through any line it brought, where that was measured."""
    passed = [r for r in ran if r.outcome == "passed" and r.sha in book.through]
    if not passed:
        return None
    touched = [r for r in passed if book.through[r.sha].ran]
    if not touched:
        return _against(claim, "tests_untouched", passed[0])
    return replace(_shown(claim, touched, "tests_ran_through"), how="tests_ran_through")


def _later(book: Book, claim: Claim, landed: set[str]) -> list[Evidence]:
    """The next tree of the line on which tests passed, if it was built soon."""
    moments = [c.landed_at for s in landed if (c := book.commits.get(s)) and c.landed_at]
    if not moments:
        return []
    first = max(moments)
    for at, sha in book.built[bisect_left(book.built, (first, "")) :]:
        if at - first > SAME_BATCH:
            return []
        run = book.tested[sha]
        if sha not in landed and run.outcome == "passed":
            since = max(run.at or at, claim.claimed_at)
            return [Evidence(Rung.TESTED, since, "tests_passed_later", sha, confidence=0.6)]
    return []


def _lacking(claim: Claim, ran: list[Ran], earlier: list[Ran]) -> list[Evidence]:
    """What there is instead of tests that ran."""
    outcomes = {r.outcome: r for r in reversed(ran)}
    for outcome in ("failed", "empty", "skipped", "not_run", "unclear", "beside"):
        if found := outcomes.get(outcome):
            return [_against(claim, f"tests_{outcome}", found)]
    passed = [r for r in earlier if r.outcome == "passed"]
    return [_against(claim, "tests_on_earlier", passed[0])] if passed else []


def _against(claim: Claim, how: str, ran: Ran) -> Evidence:
    return Evidence(Rung.TESTED, claim.claimed_at, how, ran.sha, against=True)
