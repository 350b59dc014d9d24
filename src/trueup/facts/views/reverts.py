"""Reverts: changes on the default branch that a later commit there took back, and that stayed back.

One row per change taken back: repo, sha, by (the commit that took it back), landed_at and reverted_at
(when each landed on the default branch), how.

A commit takes back what its message says it reverts, in this order, the first that leads anywhere:

`commit`: a commit id, whole or cut to seven digits or more, that fits exactly one commit which landed
no later. `merge`: the same, where that commit is a merge: then everything it brought was taken back.
`pull`: the number of a request, whose landed commits (or merge) carry that number. `subject`: the
quoted subject; of several landed commits with that subject the latest. `reapply`: a later commit
that says it applies the reverted change again, or adds its lines again, takes the revert back.

A revert that was itself taken back undid nothing, so its change is not listed (chains of up to four
are followed); the revert then is. Reverting and reverted commits that landed by one merge are left
out, for such a change never stood on the branch by itself. Partial reverts are none. A merge that says
it reverts counts only where no commit it brought says so.

Not seen: a branch that is merged once more after its merge was reverted (git shows no mark), and
reverts whose message says neither what nor that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

HOW = ("commit", "merge", "pull", "subject", "reapply")
#: Digits by which cut commit ids are looked up before they are compared in full.
_DIGITS = 7
_EDGE = ("repo", "sha", "by", "landed_by", "landed_at", "reverted_at", "how")


def reverts(facts: Facts) -> ibis.Table:
    """Changes taken back: repo, sha, by, landed_at, reverted_at, how."""
    landed = _landed(facts)
    said = _said(facts, landed)
    edges = _edges(landed, _first_that_leads(_targets(facts, landed, said)))
    edges = edges.union(_reapplied(facts, landed, edges), distinct=True)
    standing = edges
    for _ in range(3):
        # a merge that reverts is undone by undoing what it brought
        undone = standing.select("repo", by="sha").union(standing.select("repo", by="landed_by"))
        standing = edges.anti_join(undone, ["repo", "by"])
    order = ibis.window(group_by=["repo", "sha"], order_by=["reverted_at", "by", "how"])
    first = standing.mutate(place=ibis.row_number().over(order))
    return first.filter(first.place == 0).select(*_EDGE).drop("landed_by")


def _landed(facts: Facts) -> ibis.Table:
    """Commits of the default branch, merges among them."""
    commits = facts.table("commits").select(
        "repo", "sha", "subject_id", merge=lambda t: t.parents.length() > 1
    )
    on = facts.table("landings").filter(lambda t: t.line == "default")
    return on.select("repo", "sha", "landed_by", "landed_at").inner_join(commits, ["repo", "sha"])


def _said(facts: Facts, landed: ibis.Table) -> ibis.Table:
    """What landed commits say they revert."""
    links = facts.table("links").filter(lambda t: t.relation == "reverts")
    who = landed.select(
        "repo", by="sha", by_landing="landed_by", reverted_at="landed_at", by_merge="merge"
    )
    said = links.select("repo", "target_kind", "target", by="sha").inner_join(who, ["repo", "by"])
    plain = said.filter(~said.by_merge)
    merges = said.filter(said.by_merge).anti_join(
        plain.select("repo", by="by_landing"), ["repo", "by"]
    )
    return plain.union(merges).drop("by_merge")


def _targets(facts: Facts, landed: ibis.Table, said: ibis.Table) -> ibis.Table:
    """What each revert may mean, with the order in which to believe it."""
    given = landed.select("repo", "sha", "landed_at", "subject_id", "merge")
    found = (_by_id(given, said), _by_number(facts, given, said), _by_subject(given, said))
    columns = ("repo", "by", "by_landing", "reverted_at", "sha", "merge", "how")
    return ibis.union(
        *(rows.select(*columns, trust=ibis.literal(i)) for i, rows in enumerate(found)),
        distinct=True,
    )


def _by_id(given: ibis.Table, said: ibis.Table) -> ibis.Table:
    named = said.filter(said.target_kind == "commit").mutate(digits=said.target.left(_DIGITS))
    there = given.mutate(digits=given.sha.left(_DIGITS)).drop("subject_id")
    fits = named.inner_join(there, ["repo", "digits"]).filter(
        lambda t: t.sha.left(t.target.length()) == t.target,
        lambda t: t.landed_at <= t.reverted_at,
        lambda t: t.sha != t.by,
    )
    alike = ibis.window(group_by=["repo", "by", "target"])
    fits = fits.mutate(fitting=fits.sha.count().over(alike))
    return fits.filter(fits.fitting == 1).mutate(
        how=fits.merge.ifelse(ibis.literal("merge"), ibis.literal("commit"))
    )


def _by_number(facts: Facts, given: ibis.Table, said: ibis.Table) -> ibis.Table:
    pulls = (
        facts.table("links").filter(lambda t: t.relation == "pull").select("repo", "sha", "target")
    )
    named = said.filter(said.target_kind == "pull")
    fits = named.inner_join(pulls, ["repo", "target"]).inner_join(given, ["repo", "sha"])
    fits = fits.filter(fits.landed_at <= fits.reverted_at, fits.sha != fits.by)
    return fits.mutate(how=ibis.literal("pull"))


def _by_subject(given: ibis.Table, said: ibis.Table) -> ibis.Table:
    named = said.filter(said.target_kind == "subject")
    single = given.filter(~given.merge).rename(target="subject_id")
    fits = named.inner_join(single, ["repo", "target"])
    fits = fits.filter(fits.landed_at <= fits.reverted_at, fits.sha != fits.by)
    order = ibis.window(
        group_by=["repo", "by", "target"], order_by=[ibis.desc("landed_at"), ibis.asc("sha")]
    )
    latest = fits.mutate(place=ibis.row_number().over(order))
    return latest.filter(latest.place == 0).mutate(how=ibis.literal("subject"))


def _first_that_leads(targets: ibis.Table) -> ibis.Table:
    best = targets.mutate(best=targets.trust.min().over(ibis.window(group_by=["repo", "by"])))
    return best.filter(best.trust == best.best)


def _edges(landed: ibis.Table, targets: ibis.Table) -> ibis.Table:
    """Reverted and reverting commits; a merge stands for the commits it brought."""
    single = landed.filter(~landed.merge).select("repo", "sha", "landed_by", "landed_at")
    plain = targets.filter(~targets.merge).inner_join(single, ["repo", "sha"])
    merged = targets.filter(targets.merge).drop("merge").rename(landed_by="sha")
    brought = merged.inner_join(single, ["repo", "landed_by"])
    columns = ("repo", "sha", "by", "landed_by", "by_landing", "landed_at", "reverted_at", "how")
    edges = plain.select(*columns).union(brought.select(*columns), distinct=True)
    apart = edges.filter(edges.landed_by != edges.by_landing)
    return apart.filter(apart.landed_at <= apart.reverted_at).select(*_EDGE)


def _reapplied(facts: Facts, landed: ibis.Table, edges: ibis.Table) -> ibis.Table:
    """Reverts taken back by a commit that says it applies the change again."""
    links = facts.table("links")
    moments = landed.select("repo", by="sha", again_at="landed_at")
    reverted = edges.select("repo", "reverted_at", revert="by", before="sha")
    said = links.filter(links.relation == "reapplies").select("repo", by="sha", subject_id="target")
    subjects = landed.select("repo", "subject_id", before="sha")
    by_subject = reverted.inner_join(subjects, ["repo", "before"]).inner_join(
        said, ["repo", "subject_id"]
    )
    found = links.filter(links.relation == "returns").select("repo", by="sha", before="target")
    by_content = reverted.inner_join(found, ["repo", "before"])
    undone = ibis.union(
        *(t.select("repo", "revert", "reverted_at", "by") for t in (by_subject, by_content))
    )
    undone = undone.inner_join(moments, ["repo", "by"])
    undone = undone.filter(undone.reverted_at <= undone.again_at, undone.revert != undone.by)
    return undone.select(
        "repo", "by", sha="revert", landed_by="revert", landed_at="reverted_at",
        reverted_at="again_at", how=ibis.literal("reapply"),
    ).select(*_EDGE)  # fmt: skip
