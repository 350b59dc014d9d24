"""Is it there, and did another human look before it landed?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.claims.making import Told, closes, day, id_of, pull, same_as

from trueup.claims.book import Link
from trueup.claims.evidence.inspected import inspected
from trueup.claims.evidence.present import find_presence, present
from trueup.claims.evidence.released import released
from trueup.claims.register import register


def looks(told: Told):
    book = told.read()
    (claim,) = register(book).claims
    return [e.how for e in inspected(book, claim)]


def places(told: Told):
    book = told.read()
    (claim,) = register(book).claims
    return [e.how for e in present(book, claim, day(99))]


def fixed(**known) -> Told:
    told = Told()
    told.commit("fix", 0, closes("#1"), **known)
    return told


@pytest.mark.parametrize("how", ["trailer", "applied_by_other", "merged_by_other"])
def test_a_look_by_another(how):
    told = fixed()
    told.look("fix", "bo", how)
    assert looks(told) == [how]


def test_the_strongest_mark_counts():
    told = fixed()
    told.look("fix", "bo", "applied_by_other")
    told.look("fix", "cy", "trailer")
    assert looks(told) == ["trailer"]


def test_who_made_it_too_is_no_witness():
    told = fixed()
    told.look("fix", "bo")
    told.book.makers[id_of("fix")] = {"bo"}
    assert looks(told) == []


def test_who_may_be_the_same_person_is_no_witness():
    told = fixed()
    told.look("fix", "ada2", "applied_by_other")
    told.book.alike = {"ada2": "ada"}
    assert looks(told) == []


def test_who_stands_behind_an_agent_is_no_witness_for_what_it_made():
    """Evidence made by the claimant or by an agent under the same human is not independent."""
    told = Told()
    told.commit("one", 0, closes("#1"), actor="tool", kind="agent", landed=3, by="merge")
    told.commit("two", 1, actor="tool", kind="agent", landed=3, by="merge")
    told.commit("merge", 3, pull("9", "merge_subject"), merge="two", actor="bo")
    told.book.makers[id_of("one")] = {"bo"}
    for name in ("one", "two"):
        told.look(name, "bo", "merged_by_other")
    assert looks(told) == []
    told.look("two", "cy", "merged_by_other")
    assert looks(told) == ["merged_by_other"]


def test_a_look_at_a_backport_came_after_landing():
    told = fixed()
    told.commit("port", 4, closes("#1"), same_as("fix", "pick_mark"), landed=None)
    told.look("port", "bo", "applied_by_other")
    told.look("port", "bo", "trailer")
    assert looks(told) == []


def request(makers: str, merger: str = "bo") -> Told:
    """A request of several commits by these people, merged by another, who marks what is not his."""
    told = Told()
    for number, actor in enumerate(makers.split()):
        told.commit(f"c{number}", number, landed=9, by="merge", actor=actor)
        if actor != merger:
            told.look(f"c{number}", merger, "merged_by_other")
    last = f"c{len(makers.split()) - 1}"
    told.commit("merge", 9, pull("9", "merge_subject"), merge=last, actor=merger)
    return told


@pytest.mark.parametrize(
    ("makers", "how"),
    [
        ("ada ada ada", ["merged_by_other"]),
        ("ada ada bo", ["merged_by_other"]),
        ("ada bo bo", []),
        ("bo bo bo", []),
        ("bo ada", []),  # made as much by the one who merged
    ],
)
def test_a_merger_who_wrote_part_of_it(makers, how):
    assert looks(request(makers)) == how


def test_half_of_the_commits_must_carry_a_mark():
    told = Told()
    for number in range(4):
        told.commit(f"c{number}", number, landed=9, by="merge")
    told.commit("merge", 9, pull("9", "merge_subject"), merge="c3")
    told.look("c0", "bo", "applied_by_other")
    assert looks(told) == []
    told.look("c1", "bo", "applied_by_other")
    assert looks(told) == ["applied_by_other"]


def test_present_by_ancestry():
    assert places(fixed()) == ["ancestry"]


def test_absent_on_a_branch():
    assert places(fixed(landed=None)) == []


@pytest.mark.parametrize(("landed", "absent"), [(0, False), (50, True)])
def test_what_came_late_had_been_absent(landed, absent):
    book = fixed(landed=landed).read()
    (claim,) = register(book).claims
    claim.claimed_at = day(0)
    find_presence(book, claim, day(99))
    assert (claim.absent, len(claim.evidence)) == (absent, 1)


def test_an_empty_commit_is_nowhere():
    assert places(fixed(files=0)) == []


def test_present_under_another_id_and_elsewhere():
    told = fixed(landed=None)
    told.book.links[id_of("fix")].append(
        Link("same_change", "line", "default", "added_lines", 0.85)
    )
    told.book.lines[id_of("fix")].append("release/1")
    told.release("v1", 5, "fix")
    assert set(places(told)) == {"release_line", "release_tag", "added_lines"}


@pytest.mark.parametrize(
    ("mine", "theirs", "actor", "at", "joined"),
    [
        ("#1", "#1", "bo", 300, True),
        ("#1", "#2", "ada", 1, False),
        ("", "#2", "ada", 300, True),
        ("", "#2", "bo", 100, True),
        ("", "#2", "bo", 300, False),
    ],
    ids=["one ticket", "two tickets", "same author", "soon", "another, long after"],
)
def test_the_same_subject_and_files_may_be_other_work(mine, theirs, actor, at, joined):
    told = Told()
    links = [closes(mine)] if mine else [pull("7")]
    told.commit(
        "topic", 0, *links, same_as("squash", "subject_and_files"), landed=None, subject="s"
    )
    told.commit("squash", at, pull("9"), closes(theirs), subject="s", actor=actor)
    assert len(register(told.read()).claims) == (1 if joined else 2)


def test_the_same_subject_and_ticket_is_the_same_work():
    """Found although its files moved in the meantime, so that nothing else shows it."""
    told = Told()
    told.commit("topic", 0, closes("#1"), landed=None, subject="s")
    told.commit("squash", 90, pull("9"), closes("#1"), subject="s", actor="bo")
    book = told.read()
    (claim,) = register(book).claims
    assert sorted(e.how for e in present(book, claim, day(99))) == [
        "ancestry",
        "subject_and_ticket",
    ]
    assert claim.claimed_at == day(90)


def test_the_earliest_release_that_holds_it():
    told = fixed()
    told.release("v2", 20, "fix")
    told.release("v1", 10, "fix")
    book = told.read()
    (claim,) = register(book).claims
    (evidence,) = released(book, claim)
    assert (evidence.by, evidence.at) == ("v1", day(10))


def test_a_release_dated_before_the_claim_counts_from_the_claim():
    told = fixed()
    told.release("v1", -3, "fix")
    book = told.read()
    (claim,) = register(book).claims
    assert released(book, claim)[0].at - claim.claimed_at == timedelta()
