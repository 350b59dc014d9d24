"""The three chapters, from claims planted one by one."""

from __future__ import annotations

import pytest
from tests.claims.making import (
    claim,
    day,
    failed,
    flawed,
    inspected,
    passed,
    present,
    released,
    reopened,
    reverted,
)
from tests.publish.making import measured

from trueup.claims.book import Book
from trueup.claims.model import Kind
from trueup.claims.policy import CONTRADICTIONS, FLAWS, LACKS
from trueup.facts.views.chains import Reached
from trueup.publish.build import publish
from trueup.publish.chapters import tallies
from trueup.publish.document import Audience
from trueup.publish.rules import Rules

GLOSSARY = ("E1", "E2", "rung", "claim", "cohort", "assessable", "verdict", "watermelon", "slug")


def chapters(claims, audience=Audience.TEAM, **known):
    told = measured(claims, **known)
    return publish(told, audience, today=day(400)).chapters


def counts(found):
    return {t.name: t.count for t in found}


def landed(number, *evidence, key="", **known):
    return claim(number, present(number), *evidence, key=key or f"k{number}", **known)


CLAIMS = [
    *(landed(n, inspected(n)) for n in range(130, 150)),
    landed(200, inspected(200), passed(200)),
    landed(50, passed(50)),
    landed(202),
    landed(203, flawed("own_approval", 203)),
    landed(204, flawed("own_approval", 204), failed("tests_failed", 204)),
    landed(205, reverted(210)),
    landed(206, reopened(211)),
    landed(207, reverted(212, 220)),
    landed(395, key="young"),
]


class TestVerification:
    def test_what_is_lacking_is_counted_by_reason(self):
        found = chapters(CLAIMS).verification
        assert counts(found.lacks) == {"own_approval": 2, "no_look": 2, "tests_failed": 1}
        assert {t.text for t in found.lacks} <= {*LACKS.values(), *FLAWS.values()}
        assert (found.verified, found.partial, found.unseen) == (22, 4, 0)

    def test_what_the_evidence_rests_on_sums_to_what_is_verified(self):
        found = chapters(CLAIMS).verification
        assert counts(found.rests_on) == {"look": 20, "both": 1, "tests": 1}
        assert sum(counts(found.rests_on).values()) == found.verified

    def test_why_items_cannot_be_seen_without_the_name_of_a_branch(self):
        branch = "merged into anna/PAY-7-hotfix, which the clone does not follow"
        known = [
            claim(n, kind=Kind.CHANGE, key=f"u{n}", unseen=branch, author=f"a{n}")
            for n in range(100, 106)
        ]
        for audience in Audience:
            (told,) = chapters(known, audience).verification.dark
            assert told.text == "merged into another branch, which the clone does not follow"
            assert told.count == 6

    def test_in_one_sentence(self):
        assert chapters(CLAIMS).verification.text == (
            "22 items have independent evidence, 4 landed and survived with less (most often: no "
            "independent look is on record, 2), and 0 cannot be seen."
        )


class TestDelivery:
    def test_what_landed_and_survived_and_what_speaks_against_the_rest(self):
        found = chapters(CLAIMS).delivery
        assert (found.items, found.landed, found.survived) == (28, 27, 25)
        assert counts(found.against) == {"reverted": 1, "reopened": 1}
        assert found.mended == 1
        assert {t.text for t in found.against} <= set(CONTRADICTIONS.values())

    def test_releases_that_no_source_tells_of_are_not_none(self):
        assert chapters(CLAIMS).delivery.released is None
        told = measured([landed(100, released(101)), landed(101)])
        told.assessment.books["acme/x"] = Book("acme/x", deployed={"a": (day(101), "")})
        found = publish(told, Audience.TEAM, today=day(400)).chapters.delivery
        assert found.released == 1
        assert "1 of them are known to be released" not in found.text
        assert "1 of them is known to be released or deployed" in found.text

    def test_steps_of_all_repositories_are_summed_and_dark_ones_stay_dark(self):
        chains = [Reached("acme/x", "issue", 3, 5), Reached("acme/y", "issue", 1, 4)]
        for audience in Audience:
            steps = {s.name: s for s in chapters(CLAIMS, audience, chains=chains).delivery.steps}
            assert (steps["issue"].count, steps["issue"].of) == (4, 9)
            assert steps["deployment"].count is None


class TestAlignment:
    def test_issues_are_not_known_without_a_tracker(self):
        found = chapters(CLAIMS).alignment
        assert (found.issues, found.linked, found.containers) == (None, None, None)
        assert "no tracker was read" in found.text

    def test_issues_with_and_without_a_change(self):
        said = frozenset({"issue"})
        known = [
            landed(100, inspected(100), reports=frozenset({"commit", "issue"})),
            claim(101, kind=Kind.ISSUE, key="named", reports=said),
            claim(102, kind=Kind.ISSUE, key="bare", shas=(), reports=said),
            landed(103, kind=Kind.UMBRELLA),
        ]
        found = chapters(known).alignment
        assert (found.issues, found.linked, found.containers, found.shared) == (3, 1, 0, 1)

    def test_a_tracker_without_done_issues_is_none_not_unknown(self):
        told = measured([landed(100)])
        told.assessment.books["acme/x"] = Book("acme/x", issues={"1": None})
        found = publish(told, Audience.TEAM, today=day(400)).chapters.alignment
        assert (found.issues, found.linked) == (0, 0)


def test_every_sentence_can_be_read_without_a_glossary():
    for known in (CLAIMS, CLAIMS[:1], [landed(395)], []):
        found = chapters(known)
        for one in (found.alignment, found.delivery, found.verification):
            assert one.text.endswith(".")
            assert not any(word in one.text for word in GLOSSARY)


class TestPrivacy:
    def made(self, name, authors):
        return [claim(n, key=f"{name}{n}", author=f"{name}-{a}") for n, a in enumerate(authors)]

    @pytest.mark.parametrize("audience", Audience)
    def test_reasons_of_too_few_people_stand_together(self, audience):
        found = {
            "many": self.made("many", range(9)),
            "some": self.made("some", range(6)),
            "one": self.made("one", [0] * 30),
        }
        rules = Rules.of(audience)
        told = tallies(found, {n: n for n in found}, rules)
        assert counts(told) == {"many": 9, "few": 36}
        assert sum(counts(told).values()) == 45
        assert [t.name for t in tallies(found, {n: n for n in found}, None)] == [
            "one",
            "many",
            "some",
        ]

    def test_an_organisation_sees_no_reason_that_one_person_stands_behind(self):
        told = chapters(CLAIMS, Audience.ORGANISATION)
        for rows in (told.verification.lacks, told.verification.rests_on, told.delivery.against):
            assert [t.name for t in rows] == ["few"]
        assert "own author" not in told.verification.text
