"""Records of Azure DevOps: people, votes, cut descriptions, builds of other places, states; and where it is asked."""

from __future__ import annotations

import copy
import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.reading import KEY, taken, with_people

from trueup.facts.rows import UNREADABLE, Rows
from trueup.runs.forges import forge_of, place_of
from trueup.runs.kinds import SOURCES

AZURE = SOURCES["azuredevops"]
RAW = Path(__file__).parents[1] / "flow/azuredevops/raw"
PLACE = {"place": "acme/Shop/app"}
REQUEST, ABANDONED = json.loads((RAW / "pull_requests.json").read_text())["value"]
BUILD = json.loads((RAW / "builds.json").read_text())["value"][1]


def recorded(name: str) -> list[dict[str, Any]]:
    with (RAW / f"{name}.csv").open() as told:
        return [json.loads(row["data"]) for row in csv.DictReader(told)]


def facts(*records: tuple[str, dict[str, Any]], asked: str = "", **about: Any):
    rows = Rows(KEY)
    for kind, record in records:
        taken(AZURE, kind, record, about=about, asked=asked, rows=rows)
    return with_people(rows)


def changed(record: dict[str, Any], **more: Any) -> dict[str, Any]:
    return copy.deepcopy(record) | more


def without(record: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {k: copy.deepcopy(v) for k, v in record.items() if k not in fields}


def test_a_pull_request_that_says_as_little_as_it_may():
    bare = without(
        ABANDONED, "createdBy", "closedBy", "description", "reviewers", "lastMergeCommit",
        "lastMergeSourceCommit", "lastMergeTargetCommit", "forkSource", "labels", "isDraft", "url",
    )  # fmt: skip
    (row,) = facts(("pull_requests", bare))["requests"]
    assert (row["repo"], row["status"], row["author"], row["head_sha"]) == ("Shop/app", "closed", None, None)  # fmt: skip
    assert row["forked"] is False


def test_the_place_that_was_asked_is_the_repository():
    (row,) = facts(("pull_requests", REQUEST), place="acme/shop/App")["requests"]
    assert row["repo"] == "acme/shop/App"


@pytest.mark.parametrize(
    ("text", "size"), [("x" * 399, 399), ("x" * 400, None), ("x" * 401, 401), ("", 0), (None, 0)]
)
def test_a_description_that_may_be_cut_has_no_length(text, size):
    (row,) = facts(("pull_requests", changed(REQUEST, description=text)))["requests"]
    assert row["text_bytes"] == size


def test_a_number_that_was_cut_is_no_issue():
    whole = "x" * 391 + " Fixes #1234"
    cut = changed(REQUEST, description=whole[:400], title="Fixes #7")
    links = facts(("pull_requests", cut))["item_links"]
    assert {x["target"] for x in links} == {"acme/Shop#7"}
    links = facts(("pull_request_details", changed(REQUEST, description=whole)))["item_links"]
    assert "acme/Shop#1234" in {x["target"] for x in links}


def test_the_whole_description_stands_whatever_comes_first():
    whole = changed(REQUEST, description="x" * 500)
    cut = changed(REQUEST, description="x" * 400)
    (row,) = facts(("pull_request_details", whole), ("pull_requests", cut))["requests"]
    assert row["text_bytes"] == 500


@pytest.mark.parametrize(
    ("vote", "verdict"),
    [(10, "approved"), (5, "approved"), (-5, "changes_requested"), (-10, "changes_requested"), (7, "other")],
)  # fmt: skip
def test_votes(vote, verdict):
    voter = changed(REQUEST["reviewers"][0], vote=vote)
    (row,) = facts(("pull_requests", changed(REQUEST, reviewers=[voter])))["reviews"]
    assert (row["verdict"], row["happened_at"]) == (verdict, None)


def test_who_was_only_asked_and_groups_have_not_voted():
    asked = changed(REQUEST["reviewers"][0], vote=0)
    group = changed(REQUEST["reviewers"][0], isContainer=True)
    found = facts(("pull_requests", changed(REQUEST, reviewers=[asked, group])))
    assert "reviews" not in found


def test_a_vote_gets_its_moment_from_the_thread_that_tells_it():
    voted = next(t for t in recorded("threads") if t["id"] == 43)
    found = facts(("pull_requests", REQUEST), ("threads", voted), **PLACE, number=12)
    moments = {row["verdict_original"]: row["happened_at"] for row in found["reviews"]}
    assert [v for v, at in moments.items() if at] == ["10"]


def cast(number: int, vote: str, at: str) -> dict[str, Any]:
    """A thread that tells of a vote."""
    told = changed(
        next(t for t in recorded("threads") if t["id"] == 43), id=number, publishedDate=at
    )
    told["properties"]["CodeReviewVoteResult"]["$value"] = vote
    return told


def test_a_reviewer_has_one_vote():
    at = [f"2026-01-05T0{hour}:00:00Z" for hour in range(3)]
    votes = [("threads", cast(n, vote, at[n])) for n, vote in enumerate(("10", "0", "-5"))]
    (row,) = facts(*votes, **PLACE, number=12)["reviews"]
    assert (row["verdict"], row["happened_at"].hour) == ("changes_requested", 2)


def test_an_approval_that_a_push_reset_does_not_stand():
    """No vote tells that; the request shows the reviewer without one."""
    given = ("threads", cast(1, "10", "2026-01-05T00:00:00Z"))
    voter = next(r for r in REQUEST["reviewers"] if r["id"].endswith("12"))
    reset = changed(REQUEST, reviewers=[voter | {"vote": 0}])
    (row,) = facts(("pull_requests", reset), given, **PLACE, number=12)["reviews"]
    assert row["verdict"] == "dismissed"


@pytest.mark.parametrize(
    ("reason", "resolution"),
    [
        ("Moved to state Closed", "done"),
        ("Acceptance tests pass", "done"),
        ("Completed", "done"),
        ("", "done"),
        ("Copied to Backlog", "not_planned"),
        ("Abandoned", "not_planned"),
        ("Split", "not_planned"),
        ("Out of scope", "not_planned"),
        ("Cannot Reproduce", "not_planned"),
        ("Duplicate", "duplicate"),
        ("Handed to the other team", "other"),
    ],
)
def test_why_a_work_item_was_closed(reason, resolution):
    fields = {
        "System.TeamProject": "Shop", "System.WorkItemType": "Bug", "System.State": "Closed",
        "System.Reason": reason, "System.CreatedDate": "2026-01-01T00:00:00Z",
        "System.ChangedDate": "2026-01-02T00:00:00Z", "System.Title": "x",
    }  # fmt: skip
    (row,) = facts(("work_items", {"id": 3, "rev": 1, "fields": fields}), **PLACE)["issues"]
    assert (row["status"], row["resolution"]) == ("done", resolution)


def test_the_author_of_the_comment_is_the_voter_where_identities_lack():
    voted = changed(next(t for t in recorded("threads") if t["id"] == 43), identities=None)
    (row,) = facts(("threads", voted), **PLACE, number=12)["reviews"]
    assert row["review"].endswith("12")


@pytest.mark.parametrize(
    "who",
    [
        {"displayName": "Shop Build Service", "uniqueName": "Build\\1", "id": "1"},
        {"displayName": "It", "uniqueName": "x@y", "id": "1", "descriptor": "svc.1"},
        {"id": "1"},
        None,
    ],
)
def test_services_and_those_without_a_name_are_nobody(who):
    (row,) = facts(("builds", changed(BUILD, requestedFor=who)))["builds"]
    assert row["starter"] is None


@pytest.mark.parametrize(
    ("who", "name", "address"),
    [
        ({"displayName": "Ada", "uniqueName": "ada@acme.example"}, "Ada", "ada@acme.example"),
        ({"displayName": "Ada", "uniqueName": "CORP\\ada"}, "Ada", "corp\\ada@azuredevops.invalid"),
        ({"uniqueName": "Ada <ada@acme.example>"}, "Ada", "ada@acme.example"),
        ("Ada <ada@acme.example>", "Ada", "ada@acme.example"),
        ({"displayName": "Ada"}, "Ada", "ada@azuredevops.invalid"),
    ],
)
def test_people_by_what_is_told_of_them(who, name, address):
    (person,) = facts(("builds", changed(BUILD, requestedFor=who)))["people"]
    assert (person["name"], person["address"]) == (name, address)


@pytest.mark.parametrize(
    ("repository", "repo"),
    [
        ({"type": "TfsGit", "id": "1", "name": "other"}, "acme/Shop/other"),
        ({"type": "GitHub", "id": "acme/site"}, "acme/site"),
        ({"type": "TfsVersionControl", "id": "$/"}, "acme/Shop"),
    ],
)
def test_builds_belong_to_what_was_built(repository, repo):
    (row,) = facts(("builds", changed(BUILD, repository=repository)), **PLACE)["builds"]
    assert row["repo"] == repo


def test_builds_of_the_place_are_called_as_it_is():
    (row,) = facts(("builds", BUILD), place="acme/shop/App")["builds"]
    assert row["repo"] == "acme/shop/App"


def test_a_build_that_goes_on_has_no_result():
    (row,) = facts(("builds", changed(BUILD, status="inProgress", result="none")))["builds"]
    assert (row["status"], row["result"]) == ("running", "")


def test_a_build_of_a_request_without_its_source_is_of_the_merge():
    tried = changed(BUILD, sourceBranch="refs/pull/7/merge", triggerInfo={})
    found = facts(("builds", tried))
    assert (found["builds"][0]["branch"], found["builds"][0]["sha"]) == (None, "c" * 40)
    assert found["item_links"][0]["target"] == "7"


def test_jobs_of_builds_that_were_read_before_know_their_commit():
    job = recorded("jobs")[1]
    beside = {"sourceVersion": "d" * 40, "sourceBranch": "refs/heads/main", "number": 9}
    (row,) = facts(("jobs", job), **PLACE, **beside)["jobs"]
    assert (row["repo"], row["build"], row["sha"]) == ("acme/Shop/app", "9", "d" * 40)
    tried = beside | {"sourceBranch": "refs/pull/7/merge"}
    assert facts(("jobs", job), **PLACE, **tried)["jobs"][0]["sha"] is None


@pytest.mark.parametrize(
    ("kind", "record", "field"),
    [
        ("threads", recorded("threads")[0], "its repository"),
        ("jobs", recorded("jobs")[1], "its repository"),
        ("pull_request_commits", recorded("pull_request_commits")[0], "its repository"),
        ("iterations", {"path": "\\Shop\\Area\\x", "structureType": "area"}, "no iteration"),
    ],
)
def test_what_does_not_say_where_it_belongs_is_told(kind, record, field):
    with pytest.raises(UNREADABLE, match=field):
        facts((kind, record))


def test_what_another_collector_notes_tells_where_it_belongs():
    """It asks by ids, which the pull request tells."""
    about = {"RepositoryId": REQUEST["repository"]["id"], "AzuredevopsId": 12}
    commit = recorded("pull_request_commits")[0]
    (row,) = facts(("pull_requests", REQUEST), ("pull_request_commits", commit), **about)["request_commits"]  # fmt: skip
    assert (row["repo"], row["number"]) == ("acme/Shop/app", "12")


def work(state: str, typed: str = "Bug", **more: Any) -> dict[str, Any]:
    record = copy.deepcopy(recorded("work_items")[0])
    told = {"System.WorkItemType": typed, "System.State": state}
    record["fields"] |= told | {k.replace("__", "."): v for k, v in more.items()}
    return record


def test_a_state_is_what_its_category_says():
    named = {"name": "Bug", "referenceName": "x", "states": [{"name": "Parked", "category": "Completed"}]}  # fmt: skip
    (row,) = facts(("work_item_types", named), ("work_items", work("Parked")))["issues"]
    assert (row["status"], row["status_original"]) == ("done", "Parked")


@pytest.mark.parametrize(
    ("state", "reason", "status", "resolution"),
    [
        ("To Do", "New", "open", ""),
        ("Committed", "Committed", "in_progress", ""),
        ("Resolved", "Fixed", "in_progress", ""),
        ("Done", "Work finished", "done", "done"),
        ("Closed", "Duplicate", "done", "duplicate"),
        ("Closed", "Obsolete", "done", "not_planned"),
        ("Removed", "Duplicate", "done", "duplicate"),
        ("Removed", "Removed from the backlog", "done", "not_planned"),
        ("Parked", "", "other", ""),
    ],
)
def test_states_of_the_processes_that_come_with_it(state, reason, status, resolution):
    (row,) = facts(("work_items", work(state, System__Reason=reason)))["issues"]
    assert (row["status"], row["resolution"]) == (status, resolution)


def test_a_change_of_something_else_is_no_event():
    found = facts(*(("work_items", one) for one in recorded("work_items")[:4]))
    told = [(row["after_original"], row["resolution"]) for row in found["issue_events"]]
    assert told == [("Active", ""), ("Closed", "done")]


@pytest.mark.parametrize(
    ("host", "path", "name"),
    [
        ("dev.azure.com", "acme/Shop/app", "acme/Shop/app"),
        ("ssh.dev.azure.com", "v3/acme/Shop/app", "acme/Shop/app"),
        ("dev.azure.com", "acme/app", "acme/app"),
    ],
)
def test_clones_are_found(host, path, name, monkeypatch):
    monkeypatch.delenv("AZURE_DEVOPS_URL", raising=False)
    place = forge_of(host, "Shop/app", path)
    assert place is not None
    assert (place.source.name, place.name) == ("azuredevops", name)
    assert place.door.address == "https://dev.azure.com"


def test_the_token_of_a_server_goes_to_that_server(monkeypatch):
    monkeypatch.setenv("AZURE_DEVOPS_URL", "https://tfs.example.com/tfs")
    place = forge_of("tfs.example.com", "Shop/app", "tfs/Default/Shop/app")
    assert place is not None
    assert (place.name, place.door.address) == ("Default/Shop/app", "https://tfs.example.com/tfs")
    assert place.door.secrets == ("AZURE_DEVOPS_EXT_PAT",)
    assert forge_of("dev.azure.com", "Shop/app", "acme/Shop/app") is None
    assert place_of("azuredevops:Default/Shop/app").door == place.door


def test_other_hosts_get_nothing(monkeypatch):
    monkeypatch.delenv("AZURE_DEVOPS_URL", raising=False)
    assert AZURE.interface.door("dev.azure.com.example", {}) is None
