"""Release notes in the formats projects use."""

from pathlib import Path

import pytest
from tests.sources.git.collecting import Workspace
from tests.sources.git.making import START, Repo

from trueup.sources.git.notes import matching_commit, note_files, section_targets, words_of

FORMATS = {
    "markdown": "# Notes\n\n## 1.2.0\n\n- Fix it (#7)\n- See #8\n\n## 1.1.0\n\n- Old (#3)\n",
    "keep a changelog": (
        "# Changelog\n\n## [Unreleased]\n- Next (#99)\n\n## [1.2.0] - 2024-03-01\n### Added\n- Tabs (#7)\n"
        "### Fixed\n- Spaces (#8)\n\n## [1.1.0] - 2024-01-01\n- Old (#3)\n\n[1.2.0]: https://x/compare/v1.1.0...v1.2.0\n"
    ),
    "version in words": "# Version v1.2.0 (2024-03-01)\n* #7\n* #8\n# Version v1.1.0\n* #3\n",
    "underlined": "Notes\n=====\n\n1.2.0 (2024-03-01)\n------------------\n\n* #7\n* #8\n\n1.1.0\n-----\n\n* #3\n",
    "underlined, with sections": (
        "1.2.0\n=====\n\nFeatures\n--------\n\n- :issue:`7`: tabs\n\nBugs\n----\n\n- :pr:`8`\n\n1.1.0\n=====\n\n- :issue:`3`\n"
    ),
    "around and under": (
        "=================\nApp 1.2.0 is here\n=================\n\nBugs\n====\n\n* Tabs (:ticket:`7`).\n* (:ticket:`8`)\n\n"
        "=================\nApp 1.1.0 is here\n=================\n\n* :ticket:`3`\n"
    ),
    "asciidoc": "= Notes\n\n== 1.2.0\n\n* #7\n* #8\n\n== 1.1.0\n\n* #3\n",
    "dated lines": "1.2.0 - 1 March 2024\n  - Tabs #7\n  - Spaces #8\n\n1.1.0 - 1 January 2024\n  - Old #3\n",
    "dated, other way": "1.2.0 (2024-03-01)\n* #7\n* #8\n1.1.0 (2024-01-01)\n* #3\n",
    "carriage returns": "## 1.2.0\r\n\r\n- #7\r\n- #8\r\n\r\n## 1.1.0\r\n- #3\r\n",
    "addresses": (
        "## 1.2.0\n- [#7](https://github.com/a/b/issues/7)\n- https://github.com/a/b/pull/8\n## 1.1.0\n- /pull/3\n"
    ),
    "similar versions": "## 1.2.0.1\n- #9\n## 11.2.0\n- #9\n## 1.2.0-rc1\n- #9\n## 1.2.0\n- #7\n- #8\n## 1.20\n- #9\n",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str) -> None:
    found = section_targets(FORMATS[name], "1.2.0")
    assert list(dict.fromkeys(target for _, target, _ in found)) == ["#7", "#8"]
    lines = FORMATS[name].split("\n")
    assert all(target.strip("#") in lines[number - 1] for number, target, _ in found)
    assert section_targets(FORMATS[name], "3.0.0") == []


def test_a_file_of_its_own_needs_no_heading() -> None:
    text = "Highlights\n\n- Tabs (#7)\n"
    assert section_targets(text, "1.2.0") == []
    assert [t for _, t, _ in section_targets(text, "1.2.0", whole=True)] == ["#7"]


def test_what_an_entry_says() -> None:
    text = "## 1.2\n\n- Teach the **parser** about tabs\n  and form feeds,\n  see PAY-7 (#12)\n- Other #13\n"
    (_, key, words), (_, number, same), (_, other, _) = sorted(
        section_targets(text, "1.2"), key=lambda x: x[1], reverse=True
    )
    assert (key, number, other) == ("PAY-7", "#13", "#12")
    assert {"teach", "parser", "tabs", "form", "feeds"} <= words
    assert "other" in same
    assert words_of("The parser, and #12 of https") == {"parser"}


def test_what_is_no_ticket() -> None:
    text = "## 1.2\n- Use UTF-8 and SHA-256, see CVE-2024-1 and a&#8217;s colour #fff, see /#77\n"
    assert section_targets(text, "1.2") == []


def test_the_commit_that_says_the_same() -> None:
    subjects = [("a", words_of("Tidy the parser")), ("b", words_of("Teach the parser about tabs"))]
    assert matching_commit(words_of("Teach parser about tabs and more"), subjects) == "b"
    assert matching_commit(words_of("Teach tabs"), subjects) == ""
    assert matching_commit(words_of("Something else entirely here"), subjects) == ""
    assert matching_commit(frozenset(), subjects) == ""


def test_which_files_are_notes() -> None:
    notes = [b"CHANGELOG.md", b"CHANGES", b"docs/changes.rst", b"doc/release-notes/1.2.rst", b"NEWS", b"HISTORY.txt", b"docs/whatsnew/v2.rst", b"docs/releases/4.2.txt"]  # fmt: skip
    others = [b"src/news.py", b"tests/CHANGELOG.md", b"vendor/x/CHANGES", b"changes.json", b"README.md", b"CHANGE\nLOG.md", b"docs/newsletter/x.html"]  # fmt: skip
    assert sorted(note_files(notes + others)) == sorted(notes)
    assert note_files(sorted(notes, reverse=True))[0] in {b"NEWS"}


@pytest.mark.parametrize("fill", ["1", "1.", " ", "#", "=", "a", "[", "-", "(", "/issues/"])
def test_one_endless_line(fill: str) -> None:
    line = fill * (1_000_000 // len(fill))
    for lead in ("", "1.1", "# 1.1 ", "1.1 - "):
        text = f"# 1.2\n- #7\n{lead}{line}\n- #8\n"
        assert "#7" in {t for _, t, _ in section_targets(text, "1.2")}


def test_notes_are_read_in_the_tree_of_their_release(workspace: Workspace, tmp_path: Path) -> None:
    new = b"# 1.1\n- Teach the parser tabs (#7)\n- Old style of it (#8)\n"
    old = b"# 1.0\n- First words (#3)\n"
    with Repo(tmp_path / "r") as repo:
        first = repo.commit(
            {"CHANGES.md": old, "docs/releases/1.0.md": b"Late (#4)\n"}, "First words"
        )
        repo.tag("v1.0", first)
        candidate = repo.commit({"a.py": b"1\n"}, "Teach the parser tabs")
        repo.tag("v1.1rc1", candidate)
        second = repo.commit({"CHANGES.md": new + old}, "Notes")
        repo.tag("v1.1", second)
        repo.commit({"CHANGES.md": b"# 1.1\n- Rewritten later (#55)\n"}, "Rewrite")
        ancient = repo.commit({}, "Ancient", at=START - 1200 * 86_400)
        repo.tag("v0.1", ancient)
    workspace.collect(repo.path)
    rows = workspace.rows("release_notes", "tag", "path", "line", "target", "commit")
    assert rows == [
        ("v1.0", "CHANGES.md", 2, "#3", None),
        ("v1.0", "docs/releases/1.0.md", 1, "#4", None),
        ("v1.1", "CHANGES.md", 2, "#7", candidate),
        ("v1.1", "CHANGES.md", 3, "#8", None),
    ]
