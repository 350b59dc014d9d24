"""A sync with a GitHub of many issues, to be killed: python -m tests.e2e.killed_sync ADDRESS WORKSPACE."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import Intake
from trueup.runs.kinds import SOURCES
from trueup.runs.sync import Sync
from trueup.transport.http import Client

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def sync(address: str, workspace: Path) -> None:
    github = SOURCES["github"]
    store = Store(workspace)
    headers = github.interface.headers("a-token")
    client = Client(address, headers, "GitHub", "GITHUB_TOKEN", fixed_clock(NOW))
    with store.writing(), client:
        intake = Intake(github, store, "acme/app", b"k" * 32, fixed_clock(NOW), lambda *_: None)
        run = Sync(github, "acme/app", client, intake, SINCE, lambda *_: None, f"{address}/graphql")
        _, refused = run.run()
    assert refused == []


if __name__ == "__main__":
    sync(sys.argv[1], Path(sys.argv[2]))
