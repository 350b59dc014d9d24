"""Which branches and tags of public projects are release lines and versions."""

from pathlib import Path

import pytest
from tests.sources.git.collecting import Workspace
from tests.sources.git.making import Repo, git

from trueup.sources.git.lines import as_text, is_release, public_name, read_lines, version_of
from trueup.sources.git.repository import open_repository

RELEASE_LINES = """
3.11 v18.x 17.0.x 7-0-stable 6-1-stable REL_15_STABLE REL1_39 stable/2023.1 stable/ocata
unmaintained/victoria stable-2.15 release-1.28 release-branch.go1.21 release/go1.20 release/dev17.8
releases/v0.32.x releases/gcc-13 branch-3.5 linux-6.1.y openssl-3.0 OpenSSL_1_1_1-stable rel_1_4
release-22.10 maintenance/1.26.x maint maint-2.7 stable/4.2.x PHP-8.2 ruby_3_2 gimp-2-10-stable
CMSSW_13_0_X OPENBSD_7_3 releng/13.2 stable/13 support/1.x v4.4 2.7-maint 10.6 v5 stable 2.x 1_4_X
lts-4.19 release/2.0.x 3.x-dev hotfix/1.2.1
""".split()
OTHERS = """
main develop next gh-pages ada/topic feature/upgrade-react-18.2 renovate/react-18.x fix/1.2
dependabot/npm_and_yarn/lodash-4.17.21 bugfix/JIRA-123-4 backport-1234-to-7.x mergify/bp/7.17/pr-123
patchback/backports/stable-2.15/abc123/pr-81 release-notes-1.2 cherry-pick-abc-into-stable-1.2
user/ada/1.2 hotfix/JIRA-123-foo support/ticket-1234 issue-45 2024-01-02 4.2.x-fix-123 wip-3.0
merge-release-1.2-to-main revert-123-release-1.2 bump-version-1.2 v18.x-staging upgrade-6.1
backport/7.x/pr-1234 update-deps-2.0 release-please--branches--main copilot/fix-12 test-1.2
""".split()


@pytest.mark.parametrize("branch", RELEASE_LINES)
def test_release_lines(branch: str) -> None:
    assert is_release(branch)


@pytest.mark.parametrize("branch", OTHERS)
def test_other_branches(branch: str) -> None:
    assert not is_release(branch)


VERSIONS = {
    "v2.1.0": ("2.1.0", False),
    "rel_1_4": ("1.4", False),
    "REL_15_2": ("15.2", False),
    "2.0rc1": ("2.0rc1", True),
    "1.0.0-RC1": ("1.0.0rc1", True),
    "v5.15-rc1": ("5.15rc1", True),
    "v1.0.0-beta.2": ("1.0.0beta2", True),
    "v1.0.0-next.3": ("1.0.0next3", True),
    "4.1.0.CR1": ("4.1.0cr1", True),
    "3.0.0.Final": ("3.0.0", False),
    "1.2.3.post1": ("1.2.3", False),
    "swift-5.9-RELEASE": ("5.9", False),
    "v1.2.3+build.5": ("1.2.3", False),
    "foo@1.2.3": ("1.2.3", False),
    "cmd/v1.2.3": ("1.2.3", False),
    "release-22.10.0": ("22.10.0", False),
    "go1.21.3": ("1.21.3", False),
    "llvmorg-17.0.1": ("17.0.1", False),
    "20231201": ("20231201", False),
    "nightly-20240101": ("20240101", True),
    "nightly": None,
    "v1": None,
    "latest": None,
    "2024-01-01": None,
    "jdk-11+28": None,
    "": None,
}


@pytest.mark.parametrize("tag", VERSIONS)
def test_versions(tag: str) -> None:
    assert version_of(tag) == VERSIONS[tag]


def test_kinds_and_names_that_are_kept(tmp_path: Path, workspace: Workspace) -> None:
    with Repo(tmp_path / "r") as repo:
        base = repo.commit({"a": b"1\n"}, "base")
        repo.commit({"a": b"2\n"}, "fix", branch="release/1.x")
        repo.commit({"a": b"3\n"}, "fix", branch="refs/remotes/origin/release/1.x", parents=[base])
        repo.commit({"a": b"4\n"}, "try", branch="ada-quill/secret-plan")
        repo.commit({"a": b"5\n"}, "a request", branch="refs/pull/1/head")
        repo.commit({"a": b"6\n"}, "stashed", branch="refs/stash")
        repo.commit({"a": b"7\n"}, "note", branch="refs/notes/commits")
        repo.branch("refs/remotes/origin/main", base)
        repo.branch("refs/remotes/upstream/main", repo.tip("release/1.x"))
        repo.branch("refs/tags/thanks-ada", base)
        repo.branch("refs/tags/v1.0", base)
    repository = open_repository(repo.path)
    lines = read_lines(repository)
    repository.close()
    assert [(x.name, x.kind) for x in lines.all] == [
        ("main", "default"),
        ("ada-quill/secret-plan", "topic"),
        ("release/1.x", "release"),
        ("release/1.x", "release"),
        ("main", "topic"),
    ]
    assert [t.name for t in lines.tags] == ["v1.0"]
    found = workspace.collect(repo.path)
    assert found.commits == 4, "requests, stashes and notes are left out"
    kinds = dict(workspace.rows("refs", "name", "kind"))
    assert kinds.pop(public_name(lines.others[0])) == "topic"
    assert kinds.pop(public_name(lines.others[-1])) == "topic"
    assert kinds == {"main": "default", "release/1.x": "release", "v1.0": "tag"}
    assert not any("quill" in str(row) for rows in workspace.facts().values() for row in rows if rows is not workspace.facts()["people"] and "Ada Quill" not in row)  # fmt: skip
    landed = [row for row in workspace.rows("landings", "line", "sha") if row[0] != "default"]
    assert {line for line, _ in landed} == {"release/1.x"}
    assert len(landed) == 2


def test_names_that_are_not_utf8_stay_apart(tmp_path: Path, workspace: Workspace) -> None:
    with Repo(tmp_path / "r") as repo:
        base = repo.commit({"a": b"1\n"}, "base")
        repo.commit({"a": b"2\n"}, "fix", branch="main")
    for raw in (b"v1.0-\xff", b"v1.0-\xfe"):
        refs = repo.path / ".git" / "refs" / "tags"
        (refs / (raw.decode("utf-8", "surrogateescape") + "-2.0")).write_text(base + "\n")
    workspace.collect(repo.path)
    assert workspace.rows("releases", "tag") == [(r"v1.0-\xfe-2.0",), (r"v1.0-\xff-2.0",)]
    assert as_text("\udcff") == r"\xff"
    assert git(repo.path, "tag").count(b"\n") == 2
