"""GitHub: who an account is, what a record is about, what tests a request, and what points at what."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.sources.reading import KEY, by_table, taken

from trueup.facts.rows import Rows
from trueup.facts.schema import TABLES
from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock, moment_of
from trueup.runs.intake import take_exports
from trueup.runs.kinds import SOURCES
from trueup.sources.github import USUAL

GITHUB = SOURCES["github"]
NOW = fixed_clock(datetime(2026, 2, 1, tzinfo=UTC))
RAW = Path(__file__).parents[1] / "flow/github/raw"
API = "https://api.github.com/repos"
AT, LATER = "2026-01-05T10:00:00Z", "2026-01-05T10:05:00Z"
SHA, OTHER = "a" * 40, "b" * 40

Record = dict[str, Any]


def mapped(*records: tuple[str, Record], asked: str = "", **about: object) -> Rows:
    rows = Rows(KEY)
    for kind, record in records:
        taken(GITHUB, kind, record, about=about, asked=asked, rows=rows)
    return rows


def read(*records: tuple[str, Record], asked: str = "", **about: object) -> dict[str, list[Record]]:
    return by_table(mapped(*records, asked=asked, **about))


def recorded(name: str, number: int = 0) -> Record:
    found = json.loads((RAW / f"{name}.json").read_text())
    found = (
        next(v for v in found.values() if isinstance(v, list)) if isinstance(found, dict) else found
    )
    return copy.deepcopy(found[number])


def request(**more: object) -> Record:
    return {
        "number": 4, "title": "A title", "state": "open", "created_at": AT, "updated_at": AT,
        "head": {"ref": "x"}, "base": {"ref": "main"}, "url": f"{API}/acme/app/pulls/4",
    } | more  # fmt: skip


def status(state: str, at: str) -> Record:
    return {
        "url": f"{API}/acme/app/statuses/{SHA}",
        "state": state,
        "context": "ci",
        "created_at": at,
    }


@pytest.mark.parametrize(("number", "tables"), [(6, {"deployments"}), (7, {"deployment_statuses"})])
def test_deliveries_of_a_deployment_are_about_it(number, tables):
    """They show the run and the check that brought it about as well."""
    assert set(read(("deliveries", recorded("deliveries", number)))) == tables


def one_after_another(folder: Path, name: str, *records: Record) -> Store:
    """Each record in a run of its own."""
    store = Store(folder / "ws")
    for number, record in enumerate(records):
        file = folder / f"{number}" / f"{name}.json"
        file.parent.mkdir()
        file.write_text(json.dumps([record]))
        take_exports(file, store, KEY, NOW, lambda *_: None)
    return store


@pytest.mark.parametrize("order", [1, -1])
def test_the_newest_status_holds_in_whatever_order_they_are_listed(order, tmp_path):
    told = [status("pending", AT), status("success", LATER)][::order]
    store = one_after_another(tmp_path, "statuses", *told)
    (job,) = store.snapshot().table(TABLES["jobs"]).to_pylist()
    assert (job["result"], job["ended_at"]) == ("success", moment_of(LATER))
    assert [j["result"] for j in read(*(("statuses", s) for s in told))["jobs"]] == ["success"]


def test_a_status_nobody_has_reported_yet_waits():
    (job,) = read(("statuses", status("EXPECTED", AT)))["jobs"]
    assert (job["status"], job["result"], job["ended_at"]) == ("queued", "", None)


def test_what_a_list_does_not_tell_is_not_taken_away():
    alone = request(
        merged_by={"login": "bo"}, additions=5, deletions=1, changed_files=2, commits=3, comments=4,
        review_comments=2,
    )  # fmt: skip
    (row,) = read(("pull_requests", alone), ("pull_requests", request()))["requests"]
    assert row["merged_by"]
    counts = ("additions", "deletions", "files", "commits", "comments", "review_comments")
    assert [row[name] for name in counts] == [5, 1, 2, 3, 4, 2]


def test_events_of_the_archive_take_nothing_away_either(tmp_path):
    def event(action: str, at: str, who: str) -> Record:
        told = {
            "action": action,
            "number": 4,
            "pull_request": {"number": 4, "head": {}, "base": {}},
        }
        return {"type": "PullRequestEvent", "actor": {"login": who}, "repo": {"name": "acme/app"}, "payload": told, "created_at": at}  # fmt: skip

    events = event("opened", AT, "ada"), event("merged", LATER, "bo")
    store = one_after_another(tmp_path, "archive_events", *events)
    (row,) = store.snapshot().table(TABLES["requests"]).to_pylist()
    assert (row["status"], row["happened_at"], row["merged_at"]) == ("merged", moment_of(AT), moment_of(LATER))  # fmt: skip
    assert row["author"] != row["merged_by"]


def of_branch(number: int, sha: str, base: str) -> Record:
    head = {"sha": sha, "repo": {"url": f"{API}/acme/app"}}
    return {"number": number, "head": head, "base": {"repo": {"url": f"{API}/{base}"}}}


@pytest.mark.parametrize(
    ("event", "named", "expected"),
    [
        ("pull_request", of_branch(4, SHA, "acme/app"), ("4", 0.95)),
        ("pull_request", of_branch(4, OTHER, "acme/app"), ("4", 0.7)),  # it has gone on since
        ("push", of_branch(4, SHA, "Acme/App"), ("4", 0.7)),
        ("push", of_branch(12, SHA, "upstream/app"), ("upstream/app#12", 0.7)),
        ("schedule", of_branch(4, OTHER, "acme/app"), None),
        ("push", {"number": 4}, None),
    ],
)
def test_which_request_a_run_tests(event, named, expected):
    run = recorded("runs") | {"event": event, "head_sha": SHA, "pull_requests": [named]}
    links = read(("runs", run)).get("item_links", [])
    found = [(x["target"], pytest.approx(x["confidence"])) for x in links]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize("place", ["acme/app", "Acme/App", "acme/old-name"])
def test_what_it_closes_is_its_own_under_every_name(place):
    node = recorded("pull_request_nodes") | {"body": "See acme/app#7."}
    links = read(("pull_request_nodes", node), place=place)["item_links"]
    named = {(x["relation"], x["target"]) for x in links if x["target_kind"] == "issue"}
    own = {t for _, t in named if t.startswith("#")}
    assert ("mentions", "#7") in named
    assert not [t for _, t in named if t.startswith("acme/app")]
    assert own


def crossing(number: int, where: str = "acme/app", **more: object) -> Record:
    source = {"number": number, "url": f"{API}/{where}/issues/{number}", **more}
    return {"event": "cross-referenced", "created_at": AT, "source": {"issue": source}}


def timeline(*events: Record) -> dict[str, list[Record]]:
    return read(*(("events", e) for e in events), asked=f"{API}/acme/app/issues/5/timeline")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (crossing(7), ("acme/app", "issue", "#7", "issue", "#5")),
        (crossing(7, pull_request={}), ("acme/app", "request", "7", "issue", "#5")),
        (crossing(7, "Acme/App"), ("acme/app", "issue", "#7", "issue", "#5")),
        (crossing(7, "acme/other"), ("acme/other", "issue", "#7", "issue", "acme/app#5")),
        (
            crossing(7) | {"issue": {"number": 5, "url": f"{API}/acme/app/issues/5", "pull_request": {}}},
            ("acme/app", "issue", "#7", "request", "5"),
        ),
    ],
)  # fmt: skip
def test_what_names_an_issue_points_at_it(event, expected):
    (link,) = timeline(event)["item_links"]
    told = (link[x] for x in ("repo", "item_kind", "item", "target_kind", "target"))
    assert (*told,) == expected
    assert link["relation"] == "mentions"


def test_two_that_name_it_in_one_second_are_two():
    assert len(timeline(crossing(7), crossing(8), crossing(8, "acme/other"))["issue_events"]) == 3


@pytest.mark.parametrize(
    ("reason", "at", "resolution"),
    [
        ("not_planned", AT, "not_planned"),
        ("duplicate", AT, "duplicate"),
        ("completed", AT, "done"),
        (None, "2022-05-19T00:00:00Z", "done"),
        (None, "2022-05-18T23:59:59Z", ""),
    ],
)
def test_how_an_event_closed_an_issue(reason, at, resolution):
    told = {"id": 1, "event": "closed", "created_at": at, "state_reason": reason}
    (row,) = timeline(told)["issue_events"]
    assert (row["after"], row["resolution"]) == ("done", resolution)


def test_a_merge_ends_a_request_once():
    def event(number: int, what: str) -> Record:
        return {"id": number, "event": what, "created_at": AT}

    rows = timeline(event(1, "merged"), event(2, "closed"))["issue_events"]
    assert [(r["field"], r["after"]) for r in rows] == [("other", ""), ("status", "done")]


@pytest.mark.parametrize(
    ("account", "known"),
    [
        ({"login": "ghost", "id": 10137}, False),
        ({"login": "ghost", "id": 7}, True),
        ({"login": "ada", "id": 7}, True),
        (None, False),
    ],
)
def test_who_stands_for_deleted_accounts_is_nobody(account, known):
    (row,) = read(("pull_requests", request(user=account)))["requests"]
    assert bool(row["author"]) is known


@pytest.mark.parametrize(
    ("account", "asked", "host"),
    [
        ({"url": "https://api.github.com/users/ada"}, "", "github.com"),
        ({"url": "https://code.acme.example/api/v3/users/ada"}, "", "code.acme.example"),
        ({}, "https://code.acme.example/api/graphql", "code.acme.example"),
        ({}, "https://api.acme.ghe.com/graphql", "acme.ghe.com"),
        ({}, "", "github.com"),
    ],
)
def test_an_account_is_of_its_server(account, asked, host):
    rows = mapped(("pull_requests", request(user={"login": "Ada", **account})), asked=asked)
    assert [p["address"] for p in rows.people("here").to_pylist()] == [f"ada@users.noreply.{host}"]


def test_where_github_keeps_the_data_of_an_enterprise():
    door = GITHUB.interface.door
    found = door("acme.ghe.com", {})
    assert (found.address, found.graph) == ("https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql")  # fmt: skip
    assert (found.secrets, found.command[-1]) == (USUAL.secrets, "acme.ghe.com")
    for host in ("ghe.com", "acme.ghe.com.example.org", "a.b.ghe.com", "acmeghe.com", "-.ghe.com"):
        assert door(host, {}) is None, host


def test_when_a_release_was_made_is_not_the_date_of_its_commit():
    (row,) = read(("releases", recorded("releases") | {"published_at": LATER}), place="acme/app")[
        "publications"
    ]
    assert (row["happened_at"], row["created_at"]) == (moment_of(LATER), None)


def test_a_comment_on_a_line_is_on_the_commit_it_was_written_for():
    told = recorded("review_comments") | {"commit_id": OTHER, "original_commit_id": SHA}
    (row,) = read(("pull_request_review_comments", told))["comments"]
    assert row["sha"] == SHA


def test_runs_are_read_again_as_long_as_they_may_run_again():
    assert GITHUB.kind("runs").listing.again_days == 31
