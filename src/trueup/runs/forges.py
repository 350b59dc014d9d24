"""Which forge a clone belongs to, with which token it may be read, and reading it."""

from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.runs.intake import SOURCES, Intake
from trueup.transport.processes import run

if TYPE_CHECKING:
    from trueup.facts.store import Store
    from trueup.kernel.declarations import Interface, Source
    from trueup.kernel.errors import SourceError
    from trueup.runs.intake import Taken
    from trueup.runs.scan import Session

#: The first sync reads what changed in so many days.
FIRST_DAYS = 365


def forge_of(host: str) -> tuple[Source, str] | None:
    """The source that reads the forge of a host, and where it is asked."""
    for source in SOURCES:
        if source.interface is not None and host:
            told = os.environ.get(f"{source.name.upper()}_API_URL", "")
            if address := source.interface.address(host):
                return source, told or address
    return None


def token_of(interface: Interface) -> str:
    """The token in the environment, or as the forge's own tool prints it."""
    for name in interface.secrets:
        if found := os.environ.get(name, "").strip():
            return found
    if interface.command and shutil.which(interface.command[0]):
        done = run(list(interface.command))
        return done.out.decode("utf-8", "replace").strip() if done.code == 0 else ""
    return ""


def sync_forge(
    session: Session, store: Store, key: bytes, host: str, place: str
) -> tuple[Taken, list[SourceError]] | None:
    """Bring what the forge of a clone tells up to date; nothing without a token.

    Raises:
        SourceError: it cannot be read (any more); what was read before is kept.
    """
    found = forge_of(host)
    if found is None:
        return None
    source, address = found
    interface = source.interface
    token = token_of(interface) if interface else ""
    if not interface or not token:
        return None
    # Only who has a token needs them.
    from trueup.runs.sync import Sync
    from trueup.transport.http import Client

    def waiting(seconds: float) -> None:
        session.progress(f"waiting {seconds / 60:.0f} minutes: {source.title} limits its use", 0, 0)

    client = Client(
        address,
        interface.headers(token),
        source.title,
        interface.secrets[0],
        session.clock,
        patience=waiting,
        transport=session.transport,
        sleep=session.sleep or time.sleep,
    )
    since = session.clock() - timedelta(days=FIRST_DAYS)
    with client:
        intake = Intake(source, store, place, key, session.clock, session.progress)
        return Sync(source, place, client, intake, since, session.progress).run()
