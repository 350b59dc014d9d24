"""Corner cases of Bandit, cargo audit, cloc and lists of outdated packages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.reading import GIVEN, findings, read
from tests.sources.reports import Reading

from trueup.facts.rows import OddRecordError
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import take_exports

FLOW = Path(__file__).parents[1] / "flow"
NOW = datetime(2026, 2, 1, tzinfo=UTC)
SECRET = "zanzibar marmalade"
NAMES = ("bandit", "cargo_audit", "cloc", "pip_outdated")


@pytest.fixture
def reading(tmp_path):
    return Reading(tmp_path, NOW)


class TestBandit:
    def report(self, *lines: int, **totals: object):
        result = {"test_id": "B101", "test_name": "assert_used", "filename": "a.py"}
        return {
            "generated_at": "2025-01-01T00:00:00Z",
            "errors": [],
            "metrics": {"_totals": totals},
            "results": [result | {"issue_severity": "LOW", "line_number": n} for n in lines],
        }

    def test_two_of_one_rule_on_one_line_stay_two_and_the_same(self):
        first = findings("bandit", "bandit", self.report(3, 3, 4))
        again = findings("bandit", "bandit", self.report(4, 3, 3))
        assert len({f["finding"] for f in first}) == 3
        assert {f["finding"] for f in first} == {f["finding"] for f in again}

    def test_what_is_not_told_is_not_measured(self):
        told = read("bandit", "bandit", self.report(loc=7, nosec=0))["measures"]
        assert {m["name"]: m["value"] for m in told} == {"loc": 7, "nosec": 0, "errors": 0}

    @pytest.mark.parametrize("odd", ["7", True, float("nan"), []])
    def test_a_measure_that_is_no_number_is_odd(self, odd):
        with pytest.raises(OddRecordError, match="no number"):
            read("bandit", "bandit", self.report(loc=odd))

    def test_a_clean_report_is_a_scan(self, reading):
        reading.take("clean.json", json.dumps(self.report()))
        assert reading.rows("scans", "tool", "findings") == [("bandit", 0)]

    def test_files_it_could_not_read_are_told(self, reading):
        report = self.report() | {"errors": [{"filename": "b.py", "reason": SECRET}]}
        reading.take("bandit.json", json.dumps(report))
        assert reading.remarks == {"files that bandit could not read": 1}


class TestCargoAudit:
    def report(self, **more: object):
        return {
            "lockfile": {"dependency-count": 3},
            "settings": {"ignore": []},
            "vulnerabilities": {"found": False, "count": 0, "list": []},
            "warnings": {},
        } | more

    def test_kinds_nobody_knows_are_told(self, reading):
        warning = {"kind": "haunted", "package": {"name": "a", "version": "1"}, "advisory": None}
        (taken,) = reading.take(
            "x.json", json.dumps(self.report(warnings={"haunted": [warning], "notice": []}))
        )
        assert reading.rows("findings", "kind", "kind_original") == [("other", "haunted")]
        assert taken.unknown_values == {"findings.kind=haunted": 1}

    def test_one_report_for_each_program_looked_at(self, reading):
        lines = [json.dumps(self.report(lockfile={"dependency-count": n})) for n in (3, 4)]
        (taken,) = reading.take("bin.json", "\n".join(lines))
        assert taken.records == {"cargo_audit": 2}
        assert reading.rows("scans", "components") == [(3,), (4,)]

    def test_what_was_ignored_is_told(self, reading):
        reading.take("x.json", json.dumps(self.report(settings={"ignore": ["RUSTSEC-1", "x"]})))
        assert list(reading.remarks.values()) == [2]


class TestCloc:
    COUNT = {"blank": 1, "comment": 2, "code": 3}

    @pytest.mark.parametrize(
        "report",
        [
            {"header": {}, "added": {"Go": COUNT}, "same": {}, "SUM": {"added": COUNT}},
            {"header": {}, "Go": {"nFiles": 1, "blank_pct": 1.0, "code_pct": 99.0}, "SUM": COUNT},
            {"header": {}, "Go": COUNT, "SUM": COUNT},
        ],
        ids=["two trees", "shares", "no number of files"],
    )
    def test_what_counts_something_else_is_told(self, reading, report):
        reading.take("cloc.json", json.dumps(report))
        assert "is missing" in reading.problems[0]
        assert reading.rows("measures", "name") == []

    def test_damaged_json_of_both_kinds_gives_the_files(self, reading):
        files = {"header": {}, "a.go": self.COUNT | {"language": "Go"}, "SUM": self.COUNT | {"nFiles": 1}}  # fmt: skip
        reading.take("cloc.json", json.dumps(files, indent=1) + '\n"Go" : {"nFiles": 1} }')
        assert ("a.go", "code", 3.0) in reading.rows("measures", "path", "name", "value")
        assert reading.problems


class TestPipOutdated:
    LIST = [{"name": "a", "version": "1", "latest_version": "2", "latest_filetype": "wheel"}]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
    def test_as_terminals_write_it(self, reading, encoding):
        reading.take("x.json", json.dumps(self.LIST).encode(encoding))
        assert reading.rows("components", "name", "version", "latest") == [("a", "1", "2")]

    def test_other_lists_of_packages_are_none(self, reading):
        assert reading.take("x.json", json.dumps([{"name": "a", "version": "1"}])) == []
        assert reading.take("y.json", "[]") == []

    def test_a_list_that_is_cut_off_gives_nothing(self, reading):
        assert reading.take("x.json", json.dumps(self.LIST * 3)[:-20]) == []
        assert "not read from here on" in reading.problems[0]


@pytest.mark.parametrize("name", NAMES)
def test_no_code_no_text_and_no_folder_of_a_machine_is_kept(name, tmp_path):
    """Every text but names of packages, rules and files is replaced by one that is looked for."""
    words = "code issue_text reason title description editable_project_location location more_info url".split()  # fmt: skip

    def planted(value):
        if isinstance(value, list):
            return [planted(v) for v in value]
        if not isinstance(value, dict):
            return value
        return {
            k: SECRET if k in words and isinstance(v, str) else planted(v) for k, v in value.items()
        }

    for path in (FLOW / name / "raw").iterdir():
        (tmp_path / path.name).write_bytes(orjson.dumps(planted(orjson.loads(path.read_bytes()))))
    store = Store(tmp_path / "w")
    (taken,) = take_exports(tmp_path, store, b"k", fixed_clock(NOW), lambda *_: None, GIVEN)
    assert not taken.unread
    for table in TABLES:
        assert SECRET not in repr(store.snapshot().table(table).to_pylist())


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damage_ends_in_facts_or_a_told_problem(name, data, tmp_path_factory):
    body = data.draw(st.sampled_from([p.read_bytes() for p in (FLOW / name / "raw").iterdir()]))
    odd = st.sampled_from([b"", b"null", b"-1", b"[]", b"{}", b'"', b"1e999", b"\xff", b"\0", b'"\\ud800"', b"[" * 2_000])  # fmt: skip
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        end = start + data.draw(st.sampled_from([0, 1, 8, 64, 1 << 20]))
        body = body[:start] + data.draw(odd) + body[end:]
    reading = Reading(tmp_path_factory.mktemp("w"), NOW)
    taken = reading.take("report.json", body)
    assert reading.problems or taken
