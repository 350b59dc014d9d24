"""Buildbot: corner cases of the mapping."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.reading import taken, with_people

from trueup.facts.rows import OddRecordError
from trueup.runs.kinds import SOURCES

RAW = Path(__file__).parents[1] / "flow/buildbot/raw"
SOURCE = SOURCES["buildbot"]
SHA = "3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e"


def build(properties: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    """A recorded build, changed."""
    found = json.loads((RAW / "builds.json").read_text())["builds"][0] | changed
    told = {name: [value, "Build"] for name, value in (properties or {}).items()}
    return found | {"properties": {**found["properties"], **told}}


def mapped(kind: str, record: dict[str, Any], **about: Any) -> dict[str, list[dict[str, Any]]]:
    rows = taken(SOURCE, kind, record, about=about)
    return with_people(rows) | {"unknown": list(rows.unknown_values)}


@pytest.mark.parametrize(
    ("number", "word", "result"),
    [
        (0, "success", "success"), (1, "warnings", "success"), (2, "failure", "failure"),
        (3, "skipped", "skipped"), (4, "exception", "failure"), (5, "retry", "cancelled"),
        (6, "cancelled", "cancelled"),
    ],
)  # fmt: skip
def test_results_have_names(number: int, word: str, result: str):
    (row,) = mapped("builds", build(results=number))["builds"]
    assert (row["result"], row["result_original"]) == (result, word)


def test_an_unknown_result_is_counted():
    found = mapped("builds", build(results=7))
    assert [(r["result"], r["result_original"]) for r in found["builds"]] == [("other", "7")]
    assert found["unknown"] == [("builds.result", "7")]


def test_what_still_runs_has_no_result():
    (row,) = mapped("builds", build(complete=False, complete_at=None, results=0))["builds"]
    assert (row["status"], row["result"], row["ended_at"]) == ("running", "", None)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"got_revision": "a" * 40, "revision": "b" * 40}, "a" * 40),
        ({"got_revision": None, "revision": "b" * 40}, "b" * 40),
        ({"got_revision": None, "revision": "HEAD"}, None),
        ({"got_revision": None, "revision": ""}, None),
        ({"got_revision": None, "revision": None}, None),
        ({"got_revision": {"": "a" * 40}}, "a" * 40),
        ({"got_revision": {"one": "a" * 40, "two": "a" * 40}}, "a" * 40),
        ({"got_revision": {"one": "a" * 40, "two": "b" * 40}}, None),
        ({"got_revision": 48211}, "48211"),
    ],
)
def test_the_commit_is_what_was_checked_out(properties: dict[str, Any], expected: str | None):
    (row,) = mapped("builds", build(properties))["builds"]
    assert row["sha"] == expected


@pytest.mark.parametrize(
    ("owner", "person"),
    [
        ("Ben Ito <ben@example.org>", ("Ben Ito", "ben@example.org")),
        ("<ben@example.org>", ("ben@example.org", "ben@example.org")),
        ("ben@example.org", ("ben@example.org", "ben@example.org")),
        ("ben", ("ben", "ben@buildbot.invalid")),
        ("anonymous", None),
        ("", None),
        (None, None),
        (["ben"], None),
    ],
)
def test_who_asked_for_it(owner: Any, person: tuple[str, str] | None):
    found = mapped("builds", build({"owner": owner}))
    assert [(p["name"], p["address"]) for p in found["people"]] == ([person] if person else [])
    assert (found["builds"][0]["starter"] is None) == (person is None)


def test_the_builder_is_told_by_the_build_or_was_asked_for():
    assert mapped("builds", build(), place="*")["builds"][0]["repo"] == "unit tests"
    bare = build() | {"properties": {}}
    assert mapped("builds", bare, place="lint")["builds"][0]["repo"] == "lint"
    for about in ({"place": "*"}, {}):
        with pytest.raises(OddRecordError, match="builder"):
            mapped("builds", bare, **about)


def test_a_step_is_told_of_its_build():
    record = {
        "buildid": 1, "stepid": 2, "name": "test", "complete": True, "results": 2,
        "started_at": 1767607200, "complete_at": 1767607260,
    }  # fmt: skip
    about = {"properties.buildername": ["lint", "Builder"], "properties.revision": [SHA, "Build"]}
    (row,) = mapped("steps", record, place="*", **about)["jobs"]
    assert (row["repo"], row["build"], row["sha"], row["result"]) == ("lint", "1", SHA, "failure")
    with pytest.raises(OddRecordError, match="builder"):
        mapped("steps", record)


def test_a_password_is_sent_as_basic():
    assert SOURCE.interface.headers("ada:word")["Authorization"] == "Basic YWRhOndvcmQ="
    assert "Authorization" not in SOURCE.interface.headers("")
    door = SOURCE.interface.door("", {"BUILDBOT_URL": "https://ci.example.org/buildbot/"})
    assert door.address == "https://ci.example.org/buildbot/api/v2"
