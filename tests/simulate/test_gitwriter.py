"""The writer says what git says, and nobody's configuration gets in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trueup.kernel.errors import GitError, GitVersionError, UsageError
from trueup.simulate.content import Written
from trueup.simulate.gitwriter import SCRATCH, Commit, GitWriter, Stamp, git, new_repository

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA = Stamp("Ada Quill", "ada@example.org", AT, -210)
MAIN = "refs/heads/main"


def commit(message: str, *parents: int, text: str = "x") -> Commit:
    change = Written("a b/ü.txt", "100644", text.encode())
    return Commit(author=ADA, committer=ADA, message=message, parents=parents, changes=[change])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_repository(tmp_path / "r.git")
    return tmp_path / "r.git"


def test_shas_are_known_while_writing_and_afterwards(folder: Path) -> None:
    with GitWriter(folder) as writer:
        first = writer.commit(MAIN, commit("one\n"))
        early = writer.sha(first)
        second = writer.commit(MAIN, commit("two\n", first, text="y"))
    assert writer.shas[first] == early == git(folder, "rev-parse", "main~1").strip()
    assert writer.shas[second] == git(folder, "rev-parse", "main").strip()
    assert writer.count == 2


def test_stamps_carry_their_zone(folder: Path) -> None:
    with GitWriter(folder) as writer:
        writer.commit(MAIN, commit("one\n"))
    shown = git(folder, "log", "-1", "--format=%an %ae %aI", "main").strip()
    assert shown == "Ada Quill ada@example.org 2026-03-01T08:30:00-03:30"


def test_commits_without_a_branch_leave_no_ref(folder: Path) -> None:
    with GitWriter(folder) as writer:
        base = writer.commit(MAIN, commit("base\n"))
        one = writer.commit(SCRATCH, commit("topic\n", base, text="t"))
        other = writer.commit(SCRATCH, commit("other\n", base, text="u"))
        writer.branch("kept/one", one)
        writer.commit(MAIN, commit("merge\n", base, other, text="u"))
        writer.tag("v1", base, ADA, "first\n")
    refs = git(folder, "for-each-ref", "--format=%(refname)").split()
    assert refs == ["refs/heads/kept/one", "refs/heads/main", "refs/tags/v1"]
    parents = git(folder, "log", "-1", "--format=%P", "main").split()
    assert parents == [writer.shas[base], writer.shas[other]]


def test_what_git_refuses_is_told(folder: Path) -> None:
    with pytest.raises(GitError, match="fast-import"), GitWriter(folder) as writer:
        writer.commit(MAIN, commit("lost\n", 99))


def test_a_failure_of_the_caller_is_not_hidden(folder: Path) -> None:
    def fail() -> None:
        with GitWriter(folder) as writer:
            writer.commit(MAIN, commit("one\n"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert git(folder, "for-each-ref") == ""


def test_a_place_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        new_repository(tmp_path)


def test_a_failing_command_is_told(folder: Path) -> None:
    with pytest.raises(GitError, match="rev-parse"):
        git(folder, "rev-parse", "--verify", "nothing")


def test_no_git_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(GitVersionError, match="no git"):
        git(folder, "status")
