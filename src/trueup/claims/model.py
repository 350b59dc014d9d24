"""Claims, evidence and verdicts as values."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class Kind(StrEnum):
    """What was claimed."""

    CHANGE = "change"  # a request was merged
    ISSUE = "issue"  # a tracker says that an issue is done, and no change says the same
    COMMIT = "commit"  # a commit says that it fixes or closes something
    UMBRELLA = "umbrella"  # one of several commits that close the same wide ticket
    RELEASE_NOTE = "release_note"  # the notes of a release name something


class Verdict(StrEnum):
    """The status of a claim at a time. The last two are never debt."""

    VERIFIED = "verified"
    PARTIAL = "partial"
    CONTRADICTED = "contradicted"
    UNVERIFIED = "unverified"
    NOT_ASSESSABLE = "not_assessable"
    PENDING = "pending"

    @property
    def owed(self) -> bool:
        """Whether a claim with this verdict is execution debt."""
        return self in {Verdict.CONTRADICTED, Verdict.UNVERIFIED}


class Rung(StrEnum):
    """The evidence ladder."""

    PRESENT = "present"
    INSPECTED = "inspected"
    TESTED = "tested"
    RELEASED = "released"
    SURVIVED = "survived"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation for or against a claim.

    ``against`` evidence counts from ``at`` until ``until``, or for good. It ends when a revert was
    itself undone, or (``made_good``) when later work for the same ticket was verified. ``how`` names
    the finder; ``by`` is the commit or release that shows it.
    """

    rung: Rung
    at: datetime
    how: str
    by: str = ""
    against: bool = False
    until: datetime | None = None
    confidence: float = 1.0
    made_good: bool = False

    @property
    def order(self) -> tuple[datetime, str, str]:
        """By when it counts; the same on every machine."""
        return self.at, self.how, self.by

    @property
    def undoes(self) -> bool:
        """Whether it speaks against the work itself, and not against how it was looked at or tested."""
        return self.against and self.rung in {Rung.PRESENT, Rung.RELEASED, Rung.SURVIVED}


@dataclass(slots=True)
class Claim:
    """Something reported as done, with every report of the same piece of work.

    Attributes:
        key: what identifies it for good, of which `id` is a hash.
        shas: commits that report it or carry it, on any line; the first is the main one.
        tickets: what it says it closes.
        pull: number of the merged request.
        claimed_at: when the first report appeared on the line it was meant for.
        author: actor who made it; never published.
        partial: it says itself that it is a part of something.
        empty: the commit that claims it changes no file.
        absent: its content was looked for, and nothing of it is there, or was before it came there.
        carried: commits the merged request brought, whether they report anything or not.
        reports: who says that it is done: ``commit``, ``request``, ``issue``.
        issue_kind: what kind of issue it closes, where a tracker tells.
        size_days: distinct days on which its commits were written; nothing where none is known.
        unseen: why its content cannot be looked for, where that is known.
        withdrawn_at: when its tracker refused what it had called done.
    """

    repo: str
    kind: Kind
    key: str
    claimed_at: datetime
    shas: tuple[str, ...]
    tickets: tuple[str, ...] = ()
    pull: str = ""
    release: str = ""
    author: str = ""
    reporter: str = "human"
    scope: str = ""
    partial: bool = False
    empty: bool = False
    absent: bool = False
    carried: tuple[str, ...] = ()
    subjects: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()
    issue_kind: str = ""
    size_days: int | None = None
    unseen: str = ""
    withdrawn_at: datetime | None = None
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def order(self) -> tuple[datetime, str]:
        """By when it was reported; the same on every machine."""
        return self.claimed_at, self.key

    @property
    def only_named(self) -> bool:
        """Whether it is an issue that changes name, of which none is known to close it."""
        return self.kind is Kind.ISSUE and "commit" not in self.reports

    @property
    def id(self) -> str:
        """A short id that is the same on every machine and in every scan."""
        # A ticket becomes an umbrella when more work closes it; the claim stays the same one.
        kind = Kind.COMMIT if self.kind is Kind.UMBRELLA else self.kind
        digest = hashlib.sha256(f"{self.repo}\0{kind}\0{self.key}".encode()).digest()
        return "C-" + base64.b32encode(digest[:5]).decode()[:7]

    def withdrawn(self, at: datetime) -> bool:
        """Whether nobody says any more that it is done."""
        return self.withdrawn_at is not None and self.withdrawn_at <= at

    def find(self, rung: Rung, at: datetime, *, against: bool = False) -> Evidence | None:
        """The earliest evidence of a rung that counts at a moment."""
        found: Evidence | None = None
        for e in self.evidence:
            begun = e.rung is rung and e.against is against and e.at <= at
            if begun and (e.until is None or e.until > at) and (not found or e.order < found.order):
                found = e
        return found


class Against(NamedTuple):
    """Evidence against a claim, and the claims that may mend it."""

    claim: Claim
    evidence: Evidence
    menders: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with its reason, and what would make it verified, in words that need no glossary.

    ``lacks`` names what a partial claim lacks, one word for each: `LACKS` and `FLAWS` of the policy.
    ``foretold`` is how probable its contradiction was on its day, where that may be told. ``withdrawn_at`` is when
    its tracker refused it: it is no claim any more, and the verdict is that until then.
    """

    verdict: Verdict
    reason: str
    needs: str = ""
    lacks: tuple[str, ...] = ()
    foretold: float | None = None
    withdrawn_at: datetime | None = None
