"""Which source reads a forge or another connected place, with which token, and reading it."""

from __future__ import annotations

import os
import re
import shutil
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.facts.views.records import earliest
from trueup.kernel.errors import CredentialsError, UnknownSourceError
from trueup.runs.intake import Intake
from trueup.runs.kinds import SOURCES
from trueup.transport.processes import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.facts.store import Store
    from trueup.kernel.errors import SourceError
    from trueup.kernel.sources import Door, Interface, Source
    from trueup.runs.intake import Taken
    from trueup.runs.scan import Session

#: The first sync reads what changed in so many days.
FIRST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Place:
    """Something a source can read: which one, where it is asked, and what it is called there."""

    source: Source
    interface: Interface
    door: Door
    name: str


def forge_of(host: str, name: str, path: str = "") -> Place | None:
    """The forge of a clone, where a source reads it; another clone of the same is the same place.

    The forge calls it by its whole ``path``, where that is known; its name in the facts is the end of it.
    """
    for source in SOURCES:
        face = source.interface
        if host and face and face.forge and (door := face.door(host, os.environ)):
            called = path or re.sub(r"~\d+$", "", name)
            within = f"{door.within}/" if door.within else ""
            return Place(source, face, door, called.removeprefix(within))
    return None


def known_places(told: Sequence[str]) -> tuple[str, ...]:
    """The places, if sources can read such; whether they are reachable from here is seen later.

    Raises:
        UnknownSourceError: there is no such source, or it is not said what it is called there.
    """
    live = [s.name for s in SOURCES if s.interface] if told else []
    for one in told:
        name, _, called = one.partition(":")
        if name not in live or not called.strip():
            raise UnknownSourceError.named(one, live)
    return tuple(told)


def place_of(told: str) -> Place:
    """A place as it is connected: the name of a source, a colon, and what it is called there.

    Raises:
        UnknownSourceError: there is no such source, or nobody says where it is.
    """
    name, _, called = told.partition(":")
    known_places([told])
    source, face = next((s, s.interface) for s in SOURCES if s.name == name and s.interface)
    door = face.door("", os.environ)
    if door is None:
        raise UnknownSourceError.nowhere(source.title, face.where or f"{name.upper()}_URL")
    return Place(source, face, door, called.strip())


def token_of(door: Door) -> str:
    """The token in the environment, in the keyring, or as the forge's own tool prints it.

    Raises:
        CredentialsError: it holds something that no token does.
    """
    for name in door.secrets:
        if found := os.environ.get(name, "").strip():
            return _checked(found, name)
    for name in door.secrets:
        if found := _in_keyring(name):
            return _checked(found, f"keyring, {name} of trueup")
    if door.command and shutil.which(door.command[0]):
        done = run(list(door.command))
        told = done.out.decode("utf-8", "replace").strip() if done.code == 0 else ""
        return _checked(told, " ".join(door.command))
    return ""


def _in_keyring(name: str) -> str:
    """The secret of that name in the keyring of the system, where that can be read (the extra `keyring`)."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return (keyring.get_password("trueup", name) or "").strip()
    except KeyringError:
        return ""  # locked, or there is none: as if nothing were in it


def _checked(token: str, where: str) -> str:
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise CredentialsError.odd(where)
    return token


def sync_place(
    session: Session, store: Store, key: bytes, place: Place, token: str
) -> tuple[Taken, list[SourceError]]:
    """Bring what a place tells up to date; of a session that reconciles, all that is known of it.

    Raises:
        SourceError: it cannot be read (any more); what was read before is kept.
    """
    # Only who has something connected needs them.
    from trueup.runs.sync import Sync
    from trueup.transport.http import Client

    source = place.source.of(place.door.edition)

    def waiting(seconds: float) -> None:
        session.progress(f"waiting {seconds / 60:.0f} minutes: {source.title} limits its use", 0, 0)

    client = Client(
        place.door.address,
        place.interface.headers(token),
        source.title,
        place.door.secrets[0],
        session.clock,
        patience=waiting,
        transport=session.transport,
        sleep=session.sleep or time.sleep,
    )
    since = session.clock() - timedelta(days=FIRST_DAYS)
    if session.reconcile and (known := earliest(store.snapshot(), source.name, place.name)):
        since = min(since, known - timedelta(days=1))
    with client:
        intake = Intake(source, store, place.name, key, session.clock, session.progress)
        sync = Sync(
            source, place.name, client, intake, since, session.progress,
            graph=place.door.graph, whole=session.reconcile,
        )  # fmt: skip
        return sync.run()
