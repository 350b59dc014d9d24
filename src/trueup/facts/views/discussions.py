"""Discussions on forges and trackers: who proposed, who spoke, who objected, what was taken back.

Six tables are kept for the measures of one run. A discussion is known by ``repo`` and ``key``, as
commits name issues and requests: `#12`, `!12`. Only humans count; those who may be one person
(`alike`) count as one, under ``who``.

`proposals`, requests that humans opened: repo, number, key, actor, who, merger, status, opened_at,
merged_at, closed_at, lines (added and deleted, as the forge or else the clone tells; empty when neither does).

`design_issues`, issues that a human made and a label calls a decision, design, RFC or proposal, but no
duplicates: repo, key, actor, who, closer, machine (closed by no human), resolution, opened_at,
closed_at, comments.

`spoken`, comments and reviews: repo, key, who, at, said (comment, suggestion, or the verdict of a
review), bare (an approval without a word).

`objections`: repo, key, who, at, how. `asked_for_changes` and `suggested` (other code) are by
another than who proposed; `refused` is an issue that another than its creator closed as not planned;
`reopened` is by another than those who closed it.

`moves`, closings and reopenings: repo, key, at, closes, who, machine (somebody did it who is no human).

`undone`: repo, key, at, when something decided was reopened, or a request's commits taken back.

`read_until`: repo, until, the newest moment that a forge or tracker tells of: what is open is known to
have been open then, and no longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from trueup.facts.schema import TABLES
from trueup.facts.views.requests import MARKED, at_home, has_requests
from trueup.facts.views.reverts import reverts
from trueup.facts.views.turns import turns

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

#: Labels that say there is something to decide (our choice, docs/decisions/2026-11-22-decision-signals.md).
DESIGN = r"(^|[^a-z])(decisions?|design|rfcs?|proposals?)($|[^a-z])"


def keep_discussions(facts: Facts) -> None:
    """Work out the six tables; needs `actors`, `homes` and `delivered`."""
    _keep_proposals(facts)
    _keep_design_issues(facts)
    _keep_spoken(facts)
    _keep_moves(facts)
    _keep_undone(facts)
    _keep_objections(facts)
    moments = [
        told(facts, name).select(
            "repo", at=lambda t: ibis.coalesce(t.changed_at, t.closed_at, t.happened_at)
        )
        for name in ("requests", "issues")
    ]
    facts.keep(
        "read_until", ibis.union(*moments).group_by("repo").agg(until=lambda t: t["at"].max())
    )


def told(facts: Facts, name: str) -> ibis.Table:
    """A table of repositories that have a clone, and of trackers, which have none."""
    columns = [column.name for column in TABLES[name].columns] + ["happened_at", "source"]
    forges = (
        facts.table("requests")
        .select("repo")
        .union(facts.table("homes").select(repo="place"), distinct=True)
    )
    tracked = facts.table(name).anti_join(forges, "repo")
    return ibis.union(at_home(facts, name).select(*columns), tracked.select(*columns))


def in_scopes(facts: Facts, rows: ibis.Table, moment: str) -> ibis.Table:
    """Rows with ``scope``: once for the whole, once for the team that ``actor`` was in at that moment.

    Areas of files are none of theirs: which files an open proposal is about is not known.
    """
    whole = rows.mutate(scope=ibis.literal(""))
    joined = rows.inner_join(facts.table("memberships"), "actor")
    inside = joined.filter(joined[moment] >= joined.start, joined[moment] < joined.end)
    # Somebody in two teams at once counts for the first by name.
    team = inside.group_by("repo", "key").agg(scope=lambda t: t.scope.min())
    return whole.union(rows.inner_join(team, ["repo", "key"]).select(*whole.columns))


def _humans(facts: Facts, identity: str, *names: str) -> ibis.Table:
    """Identities of humans under a name, with ``actor`` and ``who`` or other names for these."""
    actor, who = names or ("actor", "who")
    people = facts.table("actors").filter(lambda t: t.kind == "human")
    return people.select(**{identity: people.identity, actor: people.actor, who: people.alike})


def _keep_proposals(facts: Facts) -> None:
    asked = at_home(facts, "requests")
    made = asked.inner_join(_humans(facts, "author"), "author")
    made = made.left_join(_humans(facts, "merged_by", "merged_as", "merger"), "merged_by")
    lines = facts.table("delivered").select("repo", "number", "sha").distinct()
    lines = lines.inner_join(facts.table("change_lines"), ["repo", "sha"])
    counted = lines.group_by("repo", "number").agg(seen=lambda t: (t.added + t.deleted).sum())
    made = made.left_join(counted, ["repo", "number"])
    facts.keep(
        "proposals",
        made.select(
            "repo", "number", "actor", "who", "merger", "status", "merged_at", "closed_at",
            opened_at="happened_at",
            key=ibis.ifelse(made.source.isin(MARKED), "!", "#") + made.number,
            lines=ibis.coalesce(made.additions + made.deletions, made.seen).cast("int64"),
        ),
    )  # fmt: skip


def _keep_design_issues(facts: Facts) -> None:
    issues = told(facts, "issues")
    made = issues.inner_join(_humans(facts, "creator"), "creator")
    made = made.left_join(_humans(facts, "closed_by", "closed_as", "closer"), "closed_by")
    labels = made.labels.join(" ").lower()
    named = made.filter(
        labels.re_search(DESIGN).fill_null(False),
        made.resolution.fill_null("") != "duplicate",
    )
    ended = named.closed_at.notnull() & named.status.isin(("done", "other"))
    facts.keep(
        "design_issues",
        named.select(
            "repo", "key", "actor", "who", "closer", "resolution", "comments",
            opened_at="happened_at", closed_at=ibis.ifelse(ended, named.closed_at, None),
            machine=named.closed_by.notnull() & named.closer.isnull(),
        ),
    )  # fmt: skip


def _keep_spoken(facts: Facts) -> None:
    people = _humans(facts, "identity")
    comments = told(facts, "comments").select(
        "repo", "key", identity="author", at="happened_at",
        said=lambda t: ibis.ifelse(t.suggests.fill_null(False), "suggestion", "comment"),
        bare=ibis.literal(False),
    )  # fmt: skip
    keys = facts.table("proposals").select("repo", "number", "key")
    given = at_home(facts, "reviews").inner_join(keys, ["repo", "number"])
    reviews = given.select(
        "repo", "key", identity="reviewer", at="happened_at", said="verdict",
        bare=(given.verdict == "approved") & (given.text_bytes.fill_null(0) == 0),
    )  # fmt: skip
    every = comments.union(reviews.select(*comments.columns)).inner_join(people, "identity")
    facts.keep("spoken", every.select("repo", "key", "who", "at", "said", "bare"))


def _keep_moves(facts: Facts) -> None:
    moved = turns(told(facts, "issue_events"))
    moved = moved.filter((moved.before == "done") != (moved.after == "done"))
    people = _humans(facts, "actor", "person", "who")
    found = moved.left_join(people, "actor")
    facts.keep(
        "moves",
        found.select(
            "repo", "key", "who", at="happened_at", closes=found.after == "done",
            machine=found.actor.notnull() & found.who.isnull(),
        ),
    )  # fmt: skip


def _keep_undone(facts: Facts) -> None:
    events = facts.table("moves")
    found = events.filter(~events.closes).select("repo", "key", "at")
    if has_requests(facts):
        keys = facts.table("proposals").select("repo", "number", "key", "merged_at")
        brought = facts.table("delivered").select("repo", "number", "sha").distinct()
        back = reverts(facts).select("repo", "sha", at="reverted_at")
        taken = brought.inner_join(back, ["repo", "sha"]).inner_join(keys, ["repo", "number"])
        taken = taken.filter(taken["at"] >= taken.merged_at)
        found = found.union(taken.select("repo", "key", "at"), distinct=True)
    facts.keep("undone", found)


def _keep_objections(facts: Facts) -> None:
    issues, spoken = facts.table("design_issues"), facts.table("spoken")
    proposers = facts.table("proposals").select("repo", "key", proposer="who")
    by_others = spoken.inner_join(proposers, ["repo", "key"])
    by_others = by_others.filter(by_others.who != by_others.proposer)
    refused = issues.filter(issues.resolution == "not_planned", issues.closer != issues.who)
    events = facts.table("moves").filter(lambda t: t.who.notnull())
    closers = events.filter(events.closes).select("repo", "key", "who")
    again = events.filter(~events.closes).anti_join(closers, ["repo", "key", "who"])
    columns = ("repo", "key", "who", "at")
    ways = {
        "asked_for_changes": by_others.filter(by_others.said == "changes_requested"),
        "suggested": by_others.filter(by_others.said == "suggestion"),
        "refused": refused.select("repo", "key", who="closer", at="closed_at"),
        "reopened": again,
    }
    found = [rows.select(*columns).mutate(how=ibis.literal(how)) for how, rows in ways.items()]
    facts.keep("objections", ibis.union(*found))
