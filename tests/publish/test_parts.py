"""Parts of a signal, and the question to the team: who sees them, and when nobody does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.claims.making import day
from tests.publish.making import measured
from tests.publish.making import reading as made
from tests.signals.test_dissent_expression import CALM, QUIET, quarters

from trueup.publish.build import publish
from trueup.publish.document import Audience, Published
from trueup.report import html, json_schema, terminal
from trueup.signals import SIGNALS

DISSENT = SIGNALS["dissent_expression"]
ASKED = "do we still say what we think?"


def published(now, audience=Audience.TEAM, people=9, past=9):
    items = tuple(DISSENT.details(quarters(CALM, now)))
    told = replace(made("", (people, past, 9, 9)), signal=DISSENT, items=items)
    return publish(measured(people={"": 9}, readings=[told]), audience, today=day(400))


def test_the_team_sees_four_signs_and_is_asked():
    found = published(QUIET)
    (signal,) = found.signals
    assert [p.verdict for p in signal.parts] == ["lower", "lower", "lower", "higher"]
    assert signal.question == (
        "Fewer changes and proposals meet an objection, fewer of those who speak object, fewer objections have an "
        "effect, and more objections come after the decision than in the year before: do we still say what we "
        "think? A question, not a finding: it may well be agreement. Not known: what people say of speaking up, "
        "since no survey is connected."
    )
    (step,) = found.next_steps
    assert step.reason == signal.question
    assert step.command == "trueup explain dissent_expression"


def test_nobody_is_asked_while_nothing_moved():
    found = published(CALM)
    assert len(found.signals[0].parts) == 4
    assert found.signals[0].question == ""
    assert found.next_steps == ()


@pytest.mark.parametrize(
    "face", [json_schema.dumps, html.render, lambda d: terminal.render(d, width=120)]
)
def test_every_face_asks_the_team_and_none_the_organisation(face):
    assert ASKED in " ".join(face(published(QUIET)).split())
    told = " ".join(face(published(QUIET, Audience.ORGANISATION)).split())
    assert ASKED not in told
    assert "met by an objection" not in told.lower()
    assert "people still say" not in told


@pytest.mark.parametrize(("people", "past"), [(2, 9), (9, 2)])
def test_nothing_of_a_group_that_is_too_small(people, past):
    items = tuple(DISSENT.details(quarters(CALM, QUIET)))
    parts = [
        replace(made(scope, (n, m, 9, 9)), signal=DISSENT, items=items)
        for scope, n, m in (("a", people, past), ("b", 9, 9), ("c", 9, 9))
    ]
    told = measured(people={"a": 9, "b": 9, "c": 9}, readings=parts)
    found = {s.scope: s for s in publish(told, Audience.TEAM, today=day(400)).signals}
    assert found["a"].parts == ()
    assert found["a"].question == ""
    assert len(found["c"].parts) == 4


def test_parts_come_back_from_their_plain_values():
    found = published(QUIET)
    assert Published.from_dict(found.to_dict()) == found
