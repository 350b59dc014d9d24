"""What is connected, from the declarations of the sources and the records of their runs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trueup.facts.store import Store
from trueup.facts.views.records import records_by_kind
from trueup.publish.connected import Connected, RecordsRead
from trueup.runs.kinds import SOURCES

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
    notes: Counter[str] = Counter()
    for run in runs:
        notes.update(run.cursor.get("_remarks", {}))
    return Connected(
        name=source.name,
        title=source.title,
        read=tuple(f"{r.subject} on {r.seen_at:%Y-%m-%d}" for r in runs),
        kinds=kinds,
        access=source.access,
        how=_how(source),
        needs=_needs(source),
        unknown_fields=sum(len(r.cursor.get("_unknown_fields", ())) for r in runs),
        unknown_values=sum(len(r.cursor.get("_unknown_values", ())) for r in runs),
        problems=tuple(problems),
        notes=tuple(f"{what}: {count}" for what, count in notes.most_common()),
    )


def _how(source: Source) -> str:
    if not source.kinds:
        return "trueup collect REPO"
    page = f"docs/reference/sources/{source.name}.md"
    files = f"trueup collect --from PATH (files named as in {page})"
    face = source.interface
    if face is None:
        return files
    told = f"{_needs(source)} in the environment"
    if face.usual.command:
        told += f", or as `{' '.join(face.usual.command[:3])}` prints it"
    named = "" if face.forge else f" --connect {source.name}:PLACE, where PLACE is {face.place}"
    return f"{told}; then trueup scan REPO{named}. Or {files}"


def _needs(source: Source) -> str:
    """What it takes to connect it, in few words."""
    face = source.interface
    if face is None:
        return "files" if source.kinds else "a clone"
    secrets = " or ".join(face.usual.secrets[:2])
    own = face.where or f"{source.name.upper()}_URL"
    return secrets if face.door("", {}) else f"{own}, {secrets}"
