"""Files and lines of every commit, equal to what PyDriller reads."""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.sources.git.collecting import Workspace
from tests.sources.git.making import git
from tests.sources.git.nasty import FAKE_ENTRY, FAKE_RENAME, ODD_PATHS, nasty

from trueup.simulate.gitwriter import clean_environment
from trueup.sources.git.columns import quoted

pydriller = pytest.importorskip("pydriller")

# PyDriller reads names in git's own quoted form, so names are compared only where that is plain.
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._- ")


Lines = tuple[str, int, int]


def read_by_pydriller(path: Path) -> dict[str, Counter[Lines]]:
    """Per commit that is no merge: how often each file changed by so many lines."""
    found = {}
    for commit in pydriller.Repository(str(path), include_refs=True).traverse_commits():
        if not commit.merge:
            files = commit.modified_files
            lines = ((f.new_path or f.old_path, f.added_lines, f.deleted_lines) for f in files)
            found[commit.hash] = counted(lines)
    return found


def counted(files: Iterable[tuple[str | None, int, int]]) -> Counter[Lines]:
    """Where a file becomes a link PyDriller sees two files: they are added up."""
    plain: dict[str, list[int]] = {}
    odd: Counter[Lines] = Counter()
    for path, added, deleted in files:
        if _plain(path) == "?":
            odd["?", added, deleted] += 1
        else:
            told = plain.setdefault(path or "", [0, 0])
            told[0] += added
            told[1] += deleted
    return odd + Counter((path, added, deleted) for path, (added, deleted) in plain.items())


def _plain(path: str | None) -> str:
    return path if path and set(path) <= PLAIN else "?"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    for name, value in clean_environment().items():
        if name != "HOME":
            monkeypatch.setenv(name, value)


def check(path: Path, workspace: Workspace) -> Counter[str]:
    workspace.collect(path, context=3)
    rows = workspace.rows("change_lines", "sha", "path", "added", "deleted", "counted")
    kinds = {(sha, p): k for sha, p, k in workspace.rows("changes", "sha", "path", "kind")}
    ours: dict[str, list[tuple[str | None, int, int]]] = {}
    for sha, file, added, deleted, _ in rows:
        ours.setdefault(sha, []).append((file, added or 0, deleted or 0))
    theirs = read_by_pydriller(path)
    merges = {s for s, parents in workspace.rows("commits", "sha", "parents") if len(parents) > 1}
    assert set(theirs) == {s for (s,) in workspace.rows("commits", "sha")} - merges
    assert not merges & set(ours)
    for sha, lines in theirs.items():
        assert counted(ours.get(sha, [])) == lines, sha
    return Counter(kinds.values())


def test_a_simulated_history(cove: Path, workspace: Workspace) -> None:
    check(cove, workspace)


def test_a_nasty_history(tmp_path: Path, workspace: Workspace) -> None:
    repo = nasty(tmp_path / "nasty")
    kinds = check(repo.path, workspace)
    assert kinds["symlink"] == 2
    assert kinds["submodule"] == 3
    totals = workspace.rows("change_lines", "added", "deleted")
    numstat = git(repo.path, "log", "--branches", "--numstat", "-z", "-M", "--format=")
    tokens = numstat.split(b"\0")
    told = [t.split(b"\t") for t in tokens]
    lines = [t[:2] for t in told if len(t) > 2 and t[0].isdigit() and t[1].isdigit()]
    assert sum(a or 0 for a, _ in totals) == sum(int(a) for a, _ in lines)
    assert sum(d or 0 for _, d in totals) == sum(int(d) for _, d in lines)


def test_every_name_comes_through_and_none_are_merged(tmp_path: Path, workspace: Workspace) -> None:
    repo = nasty(tmp_path / "nasty")
    workspace.collect(repo.path)
    paths = {p for (p,) in workspace.rows("changes", "path")}
    for odd in (*ODD_PATHS, FAKE_ENTRY, FAKE_RENAME):
        assert quoted(odd) in paths
    assert len({quoted(p) for p in ODD_PATHS}) == len(ODD_PATHS)
    listed = git(repo.path, "log", "--branches", "--name-only", "-z", "--no-renames", "--format=")
    names = {n.lstrip(b"\n") if not n.startswith(b"\n:") else n for n in listed.split(b"\0")} - {
        b""
    }
    olds = {p for (p,) in workspace.rows("changes", "old_path")} - {None}
    assert paths | olds == {quoted(n) for n in names}
