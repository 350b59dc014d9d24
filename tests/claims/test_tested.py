"""Which tree was tested, and whether anything really ran."""

from __future__ import annotations

import pytest
from tests.claims.making import Told, id_of, pull

from trueup.claims.evidence.tested import built_in_batches, runs_of_tests
from trueup.claims.register import register
from trueup.facts.views.tested_lines import Through


def told() -> Told:
    """A request whose commit `work` came to the default branch with the merge `main`, then others."""
    told = Told()
    told.commit("old", 0.5, landed=2, by="main")
    told.commit("work", 1, landed=2, by="main", parent="old")
    told.commit("main", 2, pull("7", "forge_merge"), merge="work")
    told.commit("next", 4)
    told.commit("later", 10)
    for n in range(3):
        told.commit(f"other{n}", 5, pull(f"{n + 20}"))
    told.request("7", merged=2, head=id_of("work"), earlier={id_of("old")})
    return told


def found(told: Told):
    book = told.read()
    claims = register(book).claims
    book.in_batches = built_in_batches(book, claims)
    claim = next(c for c in claims if c.pull == "7")
    return [(e.how, e.against, e.by, e.at, e.until) for e in runs_of_tests(book, claim)]


def test_nothing_ran():
    assert found(told()) == []


@pytest.mark.parametrize(
    ("name", "how"),
    [("main", "tests_passed"), ("work", "tests_passed_on_head"), ("next", "tests_passed_later")],
)
def test_where_tests_passed(name, how):
    history = told()
    history.ran(name, "passed")
    ((shown, against, by, _, _),) = found(history)
    assert (shown, against, by) == (how, False, id_of(name))


@pytest.mark.parametrize(("by", "how"), [("trailer", "tests_named"), ("gate", "tests_gated")])
def test_what_git_shows_of_tests_is_told_as_that_and_stands_for_no_other_tree(by, how):
    history = told()
    history.ran("main", "passed", by)
    ((shown, against, *_),) = found(history)
    assert (shown, against) == (how, False)
    history = told()
    history.ran("next", "passed", by)
    assert found(history) == []


@pytest.mark.parametrize(
    ("ran", "how", "against"),
    [(2, "tests_ran_through", False), (0, "tests_untouched", True)],
)
def test_what_tests_ran_through_where_it_was_measured(ran, how, against):
    history = told()
    history.ran("main", "passed")
    history.book.through[id_of("main")] = Through(can_run=5, ran=ran)
    ((shown, speaks_against, by, *_),) = found(history)
    assert (shown, speaks_against, by) == (how, against, id_of("main"))


def test_the_tree_that_landed_comes_first():
    history = told()
    history.ran("main", "failed")
    history.ran("work", "passed")
    ((how, against, *_),) = found(history)
    assert (how, against) == ("tests_failed", True)


def test_a_failure_stays_whatever_the_line_does_later():
    history = told()
    history.ran("main", "failed")
    history.ran("next", "passed", at=5)
    assert [how for how, *_ in found(history)] == ["tests_failed"]


@pytest.mark.parametrize("name", ["main", "work", "old"])
def test_a_later_tree_stands_in_only_where_nothing_ran_for_this_one(name):
    history = told()
    history.ran(name, "empty")
    history.ran("next", "passed")
    assert "tests_passed_later" not in {how for how, *_ in found(history)}


def test_a_line_that_is_built_much_later_says_nothing_of_it():
    history = told()
    history.ran("later", "passed")
    assert found(history) == []


@pytest.mark.parametrize("outcome", ["empty", "skipped", "not_run", "beside", "unclear", "failed"])
@pytest.mark.parametrize("name", ["main", "work"])
def test_what_is_no_test(name, outcome):
    history = told()
    history.ran(name, outcome)
    assert [(how, against) for how, against, *_ in found(history)] == [(f"tests_{outcome}", True)]


def test_green_on_another_state_than_the_one_that_was_merged():
    history = told()
    history.ran("old", "passed")
    assert [(how, against, by) for how, against, by, *_ in found(history)] == [
        ("tests_on_earlier", True, id_of("old"))
    ]


def test_an_empty_report_is_told_even_where_an_earlier_state_was_green():
    history = told()
    history.ran("old", "passed")
    history.ran("work", "empty")
    assert found(history)[0][0] == "tests_empty"


def test_where_most_changes_have_runs_of_their_own_a_later_tree_stands_for_nothing():
    history = told()
    for name in ("old", "other0", "other1", "other2", "next"):
        history.ran(name, "passed")
    history.book.tested.pop(id_of("old"))
    assert found(history) == []
