"""Ctrl-C at any stage: a clear line, exit code 130, and a workspace from which one goes on."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.running import COMMANDING, Ran, in_terminal, trueup

from trueup.facts.store import Store

if TYPE_CHECKING:
    from tests.cli.conftest import Scanned

SAID = "interrupted. What was collected before is kept; run the same command to go on.\n"


class Interrupter:
    """Sends the signal once, when a stage is first shown: to everyone, as a terminal does, or to one."""

    def __init__(self, stage: str, *, everyone: bool = True) -> None:
        self.stage, self.sent = stage, False
        self._send = os.killpg if everyone else os.kill

    def __call__(self, shown: str, process: int) -> None:
        if not self.sent and self.stage in shown:
            self.sent = True
            self._send(process, signal.SIGINT)


@pytest.fixture(scope="module")
def slow(tmp_path_factory) -> str:
    """A search path on which git thinks before it prints commits, so that a stage lasts until the signal."""
    folder = tmp_path_factory.mktemp("slow")
    git = folder / "git"
    git.write_text(
        f"#!{sys.executable}\nimport os, sys, time\n"
        "time.sleep(3 * ('log' in sys.argv and '--stdin' in sys.argv))\n"
        f"os.execv({shutil.which('git')!r}, sys.argv)\n"
    )
    git.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def interrupted(folder: Path, by: Interrupter, *arguments: object, **more: str) -> Ran:
    """What a command said that was interrupted."""
    ran = in_terminal(folder, *arguments, heard=by, **more)
    assert by.sent, ran.out
    assert ran.code == 130
    before, _, last = ran.out.rpartition("\r")
    assert last == SAID
    assert "Traceback" not in ran.out
    assert not COMMANDING.search(before.replace("\r", ""))
    return ran


def left_over(workspace: Path) -> list[Path]:
    """Files that belong to no finished run."""
    known = {p.file for r in Store(workspace).snapshot().records for p in r.parts}
    facts = workspace / "facts"
    parts = [p for p in facts.rglob("*.parquet") if str(p.relative_to(facts)) not in known]
    return [*parts, *workspace.glob("spill-*"), *workspace.rglob("*.tmp")]


@pytest.mark.parametrize(
    ("stage", "everyone", "runs"),
    [
        ("reading commits", True, 0),
        pytest.param("measuring signals", True, 1, marks=pytest.mark.slow),
        pytest.param("reading commits", False, 0, marks=pytest.mark.slow),
        pytest.param("reading the shape of history", True, 0, marks=pytest.mark.slow),
        pytest.param("looking for the same change", True, 0, marks=pytest.mark.slow),
        pytest.param("judging claims", False, 1, marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_scan_is_taken_up(stage, everyone, runs, slow, scanned: Scanned, tmp_path):
    workspace = tmp_path / ".trueup"
    by = Interrupter(stage, everyone=everyone)
    more = {"PATH": slow} if stage == "reading commits" else {}
    interrupted(tmp_path, by, "scan", scanned.repository, **more)
    assert len(Store(workspace).snapshot().records) == runs
    assert not (workspace / "report.html").exists()
    again = trueup(tmp_path, "scan", scanned.repository, "--json", "-")
    assert (again.code, again.out) == (0, scanned.json)
    assert left_over(workspace) == []
    assert (workspace / "report.html").read_text("utf-8") == scanned.report
    for name in ("claims.json", "team.json"):
        one, other = ((w / "results" / name).read_bytes() for w in (workspace, scanned.workspace))
        assert one == other


@pytest.mark.slow
def test_an_interrupted_scan_leaves_earlier_results(copied: Path, scanned: Scanned):
    """New settings make everything be measured anew; until then the old result stands."""
    (copied / "trueup.toml").write_text("[policy]\nsurvive = 7\n")
    interrupted(copied, Interrupter("judging claims"), "scan", scanned.repository)
    (copied / "trueup.toml").unlink()
    assert trueup(copied, "claims").out == scanned.ask("claims").out
    again = trueup(copied, "scan", scanned.repository, "--json", "-")
    assert (again.code, again.err, again.out) == (0, "", scanned.json)


def test_nothing_is_left_running(slow, scanned: Scanned, tmp_path):
    """Every process of the group ends when the command has ended."""
    by, before, group = Interrupter("reading commits", everyone=False), [], 0

    def heard(shown: str, process: int) -> None:
        nonlocal group
        group = process
        if not by.sent:
            before[:] = running(process)
        by(shown, process)

    ran = in_terminal(tmp_path, "collect", scanned.repository, heard=heard, PATH=slow)
    assert (by.sent, ran.code) == (True, 130)
    assert before
    until = time.monotonic() + 20
    while running(group) and time.monotonic() < until:  # git first finds that nobody reads
        time.sleep(0.1)
    assert running(group) == []


def running(group: int) -> list[str]:
    """State and command of the processes of a group; one that ended and waits to be seen is none."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            state, _, of = (place / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append(f"{state} {(place / 'cmdline').read_bytes()!r}")
    return found
