"""Which commits report something, and which reports are about the same piece of work."""

from __future__ import annotations

import pytest
from tests.claims.making import (
    Told,
    closes,
    day,
    fixes,
    id_of,
    mentions,
    part_of,
    pull,
    same_as,
    takes_back,
)

from trueup.claims.model import Kind
from trueup.claims.register import register


def found(told: Told):
    """Kind and the names of the commits of each claim, in order of time."""
    return [(c.kind.value, names(c.shas)) for c in register(told.read()).claims]


def names(shas):
    return " ".join(sorted(bytes.fromhex(s).rstrip(b"\0").decode() for s in shas))


def only(told: Told):
    (claim,) = register(told.read()).claims
    return claim


@pytest.mark.parametrize(
    ("links", "kind"),
    [
        ((closes("#1"),), "commit"),
        ((fixes(),), "commit"),
        ((pull("9"),), "change"),
        ((pull("9"), closes("#1")), "change"),
        ((mentions("#1"),), None),
        ((part_of("#1"),), None),
        ((takes_back("x"), closes("#1")), None),
        ((), None),
    ],
)
def test_what_says_that_something_is_done(links, kind):
    told = Told()
    told.commit("x", 0)
    told.commit("it", 1, *links)
    assert found(told) == ([] if kind is None else [(kind, "it")])


def test_a_merge_and_what_it_brought_are_one_claim():
    told = Told()
    told.commit("one", 0, closes("#1"), landed=3, by="merge")
    told.commit("two", 1, landed=3, by="merge")
    told.commit("merge", 3, pull("9", "merge_subject"), merge="two", actor="bo")
    claim = only(told)
    assert (claim.kind, names(claim.shas), names(claim.carried)) == (
        Kind.CHANGE,
        "merge one",
        "one two",
    )
    assert (claim.claimed_at, claim.tickets, claim.author) == (day(3), ("#1",), "ada")


def test_its_own_number_is_no_ticket():
    told = Told()
    told.commit("it", 0, pull("9"), closes("#9"), closes("#4"))
    assert only(told).tickets == ("#4",)


def test_a_backport_is_another_report():
    told = Told()
    told.commit("fix", 0, closes("#1"))
    told.commit("port", 4, closes("#1"), same_as("fix", "pick_mark"), landed=None, actor="bo")
    assert found(told) == [("commit", "fix port")]


def test_a_branch_that_was_squashed_is_another_report():
    told = Told()
    told.commit("topic", 0, closes("#1"), same_as("squash"), landed=None)
    told.commit("squash", 2, pull("9"))
    assert found(told) == [("change", "squash topic")]


def test_the_same_ticket_within_a_day_by_the_same_person():
    told = Told()
    told.commit("fix", 0, closes("#1"))
    told.commit("more", 0.9, closes("#1"))
    told.commit("next", 2.5, closes("#1"))
    assert found(told) == [("commit", "fix more"), ("commit", "next")]


def test_the_same_ticket_within_a_day_by_another():
    told = Told()
    told.commit("fix", 0, closes("#1"))
    told.commit("more", 0.9, closes("#1"), actor="bo")
    assert found(told) == [("commit", "fix"), ("commit", "more")]


def test_two_requests_stay_two_even_in_one_sitting():
    told = Told()
    told.commit("one", 0, pull("8"), closes("#1"))
    told.commit("two", 0.2, pull("9"), closes("#1"))
    assert found(told) == [("change", "one"), ("change", "two")]


def test_three_pieces_of_work_make_an_umbrella():
    told = Told()
    for number in range(3):
        told.commit(f"w{number}", number * 3, closes("#1"))
    assert [kind for kind, _ in found(told)] == ["umbrella"] * 3


def test_two_pieces_and_an_abandoned_branch_make_none():
    """What never landed is no piece of work: else a forgotten branch would hide a renewed fix."""
    told = Told()
    told.commit("w0", 0, closes("#1"))
    told.commit("w1", 9, closes("#1"))
    told.commit("left", 4, closes("#1"), landed=None)
    assert [kind for kind, _ in found(told)] == ["commit"] * 3


def test_a_commit_that_closes_another_ticket_too_is_no_umbrella():
    told = Told()
    for number in range(3):
        told.commit(f"w{number}", number * 3, closes("#1"))
    told.commit("both", 12, closes("#1"), closes("#2"))
    kinds = {shas: kind for kind, shas in found(told)}
    assert kinds == {"w0": "umbrella", "w1": "umbrella", "w2": "umbrella", "both": "commit"}


def test_the_id_of_a_claim_survives_an_umbrella():
    told, more = Told(), Told()
    for one in (told, more):
        one.commit("w0", 0, closes("#1"))
    for number in (1, 2):
        more.commit(f"w{number}", number * 3, closes("#1"))
    assert only(told).id == register(more.read()).claims[0].id


def test_bots_make_no_claims():
    told = Told()
    told.commit("bump", 0, pull("9"), actor="robot", kind="bot")
    told.commit("agent", 1, pull("8"), actor="tool", kind="agent")
    book = register(told.read())
    assert [c.reporter for c in book.claims] == ["agent"]
    assert book.by_bots == 1


def test_a_merged_revert_is_no_claim():
    told = Told()
    told.commit("fix", 0, closes("#1"))
    told.commit("undo", 1, takes_back("fix"), landed=2, by="merge")
    told.commit("merge", 2, pull("9", "merge_subject"), merge="undo")
    assert found(told) == [("commit", "fix")]


def test_a_step_taken_back_within_a_squash_is_not_a_revert():
    """The body of a squash quotes `This reverts commit ...` of a commit nobody ever saw."""
    told = Told()
    told.commit("squash", 0, pull("9"), takes_back("gone"))
    assert found(told) == [("change", "squash")]


def test_a_squashed_revert_of_landed_work_is_a_revert():
    told = Told()
    told.commit("fix", 0, closes("#1"))
    told.commit("squash", 2, pull("9"), takes_back("fix"))
    assert found(told) == [("commit", "fix")]


@pytest.mark.parametrize(("files", "empty"), [((0, 0), True), ((0, 1), False), ((1, 0), False)])
def test_a_merge_of_nothing_is_empty(files, empty):
    told = Told()
    told.commit("one", 0, closes("#1"), landed=3, by="merge", files=files[0])
    told.commit("two", 1, landed=3, by="merge", files=files[1])
    told.commit("merge", 3, pull("9", "merge_subject"), merge="two")
    assert only(told).empty is empty


def line_of_development(requests: int) -> Told:
    """A branch with direct commits and merged requests, that lands as a whole by one merge."""
    told = Told()
    told.commit("base", 0, made=0)
    told.commit("d0", 1, closes("#100"), landed=50, by="land", made=1, parent="base")
    last = "d0"
    for number in range(1, requests + 1):
        topic, merge = f"t{number}", f"m{number}"
        told.commit(topic, 2, closes(f"#{number}"), landed=50, by="land", made=2, parent="d0")
        told.commit(
            merge, 3, pull(str(500 + number), "merge_subject"),
            landed=50, by="land", made=2 + number, merge=topic, parent=last,
        )  # fmt: skip
        last = merge
    told.commit("land", 50, pull("999", "merge_subject"), merge=last, parent="base")
    return told


def test_requests_merged_into_a_line_stay_claims_of_their_own():
    told = line_of_development(3)
    claims = {c.pull: c for c in register(told.read()).claims}
    assert {p: names(c.shas) for p, c in claims.items()} == {
        "": "d0",
        "501": "m1 t1",
        "502": "m2 t2",
        "503": "m3 t3",
        "999": "land",
    }
    assert names(claims["502"].carried) == "t2"
    assert claims["999"].carried == ()


def test_a_request_that_holds_another_is_still_one():
    told = line_of_development(1)
    claims = {c.pull: c for c in register(told.read()).claims}
    assert {p: names(c.shas) for p, c in claims.items()} == {"501": "m1 t1", "999": "d0 land"}
    assert names(claims["999"].carried) == "d0"


def test_the_key_is_the_request_or_the_first_commit():
    told = Told()
    told.commit("fix", 5, closes("#1"))
    told.commit("early", 1, closes("#1"), same_as("fix"), landed=None)
    assert only(told).key == f"sha:{id_of('early')}"
    more = Told()
    more.commit("fix", 5, pull("9"))
    assert only(more).key == "pull:9"


def test_the_author_is_who_made_most_of_it():
    told = Told()
    for name, actor in (("a", "bo"), ("b", "ada"), ("c", "ada")):
        told.commit(name, 0, landed=3, by="merge", actor=actor)
    told.commit("merge", 3, pull("9", "merge_subject"), merge="c", actor="bo")
    assert only(told).author == "ada"
