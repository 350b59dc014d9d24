"""Reports that ICTU/quality-time keeps as examples (Apache-2.0): each is read by the source of its format."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter

import pytest
from tests.peers import comparing
from tests.peers.comparing import peer, rows

from trueup.kernel.errors import ExportError

GIVEN = {"place": "ICTU/quality-time", "sha": "d39eef83a2cd3b4261cec4154c876aead7ebc79c"}


def taken(path, folder):
    """A report, taken in with the repository and commit it is of."""
    table = folder / "given" / "report.csv"
    table.parent.mkdir()
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["data", "params"])
        writer.writerow([peer(f"quality-time/{path}").read_text("utf-8"), json.dumps(GIVEN)])
    return comparing.taken(table, folder / "workspace")


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


def direct(path, folder):
    """A report, taken in as the file it is."""
    store, (read,) = comparing.taken(f"quality-time/{path}", folder / "workspace", GIVEN)
    report = json.loads(peer(f"quality-time/{path}").read_text("utf-8"))
    assert (read.unread, dict(read.unknown_fields), dict(read.unknown_values)) == (0, {}, {})
    return store, read, report


def test_every_result_of_bandit_is_a_finding_without_its_code(tmp_path):
    store, read, report = direct("bandit/bandit.json", tmp_path)
    columns = ("rule", "path", "line", "severity_original")
    theirs = Counter(
        (r["test_id"], r["filename"], r["line_number"], r["issue_severity"])
        for r in report["results"]
    )
    found = rows(store, "findings")
    assert Counter(tuple(r[c] for c in columns) for r in found) == theirs
    assert (read.source, len(found)) == ("bandit", 6)
    totals = report["metrics"]["_totals"]
    severities = Counter(r["severity"] for r in found)
    for word in ("low", "medium", "high"):
        assert severities[word] == totals[f"SEVERITY.{word.upper()}"] == 2
    measured = {r["name"]: r["value"] for r in rows(store, "measures")}
    assert measured == {"loc": 1325, "nosec": 5, "errors": 0}
    (scan,) = rows(store, "scans")
    assert (scan["findings"], scan["happened_at"].isoformat()) == (6, "2019-07-12T07:38:47+00:00")
    assert "014DF517" not in repr(found)


def test_cargo_audit_names_vulnerabilities_and_warnings(tmp_path):
    store, read, report = direct("cargo_audit/cargo_audit.json", tmp_path)
    listed = [("vulnerability", v) for v in report["vulnerabilities"]["list"]]
    listed += [(w["kind"], w) for warnings in report["warnings"].values() for w in warnings]
    theirs = {
        (
            kind,
            one["package"]["name"],
            one["package"]["version"],
            (one["advisory"] or {}).get("id"),
            ", ".join((one["versions"] or {}).get("patched", [])) or None,
        )
        for kind, one in listed
    }
    columns = ("kind", "component", "version", "rule", "fixed_in")
    found = rows(store, "findings")
    assert {tuple(r[c] for c in columns) for r in found} == theirs
    assert (read.source, len(found)) == ("cargo_audit", len(listed)) == ("cargo_audit", 4)
    assert {r["rule"]: r["severity"] for r in found if r["kind"] == "vulnerability"} == {
        "RUSTSEC-2022-0090": "high",
        "RUSTSEC-2020-0071": "medium",
    }
    (scan,) = rows(store, "scans")
    assert (scan["findings"], scan["components"]) == (4, report["lockfile"]["dependency-count"])


def test_cloc_counts_lines_of_every_language(tmp_path):
    store, read, report = direct("cloc/cloc.json", tmp_path)
    del report["header"]
    theirs = {f"{name}.{word}": n for name, told in report.items() for word, n in told.items()}
    found = {r["name"]: r["value"] for r in rows(store, "measures")}
    assert (read.source, found) == ("cloc", theirs)
    assert sum(v for n, v in found.items() if n.endswith(".code")) == 2 * found["SUM.code"]


def test_cloc_by_file_sums_up_to_languages(tmp_path):
    store, _, report = direct("cloc/cloc-by-file.json", tmp_path)
    header, total = report.pop("header"), report.pop("SUM")
    theirs: Counter[tuple[str, str]] = Counter()
    for path, told in report.items():
        theirs["", f"{told['language']}.nFiles"] += 1
        for word in ("blank", "comment", "code"):
            theirs["", f"{told['language']}.{word}"] += told[word]
            theirs[path, word] = told[word]
    theirs.update({("", f"SUM.{word}"): n for word, n in total.items()})
    found = {(r["path"], r["name"]): r["value"] for r in rows(store, "measures")}
    assert found == dict(theirs)
    assert len(report) == total["nFiles"] == header["n_files"] == 994


def test_pip_lists_what_is_outdated(tmp_path):
    store, read, report = direct("pip/pip-outdated.json", tmp_path)
    theirs = {(p["name"], p["version"], p["latest_version"]) for p in report}
    found = {(r["name"], r["version"], r["latest"]) for r in rows(store, "components")}
    assert (read.source, len(report), found) == ("pip_outdated", 25, theirs)
    (scan,) = rows(store, "scans")
    assert (scan["components"], scan["findings"]) == (25, None)


@pytest.mark.parametrize(
    "report",
    [
        {"results": [{"test_id": "B101", "filename": "a.py"}], "made_by": "nobody"},
        {"header": {"made_by": "nobody"}, "Python": {"code": 3}},
        [{"name": "a", "version": "1", "newest": "2"}],
    ],
)
def test_formats_nobody_reads_are_told_and_not_mistaken_for_others(report, tmp_path):
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report), "utf-8")
    with pytest.raises(ExportError):
        comparing.taken(path, tmp_path / "workspace", GIVEN)
