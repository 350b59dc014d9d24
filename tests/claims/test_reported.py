"""What forges and trackers report: one claim for one piece of work, and claims no commit makes."""

from __future__ import annotations

import pytest
from tests.claims.making import (
    NO_HABITS,
    POLICY,
    Told,
    closes,
    day,
    id_of,
    mentions,
    part_of,
    pull,
    takes_back,
)

from trueup.claims.book import Blamed
from trueup.claims.contradictions import add_contradictions
from trueup.claims.evidence.present import find_presence
from trueup.claims.model import Kind
from trueup.claims.register import register


def test_a_change_and_the_issue_it_closes_are_one_claim():
    told = Told()
    told.commit("work", 2, pull("7"), closes("#5"))
    told.issue("#5", 2.1)
    (claim,) = register(told.read()).claims
    assert (claim.kind, claim.key, claim.reports) == (Kind.CHANGE, "pull:7", {"request", "issue"})


def test_the_change_before_the_closing_is_the_one_it_reports():
    told = Told()
    told.commit("first", 2, closes("#5"))
    told.commit("second", 40, closes("#5"))
    told.issue("#5", 3)
    found = register(told.read())
    assert [(c.shas, "issue" in c.reports) for c in found.claims] == [
        ((id_of("first"),), True),
        ((id_of("second"),), False),
    ]


def test_an_issue_nothing_points_at():
    told = Told()
    told.issue("#5", 3)
    (claim,) = register(told.read()).claims
    assert (claim.kind, claim.claimed_at, claim.absent) == (Kind.ISSUE, day(3), True)


def test_an_issue_that_is_only_named():
    told = Told()
    told.commit("work", 2, mentions("#5"))
    told.issue("#5", 3)
    book = told.read()
    (claim,) = register(book).claims
    find_presence(book, claim, day(99))
    assert [e.how for e in claim.evidence] == ["mentioned"]
    assert claim.shas == (id_of("work"),)


@pytest.mark.parametrize(
    ("minutes", "together"), [(5, True), (-0.5, True), (11, False), (-2, False)]
)
def test_an_issue_closed_with_the_merge_of_a_change_that_names_it(minutes, together):
    told = Told()
    told.commit("work", 2, pull("7"), mentions("#5"))
    told.issue("#5", 2 + minutes / 1440)
    claims = {c.key: (c.reports, c.tickets) for c in register(told.read()).claims}
    if together:
        assert claims == {"pull:7": ({"request", "issue"}, ("#5",))}
    else:
        assert claims.keys() == {"pull:7", "issue:#5"}


@pytest.mark.parametrize("known", [{"kind": "question"}, {"kind": "incident"}])
def test_no_work(known):
    told = Told()
    told.issue("#5", 3, **known)
    assert register(told.read()).claims == []


def test_what_a_bot_closes_nobody_claimed():
    told = Told()
    told.issue("#5", 3, closer_kind="bot")
    found = register(told.read())
    assert (found.claims, found.by_bots) == ([], 1)


@pytest.mark.parametrize("known", [{"kind": "epic"}, {"parts": 2}])
def test_issues_that_stand_for_others_are_counted_beside(known):
    told = Told()
    told.issue("#5", 3, **known)
    found = register(told.read())
    assert (found.claims, found.containers) == ([], 1)


def test_a_merged_request_that_left_no_mark_in_git():
    told = Told()
    told.request("9", fate="unseen", merged=4)
    (claim,) = register(told.read()).claims
    assert (claim.key, claim.claimed_at) == ("pull:9", day(4))
    assert claim.unseen.startswith("the clone does not hold")


def test_a_request_of_a_bot_is_no_claim():
    told = Told()
    told.request("9", kind="bot")
    found = register(told.read())
    assert (found.claims, found.by_bots) == ([], 1)


def test_a_request_whose_commits_say_so_themselves():
    told = Told()
    told.commit("work", 2, closes("#5"))
    told.request("9", delivered={id_of("work"): "listed"})
    (claim,) = register(told.read()).claims
    assert claim.reports == {"commit", "request"}


@pytest.mark.parametrize(("links", "claimed"), [((takes_back("work"),), False), ((), True)])
def test_a_request_that_takes_back_other_work_is_no_claim(links, claimed):
    """As without the forge: it is evidence about that work; connecting a source adds no claim of it."""
    told = Told()
    told.commit("work", 1)
    told.commit("undo", 2, *links)
    told.request("9", delivered={id_of("undo"): "merge"}, merge_sha=id_of("undo"))
    assert [c.key for c in register(told.read()).claims] == (["pull:9"] if claimed else [])


def reopenings(told: Told):
    book = told.read()
    found = register(book)
    for claim in found.claims:
        find_presence(book, claim, day(400))
    add_contradictions(book, found, {}, POLICY, NO_HABITS, day(400))
    return {
        c.key: [(e.at, e.until) for e in c.evidence if e.how == "reopened"] for c in found.claims
    }


def fixed(*closings: float, opened: tuple[float, ...] = ()) -> Told:
    told = Told()
    told.commit("work", 2, pull("7"), closes("#5"))
    told.issue("#5", *closings, opened=opened)
    return told


def test_opened_again_and_left_open():
    assert reopenings(fixed(2, opened=(9,))) == {"pull:7": [(day(9), None)]}


def test_opened_and_closed_again_within_a_day_is_a_slip():
    assert reopenings(fixed(2, 9.1, opened=(9,))) == {"pull:7": []}


def test_opened_and_closed_again_later_without_work():
    assert reopenings(fixed(2, 20, opened=(9,))) == {"pull:7": [(day(9), day(20))]}


def test_opened_again_and_done_again():
    told = fixed(2, 20, opened=(9,))
    told.commit("again", 20, pull("8"), closes("#5"))
    assert reopenings(told)["pull:7"] == [(day(9), None)]


def test_a_slip_with_new_work_is_none():
    told = fixed(2, 9.5, opened=(9,))
    told.commit("again", 9.4, pull("8"), closes("#5"))
    assert reopenings(told)["pull:7"] == [(day(9), None)]


def test_opened_after_ninety_days_contradicts_nothing():
    assert reopenings(fixed(2, opened=(93,))) == {"pull:7": []}


def test_opened_again_and_refused_in_the_end():
    """What stood in doubt until then nobody wants any more; the change itself has landed."""
    told = Told()
    told.commit("work", 2, pull("7"), closes("#5"))
    told.issue("#5", 2, opened=(9,), refused=20)
    assert reopenings(told) == {"pull:7": [(day(9), day(20))]}
    assert [c.withdrawn(day(400)) for c in register(told.book).claims] == [False]


@pytest.mark.parametrize("at", [12, 20.5])
def test_what_was_tried_for_a_refused_issue_is_no_work_for_it(at):
    told = Told()
    told.commit("work", 2, pull("7"), closes("#5"))
    told.commit("attempt", at, mentions("#5"))
    told.issue("#5", 2, opened=(9,), refused=20)
    assert reopenings(told) == {"pull:7": [(day(9), day(20))]}


def test_an_issue_that_is_refused_in_the_end_is_withdrawn_from_then_on():
    told = Told()
    told.issue("#5", 2, opened=(9,), refused=20)
    (claim,) = register(told.read()).claims
    assert [claim.withdrawn(day(n)) for n in (3, 19, 20)] == [False, False, True]
    assert reopenings(told) == {"issue:#5": [(day(9), day(20))]}


def test_an_issue_without_a_change_is_contradicted_itself():
    told = Told()
    told.issue("#5", 2, opened=(9,))
    assert reopenings(told) == {"issue:#5": [(day(9), None)]}


def test_new_work_that_says_it_is_a_part_is_work():
    told = fixed(2, 9.5, opened=(9,))
    told.commit("part", 9.4, pull("8"), part_of("#5"))
    assert reopenings(told)["pull:7"] == [(day(9), None)]


def blamed_for(*blames: Blamed) -> dict[str, list[str]]:
    told = Told()
    told.commit("work", 2, pull("7"), landed=3)
    told.commit("fix", 20, closes("#90"))
    told.book.blamed = list(blames)
    book = told.read()
    found = register(book)
    for claim in found.claims:
        find_presence(book, claim, day(400))
    add_contradictions(book, found, {}, POLICY, NO_HABITS, day(400))
    return {c.key: [e.by for e in c.evidence if e.how == "incident"] for c in found.claims}


@pytest.mark.parametrize(
    ("kind", "target"),
    [("request", "7"), ("commit", id_of("work")), ("commit", id_of("work")[:12])],
)
def test_an_incident_names_its_cause(kind, target):
    found = blamed_for(Blamed("#90", day(10), kind, target))
    assert found["pull:7"] == ["#90"]
    assert sum(map(len, found.values())) == 1


def test_an_incident_long_after_contradicts_nothing():
    assert not any(blamed_for(Blamed("#90", day(120), "request", "7")).values())


def test_an_incident_that_names_what_is_not_here():
    assert not any(blamed_for(Blamed("#90", day(10), "request", "70")).values())
