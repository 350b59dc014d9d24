"""Reports of tools that another project (ICTU/quality-time) reads: tests and coverage."""

from __future__ import annotations

from datetime import datetime

from tests.peers.comparing import peer, rows, taken


def read(path, folder):
    store, (told,) = taken(path, folder, {"place": "acme/app"})
    assert told.problems == []
    return store


def test_junit(tmp_path):
    store = read("quality-time/junit/junit-report.xml", tmp_path)
    runs, cases = rows(store, "test_runs"), rows(store, "test_cases")
    text = peer("quality-time/junit/junit-report.xml").read_text("utf-8")
    assert len(cases) == text.count("<testcase ")
    assert sum(r["tests"] for r in runs) == len(cases)
    results = {
        name: sum(c["result"] == name for c in cases)
        for name in ("success", "failure", "error", "skipped")
    }
    print(len(cases), "cases:", results)
    assert sum(results.values()) == len(cases)


def test_jacoco(tmp_path):
    store = read("quality-time/jacoco/jacoco-report.xml", tmp_path)
    found = rows(store, "coverage")
    print(len(found), "files")
    assert found
    assert all(isinstance(r["happened_at"], datetime) or r["happened_at"] is None for r in found)
