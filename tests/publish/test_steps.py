"""At most three next steps, each with a reason, a command that exists, and a date to look again."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from tests.claims.making import claim, day, inspected, present, reverted
from tests.publish.making import measured, reading

from trueup.publish.build import publish
from trueup.publish.document import VERDICTS, Audience
from trueup.signals import SIGNALS

CONTRADICTED = claim(0, present(), reverted(3), key="c", scope="a")
LANDING = [claim(1, present(1), inspected(1), key=f"v{i}", scope="b") for i in range(30)]
NOWHERE = claim(2, key="n", scope="b", absent=True)
UNLOOKED = claim(3, present(3), key="p", scope="b")
HIDDEN = claim(300, present(300), key="h", scope="b")
WORSE = reading("b", (9, 9, 9, 9), verdict="higher")


def steps(*claims, readings=(), audience=Audience.TEAM):
    told = measured(claims, people={"": 18, "a": 9, "b": 9}, readings=readings)
    return publish(told, audience, today=day(400)).next_steps


def test_nothing_to_do():
    assert steps(*LANDING) == ()


@pytest.mark.parametrize(
    ("claims", "readings", "command"),
    [
        ([CONTRADICTED], (), "trueup claims --status contradicted"),
        ([*LANDING, NOWHERE], (), "trueup claims --status unverified"),
        ([*LANDING], (WORSE,), "trueup explain revert_share"),
        ([*LANDING, UNLOOKED], (), "trueup claims --status partial"),
        ([HIDDEN], (), "trueup explain review_coverage"),
    ],
    ids=["contradicted", "unverified", "worse", "unlooked", "hidden"],
)
def test_each_step(claims, readings, command):
    (step,) = steps(*claims, readings=readings)
    assert step.command == command
    assert step.look_again == f"{day(428):%Y-%m-%d}"
    assert step.reason
    assert step.title


def test_the_scope_with_most_of_them_is_named():
    assert "most of them in a" in steps(CONTRADICTED)[0].reason


def test_the_most_certain_three_come_first():
    found = steps(*LANDING, CONTRADICTED, NOWHERE, UNLOOKED, HIDDEN, readings=(WORSE,))
    assert [s.command for s in found] == [
        "trueup claims --status contradicted",
        "trueup claims --status unverified",
        "trueup explain revert_share",
    ]


def test_a_change_for_the_better_is_no_step():
    assert steps(*LANDING, readings=(reading("b", (9,) * 4, verdict="lower"),)) == ()
    assert steps(*LANDING, readings=(reading("b", (2,) * 4, verdict="higher"),)) == ()


def test_the_organisation_is_sent_to_no_list_of_claims():
    found = steps(*LANDING, CONTRADICTED, NOWHERE, audience=Audience.ORGANISATION)
    assert [s.command for s in found] == ["", ""]


def test_steps_of_a_real_organisation(published):
    assert 1 <= len(published.next_steps) <= 3
    for step in published.next_steps:
        assert step.reason
        assert datetime.fromisoformat(step.look_again).date().isoformat() == step.look_again
        assert step.look_again > published.as_of
        match = re.fullmatch(r"trueup (claims --status (\w+)|explain (\w+))", step.command)
        assert not step.command or match
        if match and match[2]:
            assert match[2] in VERDICTS
        if match and match[3]:
            assert match[3] in SIGNALS.names()
