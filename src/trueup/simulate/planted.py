"""What is planted: claims, changes, people and couplings, each with what is true about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta  # noqa: TC003 - read by `codec` when it decodes
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a claim, seen from the end of the history."""

    HONEST = "honest"
    REVERTED = "reverted"
    REVERTED_LATE = "reverted_late"
    REAPPLIED = "reapplied"
    REFIXED = "refixed"
    ABSENT = "absent"
    LANDED_LATE = "landed_late"
    EMPTY = "empty"
    UMBRELLA = "umbrella"
    PARTIAL = "partial"
    RELEASE_ABSENT = "release_absent"
    RELEASE_LATE = "release_late"


class Review(StrEnum):
    """Whether another human looked before landing, and what shows it.

    ``unseen`` is a review in the forge of which nothing is left in git.
    """

    TRAILER = "trailer"
    MERGED_BY_OTHER = "merged_by_other"
    APPLIED_BY_OTHER = "applied_by_other"
    UNSEEN = "unseen"
    NONE = "none"


class Kind(StrEnum):
    """What carries a claim: a commit, a change with a pull number, or a release note."""

    COMMIT = "commit"
    CHANGE = "change"
    RELEASE_NOTE = "release_note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One commit that reports a claim.

    ``line`` is where the commit was made: main, topic or release. ``how`` is one of
    commit, merge, squash, topic, applied, backport, backport_unmarked, follow_up, changelog.
    """

    sha: str
    line: str
    how: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedClaim:
    """One statement that work is done, and what is true about it.

    Args:
        ref: the ticket named, as `#12` or `ACME-12`; empty when none is named.
        pull: the number of the pull request, for changes.
        form: how it is put: closing_subject, closing_body, prefix, prefix_ticket, tracker,
            tracker_first, or changelog.
        at: when it was first reported, on whichever line.
        landed_at: when the work reached the main line (a release note: when it was tagged).
        lookalikes: what could make an honest claim look contradicted.
        how: what contradicted it: revert, refix, fixes_trailer or later_tag.
        redone_in: the claim that does the work of this one again.
        about: for a release note, the claim that did the work; empty when there is none.
        tag, first_tag: the tag that names the work, and the first that holds it.
    """

    id: str
    kind: Kind
    team: str
    ref: str
    pull: int | None
    form: str
    reports: tuple[Report, ...]
    at: datetime
    landed_at: datetime | None
    outcome: Outcome
    review: Review
    lookalikes: tuple[str, ...]
    contradicted_at: datetime | None
    contradicted_by: str
    how: str
    repaired_at: datetime | None
    repaired_by: str
    redone_in: str
    about: str
    tag: str
    first_tag: str

    @property
    def shas(self) -> tuple[str, ...]:
        """All commits that report it."""
        return tuple(report.sha for report in self.reports)

    def contradicted_within(self, horizon: timedelta) -> bool:
        """Whether it was contradicted that soon after it was made."""
        since = self.landed_at or self.at
        return self.contradicted_at is not None and self.contradicted_at - since <= horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedChange:
    """One piece of work that landed on the main line, whether it claimed something or not.

    ``kind`` is work, revert, reapply or bot; ``involved`` is human, assisted or agent;
    ``accountable`` is the human behind it, the author unless an agent wrote it.
    """

    team: str
    kind: str
    author: str
    accountable: str
    involved: str
    claim: str
    pull: int | None
    sha: str
    topic: tuple[str, ...]
    at: datetime
    review: Review
    reverted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A commit planted for its looks, and the claim or commit it is about."""

    kind: str
    sha: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person on a team from one week up to, not including, another; with a planted share."""

    email: str
    from_week: int
    to_week: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedRegime:
    """How a team works from one week up to, not including, another."""

    from_week: int
    to_week: int
    review_rate: float
    changes_per_week: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedTeam:
    """One team as it was planted."""

    name: str
    style: str
    prefixes: tuple[str, ...]
    members: tuple[Membership, ...]
    regimes: tuple[PlantedRegime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedCoupling:
    """Two files, and in how many changes of the first the second changed as well."""

    first: str
    second: str
    probability: float
    changes: int
    together: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedIdentity:
    """One person who commits under two addresses; ``mapped`` when .mailmap says so."""

    name: str
    email: str
    other_name: str
    other_email: str
    mapped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedIntervention:
    """A rate that was multiplied by a factor at a moment; no team means all."""

    at: datetime
    rate: str
    factor: float
    team: str
