"""Issues that move to another place, and links that are removed: what was told before goes with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import Intake
from trueup.runs.kinds import SOURCES
from trueup.transport.documents import Exported

MADE, LATER = "2026-01-05T08:00:00.000+0000", "2026-01-06T08:00:00.000+0000"


class Desk:
    """Runs of a source, one after the other, each of one place."""

    def __init__(self, source: str, folder) -> None:
        self._source, self._store = SOURCES[source], Store(folder)
        self._now = datetime(2026, 2, 1, tzinfo=UTC)

    def take(self, place: str, *records: tuple[str, dict[str, Any]]) -> None:
        self._now += timedelta(hours=1)
        with self._store.writing():
            clock = fixed_clock(self._now)
            intake = Intake(self._source, self._store, place, b"k" * 32, clock, lambda *_: None)
            for number, (kind, record) in enumerate(records, 1):
                told = Exported("x", number, kind, "", record, about={"place": place})
                intake.take(self._source.kind(kind), told)
            taken = intake.save("x")
        assert taken.problems == []

    def told(self, table: str, *columns: str) -> set[tuple[str, ...]]:
        rows = self._store.snapshot().table(TABLES[table]).to_pylist()
        return {tuple(row[name] for name in columns) for row in rows}


def ticket(number: int, key: str, *, updated: str = MADE, histories=(), **fields: Any):
    told = {
        "summary": "Pay", "created": MADE, "updated": updated, "issuetype": {"name": "Bug"},
        "status": {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
        "comment": {"total": 1, "comments": [{"id": "7", "body": "Why?", "created": MADE}]},
    }  # fmt: skip
    self = f"https://acme.atlassian.net/rest/api/3/issue/{number}"
    changelog = {"total": len(histories), "histories": list(histories)}
    return "issues", {
        "id": str(number), "key": key, "self": self, "fields": told | fields, "changelog": changelog
    }  # fmt: skip


def changed(number: int, field: str, before: str, after: str) -> dict[str, Any]:
    item = {"field": field, "from": None, "fromString": before, "to": None, "toString": after}
    return {"id": str(number), "created": MADE, "items": [item]}


def test_a_ticket_that_moved_to_another_project_stands_there_alone(tmp_path):
    desk = Desk("jira", tmp_path)
    begun = changed(10, "status", "Open", "In Progress")
    desk.take("SHOP", ticket(1, "SHOP-1", histories=[begun]), ticket(2, "SHOP-2"))
    moved = changed(11, "Key", "SHOP-1", "PAY-7")
    desk.take("PAY", ticket(1, "PAY-7", updated=LATER, histories=[moved, begun]))
    assert desk.told("issues", "repo", "key") == {("PAY", "PAY-7"), ("SHOP", "SHOP-2")}
    assert desk.told("issue_events", "key") == {("PAY-7",)}
    assert desk.told("comments", "repo", "key") == {("PAY", "PAY-7"), ("SHOP", "SHOP-2")}


def test_a_ticket_that_came_back_is_there(tmp_path):
    desk = Desk("jira", tmp_path)
    there, back = changed(11, "Key", "SHOP-1", "PAY-7"), changed(12, "Key", "PAY-7", "SHOP-1")
    desk.take("SHOP", ticket(1, "SHOP-1", histories=[back, there]))
    assert desk.told("issues", "key") == {("SHOP-1",)}


DUPLICATE = {"name": "Duplicate", "inward": "is duplicated by", "outward": "duplicates"}


@pytest.mark.parametrize("first", [1, 2], ids=["the one it leads from", "the one it leads to"])
def test_a_link_that_was_removed_goes_whichever_ticket_told_it(tmp_path, first):
    """Both tickets show a link: the one that was read last has told it."""
    desk = Desk("jira", tmp_path)

    def both(updated: str, *links: list[dict[str, Any]]):
        found = [
            ticket(n, f"SHOP-{n}", updated=updated, issuelinks=told)
            for n, told in enumerate(links, 1)
        ]
        return found if first == 1 else found[::-1]

    out = [{"type": DUPLICATE, "outwardIssue": {"key": "SHOP-2"}}]
    into = [{"type": DUPLICATE, "inwardIssue": {"key": "SHOP-1"}}]
    desk.take("SHOP", *both(MADE, out, into))
    assert desk.told("item_links", "item", "relation", "target") == {
        ("SHOP-1", "duplicates", "SHOP-2")
    }
    desk.take("SHOP", *both(LATER, [], []))
    assert desk.told("item_links", "item") == set()


def test_what_was_said_of_an_issue_moves_with_it(tmp_path):
    desk = Desk("linear", tmp_path)
    states = {"fromState": {"name": "Todo", "type": "unstarted"}, "toState": {"name": "Done", "type": "completed"}}  # fmt: skip
    url = "https://gitlab.com/acme/app/-/merge_requests/5"

    def issue(team: str, key: str, at: str, *before: str):
        return "issues", {
            "id": "i1", "identifier": key, "previousIdentifiers": list(before), "title": "t", "description": "",
            "createdAt": MADE, "updatedAt": at, "team": {"key": team}, "state": states["toState"],
            "history": {"nodes": [{"id": "h1", "createdAt": MADE, **states}]},
            "attachments": {"nodes": [{"url": url}]},
        }  # fmt: skip

    def comment(team: str, key: str):
        of = {"identifier": key, "team": {"key": team}}
        return "comments", {"id": "c1", "body": "b", "createdAt": MADE, "issue": of}

    desk.take("ENG", issue("ENG", "ENG-1", MADE), comment("ENG", "ENG-1"))
    desk.take("OPS", issue("OPS", "OPS-9", LATER, "ENG-1"), comment("OPS", "OPS-9"))
    for table, column in (("issues", "key"), ("issue_events", "key"), ("comments", "key"), ("item_links", "item")):  # fmt: skip
        assert desk.told(table, "repo", column) == {("OPS", "OPS-9")}, table


def test_an_incident_given_to_another_service_is_open_there_alone(tmp_path):
    desk = Desk("pagerduty", tmp_path)

    def incident(service: str, status: str):
        return "incidents", {
            "id": "Q1", "incident_number": 1, "created_at": MADE, "status": status, "urgency": "high",
            "service": {"id": service}, "updated_at": MADE,
            "first_trigger_log_entry": {"id": "R1", "type": "trigger_log_entry", "service": {"id": "PSVC1"}},
        }  # fmt: skip

    desk.take("PSVC1", incident("PSVC1", "triggered"))
    desk.take("PSVC2", incident("PSVC2", "resolved"))
    assert desk.told("issues", "repo", "status") == {("PSVC2", "done")}
    assert SOURCES["pagerduty"].kind("incidents").listing.complete
