"""Coverage in four forms: which lines ran, by whatever part of a report says so, and what nobody knows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sources.reports import Reading

NOW = datetime(2026, 2, 1, tzinfo=UTC)
FLOW = Path(__file__).parents[1] / "flow"
LINES = ("path", "covered", "missed", "lines_covered", "lines_missed")
BRANCHES = ("branches_covered", "branches_missed")
FILE_OF = {
    "cobertura": "coverage.xml", "jacoco": "jacoco.xml", "lcov": "lcov.info", "coveragepy": "coverage.json",
}  # fmt: skip


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path, NOW)


def cobertura(classes: str, sources: str = "", told: str = "") -> str:
    inner = f"<packages><package><classes>{classes}</classes></package></packages>"
    return f'<coverage line-rate="1" {told}><sources>{sources}</sources>{inner}</coverage>'


def class_(lines: str, filename: str = "a.py") -> str:
    return f'<class name="x" filename="{filename}"><methods/><lines>{lines}</lines></class>'


def line(number: object, hits: object, ways: str = "") -> str:
    more = f'branch="true" condition-coverage="{ways}"' if ways else ""
    return f'<line number="{number}" hits="{hits}" {more}/>'


def jacoco(inner: str, told: str = "") -> str:
    return f'<report name="r">{told}<package name="p">{inner}</package></report>'


def test_three_forms_of_one_report_say_the_same(reading):
    """What coverage.py writes as XML, LCOV and JSON about one run of one project."""
    for source, name in FILE_OF.items():
        if source != "jacoco":
            reading.take(name, (FLOW / source / "raw" / name).read_bytes())
    found = {path[-14:]: row for path, *row in reading.rows("coverage", *LINES, *BRANCHES)}
    assert len(reading.rows("coverage", "path")) == 6
    assert found["acme/prices.py"] == [[4, 5, 6, 7, 8, 9, 10, 13], [14], 8, 1, 4, 0]
    rows = reading.rows("coverage", "covered", "missed", "branches_covered")
    assert rows.count(([4, 5, 6, 7, 8, 9, 10, 13], [14], 4)) == 3


@pytest.mark.parametrize(("source", "name"), FILE_OF.items())
def test_a_report_that_breaks_off_is_marked(reading, source, name):
    whole = (FLOW / source / "raw" / name).read_bytes()
    at = whole.rindex(b"end_of_record") if source == "lcov" else len(whole) * 9 // 10
    reading.take(name, whole[:at])
    assert reading.problems
    complete = {row[0] for row in reading.rows("coverage", "complete")}
    assert complete == (set() if source == "coveragepy" else {False})


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.xml", cobertura("")),
        ("a.xml", jacoco("")),
        ("a.info", "TN:\n"),
        ("coverage.json", '{"meta": {}, "files": {}, "totals": {}}'),
    ],
)
def test_a_report_of_nothing_is_told(reading, name, body):
    reading.take(name, body)
    assert any("it tells of no file" in problem for problem in reading.problems)
    assert reading.rows("coverage", "path") == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.xml", cobertura(class_(""))),
        ("a.xml", jacoco('<sourcefile name="a.py"/>')),
        ("a.info", "SF:a.py\nend_of_record\n"),
    ],
)
def test_a_file_without_lines_is_told_from_one_with_lines(reading, name, body):
    reading.take(name, body)
    assert reading.rows("coverage", *LINES[1:]) == [([], [], 0, 0)]
    assert reading.remarks == {"files of which no line is told": 1}


@pytest.mark.parametrize(("source", "name"), FILE_OF.items())
def test_nobody_says_what_it_is_of(reading, source, name):
    reading.take(name, (FLOW / source / "raw" / name).read_bytes(), {})
    assert "--repo OWNER/NAME" in reading.problems[0]


def test_the_same_bytes_on_two_commits_are_two_reports(reading):
    """Tracefiles hold no time: where coverage did not change they are alike."""
    for sha in ("1" * 40, "2" * 40):
        reading.take("a.info", "SF:a.py\nDA:1,1\nend_of_record\n", {"place": "a/b", "sha": sha})
    assert reading.rows("coverage", "sha") == [("1" * 40,), ("2" * 40,)]


class TestCobertura:
    def test_a_line_ran_when_one_class_says_so(self, reading):
        body = (
            class_(line(1, 0) + line(2, 3)) + class_(line(1, 1) + line(3, 0)) + class_("", "b.py")
        )
        reading.take("a.xml", cobertura(body))
        assert reading.rows("coverage", *LINES)[0] == ("a.py", [1, 2], [3], 2, 1)

    def test_branches_of_methods_count_once(self, reading):
        ways = line(5, 1, "50% (1/2)")
        body = f'<class filename="a.py"><methods><method><lines>{ways}</lines></method></methods>'
        reading.take(
            "a.xml", cobertura(f"{body}<lines>{ways}{line(7, 0, '0% (0/4)')}</lines></class>")
        )
        assert reading.rows("coverage", *BRANCHES) == [(1, 5)]

    def test_branches_that_two_classes_tell_of_are_unknown(self, reading):
        reading.take("a.xml", cobertura(class_(line(5, 1, "(1/2)")) + class_(line(5, 1, "(1/4)"))))
        assert reading.rows("coverage", *BRANCHES) == [(None, None)]

    @pytest.mark.parametrize(
        ("sources", "filename", "path"),
        [
            ("<source>/home/ada/app/src</source>", "pkg/a.py", ("app/src/pkg/a.py", True)),
            ("<source>src</source>", "pkg/a.py", ("src/pkg/a.py", False)),
            ("<source>.</source>", "./pkg/a.py", ("pkg/a.py", False)),
            ("<source>--source</source>", "a.py", ("--source/a.py", False)),
            ("<source/>", "a.py", ("a.py", False)),
            ("<source>/a</source><source>/b</source>", "pkg/a.py", ("pkg/a.py", False)),
            ("<source>/</source>", "srv/app/a.cs", ("srv/app/a.cs", True)),
            ("", "/srv/app/a.cs", ("srv/app/a.cs", True)),
        ],
    )
    def test_files_are_named_below_the_one_source(self, reading, sources, filename, path):
        reading.take("a.xml", cobertura(class_(line(1, 1), filename), sources))
        assert reading.rows("coverage", "path", "absolute") == [path]

    @pytest.mark.parametrize(
        ("sources", "covered"),
        [("<source>/a</source><source>/b</source>", None), ("<source>/a</source>", [1, 2])],
    )
    def test_below_several_roots_one_name_may_be_of_two_files(self, reading, sources, covered):
        body = class_(line(1, 1) + line(2, 0), "__init__.py") + class_(
            line(1, 0) + line(2, 1), "__init__.py"
        )
        reading.take("a.xml", cobertura(body, sources))
        assert reading.rows("coverage", "covered") == [(covered,)]
        assert bool(reading.remarks) == (covered is None)

    def test_below_several_roots_classes_of_one_file_have_lines_of_their_own(self, reading):
        roots = "<source>/a</source><source>/b</source>"
        reading.take("a.xml", cobertura(class_(line(1, 1)) + class_(line(2, 0)), roots))
        assert reading.rows("coverage", *LINES) == [("a.py", [1], [2], 1, 1)]

    @pytest.mark.parametrize(
        "odd", [line("x", 1), line(1 << 40, 1), line(0, 1), line(-4, 1), line(3, -1), line(3, "n/a"), "<line/>"]
    )  # fmt: skip
    def test_lines_that_cannot_be_are_left_out(self, reading, odd):
        reading.take("a.xml", cobertura(class_(line(9, 1) + odd)))
        assert reading.rows("coverage", *LINES) == [("a.py", [9], [], 1, 0)]
        (remark,) = reading.remarks
        assert "left out" in remark

    @pytest.mark.parametrize("told", ["1768383005", "1768383005000"])
    def test_seconds_and_milliseconds(self, reading, told):
        reading.take("a.xml", cobertura(class_(line(1, 1)), told=f'timestamp="{told}"'))
        ((at, zone_told),) = reading.rows("coverage", "happened_at", "zone_told")
        assert (at, zone_told) == (datetime(2026, 1, 14, 9, 30, 5, tzinfo=UTC), True)

    def test_files_without_a_name_are_told(self, reading):
        reading.take("a.xml", cobertura('<class name="x"/>' + class_(line(1, 1), "a&#10;b")))
        assert len(reading.problems) == 2
        assert "a file has no name" in reading.problems[0]

    def test_clover_is_another_form(self, reading):
        assert reading.take("a.xml", '<coverage generated="1" clover="4"/>') == []


class TestJacoco:
    def test_a_line_ran_when_some_of_it_did(self, reading):
        lines = (
            '<line nr="1" mi="3" ci="1" mb="1" cb="1"/><line nr="2" mi="3" ci="0" mb="0" cb="0"/>'
        )
        reading.take("a.xml", jacoco(f'<sourcefile name="A.java">{lines}</sourcefile>'))
        assert reading.rows("coverage", *LINES) == [("p/A.java", [1], [2], 1, 1)]
        assert reading.rows("coverage", *BRANCHES) == [(1, 1)]

    def test_classes_without_line_numbers_are_unknown(self, reading):
        reading.take("a.xml", jacoco('<class name="p/A" sourcefilename="A.java"/>'))
        assert reading.rows("coverage", *LINES) == [("p/A.java", None, None, None, None)]
        assert reading.remarks == {"files of which no line is told": 1}

    def test_modules_are_kept_apart(self, reading):
        one = '<package name="p"><sourcefile name="A.kt"><line nr="1" mi="0" ci="1"/></sourcefile></package>'
        groups = "".join(f'<group name="{n}">{one}</group>' for n in ("app", "lib"))
        reading.take(
            "a.xml", f'<report name="r"><sessioninfo dump="1768383005000"/>{groups}</report>'
        )
        assert reading.rows("coverage", "module", "path") == [("app", "p/A.kt"), ("lib", "p/A.kt")]
        assert {at for (at,) in reading.rows("coverage", "happened_at")} == {
            datetime(2026, 1, 14, 9, 30, 5, tzinfo=UTC)
        }

    def test_only_the_last_session_tells_when(self, reading):
        told = '<sessioninfo dump="9"/><sessioninfo dump="x"/><sessioninfo dump="-5"/>'
        reading.take(
            "a.xml", jacoco('<sourcefile name="A"><line nr="1" ci="1"/></sourcefile>', told)
        )
        assert reading.rows("coverage", "happened_at") == [(None,)]
        assert reading.remarks == {"moments that cannot be": 1}


class TestLcov:
    def take(self, reading: Reading, *lines: str) -> None:
        reading.take("lcov.info", "\n".join(("SF:a.c", *lines, "end_of_record")))

    def test_all_tests_count(self, reading):
        body = "TN:a\nSF:a.c\nDA:1,0\nDA:2,1\nend_of_record\nTN:b\nSF:a.c\nDA:1,4\nDA:2,0\nDA:3,0\nend_of_record\n"
        reading.take("lcov.info", body)
        assert reading.rows("coverage", *LINES) == [("a.c", [1, 2], [3], 2, 1)]

    @pytest.mark.parametrize(
        ("path", "covered"), [("src/index.ts", None), ("/srv/ci/src/index.ts", [1, 2, 7])]
    )
    def test_two_files_of_one_relative_name_are_not_one(self, reading, path, covered):
        """Tracefiles of the packages of one repository, put together."""
        one = f"TN:\nSF:{path}\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\n"
        two = f"TN:\nSF:{path}\nDA:1,0\nDA:2,1\nDA:7,1\nLF:3\nLH:2\nend_of_record\n"
        reading.take("lcov.info", one + two)
        assert reading.rows("coverage", "covered") == [(covered,)]
        told = "files whose lines are told in ways that do not agree; no lines are kept"
        assert reading.remarks == ({told: 1} if covered is None else {})
        assert covered or reading.rows("coverage", *LINES[1:], *BRANCHES) == [(None,) * 6]

    @pytest.mark.parametrize("name", ["lcov.dat", "coverage.dat", "_coverage_report.dat"])
    def test_what_bazel_writes(self, reading, name):
        body = "SF:src/a.cc\nFNF:0\nFNH:0\nBRDA:3,0,0,1\nBA:3,2\nBRF:1\nBRH:1\nDA:3,1\nDA:4,0\nLH:1\nLF:2\nend_of_record\n"
        reading.take(name, body)
        assert not reading.problems
        assert reading.rows("coverage", *LINES) == [("src/a.cc", [3], [4], 1, 1)]

    def test_other_files_of_that_ending_are_left(self, reading):
        assert reading.take("table.dat", "1 2 3\n4 5 6\n") == []

    def test_where_only_counts_are_told_counts(self, reading):
        self.take(reading, "LF:10", "LH:4", "BRF:6", "BRH:6")
        assert reading.rows("coverage", *LINES, *BRANCHES) == [("a.c", None, None, 4, 6, 6, 0)]

    def test_counts_of_two_parts_cannot_be_added(self, reading):
        self.take(reading, "LF:10", "LH:4", "end_of_record", "SF:a.c", "LF:10", "LH:9")
        assert reading.rows("coverage", *LINES) == [("a.c", None, None, None, None)]

    @pytest.mark.parametrize("counts", [("LF:4", "LH:9"), ("LF:x", "LH:1"), ("LF:-1", "LH:0")])
    def test_counts_that_cannot_be(self, reading, counts):
        self.take(reading, *counts)
        assert reading.rows("coverage", *LINES) == [("a.c", [], [], 0, 0)]

    def test_counts_at_odds_with_the_lines_are_told(self, reading):
        self.take(reading, "DA:1,1", "LF:10", "LH:4")
        assert reading.rows("coverage", *LINES) == [("a.c", [1], [], 1, 0)]
        (remark,) = reading.remarks
        assert remark.startswith("files that count other lines")

    @pytest.mark.parametrize(
        "odd", ["DA:7,-2", "DA:7", "DA:0,1", "DA:x,1", "DA:7,nan", "DA:7,", "DA:9999999999,1"]
    )
    def test_lines_that_cannot_be_are_left_out(self, reading, odd):
        self.take(reading, "DA:1,1", odd)
        assert reading.rows("coverage", *LINES) == [("a.c", [1], [], 1, 0)]

    def test_branches(self, reading):
        ways = ("BRDA:1,0,0,1", "BRDA:1,0,1,-", "BRDA:1,e0,1,0", "BRDA:2,0,jump to line 3, then,2")
        self.take(reading, *ways, "BRDA:1,0,1,5")
        assert reading.rows("coverage", *BRANCHES) == [(3, 1)]

    @pytest.mark.parametrize(
        ("body", "problem"),
        [
            ("SF:a.c\nDA:1,1\n", "it ends in the middle"),
            ("SF:a.c\nDA:1,1\nSF:b.c\nend_of_record\n", "it ends in the middle"),
            (
                "SF:a.c\nDA:1,1\nend_of_record\nsomething else\n",
                "a line of it is none of a tracefile",
            ),
            ("SF:a.c\n" + "DA:1,1" * 20_000, "a line of it is none of a tracefile"),
        ],
    )
    def test_damage_is_told(self, reading, body, problem):
        reading.take("lcov.info", body)
        assert any(problem in told for told in reading.problems)
        assert {row for (row,) in reading.rows("coverage", "complete")} <= {False}

    def test_others_that_are_called_so(self, reading):
        assert reading.take("module.info", "name = A module\ncore = 7.x\n") == []

    def test_odd_bytes_and_ends_of_lines(self, reading):
        reading.take("lcov.info", b"\xef\xbb\xbfTN:\r\nSF:\xe9.c\r\nDA:1,1\r\nend_of_record\r\n")
        assert "signs that no name has" in reading.problems[0]
        reading.take("lcov.info", "SF:é ü.c\r\nDA:1,1\r\nend_of_record\r\n")
        assert reading.rows("coverage", "path") == [("é ü.c",)]


class TestCoveragePy:
    def record(self, **file: object) -> str:
        own = {
            "executed_lines": [1, 2], "missing_lines": [4], "excluded_lines": [],
            "summary": {"covered_lines": 2, "missing_lines": 1},
        } | file  # fmt: skip
        return json.dumps({"meta": {"version": "7"}, "files": {"a\\b.py": own}, "totals": {}})

    def test_without_branches_and_moment_there_are_none(self, reading):
        reading.take("coverage.json", self.record())
        assert reading.rows("coverage", *LINES) == [("a/b.py", [1, 2], [4], 2, 1)]
        assert reading.rows("coverage", *BRANCHES, "happened_at") == [(None, None, None)]

    @pytest.mark.parametrize(
        "file",
        [
            {"executed_lines": [1, 4]}, {"missing_lines": [0]}, {"executed_lines": ["1"]}, {"executed_lines": 3},
            {"executed_lines": [1 << 40]}, {"executed_lines": [1.5]}, {"executed_lines": [True, 7]}, {"summary": 1},
            {"missing_lines": None}, {"summary": {}}, {"summary": {"covered_lines": -1, "missing_lines": 1}},
        ],
    )  # fmt: skip
    def test_odd_reports_give_no_row(self, reading, file):
        reading.take("coverage.json", self.record(**file))
        assert len(reading.problems) == 1
        assert reading.rows("coverage", "path") == []

    def test_lines_that_are_left_out_or_hold_nothing_did_not_run(self, reading):
        """Reports up to 7.13.0 list them; `[0]` is how they tell of an empty file."""
        ran = {"executed_lines": [0, 1, 2, 7, 8], "excluded_lines": [7, 8, 9]}
        reading.take("coverage.json", self.record(**ran))
        assert reading.rows("coverage", *LINES) == [("a/b.py", [1, 2], [4], 2, 1)]
        assert not reading.remarks

    def test_where_docstrings_are_listed_the_counts_hold(self, reading):
        reading.take("coverage.json", self.record(executed_lines=[1, 2, 3]))
        assert reading.rows("coverage", *LINES) == [("a/b.py", None, [4], 2, 1)]
        (remark,) = reading.remarks
        assert remark.endswith("the counts are kept")

    def test_summaries_at_odds_are_told(self, reading):
        reading.take("coverage.json", self.record(summary={"covered_lines": 2, "missing_lines": 9}))
        assert list(reading.remarks) == [
            "files that count other lines than they list; the lines are kept"
        ]

    def test_two_names_of_one_file(self, reading):
        told = json.loads(self.record())
        told["files"]["./a/b.py"] = told["files"]["a\\b.py"]
        reading.take("coverage.json", json.dumps(told))
        assert "one and the same" in reading.problems[0]
