"""What was taken back, what came back, and when."""

from __future__ import annotations

import pytest
from tests.claims.making import (
    Told,
    applies_again,
    change_id,
    closes,
    day,
    does_again,
    id_of,
    mentions,
    pull,
    takes_back,
)

from trueup.claims.book import Link
from trueup.claims.reverts import moves, reverts, to_compare


def moved(told: Told, files=None):
    """Days on which a commit went out (-) or came back (+), by name."""
    book = told.read()
    found = {}
    for move in moves(book, reverts(book), files or {}):
        name = bytes.fromhex(
            move.root.rstrip("0") + "0" * (len(move.root.rstrip("0")) % 2)
        ).decode()
        number = (move.commit.at - day(0)).days
        found.setdefault(name, []).append(f"{'+' if move.back else '-'}{number}")
    return found


def told_fix(**known) -> Told:
    told = Told()
    told.commit("fix", 0, subject="s", **known)
    return told


def test_by_id():
    told = told_fix()
    told.commit("undo", 3, takes_back("fix"))
    assert moved(told) == {"fix": ["-3"]}


def test_by_a_cut_id_that_fits_one_commit():
    told = told_fix()
    cut = takes_back("fix")._replace(target=id_of("fix")[:9])
    told.commit("undo", 3, cut)
    assert moved(told) == {"fix": ["-3"]}


def test_by_a_cut_id_that_fits_two():
    told = told_fix()
    told.commit("fixup", 1)
    told.commit("undo", 3, takes_back("fix")._replace(target=id_of("fix")[:6]))
    assert moved(told) == {}


def test_by_number_before_subject():
    told = Told()
    told.commit("fix", 0, pull("7"), subject="s")
    told.commit("twin", 1, pull("8"), subject="s")
    told.commit("undo", 3, takes_back(subject="s"), takes_back(number="7"))
    assert moved(told) == {"fix": ["-3"]}


def test_by_subject_means_the_last_one_before():
    told = told_fix()
    told.commit("again", 2, subject="s")
    told.commit("undo", 3, takes_back(subject="s"))
    told.commit("later", 4, subject="s", actor="bo")
    assert moved(told) == {"again": ["-3"]}


def test_by_subject_long_ago_means_something_else():
    told = told_fix()
    told.commit("undo", 401, takes_back(subject="s"))
    assert moved(told) == {}


def test_a_revert_of_a_step_on_its_own_way_means_nothing_else_of_that_subject():
    told = told_fix()
    told.commit("first", 1, subject="s", landed=5, by="merge", made=1)
    told.commit(
        "undo", 2, takes_back("first"), takes_back(subject="s"), landed=5, by="merge", made=2
    )
    told.commit("merge", 5, merge="undo")
    assert moved(told) == {}


def test_a_revert_of_what_is_nowhere():
    told = told_fix()
    told.commit("undo", 3, takes_back("elsewhere"))
    assert moved(told) == {}


def test_a_revert_on_a_branch_takes_nothing_back():
    told = told_fix()
    told.commit("undo", 3, takes_back("fix"), landed=None)
    assert moved(told) == {}


def test_made_and_taken_back_before_it_landed():
    told = Told()
    told.commit("fix", 0, landed=5, by="merge", made=1)
    told.commit("undo", 0, takes_back("fix"), landed=5, by="merge", made=2)
    told.commit("merge", 5, pull("1"), merge="undo")
    assert moved(told) == {}


def test_taken_back_by_another_request_on_a_line_that_landed_as_a_whole():
    told = Told()
    told.commit("fix", 0, pull("1"), landed=5, by="merge", made=1)
    told.commit("undo", 0, pull("2"), takes_back("fix"), landed=5, by="merge", made=2)
    told.commit("merge", 5, merge="undo")
    assert moved(told) == {"fix": ["-5"]}


def test_a_step_that_a_request_into_the_same_branch_takes_back_never_stood():
    told = Told()
    told.commit("step", 0, landed=5, by="merge", made=1)
    told.commit("undo", 0, pull("7"), takes_back("step"), landed=5, by="merge", made=2)
    told.commit("merge", 5, pull("100"), merge="undo")
    assert moved(told) == {}


def test_a_merge_stands_for_what_it_brought():
    told = Told()
    told.commit("one", 0, landed=5, by="merge")
    told.commit("two", 1, landed=5, by="merge")
    told.commit("merge", 5, pull("1"), merge="two")
    told.commit("undo", 7, takes_back("merge"))
    assert moved(told) == {"one": ["-7"], "two": ["-7"]}


def chain(*links):
    """A fix, and reverts of each other on days 3, 6, 9 ..."""
    told = told_fix()
    before = "fix"
    for number, more in enumerate(links, 1):
        told.commit(f"r{number}", 3 * number, takes_back(before), *more)
        before = f"r{number}"
    return told


@pytest.mark.parametrize(
    ("length", "wanted"),
    [
        (1, ["-3"]),
        (2, ["-3", "+6"]),
        (3, ["-3", "+6", "-9"]),
        (4, ["-3", "+6", "-9", "+12"]),
    ],
)
def test_reverts_of_reverts(length, wanted):
    assert moved(chain(*[()] * length))["fix"] == wanted


def test_a_third_try_under_the_name_of_the_second_brings_back_both():
    told = Told()
    told.commit("fix", 0, subject="s")
    told.commit("undo", 1, takes_back("fix"))
    told.commit("second", 2, applies_again("s"), subject="Reland: s")
    told.commit("again", 3, takes_back("second"))
    told.commit("third", 4, applies_again("s"), subject="Reland: s")
    files = {id_of(name): {"a.py": "code"} for name in ("second", "third")}
    assert moved(told, files) == {"fix": ["-1", "+2", "-3", "+4"], "second": ["-3", "+4"]}


def test_reverting_the_merge_of_a_revert_brings_back():
    told = told_fix()
    told.commit("undo", 2, takes_back("fix"), landed=3, by="merge")
    told.commit("merge", 3, pull("9"), merge="undo")
    told.commit("oops", 6, takes_back("merge"))
    assert moved(told)["fix"] == ["-3", "+6"]


def test_saying_that_it_is_applied_again():
    told = told_fix()
    told.commit("undo", 3, takes_back("fix"))
    told.commit("again", 6, applies_again("s"))
    told.commit("out", 9, takes_back("again"))
    assert moved(told)["fix"] == ["-3", "+6", "-9"]


def test_a_reland_is_known_by_its_ticket():
    told = Told()
    told.commit("fix", 0, closes("#5"), subject="s")
    told.commit("undo", 3, takes_back("fix"))
    told.commit("again", 6, closes("#5"), subject="s", actor="bo")
    assert moved(told) == {"fix": ["-3", "+6"]}


def test_the_same_words_for_another_ticket_bring_nothing_back():
    told = Told()
    told.commit("fix", 0, closes("#5"), subject="s")
    told.commit("undo", 3, takes_back("fix"))
    told.commit("other", 6, closes("#8"), subject="s")
    assert moved(told) == {"fix": ["-3"]}


FIX, AGAIN = id_of("fix"), id_of("again")


@pytest.mark.parametrize(
    ("files", "actor", "back"),
    [
        ({FIX: {"a": "code"}, AGAIN: {"a": "code", "b": "test"}}, "ada", True),
        ({FIX: {"a": "code", "b": "code"}, AGAIN: {"a": "code"}}, "ada", True),
        ({FIX: dict.fromkeys("abc", "code"), AGAIN: {"a": "code"}}, "ada", False),
        ({FIX: {"a": "code"}, AGAIN: {"a": "code"}}, "bo", True),
        ({FIX: {"a": "code"}, AGAIN: {"a": "code", "b": "test"}}, "bo", False),
        ({}, "ada", True),
        ({}, "bo", False),
        ({AGAIN: {"a": "code"}}, "ada", False),
    ],
    ids=[
        "all its files",
        "half of its files",
        "a third of its files",
        "just the same by another",
        "also others by another",
        "no files that people write",
        "none by another",
        "none before",
    ],
)
def test_without_tickets_it_takes_half_of_the_files(files, actor, back):
    told = told_fix()
    told.commit("undo", 3, takes_back("fix"))
    told.commit("again", 6, subject="s", actor=actor)
    book = told.read()
    assert to_compare(book, reverts(book)) == {FIX, id_of("undo"), AGAIN}
    assert moved(told, files) == {"fix": ["-3", "+6"] if back else ["-3"]}


def test_a_reland_is_known_by_its_change_id():
    told = Told()
    told.commit("fix", 0, change_id("I1"), subject="s")
    told.commit("undo", 3, takes_back("fix"))
    told.commit("again", 6, change_id("I1"), subject="s", actor="bo")
    assert moved(told) == {"fix": ["-3", "+6"]}


def test_a_backport_made_before_the_revert_and_merged_later_brings_nothing_back():
    told = Told()
    told.commit("fix", 0, closes("#5"), subject="s")
    told.commit("port", 1, closes("#5"), subject="s", made=1, landed=9, by="merge")
    told.commit("undo", 3, takes_back("fix"))
    told.commit("merge", 9, merge="port")
    assert moved(told) == {"fix": ["-3"]}


def test_a_reland_of_one_of_two_commits():
    told = Told()
    told.commit("one", 0, closes("#5"), subject="s1", landed=2, by="merge")
    told.commit("two", 1, closes("#5"), subject="s2", landed=2, by="merge")
    told.commit("merge", 2, pull("1"), merge="two")
    told.commit("undo", 4, takes_back("merge"))
    told.commit("again", 8, closes("#5"), subject="s1")
    assert moved(told) == {"one": ["-4", "+8"], "two": ["-4"]}


def test_what_adds_the_same_lines_again_brings_it_back():
    told = told_fix()
    told.commit("undo", 3, takes_back("fix"))
    told.commit("again", 5, Link("returns", "commit", id_of("fix"), "added_lines", 0.9))
    told.commit("undo2", 7, takes_back("again"))
    assert moved(told) == {"fix": ["-3", "+5", "-7"], "again": ["-7"]}


def test_what_was_not_out_does_not_come_back():
    told = told_fix()
    told.commit("again", 5, Link("returns", "commit", id_of("fix"), "added_lines", 0.9))
    assert moved(told) == {}


@pytest.mark.parametrize(
    ("actor", "names", "back"), [("ada", "#12", True), ("bo", "#12", False), ("ada", "#13", False)]
)
def test_the_same_author_naming_the_request_does_it_again(actor, names, back):
    told = Told()
    told.commit("fix", 0, pull("12"))
    told.commit("undo", 3, takes_back("fix"))
    told.commit("again", 6, mentions(names), pull("15"), actor=actor)
    files = {FIX: {"a": "docs"}, AGAIN: {"a": "docs"}}
    assert moved(told, files) == {"fix": ["-3", "+6"] if back else ["-3"]}


ITSELF, UNDONE = does_again("fix"), does_again(number="7")


@pytest.mark.parametrize(
    ("names", "common", "back"),
    [
        ([ITSELF], True, True),
        ([ITSELF], False, False),
        ([UNDONE], True, True),
        ([UNDONE], False, False),
        ([ITSELF, UNDONE], False, True),
        ([does_again("other")], True, False),
    ],
    ids=["itself", "itself alone", "the revert", "the revert alone", "both", "something else"],
)
def test_saying_what_is_done_again(names, common, back):
    told = told_fix()
    told.commit("other", 1)
    told.commit("undo", 3, takes_back("fix"), pull("7"))
    told.commit("again", 6, *names, actor="bo")
    files = {FIX: {"a": "docs"}, AGAIN: {"a" if common else "b": "docs"}}
    assert moved(told, files) == {"fix": ["-3", "+6"] if back else ["-3"]}


def part(name: str) -> Link:
    """A step of a squashed request reverts something."""
    return takes_back(name)._replace(relation="reverts_part")


def names(number: str) -> Link:
    return Link("names", "pull", number, "review_mention", 0.9)


@pytest.mark.parametrize(
    ("links", "shared", "back"),
    [
        ([part("undo")], True, True),
        ([part("undo")], False, False),
        ([part("fix")], True, False),
        ([names("7"), names("8")], False, True),
        ([names("7")], True, False),
        ([names("8")], True, False),
    ],
    ids=["reverts the revert on its way", "elsewhere", "reverts the work", "names both", "it", "its revert"],
)  # fmt: skip
def test_what_a_request_says_on_its_way(links, shared, back):
    told = Told()
    told.commit("fix", 0, pull("7"), subject="s")
    told.commit("undo", 3, pull("8"), takes_back("fix"), subject="u")
    told.commit("rework", 6, pull("9"), *links, subject="r", actor="bo")
    files = {"fix": {"a": "code"}, "rework": {"a" if shared else "b": "code"}}
    assert moved(told, {id_of(n): f for n, f in files.items()}) == {
        "fix": ["-3", "+6"] if back else ["-3"]
    }


@pytest.mark.parametrize(("path", "out"), [("a", True), ("moved/a", True), ("b", False)])
def test_a_revert_changes_a_file_of_what_it_takes_back(path, out):
    """The message of a squash may tell of a step that was not kept."""
    told = told_fix()
    told.commit("squash", 3, takes_back("fix"))
    files = {id_of("fix"): {"a": "code"}, id_of("squash"): {path: "code"}}
    assert moved(told, files) == ({"fix": ["-3"]} if out else {})


def test_in_imported_history_the_author_tells_the_order():
    """All was committed at one moment: what was written after the revert is the work again."""
    told = told_fix()
    told.commit("undo", 0, takes_back(subject="s"), actor="bo")
    told.commit("second", 0, subject="s")
    for name, written in (("fix", -9), ("undo", -8), ("second", -7)):
        sha = id_of(name)
        told.book.commits[sha] = told.book.commits[sha]._replace(authored_at=day(written))
    assert moved(told) == {"fix": ["-0"]}
