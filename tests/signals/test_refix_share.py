"""Fixes made again, by hand and from small repositories."""

from __future__ import annotations

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql

from trueup.facts.views.refixes import refixes
from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.refix_share import SIGNAL, estimate

FIXES = np.array([8, 7, 9, 8, 6, 8, 9, 7, 8, 8, 9, 7, 8])


def usual():
    return Rows({"week": np.arange(13), "fixes": FIXES, "fixed_again": np.arange(13) % 2}, 13, 5)


def worse():
    again = np.arange(13) % 2 + 2
    return Rows({"week": np.arange(13), "fixes": FIXES, "fixed_again": again}, 13, 5)


def test_it_is_a_ratio_of_sums():
    found = estimate(usual())
    assert found.value == pytest.approx(6 / FIXES.sum())
    assert found.low < found.value < found.high


def test_nobody_naming_tickets_is_a_missing_source():
    found = estimate(Rows({}, 13, 5))
    assert found.status is Status.SOURCE_MISSING
    assert "which ticket" in found.reason


class Story:
    """Commits at given days before the end, each story with its own ticket and files."""

    def __init__(self, repository):
        self.repository = repository
        self.told = "story"
        self.ticket = 5
        self.name_of = {}

    def change(self, name, days, said, *paths, branch="main", **more):
        files = {f"{self.told}/{path}": f"{name} {days}\n" for path in paths}
        branch = branch if branch == "main" else f"{branch}-{self.told}"
        at, message = END - days * DAY, said.replace("#5", f"#{self.ticket}")
        sha = self.repository.commit("Ada", at, files, message, branch=branch, **more)
        self.name_of[sha] = (self.told, name)
        return sha


def same_file_later(story):
    story.change("one", 200, "Fix parser\n\nFixes #5", "a.py")
    story.change("two", 150, "Fix parser for good\n\nFixes #5", "a.py", "b.py")


def said_by_the_request(story):
    base = story.change("base", 201, "Base", "a.py")
    topic = story.change("one", 200, "Parse better", "a.py", branch="topic", onto=base)
    said = "Merge pull request #99 from x/topic\n\nFix parser. Fixes #5"
    story.change("merge", 199, said, merge=topic)
    story.change("two", 150, "Fix parser for good\n\nFixes #5", "a.py")


def other_files(story):
    story.change("one", 200, "Fix parser\n\nFixes #5", "a.py")
    story.change("two", 150, "Fix lexer\n\nFixes #5", "b.py")


def only_the_news_in_common(story):
    story.change("one", 200, "Fix parser\n\nFixes #5", "a.py", "NEWS.md")
    story.change("two", 150, "Fix lexer\n\nFixes #5", "b.py", "NEWS.md")


def later_tests_alone(story):
    story.change("one", 200, "Fix parser\n\nFixes #5", "a.py", "tests/test_a.py")
    story.change("two", 150, "Test parser\n\nFixes #5", "tests/test_a.py")


def umbrella(story):
    for i, name in enumerate(("one", "two", "three")):
        story.change(name, 200 - 20 * i, f"Step {name}\n\nFixes #5", "a.py")


def same_subject(story):
    story.change("one", 200, "Fix parser\n\nFixes #5", "a.py")
    story.change("two", 150, "Fix parser\n\nFixes #5", "a.py")


def same_change_id(story):
    mark = f"Change-Id: I{'a1' * 20}"
    story.change("one", 200, f"Fix parser\n\nFixes #5\n\n{mark}", "a.py")
    story.change("two", 150, f"Mend parser\n\nFixes #5\n\n{mark}", "a.py")


def one_merge(story):
    base = story.change("base", 201, "Base", "a.py")
    story.change("one", 200, "Fix parser\n\nFixes #5", "a.py", branch="topic", onto=base)
    topic = story.change("two", 190, "Mend parser\n\nFixes #5", "a.py", branch="topic")
    story.change("merge", 180, "Merge topic", merge=topic)


def too_soon(story):
    story.change("one", 200.5, "Fix parser\n\nFixes #5", "a.py")
    story.change("two", 200, "Mend parser\n\nFixes #5", "a.py")


def too_late(story):
    story.change("one", 199, "Fix lexer\n\nFixes #5", "a.py")
    story.change("two", 100, "Mend lexer\n\nFixes #5", "a.py")


STORIES = [
    (same_file_later, {("one", "two")}),
    (said_by_the_request, {("one", "two")}),
    (other_files, set()),
    (only_the_news_in_common, set()),
    (later_tests_alone, set()),
    (umbrella, set()),
    (same_subject, set()),
    (same_change_id, set()),
    (one_merge, set()),
    (too_soon, set()),
    (too_late, set()),
]


@pytest.fixture(scope="module")
def made_again(tmp_path_factory):
    """What was fixed again in each story; all are told in one repository."""
    told = []

    def build(repository):
        story = Story(repository)
        for number, (tell, _) in enumerate(STORIES):
            story.told, story.ticket = tell.__name__, 100 + number
            tell(story)
        told.append(story.name_of)

    with prepared(tmp_path_factory.mktemp("refixes"), build) as facts:
        rows = facts.read(refixes(facts)).to_pylist()
    return [(*told[0][r["sha"]], *told[0][r["by"]], r["ticket"]) for r in rows]


@pytest.mark.parametrize(("tell", "found"), STORIES, ids=lambda x: getattr(x, "__name__", ""))
def test_what_counts_as_made_again(made_again, tell, found):
    mine = [r for r in made_again if tell.__name__ in (r[0], r[2])]
    assert {(r[1], r[3]) for r in mine} == found
    assert len(mine) == len(found)


def history(repository):
    story = Story(repository)
    same_file_later(story)
    story.change("other", 120, "Fix more\n\nFixes #8", "a.py")
    story.change("young", 10, "Fix\n\nFixes #9", "a.py")
    story.change("end", 0, "End", "end.py")


def test_rows_count_fixes_in_the_week_they_came_of_age(tmp_path):
    with prepared(tmp_path, history) as facts:
        rows = rows_of(facts, SIGNAL, weeks=26)
        same_sql(facts, SIGNAL)
    columns = ("week", "fixes", "fixed_again")
    found = sorted(zip(*(rows[c].tolist() for c in columns), strict=True))
    # of age 110, 60 and 30 days before the end, of 182 days
    assert found == [(10, 1, 1), (17, 1, 0), (21, 1, 0)]
