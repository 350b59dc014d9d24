"""Facts that need more memory than usual are measured all the same, at a second try."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.facts_of import DAY, END, History, take_in

from trueup.claims.policy import Policy
from trueup.facts import engine
from trueup.facts.store import Store
from trueup.kernel.errors import MemoryNeededError
from trueup.runs import measure as runs_measure
from trueup.runs.measure import judge_claims


@pytest.fixture
def snapshot(tmp_path):
    history = History(tmp_path / "app")
    with closing(history):
        for number in range(40):
            at = END - (50 - number) * DAY
            history.commit("Ada", at, {"a.py": str(number)}, f"Step\n\nFixes #{number}")
    store = Store(tmp_path / "workspace")
    take_in(store, history)
    return store.snapshot()


def judged(snapshot):
    return judge_claims(snapshot, Policy(), (), progress=lambda *_: None)


def test_a_second_try_takes_more(snapshot, monkeypatch):
    usual = len(judged(snapshot).all_claims)
    monkeypatch.setattr(engine, "LEAST_MB", 6)
    assert len(judged(snapshot).all_claims) == usual == 40


def test_what_needs_even_more_says_so(snapshot, monkeypatch):
    monkeypatch.setattr(engine, "LEAST_MB", 6)
    monkeypatch.setattr(runs_measure, "MORE_MEMORY", 1)
    with pytest.raises(MemoryNeededError, match="more memory than it may take"):
        judged(snapshot)
