"""Accounts of a forge that are told without an address, and the people who write commits."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from tests.facts_of import DAY, END, History, take_in

from trueup.claims.evidence.inspected import inspected
from trueup.claims.reading import read_books
from trueup.claims.register import register
from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.runs.intake import take_exports
from trueup.runs.measure import prepare

START = END - 60 * DAY
HERE = "https://api.github.com/repos/acme/small"
ADA, BO = "Ada <ada@example.org>", "Bo Reed <bo@example.org>"
GITHUB = "GitHub <noreply@github.com>"


def at(day: float) -> str:
    return (START + day * DAY).isoformat()


@pytest.mark.parametrize(
    ("merged_by", "looks"), [("breed", []), ("cy", ["review"])], ids=["own", "another"]
)
def test_who_merges_in_the_forge_is_who_wrote_the_merge(tmp_path, merged_by, looks):
    """Bo wrote most of it and looked at it as `breed`; the merge that he made shows that it is he."""
    history = History(tmp_path / "small")
    with closing(history):
        base = history.commit(BO, START, {"a.py": "0"}, "Begin")
        more = {"branch": "topic"}
        first = history.commit(ADA, START + DAY, {"b.py": "1"}, "Point", onto=base, **more)
        for number in (2, 3):
            written = START + number * DAY
            first = history.commit(BO, written, {"b.py": f"{number}"}, "Apply", onto=first, **more)
        landed = START + 5 * DAY
        merge = history.commit(
            BO, landed, {}, "Merge pull request #1", by=GITHUB, onto=base, merge=first
        )
    who = {"user": {"login": "ada"}, "merged_by": {"login": merged_by}}
    pull = {
        "url": f"{HERE}/pulls/1", "id": 1, "number": 1, "title": "Point", "body": "", "state": "closed", "labels": [],
        "created_at": at(1), "updated_at": at(5), "closed_at": at(5), "merged_at": at(5), "merge_commit_sha": merge,
        "base": {"ref": "main", "sha": "0" * 40}, "head": {"ref": "topic", "sha": first},
    }  # fmt: skip
    review = {
        "id": 7, "user": {"login": "breed"}, "body": "", "state": "COMMENTED", "commit_id": first,
        "pull_request_url": f"{HERE}/pulls/1", "submitted_at": at(4),
    }  # fmt: skip
    files = tmp_path / "files"
    files.mkdir()
    (files / "pulls.json").write_text(json.dumps([pull | who]))
    (files / "reviews.json").write_text(json.dumps([review]))
    store = Store(tmp_path / "workspace")
    take_in(store, history)
    take_exports(files, store, b"k" * 32, lambda: END, lambda *_: None)
    with open_facts(store.snapshot()) as facts:
        prepare(facts, START - 10 * DAY, END, ())
        (book,) = read_books(facts).values()
    (claim,) = register(book).claims
    assert [e.how for e in inspected(book, claim) if not e.against] == looks
