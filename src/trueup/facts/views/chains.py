"""How far merged work can be followed: issue, request, review, line, build, release, deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ibis

from trueup.facts.views.builds import by_commit, runs
from trueup.facts.views.deployments import keep_brought
from trueup.facts.views.requests import at_home, fates, has_requests

if TYPE_CHECKING:
    from trueup.facts.engine import Facts

#: The steps in the order in which work takes them.
STEPS = ("issue", "review", "line", "build", "release", "deployment")
#: A build that was cancelled or skipped shows nothing.
_RAN = ("success", "failure")
#: A build may run before its request is merged, and the last one told be that of the last merge.
AFTER = ibis.interval(days=1)


class Reached(NamedTuple):
    """Of so many merged requests so many reach a step."""

    repo: str
    step: str
    requests: int
    of: int


def counted_chains(facts: Facts) -> list[Reached]:
    """How many merged requests of each repository reach each step.

    A step is left out where no source told of any for that repository, and requests are where they were
    merged before the first or after the last build or deployment told: what cannot be seen is not zero.
    """
    if not has_requests(facts):
        return []
    merged = fates(facts).filter(lambda t: t.status == "merged")
    when = facts.table("asked").select("repo", "number", "merged_at")
    merged = merged.inner_join(when, ["repo", "number"])
    reached = {
        "issue": _issues(facts),
        "review": merged.filter(merged.reviewed),
        "line": merged.filter(merged.fate.isin(("landed", "rewritten"))),
        "build": _builds(facts),
        "release": _releases(facts),
        "deployment": _deployed(facts),
    }
    found = []
    for step in STEPS:
        seen = _seen(facts, step, merged)
        told = seen.semi_join(reached[step].select("repo", "number"), ["repo", "number"])
        reach = told.group_by("repo").agg(count=lambda t: t.count())
        of = seen.group_by("repo").agg(of=lambda t: t.count())
        joined = of.left_join(reach, "repo").select(
            "repo", n=lambda t: t["count"].fill_null(0), of="of"
        )
        found += [Reached(repo, step, n, of) for repo, n, of in facts.rows(joined.order_by("repo"))]
    return found


#: Tables that tell of a step, and whether requests outside the time they span can be seen.
_TOLD_BY = {
    "review": (("reviews",), False),
    "build": (("builds", "jobs", "test_runs"), True),
    "release": (("releases",), False),
    "deployment": (("deployments",), True),
}


def _seen(facts: Facts, step: str, merged: ibis.Table) -> ibis.Table:
    """Merged requests of which the step could be seen."""
    names, spans = _TOLD_BY.get(step, ((), False))
    if not names:
        return merged
    told = ibis.union(*(_told(facts, name) for name in names))
    span = told.group_by("repo").agg(
        first=lambda t: t.happened_at.min(), last=lambda t: t.happened_at.max()
    )
    seen = merged.inner_join(span, "repo")
    if spans:
        seen = seen.filter((seen.merged_at >= seen.first) & (seen.merged_at <= seen.last + AFTER))
    return seen.select("repo", "number")


def _told(facts: Facts, name: str) -> ibis.Table:
    """When rows of a table happened, by the repository they are of."""
    if name == "releases":
        return facts.table(name).select("repo", "happened_at")
    rows = facts.table("given") if name == "reviews" else by_commit(facts, name)
    return rows.select("repo", "happened_at")


def _issues(facts: Facts) -> ibis.Table:
    """Requests that say which issue they close."""
    told = at_home(facts, "item_links")
    closing = (told.item_kind == "request") & (told.target_kind == "issue")
    return told.filter(closing & told.relation.isin(("closes", "fixes"))).select(
        "repo", number="item"
    )


def _shas(facts: Facts) -> ibis.Table:
    """Every commit that belongs to a request in any way."""
    requests = at_home(facts, "requests")
    parts = [
        requests.select("repo", "number", sha="head_sha"),
        requests.select("repo", "number", sha="merge_sha"),
        at_home(facts, "request_commits").select("repo", "number", "sha"),
        facts.table("delivered").select("repo", "number", "sha"),
    ]
    return ibis.union(*parts, distinct=True).filter(lambda t: t.sha.notnull())


def _builds(facts: Facts) -> ibis.Table:
    """Requests on one of whose commits a build or check ran to its end."""
    done = runs(facts).filter(lambda t: t.result.isin(_RAN)).select("repo", "sha").distinct()
    return _shas(facts).semi_join(done, ["repo", "sha"])


def _releases(facts: Facts) -> ibis.Table:
    """Requests of which a commit is in a release."""
    return facts.table("delivered").semi_join(facts.table("containments"), ["repo", "sha"])


def _deployed(facts: Facts) -> ibis.Table:
    """Requests of which a commit was brought to an environment that is not for trying things."""
    keep_brought(facts)
    return facts.table("delivered").semi_join(facts.table("brought"), ["repo", "sha"])
