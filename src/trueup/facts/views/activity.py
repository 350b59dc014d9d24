"""Who and what was active: the counts that scopes and minimum groups are made from."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import ibis

from trueup.facts.views.periods import in_weeks

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window


def observed_until(facts: Facts) -> datetime:
    """Until when the repositories were seen: the newest commit date that is not in the future."""
    found: datetime = facts.value(facts.table("repositories").observed_until.max())
    return found


def rows_of(facts: Facts, name: str, *order: str) -> list[dict[str, object]]:
    """All rows of a small table, in a fixed order."""
    return list(facts.read(facts.table(name).order_by(*order)).to_pylist())


def touched_paths(facts: Facts, *, start: datetime, recent: datetime) -> list[tuple[str, str, int]]:
    """Every path that is there or was touched since ``start``, and how often since ``recent``."""
    changes = facts.table("changes").filter(lambda t: t.happened_at >= ibis.literal(start))
    touched = changes.group_by("repo", "path").agg(
        n=lambda t: (t.happened_at >= ibis.literal(recent)).sum().cast("int64")
    )
    there = facts.table("files").select("repo", "path", n=ibis.literal(0).cast("int64"))
    counted = ibis.union(touched, there).group_by("repo", "path").agg(n=lambda t: t.n.sum())
    return list(facts.rows(counted.select("repo", "path", "n").order_by("repo", "path")))


def active_humans(facts: Facts, since: datetime) -> int:
    """Humans who authored commits since a moment; needs the kept table `actors`."""
    recent = facts.table("commits").filter(lambda t: t.happened_at >= ibis.literal(since))
    actors = facts.table("actors").filter(lambda t: t.kind == "human")
    named = actors.select(author="identity", actor="actor")
    return int(facts.value(recent.inner_join(named, "author").actor.nunique()) or 0)


def people_by_scope(facts: Facts, since: datetime) -> dict[str, int]:
    """Humans whose work landed since a moment, per scope ('' is the whole)."""
    work = facts.table("scoped_work").filter(
        lambda t: t.kind == "human", lambda t: t.landed_at >= ibis.literal(since)
    )
    rows = facts.read(work.group_by("scope").agg(n=lambda t: t.actor.nunique()))
    return dict(zip(rows["scope"].to_pylist(), rows["n"].to_pylist(), strict=True))


def people_by_window(facts: Facts, span: Window, weeks: int) -> dict[tuple[str, int], int]:
    """Distinct humans per scope and consecutive window of so many weeks.

    Window -1 stands for all windows but the last one together.
    """
    work = in_weeks(facts.table("scoped_work").filter(lambda t: t.kind == "human"), span)
    parts = work.mutate(part=(work.week // weeks).cast("int64"))
    last = round(span.weeks / weeks) - 1
    each = parts.group_by("scope", "part").agg(n=lambda t: t.actor.nunique())
    past = (
        parts.filter(lambda t: t.part < last).group_by("scope").agg(n=lambda t: t.actor.nunique())
    )
    found: dict[tuple[str, int], int] = defaultdict(int)
    for row in facts.read(each).to_pylist():
        found[row["scope"], int(row["part"])] = row["n"]
    for row in facts.read(past).to_pylist():
        found[row["scope"], -1] = row["n"]
    return found
