"""Review Board: corner cases of the mapping."""

from __future__ import annotations

import copy
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.sources.reading import by_table, taken

from trueup.facts.rows import OddRecordError, Rows
from trueup.runs.kinds import SOURCES

RAW = Path(__file__).parents[1] / "flow/reviewboard/raw"
SOURCE = SOURCES["reviewboard"]


def requests() -> list[dict[str, Any]]:
    return json.loads((RAW / "review_requests.json").read_text())["review_requests"]


def told(kind: str, number: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """A recorded record of a kind, with what was told beside it."""
    with (RAW / f"{kind}.csv").open() as lines:
        row = list(csv.DictReader(lines))[number]
    return json.loads(row["data"]), json.loads(row["params"])


def mapped(kind: str, *records: dict[str, Any], about: dict[str, Any] | None = None) -> Rows:
    return taken(SOURCE, kind, *records, about=about)


def table(rows: Rows, name: str) -> list[dict[str, Any]]:
    return by_table(rows).get(name, [])


def request(**changed: Any) -> dict[str, Any]:
    return copy.deepcopy(requests()[0]) | changed


def test_submitted_without_changes_does_not_tell_when():
    (row,) = table(mapped("review_requests", request(changes=[])), "requests")
    assert (row["status"], row["merged_at"], row["closed_at"]) == ("merged", None, None)


def test_opened_again_it_is_not_merged():
    (row,) = table(mapped("review_requests", request(status="pending")), "requests")
    assert (row["status"], row["merged_at"], row["closed_at"]) == ("open", None, None)


def test_an_unknown_status_is_counted():
    rows = mapped("review_requests", request(status="parked"))
    assert [row["status"] for row in table(rows, "requests")] == ["other"]
    assert dict(rows.unknown_values) == {("requests.status", "parked"): 1}


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        ({"tool": "Git", "path": "/srv/git/x.git", "mirror_path": "git@forge.example:acme/x.git"}, "acme/x"),
        ({"tool": "Git", "path": "https://forge.example/acme/_git/x", "mirror_path": ""}, "acme/x"),
        ({"tool": "Git", "path": "/srv/git/x.git", "mirror_path": ""}, "Orders"),
        ({"tool": "Perforce", "path": "ssl:p4.example:1666", "mirror_path": ""}, "Orders"),
        ({"tool": "Subversion", "path": "https://svn.example/repos/x", "mirror_path": ""}, "Orders"),
        ({}, "Orders"),
    ],
    ids=["mirror", "path", "local", "perforce", "subversion", "unsaid"],
)  # fmt: skip
def test_a_repository_is_called_as_it_is_cloned(repository: dict[str, str], expected: str):
    rows = mapped("review_requests", request(repository={"name": "Orders", **repository}))
    assert {row["repo"] for row in table(rows, "requests")} == {expected}


def test_without_a_name_it_is_odd():
    with pytest.raises(OddRecordError):
        mapped("review_requests", request(repository={"tool": "Git"}))


@pytest.mark.parametrize(
    ("commit", "expected"),
    [("5E805F5A", None), ("48211", None), ("f" * 40, "f" * 40), ("f" * 64, "f" * 64), (None, None)],
)
def test_a_commit_is_one_of_git(commit: str | None, expected: str | None):
    (row,) = table(mapped("review_requests", request(commit_id=commit)), "requests")
    assert row["head_sha"] == expected


def test_no_history_is_not_no_commits():
    diffs = [{"revision": 1, "base_commit_id": None, "commit_count": 0}]
    (row,) = table(mapped("review_requests", request(diffs=diffs)), "requests")
    assert (row["commits"], row["base_sha"]) == (None, None)


def test_bugs_are_named_as_commits_name_them():
    found = mapped(
        "review_requests",
        request(bugs_closed=[" 7 ", "#8", "KAFKA-9", "ask Ada", "x-1"], description="-"),
    )
    named = [r["target"] for r in table(found, "item_links") if r["how"] == "bugs_closed"]
    assert sorted(named) == ["#7", "#8", "KAFKA-9"]


def test_bugs_are_closed_only_where_the_text_says_so():
    told = request(bugs_closed=["7", "8"], description="Fixes #7.")
    found = {
        (r["relation"], r["target"]) for r in table(mapped("review_requests", told), "item_links")
    }
    assert {("closes", "#7"), ("mentions", "#8")} <= found
    assert not {("mentions", "#7"), ("closes", "#8")} & found


def test_drafts_of_who_asks_are_left():
    told = request()
    review = told["reviews"][0] | {"public": False, "replies": []}
    kept = told["reviews"][1:]
    rows = mapped("review_requests", told | {"reviews": [review, *kept]})
    assert str(review["id"]) not in {r["review"] for r in table(rows, "reviews")}


@pytest.mark.parametrize(
    ("told", "branch"),
    [
        ("release/2.1", "release/2.1"),
        ("größe", "größe"),
        ("main, release-2", None),
        ("master, then tell Ada Quill", None),
        ("@ada", None),
        ("a..b", None),
        ("-x", None),
        ("", None),
    ],
)
def test_a_branch_is_what_may_be_one(told, branch):
    (row,) = table(mapped("review_requests", request(branch=told)), "requests")
    assert row["branch"] == branch


@pytest.mark.parametrize(
    ("why", "commits"),
    [
        ("Pushed to main (1c44b46)", ["1c44b46"]),
        ("Pushed to release-20240101 (1c44b46), @ (9fad897)", ["1c44b46", "9fad897"]),
        ("Pushed to bbbbbbb", ["bbbbbbb"]),
        ("Pushed to main", []),
        ("Reverted 1c44b46 instead", []),
        ("Pushed to main (1c44b46), and to 9fad897 others", ["1c44b46"]),
        (None, []),
    ],
)
def test_commits_that_closed_it(why: str | None, commits: list[str]):
    found = mapped("review_requests", request(close_description=why))
    closed = [r["target"] for r in table(found, "item_links") if r["relation"] == "closed_by"]
    assert sorted(closed) == commits


def test_a_person_is_one_in_every_record():
    """Expanded, linked, with and without an address: reviews and answers are of the same identity."""
    full = request()
    bare = copy.deepcopy(full)
    for one in (bare, *bare["reviews"]):
        field = "submitter" if "submitter" in one else "user"
        one["links"][field] = {"title": one.pop(field)["username"]}
    (expanded,), (linked,) = (table(mapped("review_requests", r), "requests") for r in (full, bare))
    assert expanded["author"] == linked["author"]
    reviewers = [
        {r["reviewer"] for r in table(mapped("review_requests", x), "reviews")}
        for x in (full, bare)
    ]
    assert reviewers[0] == reviewers[1]


def test_nobody_known_is_nobody():
    record = request(submitter=None)
    (row,) = table(mapped("review_requests", record), "requests")
    assert row["author"] is None


def test_commits_of_a_replaced_diff_are_gone():
    older, about = told("diffs", 0)
    newer, _ = told("diffs", 1)
    rows = mapped("diffs", older, newer, about=about)
    shas = {c["commit_id"] for c in newer["commits"]}
    assert {row["sha"] for row in table(rows, "request_commits")} == shas
    assert [key["sha"] for _, _, key in rows.graves()] == [c["commit_id"] for c in older["commits"]]


def test_a_commit_that_both_diffs_hold_stays():
    newer, about = told("diffs", 1)
    older = newer | {"revision": 1}
    rows = mapped("diffs", older, newer, about=about)
    assert len(table(rows, "request_commits")) == 2
    assert list(rows.graves()) == []


def test_commits_of_another_request_are_refused():
    """As Review Board gives them when they are expanded in a list of requests."""
    record, about = told("diffs", 1)
    link = record["commits"][0]["links"]["self"]
    link["href"] = link["href"].replace("/11204/", "/11210/")
    with pytest.raises(OddRecordError, match="another review request"):
        mapped("diffs", record, about=about)


def test_comments_that_are_not_sent_or_of_unknown_repositories():
    record, about = told("diff_comments")
    assert table(mapped("diff_comments", record | {"public": False}, about=about), "comments") == []
    with pytest.raises(OddRecordError, match="repository"):
        mapped("diff_comments", record)
    record["links"]["self"]["href"] = "https://reviews.example.org/api/"
    with pytest.raises(OddRecordError, match="review request"):
        mapped("diff_comments", record, about=about)


def test_the_token_is_sent_as_review_board_wants_it():
    assert SOURCE.interface.headers("x")["Authorization"] == "token x"
    assert "Authorization" not in SOURCE.interface.headers("")
    door = SOURCE.interface.door("", {"REVIEWBOARD_URL": "reviews.example.org/"})
    assert door.address == "https://reviews.example.org/api"


def test_the_settings_of_its_own_tool_tell_the_repository():
    (sign,) = SOURCE.signs
    told = 'REVIEWBOARD_URL = "https://reviews.example.org"\nREPOSITORY = "Checkout"\nBRANCH = "main"\n'
    found = re.search(sign.place, told, re.MULTILINE)
    assert (sign.path, found[1]) == (".reviewboardrc", "Checkout")
