"""Killed anywhere, a run is there whole or not at all, and the next one makes up for it."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.facts.dying import collect_and_die
from tests.sources.git.collecting import Workspace
from tests.sources.git.making import git, words

from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.git.collecting import Row

multiprocessing.set_forkserver_preload(["pytest", "duckdb", "tests.facts.dying"])


@dataclass(frozen=True)
class World:
    """A repository, a workspace that knows half of it, and what is known before and after."""

    repository: Path
    half: Path
    before: dict[str, list[Row]]
    after: dict[str, list[Row]]
    calls: int
    seconds: float


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("kills")
    origin = folder / write(small(), folder).repository
    repository = folder / "copy"
    git(folder, "clone", "-q", "--mirror", str(origin), "copy")
    tip = words(repository, "rev-parse", "main")[0]
    git(repository, "update-ref", "refs/heads/main", "main~20")
    half = Workspace(folder / "half")
    half.collect(repository)
    git(repository, "update-ref", "refs/heads/main", tip)
    whole = Workspace(folder / "whole")
    shutil.copytree(folder / "half", folder / "whole")
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    began = time.monotonic()
    sys.setprofile(count)
    whole.collect(repository)
    sys.setprofile(None)
    seconds = time.monotonic() - began
    return World(repository, folder / "half", half.facts(), whole.facts(), calls, seconds)


def check(world: World, folder: Path, *, thorough: bool) -> bool:
    """What a killed run left is readable and is made up for; whether the run was there."""
    workspace = Workspace(folder / "workspace")
    records = workspace.store.snapshot().records
    assert len(records) in {1, 2}
    expected = world.before if len(records) == 1 else world.after
    if thorough:
        assert workspace.facts() == expected
    workspace.collect(world.repository)
    assert workspace.facts() == world.after
    snapshot = workspace.store.snapshot()
    named = {str(workspace.store.facts / p.file) for r in snapshot.records for p in r.parts}
    assert {str(p) for p in workspace.store.facts.rglob("*.parquet")} == named
    assert list(workspace.store.runs.glob("*.tmp")) == []
    return len(records) == 2


def killed(world: World, folder: Path, *, calls: int = 0, after: float = 0.0) -> int:
    """Collect in another process that is killed; its exit code."""
    shutil.copytree(world.half, folder / "workspace")
    context = multiprocessing.get_context("forkserver")
    process = context.Process(
        target=collect_and_die, args=(folder / "workspace", world.repository, calls)
    )
    process.start()
    if after:
        process.join(after)
        process.kill()
    process.join()
    return process.exitcode or 0


def moments(count: int, upto: int, seed: int) -> list[int]:
    """Numbers of calls: spread over the whole run, and half of them near its end."""
    dice = random.Random(seed)
    near = [upto - dice.randrange(1, 600) for _ in range(count // 2)]
    return sorted(near + [dice.randrange(1, upto) for _ in range(count - len(near))])


@pytest.mark.parametrize("number", range(30))
def test_killed_at_some_call(world: World, tmp_path: Path, number: int) -> None:
    calls = moments(30, world.calls, 1)[number]
    assert killed(world, tmp_path, calls=calls) in {-signal.SIGKILL, 0}
    check(world, tmp_path, thorough=number % 5 == 0)


def test_not_killed_at_all(world: World, tmp_path: Path) -> None:
    assert killed(world, tmp_path, calls=0) == 0
    assert check(world, tmp_path, thorough=True)


@pytest.mark.e2e
@pytest.mark.parametrize("part", range(10))
def test_killed_at_hundreds_of_calls(world: World, tmp_path: Path, part: int) -> None:
    for number, calls in enumerate(moments(300, world.calls, 2)[part::10]):
        assert killed(world, tmp_path / str(number), calls=calls) in {-signal.SIGKILL, 0}
        check(world, tmp_path / str(number), thorough=number % 5 == 0)
        shutil.rmtree(tmp_path / str(number))


@pytest.mark.e2e
@pytest.mark.parametrize("part", range(10))
def test_killed_at_hundreds_of_moments(world: World, tmp_path: Path, part: int) -> None:
    """Within a call too: inside git, the writer of Parquet, the query engine."""
    dice = random.Random(part)
    for number in range(20):
        after = dice.uniform(0.001, world.seconds * 1.2)
        killed(world, tmp_path / str(number), after=after)
        check(world, tmp_path / str(number), thorough=number % 5 == 0)
        shutil.rmtree(tmp_path / str(number))
