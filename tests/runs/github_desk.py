"""A workspace that syncs with a stand-in for GitHub."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
from tests.fakes.github import BASE, GitHub, issue, moment, pull, review
from tests.syncing import sync

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.kinds import SOURCES
from trueup.transport.http import Client

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 6, 1, tzinfo=UTC)
GITHUB = SOURCES["github"]


class Desk:
    """A workspace that syncs with one GitHub."""

    def __init__(self, folder: Path, github: GitHub) -> None:
        self.github = github
        self.store = Store(folder)
        self.slept: list[float] = []
        self.now = NOW

    def sync(self, *, token: str = "a-token", sleep: Any = None, whole: bool = False):
        transport = httpx.WSGITransport(app=self.github)
        headers = GITHUB.interface.headers(token)
        clock = fixed_clock(self.now)
        wait = sleep or self.slept.append
        client = Client(
            BASE, headers, "GitHub", "GITHUB_TOKEN", clock, sleep=wait, transport=transport
        )
        self.github.asked.clear()
        graph = f"{BASE}/graphql"
        return sync(GITHUB, self.store, "acme/app", client, clock, graph=graph, whole=whole)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        found = self.store.snapshot().table(TABLES[table]).to_pylist()
        return sorted(tuple(row[c] for c in columns) for row in found)

    def facts(self) -> dict[str, list[str]]:
        """All current rows but when they were seen."""
        snapshot = self.store.snapshot()
        found = {}
        for table in TABLES:
            rows = snapshot.table(table).drop_columns(["seen_at"]).to_pylist()
            found[table.name] = sorted(map(repr, rows))
        return found


def filled(folder: Path) -> Desk:
    """One with issues, reviewed requests and a milestone."""
    github = GitHub()
    github.put("issues", *(issue(n, changed=n) for n in range(1, 251)))
    github.put("pulls", *(pull(n, changed=n) for n in range(1, 131, 10)))
    for n in range(1, 131, 10):
        github.put(f"pulls/{n}/reviews", *(review(n * 10 + i, n, at=n + i) for i in range(2)))
    github.put("milestones", {
        "url": f"{BASE}/repos/acme/app/milestones/1", "id": 1, "number": 1, "state": "open", "open_issues": 0,
        "closed_issues": 0, "created_at": moment(0), "updated_at": moment(0),
    })  # fmt: skip
    return Desk(folder, github)
