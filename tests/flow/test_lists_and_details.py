"""Lists tell less of a thing than its own record does: in whatever order both are read, they give the same row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.reading import KEY, by_table, taken

from trueup.facts.rows import Rows
from trueup.runs.kinds import SOURCES

HERE = Path(__file__).parent
PLACE = {"azuredevops": "acme/Shop/app", "gitlab": "acme/platform/shop"}
#: Of a source: the kinds of the list and of the record alone, the recorded one with all there is, what lists
#: lack of it (dots lead into a field), and the table of its row.
BOTH = {
    "github requests": (
        "github", "pull_requests", "pull_requests", "pulls",
        "merged_by additions deletions changed_files commits comments review_comments", "requests",
    ),
    "github jobs": (
        "github", "check_runs", "jobs", "jobs", "run_id run_url run_attempt created_at steps", "jobs",
    ),
    "gitlab requests": (
        "gitlab", "merge_requests", "merge_requests", "merge_requests", "diff_refs changes_count", "requests",
    ),
    "gitlab pipelines": (
        "gitlab", "pipelines", "pipeline_details", "pipeline_details",
        "before_sha detailed_status started_at finished_at committed_at user yaml_errors", "builds",
    ),
    "bitbucket requests": (
        "bitbucket", "pull_requests", "pull_requests", "pull_requests", "merge_commit.date closed_by draft", "requests",
    ),
    "azuredevops requests": (
        "azuredevops", "pull_requests", "pull_request_details", "pull_request_details",
        "workItemRefs closedBy description", "requests",
    ),
}  # fmt: skip


def recorded(source: str, name: str) -> dict[str, Any]:
    found = json.loads((HERE / source / "raw" / f"{name}.json").read_text())
    return next(v for v in found.values() if isinstance(v, list))[0] if isinstance(found, dict) else found[0]  # fmt: skip


def without(record: dict[str, Any], lacking: str) -> dict[str, Any]:
    """A record as a list gives it; descriptions are cut there."""
    told = json.loads(json.dumps(record))
    for field in lacking.split():
        outer, _, inner = field.rpartition(".")
        within = told[outer] if outer else told
        if inner == "description":
            within[inner] = within[inner][:400]
        else:
            within.pop(inner, None)
    return told


def row(source: str, table: str, *records: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    rows, about = Rows(KEY), {"place": PLACE.get(source, "acme/app")}
    for kind, record in records:
        taken(SOURCES[source], kind, record, about=about, rows=rows)
    (found,) = by_table(rows)[table]
    return {name: value for name, value in found.items() if name != "source_key"}


@pytest.mark.parametrize("case", BOTH)
def test_a_list_takes_nothing_away(case):
    source, listed, alone, name, lacking, table = BOTH[case]
    whole = recorded(source, name)
    if case == "gitlab requests":
        whole |= {"diff_refs": {"base_sha": "b" * 40}, "changes_count": "3"}
    less = without(whole, lacking)
    expected = row(source, table, (alone, whole))
    assert row(source, table, (listed, less)) != expected, "there is something a list lacks"
    assert row(source, table, (alone, whole), (listed, less)) == expected
    assert row(source, table, (listed, less), (alone, whole)) == expected
