"""Every planted contradiction is found, nothing honest is, and the ledger holds the planted debt."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from scipy.stats import beta
from tests.simulated.organisations import (
    CONTRADICTED_OUTCOMES,
    FINDERS,
    HONEST_OUTCOMES,
    SEEN,
    SURVIVE,
    World,
)

from trueup.claims.model import Kind, Rung, Verdict
from trueup.simulate.planted import Kind as Planted
from trueup.simulate.planted import Outcome

NAMES = ("small", "sample", "squash_shop", "kernel_style", "mono_maintainer")
QUICK = [("small", 1), ("small", 2), *((name, 1) for name in NAMES[1:])]
MORE = [(name, seed) for name in NAMES for seed in range(2, 7)]
MORE.remove(("small", 2))


def _id(world):
    return f"{world[0]}-{world[1]}"


@pytest.fixture(
    scope="module",
    params=[
        *(pytest.param(w, id=_id(w)) for w in QUICK),
        *(pytest.param(w, id=_id(w), marks=pytest.mark.slow) for w in MORE),
    ],
)
def world(request, tmp_path_factory):
    return World.written(*request.param, tmp_path_factory.mktemp(_id(request.param)))


def test_every_planted_contradiction_is_found_when_it_happens(world):
    missed = []
    for planted in filter(world.expected, world.works):
        claim = world.main(planted)
        found = [e for e in claim.evidence if e.against and e.how == FINDERS[planted.how]]
        moments = {e.at for e in found}
        seen = world.verdict_at(claim, planted.contradicted_at) is Verdict.CONTRADICTED
        if planted.contradicted_at not in moments or not seen:
            missed.append((planted.id, planted.outcome, planted.how))
    assert missed == []


def test_contradicted_until_repaid_by_verified_work(world):
    """`Only a verified claim repays`: a redo that nobody looked at leaves the first contradicted."""
    wrong = []
    for planted in filter(world.expected, world.works):
        if planted.outcome not in CONTRADICTED_OUTCOMES:
            continue
        claim = world.main(planted)
        repaid = [e.until for e in claim.evidence if e.made_good]
        wanted = Verdict.VERIFIED if repaid else Verdict.CONTRADICTED
        if world.verdict(claim) is not wanted or (repaid and not _redo_verified(world, claim)):
            wrong.append((planted.id, world.verdict(claim)))
    assert wrong == []


def _redo_verified(world, claim):
    """Whether what ended each contradiction is a verified claim that closes a ticket of it."""
    ended = [e for e in claim.evidence if e.made_good]
    tickets = set(claim.tickets)
    for evidence in ended:
        menders = [c for c in world.assessment.claims if evidence.by in (*c.shas, *c.carried)]
        again = [c for c in world.assessment.claims if c is not claim and tickets & set(c.tickets)]
        found = {world.verdict_at(c, evidence.until) for c in (*menders, *again)}
        if Verdict.VERIFIED not in found:
            return False
    return True


def test_nothing_honest_is_ever_contradicted(world):
    wrong = []
    for planted in world.works:
        if planted.outcome not in HONEST_OUTCOMES:
            continue
        for claim in (world.main(planted), *world.follow_ups(planted)):
            against = [e.how for e in claim.evidence if e.against] if claim else []
            if against:
                wrong.append((planted.id, planted.outcome, planted.lookalikes, against))
    assert wrong == []


def test_what_came_back_is_contradicted_only_while_it_was_out(world):
    for planted in world.truth.with_outcome(Outcome.REAPPLIED):
        claim = world.main(planted)
        if claim is None:
            assert world.said_as_part(planted)
            continue
        if planted.contradicted_within(timedelta(days=90)):
            at = planted.contradicted_at
            assert world.verdict_at(claim, at) is Verdict.CONTRADICTED
        assert world.verdict_at(claim, planted.repaired_at) is not Verdict.CONTRADICTED
        assert world.verdict(claim) is not Verdict.CONTRADICTED


def test_work_that_is_nowhere_is_unverified_where_that_means_something(world):
    untold = 0
    for planted in world.truth.with_outcome(Outcome.ABSENT, Outcome.EMPTY):
        claim = world.main(planted)
        if claim is None:
            assert world.said_as_part(planted)
            continue
        verdict = world.verdict(claim)
        if verdict is Verdict.PENDING:
            assert world.assessment.until - claim.claimed_at < SURVIVE
        elif not _is_habit(world, claim, Rung.PRESENT):
            assert verdict is Verdict.NOT_ASSESSABLE
        elif not claim.absent and not claim.empty:
            assert verdict is Verdict.NOT_ASSESSABLE
            untold += 1
        else:
            assert verdict is Verdict.UNVERIFIED
    assert untold <= 1, "now and then a file was moved since, or one line stands there by chance"


def _is_habit(world, claim, rung):
    """By the definition: the lower 90 % bound of comparable claims with the rung is above one half."""

    def half(c):
        return c.repo, c.claimed_at.year, c.claimed_at.month > 6

    def kind(c):
        return Kind.COMMIT if c.kind is Kind.UMBRELLA else c.kind

    known = [*world.assessment.all_claims]
    known += [c for n in world.assessment.notes.values() for c in n.folded]
    alike = [c for c in known if half(c) == half(claim) and kind(c) == kind(claim)]
    shown = sum(any(e.rung is rung for e in c.evidence) for c in alike)
    low = beta.ppf(0.1, shown, len(alike) - shown + 1) if shown else 0.0
    return low > 0.5


def test_release_notes_as_planted(world):
    wrong, words = [], 0
    for planted in world.planted_notes:
        key = planted.tag, planted.ref
        claim = world.notes.get(key)
        folded = key in world.folded
        assert folded or claim is not None
        verdict = None if claim is None else world.verdict(claim)
        if planted.outcome is Outcome.RELEASE_LATE:
            good = verdict is Verdict.CONTRADICTED or _unreadable(world, planted, claim)
        elif planted.outcome is Outcome.RELEASE_ABSENT:
            # The invented entries are worded like real subjects, so words alone may mislead.
            misled = folded or any(e.how == "same_words" for e in claim.evidence)
            words += misled
            good = misled or verdict is Verdict.NOT_ASSESSABLE
        else:
            good = folded or verdict is Verdict.VERIFIED or _unreadable(world, planted, claim)
        if not good:
            wrong.append((planted.id, planted.outcome, planted.ref, planted.tag, verdict))
    assert wrong == []
    assert words <= 0.5 * len(world.truth.with_outcome(Outcome.RELEASE_ABSENT)) + 1


def _unreadable(world, planted, claim):
    """Nothing was found of it because the reader of messages took the work for a part of a ticket,
    or because other work under the same subject is in the release."""
    about = world.truth.claim(planted.about)
    if world.said_as_part(about):
        return True
    if claim is None or claim.evidence:
        return False
    subjects = world.main(about).subjects
    others = [c for c in world.assessment.claims if c.subjects & subjects]
    return len(others) > 1


def test_a_look_by_another_human_is_what_verifies(world):
    """A review that left no trace must not be reported, and a trace must be."""
    wrong = []
    for planted in world.works:
        claim = world.main(planted)
        if claim is None or world.verdict(claim) not in {Verdict.VERIFIED, Verdict.PARTIAL}:
            continue
        reason = world.verdicts[id(claim)].reason
        if "done again" in reason or "landed late" in reason:
            continue
        if (world.verdict(claim) is Verdict.VERIFIED) != (planted.review in SEEN):
            wrong.append((planted.id, planted.review))
    # Somebody's second address, under another name, cannot be told from another person.
    assert [pair for pair in wrong if not _by_second_face(world, pair[0])] == []


def _by_second_face(world, name):
    shas = world.truth.claim(name).shas
    return any(world.authors[sha] in world.second_faces for sha in shas)


def test_one_piece_of_work_is_one_claim(world):
    owners = defaultdict(set)
    for planted in world.works:
        found = {id(c) for r in planted.reports for c in world.by_sha.get(r.sha, ())}
        again = {id(c) for c in world.follow_ups(planted)}
        if world.main(planted) is None:
            assert world.said_as_part(planted)
        elif planted.outcome is not Outcome.LANDED_LATE:
            assert len(found - again) == 1, planted.id
        for claim in found:
            owners[claim].add(planted.id)
    assert all(len(ids) == 1 for ids in owners.values())


def test_changes_are_counted_as_planted(world):
    """Every merged request is a claim of one kind, and every other claim of another."""
    requests = {c.pull for c in world.truth.changes if c.pull and c.kind == "work"}
    ours = [c for c in world.assessment.claims if c.kind is Kind.CHANGE]
    assert {int(c.pull) for c in ours} == requests
    assert len(ours) == len(requests)
    for planted in world.works:
        claim = world.main(planted)
        if claim is not None and planted.landed_at is not None:
            wanted = (
                {Kind.CHANGE} if planted.kind is Planted.CHANGE else {Kind.COMMIT, Kind.UMBRELLA}
            )
            assert claim.kind in wanted or planted.outcome is Outcome.LANDED_LATE


def test_the_ledger_holds_the_planted_debt_month_by_month(world):
    """The stock of contradicted claims lies between both readings of repayment, and is the planted one.

    Read as `a renewed fix repays at once after it stood`, the truth is the lower bound; read as `it
    never repays`, the upper. By the design only a verified claim repays, so the stock lies between.
    """
    meant = [p for p in world.works if world.main(p) is not None and _plain(world, p)]
    ours = [world.main(p) for p in meant]
    months = {m.end: m for m in world.ledger_of(ours)}
    assert all(m.balanced() for m in months.values())
    for end, month in months.items():
        stood = [p for p in meant if _owed_at(world, p, end)]
        assert month.contradicted == len(stood), end
        low = sum(_stands(p, end, repaid_after=SURVIVE) for p in meant)
        high = sum(_stands(p, end, repaid_after=None) for p in meant)
        assert low <= month.contradicted <= high
    # The same bounds, from the truth as a whole, hold but for what policy or reader leaves out.
    left_out = len(world.works) - len(meant)
    for end, month in months.items():
        assert month.contradicted <= world.truth.debt_at(end)
        assert world.truth.debt_at(end, repaid_after=SURVIVE) <= (
            month.contradicted + left_out + len(world.truth.with_outcome(Outcome.RELEASE_LATE))
        )


def _plain(world, planted):
    """Whether what was planted is what the policy means, and the reader could read it."""
    quoted = planted.how == "fixes_trailer" and any(
        e.made_good for e in world.main(planted).evidence
    )
    meant = planted.how not in FINDERS or world.expected(planted) or not _counts(planted)
    return meant and not quoted  # `Fixes: 1a2b3c ("Fix ACME-1: ...")` is read as closing ACME-1


def _counts(planted):
    return planted.contradicted_within(timedelta(days=90))


def _owed_at(world, planted, moment):
    if not _stands(planted, moment, repaid_after=None):
        return False
    repaid = [e.until for e in world.main(planted).evidence if e.made_good]
    redo = world.redo(planted)
    if redo is not None and redo.review in SEEN and not _counts(redo):
        main = world.main(redo)
        # Verified means looked at: by the claim, or by nobody when the reader could not read it.
        assert main is None or repaid or redo.landed_at + SURVIVE > world.assessment.until
    return not any(at <= moment for at in repaid)


def _stands(planted, moment, *, repaid_after):
    if not _counts(planted) or planted.contradicted_at > moment:
        return False
    if planted.redone_in and repaid_after is not None:
        return moment < planted.contradicted_at + repaid_after
    return planted.repaired_at is None or planted.repaired_at > moment


def test_what_is_not_there_is_owed_once_it_is_old_enough(world):
    """`undone_at` counts claims with no work behind them: after the time to stand, they are owed."""
    until = world.assessment.until
    undone = world.truth.with_outcome(Outcome.ABSENT, Outcome.EMPTY, Outcome.RELEASE_ABSENT)
    there = [p for p in undone if _claim_of(world, p) is not None]
    owed = [p for p in there if world.verdict(_claim_of(world, p)) is Verdict.UNVERIFIED]
    unseen = [p for p in there if world.verdict(_claim_of(world, p)) is Verdict.NOT_ASSESSABLE]
    young = [p for p in there if world.verdict(_claim_of(world, p)) is Verdict.PENDING]
    misled = len(undone) - len(owed) - len(unseen) - len(young)
    late = world.truth.with_outcome(Outcome.LANDED_LATE, Outcome.RELEASE_LATE)
    waiting = sum(
        (p.landed_at is None or p.landed_at > until)
        if p.outcome is Outcome.LANDED_LATE
        else p.contradicted_at is None
        for p in late
    )
    assert world.truth.undone_at(until) == len(owed) + len(unseen) + len(young) + misled + waiting
    assert all(
        p in there or p.kind is Planted.RELEASE_NOTE or world.said_as_part(p) for p in undone
    )


def _claim_of(world, planted):
    if planted.kind is Planted.RELEASE_NOTE:
        return world.notes.get((planted.tag, planted.ref))
    return world.main(planted)


def test_precision_and_recall_per_outcome(world):
    """What a reader wants to know of a finder, printed (`pytest -rP`), and held to a floor."""
    lines, flagged_wrong = [], 0
    for how, finder in FINDERS.items():
        planted = [p for p in world.works if p.how == how and _counts(p)]
        found = [p for p in planted if _finds(world, p, finder)]
        flagged = _flagged(world, finder)
        true = [c for c in flagged if _rightly(world, c, how)]
        flagged_wrong += len(flagged) - len(true)
        lines.append((finder, len(flagged), len(true), len(planted), len(found)))
    notes = [c for c in world.notes.values() if any(e.against for e in c.evidence)]
    late = {(p.tag, p.ref) for p in world.truth.with_outcome(Outcome.RELEASE_LATE)}
    true = [c for c in notes if (c.release, c.tickets[0]) in late]
    lines.append(("later_release", len(notes), len(true), len(late), len(true)))
    print(f"{world.name} {world.truth.seed}")
    for finder, flagged, true, planted, found in lines:
        print(
            f"  {finder:14} precision {_ratio(true, flagged)} ({true} of {flagged})"
            f"  recall {_ratio(found, planted)} ({found} of {planted})"
        )
    mix = Counter((p.outcome.value, _shown(world, p)) for p in world.truth.claims)
    for (outcome, verdict), n in sorted(mix.items()):
        print(f"    {outcome:15} {verdict:15} {n}")
    assert flagged_wrong == 0


def _ratio(part, whole):
    return f"{part / whole:5.2f}" if whole else "    -"


def _finds(world, planted, finder):
    claim = world.main(planted)
    return claim is not None and any(e.against and e.how == finder for e in claim.evidence)


def _flagged(world, finder):
    claims = world.assessment.claims
    return [c for c in claims if any(e.against and e.how == finder for e in c.evidence)]


def _rightly(world, claim, how):
    """Whether somebody planted just that about this claim; changes that claimed no ticket count too."""
    shas = {*claim.shas, *claim.carried}
    if any(p.how == how and shas & set(p.shas) for p in world.works):
        return True
    if how == "revert":
        return any(c.sha in shas and c.reverted_at is not None for c in world.truth.changes)
    trailers = {p.sha for p in world.truth.planted("fixes_unclaimed")}
    trailers |= {p.sha for p in world.truth.planted("fixes_trailer")}
    return any(e.by in trailers for e in claim.evidence)


def _shown(world, planted):
    claim = _claim_of(world, planted)
    if claim is None:
        return "folded" if planted.kind is Planted.RELEASE_NOTE else "not read"
    return world.verdict(claim).value
