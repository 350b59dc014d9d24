"""Where a repository may lie, and in which state it may be found."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.sources.git.collecting import Workspace, collected
from tests.sources.git.making import Repo, Spec, git, words, write_object

from trueup.kernel.errors import (
    EmptyRepositoryError,
    GitError,
    GitVersionError,
    NotARepositoryError,
    OwnershipError,
    UnknownBranchError,
)
from trueup.sources.git.lines import read_lines
from trueup.sources.git.repository import git_version, open_repository, packed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "app")
    with made:
        made.commit({"src/a.py": b"a\n"}, "One")
        two = made.commit({"src/a.py": b"b\n"}, "Two")
        made.tag("v1.0", two)
        made.commit({"src/b.py": b"c\n"}, "Three")
    return made


def test_packs_are_weighed_borrowed_ones_too(repo: Repo, tmp_path: Path) -> None:
    """By that reading processes are started early; objects that lie loose are not counted."""
    git(tmp_path, "clone", "--quiet", "--shared", str(repo.path), str(tmp_path / "borrower"))

    def weight(path: Path) -> int:
        repository = open_repository(path)
        try:
            return packed(repository)
        finally:
            repository.close()

    assert weight(repo.path) == weight(tmp_path / "borrower") == 0
    git(repo.path, "repack", "-a", "-d", "-q")
    # What git passes over with a word is passed over here too.
    borrowed = tmp_path / "borrower" / ".git" / "objects" / "info" / "alternates"
    borrowed.write_text(f"{borrowed.read_text()}/{'x' * 300}\n")
    (index,) = (repo.path / ".git" / "objects" / "pack").glob("*.idx")
    assert weight(repo.path) == weight(tmp_path / "borrower") == index.stat().st_size > 0


def default_of(path: Path, branch: str = "") -> tuple[str, str]:
    repository = open_repository(path)
    try:
        line = read_lines(repository, branch).default
        return line.name, line.sha
    finally:
        repository.close()


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / ".git").write_text("gitdir: /nowhere/at/all\n")
    for name in ("", "nothing", "file", "gone"):
        with pytest.raises(NotARepositoryError, match=r"git\.not-a-repository"):
            open_repository(tmp_path / name)


def test_a_failure_leaves_no_scratch_behind(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    workspace.collect(repo.path)
    with pytest.raises(UnknownBranchError):
        workspace.collect(repo.path, branch="nowhere")
    assert list(scratch.iterdir()) == []
    scratch.rmdir()
    with pytest.raises(GitError, match="no room for a scratch repository"):
        workspace.collect(repo.path)


def test_nothing_committed(tmp_path: Path, workspace: Workspace) -> None:
    git(tmp_path, "init", "-q", "empty")
    with pytest.raises(EmptyRepositoryError, match="no commits yet"):
        workspace.collect(tmp_path / "empty")
    git(tmp_path, "init", "-q", "--bare", "empty.git")
    with pytest.raises(EmptyRepositoryError):
        workspace.collect(tmp_path / "empty.git")
    assert workspace.store.snapshot().records == []


def test_the_same_facts_from_every_place(repo: Repo, tmp_path: Path) -> None:
    git(repo.path, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"), "main~1")
    git(repo.path, "checkout", "-q", "-f", "main")
    git(tmp_path, "clone", "-q", "--mirror", str(repo.path), "bare/app.git")
    expected = collected(tmp_path / "w0", repo.path)
    places = (repo.path / "src", repo.path / ".git", tmp_path / "linked", tmp_path / "bare/app.git")
    for number, place in enumerate(places, 1):
        found = collected(tmp_path / f"w{number}", place)
        assert found == expected, place


def test_paths_with_anything_in_them(tmp_path: Path) -> None:
    names = ("with space", 'a"b\\c', "line\nbreak\n", "tab\t#", '"x"', "\u00e9\udcff")
    for number, name in enumerate(names):
        with Repo(tmp_path / name) as repo:
            sha = repo.commit({"a": b"1\n"}, "One")
        found = collected(tmp_path / f"w{number}", repo.path)
        assert [(row[1], row[2]) for row in found["changes"]] == [(sha, "a")]
        assert len(found["change_lines"]) == 1


def test_alternates_of_alternates(repo: Repo, tmp_path: Path) -> None:
    for name, source in (("second", repo.path), ("third", tmp_path / "second")):
        git(tmp_path, "clone", "-q", "--shared", str(source), name)
    info = tmp_path / "third" / ".git" / "objects" / "info" / "alternates"
    info.write_text("../../../second/.git/objects\n")
    with Repo(tmp_path / "third") as more:
        more.commit({"more": b"x\n"}, "Four")
    found = collected(tmp_path / "w", tmp_path / "third")
    assert len(found["commits"]) == 4
    assert len(found["change_lines"]) == 4


def test_detached_with_branches(repo: Repo, tmp_path: Path) -> None:
    git(repo.path, "checkout", "-q", "-f", "--detach", "main~1")
    assert default_of(repo.path)[0] == "main"


def test_a_checkout_without_any_branch(repo: Repo, tmp_path: Path, workspace: Workspace) -> None:
    tip = words(repo.path, "rev-parse", "main")[0]
    git(repo.path, "checkout", "-q", "-f", "--detach", "main")
    git(repo.path, "branch", "-q", "-D", "main")
    assert default_of(repo.path) == ("HEAD", tip)
    with pytest.raises(UnknownBranchError):
        default_of(repo.path, "main")
    assert workspace.collect(repo.path).commits == 3


def test_which_branch_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "r"
    with Repo(path) as repo:
        base = repo.commit({}, "base", branch="work")
        git_main = repo.commit({}, "trunk", branch="trunk", parents=[base])
        remote = repo.commit({}, "remote", branch="refs/remotes/origin/develop", parents=[base])
    git(path, "symbolic-ref", "HEAD", "refs/heads/gone")
    assert default_of(path) == ("trunk", git_main)
    git(path, "symbolic-ref", "HEAD", "refs/heads/work")
    assert default_of(path) == ("work", base)
    git(path, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop")
    assert default_of(path) == ("develop", remote)
    git(path, "branch", "develop", base)
    assert default_of(path) == ("develop", remote), "the local branch is behind"
    with Repo(path) as repo:
        ahead = repo.commit({}, "ahead", branch="develop", parents=[remote])
    assert default_of(path) == ("develop", ahead)
    for asked in ("trunk", "refs/heads/trunk"):
        assert default_of(path, asked) == ("trunk", git_main)
    for asked in ("origin/develop", "refs/remotes/origin/develop"):
        assert default_of(path, asked) == ("develop", remote)
    with pytest.raises(UnknownBranchError, match=r"Usual ones here: develop, trunk\."):
        default_of(path, "nowhere")


def test_no_branch_can_be_taken_as_default(tmp_path: Path) -> None:
    with Repo(tmp_path / "r") as repo:
        repo.commit({}, "one", branch="ada")
        repo.commit({}, "two", branch="bo")
    git(repo.path, "symbolic-ref", "HEAD", "refs/heads/gone")
    with pytest.raises(UnknownBranchError, match="no default branch"):
        default_of(repo.path)
    git(repo.path, "branch", "-q", "-D", "bo")
    assert default_of(repo.path)[0] == "ada"


def test_tags_of_tags_trees_and_blobs(repo: Repo, workspace: Workspace) -> None:
    commit = words(repo.path, "rev-parse", "v1.0^{}")[0]
    for name, target in (("v1.1", "v1.0"), ("v1.2", "v1.1"), ("v3", "main^{tree}"), ("v4.0", "main:src/a.py"), ("v5.0", "v4.0")):  # fmt: skip
        git(
            repo.path, "-c", "user.name=Ada", "-c", "user.email=a@b", "tag", "-m", "x", name, target
        )
    workspace.collect(repo.path)
    assert workspace.rows("releases", "tag", "sha") == [
        (name, commit) for name in ("v1.0", "v1.1", "v1.2")
    ]


def test_another_user_owns_it(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to somebody else")
    for place in (repo.path, *repo.path.rglob("*")):
        os.chown(place, 12_345, 12_345)
    with pytest.raises(OwnershipError, match="another user owns it") as told:
        open_repository(repo.path / "src" if (repo.path / "src").exists() else repo.path)
    assert told.value.where == str(repo.path)
    settings = tmp_path / "settings"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    git(tmp_path, "config", "-f", str(settings), "--add", "safe.directory", told.value.where)
    assert len(collected(tmp_path / "w", repo.path)["commits"]) == 3


def test_no_git_or_an_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitVersionError, match="no git was found"):
        git_version()
    for printed, message in (("git version 1.8.3", r"1\.8\.3 is too old"), ("hello", "no git")):
        program = tmp_path / "git"
        program.write_text(f"#!/bin/sh\necho {printed}\n")
        program.chmod(0o755)
        with pytest.raises(GitVersionError, match=message):
            git_version()
    (tmp_path / "git").write_text("#!/bin/sh\necho git version 2.50.1.windows.1\n")
    assert git_version() == "2.50.1"


def test_dates_that_cannot_be(tmp_path: Path, workspace: Workspace) -> None:
    with Repo(tmp_path / "r") as repo:
        base = repo.commit({"a": b"1\n"}, "base")
    tree = words(repo.path, "rev-parse", f"{base}^{{tree}}")[0]
    parent = base
    for stamp in ("-1", "-99999999999", "99999999999999", "18446744073709551615", "99999999999999999999", "x", ""):  # fmt: skip
        body = f"tree {tree}\nparent {parent}\nauthor A <a@b> {stamp} +0000\ncommitter A <a@b> {stamp} +0000\n\n{stamp}\n"
        parent = write_object(repo.path, "commit", body.encode())
    for zone in ("+9999", "-1200", "+051800", "+5", "zone", ""):
        body = f"tree {tree}\nparent {parent}\nauthor A <a@b> 1700000000 {zone}\ncommitter A <a@b> 1700000000 {zone}\n\n{zone}\n"
        parent = write_object(repo.path, "commit", body.encode())
    git(repo.path, "update-ref", "refs/heads/main", parent)
    found = workspace.collect(repo.path)
    assert found.commits == 14
    years = {a.year for (a,) in workspace.rows("commits", "authored_at")}
    assert years <= {1970, 2023, 2026, 2200}
    count, total = found.gaps["git.odd-dates"]
    assert (count, total) == (9, 14)  # seven, and two whose zone git cannot read either
    again = Workspace(tmp_path / "again")
    again.collect(repo.path)
    with Repo(repo.path) as more:
        more.commit({"b": b"1\n"}, "later")
    assert again.collect(repo.path).gaps["git.odd-dates"] == (count, 15)


def test_sha256(tmp_path: Path) -> None:
    with Repo(tmp_path / "r", Spec(sha256=True)) as repo:
        one = repo.commit({"CHANGELOG.md": b"# 1.0\n"}, "One")
        two = repo.commit(
            {"CHANGELOG.md": b"# 1.1\n\n- Teach the parser tabs and such (#7)\n\n# 1.0\n"},
            "Teach the parser tabs and such",
        )
        repo.tag("v1.1", two)
        fix = repo.commit({"a": b"1\n"}, f"Revert it\n\nThis reverts commit {one}.")
        repo.commit({"a": b"1\n"}, f"Pick\n\n(cherry picked from commit {fix})", branch="rel-1.x", parents=[two])  # fmt: skip
    found = collected(tmp_path / "w", repo.path)
    assert {len(row[1]) for row in found["commits"]} == {64}
    assert (one, "reverts") in {row[4:5] + row[2:3] for row in found["links"]}
    assert [row[5:7] for row in found["release_notes"]] == [("#7", two)]
    assert "pick_mark" in {row[5] for row in found["links"] if row[2] == "same_change"}


def test_replaced_objects_and_grafts_are_not_followed(repo: Repo, tmp_path: Path) -> None:
    expected = collected(tmp_path / "w0", repo.path)
    tip, below, root = words(repo.path, "rev-list", "main")
    git(repo.path, "replace", "--graft", tip, root)
    git(repo.path, "replace", words(repo.path, "rev-parse", "v1.0")[0], _other_tag(repo.path, root))
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "grafts").write_text(f"{below}\n")
    assert len(words(repo.path, "rev-list", "main", "--")) < 3
    assert collected(tmp_path / "w1", repo.path) == expected


def _other_tag(path: Path, commit: str) -> str:
    body = f"object {commit}\ntype commit\ntag v1.0\ntagger A <a@b> 1700000000 +0000\n\nx\n"
    return write_object(path, "tag", body.encode())


def test_settings_of_the_person_at_the_keyboard_change_nothing(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = collected(tmp_path / "w0", repo.path)
    home = tmp_path / "home"
    (home / "git").mkdir(parents=True)
    (home / "git" / "attributes").write_text("*.py -diff\n")
    (home / "git" / "config").write_text(
        "[log]\nshowSignature = true\ndate = relative\nmailmap = true\n[diff]\nrenames = copies\n"
        "noprefix = true\norderFile = /nowhere\nignoreSubmodules = all\n[core]\nquotePath = true\n"
        "[format]\npretty = oneline\n[color]\nui = always\n[i18n]\nlogOutputEncoding = UTF-16\n"
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_REPLACE_REF_BASE", "refs/heads/")
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    assert collected(tmp_path / "w1", repo.path) == expected


def test_a_repository_written_to_while_it_is_read(repo: Repo, workspace: Workspace) -> None:
    seen: list[str] = []

    def commit_more(stage: str, done: int, total: int) -> None:
        if not done:
            seen.append(stage)
            git(repo.path, *_ME, "commit", "-q", "--allow-empty", "-m", f"While {stage}")
            git(repo.path, *_ME, "tag", "-f", f"v9.{len(seen)}")

    git(repo.path, "reset", "-q", "--hard")
    tip = words(repo.path, "rev-parse", "main")[0]
    done = workspace.collect(repo.path, progress=commit_more)
    assert len(seen) > 3
    assert done.commits == 3
    assert workspace.rows("repositories", "tip") == [(tip,)]
    assert workspace.rows("releases", "tag") == [("v1.0",)]
    assert workspace.collect(repo.path).new_commits == len(seen)


_ME = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


def test_two_processes_may_read_it_at_once(repo: Repo) -> None:
    one, other = open_repository(repo.path), open_repository(repo.path)
    assert one.scratch != other.scratch
    one.close()
    assert other.run("rev-list", "--count", words(repo.path, "rev-parse", "main")[0]).out == b"3\n"
    other.close()
    assert not other.scratch.exists()
    with pytest.raises(GitError):
        other.run("rev-parse", "HEAD")
    assert subprocess.run(["git", "-C", str(repo.path), "fsck"], capture_output=True, check=False).returncode == 0  # fmt: skip
