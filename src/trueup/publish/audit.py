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
    from trueup.state.audits import Audit as Drawn

#: With fewer items than this one looks at all of them, not at a sample.
WORTH_A_SAMPLE = 40
SAMPLE = 20


def audit_told(
    drawn: Drawn, found: Audited, *, current: bool, audience: Audience = Audience.TEAM
) -> Audit:
    """The document of an audit; for an organisation without its parts, which may be small."""
    rows = tuple(
        AuditRow(j.verdict.value, j.size, j.looked_at, j.not_done, j.undecided)
        for j in found.by_verdict
    )
    team = audience is Audience.TEAM
    told = Audit(
        number=drawn.number,
        drawn_on=drawn.drawn_at[:10],
        seed=drawn.seed if team else 0,
        population=sum(row.size for row in rows),
        drawn=len(drawn.claims),
        answered=found.answered,
        undecided=sum(row.undecided for row in rows),
        current=current,
        share=_share(found, rows),
        by_verdict=rows if team else (),
        kappa=found.kappa,
        both=found.both,
        disagreed=found.disagreed,
        text="",
    )
    return replace(told, text=_text(told))


def with_audit(published: Published, audit: Audit | None, today: datetime) -> Published:
    """A result with its audit, and with the advice to draw one where it has none that holds for it."""
    found = replace(published, audit=audit)
    if audit is not None and audit.share.value is not None and audit.current:
        return replace(found, risk=replace(published.risk, label="as recorded"))
    under_way = audit is not None and audit.share.value is None
    wide = published.mix.total >= WORTH_A_SAMPLE and published.risk.low is not None
    if under_way or not wide or len(published.next_steps) >= MOST:
        return found
    step = NextStep(
        title=f"Ask two people to judge {SAMPLE} sampled items",
        scope="",
        reason="from records alone the share that is not really done is known within wide bounds",
        command="trueup audit draw" if published.audience is Audience.TEAM else "",
        look_again=words.look_again(today),
    )
    return replace(found, next_steps=(*published.next_steps, step))


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
    of = "" if told.current else ", of an earlier result"
    text = f"Audit {told.number} of {told.drawn_on}{of}: {told.answered} of {told.drawn} drawn items are answered"
    share = told.share
    if share.value is None or share.low is None or share.high is None:
        return f"{text}; how many of all are not really done is not known yet: {share.reason}."
    between = f"between {words.percent(share.low)} and {words.percent(share.high)}"
    of_all = f"of the {words.number(told.population)} items they stand for"
    if told.undecided:
        text += f", {told.undecided} are undecided. {between.capitalize()} {of_all} are not really done."
    else:
        text += f". {words.percent(share.value)} {of_all} ({between}) are not really done."
    if not told.both:
        return f"{text} Nobody has judged them a second time."
    beyond = "" if told.kappa is None else f" (kappa {told.kappa:.2f}: 0 is chance, 1 is always)"
    agreed = told.both - told.disagreed
    return f"{text} Of {told.both} items judged twice two people agree on {agreed}{beyond}."
