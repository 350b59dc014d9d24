"""One piece of work from its issue to what runs, as far as sources tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ibis

from trueup.facts.views.builds import runs
from trueup.facts.views.deployments import has_deployments, keep_brought
from trueup.facts.views.requests import at_home, keep_homes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from trueup.facts.engine import Facts

#: So many builds are shown one by one.
SHOWN = 8


class Station(NamedTuple):
    """Something a piece of work went through.

    Attributes:
        kind: issue, request, review, commit, build, release or deployment.
        name: its key, number, id, tag or environment.
        said: what its source says of it, in the words of the source.
    """

    kind: str
    name: str
    at: datetime | None
    said: str


def follow(
    facts: Facts, repo: str, pull: str, shas: Sequence[str], tickets: Sequence[str]
) -> list[Station]:
    """Where a claim of that request, with these commits and tickets, can be followed to."""
    keep_homes(facts)
    carried = sorted({*shas, *_carried(facts, repo, pull)})
    return [
        *_issues(facts, repo, pull, tickets),
        *_request(facts, repo, pull),
        *_reviews(facts, repo, pull),
        *_commits(facts, repo, carried),
        *_builds(facts, repo, [*carried, *_heads(facts, repo, pull)]),
        *_releases(facts, repo, shas),
        *_deployments(facts, repo, shas),
    ]


def _of(facts: Facts, name: str, repo: str) -> ibis.Table:
    table = at_home(facts, name)
    return table.filter(table.repo == repo)


def _carried(facts: Facts, repo: str, pull: str) -> list[str]:
    listed = _of(facts, "request_commits", repo).filter(lambda t: t.number == pull)
    return [sha for (sha,) in facts.rows(listed.select("sha").order_by("sha"))]


def _heads(facts: Facts, repo: str, pull: str) -> list[str]:
    asked = _of(facts, "requests", repo).filter(lambda t: t.number == pull)
    found = list(facts.rows(asked.select("head_sha", "merge_sha")))
    return [sha for row in found for sha in row if sha]


def _issues(facts: Facts, repo: str, pull: str, tickets: Sequence[str]) -> Iterator[Station]:
    told = _of(facts, "item_links", repo)
    closing = told.filter(
        (told.item_kind == "request") & (told.item == pull) & (told.target_kind == "issue")
        & told.relation.isin(("closes", "fixes"))
    )  # fmt: skip
    named = {key for (key,) in facts.rows(closing.select("target").distinct())}
    keys = sorted({*tickets, *named} - {f"#{pull}"})
    if not keys:
        return
    # Numbers are of this repository; keys of a tracker are its own.
    everywhere, here = facts.table("issues"), _of(facts, "issues", repo)
    columns = ("key", "closed_at", "status", "resolution", "status_original")
    found = ibis.union(
        here.filter(here.key.isin(keys)).select(*columns),
        everywhere.filter(everywhere.key.isin([k for k in keys if "#" not in k])).select(*columns),
        distinct=True,
    )
    rows = found.order_by("key")
    for key, at, status, resolution, original in facts.rows(rows):
        said = (
            original if status != "done" else f"closed as {resolution.replace('_', ' ') or 'done'}"
        )
        yield Station("issue", key, at, said)


def _request(facts: Facts, repo: str, pull: str) -> Iterator[Station]:
    asked = _of(facts, "requests", repo).filter(lambda t: t.number == pull)
    rows = asked.select("number", "status", "merged_at", "closed_at", "target_branch")
    for number, status, merged, closed, branch in facts.rows(rows.order_by("number")):
        into = f" into {branch}" if status == "merged" and branch else ""
        yield Station("request", f"#{number}", merged or closed, f"{status}{into}")


def _reviews(facts: Facts, repo: str, pull: str) -> Iterator[Station]:
    """How often each verdict was given, and when last."""
    given = _of(facts, "reviews", repo).filter(lambda t: t.number == pull)
    told = given.group_by("verdict").agg(n=lambda t: t.count(), last=lambda t: t.happened_at.max())
    for verdict, n, at in facts.rows(told.order_by("last", "verdict")):
        yield Station("review", verdict.replace("_", " "), at, "once" if n == 1 else f"{n} times")


def _commits(facts: Facts, repo: str, shas: Sequence[str]) -> Iterator[Station]:
    landed = facts.table("landings").filter(lambda t: (t.repo == repo) & t.sha.isin(shas))
    rows = landed.select("sha", "landed_at", "line").order_by("landed_at", "sha", "line")
    for sha, at, line in facts.rows(rows):
        yield Station(
            "commit", sha[:12], at, f"on the {line} branch" if line == "default" else line
        )


def _builds(facts: Facts, repo: str, shas: Sequence[str]) -> Iterator[Station]:
    ran = runs(facts).filter(lambda t: (t.repo == repo) & t.sha.isin(shas))
    told = ran.select("name", "key", "at", said=ran.result.nullif("").fill_null(ran.status))
    rows = sorted(facts.rows(told), key=lambda r: (str(r[2]), r[1]))
    for name, key, at, said in rows[:SHOWN]:
        yield Station("build", name or key, at, said)
    if len(rows) > SHOWN:
        yield Station("build", "", rows[-1][2], f"and {len(rows) - SHOWN} more")


def _releases(facts: Facts, repo: str, shas: Sequence[str]) -> Iterator[Station]:
    held = facts.table("containments").filter(lambda t: (t.repo == repo) & t.sha.isin(shas))
    told = facts.table("releases").filter(lambda t: t.repo == repo).select("tag", "happened_at")
    rows = held.select("tag").distinct().inner_join(told, "tag").order_by("happened_at", "tag")
    for tag, at in facts.rows(rows.select("tag", "happened_at")):
        yield Station("release", tag, at, "contains it, and no earlier one does")


def _deployments(facts: Facts, repo: str, shas: Sequence[str]) -> Iterator[Station]:
    if not has_deployments(facts):
        return
    keep_brought(facts)
    found = facts.table("brought").filter(lambda t: (t.repo == repo) & t.sha.isin(shas))
    rows = found.select("environment", "at", "censored").distinct().order_by("at", "environment")
    for environment, at, censored in facts.rows(rows):
        said = "was there by then: it is the first deployment known" if censored else "brought it"
        yield Station("deployment", environment, at, said)
