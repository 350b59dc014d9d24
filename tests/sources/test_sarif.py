"""Corner cases of SARIF: what identifies a result, how it was waved through, where it is."""

from __future__ import annotations

import copy

import pytest
from tests.sources.reading import findings, read

from trueup.facts.rows import OddRecordError


def log(*results, rules=(), tool="Tool", **run):
    driver = {"name": tool, "rules": [*rules]}
    return {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": [*results], **run}],
    }


def result(rule="R1", uri="src/a.py", line=3, **more):
    physical = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    return {
        "ruleId": rule,
        "message": {"text": "m"},
        "locations": [{"physicalLocation": physical}],
        **more,
    }


def one(*args, **kwargs):
    (found,) = findings("sarif", "sarif", log(*args, **kwargs))
    return found


def ids(*results, **run):
    return [r["finding"] for r in findings("sarif", "sarif", log(*results, **run))]


@pytest.mark.parametrize(
    ("suppressions", "status", "resolution"),
    [
        (None, "open", ""),
        ([], "open", ""),
        ([{"kind": "inSource"}], "done", "not_planned"),
        ([{"kind": "external", "status": "accepted"}], "done", "not_planned"),
        ([{"kind": "external", "status": "underReview"}], "open", ""),
        ([{"kind": "inSource"}, {"kind": "external", "status": "rejected"}], "open", ""),
    ],
)
def test_only_accepted_suppressions_close_a_finding(suppressions, status, resolution):
    found = one(result(suppressions=suppressions))
    assert (found["status"], found["resolution"]) == (status, resolution)


@pytest.mark.parametrize(
    ("state", "status", "resolution"),
    [
        ("new", "open", ""),
        ("updated", "open", ""),
        ("absent", "done", "done"),
        ("odd", "other", ""),
    ],
)
def test_states_of_the_baseline(state, status, resolution):
    found = one(result(baselineState=state))
    assert (found["status"], found["resolution"], found["status_original"]) == (
        status,
        resolution,
        state,
    )


def test_levels_are_taken_from_the_result_then_the_rule_then_the_standard():
    rule = {"id": "R1", "defaultConfiguration": {"level": "note"}}
    assert one(result(level="error"), rules=[rule])["severity"] == "high"
    assert one(result(), rules=[rule])["severity"] == "low"
    assert one(result())["severity"] == "medium"
    assert one(result(kind="review"), rules=[rule])["severity"] == "info"


def test_a_score_of_zero_says_that_nobody_knows():
    rule = {"id": "R1", "properties": {"security-severity": "0.0"}}
    found = one(result(level="note"), rules=[rule])
    assert (found["severity"], found["severity_original"], found["kind"]) == (
        "other",
        "0.0",
        "vulnerability",
    )


def test_what_a_tool_tags_its_rule_with_counts_more_than_the_score_of_others():
    rule = {
        "id": "R1",
        "properties": {"tags": ["vulnerability", "LOW"], "security-severity": "9.8"},
    }
    assert one(result(), rules=[rule])["severity"] == "low"


def test_ids_do_not_depend_on_lines_where_the_tool_gives_fingerprints():
    moved = [
        result(line=n, partialFingerprints={"primaryLocationLineHash": "39fa2ee980eb94b0:1"})
        for n in (3, 9)
    ]
    assert ids(moved[0]) == ids(moved[1])
    assert ids(result(line=3)) != ids(result(line=9))


def test_a_fingerprint_that_several_results_carry_is_none():
    same = {"matchBasedId/v1": "requires login"}
    found = ids(result(line=3, fingerprints=same), result(line=9, fingerprints=same))
    assert len(set(found)) == 2
    assert found == ids(result(line=3), result(line=9))


@pytest.mark.parametrize("fixed", ["requires login", "", "none"])
def test_a_word_in_the_place_of_a_fingerprint_is_none(fixed):
    """Semgrep writes such where nobody is logged in: two problems are two, also one by one."""
    told = {"fingerprints": {"matchBasedId/v1": fixed}}
    (first,) = ids(result(uri="src/a.py", **told))
    (second,) = ids(result(uri="src/b.py", **told))
    assert first != second
    hashed = {"fingerprints": {"matchBasedId/v1": fixed, "z/v1": "39fa2ee980eb94b0_1"}}
    assert ids(result(uri="src/a.py", **hashed)) == ids(result(uri="src/b.py", **hashed))


def test_results_on_one_place_are_told_apart_by_their_order():
    assert len(set(ids(result(), result(), result()))) == 3
    assert ids(result(), result())[0] == ids(result())[0]


def test_who_committed_a_secret_takes_no_part_in_its_id():
    told = {
        "email": "a@example.org",
        "author": "A",
        "commitMessage": "m",
        "commitSha": "0" * 40,
        "date": "d",
    }
    other = {**told, "email": "b@example.org", "author": "B"}
    assert ids(result(partialFingerprints=told)) == ids(result(partialFingerprints=other))


def test_a_result_without_any_place_or_rule_is_still_one():
    found = one({"message": {"text": "m"}})
    assert (found["rule"], found["path"], found["line"]) == (None, None, None)


def test_rules_are_found_by_index_by_id_and_below_others():
    rules = [{"id": "A"}, {"id": "B", "properties": {"tags": ["correctness"]}}]
    assert one({"ruleIndex": 1, "message": {}}, rules=rules)["rule"] == "B"
    assert one(result("B/more"), rules=rules)["kind"] == "bug"
    # An index that points at another rule than the id is wrong, not the id.
    assert one(result("B", ruleIndex=0), rules=rules)["kind"] == "bug"
    assert one(result("B", ruleIndex=99), rules=rules)["kind"] == "bug"


def located(uri, **run):
    base = run.pop("base", None)
    found = result()
    found["locations"][0]["physicalLocation"]["artifactLocation"] = {"uri": uri} | (
        {"uriBaseId": base} if base else {}
    )
    return one(found, **run)["path"]


def test_paths():
    bases = {
        "%SRCROOT%": {"uri": "file:///Users/someone/app/"},
        "LIB": {"uri": "lib/", "uriBaseId": "%SRCROOT%"},
        "SYSTEM": {"uri": "file:///usr/include/"},
    }
    mapped = [
        {"repositoryUri": "https://github.com/acme/app", "mappedTo": {"uriBaseId": "%SRCROOT%"}}
    ]
    run = {"originalUriBaseIds": bases, "versionControlProvenance": mapped}
    assert located("src/a%20b.py", base="%SRCROOT%", **run) == "src/a b.py"
    assert located("a.c", base="LIB", **run) == "lib/a.c"
    assert located("file:///Users/someone/app/src/a.py", **run) == "src/a.py"
    assert located("stdio.h", base="SYSTEM", **run) is None
    assert located("src/a.py", base="UNKNOWN", **run) == "src/a.py"
    assert located("file:///Users/someone/app/src/a.py") is None
    assert located("file:///C:/Users/someone/app/src/a.cs") is None
    assert located("file:///D:/a/app/app/src/a.cs") == "src/a.cs"
    assert located("https://example.org/a.js") is None


def test_what_is_inside_an_image_is_no_file_of_the_repository():
    run = {
        "properties": {"imageName": "acme/app:1"},
        "originalUriBaseIds": {"ROOTPATH": {"uri": "file:///tmp/"}},
    }
    assert located("usr/bin/x", base="ROOTPATH", **run) is None
    assert (
        located("usr/bin/x", base="ROOTPATH", originalUriBaseIds={"ROOTPATH": {"uri": "file:///"}})
        is None
    )


def test_bases_that_stand_on_each_other_end():
    bases = {"A": {"uri": "a/", "uriBaseId": "B"}, "B": {"uri": "b/", "uriBaseId": "A"}}
    assert located("x.py", base="A", originalUriBaseIds=bases).endswith("x.py")


def test_a_clean_scan_a_failed_one_and_none_are_three_things():
    clean = read("sarif", "sarif", log(invocations=[{"executionSuccessful": True}]))
    failed = read(
        "sarif",
        "sarif",
        log(invocations=[{"executionSuccessful": True}, {"executionSuccessful": False}]),
    )
    (row,), (other,) = clean["scans"], failed["scans"]
    assert (row["findings"], row["result"], other["result"]) == (0, "success", "failure")
    rules_only = log()
    del rules_only["runs"][0]["results"]
    assert read("sarif", "sarif", rules_only) == {}


def test_other_versions_are_refused():
    odd = copy.deepcopy(log(result())) | {"version": "1.0.0"}
    with pytest.raises(OddRecordError):
        read("sarif", "sarif", odd)


def test_two_runs_of_one_log_are_two_scans():
    both = log(result())
    both["runs"] *= 2
    made = read("sarif", "sarif", both)
    assert len({row["scan"] for row in made["scans"]}) == 2


def test_a_result_is_the_same_on_another_machine():
    places = (
        "src/a.py",
        "file:///home/runner/_work/app/app/src/a.py",
        "file:///D:/a/app/app/src/a.py",
    )
    assert len({tuple(ids(result(uri=uri))) for uri in places}) == 1
