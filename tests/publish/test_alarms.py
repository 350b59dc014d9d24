"""Alarms, the ledger by kind and restated months as they are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.claims.making import claim, day, inspected, present, reverted
from tests.publish.making import measured

from trueup.claims.degradation import BUDGET, Degradation, Sign
from trueup.claims.restated import Past, Restated
from trueup.claims.watermelon import Shown, Watermelon
from trueup.publish.build import publish
from trueup.publish.document import Audience
from trueup.report import html, terminal

GREEN = Watermelon(
    "checkout", Shown.STANDS_STILL, repo="acme/x", row=7, since=day(0), last=day(170),
    weeks=13, verified=1, before=198, weeks_before=104.0, chance=0.0001,
)  # fmt: skip
LESS = Degradation(
    "acme/x", Sign.FALLS, since=day(30), months=4, sum=4.0, made_before=960, verified_before=576,
    made_now=160, verified_now=40, activity=1.04,
)  # fmt: skip
SCOPE = replace(GREEN, repo="", scope="payments")
WORDS = ("E1", "E2", "E5", "CUSUM", "matured", "cohort", "rung", "watermelon", "verdict")


def alarms(audience=Audience.TEAM, **known):
    return publish(measured([claim(0)], **known), audience, today=day(400)).alarms


def test_what_is_green_and_stands_still():
    alarm = alarms(watermelons=[GREEN])[0]
    assert alarm.text == (
        "acme/x was reported to go well 7 times in a row since 2026-03-02. In the last 13 weeks of these "
        "1 item was confirmed by independent evidence, against 8.3 a month before: less than half of the "
        "earlier pace."
    )
    assert (alarm.status, alarm.now, alarm.before, alarm.budget) == ("alarm", 1, 198, 0.05)


def test_less_and_less_is_confirmed():
    (alarm,) = (a for a in alarms(degradations=[LESS]) if a.name == "less_verified")
    assert alarm.text == (
        "acme/x: of 160 items reported done since 2026-04, 25 % were confirmed by independent evidence "
        "within the time that takes, against 60 % of 960 in the 24 months before, while items a month "
        "are 104 % of what they were."
    )
    assert (alarm.since, alarm.now, alarm.now_of, alarm.weeks_now) == ("2026-04", 40, 160, 17.4)


@pytest.mark.parametrize("shown", Shown)
@pytest.mark.parametrize("weeks", [0, 13])
def test_every_outcome_has_words_without_a_glossary(shown, weeks):
    told = replace(GREEN, shown=shown, weeks=weeks, reason="" if weeks else "no report of late")
    text = alarms(watermelons=[told])[0].text
    assert text.endswith(".")
    assert not any(word in text for word in WORDS)


@pytest.mark.parametrize("sign", Sign)
def test_every_sign_has_words_without_a_glossary(sign):
    since = day(30) if sign.value.startswith("falls") else None
    told = replace(LESS, sign=sign, since=since, reason="too few")
    text = alarms(degradations=[told])[-1].text
    assert not any(word in text for word in WORDS)


def test_without_status_reports_it_says_so():
    (alarm,) = alarms()
    assert (alarm.name, alarm.status) == ("green_without_progress", "source_missing")
    assert "No status reports are connected" in alarm.text


def test_an_organisation_sees_whole_repositories_only():
    team = alarms(watermelons=[SCOPE])
    assert [a.scope for a in team] == ["payments"]
    assert [a.scope for a in alarms(Audience.ORGANISATION, watermelons=[SCOPE, GREEN])] == [
        "acme/x"
    ]
    (alarm,) = alarms(Audience.ORGANISATION, watermelons=[SCOPE])
    assert (alarm.scope, alarm.status) == ("", "cannot_tell")


def test_alarms_that_are_on_stand_first_and_in_every_face():
    told = measured(
        [claim(0)], watermelons=[replace(GREEN, shown=Shown.NO_SIGN)], degradations=[LESS]
    )
    found = publish(told, Audience.TEAM, today=day(400))
    assert [a.status for a in found.alarms] == ["alarm", "no_sign"]
    shown = " ".join(terminal.render(found).split())
    page = " ".join(html.render(found).replace("\u00a0", " ").split())
    assert found.alarms[0].text in shown
    assert found.alarms[1].text not in shown
    assert all(a.text in page for a in found.alarms)
    assert round(1 / BUDGET) == 20, "as the page says"


class TestLedger:
    CLAIMS = (
        claim(0, present(), reverted(10), key="a", size_days=3),
        claim(0, present(), reverted(10), key="b"),
        claim(300, present(300), inspected(300)),
    )

    def ledger(self, audience=Audience.TEAM):
        return publish(measured(self.CLAIMS), audience, today=day(400)).ledger

    def test_by_kind_and_by_half_year(self):
        (kind,) = self.ledger().kinds
        assert (kind.name, kind.opening, kind.new, kind.closing) == ("commit", 0, 2, 2)
        assert [(o.half_year, o.open) for o in self.ledger().open_since] == [("2026-1", 2)]

    def test_by_area_and_what_may_not_be_told_apart_together(self):
        """Of three areas one is too small to show; the rows sum to the whole."""
        scopes = ("web", "pay", "pay", "tiny", "tiny", "", "core")
        claims = [
            claim(
                n,
                present(n),
                *([reverted(n + 9)] if scope != "core" else []),
                key=f"k{n}",
                scope=scope,
            )
            for n, scope in enumerate(scopes)
        ]
        told = measured(claims, people={"": 9, "web": 4, "pay": 5, "tiny": 2, "core": 3})
        found = publish(told, Audience.TEAM, today=day(400)).ledger
        assert [(a.name, a.new, a.closing) for a in found.areas] == [
            ("pay", 2, 2), ("web", 1, 1), ("", 3, 3),
        ]  # fmt: skip
        assert sum(a.closing for a in found.areas) == found.open
        page = html.render(publish(told, Audience.TEAM, today=day(400)))
        assert "The ledger by area or team" in page
        assert ">the rest</th>" in page

    def test_an_organisation_sees_totals_only(self):
        found = self.ledger(Audience.ORGANISATION)
        assert (found.kinds, found.areas, found.open_since, found.oldest_claim) == ((), (), (), "")
        assert found.open == 2

    def test_in_days_and_beside_it_what_has_no_size(self):
        for audience in Audience:
            found = self.ledger(audience)
            assert (found.in_days.new, found.in_days.closing) == (3, 3)
            assert (found.unsized.new, found.unsized.closing) == (1, 1)
        shown = publish(measured(self.CLAIMS), Audience.TEAM, today=day(400))
        page = " ".join(html.render(shown).replace("\u00a0", " ").split())
        assert "the open items took 3 days on which" in page
        assert "beside 1 of which no such day is known" in page


class TestRestatement:
    ROWS = (
        Restated("change", "2026-04", 3, 0, 0, 0, 3),
        Restated("change", "2026-05", 3, 2, 1, -1, 3),
        Restated("commit", "2026-05", 4, 0, 0, 0, 4),
    )

    def told(self, audience, rows=ROWS):
        past = Past("2026-06-20", ("github is read now",), rows)
        return publish(measured([claim(0)], past=past), audience, today=day(400)).restatement

    def test_in_words_and_by_kind(self):
        found = self.told(Audience.TEAM)
        assert found.text == (
            "1 past month reads otherwise than in the result of 2026-06-20: at the end of 2026-05 7 were "
            "open as it was told then, and 7 as it is known now (2 came into view, 1 went out of it, -1 "
            "are judged otherwise). Why: github is read now."
        )
        assert [(m.kind, m.month, m.then, m.now) for m in found.months] == [
            ("", "2026-05", 7, 7),
            ("change", "2026-05", 3, 3),
        ]

    def test_an_organisation_sees_no_kinds(self):
        assert [m.kind for m in self.told(Audience.ORGANISATION).months] == [""]

    def test_nothing_moved(self):
        assert self.told(Audience.TEAM, self.ROWS[:1]) is None
