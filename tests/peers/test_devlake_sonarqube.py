"""SonarQube payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import pytest
from tests.peers.comparing import (
    KEY,
    Compared,
    assert_explained,
    at,
    is_,
    last,
    moment,
    peer,
    rows,
    table_of,
    taken,
)

from trueup.facts.pseudonyms import identity

#: Differences we keep, and why ours is right; told in docs/compared-with-devlake/sonarqube.md.
EXPLAINED = {
    ("_tool_sonarqube_filemetrics", "security_hotspots_reviewed"),
    ("filemetrics", "security_hotspots_reviewed"),
    ("issue_hotspots", "debt"),
    ("issue_hotspots", "effort"),
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    store, _ = taken("devlake/sonarqube/raw_tables", tmp_path_factory.mktemp("sonarqube"))
    return {name: rows(store, name) for name in ("findings", "measures", "people")}


@pytest.fixture(scope="module")
def expected():
    folder = peer("devlake/sonarqube/snapshot_tables")
    return {path.stem: table_of(path) for path in folder.glob("*.csv")}


def author(address):
    return identity(KEY, "", address) if address else ""


def account(login):
    return identity(KEY, login, f"sonarqube:{login}") if login else ""


def component(row):
    return f"{row['repo']}:{row['path']}"


FINDING = {
    "component": (str, component),
    "project_key": (last, is_("repo")),
    "line": (int, is_("line")),
    "status": (str, is_("status_original")),
}
START = {"start_line": (int, is_("line"))}
ISSUE = (
    FINDING
    | START
    | {
        "rule": (str, is_("rule")),
        "severity": (str, is_("severity_original")),
        "type": (str, is_("kind_original")),
        "debt": (int, is_("effort_minutes")),
        "effort": (int, is_("effort_minutes")),
    }
)
HOTSPOT = FINDING | {
    "security_category": (str, is_("kind_original")),
    "vulnerability_probability": (str, is_("severity_original")),
}
TOOL = {"creation_date": (moment, at("happened_at")), "update_date": (moment, at("changed_at"))}
DOMAIN = {"created_date": (moment, at("happened_at")), "updated_date": (moment, at("changed_at"))}

#: Their columns, and the measures of SonarQube they hold.
MEASURES = {
    "code_smells": "code_smells",
    "sqale_index": "sqale_index",
    "sqale_rating": "sqale_rating",
    "bugs": "bugs",
    "reliability_rating": "reliability_rating",
    "vulnerabilities": "vulnerabilities",
    "security_rating": "security_rating",
    "security_hotspots": "security_hotspots",
    "security_hotspots_reviewed": "security_hotspots_reviewed",
    "security_review_rating": "security_review_rating",
    "ncloc": "ncloc",
    "coverage": "coverage",
    "uncovered_lines": "uncovered_lines",
    "lines_to_cover": "lines_to_cover",
    "duplicated_lines_density": "duplicated_lines_density",
    "duplicated_blocks": "duplicated_blocks",
    "duplicated_files": "duplicated_files",
    "duplicated_lines": "duplicated_lines",
    "effort_to_reach_maintainability_rating_a": "effort_to_reach_maintainability_rating_a",
    "complexity": "complexity",
    "cognitive_complexity": "cognitive_complexity",
    "num_of_lines": "lines",
}


def number(told):
    """A number, or that of a letter; theirs has as many digits as four bytes hold."""
    return round(float("ABCDE".index(told) + 1 if told in "ABCDE" else told), 4)


def files(facts):
    """Their wide rows, made of ours."""
    found = {}
    for row in facts["measures"]:
        wide = found.setdefault(row["path"], {"path": row["path"], "repo": row["repo"]})
        wide[row["name"]] = row["value"]
    return found


def measure(name):
    return lambda row: row.get(name)


def compared(facts, expected):
    found = Compared()
    findings = {r["finding"]: r for r in facts["findings"]}
    issues = {k: r for k, r in findings.items() if r["kind"] != "hotspot"}
    hotspots = {k: r for k, r in findings.items() if r["kind"] == "hotspot"}
    found.compare(
        "_tool_sonarqube_issues",
        expected["_tool_sonarqube_issues"],
        issues,
        lambda r: r["issue_key"],
        ISSUE | TOOL | {"author": (author, is_("author"))},
    )
    found.compare(
        "issues",
        expected["issues"],
        issues,
        lambda r: last(r["id"]),
        ISSUE | DOMAIN | {"commit_author_email": (author, is_("author")), "assignee": (account, is_("assignee"))},
    )  # fmt: skip
    found.compare(
        "_tool_sonarqube_hotspots",
        expected["_tool_sonarqube_hotspots"],
        hotspots,
        lambda r: r["hotspot_key"],
        HOTSPOT
        | TOOL
        | {
            "rule_key": (str, is_("rule")),
            "author": (author, is_("author")),
            "assignee": (account, is_("assignee")),
        },
    )
    found.compare(
        "issue_hotspots",
        expected["issue_hotspots"],
        hotspots,
        lambda r: last(r["id"]),
        HOTSPOT
        | DOMAIN
        | START
        | {
            "type": (lambda x: {"HOTSPOTS": "hotspot"}[x], is_("kind")),
            "debt": (int, is_("effort_minutes")),
            "effort": (int, is_("effort_minutes")),
            "rule": (str, is_("rule")),
            "commit_author_email": (author, is_("author")),
            "assignee": (account, is_("assignee")),
        },
    )
    wide = {"file_path": (str, is_("path")), "project_key": (last, is_("repo"))}
    wide |= {theirs: (number, measure(ours)) for theirs, ours in MEASURES.items()}
    for name in ("_tool_sonarqube_filemetrics", "filemetrics"):
        found.compare(name, expected[name], files(facts), lambda r: r["file_path"], wide)
    accounts = {
        r["address"].removeprefix("sonarqube:"): r
        for r in facts["people"]
        if r["address"].startswith("sonarqube:")
    }
    known = {r["address"]: r for r in facts["people"]}
    for name, login, shown in (
        ("_tool_sonarqube_accounts", "login", "name"),
        ("accounts", "user_name", "full_name"),
    ):
        found.compare(
            name,
            expected[name],
            accounts,
            lambda r, login=login: r[login],
            {login: (str, is_("name")), shown: (str, is_("proper_name"))},
        )
        found.compare(
            name,
            [r for r in expected[name] if r["email"]],
            known,
            lambda r: r["email"],
            {"email": (str, is_("address"))},
        )
    return found


def test_cells(facts, expected, record_property):
    assert_explained(compared(facts, expected), EXPLAINED, "sonarqube", record_property)
