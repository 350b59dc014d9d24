"""Coverage beside the lines that commits brought, from git and reports as they are written."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.facts.views.test_chains import ADA, BO, KEY, START
from tests.facts.writing import current
from tests.facts_of import DAY, END, History

from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.facts.views.tested_lines import Through, through_tests
from trueup.runs.intake import take_exports
from trueup.runs.measure import prepare
from trueup.sources.git.collect import Request, collect

OLD = "def a():\n    return 1\n"
NEW = "def a():\n    return 1\n\n\ndef b():\n    x = 2\n    return x\n"
LCOV = "TN:\nSF:{path}\n{hits}end_of_record\n"


class Place:
    """A repository, its workspace, and reports of coverage taken in beside it."""

    def __init__(self, folder):
        self.folder = folder
        self.history = History(folder / "small")
        self.store = Store(folder / "workspace")

    def collect(self):
        with self.store.writing():
            return collect(
                self.history.path, self.store, Request(workers=1), KEY, lambda: END, progress=lambda *_: None
            )  # fmt: skip

    def report(self, sha, *files):
        """Each file with the hits of its lines."""
        place = self.folder / f"report{len(list(self.folder.iterdir()))}"
        place.mkdir()
        text = "".join(
            LCOV.format(path=path, hits="".join(f"DA:{n},{hit}\n" for n, hit in hits.items()))
            for path, hits in files
        )
        (place / "lcov.info").write_text(text)
        about = {"sha": sha, "place": "acme/small"}
        (taken,) = take_exports(place, self.store, KEY, lambda: END, lambda *_: None, about)
        assert taken.problems == []

    def through(self):
        with open_facts(self.store.snapshot()) as facts:
            prepare(facts, START, END, ())
            return {sha: found for (_, sha), found in through_tests(facts).items()}


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def grown(place, path="src/app/a.py"):
    """A commit that adds lines 3 to 7, of which 5 to 7 can run, and 5 does so when the file is loaded."""
    with closing(place.history) as history:
        history.commit(ADA, START, {path: OLD, "src/other/a.py": OLD})
        return history.commit(ADA, START + DAY, {path: NEW}, "Add b", by=BO)


LINES = {1: 1, 2: 1, 5: 1, 6: 1, 7: 0}


def test_lines_are_read_once_a_report_tells_of_the_commit(place):
    sha = grown(place)
    place.collect()
    assert place.through() == {}
    assert place.collect().unchanged
    place.report(sha, ("src/app/a.py", LINES))
    assert not place.collect().unchanged
    assert place.through() == {sha: Through(can_run=2, ran=1)}
    assert place.collect().unchanged


@pytest.mark.parametrize(
    ("reported", "known"),
    [
        ("/srv/ci/small/src/app/a.py", True),
        ("app/a.py", True),
        ("a.py", False),
        ("lib/a.py", False),
        ("src/app/b.py", False),
    ],
)
def test_which_file_is_meant(place, reported, known):
    sha = grown(place)
    place.report(sha, (reported, LINES))
    place.collect()
    assert place.through() == ({sha: Through(2, 1)} if known else {})


def test_files_that_could_be_meant_several_times_are_left_out(place):
    with closing(place.history) as history:
        history.commit(ADA, START, {"one/app/a.py": OLD, "two/app/a.py": OLD})
        sha = history.commit(ADA, START + DAY, {"one/app/a.py": NEW, "two/app/a.py": NEW})
    place.report(sha, ("app/a.py", LINES))
    place.collect()
    assert place.through() == {}


def test_a_line_ran_when_any_report_says_so(place):
    sha = grown(place)
    place.report(sha, ("src/app/a.py", {5: 0, 6: 1}))
    place.report(sha, ("src/app/a.py", {5: 1, 7: 0}))
    place.collect()
    assert place.through() == {sha: Through(2, 1)}


def test_lines_nobody_touched_say_nothing(place):
    sha = grown(place)
    place.report(sha, ("src/app/a.py", {1: 5, 2: 5}))
    place.collect()
    assert place.through() == {}


def test_a_merge_brings_what_its_branch_did_and_a_first_commit_everything(place):
    with closing(place.history) as history:
        first = history.commit(ADA, START, {"src/a.py": OLD})
        work = history.commit(ADA, START + DAY, {"src/a.py": NEW}, branch="work", onto=first)
        aside = history.commit(BO, START + DAY, {"b.txt": "b\n"}, onto=first)
        merge = history.commit(
            BO, START + 2 * DAY, {"src/a.py": NEW}, "Merge", onto=aside, merge=work
        )
    for sha in (first, merge):
        place.report(sha, ("src/a.py", LINES))
    place.collect()
    assert place.through() == {first: Through(1, 1), merge: Through(2, 1)}


@pytest.mark.parametrize(
    ("path", "line", "counts"),
    [
        ("a.py", "def f(x):", False),
        ("a.py", "    async def f(self):", False),
        ("a.py", "@cached", False),
        ("a.py", "class A(B):", False),
        ("a.py", "from a.b import c", False),
        ("a.py", "import a", False),
        ("a.py", "defer(x)", True),
        ("a.py", "imported = 1", True),
        ("a.rb", "  def self.f", False),
        ("a.rb", "require 'x'", False),
        ("a.ts", "export default async function f(x: T) {", False),
        ("a.ts", "export const f = async (x) => {", False),
        ("a.ts", "const total = f(x);", True),
        ("a.ts", "export const f: Handler = async (x) => {", False),
        ("a.ts", "export abstract class A {", False),
        ("a.ts", "  private static f = (x: T): U => {", False),
        ("a.js", "const express = require('express')", False),
        ("a.js", "const {a} = require('./c')", False),
        ("a.js", "exports.f = function (x) {", False),
        ("a.js", "export * from './x'", False),
        ("a.rb", "require_relative 'x'", False),
        ("a.js", "const user = users.find(u => u.id === id);", True),
        ("a.js", "const total = items.map(x => price(x)).reduce(add)", True),
        ("a.js", "const r = await retry(() => send(mail));", True),
        ("a.js", "module.exports = build(config);", True),
        ("a.js", "import('./x').then(run);", True),
        ("a.js", "if (a == b) return x.map(y => y)", True),
        ("a.go", "import fmt", True),
    ],
)
def test_lines_that_only_define_something_run_whatever_is_tested(place, path, line, counts):
    with closing(place.history) as history:
        history.commit(ADA, START, {path: "1\n"})
        sha = history.commit(ADA, START + DAY, {path: f"1\n{line}\n"})
    place.report(sha, (path, {2: 1}))
    place.collect()
    found = current(place.store.snapshot(), "hunks", "sha", "first")
    assert found == ([(sha, [2])] if counts else [])


def test_a_line_that_looks_like_a_heading_is_a_line(place):
    odd = "+++ b/else.py\n@@ -1 +1,9 @@\n\x01commit 1234\n-- x\n"
    with closing(place.history) as history:
        history.commit(ADA, START, {"a/b.sql": "x\n"})
        sha = history.commit(ADA, START + DAY, {"a/b.sql": "x\n" + odd})
    place.report(sha, ("a/b.sql", dict.fromkeys(range(1, 9), 1)))
    place.collect()
    assert place.through() == {sha: Through(4, 4)}


def test_a_commit_that_is_nowhere_is_not_looked_for(place):
    grown(place)
    place.report("f" * 40, ("src/app/a.py", LINES))
    place.collect()
    assert place.through() == {}
    assert place.collect().unchanged
