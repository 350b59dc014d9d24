"""Parts of the document: the ledger by kind, what is told otherwise of the past, and alarms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LedgerKind:
    """The ledger of one kind of item over all its months together; the same identity holds.

    Without a kind it is of all items: in days of work of those whose size is known, or of the others.

    Attributes:
        written_off_by_hand: items that a role wrote off, which would be open otherwise.
    """

    kind: str
    opening: int
    new: int
    contradicted_later: int
    came_into_view: int
    restated: int
    repaid: int
    withdrawn: int
    written_off: int
    went_out_of_view: int
    closing: int
    unseen: int
    written_off_by_hand: int


@dataclass(frozen=True, slots=True)
class OpenSince:
    """How many of the items that are open now were reported done in a half-year, as in 2026-1."""

    half_year: str
    open: int


@dataclass(frozen=True, slots=True)
class PastMonth:
    """A past month that reads otherwise than at the last result; no kind stands for all of them.

    now = then + came_into_view + restated - went_out_of_view.
    """

    kind: str
    month: str
    then: int
    came_into_view: int
    went_out_of_view: int
    restated: int
    now: int


@dataclass(frozen=True, slots=True)
class Restatement:
    """What the ledger tells otherwise of past months than the last result did, and why, as far as known.

    Attributes:
        since: day until which the last result saw.
        months: past months that read otherwise; for an organisation without their kinds.
        text: the same in words.
    """

    since: str
    reasons: tuple[str, ...]
    months: tuple[PastMonth, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is watched with a declared budget of false alarms, and what it shows.

    Attributes:
        name: green_without_progress (a project is reported green, and hardly anything of it is verified
            any more) or less_verified (as much is reported done as before, and less of it is verified).
        scope: repository, or area, it is about; nothing where nothing is connected.
        status: alarm, no_sign, cannot_tell, not_reported_green, activity_falls_too or source_missing.
        text: what was found, with its figures.
        since: first day or month it tells of.
        now: items verified in ``weeks_now``, of ``now_of`` reported done where that is known.
        before: the same before it.
        budget: false alarms a year that are allowed for each project or repository.
    """

    name: str
    scope: str
    status: str
    text: str
    budget: float
    since: str = ""
    now: int = 0
    now_of: int | None = None
    weeks_now: float = 0.0
    before: int = 0
    before_of: int | None = None
    weeks_before: float = 0.0
