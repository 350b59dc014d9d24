"""What speaks against a claim, from when until when, and what makes it good."""

from __future__ import annotations

import pytest
from tests.claims.making import (
    NO_HABITS,
    POLICY,
    Told,
    change_id,
    closes,
    day,
    does_again,
    fixes,
    id_of,
    mentions,
    part_of,
    pull,
    repairs,
    takes_back,
)

from trueup.claims.contradictions import add_contradictions, files_wanted
from trueup.claims.evidence.inspected import inspected
from trueup.claims.evidence.present import present
from trueup.claims.model import Evidence, Rung
from trueup.claims.register import register

CODE = {"a.py": "code", "tests/test_a.py": "test"}
LATE = day(400)


def against(told: Told, files=None, *, until=LATE):
    """What was found against each claim: how, on which day, until when, and whether made good.

    Claims are named by their first commit.
    """
    book = told.read()
    found = register(book)
    for claim in found.claims:
        claim.evidence += [*present(book, claim, until), *inspected(book, claim)]
    known = {id_of(name): roles for name, roles in (files or {}).items()}
    add_contradictions(book, found, known, POLICY, NO_HABITS, until)
    told.found, told.wanted = found, files_wanted(book, found, POLICY)
    return {
        name_of(claim.shas[0]): sorted(_short(e) for e in claim.evidence if e.against)
        for claim in found.claims
        if any(e.against for e in claim.evidence)
    }


def name_of(sha):
    return bytes.fromhex(sha).rstrip(b"\0").decode()


def _short(evidence: Evidence):
    number = (evidence.at - day(0)).days
    end = None if evidence.until is None else (evidence.until - day(0)).days
    return evidence.how, number, end, evidence.made_good


def gone(at, end=None, *, good=False):
    return [("reverted", at, end, good)]


def fixed(*links, **known) -> Told:
    told = Told()
    told.commit("fix", 0, *(links or (closes("#1"),)), **known)
    return told


def test_a_revert():
    told = fixed()
    told.commit("undo", 10, takes_back("fix"))
    assert against(told) == {"fix": gone(10)}


def imported(*names) -> Told:
    """A line of squashed requests, each of which takes back the one before, that landed with one merge."""
    told = Told()
    for number, name in enumerate(names):
        back = (takes_back(names[number - 1]),) if number else ()
        told.commit(name, 9, pull(str(number + 1)), *back, landed=9, by="merge", made=number)
    told.commit("merge", 9, merge=names[-1])
    return told


def test_a_line_that_brought_work_and_its_revert():
    assert against(imported("fix", "undo")) == {"fix": gone(9)}


def test_a_line_that_brought_the_work_again_under_its_subject():
    told = imported("fix", "undo")
    told.commit("redo", 9, pull("3"), subject="subject of fix", landed=9, by="merge", made=3)
    assert against(told, dict.fromkeys(("fix", "redo"), CODE)) == {}


def test_a_release_line_takes_back_its_own_pick_alone():
    told = imported("fix", "undo")
    told.commit("here", 1, pull("1"))
    assert against(told) == {}


def test_a_line_that_brought_work_its_revert_and_the_work_again():
    assert against(imported("fix", "undo", "redo")) == {}


@pytest.mark.parametrize(("at", "counts"), [(0.01, True), (90, True), (90.01, False), (100, False)])
def test_a_revert_counts_within_ninety_days(at, counts):
    told = fixed()
    told.commit("undo", at, takes_back("fix"))
    assert bool(against(told)) is counts


def test_a_revert_that_was_undone():
    told = fixed()
    told.commit("undo", 10, takes_back("fix"))
    told.commit("back", 15, takes_back("undo"))
    told.commit("again", 20, takes_back("back"))
    assert against(told) == {"fix": [*gone(10, 15), *gone(20)]}


def request(size: int) -> Told:
    told = Told()
    for number in range(size):
        told.commit(f"c{number}", number, landed=9, by="merge")
    told.commit("merge", 9, pull("7", "merge_subject"), merge=f"c{size - 1}")
    return told


def test_a_reverted_merge():
    told = request(4)
    told.commit("undo", 12, takes_back("merge"))
    assert against(told) == {"merge": gone(12)}


def test_a_request_reverted_by_its_number():
    told = request(4)
    told.commit("undo", 12, takes_back(number="7"))
    assert against(told) == {"merge": gone(12)}


def test_half_of_a_request_must_be_out():
    told = request(4)
    told.commit("undo", 12, takes_back("c0"))
    assert against(told) == {}
    told.commit("more", 14, takes_back("c1"))
    told.commit("back", 16, takes_back("more"))
    assert against(told) == {"merge": gone(14, 16)}


def test_the_commit_that_claims_it_is_enough():
    told = Told()
    told.commit("c0", 0, closes("#1"), landed=9, by="merge")
    for number in (1, 2, 3):
        told.commit(f"c{number}", number, landed=9, by="merge")
    told.commit("merge", 9, pull("7", "merge_subject"), merge="c3")
    told.commit("undo", 12, takes_back("c0"))
    assert against(told) == {"merge": gone(12)}


def test_a_merge_without_a_number_takes_the_claims_it_brought_with_it():
    told = Told()
    told.commit("fix", 0, closes("#1"), landed=9, by="merge")
    told.commit("merge", 9, merge="fix")
    told.commit("undo", 12, takes_back("merge"))
    assert against(told) == {"fix": gone(12)}


def test_taken_out_and_done_again_in_the_same_sitting():
    told = fixed()
    told.commit("undo", 0.2, takes_back("fix"))
    told.commit("better", 0.5, closes("#1"))
    assert against(told) == {"fix": gone(0, 0)}


def test_work_done_again_repays_a_revert_once_it_is_verified():
    told = fixed()
    told.commit("undo", 10, takes_back("fix"))
    told.commit("better", 20, closes("#1"))
    assert against(told) == {"fix": gone(10)}
    told.look("better", "bo")
    assert against(told) == {"fix": gone(10, 50, good=True)}


@pytest.mark.parametrize("at", [5, 20])
@pytest.mark.parametrize("common", [True, False])
def test_work_that_names_the_ticket_and_changes_the_same_code_repays_a_revert(at, common):
    """Even from before the revert: a stopgap is taken out once the cure is there."""
    told = fixed()
    told.commit("undo", 10, takes_back("fix"))
    told.commit("better", at, mentions("#1"), fixes())
    told.look("better", "bo")
    files = {"fix": CODE, "better": CODE if common else {"b.py": "code"}}
    repaid = gone(10, at + 30, good=True)
    assert against(told, files) == {"fix": repaid if common else gone(10)}
    assert told.wanted == {id_of("fix"), id_of("undo"), id_of("better")}


@pytest.mark.parametrize(
    ("before", "after", "repaid"),
    [
        ({"pom.xml": "data"}, {"pom.xml": "data", "b.py": "code"}, True),
        ({"pom.xml": "data"}, {"b.py": "code"}, False),
        (CODE | {"pom.xml": "data"}, {"pom.xml": "data"}, False),
        ({"tests/test_a.py": "test"}, {"tests/test_a.py": "test"}, False),
    ],
    ids=["no code in the first", "another file", "only its data", "only a test"],
)
def test_where_work_is_no_code_the_same_data_will_do(before, after, repaid):
    told = fixed()
    told.commit("undo", 10, takes_back("fix"))
    told.commit("better", 20, mentions("#1"), fixes())
    told.look("better", "bo")
    found = against(told, {"fix": before, "better": after})
    assert found == {"fix": gone(10, 50, good=True) if repaid else gone(10)}


@pytest.mark.parametrize(("ticket", "repaid"), [("acme/other#1", True), ("acme/other#2", False)])
def test_a_ticket_may_be_named_with_its_repository(ticket, repaid):
    told = fixed()
    told.commit("undo", 10, takes_back("fix"))
    told.commit("better", 20, closes(ticket))
    told.look("better", "bo")
    found = against(told, {"fix": CODE, "better": CODE})
    assert found == {"fix": gone(10, 50, good=True) if repaid else gone(10)}


@pytest.mark.parametrize(("at", "repaid"), [(20, True), (5, False)])
def test_a_ticket_that_it_only_names_is_closed_after_the_revert(at, repaid):
    """In whatever files: whoever closes it says that it is done."""
    told = fixed(mentions("#1"), fixes())
    told.commit("undo", 10, takes_back("fix"))
    told.commit("better", at, closes("#1"))
    told.look("better", "bo")
    found = against(told, {"fix": CODE, "better": {"b.py": "code"}})
    assert found == {"fix": gone(10, 50, good=True) if repaid else gone(10)}


def test_a_ticket_that_many_name_repays_nothing():
    told = fixed()
    told.commit("undo", 10, takes_back("fix"))
    for n in range(20):
        told.commit(f"more{n}", 20 + n, mentions("#1"), fixes())
        told.look(f"more{n}", "bo")
    files = {"fix": CODE} | {f"more{n}": CODE for n in range(20)}
    assert against(told, files) == {"fix": gone(10)}


def test_it_is_not_known_before_it_is_seen():
    told = fixed()
    told.commit("undo", 10, takes_back("fix"))
    told.commit("better", 20, closes("#1"))
    told.look("better", "bo")
    assert against(told, until=day(49)) == {"fix": gone(10)}


def again(at=10, *links, **known) -> Told:
    told = fixed()
    told.commit("second", at, *(links or (closes("#1"),)), **known)
    return told


BOTH = {"fix": CODE, "second": CODE}


def test_a_renewed_fix():
    assert against(again(), BOTH) == {"fix": [("refixed", 10, None, False)]}


@pytest.mark.parametrize(("at", "counts"), [(1, False), (1.1, True), (90, True), (91, False)])
def test_a_renewed_fix_counts_within_one_to_ninety_days(at, counts):
    assert bool(against(again(at, actor="bo"), BOTH)) is counts


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a.py": "code"}, {"b.py": "code"}),
        ({"a.py": "code"}, {"test_a.py": "test"}),
        ({"a.md": "docs"}, {"a.md": "docs"}),
        ({}, {}),
    ],
    ids=["other files", "tests alone", "texts alone", "not known"],
)
def test_a_renewed_fix_needs_a_common_file_of_code(first, second):
    assert against(again(), {"fix": first, "second": second}) == {}


def test_the_same_subject_or_change_id_is_the_same_work():
    told = fixed(subject="s")
    told.commit("second", 10, closes("#1"), subject="s")
    assert against(told, BOTH) == {}
    told = fixed(closes("#1"), change_id("I1"))
    told.commit("second", 10, closes("#1"), change_id("I1"))
    assert against(told, BOTH) == {}


def test_a_first_part_is_not_contradicted():
    told = fixed(closes("#1"), part_of("#7"))
    told.commit("second", 10, closes("#1"))
    assert against(told, BOTH) == {}


def test_three_closings_contradict_nothing():
    told = again()
    told.commit("third", 20, closes("#1"))
    assert against(told, BOTH | {"third": CODE}) == {}


def test_a_branch_that_never_landed_renews_nothing_and_hides_nothing():
    assert against(again(landed=None), BOTH) == {}
    told = again()
    told.commit("left", 5, closes("#1"), landed=None, actor="bo")
    assert against(told, BOTH | {"left": CODE}) == {"fix": [("refixed", 10, None, False)]}


def test_a_renewed_fix_after_a_revert_is_the_work_done_again():
    told = again(20)
    told.commit("undo", 10, takes_back("fix"))
    assert against(told, BOTH) == {"fix": gone(10)}


def test_what_brings_it_back_renews_nothing():
    told = again(20, closes("#1"), does_again("fix"))
    told.commit("undo", 10, takes_back("fix"))
    assert against(told, BOTH) == {"fix": gone(10, 20)}


def test_a_renewed_fix_after_it_came_back_counts():
    told = again(20)
    told.commit("undo", 10, takes_back("fix"))
    told.commit("back", 11, takes_back("undo"))
    assert against(told, BOTH) == {"fix": [("refixed", 20, None, False), *gone(10, 11)]}


def test_what_mends_must_stand_itself():
    """A renewed fix that was renewed in turn, for another ticket, is verified late or never."""
    told = again(10, closes("#1"), closes("#2"))
    told.look("second", "bo")
    assert against(told, BOTH) == {"fix": [("refixed", 10, 40, True)]}
    told.commit("third", 30, closes("#2"))
    files = BOTH | {"third": CODE}
    assert against(told, files) == {
        "fix": [("refixed", 10, None, False)],
        "second": [("refixed", 30, None, False)],
    }
    told.look("third", "bo")
    assert against(told, files) == {
        "fix": [("refixed", 10, 60, True)],
        "second": [("refixed", 30, 60, True)],
    }


@pytest.mark.parametrize("digits", [40, 12])
def test_named_as_the_cause(digits):
    told = fixed()
    told.commit("repair", 10, repairs("fix", digits))
    assert against(told) == {"fix": [("named_faulty", 10, None, False)]}


def test_named_as_the_cause_without_having_claimed_anything():
    told = Told()
    told.commit("work", 0)
    told.commit("repair", 10, repairs("work"), fixes())
    assert against(told) == {}


def test_named_by_a_commit_of_the_same_claim():
    told = fixed()
    told.commit("repair", 0.5, repairs("fix"), closes("#1"))
    assert against(told) == {}


def test_named_by_work_that_is_verified():
    told = fixed()
    told.commit("repair", 10, repairs("fix"), fixes())
    told.look("repair", "bo")
    assert against(told) == {"fix": [("named_faulty", 10, 40, True)]}


def test_only_files_that_decide_something_are_asked_for():
    told = again()
    told.commit("other", 30, closes("#9"))
    against(told, BOTH)
    assert told.wanted == {id_of("fix"), id_of("second")}


def test_evidence_carries_its_confidence():
    told = fixed(pull("3"), subject="s")
    told.commit("undo", 10, takes_back(subject="s"))
    against(told)
    (evidence,) = (e for c in told.found.claims for e in c.evidence if e.against)
    assert (evidence.rung, evidence.confidence) == (Rung.PRESENT, 0.85)
