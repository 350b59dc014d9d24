"""How many records of each kind are known, from what their rows were read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from trueup.facts.schema import TABLES, Sensitivity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trueup.facts.snapshot import Snapshot


def records_by_kind(snapshot: Snapshot) -> dict[tuple[str, str], tuple[int, str]]:
    """By source and kind: how many different records, and the day of the newest moment they tell of.

    Rows of such sources are keyed `kind:id`.
    """
    tables = [t for t in TABLES if snapshot.files(t) and t.name not in {"gaps", "people"}]
    tables = [t for t in tables if any(r.source != "git" for r in snapshot.records)]
    parts = [
        f"select source, source_key, happened_at from ({snapshot.current_sql(t)}) where source != 'git'"  # noqa: S608 - names are declared
        for t in tables
    ]
    if not parts:
        return {}
    with snapshot.connect() as connection:
        rows = connection.sql(
            "select source, split_part(source_key, ':', 1), count(distinct source_key), "  # noqa: S608 - likewise
            f"strftime(max(happened_at), '%Y-%m-%d') from ({' union all '.join(parts)}) group by all order by all"
        ).fetchall()
    return {(source, kind): (count, newest or "") for source, kind, count, newest in rows}


def earliest(snapshot: Snapshot, source: str, place: str) -> datetime | None:
    """The earliest moment that a source tells of a place: of a last change, or else when it happened."""
    found = []
    with snapshot.connect() as connection:
        for table in TABLES:
            names = {c.name for c in table.columns}
            if "repo" in names and table.name not in {"gaps", "people"} and snapshot.files(table):
                moment = "changed_at" if "changed_at" in names else "happened_at"
                sql = snapshot.current_sql(table)
                told = f"select min({moment}) from ({sql}) where source = ? and repo = ?"  # noqa: S608 - names are declared
                found += connection.execute(told, [source, place]).fetchall()
    return min((m for (m,) in found if m is not None), default=None)


class About(NamedTuple):
    """Rows of a table in which somebody stands under a pseudonym."""

    table: str
    column: str
    source: str
    rows: int
    first: datetime | None
    last: datetime | None


def rows_about(snapshot: Snapshot, identities: Sequence[str]) -> list[About]:
    """In which tables and columns these pseudonyms stand, how often, and of which time."""
    found = []
    with snapshot.connect() as connection:
        for table in TABLES:
            columns = [c.name for c in table.columns if c.sensitivity is Sensitivity.PSEUDONYM]
            if table.name == "people" or not columns or not snapshot.files(table):
                continue
            sql = snapshot.current_sql(table)
            for column in columns:
                told = connection.execute(
                    f"select source, count(*), min(happened_at), max(happened_at) from ({sql}) "  # noqa: S608 - names are declared
                    f"where list_contains(?, {column}) group by source order by source",
                    [list(identities)],
                ).fetchall()
                found += [About(table.name, column, *row) for row in told]
    return found
