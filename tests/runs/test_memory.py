"""Facts that need more memory than usual are measured all the same, at a second try."""

from __future__ import annotations

import pytest
from tests.facts_of import DAY, END, History

from trueup.claims.policy import Policy
from trueup.facts import engine
from trueup.facts.store import Store
from trueup.kernel.errors import MemoryNeededError
from trueup.runs import measure as runs_measure
from trueup.runs.measure import judge_claims
from trueup.sources.git.collect import Request, collect


@pytest.fixture
def snapshot(tmp_path):
    with_tags = History(tmp_path / "app")
    for number in range(40):
        message = f"Step\n\nFixes #{number}"
        with_tags.commit(
            "Ada <ada@example.org>", END - (50 - number) * DAY, {"a.py": str(number)}, message
        )
    with_tags.close()
    store = Store(tmp_path / "workspace")
    with store.writing():
        collect(
            with_tags.path,
            store,
            Request(workers=1),
            b"k" * 32,
            lambda: END,
            progress=lambda *_: None,
        )
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
