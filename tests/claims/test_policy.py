"""Verdicts and their reasons, each worked out by hand."""

from __future__ import annotations

import pytest
from tests.claims.making import (
    NO_HABITS,
    POLICY,
    claim,
    day,
    failed,
    flawed,
    habit_of,
    inspected,
    passed,
    present,
    refixed,
    released,
    reopened,
    reverted,
)

from trueup.claims.habits import Habits
from trueup.claims.model import Kind, Verdict
from trueup.claims.policy import Policy, judge, settled_at, verified_from

LOOKED = "landed, another human looked first, and it stood 30 days"
LATE = "landed late, or came back after a revert or reopening, and has not stood long"
NO_LOOK = "landed and survived; no independent look is on record"
NOT_SHOWN = "landed and survived; nothing connected shows whether anybody independent looked"
AGAIN = "done again, by work that is itself verified"
HABIT = habit_of(present(), inspected())
LANDS = habit_of(present())

CASES = {
    "too young": (claim(0, present(), inspected()), 29, NO_HABITS, "pending", "younger than 30 days"),
    "stood and looked at": (claim(0, present(), inspected()), 30, NO_HABITS, "verified", LOOKED),
    "nobody on record, by habit": (claim(0, present()), 30, HABIT, "partial", NO_LOOK),
    "nobody on record, no habit": (claim(0, present()), 30, NO_HABITS, "partial", NOT_SHOWN),
    "reverted at once": (
        claim(0, present(), inspected(), reverted(1)), 1, NO_HABITS,
        "contradicted", "reverted by a later commit",
    ),
    "not reverted yet": (
        claim(0, present(), inspected(), reverted(40)), 35, NO_HABITS, "verified", LOOKED,
    ),
    "refixed": (
        claim(0, present(), inspected(), refixed(20)), 200, NO_HABITS,
        "contradicted", "the same ticket was fixed again in the same files",
    ),
    "came back, young": (
        claim(0, present(), inspected(), reverted(3, until=5)), 20, NO_HABITS,
        "pending", "younger than 30 days",
    ),
    "came back, has not stood": (
        claim(0, present(), inspected(), reverted(20, until=40)), 69, NO_HABITS, "partial", LATE,
    ),
    "came back and stood": (
        claim(0, present(), inspected(), reverted(20, until=40)), 70, NO_HABITS, "verified", LOOKED,
    ),
    "done again by verified work": (
        claim(0, present(), refixed(20, until=50)), 50, NO_HABITS, "verified", AGAIN,
    ),
    "done again, not verified yet": (
        claim(0, present(), refixed(20, until=50)), 49, NO_HABITS,
        "contradicted", "the same ticket was fixed again in the same files",
    ),
    "done again, and reverted besides": (
        claim(0, present(), refixed(20, until=50), reverted(60)), 61, NO_HABITS,
        "contradicted", "reverted by a later commit",
    ),
    "nowhere, young": (claim(0), 29, LANDS, "pending", "not landed yet, younger than 30 days"),
    "nowhere, by habit": (
        claim(0, absent=True), 30, LANDS, "unverified", "its content is on no line of development",
    ),
    "neither found nor absent": (
        claim(0), 30, LANDS,
        "not_assessable", "git does not show whether its content is there in another shape",
    ),
    "nowhere, no habit": (
        claim(0), 30, NO_HABITS, "not_assessable", "no habit of landing such claims can be seen here",
    ),
    "empty": (
        claim(0, empty=True), 30, LANDS, "unverified", "the commit that claims it changes nothing",
    ),
    "landed late, not there yet": (
        claim(0, present(100), inspected(100), absent=True), 99, LANDS,
        "unverified", "its content is on no line of development",
    ),
    "landed late": (claim(0, present(100), inspected(100)), 100, LANDS, "partial", LATE),
    "landed late and stood": (claim(0, present(100), inspected(100)), 130, LANDS, "verified", LOOKED),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_verdict_and_reason(name):
    told, at, habits, verdict, reason = CASES[name]
    found = judge(told, day(at), POLICY, habits)
    assert (found.verdict.value, found.reason) == (verdict, reason)


BOTH = habit_of(present(), inspected(), passed())
TESTS = "landed, tests passed on it, and it stood 30 days"
ACROSS = {
    "looked at and tested": (
        (present(), inspected(), passed()), BOTH, "verified",
        "landed, another human looked first and tests passed on it, and it stood 30 days", (),
    ),
    "tests alone, where nothing shows looks": ((present(), passed()), NO_HABITS, "verified", TESTS, ()),
    "no look, where looks are the habit": (
        (present(), passed()), BOTH, "partial", NO_LOOK, ("no_look",),
    ),
    "no tests, where tests are the habit": (
        (present(), inspected()), BOTH, "partial",
        "landed and survived; no tests are known to have run on it", ("no_tests",),
    ),
    "neither, where both are the habit": (
        (present(),), BOTH, "partial",
        "landed and survived; no independent look is on record, and no tests are known to have run on it",
        ("no_look", "no_tests"),
    ),
    "tests failed": (
        (present(), inspected(), failed("tests_failed")), BOTH, "partial",
        "landed and survived; tests failed on it", ("tests_failed",),
    ),
    "an empty report, nothing else to see": (
        (present(), failed("tests_empty")), NO_HABITS, "partial",
        "landed and survived; the report of its tests holds not a single test", ("tests_empty",),
    ),
    "checks that test nothing need no tests": (
        (present(), inspected(), failed("tests_beside")), NO_HABITS, "verified", LOOKED, (),
    ),
    "tests failed, though nobody else's are known": (
        (present(), inspected(), failed("tests_failed")), NO_HABITS, "partial",
        "landed and survived; tests failed on it", ("tests_failed",),
    ),
    "merged over a request for changes, tested": (
        (present(), passed(), flawed("overruled")), NO_HABITS, "partial",
        "landed and survived; its author merged it over a request for changes", ("overruled",),
    ),
    "own approval": (
        (present(), flawed("own_approval")), NO_HABITS, "partial",
        "landed and survived; only its own author approved it", ("own_approval",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACROSS)
def test_looks_and_tests(name):
    evidence, habits, verdict, reason, lacks = ACROSS[name]
    found = judge(claim(0, *evidence), day(30), POLICY, habits)
    assert (found.verdict.value, found.reason, found.lacks) == (verdict, reason, lacks)
    assert bool(found.needs) == (verdict != "verified")


LINKED = Habits(
    claim(0, present(), kind=Kind.CHANGE, key=f"c{i}", reports=frozenset({"request", "issue"}))
    for i in range(20)
)
ISSUES = {
    "nothing points at it, by habit": (
        (), LINKED, "unverified",
        "closed as done, but no change points at it, as changes here normally do",
    ),
    "nothing points at it, no habit": (
        (), NO_HABITS, "not_assessable",
        "nothing points at it, and such issues normally have no linked change here",
    ),
    "only mentioned": (
        (present(0, "mentioned"),), LINKED, "partial",
        "landed changes name it, but none says that it does what the issue asks",
    ),
    "opened again": (
        (reopened(9),), LINKED, "contradicted",
        "the issue was opened again after it had been closed as done",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ISSUES)
def test_issues_closed_by_no_change(name):
    evidence, habits, verdict, reason = ISSUES[name]
    told = claim(0, *evidence, kind=Kind.ISSUE, absent=not evidence, reports=frozenset({"issue"}))
    found = judge(told, day(30), POLICY, habits)
    assert (found.verdict.value, found.reason) == (verdict, reason)


def test_what_the_clone_does_not_hold_cannot_be_assessed():
    told = claim(0, kind=Kind.CHANGE, unseen="the clone does not hold it")
    assert judge(told, day(30), POLICY, LANDS).reason == "the clone does not hold it"
    assert judge(told, day(30), POLICY, LANDS).verdict is Verdict.NOT_ASSESSABLE


NOTES = habit_of(released(), kind=Kind.RELEASE_NOTE)
NOTE_CASES = {
    "contained": ((released(),), 0, NO_HABITS, "verified", "the release contains it"),
    "only in a later one": (
        (released(56, "later_release", against=True),), 56, NOTES, "contradicted",
        "the notes of the release name it, but only a later release contains it",
    ),
    "before the later one": (
        (released(56, "later_release", against=True),), 55, NOTES, "not_assessable",
        "no commit names what this entry names; a tracker could",
    ),
    "nowhere": (
        (), 0, NOTES, "not_assessable", "no commit names what this entry names; a tracker could",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTE_CASES)
def test_verdict_of_a_release_note(name):
    evidence, at, habits, verdict, reason = NOTE_CASES[name]
    found = judge(claim(0, *evidence, kind=Kind.RELEASE_NOTE), day(at), POLICY, habits)
    assert (found.verdict.value, found.reason) == (verdict, reason)


def test_other_horizons():
    """At 14 days a claim has to stand 14 days."""
    told = claim(0, present(), inspected(), reverted(60))
    found = [judge(told, day(d), POLICY, NO_HABITS, survive=d).verdict for d in (14, 30, 90)]
    assert found == [Verdict.VERIFIED, Verdict.VERIFIED, Verdict.CONTRADICTED]


def test_policy_is_configuration():
    told = claim(0, present(), inspected())
    assert judge(told, day(10), Policy(survive=7), NO_HABITS).verdict is Verdict.VERIFIED
    assert judge(told, day(40), Policy(survive=60), NO_HABITS).verdict is Verdict.PENDING


def test_policy_is_printed_with_its_numbers():
    text = " ".join(Policy(survive=17, restate=71).lines())
    assert "17 days" in text
    assert "71 days" in text


@pytest.mark.parametrize(
    ("evidence", "first"),
    [
        ((present(), inspected()), 30),
        ((present(),), None),
        ((present(100), inspected(100)), 130),
        ((present(), inspected(), reverted(20, until=40)), 70),
        ((present(), inspected(), reverted(20)), None),
        ((present(), inspected(), reverted(45)), 30),
        ((present(), refixed(20, until=50)), 50),
    ],
    ids=["plain", "no look", "late", "came back", "taken out", "taken out later", "done again"],
)
def test_verified_from(evidence, first):
    found = verified_from(claim(0, *evidence), POLICY, NO_HABITS)
    assert found == (None if first is None else day(first))


def test_settled_at_is_after_everything_that_can_happen():
    assert settled_at(claim(0), POLICY) == day(30)
    assert settled_at(claim(0, present(5), reverted(20, until=40)), POLICY) == day(70)
