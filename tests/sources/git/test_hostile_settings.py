"""Nothing that a repository asks git to run is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.sources.git.collecting import Workspace, collected
from tests.sources.git.making import Repo, git

if TYPE_CHECKING:
    from pathlib import Path

#: Settings that name a program; `%` stands for it.
PROGRAMS = (
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.gitProxy",
    "core.askPass",
    "core.alternateRefsCommand",
    "core.hooksPath",
    "diff.external",
    "diff.evil.textconv",
    "diff.evil.command",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "merge.evil.driver",
    "credential.helper",
    "gpg.program",
    "gpg.ssh.program",
    "sequence.editor",
    "uploadpack.packObjectsHook",
    "interactive.diffFilter",
    "init.templateDir",
    "trailer.sign.command",
    *(
        f"pager.{c}"
        for c in ("log", "rev-parse", "for-each-ref", "config", "symbolic-ref", "cat-file")
    ),
    *(
        f"alias.{c}"
        for c in ("log", "rev-parse", "rev-list", "for-each-ref", "cat-file", "symbolic-ref", "config")
    ),
)  # fmt: skip
HOOKS = ("reference-transaction", "post-index-change", "post-checkout", "pre-auto-gc", "post-command", "fsmonitor-watchman")  # fmt: skip


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "marker"


@pytest.fixture
def evil(tmp_path: Path, marker: Path) -> Path:
    program = tmp_path / "evil"
    program.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{marker}'\ncat\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "app")
    attributes = b"* diff=evil filter=evil merge=evil\n"
    with made:
        made.commit({".gitattributes": attributes, "a.py": b"1\n", "CODEOWNERS": b"* @ada\n"}, "1")
        two = made.commit({"a.py": b"2\n", "CHANGELOG.md": b"# 1.0\n- Fix #3\n"}, "Two, fixes #3")
        made.tag("v1.0", two)
        made.commit({"a.py": b"3\n"}, "Off", branch="rel-1.x", parents=[two])
        made.commit({"a.py": b"3\n", ".mailmap": b"Ada <a@b> <ada@example.org>\n"}, "Off")
    return made


def poison(path: Path, evil: Path, marker: Path) -> None:
    """Put the program wherever a repository can name one."""
    for name in PROGRAMS:
        shell = "!" if name.startswith("alias") else ""
        git(path, "config", name, f"{shell}{evil}")
    more = path / ".git" / "more"
    more.write_text(f"[core]\n\tfsmonitor = {evil}\n[log]\n\tshowSignature = true\n")
    git(path, "config", "include.path", str(more))
    git(path, "config", "includeIf.gitdir:**.path", str(more))
    git(path, "config", "protocol.ext.allow", "always")
    git(path, "config", "remote.origin.url", f"ext::sh -c 'touch {marker}'")
    git(path, "config", "remote.origin.promisor", "true")
    git(path, "config", "remote.origin.partialclonefilter", "blob:none")
    git(path, "config", "extensions.partialClone", "origin")
    git(path, "config", "core.repositoryFormatVersion", "1")
    hooks = path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in HOOKS:
        (hooks / hook).symlink_to(evil)
    (path / ".git" / "info").mkdir(exist_ok=True)
    (path / ".git" / "info" / "attributes").write_text("* diff=evil filter=evil -text\n")


def test_the_program_would_leave_a_mark(repo: Repo, evil: Path, marker: Path) -> None:
    poison(repo.path, evil, marker)
    git(repo.path, "diff", "--ext-diff", "main~1", "main")
    assert marker.read_text() != ""


def test_nothing_of_it_runs(
    repo: Repo, tmp_path: Path, evil: Path, marker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repo.path, "config", "remote.origin.url", "ext::sh -c true")
    expected = collected(tmp_path / "w0", repo.path, context=3)
    poison(repo.path, evil, marker)
    before = {p: p.stat().st_mtime_ns for p in repo.path.rglob("*")}
    monkeypatch.chdir(repo.path)
    assert collected(tmp_path / "w1", repo.path, context=3) == expected
    assert not marker.exists()
    assert {p: p.stat().st_mtime_ns for p in repo.path.rglob("*")} == before


def test_missing_contents_are_never_fetched(
    repo: Repo, tmp_path: Path, evil: Path, marker: Path, workspace: Workspace
) -> None:
    git(repo.path, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    url = f"file://{repo.path}"
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", url, str(clone))
    poison(clone, evil, marker)
    found = workspace.collect(clone)
    assert found.commits == 4
    assert found.gaps["git.missing-blob"][0] > 0
    assert not marker.exists()


def test_no_secret_of_a_remote_is_kept(repo: Repo, workspace: Workspace) -> None:
    for url, name in (
        ("https://ada:s3cret@forge.example/acme/app.git?token=s3cret#s3cret", "acme/app"),
        ("https://s3cret@dev.example/org/project/_git/app", "project/app"),
        ("ssh://git@forge.example:2222/group/sub/app.git/", "sub/app"),
        ("/srv/s3cret/app.git", "app"),
        ("", "app"),
    ):
        git(repo.path, "config", "remote.origin.url", url)
        fresh = Workspace(workspace.store.workspace / name.replace("/", "-") / str(len(url)))
        assert fresh.collect(repo.path).repo == name
        texts = [p.read_bytes() for p in fresh.store.workspace.rglob("*") if p.is_file()]
        assert not any(b"s3cret" in text for text in texts)
