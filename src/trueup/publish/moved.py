"""What moved since the last scan and why, as contributions that sum to the change.

A share s = V / T changes by what each item adds to V and to T. With the mean of both shares and of both
totals, V1/T1 - V0/T0 = sum of (dV - mean s * dT) / mean T, whatever the order in which items are taken: no
item and no cause gets a remainder. Causes are told from what is kept of each item: docs/decisions, 2026-11-22
"Causes of a change".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from math import floor
from typing import TYPE_CHECKING

from trueup.claims.model import Rung, Verdict
from trueup.claims.policy import LACKS
from trueup.claims.restated import name_of
from trueup.publish import words
from trueup.publish.document import Audience
from trueup.publish.parts import Cause, Moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trueup.claims.model import Claim, Evidence, Judged
    from trueup.publish.document import Published

    Pair = tuple[Claim, Judged]

CAUSES = {
    "new": "reported since",
    "matured": "old enough to tell by now",
    "evidence": "looks, tests or links that came to be seen",
    "contradicted": "contradicted since",
    "repaid": "done again or made good, and verified",
    "cleared": "what spoke against it was taken back",
    "found": "reported earlier, known only now",
    "lost": "withdrawn, not known any more, or one with another item",
    "restated": "judged otherwise: other sources, rules or habits",
    "aged": "older than the period now",
    "written_off": "written off by hand, or taken back",
    "few": "other reasons, together",
}
#: For an organisation causes of fewer items are put together.
FEW = 5


@dataclass(slots=True)
class _Sum:
    items: int = 0
    verified: int = 0
    counted: int = 0
    open: int = 0

    def add(self, old: Verdict | None, new: Verdict | None) -> None:
        """One item that moved from a verdict, or from nowhere, to another."""
        self.items += 1
        self.verified += (new is Verdict.VERIFIED) - (old is Verdict.VERIFIED)
        self.counted += _counts(new) - _counts(old)
        self.open += _owed(new) - _owed(old)

    def join(self, other: _Sum) -> None:
        self.items += other.items
        self.verified += other.verified
        self.counted += other.counted
        self.open += other.open


def moved(
    then: Published, before: Iterable[Pair], now: Published, after: Iterable[Pair]
) -> Moved | None:
    """What moved from one result to the next, cause by cause.

    Args:
        then: the last result.
        before: the items behind it.
        now: this result.
        after: the items behind it.

    Returns:
        Nothing where the items are not those of the results: then no cause can be told.
    """
    old = {name_of(claim): (claim, judged) for claim, judged in before}
    new = {name_of(claim): (claim, judged) for claim, judged in after}
    if not (_behind(then, old) and _behind(now, new)):
        return None
    sums = _sums(then, old, now, new)
    off = (now.ledger.open - then.ledger.open) - sum(s.open for s in sums.values())
    by_hand = _by_hand(then) - _by_hand(now)
    if off != by_hand:
        return None
    if off:
        sums["written_off"] = _Sum(items=abs(off), open=off)
    if now.audience is Audience.ORGANISATION:
        sums = _without_few(sums)
    return _told(then, now, sums)


def _behind(result: Published, known: Mapping[str, Pair]) -> bool:
    counts = dict.fromkeys(Verdict, 0)
    for _, judged in known.values():
        counts[judged.verdict] += 1
    return all(result.mix.counts.get(v.value, 0) == n for v, n in counts.items())


def _by_hand(result: Published) -> int:
    return result.ledger.months[-1].written_off_by_hand if result.ledger.months else 0


def _counts(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict is not Verdict.PENDING


def _owed(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.owed


def _sums(
    then: Published, old: Mapping[str, Pair], now: Published, new: Mapping[str, Pair]
) -> dict[str, _Sum]:
    sums: dict[str, _Sum] = defaultdict(_Sum)
    rules = (then.method.policy, then.method.edition, then.version)
    same_rules = rules == (now.method.policy, now.method.edition, now.version)
    same_sources = _read(then) == _read(now)
    for name in sorted(old.keys() | new.keys()):
        was, found = old.get(name), new.get(name)
        verdicts = was and was[1].verdict, found and found[1].verdict
        if verdicts[0] is verdicts[1]:
            continue
        if was is None or found is None:
            cause = _came(then, found[0]) if found else _went(now, was[0] if was else None)
        elif same_rules:
            cause = _turned(was, found, then.as_of, same_sources=same_sources)
        else:
            cause = "restated"
        sums[cause].add(*verdicts)
    return sums


def _read(result: Published) -> tuple[set[str], set[str]]:
    sources = {s.name for s in result.sources if s.status == "read"}
    return sources, {r.name for r in result.repositories}


def _came(then: Published, claim: Claim) -> str:
    return "new" if words.day(claim.claimed_at) >= then.as_of else "found"


def _went(now: Published, claim: Claim | None) -> str:
    old = claim is not None and words.day(claim.claimed_at) <= now.period_start
    return "aged" if old else "lost"


def _turned(was: Pair, found: Pair, since: str, *, same_sources: bool) -> str:
    """Why an item has another verdict under the same rules, from the evidence that came."""
    old, new = was[1], found[1]
    known = {(e.rung, e.how, e.by, e.at) for e in was[0].evidence}
    came = [e for e in found[0].evidence if (e.rung, e.how, e.by, e.at) not in known]
    if new.verdict is Verdict.CONTRADICTED:
        speaks = any(_speaks(e) and words.day(e.at) >= since for e in came)
        return "contradicted" if speaks else "restated"
    if old.verdict is Verdict.CONTRADICTED:
        ended = any(e.until and words.day(e.until) >= since for e in found[0].evidence)
        good = "repaid" if new.verdict is Verdict.VERIFIED else "cleared"
        return good if ended else "restated"
    if old.verdict is Verdict.PENDING or old.reason == LACKS["young"]:
        return "matured"
    if came and same_sources:
        stood = all(e.rung is Rung.SURVIVED for e in came)
        return "matured" if stood else "evidence"
    return "restated"


def _speaks(evidence: Evidence) -> bool:
    """Whether it can contradict; a look or a test that is none only fails to confirm."""
    return evidence.against and evidence.rung not in {Rung.INSPECTED, Rung.TESTED}


def _without_few(sums: Mapping[str, _Sum]) -> dict[str, _Sum]:
    """Causes of few items put together, with as many more as it takes that these are not few."""
    order = sorted(sums, key=lambda name: (sums[name].items, name))
    few, kept = _Sum(), dict(sums)
    for name in order:
        if sums[name].items >= FEW and (not few.items or few.items >= FEW):
            break
        few.join(kept.pop(name))
    return kept | ({"few": few} if few.items else {})


def _told(then: Published, now: Published, sums: Mapping[str, _Sum]) -> Moved:
    whole, part = (then.mix.total, now.mix.total), [_verified(r) for r in (then, now)]
    shares = [v / t if t else None for v, t in zip(part, whole, strict=True)]
    named = [(name, sums[name]) for name in CAUSES if name in sums]
    points = [_points(one, shares, whole) for _, one in named]
    total = None
    if shares[0] is not None and shares[1] is not None:
        total = 100 * (shares[1] - shares[0])
    causes = tuple(
        Cause(name, CAUSES[name], s.items, s.verified, s.counted, s.open, exact, shown)
        for (name, s), exact, shown in zip(named, points, tenths(points, total), strict=True)
    )
    found = Moved(
        part[0], whole[0], then.ledger.open, part[1], whole[1], now.ledger.open,
        total, tenths([total], total)[0], causes, "",
    )  # fmt: skip
    return replace(found, text=_text(found, then.as_of))


def tenths(points: Sequence[float | None], total: float | None) -> list[str]:
    """Points in tenths that sum to the total in tenths; a hyphen where there is no share.

    Those are rounded up that lose most by rounding down (the method of largest remainders).

    >>> tenths([3.375, 0.151], 3.526), tenths([-0.04, 0.04], 0.0), tenths([None], None)
    (['+3.4', '+0.1'], ['0.0', '0.0'], ['-'])
    """
    known = [p for p in points if p is not None]
    if total is None or len(known) < len(points):
        return ["-"] * len(points)
    # A sum that is exact but for the last bits must not be cut a whole tenth lower.
    whole = [floor(10 * p + 1e-9) for p in known]
    left = round(10 * total) - sum(whole)
    order = sorted(range(len(known)), key=lambda i: (whole[i] - 10 * known[i], i))
    for i in order[: max(left, 0)]:
        whole[i] += 1
    return [f"{n / 10:+.1f}" if n else "0.0" for n in whole]


def _verified(result: Published) -> int:
    return result.mix.counts["verified"]


def _points(one: _Sum, shares: list[float | None], whole: tuple[int, int]) -> float | None:
    before, after = shares
    if before is None or after is None:
        return None
    mean = (before + after) / 2
    return 100 * (one.verified - mean * one.counted) / (sum(whole) / 2)


def _text(found: Moved, since: str) -> str:
    if not found.causes:
        return f"Nothing moved since {since}."
    told = []
    if found.points is not None:
        told.append(_share_text(found, since))
    stock = f"{found.open_before} to {found.open_now}"
    why = [f"{c.open:+d} {c.text}" for c in found.causes if c.open]
    if why:
        told.append(f"Open items went from {stock}: {', '.join(why)}.")
    return " ".join(told) or f"What was reported since {since} is too young to tell."


def _share_text(found: Moved, since: str) -> str:
    shares = [
        words.percent(v / t)
        for v, t in (
            (found.verified_before, found.counted_before),
            (found.verified_now, found.counted_now),
        )
    ]
    ranked = sorted(found.causes, key=lambda c: -abs(c.points or 0))
    why = [f"{c.shown} {c.text}" for c in ranked if c.shown not in {"0.0", "-"}]
    head = f"Since {since} the share with independent evidence went from {shares[0]} to {shares[1]}"
    if not why:
        return f"{head}: nothing moved it by a tenth of a point."
    return f"{head}, in percentage points: {', '.join(why)}."
