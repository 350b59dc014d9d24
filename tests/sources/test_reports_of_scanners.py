"""What holds for every report of a scanner and every bill of materials."""

from __future__ import annotations

import copy
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.reading import GIVEN, KEY, read

from trueup.facts.rows import UNREADABLE, Rows, UnplacedError
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock, moment_of
from trueup.runs.intake import take_exports
from trueup.runs.kinds import SOURCES, kind_of, readers
from trueup.transport.exports import read_exports

FLOW = Path(__file__).parents[1] / "flow"
NAMES = "sarif trivy snyk npm_audit pip_audit osv cyclonedx spdx".split()
NOW = fixed_clock(moment_of("2026-02-01T00:00:00Z"))


def records(name: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for one in read_exports(FLOW / name / "raw", *readers()):
        source, kind = kind_of(one)
        assert source.name == name
        found.append((kind.name, one.record))
    return found


RECORDS = {name: records(name) for name in NAMES}
ALL = [(name, kind, record) for name in NAMES for kind, record in RECORDS[name]]
#: Places of texts that people write, of secrets, and of who did something.
PLANTED = (
    "text markdown description Description Title title Match Content Message message overview details summary Statement "
    "Maintainer author email Author Committer CommitMsg reason justification detail recommendation comment copyrightText "
    "originator publisher Resolution skip_reason policy commitMessage credit path_of_people annotator snippet name_of_author"
).split()
SECRET = "zanzibar marmalade"


def planted(value: Any, within: str = "") -> Any:
    """The record with a secret in every such place, and in every list that holds people."""
    if isinstance(value, dict):
        return {
            k: SECRET
            if isinstance(v, str)
            and (k in PLANTED or within in {"contact", "found_by", "reported_by"})
            else planted(v, k)
            for k, v in value.items()
        }
    return [planted(x, within) for x in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("name", "kind", "record"), ALL, ids=lambda x: x if isinstance(x, str) else ""
)
def test_no_secret_and_no_text_of_people_enters_a_row(name, kind, record):
    told = json.dumps(planted(record))
    made = read(name, kind, json.loads(told))
    assert SECRET not in repr(made)
    assert not re.search(
        r"AKIA|Some One|someone|not-to-be-read|hereby", repr(read(name, kind, record))
    )


@pytest.mark.parametrize(
    ("name", "kind", "record"), ALL, ids=lambda x: x if isinstance(x, str) else ""
)
def test_ids_of_findings_hold_no_text(name, kind, record):
    """A text may show a secret, and whoever knows its form could try all of them against a hash."""
    before = sorted(r["finding"] for r in read(name, kind, record).get("findings", ()))
    after = read(name, kind, planted(record)).get("findings", ())
    packages = {"cyclonedx", "spdx"}
    told = name == "sarif" and "Package: " in json.dumps(record)  # what it says of packages is read
    assert name in packages or told or before == sorted(r["finding"] for r in after)


def test_what_the_reader_says_counts_more_than_the_document():
    other = {"place": "acme/else", "sha": "f" * 40}
    for name, kind, record in ALL:
        made = read(name, kind, record, other)
        rows = [row for table in made.values() for row in table]
        if kind == "osv":
            continue  # an advisory is about no commit
        assert {row["repo"] for row in rows} <= {"acme/else"}, name
        assert {row["sha"] for row in rows} <= {"f" * 40}, name


def test_a_commit_of_another_repository_is_none_of_this_one():
    for name in ("sarif", "trivy", "cyclonedx", "spdx"):
        kind, record = RECORDS[name][0]
        made = read(name, kind, record, {"place": "acme/else"})
        assert {row["sha"] for table in made.values() for row in table} == {None}, name


def test_without_a_repository_nothing_is_read():
    for name in ("npm_audit", "pip_audit"):
        for kind, record in RECORDS[name]:
            with pytest.raises(UnplacedError, match="repository"):
                read(name, kind, record, {})


def test_a_repository_that_is_only_assumed_does_not_outweigh_what_a_document_says():
    kind, record = RECORDS["spdx"][0]
    made = read("spdx", kind, record, {"place": "acme/only", "assumed": "yes"})
    assert {row["repo"] for row in made["components"]} == {"acme/app"}


@pytest.mark.parametrize("name", NAMES)
def test_reading_a_later_report_tells_only_what_changed(name, tmp_path):
    """The ids of findings do not depend on where in a report they stand."""
    for kind, record in RECORDS[name]:
        told = read(name, kind, record).get("findings", ())
        again = read(name, kind, json.loads(json.dumps(record))).get("findings", ())
        assert [r["finding"] for r in told] == [r["finding"] for r in again]
        assert len({r["finding"] for r in told}) == len(told)


@pytest.mark.parametrize("order", [("may", "april"), ("april", "may")])
def test_an_older_report_that_is_read_later_changes_nothing(order, tmp_path):
    """A finding that was waved through in May is not open again because April was filled in."""
    store = Store(tmp_path / "workspace")
    for month in order:
        waved = [{"kind": "external", "status": "accepted"}] if month == "may" else []
        at = f"2026-0{5 if month == 'may' else 4}-01T10:00:00Z"
        place = {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 3}}
        result = {"ruleId": "R1", "message": {"text": "m"}, "suppressions": waved}
        result["locations"] = [{"physicalLocation": place}]
        run = {"tool": {"driver": {"name": "CodeQL"}}, "results": [result]}
        run["invocations"] = [{"executionSuccessful": True, "endTimeUtc": at}]
        path = tmp_path / f"{month}.sarif"
        path.write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
        take_exports(path, store, KEY, NOW, lambda *_: None, GIVEN)
    (found,) = store.snapshot().table(TABLES["findings"]).to_pylist()
    assert (found["status"], found["changed_at"].month) == ("done", 5)


def test_formats_are_told_apart_whatever_their_files_are_called(tmp_path):
    for number, (name, kind, record) in enumerate(ALL):
        path = tmp_path / f"export-{number}.json"
        path.write_text(json.dumps(record), "utf-8")
        (one,) = read_exports(path, *readers())
        source, found = kind_of(one)
        assert (source.name, found.name) == (name, kind)


def test_other_reports_of_lists_are_not_taken_for_these(tmp_path):
    """Envelopes that look a little alike: none of them is a report, and none is cut into odd rows."""
    path = tmp_path / "others.json"
    for record in (
        {"version": "1", "results": [{"a": 1}]},
        {"vulnerabilities": {"list": []}, "database": {}},
        {"dependencies": []},
        {"packages": []},
        {"name": "a", "version": "1"},
        {"metadata": {}, "components": []},
    ):
        path.write_text(json.dumps(record), "utf-8")
        assert all(kind_of(one) is None for one in read_exports(path, *readers()))


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 5), st.just(1 << 70), st.floats(allow_nan=True), st.text(max_size=6),
    st.sampled_from(["\ud800", [], {}, [None], [[]], {"a": 1}, "9999-99-99", "../..", "file:///", "CVSS:3.1/", "urn:", 0]),
)  # fmt: skip


def spoil(value: Any, data: Any) -> None:
    """Take away or change something, however deep, in any member of a list."""
    while True:
        keys = sorted(value) if isinstance(value, dict) else list(range(len(value)))
        key = data.draw(st.sampled_from(keys))
        inner = value[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.integers(0, 3)):
            value = inner
        elif data.draw(st.booleans()):
            del value[key]
            return
        else:
            value[key] = copy.deepcopy(data.draw(ODD))
            return


@pytest.mark.parametrize("name", NAMES)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_odd_reports_end_in_a_problem_without_any_value(name, data):
    kind, record = data.draw(st.sampled_from(RECORDS[name]))
    record = copy.deepcopy(record)
    for _ in range(data.draw(st.integers(1, 4))):
        if record:
            spoil(record, data)
    rows = Rows(KEY)
    rows.begin("x:1", "0" * 64, "", data.draw(st.sampled_from([{}, GIVEN])))
    source = next(s for s in SOURCES if s.name == name)
    missing = None
    try:
        source.kind(kind).to_facts(record, rows)
        list(rows.tables())
    except UNREADABLE as error:
        rows.drop()
        assert rows.count == 0
        missing = error.args[0] if isinstance(error, KeyError) else None
    # What is missing is a field we ask for, not something that stands there.
    assert missing is None or missing in FIELDS


FIELDS = frozenset(
    re.findall(
        r"""\[["'](\w[\w.-]*)["']\]""",
        "".join(
            p.read_text("utf-8")
            for p in (Path(__file__).parents[2] / "src/trueup/sources").rglob("*.py")
        ),
    )
)


def test_given_in_a_table_beside_the_record(tmp_path):
    """A folder of reports of several repositories is a table of them."""
    path = tmp_path / "reports.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["data", "params"])
        for place in ("acme/a", "acme/b"):
            writer.writerow([json.dumps(RECORDS["npm_audit"][0][1]), json.dumps({"place": place})])
    store = Store(tmp_path / "w")
    take_exports(path, store, KEY, NOW, lambda *_: None)
    kept = store.snapshot().table(TABLES["scans"])["repo"].to_pylist()
    assert sorted(kept) == ["acme/a", "acme/b"]
