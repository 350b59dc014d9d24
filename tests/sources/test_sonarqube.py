"""What SonarQube's records become, in the words of older and newer versions."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sources import reading
from tests.sources.reading import KEY

from trueup.facts.pseudonyms import identity
from trueup.facts.rows import OddRecordError
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import Intake
from trueup.runs.kinds import SOURCES
from trueup.teams.actors import merge
from trueup.transport.documents import Exported

SOURCE = SOURCES["sonarqube"]


def told(kind: str, record: dict[str, Any], asked: str = "", about: dict[str, Any] | None = None):
    return reading.told(SOURCE, kind, record, about, asked)


def issue(**more: Any) -> dict[str, Any]:
    record = {
        "key": "A1", "rule": "x:1", "component": "org:shop:src/a.py", "project": "org:shop", "line": 7,
        "status": "OPEN", "severity": "MAJOR", "type": "BUG", "creationDate": "2026-01-05T08:00:00+0100",
    } | more  # fmt: skip
    return {k: v for k, v in record.items() if v is not None}


def finding(kind: str = "issues", **more: Any) -> dict[str, Any]:
    (row,) = told(kind, issue(**more))[0]["findings"]
    return row


def impacts(**severities: str) -> list[dict[str, str]]:
    return [{"softwareQuality": q, "severity": s} for q, s in severities.items()]


@pytest.mark.parametrize(
    ("more", "kind", "severity"),
    [
        ({}, "bug", "medium"),
        ({"severity": "BLOCKER", "type": "VULNERABILITY"}, "vulnerability", "critical"),
        ({"severity": "CRITICAL", "type": "CODE_SMELL"}, "smell", "high"),
        ({"severity": "INFO"}, "bug", "info"),
        ({"impacts": impacts(SECURITY="HIGH")}, "bug", "medium"),
        ({"type": None, "severity": None, "impacts": impacts(MAINTAINABILITY="HIGH", RELIABILITY="LOW")}, "bug", "low"),
        ({"type": None, "severity": None, "impacts": impacts(RELIABILITY="HIGH", SECURITY="BLOCKER")}, "vulnerability", "critical"),
        ({"type": None, "severity": None, "impacts": impacts(ELEGANCE="LOW")}, "other", "low"),
        ({"type": None, "severity": None}, "", ""),
    ],
)  # fmt: skip
def test_kind_and_severity(more, kind, severity):
    row = finding(**more)
    assert (row["kind"], row["severity"]) == (kind, severity)


@pytest.mark.parametrize(
    ("more", "status", "resolution"),
    [
        ({}, "open", ""),
        ({"status": "REOPENED"}, "open", ""),
        ({"status": "RESOLVED", "resolution": "FIXED"}, "done", "done"),
        ({"status": "RESOLVED", "resolution": "WONTFIX", "issueStatus": "ACCEPTED"}, "done", "not_planned"),
        ({"status": "RESOLVED", "resolution": "FALSE-POSITIVE"}, "done", "not_planned"),
        ({"status": "CLOSED", "resolution": "REMOVED"}, "done", "other"),
        ({"status": None, "issueStatus": "CONFIRMED"}, "open", ""),
        ({"status": None, "issueStatus": "FIXED"}, "done", "done"),
        ({"status": None, "issueStatus": "ACCEPTED"}, "done", "not_planned"),
        ({"status": "DREAMT_OF"}, "other", ""),
    ],
)  # fmt: skip
def test_status_and_resolution(more, status, resolution):
    row = finding(**more)
    assert (row["status"], row["resolution"]) == (status, resolution)


def test_what_is_known_by_another_name_is_not_counted_as_unknown():
    _, rows = told("issues", issue(status="CLOSED", resolution="REMOVED"))
    assert rows.unknown_values == {}
    _, rows = told("issues", issue(severity="DIRE"))
    assert rows.unknown_values == {("findings.severity", "DIRE"): 1}


@pytest.mark.parametrize(
    ("effort", "minutes"),
    [
        ("5min", 5),
        ("1h", 60),
        ("1h30min", 90),
        ("2d", 960),
        ("1d2h5min", 605),
        ("1d 2h", 600),
        ("0min", 0),
        (None, None),
    ],
)
def test_a_day_of_effort_has_eight_hours(effort, minutes):
    assert finding(effort=effort)["effort_minutes"] == minutes
    assert finding(debt=effort)["effort_minutes"] == minutes


@pytest.mark.parametrize("effort", ["soon", "1w", " ", "90", "-5min", "1h30"])
def test_another_form_of_effort_is_told(effort):
    with pytest.raises(OddRecordError, match="its effort"):
        told("issues", issue(effort=effort))


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({}, "src/a.py"),
        ({"component": "org:shop:a:b.py"}, "a:b.py"),
        ({"component": "org:shop"}, None),
        ({"component": "org:shop:web:src/a.py", "subProject": "org:shop:web"}, None),
        ({"subProject": "org:shop"}, "src/a.py"),
    ],
    ids=["keys hold colons", "files too", "the project", "a module", "the project as its module"],
)
def test_the_path_is_without_the_project(more, path):
    assert finding(**more)["path"] == path


def test_a_component_of_another_project_is_told():
    with pytest.raises(OddRecordError, match="not of its project"):
        told("issues", issue(component="other:src/a.py"))


@pytest.mark.parametrize(
    ("author", "known_by"),
    [("ada@example.org", ("", "ada@example.org")), ("ada", ("ada", "")), ("", None), (None, None)],
)
def test_authors_are_addresses_or_names(author, known_by):
    expected = identity(KEY, *known_by) if known_by else None
    assert finding(author=author)["author"] == expected


@pytest.mark.parametrize(
    ("more", "status", "resolution"),
    [
        ({"status": "TO_REVIEW"}, "open", ""),
        ({"status": "REVIEWED", "resolution": "SAFE"}, "done", "not_planned"),
        ({"status": "REVIEWED", "resolution": "ACKNOWLEDGED"}, "done", "not_planned"),
        ({"status": "REVIEWED", "resolution": "FIXED"}, "done", "done"),
        ({"status": "REVIEWED"}, "done", ""),
    ],
)
def test_hotspots(more, status, resolution):
    row = finding("hotspots", vulnerabilityProbability="HIGH", securityCategory="dos", **more)
    assert (row["kind"], row["kind_original"], row["severity"]) == ("hotspot", "dos", "high")
    assert (row["status"], row["resolution"], row["rule"]) == (status, resolution, None)


def component(*measures: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "key": "org:shop:src/a.py", "qualifier": "FIL", "path": "src/a.py", "measures": list(measures),
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ({"value": "12"}, 12.0),
        ({"value": "83.3", "period": {"value": "1"}}, 83.3),
        ({"period": {"index": 1, "value": "90.5"}}, 90.5),
        ({"periods": [{"index": 1, "value": "0.0"}]}, 0.0),
        ({"value": "ERROR"}, None),
        ({"value": "java=10;py=3"}, None),
        ({"value": '{"total":1}'}, None),
        ({"value": "NaN"}, None),
        ({"value": ""}, None),
        ({}, None),
    ],
)
def test_only_numbers_are_measures(measure, value):
    found, _ = told("file_measures", component({"metric": "m"} | measure))
    assert [row["value"] for row in found.get("measures", [])] == ([] if value is None else [value])


def test_measures_of_the_project_and_of_folders():
    whole = {
        "component": component(
            {"metric": "m", "value": "1"}, key="org:shop", qualifier="TRK", path=None
        )
    }
    (row,) = told("project_measures", whole)[0]["measures"]
    assert (row["repo"], row["path"]) == ("org:shop", "")
    folder = component({"metric": "m", "value": "1"}, qualifier="DIR")
    assert told("file_measures", folder)[0] == {}
    with pytest.raises(OddRecordError, match="its path"):
        told("file_measures", component(key="org:shop:src/b.py"))


ANALYSIS = {"key": "AN1", "date": "2026-01-05T08:00:00+0000", "revision": "ab" * 20, "events": []}
GATE = {"status": "OK", "conditions": [], "ignoredConditions": False}


def test_analyses_belong_to_the_project_that_was_asked():
    asked = "https://sonar.example.org/api/project_analyses/search?project=org%3Ashop&ps=500"
    for place in (
        {"asked": asked},
        {"about": {"place": "org:shop"}},
        {"about": {"ProjectKey": "org:shop"}},
    ):
        found = told("analyses", ANALYSIS, **place)[0]
        assert found.keys() == {"scans"}, "an analysis builds nothing"
        (row,) = found["scans"]
        assert (row["repo"], row["scan"], row["sha"]) == ("org:shop", "AN1", "ab" * 20)
        assert (row["tool"], row["result"]) == ("sonarqube", None), "it says nothing of the gate"
    with pytest.raises(OddRecordError, match="its project"):
        told("analyses", ANALYSIS)


@pytest.mark.parametrize(
    ("status", "result"), [("OK", "success"), ("WARN", "neutral"), ("ERROR", "failure")]
)
def test_quality_gates(status, result):
    about = {
        "place": "org:shop",
        "number": "AN1",
        "revision": ANALYSIS["revision"],
        "date": ANALYSIS["date"],
    }
    (row,) = told("quality_gates", {"projectStatus": GATE | {"status": status}}, about=about)[0][
        "jobs"
    ]
    assert (row["job"], row["build"], row["result"]) == ("AN1:quality_gate", None, result)
    assert (row["sha"], row["happened_at"].hour) == ("ab" * 20, 8)


def test_a_gate_is_told_of_the_commit_that_was_analysed():
    """The answer about a gate names no commit: it is noted beside what is asked."""
    listing = SOURCE.kind("quality_gates").listing
    assert (listing.each, listing.beside) == (("analyses", "key"), ("revision", "date"))


@pytest.mark.parametrize("of", [{"pullRequest": "5"}, {"branch": "release-1"}])
def test_issues_of_branches_and_requests_are_left_and_told(of):
    found, rows = told("issues", issue(**of))
    assert found == {}
    assert list(rows.remarks.values()) == [1]


def test_measures_of_a_file_that_is_gone_go_with_it(tmp_path):
    """Files are told apart by their keys; what a reconciliation does not see any more is buried."""
    store, clock = Store(tmp_path), fixed_clock(datetime(2026, 2, 1, tzinfo=UTC))
    kind = SOURCE.kind("file_measures")
    assert kind.listing.complete

    def read(*paths: str, size: str) -> set[str]:
        with store.writing():
            intake = Intake(SOURCE, store, "org:shop", b"k" * 32, clock, lambda *_: None)
            intake.seen = set()
            for n, path in enumerate(paths, 1):
                measured = {"metric": "ncloc", "value": size if path == "src/b.py" else "9"}
                record = component(measured, key=f"org:shop:{path}", path=path)
                about = {"place": "org:shop"}
                intake.take(kind, Exported("x", n, "file_measures", "", record, about=about))
            intake.all_told(kind, "org:shop")
            intake.save("x")
        return {row["path"] for row in store.snapshot().table(TABLES["measures"]).to_pylist()}

    assert read("src/a.py", "src/b.py", size="1") == {"src/a.py", "src/b.py"}
    assert read("core/a.py", "src/b.py", size="2") == {"core/a.py", "src/b.py"}


def test_a_project_without_a_gate_and_a_gate_without_an_analysis():
    asked = "https://sonar.example.org/api/qualitygates/project_status?projectKey=org%3Ashop"
    assert told("quality_gates", GATE | {"status": "NONE"}, asked)[0] == {}
    (row,) = told("quality_gates", GATE, asked)[0]["jobs"]
    assert (row["repo"], row["job"], row["build"]) == ("org:shop", "quality_gate", None)


def test_accounts_addresses_and_authors_are_one_person():
    _, rows = told("users", {
        "login": "ada", "name": "Ada Quill", "email": "ada@example.org", "active": True,
        "scmAccounts": ["ada@home.example", "aquill", "", None],
    })  # fmt: skip
    for author in ("ada@home.example", "ada@example.org", "aquill"):
        SOURCE.kind("issues").to_facts(issue(author=author, assignee="ada"), rows)
    columns = ("identity", "name", "address", "proper_name", "proper_address")
    people = [tuple(row[c] for c in columns) for row in rows.people("here").to_pylist()]
    assert len({actor for actor, _ in merge(people).values()}) == 1


def test_an_account_that_shows_no_address():
    _, rows = told("users", {"login": "ben", "name": "Ben Ruiz", "active": False})
    (row,) = rows.people("here").to_pylist()
    assert (row["address"], row["proper_name"]) == ("sonarqube:ben", "Ben Ruiz")


def test_the_token_is_sent_as_all_versions_take_it():
    told_ = SOURCE.interface.headers("a-token")["Authorization"]
    assert base64.b64decode(told_.removeprefix("Basic ")) == b"a-token:"
    assert "Authorization" not in SOURCE.interface.headers("")
