"""Ctrl-C at any stage: a clear line, exit code 130, and a workspace from which one goes on."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from tests.cli.running import COMMANDING, Ran, in_terminal, trueup

from trueup.facts.store import Store

if TYPE_CHECKING:
    from pathlib import Path

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


def interrupted(folder: Path, by: Interrupter, *arguments: object) -> Ran:
    """What a command said that was interrupted."""
    ran = in_terminal(folder, *arguments, heard=by)
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
def test_an_interrupted_scan_is_taken_up(stage, everyone, runs, scanned: Scanned, tmp_path):
    workspace = tmp_path / ".trueup"
    interrupted(tmp_path, Interrupter(stage, everyone=everyone), "scan", scanned.repository)
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


def test_nothing_is_left_running(scanned: Scanned, tmp_path):
    """Every process of the group has ended when the command has."""
    group: list[int] = []
    by = Interrupter("reading commits", everyone=False)

    def heard(shown: str, process: int) -> None:
        group[:] = [process]
        by(shown, process)

    ran = in_terminal(tmp_path, "collect", scanned.repository, heard=heard)
    assert (by.sent, ran.code) == (True, 130)
    with suppress(ProcessLookupError):
        os.killpg(group[0], 0)
        pytest.fail("a process of the scan still runs")
