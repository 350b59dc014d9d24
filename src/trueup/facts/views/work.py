"""Work: changes that landed on the default branch, who made and applied them, and what they touched.

Four tables are kept for the measures of one run:

`made`, one row per commit that is no merge, on any line: repo, sha, actor, kind (human, bot, agent),
authored_at, made_at (commit date), landed_at and landed_by (empty when it is not on the default
branch), applied_by (actor), applied_by_kind (human, bot, agent, forge), tool (disclosed AI tool or
empty), files (number of files touched), mass (more than `MASS` files).

`work`, the rows of `made` that landed on the default branch and are not set aside by the project.

`scoped_work`, the same rows once for the whole (scope '') and once for their area or team: columns of
`work` and scope.

`touches`, one row per file of `work` that people write (no vendored, generated or binary file, no
submodule): repo, sha, path, scope (area of the file), role, status, landed_at, actor, kind, mass,
added, deleted (empty where lines were not counted).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from trueup.facts.changes import MASS

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.engine import Facts

#: Roles of files that people write.
WRITTEN = ("code", "test", "docs", "data")
WHOLE = ""


def keep_work(facts: Facts, *, start: datetime, end: datetime) -> None:
    """Work out `work` and `touches` for commits that landed in ``start <= landed_at < end``.

    Needs the kept tables `actors` (identity, actor, kind) and `path_info` (repo, path, role, scope).
    """
    landings = facts.table("landings").filter(lambda t: t.line == "default")
    landed = landings.select("repo", "sha", "landed_by", "landed_at")
    commits = facts.table("commits")
    single = commits.filter(commits.parents.length() < 2).left_join(landed, ["repo", "sha"])
    at = ibis.coalesce(single.landed_at, single.happened_at)
    base = single.filter(at >= ibis.literal(start), at < ibis.literal(end)).drop(
        "repo_right", "sha_right"
    )
    actors = facts.table("actors")
    author = actors.select(author="identity", actor="actor", kind="kind")
    applier = actors.select(
        committer="identity", applied_by=actors.actor, applied_by_kind=actors.kind
    )
    tools = facts.table("trailers").filter(lambda t: t.tool.notnull())
    tools = tools.group_by("repo", "sha").agg(tool=lambda t: t.tool.min())
    changes = facts.table("changes").filter(lambda t: t.kind != "submodule")
    counted = changes.group_by("repo", "sha").agg(files=lambda t: t.count())
    made = (
        base.left_join(author, "author")
        .left_join(applier, "committer")
        .left_join(tools, ["repo", "sha"])
        .left_join(counted, ["repo", "sha"])
    )
    made = made.select(
        "repo",
        "sha",
        "actor",
        "kind",
        "landed_at",
        "landed_by",
        "authored_at",
        "applied_by",
        "applied_by_kind",
        made_at=made.happened_at,
        tool=made.tool.fill_null(""),
        files=made.files.fill_null(0),
        mass=made.files.fill_null(0) > MASS,
    )
    facts.keep("made", made)
    aside = facts.table("set_aside").select("repo", "sha")
    landed_work = facts.table("made").filter(lambda t: t.landed_at.notnull())
    facts.keep("work", landed_work.anti_join(aside, ["repo", "sha"]))
    _keep_touches(facts)


def keep_scoped_work(facts: Facts) -> None:
    """Work out `commit_scope` and `scoped_work`.

    A commit belongs to the team its author was a member of on the day it landed, where teams are
    declared by members (kept table `memberships`); otherwise to the area of most of its files.
    """
    members = facts.table("memberships")
    declared = bool(facts.value(members.count()))
    facts.keep("commit_scope", _by_member(facts) if declared else _by_path(facts))
    work, scope = facts.table("work"), facts.table("commit_scope")
    whole = work.mutate(scope=ibis.literal(WHOLE))
    parts = work.inner_join(scope.filter(scope.scope != WHOLE), ["repo", "sha"])
    facts.keep("scoped_work", ibis.union(whole, parts.select(whole.columns)))


def _by_path(facts: Facts) -> ibis.Table:
    counted = facts.table("touches").group_by("repo", "sha", "scope").agg(n=lambda t: t.count())
    order = ibis.window(group_by=["repo", "sha"], order_by=[ibis.desc("n"), ibis.asc("scope")])
    first = counted.mutate(rank=ibis.row_number().over(order)).filter(lambda t: t["rank"] == 0)
    return first.select("repo", "sha", "scope")


def _by_member(facts: Facts) -> ibis.Table:
    work, members = facts.table("work"), facts.table("memberships")
    joined = work.inner_join(members, "actor")
    inside = joined.filter(joined.landed_at >= joined.start, joined.landed_at < joined.end)
    # Somebody in two teams at once counts for the first by name: work is never counted twice.
    return inside.group_by("repo", "sha").agg(scope=lambda t: t.scope.min())


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
