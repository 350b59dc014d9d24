"""Parts of the document: the ledger by kind, what moved and why, alarms, and the three chapters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """The ledger of a part of the items over all its months together; the same identity holds.

    Attributes:
        name: a kind of item, or an area or team; of areas an empty one stands for all that are not told apart.
            In days of work, and of items without any, it has none.
        written_off_by_hand: items that a role wrote off, which would be open otherwise.
    """

    name: str
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


@dataclass(frozen=True, slots=True)
class Change:
    """A headline figure now and at the last scan."""

    what: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What one cause did to the items with independent evidence, to all counted ones, and to the open ones.

    Attributes:
        name: new, aged, matured, evidence, contradicted, repaid, cleared, found, lost, restated,
            written_off, or few for causes put together.
        items: how many items moved by it.
        points: percentage points of the share with independent evidence; nothing where there is no share.
        shown: the same in tenths, rounded so that causes as shown sum to the change as shown.
    """

    name: str
    text: str
    items: int
    verified: int
    counted: int
    open: int
    points: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved since the last scan, and why: the causes sum to the change of each figure.

    Attributes:
        verified_before: items with independent evidence, of ``counted_before`` old enough to tell.
        open_before: items that are open in the ledger.
        points: change of the share with independent evidence, in percentage points; ``shown`` in tenths.
    """

    verified_before: int
    counted_before: int
    open_before: int
    verified_now: int
    counted_now: int
    open_now: int
    points: float | None
    shown: str
    causes: tuple[Cause, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed since the last scan of this workspace; ``moved`` where the items of that scan are kept."""

    since: str
    items: tuple[Change, ...]
    note: str = ""
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How many merged requests can be followed to a step; nothing where no source tells of any.

    Attributes:
        name: issue, review, line, build, release or deployment.
        of: merged requests of which the step could be seen.
    """

    name: str
    count: int | None
    of: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items one reason concerns; a name of few is of reasons put together."""

    name: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Whether what is reported is what was meant.

    Attributes:
        text: the answer in one sentence.
        issues: items of the period that an issue calls done, of which ``linked`` have a change that does
            them; nothing where no tracker was read.
        containers: issues that stand for other issues, over all time; they get no verdict.
        shared: items that close a ticket which several pieces of work close.
    """

    text: str
    issues: int | None
    linked: int | None
    containers: int | None
    shared: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What landed, was released and survived.

    Attributes:
        text: the answer in one sentence.
        items: items reported done that are old enough to tell.
        landed: of these on the line they were meant for.
        released: of these known to be in a release or deployed; nothing where no release is known.
        survived: of these that stood without anything against them.
        against: what speaks against those that are contradicted, by reason.
        mended: against which something spoke that was undone or made good since.
        steps: how far merged requests of all repositories together can be followed.
    """

    text: str
    items: int
    landed: int
    released: int | None
    survived: int
    against: tuple[Tally, ...]
    mended: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What the evidence rests on, and what is lacking.

    Attributes:
        text: the answer in one sentence.
        verified: items with independent evidence, by what it is: ``rests_on``.
        partial: items that landed and survived with less; ``lacks`` counts reasons, of which one may have two.
        unseen: items that cannot be seen, by reason: ``dark``.
    """

    text: str
    verified: int
    rests_on: tuple[Tally, ...]
    partial: int
    lacks: tuple[Tally, ...]
    unseen: int
    dark: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Chapters:
    """Reported versus verified, in three chapters."""

    alignment: Alignment
    delivery: Delivery
    verification: Verification
