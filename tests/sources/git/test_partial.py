"""Clones in which something is missing or damaged: the rest is read, and the gap is told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.sources.git.collecting import Row, Workspace, collected
from tests.sources.git.making import LINK, SUBMODULE, Repo, git, loose, unpack, words

from trueup.kernel.errors import CorruptRepositoryError
from trueup.sources.git import collection, reading
from trueup.sources.git.slices import Readers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "app")
    with made:
        made.commit({"a.py": b"1\n", "b.py": b"first\nof\nb\n"}, "One")
        made.commit({"a.py": b"2\n"}, "Two")
        made.commit({"a.py": b"3\n", "l": (LINK, b"a.py"), "s": (SUBMODULE, b"1" * 40)}, "Three")
        made.commit({"a.py": b"4\nand\nmore\n"}, "Four")
        made.commit({"b.py": b"second\n"}, "Five")
    unpack(made.path)
    return made


def blob(repo: Repo, place: str) -> str:
    return words(repo.path, "rev-parse", place)[0]


def lines_of(workspace: Workspace) -> list[Row]:
    return workspace.rows("change_lines", "sha", "path", "added", "deleted", "counted")


def test_shallow(repo: Repo, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "3", f"file://{repo.path}", str(clone))
    workspace = Workspace(tmp_path / "w")
    found = workspace.collect(clone)
    kept = words(repo.path, "rev-list", "-3", "main")
    assert (found.commits, found.gaps) == (3, {"git.shallow": (1, 3)})
    assert {sha for sha, *_ in lines_of(workspace)} == set(kept[:2]), "no diff at the boundary"
    assert workspace.rows("repositories", "shallow") == [(True,)]
    parents = dict(workspace.rows("commits", "sha", "parents"))
    assert parents[kept[2]] == ()
    assert workspace.collect(clone).unchanged
    git(clone, "fetch", "-q", "--unshallow")
    deeper = workspace.collect(clone)
    assert not deeper.unchanged
    assert (deeper.commits, deeper.gaps) == (5, {})
    expected = collected(tmp_path / "w1", clone)
    assert workspace.facts() == expected


def test_deepened_by_a_fetch(repo: Repo, tmp_path: Path, workspace: Workspace) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repo.path}", str(clone))
    workspace.collect(clone)
    with repo:
        repo.commit({"a.py": b"5\n"}, "Six")
    git(clone, "fetch", "-q", "--depth", "2")
    git(clone, "reset", "-q", "--hard", "origin/main")
    workspace.collect(clone)
    assert workspace.facts() == collected(tmp_path / "w1", clone)


def test_blobless(repo: Repo, tmp_path: Path, workspace: Workspace) -> None:
    git(repo.path, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    url = f"file://{repo.path}"
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", url, str(clone))
    git(clone, "remote", "rename", "origin", "gone")
    git(clone, "config", "remote.gone.url", str(tmp_path / "nowhere"))
    found = workspace.collect(clone)
    whole = Workspace(tmp_path / "whole")
    whole.collect(repo.path)
    changes = ("sha", "path", "status", "kind")
    assert workspace.rows("changes", *changes) == whole.rows("changes", *changes)
    told = {(path, counted) for _, path, _, _, counted in lines_of(workspace)}
    assert told == {
        ("a.py", "unreadable"),
        ("b.py", "unreadable"),
        ("l", "unreadable"),
        ("s", "yes"),
    }
    assert found.gaps["git.missing-blob"] == (7, 8)
    assert found.gaps["git.missing-file"] == (2, 2)
    files = workspace.rows("files", "path", "lines", "bytes")
    assert files == [("a.py", None, -1), ("b.py", None, -1)]
    # The remedy that the gap names helps, though no commit is new.
    git(clone, "config", "remote.gone.url", url)
    git(clone, "fetch", "-q", "--refetch", "--filter=blob:limit=1m", "gone")
    healed = workspace.collect(clone)
    assert (healed.unchanged, healed.gaps) == (False, {})
    assert lines_of(workspace) == lines_of(whole)


def test_too_much_is_missing(
    repo: Repo, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("main:a.py", "main~1:b.py", "main~3:a.py"):
        loose(repo.path, blob(repo, place)).unlink()
    monkeypatch.setattr(reading, "STAND_INS", 2)
    found = workspace.collect(repo.path)
    assert found.level == "structure"
    assert found.gaps["git.missing-blob"] == (8, 8)
    assert lines_of(workspace) == []
    assert workspace.collect(repo.path).unchanged
    with repo:
        repo.commit({"c.py": b"1\n"}, "Six")
    more = workspace.collect(repo.path)
    assert more.gaps["git.missing-blob"] == (9, 9)
    assert workspace.facts() == collected(tmp_path / "w1", repo.path)


def test_lines_are_counted_of_all_commits_or_of_none(
    repo: Repo, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted before too much went missing does not stand beside what was not."""
    assert workspace.collect(repo.path).level == "lines"
    with repo:
        repo.commit({"c.py": b"1\n"}, "Six")
    unpack(repo.path)
    file = loose(repo.path, blob(repo, "main:c.py"))
    body = file.read_bytes()
    file.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(reading, "STAND_INS", 0)
        found = workspace.collect(repo.path)
    assert found.level == "structure"
    assert found.gaps["git.missing-blob"] == (9, 9)
    assert lines_of(workspace) == []
    file.write_bytes(body)
    assert workspace.collect(repo.path).level == "lines"
    assert workspace.facts() == collected(tmp_path / "w1", repo.path)


def test_a_read_that_failed_once_is_made_up_for(
    repo: Repo, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git may be killed without anything missing; then all lines are counted the next time."""
    workspace.collect(repo.path)
    with repo:
        repo.commit({"c.py": b"1\n"}, "Six")
    with monkeypatch.context() as patch:
        patch.setattr(collection, "Readers", FailingWithLines)
        found = workspace.collect(repo.path)
    assert found.level == "structure"
    assert lines_of(workspace) == []
    with repo:
        repo.commit({"c.py": b"2\n"}, "Seven")
    again = workspace.collect(repo.path)
    assert again.level == "lines"
    assert "git.missing-blob" not in again.gaps
    assert workspace.facts() == collected(tmp_path / "w1", repo.path)


class FailingWithLines(Readers):
    """As if git were killed whenever it counts lines."""

    def read(self, tasks, *how):
        done = super().read(tasks, *how)
        for task, outcome in zip(tasks, done, strict=True):
            outcome.code = 137 if task.options.lines else outcome.code
        return done


@pytest.mark.parametrize("place", ["main:a.py", "main~2:a.py", "main~4:b.py"])
@pytest.mark.parametrize("harm", ["missing", "damaged", "emptied"])
def test_one_blob(repo: Repo, tmp_path: Path, workspace: Workspace, place: str, harm: str) -> None:
    whole = Workspace(tmp_path / "whole")
    whole.collect(repo.path)
    lost = blob(repo, place)
    file = loose(repo.path, lost)
    body = file.read_bytes()
    file.chmod(0o644)
    if harm == "missing":
        file.unlink()
    else:
        file.write_bytes(b"" if harm == "emptied" else body[:9] + b"\xff" * len(body[9:]))
    before = {p: p.stat().st_mtime_ns for p in repo.path.rglob("*")}
    found = workspace.collect(repo.path)
    assert {p: p.stat().st_mtime_ns for p in repo.path.rglob("*")} == before
    touched = [row for row in lines_of(workspace) if row[4] == "unreadable"]
    assert 1 <= len(touched) <= 2
    assert all(row[2:4] == (None, None) for row in touched)
    others = {row for row in lines_of(whole) if row[:2] not in {t[:2] for t in touched}}
    assert set(lines_of(workspace)) == others | set(touched)
    assert found.gaps["git.missing-blob"] == (len(touched), 8)
    with repo:
        repo.commit({"c.py": b"1\n"}, "Six")
    assert workspace.collect(repo.path).gaps["git.missing-blob"] == (len(touched), 9), "still"


@pytest.mark.parametrize("which", ["main^{tree}", "main~2^{tree}", "main~2", "main"])
def test_without_trees_or_commits_nothing_is_written(
    repo: Repo, workspace: Workspace, which: str
) -> None:
    lost = words(repo.path, "rev-parse", which)[0]
    file = loose(repo.path, lost)
    body = file.read_bytes()
    file.chmod(0o644)
    for harmed in (body[:8] + b"\xff" * 40, None):
        file.unlink()
        if harmed:
            file.write_bytes(harmed)
        with pytest.raises(CorruptRepositoryError, match=r"git\.corrupt"):
            workspace.collect(repo.path)
        assert workspace.store.snapshot().records == []
        if harmed is None:
            file.write_bytes(body)
    assert workspace.collect(repo.path).commits == 5


def test_a_ref_to_nothing(repo: Repo, workspace: Workspace) -> None:
    ref = repo.path / ".git" / "refs" / "heads" / "broken"
    ref.write_text("0123456789" * 4 + "\n")
    with pytest.raises(CorruptRepositoryError):
        workspace.collect(repo.path)
    ref.write_text("not an id\n")
    assert workspace.collect(repo.path).commits == 5


def test_a_pack_without_its_index(repo: Repo, tmp_path: Path, workspace: Workspace) -> None:
    git(repo.path, "gc", "-q")
    for index in (repo.path / ".git" / "objects" / "pack").glob("*.idx"):
        os.truncate(index, 100)
    with pytest.raises(CorruptRepositoryError):
        workspace.collect(repo.path)
    assert workspace.store.snapshot().records == []
