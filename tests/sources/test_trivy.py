"""Corner cases of Trivy: what `Status` means, whose files are told, what an image is called."""

from __future__ import annotations

import pytest
from tests.sources.reading import SHA, findings, read

from trueup.facts.rows import OddRecordError, UnplacedError

VULNERABILITY = {
    "VulnerabilityID": "CVE-1",
    "PkgName": "a",
    "InstalledVersion": "1",
    "Severity": "LOW",
}


def report(*results, type_="filesystem", **more):
    return {
        "SchemaVersion": 2,
        "ArtifactName": ".",
        "ArtifactType": type_,
        "Results": [*results],
        **more,
    }


def result(class_="lang-pkgs", target="go.mod", **lists):
    return {"Target": target, "Class": class_, "Type": "gomod", **lists}


def one(found, **more):
    (row,) = findings("trivy", "trivy", report(found, **more))
    return row


@pytest.mark.parametrize("status", ["fixed", "affected", "will_not_fix", "end_of_life", None])
def test_what_the_vendor_did_closes_nothing(status):
    row = one(result(Vulnerabilities=[{**VULNERABILITY, "Status": status}]))
    assert (row["status"], row["resolution"], row["status_original"]) == ("open", "", status)


def test_a_folder_does_not_say_what_it_is_of():
    for name in (".", "/home/someone/app", "src"):
        with pytest.raises(UnplacedError, match="repository"):
            read("trivy", "trivy", report(ArtifactName=name), {})


def test_a_repository_says_it():
    raw = report(
        type_="repository", ArtifactName="https://github.com/acme/app", Metadata={"Commit": SHA}
    )
    (scan,) = read("trivy", "trivy", raw, {})["scans"]
    assert (scan["repo"], scan["sha"], scan["findings"]) == ("acme/app", SHA, 0)


@pytest.mark.parametrize(
    ("name", "repo"),
    [
        ("alpine:3.19", "alpine"),
        ("ghcr.io/acme/app@sha256:00", "ghcr.io/acme/app"),
        ("localhost:5000/acme/app", "localhost:5000/acme/app"),
        ("registry.example/acme/app:1.2@sha256:00", "registry.example/acme/app"),
    ],
)
def test_an_image_counts_under_its_name_without_tag(name, repo):
    raw = report(type_="container_image", ArtifactName=name)
    (scan,) = read("trivy", "trivy", raw, {})["scans"]
    assert scan["repo"] == repo


def test_the_tag_of_an_image_takes_no_part_in_ids():
    told = [
        one(
            result("os-pkgs", f"acme/app:{tag} (alpine 3.19)", Vulnerabilities=[VULNERABILITY]),
            type_="container_image",
        )
        for tag in ("1.0", "1.1")
    ]
    assert told[0]["finding"] == told[1]["finding"]
    assert told[0]["path"] is None


def test_targets_that_stand_for_many_files_are_no_path():
    assert (
        one(result("license", "OS Packages", Licenses=[{"Name": "MIT", "Severity": "LOW"}]))["path"]
        is None
    )
    row = one(
        result(
            target="Node.js", Vulnerabilities=[{**VULNERABILITY, "PkgPath": "web/a/package.json"}]
        )
    )
    assert row["path"] == "web/a/package.json"


def test_checks_that_passed_are_no_findings():
    checks = [
        {"ID": "DS1", "Status": "PASS"},
        {"ID": "DS2", "Status": "FAIL"},
        {"AVDID": "DS3", "Status": "EXCEPTION"},
    ]
    found = findings(
        "trivy", "trivy", report(result("config", "Dockerfile", Misconfigurations=checks))
    )
    assert [(r["rule"], r["status"], r["resolution"]) for r in found] == [
        ("DS2", "open", ""),
        ("DS3", "done", "not_planned"),
    ]


def test_a_finding_of_an_unknown_type_stops_the_report_without_naming_it():
    odd = {"Type": "zanzibar", "Status": "ignored", "Finding": {}}
    with pytest.raises(OddRecordError) as error:
        read("trivy", "trivy", report(result(ExperimentalModifiedFindings=[odd])))
    assert "zanzibar" not in str(error.value)


def test_packages():
    packages = [
        {"Name": "app", "Relationship": "workspace"},
        {"Name": "a", "Version": "1", "Relationship": "direct"},
        {"Name": "b", "Version": "1", "Relationship": "unknown"},
        {
            "Name": "c",
            "Version": "1",
            "Indirect": True,
            "Maintainer": "Some One <someone@example.org>",
        },
    ]
    made = read("trivy", "trivy", report(result(Packages=packages)))["components"]
    assert [(r["name"], r["direct"], r["supplier"]) for r in made] == [
        ("a", True, None),
        ("b", None, None),
        ("c", False, None),
    ]
