"""What stands in the forge and is no look by another human before it landed."""

from __future__ import annotations

import pytest
from tests.claims.making import Told, id_of, look, pull

from trueup.claims.evidence.inspected import inspected
from trueup.claims.register import register


def found(*looks, lines=50, marked=True, **known):
    """How a request shows that somebody looked, or why not; the git side marks a review by default."""
    told = Told()
    told.commit("work", 1, pull("7", "forge_merge"))
    told.request("7", *looks, **known)
    told.book.written[id_of("work")] = lines
    if marked:
        told.look("work", "bo", "review")
    book = told.read()
    (claim,) = register(book).claims
    return [(e.how, e.against) for e in inspected(book, claim)]


def test_an_approval_by_another_human():
    assert found(look("bo")) == [("review", False)]


@pytest.mark.parametrize(
    ("looks", "marked", "how"),
    [
        ([look("ada")], False, "own_approval"),
        ([look("robot", kind="bot")], False, "bot_approval"),
        ([look("bo", after=2)], False, "looked_later"),
        ([look("bo", after=2), look("ada")], False, "looked_later"),
        ([look("bo")], False, "edited_later"),
        ([look("bo", "changes_requested")], True, "overruled"),
        ([look("bo", "changes_requested", 0.5), look("cy", at=0.4)], True, "overruled"),
    ],
)
def test_what_is_none(looks, marked, how):
    assert found(*looks, marked=marked) == [(how, True)]


def test_nobody_looked():
    assert found(marked=False) == []


def test_changes_asked_for_and_then_approved():
    assert found(look("bo", "changes_requested", 0.4), look("cy", at=0.5)) == [("review", False)]


def test_merged_by_another_over_a_request_for_changes_is_that_ones_decision():
    assert found(look("bo", "changes_requested"), merger="cy") == [("review", False)]


@pytest.mark.parametrize(
    ("lines", "minutes", "spoke", "how"),
    [
        (600, 11, False, ("too_fast", True)),
        (600, 13, False, ("review", False)),
        (600, 11, True, ("review", False)),
        (200, 0, False, ("review", False)),
    ],
)
def test_an_approval_faster_than_anybody_reads(lines, minutes, spoke, how):
    """600 lines take 12 minutes at 3 000 an hour; who says something about them has read them."""
    assert found(look("bo", at=minutes / 1440, spoke=spoke), lines=lines) == [how]


def test_one_who_read_is_enough():
    assert found(look("bo", at=1 / 1440), look("cy", at=0.5), lines=600) == [("review", False)]


def test_who_may_be_the_author_under_another_address_is_no_other():
    told = Told()
    told.commit("work", 1, pull("7", "forge_merge"))
    told.request("7", look("ada-2"))
    told.book.alike = {"ada-2": "ada"}
    told.look("work", "ada-2", "review")
    book = told.read()
    (claim,) = register(book).claims
    assert [e.how for e in inspected(book, claim)] == ["own_approval"]


def test_an_approval_in_the_discussion_after_the_last_change():
    assert found(look("bo", at=1.5), merged=2, marked=False) == [("review", False)]


def test_who_made_a_small_part_can_look_at_the_rest():
    told = Told()
    for name in ("one", "two", "three"):
        told.commit(name, 1, landed=2, by="main")
    told.commit("main", 2, pull("7", "forge_merge"), merge="three")
    told.request("7", look("bo", at=1.5), merged=2)
    told.book.makers[id_of("one")] = {"bo"}
    for name in ("two", "three"):
        told.look(name, "bo", "review")
    book = told.read()
    (claim,) = register(book).claims
    assert [e.how for e in inspected(book, claim)] == ["review"]


def test_whoever_stands_behind_an_agent_merged_it_over_a_request_for_changes():
    """However few of its commits name them."""
    told = Told()
    for name in ("one", "two", "three"):
        told.commit(name, 1, actor="robot", kind="agent", landed=2, by="main")
    told.commit("main", 2, pull("7", "forge_merge"), merge="three", actor="cy")
    told.request("7", look("bo", "changes_requested"), merged=2, author="robot", merger="cy")
    told.book.makers[id_of("one")] = {"cy"}
    for name in ("one", "two", "three"):
        told.look(name, "bo", "review")
    (claim,) = register(told.read()).claims
    assert [(e.how, e.against) for e in inspected(told.book, claim)] == [("overruled", True)]


@pytest.mark.parametrize(
    ("reached", "how"), [(True, ("review", False)), (False, ("edited_later", True))]
)
def test_of_a_squash_a_look_shows_what_it_reached(reached, how):
    seen = look("bo", reached=reached)
    assert found(seen, marked=False, merge_sha=id_of("work")) == [how]
