"""`trueup collect --from` and `trueup sources`: what was taken in, what is missing, what that would show."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.running import trueup

RAW = Path(__file__).parents[1] / "flow" / "github" / "raw"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    shutil.copytree(RAW, tmp_path / "exports")
    issues = (tmp_path / "exports" / "issues.json").read_text("utf-8")
    (tmp_path / "exports" / "more_issues.json").write_text(issues[: len(issues) // 2], "utf-8")
    (tmp_path / "exports" / "colours.json").write_text('[{"red": 1}, {"blue": "\\u001b[31m"}]')
    return tmp_path


def test_what_was_taken_in_and_what_was_not(exports: Path) -> None:
    ran = trueup(exports, "collect", "--from", "exports")
    assert ran.code == 4, "not all of it could be read"
    assert ran.out.startswith("github: ")
    assert "1 unknown fields: runs.new_field" in ran.out
    assert "3 records could not be read" in ran.err
    assert "colours.json record 1 and 1 more of it: no source knows such a record" in ran.err
    assert "more_issues.json record" in ran.err
    assert "what stands before was read" in ran.err


def test_every_source_with_its_records(exports: Path) -> None:
    trueup(exports, "collect", "--from", "exports")
    ran = trueup(exports, "sources", "--json", "told.json")
    assert ran.code == 0
    assert "github · read" in ran.out
    assert "what it takes" in ran.out
    assert "git · not connected" in trueup(exports, "sources", "git").out
    wrong = trueup(exports, "sources", "jirra")
    assert (wrong.code, "there is no source 'jirra'" in wrong.err) == (2, True)
    assert "Pull requests: read" in ran.out
    told = json.loads((exports / "told.json").read_text("utf-8"))
    assert told["schema"] == "trueup/sources/1"
    github, *others = told["sources"]
    assert github["name"] == "github", "what was read comes first"
    assert "git" in {one["name"] for one in others}
    known = {kind["name"]: kind["records"] for kind in github["kinds"]}
    assert (known["issues"], known["pull_requests"], known["runs"]) == (3, 3, 3)
    assert github["unknown_fields"] == 1
    assert any("colours.json" in problem for problem in github["problems"])


def test_what_is_not_whole_is_told(tmp_path: Path) -> None:
    (issue, *_) = json.loads((RAW.parents[1] / "linear/raw/issues.json").read_text("utf-8"))
    issue["history"]["pageInfo"] = {"hasNextPage": True}
    (tmp_path / "issues.json").write_text(json.dumps([issue]))
    trueup(tmp_path, "collect", "--from", "issues.json")
    ran = trueup(tmp_path, "sources", "linear")
    assert "note: more history of a record than one answer holds: 1" in ran.out


def test_before_anything_is_read(tmp_path: Path) -> None:
    ran = trueup(tmp_path, "sources")
    assert ran.code == 0
    assert "· read" not in ran.out
    assert "GITHUB_TOKEN" in ran.out
    assert not (tmp_path / ".trueup").exists()


@pytest.mark.parametrize(
    ("name", "body"), [("none.json", None), ("empty.json", ""), ("page.json", "<html>")]
)
def test_nothing_to_take_in(tmp_path: Path, name: str, body: str | None) -> None:
    if body is not None:
        (tmp_path / name).write_text(body)
    ran = trueup(tmp_path, "collect", "--from", name)
    assert (ran.code, ran.slug) == (4, "export.unreadable")
    assert ran.more[0].endswith(name)


class TestReports:
    """Reports of tests and coverage, which do not say what they are of."""

    SUITE = '<testsuite name="s" tests="1"><testcase name="t"/></testsuite>'

    def test_repository_and_commit_are_said_with_options(self, tmp_path: Path) -> None:
        (tmp_path / "reports").mkdir()
        (tmp_path / "reports" / "TEST-a.xml").write_text(self.SUITE)
        (tmp_path / "reports" / "empty.xml").write_text('<testsuite name="none"/>')
        (tmp_path / "reports" / "pom.xml").write_text("<project/>")
        arguments = ("collect", "--from", "reports", "--repo", "acme/app", "--commit", "AB" * 20)
        ran = trueup(tmp_path, *arguments)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("junit: 3 junit results; 3 rows are new or changed\n")
        assert "  note: suites without a case: nothing ran: 1\n" in ran.out

    def test_without_them_it_is_told_how(self, tmp_path: Path) -> None:
        (tmp_path / "a.xml").write_text(self.SUITE)
        ran = trueup(tmp_path, "collect", "--from", "a.xml")
        assert (ran.code, ran.slug) == (4, "export.unreadable")
        assert "--repo OWNER/NAME" in ran.more[1]

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--repo", "acme/app"),
            ("--commit", "a" * 40),
            ("--from", "a.xml", "--commit", "abc1234"),
        ],
    )
    def test_options_that_say_nothing(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        (tmp_path / "a.xml").write_text(self.SUITE)
        ran = trueup(tmp_path, "collect", *arguments)
        assert (ran.code, ran.slug) == (2, "usage")
        assert not (tmp_path / ".trueup").exists()
