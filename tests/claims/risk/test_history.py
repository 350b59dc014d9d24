"""The history of claims, read from a small repository that git wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.facts_of import END, History, prepared

from trueup.claims.assess import assess
from trueup.claims.model import Kind
from trueup.claims.policy import Policy
from trueup.claims.reading import read_books
from trueup.claims.risk.features import features
from trueup.claims.risk.history import NEVER, read_history
from trueup.claims.risk.model import Speaks, claim_risk
from trueup.claims.risk.past import DAY
from trueup.facts.views.activity import observed_until

AGO = {
    "first": 400, "tests": 390, "again": 380, "other": 300, "undone": 290, "plain": 200, "young": 20,
}  # fmt: skip
LINES = "".join(f"line {n}\n" for n in range(10))


def ago(name: str):
    return END - timedelta(days=AGO[name])


def build(told: History, *, names: tuple[str, str] = ("ada", "bo"), until: int = 0) -> None:
    """Claims by two people; only what is at least ``until`` days old."""
    ada, bo = names
    told.commit(ada, END - timedelta(days=500), {"src/a.py": "x\n", "src/b.py": "y\n"}, "Begin")
    steps = [
        ("first", ada, {"src/a.py": LINES}, "Mend a\n\nFixes #1"),
        ("tests", bo, {"src/b.py": LINES, "tests/test_b.py": "z\n"},
         f"Mend b\n\nFixes #2\n\nReviewed-by: {ada} <{ada}@example.com>"),
        ("again", ada, {"src/a.py": LINES + "more\n"}, "Mend a for good\n\nFixes #1"),
        ("other", bo, {"lib/c.py": "c\n"}, "Mend c\n\nFixes #3"),
    ]  # fmt: skip
    for name, who, files, message in steps:
        sha = told.commit(who, ago(name), files, message) if AGO[name] >= until else ""
    if AGO["undone"] >= until:
        undone = {"lib/c.py": None}
        message = f'Revert "Mend c"\n\nThis reverts commit {sha}.'
        told.commit(ada, ago("undone"), undone, message)
    if AGO["plain"] >= until:
        told.commit(bo, ago("plain"), {"src/a.py": "plain\n"}, "Tidy up")
    if AGO["young"] >= until:
        told.commit(ada, ago("young"), {"src/b.py": "young\n"}, "Mend b anew\n\nFixes #4")


def read(facts):
    assessment = assess(facts, observed_until(facts), Policy())
    return read_history(facts, read_books(facts), assessment)


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    with prepared(tmp_path_factory.mktemp("risk"), build) as facts:
        return read(facts)


def day(name):
    return int(ago(name).timestamp())


def test_claims_are_the_first_of_their_tickets(history):
    """The second claim of ticket 1 is an artefact; the revert and the tidying claim nothing."""
    assert history.at.tolist() == [day(n) for n in ("first", "tests", "other", "young")]
    assert history.left_out == 1


def test_what_became_of_them(history):
    assert history.broken_at.tolist() == [day("again"), NEVER, day("undone"), NEVER]
    assert history.contradicted.tolist() == [True, False, True, False]
    assert history.matured.tolist() == [True, True, True, False]
    assert history.embargo == 90 * DAY


def test_who_made_them_and_who_looked(history):
    assert history.author.tolist() == [0, 1, 1, 0]
    assert history.reviewed.tolist() == [False, True, False, False]
    assert len(set(history.stratum.tolist())) == 1


def test_the_files_they_touched(history):
    assert history.part_claim.tolist() == [0, 1, 1, 2, 3]
    assert sorted(history.part_lines[history.part_claim == 1].tolist()) == [1, 11]
    assert history.part_lines[0] == 11
    assert history.part_test.sum() == 1
    assert history.part_claim[history.part_test].tolist() == [1]
    assert history.edit_mends.sum() == 6


@pytest.mark.parametrize("days", [385, 295, 100])
def test_a_repository_that_ends_earlier_tells_the_same_of_its_claims(tmp_path, history, days):
    """From git to numbers: what is known of a claim does not depend on what came later."""
    with prepared(tmp_path, lambda told: build(told, until=days)) as facts:
        then = features(read(facts))
    whole = features(history)
    n = len(then.base)
    assert 0 < n < 4
    assert then.base.tolist() == whole.base[:n].tolist()
    np.testing.assert_allclose(then.matrix(), whole.matrix()[:n], rtol=1e-9)


def test_people_by_other_names_are_known_alike(tmp_path, history):
    with prepared(tmp_path, lambda told: build(told, names=("zoe", "abe"))) as facts:
        other = read(facts)
    assert features(other).matrix().tolist() == features(history).matrix().tolist()


def test_the_risk_of_few_claims_is_their_rate(tmp_path):
    with prepared(tmp_path, build) as facts:
        assessment = assess(facts, observed_until(facts), Policy())
        found = claim_risk(facts, read_books(facts), assessment)
    assert found.speaks is Speaks.BASE_RATE
    assert found.rate.value == 2 / 3
    assert (found.judged, found.left_out) == (4, 1)


def test_a_repository_without_claims_has_no_risk(tmp_path):
    def empty(told):
        told.commit("ada", END, {"a.py": "x\n"}, "Begin")

    with prepared(tmp_path, empty) as facts:
        assessment = assess(facts, observed_until(facts), Policy())
        found = claim_risk(facts, read_books(facts), assessment)
    assert found.speaks is Speaks.NOTHING
    assert found.judged == 0


def test_wide_tickets_and_notes_of_releases_are_left_out(tmp_path):
    """Three closings make ticket 9 wide: none of them is judged, nor what the notes of a release say."""

    def wide(told):
        told.commit("ada", END - timedelta(days=300), {"a.py": "x\n"}, "Begin")
        for n, days in enumerate((200, 170, 140)):
            text = f"Step {n} for b\n\nFixes #9"
            told.commit("ada", END - timedelta(days=days), {"b.py": LINES * (n + 1)}, text)
        told.commit("ada", END - timedelta(days=100), {"a.py": LINES}, "Mend a\n\nFixes #10")

    with prepared(tmp_path, wide) as facts:
        assessment = assess(facts, observed_until(facts), Policy())
        kinds = sorted(c.kind for c in assessment.all_claims)
        note = replace(assessment.all_claims[-1], kind=Kind.RELEASE_NOTE, key="note")
        assessment.all_claims.append(note)
        found = read_history(facts, read_books(facts), assessment)
    assert kinds == [Kind.COMMIT, *[Kind.UMBRELLA] * 3]
    assert (len(found.ids), found.left_out) == (1, 4)
    assert found.at.tolist() == [int((END - timedelta(days=100)).timestamp())]
