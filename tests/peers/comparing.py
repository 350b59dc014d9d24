"""Another project's expected tables beside our facts, cell by cell."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock, moment_of
from trueup.runs.intake import take_exports

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trueup.runs.intake import Taken

csv.field_size_limit(1 << 27)
PEERS = Path(__file__).parents[3] / "shared" / "peers"
KEY = b"a key for tests"
NOW = fixed_clock(datetime.fromisoformat("2026-02-01T00:00:00+00:00"))

Row = dict[str, Any]


def peer(path: str) -> Path:
    """A folder or file of recorded payloads; the test is skipped where they are not at hand."""
    found = PEERS / path
    if not found.exists():
        pytest.skip("the recorded payloads of other projects are not beside this checkout")
    return found


def taken(path: str, workspace: Path) -> tuple[Store, list[Taken]]:
    """Recorded payloads, taken in."""
    store = Store(workspace)
    return store, take_exports(peer(path), store, KEY, NOW, lambda *_: None)


def rows(store: Store, table: str) -> list[Row]:
    return store.snapshot().table(TABLES[table]).to_pylist()


def table_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def moment(text: str) -> datetime | None:
    """To the second: databases in between cut or round what is finer."""
    found = moment_of(text)
    return found.replace(microsecond=0) if found else None


def last(text: str) -> str:
    """The id of the source within an id of the other project."""
    return text.rsplit(":", 1)[-1]


@dataclass
class Compared:
    """Cells compared, and those that differ: table, row, column, theirs, ours."""

    cells: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)
    differ: list[tuple[str, str, str, Any, Any]] = field(default_factory=list)

    @property
    def equal(self) -> int:
        return self.cells - len(self.differ)

    def columns(self) -> Counter[tuple[str, str]]:
        """How many cells differ, by table and column."""
        return Counter((table, column) for table, _, column, _, _ in self.differ)

    def compare(
        self,
        name: str,
        theirs: list[Row],
        ours: Mapping[str, Row],
        key: Callable[[Row], str],
        cells: Mapping[str, tuple[Callable[[str], Any], Callable[[Row], Any]]],
    ) -> None:
        """Every cell of a table of theirs that we have too; a row we lack counts with all its cells."""
        for row in theirs:
            found = ours.get(key(row))
            if found is None:
                self.missing.append((name, key(row)))
                self.differ += [(name, key(row), column, row[column], None) for column in cells]
                self.cells += len(cells)
                continue
            for column, (meant, own) in cells.items():
                self.cells += 1
                if meant(row[column]) != own(found):
                    self.differ.append((name, key(row), column, row[column], own(found)))


def is_(column: str) -> Callable[[Row], Any]:
    """The column as it is; nothing and an empty text are the same."""
    return lambda row: row[column] if row[column] is not None else ""


def at(column: str) -> Callable[[Row], Any]:
    """A moment, to the second."""
    return lambda row: row[column].replace(microsecond=0) if row[column] else None


def assert_explained(
    found: Compared,
    explained: set[tuple[str, str]],
    name: str,
    record_property: Callable[[str, object], None],
) -> None:
    """At least 95 % are equal, and what differs is what the page of that name explains, all of it."""
    for (table, column), count in sorted(found.columns().items()):
        first = next(d for d in found.differ if d[0] == table and d[2] == column)
        print(
            f"{table}.{column}: {count} differ, as in row {first[1]}: {first[3]!r} there, {first[4]!r} here"
        )
    share = found.equal / found.cells
    print(f"{found.equal} of {found.cells} comparable cells equal ({share:.1%})")
    record_property("equal", share)
    assert share >= 0.95
    assert set(found.columns()) == explained
    told = Path(f"docs/compared-with-devlake/{name}.md").read_text("utf-8")
    assert f"{found.equal:,} of {found.cells:,} comparable cells" in told
    assert all(f"`{table}.{column}`" in told for table, column in explained)
