"""What came later and speaks against a claim: reverts, renewed fixes, fixes that name it, opened issues."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.claims.book import NAMES_TICKETS
from trueup.claims.evidence.incidents import blamed
from trueup.claims.evidence.reopened import reopened
from trueup.claims.model import Against, Claim, Evidence, Rung
from trueup.claims.policy import verified_from
from trueup.claims.reading import touched_files
from trueup.claims.reverts import moves, reverts, to_compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from trueup.claims.book import Book
    from trueup.claims.habits import Habits
    from trueup.claims.policy import Policy
    from trueup.claims.register import Register
    from trueup.claims.reverts import Files, Move
    from trueup.facts.engine import Facts

#: A renewed fix sooner than this is still the same piece of work.
SOONEST_REFIX = timedelta(days=1)
#: A ticket that more commits name is a topic: one more of them need not be the work done again.
MOST_NAMING = 20


def contradict(
    facts: Facts,
    books: dict[str, Book],
    found: dict[str, Register],
    policy: Policy,
    habits: Habits,
    until: datetime,
) -> None:
    """Add to every claim what commits said against it by a moment."""
    wanted = {s for repo in books for s in files_wanted(books[repo], found[repo], policy)}
    files = touched_files(facts, wanted)
    for repo, book in books.items():
        add_contradictions(book, found[repo], files, policy, habits, until)


def files_wanted(book: Book, register: Register, policy: Policy) -> set[str]:
    """Commits of which the files must be known."""
    found = reverts(book)
    pairs = _renewed(register, policy)
    taken = ((c, r) for r in found for t in r.targets if (c := register.claim_of.get(t.sha)))
    again = ((c, a) for c, r in taken for a in _about_the_same(book, register, c, r.commit.sha))
    return to_compare(book, found) | {
        s for pair in (*pairs, *again) for c in pair for s in _work(c)
    }


def add_contradictions(
    book: Book, register: Register, files: Files, policy: Policy, habits: Habits, until: datetime
) -> None:
    """Evidence against the claims of one repository; ``files`` are path and role by commit."""
    moved = moves(book, reverts(book), files)
    absent = list(_reverted(book, register, moved, policy, files))
    mended = [*absent, *_named_faulty(book, register, policy)]
    later = (*reopened(book, register), *blamed(book, register))
    mended += [a for a in later if _in_time(a.claim, a.evidence.at, policy)]
    mended += _refixed(book, _renewed(register, policy), files, absent)
    # What mends may itself be mended later: the latest first, so that it is known by then.
    for one in sorted(mended, key=lambda m: (m.evidence.at, m.evidence.by), reverse=True):
        one.claim.evidence.append(_until_made_good(one, policy, habits, until))


def _reverted(
    book: Book, register: Register, moved: list[Move], policy: Policy, files: Files
) -> Iterator[Against]:
    """Against a claim from when most of it is taken out until enough of it is back."""
    about: dict[str, list[Move]] = defaultdict(list)
    for move in moved:
        claim = register.claim_of.get(move.root)
        if claim and register.claim_of.get(move.commit.sha) is not claim:
            about[claim.key].append(move)
    for claim in register.claims:
        own = [book.commits[s].at for s in claim.shas if book.commits[s].landed_at is not None]
        for absence in _absences(claim, about.get(claim.key, ()), own):
            if _in_time(claim, absence.at, policy):
                later = _done_again(book, register, claim, absence, files)
                yield Against(claim, absence, later if absence.until is None else ())


def _done_again(
    book: Book, register: Register, claim: Claim, absence: Evidence, files: Files
) -> tuple[Claim, ...]:
    """Other claims to have done what a reverted one had claimed.

    Later ones that say they close a ticket it closes, or names as few do; or some that name that, or the review of
    the work or of its revert, and change the same code (or, where the work is no code, the same data). These may
    have landed before the revert: many a stopgap is taken out once the cure is there.
    """
    tickets = {*claim.tickets, *_named_by_few(book, claim)} - register.umbrellas
    closing = (c for t in sorted(tickets) for c in register.closing.get(t, ()))
    same = _about_the_same(book, register, claim, absence.by)
    naming = (c for c in same if _same_files(claim, c, files))
    return (*(c for c in closing if c.claimed_at > absence.at), *naming)


def _about_the_same(book: Book, register: Register, claim: Claim, revert: str) -> list[Claim]:
    """Later claims that name a ticket of this one, where few commits do, or its review or its revert's."""
    commits = [c for t in _named_by_few(book, claim) for c in book.spelled(t)]
    reviews = sorted({*_requests(book, claim), book.request(revert)} - {""})
    commits += [c for number in reviews for c in book.named.get(number, ())]
    claims = {c.key: c for x in commits if (c := register.claim_of.get(x.sha))}
    return [c for c in claims.values() if c.claimed_at > claim.claimed_at]


def _named_by_few(book: Book, claim: Claim) -> list[str]:
    """Tickets that its commits name, and not many others."""
    named = {x.target for s in claim.shas for x in book.of(s, *NAMES_TICKETS) if x.target}
    own = _requests(book, claim)
    return [t for t in sorted(named - own) if len(book.spelled(t)) <= MOST_NAMING]


def _requests(book: Book, claim: Claim) -> set[str]:
    return {book.request(s) for s in claim.shas}


def _absences(claim: Claim, moved: Iterable[Move], own: list[datetime]) -> Iterator[Evidence]:
    """The spans in which a claim was taken out; a later report of its own brings it back."""
    out: set[str] = set()
    since: Move | None = None
    for move in moved:
        (out.discard if move.back else out.add)(move.root)
        gone = _gone(claim, out)
        if gone and since is None:
            since = move
        elif since is not None and not gone:
            if move.commit.at > since.commit.at:  # or both came with one merge
                yield _absence(since, move.commit.at, own)
            since = None
    if since is not None:
        yield _absence(since, None, own)


def _absence(since: Move, until: datetime | None, own: list[datetime]) -> Evidence:
    again = [at for at in (until, *own) if at is not None and at > since.commit.at]
    evidence = _against(Rung.PRESENT, since.commit.at, "reverted", since.commit.sha)
    return replace(evidence, until=min(again) if again else None, confidence=since.confidence)


def _against(rung: Rung, at: datetime, how: str, by: str) -> Evidence:
    return Evidence(rung, at, how, by, against=True)


def _gone(claim: Claim, out: set[str]) -> bool:
    """Whether the commit that claims it is out, or half of what it brought."""
    if not out.isdisjoint(claim.shas):
        return True
    carried = out.intersection(claim.carried)
    return bool(carried) and 2 * len(carried) >= len(claim.carried)


def _named_faulty(book: Book, register: Register, policy: Policy) -> Iterator[Against]:
    """Claims of which a later commit says that it fixes what they broke."""
    for commit in book.commits.values():
        if commit.landed_at is None:
            continue
        for link in book.of(commit.sha, "fixes_commit"):
            target = book.resolve(link.target)
            claim = register.claim_of.get(target.sha) if target else None
            if (
                target is not None
                and claim is not None
                and target.sha in claim.shas
                and commit.sha not in (*claim.shas, *claim.carried)
                and _in_time(claim, commit.at, policy)
            ):
                against = _against(Rung.SURVIVED, commit.at, "named_faulty", commit.sha)
                mender = register.claim_of.get(commit.sha)
                yield Against(
                    claim,
                    replace(against, confidence=link.confidence),
                    () if mender is None else (mender,),
                )


def _renewed(register: Register, policy: Policy) -> list[tuple[Claim, Claim]]:
    """Pairs of claims on the default branch that close the same ticket, one after the other."""
    found = {}
    for ticket, claims in register.closing.items():
        if ticket in register.umbrellas or len(claims) != 2:
            continue
        first, second = claims
        gap = second.claimed_at - first.claimed_at
        if not first.partial and SOONEST_REFIX < gap <= timedelta(days=policy.restate):
            found[first.key, second.key] = (first, second)
    return list(found.values())


def _refixed(
    book: Book, pairs: list[tuple[Claim, Claim]], files: Files, absent: list[Against]
) -> Iterator[Against]:
    for first, second in pairs:
        at = second.claimed_at
        # Out by then: the second is the work done again, and the revert says so.
        out = any(a.claim is first and _in_force(a.evidence, at) for a in absent)
        if not out and _same_ground(first, second, files) and not _twins(book, first, second):
            against = _against(Rung.SURVIVED, at, "refixed", second.shas[0])
            yield Against(first, replace(against, confidence=0.9), (second,))


def _in_force(evidence: Evidence, at: datetime) -> bool:
    """Whether it counts until just before a moment: what comes then may be what ends it."""
    return evidence.at <= at and (evidence.until is None or evidence.until >= at)


def _same_files(first: Claim, second: Claim, files: Files) -> bool:
    """Both change a same file of code or, where the first changes no code, of data."""
    touched = [item for s in _work(first) for item in files.get(s, {}).items()]
    mine = {p for p, role in touched if role == "code"} or {p for p, r in touched if r == "data"}
    return any(mine & files.get(s, {}).keys() for s in _work(second))


def _same_ground(first: Claim, second: Claim, files: Files) -> bool:
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


def _until_made_good(against: Against, policy: Policy, habits: Habits, until: datetime) -> Evidence:
    """The evidence, ending when work that mends it is itself verified, if any is."""
    since = [m for c in against.menders if (m := verified_from(c, policy, habits)) and m <= until]
    if not since:
        return against.evidence
    return replace(against.evidence, until=max(min(since), against.evidence.at), made_good=True)


def _in_time(claim: Claim, at: datetime, policy: Policy) -> bool:
    return timedelta() <= at - claim.claimed_at <= timedelta(days=policy.restate)


def _work(claim: Claim) -> tuple[str, ...]:
    return claim.carried or claim.shas
