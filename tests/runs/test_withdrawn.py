"""What was called done and refused later can be listed and explained; it counts nowhere else."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.claims.test_tracker import BEGAN, day, read_all
from tests.facts_of import DAY, History, take_in

from trueup.publish.document import Audience
from trueup.runs.config import Config
from trueup.runs.scan import Session, Wanted, explain_claim, list_claims, publish_newest

STORIES = [("c2", "completed"), ("c2 n20", "not_planned")]


@pytest.fixture
def workspace(tmp_path):
    history = History(tmp_path / "app")
    with closing(history):
        for number, at in enumerate((0, 1, 60)):
            name = "Ada <ada@example.org>"
            history.commit(name, BEGAN + at * DAY, {"a.py": str(number)}, f"Step {number}")

    read_all(tmp_path, STORIES, BEGAN, before=lambda store: take_in(store, history, now=day(60)))
    session = Session(tmp_path / "workspace", Config(), lambda: day(60), lambda *_: None)
    publish_newest(session, Audience.TEAM)
    return tmp_path / "workspace"


def test_it_is_listed_with_what_it_was_until_then(workspace):
    (gone,), many = list_claims(workspace, Wanted(status="withdrawn"), limit=0)
    assert (gone.ticket, gone.verdict, many) == ("#2", "withdrawn", 1)
    assert gone.reason.startswith("its tracker refused it on 2026-01-25; pending until then: ")
    others, _ = list_claims(workspace, Wanted(), limit=0)
    assert [(c.ticket, c.verdict) for c in others] == [("#1", "not_assessable")]


def test_it_is_explained(workspace):
    (gone,), _ = list_claims(workspace, Wanted(status="withdrawn"), limit=0)
    told = explain_claim(workspace, gone.id)
    assert (told.row.verdict, told.missing) == ("withdrawn", ())
