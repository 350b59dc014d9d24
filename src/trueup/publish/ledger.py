"""The ledger and what it tells otherwise of the past, as they are shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trueup.claims.ledger import FLOWS
from trueup.claims.restated import summed
from trueup.publish import words
from trueup.publish.document import Ledger, LedgerMonth
from trueup.publish.parts import LedgerPart, OpenSince, PastMonth, Restatement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trueup.claims.ledger import Course, Month
    from trueup.claims.restated import Past, Restated


def ledger_told(course: Course, areas: Iterable[str], *, team: bool) -> Ledger:
    """Stock and flow by month, by kind, by those areas that may be shown, and how old what is open is."""
    months = course.months()
    age = course.age()
    quarter = months[-3:]
    flows: Counter[str] = Counter()
    for month in quarter:
        flows.update(month.flows)
    kinds = course.by(lambda c: c.kind.value) if team else {}
    shown = set(areas)
    places = course.by(lambda c: c.scope if c.scope in shown else "") if team and shown else {}
    sized, unsized = course.sized(lambda c: c.size_days)
    return Ledger(
        months=tuple(_month(m) for m in months),
        open=months[-1].closing if months else 0,
        open_a_quarter_ago=quarter[0].opening if quarter else 0,
        oldest_days=age.oldest_days,
        oldest_claim=age.oldest.id if age.oldest and team else "",
        median_age_days=age.median_days,
        why=words.ledger_reason(flows, months[-1].written_off if months else 0),
        kinds=_parts(kinds),
        areas=_parts(places),
        open_since=tuple(OpenSince(*one) for one in age.by_half_year.items()) if team else (),
        in_days=_part("", sized) if sized else None,
        unsized=_part("", unsized) if unsized else None,
    )


def _month(month: Month) -> LedgerMonth:
    return LedgerMonth(
        month=month.name,
        opening=month.opening,
        closing=month.closing,
        contradicted=month.contradicted,
        unverified=month.unverified,
        unseen=month.unseen,
        written_off_by_hand=month.written_off,
        **month.flows,
    )


def _parts(months: Mapping[str, Sequence[Month]]) -> tuple[LedgerPart, ...]:
    """Parts in the order of their names, the rest last; without those in which nothing was ever open or unseen."""
    names = sorted(months, key=lambda name: (not name, name))
    return tuple(_part(n, months[n]) for n in names if any(map(_moved, months[n])))


def _moved(month: Month) -> bool:
    return bool(month.opening or month.unseen or month.written_off or any(month.flows.values()))


def _part(name: str, months: Sequence[Month]) -> LedgerPart:
    last = months[-1]
    return LedgerPart(
        name=name,
        opening=months[0].opening,
        closing=last.closing,
        unseen=last.unseen,
        written_off_by_hand=last.written_off,
        **{flow: sum(m.flows[flow] for m in months) for flow in FLOWS},
    )


def restatement(past: Past | None, *, team: bool) -> Restatement | None:
    """What past months say otherwise than at the last result; nothing where none does."""
    if past is None or not any(row.moved for row in past.months):
        return None
    total = [row for row in summed(past.months) if row.moved]
    kinds = [row for row in past.months if row.moved] if team else []
    return Restatement(
        since=past.as_of,
        reasons=past.reasons,
        months=tuple(_past(row) for row in (*total, *kinds)),
        text=_restated_text(past, total),
    )


def _past(row: Restated) -> PastMonth:
    return PastMonth(
        row.kind,
        row.month,
        row.then,
        row.came_into_view,
        row.went_out_of_view,
        row.restated,
        row.now,
    )


def _restated_text(past: Past, total: Sequence[Restated]) -> str:
    if not total:  # what one kind gained another lost
        return f"Items of past months count under another kind than in the result of {past.as_of}."
    last = total[-1]
    parts = [f"{last.came_into_view} came into view"] if last.came_into_view else []
    parts += [f"{last.went_out_of_view} went out of it"] if last.went_out_of_view else []
    parts += [f"{last.restated:+d} are judged otherwise"] if last.restated else []
    months = words.count(len(total), "past month reads", "past months read")
    return (
        f"{months} otherwise than in the result of {past.as_of}: at the end of {last.month} "
        f"{last.then} were open as it was told then, and {last.now} as it is known now "
        f"({', '.join(parts)}). Why: {'; '.join(past.reasons)}."
    )
