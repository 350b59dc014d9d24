"""The same change under another id: every way it is found, and what must not be taken for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.sources.git.collecting import Workspace, collected
from tests.sources.git.making import BO, DAY, START, Repo, git, loose, unpack, words

from trueup.sources.git import content, twins
from trueup.sources.git.content import Off, added_lines, by_added_lines, patch_ids, touched_names
from trueup.sources.git.repository import open_repository

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.sources.git.repository import Repository

BEFORE = b"".join(b"old line number %d\n" % n for n in range(12))
AFTER = BEFORE.replace(b"number 5\n", b"number five, rewritten\n")
LINES = b"".join(b"a telling line number %d\n" % n for n in range(6))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A main line and a release line that parted after the first commit."""
    made = Repo(tmp_path / "app")
    with made:
        made.commit({"src/a.py": BEFORE, "src/z.py": b"z\n"}, "Begin")
        made.branch("release/1.x", made.tip())
        made.commit({"src/z.py": b"zz\n"}, "Go on")
    return made


def twins_of(workspace: Workspace, repo: Repo) -> dict[str, tuple[str, str]]:
    """Of each commit its twin and how it was found."""
    workspace.collect(repo.path)
    rows = workspace.rows("links", "sha", "relation", "target_kind", "target", "how")
    return {s: (t, how) for s, relation, _, t, how in rows if relation == "same_change"}


def off(made: Repo, files: dict[str, bytes | None], message: str, **more: object) -> str:
    """A commit on the release line."""
    return made.commit(files, message, branch="release/1.x", **more)  # type: ignore[arg-type]


def test_a_pick_mark(repo: Repo, workspace: Workspace) -> None:
    with repo:
        on = repo.commit({"src/a.py": AFTER}, "Fix it, fixes #5")
        picked = off(
            repo, {"src/a.py": b"else\n"}, f"Another\n\n(cherry picked from commit {on})", author=BO
        )
        unknown = off(
            repo, {"src/a.py": b"more\n"}, f"No\n\n(cherry picked from commit {'1' * 40})"
        )
    assert twins_of(workspace, repo) == {picked: (on, "pick_mark")}
    assert unknown


def test_both_were_picked_from_one(repo: Repo, workspace: Workspace) -> None:
    mark = f"(cherry picked from commit {'2' * 40})"
    with repo:
        on = repo.commit({"src/a.py": AFTER}, f"Fix\n\n{mark}")
        picked = off(repo, {"src/a.py": b"x\n"}, f"Fix 1.x\n\n{mark}", author=BO)
    assert twins_of(workspace, repo) == {picked: (on, "common_pick")}


def test_a_change_id(repo: Repo, workspace: Workspace) -> None:
    mark = "Change-Id: I0123456789abcdef0123456789abcdef01234567"
    with repo:
        on = repo.commit({"src/a.py": AFTER}, f"Fix\n\n{mark}")
        same = off(repo, {"src/a.py": b"x\n"}, f"Fix on 1.x\n\n{mark}", author=BO)
    assert twins_of(workspace, repo) == {same: (on, "change_id")}


def test_the_same_author_date(repo: Repo, workspace: Workspace) -> None:
    with repo:
        on = repo.commit({"src/a.py": AFTER}, "Fix it (#7)", authored=START + 77)
        same = off(repo, {"src/a.py": b"x\n"}, "[1.x] Fix it (#9)", authored=START + 77)
        other_words = off(repo, {"src/a.py": b"y\n"}, "Break it", authored=START + 77)
        other_person = off(repo, {"src/a.py": b"w\n"}, "Fix it", authored=START + 77, author=BO)
    found = twins_of(workspace, repo)
    assert found[same] == (on, "author_date")
    assert other_words not in found
    assert found[other_person] == (on, "subject_and_files")


def test_the_same_request(repo: Repo, workspace: Workspace) -> None:
    with repo:
        on = repo.commit({"src/a.py": AFTER}, "Fix it (#7)", author=BO)
        same = off(repo, {"else.py": b"x\n"}, "Fix it (#7)")
        other = off(repo, {"more.py": b"x\n"}, "Something else (#7)")
    found = twins_of(workspace, repo)
    assert found == {same: (on, "pull_number")}
    assert other not in found


def test_the_same_patch_on_another_day(repo: Repo, workspace: Workspace) -> None:
    with repo:
        on = repo.commit({"src/a.py": AFTER}, "Fix it", author=BO)
        same = off(repo, {"src/a.py": AFTER, "src/z.py": None}, "Clear")
        patch = off(repo, {"src/a.py": BEFORE}, "Undo")
        again = off(repo, {"src/a.py": AFTER}, "Fix it", at=START + 9 * DAY)
    found = twins_of(workspace, repo)
    assert found[again] == (on, "patch_id")
    assert same not in found
    assert patch not in found


def test_subject_and_files(repo: Repo, workspace: Workspace) -> None:
    with repo:
        on = repo.commit({"src/a.py": AFTER, "src/b.py": b"b\n"}, "Fix it", author=BO)
        near = off(repo, {"src/a.py": b"quite another way\n", "src/b.py": b"bb\n"}, "Fix it")
        far = off(repo, {"x": b"1\n", "y": b"1\n", "z": b"1\n", "src/b.py": b"c\n"}, "Fix it")
    found = twins_of(workspace, repo)
    assert found == {near: (on, "subject_and_files")}
    assert far not in found


def test_squashed_under_another_name(repo: Repo, workspace: Workspace) -> None:
    with repo:
        side = repo.commit(
            {"src/n.py": LINES}, "Step one, fixes #5", branch="topic", parents=[repo.tip()]
        )
        silent = repo.commit({"src/n.py": LINES + LINES.upper()}, "Step two", branch="topic")
        repo.commit({"src/n.py": b"\t" + LINES.replace(b"\n", b"\n\t")}, "Squash (#8)")
    found = twins_of(workspace, repo)
    assert found == {side: ("default", "added_lines")}, "only claims are looked for by content"
    assert silent not in found


def test_gone_from_the_end_but_there_soon_after(repo: Repo, workspace: Workspace) -> None:
    with repo:
        side = repo.commit(
            {"src/n.py": LINES}, "Step, fixes #5", branch="topic", parents=[repo.tip()]
        )
        never = repo.commit(
            {"src/n.py": LINES.upper()}, "Step, fixes #6", branch="other", parents=[repo.tip()]
        )
        repo.commit({"src/n.py": LINES}, "Squash (#8)")
        repo.commit({"src/n.py": None}, "Remove it all", at=START + 300 * DAY)
    found = twins_of(workspace, repo)
    assert found == {side: ("default", "added_lines")}
    assert never not in found


def test_lines_that_stood_before_show_nothing(repo: Repo, workspace: Workspace) -> None:
    deeper = b"    " + BEFORE.replace(b"\n", b"\n    ")
    with repo:
        base = words(repo.path, "rev-parse", "release/1.x")[0]
        repo.commit({"src/a.py": deeper, "src/b.py": b""}, "Indent", branch="t1", parents=[base])
        repo.commit({"src/a.py": deeper + LINES}, "Fixes #5", branch="t1")
        only = repo.commit({"src/a.py": deeper}, "Fixes #6", branch="t2", parents=[base])
        more = repo.commit({"src/a.py": deeper + LINES}, "Fixes #7", branch="t3", parents=[base])
    assert twins_of(workspace, repo) == {}
    absent = absences(workspace)
    assert only not in absent, "nothing in it can be told from what stood there"
    assert more in absent


def absences(workspace: Workspace) -> set[str]:
    rows = workspace.rows("links", "sha", "relation")
    return {sha for sha, relation in rows if relation == "absent"}


def test_absent_only_where_all_was_looked_at_and_hardly_any_is_there(
    repo: Repo, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trueup.sources.git.content.LARGEST", 5_000)
    many = b"".join(b"a line that tells number %d\n" % n for n in range(40))
    with repo:
        repo.commit({"src/m.py": BEFORE, "src/l.py": many * 6, "src/p.py": many[:189]}, "Files")
        base = [repo.tip()]
        nowhere = repo.commit({"src/z.py": LINES}, "Fixes #5", branch="t1", parents=base)
        moved = repo.commit({"src/m.py": LINES}, "Fixes #6", branch="t2", parents=base)
        large = repo.commit({"src/l.py": LINES}, "Fixes #7", branch="t3", parents=base)
        part = repo.commit({"src/p.py": many[:270] + LINES[:75]}, "Fixes #8", branch="t4", parents=base)  # fmt: skip
        gone = repo.commit({"src/p.py": many[:108]}, "Fixes #9", branch="t5", parents=base)
        one = repo.commit({"src/z.py": b"another line\n"}, "Fixes #10", branch="t6", parents=base)
        unsaid = repo.commit({"src/z.py": LINES}, "Tidy", branch="t7", parents=base)
        repo.commit({"src/m.py": None, "src/n.py": BEFORE, "src/p.py": many[:270]}, "Move")
    assert twins_of(workspace, repo) == {}
    assert absences(workspace) == {nowhere, one}
    assert moved, "its file is no longer there to look into"
    assert large, "not looked into"
    assert part, "some of it is there"
    assert gone, "removes only"
    assert unsaid, "claims nothing"


def test_a_request_merged_elsewhere_is_looked_for_by_what_it_brought(
    repo: Repo, workspace: Workspace
) -> None:
    merge = "Merge pull request #{} from ada/{}"
    with repo:
        base = repo.tip()
        silent = repo.commit({"src/n.py": LINES}, "Step", branch="topic", parents=[base])
        stays = repo.commit({"src/o.py": LINES.upper()}, "Step", branch="other", parents=[base])
        repo.branch("stage", base)
        there = repo.commit({"src/n.py": LINES}, merge.format(5, "topic"), branch="stage", parents=[base, silent])  # fmt: skip
        never = repo.commit({"src/n.py": LINES, "src/o.py": LINES.upper()}, merge.format(6, "other"), branch="stage", parents=[there, stays])  # fmt: skip
        repo.commit({"src/n.py": LINES}, "Squash (#8)")
    assert twins_of(workspace, repo) == {there: ("default", "added_lines")}
    assert absences(workspace) == {never}


def test_common_and_few_lines_tell_nothing(repo: Repo, workspace: Workspace) -> None:
    short = b"}\nelse:\nreturn\n" * 20
    with repo:
        repo.commit({"src/n.py": short + LINES}, "There")
        for number, body in enumerate((short, LINES[:48], b"")):
            repo.commit({"src/n.py": body}, f"Fixes #{number + 5}", branch=f"t{number}", parents=[words(repo.path, "rev-parse", "release/1.x")[0]])  # fmt: skip
    assert twins_of(workspace, repo) == {}


def test_what_the_same_files_and_dates_do_not_prove(repo: Repo, workspace: Workspace) -> None:
    with repo:
        repo.commit({"src/a.py": AFTER}, "Fix it")
        other = off(repo, {"src/z.py": b"another\n"}, "Fix that, fixes #6")
    assert twins_of(workspace, repo) == {}
    assert workspace.rows("landings", "sha", "line")[0][1] in {"default", "release/1.x"}
    landed = dict(workspace.rows("landings", "sha", "line"))
    assert landed[other] == "release/1.x"


def test_old_commits_are_left_alone(repo: Repo, workspace: Workspace) -> None:
    with repo:
        on = repo.commit({"src/a.py": AFTER}, "Fix it", author=BO)
        long_ago = START - twins.SPAN.days * DAY
        off(repo, {"src/a.py": AFTER}, "Fix it", author=BO, at=long_ago)
        near = off(repo, {"src/a.py": b"near\n"}, "Fix it", author=BO, at=long_ago + DAY)
        repo.commit({}, "Now", at=START)
    assert twins_of(workspace, repo) == {near: (on, "subject_and_files")}


def test_more_than_can_be_compared(
    repo: Repo, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "MOST_COMPARED", 2)
    with repo:
        for number in range(5):
            off(repo, {f"n{number}.py": LINES}, f"Fixes #{number + 5}")
        off(repo, {"src/z.py": b"no claim\n"}, "Tidy")
    found = workspace.collect(repo.path)
    assert found.gaps["git.not-compared"] == (4, 6)
    with repo:
        repo.commit({}, "More")
    assert workspace.collect(repo.path).gaps["git.not-compared"] == (4, 6)


def test_contents_that_are_missing_are_not_called_absent(
    repo: Repo, workspace: Workspace, tmp_path: Path
) -> None:
    with repo:
        lost = off(repo, {"src/n.py": LINES}, "Fixes #5")
        kept = off(repo, {"src/m.py": LINES}, "Fixes #6")
        repo.commit({"src/m.py": LINES}, "Squash")
    unpack(repo.path)
    git(repo.path, "update-ref", "refs/heads/main", "main")
    loose(repo.path, words(repo.path, "rev-parse", f"{lost}:src/n.py")[0]).unlink()
    assert twins_of(workspace, repo).keys() == set()
    assert kept
    found = Workspace(tmp_path / "again").collect(repo.path)
    assert found.gaps["git.not-compared"] == (2, 2)


def test_twins_do_not_depend_on_how_they_were_read(tmp_path: Path, cove: Path) -> None:
    repo = Repo(tmp_path / "app")
    mark = f"(cherry picked from commit {'2' * 40})"
    with repo:
        base = repo.commit({"src/a.py": BEFORE}, "Begin")
        repo.branch("release/1.x", base)
        for number in range(6):
            repo.commit({"src/a.py": AFTER + b"%d\n" % number}, f"Fix\n\n{mark}", authored=START)
    workspace = Workspace(tmp_path / "steps")
    workspace.collect(repo.path)
    with repo:
        repo.commit({"src/a.py": b"x\n"}, f"Fix\n\n{mark}", branch="release/1.x", authored=START)
        repo.commit({"src/a.py": b"y\n"}, "Fix", branch="release/1.x", authored=START)
    workspace.collect(repo.path)
    assert workspace.facts()["links"] == collected(tmp_path / "direct", repo.path)["links"]


@pytest.fixture
def opened(tmp_path: Path) -> tuple[Repository, Repo]:
    repo = Repo(tmp_path / "direct")
    with repo:
        repo.commit({"a": b"1\n"}, "One")
    return open_repository(repo.path), repo


def test_patch_ids(opened: tuple[Repository, Repo]) -> None:
    repository, repo = opened
    with repo:
        one = repo.commit({"a": b"2\n", "b c": b"x\n", b"\xff": b"\0\1"}, "x" * 100_000)
        repo.commit({"a": b"1\n", "b c": None, b"\xff": None}, "Undo")
        again = repo.commit({"a": b"2\n", "b c": b"x\n", b"\xff": b"\0\1"}, "commit " + "0" * 40)
        other = repo.commit({"a": b"3\n"}, "Other")
        empty = repo.commit({}, "Empty")
        merge = repo.commit({"m": b"1\n"}, "Merge", parents=[empty, one])
    ids = patch_ids(repository, [one, again, other, empty, merge])
    assert set(ids) == {one, again, other}
    assert ids[one] == ids[again] != ids[other]
    shown = git(repo.path, "-c", "core.quotePath=false", "show", "--full-index", one)
    assert git(repo.path, "patch-id", "--stable", given=shown).split()[0].decode() == ids[one]
    assert patch_ids(repository, []) == {}
    repository.close()


def test_touched_names(opened: tuple[Repository, Repo]) -> None:
    """A file may be called like a commit."""
    repository, repo = opened
    odd = b"0123456789" * 4
    with repo:
        one = repo.commit({odd: b"1\n", b"line\nbreak": b"1\n", b"\xff": b"1\n"}, "One")
        two = repo.commit({odd: None}, "Two")
        repo.commit({"b": b"1\n"}, "Three")
    assert touched_names(repository, [one, two]) == {
        one: {odd, b"line\nbreak", b"\xff"},
        two: {odd},
    }
    assert touched_names(repository, []) == {}
    repository.close()


def test_added_lines(opened: tuple[Repository, Repo], monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that look like headings of patches are lines."""
    repository, repo = opened
    looks = (
        b"++ b/elsewhere/quite.py",
        b"@@ -1,9 +1,9 @@ def f():",
        b"\x01commit 0123456789012345678901234567890123456789",
        b"diff --git a/x.py b/x.py",
        b"-- a/elsewhere/quite.py",
    )
    with repo:
        one = repo.commit({"with space.py": b"\n".join(looks), "b.bin": b"\0" * 99}, "One")
        two = repo.commit({"with space.py": b"a line without its end"}, "Two")
        three = repo.commit({b"tab\t.py": LINES, "gone": None}, "Three")
        four = repo.commit({"many.py": b"".join(b"line %06d\n" % n for n in range(900))}, "Four")
    found = added_lines(repository, [one, two, three, four])
    assert dict(found[one]) == {b"with space.py": set(looks)}
    assert dict(found[two]) == {b"with space.py": {b"a line without its end"}}
    assert dict(found[three]) == {}, "odd names are left out"
    assert len(found[four][b"many.py"]) == content.MOST_LINES
    assert added_lines(repository, []) == {}
    assert sorted(added_lines(repository, [one, "0" * 40])) in ([], [one])
    monkeypatch.setattr(content, "AT_ONCE", 1)
    tip = repo.tip()
    commits = [Off(sha, "p", START * 1_000_000, "s", claims=True) for sha in (one, two, four)]
    told = by_added_lines(repository, commits, [(START, tip)], {b"with space.py", b"many.py"})
    assert [t.sha for t in told.twins] == [four]
    assert [t.sha for t in told.absent] == [one], "a single line shows no presence, but no absence"
    assert told.unread == 0
    repository.close()


def test_a_file_called_blob_missing(repo: Repo, workspace: Workspace) -> None:
    with repo:
        off(repo, {"x blob": LINES, "x blob 7": LINES}, "Fixes #5")
    assert twins_of(workspace, repo) == {}
