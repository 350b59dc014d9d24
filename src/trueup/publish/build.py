"""Making the one document of a scan from what was measured, for one audience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trueup import __version__
from trueup.claims.assess import HORIZONS, assessable, bounds
from trueup.claims.model import Claim, Judged, Verdict
from trueup.kernel.estimate import Estimate, Status
from trueup.publish import words
from trueup.publish.alarms import alarms
from trueup.publish.chapters import chapters
from trueup.publish.document import (
    VERDICTS,
    WITHDRAWN,
    Audience,
    ClaimRow,
    Coupling,
    Definition,
    Drift,
    HorizonMix,
    Hotspot,
    Method,
    Mix,
    Published,
    RepositoryRead,
    Risk,
    ScopeRow,
    SignalResult,
)
from trueup.publish.gaps import gap
from trueup.publish.ledger import ledger_told, restatement
from trueup.publish.rules import Rules
from trueup.publish.signals import docstring_sections, signal_results
from trueup.publish.sources import request_rows, source_rows
from trueup.publish.steps import next_steps
from trueup.stats.intervals import share

if TYPE_CHECKING:
    from collections import Counter
    from datetime import datetime

    from trueup.claims.assess import Assessment
    from trueup.claims.risk.model import Risk as ClaimRisk
    from trueup.publish.figure import Figure
    from trueup.publish.parts import Changed
    from trueup.publish.readings import Measured

EDITION = "1"
MOST_ITEMS = 30
EXAMPLES = 3


def publish(
    measured: Measured, audience: Audience, *, today: datetime, changed: Changed | None = None
) -> Published:
    """Everything a face may show."""
    rules = Rules.of(audience)
    team = audience is Audience.TEAM
    assessment = measured.assessment
    counts = assessment.counts()
    scopes = scope_rows(measured, rules)
    signals = signal_results(measured, rules)
    drift = _drift(measured)
    return Published(
        title=", ".join(r["repo"] for r in measured.repositories),
        audience=audience,
        version=__version__,
        as_of=words.day(measured.until),
        period_start=words.day(assessment.start),
        period_end=words.day(assessment.until),
        repositories=tuple(_repository(r, measured, team=team) for r in measured.repositories),
        people=_safe(measured.people.get("", 0), rules),
        sentence=words.sentence(assessment),
        source_hint=words.source_hint(
            assessment,
            {r["forge"] for r in measured.repositories},
            read=measured.reviews_read,
        ),
        mix=_mix(counts),
        visibility=_visibility(counts),
        risk=_risk(counts, measured.risk),
        horizons=tuple(_horizon(assessment, days) for days in HORIZONS),
        ledger=ledger_told(assessment.course, [s.scope for s in scopes if s.counts], team=team),
        drift=drift,
        scopes=scopes,
        signals=signals,
        hotspots=_hotspots(measured) if team else (),
        couplings=_couplings(measured) if team else (),
        sources=source_rows(measured),
        gaps=tuple(gap(g["slug"], g["repo"], g["count"], g["total"]) for g in measured.gaps),
        next_steps=next_steps(measured, signals, scopes, today=today, team=team),
        changed=changed,
        method=_method(measured),
        chapters=chapters(measured, drift, rules, team=team),
        requests=request_rows(measured) if team else (),
        examples=_examples(measured) if team else (),
        restatement=restatement(measured.past, team=team),
        alarms=alarms(measured, team=team),
        suppressed=_suppressed(signals, scopes, team=team),
        seconds=dict(measured.seconds),
    )


def claim_row(claim: Claim, judged: Judged, subjects: Any) -> ClaimRow:
    """One claim; for the team audience only. One that is withdrawn tells its verdict until then."""
    verdict, reason = judged.verdict.value, judged.reason
    if judged.withdrawn_at is not None:
        until = words.day(judged.withdrawn_at)
        reason = (
            f"its tracker refused it on {until}; {verdict.replace('_', ' ')} until then: {reason}"
        )
        verdict = WITHDRAWN
    subject = next((subjects[s] for s in claim.shas if s in subjects), "")
    return ClaimRow(
        id=claim.id,
        repository=claim.repo,
        kind=claim.kind.value,
        claimed_at=words.day(claim.claimed_at),
        verdict=verdict,
        reason=reason,
        ticket=", ".join([*_number(claim.pull), *claim.tickets]),
        commits=claim.shas[:10],
        area=claim.scope,
        subject=subject or (f"{claim.tickets[0]} in {claim.release}" if claim.release else ""),
    )


def _number(pull: str) -> list[str]:
    """The number of a request as its forge writes it: `#12`, `!12` or `D12`."""
    if not pull:
        return []
    return [f"#{pull}" if pull.isdigit() else pull]


def scope_rows(measured: Measured, rules: Rules) -> tuple[ScopeRow, ...]:
    """Claims by verdict for each area or team; small ones are held back."""
    people = {s: n for s, n in measured.people.items() if s}
    hidden = rules.hidden(people)
    inferred = measured.scoping == "inferred"
    rows = []
    for scope in sorted(people):
        counts = measured.assessment.counts(scope)
        if scope in hidden:
            rows.append(ScopeRow(scope, inferred, None, {}, rules.reason))
        else:
            told = {v: counts[Verdict(v)] for v in VERDICTS}
            rows.append(ScopeRow(scope, inferred, people[scope], told))
    return tuple(rows)


def _mix(counts: Counter[Verdict]) -> Mix:
    told = {v: counts[Verdict(v)] for v in VERDICTS}
    total = sum(n for v, n in told.items() if v != "pending")
    shares = {
        v: _share(f"claims_{v}", told[v], total) for v in VERDICTS if v != "pending" and total
    }
    return Mix(total, told, shares)


def _share(name: str, part: int, total: int) -> Figure:
    found = share(part, total)
    return Rules.of(Audience.TEAM).figure(
        Estimate(
            name, 1, "share", Status.MEASURED, found.value, found.low, found.high, n_events=total
        )
    )


def _visibility(counts: Counter[Verdict]) -> Figure:
    known, total = assessable(counts)
    if total:
        return _share("execution_visibility", known, total)
    none = Estimate(
        "execution_visibility", 1, "share", Status.INSUFFICIENT, reason="no claim is old enough"
    )
    return Rules.of(Audience.TEAM).figure(none)


def _risk(counts: Counter[Verdict], single: ClaimRisk | None) -> Risk:
    known, total = assessable(counts)
    found = bounds(counts)
    foretold = single.sentence if single else ""
    label = "as recorded; how many, records alone do not tell: an audit would"
    if found is None:
        return Risk(None, None, None, None, label, known, total, foretold)
    (low, high), (worst_low, worst_high) = found
    return Risk(low, high, worst_low, worst_high, label, known, total, foretold)


def _horizon(assessment: Assessment, days: int) -> HorizonMix:
    counts = assessment.at_horizon(days)
    told = {v: counts[Verdict(v)] for v in VERDICTS if v != "pending"}
    return HorizonMix(days, sum(told.values()), told)


def _drift(measured: Measured) -> Drift:
    assessment = measured.assessment
    unreported = [n.there_not_reported for n in assessment.notes.values()]
    known = [n for n in unreported if n is not None]
    entries = sum(n.entries for n in assessment.notes.values())
    contained = sum(n.contained for n in assessment.notes.values())
    note = ""
    if entries:
        note = (
            f"Release notes of the last three years name {entries} tickets or requests; "
            f"{contained} of them are in the release that names them."
        )
    if assessment.by_bots:
        note += f" {assessment.by_bots} claims by bots are left out."
    if many := len(assessment.withdrawn):
        note += f" {many} that had been called done {'is' if many == 1 else 'are'} withdrawn: refused in the end."
    counts = assessment.counts()
    return Drift(
        reported_not_there=counts[Verdict.CONTRADICTED] + counts[Verdict.UNVERIFIED],
        there_not_reported=sum(known) if known else None,
        landed_without_claim=assessment.landed_without_claim,
        landed=assessment.landed,
        note=note.strip(),
    )


def _repository(row: Any, measured: Measured, *, team: bool) -> RepositoryRead:
    notes = []
    if row["since"] is not None:
        notes.append(f"commits before {words.day(row['since'])} were left out, as asked")
    if row["shallow"]:
        notes.append("shallow clone")
    if team and measured.alike and row is measured.repositories[0]:
        pairs = words.count(measured.alike, "pair", "pairs")
        notes.append(f"{pairs} of identities look alike; name them in .mailmap if they are one")
    return RepositoryRead(
        name=row["repo"],
        default_line=row["default_line"],
        commits=row["commits"],
        level=row["level"],
        observed_until=words.day(row["observed_until"]),
        notes=tuple(notes),
    )


def _items(measured: Measured, name: str) -> list[Any]:
    found = (r.items for r in measured.readings if r.signal.name == name and r.scope == "")
    return list(next(found, ()))


def _hotspots(measured: Measured) -> tuple[Hotspot, ...]:
    several = len(measured.repositories) > 1
    return tuple(
        Hotspot(
            path=f"{item['repo']}:{item['path']}" if several else item["path"],
            area=item.get("area", ""),
            changes=item["touches"],
            lines=item["lines"],
            indentation=item["indentation"],
            score=item["score"],
            fixes=item["fixes"],
        )
        for item in _items(measured, "hotspots")[:MOST_ITEMS]
    )


def _couplings(measured: Measured) -> tuple[Coupling, ...]:
    """Pairs of files of different areas; a test that follows its own code tells nothing."""
    several = len(measured.repositories) > 1
    found = [x for x in _items(measured, "temporal_coupling") if not x["own_test"]]
    return tuple(
        Coupling(
            left=item["one"] if several else item["one"].partition(":")[2],
            right=item["other"] if several else item["other"].partition(":")[2],
            together=item["together"],
            left_changes=item["changes"][0],
            right_changes=item["changes"][1],
            lift=item["lift"],
            lift_low=item["lift_low"],
        )
        for item in found[:MOST_ITEMS]
    )


def _method(measured: Measured) -> Method:
    policy = measured.assessment.policy
    named = {r.signal.name: r.signal for r in measured.readings}
    definitions = tuple(
        Definition(
            name=signal.title,
            version=signal.version,
            text=(sections := docstring_sections(signal)).get("Definition", ""),
            limits=sections.get("When it is wrong", ""),
            source=", ".join(signal.cites),
        )
        for signal in named.values()
    )
    return Method(
        edition=EDITION,
        policy=policy.lines(),
        horizon_days=policy.survive,
        restate_days=policy.restate,
        definitions=definitions,
        content=measured.content,
    )


def _examples(measured: Measured) -> tuple[ClaimRow, ...]:
    """A few claims of each verdict, the newest first."""
    assessment = measured.assessment
    pairs = list(zip(assessment.claims, assessment.judged, strict=True))
    rows = []
    for verdict in VERDICTS:
        found = [(c, j) for c, j in reversed(pairs) if j.verdict.value == verdict]
        rows += [claim_row(c, j, measured.subjects) for c, j in found[:EXAMPLES]]
    return tuple(rows)


def _suppressed(
    signals: tuple[SignalResult, ...], scopes: tuple[ScopeRow, ...], *, team: bool
) -> tuple[str, ...]:
    """What was held back, as sentences."""
    found = []
    held = sum(s.comparison.now.status == Status.SUPPRESSED for s in signals)
    if held:
        found.append(
            f"{words.count(held, 'figure was', 'figures were')} held back: too few people."
        )
    rows = sum(1 for s in scopes if s.people is None)
    if rows:
        found.append(f"{words.count(rows, 'area was', 'areas were')} held back: too few people.")
    if not team:
        found.append("Claims, commits, tickets and files are shown to the team only.")
    return tuple(found)


def _safe(people: int, rules: Rules) -> int | None:
    return people if people >= rules.minimum else None
