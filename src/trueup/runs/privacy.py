"""What is kept of people, from the declarations of sources and tables and from what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup import __version__
from trueup.facts.schema import TABLES, Sensitivity
from trueup.facts.store import Store
from trueup.facts.views.records import rows_about
from trueup.kernel.errors import UnknownPersonError
from trueup.publish.privacy import AboutMe, Field, Kept, Pack, SourceRead
from trueup.publish.rules import MINIMUM
from trueup.runs.connected import connected
from trueup.runs.kinds import SOURCES
from trueup.runs.raw import kept_until
from trueup.signals import SIGNALS
from trueup.teams.subjects import known_as

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.runs.scan import Session

_TOLD = (Sensitivity.PERSON, Sensitivity.PSEUDONYM, Sensitivity.REFERENCE)


def about_me(workspace: Path, wanted: str) -> AboutMe:
    """Everything that is kept of whoever has this address or account.

    Raises:
        UnknownPersonError: nobody is known by it.
    """
    snapshot = Store(workspace).snapshot()
    known = known_as(snapshot, wanted)
    if not known:
        raise UnknownPersonError.named(wanted)
    names = dict.fromkeys(f"{k.name} <{k.address}>" for k in known)
    columns = {(t.name, c.name): c.meaning for t in TABLES for c in t.columns}
    rows = tuple(
        Kept(
            found.table,
            TABLES[found.table].about,
            columns[found.table, found.column],
            found.source,
            found.rows,
            f"{found.first:%Y-%m-%d}" if found.first else "",
            f"{found.last:%Y-%m-%d}" if found.last else "",
        )
        for found in rows_about(snapshot, sorted({k.identity for k in known}))
    )
    return AboutMe(wanted, tuple(names), rows)


def pack(session: Session) -> Pack:
    """What runs here, as those have to know who agree to it."""
    read = {c.name: c.read for c in connected(session.workspace)}
    sources = tuple(
        SourceRead(s.name, s.title, read[s.name], s.access, s.writes, s.limits)
        for s in sorted(SOURCES, key=lambda s: (not read[s.name], s.name))
    )
    written = {t for s in sources if s.read for t in s.tables}
    fields = tuple(
        Field(t.name, c.name, c.meaning, c.sensitivity.value)
        for t in TABLES
        if t.name in written
        for c in t.columns
        if c.sensitivity in _TOLD
    )
    return Pack(
        made_at=f"{session.clock():%Y-%m-%d}",
        version=__version__,
        sources=sources,
        fields=fields,
        minimum={audience.value: n for audience, n in MINIMUM.items()},
        months=session.config.policy.ledger_months,
        signals=tuple(s.title for s in SIGNALS),
        raw_until=tuple(map(str, kept_until(session.workspace))),
    )
