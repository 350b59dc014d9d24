"""How often changes cut across areas, and which files of different areas change together.

What it says
    Of the changes to code in the last 52 weeks, this share touched code of more than one area.

Why it matters
    Work that crosses areas needs people of several teams to agree. Files that keep changing together
    across a border depend on each other whether the code says so or not [Gall1998]; such hidden
    dependencies go with failures more than visible ones do [Cataldo2009].

Definition
    s = a / n. n counts human changes (no merges) of at most 30 files that touch code, a those of them
    that touch code of more than one area; the area of a file that belongs to none is its top folder. The
    interval is for a ratio of weekly sums. The details are pairs of code or test files of different
    areas that changed together at least 5 times in those weeks, with the lift,
    together x changes / (changes of one x changes of other) [Brin1997], and its limits; pairs
    are shown when chance would hardly make one such pair among all pairs of files with 5 changes
    or more (Fisher's exact test, p x pairs <= 0.05). A test beside the code of its own name is marked.
    Larger changes are left out of all this: what thirty files have in common is not each other.

Reads
    commits, landings, changes.

When it is wrong
    Areas that were inferred, not declared, cut where activity is, not where responsibility is.
    Interfaces are changed across areas on purpose. Squashed work looks more coupled than the same work
    in steps, and work in many repositories less.

How it can be gamed
    By splitting one change into one commit per area.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> weeks = {"in_week": np.arange(13), "changes": np.full(13, 10), "spanning": np.full(13, 2)}
    >>> weeks |= {"one": np.full(13, "")}
    >>> estimate(Rows(weeks, weeks=52, people=5)).value
    0.2

References
    [Brin1997], [Cataldo2009], [Gall1998]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trueup.kernel.declarations import Direction, Grain, Rows, Signal

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.estimate import Estimate
    from trueup.kernel.window import Window

WEEKS = 52
CHANCE = 0.05
SHOWN = 50
TEXTS = ("scope", "one", "other", "one_area", "other_area")
NUMBERS = ("in_week", "changes", "spanning", "pool", "together")

_TEST_NAME = re.compile(r"^tests?[_-]|[_.-]?(?:tests?|spec)$", re.IGNORECASE)


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Changes per week (no file named); files with enough changes; pairs that changed together."""
    import ibis

    from trueup.facts.views.cochange import often_changed, pairs_across_areas, small_changes
    from trueup.kernel.window import Window

    touched = small_changes(facts, Window.ending(window.end, weeks=WEEKS))
    files = often_changed(touched).rename(one="file", one_area="area")
    parts = [_alike(t) for t in (_changes(touched), files, pairs_across_areas(touched))]
    return ibis.union(*parts)


def _changes(touched: ibis.Table) -> ibis.Table:
    """Per scope and week: changes to code, those of several areas, and all that touch code or tests."""
    import ibis

    is_code = touched.role == "code"
    each = touched.group_by("repo", "sha", "week").agg(
        areas=is_code.ifelse(touched.area, None).nunique()
    )
    of_scope = touched.filter(is_code, touched.scope != "").select("repo", "sha", "scope")
    parts = each.inner_join(of_scope.distinct(), ["repo", "sha"])
    every = each.mutate(scope=ibis.literal("")).union(parts.select(*each.columns, "scope"))
    return every.group_by("scope", "week").agg(
        changes=(every.areas > 0).sum(), spanning=(every.areas > 1).sum(), pool=every.count()
    ).rename(in_week="week")  # fmt: skip


def _alike(part: ibis.Table) -> ibis.Table:
    """The same columns for every kind of row, empty where they say nothing."""
    import ibis

    told = {c: ibis.literal("") for c in TEXTS} | {c: ibis.literal(0, "int64") for c in NUMBERS}
    told |= {c: part[c].cast("int64") if c in NUMBERS else part[c] for c in part.columns}
    return part.select(**{c: told[c] for c in (*TEXTS, *NUMBERS)})


def estimate(rows: Rows) -> Estimate:
    """A ratio of sums over weeks."""
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    weekly = rows["one"] == "" if len(rows) else np.zeros(0, dtype=bool)
    events = int(rows["changes"][weekly].sum()) if len(rows) else 0
    if few := SIGNAL.too_few(rows, events):
        return few
    week = rows["in_week"][weekly].astype(int)
    week -= week.min()
    found = ratio_of_sums(
        *(np.bincount(week, rows[c][weekly], minlength=2) for c in ("spanning", "changes"))
    )
    return SIGNAL.measured(
        found.value, found.low, found.high, n_people=rows.people, n_events=events
    )


def details(rows: Rows) -> list[dict[str, Any]]:
    """Pairs of files of different areas that change together more often than by chance, at most 50."""
    import numpy as np

    from trueup.stats.association import coupling_p_value, lift_interval

    at = np.flatnonzero(rows["other"] != "") if len(rows) else np.zeros(0, dtype=int)
    if not at.size:
        return []
    single = np.flatnonzero((rows["one"] != "") & (rows["other"] == ""))
    changes = dict(zip(rows["one"][single], rows["changes"][single].astype(int), strict=True))
    one, other = (np.array([changes[f] for f in rows[c][at]]) for c in ("one", "other"))
    together = rows["together"][at].astype(int)
    pool = int(rows["pool"][rows["one"] == ""].sum())
    lift = lift_interval(together, one, other, pool)
    tried = single.size * (single.size - 1) / 2
    telling = (coupling_p_value(together, one, other, pool) * tried <= CHANCE) & (lift.low > 1)
    items: list[dict[str, Any]] = [
        {
            "one": str(rows["one"][i]),
            "other": str(rows["other"][i]),
            "one_area": str(rows["one_area"][i]),
            "other_area": str(rows["other_area"][i]),
            "together": int(together[k]),
            "changes": (int(one[k]), int(other[k])),
            "lift": float(lift.value[k]),
            "lift_low": float(lift.low[k]),
            **_test_pair(str(rows["one"][i]), str(rows["other"][i])),
        }
        for k, i in enumerate(at)
        if telling[k]
    ]
    items.sort(
        key=lambda x: (
            x["own_test"], x["test"], -x["together"], -x["lift_low"], x["one"], x["other"],
        )
    )  # fmt: skip
    return items[:SHOWN]


def _test_pair(one: str, other: str) -> dict[str, bool]:
    """Whether a test is in the pair, and whether the other one is the code of its name.

    >>> _test_pair("r:src/main/Log.java", "r:src/test/LogTest.java")
    {'test': True, 'own_test': True}
    >>> _test_pair("r:a/log.py", "r:b/log.py")
    {'test': False, 'own_test': False}
    """
    from trueup.facts.paths import role_of

    roles = {role_of(f.partition(":")[2]) for f in (one, other)}
    stems = {_TEST_NAME.sub("", f.rpartition("/")[2].partition(".")[0]) for f in (one, other)}
    return {"test": "test" in roles, "own_test": len(roles) > 1 and len(stems) == 1}


SIGNAL = Signal(
    name="temporal_coupling",
    version=1,
    title="changes across areas",
    unit="share",
    direction=Direction.HIGH_IS_DEBT,
    grain=Grain.STOCK,
    minimum_people=3,
    minimum_events=100,
    reads=("changes.path", "commits.author", "landings.landed_at"),
    drives="technical",
    cites=("Brin1997", "Cataldo2009", "Gall1998"),
    equivalence=0.05,
    rows=rows,
    estimate=estimate,
    details=details,
)
