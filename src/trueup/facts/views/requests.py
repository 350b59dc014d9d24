"""What became of requests: which commits of the clone each one brought, and whether these landed.

A forge and a clone name the same repository when the clone's address ends in the forge's name for it,
whatever the case of its letters. Of a forge that nests groups a clone is called by the last two parts, one
without an address by its folder: these are meant when nothing else of the forge ends so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from trueup.facts.schema import TABLES

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.engine import Facts

#: Forges that call requests `!12`, since `#12` is an issue there.
MARKED = ("gitlab", "azuredevops", "bitbucket")
#: How commits are known to be those of a request, the surest first.
HOW = ("merge", "brought", "listed", "number", "author_date")


def has_requests(facts: Facts) -> bool:
    """Whether any forge was read."""
    return bool(facts.snapshot.files(TABLES["requests"]))


def keep_requests(facts: Facts) -> None:
    """Work out `asked` (requests of known repositories), `delivered` (repo, number, sha, how, landed) and `given`.

    `given` is what reviewers gave, reviews and approvals in a discussion: repo, number, reviewer, verdict,
    happened_at, and whether it reaches what was squashed (`reaches`): it approves, or half of the commits that the
    forge lists were written by then; where none is listed, it is about the newest one, or of no known one.
    `asked` has ``repo`` as the clone calls it, ``actor`` (author) and ``merger``. A commit is delivered by a request when it merged it (`merge`), when that merge
    brought it (`brought`), when the forge lists it (`listed`), when it names its number (`number`), or
    when it has author date and subject of a listed one under another id (`author_date`): history was
    rewritten, or the request was rebased.
    """
    keep_homes(facts)
    _keep_asked(facts)
    _keep_given(facts)
    asked = facts.table("asked")
    landed = facts.table("landings").filter(lambda t: t.line == "default")
    told = (
        ibis.union(*_ways(facts, landed), distinct=True)
        .left_join(landed.select("repo", "sha", "landed_at"), ["repo", "sha"])
        .select("repo", "number", "sha", "how", "landed_at")
        .inner_join(asked.select("repo", "number", "opened_at"), ["repo", "number"])
    )
    told = told.mutate(
        sure=told.how.isin(("merge", "brought")),
        landed=told.landed_at.notnull(),
        # What had landed before it was opened it merely stood on.
        before=(told.landed_at < told.opened_at).fill_null(False),
    )
    # What another request brought is that one's: requests are stacked on each other.
    theirs = told.filter(told.sure).select("repo", "sha", other="number")
    stacked = told.inner_join(theirs, ["repo", "sha"]).filter(lambda t: t.number != t.other)
    kept = told.anti_join(stacked.filter(~stacked.sure), ["repo", "number", "sha"])
    kept = kept.filter(kept.sure | ~kept.before)
    facts.keep("delivered", kept.select("repo", "number", "sha", "how", "landed"))


def keep_homes(facts: Facts) -> None:
    """Work out `homes`: which repositories of forges have a clone here, and what that is called."""
    facts.keep("homes", _homes(facts))


def at_home(facts: Facts, name: str) -> ibis.Table:
    """A table of the forge with ``repo`` as the clone calls it; of repositories that have a clone.

    A forge may be told under several spellings of its name: of the same thing the one seen last counts.
    """
    homes = facts.table("homes")
    rows = facts.table(name).rename(place="repo").inner_join(homes, "place")
    if not facts.value(homes.count() > homes.repo.nunique()):
        return rows
    key = [column for column in TABLES[name].key if column != "repo"]
    last = [rows.seen_at.desc(), rows.place]
    order = ibis.row_number().over(group_by=["repo", *key], order_by=last)
    return rows.mutate(order=order).filter(lambda t: t.order == 0).drop("order")


def _keep_asked(facts: Facts) -> None:
    actors = facts.table("actors").filter(lambda t: t.kind != "forge")
    author = actors.select(author="identity", actor="actor", kind="kind")
    merger = actors.select(merged_by="identity", merger="actor", merger_kind="kind")
    asked = at_home(facts, "requests").left_join(author, "author").left_join(merger, "merged_by")
    facts.keep(
        "asked",
        asked.select(
            "repo", "number", "status", "actor", "kind", "merger", "merger_kind", "merged_at",
            "merge_sha", "head_sha", "target_branch", "additions",
            opened_at="happened_at", sign=_sign(asked.source),
            key=ibis.ifelse(asked.source.isin(MARKED), "!", "#") + asked.number,
        ),
    )  # fmt: skip


def _keep_given(facts: Facts) -> None:
    columns = ("repo", "number", "reviewer", "verdict", "happened_at", "sha")
    asked = facts.table("asked")
    told = at_home(facts, "comments").filter(lambda t: t.approves.fill_null(False))
    said = told.inner_join(asked.select("repo", "number", "key"), ["repo", "key"])
    said = said.rename(reviewer="author")
    said = said.mutate(verdict=ibis.literal("approved"), sha=ibis.literal("")).select(*columns)
    given = ibis.union(at_home(facts, "reviews").select(*columns), said)
    given = given.left_join(asked.select("repo", "number", "head_sha"), ["repo", "number"])
    given = given.left_join(_half_written(facts), ["repo", "number"])
    about, head = given.sha.fill_null(""), given.head_sha.fill_null("")
    at_the_end = (head == "") | head.startswith(about)
    written = (given.happened_at >= given.half_at).fill_null(at_the_end)
    reaches = (given.verdict == "approved") | written
    facts.keep("given", given.select(*columns[:-1], reaches=reaches))


def _half_written(facts: Facts) -> ibis.Table:
    """When half of the commits of each request were written, as the forge lists them."""
    listed = at_home(facts, "request_commits").filter(lambda t: t.authored_at.notnull())
    request = ["repo", "number"]
    place = ibis.row_number().over(group_by=request, order_by=[listed.authored_at, listed.sha])
    many = listed.count().over(group_by=request)
    listed = listed.mutate(place=place, middle=(many - 1) // 2)
    middle = listed.filter(lambda t: t.place == t.middle)
    return middle.select("repo", "number", half_at="authored_at")


def _sign(source: ibis.Value) -> ibis.Value:
    """What commits write before the number of a request; where it is nothing a `#` says it."""
    return ibis.ifelse(source == "gitlab", "!", "")


def _ways(facts: Facts, landed: ibis.Table) -> list[ibis.Table]:
    """Commits of the clone that belong to requests, one table for each of `HOW`."""
    asked = facts.table("asked")
    commits = facts.table("commits").select("repo", "sha", "authored_at", "subject_id")
    known = commits.select("repo", "sha")
    listed = at_home(facts, "request_commits")
    links = facts.table("links").filter(lambda t: t.relation == "pull")
    named = asked.select("repo", "number", target=asked.sign + asked.number)
    merges = asked.select("repo", "number", sha="merge_sha").semi_join(known, ["repo", "sha"])
    numbered = links.select("repo", "sha", "target").inner_join(named, ["repo", "target"])
    ways = (
        merges,
        asked.inner_join(
            landed.select("repo", "sha", merge_sha="landed_by"), ["repo", "merge_sha"]
        ),
        listed,
        # A number in a message tells only where the commit that merged the request is not known.
        numbered.anti_join(merges, ["repo", "number"]),
        listed.select("repo", "number", "authored_at", "subject_id", old="sha")
        .inner_join(commits, ["repo", "authored_at", "subject_id"])
        .filter(lambda t: t.old != t.sha),
    )
    return [
        rows.select("repo", "number", "sha")
        .semi_join(known, ["repo", "sha"])
        .mutate(how=ibis.literal(how))
        for rows, how in zip(ways, HOW, strict=True)
    ]


def _homes(facts: Facts) -> pa.Table:
    """Names of repositories in the forge (``place``) and in the workspace (``repo``)."""
    tables = ("requests", "issues", "builds", "deployments")
    named = ibis.union(*(facts.table(t).select("repo") for t in tables), distinct=True)
    places = sorted(place for (place,) in facts.rows(named))
    repos = sorted(r for (r,) in facts.rows(facts.table("repositories").select("repo")))
    found: list[tuple[str, str]] = []
    for repo in repos:
        repo_name = re.sub(r"~\d+$", "", repo)  # another clone of the same repository
        same = [p for p in places if p.lower() == repo_name.lower()]
        if not same:
            alike = [p for p in places if p.lower().endswith(f"/{repo_name.lower()}")]
            same = alike if len({p.lower() for p in alike}) == 1 else []
        found += [(place, repo) for place in same]
    columns = {"place": [p for p, _ in found], "repo": [r for _, r in found]}
    return pa.table({name: pa.array(told, pa.string()) for name, told in columns.items()})


def fates(facts: Facts) -> ibis.Table:
    """What became of each request: repo, number, status, fate, reviewed.

    The fate of a request is `landed` (on the default branch), `rewritten` (there, but only under
    another id), `elsewhere` (merged into another line that has not reached it), or `unseen` (the clone
    does not show it); of one that was not merged it is `landed` or `absent`. Where the commit that
    merged it is known, that one decides; else all its own commits must be there. It is reviewed when
    another person than its author gave any review, before it was merged.
    """
    asked, delivered = facts.table("asked"), facts.table("delivered")
    by_how = delivered.group_by("repo", "number").agg(
        merge=lambda t: (t.how == "merge").max(),
        merge_landed=lambda t: ((t.how == "merge") & t.landed).max(),
        listed=lambda t: (t.landed & (t.how == "listed")).sum(),
        same=lambda t: (t.landed & (t.how == "author_date")).sum(),
        numbered=lambda t: ((t.how == "number") & t.landed).max(),
    )
    told = at_home(facts, "request_commits").group_by("repo", "number").agg(own=lambda t: t.count())
    lines = facts.table("repositories").select("repo", "default_line")
    people = facts.table("actors").filter(lambda t: t.kind == "human")
    given = facts.table("given").inner_join(
        people.select(reviewer="identity", by="actor"), "reviewer"
    )
    given = given.select("repo", "number", "by", given="happened_at").inner_join(
        asked.select("repo", "number", "actor", "merged_at"), ["repo", "number"]
    )
    before = (given.given <= given.merged_at).fill_null(True)
    reviewed = given.filter(before, given.by != given.actor.fill_null("")).select("repo", "number")
    reviewed = reviewed.distinct().mutate(reviewed=True)
    joined = (
        asked.left_join(by_how, ["repo", "number"])
        .left_join(told, ["repo", "number"])
        .left_join(reviewed, ["repo", "number"])
        .left_join(lines, "repo")
    )
    merged = joined.status == "merged"
    inside = joined.merge.fill_null(False)
    own = joined.own.fill_null(0)
    all_there = (own > 0) & (joined.listed.fill_null(0) >= own)
    all_same = (own > 0) & (joined.listed.fill_null(0) + joined.same.fill_null(0) >= own)
    by_number = joined.numbered.fill_null(False)
    by_id = ibis.ifelse(
        merged & inside, joined.merge_landed.fill_null(False), all_there | by_number
    )
    other = inside | (joined.target_branch != joined.default_line)
    fate = ibis.cases(
        (by_id, "landed"),
        (all_same & merged & ~inside, "rewritten"),
        (all_same & ~merged, "landed"),
        (~merged, "absent"),
        (other.fill_null(False), "elsewhere"),
        else_="unseen",
    )
    return joined.select(
        "repo", "number", "status", fate=fate, reviewed=joined.reviewed.fill_null(False)
    )


def counted_fates(facts: Facts) -> list[dict[str, object]]:
    """How many requests of each repository have which status, fate and review."""
    if not has_requests(facts):
        return []
    groups = ("repo", "status", "fate", "reviewed")
    counted = fates(facts).group_by(*groups).agg(n=lambda t: t.count())
    return list(facts.read(counted.order_by(*groups)).to_pylist())


def sources_read(facts: Facts) -> dict[str, datetime]:
    """Sources other than git, and the newest change of a request or issue they told of, else when they were read."""
    runs = [run for run in facts.snapshot.live if run.source != "git"]
    found = {run.source: run.seen_at for run in sorted(runs, key=lambda r: (r.source, r.seen_at))}
    changed = _newest_change(facts)
    return {source: changed.get(source, at) for source, at in found.items()}


def _newest_change(facts: Facts) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for name in ("issues", "requests"):
        if facts.snapshot.files(TABLES[name]):
            table = facts.table(name)
            newest = table.group_by("source").agg(at=lambda t: t.changed_at.max())
            for source, at in facts.rows(newest.filter(newest["at"].notnull()).order_by("source")):
                found[source] = max(at, found.get(source, at))
    return found
