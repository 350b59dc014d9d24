"""Corner cases of osv-scanner and of OSV advisories."""

from __future__ import annotations

import pytest
from tests.sources.reading import findings, read

from trueup.facts.rows import OddRecordError

GIT = {"type": "GIT", "repo": "https://github.com/acme/app", "events": [{"introduced": "0"}]}
MENDED = {**GIT, "events": [{"introduced": "0"}, {"fixed": "0" * 40}]}


def advisory(*ranges, **more):
    affected = [{"package": {"name": "app", "ecosystem": "PyPI"}, "ranges": [*ranges]}]
    return {"id": "OSV-1", "modified": "2025-01-02T00:00:00Z", "affected": affected, **more}


def test_an_advisory_belongs_to_the_repository_its_commits_are_from():
    (found,) = findings("osv", "osv", advisory(GIT), {})
    assert (found["repo"], found["status"], found["sha"]) == ("acme/app", "open", None)


def test_a_commit_that_mends_it_closes_it_there_and_nowhere_else():
    (own,) = findings("osv", "osv", advisory(MENDED), {})
    (elsewhere,) = findings("osv", "osv", advisory(MENDED), {"place": "acme/else"})
    assert (own["status"], own["resolution"]) == ("done", "done")
    assert (elsewhere["repo"], elsewhere["status"]) == ("acme/else", "open")


def test_one_without_commits_does_not_say_whose_it_is():
    with pytest.raises(OddRecordError, match="--repo"):
        read("osv", "osv", advisory(), {})


def test_a_withdrawn_one_is_none():
    (found,) = findings("osv", "osv", advisory(GIT, withdrawn="2025-02-01T00:00:00Z"), {})
    assert (found["status"], found["resolution"]) == ("done", "not_planned")
    assert found["closed_at"].isoformat() == "2025-02-01T00:00:00+00:00"


def scanned(*packages, **source):
    return {"source": {"path": "go.mod", "type": "lockfile"} | source, "packages": [*packages]}


def packed(*vulnerabilities, **more):
    return {
        "package": {"name": "a", "version": "1", "ecosystem": "Go"},
        "vulnerabilities": [*vulnerabilities],
        **more,
    }


def test_advisories_in_one_group_are_one_finding():
    told = [
        {"id": "GHSA-1", "aliases": ["CVE-1"]},
        {"id": "GO-1", "aliases": ["CVE-1"], "upstream": ["UP-1"]},
    ]
    (found,) = findings(
        "osv", "osv_scanner", scanned(packed(*told, groups=[{"ids": ["GHSA-1", "GO-1"]}]))
    )
    assert (found["rule"], found["aliases"], found["severity"]) == (
        "GHSA-1",
        ["CVE-1", "GO-1", "UP-1"],
        None,
    )


def test_versions_that_mend_it_are_those_of_the_package_not_commits_nor_of_others():
    ranges = [
        {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2"}, {"fixed": "2.1"}]},
        MENDED,
    ]
    others = {"package": {"name": "b"}, "ranges": [{"type": "SEMVER", "events": [{"fixed": "9"}]}]}
    told = {"id": "GO-1", "affected": [{"package": {"name": "a"}, "ranges": ranges}, others]}
    assert findings("osv", "osv_scanner", scanned(packed(told)))[0]["fixed_in"] == "1.2, 2.1"


def test_severity_is_the_score_of_the_group_then_the_word_then_the_vector():
    word = {"id": "G", "database_specific": {"severity": "MODERATE"}}
    vectors = [
        {"type": "CVSS_V4", "score": "CVSS:4.0/AV:N"},
        {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
    ]
    vector = {"id": "G", "severity": vectors}
    told = [
        packed(word, groups=[{"ids": ["G"], "max_severity": "9.8"}]),
        packed(word, groups=[{"ids": ["G"], "max_severity": ""}]),
        packed(vector),
        packed({"id": "G", "severity": vectors[:1]}),
    ]
    meant = ["critical", "medium", "critical", "other"]
    assert [findings("osv", "osv_scanner", scanned(x))[0]["severity"] for x in told] == meant


@pytest.mark.parametrize(
    "path",
    [
        "/var/lib/jenkins/workspace/app/package-lock.json",
        "/var/lib/jenkins/workspace/app@2/package-lock.json",
        "/__w/app/app/package-lock.json",
        "package-lock.json",
    ],
)
def test_a_finding_is_the_same_wherever_the_repository_was_checked_out(path):
    record = scanned(packed({"id": "GHSA-1"}), path=path)
    (here,) = findings(
        "osv", "osv_scanner", scanned(packed({"id": "GHSA-1"}), path="package-lock.json")
    )
    (there,) = findings("osv", "osv_scanner", record)
    assert (there["finding"], there["path"]) == (here["finding"], "package-lock.json")


def test_what_does_not_show_its_place_goes_by_its_name():
    paths = ("/srv/a/go.sum", "C:\\b\\go.sum", "/srv/a/go.mod")
    found = [
        findings("osv", "osv_scanner", scanned(packed({"id": "GHSA-1"}), path=path))[0]
        for path in paths
    ]
    assert [f["path"] for f in found] == [None] * 3
    assert found[0]["finding"] == found[1]["finding"] != found[2]["finding"]


def test_places_inside_an_image_are_no_files_of_the_repository():
    (found,) = findings(
        "osv", "osv_scanner", scanned(packed({"id": "G"}), path="lib/apk/db/installed", type="os")
    )
    assert found["path"] is None
