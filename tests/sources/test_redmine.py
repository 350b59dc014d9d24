"""Redmine: what its numbers stand for, what it leaves out, and what older servers do not say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sources.reading import KEY, by_table, taken

from trueup.facts.rows import OddRecordError, Rows
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import take_exports
from trueup.runs.kinds import SOURCES
from trueup.teams.actors import merge

NOW = fixed_clock(datetime(2026, 2, 1, tzinfo=UTC))
REDMINE = SOURCES["redmine"]

Record = dict[str, Any]


def issue(**more: object) -> Record:
    return {
        "id": 12, "project": {"id": 7, "name": "Billing"}, "tracker": {"id": 1, "name": "Bug"},
        "status": {"id": 1, "name": "New", "is_closed": False}, "priority": {"id": 2, "name": "Normal"},
        "author": {"id": 21, "name": "Ada Quill"}, "subject": "A title", "description": None,
        "created_on": "2026-01-05T08:00:00Z", "updated_on": "2026-01-06T08:00:00Z", "closed_on": None,
    } | more  # fmt: skip


def journal(*details: Record, **more: object) -> Record:
    return {
        "id": 90, "user": {"id": 22, "name": "Bo Winter"}, "notes": "", "created_on": "2026-01-06T08:00:00Z",
        "details": list(details),
    } | more  # fmt: skip


def change(name: str, old: object, new: object, kind: str = "attr") -> Record:
    return {"property": kind, "name": name, "old_value": old, "new_value": new}


def read(
    name: str, *records: Record, rows: Rows | None = None, asked: str = "", **about: str
) -> dict[str, list[Record]]:
    """The rows of records of one kind, by table."""
    return by_table(taken(REDMINE, name, *records, about=about, asked=asked, rows=rows))


def one(found: dict[str, list[Record]], table: str) -> Record:
    (row,) = found[table]
    return row


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ({"name": "New", "is_closed": False}, "open"),
        ({"name": "In Progress", "is_closed": False}, "in_progress"),
        (
            {"name": "Resolved", "is_closed": False},
            "in_progress",
        ),  # done is what the tracker closes
        ({"name": "Warten", "is_closed": False}, "open"),
        ({"name": "Erledigt", "is_closed": True}, "done"),
        ({"name": "In Progress", "is_closed": True}, "done"),
        ({"name": "Closed"}, "done"),
        ({"name": "Erledigt"}, "other"),
    ],
)
def test_status(status, meant):
    rows = Rows(KEY)
    found = one(read("issues", issue(status={"id": 8} | status), rows=rows), "issues")
    assert (found["status"], found["status_original"]) == (meant, status["name"])
    assert bool(rows.unknown_values) == (meant == "other")


def test_an_older_server_says_what_is_closed_in_its_list_of_statuses():
    rows = Rows(KEY)
    read("issue_statuses", {"id": 8, "name": "Erledigt", "is_closed": True}, rows=rows)
    found = read("issues", issue(status={"id": 8, "name": "Erledigt"}), rows=rows)
    assert one(found, "issues")["status"] == "done"
    with pytest.raises(KeyError):
        read("issue_statuses", {"id": 8, "name": "Erledigt"})


def test_an_issue_that_was_opened_again_is_not_closed():
    """Redmine keeps the moment at which it was closed."""
    found = one(read("issues", issue(closed_on="2026-01-06T08:00:00Z")), "issues")
    assert (found["status"], found["closed_at"], found["resolution"]) == ("open", None, "")


@pytest.mark.parametrize(
    ("name", "relations", "resolution"),
    [
        ("Closed", [], ("done", "")),
        ("Rejected", [], ("not_planned", "Rejected")),
        ("Abgewiesen", [], ("not_planned", "Abgewiesen")),
        ("Rejet\u00e9", [], ("not_planned", "Rejet\u00e9")),
        ("\u5374\u4e0b", [], ("not_planned", "\u5374\u4e0b")),
        ("Cancelled", [], ("not_planned", "Cancelled")),
        ("Obsolete", [], ("not_planned", "Obsolete")),
        ("Closed", [(12, 3, "duplicates")], ("duplicate", "duplicates")),
        ("Closed", [(3, 12, "duplicates")], ("done", "")),
        ("Closed", [(12, 3, "relates")], ("done", "")),
    ],
)
def test_how_it_was_closed(name, relations, resolution):
    told = [
        {"id": n, "issue_id": a, "issue_to_id": b, "relation_type": kind, "delay": None}
        for n, (a, b, kind) in enumerate(relations)
    ]
    record = issue(status={"id": 5, "name": name, "is_closed": True}, relations=told)
    found = one(read("issues", record), "issues")
    assert (found["resolution"], found["resolution_original"]) == resolution


def test_a_relation_is_told_once_and_without_a_moment():
    relation = {"id": 1, "issue_id": 12, "issue_to_id": 3, "relation_type": "blocks"}
    found = one(read("issues", issue(relations=[relation])), "item_links")
    assert (found["item"], found["relation"], found["target"]) == ("#12", "blocks", "#3")
    assert found["happened_at"] is None
    assert "item_links" not in read("issues", issue(id=3, relations=[relation]))


def test_a_relation_nobody_knows_is_counted():
    rows = Rows(KEY)
    relation = {"id": 1, "issue_id": 12, "issue_to_id": 3, "relation_type": "haunts"}
    found = read("issues", issue(relations=[relation]), rows=rows)
    assert one(found, "item_links")["relation"] == "relates"
    assert rows.unknown_values == {("item_links.relation", "haunts"): 1}


def test_what_is_absent_is_not_zero():
    found = one(read("issues", issue(spent_hours=1.5)), "issues")
    for column in ("estimate_minutes", "spent_minutes", "comments", "labels", "assignee", "due_at"):
        assert found[column] is None
    assert one(read("issues", issue(estimated_hours=0.0)), "issues")["estimate_minutes"] == 0


@pytest.mark.parametrize("author", [None, {"id": 4, "name": "Anonymous"}, {"id": 4, "name": ""}])
def test_who_was_not_logged_in_is_nobody(author):
    assert one(read("issues", issue(author=author)), "issues")["creator"] is None


def test_what_numbers_of_statuses_stand_for():
    rows = Rows(KEY)
    for number, name, closed in ((1, "New", False), (5, "Closed", True)):
        read("issue_statuses", {"id": number, "name": name, "is_closed": closed}, rows=rows)
    history = [
        journal(change("status_id", "1", "5")),
        journal(change("status_id", "5", "77"), id=91),
    ]
    found = read("journals", issue(journals=history), rows=rows)["issue_events"]
    told = [
        tuple(r[c] for c in ("before", "after", "before_original", "after_original")) for r in found
    ]
    assert told == [("open", "done", "New", "Closed"), ("done", "other", "Closed", "77")]
    assert [r["resolution"] for r in found] == ["done", ""]
    assert rows.unknown_values == {("issue_events.status", "77"): 1}


def test_the_status_of_an_issue_also_says_what_its_number_stands_for():
    closed = {"id": 5, "name": "Closed", "is_closed": True}
    record = issue(status=closed, journals=[journal(change("status_id", "1", "5"))])
    found = one(read("journals", record), "issue_events")
    assert (found["before"], found["after"]) == ("other", "done")


def test_no_text_of_a_change_is_kept():
    texts = [
        change("subject", "old", "new words"), change("description", "old", "new words"),
        change("3", None, "new words", "cf"), change("77", None, "new words", "attachment"),
        change("assigned_to_id", "21", "22"), change("parent_id", None, "9"),
    ]  # fmt: skip
    for row in read("journals", issue(journals=[journal(*texts)]))["issue_events"]:
        assert (row["before_original"], row["after_original"]) == (None, None)


def test_values_of_one_list_are_events_of_their_own():
    both = [change("3", None, "a", "cf"), change("3", None, "b", "cf")]
    found = read("journals", issue(journals=[journal(*both)]))["issue_events"]
    assert [row["event"] for row in found] == ["90:cf_3", "90:cf_3:2"]


def test_only_hashes_are_commits():
    """Other systems than git number their revisions."""
    told = [{"revision": r, "committed_on": "2026-01-06T08:00:00Z"} for r in ("1207", "a" * 40)]
    found = one(read("journals", issue(journals=[], changesets=told)), "item_links")
    assert (found["target_kind"], found["target"]) == ("commit", "a" * 40)


def test_an_answer_about_one_issue_is_read_as_it_was_saved(tmp_path):
    told = {"issue": issue(journals=[journal(change("status_id", "1", "5"), notes="Why?")])}
    (tmp_path / "redmine_journals_12.json").write_text(json.dumps(told))
    store = Store(tmp_path / "workspace")
    (taken,) = take_exports(tmp_path / "redmine_journals_12.json", store, KEY, NOW, lambda *_: None)
    assert (taken.source, dict(taken.records), taken.problems) == ("redmine", {"journals": 1}, [])
    (note,) = store.snapshot().table(TABLES["comments"]).to_pylist()
    assert (note["key"], note["asks"], note["repo"]) == ("#12", True, "billing")


def test_history_in_a_list_of_issues_is_read_with_it():
    found = read("issues", issue(journals=[journal(notes="So be it.")]))
    assert one(found, "comments")["key"] == one(found, "issues")["key"] == "#12"


@pytest.mark.parametrize(
    ("asked", "about", "repo"),
    [
        ("", {}, "billing"),
        ("", {"place": "billing"}, "billing"),
        ("https://r.example/issues.json?status_id=*&project_id=billing&limit=100", {}, "billing"),
        ("https://r.example/projects/a%20b/issues.json", {}, "a b"),
        ("https://r.example/issues/12.json", {}, "billing"),
    ],
)
def test_project(asked, about, repo):
    assert one(read("issues", issue(), asked=asked, **about), "issues")["repo"] == repo


@pytest.mark.parametrize(("name", "told"), [("Erledigt", 0), ("Closed", 0), ("Rejected", 0), ("Archiv", 1)])  # fmt: skip
def test_a_closed_status_of_an_unknown_name_is_done_and_told(name, told):
    rows = Rows(KEY)
    status = {"id": 9, "name": name, "is_closed": True}
    assert one(read("issues", issue(status=status), rows=rows), "issues")["status"] == "done"
    assert sum(rows.remarks.values()) == told


def test_what_statuses_mean_is_known_before_histories_whatever_files_are_called(tmp_path):
    folder = tmp_path / "raw"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
    statuses = [{"id": 1, "name": "New", "is_closed": False}, {"id": 9, "name": "Shipped", "is_closed": True}]  # fmt: skip
    told = {"issue": issue(journals=[journal(change("status_id", "1", "9"))])}
    (folder / "a/redmine_journals_12.json").write_text(json.dumps(told))
    (folder / "b/redmine_issue_statuses.json").write_text(json.dumps({"issue_statuses": statuses}))
    store = Store(tmp_path / "workspace")
    (taken,) = take_exports(folder, store, KEY, NOW, lambda *_: None)
    assert taken.problems == []
    (event,) = store.snapshot().table(TABLES["issue_events"]).to_pylist()
    assert (event["before"], event["after"]) == ("open", "done")


def test_a_record_of_no_project_is_odd():
    with pytest.raises(KeyError):
        read("issues", {k: v for k, v in issue().items() if k != "project"})
    with pytest.raises(OddRecordError):
        read("issues", issue(project={"id": 7, "name": ""}))


def test_time_on_no_issue_belongs_to_none():
    entry = {
        "id": 1,
        "project": {"id": 7, "name": "Billing"},
        "hours": 1.25,
        "spent_on": "2026-01-08",
    }
    assert read("time_entries", entry) == {}
    found = one(read("time_entries", entry | {"issue": {"id": 12}}), "worklogs")
    assert (found["minutes"], found["key"], found["author"]) == (75, "#12", None)


def test_a_user_is_joined_by_name_number_and_address():
    rows = Rows(KEY)
    read("issues", issue(), issue(id=13, author={"id": 99, "name": "Ada Quill"}), rows=rows)
    told = {
        "id": 21,
        "login": "ada",
        "firstname": "Ada",
        "lastname": "Quill",
        "mail": "ada@example.org",
    }
    read("users", told, rows=rows)
    people = rows.people("here").to_pylist()
    columns = ("identity", "name", "address", "proper_name", "proper_address")
    actors = merge([tuple(row[c] for c in columns) for row in people])
    of = {row["address"]: actors[row["identity"]][0] for row in people}
    assert of["ada@example.org"] == of["noreply@user-21.redmine"] != of["noreply@user-99.redmine"]
    # The same number on another server is another person.
    other = ("p0", "Cy Lane", "noreply@user-21.redmine", "Cy Lane", "noreply@user-21.redmine")
    actors = merge([*(tuple(row[c] for c in columns) for row in people), other])
    assert actors["p0"] == ("p0", "human")


def test_door():
    door = REDMINE.interface.door
    assert door("", {}) is None
    found = door("", {"REDMINE_URL": "https://work.example/redmine/"})
    assert (found.address, found.secrets) == ("https://work.example/redmine", ("REDMINE_TOKEN",))
    assert REDMINE.interface.headers("abc")["X-Redmine-API-Key"] == "abc"
    assert "X-Redmine-API-Key" not in REDMINE.interface.headers("")
