"""Facts of small real repositories: written by git, collected and prepared as a run would do it."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pytest

from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.facts.views import activity
from trueup.facts.views.discussions import keep_discussions
from trueup.kernel.declarations import Rows
from trueup.kernel.window import Window
from trueup.runs.intake import take_exports
from trueup.runs.measure import prepare
from trueup.sources.git.collect import Request, collect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.forge_of import Forge

    from trueup.facts.engine import Facts
    from trueup.kernel.declarations import Signal
    from trueup.teams.scopes import Team

#: The day on which all small histories end.
END = datetime(2026, 6, 29, tzinfo=UTC)
DAY = timedelta(days=1)
#: Written anew when this is set: TRUEUP_SNAPSHOT=write pytest tests/signals
REWRITE = os.environ.get("TRUEUP_SNAPSHOT") == "write"
SQL = Path(__file__).parent / "signals" / "sql"


class History:
    """A repository under construction; every commit returns its id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
        self._process = subprocess.Popen(
            ["git", "-C", str(path), "fast-import", "--quiet", "--done", "--force"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._mark_of: dict[str, int] = {}

    def commit(
        self,
        author: str,
        at: datetime,
        files: Mapping[str, str | None],
        message: str = "Change",
        *,
        by: str = "",
        landed: datetime | None = None,
        branch: str = "main",
        onto: str = "",
        merge: str = "",
    ) -> str:
        """Write a commit: ``by`` and ``landed`` say who applied it and when, if not the author then."""
        text = message.encode()
        parts = [
            f"commit refs/heads/{branch}\nmark :{self._next}\n",
            f"author {_person(author)} {_seconds(at)}\n",
            f"committer {_person(by or author)} {_seconds(landed or at)}\n",
            f"data {len(text)}\n",
        ]
        told = "".join(parts).encode() + text + b"\n"
        if onto:
            told += f"from :{self._mark_of[onto]}\n".encode()
        if merge:
            told += f"merge :{self._mark_of[merge]}\n".encode()
        for path, content in files.items():
            told += _change(path, content)
        return self._ask(told)

    def move(self, author: str, at: datetime, old: str, new: str) -> str:
        """Write a commit that renames a file."""
        head = f"commit refs/heads/main\nmark :{self._next}\ncommitter {_person(author)} {_seconds(at)}\n"
        return self._ask((head + f"data 4\nMove\nR {old} {new}\n").encode())

    def close(self) -> None:
        """Finish writing, or give up when git does not follow."""
        try:
            self._process.communicate(b"done\n", timeout=20)
        except BrokenPipeError:
            self._process.kill()
            self._process.communicate()
        assert self._process.returncode == 0, "git could not read what it was told"

    @property
    def _next(self) -> int:
        return len(self._mark_of) + 1

    def _ask(self, told: bytes) -> str:
        stream, answer = self._process.stdin, self._process.stdout
        assert stream is not None
        assert answer is not None
        mark = self._next
        stream.write(told + f"\nget-mark :{mark}\n".encode())
        stream.flush()
        sha = answer.readline().decode().strip()
        self._mark_of[sha] = mark
        return sha


def take_in(store: Store, *histories: History, now: datetime = END) -> None:
    """Collect repositories as they are."""
    with store.writing():
        for history in histories:
            collect(
                history.path,
                store,
                Request(workers=1),
                b"k" * 32,
                lambda: now,
                progress=lambda *_: None,
            )


@contextmanager
def told_by_forge(folder: Path, history: History, **records: list[Any]) -> Iterator[Facts]:
    """Facts of a history with what lists of its forge tell: ``pulls``, ``issues`` and others by name."""
    files = folder / "files"
    files.mkdir()
    for name, rows in records.items():
        (files / f"{name}.json").write_text(json.dumps(rows))
    store = Store(folder / "workspace")
    take_in(store, history)
    (taken,) = take_exports(files, store, b"k" * 32, lambda: END, lambda *_: None)
    assert taken.unread == 0, taken.problems
    with open_facts(store.snapshot()) as facts:
        prepare(facts, END - 400 * DAY, END, ())
        yield facts


@contextmanager
def prepared(
    tmp_path: Path,
    build: Callable[[History], None],
    *,
    teams: tuple[Team, ...] = (),
    forge: Forge | None = None,
) -> Iterator[Facts]:
    """Facts of the repository that ``build`` writes, and of its forge, with every shared table kept."""
    history = History(tmp_path / "small")
    with closing(history):
        build(history)
    store = Store(tmp_path / "workspace")
    take_in(store, history, now=END + 400 * DAY)
    if forge is not None:
        forge.take(store, tmp_path / "forge")
    snapshot = store.snapshot()
    with open_facts(snapshot) as facts:
        until = activity.observed_until(facts)
        prepare(facts, until - 1200 * DAY, until, teams)
        keep_discussions(facts)
        yield facts


def rows_of(
    facts: Facts, signal: Signal, *, weeks: int = 13, end: datetime = END, scope: str = ""
) -> Rows:
    """The rows of one scope in a window, as a runner would hand them to the estimator."""
    window = Window.ending(end + timedelta(seconds=1), weeks=weeks)
    table = facts.read(signal.rows(facts, window))
    people = activity.people_by_window(facts, window, weeks)
    table = table.filter(pc.equal(table["scope"], scope)).drop(["scope"])
    columns = {name: table[name].to_numpy() for name in table.column_names}
    return Rows(columns, weeks, people[scope, 0])


def same_sql(facts: Facts, signal: Signal) -> None:
    """The compiled SQL is the one on file: a change of meaning must show in review."""
    found = facts.sql(signal.rows(facts, Window.ending(END, weeks=13))) + "\n"
    path = SQL / f"{signal.name}.sql"
    if REWRITE:
        path.write_text(found)
        pytest.skip(f"{path.name} written")
    assert found == path.read_text()


def _person(name: str) -> str:
    return name if "<" in name else f"{name} <{name.lower()}@example.org>"


def _seconds(at: datetime) -> str:
    return f"{int(at.timestamp())} +0000"


def _change(path: str, content: str | None) -> bytes:
    if content is None:
        return f"D {path}\n".encode()
    text = content.encode()
    return f"M 100644 inline {path}\ndata {len(text)}\n".encode() + text + b"\n"
