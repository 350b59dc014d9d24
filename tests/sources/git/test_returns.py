"""Reverted work that comes back under another name, and what only looks like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.sources.git.making import ADA, BO, DAY, START, Repo

from trueup.sources.git import returns

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.git.collecting import Workspace

BEFORE = b"".join(b"old line number %d\n" % n for n in range(12))
ADDED = BEFORE + b"".join(b"a telling line number %d\n" % n for n in range(10))
#: Nine of the ten lines, and some more.
NEARLY = ADDED.replace(
    b"a telling line number 3\n", b"written differently\nand longer than it was\n"
)
HALF = BEFORE + b"".join(b"a telling line number %d\n" % n for n in range(5))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "app")
    with made:
        made.commit({"src/a.py": BEFORE, "src/b.py": b"b\n"}, "Begin")
    return made


def returned(workspace: Workspace, repo: Repo) -> set[tuple[str, str]]:
    """Pairs of a commit and what it brings back."""
    workspace.collect(repo.path)
    rows = workspace.rows("links", "sha", "relation", "target", "how")
    found = [(sha, target, how) for sha, relation, target, how in rows if relation == "returns"]
    assert {how for _, _, how in found} <= {"added_lines"}
    return {(sha, target) for sha, target, _ in found}


def revert(repo: Repo, sha: str, **more: object) -> str:
    message = f'Revert "Something"\n\nThis reverts commit {sha}.'
    return repo.commit({"src/a.py": BEFORE}, message, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("again", [ADDED, NEARLY])
def test_the_same_lines_under_another_number(
    repo: Repo, workspace: Workspace, again: bytes
) -> None:
    with repo:
        first = repo.commit({"src/a.py": ADDED}, "Add it (#10287)")
        revert(repo, first)
        repo.commit({"src/b.py": b"bb\n"}, "Something else (#10288)")
        back = repo.commit({"src/a.py": again, "src/b.py": b"c\n"}, "Do it (#10290)", author=BO)
        repo.commit({"src/a.py": again + b"more\n"}, "Go on")
    assert returned(workspace, repo) == {(back, first)}


@pytest.mark.parametrize(
    ("author", "days", "more", "found"),
    [
        (ADA, 10, {}, True),
        (BO, 10, {}, False),
        (ADA, 40, {}, False),
        (ADA, 10, {"src/b.py": b"a longer line than before\n"}, True),
    ],
    ids=["the same person soon", "another", "later", "with another file"],
)
def test_half_of_the_lines(
    repo: Repo,
    workspace: Workspace,
    author: bytes,
    days: int,
    more: dict[bytes | str, bytes | None],
    *,
    found: bool,
) -> None:
    with repo:
        first = repo.commit({"src/a.py": ADDED}, "Add it (#10287)", at=START + DAY)
        revert(repo, first, at=START + 2 * DAY)
        at = START + (2 + days) * DAY
        files = {"src/a.py": HALF} | more
        back = repo.commit(files, "Do half (#10290)", author=author, at=at)
    assert returned(workspace, repo) == ({(back, first)} if found else set())


def test_lines_taken_away_again(repo: Repo, workspace: Workspace) -> None:
    shorter = b"".join(BEFORE.splitlines(keepends=True)[5:])
    with repo:
        first = repo.commit({"src/a.py": shorter}, "Cut it (#10287)")
        revert(repo, first)
        back = repo.commit({"src/a.py": shorter}, "Drop what nobody needs (#10290)", author=BO)
    assert returned(workspace, repo) == {(back, first)}


def test_other_lines_in_place_of_the_same_are_other_work(repo: Repo, workspace: Workspace) -> None:
    def changed(into: bytes) -> bytes:
        return BEFORE.replace(b"old line number 3\nold line number 4\n", into)

    with repo:
        first = repo.commit({"src/a.py": changed(b"one way to do it\n" * 2)}, "Do it (#10287)")
        revert(repo, first)
        repo.commit({"src/a.py": changed(b"quite another way\n" * 2)}, "Mend (#10290)", author=BO)
    assert returned(workspace, repo) == set()


def test_the_lines_in_another_file_are_other_work(repo: Repo, workspace: Workspace) -> None:
    with repo:
        first = repo.commit({"src/a.py": ADDED}, "Add it (#10287)")
        revert(repo, first)
        repo.commit({"src/c.py": ADDED}, "Do it elsewhere (#10290)")
    assert returned(workspace, repo) == set()


@pytest.mark.parametrize(("days", "found"), [(720, True), (740, False)])
def test_only_soon(repo: Repo, workspace: Workspace, days: int, *, found: bool) -> None:
    with repo:
        first = repo.commit({"src/a.py": ADDED}, "Add it", at=START + DAY)
        revert(repo, first, at=START + 2 * DAY)
        back = repo.commit({"src/a.py": ADDED}, "Do it", at=START + (2 + days) * DAY)
    assert returned(workspace, repo) == ({(back, first)} if found else set())


@pytest.mark.parametrize(
    "message",
    ['Revert "Add it"', 'Revert "Add it (#7)" (#8)', "Revert it\n\nThis reverts #7, it broke"],
)
def test_by_subject_or_number(repo: Repo, workspace: Workspace, message: str) -> None:
    with repo:
        first = repo.commit({"src/a.py": ADDED}, "Add it (#7)")
        repo.commit({"src/a.py": BEFORE}, message)
        back = repo.commit({"src/a.py": ADDED}, "Once more (#9)")
    assert returned(workspace, repo) == {(back, first)}


def test_merged_requests(repo: Repo, workspace: Workspace) -> None:
    """A merge stands for what it brought."""
    with repo:
        base = repo.commit({"src/b.py": b"bb\n"}, "Go on")
        one = repo.commit({"src/a.py": HALF}, "Half", branch="topic", parents=[base])
        two = repo.commit({"src/a.py": ADDED}, "Rest", branch="topic")
        subject = "Merge pull request #7 from ada/topic"
        merge = repo.commit({"src/a.py": ADDED}, subject, parents=[base, two])
        undo = revert(repo, merge)
        again = repo.commit({"src/a.py": ADDED}, "Again", branch="second", parents=[undo])
        subject = "Merge pull request #9 from ada/second"
        back = repo.commit({"src/a.py": ADDED}, subject, parents=[undo, again])
    assert returned(workspace, repo) == {(back, merge)}
    assert one


def test_what_stands_beside_its_revert_on_a_branch_never_stood(
    repo: Repo, workspace: Workspace
) -> None:
    with repo:
        base = repo.commit({"src/b.py": b"bb\n"}, "Go on")
        one = repo.commit({"src/a.py": ADDED}, "Try", branch="topic", parents=[base])
        undo = revert(repo, one, branch="topic")
        again = repo.commit({"src/a.py": ADDED}, "Once more", branch="topic")
        repo.commit({"src/a.py": ADDED}, "Merge branch 'topic'", parents=[base, again])
    assert undo
    assert returned(workspace, repo) == set()


def test_what_comes_back_later_is_found_later(repo: Repo, workspace: Workspace) -> None:
    with repo:
        first = repo.commit({"src/a.py": ADDED}, "Add it")
        revert(repo, first)
    assert returned(workspace, repo) == set()
    with repo:
        back = repo.commit({"src/a.py": ADDED}, "Do it")
    assert returned(workspace, repo) == {(back, first)}


def test_reverts_that_are_not_looked_into_are_told(
    repo: Repo, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returns, "MOST_REVERTS", 1)
    with repo:
        for n in range(3):
            first = repo.commit({"src/a.py": ADDED + b"%d\n" % n}, f"Add {n}")
            revert(repo, first)
        back = repo.commit({"src/a.py": ADDED + b"2\n"}, "Do it")
    assert returned(workspace, repo) == {(back, first)}
    assert ("git.not-compared", 2) in set(workspace.rows("gaps", "slug", "count"))
