"""Deliveries of GitLab: the rows that its interface gives, and nothing lost by what they do not tell."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.gitlab import ADA, BO, issue, merge_request, moment, pipeline

from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.kernel.errors import DeliveryError
from trueup.runs.hooks import LARGEST, Delivery, take_delivery
from trueup.runs.intake import Intake, take_exports
from trueup.runs.kinds import SOURCES
from trueup.transport.documents import Exported

GITLAB = SOURCES["gitlab"]
KEY = b"k" * 32
NOW = datetime(2026, 2, 1, tzinfo=UTC)
TOKEN = "between us"
RAW = Path(__file__).parents[1] / "flow/gitlab/raw"
EVENTS: list[dict[str, Any]] = json.loads((RAW / "deliveries.json").read_text("utf-8"))
PLACE = "acme/platform/shop"


def named(event: dict[str, Any]) -> str:
    """What an event is about."""
    told = event.get("object_attributes", event)
    numbered = {"issue", "work_item", "merge_request"}
    fields = (
        "iid" if event["object_kind"] in numbered else "id",
        "build_id",
        "deployment_id",
        "ref",
    )
    return f"{event['object_kind']} {next(str(told[f]) for f in fields if f in told)}"


def event(name: str, **changed: object) -> dict[str, Any]:
    """The first event of that name, changed; fields of what it is about where they are there."""
    found = copy.deepcopy(next(e for e in EVENTS if named(e) == name))
    within = found.get("object_attributes", {})
    for field, value in changed.items():
        (within if field in within else found)[field] = value
    return found


class Desk:
    """A workspace that takes deliveries."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.count = 0

    def listed(self, kind: str, *records: dict[str, Any], asked: str = "") -> None:
        """What the interface told before."""
        with self.store.writing():
            intake = Intake(GITLAB, self.store, PLACE, KEY, fixed_clock(NOW), lambda *_: None)
            for record in records:
                told = Exported("told", 1, kind, asked, record, about={"place": PLACE})
                intake.take(GITLAB.kind(kind), told)
            taken = intake.save("told")
        assert taken.problems == []

    def send(self, headers: dict[str, str], body: bytes, secret: str = TOKEN):
        found = Delivery(headers, body)
        return take_delivery(GITLAB, found, secret, self.store, KEY, fixed_clock(NOW))

    def take(self, told: dict[str, Any] | bytes, own: str = ""):
        self.count += 1
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        own = own or f"delivery-{self.count}"
        return self.send({"X-Gitlab-Token": TOKEN, "Idempotency-Key": own}, body)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return self.store.snapshot().table(TABLES[table]).to_pylist()

    def keyed(self) -> dict[tuple[object, ...], dict[str, Any]]:
        """All rows but links and people, by table and key."""
        return {
            (name, *(row[k] for k in TABLES[name].key)): row
            for name in GITLAB.writes
            if name not in {"people", "item_links"}
            for row in self.rows(name)
        }


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "deliveries")


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """What the interface tells of the same things."""
    folder, raw = tmp_path_factory.mktemp("listed"), tmp_path_factory.mktemp("raw")
    for file in RAW.iterdir():
        if file.stem != "deliveries":
            (raw / file.name).write_bytes(file.read_bytes())
    desk = Desk(folder)
    take_exports(raw, desk.store, KEY, fixed_clock(NOW), lambda *_: None)
    return desk


#: The same things as the other recorded files tell, and what tells nothing.
KNOWN, EMPTY = EVENTS[:13], EVENTS[21:]


@pytest.mark.parametrize("told", KNOWN, ids=named)
def test_what_the_interface_told_is_told_the_same(told, listed):
    before = listed.keyed()
    taken = listed.take(told)
    assert (taken.rows, taken.gone, taken.problems) == (0, 0, [])
    assert dict(taken.unknown_fields) == dict(taken.unknown_values) == {}
    assert listed.keyed() == before


@pytest.mark.parametrize("told", KNOWN, ids=named)
def test_alone_it_tells_the_same_or_nothing(told, listed, desk):
    """Columns that are not told are empty; those that are hold what the interface tells."""
    assert desk.take(told).problems == []
    known, found = listed.keyed(), desk.keyed()
    assert found
    for key, row in found.items():
        given = {name for name in row if row[name] is not None}
        given -= {"source_key", "raw_sha256", "seen_at"}
        assert {n: row[n] for n in given} == {n: known[key][n] for n in given}, key
    links = {tuple(r[k] for k in TABLES["item_links"].key) for r in desk.rows("item_links")}
    all_links = {tuple(r[k] for k in TABLES["item_links"].key) for r in listed.rows("item_links")}
    assert links <= all_links


@pytest.mark.parametrize("told", EMPTY, ids=named)
def test_what_tells_nothing_that_is_kept_gives_no_rows(told, desk):
    taken = desk.take(told)
    assert (taken.rows, taken.gone, taken.problems) == (0, 0, [])
    assert dict(taken.unknown_fields) == {}


def test_what_is_not_told_stands_as_it_is_known(desk):
    known = issue(
        130, changed=50, author=BO, user_notes_count=7, epic_iid=5, weight=2, description="- [x] find it",
        task_completion_status={"count": 1, "completed_count": 1},
    )  # fmt: skip
    desk.listed("issues", known)
    closed = {"state": "closed", "action": "close", "closed_at": "2026-01-11 09:00:00 UTC"}
    told = event("issue 130", **closed, updated_at="2026-01-11 09:00:00 UTC", author_id=2)
    told["object_attributes"] |= {"weight": 3}
    told["user"] = told["user"] | {"id": 1, "username": "ada"}
    desk.take(told)
    (row,) = desk.rows("issues")
    listed_first = Desk(desk.store.workspace.parent / "other")
    listed_first.listed("issues", known)
    (before,) = listed_first.rows("issues")
    assert (row["status"], row["resolution"], row["points"]) == ("done", "done", 3.0)
    assert row["closed_by"] is not None
    for column in ("creator", "comments", "parent", "tasks", "tasks_done", "happened_at"):
        assert row[column] is not None
        if column != "happened_at":
            assert row[column] == before[column], column


def test_a_merge_tells_who_and_not_when(desk):
    known = merge_request(64, changed=50, user_notes_count=7, diff_refs={"base_sha": "a" * 40})
    desk.listed("merge_requests", known | {"changes_count": "4"})
    desk.take(event("merge_request 64", state="merged", action="merge", merge_commit_sha="c" * 40))
    (row,) = desk.rows("requests")
    assert (row["status"], row["merge_sha"], row["files"]) == ("merged", "c" * 40, 4)
    assert (row["base_sha"], row["comments"]) == ("a" * 40, 7)
    assert row["merged_by"] is not None
    assert (row["merged_at"], row["closed_at"]) == (None, None)


def test_a_moment_to_the_second_is_the_one_that_is_known(desk):
    """GitLab delivers moments without the fractions that its interface tells."""
    made = "2026-01-10T10:01:00.457Z"
    desk.listed(
        "pipelines", pipeline(4705, changed=50, created_at=made, sha="b" * 40, source="push")
    )
    desk.take(
        event("pipeline 4705", status="success", finished_at="2026-01-10 10:03:00 UTC", builds=[])
    )
    (row,) = desk.rows("builds")
    assert row["happened_at"].microsecond == 457_000
    assert (row["result"], row["ended_at"].minute) == ("success", 3)


def test_one_that_is_late_changes_nothing(desk):
    ended = {"status": "success", "finished_at": "2026-01-10 10:09:00 UTC"}
    desk.take(event("pipeline 4705", **ended, builds=[]))
    done = {
        "build_started_at": "2026-01-10 10:02:00 UTC",
        "build_finished_at": "2026-01-10 10:05:00 UTC",
    }
    desk.take(event("build 6820", build_status="failed", **done))
    before = desk.keyed()
    late = {**ended, "status": "failed", "finished_at": "2026-01-10 10:04:00 UTC"}
    for told in (
        event("pipeline 4705", builds=[]),
        event("pipeline 4705", **late, builds=[]),
        event("build 6820"),
    ):
        assert desk.take(told).rows == 0
    assert desk.keyed() == before
    # Run again it has a newer job, and ends anew.
    job = event("pipeline 4705")["builds"][0] | {
        "id": 6822,
        "created_at": "2026-01-10 10:30:00 UTC",
    }
    desk.take(event("pipeline 4705", builds=[job]))
    assert [row["status"] for row in desk.rows("builds")] == ["running"]
    again = {**ended, "status": "failed", "finished_at": "2026-01-10 11:00:00 UTC"}
    desk.take(event("pipeline 4705", **again, builds=[]))
    assert [row["result"] for row in desk.rows("builds")] == ["failure"]


def test_one_about_an_older_state_changes_nothing(desk):
    newer = {"updated_at": "2026-01-12 09:00:00 UTC", "state": "closed", "action": "close"}
    desk.take(event("issue 130", **newer))
    desk.take(event("issue 130"))
    assert [row["status"] for row in desk.rows("issues")] == ["done"]


def test_what_is_deleted_is_gone(desk):
    desk.take(event("milestone 8060"))
    desk.take(next(e for e in EVENTS if e.get("tag") == "v1.2" and e["object_kind"] == "release"))
    assert len(desk.rows("milestones")) == len(desk.rows("publications")) == 1
    gone = next(e for e in EVENTS if e.get("tag") == "v0.9")
    assert desk.take({**gone, "tag": "v1.2"}).gone == 1
    assert desk.take({**event("milestone 8060"), "action": "delete"}).gone == 1
    assert desk.rows("milestones") == desk.rows("publications") == []


def test_a_release_of_a_later_day_may_not_have_come(desk):
    later = event("release 5", tag="v9", released_at="2027-01-01 00:00:00 UTC")
    desk.take(later)
    assert [row["draft"] for row in desk.rows("publications")] == [None]


def test_an_approval_stands_as_its_list_tells_it(desk):
    given = "2026-01-10T11:00:00.123Z"
    record = {
        "approved_by": [{"user": {**BO, "id": 7002, "username": "bo-marsh"}, "approved_at": given}]
    }
    desk.listed(
        "approvals",
        record,
        asked=f"/projects/{PLACE.replace('/', '%2F')}/merge_requests/64/approvals",
    )
    desk.take(event("merge_request 64"))
    (row,) = desk.rows("reviews")
    assert (row["verdict"], row["happened_at"].microsecond) == ("approved", 123_000)


def test_older_servers_tell_less(desk):
    """Jobs without their project, accounts without their id, issues without their type and severity."""
    job = event("build 6820")
    del job["project"]
    desk.take(job)
    assert [row["repo"] for row in desk.rows("jobs")] == [PLACE]
    told = event("issue 101")
    del told["object_attributes"]["type"], told["object_attributes"]["severity"]
    told["assignees"] = [{"name": "Ada Quill", "username": "Ada.Quill"}]
    desk.take(told)
    (row,) = desk.rows("issues")
    assert (row["kind"], row["severity"], row["assignee"]) == (None, None, None)
    deployment = event("deployment 3105")
    del deployment["deployment_id"]
    assert desk.take(deployment).rows == 0


def test_the_ghost_is_nobody(desk):
    ghost = {"id": 7000, "name": "Ghost User", "username": "ghost1"}
    desk.take({**event("note 701", author_id=7000), "user": ghost})
    assert [row["author"] for row in desk.rows("comments")] == [None]


def test_each_counts_once_and_those_of_one_cause_all_count(desk):
    headers = {"X-Gitlab-Token": TOKEN, "X-Gitlab-Event-UUID": "one cause"}
    first, second = (json.dumps(e).encode() for e in (event("issue 130"), event("note 701")))
    assert desk.send({**headers, "webhook-id": "1"}, first).rows > 0
    assert desk.send({**headers, "webhook-id": "2"}, second).rows > 0
    records = len(desk.store.snapshot().records)
    assert desk.send({**headers, "webhook-id": "1"}, first).records == {}
    assert len(desk.store.snapshot().records) == records
    # Servers before 17.4 name no delivery: it is read again, and tells nothing new.
    assert desk.send(headers, first).rows == 0


BODY = json.dumps(EVENTS[13]).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b"null", BODY[:-1], b'{"object_kind": ["issue"]}', b'{"object_kind": "issue", "project": 1}',
        b'{"object_kind": "issue", "project": {"name": "x"}}',
        b'{"object_kind": "issue", "project": {"path_with_namespace": "a/b"}}',
        b'{"object_kind": "build", "repository": {"git_ssh_url": "https://example.org/a/b"}}',
        b"[" * 5000,
    ],
)  # fmt: skip
def test_one_that_is_odd_is_told(body, desk):
    with pytest.raises(DeliveryError, match="cannot be read"):
        desk.take(body)
    assert desk.keyed() == {}


def test_a_huge_one_is_not_read(desk):
    huge = BODY + b" " * LARGEST
    with pytest.raises(DeliveryError, match="too large"):
        desk.take(huge)
    with pytest.raises(DeliveryError, match="not signed"):
        desk.send({}, huge)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"object_kind": "song"}', b'{"event_name": "user_add_to_group"}']
)
def test_events_nobody_knows_tell_nothing(body, desk):
    assert desk.take(body).rows == 0


def test_accounts_are_those_of_the_instance(desk):
    """Somebody who is delivered is the same as who is listed."""
    record = {"author": {**ADA, "id": 7001, "username": "Ada.Quill"}, "description": None}
    desk.listed("issues", issue(130, changed=0.5, created_at=moment(0), **record))
    (before,) = desk.rows("issues")
    desk.take(event("issue 130"))
    (row,) = desk.rows("issues")
    assert row["changed_at"] > before["changed_at"]
    assert row["creator"] == before["creator"]
