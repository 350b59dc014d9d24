"""Re-fixes: landed work that said it closes a ticket, and was followed by another try at the same one.

`fixing(facts)`: commits that say they close a ticket, or were brought by a merged request that says
so: repo, sha, ticket, landed_by, landed_at, item. Commits of one ticket that landed together, carry the
same subject or the same change id are one piece of work and have the same ``item``.

`refixes(facts)`: first tries followed by a second: repo, sha (of the first), by (of the second),
ticket, landed_at, refixed_at (when each landed). All of these hold: exactly two pieces of work say
they close the ticket (three or more make it an umbrella, of which nothing can be told); the second
landed `SOONEST` to `LATEST` days after the first; both touch one same file that is neither
documentation nor generated; the second is not documentation and tests alone; and the second does not
say it is a copy of the first.

Needs the kept table `path_info`. Not seen: tries that do not name the ticket, and files renamed in
between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

SOONEST, LATEST = 1, 90
DAY = 24 * 3600


def fixing(facts: Facts) -> ibis.Table:
    """Landed commits that say they close a ticket: repo, sha, ticket, landed_by, landed_at, item."""
    said = _said(facts)
    item = said.mutate(item=said.landed_by)
    for alike in ("subject_id", "change", "landed_by"):
        same = ibis.window(group_by=["repo", "ticket", alike])
        item = item.mutate(item=item["item"].min().over(same))
    return item.select("repo", "sha", "ticket", "landed_by", "landed_at", "item")


def refixes(facts: Facts) -> ibis.Table:
    """First tries and what followed: repo, sha, by, ticket, landed_at, refixed_at."""
    tries = fixing(facts)
    pairs = _pairs(tries)
    touched = _touched(facts, tries.semi_join(pairs, ["repo", "ticket"]))
    pairs = _on_same_files(pairs, touched)
    keys = ("repo", "ticket", "item")
    first = tries.select(*keys, "sha").inner_join(pairs.rename(item="first"), keys)
    second = tries.select(*keys, by="sha").inner_join(
        pairs.select("repo", "ticket", item="second"), keys
    )
    by = second.group_by("repo", "ticket").agg(by=lambda t: t.by.min())
    found = first.inner_join(by, ["repo", "ticket"])
    found = found.select("repo", "sha", "by", "ticket", "landed_at", "refixed_at")
    return found.anti_join(_copies(facts), ["repo", "sha", "by"])


def _said(facts: Facts) -> ibis.Table:
    """Commits that are no merges, with each ticket they or the request that brought them close."""
    links = facts.table("links")
    closes = links.filter(links.relation == "closes", links.target_kind == "issue")
    closes = closes.select("repo", "sha", ticket="target")
    changes = links.filter(links.relation == "change").group_by("repo", "sha")
    change = changes.agg(change=lambda t: t.target.min())
    landings = facts.table("landings").filter(lambda t: t.line == "default")
    landed = landings.select("repo", "sha", "landed_by", "landed_at")
    commits = facts.table("commits")
    single = commits.filter(commits.parents.length() < 2).select("repo", "sha", "subject_id")
    single = single.inner_join(landed, ["repo", "sha"])
    itself = single.inner_join(closes, ["repo", "sha"])
    brought = single.inner_join(closes.rename(landed_by="sha"), ["repo", "landed_by"])
    both = itself.union(brought.select(*itself.columns), distinct=True)
    told = both.left_join(change, ["repo", "sha"])
    # without a change id of its own a commit is only like itself
    return told.select(*both.columns, change=told.change.fill_null(told.sha))


def _pairs(tries: ibis.Table) -> ibis.Table:
    """Tickets with exactly two pieces of work, the second within the days that count."""
    items = tries.group_by("repo", "ticket", "item").agg(at=tries.landed_at.min())
    counted = items.group_by("repo", "ticket").agg(
        n=items.count(), landed_at=items["at"].min(), refixed_at=items["at"].max()
    )
    waited = counted.refixed_at.epoch_seconds() - counted.landed_at.epoch_seconds()
    two = counted.filter(counted.n == 2, waited >= SOONEST * DAY, waited <= LATEST * DAY)
    named = items.inner_join(two.drop("n"), ["repo", "ticket"])
    first = named.filter(named["at"] == named.landed_at).rename(first="item").drop("at")
    second = named.filter(named["at"] == named.refixed_at)
    return first.inner_join(second.select("repo", "ticket", second="item"), ["repo", "ticket"])


def _touched(facts: Facts, tries: ibis.Table) -> ibis.Table:
    """Files of each try, documentation and what nobody writes left out."""
    changes = facts.table("changes").filter(lambda t: t.kind == "file")
    roles = facts.table("path_info").filter(lambda t: t.role.isin(("code", "data", "test")))
    return (
        tries.select("repo", "ticket", "item", "sha")
        .inner_join(changes.select("repo", "sha", "path"), ["repo", "sha"])
        .inner_join(roles.select("repo", "path", "role"), ["repo", "path"])
        .select("repo", "ticket", "item", "path", "role")
        .distinct()
    )


def _on_same_files(pairs: ibis.Table, touched: ibis.Table) -> ibis.Table:
    """Pairs that share a file, the second touching more than documentation and tests."""
    keys = ("repo", "ticket", "path")
    first = touched.rename(first="item").semi_join(pairs, ["repo", "ticket", "first"])
    second = touched.rename(second="item").semi_join(pairs, ["repo", "ticket", "second"])
    shared = first.select(*keys).inner_join(second.select(*keys), keys)
    at_work = second.filter(second.role != "test")
    return pairs.semi_join(shared, ["repo", "ticket"]).semi_join(at_work, ["repo", "ticket"])


def _copies(facts: Facts) -> ibis.Table:
    """Commits and what they say they are copies of."""
    links = facts.table("links").filter(lambda t: t.relation == "cherry_pick_of")
    return links.select("repo", sha="target", by="sha")
