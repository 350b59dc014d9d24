"""Collecting a repository in a test, and looking at the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.sources.git.collect import Collected, Request, collect

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from trueup.facts.snapshot import Snapshot

KEY = b"a key for tests only"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
#: Tables whose rows carry moments and origins of their own, not those of the tip.
_EVENTS = ("commits", "changes", "change_lines", "trailers", "links", "landings")
_DATED = ("releases", "containments", "release_notes")

Row = tuple[Any, ...]


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


Progress = Callable[[str, int, int], None]


class Workspace:
    """A store and what is collected into it."""

    def __init__(self, path: Path) -> None:
        self.store = Store(path)

    def collect(
        self,
        repository: Path,
        *,
        key: bytes = KEY,
        now: datetime = NOW,
        progress: Progress = silent,
        **wanted: Any,
    ) -> Collected:
        request = Request(**{"workers": 1, **wanted})
        clock = fixed_clock(now)
        with self.store.writing():
            return collect(repository, self.store, request, key, clock, progress=progress)

    def rows(self, table: str, *columns: str) -> list[Row]:
        """The current rows, sorted."""
        return rows_of(self.store.snapshot(), table, *columns)

    def facts(self) -> dict[str, list[Row]]:
        """Everything that is known, without when it was seen."""
        return facts_of(self.store.snapshot())


def rows_of(snapshot: Snapshot, table: str, *columns: str) -> list[Row]:
    """The current rows of a table, sorted."""
    wanted = list(columns) or [c.name for c in TABLES[table].columns]
    return _sorted(snapshot.table(TABLES[table]).select(wanted))


def _sorted(found: pa.Table) -> list[Row]:
    plain = zip(*(c.to_pylist() for c in found.columns), strict=True)
    rows = [tuple(tuple(v) if isinstance(v, list) else v for v in row) for row in plain]
    return sorted(rows, key=lambda row: [(v is None, str(v)) for v in row])


def facts_of(snapshot: Snapshot) -> dict[str, list[Row]]:
    """Rows of every table, with those columns of the envelope that tell of the row itself."""
    found = {}
    with snapshot.connect() as connection:
        for table in TABLES:
            envelope: tuple[str, ...] = ()
            if table.name in _EVENTS:
                envelope = ("source_key", "raw_sha256", "happened_at")
            elif table.name in _DATED:
                envelope = ("happened_at",)
            rows = connection.sql(snapshot.current_sql(table)).to_arrow_table()
            found[table.name] = _sorted(rows.select([*(c.name for c in table.columns), *envelope]))
    return found


def collected(folder: Path, repository: Path, **wanted: Any) -> dict[str, list[Row]]:
    """The facts of one collection into a new workspace."""
    workspace = Workspace(folder)
    workspace.collect(repository, **wanted)
    return workspace.facts()
