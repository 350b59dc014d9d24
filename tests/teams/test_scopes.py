"""Which team or area a path belongs to: declared, owned, inferred, or everything as one."""

from __future__ import annotations

import pytest

from trueup.teams.scopes import FEW, MOST_AREAS, Member, Rule, Team, assign, infer_areas


def touched(counts, repo="r"):
    return [(repo, path, n) for path, n in counts.items()]


def areas(counts, repo="r"):
    found = infer_areas({(repo, path): n for path, n in counts.items()})
    return {path: found[repo, path] for path in counts} if found else {}


TREE = {"a/x/1": 40, "a/y/2": 40, "b/3": 15, "c/4": 5}
OWNERS = [Rule("r", 0, "/a/", "@acme/alpha"), Rule("r", 1, "/b/", "@acme/beta")]
PATHS = (Team("left", paths=("/a/",)), Team("right", paths=("/b/",)))
PEOPLE = (Team("left", members=(Member("ada@example.org"),)),)


@pytest.mark.parametrize(
    ("owners", "teams", "people", "how", "names"),
    [
        ([], (), FEW, "inferred", {"a/x", "a/y", "b", "elsewhere"}),
        ([], (), FEW - 1, "one", set()),
        (OWNERS, (), FEW, "owners", {"@acme/alpha", "@acme/beta"}),
        (OWNERS, (), FEW - 1, "one", set()),
        (OWNERS[:1], (), FEW, "inferred", {"a/x", "a/y", "b", "elsewhere"}),
        (OWNERS, PATHS, 2, "declared", {"left", "right"}),
        (OWNERS, PEOPLE, 2, "declared", set()),
    ],
    ids=["inferred", "few", "owners", "few with owners", "one owner", "paths", "members"],
)
def test_in_this_order(owners, teams, people, how, names):
    found, scope_of = assign(touched(TREE), owners, teams, people=people)
    assert (found, set(scope_of.values())) == (how, names)


def test_folders_that_draw_a_tenth_are_areas_and_are_split():
    assert areas(TREE) == {"a/x/1": "a/x", "a/y/2": "a/y", "b/3": "b", "c/4": "elsewhere"}


def test_what_is_left_of_a_split_folder_is_named():
    found = areas({"a/x/1": 80, "a/top": 20})
    assert found == {"a/x/1": "a/x", "a/top": "a (rest)"}


def test_a_tenth_counts_and_less_does_not():
    assert areas({"a/1": 90, "b/2": 10}) == {"a/1": "a", "b/2": "b"}
    assert areas({"a/1": 91, "b/2": 9}) == {"a/1": "a", "b/2": "elsewhere"}


def test_files_at_the_top_are_elsewhere():
    assert areas({"Makefile": 50, "a/1": 50}) == {"Makefile": "elsewhere", "a/1": "a"}


def test_deep_trees_are_split_down_to_four_levels():
    found = areas({"a/b/c/d/e/f": 50, "z/1": 50})
    assert set(found.values()) == {"a/b/c/d", "z"}


def test_many_even_folders_are_no_areas():
    """Forty folders of one fortieth each: none draws a tenth."""
    assert set(areas({f"f{i}/x": 1 for i in range(40)}).values()) == {"elsewhere"}


def test_there_are_never_more_areas_than_can_be_looked_at():
    counts = {f"a{i}/b{j}/x": 1 for i in range(9) for j in range(9)}
    assert len(set(areas(counts).values())) <= 2 * MOST_AREAS


def test_nothing_touched_says_nothing_about_areas():
    counts = {"a/1": 0, "b/2": 0}
    assert areas(counts) == {}
    assert assign(touched(counts), [], (), people=FEW) == ("one", {})


def test_several_repositories_are_told_apart():
    found = infer_areas({("one", "src/a"): 50, ("two", "src/b"): 50})
    assert found == {("one", "src/a"): "one:src", ("two", "src/b"): "two:src"}


def test_every_path_that_was_touched_lately_or_not_gets_an_area():
    found = areas(TREE | {"a/x/old": 0, "new/old": 0})
    assert found["a/x/old"] == "a/x"
    assert found["new/old"] == "elsewhere"
