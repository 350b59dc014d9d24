"""Corner cases of Snyk."""

from __future__ import annotations

import pytest
from tests.sources.reading import findings, read

from trueup.facts.rows import UnplacedError

ISSUE = {"id": "SNYK-1", "severity": "high", "packageName": "a", "name": "a", "version": "1.0"}


def test_one_vulnerability_in_two_projects_is_two_findings():
    told = [
        findings(
            "snyk",
            "snyk",
            {"vulnerabilities": [ISSUE, ISSUE], "displayTargetFile": path, "ok": False},
        )
        for path in ("a/package.json", "b/package.json")
    ]
    assert [len(x) for x in told] == [1, 1]
    assert told[0][0]["finding"] != told[1][0]["finding"]


def test_the_project_stands_for_the_repository_where_nobody_says_it():
    raw = {"vulnerabilities": [ISSUE], "projectName": "com.acme:app", "ok": False}
    assert findings("snyk", "snyk", raw, {})[0]["repo"] == "com.acme:app"


@pytest.mark.parametrize(
    "name", [None, "", ".", "/home/someone/app", "C:/Users/someone/app", "docker-image|alpine"]
)
def test_a_folder_or_an_image_is_no_repository(name):
    with pytest.raises(UnplacedError, match="repository"):
        read("snyk", "snyk", {"vulnerabilities": [], "projectName": name}, {})


def test_who_ignored_it_is_not_kept():
    ignored = {
        **ISSUE,
        "filtered": {
            "ignored": [{"ignoredBy": {"name": "Some One", "email": "someone@example.org"}}]
        },
    }
    raw = {
        "vulnerabilities": [],
        "filtered": {"ignore": [ignored], "patch": [{**ISSUE, "id": "SNYK-2"}]},
    }
    found = findings("snyk", "snyk", raw)
    assert [(r["status"], r["resolution"]) for r in found] == [
        ("done", "not_planned"),
        ("done", "done"),
    ]
    assert "ome" not in repr([r["aliases"] for r in found])


def test_what_is_still_open_on_one_way_is_open():
    """An issue that is ignored on one way and not on another stands in both lists."""
    raw = {"vulnerabilities": [ISSUE], "filtered": {"ignore": [ISSUE]}}
    assert [r["status"] for r in findings("snyk", "snyk", raw)] == ["open"]
