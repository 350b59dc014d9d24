"""Which forge a clone belongs to, with which token it may be read, and reading it."""

from __future__ import annotations

import os
import re
import shutil
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.kernel.errors import CredentialsError
from trueup.runs.intake import SOURCES, Intake
from trueup.transport.processes import run

if TYPE_CHECKING:
    from trueup.facts.store import Store
    from trueup.kernel.declarations import Door, Source
    from trueup.kernel.errors import SourceError
    from trueup.runs.intake import Taken
    from trueup.runs.scan import Session

#: The first sync reads what changed in so many days.
FIRST_DAYS = 365


def forge_of(host: str) -> tuple[Source, Door] | None:
    """The source that reads the forge of a host, and where it is asked."""
    for source in SOURCES:
        if source.interface and (door := source.interface.door(host, os.environ)):
            return source, door
    return None


def token_of(door: Door) -> str:
    """The token in the environment, or as the forge's own tool prints it.

    Raises:
        CredentialsError: it holds something that no token does.
    """
    for name in door.secrets:
        if found := os.environ.get(name, "").strip():
            return _checked(found, name)
    if door.command and shutil.which(door.command[0]):
        done = run(list(door.command))
        told = done.out.decode("utf-8", "replace").strip() if done.code == 0 else ""
        return _checked(told, " ".join(door.command))
    return ""


def _checked(token: str, where: str) -> str:
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise CredentialsError.odd(where)
    return token


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
    source, door = found
    token = token_of(door)
    if not source.interface or not token:
        return None
    # Only who has a token needs them.
    from trueup.runs.sync import Sync
    from trueup.transport.http import Client

    def waiting(seconds: float) -> None:
        session.progress(f"waiting {seconds / 60:.0f} minutes: {source.title} limits its use", 0, 0)

    client = Client(
        door.address,
        source.interface.headers(token),
        source.title,
        door.secrets[0],
        session.clock,
        patience=waiting,
        transport=session.transport,
        sleep=session.sleep or time.sleep,
    )
    place = re.sub(r"~\d+$", "", place)  # another clone of the same repository
    since = session.clock() - timedelta(days=FIRST_DAYS)
    with client:
        intake = Intake(source, store, place, key, session.clock, session.progress)
        return Sync(source, place, client, intake, since, session.progress).run()
