"""Numbers that mean something of another place: of where a repository was before, of a contributor's fork."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.facts_of import DAY, END, History, told_by_forge

from trueup.claims.reading import read_books
from trueup.claims.register import register

START = END - 90 * DAY
HERE = "https://api.github.com/repos/acme/small"
ADA, BO = "Ada <ada@example.org>", "Bo <bo@example.org>"


def at(day: float) -> str:
    return (START + day * DAY).isoformat()


def item(number: int, opened: float, closed: float, kind: str, **more: object):
    place = {"url": f"{HERE}/{kind}/{number}", "id": number, "number": number, "state": "closed"}
    who = {"user": {"login": "ada"}, "title": f"Work {number}", "body": "", "labels": []}
    days = {"created_at": at(opened), "closed_at": at(closed), "updated_at": at(closed)}
    return place | who | days | more


def request(number: int, opened: float, merged: float, sha: str):
    ends = {"base": {"ref": "main", "sha": "0" * 40}, "head": {"ref": "t", "sha": "1" * 40}}
    merge = {"merged_at": at(merged), "merge_commit_sha": sha, "merged_by": {"login": "bo"}}
    return item(number, opened, merged, "pulls", **ends, **merge)


@pytest.fixture(scope="module")
def claims(tmp_path_factory):
    """Claims by what their first commit is called, as the number of the request and the tickets."""
    folder = tmp_path_factory.mktemp("elsewhere")
    history = History(folder / "small")
    names = {}

    def commit(name: str, day: float, message: str, who: str = ADA, **more: str) -> str:
        names[
            sha := history.commit(who, START + day * DAY, {f"{name}.py": "1"}, message, **more)
        ] = name
        return sha

    with closing(history):
        base = commit("base", 0, "Begin")
        topic = commit("topic", 1, "Topic", branch="topic", onto=base)
        old = commit("old", 2, "Merge pull request #5 from ada/topic", BO, onto=base, merge=topic)
        commit("ticket", 3, "Mend it\n\nCloses #7")
        commit("undone", 4, "Once more (#6)")
        commit("undo", 5, 'Revert "Once more"\n\nReverts acme/small#6')
        guess = commit("guess", 39, "Guessed (#8)")
        commit("too_soon", 40, "Not ours (#12)")
        commit("long_before", 30, "Nor this (#13)")
        renumbered = commit("renumbered", 31, "From our fork (#14)")
        fork = commit("fork", 44, "In the fork", branch="fork", onto=guess)
        inner = commit(
            "inner", 45, "Merge pull request #5 from cy/fork", branch="mine", onto=guess, merge=fork
        )
        new = commit("new", 42, "Merge pull request #5 from ada/new", BO, merge=old)
        outer = commit(
            "outer", 50, "Merge pull request #9 from ada/mine", BO, onto=new, merge=inner
        )
        by_hand = commit("by_hand", 51, "By hand", branch="hand", onto=new)
        commit("merged", 56, "Merge #10: By hand", BO, onto=outer, merge=by_hand)
        back = commit("back", 57, "Merge main", BO, branch="hand", onto=by_hand, merge=outer)
        commit("again", 59, "Merge #11: With the line", BO, merge=back)
        later = commit("later", 60, "Rework (#6)")
    pulls = [
        request(5, 40, 42, new), request(6, 58, 60, later), request(8, 41, 43, guess), request(9, 46, 50, outer),
        request(10, 50, 56, by_hand), request(11, 55, 59, back),
        request(12, 46, 48, "c" * 40), request(13, 46, 48, "d" * 40), request(14, 70, 71, "e" * 40),
        request(15, 29, 31, renumbered), request(16, 46, 48, "f" * 40) | {"created_at": None},
    ]  # fmt: skip
    issues = [item(7, 41, 55, "issues", state_reason="completed")]
    with told_by_forge(folder, history, pulls=pulls, issues=issues) as facts:
        (book,) = read_books(facts).values()
    found = register(book).claims
    return {names[c.shas[0]] if c.shas else c.key: (c.pull, c.tickets) for c in found}


def test_a_number_given_only_later_is_of_another_place(claims):
    assert claims["old"] == ("5 elsewhere", ())
    assert claims["new"] == ("5", ())


def test_tickets_too(claims):
    assert claims["ticket"] == ("", ("#7 elsewhere",))
    assert "issue:#7" in claims, "closed by hand, as far as anybody can tell"


def test_a_number_may_be_guessed_shortly_before(claims):
    assert claims["guess"] == ("8", ())
    assert claims["too_soon"] == ("12", ()), "within a week"
    assert claims["long_before"] == ("13 elsewhere", ())


def test_what_the_forge_says_of_a_commit_counts_more_than_its_number(claims):
    assert claims["renumbered"] == ("15", ())


def test_a_merge_in_a_fork_is_part_of_what_brought_it(claims):
    assert claims["outer"][0] == "9"
    assert {"inner", "fork"}.isdisjoint(claims)


def test_a_forge_may_call_the_last_commit_of_a_request_its_merge(claims):
    """As GitHub does where somebody merges by hand, even where that commit is itself a merge."""
    assert claims["merged"][0] == "10"
    assert claims["again"][0] == "11"


def test_a_revert_means_the_number_of_its_own_place(claims):
    assert claims["undone"] == ("6 elsewhere", ())
    assert claims["later"] == ("6", ())
