"""What is watched, in words: green reports without progress, and less and less that is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.claims import degradation, watermelon
from trueup.claims.degradation import REFERENCE, WATCHED, Degradation, Sign
from trueup.claims.watermelon import Shown, Watermelon
from trueup.publish import words
from trueup.publish.parts import Alarm

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.publish.readings import Measured

GREEN, LESS = "green_without_progress", "less_verified"
_WEEKS_A_MONTH = 365.25 / 12 / 7
_SHOWN = {
    Shown.STANDS_STILL: "alarm",
    Shown.NO_SIGN: "no_sign",
    Shown.TOO_LITTLE: "cannot_tell",
    Shown.NOT_GREEN: "not_reported_green",
    Shown.UNKNOWN_PROJECT: "cannot_tell",
}
_SIGN = {
    Sign.FALLS: "alarm",
    Sign.NONE: "no_sign",
    Sign.TOO_LITTLE: "cannot_tell",
    Sign.FALLS_WITH_ACTIVITY: "activity_falls_too",
}


def alarms(measured: Measured, *, team: bool) -> tuple[Alarm, ...]:
    """What is watched; for an organisation whole repositories only. Alarms that are on stand first."""
    green = [_green(w) for w in measured.watermelons if team or w.repo] or [_unreported(measured)]
    found = [*green, *(_less(d) for d in measured.degradations)]
    return tuple(sorted(found, key=lambda a: a.status != "alarm"))


def _unreported(measured: Measured) -> Alarm:
    if measured.watermelons:
        text = "Status reports are of no repository as a whole: whether green ones stand still is not told here."
        return Alarm(GREEN, "", "cannot_tell", text, watermelon.BUDGET)
    text = (
        "No status reports are connected, so whether projects that are reported green stand still cannot be "
        "told. Tables of them can be taken in: trueup collect --from PATH"
    )
    return Alarm(GREEN, "", "source_missing", text, watermelon.BUDGET)


def _green(found: Watermelon) -> Alarm:
    name = found.repo or found.scope or found.project
    return Alarm(
        GREEN,
        name,
        _SHOWN[found.shown],
        _green_text(found, name),
        watermelon.BUDGET,
        since=_day(found.since),
        now=found.verified,
        weeks_now=float(found.weeks),
        before=found.before,
        weeks_before=round(found.weeks_before, 1),
    )


def _green_text(found: Watermelon, name: str) -> str:
    if not found.weeks:
        return f"{name}: whether green reports hide that it stands still cannot be told: {found.reason}."
    row = f"{name} was reported to go well {found.row} times in a row since {_day(found.since)}"
    earlier = found.before / found.weeks_before * _WEEKS_A_MONTH
    verified = words.count(found.verified, "item was", "items were")
    told = (
        f"In the last {found.weeks} weeks of these {verified} confirmed by independent evidence, "
        f"against {earlier:.1f} a month before"
    )
    if found.shown is Shown.STANDS_STILL:
        return f"{row}. {told}: less than half of the earlier pace."
    if found.shown is Shown.TOO_LITTLE:
        return f"{row}. {told}: {found.reason}."
    return f"{row}. {told}: no sign that it stands still."


def _less(found: Degradation) -> Alarm:
    return Alarm(
        LESS,
        found.repo,
        _SIGN[found.sign],
        _less_text(found),
        degradation.BUDGET,
        since=f"{found.since:%Y-%m}" if found.since else "",
        now=found.verified_now,
        now_of=found.made_now,
        weeks_now=round(found.months * _WEEKS_A_MONTH, 1),
        before=found.verified_before,
        before_of=found.made_before,
        weeks_before=round(REFERENCE * _WEEKS_A_MONTH, 1) if found.made_before else 0.0,
    )


def _less_text(found: Degradation) -> str:
    if found.sign is Sign.TOO_LITTLE:
        return (
            f"{found.repo}: whether less is confirmed than before cannot be told: {found.reason}."
        )
    then = words.percent(found.verified_before / found.made_before)
    now = words.percent(found.verified_now / found.made_now) if found.made_now else "none"
    when = f"since {found.since:%Y-%m}" if found.since else f"in the last {WATCHED} months"
    told = (
        f"{found.repo}: of {words.count(found.made_now, 'item', 'items')} reported done {when}, {now} were "
        f"confirmed by independent evidence within the time that takes, against {then} of "
        f"{words.number(found.made_before)} in the {REFERENCE} months before"
    )
    activity = f"items a month are {found.activity:.0%} of what they were".replace("%", " %")
    if found.sign is Sign.FALLS:
        return f"{told}, while {activity}."
    if found.sign is Sign.FALLS_WITH_ACTIVITY:
        return f"{told}; less is reported done as well: {activity}."
    return f"{told}: no sign of a fall."


def _day(moment: datetime | None) -> str:
    return words.day(moment) if moment else ""
