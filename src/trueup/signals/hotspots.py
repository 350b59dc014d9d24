"""How much of the work goes into the code that is hardest to change.

What it says
    Of all touches of code in the last 52 weeks, this share fell on the most complicated tenth of the
    files. If complication had nothing to do with change, it would be 10 %.

Why it matters
    Complicated code costs time when it changes, and nothing when it is left alone. In 39 code bases
    low-quality files took 124 % more time per issue and held 15 times the defects [TornhillBorg2022].

Definition
    s = a / n. n counts touches (one file in one human change, no merges, no bulk edits) of code files in
    the last 52 weeks whose indentation is known; a those of files in the most complicated tenth of
    their scope, by the sum of logical indentation over the lines of the file at the end of the default
    branch, which stands in for complexity [Hindle2008]. Indentation is known for the code files that
    changed at least twice in the last two years; the coverage is the share of touches that fall on
    them. The interval is for a ratio of weekly sums. In the details the score of a file is the product
    of two percentile ranks among the touched files, of its touches and of its indentation; fixes are
    touches by work that says it fixes or closes something.

Reads
    commits, landings, changes, files, links.

When it is wrong
    Tables, generated code and long switch statements are indented without being hard. Large files
    draw touches for being large. Complexity is known for today alone: earlier figures are told with
    it, and files that were removed since are left out.

How it can be gamed
    By splitting files without untangling them, or indenting less.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> touched = {
    ...     "file": np.tile(["r:a.py", "r:b.py"], 13), "in_week": np.repeat(np.arange(13), 2),
    ...     "touches": np.tile([3, 7], 13), "fixes": np.zeros(26, int), "lines": np.full(26, 90),
    ...     "indentation": np.tile([900, 9], 13), "complicated": np.tile([1, 0], 13)}
    >>> round(estimate(Rows(touched, weeks=52, people=5)).value, 2)
    0.3
    >>> [(x["path"], x["touches"]) for x in details(Rows(touched, weeks=52, people=5))]
    [('a.py', 39), ('b.py', 91)]

References
    [Hindle2008], [TornhillBorg2022]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.kernel.declarations import Direction, Grain, Rows, Signal

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.estimate import Estimate
    from trueup.kernel.window import Window

WEEKS = 52
TENTH = 10
SHOWN = 30
UNKNOWN = -1
#: What a message says of work that mends something.
MENDS = ("closes", "fixes", "fixes_commit")


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope, file and week of the last 52: touches, and those by fixes; '' is all unknown files."""
    import ibis

    from trueup.facts.views.periods import in_weeks
    from trueup.kernel.window import Window

    touches = facts.table("touches").filter(
        lambda t: t.role == "code", lambda t: t.kind == "human", lambda t: ~t.mass
    )
    told = in_weeks(touches, Window.ending(window.end, weeks=WEEKS)).rename(in_week="week")
    mends = facts.table("links").filter(lambda t: t.relation.isin(MENDS))
    mends = mends.select("repo", "sha").distinct().mutate(mends=1)
    told = told.left_join(mends, ["repo", "sha"]).select(
        "repo", "path", "scope", "in_week", fixes=lambda t: t.mends.fill_null(0)
    )
    both = told.mutate(scope=ibis.literal("")).union(told.filter(told.scope != ""))
    known = both.left_join(_complexity(facts), ["scope", "repo", "path"])
    named = known.indentation.notnull().ifelse(known.repo + ":" + known.path, "")
    known = known.mutate(file=named)
    numbers = {c: known[c].fill_null(UNKNOWN) for c in ("lines", "indentation", "complicated")}
    known = known.select("scope", "in_week", "file", "fixes", **numbers)
    return known.group_by("scope", "in_week", "file", "lines", "indentation", "complicated").agg(
        touches=known.count(), fixes=known.fixes.sum()
    )


def _complexity(facts: Facts) -> ibis.Table:
    """Lines and indentation of code files, and whether it is among the top tenth of its scope."""
    import ibis

    files = facts.table("files").filter(
        lambda t: t.role == "code", lambda t: t.indentation.notnull()
    )
    files = files.select("repo", "path", "lines", "indentation")
    info = facts.table("path_info").filter(lambda t: t.scope != "").select("repo", "path", "scope")
    whole = files.mutate(scope=ibis.literal(""))
    every = whole.union(files.inner_join(info, ["repo", "path"]).select(whole.columns))
    order = ibis.window(
        group_by="scope",
        order_by=[ibis.desc("indentation"), "repo", "path"],
    )
    all_of_it = every.path.count().over(ibis.window(group_by="scope"))
    placed = every.mutate(place=ibis.row_number().over(order), files=all_of_it)
    top = (placed.place * TENTH < placed.files).cast("int64")
    return placed.select("scope", "repo", "path", "lines", "indentation", complicated=top)


def estimate(rows: Rows) -> Estimate:
    """A ratio of sums over weeks."""
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    known = rows["indentation"] != UNKNOWN if len(rows) else np.zeros(0, dtype=bool)
    events = int(rows["touches"][known].sum()) if len(rows) else 0
    if few := SIGNAL.too_few(rows, events):
        return few
    week = rows["in_week"].astype(int)
    week -= week.min()
    inside = rows["touches"] * (known & (rows["complicated"] == 1))
    found = ratio_of_sums(
        np.bincount(week, inside, minlength=2),
        np.bincount(week, rows["touches"] * known, minlength=2),
    )
    coverage = events / int(rows["touches"].sum())
    return SIGNAL.measured(
        found.value, found.low, found.high,
        n_people=rows.people, n_events=events, coverage=coverage,
    )  # fmt: skip


def details(rows: Rows) -> list[dict[str, Any]]:
    """The files with the highest score, at most 30."""
    import numpy as np

    if not len(rows) or not (rows["file"] != "").any():
        return []
    at = np.flatnonzero(rows["file"] != "")
    files, first, of = np.unique(
        rows["file"][at].astype(str), return_index=True, return_inverse=True
    )
    touches = np.bincount(of, rows["touches"][at]).astype(int)
    fixes = np.bincount(of, rows["fixes"][at]).astype(int)
    lines, indentation = (rows[c][at][first].astype(int) for c in ("lines", "indentation"))
    score = _percentile(touches) * _percentile(indentation)
    order = np.lexsort((files, -score))[:SHOWN]
    return [
        {
            "repo": files[i].partition(":")[0],
            "path": files[i].partition(":")[2],
            "touches": int(touches[i]),
            "fixes": int(fixes[i]),
            "lines": int(lines[i]),
            "indentation": int(indentation[i]),
            "score": round(float(score[i]), 4),
        }
        for i in order
    ]


def _percentile(values: Any) -> Any:
    """Percentile ranks 0..1, equal values sharing the middle one of theirs."""
    import numpy as np

    ordered = np.sort(values)
    below, upto = (np.searchsorted(ordered, values, side=s) for s in ("left", "right"))
    return (below + upto) / (2 * len(values))


SIGNAL = Signal(
    name="hotspots",
    version=1,
    title="work in the most complicated code",
    unit="share",
    direction=Direction.HIGH_IS_DEBT,
    grain=Grain.STOCK,
    minimum_people=3,
    minimum_events=100,
    reads=(
        "changes.path",
        "files.indentation",
        "files.lines",
        "landings.landed_at",
        "links.relation",
    ),
    drives="technical",
    cites=("Hindle2008", "TornhillBorg2022"),
    equivalence=0.05,
    rows=rows,
    estimate=estimate,
    details=details,
)
