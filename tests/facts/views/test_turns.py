"""What the status of an issue was before it changed, where the tracker tells and where it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import ibis
import pyarrow as pa

from trueup.facts.views.turns import turns


def told(*events):
    """Rows of `issue_events` of one issue, an hour apart: field, before, after."""
    began = datetime(2026, 1, 5, tzinfo=UTC)
    rows = [
        {
            "repo": "acme/app", "key": "#1", "event": str(n), "happened_at": began + timedelta(hours=n),
            "field": field, "before": before, "after": after,
        }
        for n, (field, before, after) in enumerate(events)
    ]  # fmt: skip
    backend = ibis.duckdb.connect()
    table = backend.create_table("issue_events", pa.Table.from_pylist(rows))
    found = backend.to_pyarrow(turns(table).order_by("event")).to_pylist()
    return [(row["before"], row["after"]) for row in found]


def test_what_the_tracker_tells_stands():
    assert told(("status", "open", "done"), ("status", "done", "open")) == [
        ("open", "done"),
        ("done", "open"),
    ]


def test_else_it_was_what_the_change_before_made_it():
    events = [("status", None, "done"), ("label", None, "x"), ("status", "", "in_progress"), ("status", None, "done")]  # fmt: skip
    assert told(*events) == [("", "done"), ("done", "in_progress"), ("in_progress", "done")]
