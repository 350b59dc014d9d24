"""What later commits say against a claim: reverts, renewed fixes, and fixes that name it as cause."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from trueup.claims.book import Commit, touched_files
from trueup.claims.model import Claim, Evidence, Kind, Rung

if TYPE_CHECKING:
    from trueup.claims.book import Book
    from trueup.claims.policy import Policy
    from trueup.claims.register import Register
    from trueup.facts.engine import Facts

#: A revert by subject alone means the last commit of that subject within this time.
SUBJECT_SPAN = timedelta(days=400)
#: A renewed fix sooner than this is still the same piece of work.
SOONEST_REFIX = timedelta(days=1)


@dataclass
class Revert:
    """A commit on the default branch that undoes others, until it is itself undone."""

    commit: Commit
    targets: list[Commit]
    pulls: list[str]
    confidence: float
    undone_at: datetime | None = None
    subjects: list[str] = field(default_factory=list)


def contradict(
    facts: Facts, books: dict[str, Book], found: dict[str, Register], policy: Policy
) -> None:
    """Add to every claim what later commits say against it."""
    candidates = []
    for repo, book in books.items():
        _add_reverts(book, found[repo], policy)
        _add_named_faulty(book, found[repo], policy)
        candidates += [(book, *pair) for pair in _renewed(found[repo], policy)]
    files = touched_files(facts, {s for _, *pair, _ in candidates for c in pair for s in _work(c)})
    for book, first, second, ticket in candidates:
        if _same_ground(first, second, files) and not _twins(book, first, second):
            _add_refix(first, second, ticket, policy)


def reverts(book: Book) -> list[Revert]:
    """All reverts on the default branch, with what they undo and when they were undone."""
    found = [
        _revert(book, commit)
        for commit in sorted(book.commits.values(), key=lambda c: (c.at, c.sha))
        if commit.landed_at is not None and any(True for _ in book.of(commit.sha, "reverts"))
    ]
    by_sha = {r.commit.sha: r for r in found}
    for later in found:
        for target in later.targets:
            if earlier := by_sha.get(target.sha):
                earlier.undone_at = later.commit.at
    _undo_by_reapplying(book, found)
    return found


def _revert(book: Book, commit: Commit) -> Revert:
    links = list(book.of(commit.sha, "reverts"))
    targets = [t for x in links if x.kind == "commit" and (t := book.resolve(x.target))]
    targets = [t for t in targets if t.sha != commit.sha and t.at <= commit.at]
    subjects = [x.target for x in links if x.kind == "subject"]
    confidence = 0.98
    if not targets:
        confidence = 0.85
        for subject in subjects:
            before = [
                c
                for c in book.by_subject.get(subject, ())
                if timedelta() < commit.at - c.at <= SUBJECT_SPAN
            ]
            targets += before[-1:]
    pulls = [x.target for x in links if x.kind == "pull"]
    return Revert(commit, targets, pulls, confidence, subjects=subjects)


def _undo_by_reapplying(book: Book, found: list[Revert]) -> None:
    """A commit that reapplies, or lands the same subject again, undoes the revert before it."""
    again: dict[str, list[datetime]] = defaultdict(list)
    for commit in book.commits.values():
        if commit.landed_at is not None:
            for link in book.of(commit.sha, "reapplies"):
                again[link.target].append(commit.at)
    for revert in found:
        subjects = set(revert.subjects) | {t.subject for t in revert.targets}
        moments = [at for s in subjects for at in again.get(s, ())]
        moments += [c.at for s in subjects for c in book.by_subject.get(s, ())]
        later = [m for m in moments if m > revert.commit.at]
        if later:
            first = min(later)
            revert.undone_at = min(first, revert.undone_at) if revert.undone_at else first


def _add_reverts(book: Book, register: Register, policy: Policy) -> None:
    by_pull = {c.pull: c for c in register.claims if c.pull}
    for revert in reverts(book):
        hit: dict[str, tuple[Claim, int]] = {}
        for target in revert.targets:
            if claim := register.claim_of.get(target.sha):
                count = hit.get(claim.key, (claim, 0))[1]
                whole = target.sha in claim.shas
                hit[claim.key] = (claim, count + (len(claim.carried) or 1 if whole else 1))
        for pull in revert.pulls:
            if claim := by_pull.get(pull):
                hit[claim.key] = (claim, len(claim.carried) or 1)
        for claim, count in hit.values():
            if 2 * count >= len(claim.carried) and _in_time(claim, revert.commit, policy):
                claim.evidence.append(
                    Evidence(
                        Rung.PRESENT,
                        revert.commit.at,
                        "reverted",
                        revert.commit.sha,
                        against=True,
                        until=revert.undone_at,
                        confidence=revert.confidence,
                    )
                )


def _add_named_faulty(book: Book, register: Register, policy: Policy) -> None:
    for commit in book.commits.values():
        if commit.landed_at is None:
            continue
        for link in book.of(commit.sha, "fixes_commit"):
            target = book.resolve(link.target)
            claim = register.claim_of.get(target.sha) if target else None
            if (
                target is None
                or claim is None
                or target.sha not in claim.shas
                or commit.sha in (*claim.shas, *claim.carried)
                or not _in_time(claim, commit, policy)
            ):
                continue
            mender = register.claim_of.get(commit.sha)
            claim.evidence.append(
                Evidence(
                    Rung.SURVIVED,
                    commit.at,
                    "named_faulty",
                    commit.sha,
                    against=True,
                    until=_made_good(mender, commit.at, policy),
                    confidence=link.confidence,
                )
            )


def _renewed(register: Register, policy: Policy) -> list[tuple[Claim, Claim, str]]:
    """Pairs of claims on the default branch that close the same ticket, one after the other."""
    by_ticket: dict[str, list[Claim]] = defaultdict(list)
    for claim in register.claims:
        if claim.kind is not Kind.UMBRELLA and claim.evidence and not claim.partial:
            for ticket in claim.tickets:
                by_ticket[ticket].append(claim)
    found = []
    for ticket, claims in by_ticket.items():
        if ticket in register.umbrellas or len(claims) != 2:
            continue
        for first, second in pairwise(claims):
            gap = second.claimed_at - first.claimed_at
            if SOONEST_REFIX < gap <= timedelta(days=policy.restate):
                found.append((first, second, ticket))
    return found


def _same_ground(first: Claim, second: Claim, files: dict[str, dict[str, str]]) -> bool:
    """Both change at least one same file of code, so the second is no mere test or text."""
    one = {p for s in _work(first) for p, role in files.get(s, {}).items() if role == "code"}
    other = {p for s in _work(second) for p, role in files.get(s, {}).items() if role == "code"}
    return bool(one & other)


def _twins(book: Book, first: Claim, second: Claim) -> bool:
    """The same change twice: picked, rebased, or under the same subject."""
    if first.subjects & second.subjects:
        return True
    changes = [{x.target for s in _work(c) for x in book.of(s, "change")} for c in (first, second)]
    return bool(changes[0] & changes[1])


def _add_refix(first: Claim, second: Claim, _ticket: str, policy: Policy) -> None:
    if any(e.against and e.how == "reverted" and e.at <= second.claimed_at for e in first.evidence):
        return  # reverted before: the second is the work done again, and the revert says so
    first.evidence.append(
        Evidence(
            Rung.SURVIVED,
            second.claimed_at,
            "refixed",
            second.shas[0],
            against=True,
            until=_made_good(second, second.claimed_at, policy),
            confidence=0.9,
        )
    )


def _made_good(mender: Claim | None, at: datetime, policy: Policy) -> datetime | None:
    """When the commit that mended it is itself verified, if it is."""
    if mender is None or not any(e.rung is Rung.INSPECTED for e in mender.evidence):
        return None
    stood = at + timedelta(days=policy.survive)
    return None if any(e.against and e.at <= stood for e in mender.evidence) else stood


def _in_time(claim: Claim, later: Commit, policy: Policy) -> bool:
    gap = later.at - claim.claimed_at
    return timedelta() <= gap <= timedelta(days=policy.restate)


def _work(claim: Claim) -> tuple[str, ...]:
    return claim.carried or claim.shas
