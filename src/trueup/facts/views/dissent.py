"""Where somebody could object, who did, what followed, and what came late.

Five tables are kept, one for each of `PARTS`, as the functions of these names say. Each has ``scope``, ``actor`` (empty but for `voices`), ``at`` (when it was old enough to tell, so
that everything was watched equally long) and ``met`` (1 or 0). See the signal `dissent_expression`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from trueup.facts.views.discussions import in_scopes
from trueup.facts.views.requests import at_home

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

DAY = 24 * 3600
#: Our choices, docs/decisions/2026-11-22-decision-signals.md.
LINES, OBJECTED, ANSWERED, LATE = 50, 30, 14, 30
_KEY = ("repo", "key")
PARTS = ("occasions", "unsized", "answered", "late", "voices")


def keep_dissent(facts: Facts) -> None:
    """Work out the five tables; needs those of `discussions`."""
    for name, found in zip(PARTS, (occasions, unsized, answered, late, voices), strict=True):
        facts.keep(name, found(facts))


def occasions(facts: Facts) -> ibis.Table:
    """Large requests that could be reviewed, and design issues, when they are 30 days old."""
    sized = _reviewable(facts).filter(lambda t: t.lines > LINES)
    every = sized.drop("lines").union(_issues(facts))
    told = _aged(facts, every.mutate(at=_later(every.opened_at, OBJECTED)))
    objections = facts.table("objections").select("repo", "key", objected_at="at")
    pairs = told.inner_join(objections, _KEY)
    met = pairs.filter(pairs.objected_at <= pairs["at"])
    return _marked(facts, told, met)


def unsized(facts: Facts) -> ibis.Table:
    """Requests that could be reviewed, and of which nobody knows how large they are."""
    told = _reviewable(facts).filter(lambda t: t.lines.isnull()).drop("lines")
    told = _aged(facts, told.mutate(at=_later(told.opened_at, OBJECTED)))
    return in_scopes(facts, told, "opened_at").select(
        "scope", "at", met=ibis.literal(0), actor=ibis.literal("")
    )


def answered(facts: Facts) -> ibis.Table:
    """The first objection of each person to a request, 14 days on; met when it had an effect by then."""
    objections = facts.table("objections")
    kinds = objections.how.isin(("asked_for_changes", "suggested"))
    first = objections.filter(kinds).group_by(*_KEY, "who").agg(said_at=lambda t: t["at"].min())
    proposals = facts.table("proposals").select("repo", "key", "number", "actor", "opened_at")
    # An effect can be seen where commits of requests are read, or comments.
    read = ibis.union(
        *(at_home(facts, n).select("repo") for n in ("request_commits", "comments")), distinct=True
    )
    told = first.inner_join(proposals.semi_join(read, "repo"), _KEY)
    told = _aged(facts, told.mutate(at=_later(told.said_at, ANSWERED)))
    commits = at_home(facts, "request_commits").select("repo", "number", done_at="happened_at")
    by_commit = told.inner_join(commits, ["repo", "number"])
    by_commit = by_commit.select(*told.columns, "done_at")
    words = facts.table("spoken").select("repo", "key", speaker="who", done_at="at")
    by_word = told.inner_join(words, _KEY)
    by_word = by_word.filter(by_word.speaker != by_word.who).select(*told.columns, "done_at")
    every = by_commit.union(by_word)
    met = every.filter(every.done_at > every.said_at, every.done_at <= every["at"])
    return _marked(facts, told, met, "who")


def late(facts: Facts) -> ibis.Table:
    """Decisions, 30 days on; met when somebody objected, reverted or reopened after they were taken."""
    proposals, issues = facts.table("proposals"), facts.table("design_issues")
    spoken = facts.table("spoken").select("repo", "key", speaker="who", said="said", said_at="at")
    given = proposals.inner_join(spoken.filter(spoken.said == "approved"), _KEY)
    given = given.filter(given.speaker != given.who, given.said_at >= given.opened_at)
    approved = given.group_by(*_KEY).agg(approved_at=lambda t: t.said_at.min())
    merged = proposals.filter(proposals.merged_at.notnull()).left_join(approved, list(_KEY))
    merged = merged.select(
        "repo", "key", "actor", "opened_at",
        taken_at=ibis.least(merged.merged_at, merged.approved_at.fill_null(merged.merged_at)),
    )  # fmt: skip
    events = facts.table("moves")
    closings = events.filter(events.closes, ~events.machine).group_by(*_KEY)
    closed = issues.left_join(closings.agg(first_at=lambda t: t["at"].min()), list(_KEY))
    closed = closed.filter(~closed.machine)
    closed = closed.select(
        "repo", "key", "actor", "opened_at", taken_at=closed.first_at.fill_null(closed.closed_at)
    )
    taken = merged.union(closed.filter(closed.taken_at.notnull()))
    told = _aged(facts, taken.mutate(at=_later(taken.taken_at, LATE)))
    after = facts.table("undone").select("repo", "key", after_at="at")
    objections = facts.table("objections").select("repo", "key", after_at="at")
    pairs = told.inner_join(after.union(objections), _KEY)
    met = pairs.filter(pairs.after_at > pairs.taken_at, pairs.after_at <= pairs["at"])
    return _marked(facts, told, met)


def voices(facts: Facts) -> ibis.Table:
    """Every word of a human on the request or design issue of another; met when it is an objection."""
    every = _reviewable(facts).drop("lines").union(_issues(facts))
    scoped = in_scopes(facts, every, "opened_at").rename(proposer="who")
    spoken = facts.table("spoken").select("repo", "key", "who", "at", met=ibis.literal(0))
    objections = facts.table("objections").select("repo", "key", "who", "at", met=ibis.literal(1))
    told = scoped.inner_join(spoken.union(objections), _KEY)
    told = told.filter(told.who != told.proposer)
    return told.select("scope", "at", "met", actor="who")


def _reviewable(facts: Facts) -> ibis.Table:
    """Requests of repositories of which reviews are read: repo, key, actor, who, opened_at, lines."""
    read = at_home(facts, "reviews").select("repo").distinct()
    asked = facts.table("proposals").semi_join(read, "repo")
    return asked.select("repo", "key", "actor", "who", "opened_at", "lines")


def _issues(facts: Facts) -> ibis.Table:
    return facts.table("design_issues").select("repo", "key", "actor", "who", "opened_at")


def _later(moment: ibis.Value, days: int) -> ibis.Value:
    return moment + ibis.interval(seconds=days * DAY)


def _aged(facts: Facts, rows: ibis.Table) -> ibis.Table:
    """Rows whose moment ``at`` has come, as far as their forge tells."""
    seen = rows.inner_join(facts.table("read_until"), "repo")
    return seen.filter(seen["at"] <= seen.until).drop("until")


def _marked(facts: Facts, rows: ibis.Table, met: ibis.Table, *more: str) -> ibis.Table:
    """Rows by scope, with whether they are among those that were met."""
    key = [*_KEY, *more]
    flags = met.select(*key).distinct().mutate(flag=1)
    told = rows.left_join(flags, key)
    told = told.select(*rows.columns, met=told.flag.fill_null(0))
    scoped = in_scopes(facts, told, "opened_at")
    return scoped.select("scope", "at", "met", actor=ibis.literal(""))
