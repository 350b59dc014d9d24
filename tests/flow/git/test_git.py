"""A recorded history in, facts out: every table compared with the CSV beside this file.

Written anew by `TRUEUP_FLOW=write pytest tests/flow/git`, to be read before it is kept.
"""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.flow.told import compare

from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.simulate.gitwriter import clean_environment, git, new_repository
from trueup.sources.git import SOURCE
from trueup.sources.git.collect import Request, collect

HERE = Path(__file__).parent
NOW = datetime(2026, 2, 1, tzinfo=UTC)
#: Where it was read, and by what, says nothing about the history.
LEFT_OUT = ("seen_at", "source", "git_version")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("flow")
    path = folder / "app"
    new_repository(path)
    subprocess.run(
        ["git", "fast-import", "--quiet", "--done"],
        cwd=path,
        env=clean_environment(),
        input=(HERE / "history.fi").read_bytes(),
        check=True,
    )
    git(path, "config", "remote.origin.url", "https://github.com/acme/app.git")
    store = Store(folder / "workspace")
    clock = fixed_clock(NOW)
    with store.writing():
        collect(
            path, store, Request(workers=1), b"a key for tests", clock, progress=lambda *_: None
        )
    return store


@pytest.mark.parametrize("name", sorted(SOURCE.writes))
def test_facts(store: Store, name: str) -> None:
    compare(store, name, HERE, LEFT_OUT)
