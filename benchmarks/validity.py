"""How right the verdicts are where the truth is known: simulated organisations, all their sources connected.

    python -m benchmarks.validity                     the tables of docs/validity.md
    python -m benchmarks.validity --seeds 1 2         other seeds

The verdict each planted piece of work deserves comes from the planted truth and the policy in words
(`tests.simulated.expected`), not from the product. `tests/simulated/test_connected.py` asserts the same
figures on fewer organisations.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from tests.simulated.connected import WITHOUT, Connected, Read
from tests.simulated.organisations import POLICY, quiet

from trueup.claims.audit import STRATA, Answer, conclude, draw
from trueup.claims.degradation import degradations
from trueup.claims.watermelon import watermelons
from trueup.facts.schema import TABLES
from trueup.publish.build import publish
from trueup.publish.document import Audience
from trueup.runs.measure import judge_claims, measure
from trueup.simulate import scenarios
from trueup.simulate.scenario import Elsewhere
from trueup.teams.scopes import Team

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.simulated.expected import Expected, Piece

    from trueup.claims.model import Claim
    from trueup.simulate.scenario import Scenario

KINDS = ("change", "issue", "commit", "release_note")
VERDICTS = ("verified", "partial", "contradicted", "unverified", "not_assessable", "pending")
ORGANISATIONS = [*(("small", seed) for seed in range(1, 9)), ("sample", 1), ("sample", 2)]
#: The team that looks green and works no more.
HOLLOW = "squash"
SIZES, ROUNDS = (20, 40, 80), 1000
#: Kind of claim, the verdict it deserves, the verdict it got; an empty word where there is no such claim.
Confusion = Counter[tuple[str, str, str]]


class Move(NamedTuple):
    """A piece whose verdict is another one without some source."""

    piece: Piece
    was: str
    now: str
    hidden: bool
    mended: bool


@dataclass(frozen=True)
class Sampled:
    """What an audit estimator did over many draws: truth, mean of its values, share of intervals that hold it."""

    size: int
    truth: float
    mean: float
    error: float
    covered: float
    width: float


def confusion(world: Connected) -> Confusion:
    """Verdicts deserved and got, every piece and every claim once."""
    found: Confusion = Counter()
    known = set()
    for piece in world.expected.pieces:
        claim = world.whole.claim_of(piece)
        known.add(id(claim))
        found[piece.kind, piece.wanted, _got(world.whole, piece, claim)] += 1
    for claim in world.whole.assessment.claims:
        if id(claim) not in known:
            kind = "commit" if claim.kind == "umbrella" else claim.kind.value
            found[kind, "", world.whole.verdict(claim).value] += 1
    return found


def _got(read: Read, piece: Piece, claim: Claim | None) -> str:
    """An entry of release notes that only repeats a claim truly is folded into it: that is its verdict."""
    folded = piece.kind == "release_note" and claim is None and read.is_folded(piece)
    return "verified" if folded else read.found(piece)


def disagreements(world: Connected) -> Iterator[tuple[Piece, str]]:
    """Pieces that got another verdict than they deserve."""
    for piece in world.expected.pieces:
        got = _got(world.whole, piece, world.whole.claim_of(piece))
        if got != piece.wanted:
            yield piece, got


def precision_recall(found: Confusion, kind: str) -> tuple[int, int, int]:
    """How many verdicts of a kind are right, were given, and should have been."""
    right = sum(n for (k, wanted, got), n in found.items() if k == kind and wanted == got)
    given = sum(n for (k, _, got), n in found.items() if k == kind and got)
    wanted = sum(n for (k, wanted, _), n in found.items() if k == kind and wanted)
    return right, given, wanted


def moves(world: Connected, less: Read) -> list[Move]:
    """What moved when sources were taken away."""
    found = []
    for piece in world.expected.pieces:
        was, now = world.whole.found(piece), less.found(piece)
        if was != now:
            claim = less.claim_of(piece)
            mended = claim is not None and any(e.made_good for e in claim.evidence)
            found.append(Move(piece, was, now, hidden(world.expected, piece, less), mended))
    return found


def hidden(expected: Expected, piece: Piece, less: Read) -> bool:
    """Whether all that shows a standing contradiction is in issues, and these were not read."""
    standing = expected.standing(piece)
    return bool(standing) and less.lacks_issues and all(c.source == "issues" for c in standing)


def verified_in_vain(world: Connected, read: Read) -> int:
    """Pieces called verified that are not done: what came against them no source read shows in time."""
    pieces = (p for p in world.expected.pieces if not p.true_done)
    return sum(read.found(p) == "verified" for p in pieces)


def outstanding(verdict: str) -> bool:
    """Debt, or what cannot be seen, or what is too young to tell."""
    return verdict in {"contradicted", "unverified", "not_assessable", "pending"}


def audited(worlds: Iterable[Connected], size: int, rounds: int) -> Sampled:
    """Samples drawn many times from the claims of all organisations, each answered by the planted truth."""
    answers, pairs = {}, []
    for world in worlds:
        read = world.whole
        for piece in world.expected.pieces:
            claim = read.claim_of(piece)
            if claim is not None and read.verdict(claim) in STRATA:
                unique = replace(claim, repo=f"{claim.repo}/{world.truth.seed}")
                pairs.append((unique, read.verdicts[id(claim)]))
                answers[unique.id] = Answer.DONE if piece.true_done else Answer.NOT_DONE
    sizes = Counter(judged.verdict for _, judged in pairs)
    truth = sum(answers[c.id] is Answer.NOT_DONE for c, _ in pairs) / len(pairs)
    shares = []
    for seed in range(rounds):
        sample = draw(pairs, size, seed)
        told = conclude(sample, sizes, {"truth": {d.claim: answers[d.claim] for d in sample}})
        if told.share is not None:
            shares.append(told.share)
    values = np.array([s.value for s in shares])
    covered = float(np.mean([s.low - 1e-9 <= truth <= s.high + 1e-9 for s in shares]))
    width = float(np.mean([s.width for s in shares]))
    error = float(values.std() / len(values) ** 0.5)
    return Sampled(size, truth, float(values.mean()), error, covered, width)


def labels(read: Read) -> list[str]:
    """What is published of the level, without any audit."""
    measured = measure(read.store.snapshot(), POLICY, (), progress=quiet)
    until = measured.until
    return [publish(measured, audience, today=until).risk.label for audience in Audience]


class Alarms(NamedTuple):
    """Teams by what their reports show, hollow ones apart, and what the course of verification shows."""

    hollow: Counter[str]
    honest: Counter[str]
    signs: Counter[str]


def alarms(folder: Path, seeds: Iterable[int], *, melons: bool) -> Alarms:
    """Organisations of three and a half years, in which one team turns hollow a year before the end, or none."""
    found = Alarms(Counter(), Counter(), Counter())
    for seed in seeds:
        world = Connected.of(long_organisation(seed, melons=melons), folder / f"{seed}-{melons}")
        snapshot = world.whole.store.snapshot()
        teams = tuple(Team(t.name, paths=t.folders) for t in world.scenario.teams)
        told = judge_claims(snapshot, POLICY, teams, progress=quiet)
        known = told.all_claims, told.until, POLICY, told.habits
        for one in watermelons(snapshot.table(TABLES["status_reports"]).to_pylist(), *known):
            hollow = melons and one.project == HOLLOW
            (found.hollow if hollow else found.honest)[one.shown.value] += 1
        found.signs.update(d.sign.value for d in degradations(*known))
    return found


def long_organisation(seed: int, *, melons: bool) -> Scenario:
    """Four teams for three and a half years."""
    plain = replace(scenarios.small(seed=seed), weeks=182)
    teams = tuple(replace(team, changes_per_week=2.5) for team in plain.teams)
    hollow = (HOLLOW,) if melons else ()
    planted = Elsewhere(watermelons=hollow, watermelon_week=130)
    return scenarios.connected(replace(plain, teams=teams), planted)


def print_confusion(found: Confusion) -> None:
    """Precision and recall by kind, and every cell."""
    for kind in KINDS:
        right, given, wanted = precision_recall(found, kind)
        print(f"{kind:13} precision {right / given:.3f} ({right} of {given})"
              f"  recall {right / wanted:.3f} ({right} of {wanted})")  # fmt: skip
        print(f"  {'deserved':15}" + "".join(f"{v:>15}" for v in (*VERDICTS, "no claim")))
        for deserved in (*VERDICTS, ""):
            row = [found[kind, deserved, got] for got in (*VERDICTS, "")]
            if any(row):
                print(f"  {deserved or 'no claim':15}" + "".join(f"{n or '':>15}" for n in row))


def print_batches(worlds: Iterable[Connected]) -> None:
    """Verified pieces for which nothing ran, but for a later tree that other work had landed on."""
    verified = [p for w in worlds for p in w.expected.pieces if w.whole.found(p) == "verified"]
    late = sum(p.by_batch for p in verified)
    alone = sum(p.by_batch and not p.looked for p in verified)
    print(
        f"verified {len(verified)}; tests only on a later tree {late}, of these without any look {alone}"
    )


def print_moves(worlds: list[Connected]) -> None:
    """Shares by verdict with ever fewer sources, and what moved."""
    for name in WITHOUT:
        reads = [world.read(name) for world in worlds]
        counts = sum(
            (Counter(v.value for v in r.assessment.counts().elements()) for r in reads), Counter()
        )
        total = counts.total()
        print(
            f"{name}: {total} claims, "
            + ", ".join(f"{v} {counts[v] / total:.1%}" for v in VERDICTS)
        )
        found = [m for w, r in zip(worlds, reads, strict=True) for m in moves(w, r)]
        for (was, now), n in sorted(Counter((m.was, m.now) for m in found).items()):
            print(f"    {was or 'no claim'} -> {now or 'no claim'}: {n}")
        gone = sum(m.hidden and m.was == "contradicted" and m.now != "contradicted" for m in found)
        print(f"    contradictions that only a source taken away shows: {gone}")
        print(f"    verified though it is not done: {sum(map(verified_in_vain, worlds, reads))}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", nargs="*", type=int)
    seeds = parser.parse_args().seeds
    wanted = [("small", s) for s in seeds] if seeds else ORGANISATIONS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        worlds = [Connected.written(n, s, folder / f"{n}-{s}") for n, s in wanted]
        print("--- Verdicts deserved and got, every source connected:", wanted)
        print_confusion(sum((confusion(w) for w in worlds), Counter()))
        print_batches(worlds)
        print("--- Sources taken away one by one (never read)")
        print_moves(worlds)
        print("--- Audit samples answered by the planted truth")
        for size in SIZES:
            print(audited(worlds, size, ROUNDS))
        print("--- Without an audit:", *set(labels(worlds[0].whole)))
        for melons in (True, False):
            told = alarms(folder, range(1, 5), melons=melons)
            print(f"--- Alarms, a team turns hollow: {melons}", told, sep="\n")


if __name__ == "__main__":
    main()
