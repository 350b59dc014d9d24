"""Where a claim can be looked at: pages of its forge, made from the address of the clone alone."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from tests.claims.making import claim
from tests.facts_of import DAY, END, History, take_in

from trueup.claims.model import Kind
from trueup.facts.repositories import TABLE
from trueup.facts.store import Store
from trueup.runs.subjects import pages
from trueup.simulate.gitwriter import git

WORK = claim(0, kind=Kind.CHANGE, pull="7", tickets=("#5", "KEY-1"), shas=("a" * 40, "b" * 40))


@pytest.fixture
def seen(tmp_path):
    """What is shown for a clone with some remote."""

    def told(remote: str) -> tuple[str, ...]:
        history = History(tmp_path / "x")
        with closing(history):
            history.commit("Ada <ada@example.org>", END - DAY, {"a": "1"})
        git(history.path, "config", "remote.origin.url", remote)
        store = Store(tmp_path / "w")
        take_in(store, history)
        (repo,) = store.snapshot().table(TABLE)["repo"].to_pylist()
        return pages(store.snapshot(), replace(WORK, repo=repo))

    return told


GITHUB = (
    "https://github.com/acme/x/pull/7",
    "https://github.com/acme/x/issues/5",
    f"https://github.com/acme/x/commit/{'a' * 40}",
)


@pytest.mark.parametrize(
    ("remote", "found"),
    [
        ("https://github.com/acme/x.git", GITHUB),
        ("git@github.com:acme/x.git", GITHUB),
        ("https://user:secret@github.com/acme/x", GITHUB),
        (
            "https://gitlab.com/acme/deep/x.git",
            (
                "https://gitlab.com/acme/deep/x/-/merge_requests/7",
                "https://gitlab.com/acme/deep/x/-/issues/5",
                f"https://gitlab.com/acme/deep/x/-/commit/{'a' * 40}",
            ),
        ),
        ("https://git.example.org/x.git", ()),
        ("../elsewhere", ()),
    ],
)
def test_pages(seen, remote, found):
    assert seen(remote) == found
