"""Files that change together: the touches this is counted from, the files, and the pairs.

Only human changes of at most `MOST_FILES` files count, for what thirty files have in common is not
each other, and only code and tests. The area of a file is its scope, or its top folder where it
belongs to none. Files under `SUPPORT` changes are left out before pairs are made, which loses no pair
of that support.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.views.periods import in_weeks

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.window import Window

MOST_FILES = 30
SUPPORT = 5


def small_changes(facts: Facts, window: Window) -> ibis.Table:
    """Touches of the window: repo, sha, week, scope, role, file (`repo:path`), area."""
    few = facts.table("work").filter(lambda t: t.files <= MOST_FILES).select("repo", "sha")
    touches = facts.table("touches").filter(
        lambda t: t.role.isin(("code", "test")), lambda t: t.kind == "human"
    )
    told = in_weeks(touches.semi_join(few, ["repo", "sha"]), window)
    slash = told.path.find("/")
    folder = (slash > 0).ifelse(told.path.left(slash), ".")
    return told.select(
        "repo", "sha", "week", "scope", "role",
        file=told.repo + ":" + told.path,
        area=(told.scope != "").ifelse(told.scope, folder),
    )  # fmt: skip


def often_changed(touched: ibis.Table) -> ibis.Table:
    """Files with enough changes: file, area, changes."""
    counted = touched.group_by("file").agg(changes=touched.count(), area=touched.area.min())
    return counted.filter(counted.changes >= SUPPORT)


def pairs_across_areas(touched: ibis.Table) -> ibis.Table:
    """Files of different areas that changed together often enough: one, other, areas, together."""
    often = often_changed(touched).select("file")
    one = touched.semi_join(often, "file").select("repo", "sha", one="file", one_area="area")
    both = one.inner_join(one.rename(other="one", other_area="one_area"), ["repo", "sha"])
    apart = both.filter(both.one < both.other, both.one_area != both.other_area)
    pairs = apart.group_by("one", "other").agg(
        together=apart.count(), one_area=apart.one_area.min(), other_area=apart.other_area.min()
    )
    return pairs.filter(pairs.together >= SUPPORT)
