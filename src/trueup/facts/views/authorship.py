"""Who has worked on the files that are there now, under the names they have now.

`authorship(facts, moment)`: repo, path, actor, own (changes by that person), first (1 for whoever
created the file), alive (1 for people who landed anything in the year before), total (changes by
anybody, bots and agents included), heat (changes in the year before). One row per code or test file
that changed in that year and person who ever changed it; one with an empty actor where nobody did.

Only what landed on the default branch before the moment counts, and no bulk edit (`MASS` files).
`RENAMES` renames are followed back; which files there are is known for the end of the branch alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from trueup.facts.changes import MASS

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.engine import Facts

YEAR = 365 * 24 * 3600
RENAMES = 3
_FAR = 1 << 40


def authorship(facts: Facts, moment: datetime) -> ibis.Table:
    """People and files: repo, path, actor, own, first, alive, total, heat."""
    year_ago = int(moment.timestamp()) - YEAR
    landed = _landed(facts, moment)
    touches = _touches(facts, landed)
    recent = (touches["at"] >= year_ago).cast("int64")
    files = touches.group_by("repo", "path").agg(total=touches.count(), heat=recent.sum())
    people = touches.filter(touches.kind == "human")
    known = people.group_by("repo", "path", "actor").agg(
        own=people.count(), first=people.first.cast("int64").max()
    )
    alive = landed.filter(landed["at"] >= year_ago).select("actor").distinct()
    known = known.left_join(alive.mutate(alive=ibis.literal(1, "int64")), "actor")
    known = known.select("repo", "path", "actor", "own", "first", "alive")
    told = files.filter(files.heat > 0).left_join(known, ["repo", "path"])
    empty = {name: told[name].fill_null(0) for name in ("own", "first", "alive")}
    return told.select("repo", "path", "total", "heat", actor=told.actor.fill_null(""), **empty)


def _landed(facts: Facts, moment: datetime) -> ibis.Table:
    """Commits on the default branch by that moment, and who made them."""
    landings = facts.table("landings").filter(
        lambda t: t.line == "default", lambda t: t.landed_at < ibis.literal(moment)
    )
    landed = landings.select("repo", "sha", at=_seconds(landings.landed_at))
    commits = facts.table("commits").select("repo", "sha", "author")
    actors = facts.table("actors").select("actor", "kind", author="identity")
    return landed.inner_join(commits, ["repo", "sha"]).inner_join(actors, "author").drop("author")


def _touches(facts: Facts, landed: ibis.Table) -> ibis.Table:
    """Every landed change of a file that is there now, under the name it has now."""
    changes = facts.table("changes").filter(lambda t: t.kind == "file")
    bulk = changes.group_by("repo", "sha").agg(n=changes.count()).filter(lambda t: t.n > MASS)
    changes = changes.select(
        "repo", "sha", "status", happened=_seconds(changes.happened_at), then="path"
    )
    told = (
        _names(facts)
        .inner_join(changes, ["repo", "then"])
        .filter(lambda t: t.happened <= t.until)
        .anti_join(bulk, ["repo", "sha"])
        .inner_join(landed, ["repo", "sha"])
    )
    order = ibis.window(group_by=["repo", "path"], order_by=["happened", "sha", "then"])
    earliest = ibis.row_number().over(order) == 0
    created = earliest & (told.status == "A")
    return told.select("repo", "path", "actor", "kind", "at", first=created)


def _names(facts: Facts) -> ibis.Table:
    """Files there now, each with its former names and until when they were its."""
    files = facts.table("files").filter(lambda t: t.role.isin(("code", "test")))
    step = files.select("repo", "path", then="path", until=ibis.literal(_FAR, "int64"))
    changes = facts.table("changes").filter(lambda t: t.status == "R")
    moved = changes.select("repo", "old_path", then="path", moved_at=_seconds(changes.happened_at))
    steps = [step]
    for _ in range(RENAMES):
        back = step.inner_join(moved, ["repo", "then"]).filter(lambda t: t.moved_at <= t.until)
        step = back.group_by("repo", "path", then="old_path").agg(until=back.moved_at.max())
        steps.append(step)
    every = ibis.union(*steps)
    return every.group_by("repo", "path", "then").agg(until=every.until.max())


def _seconds(moment: ibis.Value) -> ibis.Value:
    # 64 bits, because the engine's own 32 end in 2038
    return moment.epoch_seconds().cast("int64")
