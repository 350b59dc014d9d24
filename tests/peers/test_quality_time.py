"""Reports that ICTU/quality-time keeps as examples (Apache-2.0): each is read by the source of its format."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter

import pytest
from tests.peers.comparing import KEY, NOW, peer, rows

from trueup.facts.store import Store
from trueup.kernel.errors import ExportError
from trueup.runs.intake import take_exports

GIVEN = {"place": "ICTU/quality-time", "sha": "d39eef83a2cd3b4261cec4154c876aead7ebc79c"}
#: What no source of ours reads; other formats of theirs are read by other sources.
STRANGE = (
    "bandit/bandit.json",
    "cargo_audit/cargo_audit.json",
    "cloc/cloc.json",
    "pip/pip-outdated.json",
)


def taken(path, folder):
    """A report, taken in with the repository and commit it is of."""
    table = folder / "given" / "report.csv"
    table.parent.mkdir()
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["data", "params"])
        writer.writerow([peer(f"quality-time/{path}").read_text("utf-8"), json.dumps(GIVEN)])
    store = Store(folder / "workspace")
    return store, take_exports(table, store, KEY, NOW, lambda *_: None)


def test_every_result_of_the_sarif_report_is_a_finding(tmp_path):
    store, (read,) = taken("sarif/trivy.sarif", tmp_path)
    (run,) = json.loads(peer("quality-time/sarif/trivy.sarif").read_text("utf-8"))["runs"]
    theirs = Counter(
        (
            r["ruleId"],
            re.search(r"^Package: (.*)$", r["message"]["text"], re.MULTILINE)[1],
            re.search(r"^Installed Version: (.*)$", r["message"]["text"], re.MULTILINE)[1],
            re.search(r"^Severity: (.*)$", r["message"]["text"], re.MULTILINE)[1],
        )
        for r in run["results"]
    )
    found = rows(store, "findings")
    ours = Counter((r["rule"], r["component"], r["version"], r["severity_original"]) for r in found)
    assert (read.source, read.unread, len(found)) == ("sarif", 0, 57)
    assert ours == theirs
    known = {"LOW": "low", "MEDIUM": "medium", "HIGH": "high", "UNKNOWN": "other"}
    assert all(r["severity"] == known[r["severity_original"]] for r in found)
    assert Counter(r["severity"] for r in found) == {"low": 29, "medium": 12, "high": 8, "other": 8}
    assert not read.unknown_fields
    assert not read.unknown_values
    (scan,) = rows(store, "scans")
    assert (scan["findings"], scan["tool"], scan["tool_version"]) == (57, "trivy", "0.26.0")
    print(f"{len(found)} of {len(run['results'])} results of the SARIF report are findings")


def test_the_snyk_report_names_one_vulnerability_on_46_ways(tmp_path):
    store, (read,) = taken("snyk/snyk.json", tmp_path)
    report = json.loads(peer("quality-time/snyk/snyk.json").read_text("utf-8"))
    found = rows(store, "findings")
    assert len(report["vulnerabilities"]) == 46
    assert len(found) == report["uniqueCount"] == 1
    told = {k: found[0][k] for k in "rule component version fixed_in severity path sha".split()}
    assert told == {
        "rule": "SNYK-JS-LODASH-590103",
        "component": "lodash",
        "version": "4.17.19",
        "fixed_in": "4.17.20",
        "severity": "high",
        "path": "package-lock.json",
        "sha": GIVEN["sha"],
    }
    (scan,) = rows(store, "scans")
    assert scan["components"] == report["dependencyCount"] == 1461
    assert (read.source, read.unread, dict(read.unknown_fields)) == ("snyk", 0, {})


@pytest.mark.parametrize("path", STRANGE)
def test_formats_nobody_reads_are_told_and_not_mistaken_for_others(path, tmp_path):
    with pytest.raises(ExportError):
        taken(path, tmp_path)
