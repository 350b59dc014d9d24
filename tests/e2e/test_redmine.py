"""A real Redmine: filled and changed through its own interface, and followed by ours."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.test_github import CACHE, free_port, serving

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import system_clock
from trueup.kernel.errors import AccessError, CredentialsError, NotFoundError
from trueup.runs.intake import Intake
from trueup.runs.kinds import SOURCES
from trueup.runs.sync import Sync
from trueup.transport.http import Client

pytestmark = pytest.mark.e2e

TREE = CACHE.parent / "redmine"
REDMINE = SOURCES["redmine"]
BUG, FEATURE, SUPPORT = 1, 2, 3
NEW, BEGUN, FEEDBACK, CLOSED, REJECTED = 1, 2, 4, 5, 6
REPORTER = 5
#: More than a page holds.
MANY = 120

Row = dict[str, Any]


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    """A database of its own, empty but for the defaults."""
    ready = TREE / "ready"
    if not ready.exists():
        pytest.skip("run make test-e2e once: it installs a Redmine")
    print(f"Redmine {ready.read_text().strip()}, from Debian")
    made = tmp_path_factory.mktemp("redmine") / "instance"
    return shutil.copytree(TREE / "instances/fresh", made)


@pytest.fixture(scope="module")
def address(instance):
    port = free_port()
    # Debian's Redmine looks for instances beside itself.
    told = {
        "REDMINE_INSTANCE": os.path.relpath(instance, TREE / "instances"),
        "RAILS_ENV": "production",
        "BUNDLE_GEMFILE": str(TREE / "Gemfile"),
        "SECRET_KEY_BASE": "only-for-tests",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(TREE)
        for name, value in told.items():
            patch.setenv(name, value)
        command = ["thin", "start", "-R", "config.ru", "-a", "127.0.0.1", "-p", str(port)]
        server = serving([*command, "-e", "production"], port, instance / "server.log")
    yield f"http://127.0.0.1:{port}"
    server.kill()
    server.wait()


class Desk:
    """Its own interface, as people use it, and a workspace of ours."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.people = httpx.Client(base_url=address, timeout=60)
        self.people.headers["X-Redmine-API-Key"] = self.key_of("admin", "admin")
        self.store = Store(folder)

    def key_of(self, login: str, password: str) -> str:
        answer = httpx.get(f"{self.address}/users/current.json", auth=(login, password), timeout=60)
        return answer.raise_for_status().json()["user"]["api_key"]

    def make(self, what: str, /, at: str = "", **fields: object) -> Row:
        path = at or f"/{'time_entries' if what == 'time_entry' else what + 's'}"
        answer = self.people.post(f"{path}.json", json={what: fields})
        assert answer.is_success, answer.text
        return answer.json()[what]

    def change(self, path: str, **fields: object) -> None:
        what = {"issues": "issue", "versions": "version", "time_entries": "time_entry"}
        answer = self.people.put(
            f"/{path}.json", json={what[path.split("/", maxsplit=1)[0]]: fields}
        )
        assert answer.is_success, answer.text

    def user(self, login: str, last: str) -> tuple[int, str]:
        told = {"login": login, "firstname": login.title(), "lastname": last}
        made = self.make("user", **told, mail=f"{login}@example.org", password="a long enough one")
        return made["id"], self.key_of(login, "a long enough one")

    def sync(self, place: str, key: str, store: Store | None = None, *, whole: bool = False):
        """What `trueup scan --connect redmine:PLACE` does."""
        face = REDMINE.interface
        door = face.door("", {"REDMINE_URL": self.address})
        client = Client(
            door.address, face.headers(key), REDMINE.title, door.secrets[0], system_clock
        )
        store = store or self.store
        with store.writing(), client:
            intake = Intake(REDMINE, store, place, b"k" * 32, system_clock, lambda *_: None)
            since = datetime.now(UTC) - timedelta(days=365)
            sync = Sync(REDMINE, place, client, intake, since, lambda *_: None, whole=whole)
            taken, refused = sync.run()
        return taken, refused, client.requests

    def facts(self) -> dict[str, list[Row]]:
        found = {t: self.store.snapshot().table(TABLES[t]).to_pylist() for t in REDMINE.writes}
        return {t: sorted(rows, key=repr) for t, rows in found.items()}


@pytest.fixture(scope="module")
def desk(address, tmp_path_factory):
    made = Desk(address, tmp_path_factory.mktemp("workspace"))
    yield made
    made.people.close()


@pytest.fixture(scope="module")
def filled(desk):
    """A project with something of everything: the numbers of its issues, and a key that may read it."""
    project = desk.make("project", name="Billing", identifier="billing", is_public=False)["id"]
    below = desk.make("project", name="Abroad", identifier="abroad", parent_id=project)["id"]
    reader, key = desk.user("reader", "Only")
    bo, _ = desk.user("bo", "Winter")
    for user in (reader, bo):
        desk.make(
            "membership", at=f"/projects/{project}/memberships", user_id=user, role_ids=[REPORTER]
        )
    version = desk.make(
        "version", at=f"/projects/{project}/versions", name="1.1", due_date="2030-02-01"
    )
    old = desk.make("version", at=f"/projects/{project}/versions", name="1.0", status="closed")
    new = {"project_id": project}
    bug = desk.make(
        "issue", **new, tracker_id=BUG, subject="Totals are rounded twice", fixed_version_id=version["id"],
        description="- [x] cents\n- [ ] others\n", estimated_hours=2.5, priority_id=3,
    )["id"]  # fmt: skip
    whole = desk.make("issue", **new, tracker_id=FEATURE, subject="Sell abroad")["id"]
    part = desk.make(
        "issue", **new, tracker_id=FEATURE, subject="Currencies", parent_issue_id=whole
    )["id"]
    same = desk.make("issue", **new, tracker_id=BUG, subject="Off by a cent")["id"]
    asked = desk.make("issue", **new, tracker_id=SUPPORT, subject="How to print?")["id"]
    small = desk.make("issue", **new, tracker_id=BUG, subject="Wrong colour")["id"]
    desk.make("issue", project_id=below, tracker_id=BUG, subject="Of another project")
    desk.make("relation", at=f"/issues/{bug}/relations", issue_to_id=part, relation_type="blocks")
    desk.make(
        "relation", at=f"/issues/{same}/relations", issue_to_id=bug, relation_type="duplicates"
    )
    desk.make(
        "time_entry",
        issue_id=bug,
        hours=1.5,
        activity_id=9,
        spent_on=f"{datetime.now(UTC):%Y-%m-%d}",
    )
    desk.make("time_entry", project_id=project, hours=1, activity_id=9)
    desk.change(f"issues/{bug}", status_id=BEGUN, assigned_to_id=bo)
    desk.change(f"issues/{bug}", notes="Does it happen with one line, too?")
    desk.change(f"issues/{bug}", status_id=CLOSED)
    desk.change(f"issues/{asked}", status_id=REJECTED)
    return {
        "bug": f"#{bug}", "whole": f"#{whole}", "part": f"#{part}", "same": f"#{same}", "asked": f"#{asked}",
        "small": f"#{small}",
        "version": str(version["id"]), "old": str(old["id"]), "key": key, "project": project,
    }  # fmt: skip


@pytest.fixture(scope="module")
def first(desk, filled):
    taken, refused, _ = desk.sync("billing", filled["key"])
    assert (refused, taken.problems) == ([], [])
    assert not taken.unknown_fields
    assert not taken.unknown_values
    return desk.facts()


@pytest.fixture(scope="module")
def second(desk, filled, first):
    """The project after others have worked on it, synced again."""
    number = {name: told[1:] for name, told in filled.items() if str(told).startswith("#")}
    time.sleep(1.1)  # its moments are whole seconds
    desk.change(f"issues/{number['bug']}", status_id=FEEDBACK, notes="Again today.")
    desk.change(f"issues/{number['part']}", subject="Several currencies", status_id=BEGUN)
    desk.change(f"issues/{number['small']}", status_id=CLOSED)
    assert desk.people.delete(f"/issues/{number['asked']}.json").is_success
    desk.change(f"versions/{filled['version']}", status="closed")
    desk.change("time_entries/1", hours=2)
    taken, refused, _ = desk.sync("billing", filled["key"])
    assert (refused, taken.problems) == ([], [])
    return desk.facts()


def by_key(facts: dict[str, list[Row]]) -> dict[str, Row]:
    return {row["key"]: row for row in facts["issues"]}


def history(facts: dict[str, list[Row]], key: str, *fields: str) -> list[tuple[Any, ...]]:
    """Changes of the status of an issue, in their order."""
    found = [r for r in facts["issue_events"] if (r["key"], r["field"]) == (key, "status")]
    found.sort(key=lambda r: int(r["event"].partition(":")[0]))
    return [tuple(r[f] for f in fields) for r in found]


def test_issues(first, filled):
    issues = by_key(first)
    keys = {filled[name] for name in ("bug", "whole", "part", "same", "asked", "small")}
    assert issues.keys() == keys, "all of the project, also closed ones, and none of those below"
    assert {row["repo"] for row in first["issues"]} == {"billing"}
    told = {k: tuple(r[c] for c in ("kind", "status", "resolution")) for k, r in issues.items()}
    assert told == {
        filled["bug"]: ("bug", "done", "done"),
        filled["whole"]: ("feature", "open", ""),
        filled["part"]: ("feature", "open", ""),
        filled["same"]: ("bug", "done", "duplicate"),  # Redmine closed it with the other
        filled["small"]: ("bug", "open", ""),
        filled["asked"]: ("question", "done", "not_planned"),
    }
    bug = issues[filled["bug"]]
    assert (bug["milestone"], bug["priority"]) == (filled["version"], "High")
    assert (bug["estimate_minutes"], bug["tasks"], bug["tasks_done"]) == (150, 2, 1)
    assert bug["closed_at"] == bug["changed_at"]
    assert bug["assignee"] != bug["creator"]
    assert issues[filled["part"]]["parent"] == filled["whole"]


def test_history_and_notes(first, filled):
    told = history(first, filled["bug"], "before", "after", "before_original", "after_original")
    assert told == [
        ("open", "in_progress", "New", "In Progress"),
        ("in_progress", "done", "In Progress", "Closed"),
    ]
    assert all(actor for (actor,) in history(first, filled["bug"], "actor"))
    (note,) = first["comments"]
    assert (note["key"], note["asks"]) == (filled["bug"], True)


def test_relations(first, filled):
    links = {(r["item"], r["relation"], r["target"]) for r in first["item_links"]}
    assert links == {
        (filled["bug"], "blocks", filled["part"]),
        (filled["same"], "duplicates", filled["bug"]),
    }


def test_versions_and_time(first, filled):
    assert {r["milestone"]: r["status"] for r in first["milestones"]} == {
        filled["version"]: "open",
        filled["old"]: "done",
    }
    assert [(r["key"], r["minutes"]) for r in first["worklogs"]] == [(filled["bug"], 90)]


def test_people_are_told_by_name_and_number(first):
    """Users hide their addresses, if they do not choose otherwise, also in what they ask for themselves."""
    assert all(r["address"].endswith(".redmine") for r in first["people"])
    assert {"Reader Only", "Redmine Admin", "Bo Winter"} == {r["name"] for r in first["people"]}


def test_what_changed_behind_our_back_is_seen(first, second, filled):
    issues = by_key(second)
    bug, part, small = (issues[filled[name]] for name in ("bug", "part", "small"))
    # Redmine keeps the moment at which it was closed; it is open all the same.
    assert (bug["status"], bug["status_original"], bug["closed_at"]) == ("open", "Feedback", None)
    assert history(second, filled["bug"], "before", "after")[-1] == ("done", "open")
    assert part["status"] == "in_progress"
    assert (small["status"], small["resolution"]) == ("done", "done")
    assert small["closed_at"] > by_key(first)[filled["bug"]]["closed_at"]
    assert {r["status"] for r in second["milestones"]} == {"done"}
    assert [r["minutes"] for r in second["worklogs"]] == [120]


def test_the_title_is_another_and_no_text_is_kept(first, second, filled):
    before, after = (by_key(facts)[filled["part"]]["title_id"] for facts in (first, second))
    assert before != after
    told = json.dumps(second, default=str)
    assert "currencies" not in told.lower()
    assert "Again today" not in told


def test_nothing_is_doubled(second):
    for name, rows in second.items():
        keys = Counter(tuple(row[c] for c in TABLES[name].key) for row in rows)
        assert set(keys.values()) <= {1}, name
    assert len(second["issues"]) == 6


def test_a_deleted_issue_is_still_there(second, filled):
    """A list of what changed does not tell what is gone: to see that, all of it has to be read."""
    assert by_key(second)[filled["asked"]]["status"] == "done"


def test_nothing_new_costs_few_requests(desk, filled, second):
    taken, refused, requests = desk.sync("billing", filled["key"])
    assert (taken.rows, refused) == (0, [])
    # One for each list; the last change seen is read again, and its history with it.
    assert requests <= 10
    assert desk.facts() == second


def test_reading_everything_anew_finds_what_is_deleted(desk, filled, second):
    taken, refused, _ = desk.sync("billing", filled["key"], whole=True)
    assert (taken.rows, refused) == (0, [])
    assert taken.gone > 0
    assert filled["asked"] not in by_key(desk.facts())
    assert len(desk.facts()["issues"]) == len(second["issues"]) - 1


def test_more_than_a_page_of_one_moment(desk, instance, tmp_path):
    project = desk.make("project", name="Many", identifier="many")["id"]
    for number in range(MANY):
        desk.make("issue", project_id=project, tracker_id=BUG, subject=f"Issue {number}")
    with closing(sqlite3.connect(instance / "redmine.sqlite3")) as database, database:
        # As after an import: nothing but its pages tells them apart.
        database.execute(
            "update issues set updated_on = (select max(updated_on) from issues) where project_id = ?",
            [project],
        )
    store = Store(tmp_path)
    taken, refused, _ = desk.sync("many", desk.people.headers["X-Redmine-API-Key"], store)
    assert (refused, taken.problems) == ([], [])
    assert store.snapshot().table(TABLES["issues"]).num_rows == MANY
    assert taken.records["journals"] == MANY
    again, _, _ = desk.sync("many", desk.people.headers["X-Redmine-API-Key"], store)
    assert again.rows == 0


@pytest.mark.parametrize("public", [False, True], ids=["private", "public"])
def test_a_wrong_key_is_told(public, desk, filled, tmp_path):
    """Also where anybody may read: Redmine would answer, and leave out what only members see."""
    name = f"open-{public}".lower()
    desk.make("project", name=name, identifier=name, is_public=public)
    with pytest.raises(CredentialsError, match="does not accept the token") as error:
        desk.sync(name, "0123456789abcdef0123456789abcdef01234567", Store(tmp_path))
    assert "REDMINE_TOKEN" in str(error.value)
    assert "0123456789abcdef" not in str(error.value)


def test_a_key_without_rights_is_told(desk, filled, tmp_path):
    _, key = desk.user("stranger", "Outside")
    taken, refused, _ = desk.sync("billing", key, Store(tmp_path))
    assert [type(error) for error in refused] == [AccessError] * 3
    assert all("role of the project" in str(error) for error in refused)
    assert not taken.records["issues"]


def test_a_project_that_is_not_there_is_told(desk, filled, tmp_path):
    with pytest.raises(NotFoundError, match="no such thing"):
        desk.sync("nowhere", filled["key"], Store(tmp_path))
