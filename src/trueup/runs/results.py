"""Results kept in the workspace, so that what has not changed is not worked out again."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trueup import __version__
from trueup.kernel.errors import StoreError
from trueup.publish.document import Audience, Published
from trueup.publish.parts import Change, Changed, Moved
from trueup.publish.words import day, look_again

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from trueup.claims.model import Claim, Judged
    from trueup.claims.policy import Policy


class Results:
    """The newest result for each audience, and the claims behind it."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / "results"

    def load(self, audience: Audience, key: str = "") -> Published | None:
        """The newest result, if there is one (and, where a key is given, if it is of that key)."""
        path = self.folder / f"{audience}.json"
        try:
            told = json.loads(path.read_text("utf-8"))
            if key and told["key"] != key:
                return None
            return Published.from_dict(told["published"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            return None  # of another version; it is made anew

    def fits(self, key: str) -> bool:
        """Whether the claims that are kept belong to results of this key."""
        return self._kept_key() == key

    def save(self, published: Published, key: str) -> None:
        """Keep a result."""
        told = {"key": key, "claims": self._kept_key(), "published": published.to_dict()}
        self._write(f"{published.audience}.json", told)

    def save_claims(
        self, claims: list[dict[str, Any]], withdrawn: list[dict[str, Any]], key: str
    ) -> None:
        """Keep the claims and those that are none any more, without any text of a message."""
        self._write("claims.json", {"key": key, "claims": claims, "withdrawn": withdrawn})

    def load_claims(self, *, withdrawn: bool = False) -> list[tuple[Claim, Judged]]:
        """The claims of the newest scan, or those that were withdrawn.

        Raises:
            StoreError: they are damaged, or were written by another version.
            FileNotFoundError: there was no scan.
        """
        from trueup.publish.claims import from_plain

        path = self.folder / "claims.json"
        try:
            told = json.loads(path.read_text("utf-8"))
            return [
                from_plain(c) for c in (told.get("withdrawn", ()) if withdrawn else told["claims"])
            ]
        except NotADirectoryError as error:
            raise StoreError.damaged(str(self.folder.parent), "not a folder") from error
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError.damaged(str(path), "unreadable claims") from error

    def claims_behind(self, audience: Audience) -> list[tuple[Claim, Judged]] | None:
        """The claims behind the newest result for an audience; nothing where those of another are kept."""
        try:
            told = json.loads((self.folder / f"{audience}.json").read_text("utf-8"))
            if told.get("claims") != self._kept_key():
                return None
            return self.load_claims()
        except (OSError, ValueError, AttributeError, StoreError):
            return None  # of another version, or there was none: what moved is not told

    def claims_key(self) -> str:
        """Key of the result the claims are of."""
        with (self.folder / "claims.json").open("r", encoding="utf-8") as stream:
            found = re.search(r'"key":\s*"(\w+)"', stream.read(80))
        return found[1] if found else ""

    def _kept_key(self) -> str:
        try:
            return self.claims_key()
        except (OSError, UnicodeDecodeError):
            return ""

    def _write(self, name: str, told: dict[str, Any]) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"{name}.tmp"
            temporary.write_text(
                json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n", "utf-8"
            )
            temporary.rename(self.folder / name)
        except OSError as error:
            raise StoreError.unwritable(str(self.folder), error.strerror or str(error)) from error


def key_of(content: str, policy: Policy, teams: object) -> str:
    """What a result depends on: facts, policy, teams, and the version of the program."""
    text = repr((content, policy, teams, __version__))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def looked_again(published: Published, today: datetime) -> Published:
    """The same result with dates to look again that are still to come."""
    late = [s for s in published.next_steps if s.look_again <= day(today)]
    if not late:
        return published
    again = look_again(today)
    steps = tuple(replace(s, look_again=again) if s in late else s for s in published.next_steps)
    return replace(published, next_steps=steps)


def changed_since(
    before: Published | None, now: Published, moved: Moved | None = None
) -> Changed | None:
    """Headline figures now and at the last scan, or nothing when there was none."""
    if before is None:
        return None
    items = []
    for verdict, count in now.mix.counts.items():
        old = before.mix.counts.get(verdict, 0)
        if old != count:
            items.append(Change(verdict.replace("_", " "), str(old), str(count)))
    if before.ledger.open != now.ledger.open:
        items.append(Change("open in the ledger", str(before.ledger.open), str(now.ledger.open)))
    if before.as_of != now.as_of:
        items.append(Change("read until", before.as_of, now.as_of))
    note = ""
    if before.method.policy != now.method.policy:
        note = "Another policy was in force then: the figures are not comparable."
    if before.method.edition != now.method.edition or before.version != now.version:
        note = "Definitions may differ: the earlier scan was made by another version."
    if before.title != now.title:
        note = "Other repositories were read then: the figures are not comparable."
    return Changed(before.as_of, tuple(items), note, moved)
