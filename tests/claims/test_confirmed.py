"""Who says that the outcome is what was meant, when, and in which words."""

from __future__ import annotations

import re

import pytest
from tests.claims.making import NO_HABITS, POLICY, Told, closes, day, id_of

from trueup.claims.evidence.confirmed import confirm
from trueup.claims.evidence.present import find_presence
from trueup.claims.model import Evidence, Rung
from trueup.claims.policy import judge
from trueup.claims.register import register
from trueup.claims.tracker import CONFIRMS, Move


def claims(*told: Move, alike=None, **known):
    """The claim of a fix that its author closed an issue with, and what trackers say later."""
    made = Told()
    made.commit("fix", 1, closes("#1"))
    made.book.alike = alike or {}
    made.issue("#1", 1, confirmed=list(told), **known)
    book = made.read()
    found = register(book)
    for claim in found.claims:
        find_presence(book, claim, day(90))
    confirm(book, found)
    return found.claims


def said(at, by="bo", kind="human"):
    return Move(day(at), "confirmed", by, kind)


def confirmed(*told, **known):
    (claim,) = claims(*told, **known)
    return [e for e in claim.evidence if e.rung is Rung.CONFIRMED]


def test_another_person_confirms_it_once_it_is_there():
    told = confirmed(said(0.5), said(3), said(5))
    assert told == [Evidence(Rung.CONFIRMED, day(3), "accepted", "#1", confidence=0.8)]


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (said(0.5), {}),
        (said(3, "ada"), {}),
        (said(3, "ci", "bot"), {}),
        (said(3, "helper", "agent"), {}),
        (said(3, "", ""), {}),
        (said(3, "ada2"), {"alike": {"ada2": "ada"}}),
    ],
    ids=["before it landed", "its author", "a bot", "an agent", "nobody known", "a look-alike"],
)
def test_nobody_else_does(told, known):
    assert confirmed(told, **known) == []


def test_who_closed_an_issue_by_hand_cannot_confirm_it():
    made = Told()
    made.issue("#1", 1, confirmed=[said(3, "ada"), said(4, "bo")])
    found = register(made.read())
    confirm(made.book, found)
    (claim,) = found.claims
    assert [(e.rung, e.at) for e in claim.evidence] == [(Rung.CONFIRMED, day(4))]


def test_no_verdict_asks_for_it():
    (with_it,), (without,) = claims(said(3)), claims()
    assert judge(with_it, day(60), POLICY, NO_HABITS) == judge(without, day(60), POLICY, NO_HABITS)
    assert with_it.shas == (id_of("fix"),)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *((name, True) for name in "Verified|ACCEPTED|status: verified|qa/verified|QA_Verified|QA passed".split("|")),
        *((name, True) for name in "UAT Passed|Signed-off|Fixed and verified|tests passed|Validated".split("|")),
        *((name, False) for name in "not verified|unverified|to be verified|needs-verified|Passed".split("|")),
        *((name, False) for name in "confirmed|verified later|in verification|Accepted?|".split("|")),
    ],
)  # fmt: skip
def test_words_of_trackers(name, meant):
    assert bool(re.search(CONFIRMS, name)) is meant
