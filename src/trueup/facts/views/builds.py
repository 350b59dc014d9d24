"""Builds, checks and reports of tests, wherever they ran: what they ran on says whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from trueup.facts.views.requests import at_home

if TYPE_CHECKING:
    from trueup.facts.engine import Facts


def by_commit(facts: Facts, name: str) -> ibis.Table:
    """Rows of a table with `sha`, of those repositories that have that commit, whatever its source calls them.

    The id of a commit is the same everywhere: a build of another system belongs to the clone that holds
    what was built. Where a forge says whose a row is, that counts, also of commits that the clone lacks.
    """
    home = at_home(facts, name)
    held = facts.table("commits").select("sha", repo="repo")
    others = facts.table(name).rename(place="repo").anti_join(facts.table("homes"), "place")
    elsewhere = others.inner_join(held, "sha")
    columns = [c for c in facts.table(name).columns if c in home.columns]
    return ibis.union(home.select(columns), elsewhere.select(columns))


def runs(facts: Facts) -> ibis.Table:
    """Every build, job and report of tests: repo, sha, key, name, status, result, at."""
    parts = []
    for table, key in (("builds", "build"), ("jobs", "job")):
        ran = by_commit(facts, table)
        at = ibis.coalesce(ran.ended_at, ran.started_at, ran.happened_at)
        parts.append(ran.select("repo", "sha", "name", "status", "result", key=key, at=at))
    told = by_commit(facts, "test_runs")
    at = told.started_at.fill_null(told.happened_at)
    done = ibis.literal("done")
    parts.append(told.select("repo", "sha", "result", name="suite", status=done, key="run", at=at))
    columns = ("repo", "sha", "key", "name", "status", "result", "at")
    return ibis.union(*(part.select(*columns) for part in parts))
