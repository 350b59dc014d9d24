"""How often somebody says no where there is something to decide.

What it says
    Of the changes and proposals that could be argued with, this share met an objection, another
    proposal or a request for changes.

Why it matters
    Teams whose members can disagree openly find mistakes sooner [Edmondson1999]. Silence is no
    agreement: people stay silent where they expect that speaking up is futile or harmful
    [Morrison2014]. No measure of it from traces alone has been validated.

Definition
    d = objections / occasions. Occasions are changes of more than 50 lines, design issues and
    threads with a proposal; objections are reviews that ask for changes, explicit marks of
    disagreement, and other proposals. Both are found in reviews and discussions, which git does not
    hold, so there is no number without a forge.

Reads
    Reviews and discussions of a forge.

When it is wrong
    Little dissent may be real agreement; talk happens in rooms and calls; written cultures differ.
    It must never be read as suppression.

How it can be gamed
    By objecting for show.

Example
    >>> from trueup.kernel.declarations import Rows
    >>> str(estimate(Rows({}, weeks=13, people=9)).status)
    'source_missing'

References
    [Edmondson1999], [Morrison2014]
"""

from __future__ import annotations

from trueup.kernel.declarations import Direction, Rows, Signal
from trueup.kernel.estimate import Estimate, Status


def estimate(rows: Rows) -> Estimate:  # noqa: ARG001 - every signal takes rows
    """No number: git holds no reviews."""
    reason = "not measured yet: it takes reviews and discussions, which git does not hold"
    return SIGNAL.none(Status.SOURCE_MISSING, reason)


SIGNAL = Signal(
    name="dissent_expression",
    version=1,
    title="open disagreement",
    unit="share",
    direction=Direction.BOTH_TAILS,
    minimum_people=6,
    minimum_events=60,
    reads=(),
    drives="human",
    cites=("Edmondson1999", "Morrison2014"),
    equivalence=0.05,
    rows=None,
    estimate=estimate,
    needs="forge",
)
