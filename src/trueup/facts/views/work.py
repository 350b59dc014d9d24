"""Work: changes that landed on the default branch, who made and applied them, and what they touched.

Three tables are kept for the measures of one run:

`work`, one row per commit that is no merge, landed on the default branch and is not set aside by the
project: repo, sha, actor, kind (human, bot, agent), landed_at, landed_by, authored_at, applied_by
(actor), applied_by_kind (human, bot, agent, forge), tool (disclosed AI tool or empty), files (number
of files touched), mass (more than `MASS` files).

`scoped_work`, the same rows once for the whole (scope '') and once for their area or team: columns of
`work` and scope.

`touches`, one row per file of `work` that people write (no vendored, generated or binary file, no
submodule): repo, sha, path, scope (area of the file), role, status, landed_at, actor, kind, mass,
added, deleted (empty where lines were not counted).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.engine import Facts

#: A change of more files is a bulk edit: it says nothing about what belongs together.
MASS = 100
#: Roles of files that people write.
WRITTEN = ("code", "test", "docs", "data")
WHOLE = ""


def keep_work(facts: Facts, *, start: datetime, end: datetime) -> None:
    """Work out `work` and `touches` for commits that landed in ``start <= landed_at < end``.

    Needs the kept tables `actors` (identity, actor, kind) and `path_info` (repo, path, role, scope).
    """
    landings = facts.table("landings")
    landed = landings.filter(
        landings.line == "default",
        landings.landed_at >= ibis.literal(start),
        landings.landed_at < ibis.literal(end),
    ).select("repo", "sha", "landed_by", "landed_at")
    commits = facts.table("commits")
    single = commits.filter(commits.parents.length() < 2)
    aside = facts.table("set_aside")
    base = single.inner_join(landed, ["repo", "sha"]).anti_join(aside, ["repo", "sha"])
    actors = facts.table("actors")
    author = actors.select(author="identity", actor="actor", kind="kind")
    applier = actors.select(
        committer="identity", applied_by=actors.actor, applied_by_kind=actors.kind
    )
    tools = facts.table("trailers").filter(lambda t: t.tool.notnull())
    tools = tools.group_by("repo", "sha").agg(tool=lambda t: t.tool.min())
    changes = facts.table("changes").filter(lambda t: t.kind != "submodule")
    counted = changes.group_by("repo", "sha").agg(files=lambda t: t.count())
    work = (
        base.left_join(author, "author")
        .left_join(applier, "committer")
        .left_join(tools, ["repo", "sha"])
        .left_join(counted, ["repo", "sha"])
    )
    work = work.select(
        "repo",
        "sha",
        "actor",
        "kind",
        "landed_at",
        "landed_by",
        "authored_at",
        "applied_by",
        "applied_by_kind",
        tool=work.tool.fill_null(""),
        files=work.files.fill_null(0),
        mass=work.files.fill_null(0) > MASS,
    )
    facts.keep("work", work)
    _keep_touches(facts)


def keep_scoped_work(facts: Facts) -> None:
    """Work out `scoped_work`; a commit belongs to the area of most of its files."""
    work, touches = facts.table("work"), facts.table("touches")
    counted = touches.group_by("repo", "sha", "scope").agg(n=lambda t: t.count())
    order = ibis.window(group_by=["repo", "sha"], order_by=[ibis.desc("n"), ibis.asc("scope")])
    first = counted.mutate(rank=ibis.row_number().over(order)).filter(lambda t: t["rank"] == 0)
    facts.keep("commit_scope", first.select("repo", "sha", "scope"))
    scope = facts.table("commit_scope")
    whole = work.mutate(scope=ibis.literal(WHOLE))
    parts = work.inner_join(scope.filter(scope.scope != WHOLE), ["repo", "sha"])
    facts.keep("scoped_work", ibis.union(whole, parts.select(whole.columns)))


def _keep_touches(facts: Facts) -> None:
    work = facts.table("work")
    changes = facts.table("changes").filter(lambda t: t.kind == "file")
    info = facts.table("path_info").filter(lambda t: t.role.isin(WRITTEN))
    lines = facts.table("change_lines").select("repo", "sha", "path", "added", "deleted")
    who = work.select("repo", "sha", "landed_at", "actor", "kind", "mass")
    touched = (
        changes.select("repo", "sha", "path", "status")
        .inner_join(who, ["repo", "sha"])
        .inner_join(info, ["repo", "path"])
        .left_join(lines, ["repo", "sha", "path"])
    )
    facts.keep(
        "touches",
        touched.select(
            "repo", "sha", "path", "scope", "role", "status", "landed_at", "actor",
            kind=touched["kind"], mass="mass", added="added", deleted="deleted",
        ),
    )  # fmt: skip
