"""Reverted work, by hand and from small repositories."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.facts.views.reverts import reverts
from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.revert_share import SIGNAL, estimate

CHANGES = np.array([20, 22, 18, 21, 19, 20, 24, 17, 20, 22, 19, 20, 21])


def usual():
    return Rows({"week": np.arange(13), "changes": CHANGES, "reverted": np.arange(13) % 2}, 13, 5)


def worse():
    back = np.arange(13) % 2 + 3
    return Rows({"week": np.arange(13), "changes": CHANGES, "reverted": back}, 13, 5)


def test_it_is_a_ratio_of_sums():
    found = estimate(usual())
    assert found.value == pytest.approx(6 / CHANGES.sum())
    assert 0 < found.low < found.value < found.high < 0.1


def test_none_reverted_is_zero_with_room_above():
    none = Rows({"week": np.arange(13), "changes": CHANGES, "reverted": np.zeros(13)}, 13, 5)
    found = estimate(none)
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high > 0.005


def test_too_little_gives_no_number():
    few = Rows({"week": np.arange(2), "changes": CHANGES[:2], "reverted": np.ones(2)}, 13, 5)
    assert estimate(few).status is Status.INSUFFICIENT


class Story:
    """A history in which every commit is one day later than the one before."""

    def __init__(self, repository, start=300):
        self.repository = repository
        self.at = END - start * DAY
        self.told = "story"
        self.name_of = {}

    def change(self, name, message, *, branch="main", **more):
        self.at += DAY
        files = more.pop("files", {f"{self.told}/{name}.py": f"{self.at}\n"})
        branch = branch if branch == "main" else f"{branch}-{self.told}"
        sha = self.repository.commit("Ada", self.at, files, message, branch=branch, **more)
        self.name_of[sha] = (self.told, name)
        return sha


def by_whole_and_cut_id(story):
    one, two = story.change("one", "First thing"), story.change("two", "Second thing")
    story.change("back", f'Revert "First thing"\n\nThis reverts commit {one}.')
    story.change("back2", f"Back out the second\n\nThis reverts commit {two[:9]}.")


def by_subject(story):
    story.change("old", "Same words")
    story.change("new", "Same words")
    story.change("back", 'Revert "Same words"')


def by_number(story):
    story.change("squashed", "Add a thing (#7)")
    story.change("back", "Revert the thing\n\nThis reverts #7, which broke the build")


def by_merge(story):
    base = story.change("base", "Base")
    story.change("x", "Part x", branch="topic", onto=base)
    topic = story.change("y", "Part y", branch="topic")
    merge = story.change("merge", "Merge branch topic", merge=topic)
    story.change("back", f'Revert "Merge branch topic"\n\nThis reverts commit {merge}.')


def undone(story):
    one = story.change("one", "Third thing")
    back = story.change("back", f'Revert "Third thing"\n\nThis reverts commit {one}.')
    story.change("again", f'Revert "Revert "Third thing""\n\nThis reverts commit {back}.')


def undone_and_redone(story):
    one = story.change("one", "Fourth thing")
    back = story.change("back", f'Revert "Fourth thing"\n\nThis reverts commit {one}.')
    again = story.change("again", f"Revert the revert\n\nThis reverts commit {back}.")
    story.change("third", f"Back out again\n\nThis reverts commit {again}.")


def reapplied(story):
    one = story.change("one", "Fifth thing")
    story.change("back", f'Revert "Fifth thing"\n\nThis reverts commit {one}.')
    story.change("again", 'Reapply "Fifth thing"')


def returned(story):
    text = "".join(f"a telling line number {n}\n" for n in range(9))
    one = story.change("one", "Sixth thing", files={"six.py": text})
    back = f"Take it back\n\nThis reverts commit {one}."
    story.change("back", back, files={"six.py": ""})
    story.change("again", "By another name", files={"six.py": text})


def within_one_merge(story):
    base = story.change("base", "Base of one merge")
    one = story.change("one", "Try it", branch="topic", onto=base)
    topic = story.change("back", f"Take it back\n\nThis reverts commit {one}.", branch="topic")
    story.change("merge", "Merge branch topic again", merge=topic)


def elsewhere(story):
    base = story.change("base", "Base of elsewhere")
    back = f"Take it back\n\nThis reverts commit {base}."
    story.change("back", back, branch="topic", onto=base)
    story.change("back2", f"Revert it\n\nThis reverts commit {'1234567890' * 4}.")


STORIES = [
    (by_whole_and_cut_id, {("one", "back", "commit"), ("two", "back2", "commit")}),
    (by_subject, {("new", "back", "subject")}),
    (by_number, {("squashed", "back", "pull")}),
    (by_merge, {("x", "back", "merge"), ("y", "back", "merge")}),
    (undone, {("back", "again", "commit")}),
    (undone_and_redone, {("one", "back", "commit"), ("again", "third", "commit")}),
    (reapplied, {("back", "again", "reapply")}),
    (returned, {("back", "again", "reapply")}),
    (within_one_merge, set()),
    (elsewhere, set()),
]


@pytest.fixture(scope="module")
def taken_back(tmp_path_factory):
    """What was taken back in each story; all are told in one repository."""
    told = []

    def build(repository):
        story = Story(repository)
        for tell, _ in STORIES:
            story.told = tell.__name__
            tell(story)
        told.append(story.name_of)

    with prepared(tmp_path_factory.mktemp("reverts"), build) as facts:
        rows = facts.read(reverts(facts)).to_pylist()
    return [(*told[0][r["sha"]], *told[0][r["by"]], r["how"]) for r in rows]


@pytest.mark.parametrize(("tell", "found"), STORIES, ids=lambda x: getattr(x, "__name__", ""))
def test_what_counts_as_taken_back(taken_back, tell, found):
    mine = [r for r in taken_back if tell.__name__ in (r[0], r[2])]
    assert {(r[1], r[3], r[4]) for r in mine} == found
    assert len(mine) == len(found)


def history(repository):
    story = Story(repository, 60)
    soon, late = story.change("soon", "Soon back"), story.change("late", "Late back")
    story.change("back", f"Take it back\n\nThis reverts commit {soon}.")
    story.at = END - 20 * DAY
    story.change("back2", f"Take it back\n\nThis reverts commit {late}.")
    repository.commit("Ada", END, {"a.py": "1\n"}, "Too young to tell")


def test_rows_count_what_is_old_enough_in_the_week_it_came_of_age(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=6)
        same_sql(facts, SIGNAL)
    # three changes landed 57 to 59 days before the end, two later ones are younger than 30 days
    assert rows["changes"].sum() == 3
    assert rows["reverted"].sum() == 1
    assert set(rows["week"].tolist()) == {1, 2}
