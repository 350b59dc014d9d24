"""What of a decision can be traced: inputs, alternatives, approver and outcome.

`traces` is kept for one signal, one row per merged request of a human, and per dated record of a decision that was taken or tells no
status: repo, key, actor (empty for records), at (of the merge; the date a record tells), and of each of
the four whether it can be traced: 1, 0, or empty where no source is connected that could tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from trueup.facts.views.requests import at_home, fates

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

FOUR = ("inputs", "alternatives", "approver", "outcome")
_KEY = ("repo", "key")
_NUMBER = ("repo", "number")
_UNKNOWN = ibis.literal(None).cast("int64")


def keep_traces(facts: Facts) -> None:
    """Work out `traces`; needs the tables of `discussions`, `delivered` and `inspections`."""
    columns = ("repo", "key", "actor", "at", *FOUR)
    facts.keep("traces", _requests(facts).select(*columns).union(_records(facts).select(*columns)))


def _requests(facts: Facts) -> ibis.Table:
    merged = facts.table("proposals").filter(lambda t: t.status == "merged")
    records = _records_of_requests(facts)
    ways = {
        "inputs": _with_issue(facts).union(records.filter(records.context).select(*_NUMBER)),
        "alternatives": _argued(facts).union(records.filter(records.options).select(*_NUMBER)),
        "approver": _approved(facts, merged),
        "outcome": fates(facts).filter(lambda t: t.fate.isin(("landed", "rewritten"))),
    }
    told = merged
    for name, found in ways.items():
        flags = found.select(*_NUMBER).distinct().mutate(**{f"has_{name}": ibis.literal(1)})
        told = told.left_join(flags, list(_NUMBER)).drop("repo_right", "number_right")
    read = facts.table("given").select("repo").distinct().mutate(reviews=True)
    talked = ibis.union(
        *(at_home(facts, n).select("repo") for n in ("reviews", "comments")), distinct=True
    )
    told = told.left_join(read, "repo").drop("repo_right")
    told = told.left_join(talked.mutate(talks=True), "repo")
    seen = {
        "inputs": ibis.literal(True),
        "alternatives": told.talks.notnull(),
        "approver": told.reviews.notnull() | told.merger.notnull(),
        "outcome": ibis.literal(True),
    }
    return told.select(
        "repo",
        "key",
        "actor",
        at="merged_at",
        **{n: _told(told[f"has_{n}"], seen[n]) for n in FOUR},
    )


def _told(has: ibis.Value, seen: ibis.Value) -> ibis.Value:
    """1 where it was found, 0 where it would be seen, else nothing."""
    missing = ibis.ifelse(seen, 0, None).cast("int64")
    return ibis.coalesce(has.cast("int64"), missing)


def _with_issue(facts: Facts) -> ibis.Table:
    """Requests that name an issue, or whose commits do; other requests and what they take back are none."""
    links = at_home(facts, "item_links")
    named = links.filter(
        links.item_kind == "request", links.target_kind == "issue",
        ~links.relation.isin(("reverts", "duplicates")),
    )  # fmt: skip
    by_request = named.select("repo", "target", number="item")
    said = facts.table("links").filter(
        lambda t: (t.target_kind == "issue") & ~t.relation.isin(("absent", "reverts"))
    )
    delivered = facts.table("delivered").select("repo", "number", "sha")
    by_commit = delivered.inner_join(said.select("repo", "sha", "target"), ["repo", "sha"])
    every = by_request.union(by_commit.select("repo", "target", "number"))
    requests = facts.table("proposals").select("repo", target="key")
    return every.anti_join(requests, ["repo", "target"]).select(*_NUMBER)


def _records_of_requests(facts: Facts) -> ibis.Table:
    """Requests that a record of a decision names: repo, number, context, options."""
    links = facts.table("item_links")
    named = links.filter(links.item_kind == "decision", links.target_kind == "request")
    told = named.select("repo", "target", decision="item").inner_join(
        facts.table("decisions").select("repo", "decision", "context", "options"),
        ["repo", "decision"],
    )
    known = facts.table("homes")
    # Records are told for the clone or for the forge, whose names may differ.
    places = known.select("place", home="repo").union(known.select(place="repo", home="repo"))
    found = told.inner_join(places.distinct(), told.repo == places.place)
    return found.select("context", "options", repo="home", number="target")


def _argued(facts: Facts) -> ibis.Table:
    """Requests that met an objection or other code."""
    keys = facts.table("proposals").select("repo", "key", "number")
    objections = facts.table("objections").select("repo", "key")
    return keys.semi_join(objections, list(_KEY)).select(*_NUMBER)


def _approved(facts: Facts, merged: ibis.Table) -> ibis.Table:
    """Requests that another human than who proposed them approved before the merge, or merged."""
    spoken = facts.table("spoken").filter(lambda t: t.said == "approved")
    given = merged.inner_join(spoken.select("repo", "key", "at", by="who"), list(_KEY))
    given = given.filter(given.by != given.who, given["at"] <= given.merged_at)
    by_merge = merged.filter(merged.merger != merged.who)
    marks = facts.table("inspections").filter(lambda t: t.how == "trailer")
    by_trailer = facts.table("delivered").semi_join(marks, ["repo", "sha"])
    return ibis.union(*(rows.select(*_NUMBER) for rows in (given, by_merge, by_trailer)))


def _records(facts: Facts) -> ibis.Table:
    """Dated records that are not merely proposed; a proposal's author is not known to have approved it."""
    table = facts.table("decisions")
    told = table.filter(table.status.fill_null("") != "proposed", table.happened_at.notnull())
    links = facts.table("item_links")
    issues = links.filter(links.item_kind == "decision", links.target_kind == "issue")
    named = issues.select("repo", decision="item").distinct().mutate(named=True)
    told = told.left_join(named, ["repo", "decision"])
    heads = told.deciders.length().fill_null(0)
    one = (heads == 1) & (told.form == "record")
    approver = ibis.cases((heads > 1, 1), (one, 0), else_=_UNKNOWN)
    taken = told.status.isin(("accepted", "rejected", "superseded", "deprecated"))
    return told.select(
        "repo", key="decision", actor=ibis.literal(None).cast("string"), at="happened_at",
        inputs=(told.context.fill_null(False) | told.named.fill_null(False)).cast("int64"),
        alternatives=told.options.fill_null(False).cast("int64"),
        approver=approver.cast("int64"), outcome=taken.fill_null(False).cast("int64"),
    )  # fmt: skip
