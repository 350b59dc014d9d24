"""Deployments that succeeded, what each brought, and which one came before an incident.

The first deployment we know of an environment holds everything that was ever written: what it brought
is not known, only that it was there by then. It is marked as censored and dates nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import ibis
import pyarrow as pa

from trueup.facts.schema import TABLES, TIMESTAMP
from trueup.facts.views.builds import by_commit
from trueup.facts.views.requests import at_home

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from trueup.facts.engine import Facts


class Deployed(NamedTuple):
    """A deployment that succeeded."""

    repo: str
    environment: str
    deployment: str
    sha: str
    at: datetime


class Brought(NamedTuple):
    """A commit, and the deployment of an environment that had it first."""

    repo: str
    environment: str
    sha: str
    deployment: str
    at: datetime
    censored: bool


def has_deployments(facts: Facts) -> bool:
    """Whether any source told of deployments."""
    return bool(facts.snapshot.files(TABLES["deployments"]))


def deployments(facts: Facts) -> ibis.Table:
    """Every deployment of a repository with a clone, with what became of it.

    Columns: repo, deployment, environment, environment_kind, sha, status, result, at. Where a source
    reports bit by bit, it succeeded when any report says so: it may be replaced later, and then is
    called inactive. ``at`` is the first report of success, or when it ended, started, was asked for.
    """
    told = by_commit(facts, "deployments")
    reports = at_home(facts, "deployment_statuses")
    newest = reports.group_by("repo", "deployment").agg(
        told_status=lambda t: t.status.argmax(t.happened_at),
        told_result=lambda t: t.result.argmax(t.happened_at),
        succeeded=lambda t: (t.result == "success").any(),
        succeeded_at=lambda t: t.happened_at.min(where=t.result == "success"),
    )
    joined = told.left_join(newest, ["repo", "deployment"])
    succeeded = joined.succeeded.fill_null(False)
    result = ibis.ifelse(succeeded, "success", joined.told_result)
    return joined.select(
        "repo",
        "deployment",
        "environment",
        "environment_kind",
        "sha",
        status=joined.told_status.fill_null(joined.status),
        result=result.fill_null(joined.result),
        at=ibis.coalesce(
            joined.succeeded_at, joined.ended_at, joined.started_at, joined.happened_at
        ),
    )


def keep_brought(facts: Facts) -> None:
    """Work out `brought`: for each commit and environment, the first successful deployment that had it."""
    good = deployments(facts).filter(lambda t: (t.result == "success") & t.sha.notnull())
    done = [Deployed(*row) for row in facts.rows(
        good.select("repo", "environment", "deployment", "sha", "at").order_by("at", "deployment")
    )]  # fmt: skip
    repos = {d.repo for d in done}
    parents: dict[str, dict[str, list[str]]] = defaultdict(dict)
    commits = facts.table("commits").select("repo", "sha", "parents")
    for repo, sha, of in facts.rows(commits.filter(commits.repo.isin(sorted(repos)))):
        parents[repo][sha] = of
    rows = [b for repo in sorted(repos) for b in brought(done, parents[repo], repo)]
    columns = list(zip(*rows, strict=True)) or [()] * len(Brought._fields)
    kinds = [pa.string()] * 4 + [TIMESTAMP, pa.bool_()]
    arrays = [pa.array(c, k) for c, k in zip(columns, kinds, strict=True)]
    facts.keep("brought", pa.table(arrays, names=list(Brought._fields)))


def brought(
    done: Iterable[Deployed], parents: Mapping[str, Sequence[str]], repo: str
) -> Iterable[Brought]:
    """What each deployment of a repository brought that no earlier one of its environment had.

    Args:
        done: successful deployments, the oldest first.
        parents: the parents of each commit.
        repo: whose deployments.
    """
    seen: dict[str, set[str]] = {}
    for one in done:
        if one.repo != repo or one.sha not in parents:
            continue
        censored = one.environment not in seen
        known = seen.setdefault(one.environment, set())
        left = [one.sha]
        while left:
            sha = left.pop()
            if sha not in known and sha in parents:
                known.add(sha)
                left += parents[sha]
                yield Brought(repo, one.environment, sha, one.deployment, one.at, censored)


def previous_success(done: ibis.Table) -> ibis.Table:
    """Each deployment with the successful one before it in the same repository and environment.

    ``done`` has repo, environment, deployment, result, at; the answer adds ``previous``, which is
    nothing for the first, for those that did not succeed, and without an environment.
    """
    good = done.filter((done.result == "success") & (done.environment.fill_null("") != ""))
    window = ibis.window(group_by=["repo", "environment"], order_by=[good["at"], good.deployment])
    earlier = good.select("repo", "deployment", previous=good.deployment.lag().over(window))
    return done.left_join(earlier, ["repo", "deployment"]).drop("repo_right", "deployment_right")


def before_incident(incidents: ibis.Table, done: ibis.Table) -> ibis.Table:
    """Each incident with the deployment to production that succeeded last before it, of the same repository.

    That it came before does not make it the cause; links made so carry a low confidence.
    ``incidents`` has repo, key, at; ``done`` has repo, deployment, result, environment_kind, at.
    """
    good = done.filter((done.result == "success") & (done.environment_kind == "production"))
    good = good.select("repo", "deployment", deployed_at="at")
    pairs = incidents.inner_join(good, "repo").filter(lambda t: t.deployed_at <= t["at"])
    return pairs.group_by("repo", "key").agg(
        deployment=lambda t: t.deployment.argmax(t.deployed_at),
        deployed_at=lambda t: t.deployed_at.max(),
    )
