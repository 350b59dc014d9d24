"""Accounts of a forge that are told without an address, and the people who write commits."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.facts_of import DAY, END, History, told_by_forge

from trueup.claims.evidence.inspected import inspected
from trueup.claims.reading import read_books
from trueup.claims.register import register

START = END - 60 * DAY
HERE = "https://api.github.com/repos/acme/small"
ADA, BO, CY = "Ada <ada@example.org>", "Bo Reed <bo@example.org>", "Cy <cy@example.org>"
GITHUB = "GitHub <noreply@github.com>"


def at(day: float) -> str:
    return (START + day * DAY).isoformat()


def pull(number: int, head: str, merge: str, merged_by: str) -> dict[str, object]:
    """A request of ada's that was opened on the first day and merged on the fifth."""
    return {
        "url": f"{HERE}/pulls/{number}", "id": number, "number": number, "title": "Point", "body": "", "labels": [],
        "state": "closed", "user": {"login": "ada"}, "merged_by": {"login": merged_by}, "merge_commit_sha": merge,
        "created_at": at(1), "updated_at": at(5), "closed_at": at(5), "merged_at": at(5),
        "base": {"ref": "main", "sha": "0" * 40}, "head": {"ref": "topic", "sha": head},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("merged_by", "looks"), [("breed", []), ("cy", ["review"])], ids=["own", "another"]
)
def test_who_merges_in_the_forge_is_who_wrote_the_merge(tmp_path, merged_by, looks):
    """Bo wrote most of it and looked at it as `breed`; the merge that he made shows that it is he."""
    history = History(tmp_path / "small")
    with closing(history):
        base = history.commit(BO, START, {"a.py": "0"}, "Begin")
        more = {"branch": "topic"}
        first = history.commit(ADA, START + DAY, {"b.py": "1"}, "Point", onto=base, **more)
        for number in (2, 3):
            written = START + number * DAY
            first = history.commit(BO, written, {"b.py": f"{number}"}, "Apply", onto=first, **more)
        landed, says = START + 5 * DAY, "Merge pull request #1"
        merge = history.commit(BO, landed, {}, says, by=GITHUB, onto=base, merge=first)
    review = {
        "id": 7, "user": {"login": "breed"}, "body": "", "state": "COMMENTED", "commit_id": first,
        "pull_request_url": f"{HERE}/pulls/1", "submitted_at": at(4),
    }  # fmt: skip
    pulls = [pull(1, first, merge, merged_by)]
    with told_by_forge(tmp_path, history, pulls=pulls, reviews=[review]) as facts:
        (book,) = read_books(facts).values()
    (claim,) = register(book).claims
    assert [e.how for e in inspected(book, claim) if not e.against] == looks


def test_what_shows_nothing_of_who_is_who(tmp_path):
    """A merge by hand, where the forge names the last commit of the request; an author with two accounts."""
    history = History(tmp_path / "small")
    with closing(history):
        base = history.commit(BO, START, {"a.py": "0"}, "Begin")
        topic = history.commit(ADA, START + DAY, {"b.py": "1"}, "b", branch="topic", onto=base)
        other = history.commit(ADA, START + DAY, {"c.py": "1"}, "c", branch="other", onto=base)
        update = history.commit(
            ADA,
            START + 2 * DAY,
            {},
            "Merge main",
            by=GITHUB,
            branch="topic",
            onto=topic,
            merge=base,
        )
        by_hand = history.commit(BO, START + 5 * DAY, {}, "Merge #1", onto=base, merge=update)
        says = {"message": "Merge pull request", "by": GITHUB}
        one = history.commit(CY, START + 6 * DAY, {}, onto=by_hand, merge=other, **says)
        more = history.commit(ADA, START + 7 * DAY, {"d.py": "1"}, "d", branch="more", onto=one)
        two = history.commit(CY, START + 8 * DAY, {}, onto=one, merge=more, **says)
    pulls = [
        pull(1, update, update, "breed"),
        pull(2, other, one, "cy"),
        pull(3, more, two, "root"),
    ]
    with told_by_forge(tmp_path, history, pulls=pulls) as facts:
        rows = list(facts.rows(facts.table("actors").select("actor", "alike")))
    assert all(actor == alike for actor, alike in rows)
