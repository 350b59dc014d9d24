"""SonarQube payloads with the tables another project (apache/incubator-devlake) expects of them."""

from __future__ import annotations

import pytest
from tests.peers.comparing import (
    KEY,
    Compared,
    assert_explained,
    at,
    by,
    facts_of,
    is_,
    last,
    last_of,
    moment,
    tables_in,
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
    return facts_of(store, "findings measures people")


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
EFFORT = {
    "start_line": (int, is_("line")),
    "rule": (str, is_("rule")),
    "debt": (int, is_("effort_minutes")),
    "effort": (int, is_("effort_minutes")),
}
ISSUE = (
    FINDING
    | EFFORT
    | {
        "severity": (str, is_("severity_original")),
        "type": (str, is_("kind_original")),
    }
)
HOTSPOT = FINDING | {
    "security_category": (str, is_("kind_original")),
    "vulnerability_probability": (str, is_("severity_original")),
}
ASSIGNED = {"assignee": (account, is_("assignee"))}
TOOL = {
    "creation_date": (moment, at("happened_at")),
    "update_date": (moment, at("changed_at")),
    "author": (author, is_("author")),
}
DOMAIN = ASSIGNED | {
    "created_date": (moment, at("happened_at")),
    "updated_date": (moment, at("changed_at")),
    "commit_author_email": (author, is_("author")),
}

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


def findings(found, facts):
    ours = facts["findings"]
    issues = by("finding", (r for r in ours if r["kind"] != "hotspot"))
    hotspots = by("finding", (r for r in ours if r["kind"] == "hotspot"))
    found.compare("_tool_sonarqube_issues", issues, is_("issue_key"), ISSUE | TOOL)
    found.compare("issues", issues, last_of("id"), ISSUE | DOMAIN)
    tool = HOTSPOT | TOOL | ASSIGNED | {"rule_key": (str, is_("rule"))}
    found.compare("_tool_sonarqube_hotspots", hotspots, is_("hotspot_key"), tool)
    kind = {"type": ({"HOTSPOTS": "hotspot"}.get, is_("kind"))}
    domain = HOTSPOT | DOMAIN | EFFORT | kind
    found.compare("issue_hotspots", hotspots, last_of("id"), domain)


def measures(found, facts):
    cells = {"file_path": (str, is_("path")), "project_key": (last, is_("repo"))}
    cells |= {theirs: (number, measure(ours)) for theirs, ours in MEASURES.items()}
    for name in ("_tool_sonarqube_filemetrics", "filemetrics"):
        found.compare(name, files(facts), is_("file_path"), cells)


def people(found, facts):
    known = by("address", facts["people"])
    address = {"email": (str, is_("address"))}
    for name, login, shown in (
        ("_tool_sonarqube_accounts", "login", "name"),
        ("accounts", "user_name", "full_name"),
    ):
        cells = {login: (str, is_("name")), shown: (str, is_("proper_name"))}
        found.compare(name, known, lambda r, login=login: f"sonarqube:{r[login]}", cells)
        found.compare(name, known, is_("email"), address, only=is_("email"))


def test_cells(facts, record_property):
    found = Compared(tables_in("devlake/sonarqube/snapshot_tables"))
    for part in (findings, measures, people):
        part(found, facts)
    assert_explained(found, EXPLAINED, "sonarqube", record_property)
