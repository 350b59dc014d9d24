"""How much of the code that keeps changing is known to at most one person who is still here.

What it says
    Of the changes of the last year, this share went into files that at most one person who is still
    active knows well.

Why it matters
    When that person leaves, is ill or on holiday, changes there become slow and risky. In 65 % of 133
    popular projects one or two leavers would leave most files without an author [Avelino2016].

Definition
    A person's degree of authorship of a file [Fritz2014]:
    DOA = 3.293 + 1.098 FA + 0.164 DL - 0.321 ln(1 + AC), where FA is 1 for whoever created the file,
    else 0; DL is the number of changes by that person, AC by anybody else (people, bots, agents).
    Authors are people with DOA >= 3.293 and more than 0.75 of the highest DOA of that file
    [Avelino2016]; living ones landed something in the last 365 days. The value is
    sum(h_f [f has authors, at most one of them living]) / sum(h_f) over code and test files f at the
    end of the default branch, h_f being the changes of f in those 365 days. Files that have no author,
    because too many people share them, count as not concentrated. Changes of more than 100 files are
    left out; three renames are followed back. The interval takes folders (files, when there are fewer
    than ten) for draws: how far the share would move in like code. The truck factor in the details
    is the number of authors to remove, largest first, until more than half of these files have none.

Reads
    files, changes, commits, landings.

When it is wrong
    Commits applied or squashed in another's name; files created by an import; people who know the
    code and do not change it. What agents write is known to nobody here, and what people write
    with an agent counts as theirs. One author is normal for small modules.

How it can be gamed
    By spreading trivial edits over many authors.

Example
    >>> import numpy as np
    >>> from trueup.kernel.declarations import Rows
    >>> rows = Rows({
    ...     "file": np.repeat(["a.py", "b.py", "c.py", "d.py"], 2), "actor": np.tile(["x", "y"], 4),
    ...     "own": np.array([9, 9, 9, 1, 9, 1, 9, 1]), "total": np.repeat([18, 10, 10, 10], 2),
    ...     "first": np.zeros(8, int), "alive": np.ones(8, int), "heat": np.repeat(60, 8)},
    ...     weeks=52, people=3)
    >>> round(estimate(rows).value, 2)
    0.75

References
    [Avelino2016], [Fritz2014]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup.kernel.declarations import Direction, Grain, Rows, Signal

if TYPE_CHECKING:
    import ibis

    from trueup.facts.engine import Facts
    from trueup.kernel.estimate import Estimate
    from trueup.kernel.window import Window

AUTHOR = 3.293
NEAR_THE_BEST = 0.75
FEW_FOLDERS = 10


def rows(facts: Facts, window: Window) -> ibis.Table:
    """Per scope, file that changed in the last year, and human who ever changed it."""
    import ibis

    from trueup.facts.views.authorship import authorship

    told = authorship(facts, window.end)
    told = told.mutate(file=told.repo + ":" + told.path)
    info = facts.table("path_info").filter(lambda t: t.scope != "")
    parts = told.inner_join(info.select("repo", "path", "scope"), ["repo", "path"])
    columns = ("file", "actor", "own", "first", "alive", "total", "heat")
    whole = told.select(*columns, scope=ibis.literal(""))
    return whole.union(parts.select(*columns, "scope"))


def estimate(rows: Rows) -> Estimate:
    """A weighted share of files, with folders as draws."""
    import numpy as np

    from trueup.stats.ratios import ratio_of_sums

    events = int(_heat(rows).sum()) if len(rows) else 0
    if few := SIGNAL.too_few(rows, events):
        return few
    files, _, living, authors = _authors(rows)
    heat = _heat(rows)
    held = (authors > 0) & (living <= 1)
    folders, draw = np.unique([name.rpartition("/")[0] for name in files], return_inverse=True)
    if folders.size < FEW_FOLDERS:
        draw = np.arange(files.size)
    found = ratio_of_sums(
        np.bincount(draw, heat * held, minlength=2),
        np.bincount(draw, heat, minlength=2),
        shrink_to=0.0,
    )
    return SIGNAL.measured(
        found.value, found.low, found.high, n_people=rows.people, n_events=events
    )


def details(rows: Rows) -> list[dict[str, Any]]:
    """Shares of the changes by how many living authors their files have, and the truck factor."""
    if not len(rows):
        return []
    _, pairs, living, authors = _authors(rows)
    heat = _heat(rows)
    groups = {
        "two or more people": living > 1,
        "one person": living == 1,
        "people who are no longer active": (living == 0) & (authors > 0),
        "nobody in particular": authors == 0,
    }
    shares = [(who, float(heat[files].sum() / heat.sum())) for who, files in groups.items()]
    items: list[dict[str, Any]] = [{"known_to": who, "share": share} for who, share in shares]
    return [*items, {"truck_factor": _truck_factor(living.size, *pairs)}]


def _heat(rows: Rows) -> Any:
    """Changes of the last year per file, files in order of their names."""
    import numpy as np

    _, at = np.unique(rows["file"].astype(str), return_index=True)
    return rows["heat"][at].astype(float)


def _authors(rows: Rows) -> tuple[Any, tuple[Any, Any], Any, Any]:
    """Files; pairs of file and living author; living authors and authors per file."""
    import numpy as np

    files, of = np.unique(rows["file"].astype(str), return_inverse=True)
    own = rows["own"].astype(float)
    doa = AUTHOR + 1.098 * rows["first"] + 0.164 * own - 0.321 * np.log1p(rows["total"] - own)
    doa = np.where(own > 0, doa, -np.inf)
    best = np.full(files.size, -np.inf)
    np.maximum.at(best, of, doa)
    author = (doa >= AUTHOR) & (doa > NEAR_THE_BEST * best[of])
    living = author & (rows["alive"] > 0)
    people = np.unique(rows["actor"].astype(str), return_inverse=True)[1]
    counts = [np.bincount(of, who, files.size).astype(int) for who in (living, author)]
    return files, (of[living], people[living]), counts[0], counts[1]


def _truck_factor(files: int, file_of: Any, person_of: Any) -> int:
    import numpy as np

    left = np.bincount(file_of, minlength=files)
    theirs = [np.sort(file_of[person_of == person]) for person in np.unique(person_of)]
    # among equals by the files themselves, so that ids do not matter
    theirs.sort(key=lambda mine: (-mine.size, mine.tolist()))
    for removed, mine in enumerate(theirs):
        if 2 * np.count_nonzero(left) < files:
            return removed
        left[mine] -= 1
    return len(theirs)


SIGNAL = Signal(
    name="knowledge_concentration",
    version=1,
    title="knowledge concentration",
    unit="share",
    direction=Direction.HIGH_IS_DEBT,
    grain=Grain.STOCK,
    minimum_people=3,
    minimum_events=200,
    reads=(
        "files.role",
        "changes.path",
        "changes.old_path",
        "commits.author",
        "landings.landed_at",
    ),
    drives="human",
    cites=("Avelino2016", "Fritz2014"),
    equivalence=0.05,
    rows=rows,
    estimate=estimate,
    details=details,
)
