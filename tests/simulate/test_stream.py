"""Long histories are streamed, not held."""

import re
import tracemalloc
from itertools import islice
from pathlib import Path

import pytest

from trueup.kernel.errors import UsageError
from trueup.simulate.gitwriter import git
from trueup.simulate.scenarios import large
from trueup.simulate.stream import StreamPlan, blocks, write

TIP = "866e47998206b64de9cc344b53a9891b2aabe058"  # changes when, and only when, what is streamed changes


def peak(commits: int) -> int:
    plan = StreamPlan(commits=commits, files=500)
    tracemalloc.start()
    for _ in blocks(plan):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_history() -> None:
    assert peak(1500) < peak(150) + 50_000


def test_files_and_trailers_per_commit() -> None:
    taken = list(islice(blocks(large(20_000)), 2000))
    changes = sum(block.count(b"\nM 100644 inline ") for block in taken)
    assert changes / len(taken) == pytest.approx(1.6, abs=0.1)
    assert all(len(re.findall(rb"(?m)^(?:Signed-off|Reviewed)-by: ", b)) == 2 for b in taken)


def test_a_repository_is_written(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    plan = large(20_000)
    path = write(plan, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert git(path, "rev-list", "--count", "main").strip() == "20000"
    assert git(path, "rev-parse", "main").strip() == TIP
    assert told[-1] == (20_000, 20_000)
    changed = git(path, "diff", "--numstat", "main~1", "main").split()
    assert changed[:2] == ["1", "1"]


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(UsageError):
        large(0)


@pytest.mark.slow
def test_a_hundred_thousand_commits(tmp_path: Path) -> None:
    path = write(large(100_000), tmp_path)
    assert git(path, "rev-list", "--count", "main").strip() == "100000"
    assert git(path, "fsck") == ""
