"""The audit sample: claims that people judge without our verdict, and what that says of all of them.

From records alone the share of claims that are not really done is known within bounds only. A random
sample over every verdict, those we call verified among them, tells it for all, with an interval.
Source: docs/decisions/2026-11-21-audit-sample.md (strata, allocation: our choice).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from trueup.claims.model import Verdict
from trueup.stats.agreement import kappa
from trueup.stats.strata import Stratum, share_of_strata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trueup.claims.model import Claim, Judged
    from trueup.stats.intervals import Interval

#: Claims that may be judged: a pending one is not due yet.
STRATA = tuple(v for v in Verdict if v is not Verdict.PENDING)
#: At least so many of every verdict, as far as there are.
LEAST = 2
#: How often a claim of a verdict was found not to be done, before anybody looked: it only spreads the sample.
EXPECTED = {
    Verdict.VERIFIED: 0.05,
    Verdict.PARTIAL: 0.15,
    Verdict.CONTRADICTED: 0.90,
    Verdict.UNVERIFIED: 0.50,
    Verdict.NOT_ASSESSABLE: 0.30,
}


class Answer(StrEnum):
    """What a person found."""

    DONE = "done"
    NOT_DONE = "not done"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A claim of the sample, with the verdict it had when it was drawn."""

    claim: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """What people found of the claims of one verdict.

    Looked at are those up to the last one that was answered; undecided those passed over among them, those
    nobody can tell, and those on which two people differ.
    """

    verdict: Verdict
    size: int
    looked_at: int
    not_done: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Audited:
    """What the answers say of all claims the sample was drawn from.

    Attributes:
        answered: claims that anybody answered for.
        share: of claims that are not really done; nothing while a verdict has no decided answer.
        kappa: agreement of two raters beyond chance; nothing without both.
        both: claims that two raters judged.
        disagreed: of these, those on which they differ; they count as undecided.
    """

    by_verdict: tuple[Judgement, ...]
    answered: int
    share: Interval | None
    kappa: float | None
    both: int
    disagreed: int


def allocate(sizes: Mapping[Verdict, int], size: int) -> dict[Verdict, int]:
    """How many claims of each verdict are drawn.

    Two of each, and the rest where it narrows the interval most: by size times the standard deviation that
    is expected there [Neyman1934]. A verdict with few claims is judged whole.

    Raises:
        ValueError: the sample cannot hold one claim of each verdict.

    >>> allocate({Verdict.VERIFIED: 500, Verdict.UNVERIFIED: 60, Verdict.CONTRADICTED: 1}, 20)
    {<Verdict.VERIFIED: 'verified'>: 15, <Verdict.UNVERIFIED: 'unverified'>: 4, <Verdict.CONTRADICTED: 'contradicted'>: 1}
    """
    there = {v: n for v, n in sizes.items() if n}
    if size < len(there):
        raise ValueError(f"a sample of every verdict holds at least {len(there)} claims")
    given = dict.fromkeys(there, 0)
    need = {v: n * (EXPECTED[v] * (1 - EXPECTED[v])) ** 0.5 for v, n in there.items()}
    for _ in range(min(size, sum(there.values()))):
        open_ = [v for v in there if given[v] < there[v]]
        fewest = min(given[v] for v in open_)
        few = [v for v in open_ if given[v] == fewest < LEAST]
        wanted = max(few or open_, key=lambda v: (need[v] / (given[v] + 1), v))
        given[wanted] += 1
    return given


def draw(claims: Iterable[tuple[Claim, Judged]], size: int, seed: int) -> list[Drawn]:
    """A simple random sample of each verdict, all in one random order; the same for the same seed.

    Raises:
        ValueError: the sample cannot hold one claim of each verdict.
    """
    by_verdict: dict[Verdict, list[str]] = defaultdict(list)
    for claim, judged in claims:
        if judged.verdict in STRATA:
            by_verdict[judged.verdict].append(claim.id)
    sizes: dict[Verdict, int] = {v: len(by_verdict[v]) for v in STRATA}
    chance = random.Random(seed)  # noqa: S311 - whoever knows the seed must get the same sample
    found = []
    for verdict, many in allocate(sizes, size).items():
        chosen = chance.sample(sorted(by_verdict[verdict]), many)
        found += [Drawn(claim, verdict) for claim in chosen]
    chance.shuffle(found)
    return found


def conclude(
    sample: Sequence[Drawn],
    sizes: Mapping[Verdict, int],
    answers: Mapping[str, Mapping[str, Answer]],
) -> Audited:
    """What answers say.

    Claims stand in random order: those after the last one anybody answered were not looked at yet, those
    passed over before it are undecided, for nobody knows why they were.

    Args:
        sample: in the order in which it was judged.
        sizes: claims of each verdict that the sample was drawn from.
        answers: by rater, then by claim.
    """
    told = {d.claim: [a[d.claim] for a in answers.values() if d.claim in a] for d in sample}
    last = max((n for n, d in enumerate(sample, 1) if told[d.claim]), default=0)
    looked: Counter[Verdict] = Counter()
    not_done: Counter[Verdict] = Counter()
    undecided: Counter[Verdict] = Counter()
    for one in sample[:last]:
        looked[one.verdict] += 1
        found = set(told[one.claim])
        not_done[one.verdict] += found == {Answer.NOT_DONE}
        undecided[one.verdict] += found not in ({Answer.NOT_DONE}, {Answer.DONE})
    there = [v for v in STRATA if sizes.get(v)]
    strata = [Stratum(sizes[v], looked[v], not_done[v], undecided[v]) for v in there]
    pairs = [(str(one), str(other)) for one, other in (t for t in told.values() if len(t) == 2)]
    return Audited(
        by_verdict=tuple(
            Judgement(v, sizes[v], looked[v], not_done[v], undecided[v]) for v in there
        ),
        answered=sum(bool(given) for given in told.values()),
        share=share_of_strata(strata) if strata else None,
        kappa=kappa(pairs) if pairs else None,
        both=len(pairs),
        disagreed=sum(one != other for one, other in pairs),
    )
