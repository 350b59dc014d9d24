"""Changes of the status of issues and requests, with what it was before."""

from __future__ import annotations

import ibis


def turns(events: ibis.Table) -> ibis.Table:
    """Those rows of `issue_events` that are about the status; ``before`` and ``after`` are never null.

    Some trackers tell only what a status became: it was before what the event before made it.
    """
    told = events.filter(events.field == "status")
    order = ibis.window(group_by=["repo", "key"], order_by=[told.happened_at, told.event])
    earlier = told.after.lag().over(order)
    before = ibis.coalesce(told.before.nullif(""), earlier, "")
    return told.mutate(before=before, after=told.after.fill_null(""))
