"""Tables that people keep themselves: status reports, rosters and registers, where they are not as usual."""

from __future__ import annotations

import pytest
from tests.sources.reading import KEY, filled, told

from trueup.facts.pseudonyms import identity
from trueup.facts.rows import OddRecordError
from trueup.runs.config import load_config
from trueup.runs.mapping import targets
from trueup.sources import registers, rosters, statuses


def row(source, kind, table, record):
    (found,) = told(source.SOURCE, kind, record)[0][table]
    return found


STATUS = {"project": "Ledger", "date": "2026-01-02"}


@pytest.mark.parametrize(
    ("more", "colour", "percent"),
    [
        ({"colour": "GREEN"}, "green", None),
        ({"color": "Yellow"}, "amber", None),
        ({"rag": "a"}, "amber", None),
        ({"status": "At Risk"}, "amber", None),
        ({"health": "\N{LARGE RED CIRCLE}"}, "red", None),
        ({"colour": "", "status": "off-track"}, "red", None),
        ({"colour": "mauve", "percent": "12"}, "other", 12.0),
        ({"percent": "100%"}, "", 100.0),
    ],
)
def test_status(more, colour, percent):
    found = row(statuses, "statuses", "status_reports", STATUS | more)
    assert ((found["colour"] or ""), found["percent"]) == (colour, percent)
    assert found["day"] == "2026-01-02"


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        (STATUS, "neither a colour nor a percent"),
        (STATUS | {"percent": "0.8"}, "could be a share or a percent"),
        (STATUS | {"colour": "red", "date": ""}, "date is empty"),
        (STATUS | {"colour": "red", "project": " "}, "project is empty"),
        (STATUS | {"colour": "red", "date": "02/01/2026"}, "date is no day"),
        (STATUS | {"colour": ["red", "green"]}, "its column stands twice"),
    ],
)
def test_odd_status(record, problem):
    with pytest.raises(OddRecordError, match=problem):
        row(statuses, "statuses", "status_reports", record)


def test_comments_are_not_kept():
    found, _ = told(statuses.SOURCE, "statuses", STATUS | {"rag": "r", "comment": "zanzibar"})
    assert "zanzibar" not in repr(found)


MEMBER = {"person": "ada@example.org", "team": "payments"}


def test_always_and_still():
    found = row(rosters, "memberships", "team_members", MEMBER)
    assert (found["from_at"], found["until_at"], found["from_day"]) == (None, None, "")


@pytest.mark.parametrize(
    ("more", "name", "address"),
    [
        ({}, "", "ada@example.org"),
        ({"person": "Ada Quill", "address": "ada@example.org"}, "Ada Quill", "ada@example.org"),
        ({"person": "", "address": "ada@example.org"}, "", "ada@example.org"),
        ({"person": "Ada Quill <ada@example.org>"}, "Ada Quill", "ada@example.org"),
        ({"person": "Ada Quill"}, "Ada Quill", ""),
    ],
)
def test_who_is_meant(more, name, address):
    found = row(rosters, "memberships", "team_members", MEMBER | more)
    assert found["person"] == identity(KEY, name, address)
    assert "Quill" not in repr(found)


@pytest.mark.parametrize(
    "more",
    [
        {"person": ""},
        {"person": "nobody"},
        {"team": ""},
        {"from": "2026-02-01", "until": "2026-02-01"},
        {"from": "2026-02-01", "until": "2026-01-01"},
    ],
)
def test_odd_member(more):
    with pytest.raises(OddRecordError):
        row(rosters, "memberships", "team_members", MEMBER | more)


def test_words_and_days_are_those_of_trueup_toml(tmp_path):
    """A time that the settings refuse is refused in a roster, by the same words."""
    (tmp_path / "trueup.toml").write_text(
        '[[team]]\nname = "payments"\nmembers = [{ person = "ada@example.org", from = 2026-01-01, until = 2026-03-01 }]\n'
    )
    (member,) = load_config(tmp_path).teams[0].members
    assert {"person", "from", "until", "team"} <= targets()["memberships"][1].known
    found = row(
        rosters, "memberships", "team_members", MEMBER | {"from": "2026-01-01", "until": "2026-03-01"}
    )  # fmt: skip
    assert (found["from_at"].date(), found["until_at"].date()) == (member.start, member.end)


INCIDENT = {"incident": "I-1", "opened": "2026-01-02"}


def test_an_incident_that_says_little():
    found = row(registers, "incidents", "issues", INCIDENT)
    assert filled(found) == {"repo", "key", "kind"}


@pytest.mark.parametrize(
    ("more", "status", "resolution"),
    [
        ({"status": "NEW"}, "open", ""),
        ({"status": "Resolved", "resolved": "2026-01-03"}, "done", "done"),
        ({"resolved": "2026-01-03"}, "done", "done"),
        ({"status": "Canceled"}, "done", "not_planned"),
        ({"status": "Closed", "resolution": "Duplicate"}, "done", "duplicate"),
        ({"status": "Schwebend"}, "other", ""),
        (
            {"status": "Closed", "resolution": "Won\N{RIGHT SINGLE QUOTATION MARK}t fix"},
            "done",
            "not_planned",
        ),
        ({"status": "Closed", "resolution": "Obsolete"}, "done", "not_planned"),
        ({"status": "Closed", "resolution": "Works as designed"}, "done", "not_planned"),
        ({"status": "Closed", "resolution": "Not reproducible"}, "done", "not_planned"),
        ({"status": "Closed", "resolution": "Fixed"}, "done", "done"),
        ({"status": "Closed", "resolution": "Moved elsewhere"}, "done", "other"),
        ({"status": "Rejected"}, "done", "not_planned"),
    ],
)
def test_how_an_incident_ended(more, status, resolution):
    found = row(registers, "incidents", "issues", INCIDENT | more)
    assert (found["status"], found["resolution"]) == (status, resolution)


def test_of_texts_in_the_place_of_words_nothing_is_kept():
    """People write there whom they wait for, and who forgot what."""
    told_so = "Ada Quill (ada@example.org) restarted the pods; Ben forgot the flag again"
    resolved = INCIDENT | {"status": "Resolved", "resolution": told_so, "type": told_so}
    control = {"control": "1", "framework": "SOC 2", "status": told_so, "result": told_so}
    right = {"system": "ledger", "right": told_so, "group": "ops"}
    for source, kind, record in (
        (registers, "incidents", resolved),
        (registers, "incidents", INCIDENT | {"status": told_so}),
        (registers, "controls", control),
        (registers, "access", right),
        (statuses, "statuses", STATUS | {"status": told_so}),
        (rosters, "memberships", MEMBER | {"role": told_so}),
    ):
        found, rows = told(source.SOURCE, kind, record)
        assert "(a text)" in repr(found)
        assert "Ada" not in repr(found) + repr(rows.unknown_values)


def test_unknown_resolutions_are_counted():
    record = INCIDENT | {"status": "Closed", "resolution": "Moved elsewhere"}
    _, rows = told(registers.SOURCE, "incidents", record)
    assert rows.unknown_values == {("issues.resolution", "Moved elsewhere"): 1}


def test_the_day_of_a_report_is_the_day_of_its_cell():
    at = "2026-03-02T00:00:00+01:00"
    found = row(statuses, "statuses", "status_reports", STATUS | {"date": at, "colour": "red"})
    assert (found["day"], f"{found['happened_at']:%d %H}") == ("2026-03-02", "01 23")
    found = row(rosters, "memberships", "team_members", MEMBER | {"from": at})
    assert found["from_day"] == "2026-03-02"
    level = {"service": "checkout", "objective": "availability", "target": 99.9, "until": at}
    assert row(registers, "service_levels", "service_levels", level)["day"] == "2026-03-02"


@pytest.mark.parametrize(
    ("record", "kind", "level"),
    [
        ({"person": "ada@example.org", "right": "Viewer"}, "person", "read"),
        ({"group": "ops", "right": "Owner"}, "group", "admin"),
        ({"service": "batch", "right": "Deploy"}, "service", "write"),
        ({"group": "ops", "right": "Frobnicate"}, "group", "other"),
    ],
)
def test_rights(record, kind, level):
    found = row(registers, "access", "access_rights", {"system": "ledger", **record})
    assert (found["holder_kind"], found["level"]) == (kind, level)


@pytest.mark.parametrize("holders", [{}, {"person": "a@x.example", "group": "ops"}, {"person": "nobody"}])  # fmt: skip
def test_a_right_of_nobody_or_of_two(holders):
    with pytest.raises(OddRecordError):
        row(registers, "access", "access_rights", {"system": "ledger", "right": "read", **holders})


def test_an_address_never_stands_for_a_group():
    record = {"system": "ledger", "right": "read", "group": "auditors@example.org"}
    found = row(registers, "access", "access_rights", record)
    assert found["holder"] == identity(KEY, "", "auditors@example.org")


@pytest.mark.parametrize(
    ("status", "result", "told_"),
    [
        ("In place", "Pass", ("implemented", "passed")),
        ("Gap", "Exception", ("missing", "failed")),
        ("", "", ("", "")),
        ("dunno", "dunno", ("other", "other")),
    ],
)
def test_controls(status, result, told_):
    record = {"control": "CC8.1", "framework": "SOC 2", "status": status, "result": result}
    found = row(registers, "controls", "controls", record)
    assert (found["status"] or "", found["result"] or "") == told_
    assert found["happened_at"] is None, "untested is not tested today"


def test_service_levels_hold_a_number_or_nothing():
    record = {"service": "checkout", "objective": "availability"}
    with pytest.raises(OddRecordError, match="neither a target nor"):
        row(registers, "service_levels", "service_levels", record)
    found = row(registers, "service_levels", "service_levels", record | {"target": 99.9})
    assert (found["target_percent"], found["measured_percent"]) == (99.9, None)
