"""The tree at the end of the default branch: files, owners, mailmap, revisions to skip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.sources.git.collecting import Workspace
from tests.sources.git.making import BO, LINK, PROGRAM, SUBMODULE, Repo, git, loose, unpack, words

from trueup.sources.git import derive, tree
from trueup.sources.git.repository import open_repository
from trueup.sources.git.tree import blobs_at, owner_rules, proper_identities, read_blobs, read_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trueup.sources.git.repository import Repository

RULES = {
    "* @org/core": [(0, "*", ["@org/core"])],
    "# all\n\n*.js @ada bo@x.org # and why\n": [(2, "*.js", ["@ada", "bo@x.org"])],
    "/docs/ @a @b\n/docs/x": [(0, "/docs/", ["@a", "@b"])],
    "a\\ b/ @x": [(0, "a\\ b/", ["@x"])],
    "\\#file @x": [(0, "\\#file", ["@x"])],
    "[Docs]\n/docs @x": [(1, "/docs", ["@x"])],
    "[Docs] @team\n/docs\n/more @x\n^[Opt][2] @y\n/z": [
        (1, "/docs", ["@team"]),
        (2, "/more", ["@x"]),
        (4, "/z", ["@y"]),
    ],
    "  /indented\t@x\r\n": [(0, "/indented", ["@x"])],
    "nobody": [],
    "": [],
}


@pytest.mark.parametrize("text", RULES)
def test_owner_rules(text: str) -> None:
    assert owner_rules(text) == RULES[text]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "app")


@pytest.fixture
def opened(repo: Repo) -> Iterator[Repository]:
    with repo:
        repo.commit(
            {"a": b"1\n", "b c": b"2\n", b"\xff": b"3\n", "empty": b"", "nul": b"\0"}, "One"
        )
    repository = open_repository(repo.path)
    yield repository
    repository.close()


def test_where_owners_may_stand(repo: Repo, workspace: Workspace) -> None:
    for place, owner in (("docs/CODEOWNERS", "@c/c"), (".github/CODEOWNERS", "@b/b"), ("CODEOWNERS", "@a/a")):  # fmt: skip
        with repo:
            repo.commit({place: f"* {owner}\n".encode()}, place)
        workspace.collect(repo.path)
        assert workspace.rows("owners", "owner", "kind") == [(owner, "team")]


def test_people_among_owners_are_pseudonyms(repo: Repo, workspace: Workspace) -> None:
    with repo:
        repo.commit({"CODEOWNERS": b"* @org/core @ada ada@example.org\n/x @org/sub/team\n"}, "One")
    workspace.collect(repo.path)
    owners = workspace.rows("owners", "position", "pattern", "owner", "kind")
    names = {i: (n, a) for i, n, a in workspace.rows("people", "identity", "name", "address")}
    told = {(p, names.get(owner, owner), kind) for p, _, owner, kind in owners}
    assert told == {
        (0, "@org/core", "team"),
        (0, ("@ada", ""), "person"),
        (0, ("", "ada@example.org"), "person"),
        (1, "@org/sub/team", "team"),
    }


def test_revisions_to_skip(repo: Repo, workspace: Workspace) -> None:
    one, two = "1" * 40, "2" * 64
    listed = f"# style\n{one}\n  {two} # wide\n{one}\nabc123\nnot {one}\n"
    with repo:
        repo.commit({".git-blame-ignore-revs": listed.encode()}, "One")
    workspace.collect(repo.path)
    assert workspace.rows("set_aside", "sha") == [(one,), (two,)]
    with repo:
        repo.commit({".git-blame-ignore-revs": None}, "Two")
    workspace.collect(repo.path)
    assert workspace.rows("set_aside") == []


MAILMAP = b"""Ada Quill <ada@example.org> <ada@old.example>
Ada Quill <ada@example.org> adaq <ADA@third.example>
Proper Name <bo@example.org>
<kim@example.org> <kim@old.example>
# a comment
Ren\xc3\xa9 <rene@example.org> <rene@old.example>
"""


def test_a_mailmap_says_what_git_says(repo: Repo, workspace: Workspace) -> None:
    people = (
        b"Ada Quill <ada@old.example>",
        b"adaq <ada@third.example>",
        b"Someone Else <ada@third.example>",
        b"Bo <bo@example.org>",
        BO,
        b"Kim <kim@old.example>",
        b"R <rene@old.example>",
        b"No Address <>",
        b"Odd < odd>",
        b"\xff <latin@x>",
    )
    with repo:
        repo.commit({".mailmap": MAILMAP, "CODEOWNERS": b"* @kim kim@old.example\n"}, "Map")
        for number, person in enumerate(people):
            repo.commit({}, f"{number}\n\nReviewed-by: Kim <kim@old.example>", author=person)
    workspace.collect(repo.path)
    told = workspace.rows("people", "name", "address", "proper_name", "proper_address")
    git(repo.path, "reset", "-q", "--hard", "main")
    said = git(repo.path, "log", "--format=%an%x00%ae%x00%aN%x00%aE").decode("utf-8", "replace")
    by_git = {tuple(line.split("\0")) for line in said.splitlines()}
    assert by_git <= set(told)
    assert ("", "kim@old.example", "", "kim@example.org") in told
    assert len(told) == len({(n, a) for n, a, *_ in told})


def test_a_mailmap_that_is_none(repo: Repo, workspace: Workspace) -> None:
    for number, body in enumerate((b"", b"\0\xff<<<>>>\n" * 99, b"<", b"x" * 10_000)):
        with repo:
            repo.commit({".mailmap": body}, f"{number}")
        workspace.collect(repo.path)
        assert workspace.rows("people", "proper_name", "proper_address") == [
            ("Ada Quill", "ada@example.org")
        ]


def test_names_with_line_breaks_do_not_move_others(opened: Repository) -> None:
    people = [("Ada\nQuill", "a@b"), ("Bo\0", "b@c"), ("Kim", "k@old")]
    found = proper_identities(opened, b"Kim <k@new> <k@old>\n", people)
    assert found[2] == ("Kim", "k@new")
    assert len(found) == 3
    assert proper_identities(opened, b"", people) == people
    assert proper_identities(opened, b"x <y> <z>\n", []) == []


def test_blobs(opened: Repository, repo: Repo) -> None:
    tip = repo.tip()
    places = [
        (tip, p) for p in (b"a", b"b c", b"\xff", b"empty", b"gone", b"a\nb", b"x blob missing")
    ]
    at = blobs_at(opened, places, 100)
    assert set(at) == {(tip, b"a"), (tip, b"b c"), (tip, b"\xff"), (tip, b"empty")}
    assert dict(read_blobs(opened, at.values())) == dict(
        zip(at.values(), (b"1\n", b"2\n", b"3\n", b""), strict=True)
    )
    assert set(blobs_at(opened, places, 1)) == {(tip, b"empty")}
    assert blobs_at(opened, [], 1) == {}
    assert list(read_blobs(opened, [])) == []
    assert list(read_blobs(opened, ["0" * 40, tip, at[tip, b"a"]])) == [(at[tip, b"a"], b"1\n")]
    assert read_files(opened, tip, ["a", "gone", "b c"]) == {"a": b"1\n", "b c": b"2\n"}


def test_git_giving_up_in_the_middle(tmp_path: Path) -> None:
    """A damaged blob ends the reading; what came before is whole, what it left is not taken."""
    repo = Repo(tmp_path / "damaged")
    body = b"0123456789" * 100_000
    with repo:
        repo.commit({"a": b"fine\n", "b": body, "c": b"after\n"}, "One")
    unpack(repo.path)
    ids = [words(repo.path, "rev-parse", f"main:{p}")[0] for p in "abc"]
    file = loose(repo.path, ids[1])
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-200])
    repository = open_repository(repo.path)
    found = dict(read_blobs(repository, ids))
    repository.close()
    assert found[ids[0]] == b"fine\n"
    assert ids[1] not in found


def test_files(repo: Repo, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LARGEST", 200)
    code = b"def f():\n    if x:\n\treturn 1\n\n"
    with repo:
        for number in range(2):
            repo.commit(
                {
                    "src/a.py": code + b"\n" * number,
                    "tests/t.py": b"x\n" * (number + 1),
                    "docs/d.rst": b"y\n" * (number + 1),
                    "src/big.py": b"z" * (300 + number),
                    "bin.py": b"\0" * (number + 1),
                    "l": (LINK, b"x%d" % number),
                    "p.sh": (PROGRAM, b"echo\n" * (number + 1)),
                    "s": (SUBMODULE, b"%d" % (number + 1) * 40),
                },
                f"{number}",
            )
        repo.commit({"src/once.py": b"only once\n", b"\xff.py": b"1\n"}, "Once")
    workspace.collect(repo.path)
    rows = workspace.rows("files", "path", "role", "bytes", "lines", "indentation", "deepest")
    assert rows == [
        ('"\\377.py"', "code", 2, None, None, None),
        ("bin.py", "code", 2, None, None, None),
        ("docs/d.rst", "docs", 4, None, None, None),
        ("p.sh", "code", 10, 2, 0, 0),
        ("src/a.py", "code", 31, 3, 2, 1),
        ("src/big.py", "code", 301, None, None, None),
        ("src/once.py", "code", 10, None, None, None),
        ("tests/t.py", "test", 4, 2, 0, 0),
    ]
    assert workspace.rows("gaps") == []
    monkeypatch.setattr(derive, "MOST_LOOKED_INTO", 1)
    with repo:
        repo.commit({"p.sh": b"echo\n"}, "Thrice")
    workspace.collect(repo.path)
    looked = {p for p, lines in workspace.rows("files", "path", "lines") if lines is not None}
    assert looked == {"p.sh"}
