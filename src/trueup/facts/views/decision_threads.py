"""Threads that end in a decision, when they ended, and whether that lasted.

A thread is a request in which two humans or more spoke, or a design issue (see `discussions`). It ends
with a merge or a closing by a human; closings by bots end nothing. What was reopened or reverted soon
did not end then, and what was closed and opened again within a day was not decided. Records of decisions tell when they were decided, and by links which replaced them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.engine import Facts

DAY = 24 * 3600
#: Closed and opened again sooner is a slip of the hand, or asks for another build.
SLIP = DAY
_ONE, _ZERO = ibis.literal(1).cast("int64"), ibis.literal(0).cast("int64")


def keep_threads(facts: Facts, lasts: int) -> None:
    """Work out `threads`, with their ends; needs the tables of `discussions`.

    Columns: repo, key, actor (who opened it), opened_at, voices (0 nobody knows, 1, 2 for more),
    ended_at (of the first end that lasted ``lasts`` days, or until when it is known to have none),
    decided (1 or 0), stood (days from the first end until it was undone or is still seen to stand,
    at most ``lasts``; -1 without one), undone (1 or 0).
    """
    started = facts.keep("threads_started", ibis.union(_requests(facts), _issues(facts)))
    ends = facts.keep("threads_ended", _ends(facts, started, lasts))
    told = started.left_join(ends, ["repo", "key"]).left_join(facts.table("read_until"), "repo")
    seen = facts.table("repositories").select("repo", "observed_until")
    told = told.left_join(seen, "repo")
    # Reverts show in the clone, everything else in the forge.
    watched = ibis.least(told.until, told.observed_until.fill_null(told.until))
    open_until = ibis.ifelse(
        told.closed_at.isnull(),
        told.until,
        ibis.greatest(told.closed_at, told.last_undone.fill_null(told.closed_at)),
    )
    until = ibis.coalesce(told.first_undone, watched)
    stood = (until.epoch_seconds() - told.first_end.epoch_seconds()) // DAY
    undone = told.first_undone.notnull() & (stood < lasts)
    found = told.select(
        "repo", "key", "actor", "opened_at", "voices",
        ended_at=ibis.coalesce(told.lasting_end, open_until),
        decided=told.lasting_end.notnull().cast("int64"),
        stood=ibis.ifelse(
            told.first_end.isnull(), -1, stood.clip(lower=0, upper=lasts)
        ).cast("int64"),
        undone=undone.fill_null(False).cast("int64"),
    )  # fmt: skip
    facts.keep("threads", found)


def records(facts: Facts, lasts: int, end: datetime) -> ibis.Table:
    """Dated records of decisions that were taken, with the columns of `threads` that they can tell.

    Voices are told by who decided it; the one author of a proposal is not known to have decided. One
    that was replaced on the very date it tells may have been dated anew then: it is left out.
    """
    table = facts.table("decisions")
    taken = table.filter(table.status.isin(("accepted", "rejected", "superseded", "deprecated")))
    dates = table.select("repo", "decision", "happened_at")
    links = facts.table("item_links")
    named = links.filter(links.item_kind == "decision", links.target_kind == "decision")
    over = named.filter(named.relation == "supersedes")
    over = over.select("repo", "target", decision="item").inner_join(dates, ["repo", "decision"])
    by = named.filter(named.relation == "superseded_by").select("repo", "item", decision="target")
    by = by.inner_join(dates, ["repo", "decision"])
    pairs = over.select("repo", "happened_at", decision="target").union(
        by.select("repo", "happened_at", decision="item")
    )
    replaced = pairs.group_by("repo", "decision").agg(again_at=lambda t: t.happened_at.min())
    told = taken.left_join(replaced, ["repo", "decision"])
    told = told.filter((told.again_at > told.happened_at).fill_null(True))
    stood = _standing(told, ibis.least(told.seen_at, ibis.literal(end)))
    heads = told.deciders.length().fill_null(0)
    voices = ibis.cases((heads > 1, 2), ((heads == 1) & (told.form == "record"), 1), else_=0)
    return told.select(
        scope=ibis.literal(""), opened_at="happened_at", voices=voices.cast("int64"),
        hours=ibis.literal(-1).cast("int64"), decided=_ONE,
        stood=stood.clip(lower=0, upper=lasts),
        undone=(told.again_at.notnull() & (stood < lasts)).cast("int64"),
    )  # fmt: skip


def _standing(told: ibis.Table, until: ibis.Value) -> ibis.Value:
    """Days that a record stood until it was replaced, or was last read."""
    last = ibis.coalesce(told.again_at, until).epoch_seconds()
    return ((last - told.happened_at.epoch_seconds()) // DAY).cast("int64")


def _requests(facts: Facts) -> ibis.Table:
    spoken = facts.table("spoken").filter(lambda t: ~t.bare)
    voices = spoken.group_by("repo", "key").agg(heard=lambda t: t.who.nunique())
    heard = voices.filter(voices.heard > 1)
    proposed = facts.table("proposals").semi_join(heard, ["repo", "key"])
    return proposed.select(
        "repo", "key", "actor", "opened_at",
        closed_at=ibis.coalesce(proposed.merged_at, proposed.closed_at),
        merged=proposed.merged_at.notnull(), machine=ibis.literal(False), voices=_ONE + 1,
    )  # fmt: skip


def _issues(facts: Facts) -> ibis.Table:
    issues = facts.table("design_issues")
    read = facts.table("comments").select(place="repo").distinct()
    spoken = facts.table("spoken").inner_join(
        issues.select("repo", "key", "closed_at", maker="who"), ["repo", "key"]
    )
    heard = spoken.filter(
        spoken.who != spoken.maker, (spoken["at"] <= spoken.closed_at).fill_null(True)
    )
    others = heard.select("repo", "key").distinct().mutate(others=True)
    told = issues.left_join(others, ["repo", "key"]).left_join(read, issues.repo == read.place)
    joined = told.others.fill_null(False) | (told.closer != told.who).fill_null(False)
    known = told.place.notnull() | (told.comments == 0).fill_null(False)
    return told.select(
        "repo", "key", "actor", "opened_at", "closed_at", merged=ibis.literal(False),
        machine="machine", voices=ibis.cases((joined, 2), (known, 1), else_=0).cast("int64"),
    )  # fmt: skip


def _closings(facts: Facts, started: ibis.Table) -> ibis.Table:
    """Merges and closings by hand: repo, key, at, merge. What a bot closed nobody decided."""
    events = facts.table("moves")
    closings = events.filter(events.closes)
    by_machine = closings.filter(closings.machine).select("repo", "key", "at")
    closed = started.filter(started.closed_at.notnull(), ~started.machine)
    told = closed.select("repo", "key", "merged", at="closed_at")
    bots = by_machine.select("repo", "key", machine_at="at")
    near = told.inner_join(bots, ["repo", "key"])
    near = near.filter((near["at"].epoch_seconds() - near.machine_at.epoch_seconds()).abs() <= 60)
    told = told.anti_join(near.filter(~near.merged), ["repo", "key"])
    by_hand = closings.filter(~closings.machine).semi_join(started, ["repo", "key"])
    return told.select("repo", "key", "at", merge=told.merged).union(
        by_hand.select("repo", "key", "at", merge=ibis.literal(False))
    )


def _ends(facts: Facts, started: ibis.Table, lasts: int) -> ibis.Table:
    """Of threads that ended: first_end, first_undone (when that was), lasting_end, last_undone."""
    undone = facts.table("undone").select("repo", "key", undone_at="at")
    pairs = _closings(facts, started).left_join(undone, ["repo", "key"])
    after = pairs.group_by("repo", "key", "at").agg(
        merge=pairs.merge.any(),
        next=pairs.undone_at.min(where=pairs.undone_at >= pairs["at"]),
        last=pairs.undone_at.max(),
    )
    stood = after["next"].epoch_seconds() - after["at"].epoch_seconds()
    slip = ~after.merge & (stood < SLIP)
    after = after.mutate(lasting=(stood >= lasts * DAY).fill_null(True), stood=stood)
    after = after.filter(~slip.fill_null(False))
    first = after["at"].min().over(ibis.window(group_by=["repo", "key"]))
    after = after.mutate(first=first)
    return after.group_by("repo", "key").agg(
        first_end=after["at"].min(),
        first_undone=after["next"].min(where=after["at"] == after["first"]),
        lasting_end=after["at"].min(where=after.lasting),
        last_undone=after["last"].max(),
    )
