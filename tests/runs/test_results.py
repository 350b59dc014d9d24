"""Results that are kept: found again when nothing changed, made anew when anything did."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.claims.making import claim, day, present, reverted
from tests.publish.making import measured

from trueup.claims.policy import Policy
from trueup.kernel.errors import StoreError
from trueup.publish.build import publish
from trueup.publish.claims import to_plain
from trueup.publish.document import Audience
from trueup.runs.results import Results, changed_since, key_of, looked_again
from trueup.teams.scopes import Member, Team

CLAIM = claim(0, present(), reverted(5))
TOLD = measured([CLAIM], people={"": 9})
SHOWN = publish(TOLD, Audience.TEAM, today=day(400))
PLAIN = [to_plain(CLAIM, TOLD.assessment.judged[0])]


@pytest.fixture
def results(tmp_path):
    found = Results(tmp_path)
    found.save_claims(PLAIN, [], "key")
    found.save(SHOWN, "key")
    return found


def test_found_again(results):
    assert results.load(Audience.TEAM) == results.load(Audience.TEAM, "key") == SHOWN
    assert results.load(Audience.TEAM, "other") is None
    assert results.load(Audience.ORGANISATION) is None
    assert results.fits("key")
    assert not results.fits("ke")
    ((made, judged),) = results.load_claims()
    assert (made.id, judged) == (CLAIM.id, TOLD.assessment.judged[0])


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"key": "key"}', "\x00", '{"key": 1, "published": {}}']
)
def test_a_damaged_result_is_made_anew(results, text):
    (results.folder / "team.json").write_text(text, "utf-8")
    assert results.load(Audience.TEAM) is None


def test_a_result_of_an_older_schema_is_made_anew(results):
    path = results.folder / "team.json"
    told = json.loads(path.read_text())
    del told["published"]["drift"]["landed"]
    path.write_text(json.dumps(told))
    assert results.load(Audience.TEAM, "key") is None


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"claims": 3}', '{"claims": [{}]}', '{"claims": ["x"]}']
)
def test_damaged_claims_say_so(results, text):
    (results.folder / "claims.json").write_text(text, "utf-8")
    with pytest.raises(StoreError, match="unreadable claims"):
        results.load_claims()
    assert not results.fits("key")


def test_without_a_scan_there_are_no_claims(tmp_path):
    with pytest.raises(FileNotFoundError):
        Results(tmp_path).load_claims()
    assert Results(tmp_path).load(Audience.TEAM) is None
    assert not Results(tmp_path).fits("key")


def test_a_workspace_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "results").write_text("a file in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        Results(tmp_path).save(SHOWN, "key")


TEAMS = (Team("a", (Member("ada@example.org"),)),)


def test_the_key_depends_on_facts_policy_and_teams():
    keys = {
        key_of("c", Policy(), ()),
        key_of("d", Policy(), ()),
        key_of("c", Policy(survive=31), ()),
        key_of("c", Policy(), TEAMS),
    }
    assert len(keys) == 4
    assert key_of("c", Policy(), TEAMS) == key_of("c", Policy(), TEAMS)


def test_dates_to_look_again_are_renewed_once_they_have_passed():
    (step,) = SHOWN.next_steps[:1]
    assert step.look_again == f"{day(428):%Y-%m-%d}"
    for wait in (0, 27):
        assert looked_again(SHOWN, day(400 + wait)) is SHOWN
    for wait in (28, 300):
        found = looked_again(SHOWN, day(400 + wait) + timedelta(hours=3))
        assert {s.look_again for s in found.next_steps} == {f"{day(428 + wait):%Y-%m-%d}"}
        assert replace(found, next_steps=SHOWN.next_steps) == SHOWN


def test_what_changed():
    later = publish(
        measured([CLAIM, claim(1, present(), key="b")], until=430), Audience.TEAM, today=day(430)
    )
    found = changed_since(SHOWN, later)
    assert found.since == SHOWN.as_of
    assert [(c.what, c.before, c.now) for c in found.items] == [
        ("partial", "0", "1"),
        ("read until", SHOWN.as_of, later.as_of),
    ]
    assert found.note == ""


def test_nothing_before_and_nothing_new():
    assert changed_since(None, SHOWN) is None
    assert changed_since(SHOWN, SHOWN).items == ()


@pytest.mark.parametrize(
    ("before", "note"),
    [
        (replace(SHOWN, title="other"), "Other repositories were read then"),
        (replace(SHOWN, version="0.0.1"), "made by another version"),
        (replace(SHOWN, method=replace(SHOWN.method, edition="0")), "made by another version"),
        (
            replace(SHOWN, method=replace(SHOWN.method, policy=("x",))),
            "Another policy was in force",
        ),
    ],
    ids=["repositories", "version", "edition", "policy"],
)
def test_what_is_not_comparable_is_said(before, note):
    assert note in changed_since(before, SHOWN).note


def test_items_behind_a_result_are_those_it_was_kept_with(tmp_path):
    from trueup.publish.claims import to_plain

    found = Results(tmp_path)
    assert found.claims_behind(Audience.TEAM) is None
    told = measured([CLAIM]).assessment
    plain = [to_plain(c, j) for c, j in zip(told.claims, told.judged, strict=True)]
    found.save_claims(plain, [], "facts1")
    found.save(SHOWN, "key")
    assert [c.id for c, _ in found.claims_behind(Audience.TEAM)] == [CLAIM.id]
    found.save_claims(plain, [], "facts2")  # for another audience, of other facts
    assert found.claims_behind(Audience.TEAM) is None
    (tmp_path / "results" / "team.json").write_text("[]", "utf-8")
    assert found.claims_behind(Audience.TEAM) is None
