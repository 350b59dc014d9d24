"""Entries of release notes that no commit names, but that were written with code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.sources.git.making import Repo, git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.git.collecting import Workspace

OLD = "1.0\n===\n\n* Old things\n"


def notes(*entries: str) -> bytes:
    """Notes of release 1.1 with these entries."""
    told = "".join(f"* {entry}\n" for entry in entries)
    return f"1.1\n===\n\n{told}\n{OLD}".encode()


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "app")
    with made:
        made.commit({"CHANGES.rst": OLD.encode(), "src/a.py": b"a\n"}, "Begin")
    git(made.path, "tag", "v1.0", "main")
    return made


def written(workspace: Workspace, repo: Repo) -> dict[str, str | None]:
    """For each entry of 1.1 the commit it was written with."""
    git(repo.path, "tag", "v1.1", "main")
    workspace.collect(repo.path)
    rows = workspace.rows("release_notes", "tag", "target", "written_with")
    return {target: sha for tag, target, sha in rows if tag == "v1.1"}


def test_written_with_code(repo: Repo, workspace: Workspace) -> None:
    with repo:
        both = repo.commit({"CHANGES.rst": notes("#7: quick"), "src/a.py": b"aa\n"}, "Do it")
        repo.commit({"CHANGES.rst": notes("#7: quick", "#8: slow")}, "Tell of it")
        repo.commit({"src/a.py": b"b\n"}, "Prepare the release")
    assert written(workspace, repo) == {"#7": both, "#8": None}


def test_written_with_a_page_alone(repo: Repo, workspace: Workspace) -> None:
    with repo:
        repo.commit({"CHANGES.rst": notes("#7: quick"), "docs/a.rst": b"a\n"}, "Do it")
        repo.commit({"src/a.py": b"b\n"}, "Prepare the release")
    assert written(workspace, repo) == {"#7": None}


def test_the_released_commit_collects_what_others_did(repo: Repo, workspace: Workspace) -> None:
    with repo:
        repo.commit({"CHANGES.rst": notes("#7: quick"), "src/version.py": b"1.1\n"}, "Release")
    assert written(workspace, repo) == {"#7": None}


def test_many_entries_at_once_are_collected_ones(repo: Repo, workspace: Workspace) -> None:
    with repo:
        many = notes(*(f"#{n}: number {n}" for n in range(10, 14)))
        repo.commit({"CHANGES.rst": many, "src/a.py": b"aa\n"}, "Do it")
        repo.commit({"src/a.py": b"b\n"}, "Prepare the release")
    assert set(written(workspace, repo).values()) == {None}


def test_moved_notes_were_written_before(repo: Repo, workspace: Workspace) -> None:
    with repo:
        both = repo.commit({"CHANGES.rst": notes("#7: quick"), "src/a.py": b"aa\n"}, "Do it")
        moved: dict[bytes | str, bytes | None] = {
            "CHANGES.rst": None,
            "docs/changes/1.1.rst": notes("#7: quick"),
            "src/b.py": b"b\n",
        }
        repo.commit(moved, "Move")
        repo.commit({"CHANGES.rst": b"See docs\n"}, "Prepare the release")
    assert written(workspace, repo) == {"#7": both}


def test_a_commit_of_an_earlier_release_does_not_tell(repo: Repo, workspace: Workspace) -> None:
    """An entry that was put under a later heading was not done in that release."""
    with repo:
        repo.commit({"CHANGES.rst": notes("#7: quick"), "src/a.py": b"aa\n"}, "Do it")
    git(repo.path, "tag", "v1.0.1", "main")
    with repo:
        repo.commit({"src/a.py": b"b\n"}, "Prepare the release")
    assert written(workspace, repo) == {"#7": None}


def test_hostile_paths(repo: Repo, workspace: Workspace) -> None:
    odd = b":(exclude)docs/\xff* [x]/CHANGES.rst"
    with repo:
        both = repo.commit({odd: notes("#7: quick"), "src/a.py": b"aa\n"}, "Do it")
        repo.commit({"src/a.py": b"b\n"}, "Prepare the release")
    assert written(workspace, repo) == {"#7": both}
