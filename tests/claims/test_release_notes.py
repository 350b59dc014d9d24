"""Does the release hold what its notes name?"""

from __future__ import annotations

import pytest
from tests.claims.making import Told, closes, day, id_of, mentions, pull, same_as, takes_back

from trueup.claims.book import Entry
from trueup.claims.register import register
from trueup.claims.release_notes import read_notes


def read(told: Told):
    book = told.read()
    return read_notes(book, register(book))


def shown(told: Told):
    """How each entry that stands by itself was found, and whether that speaks against it."""
    return {c.tickets[0]: [(e.how, e.against) for e in c.evidence] for c in read(told).claims}


def test_an_entry_that_repeats_a_claim_is_folded():
    told = Told()
    told.commit("fix", 0, closes("#1"))
    told.release("v1", 5, "fix")
    told.entry("v1", "#1")
    found = read(told)
    assert (found.claims, found.entries, found.contained) == ([], 1, 1)
    assert [c.key for c in found.folded] == ["v1:#1"]


def test_an_entry_about_work_that_claimed_nothing():
    told = Told()
    told.commit("work", 0, mentions("#1"))
    told.release("v1", 5, "work")
    told.entry("v1", "#1")
    assert shown(told) == {"#1": [("contained", False)]}


def test_the_number_of_a_request():
    told = Told()
    told.commit("fix", 0, pull("9"))
    told.release("v1", 5, "fix")
    told.entry("v1", "#9")
    assert read(told).contained == 1


def test_contained_in_an_earlier_release_that_this_one_holds():
    told = Told()
    told.commit("fix", 0, closes("#1"))
    told.release("v1rc1", 4, "fix")
    told.release("v1", 5, after=("v1rc1",))
    told.entry("v1", "#1")
    assert read(told).contained == 1


def test_contained_as_a_backport():
    told = Told()
    told.commit("one", 0, closes("#1"), landed=3, by="merge")
    told.commit("merge", 3, pull("9", "merge_subject"), merge="one")
    told.commit("port", 4, same_as("one", "pick_mark"), landed=None)
    told.release("v1.1", 5, "port")
    told.release("v2", 50, "one", "merge")
    told.entry("v1.1", "#9")
    assert read(told).contained == 1


def late() -> Told:
    told = Told()
    told.commit("fix", 10, closes("#1"))
    told.release("v1", 5)
    told.release("v2", 30, "fix", after=("v1",))
    told.entry("v1", "#1")
    return told


def test_only_in_a_later_release():
    (claim,) = read(late()).claims
    (evidence,) = claim.evidence
    assert (evidence.how, evidence.by, evidence.against) == ("later_release", "v2", True)
    assert claim.claimed_at == day(5)
    assert evidence.at == day(30)  # nobody could know before


def test_nothing_names_it():
    told = Told()
    told.release("v1", 5)
    told.entry("v1", "#1")
    assert shown(told) == {"#1": []}


def test_not_released_at_all_speaks_neither_way():
    told = Told()
    told.commit("fix", 10, closes("#1"))
    told.release("v1", 5)
    told.entry("v1", "#1")
    assert shown(told) == {"#1": []}


def test_landed_before_the_release_but_not_in_it_speaks_neither_way():
    told = Told()
    told.commit("fix", 4, closes("#1"))
    told.release("v1", 5)
    told.release("v2", 30, "fix")
    told.entry("v1", "#1")
    assert shown(told) == {"#1": []}


def test_the_same_subject_in_this_release_speaks_neither_way():
    told = Told()
    told.commit("before", 1, subject="s")
    told.commit("fix", 10, closes("#1"), subject="s")
    told.release("v1", 5, "before")
    told.release("v2", 30, "fix")
    told.entry("v1", "#1")
    assert shown(told) == {"#1": []}


def test_the_same_words_do_where_nothing_owns_the_number():
    told = Told()
    told.commit("work", 1)
    told.release("v1", 5, "work")
    told.entry("v1", "#1", words_of="work")
    assert shown(told) == {"#1": [("same_words", False)]}


def test_the_same_words_do_not_where_a_later_commit_owns_the_number():
    told = late()
    told.commit("work", 1)
    told.release("v0", 4, "work")
    told.book.entries.clear()
    told.entry("v0", "#1", words_of="work")
    assert shown(told) == {"#1": [("later_release", True)]}


def test_the_same_words_do_not_where_another_entry_names_the_commit():
    told = Told()
    told.commit("work", 1, mentions("#2"))
    told.release("v1", 5, "work")
    told.entry("v1", "#1", words_of="work")
    told.entry("v1", "#2")
    assert shown(told) == {"#1": [], "#2": [("contained", False)]}


def test_the_same_words_do_not_in_a_revert():
    told = Told()
    told.commit("work", 0)
    told.commit("undo", 1, takes_back("work"))
    told.release("v1", 5, "undo")
    told.entry("v1", "#1", words_of="undo")
    assert shown(told) == {"#1": []}


def test_an_unknown_release_claims_nothing():
    told = Told()
    told.release("v1", 5)
    told.entry("v1", "#1")
    told.book.releases.clear()
    assert read(told).claims == []


def many(named: int, silent: int) -> Told:
    told = Told()
    for number in range(named + silent):
        told.commit(f"w{number}", number, closes(f"#{number}"), actor=f"a{number}")
    told.release("v1", 50, *[f"w{number}" for number in range(named + silent)])
    for number in range(named):
        told.entry("v1", f"#{number}")
    return told


@pytest.mark.parametrize(
    ("named", "silent", "count"), [(4, 3, 3), (4, 0, 0), (4, 4, None), (2, 1, None)]
)
def test_there_but_not_reported_where_naming_is_the_habit(named, silent, count):
    assert read(many(named, silent)).there_not_reported == count


def test_an_entry_written_with_code_is_contained():
    told = Told()
    told.commit("code", 0)
    told.release("v1", 2, "code")
    at = told.book.releases["v1"].made_at
    told.book.entries.append(Entry("v1", "#1", at, "", id_of("code")))
    assert shown(told) == {"#1": [("written_with", False)]}


def test_an_entry_written_with_code_is_not_where_a_later_commit_owns_the_number():
    told = Told()
    told.commit("code", 0)
    told.release("v1", 2, "code")
    told.commit("owner", 4, closes("#1"))
    told.release("v2", 6, "owner", after=("v1",))
    at = told.book.releases["v1"].made_at
    told.book.entries.append(Entry("v1", "#1", at, "", id_of("code")))
    assert shown(told) == {"#1": [("later_release", True)]}
