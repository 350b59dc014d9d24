"""What to do first: at most three steps, each with scope, reason, command and a date to look again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.claims.model import Verdict
from trueup.publish import words
from trueup.publish.document import NextStep

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.publish.document import ScopeRow, SignalResult
    from trueup.publish.readings import Measured

MOST = 3


def next_steps(
    measured: Measured,
    signals: tuple[SignalResult, ...],
    scopes: tuple[ScopeRow, ...],
    *,
    today: datetime,
    team: bool,
) -> tuple[NextStep, ...]:
    """The steps that matter most, the most certain first."""
    again = words.look_again(today)
    found = [
        *_owed(measured, scopes, again, team=team),
        *_worse(signals, again),
        *_asked(signals, again),
        *_unlooked(measured, again, team=team),
        *_hidden(measured, again),
    ]
    return tuple(found[:MOST])


def _owed(
    measured: Measured, scopes: tuple[ScopeRow, ...], again: str, *, team: bool
) -> list[NextStep]:
    counts = measured.assessment.counts()
    steps = []
    for verdict, what in (
        (Verdict.CONTRADICTED, "reported done, and then reverted or fixed again"),
        (Verdict.UNVERIFIED, "reported done, and not to be found"),
    ):
        n = counts[verdict]
        if not n:
            continue
        scope = _worst_scope(scopes, verdict)
        steps.append(
            NextStep(
                title=f"Look at {words.count(n, verdict.value + ' item', verdict.value + ' items')}",
                scope="",
                reason=what + (f"; the most of them in {scope}" if scope else ""),
                command=f"trueup claims --status {verdict.value}" if team else "",
                look_again=again,
            )
        )
    return steps


def _worst_scope(scopes: tuple[ScopeRow, ...], verdict: Verdict) -> str:
    counted = [(s.counts.get(verdict.value, 0), s.scope) for s in scopes if s.counts]
    top = max(counted, default=(0, ""), key=lambda x: (x[0], x[1]))
    return top[1] if top[0] else ""


def _worse(signals: tuple[SignalResult, ...], again: str) -> list[NextStep]:
    bad = {"high_is_debt": "higher", "low_is_debt": "lower"}
    steps = []
    for signal in signals:
        verdict = signal.comparison.verdict
        if verdict and bad.get(signal.direction) == verdict:
            steps.append(
                NextStep(
                    title=f"Ask the team why {signal.title} is {verdict} than its own past",
                    scope=signal.scope,
                    reason=signal.sentence,
                    command=f"trueup explain {signal.name}",
                    look_again=again,
                )
            )
    return steps[:1]


def _asked(signals: tuple[SignalResult, ...], again: str) -> list[NextStep]:
    steps = [
        NextStep(
            title="Ask in the team, openly, whether people still say what they think",
            scope=signal.scope,
            reason=signal.question,
            command=f"trueup explain {signal.name}",
            look_again=again,
        )
        for signal in signals
        if signal.question
    ]
    return steps[:1]


def _unlooked(measured: Measured, again: str, *, team: bool) -> list[NextStep]:
    judged = measured.assessment.judged
    n = sum("no_look" in j.lacks for j in judged)
    if not n:
        return []
    return [
        NextStep(
            title="See what landed without a look on record",
            scope="",
            reason=f"{words.count(n, 'item', 'items')}, although such marks are the habit here",
            command="trueup claims --status partial" if team else "",
            look_again=again,
        )
    ]


def _hidden(measured: Measured, again: str) -> list[NextStep]:
    unseen = sum("not_shown" in j.lacks for j in measured.assessment.judged)
    if not unseen:
        return []
    return [
        NextStep(
            title="Know what this cannot tell you",
            scope="",
            reason=(
                f"for {words.count(unseen, 'item', 'items')} git holds no mark of a review, because "
                "squashes and direct pushes leave none; that is no sign that nobody looked"
            ),
            command="trueup explain review_coverage",
            look_again=again,
        )
    ]
