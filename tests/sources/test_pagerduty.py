"""What PagerDuty's records become, where they are not as usual."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sources import reading
from tests.sources.reading import KEY

from trueup.facts.pseudonyms import identity
from trueup.facts.rows import OddRecordError
from trueup.sources.pagerduty import SOURCE, USUAL


def told(kind: str, record: dict[str, Any], about: dict[str, Any] | None = None):
    return reading.told(SOURCE, kind, record, about)


def user(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"PUSR{number}", "type": "user_reference", "summary": f"Person {number}"} | more


def pseudonym(number: int) -> str:
    return identity(KEY, f"Person {number}", f"pagerduty:PUSR{number}")


def incident(**more: Any) -> dict[str, Any]:
    return {
        "id": "QINC1", "incident_number": 4, "title": "It broke", "status": "triggered", "urgency": "high",
        "created_at": "2026-01-05T08:00:00Z", "service": {"id": "PSVC1", "type": "service_reference"},
    } | more  # fmt: skip


def issue(**more: Any) -> dict[str, Any]:
    (row,) = told("incidents", incident(**more))[0]["issues"]
    return row


def test_what_a_record_does_not_say_is_not_there():
    row = issue()
    assert (row["repo"], row["key"], row["kind"], row["status"]) == (
        "PSVC1", "QINC1", "incident", "open",
    )  # fmt: skip
    for column in "assignee closed_at closed_by creator priority component changed_at".split():
        assert row[column] is None, column


ENDS = {"last_status_change_at": "2026-01-05T09:00:00Z", "last_status_change_by": user(1)}


@pytest.mark.parametrize(
    ("status", "more", "closed_at", "closed_by"),
    [
        ("resolved", {}, "09:00", pseudonym(1)),
        ("resolved", {"resolved_at": "2026-01-05T08:50:00Z"}, "08:50", pseudonym(1)),
        ("resolved", {"last_status_change_by": {"id": "PSVC1", "type": "service_reference"}}, "09:00", None),
        ("acknowledged", {}, "", None),
        ("triggered", {"resolved_at": None}, "", None),
    ],
    ids=["by somebody", "with its own moment", "by the service", "taken up", "triggered again"],
)  # fmt: skip
def test_only_what_is_resolved_is_closed(status, more, closed_at, closed_by):
    row = issue(status=status, **(ENDS | more))
    assert (f"{row['closed_at']:%H:%M}" if row["closed_at"] else "") == closed_at
    assert row["closed_by"] == closed_by
    assert row["resolution"] == ("done" if closed_at else "")


def test_an_unknown_status_is_counted():
    found, rows = told("incidents", incident(status="suppressed"))
    assert found["issues"][0]["status"] == "other"
    assert rows.unknown_values == {("issues.status", "suppressed"): 1}


def test_of_several_people_the_last_it_was_given_to_is_kept():
    given = [
        {"at": "2026-01-05T08:01:00Z", "assignee": user(1)},
        {"at": "2026-01-05T08:30:00Z", "assignee": user(2)},
        {"at": "2026-01-05T08:40:00Z", "assignee": {"id": "PESC1", "type": "escalation_policy_reference"}},
        {"assignee": user(3)},
    ]  # fmt: skip
    assert issue(assignments=given)["assignee"] == pseudonym(2)
    assert issue(assignments=given[3:])["assignee"] == pseudonym(3)
    assert issue(assignments=[])["assignee"] is None


def test_a_full_user_is_the_same_as_a_reference():
    full = user(1, type="user", name="Person 1", email="one@example.org")
    assert issue(assignments=[{"assignee": full}])["assignee"] == pseudonym(1)


def test_a_deleted_user_without_a_name_is_told_from_others():
    gone = {"id": "PUSR9", "type": "user_reference", "summary": None}
    row = issue(assignments=[{"assignee": gone}])
    assert row["assignee"] == identity(KEY, "PUSR9", "pagerduty:PUSR9")


def test_a_merged_incident_is_a_duplicate():
    reason = {
        "type": "merge_resolve_reason",
        "incident": {"id": "QINC0", "type": "incident_reference"},
    }
    found, _ = told("incidents", incident(status="resolved", resolve_reason=reason))
    assert found["issues"][0]["resolution"] == "duplicate"
    (link,) = found["item_links"]
    assert (link["item"], link["relation"], link["target"]) == ("QINC1", "duplicates", "QINC0")


def entry(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "R1", "type": f"{kind}_log_entry", "created_at": "2026-01-05T08:00:00Z", "channel": {"type": "auto"},
        "incident": {"id": "QINC1", "type": "incident_reference"},
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "field", "after"),
    [
        ("trigger", "status", "open"),
        ("acknowledge", "status", "in_progress"),
        ("unacknowledge", "status", "open"),
        ("resolve", "status", "done"),
        ("assign", "assignee", ""),
        ("escalate", "assignee", ""),
        ("snooze", "other", ""),
        ("something_new", "other", ""),
    ],
)
def test_entries_of_a_log(kind, field, after):
    (row,) = told("log_entries", entry(kind), {"place": "PSVC1"})[0]["issue_events"]
    assert (row["repo"], row["key"], row["field"], row["field_original"], row["after"]) == (
        "PSVC1", "QINC1", field, kind, after,
    )  # fmt: skip


def test_messages_to_people_are_no_change():
    assert told("log_entries", entry("notify"), {"place": "PSVC1"})[0] == {}


def test_the_service_of_an_entry_is_told_by_itself_or_by_the_request():
    own = entry("resolve", service={"id": "PSVC2"})
    assert told("log_entries", own, {"place": "PSVC1"})[0]["issue_events"][0]["repo"] == "PSVC2"
    with pytest.raises(OddRecordError, match="which service"):
        told("log_entries", entry("resolve"))


@pytest.mark.parametrize("spoiled", [{"id": None}, {"id": 7}, {"id": ""}])
def test_what_has_no_id_is_told(spoiled):
    with pytest.raises(OddRecordError, match="its id"):
        told("incidents", incident(**spoiled))
    with pytest.raises(OddRecordError, match="its id"):
        told("users", {"name": "Person 1", "email": "one@example.org"} | spoiled)


def test_where_it_is_asked():
    door = SOURCE.interface.door
    assert door("", {}) == USUAL
    assert door("api.pagerduty.com", {}) == USUAL
    assert door("pagerduty.evil.example", {}) is None
    europe = {"PAGERDUTY_URL": "https://api.eu.pagerduty.com"}
    found = door("", europe)
    assert (found.address, found.secrets) == ("https://api.eu.pagerduty.com", ("PAGERDUTY_TOKEN",))
    assert door("api.pagerduty.com", europe) is None
    headers = SOURCE.interface.headers("a-token")
    assert headers["Authorization"] == "Token token=a-token"
    assert headers["Accept"].endswith("version=2")
    assert "Authorization" not in SOURCE.interface.headers("")
