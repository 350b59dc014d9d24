"""How long decisions take from the first proposal to one that lasts.

What it says
    Half of the decisions were taken within so many days, open ones counted as still waiting.

Why it matters
    Work waits for decisions, and decisions that do not last are taken twice. Fast is not good by
    itself: with one participant it is an announcement. How a project really decides is more tangled
    than its rules say [Keertipati2016].

Definition
    The median, by Kaplan-Meier [KaplanMeier1958], of the days between the first proposal and the
    decision, over threads with at least two humans; undecided ones are censored, and decisions that
    are reopened, reverted or superseded within 60 days do not count as ends. Threads are found in
    issues, reviews and mail, which git does not hold, so there is no number without a forge or
    tracker.

Reads
    Discussions and decisions of a forge or tracker.

When it is wrong
    Decisions taken in calls and recorded late; mandatory times for comments; important ones take
    longer and should.

How it can be gamed
    By deciding before asking.

Example
    >>> from trueup.kernel.declarations import Rows
    >>> str(estimate(Rows({}, weeks=13, people=9)).status)
    'source_missing'

References
    [KaplanMeier1958], [Keertipati2016]
"""

from __future__ import annotations

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status


def estimate(rows: Rows) -> Estimate:  # noqa: ARG001 - every signal takes rows
    """No number: git holds no discussions."""
    reason = "not measured yet: it takes discussions of decisions, which git does not hold"
    return SIGNAL.none(Status.SOURCE_MISSING, reason)


SIGNAL = Signal(
    name="convergence_velocity",
    version=1,
    title="time to a lasting decision",
    unit="days",
    direction=Direction.BOTH_TAILS,
    minimum_people=6,
    minimum_events=15,
    reads=(),
    drives="human",
    cites=("KaplanMeier1958", "Keertipati2016"),
    equivalence=2.0,
    rows=None,
    estimate=estimate,
    needs="forge",
)
