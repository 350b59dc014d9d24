"""Corner cases of npm audit and pip-audit."""

from __future__ import annotations

from tests.sources.reading import findings, read


def cause(**more):
    return {
        "source": 1,
        "name": "a",
        "url": "https://github.com/advisories/GHSA-35jh-r3h4-6jhm",
        "severity": "low",
        **more,
    }


def audited(fix, via=None):
    package = {
        "name": "a",
        "severity": "high",
        "via": [cause()] if via is None else via,
        "fixAvailable": fix,
    }
    return findings(
        "npm_audit", "npm_audit", {"auditReportVersion": 2, "vulnerabilities": {"a": package}}
    )


def test_only_a_version_of_the_package_itself_mends_it():
    assert audited(fix=True)[0]["fixed_in"] is None
    assert audited(fix=False)[0]["fixed_in"] is None
    assert audited(fix={"name": "b", "version": "2.0.0"})[0]["fixed_in"] is None
    assert audited(fix={"name": "a", "version": "2.0.0"})[0]["fixed_in"] == "2.0.0"


def test_a_package_that_is_only_hit_through_others_has_no_finding_of_its_own():
    assert audited(fix=True, via=["b"]) == []


def test_advisories_without_an_id_of_github_go_by_their_number():
    (found,) = audited(fix=True, via=[cause(url="https://npmjs.com/advisories/1179", source=1179)])
    assert (found["rule"], found["aliases"]) == ("1179", None)
    assert found["severity"] == "low"


def test_an_old_report_without_a_version_that_mends_it():
    advisory = {
        "module_name": "a",
        "findings": [{"version": "1"}],
        "patched_versions": "<0.0.0",
        "severity": "info",
    }
    (found,) = findings("npm_audit", "npm_audit_6", {"advisories": {"7": advisory}, "metadata": {}})
    assert (found["fixed_in"], found["severity"], found["aliases"]) == (None, "info", None)


def test_packages_that_were_skipped_were_not_looked_at():
    report = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": []},
            {"name": "b", "skip_reason": "x"},
        ],
        "fixes": [],
    }
    made = read("pip_audit", "pip_audit", report)
    assert (made["scans"][0]["components"], made["scans"][0]["findings"]) == (1, 0)


def test_pip_says_nothing_about_severity():
    (found,) = findings(
        "pip_audit",
        "pip_audit_packages",
        {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]},
    )
    assert (found["severity"], found["severity_original"], found["fixed_in"]) == (None, None, None)
