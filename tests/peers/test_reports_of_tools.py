"""Reports of tools that another project (ICTU/quality-time) reads: tests and coverage, each beside a plain reading."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter, defaultdict

from tests.peers.comparing import peer, rows, taken


def read(path, folder):
    store, (told,) = taken(path, folder, {"place": "acme/app"})
    assert told.problems == []
    return store


def parsed(path):
    return ET.fromstring(peer(path).read_text("utf-8"))  # noqa: S314 - recorded, and without entities


def test_junit(tmp_path):
    store = read("quality-time/junit/junit-report.xml", tmp_path)
    ends = {"failure": "failure", "error": "error", "skipped": "skipped"}
    theirs, suites = Counter(), {}
    for suite in parsed("quality-time/junit/junit-report.xml").iter("testsuite"):
        told = Counter()
        for case in suite.findall("testcase"):
            end = next((ends[x.tag] for x in case if x.tag in ends), "success")
            theirs[suite.get("name"), case.get("classname"), case.get("name"), end] += 1
            told[end] += 1
        suites[suite.get("name")] = told
    ours = Counter(
        (r["suite"], r["class_name"], r["name"], r["result"]) for r in rows(store, "test_cases")
    )
    assert ours == theirs
    for run in rows(store, "test_runs"):
        told = suites[run["suite"]]
        found = {"success": run["passed"], "failure": run["failures"], "error": run["errors"]}
        assert Counter(found | {"skipped": run["skipped"]}) == told
        assert run["result"] == ("failure" if told["failure"] + told["error"] else "success")
    print(theirs.total(), "cases in", len(suites), "suites")


def test_jacoco(tmp_path):
    store = read("quality-time/jacoco/jacoco-report.xml", tmp_path)
    theirs = defaultdict(lambda: ([], [], 0, 0))
    root = parsed("quality-time/jacoco/jacoco-report.xml")
    for package in root.iter("package"):
        for file in package.iter("sourcefile"):
            lines = [{k: int(v) for k, v in line.attrib.items()} for line in file.iter("line")]
            theirs[f"{package.get('name')}/{file.get('name')}"] = (
                sorted(x["nr"] for x in lines if x["ci"]),
                sorted(x["nr"] for x in lines if not x["ci"]),
                sum(x["cb"] for x in lines),
                sum(x["mb"] for x in lines),
            )
    found = rows(store, "coverage")
    columns = ("covered", "missed", "branches_covered", "branches_missed")
    ours = {r["path"]: tuple(0 if r[c] is None else r[c] for c in columns) for r in found}
    assert ours == theirs
    (total,) = (c for c in root.findall("counter") if c.get("type") == "LINE")
    assert sum(r["lines_covered"] for r in found) == int(total.get("covered"))
    assert sum(r["lines_missed"] for r in found) == int(total.get("missed"))
    print(len(found), "files")
