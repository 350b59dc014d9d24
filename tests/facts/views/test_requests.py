"""What became of requests, and what a review in the forge shows of a commit."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from tests.facts_of import DAY, END, History

from trueup.claims.reading import read_books
from trueup.claims.register import register
from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.facts.texts.message import subject_id
from trueup.facts.views import requests
from trueup.runs.intake import take_exports
from trueup.runs.measure import prepare
from trueup.sources.git.collect import Request, collect

KEY = b"k" * 32
START = END - 60 * DAY
HERE = "https://api.github.com/repos/Acme/Small"
GITHUB = "GitHub <noreply@github.com>"
SQUASHED = ("Stale", "Last seen", "Mostly later", "Mostly before", "Approved")


def person(login: str, **more: str) -> dict[str, str]:
    return {"login": login} | more


def pull(number: int, *, day: int, author: str = "ada", into: str = "main", **more: object):
    """A request that was opened on a day, and merged or closed two days later."""
    ended = (START + (day + 2) * DAY).isoformat()
    return {
        "url": f"{HERE}/pulls/{number}", "id": number, "number": number, "title": f"Work {number}",
        "state": "closed", "user": person(author), "body": "", "labels": [],
        "created_at": (START + day * DAY).isoformat(), "closed_at": ended, "updated_at": ended,
        "merged_at": ended, "base": {"ref": into, "sha": "0" * 40}, "head": {"ref": "t", "sha": "1" * 40},
    } | more  # fmt: skip


def review(number: int, who: str, *, day: float, state: str = "APPROVED"):
    return {
        "id": number * 100 + int(day * 2), "user": person(who), "body": "", "state": state,
        "pull_request_url": f"{HERE}/pulls/{number}", "commit_id": "1" * 40,
        "submitted_at": (START + day * DAY).isoformat(),
    }  # fmt: skip


def comment(number: int, who: str, *, day: float, body: str):
    at = (START + day * DAY).isoformat()
    return {
        "id": number * 100, "user": person(who), "body": body, "created_at": at, "updated_at": at,
        "url": f"{HERE}/issues/comments/{number * 100}", "issue_url": f"{HERE}/issues/{number}",
    }  # fmt: skip


def listed(number: int, sha: str, *, authored: int, subject: str, login: str = "ada"):
    who = {"name": login.title(), "email": f"{login}@example.org"}
    who |= {"date": (START + authored * DAY).isoformat()}
    told = {"author": who, "committer": who, "message": f"{subject}\n\nbody"}
    return {"sha": sha, "commit": told, "url": "", "author": person(login), "parents": [],
            "pull_request_url": f"{HERE}/pulls/{number}"}  # fmt: skip


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("requests")
    history = History(folder / "small")
    day = {n: START + n * DAY for n in range(60)}
    ada, bo = "Ada <ada@example.org>", "Bo <bo@example.org>"
    with closing(history):
        base = history.commit(ada, day[0], {"a.py": "0"}, "Begin")
        topic = history.commit(ada, day[1], {"b.py": "1"}, "Topic", branch="topic", onto=base)
        merge = history.commit(bo, day[3], {}, "Bring the topic in", onto=base, merge=topic)
        squash = [
            history.commit(ada, day[5 + n], {"c.py": f"{n}"}, f"Squashed {n}", by=GITHUB)
            for n in range(3)
        ]
        side = history.commit(ada, day[10], {"d.py": "1"}, "Side", branch="dev", onto=squash[-1])
        history.commit(ada, day[12], {"e.py": "1"}, "Same as before", landed=day[20])
        old = history.commit(ada, day[21], {"f.py": "1"}, "Stood before")
        history.commit(bo, day[40], {"g.py": "1"}, "Numbered (#10)")
        one = history.commit(ada, day[41], {"h.py": "1"}, "One", branch="stack", onto=old)
        two = history.commit(ada, day[44], {"i.py": "1"}, "Two", branch="stack", onto=one)
        stacked = history.commit(bo, day[46], {}, "Bring one and two", merge=two)
        three = history.commit(ada, day[43], {"j.py": "1"}, "Three", branch="more", onto=two)
        history.commit(bo, day[50], {"k.py": "1"}, "Follow up (#14)")
        spoken = history.commit(ada, day[53], {"l.py": "1"}, "Spoken of", by=GITHUB)
        late = [
            history.commit(ada, day[57], {f"{name}.py": "1"}, name, by=GITHUB) for name in SQUASHED
        ]
    nothing = {"merged_at": None}
    pulls = [
        pull(1, day=1, merge_commit_sha=merge),
        pull(2, day=4, merge_commit_sha=squash[0], merged_by=person("bo"), body="Fixes #77"),
        pull(3, day=4, merge_commit_sha=squash[1], merged_by=person("ada")),
        pull(4, day=9, merge_commit_sha=side, into="dev"),
        pull(5, day=9, merge_commit_sha="5" * 40),
        pull(6, day=9, merge_commit_sha="6" * 40, **nothing),
        pull(7, day=11, **nothing),
        pull(8, day=5, merge_commit_sha=squash[2], merged_by=person("ada")),
        pull(9, day=30, **nothing),
        pull(10, day=38, merge_commit_sha=None),
        pull(11, day=11, state="open", closed_at=None, **nothing),
        pull(12, day=9, merge_commit_sha="7" * 40, into="stable"),
        pull(13, day=11, merge_commit_sha="8" * 40),
        pull(14, day=44, merge_commit_sha=stacked),
        pull(15, day=41, merge_commit_sha="9" * 40, **nothing),
        pull(16, day=41, merge_commit_sha=three, into="more"),
        pull(17, day=55, merge_commit_sha=None, **nothing),
        pull(18, day=51, merge_commit_sha=spoken, merged_by=person("ada")),
        *(
            pull(19 + k, day=55, merge_commit_sha=late[k], merged_by=person("ada"))
            for k in range(5)
        ),
    ]
    comments = [
        comment(18, "bo", day=52, body="Code review ACK 1f2e3d4"),
        comment(3, "bo", day=4.5, body="Concept ACK"),
        comment(10, "ada", day=38.5, body="ACK 1f2e3d4"),
    ]
    reviews = [
        review(1, "bo", day=2),
        review(2, "bo", day=4.5),
        review(3, "ada", day=4.5),
        review(3, "bo", day=8),
        review(8, "dependabot[bot]", day=5.5),
        review(8, "bo", day=5.5, state="PENDING"),
        review(14, "bo", day=42),
        review(19, "bo", day=56, state="COMMENTED") | {"commit_id": "2" * 40},
        review(20, "bo", day=56, state="COMMENTED"),
        review(21, "bo", day=56, state="COMMENTED"),
        review(22, "bo", day=56, state="COMMENTED"),
        review(23, "bo", day=56) | {"commit_id": "2" * 40},
    ]
    commits = [
        listed(2, "2" * 40, authored=1, subject="A step", login="bo"),
        listed(7, "a" * 40, authored=12, subject="Same as before"),
        listed(9, old, authored=21, subject="Stood before"),
        listed(13, "b" * 40, authored=12, subject="Same as before"),
        *(listed(14, sha, authored=0, subject="x") for sha in (one, two)),
        *(listed(15, sha, authored=0, subject="x") for sha in (one, three)),
        *(listed(16, sha, authored=0, subject="x") for sha in (one, three)),
        *(listed(21, f"c{n}" + "0" * 38, authored=n, subject="x") for n in (54, 57, 58)),
        *(listed(22, f"d{n}" + "0" * 38, authored=n, subject="x") for n in (53, 54, 57)),
        *(listed(23, f"e{n}" + "0" * 38, authored=n, subject="x") for n in (54, 57, 58)),
    ]
    # An event spells the name of the repository as its owner does, and others as they like.
    pulls.append(pulls[2] | {"url": f"{HERE.lower()}/pulls/3"})
    reviews.append(reviews[2] | {"pull_request_url": f"{HERE.lower()}/pulls/3"})
    files = folder / "files"
    files.mkdir()
    for name, records in (
        ("pulls", pulls), ("reviews", reviews), ("pull_request_commits", commits), ("comments", comments),
    ):  # fmt: skip
        (files / f"{name}.json").write_text(json.dumps(records))
    store = Store(folder / "workspace")

    def clock():
        return END + 400 * DAY

    with store.writing():
        collect(history.path, store, Request(workers=1), KEY, clock, progress=lambda *_: None)
    (taken,) = take_exports(files, store, KEY, clock, lambda *_: None)
    assert taken.unread == 0, taken.problems
    with open_facts(store.snapshot()) as facts:
        prepare(facts, START - 10 * DAY, END, ())
        yield facts


@pytest.fixture(scope="module")
def marked(facts):
    """How each commit that a request brought was looked at, by subject."""
    marks = facts.table("inspections").filter(lambda t: t.how == "review").select("sha")
    return {sha for (sha,) in facts.rows(marks)}


FATES = {
    "1": ("merged", "landed", True),
    "2": ("merged", "landed", True),
    "3": ("merged", "landed", False),  # another person looked, but late
    "4": ("merged", "elsewhere", False),
    "5": ("merged", "unseen", False),
    "6": ("closed", "absent", False),
    "7": ("closed", "landed", False),
    "8": ("merged", "landed", True),  # by a bot, and pending by a person
    "9": ("closed", "absent", False),
    "10": ("merged", "landed", False),
    "11": ("open", "absent", False),
    "12": ("merged", "elsewhere", False),
    "13": ("merged", "rewritten", False),
    "14": ("merged", "landed", True),
    "15": ("closed", "absent", False),  # stacked: what landed of it was brought by another
    "16": ("merged", "elsewhere", False),  # a part of it landed with another
    "17": ("closed", "absent", False),
    "18": ("merged", "landed", True),  # an approval in the discussion
    **dict.fromkeys(("19", "20", "21", "22", "23"), ("merged", "landed", True)),
}


def test_fates(facts):
    found = requests.fates(facts).select("number", "status", "fate", "reviewed")
    assert {number: tuple(rest) for number, *rest in facts.rows(found)} == FATES


def test_counts_by_repository(facts):
    counted = requests.counted_fates(facts)
    assert sum(row["n"] for row in counted) == len(FATES)
    assert {row["repo"] for row in counted} == {"small"}, "as the clone is called"


def test_who_looked(facts):
    """A review or approval by another human before the merge; not one's own, a bot's, a pending or a late one."""
    marks = facts.table("inspections").filter(lambda t: t.how.isin(("review", "merged_by_other")))
    by_sha = {}
    for sha, how in facts.rows(marks.select("sha", "how")):
        by_sha.setdefault(sha, set()).add(how)
    delivered = facts.table("delivered").select("number", "sha")
    shas = {}
    for number, sha in facts.rows(delivered):
        shas.setdefault(number, set()).add(sha)
    looked = {n: {how for sha in found for how in by_sha.get(sha, ())} for n, found in shas.items()}
    assert looked["1"] == {"review", "merged_by_other"}
    assert looked["2"] == {"review", "merged_by_other"}
    assert looked["3"] == set()
    assert looked["8"] == set()
    assert looked["18"] == {"review"}


def test_a_look_reaches_what_was_there_to_be_looked_at(facts, marked):
    """Not what was written after it, nor what merely names the number later."""
    subjects = facts.table("commits").select("sha", "subject_id")
    name = {subject_id(s): s for s in ("One", "Two", "Follow up (#14)", "Topic")}
    looked = {name[s] for sha, s in facts.rows(subjects) if sha in marked and s in name}
    assert looked == {"One", "Topic"}


def test_what_of_a_squash_a_look_reaches(facts, marked):
    """An approval; else half of its listed commits or, where none is listed, a word about the last of them."""
    subjects = facts.table("commits").select("sha", "subject_id")
    name = {subject_id(s): s for s in SQUASHED}
    looked = {name[s] for sha, s in facts.rows(subjects) if sha in marked and s in name}
    assert looked == {"Last seen", "Mostly before", "Approved"}


def test_claims_know_their_request_and_what_it_closes(facts):
    """The squash names no number: the forge does, and the text of the request names the issue."""
    (book,) = read_books(facts).values()
    claims = {claim.pull: claim for claim in register(book).claims if claim.pull}
    assert {"1", "2", "3", "8", "10"} <= claims.keys()
    assert claims["2"].tickets == ("#77",)
    assert claims["2"].key == "pull:2"
