"""Edits apply to any tree that has their lines, and can be undone."""

from dataclasses import replace

import pytest

from trueup.simulate.content import (
    Edit,
    File,
    Hunk,
    Line,
    Tree,
    Written,
    applied,
    inverse,
    replaced,
    retouched,
)


def lines(text: str) -> tuple[Line, ...]:
    return tuple((ord(letter), letter) for letter in text)


def text(tree: Tree) -> str:
    return "".join(line for _, line in tree[1].lines)


@pytest.fixture
def tree() -> Tree:
    return {1: File("a.py", lines("abcd"))}


CHANGE = Edit(1, (Hunk(ord("b"), lines("c"), lines("xy")),))


def test_an_edit_replaces_lines(tree: Tree) -> None:
    assert applied(tree, [CHANGE]) == [Written("a.py", "100644", b"a\nb\nx\ny\nd\n")]


@pytest.mark.parametrize(
    ("hunk", "wanted"),
    [
        pytest.param(Hunk(0, (), lines("x")), "xabcd", id="at the start"),
        pytest.param(Hunk(ord("d"), (), lines("x")), "abcdx", id="at the end"),
        pytest.param(Hunk(ord("q"), (), lines("x")), "abcdx", id="after a line that is gone"),
        pytest.param(Hunk(ord("a"), lines("q"), lines("x")), "axbcd", id="for a line that is gone"),
        pytest.param(Hunk(ord("q"), lines("ab"), lines("x")), "xcd", id="the anchor is gone"),
    ],
)
def test_where_lines_go(tree: Tree, hunk: Hunk, wanted: str) -> None:
    applied(tree, [Edit(1, (hunk,))])
    assert text(tree) == wanted


def test_undoing_restores(tree: Tree) -> None:
    before = dict(tree)
    edits = [CHANGE, Edit(1, (Hunk(ord("x"), lines("y"), lines("z")),))]
    applied(tree, edits)
    assert text(tree) == "abxzd"
    applied(tree, inverse(edits))
    assert tree == before


def test_undoing_survives_other_changes(tree: Tree) -> None:
    applied(tree, [CHANGE])
    applied(tree, [Edit(1, (Hunk(ord("x"), (), lines("n")),))])
    applied(tree, inverse([CHANGE]))
    assert text(tree) == "abcnd"


def test_an_edit_follows_a_renamed_file(tree: Tree) -> None:
    moved = replace(tree[1], path="b/a.py")
    assert [w.path for w in replaced(tree, {1: moved})] == ["a.py", "b/a.py"]
    assert applied(tree, [CHANGE])[0].path == "b/a.py"


def test_files_are_made_and_unmade(tree: Tree) -> None:
    made = Edit(2, made=File("n.py", lines("n")))
    assert applied(tree, [made]) == [Written("n.py", "100644", b"n\n")]
    assert applied(tree, [made]) == []
    assert applied(tree, inverse([made])) == [Written("n.py", "100644", None)]
    assert applied(tree, inverse([made])) == []
    assert list(tree) == [1]


def test_what_changes_nothing_is_not_written(tree: Tree) -> None:
    assert applied(tree, []) == []
    assert applied(tree, [Edit(7, CHANGE.hunks)]) == []


def test_retouching_replaces_what_was_added(tree: Tree) -> None:
    applied(tree, [CHANGE])
    again = retouched([CHANGE], lambda _: (1, "!"), tree)
    applied(tree, again)
    assert text(tree) == "ab!yd"
    assert retouched([Edit(9, CHANGE.hunks)], lambda _: (1, "!"), tree) == ()


def test_kinds_of_files() -> None:
    assert File("l", lines("t"), "120000").data() == b"t"
    assert File("p", raw=b"\0\1").data() == b"\0\1"
