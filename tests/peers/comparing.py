"""Another project's expected tables beside our facts, cell by cell."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from trueup.facts.pseudonyms import identity
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock, moment_of
from trueup.runs.intake import take_exports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trueup.runs.intake import Taken

csv.field_size_limit(1 << 27)
PEERS = Path(__file__).parents[3] / "shared" / "peers"
KEY = b"a key for tests"
NOW = fixed_clock(datetime.fromisoformat("2026-02-01T00:00:00+00:00"))

Row = dict[str, Any]
#: By column of theirs: what the text there means, and what our row says.
Cells = dict[str, tuple["Callable[[str], Any]", "Callable[[Row], Any]"]]


def peer(path: str | Path) -> Path:
    """A folder or file of recorded payloads; the test is skipped where they are not at hand."""
    found = PEERS / path
    if not found.exists():
        pytest.skip("the recorded payloads of other projects are not beside this checkout")
    return found


def taken(
    path: str | Path, workspace: Path, about: Mapping[str, str] | None = None
) -> tuple[Store, list[Taken]]:
    """Recorded payloads, taken in."""
    store = Store(workspace)
    return store, take_exports(peer(path), store, KEY, NOW, lambda *_: None, about)


def copied(files: Iterable[Path], folder: Path) -> Path:
    """A folder with some of the recorded files."""
    folder.mkdir()
    for path in files:
        shutil.copy(path, folder / path.name)
    return folder


def rows(store: Store, table: str) -> list[Row]:
    return store.snapshot().table(TABLES[table]).to_pylist()


def facts_of(store: Store, tables: str) -> dict[str, list[Row]]:
    """The rows of the tables whose names stand in a text."""
    return {table: rows(store, table) for table in tables.split()}


def by(column: str, rows_: Iterable[Row]) -> dict[Any, Row]:
    return {row[column]: row for row in rows_}


def table_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def tables_in(path: str) -> dict[str, list[Row]]:
    """The tables of another project in a folder, by name."""
    return {found.stem: table_of(found) for found in peer(path).glob("*.csv")}


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

    expected: dict[str, list[Row]]
    cells: int = 0
    missing: list[tuple[str, Any]] = field(default_factory=list)
    differ: list[tuple[str, Any, str, Any, Any]] = field(default_factory=list)

    @property
    def equal(self) -> int:
        return self.cells - len(self.differ)

    def columns(self) -> Counter[tuple[str, str]]:
        """How many cells differ, by table and column."""
        return Counter((table, column) for table, _, column, _, _ in self.differ)

    def shared(self, name: str, cells: Cells) -> Cells:
        """Those cells whose columns a table of theirs has."""
        return {column: cells[column] for column in self.expected[name][0] if column in cells}

    def compare(
        self,
        name: str,
        ours: Mapping[Any, Row],
        key: Callable[[Row], Any],
        cells: Cells,
        only: Callable[[Row], object] = bool,
    ) -> None:
        """Every cell of a table of theirs that we have too; a row we lack counts with all its cells."""
        for row in filter(only, self.expected[name]):
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

    def compare_labels(
        self, name: str, ours: Mapping[Any, Row], owner: Callable[[Row], Any]
    ) -> None:
        """Each label has a row of its own there, and stands in a list here."""
        labels = {(k, x): {"label": x} for k, row in ours.items() for x in row["labels"]}
        cells: Cells = {"label_name": (str, is_("label"))}
        self.compare(name, labels, lambda r: (owner(r), r["label_name"]), cells)


def is_(column: str) -> Callable[[Row], Any]:
    """The column as it is; nothing and an empty text are the same."""
    return lambda row: row[column] if row[column] is not None else ""


def at(column: str) -> Callable[[Row], Any]:
    """A moment, to the second."""
    return lambda row: row[column].replace(microsecond=0) if row[column] else None


def text(value: object) -> str:
    return "" if value is None else str(value)


def text_of(column: str) -> Callable[[Row], str]:
    return lambda row: text(row[column])


def lower(column: str) -> Callable[[Row], str]:
    return lambda row: row[column].lower()


def last_of(column: str) -> Callable[[Row], str]:
    """The id of the source, of a row there."""
    return lambda row: last(row[column])


def lead(row: Row) -> str:
    """The whole minutes from the making of an issue to its closing."""
    closed, made = row["closed_at"], row["happened_at"]
    return str(int((closed - made).total_seconds() // 60)) if closed else ""


def seconds(row: Row) -> int | None:
    """How long something ran."""
    ended, started = row["ended_at"], row["started_at"]
    return int((ended - started).total_seconds()) if ended and started else None


def github_account(login: str) -> str:
    return identity(KEY, login, f"{login.lower()}@users.noreply.github.com") if login else ""


#: Their words for the status of issues, for the status of what runs, and for results: with ours.
PROGRESS = {"TODO": "open", "IN_PROGRESS": "in_progress", "DONE": "done", "": ""}
STATUS = {"DONE": "done", "IN_PROGRESS": "running", "OTHER": "queued", "": ""}
RESULTS = {
    "SUCCESS": {"success"},
    "FAILURE": {"failure", "cancelled"},
    "": {"", "skipped", "neutral", "other"},
}


def outcome(row: Row) -> Any:
    """Which of their results ours belongs to."""
    return next((words for words in RESULTS.values() if row["result"] in words), row["result"])


#: What runs on a forge.
BUILD: Cells = {
    "result": (RESULTS.get, outcome),
    "status": (STATUS.get, is_("status")),
    "original_status": (str.lower, lower("status_original")),
    "started_date": (moment, at("started_at")),
    "finished_date": (moment, at("ended_at")),
}


def tells(page: str, table: str, column: str) -> bool:
    """Whether a page names a column: with its table, or in a row that names the table once."""
    return f"`{table}.{column}`" in page or any(
        f"`{table}`: " in line and f"`{column}`" in line for line in page.splitlines()
    )


def assert_explained(
    found: Compared,
    explained: set[tuple[str, str]],
    name: str,
    record_property: Callable[[str, object], None],
    floor: float = 0.95,
) -> None:
    """Most are equal, and what differs is what the page of that name explains, all of it."""
    for (table, column), count in sorted(found.columns().items()):
        first = next(d for d in found.differ if d[0] == table and d[2] == column)
        print(
            f"{table}.{column}: {count} differ, as in row {first[1]}: {first[3]!r} there, {first[4]!r} here"
        )
    share = found.equal / found.cells
    print(f"{found.equal} of {found.cells} comparable cells equal ({share:.1%})")
    record_property("equal", share)
    assert share >= floor
    assert set(found.columns()) == explained
    page = Path(f"docs/compared-with-devlake/{name}.md").read_text("utf-8")
    assert f"{found.equal:,} of {found.cells:,} comparable cells" in page
    assert all(tells(page, table, column) for table, column in explained)
