"""What an audit says, as it is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trueup.kernel.estimate import Estimate, Status
from trueup.publish import words
from trueup.publish.document import Audience, NextStep
from trueup.publish.figure import Audit, AuditRow, Figure
from trueup.publish.rules import Rules
from trueup.publish.steps import MOST

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.claims.audit import Audited
    from trueup.publish.document import Published

#: With fewer items than this one looks at all of them, not at a sample.
WORTH_A_SAMPLE = 40
SAMPLE = 20


def audit_told(number: int, drawn_at: str, seed: int, drawn: int, found: Audited) -> Audit:
    """The document of an audit."""
    rows = tuple(
        AuditRow(j.verdict.value, j.size, j.looked_at, j.not_done, j.undecided)
        for j in found.by_verdict
    )
    told = Audit(
        number=number,
        drawn_on=drawn_at[:10],
        seed=seed,
        population=sum(row.size for row in rows),
        drawn=drawn,
        looked_at=sum(row.looked_at for row in rows),
        share=_share(found, rows),
        by_verdict=rows,
        kappa=found.kappa,
        both=found.both,
        disagreed=found.disagreed,
        text="",
    )
    return replace(told, text=_text(told))


def with_audit(published: Published, audit: Audit | None, today: datetime) -> Published:
    """A result with its last audit, or with the advice to draw one where there is room for it."""
    if audit is not None:
        risk = replace(published.risk, label="as recorded")
        return replace(published, audit=audit, risk=risk)
    steps = published.next_steps
    due = published.mix.total
    if due < WORTH_A_SAMPLE or len(steps) >= MOST or published.risk.low is None:
        return published
    step = NextStep(
        title=f"Ask two people to judge {SAMPLE} sampled items",
        scope="",
        reason="from records alone the share that is not really done is known within wide bounds",
        command="trueup audit draw" if published.audience is Audience.TEAM else "",
        look_again=words.look_again(today),
    )
    return replace(published, next_steps=(*steps, step))


def _share(found: Audited, rows: tuple[AuditRow, ...]) -> Figure:
    n = sum(row.looked_at - row.undecided for row in rows)
    name = "audited_share"
    if found.share is None:
        blank = [row.verdict.replace("_", " ") for row in rows if row.looked_at == row.undecided]
        reason = f"no item is decided among those called {', '.join(blank)}"
        told = Estimate(name, 1, "share", Status.INSUFFICIENT, n_events=n, reason=reason)
    else:
        told = Estimate(
            name, 1, "share", Status.MEASURED, found.share.value, found.share.low, found.share.high,
            n_events=n,
        )  # fmt: skip
    return Rules.of(Audience.TEAM).figure(told)


def _text(told: Audit) -> str:
    judged = f"Audit {told.number} of {told.drawn_on}: people judged {told.looked_at} of {told.drawn} drawn items"
    if told.share.value is None or told.share.low is None or told.share.high is None:
        return f"{judged}; nothing can be said of all yet: {told.share.reason}."
    low, high = words.percent(told.share.low), words.percent(told.share.high)
    text = (
        f"{judged}. Of the {words.number(told.population)} items they stand for, "
        f"{words.percent(told.share.value)} (between {low} and {high}) are not really done."
    )
    if not told.both:
        return f"{text} Nobody has judged them a second time."
    beyond = "" if told.kappa is None else f" (kappa {told.kappa:.2f}: 0 is chance, 1 is always)"
    agreed = told.both - told.disagreed
    return f"{text} Of {told.both} items judged twice two people agree on {agreed}{beyond}."
