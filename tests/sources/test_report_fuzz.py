"""Damaged and hostile reports: whatever stands in a file, facts come out or a problem that is told.

`TRUEUP_FUZZ=100000 pytest tests/sources/test_report_fuzz.py` looks longer.
"""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trueup.facts.rows import UNREADABLE, Rows
from trueup.facts.schema import TABLES
from trueup.runs.kinds import SOURCES
from trueup.transport.documents import Found, read_json

FLOW = Path(__file__).parents[1] / "flow"
EXAMPLES = int(os.environ.get("TRUEUP_FUZZ", "300"))
ABOUT = {"file": "f" * 64, "place": "acme/app"}
NAMES = ("junit", "cobertura", "jacoco", "lcov", "coveragepy")
SAMPLES = {n: [p.read_bytes() for p in sorted((FLOW / n / "raw").iterdir())] for n in NAMES}

#: What breaks readers: ends, signs, numbers at the edge, entities, encodings, other forms.
ODD = st.sampled_from([
    b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"<", b">", b"/>", b"]]>", b"<![CDATA[", b"<!--", b"&amp;", b"&x;", b"&#0;",
    b'"', b"'", b"-1", b"0", b"NaN", b"1e999", b"99999999999999999999", b"2147483648", b",", b":", b"\n", b"\r",
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<testsuite>", b"</testsuite>", b"<testcase name='t'>", b"</testcase>",
    b"<failure/>", b"<class filename='a'>", b"</class>", b"<line number='1' hits='1'/>", b"<sourcefile name='a'>",
    b"</sourcefile>", b"<group name='g'>", b"</group>", b"<package name='p'>", b"</package>", b"end_of_record\n",
    b"SF:a\n", b"DA:1,1\n", b"BRDA:1,0,0,-\n", b'encoding="utf-16"', b'encoding="latin-1"', b"\xed\xa0\x80", b"null",
    b"[]", b"{}", b"true", b"\\ud800", b"1.5", b"\xe2\x80\xae", b"<property name='git.sha' value='0'/>",
])  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """A recorded report with some of its bytes lost, doubled, moved, or of another one."""
    body = draw(st.sampled_from(SAMPLES[name]))
    for _ in range(draw(st.integers(1, 5))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(body))] * 2)))
        end = min(end, start + draw(st.sampled_from([0, 1, 2, 8, 64, 1 << 20])))
        how = draw(
            st.sampled_from(["odd", "odd", "number", "cut", "lost", "twice", "bytes", "other"])
        )
        body = body[:start] + _instead(draw, how, body[start:end], name) + body[end:]
        body = body[: start + 64] if how == "cut" else body
    return body


def _instead(draw: st.DrawFn, how: str, part: bytes, name: str) -> bytes:
    if how == "odd":
        return draw(ODD)
    if how == "number":
        number = draw(ODD)
        return re.sub(rb"\d+", lambda _: number, part)
    if how == "twice":
        return part * draw(st.integers(2, 4))
    if how == "bytes":
        return draw(st.binary(max_size=12))
    if how == "other":
        other = draw(st.sampled_from(SAMPLES[name]))
        at = draw(st.integers(0, len(other)))
        return other[at : at + 200]
    return b""


def records(name: str, body: bytes) -> tuple[list[dict[str, Any]], str]:
    """The records of a file, and what is wrong with it."""
    (kind,) = SOURCES[name].kinds
    if kind.form is None:
        found = list(read_json(io.BufferedReader(io.BytesIO(body)), Found("x", "x"), at_once=True))
        problems = [one.problem for one in found if one.problem]
        return [one.record for one in found if one.record is not None], "".join(problems)
    kept = []
    try:
        kept.extend(kind.form.records(io.BytesIO(body)))
    except ValueError as error:
        return kept, str(error)
    return kept, ""


def facts(name: str, body: bytes) -> tuple[dict[str, list[dict[str, Any]]], str, int]:
    """Rows by table, what is wrong with the file, and how many records gave no row."""
    (kind,) = SOURCES[name].kinds
    found, problem = records(name, body)
    rows, refused = Rows(b"a key"), 0
    for record in found:
        try:
            orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
            rows.begin("x:1", "0" * 64, "", ABOUT)
            kind.to_facts(record, rows)
        except UNREADABLE:
            rows.drop()
            refused += 1
    told = {}
    for table, written in rows.tables():
        columns = [n for n in table.schema.names if n not in {"source", "seen_at"}]
        told[table.name] = written.select(columns).to_pylist()
        assert not TABLES[table.name].personal
    return told, problem, refused


def sound(told: dict[str, list[dict[str, Any]]], problem: str, refused: int) -> None:
    """What holds for all facts, whatever they were read from."""
    for row in told.get("coverage", ()):
        _sound_lines(row)
        assert row["complete"] or problem
    cases = Counter((r["suite_number"], r["result"]) for r in told.get("test_cases", ()))
    for run in told.get("test_runs", ()):
        number, ends = run["suite_number"], ("passed", "failures", "errors", "skipped")
        assert run["tests"] >= sum(run[name] for name in ends)
        assert run["complete"] or problem
        if not refused:
            told_tests = run["tests"] if run["tests_told"] is None else run["tests_told"]
            uncounted = max(run["tests"] - told_tests, 0)
            assert run["passed"] == max(cases[number, "success"] - uncounted, 0)
            assert run["tests"] == sum(n for (suite, _), n in cases.items() if suite == number)
        if run["result"] == "success":
            assert run["complete"]
            assert run["passed"] > 0 == run["failures"] + run["errors"]


def _sound_lines(row: dict[str, Any]) -> None:
    assert row["path"]
    assert not row["path"].startswith(("/", "../"))
    if row["covered"] is not None:
        assert row["covered"] == sorted(set(row["covered"]))
        assert not set(row["covered"]) & set(row["missed"])
        assert min((*row["covered"], *row["missed"], 1)) > 0
        assert (row["lines_covered"], row["lines_missed"]) == (
            len(row["covered"]),
            len(row["missed"]),
        )
    for name in ("lines_covered", "lines_missed", "branches_covered", "branches_missed"):
        assert row[name] is None or row[name] >= 0


def looked_at(name: str) -> Any:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.data_too_large,
            HealthCheck.too_slow,
            HealthCheck.large_base_example,
        ],
    )
    @given(damaged(name))
    def test(body: bytes) -> None:
        sound(*facts(name, body))

    return test


@pytest.mark.parametrize("name", NAMES)
def test_damage_ends_in_facts_or_a_told_problem(name):
    looked_at(name)()


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_are_sound(name):
    for body in SAMPLES[name]:
        told, problem, refused = facts(name, body)
        sound(told, problem, refused)
        assert (problem, refused) == ("", 0)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_is_cut_off_says_so(name):
    """A report that was cut anywhere never looks like a whole one."""
    body = min(SAMPLES[name], key=len).rstrip()
    for at in range(1, len(body), 7):
        told, problem, _ = facts(name, body[:at])
        sound(told, problem, 1)
        between = name == "lcov" and body[:at].endswith((b"end_of_record", b"end_of_record\n"))
        assert problem or between, at
