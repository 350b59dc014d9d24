"""Records of Linear: states, duplicates, what is attached, who moved or deleted what; and how it is asked."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.sources.reading import taken, with_people

from trueup.runs.forges import place_of
from trueup.runs.kinds import SOURCES

LINEAR = SOURCES["linear"]
RAW = Path(__file__).parents[1] / "flow/linear/raw"
ISSUE, OPEN, *_ = json.loads((RAW / "issues.json").read_text())
COMMENT = json.loads((RAW / "comments.json").read_text())[0]


def facts(kind: str, record: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return with_people(taken(LINEAR, kind, record))


def issue(**more: Any) -> dict[str, Any]:
    return copy.deepcopy(OPEN) | more


def nodes(*found: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": more}, "nodes": list(found)}


def state(typed: str) -> dict[str, str]:
    return {"name": "However it is called", "type": typed}


DUPLICATE = {"type": "duplicate", "createdAt": None, "relatedIssue": {"identifier": "ENG-1"}}


@pytest.mark.parametrize(
    ("typed", "status", "resolution"),
    [
        ("triage", "open", ""),
        ("backlog", "open", ""),
        ("unstarted", "open", ""),
        ("started", "in_progress", ""),
        ("completed", "done", "done"),
        ("canceled", "done", "not_planned"),
        ("duplicate", "done", "duplicate"),
        ("paused", "other", ""),
    ],
)
def test_states_by_their_type(typed, status, resolution):
    (row,) = facts("issues", issue(state=state(typed)))["issues"]
    assert (row["status"], row["resolution"]) == (status, resolution)


def test_what_was_cancelled_as_a_duplicate():
    (row,) = facts("issues", issue(state=state("canceled"), relations=nodes(DUPLICATE)))["issues"]
    assert (row["resolution"], row["resolution_original"]) == ("duplicate", "canceled")


def test_an_issue_that_was_opened_again_is_not_closed():
    (row,) = facts("issues", issue(completedAt="2026-01-05T08:00:00Z"))["issues"]
    assert row["closed_at"] is None


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://github.com/acme/app/pull/12", ("request", "acme/app#12")),
        ("https://github.example/acme/app/pull/12/files#r1", ("request", "acme/app#12")),
        ("https://gitlab.com/acme/shop/app/-/merge_requests/4", ("request", "acme/shop/app!4")),
        ("https://gitlab.com/acme/app/merge_requests/4", ("request", "acme/app!4")),
        (f"https://github.com/acme/app/commit/{'a' * 40}", ("commit", "a" * 40)),
        ("https://github.com/acme/app/issues/12", None),
        ("https://example.com/pull/12", None),
        ("slack://x", None),
    ],
)
def test_what_is_attached(url, link):
    attached = nodes({"url": url, "createdAt": "2026-01-05T08:00:00Z"})
    rows = facts("issues", issue(attachments=attached)).get("item_links", [])
    assert [(r["target_kind"], r["target"]) for r in rows] == ([link] if link else [])


def test_what_does_not_fit_an_answer_is_told():
    rows = taken(LINEAR, "issues", issue(history=nodes(more=True)))
    assert rows.remarks == {"more history of a record than one answer holds": 1}


def test_what_was_deleted_or_moved_is_gone():
    told = [(g[0].name, g[2]) for g in taken(LINEAR, "issues", issue(trashed=True)).graves()]
    assert told == [("issues", {"repo": "ENG", "key": "ENG-2"})]
    rows = taken(LINEAR, "issues", issue(previousIdentifiers=["OPS-2"]))
    assert [g[2] for g in rows.graves()] == [{"repo": "OPS", "key": "OPS-2"}]


def test_applications_are_told_as_such():
    (person,) = facts("comments", COMMENT | {"user": {"id": "u", "name": "Coder", "app": True}})["people"]  # fmt: skip
    assert (person["name"], person["address"]) == ("Coder[bot]", "u@linear.invalid")


def test_a_project_of_several_teams_belongs_to_each():
    project = json.loads((RAW / "projects.json").read_text())[0]
    assert {r["repo"] for r in facts("projects", project)["milestones"]} == {"ENG", "OPS"}


@pytest.mark.parametrize("broken", [{"team": {"key": ""}}, {"team": {"key": 3}}])
def test_an_issue_without_a_team(broken):
    with pytest.raises(ValueError, match="its team"):
        taken(LINEAR, "issues", issue(**broken))


def test_keys_and_tokens():
    face = LINEAR.interface
    assert face.headers("lin_api_1")["Authorization"] == "lin_api_1"
    assert face.headers("lin_oauth_1")["Authorization"] == "Bearer lin_oauth_1"
    assert "Authorization" not in face.headers("")
    assert place_of("linear:ENG").door.graph == "https://api.linear.app/graphql"
    assert face.door("api.linear.app.example", {}) is None


def cost(of: str) -> float:
    """What Linear counts for a question: a thing is 1, a field 0.1, and a list as many as it asks for."""

    def level(at: int, factor: float) -> tuple[float, int]:
        total, last, times = 0.0, 0, 1.0
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if token.startswith("("):
                found = re.search(r"first: (\d+)", token)
                times = float(found[1]) if found else 1.0
            elif token == "{":
                inner, at = level(at, factor * times)
                total += inner + factor * times - last * 0.1 * factor
                times = 1.0
            elif token == "}":
                return total, at
            else:
                total, last, times = total + 0.1 * factor, 1, 1.0
        return total, at

    text = of[of.index("{") :]
    tokens = re.findall(r"\((?:[^()]|\([^()]*\))*\)|[{}]|\w+", text)
    return level(0, 1.0)[0]


@pytest.mark.parametrize("kind", LINEAR.kinds, ids=lambda k: k.name)
def test_no_question_costs_more_than_linear_allows(kind):
    assert 100 < cost(kind.listing.query) < 10_000
