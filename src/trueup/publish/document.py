"""The published result: what every face shows, and nothing else.

Terminal, HTML, JSON and every other face render this one document, so they cannot disagree. Shares
are 0 to 1, durations say their unit, moments are ISO 8601 in UTC. A figure without a number says why.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from trueup.publish.figure import Audit, Figure  # noqa: TC001 - `from_dict` looks them up
from trueup.publish.parts import (  # noqa: TC001
    Alarm,
    Changed,
    Chapters,
    LedgerPart,
    OpenSince,
    Restatement,
    Step,
)
from trueup.publish.plain import built

SCHEMA = "trueup.scan/1"

#: Verdicts in the order in which they are always shown.
VERDICTS = (
    "verified",
    "partial",
    "contradicted",
    "unverified",
    "not_assessable",
    "pending",
)
#: What stands in place of a verdict where a tracker refused what it had called done.
WITHDRAWN = "withdrawn"


class Audience(StrEnum):
    """Who looks: a team at its own work, or the organisation above it."""

    TEAM = "team"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class RepositoryRead:
    """One repository as it was read."""

    name: str
    default_line: str
    commits: int
    level: str
    observed_until: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read: what, how much, what it costs, what to do."""

    slug: str
    repository: str
    what: str
    cost: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Mix:
    """Claims by verdict: counts and shares of all claims; shares are empty when there are none."""

    total: int
    counts: dict[str, int]
    shares: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class HorizonMix:
    """The verdict mix of claims old enough, had one looked so many days after each claim."""

    days: int
    total: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Risk:
    """Bounds on the share of claims that are not really done; never one number.

    ``low`` .. ``high`` is over assessable claims, ``worst_low`` .. ``worst_high`` over all of them.
    ``foretold`` says how often claims are contradicted, and whether single ones can be told apart beforehand.
    """

    low: float | None
    high: float | None
    worst_low: float | None
    worst_high: float | None
    label: str
    n_assessable: int
    n_all: int
    foretold: str = ""


@dataclass(frozen=True, slots=True)
class LedgerMonth:
    """Stock and flow of owed claims in one month.

    closing = opening + new + contradicted_later + came_into_view + restated
    - repaid - withdrawn - written_off - went_out_of_view.
    """

    month: str
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
    contradicted: int
    unverified: int
    unseen: int
    written_off_by_hand: int = 0  # what a role wrote off and would be open otherwise, at its end


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger by month, with the age of what is open now, in days.

    For an organisation without ``kinds``, ``areas`` and ``open_since``, which may be small. ``in_days`` counts the
    distinct days on which the commits of an item were written, ``unsized`` the items without any.
    """

    months: tuple[LedgerMonth, ...]
    open: int
    open_a_quarter_ago: int
    oldest_days: int | None
    oldest_claim: str
    median_age_days: float | None
    why: str
    kinds: tuple[LedgerPart, ...] = ()
    areas: tuple[LedgerPart, ...] = ()
    open_since: tuple[OpenSince, ...] = ()
    in_days: LedgerPart | None = None
    unsized: LedgerPart | None = None


@dataclass(frozen=True, slots=True)
class Requests:
    """What became of the requests a forge tells of, as far as the clone shows it.

    Attributes:
        landed: merged ones that are on the default branch.
        rewritten: merged ones that are there under another id only.
        elsewhere: merged into another line that has not reached the default branch.
        unseen: merged ones of which the clone has no commit.
        closed_landed: closed without merging, and there all the same.
        reviewed: merged ones of which another person than the author gave a review.
        text: the same in words.
        steps: how far merged ones can be followed.
    """

    repository: str
    open: int
    merged: int
    landed: int
    rewritten: int
    elsewhere: int
    unseen: int
    closed: int
    closed_landed: int
    reviewed: int
    text: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """Both directions, and work that claimed nothing."""

    reported_not_there: int
    there_not_reported: int | None
    landed_without_claim: int
    landed: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside the same scope's own past."""

    now: Figure
    past: Figure
    verdict: str  # higher, lower, same, not distinguishable, or why not compared
    series: tuple[Figure, ...] = ()  # consecutive 13-week windows, oldest first, ending with now


@dataclass(frozen=True, slots=True)
class Part:
    """A figure that belongs to a signal, and how it moved against its own past where that was compared."""

    title: str
    figure: Figure
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class SignalResult:
    """One signal of one scope; ``question`` is one to ask the team, never a finding, and for the team alone."""

    scope: str
    inferred: bool
    name: str
    title: str
    unit: str
    direction: str  # high_is_debt, low_is_debt, both_tails, context
    comparison: Comparison
    sentence: str
    definition: str
    limits: str
    parts: tuple[Part, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A file that is both complicated and changed often."""

    path: str
    area: str
    changes: int
    lines: int
    indentation: int
    score: float
    fixes: int


@dataclass(frozen=True, slots=True)
class Coupling:
    """Two areas (or files) that change together more than chance would have it."""

    left: str
    right: str
    together: int
    left_changes: int
    right_changes: int
    lift: float
    lift_low: float


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """Where: claims of one scope by verdict; empty counts when the scope is suppressed."""

    scope: str
    inferred: bool
    people: int | None
    counts: dict[str, int]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: read or missing, until when, and what it lights up."""

    name: str
    status: str  # read, missing
    read_until: str
    lights_up: tuple[str, ...]
    would_assess: int
    note: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do, where, why, with which command, and when to look again."""

    title: str
    scope: str
    reason: str
    command: str
    look_again: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim, for the team's own audience only."""

    id: str
    repository: str
    kind: str
    claimed_at: str
    verdict: str
    reason: str
    ticket: str
    commits: tuple[str, ...]
    area: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition or limit, as one or two sentences, with its sources."""

    name: str
    version: int
    text: str
    limits: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """Edition, policy and definitions behind the figures."""

    edition: str
    policy: tuple[str, ...]
    horizon_days: int
    restate_days: int
    definitions: tuple[Definition, ...]
    content: str  # hash of the facts; the same on every machine


@dataclass(frozen=True, slots=True)
class Published:
    """Everything a face may show for one audience."""

    title: str
    audience: Audience
    version: str
    as_of: str
    period_start: str
    period_end: str
    repositories: tuple[RepositoryRead, ...]
    people: int | None
    sentence: str
    source_hint: str
    mix: Mix
    visibility: Figure
    risk: Risk
    horizons: tuple[HorizonMix, ...]
    ledger: Ledger
    drift: Drift
    scopes: tuple[ScopeRow, ...]
    signals: tuple[SignalResult, ...]
    hotspots: tuple[Hotspot, ...]
    couplings: tuple[Coupling, ...]
    sources: tuple[SourceRow, ...]
    gaps: tuple[Gap, ...]
    next_steps: tuple[NextStep, ...]
    changed: Changed | None
    method: Method
    chapters: Chapters
    audit: Audit | None = None
    requests: tuple[Requests, ...] = ()
    examples: tuple[ClaimRow, ...] = ()
    suppressed: tuple[str, ...] = ()
    restatement: Restatement | None = None
    alarms: tuple[Alarm, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    schema: str = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """Plain values, in the order of the declaration."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Published:
        """The document again from its plain values.

        Raises:
            KeyError, TypeError, ValueError: the values are not those of this schema.
        """
        return built(cls, told)
