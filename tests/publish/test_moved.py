"""What moved between two results, planted cause by cause; the sums are a law for any histories."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.making import FIRST, claim, day, inspected, passed, present, reverted
from tests.property.strategies import LAW, claims
from tests.publish.making import measured

from trueup.claims.ledger import WriteOff
from trueup.publish.build import publish
from trueup.publish.claims import from_plain, to_plain
from trueup.publish.document import Audience, SourceRow
from trueup.publish.moved import FEW, moved

THEN, NOW = 400, 460


def shown(known, until, audience=Audience.TEAM, written_off=()):
    """A result, and the items behind it as they are kept."""
    told = measured(known, until=until)
    told.assessment.written_off = {w.claim: [w] for w in written_off}
    pairs = zip(told.assessment.claims, told.assessment.judged, strict=True)
    kept = [from_plain(to_plain(c, j)) for c, j in pairs]
    return publish(told, audience, today=day(until)), kept


def between(before, after, audience=Audience.TEAM, then=THEN, now=NOW, change=lambda r: r, **known):
    one, kept = shown(before, then, audience)
    other, found = shown(after, now, audience, **known)
    return moved(one, kept, change(other), found)


def causes(found):
    return {c.name: (c.items, c.verified, c.counted, c.open) for c in found.causes}


def good(number, key="a", **known):
    return claim(number, present(number), inspected(number), key=key, **known)


STEADY = [good(200, "steady")]
LOOKED = [inspected(380)]


@pytest.mark.parametrize(
    ("before", "after", "cause", "told"),
    [
        pytest.param([], [good(405)], "new", (1, 1, 1, 0), id="new"),
        pytest.param([], [good(390)], "found", (1, 1, 1, 0), id="known only now"),
        pytest.param([good(390)], [good(390)], "matured", (1, 1, 1, 0), id="old enough"),
        pytest.param([good(-260)], [good(-260)], "aged", (1, -1, -1, 0), id="older than the period"),
        pytest.param([good(300)], [], "lost", (1, -1, -1, 0), id="not known any more"),
        pytest.param(
            [claim(300, present(300), key="a")], [good(300)], "evidence", (1, 1, 0, 0), id="a look"
        ),
        pytest.param(
            [claim(300, present(300), key="a")],
            [claim(300, present(300), passed(300), key="a")],
            "evidence",
            (1, 1, 0, 0),
            id="tests",
        ),
        pytest.param(
            [good(350)],
            [claim(350, present(350), inspected(350), reverted(410), key="a")],
            "contradicted",
            (1, -1, 0, 1),
            id="contradicted since",
        ),
        pytest.param(
            [good(350)],
            [claim(350, present(350), inspected(350), reverted(390), key="a")],
            "restated",
            (1, -1, 0, 1),
            id="contradicted then, known only now",
        ),
        pytest.param(
            [claim(350, present(350), reverted(360), key="a")],
            [claim(350, present(350), reverted(360, 420, made_good=True), key="a")],
            "repaid",
            (1, 1, 0, -1),
            id="repaid",
        ),
        pytest.param(
            [claim(350, present(350), reverted(360), key="a")],
            [claim(350, present(350), reverted(360, 420), key="a")],
            "cleared",
            (1, 0, 0, -1),
            id="taken back",
        ),
    ],
)  # fmt: skip
def test_each_cause_is_told_as_what_it_is(before, after, cause, told):
    then = THEN + 40 if cause == "aged" else THEN
    now = NOW + 40 if cause == "aged" else NOW
    found = between([*STEADY, *before], [*STEADY, *after], then=then, now=now)
    assert causes(found) == {cause: told}


def test_by_hand():
    share = 100 * (2 / 3 - 1 / 1)
    found = between(STEADY, [*STEADY, good(405, "b"), claim(406, present(406), key="c")])
    assert found.points == pytest.approx(share)
    # Two items that came, of which one is verified: the mean share is 5/6, the mean total 2.
    assert found.causes[0].points == pytest.approx(100 * (1 - 5 / 6 * 2) / 2)
    assert found.text == (
        "Since 2027-04-06 the share with independent evidence went from 100 % to 67 %, in percentage "
        "points: -33.3 reported since."
    )


def test_other_rules_and_other_sources_are_not_taken_for_work():
    before, after = [*STEADY, claim(300, present(300), key="a")], [*STEADY, good(300)]
    rules = between(before, after, change=lambda r: replace(r, version="0.0.9"))
    assert causes(rules) == {"restated": (1, 1, 0, 0)}
    row = SourceRow("github", "read", "2027-04-06", (), 0, "")
    read = between(before, after, change=lambda r: replace(r, sources=(*r.sources, row)))
    assert causes(read) == {"restated": (1, 1, 0, 0)}


def test_what_was_written_off_by_hand():
    owed = claim(350, present(350), reverted(360), key="a")
    off = WriteOff(owed.id, "delivery lead", "a duplicate", day(430))
    found = between([owed], [owed], written_off=(off,))
    assert causes(found) == {"written_off": (1, 0, 0, -1)}
    assert found.text.endswith(
        "Open items went from 1 to 0: -1 written off by hand, or taken back."
    )


def test_without_the_items_of_the_last_result_no_cause_is_told():
    one, kept = shown([*STEADY, good(300)], THEN)
    other, found = shown(STEADY, NOW)
    assert moved(one, kept[:1], other, found) is None
    assert moved(one, kept, other, []) is None


def test_nothing_moved():
    found = between(STEADY, STEADY)
    assert (found.causes, found.points, found.text) == ((), 0, "Nothing moved since 2027-04-06.")


def test_nothing_counted_has_no_share():
    found = between([], [good(405)])
    assert found.points is None
    assert found.causes[0].points is None
    assert found.text == "What was reported since 2027-04-06 is too young to tell."


def test_an_organisation_sees_no_cause_of_few_items():
    before = [*STEADY, *(good(390, f"m{i}") for i in range(7)), good(300, "lost")]
    after = [*STEADY, *(good(390, f"m{i}") for i in range(7))]
    after += [good(405, f"n{i}") for i in range(6)] + [good(350, "found")]
    team = between(before, after)
    assert {n: c[0] for n, c in causes(team).items()} == {
        "new": 6,
        "matured": 7,
        "found": 1,
        "lost": 1,
    }
    found = between(before, after, Audience.ORGANISATION)
    # Two of one item each do not hide each other: the next smallest joins them.
    assert causes(found) == {"matured": (7, 7, 7, 0), "few": (8, 6, 6, 0)}
    assert found.points == team.points


def moves(draw, one):
    """What an item is at the next result: gone, as it was, or with evidence that came."""
    kind = draw(st.sampled_from(("same", "gone", "looked", "reverted")))
    if kind == "gone":
        return []
    came = {"looked": inspected, "reverted": reverted}.get(kind)
    at = (one.claimed_at - FIRST).days + draw(st.integers(0, 90))
    return [replace(one, evidence=[*one.evidence, *([came(at)] if came else [])])]


@st.composite
def two_results(draw):
    first = draw(st.lists(claims(), max_size=12, unique_by=lambda c: (c.kind, c.key)))
    later = [m for one in first for m in moves(draw, one)]
    known = {c.key for c in first}
    fresh = draw(st.lists(claims(), max_size=6, unique_by=lambda c: (c.kind, c.key)))
    then = draw(st.integers(100, 900))
    now = then + draw(st.integers(0, 200))
    return first, [*later, *(c for c in fresh if c.key not in known)], then, now


class TestSums:
    """`Contributions sum to the change`: of the share, of what is counted and of what is open."""

    @LAW
    @given(two_results(), st.sampled_from(list(Audience)))
    def test_causes_sum_to_the_change(self, results, audience):
        before, after, then, now = results
        one, kept = shown(before, then, audience)
        other, items = shown(after, now, audience)
        found = moved(one, kept, other, items)
        assert found is not None
        assert sum(c.verified for c in found.causes) == found.verified_now - found.verified_before
        assert sum(c.counted for c in found.causes) == found.counted_now - found.counted_before
        assert sum(c.open for c in found.causes) == other.ledger.open - one.ledger.open
        if found.points is not None:
            assert sum(c.points for c in found.causes) == pytest.approx(found.points, abs=1e-9)
            tenths = [round(10 * float(c.shown)) for c in found.causes]
            assert sum(tenths) == round(10 * float(found.shown)), "as it is read"
            assert all(abs(c.points - float(c.shown)) < 0.1 + 1e-9 for c in found.causes), (
                "and no cause is told a tenth wrong"
            )
        few = [c.items for c in found.causes if c.items < FEW]
        assert audience is Audience.TEAM or not few or len(found.causes) == 1
