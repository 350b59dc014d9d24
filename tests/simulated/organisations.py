"""Simulated organisations, read and judged as a scan does it, each piece of planted truth beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from trueup.claims.ledger import ledger, month_ends
from trueup.claims.model import Kind, Verdict
from trueup.claims.policy import Policy, judge
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.measure import judge_claims
from trueup.simulate import scenarios
from trueup.simulate.organisation import write
from trueup.simulate.planted import Kind as Planted
from trueup.simulate.planted import Outcome, Review
from trueup.sources.git.collect import Request, collect

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.claims.assess import Assessment
    from trueup.claims.ledger import Month
    from trueup.claims.model import Claim, Judged
    from trueup.simulate.planted import PlantedClaim
    from trueup.simulate.scenario import Scenario
    from trueup.simulate.truth import Truth

END = datetime(2026, 11, 20, tzinfo=UTC)
KEY = b"one key of thirty-two characters"
#: Long enough that nothing planted is written off by rule.
POLICY = Policy(ledger_months=36)
HORIZON = timedelta(days=POLICY.restate)
SURVIVE = timedelta(days=POLICY.survive)
SEEN = frozenset((Review.TRAILER, Review.MERGED_BY_OTHER, Review.APPLIED_BY_OTHER))
FINDERS = {"revert": "reverted", "refix": "refixed", "fixes_trailer": "named_faulty"}


def scenario_of(name: str, seed: int) -> Scenario:
    if name == "sample":
        return scenarios.sample(END, seed=seed)
    made: Scenario = getattr(scenarios, name)(seed=seed)
    return made


def quiet(*_: object) -> None:
    """Progress nobody looks at."""


def collected(
    repository: Path, workspace: Path, end: datetime, *, key: bytes = KEY, lines: bool = False
) -> Store:
    """A workspace into which a repository was read."""
    store = Store(workspace)
    with store.writing():
        collect(
            repository,
            store,
            Request(workers=1, lines=lines),
            key,
            fixed_clock(end),
            progress=quiet,
        )
    return store


@dataclass
class World:
    """One organisation: the truth about it, and what was made of its repository."""

    name: str
    scenario: Scenario
    truth: Truth
    store: Store
    assessment: Assessment

    @classmethod
    def written(cls, name: str, seed: int, folder: Path) -> World:
        scenario = scenario_of(name, seed)
        truth = write(scenario, folder)
        store = collected(folder / truth.repository, folder / "workspace", scenario.end)
        return cls(name, scenario, truth, store, judged(store))

    @cached_property
    def verdicts(self) -> dict[int, Judged]:
        found = self.assessment
        return {id(c): j for c, j in zip(found.claims, found.judged, strict=True)}

    def verdict(self, claim: Claim) -> Verdict:
        return self.verdicts[id(claim)].verdict

    def verdict_at(self, claim: Claim, moment: datetime) -> Verdict:
        return judge(claim, moment, POLICY, self.assessment.habits).verdict

    @cached_property
    def by_sha(self) -> dict[str, list[Claim]]:
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.assessment.claims:
            for sha in {*claim.shas, *claim.carried}:
                found[sha].append(claim)
        return found

    @cached_property
    def notes(self) -> dict[tuple[str, str], Claim]:
        notes = (c for c in self.assessment.claims if c.kind is Kind.RELEASE_NOTE)
        return {(c.release, t): c for c in notes for t in c.tickets}

    @cached_property
    def folded(self) -> set[tuple[str, str]]:
        notes = self.assessment.notes.values()
        return {(c.release, t) for n in notes for c in n.folded for t in c.tickets}

    @cached_property
    def works(self) -> tuple[PlantedClaim, ...]:
        """Planted claims that commits and changes make."""
        return tuple(c for c in self.truth.claims if c.kind is not Planted.RELEASE_NOTE)

    @cached_property
    def planted_notes(self) -> tuple[PlantedClaim, ...]:
        return tuple(c for c in self.truth.claims if c.kind is Planted.RELEASE_NOTE)

    def main(self, planted: PlantedClaim) -> Claim | None:
        """The claim we made of the work itself; its follow-ups may be claims of their own."""
        own = [r.sha for r in planted.reports if r.how not in {"follow_up", "changelog"}]
        found = [c for sha in own for c in self.by_sha.get(sha, ())]
        landed = [c for c in found if any(s in c.shas or s in c.carried for s in own[-1:])]
        return next(iter(landed or found), None)

    def follow_ups(self, planted: PlantedClaim) -> list[Claim]:
        """Claims we made of follow-ups that close its ticket once more."""
        main = self.main(planted)
        shas = [r.sha for r in planted.reports if r.how == "follow_up"]
        found = {id(c): c for s in shas for c in self.by_sha.get(s, ()) if c is not main}
        return list(found.values())

    @cached_property
    def relations(self) -> dict[str, set[str]]:
        """What the messages of commits were read to say."""
        links = self.store.snapshot().table(TABLES["links"])
        found: dict[str, set[str]] = defaultdict(set)
        pairs = zip(links["sha"].to_pylist(), links["relation"].to_pylist(), strict=True)
        for sha, relation in pairs:
            found[sha].add(relation)
        return found

    @cached_property
    def authors(self) -> dict[str, str]:
        """The address each commit was authored under."""
        snapshot = self.store.snapshot()
        people, commits = snapshot.table(TABLES["people"]), snapshot.table(TABLES["commits"])
        pairs = zip(people["identity"].to_pylist(), people["address"].to_pylist(), strict=True)
        address = dict(pairs)
        told = zip(commits["sha"].to_pylist(), commits["author"].to_pylist(), strict=True)
        return {sha: address[author] for sha, author in told}

    def said_as_part(self, planted: PlantedClaim) -> bool:
        """Whether the reader of messages took it for a part of something: then it claims no ticket.

        The simulator has "partial refund" among its symptoms, and plants parts 1 to 3 of tickets.
        """
        shas = [r.sha for r in planted.reports if r.how not in {"follow_up", "changelog", "merge"}]
        return any("part_of" in self.relations[s] for s in shas)

    @cached_property
    def second_faces(self) -> set[str]:
        """Addresses of people that nothing in the repository ties to their first address."""
        return {i.other_email for i in self.truth.identities if not i.mapped}

    def redo(self, planted: PlantedClaim) -> PlantedClaim | None:
        return self.truth.claim(planted.redone_in) if planted.redone_in else None

    def same_words(self, planted: PlantedClaim) -> bool:
        """Whether the renewed fix has the subject of the first: by policy the same change twice."""
        redo = self.redo(planted)
        one, other = self.main(planted), self.main(redo) if redo else None
        return one is not None and other is not None and bool(one.subjects & other.subjects)

    def expected(self, planted: PlantedClaim) -> bool:
        """Whether a contradiction was planted that the policy means."""
        redo = self.redo(planted)
        read = not any(self.said_as_part(p) for p in (planted, redo) if p is not None)
        real = planted.how in FINDERS and planted.contradicted_within(HORIZON)
        return real and read and not self.same_words(planted)

    def month_ends(self) -> list[datetime]:
        return month_ends(self.assessment.until, POLICY.ledger_months)[1:]

    def ledger_of(self, claims: list[Claim]) -> list[Month]:
        return ledger(claims, self.assessment.until, POLICY, self.assessment.habits)


def judged(store: Store) -> Assessment:
    return judge_claims(store.snapshot(), POLICY, (), progress=quiet)


CONTRADICTED_OUTCOMES = frozenset((Outcome.REVERTED, Outcome.REFIXED))
HONEST_OUTCOMES = frozenset(
    (
        Outcome.HONEST,
        Outcome.PARTIAL,
        Outcome.UMBRELLA,
        Outcome.LANDED_LATE,
        Outcome.REVERTED_LATE,
        Outcome.EMPTY,
        Outcome.ABSENT,
    )
)
