"""Connector streams: messages of Airbyte, and incidents that are not as usual."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.sources.reading import KEY, filled, told

from trueup.facts.pseudonyms import identity
from trueup.facts.rows import OddRecordError, Rows
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import take_exports
from trueup.runs.kinds import kind_of
from trueup.sources.airbyte import SOURCE
from trueup.transport.exports import read_exports

NOW = fixed_clock(datetime(2026, 2, 1, tzinfo=UTC))
RECORD = {"incident_number": 4, "urgency": "high", "service": {"id": "P"}, "id": "Q"}


def found(tmp_path, *messages, name="all-streams.log"):
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(m) for m in messages))
    return list(read_exports(path))


@pytest.mark.parametrize(
    "stream", ["acme__pagerduty__incidents", "pagerduty__incidents", "incidents", "Incidents"]
)
def test_records_of_systems_with_a_source_of_their_own_go_there(tmp_path, stream):
    (one,) = found(tmp_path, {"type": "RECORD", "record": {"stream": stream, "data": RECORD, "emitted_at": 1}})  # fmt: skip
    assert one.record == RECORD
    assert [part.name for part in kind_of(one)] == ["pagerduty", "incidents"]


def test_what_destinations_write(tmp_path):
    row = {"_airbyte_raw_id": "x", "_airbyte_extracted_at": 1, "_airbyte_data": RECORD}
    (one,) = found(tmp_path, row, name="_airbyte_raw_incidents.jsonl")
    assert (one.record, one.hint) == (RECORD, "incidents")
    path = tmp_path / "incidents.csv"
    path.write_text('_airbyte_ab_id,_airbyte_data\n1,"' + json.dumps(RECORD).replace('"', '""') + '"\n')  # fmt: skip
    assert [x.record for x in read_exports(path)] == [RECORD]


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        ("LOG", "log"), ("STATE", "state"), ("TRACE", "trace"), ("SPEC", "spec"), ("CATALOG", "catalog"),
        ("CONNECTION_STATUS", "connectionStatus"), ("CONTROL", "control"),
    ],
)  # fmt: skip
def test_messages_without_a_record_are_none(tmp_path, kind, holds):
    assert found(tmp_path, {"type": kind, holds: {"message": "x"}}, {"id": 1})[0].record == {
        "id": 1
    }


@pytest.mark.parametrize(
    "record",
    [
        {"type": "LOG", "name": "an issue about logs"},
        {"type": ["LOG"], "log": {}},
        {"record": {"data": [1]}, "id": 1},
        {"record": "x", "type": "RECORD"},
        {"_airbyte_data": "x"},
    ],
)
def test_records_that_only_look_like_messages_stay(tmp_path, record):
    assert [x.record for x in found(tmp_path, record)] == [record]


def test_streams_are_read_and_the_others_counted_by_name(tmp_path):
    def message(stream, data):
        return {"type": "RECORD", "record": {"stream": stream, "data": data}}

    found(
        tmp_path,
        message("acme__servicenow__incidents", {"number": "INC1", "state": "1", "opened_at": "2026-01-02 03:04:05", "short_description": "x"}),
        message("acme__widgets__gears", {"colour": "red"}),
        message("acme__widgets__gears", {"colour": "blue"}),
        message("acme__sheets__surveys", {"row": {"How are you?": "Fine"}}),
    )  # fmt: skip
    store = Store(tmp_path / "w")
    (taken,) = take_exports(tmp_path / "all-streams.log", store, KEY, NOW, lambda *_: None)
    assert (dict(taken.records), taken.unread) == ({"servicenow_incidents": 1}, 3)
    first, second = taken.problems
    assert first.endswith("and 1 more of it: no source knows such a record, called widgets_gears")
    assert "answers to surveys are not read yet" in second
    assert "How are you" not in repr(taken)


def issue(kind, record):
    (row,) = told(SOURCE, kind, record)[0]["issues"]
    return row


SERVICENOW = {"number": "INC1", "state": "1", "opened_at": "2026-01-02 03:04:05"}


@pytest.mark.parametrize(
    ("more", "status", "resolution", "closed"),
    [
        ({}, "open", "", None),
        ({"state": "6", "resolved_at": "2026-01-03 00:00:00", "closed_at": "2026-01-09 00:00:00"}, "done", "done", 3),
        ({"state": {"value": "7", "display_value": "Closed"}, "closed_at": "2026-01-09 00:00:00"}, "done", "done", 9),
        ({"state": "Canceled"}, "done", "not_planned", None),
        ({"state": "42"}, "other", "", None),
        ({"state": "6", "close_code": "Solved (Permanently)"}, "done", "done", None),
        ({"state": "6", "close_code": "Duplicate"}, "done", "duplicate", None),
        ({"state": "7", "close_code": "Not Solved (Not Reproducible)"}, "done", "not_planned", None),
        ({"state": "6", "close_code": "User error"}, "done", "not_planned", None),
        ({"state": "6", "close_code": "Turned off and on"}, "done", "other", None),
        ({"state": "2", "close_code": "Duplicate"}, "in_progress", "", None),
    ],
)  # fmt: skip
def test_servicenow(more, status, resolution, closed):
    row = issue("servicenow_incidents", SERVICENOW | more)
    assert (row["status"], row["resolution"]) == (status, resolution)
    assert (row["closed_at"].day if row["closed_at"] else None) == closed
    assert filled(row) >= {"repo", "key", "kind", "status"}
    assert row["assignee"] is None


def test_who_resolved_it_comes_before_who_closed_it():
    by = {"resolved_by": {"link": "x", "value": "46ca"}, "closed_by": "681c"}
    row = issue("servicenow_incidents", SERVICENOW | by | {"state": "7"})
    assert row["closed_by"] == identity(KEY, "46ca", "servicenow:46ca")
    row = issue("servicenow_incidents", SERVICENOW | {"state": "7", "closed_by": "681c"})
    assert row["closed_by"] == identity(KEY, "681c", "servicenow:681c")


@pytest.mark.parametrize(
    ("state", "known"), [("Closed", False), ("7", True), ({"value": "7", "display_value": "Closed"}, True)]
)  # fmt: skip
def test_times_as_people_see_them_are_of_an_unknown_zone(state, known):
    record = SERVICENOW | {
        "state": state,
        "resolved_at": "2026-01-03 00:00:00",
        "short_description": "x",
    }
    found_, rows = told(SOURCE, "servicenow_incidents", record)
    (row,) = found_["issues"]
    assert row["status"] == "done"
    times = [row["happened_at"], row["closed_at"]]
    assert [at is not None for at in times] == [known, known]
    assert bool(rows.remarks) is not known


@pytest.mark.parametrize("kind", ["servicenow", "victorops", "firehydrant", "squadcast"])
def test_an_incident_that_was_opened_again_is_not_closed(kind):
    """What an open record says of its end is that there is none, not that nothing is known."""
    made = "2026-01-02T03:04:05Z"
    record = {
        "servicenow": SERVICENOW,
        "victorops": {"incidentNumber": "3", "currentPhase": "ACKED", "startTime": made},
        "firehydrant": {"id": "i", "organization_id": "o", "current_milestone": "started", "created_at": made},
        "squadcast": {"id": "i", "service": "s", "status": "triggered", "created_at": made},
    }[kind]  # fmt: skip
    rows = Rows(KEY)
    rows.begin("x:1", "0" * 64)
    SOURCE.kind(f"{kind}_incidents").to_facts(record, rows)
    (columns,) = rows._rows["issues"]
    assert columns["closed_at"] is None


@pytest.mark.parametrize("more", [{"number": ""}, {"number": 7}, {"state": ["1"]}])
def test_odd_servicenow(more):
    with pytest.raises(OddRecordError):
        issue("servicenow_incidents", SERVICENOW | more)


def test_accounts_and_addresses_meet():
    """The account of an incident and the address of a commit are one person, through the list of users."""
    record = SERVICENOW | {"assigned_to": {"link": "https://x.example/1", "value": "46ca"}}
    account = identity(KEY, "46ca", "servicenow:46ca")
    assert issue("servicenow_incidents", record)["assignee"] == account
    user = {"sys_id": "46ca", "name": "Bo Winter", "email": "bo@example.org"}
    _, rows = told(SOURCE, "servicenow_users", user)
    people = {r["address"]: r["proper_address"] for r in rows.people("here").to_pylist()}
    assert people["bo@example.org"] == "servicenow:46ca"


VICTOROPS = {"incidentNumber": "3", "currentPhase": "RESOLVED", "startTime": "2026-01-02T03:04:05Z"}


def test_victorops_without_transitions():
    row = issue("victorops_incidents", VICTOROPS)
    assert (row["status"], row["closed_at"], row["closed_by"]) == ("done", None, None)


def test_what_the_system_does_is_nobodys():
    record = VICTOROPS | {"transitions": [{"name": "resolved", "at": "2026-01-02T04:00:00Z", "by": "SYSTEM"}]}  # fmt: skip
    found_, rows = told(SOURCE, "victorops_incidents", record)
    assert found_["issues"][0]["closed_at"].hour == 4
    assert rows.people("here").num_rows == 0


def test_firehydrant_with_an_unknown_milestone():
    record = {
        "id": "i", "organization_id": "o", "current_milestone": "simmering", "created_at": "2026-01-02T03:04:05Z",
        "milestones": [{"id": "m", "type": "simmering", "occurred_at": "2026-01-02T03:04:05Z"}],
    }  # fmt: skip
    found_, rows = told(SOURCE, "firehydrant_incidents", record)
    assert found_["issues"][0]["status"] == found_["issue_events"][0]["after"] == "other"
    assert rows.unknown_values == {("issues.status", "simmering"): 2}


def test_squadcast_of_a_service_without_a_name():
    record = {"id": "i", "service": "", "status": "triggered", "created_at": "2026-01-02T03:04:05Z"}
    with pytest.raises(OddRecordError):
        issue("squadcast_incidents", record)
