"""Marks that a human other than the author looked at a change before it landed.

What shows of a review, strongest first:

`review`: the forge holds a review by another human from before the request was merged, or an approval in its
discussion; `trailer`: the message names another human as Reviewed-by, Acked-by, Tested-by, Approved-by or in
Reviewers; `merged_by_other`: another human made the merge that brought it; `applied_by_other`:
another human committed the patch. The last two show that somebody else took the change in, not how
closely they looked. Without the forge, one that squashes in its own name shows neither, and silence is
no mark of absence: whether a repository shows reviews at all is a question of habit (see
`shows_reviews`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from trueup.facts.views.requests import has_requests

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

REVIEW_KEYS = (
    "reviewed-by",
    "acked-by",
    "tested-by",
    "approved-by",
    "approved",
    "ack",
    "reviewers",
    "reviewer",
    "reviewed-and-tested-by",
)
HOW = ("trailer", "merged_by_other", "applied_by_other")
LOOKED = ("approved", "changes_requested", "commented")
#: A repository shows reviews when at least this share of its human work carries a mark.
HABIT = 0.10


def keep_inspections(facts: Facts) -> None:
    """Work out `inspections` (repo, sha, how, by) and `shows_reviews` (repo, marked, work, shows).

    Needs `made`, `work` and `actors`. ``by`` is an actor, never the author of the change.
    """
    work = facts.table("made").select(
        "repo", "sha", "actor", "landed_by", "applied_by", "applied_by_kind", "kind", "authored_at"
    )
    humans = facts.table("actors").filter(lambda t: t.kind == "human")
    trailers = facts.table("trailers").filter(lambda t: t["key"].isin(REVIEW_KEYS))
    named = trailers.select("repo", "sha", identity="actor").inner_join(
        humans.select("identity", by="actor"), "identity"
    )
    by_trailer = named.inner_join(work, ["repo", "sha"]).filter(lambda t: t.by != t.actor)
    commits = facts.table("commits").select(
        "repo", landed_by="sha", merger="author", parents=lambda t: t.parents.length()
    )
    merges = commits.filter(commits.parents > 1).inner_join(
        humans.select(merger="identity", by="actor"), "merger"
    )
    # Kept, or the engine pairs every change with every human but its author first.
    mergers = facts.keep("mergers", merges.select("repo", "landed_by", "by"))
    merged = work.inner_join(mergers, ["repo", "landed_by"])
    by_merge = merged.filter(merged.by != merged.actor)
    applied = work.filter(work.applied_by_kind == "human", work.applied_by != work.actor).mutate(
        by=lambda t: t.applied_by
    )
    found = [
        rows.select("repo", "sha", "by", how=ibis.literal(how))
        for rows, how in zip((by_trailer, by_merge, applied), HOW, strict=True)
    ]
    if has_requests(facts):
        found += _by_forge(facts, work, humans)
    facts.keep("inspections", ibis.union(*found, distinct=True))
    _keep_habit(facts)


def _by_forge(facts: Facts, work: ibis.Table, humans: ibis.Table) -> list[ibis.Table]:
    """Marks that only the forge shows; needs `homes`, `asked` and `delivered`."""
    merged = facts.table("asked").filter(lambda t: t.status == "merged")
    asked = merged.select("repo", "number", "merged_at", "merger", "merger_kind", asker="actor")
    delivered = (
        facts.table("delivered")
        .group_by("repo", "number", "sha")
        .agg(merge=lambda t: (t.how == "merge").max())
    )
    theirs = delivered.inner_join(asked, ["repo", "number"]).inner_join(
        work.select("repo", "sha", "actor", "authored_at"), ["repo", "sha"]
    )
    reviews = facts.table("given").filter(lambda t: t.verdict.isin(LOOKED))
    reviews = reviews.select("repo", "number", "reviewer", "reaches", given_at="happened_at")
    looked = reviews.inner_join(humans.select(reviewer="identity", by="actor"), "reviewer")
    # Kept, or the engine pairs every change with every human first, here too.
    by_review = facts.keep("looked", looked).inner_join(theirs, ["repo", "number"])
    by_review = by_review.filter(
        by_review.by != by_review.actor,
        by_review.by != by_review.asker,
        by_review.given_at <= by_review.merged_at,
        # Nobody looked at what was written later; a squash is dated by its merge.
        (by_review.merge & by_review.reaches) | (by_review.given_at >= by_review.authored_at),
    )
    by_merger = theirs.filter(
        theirs.merger_kind == "human",
        theirs.merger != theirs.actor,
        theirs.merger != theirs.asker,
    ).mutate(by=lambda t: t.merger)
    return [
        rows.select("repo", "sha", "by", how=ibis.literal(how))
        for rows, how in ((by_review, "review"), (by_merger, "merged_by_other"))
    ]


def _keep_habit(facts: Facts) -> None:
    marked = facts.table("inspections").select("repo", "sha").distinct()
    marked = marked.mutate(marked=ibis.literal(1))
    work = facts.table("work").filter(lambda t: t.kind == "human")
    counted = (
        work.left_join(marked, ["repo", "sha"])
        .group_by("repo")
        .agg(marked=lambda t: t.marked.fill_null(0).sum(), work=lambda t: t.count())
    )
    facts.keep("shows_reviews", counted.mutate(shows=counted.marked >= HABIT * counted.work))
