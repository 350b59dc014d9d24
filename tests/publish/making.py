"""Measurements made by hand: claims, people and readings, nothing read from anywhere."""

from __future__ import annotations

from tests.claims.making import POLICY, day

from trueup.claims.assess import Assessment, judge_all
from trueup.kernel.estimate import Estimate, Status
from trueup.publish.readings import Measured, Reading
from trueup.signals import SIGNALS

SIGNAL = SIGNALS["revert_share"]
REPOSITORY = {
    "repo": "acme/x",
    "default_line": "main",
    "commits": 10,
    "level": "lines",
    "observed_until": day(400),
    "since": None,
    "shallow": False,
    "forge": "github",
}


def assessed(claims, until: float = 400, policy=POLICY) -> Assessment:
    return judge_all(claims, day(until), policy, {}, {}, {})


def estimate(value: float = 0.5, people: int = 9, events: int = 40) -> Estimate:
    known = {"value": value, "low": value - 0.1, "high": value + 0.1}
    return Estimate(
        SIGNAL.name, 1, "share", Status.MEASURED, **known, n_people=people, n_events=events
    )


def insufficient(events: int = 3) -> Estimate:
    return Estimate(
        SIGNAL.name, 1, "share", Status.INSUFFICIENT, n_events=events, reason="too few events"
    )


def reading(scope: str, people: tuple[int, ...], estimates=None, verdict: str = "same") -> Reading:
    """A reading of two windows after now and the past, with the humans behind each of the four."""
    now, past, *series = estimates or [estimate(people=n) if n else insufficient() for n in people]
    return Reading(scope, SIGNAL, now, past, verdict, tuple(series), (), people)


def measured(claims=(), *, people=None, readings=(), scoping="owners", until: float = 400, **known):
    return Measured(
        until=day(until),
        assessment=assessed(list(claims), until),
        readings=list(readings),
        scoping=scoping,
        people=people or {},
        repositories=[REPOSITORY],
        gaps=known.pop("gaps", []),
        content="c" * 64,
        **known,
    )
