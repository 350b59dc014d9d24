"""Laws for the rows of every signal, on one small world: a real repository, and what its forge tells."""

from __future__ import annotations

from contextlib import ExitStack

import ibis
import pytest
from tests.facts_of import DAY, END, prepared, rows_of
from tests.forge_of import Forge

from trueup.facts.views.periods import in_weeks
from trueup.kernel.declarations import Grain
from trueup.kernel.window import WEEK, Window
from trueup.signals import SIGNALS

every = pytest.mark.parametrize("signal", list(SIGNALS), ids=lambda s: s.name)

PEOPLE = ("Ada", "Bo", "Cy", "Dee", "Eli", "Flo", "Gus", "Hal")
WEEKS = 26


def world(people=PEOPLE, shift=0, forge=None):
    """A team of eight over two areas: merges, applied patches, fixes, some reverted or made again."""
    forge = forge or Forge(END)

    def build(repository):
        start = END - WEEKS * WEEK - 100 * DAY - shift * WEEK
        deep = "".join("    " * (i % 7) + "step()\n" for i in range(40))
        tip = ""
        for number in range(600):
            at = start + number * 0.465 * DAY
            who, other = people[number % 7 * (number % 3) % 8], people[(number + 3) % 8]
            area = "core" if number % 5 else "web"
            files = {f"{area}/f{number % 9}.py": deep[: 200 + number]}
            if number % 8 == 0:
                files["web/f1.py" if area == "core" else "core/f1.py"] = f"{number}\n"
            ticket = number // 2 if number % 40 < 2 else number
            message = f"Fix thing {number}\n\nFixes #{1000 + ticket}"
            if number % 50 == 7:
                message = f"Revert the last one\n\nThis reverts commit {tip}."
            if number % 4 == 1 and tip:
                topic = repository.commit(
                    who, at - DAY, files, message, branch=f"t{number}", onto=tip
                )
                tip = repository.commit(other, at, files, f"Merge {number}", merge=topic)
                asked(forge, number, at, tip, who.lower(), other.lower())
            else:
                tip = repository.commit(who, at - DAY / 3, files, message, by=other, landed=at)
        repository.commit(people[0], END - shift * WEEK, {"end.py": "1\n"}, "End")

    return build


def asked(forge, number, at, merge, who, other):
    """A merged request that closes an issue; every second one was discussed."""
    forge.pull(
        number, who, at - 2 * DAY, at, sha=merge, merger=other, body=f"Closes #{1000 + number}"
    )
    if number % 8 == 1:
        forge.review(number, other, at - DAY, "CHANGES_REQUESTED")
        forge.comment(number, who, at - DAY / 2)
    forge.review(number, other, at - DAY / 4, "APPROVED")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """The same world three times: as it is, a week earlier, and with other people's names."""
    other = ("Zoe", "Yan", "Xu", "Wim", "Val", "Uma", "Tom", "Sue")
    builds = {"as it is": (PEOPLE, 0), "earlier": (PEOPLE, 1), "renamed": (other, 0)}
    forges = {name: Forge(END - shift * WEEK) for name, (_, shift) in builds.items()}
    with ExitStack() as stack:
        found = {}
        for name, (people, shift) in builds.items():
            build = world(people, shift, forges[name])
            place = tmp_path_factory.mktemp("world")
            facts = stack.enter_context(prepared(place, build, forge=forges[name]))
            found[name] = facts, END - shift * WEEK
        yield found


class TestRows:
    """What holds for the rows of any signal, on a real repository."""

    @every
    def test_columns_and_scopes(self, worlds, signal):
        facts, end = worlds["as it is"]
        window = Window.ending(end, weeks=WEEKS)
        rows = facts.read(signal.rows(facts, window))
        assert "" in rows["scope"].to_pylist()
        assert not any(rows[c].null_count for c in rows.column_names)
        assert ("week" in rows.column_names) == (signal.grain is Grain.WEEKS)
        if signal.grain is Grain.WEEKS:
            assert set(rows["week"].to_pylist()) <= set(range(WEEKS))
            assert rows["week"].type == "int64"

    @every
    def test_a_real_repository_gives_a_number(self, worlds, signal):
        found = signal.estimate(rows_of(*worlds["as it is"][:1], signal, weeks=WEEKS))
        assert found.measured, found.reason

    @every
    @pytest.mark.parametrize("other", ["earlier", "renamed"])
    def test_neither_names_nor_the_week_matter(self, worlds, signal, other):
        results = []
        for name in ("as it is", other):
            facts, end = worlds[name]
            rows = rows_of(facts, signal, weeks=WEEKS, end=end)
            items = list(signal.details(rows)) if signal.details else []
            results.append((signal.estimate(rows), items))
        assert results[0] == results[1]

    @every
    def test_a_window_without_facts_gives_no_number(self, worlds, signal):
        facts, end = worlds["as it is"]
        rows = rows_of(facts, signal, end=end - 4000 * DAY)
        assert not signal.estimate(rows).measured

    @every
    def test_it_compiles_for_spark(self, worlds, signal):
        facts, end = worlds["as it is"]
        expression = signal.rows(facts, Window.ending(end, weeks=WEEKS))
        # the dialect of Spark that compiles without Spark being installed
        assert "SELECT" in ibis.to_sql(expression, dialect="databricks")

    def test_the_world_is_as_busy_as_it_should(self, worlds):
        facts, end = worlds["as it is"]
        work = in_weeks(facts.table("work"), Window.ending(end, weeks=WEEKS))
        assert facts.value(work.actor.nunique()) >= 6
        assert facts.value(work.count()) > 300
