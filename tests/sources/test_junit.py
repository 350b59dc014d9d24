"""JUnit XML: what ran, what only looks as if it had, and what nobody should believe."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sources.reports import Reading

from trueup.facts.schema import TABLES

NOW = datetime(2026, 2, 1, tzinfo=UTC)
RAW = Path(__file__).parents[1] / "flow" / "junit" / "raw"
SHA = "4f5a1c0e9b8d7a6f5e4d3c2b1a09f8e7d6c5b4a3"


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path, NOW)


def suite(cases: str, told: str = "", name: str = "s") -> str:
    return f'<testsuite name="{name}" {told}>{cases}</testsuite>'


def case(inner: str = "", told: str = "", name: str = "t") -> str:
    return f'<testcase name="{name}" classname="c" {told}>{inner}</testcase>'


SKIPPED = case("<skipped/>")


@pytest.mark.parametrize(
    ("body", "result", "counts"),
    [
        (suite(""), "empty", (0, 0, 0, 0, 0)),
        ("<testsuites/>", "empty", (0, 0, 0, 0, 0)),
        (suite("", 'tests="12"'), "empty", (0, 0, 0, 0, 0)),
        (suite(SKIPPED * 3), "skipped", (3, 0, 0, 0, 3)),
        (suite(SKIPPED + case()), "success", (2, 1, 0, 0, 1)),
        (suite(case() + case("<failure/>")), "failure", (2, 1, 1, 0, 0)),
        (suite(case("<error/><failure/>")), "failure", (1, 0, 0, 1, 0)),
        (suite(case(told='status="melted"')), "other", (1, 0, 0, 0, 0)),
        (suite(case(), 'failures="1"'), "other", (1, 1, 0, 0, 0)),
        (suite(case(), 'errors="2" failures="0"'), "other", (1, 1, 0, 0, 0)),
        (suite(case(), 'tests="7"'), "success", (1, 1, 0, 0, 0)),
        (suite(case(), 'skipped="1"'), "other", (1, 1, 0, 0, 0)),
        (suite(case() + SKIPPED, 'disabled="1" skipped="0"'), "success", (2, 1, 0, 0, 1)),
        (suite(case() + "<error/>"), "failure", (1, 1, 0, 0, 0)),
        (suite("<failure>x</failure>"), "failure", (0, 0, 0, 0, 0)),
        (f"<testsuites>{case()}</testsuites>", "success", (1, 1, 0, 0, 0)),
        (suite(case(told='status="notrun"')), "skipped", (1, 0, 0, 0, 1)),
        (suite(case("<skipped/>", 'status="run"')), "skipped", (1, 0, 0, 0, 1)),
        (suite(case(), 'tests="0" failures="0" skipped="0"'), "other", (1, 0, 0, 0, 0)),
        (suite(case() * 3, 'tests="2" failures="0" skipped="0"'), "success", (3, 2, 0, 0, 0)),
        (suite(case() + SKIPPED, 'tests="1" skipped="1"'), "other", (2, 0, 0, 0, 1)),
        (suite(case("<warning>No tests found</warning>"), 'tests="1"'), "other", (1, 0, 0, 0, 0)),
        (suite(case("<warning/><failure/>")), "failure", (1, 0, 1, 0, 0)),
        ('<testsuite tests="12" failures="3" errors="0"/>', "other", (0, 0, 0, 0, 0)),
        ('<testsuite tests="12" skipped="12"/>', "other", (0, 0, 0, 0, 0)),
        (suite(case("<failure/>") + case()), "other", (2, 1, 1, 0, 0)),
        (suite(case("<error/>") * 2 + case()), "other", (3, 1, 0, 2, 0)),
        (suite(case("<failure/>") + case(name="u")), "failure", (2, 1, 1, 0, 0)),
        (suite(case("<failure/>") + case() + case("<failure/>")), "failure", (3, 1, 2, 0, 0)),
        (suite(case("<failure/>") + case() + "<error/>"), "failure", (2, 1, 1, 0, 0)),
    ],
)
def test_good_runs_and_others(reading, body, result, counts):
    """Nothing ran, everything was skipped, or something speaks against it: none of these is a success."""
    reading.take("a.xml", body)
    columns = ("result", "tests", "passed", "failures", "errors", "skipped")
    assert reading.rows("test_runs", *columns) == [(result, *counts)]


def test_doubts_are_told(reading):
    body = suite("", name="a") + suite(SKIPPED, 'tests="2"', name="b") + suite(case("<failure/>"))
    reading.take("a.xml", f"<testsuites>{body}</testsuites>")
    assert reading.remarks == {
        "suites without a case: nothing ran": 1,
        "suites of which every case was skipped": 1,
        "suites that count other cases than they hold; what they hold is kept": 1,
    }
    assert reading.rows("test_runs", "suite", "agrees", "tests_told") == [
        ("a", None, None), ("b", False, 2), ("s", None, None),
    ]  # fmt: skip


def test_suites_that_only_group_others_are_no_runs(reading):
    inner = suite(case() * 2, 'tests="2"', "inner")
    outer = suite(inner + case(), 'tests="3" failures="0"', "outer")
    group = suite(outer, 'tests="3"', "group")
    reading.take("a.xml", f'<testsuites tests="3">{group}</testsuites>')
    assert reading.rows("test_runs", "suite", "tests", "agrees") == [
        ("inner", 2, True), ("outer", 1, True),
    ]  # fmt: skip


def test_a_report_that_breaks_off_is_no_success(reading):
    whole = suite(case(name="one") + case(name="two"), 'tests="2"').encode()
    (taken,) = reading.take("a.xml", whole[: whole.index(b'name="two"') + 12])
    assert taken.unread == 1
    assert "it ends in the middle" in reading.problems[0]
    assert reading.rows("test_cases", "name") == [("one",)]
    columns = ("result", "tests", "complete", "agrees")
    assert reading.rows("test_runs", *columns) == [("other", 1, False, None)]


def test_a_report_that_broke_off_in_a_failing_suite_has_failed(reading):
    reading.take("a.xml", "<testsuites>" + suite(case("<failure/>")) + '<testsuite name="x">')
    columns = ("suite", "result", "complete")
    assert reading.rows("test_runs", *columns) == [("s", "failure", True), ("x", "other", False)]


def test_cases_of_one_name_are_all_kept(reading):
    """Not every repetition is another attempt: pytest writes a failing test and its teardown so."""
    reading.take("a.xml", suite(case("<failure/>") + case() + case("<error/>")))
    columns = ("case_number", "result", "attempts", "flaky")
    assert reading.rows("test_cases", *columns) == [
        (1, "failure", None, None), (2, "success", 2, True), (3, "error", None, None),
    ]  # fmt: skip


def test_what_passed_when_it_ran_again_is_flaky_and_told(reading):
    """As `gotestsum --rerun-fails` writes it: each attempt is a case of its own."""
    again = (
        case("<failure/>", name="TestFlaky") * 2 + case(name="TestOther") + case(name="TestFlaky")
    )
    reading.take("a.xml", suite(again, 'tests="4" failures="2"'))
    assert reading.rows("test_runs", "result", "passed", "failures", "agrees") == [
        ("other", 2, 2, True)
    ]
    assert reading.rows("test_cases", "case_number", "attempts", "flaky")[2:] == [
        (3, None, None), (4, 3, True),
    ]  # fmt: skip
    (remark,) = reading.remarks
    assert remark.endswith("neither good nor failed")


def test_a_test_that_is_still_to_be_written_did_not_pass(reading):
    reading.take("a.xml", suite(case(told='time="NaN"'), 'tests="0" failures="0" skipped="0"'))
    assert reading.rows("test_cases", "result", "result_original") == [("other", "")]


def test_a_test_that_php_unit_warns_of_did_not_pass(reading):
    reading.take("a.xml", suite(case("<warning>No tests found in class</warning>")))
    assert reading.rows("test_cases", "result", "result_original") == [("other", "warning")]


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ("<flakyFailure/>", ("success", 2, True)),
        ("<flakyFailure/><flakyError/>", ("success", 3, True)),
        ("<failure/><rerunFailure/>", ("failure", 2, False)),
        ("<error/><rerunError/><rerunFailure/>", ("error", 3, False)),
        ("<failure/><flakyFailure/>", ("failure", 2, False)),
        ("<rerunFailure><failure/></rerunFailure>", ("success", 2, False)),
        ("", ("success", None, None)),
    ],
)
def test_further_attempts_are_those_that_are_marked(reading, inner, found):
    reading.take("a.xml", suite(case(inner)))
    assert reading.rows("test_cases", "result", "attempts", "flaky") == [found]


def test_the_same_bytes_on_two_commits_are_two_runs(reading):
    """Reports without times are alike from commit to commit; none takes the place of another."""
    for sha in (SHA, "0" * 40, SHA):
        reading.take("a.xml", suite(case()), {"place": "acme/app", "sha": sha})
    assert reading.rows("test_runs", "sha") == [("0" * 40,), (SHA,)]
    assert len(set(reading.rows("test_runs", "run"))) == 1


def test_packed_it_is_the_same_run(reading):
    reading.take("a.xml", suite(case()))
    (taken,) = reading.take("b.xml.gz", gzip.compress(suite(case()).encode()))
    assert taken.rows == 0


class TestProperties:
    BODY = (
        '<testsuites><properties><property name="GITHUB_REPOSITORY" value="acme/lib"/></properties>'
        '<testsuite name="s"><properties><property name="dd_tags[git.commit.sha]">{sha}</property>'
        '<property name="user.name" value="ada"/><property name="ci.pipeline.id" value="{build}"/></properties>'
        '<testcase name="t"><properties><property name="git.sha" value="no"/></properties></testcase>'
        "</testsuite></testsuites>"
    )  # fmt: skip
    ALL = ("repo", "sha", "build")

    def test_a_report_may_say_what_it_is_of(self, reading):
        reading.take("a.xml", self.BODY.format(sha=SHA, build=7), {})
        assert reading.rows("test_runs", *self.ALL) == [("acme/lib", SHA, "7")]
        assert reading.rows("test_cases", "repo", "sha") == [("acme/lib", SHA)]

    def test_values_that_are_none_are_left(self, reading):
        reading.take("a.xml", self.BODY.format(sha="v1.2", build="ada's build"), {})
        assert reading.rows("test_runs", *self.ALL) == [("acme/lib", None, None)]
        assert reading.remarks["commits that are not named in full, and so not known"] == 2

    @pytest.mark.parametrize("about", [{"place": "acme/app"}, {"sha": "0" * 40}])
    def test_what_the_reader_says_must_agree(self, reading, about):
        assert reading.take("a.xml", self.BODY.format(sha=SHA, build=7), about)[0].rows == 0
        assert "than --" in reading.problems[0]

    def test_what_stands_after_the_cases_is_left(self, reading):
        late = f'<properties><property name="git.sha" value="{SHA}"/></properties>'
        reading.take("a.xml", suite(case() + late))
        assert reading.rows("test_runs", "sha") == reading.rows("test_cases", "sha") == [(None,)]

    def test_nobody_says_what_it_is_of(self, reading):
        assert reading.take("a.xml", suite(case()), {}) == []
        assert "--repo OWNER/NAME" in reading.problems[0]
        assert "a.xml" in reading.problems[0]
        assert reading.rows("test_runs", "repo") == []


def test_only_names_of_tests_are_kept(reading):
    """Messages, output, traces, hosts, users and other properties stand nowhere in the workspace."""
    secret = "zanzibar marmalade"
    body = "\n".join(path.read_text("latin-1") for path in sorted(RAW.glob("*.xml")))
    assert "Ada Quill" in body
    planted = f"""<testsuite name="s" hostname="{secret}" id="{secret}">
      <properties><property name="user.name" value="{secret}"/></properties>
      <testcase name="t" classname="c" assertions="{secret}">
        <failure message="{secret}" type="{secret}">{secret}<b>{secret}</b></failure>
        <skipped message="{secret}" type="{secret}">{secret}</skipped>
        <system-out>{secret}</system-out><!-- {secret} --><properties><property name="x" value="{secret}"/></properties>
      </testcase><system-err>{secret}</system-err></testsuite>"""
    reading.take("a.xml", planted)
    for path in sorted(RAW.glob("*.xml")):
        reading.take(path.name, path.read_bytes(), {"place": "acme/app", "sha": SHA})
    assert len(reading.rows("test_cases", "name")) > 30
    kept = [repr(reading.rows(table.name, *table.schema.names)) for table in TABLES]
    kept += [repr(p.read_bytes()) for p in reading.store.workspace.rglob("*") if p.is_file()]
    for text in (secret, "Ada Quill", "Jane Roe", "/ada", "ada@", "runner-7", "surefire.jar"):
        assert not any(text in told for told in kept), text


def test_absurd_values_are_none_and_told(reading):
    told = 'time="-3" timestamp="0001-01-01T00:00:00" tests="99999999999" failures="x"'
    reading.take("a.xml", suite(case(told='time="NaN"'), told))
    columns = ("result", "seconds", "started_at", "tests_told", "failing_told", "agrees")
    assert reading.rows("test_runs", *columns) == [("success", None, None, None, None, None)]
    assert reading.rows("test_cases", "seconds") == [(None,)]
    assert reading.remarks == {
        "times that cannot be": 2, "moments that cannot be": 2, "counts that cannot be": 2,
    }  # fmt: skip


def test_hostile_names(reading):
    names = [
        "",
        "../../etc/passwd",
        "\u202egnp",
        "&lt;script&gt;",
        "x" * 100_000,
        "'; drop table--",
    ]
    reading.take("a.xml", suite("".join(case(name=n, told=f'file="{n[:50]}"') for n in names)))
    kept = {str(name) for (name,) in reading.rows("test_cases", "name")}
    assert {"", "<script>", "'; drop table--"} <= kept
    assert all(len(name) < 1_100 for name in kept)
    assert any("signs that no name has" in problem for problem in reading.problems)


def test_a_case_without_a_name_is_told(reading):
    (taken,) = reading.take("a.xml", suite('<testcase classname="c"/>' + case()))
    assert taken.unread == 1
    assert "the field 'name' is missing" in reading.problems[0]


@pytest.mark.parametrize(
    "body",
    [
        "<assemblies/>", '<test-run id="2"/>', "<testng-results/>", "<project/>", "text", "{}",
        '<coverage generated="1"/>',
    ],
)  # fmt: skip
def test_other_files_are_not_taken_for_it(reading, body):
    assert reading.take("a.xml", body) == []
    assert "no source knows a file that begins like this" in reading.problems[0]
