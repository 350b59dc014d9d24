"""Real servers that are started for a test, and syncing with them."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from trueup.facts.schema import TABLES
from trueup.kernel.clock import system_clock
from trueup.runs.intake import Intake
from trueup.runs.sync import Sync
from trueup.transport.http import Client

if TYPE_CHECKING:
    from trueup.facts.store import Store
    from trueup.kernel.sources import Source

ROOT = Path(__file__).parents[2]
INSTALLED = Path(os.environ.get("TRUEUP_E2E", ROOT / ".venv/e2e"))
KEY = b"a key for tests!"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def serving(command: list[str], port: int, log: Path):
    """A server that has begun to answer."""
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
    for _ in range(240):
        if process.poll() is not None:
            break
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.5)
    process.kill()
    raise AssertionError(log.read_text(errors="replace")[-2000:])


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server; what does not end when it is asked to is killed."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def installed(path: str) -> Path:
    """A program that the set-up of these tests installs."""
    found = INSTALLED / path
    if not found.exists():
        pytest.skip(f"run make test-e2e once: it installs {found.name}")
    return found


def sync(
    source: Source,
    store: Store,
    place: str,
    address: str,
    token: str = "",
    *,
    whole: bool = False,
):
    """One sync with a server; its address is asked as the source says."""
    name = source.name.upper()
    door = source.interface.door("", {f"{name}_URL": address})
    headers = source.interface.headers(token)
    client = Client(door.address, headers, source.title, door.secrets[0], system_clock)
    with store.writing(), client:
        intake = Intake(source, store, place, KEY, system_clock, lambda *_: None)
        since = system_clock() - timedelta(days=365)
        return Sync(source, place, client, intake, since, lambda *_: None, whole=whole).run()


def facts(store: Store, source: Source) -> dict[str, list[str]]:
    """All that is known, without when and from which record; every row under a key of its own."""
    found = {}
    for name in source.writes:
        table = TABLES[name]
        rows = store.snapshot().table(table).to_pylist()
        keys = [tuple(row[k] for k in table.key) for row in rows]
        assert len(keys) == len(set(keys)), name
        kept = [c.name for c in table.columns]
        found[name] = sorted(repr({c: row[c] for c in kept}) for row in rows)
    return found


def rows(store: Store, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table, sorted."""
    found = store.snapshot().table(TABLES[table]).to_pylist()
    return sorted((tuple(row[c] for c in columns) for row in found), key=repr)
