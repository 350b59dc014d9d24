"""Requests of a forge that nests groups and has a sign of its own for them: `!12` is no `#12`."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from tests.facts_of import DAY, END, History
from tests.sources.git.making import git

from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.runs.intake import take_exports
from trueup.runs.measure import prepare
from trueup.sources.git.collect import Request, collect

KEY = b"k" * 32
START = END - 60 * DAY
PLACE = "acme/platform/small"


def merge_request(number: int) -> dict[str, object]:
    """One that was merged without a commit of its own."""
    merged = (START + 3 * DAY).isoformat()
    return {
        "id": number, "iid": number, "project_id": 9, "title": f"Work {number}", "state": "merged", "labels": [],
        "created_at": (START + DAY).isoformat(), "updated_at": merged, "merged_at": merged, "target_branch": "main",
        "source_branch": "t", "references": {"full": f"{PLACE}!{number}"}, "web_url": "",
    }  # fmt: skip


@pytest.fixture(params=["git@gitlab.com:acme/platform/small.git", ""], ids=["clone", "folder"])
def facts(request, tmp_path):
    history = History(tmp_path / "small")
    ada = "Ada <ada@example.org>"
    with closing(history):
        history.commit(ada, START, {"a.py": "0"}, "Begin")
        history.commit(ada, START + 2 * DAY, {"b.py": "1"}, "What an issue wanted (#10)")
        history.commit(
            ada, START + 3 * DAY, {"c.py": "1"}, f"Brought\n\nSee merge request {PLACE}!11"
        )
    if request.param:
        git(history.path, "config", "remote.origin.url", request.param)
    exported = tmp_path / "merge_requests.json"
    exported.write_text(json.dumps([merge_request(10), merge_request(11)]))
    store = Store(tmp_path / "workspace")
    with store.writing():
        collect(history.path, store, Request(workers=1), KEY, lambda: END, progress=lambda *_: None)
    take_exports(exported, store, KEY, lambda: END, lambda *_: None)
    with open_facts(store.snapshot()) as found:
        prepare(found, START - 10 * DAY, END, ())
        yield found


def test_only_what_names_it_with_its_sign_is_of_a_request(facts):
    delivered = facts.table("delivered").select("number", "how", "landed")
    assert list(facts.rows(delivered)) == [("11", "number", True)]
