"""When an issue was closed as done, opened again and refused, as trackers tell it."""

from __future__ import annotations

import json
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from tests.facts_of import DAY, END, History, take_in

from trueup.claims.reading import read_books
from trueup.claims.register import register
from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.runs.intake import take_exports
from trueup.runs.measure import prepare

KEY = b"k" * 32
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
HERE = "https://api.github.com/repos/acme/app"
REASONS = {"c": None, "n": "not_planned", "d": "duplicate"}


def day(number: float) -> datetime:
    return BEGAN + timedelta(days=number)


def records(number: int, story: str, began: datetime, reason: str | None, by: dict[int, str]):
    """An issue and its events: each word is a letter (closed, not planned, duplicate, opened) and a day."""
    place = f"{HERE}/issues/{number}"
    moves = [(word[0], began + timedelta(days=float(word[1:]))) for word in story.split()]
    closed = moves[-1][0] != "o"
    issue = {
        "url": place, "id": number, "number": number, "title": "Want", "labels": [{"name": "bug"}], "body": "",
        "state": "closed" if closed else "open", "state_reason": reason, "user": {"login": "ada"},
        "closed_by": {"login": by.get(len(moves) - 1, "bo")} if closed else None,
        "created_at": began.isoformat(), "updated_at": moves[-1][1].isoformat(),
        "closed_at": moves[-1][1].isoformat() if closed else None,
        "events_url": f"{place}/events", "comments_url": f"{place}/comments",
    }  # fmt: skip
    events = [
        {
            "id": number * 100 + n, "url": f"{HERE}/issues/events/{number * 100 + n}",
            "event": "reopened" if what == "o" else "closed", "created_at": at.isoformat(),
            "state_reason": REASONS.get(what), "actor": {"login": by.get(n, "bo")},
            "issue": {"number": number, "url": place, "repository_url": HERE},
        }
        for n, (what, at) in enumerate(moves)
    ]  # fmt: skip
    return issue, events


OLD = datetime(2020, 1, 5, tzinfo=UTC)
#: What happened to an issue, and how it stands; closings, openings, and when it was refused, in days.
COURSES = {
    ("c2", "completed"): ([2], [], None),
    ("c2 o9", "reopened"): ([2], [9], None),
    ("c2 o9 c20", "completed"): ([2, 20], [9], None),
    ("n2", "not_planned"): None,
    ("d2", "duplicate"): None,
    ("n2 o9", "reopened"): None,
    ("n2 o9 c20", "completed"): ([20], [], None),
    ("c2 o9 n20", "not_planned"): ([2], [9], 20),
    ("c2 n20", "not_planned"): ([2], [], 20),
    ("c2 n2.5", "not_planned"): None,
    ("c2 o9 n20 o30 c40", "completed"): ([2, 40], [9], None),
    ("c2 o9 d20 o30", "reopened"): ([2], [9], 20),
    ("c2 n2.01 o30", "reopened"): None,
    ("c2 n20 o30", "reopened"): ([2], [], 20),
    ("c2 n20 o30 n40", "not_planned"): ([2], [], 20),
    ("c2 n20 o30 c40", "completed"): ([2, 40], [], None),
    ("c2 o9 c20 n20.5", "not_planned"): ([2], [9], 20),
    ("n2 c20", "completed"): ([20], [], None),
    ("c2 o2.5 c20", "completed"): ([20], [], None),
}
WITHOUT_EVENTS = {
    ("c2 o9 c20", "completed"): ([20], [], None),
    ("c2 o9 n20", "not_planned"): None,
}
#: Nobody was asked how: an issue that is refused now may have been refused before.
LONG_AGO = {
    ("c2 o9 n20", "not_planned"): None,
    ("c2 o9 c20", "completed"): ([2, 20], [9], None),
}


def read(folder, stories, began, **told):
    """What claims know of issues of which a forge tells so."""
    return read_all(folder, stories, began, **told)["acme/app"].issues


def read_all(folder, stories, began, *, events=True, by=None, before=lambda _: None):
    files = folder / "exports"
    files.mkdir(parents=True)
    told = [records(n, s, began, reason, by or {}) for n, (s, reason) in enumerate(stories, 1)]
    (files / "issues.json").write_text(json.dumps([issue for issue, _ in told]))
    if events:
        every = [event for _, some in told for event in some]
        lines = map(json.dumps, events(every) if callable(events) else every)
        (files / "events.ndjson").write_text("\n".join(lines))
    store = Store(folder / "workspace")
    before(store)
    (taken,) = take_exports(files, store, KEY, lambda: day(400), lambda *_: None)
    assert taken.unread == 0, taken.problems
    with open_facts(store.snapshot()) as facts:
        prepare(facts, began - timedelta(days=10), day(400), ())
        return read_books(facts)


def course(issue, began):
    if issue is None:
        return None
    closings = [(at - began).days for at in issue.closings]
    openings = [(opened.at - began).days for opened in issue.openings]
    return closings, openings, issue.refused_at and (issue.refused_at - began).days


@pytest.mark.parametrize(
    ("stories", "began", "events"),
    [(COURSES, BEGAN, True), (WITHOUT_EVENTS, BEGAN, False), (LONG_AGO, OLD, True)],
)
def test_the_course_of_an_issue(tmp_path, stories, began, events):
    found = read(tmp_path, stories, began, events=events)
    told = {story: course(found.get(f"#{n}"), began) for n, story in enumerate(stories, 1)}
    assert told == stories


@pytest.mark.parametrize("story", ["c2 o9 c20", "c2 n9 c20"])
def test_who_reported_it(tmp_path, story):
    """What a bot closed and somebody took back nobody had reported; the person who closed it then did."""
    issue = read(tmp_path, [(story, "completed")], BEGAN, by={0: "stale[bot]"})["#1"]
    assert (issue.reported_at, issue.closer_kind) == (day(20), "human")


def test_until_when_it_was_open(tmp_path):
    stories = ["c2 o9", "c2 o9 c20", "c2 o9 n20", "c2 o9 n20 o30 c40"]
    ends = ["reopened", "completed", "not_planned", "completed"]
    found = read(tmp_path, list(zip(stories, ends, strict=True)), BEGAN)
    assert {story: [tuple(o) for o in found[f"#{n}"].openings] for n, story in enumerate(stories, 1)} == {
        "c2 o9": [(day(9), None, False)],
        "c2 o9 c20": [(day(9), day(20), False)],
        "c2 o9 n20": [(day(9), day(20), True)],
        "c2 o9 n20 o30 c40": [(day(9), day(40), False)],
    }  # fmt: skip


def test_an_issue_that_is_open_is_not_done_whatever_events_lack(tmp_path):
    """Its last change is the latest moment at which it was opened."""

    def without_the_opening(events):
        return [event for event in events if event["event"] != "reopened"]

    issue = read(tmp_path, [("c2 o9", "reopened")], BEGAN, events=without_the_opening)["#1"]
    assert issue.openings == [(day(9), None, False)]


def test_where_events_have_no_place_for_a_reason_none_is_told(tmp_path):
    """Other collectors leave it out: then a closing that was a refusal does not look like work done."""

    def without_reasons(events):
        return [{k: v for k, v in event.items() if k != "state_reason"} for event in events]

    stories = [("c2 o9 n20", "not_planned"), ("c2 o9 c20", "completed")]
    found = read(tmp_path, stories, BEGAN, events=without_reasons)
    assert {key: course(issue, BEGAN) for key, issue in found.items()} == {
        "#2": ([2, 20], [9], None)
    }


def test_a_label_that_says_it_is_verified(tmp_path):
    """One that is put on counts, in whatever case, and neither others nor one that is taken off."""

    def labelled(events):
        def one(number, what, name, at):
            at = day(at).isoformat()
            return events[0] | {
                "id": number,
                "event": what,
                "label": {"name": name},
                "created_at": at,
            }

        told = [one(901, "labeled", "QA: Verified", 7), one(902, "labeled", "needs-verified", 6)]
        return [*events, *told, one(903, "unlabeled", "verified", 8)]

    issue = read(tmp_path, [("c2", "completed")], BEGAN, events=labelled)["#1"]
    assert [(told.at, told.how, told.kind) for told in issue.confirmed] == [
        (day(7), "confirmed", "human")
    ]


def test_an_issue_that_work_of_another_repository_closes_is_a_claim_there(tmp_path):
    """Issues of `acme/app` are closed in a clone of other code; one that its own code closes stays."""
    ada, began = "Ada <ada@example.org>", END - 100 * DAY
    history = History(tmp_path / "web")
    with closing(history):
        history.commit(ada, began, {"a.py": "0"}, "Begin")
        work = history.commit(ada, began + DAY, {"a.py": "1"}, "Do it\n\nFixes Acme/App#1")
    other = History(tmp_path / "app")
    with closing(other):
        other.commit(ada, began, {"b.py": "0"}, "Begin")
        own = other.commit(ada, began + DAY, {"b.py": "1"}, "Do that\n\nFixes #2")
        other.commit(ada, began + 2 * DAY, {"b.py": "2"}, "More")
    address = ("remote.origin.url", "https://github.com/acme/app.git")
    subprocess.run(["git", "-C", str(other.path), "config", *address], check=True)
    stories = [("c2", "completed"), ("c2", "completed"), ("c2", "completed")]

    books = read_all(
        tmp_path / "files", stories, began, before=lambda store: take_in(store, history, other)
    )
    assert {repo: sorted(book.issues) for repo, book in books.items()} == {
        "acme/app": ["#2", "#3"],
        "web": ["Acme/App#1"],
    }
    (claim,) = register(books["web"]).claims
    assert (claim.shas, claim.reports) == ((work,), {"commit", "issue"})
    assert [c.shas for c in register(books["acme/app"]).claims if c.shas] == [(own,)]
