"""All claims of a workspace, judged: the mix, the horizons, the ledger, the bounds, both drifts."""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from trueup.claims.contradictions import contradict
from trueup.claims.evidence.confirmed import confirm
from trueup.claims.evidence.inspected import inspected
from trueup.claims.evidence.present import find_presence
from trueup.claims.evidence.released import released
from trueup.claims.evidence.tested import built_in_batches, runs_of_tests
from trueup.claims.habits import Habits
from trueup.claims.ledger import Course, Month, WriteOff, follow
from trueup.claims.model import Claim, Evidence, Judged, Rung, Verdict
from trueup.claims.policy import Policy, judge
from trueup.claims.reading import read_books
from trueup.claims.register import Register, register
from trueup.claims.release_notes import NotesRead, read_notes
from trueup.kernel.clock import months_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trueup.claims.book import Book
    from trueup.facts.engine import Facts

HORIZONS = (14, 30, 90)


@dataclass
class Assessment:
    """Everything known about the claims of a period.

    Attributes:
        claims: those made in the period, with their verdicts in ``judged`` (same order).
        all_claims: also those made before it, and those withdrawn since, which the ledger needs.
        containers: issues closed as done that stand for other issues, over all time.
        withdrawn: claims of the period that are none any more, for their issues were refused in the end, with
            their verdicts until then.
        books: the facts it was judged by, for each repository.
        written_off: what roles wrote off, by id of the claim; told before the ledger is read.
    """

    start: datetime
    until: datetime
    policy: Policy
    habits: Habits
    claims: list[Claim]
    judged: list[Judged]
    all_claims: list[Claim]
    by_bots: int = 0
    containers: int = 0
    withdrawn: list[tuple[Claim, Judged]] = field(default_factory=list)
    landed: int = 0
    landed_without_claim: int = 0
    notes: dict[str, NotesRead] = field(default_factory=dict)
    books: dict[str, Book] = field(default_factory=dict, repr=False)
    written_off: dict[str, list[WriteOff]] = field(default_factory=dict)

    def counts(self, scope: str | None = None) -> Counter[Verdict]:
        """Claims of the period by verdict, of one scope or of all."""
        pairs = zip(self.claims, self.judged, strict=True)
        return Counter(j.verdict for c, j in pairs if scope is None or c.scope == scope)

    def at_horizon(self, days: int) -> Counter[Verdict]:
        """Verdicts had one looked so many days after each claim; only claims that old count."""
        found: Counter[Verdict] = Counter()
        for claim in self.all_claims:
            moment = claim.claimed_at + timedelta(days=days)
            if (
                self.start <= claim.claimed_at
                and moment <= self.until
                and not claim.withdrawn(moment)
            ):
                found[judge(claim, moment, self.policy, self.habits, survive=days).verdict] += 1
        return found

    @cached_property
    def course(self) -> Course:
        """The ledger, of which any part can be read."""
        return follow(self.all_claims, self.until, self.policy, self.habits, self.written_off)

    def months(self) -> list[Month]:
        """The ledger of all claims."""
        return self.course.months()


def assess(facts: Facts, until: datetime, policy: Policy) -> Assessment:
    """Find, evidence and judge every claim known at ``until``."""
    with _no_circles_looked_for():
        return _assess(facts, until, policy)


@contextmanager
def _no_circles_looked_for() -> Iterator[None]:
    """Millions of small values are made here and kept: looking for circles among them takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _assess(facts: Facts, until: datetime, policy: Policy) -> Assessment:
    books = read_books(facts)
    registers = {repo: register(book) for repo, book in books.items()}
    for repo, book in books.items():
        book.in_batches = built_in_batches(book, registers[repo].claims)
        for claim in registers[repo].claims:
            find_evidence(book, claim, until)
        confirm(book, registers[repo])
    made = [c for r in registers.values() for c in r.claims if c.claimed_at <= until]
    habits = Habits(made, threshold=policy.habit)
    contradict(facts, books, registers, policy, habits, until)
    notes = {repo: read_notes(book, registers[repo]) for repo, book in books.items()}
    everything = [c for r in registers.values() for c in r.claims]
    everything += [c for n in notes.values() for c in n.claims]
    return judge_all(everything, until, policy, books, registers, notes)


def find_evidence(book: Book, claim: Claim, until: datetime) -> None:
    """What speaks for a claim, rung by rung; what came later against it is found for all at once."""
    find_presence(book, claim, until)
    if not claim.only_named:
        claim.evidence += inspected(book, claim)
        claim.evidence += runs_of_tests(book, claim)
        claim.evidence += released(book, claim)


def judge_all(
    everything: Iterable[Claim],
    until: datetime,
    policy: Policy,
    books: dict[str, Book],
    registers: dict[str, Register],
    notes: dict[str, NotesRead],
) -> Assessment:
    """Verdicts at ``until`` for the claims of the period that ends there."""
    known = sorted(
        (c for c in everything if c.claimed_at <= until),
        key=lambda c: (c.claimed_at, c.repo, c.kind, c.key),
    )
    folded = [c for n in notes.values() for c in n.folded]
    habits = Habits([*known, *folded], threshold=policy.habit)
    start = months_back(until, policy.ledger_months)
    for claim in known:
        _add_survival(claim, until, policy)
    inside = [c for c in known if c.claimed_at >= start]
    claims = [c for c in inside if not c.withdrawn(until)]
    landed, silent = _landed(books, registers, start, until)
    return Assessment(
        start=start,
        until=until,
        policy=policy,
        habits=habits,
        claims=claims,
        judged=[judge(c, until, policy, habits) for c in claims],
        all_claims=known,
        by_bots=sum(r.by_bots for r in registers.values()),
        containers=sum(r.containers for r in registers.values()),
        withdrawn=[
            (c, replace(judge(c, at, policy, habits), withdrawn_at=at))
            for c in inside
            if (at := c.withdrawn_at) is not None and at <= until
        ],
        landed=landed,
        landed_without_claim=silent,
        notes=notes,
        books=books,
    )


def _add_survival(claim: Claim, until: datetime, policy: Policy) -> None:
    there = [e.at for e in claim.evidence if e.rung is Rung.PRESENT and not e.against]
    if not there:
        return
    stood = max(claim.claimed_at, min(there)) + timedelta(days=policy.survive)
    if stood <= until and not any(e.undoes and e.at <= stood for e in claim.evidence):
        claim.evidence.append(Evidence(Rung.SURVIVED, stood, "nothing_against"))


def _landed(
    books: dict[str, Book], registers: dict[str, Register], start: datetime, until: datetime
) -> tuple[int, int]:
    """Human changes that landed in the period, and those of them that no claim covers."""
    landed = silent = 0
    for repo, book in books.items():
        covered = registers[repo].claim_of
        for commit in book.commits.values():
            if commit.merge or commit.landed_at is None or commit.kind != "human":
                continue
            if start <= commit.landed_at <= until:
                landed += 1
                silent += commit.sha not in covered
    return landed, silent


def bounds(counts: Counter[Verdict]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Bounds on the share of claims not really done: over assessable claims, and over all.

    >>> bounds(Counter({Verdict.VERIFIED: 60, Verdict.CONTRADICTED: 6, Verdict.UNVERIFIED: 34}))
    ((0.06, 0.4), (0.06, 0.4))
    """
    bad = counts[Verdict.CONTRADICTED]
    open_ = counts[Verdict.UNVERIFIED] + counts[Verdict.PARTIAL]
    assessable = bad + open_ + counts[Verdict.VERIFIED]
    unseen = counts[Verdict.NOT_ASSESSABLE]
    if not assessable:
        return None
    total = assessable + unseen
    return (bad / assessable, (bad + open_) / assessable), (
        bad / total,
        (bad + open_ + unseen) / total,
    )


def assessable(counts: Counter[Verdict]) -> tuple[int, int]:
    """How many claims can be assessed, out of how many that are old enough."""
    known = sum(n for v, n in counts.items() if v not in {Verdict.PENDING, Verdict.NOT_ASSESSABLE})
    return known, known + counts[Verdict.NOT_ASSESSABLE]


def owed(assessment: Assessment) -> Sequence[tuple[Claim, Judged]]:
    """Claims that are execution debt now, the oldest first."""
    pairs = zip(assessment.claims, assessment.judged, strict=True)
    return [(c, j) for c, j in pairs if j.verdict.owed]
