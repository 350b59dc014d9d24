"""What is connected, from the declarations of the sources and the records of their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.facts.store import Store
from trueup.facts.views.records import records_by_kind
from trueup.publish.connected import Connected, RecordsRead
from trueup.runs.intake import SOURCES

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.facts.runs import RunRecord
    from trueup.kernel.sources import Source


def connected(workspace: Path) -> list[Connected]:
    """Every source there is, those that were read first."""
    snapshot = Store(workspace).snapshot()
    known = records_by_kind(snapshot)
    found = []
    for source in SOURCES:
        runs = {r.subject: r for r in snapshot.live if r.source == source.name}
        found.append(_one(source, list(runs.values()), known))
    return sorted(found, key=lambda c: (not c.read, c.name))


def _one(
    source: Source, runs: list[RunRecord], known: dict[tuple[str, str], tuple[int, str]]
) -> Connected:
    kinds = tuple(
        RecordsRead(
            kind.name,
            *known.get((source.name, kind.name), (0, "")),
            kind.lights,
            kind.access,
            files_only=kind.listing is None,
        )
        for kind in source.kinds
    )
    problems = [p for run in runs for p in run.cursor.get("_problems", ())]
    return Connected(
        name=source.name,
        title=source.title,
        read=tuple(f"{r.subject} on {r.seen_at:%Y-%m-%d}" for r in runs),
        kinds=kinds,
        access=source.access,
        how=_how(source),
        unknown_fields=sum(len(r.cursor.get("_unknown_fields", ())) for r in runs),
        unknown_values=sum(len(r.cursor.get("_unknown_values", ())) for r in runs),
        problems=tuple(problems),
    )


def _how(source: Source) -> str:
    if not source.kinds:
        return "trueup collect REPO"
    files = (
        f"trueup collect --from PATH (files named as in docs/reference/sources/{source.name}.md)"
    )
    if source.interface is None:
        return files
    door = source.interface.usual
    told = f"a token in {' or '.join(door.secrets)}"
    if door.command:
        told += f", or as `{' '.join(door.command[:3])}` prints it"
    return f"{told}; then trueup scan REPO. Or {files}"
