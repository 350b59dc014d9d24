"""The commit record of a run: what makes its parts visible, all at once or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trueup.kernel.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

#: Grows with every column that a table gains; in parts of older layouts it is empty.
LAYOUT = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One immutable Parquet file of a run."""

    table: str
    file: str
    rows: int
    tombstones: bool = False
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One finished run.

    ``subject`` is what was read (a repository id). ``cursor`` is what the source needs to go on
    from here; with ``options`` it also determines the content, on any machine. ``origin`` is where
    the subject lies on this machine. A run that ``replaces`` hides all earlier runs of its source
    and subject from the current view (not from views as of before).
    """

    sequence: int
    source: str
    subject: str
    seen_at: datetime
    parts: tuple[Part, ...]
    cursor: dict[str, Any] = field(default_factory=dict)
    origin: str = ""
    replaces: bool = False
    layout: int = LAYOUT

    @property
    def content(self) -> str:
        """Hash of what was read, the same on every machine and under every pseudonym key."""
        told = {k: v for k, v in self.cursor.items() if not k.startswith("_")}
        text = json.dumps([self.source, self.subject, told], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> str:
        """The record as it is written, one line of JSON."""
        plain = asdict(self)
        plain["seen_at"] = self.seen_at.isoformat()
        return json.dumps(plain, sort_keys=True)

    @classmethod
    def from_file(cls, path: Path) -> RunRecord:
        """Read a record back.

        Raises:
            StoreError: the file is damaged, or was written by a newer layout.
        """
        try:
            plain = json.loads(path.read_text("utf-8"))
            layout = int(plain["layout"])
            if layout > LAYOUT:
                raise StoreError.newer(str(path), layout, LAYOUT)
            plain["seen_at"] = _moment(plain["seen_at"])
            plain["parts"] = tuple(Part(**p) for p in plain["parts"])
            return cls(**plain)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError.damaged(str(path), f"unreadable run record ({error})") from error


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        what = "a moment without time zone"
        raise ValueError(what)
    return found.astimezone(UTC)
