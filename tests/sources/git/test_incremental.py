"""Reading what is new gives the same facts as reading everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.sources.git.collecting import KEY, NOW, Workspace, collected, facts_of
from tests.sources.git.making import BO, DAY, START, Repo, git, words

from trueup.facts.schema import TABLES
from trueup.facts.snapshot import Snapshot
from trueup.kernel.errors import UsageError
from trueup.sources.git import collection, slices

if TYPE_CHECKING:
    from pathlib import Path

NOTES = b"# 1.1\n\n- Teach the parser tabs and such (#7)\n\n# 1.0\n\n- First words of it (#3)\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "app")
    with made:
        base = made.commit({"src/a.py": b"def a():\n    pass\n", "CODEOWNERS": b"* @ada\n"}, "One")
        made.commit(
            {"src/a.py": b"def a():\n    return 1\n", "CHANGELOG.md": NOTES[-35:]}, "Two (#3)"
        )
        made.tag("v1.0", made.tip())
        made.commit({"src/b.py": b"b = 1\n"}, "Off", branch="release/1.x", parents=[base])
        made.commit({"src/b.py": b"b = 1\n"}, "Three, fixes #5", author=BO)
    return made


def more(repo: Repo) -> None:
    """Everything that may happen to a repository in a week."""
    with repo:
        tip = repo.tip()
        repo.commit({"src/c.py": b"c\n"}, "Side", branch="topic", parents=[tip])
        taught = {"src/a.py": b"def a():\n\treturn 2\n"}
        early = repo.commit(taught, "Teach the parser tabs and such (#7)")
        repo.commit({"src/c.py": b"c\n"}, "Merge", parents=[repo.tip(), repo.tip("topic")])
        repo.commit({"CHANGELOG.md": NOTES, "CODEOWNERS": b"* @acme/core\n/src @bo\n"}, "Notes")
        repo.tag("v1.1", repo.tip())
        repo.commit({".mailmap": b"Ada <ada@example.org>\n"}, "Names", author=BO)
        repo.tag("v0.9", early)


def same_as_direct(workspace: Workspace, path: Path, **wanted: Any) -> None:
    """What was read step by step is what would be read at once; no key stands twice in a part."""
    direct = collected(workspace.store.workspace.with_name("direct"), path, **wanted)
    found = workspace.facts()
    for name, rows in direct.items():
        assert found[name] == rows, name
    for table in TABLES:
        places = [i for i, c in enumerate(table.columns) if c.name in table.key]
        keys = [tuple(row[i] for i in places) for row in found[table.name]]
        assert len(set(keys)) == len(keys), table.name


def test_nothing_new(repo: Repo, workspace: Workspace) -> None:
    first = workspace.collect(repo.path)
    assert (first.new_commits, first.commits, first.level) == (4, 4, "lines")
    again = workspace.collect(repo.path)
    assert (again.unchanged, again.commits, again.level) == (True, 4, "lines")
    assert len(workspace.store.snapshot().records) == 1


def test_new_commits(repo: Repo, workspace: Workspace) -> None:
    workspace.collect(repo.path)
    more(repo)
    found = workspace.collect(repo.path)
    assert (found.new_commits, found.vanished, found.commits) == (5, 0, 9)
    same_as_direct(workspace, repo.path)
    parts = workspace.store.snapshot().records[-1].parts
    assert {p.table: p.rows for p in parts if not p.tombstones}["commits"] == 5


def test_many_small_steps(cove: Path, tmp_path: Path) -> None:
    """A simulated organisation, read whenever another twentieth of it was pushed."""
    copy = tmp_path / "copy"
    git(tmp_path, "init", "-q", "--bare", "--initial-branch=main", "copy")
    chain = words(cove, "rev-list", "--first-parent", "--reverse", "main")
    refs = [line.split() for line in git(cove, "for-each-ref", "--format=%(refname) %(objectname)").decode().splitlines()]  # fmt: skip
    workspace = Workspace(tmp_path / "workspace")
    for tip in chain[10 :: len(chain) // 6]:
        git(copy, "fetch", "-q", str(cove), f"+{tip}:refs/heads/main")
        workspace.collect(copy, lines=tip != chain[10])
    git(copy, "fetch", "-q", str(cove), *(f"+{name}:{name}" for name, _ in refs))
    workspace.collect(copy)
    same_as_direct(workspace, copy)


def test_rewritten_history(repo: Repo, workspace: Workspace, tmp_path: Path) -> None:
    workspace.collect(repo.path)
    before, then = workspace.facts(), workspace.store.snapshot().records[-1].seen_at
    old = words(repo.path, "rev-parse", "main")[0]
    with repo:
        base = words(repo.path, "rev-parse", "main~1")[0]
        stranger = b"Cy Ode <cy@example.org>"
        repo.commit({"src/b.py": b"b = 2\n"}, "Three again", parents=[base], author=stranger)
    found = workspace.collect(repo.path, now=NOW + timedelta(days=1))
    assert (found.new_commits, found.vanished, found.commits) == (1, 1, 4)
    same_as_direct(workspace, repo.path)
    assert old not in {s for (s,) in workspace.rows("commits", "sha")}
    assert "Bo Reed" not in {n for (n,) in workspace.rows("people", "name")}
    assert facts_of(workspace.store.snapshot(as_of=then)) == before
    git(repo.path, "update-ref", "refs/heads/main", old)
    back = workspace.collect(repo.path, now=NOW + timedelta(days=2))
    assert (back.new_commits, back.vanished) == (1, 1)
    assert workspace.facts() == before


def test_a_deleted_branch(repo: Repo, workspace: Workspace) -> None:
    workspace.collect(repo.path)
    assert workspace.rows("links", "how")[-1] == ("squash_subject",)
    assert len(workspace.rows("landings", "line")) == 4
    git(repo.path, "update-ref", "-d", "refs/heads/release/1.x")
    assert workspace.collect(repo.path).vanished == 1
    same_as_direct(workspace, repo.path)


def test_counting_lines_later(repo: Repo, workspace: Workspace) -> None:
    plain = workspace.collect(repo.path, lines=False)
    assert (plain.level, plain.unchanged) == ("structure", False)
    assert workspace.rows("change_lines") == []
    assert workspace.collect(repo.path, lines=False).unchanged
    more(repo)
    upgraded = workspace.collect(repo.path)
    assert (upgraded.level, upgraded.new_commits) == ("lines", 5)
    same_as_direct(workspace, repo.path)
    assert workspace.collect(repo.path, lines=False).unchanged, "what is known is not forgotten"
    more(repo)
    assert workspace.collect(repo.path, lines=False).level == "lines"
    assert len(workspace.rows("commits")) == 14
    assert {s for (s,) in workspace.rows("change_lines", "sha")} == {
        s for (s,) in workspace.rows("changes", "sha")
    }


def test_counting_lines_with_nothing_else_new(repo: Repo, workspace: Workspace) -> None:
    workspace.collect(repo.path, lines=False)
    workspace.collect(repo.path)
    same_as_direct(workspace, repo.path)
    tables = {p.table for p in workspace.store.snapshot().records[-1].parts}
    assert tables == {"change_lines", "repositories"}


def test_another_context(repo: Repo, workspace: Workspace) -> None:
    workspace.collect(repo.path)
    found = workspace.collect(repo.path, context=3)
    assert not found.unchanged
    assert workspace.rows("repositories", "context") == [(3,)]
    same_as_direct(workspace, repo.path, context=3)
    more(repo)
    workspace.collect(repo.path, lines=False)
    assert workspace.rows("repositories", "context") == [(3,)], "as it was asked for before"


def test_another_default_branch(repo: Repo, workspace: Workspace) -> None:
    workspace.collect(repo.path)
    found = workspace.collect(repo.path, branch="release/1.x")
    assert (found.new_commits, found.unchanged) == (0, False)
    same_as_direct(workspace, repo.path, branch="release/1.x")
    git(repo.path, "symbolic-ref", "HEAD", "refs/heads/release/1.x")
    assert workspace.collect(repo.path).unchanged
    git(repo.path, "symbolic-ref", "HEAD", "refs/heads/main")
    workspace.collect(repo.path)
    assert workspace.rows("repositories", "default_line") == [("main",)]


def test_since(repo: Repo, workspace: Workspace) -> None:
    more(repo)
    since = datetime.fromtimestamp(START + 5 * 3600, UTC)
    found = workspace.collect(repo.path, since=since)
    assert found.commits == 5
    assert min(workspace.rows("commits", "happened_at"))[0] >= since
    assert workspace.rows("releases", "tag") == [("v0.9",), ("v1.1",)]
    assert workspace.collect(repo.path, since=since).unchanged
    workspace.collect(repo.path)
    same_as_direct(workspace, repo.path)
    with pytest.raises(UsageError, match="no commit since"):
        workspace.collect(repo.path, since=datetime.fromtimestamp(START + DAY * 99, UTC))
    assert len(workspace.rows("commits")) == 9


def test_another_key_replaces_everything(repo: Repo, workspace: Workspace) -> None:
    workspace.collect(repo.path)
    old = {i for (i,) in workspace.rows("people", "identity")}
    found = workspace.collect(repo.path, key=b"another key of these tests")
    assert (found.new_commits, found.unchanged) == (4, False)
    new = {i for (i,) in workspace.rows("people", "identity")}
    assert not old & new
    assert {a for (a,) in workspace.rows("commits", "author")} <= new
    assert len(workspace.rows("commits")) == 4
    content = [r.content for r in workspace.store.snapshot().records]
    assert content[0] == content[1], "ids take no part in what was read"


def test_two_repositories_of_one_name(tmp_path: Path, workspace: Workspace) -> None:
    names = []
    for folder, file in (("one", "a.py"), ("other", "b.py")):
        with Repo(tmp_path / folder / "app") as repo:
            repo.commit({file: b"1\n"}, "One")
        names.append(workspace.collect(repo.path).repo)
    assert names == ["app", "app~2"]
    assert workspace.rows("changes", "repo", "path") == [("app", "a.py"), ("app~2", "b.py")]
    assert workspace.collect(tmp_path / "one" / "app").unchanged
    assert workspace.collect(tmp_path / "other" / "app").unchanged
    assert {r for (r,) in workspace.rows("people", "repo")} == {"app", "app~2"}


def test_the_order_of_repositories_does_not_matter(repo: Repo, cove: Path, tmp_path: Path) -> None:
    found = []
    for number, order in enumerate(((repo.path, cove), (cove, repo.path))):
        workspace = Workspace(tmp_path / f"w{number}")
        for path in order:
            workspace.collect(path)
        found.append((workspace.facts(), workspace.store.snapshot().content))
    assert found[0] == found[1]


def test_how_refs_were_made_does_not_matter(repo: Repo, tmp_path: Path) -> None:
    more(repo)
    expected = collected(tmp_path / "w0", repo.path)
    refs = git(repo.path, "for-each-ref", "--format=%(objectname) %(refname)").decode().splitlines()
    for number, order in enumerate((refs[::-1], refs[2:] + refs[:2]), 1):
        copy = tmp_path / f"copy{number}" / "app"
        copy.mkdir(parents=True)
        git(copy, "init", "-q", "--initial-branch=main")
        for line in order:
            sha, name = line.split()
            git(
                copy,
                "fetch",
                "-q",
                "--no-tags",
                "--update-head-ok",
                str(repo.path),
                f"{sha}:{name}",
            )
        if number == 1:
            git(copy, "pack-refs", "--all")
        assert collected(tmp_path / f"w{number}", copy) == expected


def test_two_workers(cove: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "WORTH_A_PROCESS", 50)
    monkeypatch.setattr(slices, "SHORTEST", 50)
    monkeypatch.setattr(collection, "MUCH_PACKED", -1)
    told: list[tuple[str, int, int]] = []
    workspace = Workspace(tmp_path / "w2")
    workspace.collect(cove, workers=2, progress=lambda *x: told.append(x))
    assert workspace.facts() == collected(tmp_path / "w1", cove, workers=1)
    parts = [p for p in workspace.store.snapshot().records[0].parts if p.table == "commits"]
    assert [p.rows for p in parts] == [125, 83, 55, 50, 31, 31]
    read = [done for stage, done, _ in told if stage == "reading commits"]
    assert read == sorted(read)
    assert read[-1] == len(workspace.rows("commits"))


def test_spellings_of_one_address_are_one_person(tmp_path: Path, workspace: Workspace) -> None:
    with Repo(tmp_path / "r") as repo:
        repo.commit({}, "One", author=b"Ada <Ada@Example.org>")
        repo.commit({}, "Two", author=b"Ada <ada@example.org>")
        repo.commit({"CODEOWNERS": b"* ada@example.org ADA@example.org @x @x\n"}, "Three")
    workspace.collect(repo.path)
    with repo:
        repo.commit({}, "Four", author=b"Ada <ADA@EXAMPLE.ORG>")
    workspace.collect(repo.path)
    same_as_direct(workspace, repo.path)
    assert len(workspace.rows("owners")) == 2
    people = workspace.rows("people", "name", "address")
    assert ("Ada", "ADA@EXAMPLE.ORG") in people
    assert len(people) == 4


def test_a_view_of_the_past_is_the_view_of_then(repo: Repo, workspace: Workspace) -> None:
    workspace.collect(repo.path)
    then = workspace.store.snapshot()
    tables = {t.name: then.table(t).sort_by([(k, "ascending") for k in t.key]) for t in TABLES}
    more(repo)
    workspace.collect(repo.path, now=NOW + timedelta(days=1))
    git(repo.path, "update-ref", "refs/heads/main", "main~3")
    workspace.collect(repo.path, now=NOW + timedelta(days=2), key=b"another key of these tests")
    again = workspace.store.snapshot(as_of=NOW)
    for table in TABLES:
        order = [(k, "ascending") for k in table.key]
        assert again.table(table).sort_by(order).equals(tables[table.name]), table.name
    assert isinstance(again, Snapshot)
    assert KEY not in b"".join(p.read_bytes() for p in workspace.store.runs.iterdir())
