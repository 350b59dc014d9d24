"""Time to a lasting decision, by hand and from a small repository with a forge."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.facts_of import DAY, END, prepared, rows_of, same_sql
from tests.forge_of import Forge

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.convergence_velocity import SIGNAL, details, estimate
from trueup.stats.survival import kaplan_meier, survival_at
from trueup.teams.scopes import Member, Team

HOUR = timedelta(hours=1)
COLUMNS = ("week", "voices", "hours", "decided", "stood", "undone", "threads")


def threads(*rows):
    """Rows of (voices, days waited, decided, stood, undone, threads)."""
    told = [(0, voices, 24 * days, *rest) for voices, days, *rest in rows]
    return {name: np.array(x) for name, x in zip(COLUMNS, zip(*told, strict=True), strict=True)}


def usual():
    return Rows(threads(*((2, day, 1, 60, 0, 3) for day in range(20)), (2, 95, 0, -1, 0, 5)), 13, 9)


def test_open_threads_count_as_still_waiting():
    rows = [(2, 2, 1, 60, 0, 10), (2, 8, 1, 60, 0, 10)]
    # of 40 a quarter is decided after 2 days, a half after 8; leaving out the open ones says 2
    found = estimate(Rows(threads(*rows, (2, 30, 0, -1, 0, 20)), 13, 9))
    assert found.status is Status.INSUFFICIENT, "the upper limit lies beyond what was watched"
    found = estimate(Rows(threads(*rows, (2, 9, 1, 60, 0, 15), (2, 30, 0, -1, 0, 5)), 13, 9))
    assert found.value == pytest.approx((8 * 24 + 0.5) / 24, abs=0.6)
    assert found.n_events == 35


def test_one_voice_is_no_thread_of_the_median():
    both = threads((2, 4, 1, 60, 0, 20), (1, 90, 1, 60, 0, 20), (0, 50, 1, 60, 0, 10))
    found = estimate(Rows(both, 13, 9))
    assert found.value == pytest.approx(4 + 0.5 / 24)
    assert found.coverage == 0.8, "of ten threads nobody knows who took part"


def test_too_much_open_has_no_median():
    found = estimate(Rows(threads((2, 2, 1, 60, 0, 20), (2, 9, 0, -1, 0, 60)), 13, 9))
    assert found.status is Status.INSUFFICIENT
    assert "still open" in found.reason


def test_the_premature_share_counts_one_voice_and_what_was_undone():
    # of 40 fully watched ones 4 were decided alone, and 6 undone after ten days
    rows = threads((2, 3, 1, 60, 0, 30), (1, 3, 1, 60, 0, 4), (2, 3, 1, 10, 1, 6))
    early, late = details(Rows(rows, 65, 9))
    assert early["value"] == pytest.approx(10 / 40)
    assert early["low"] < 0.25 < early["high"]
    assert late["value"] == 0, "all were decided within three days"


def test_young_decisions_are_censored_not_durable():
    old, young = (2, 3, 1, 60, 0, 20), (2, 3, 1, 5, 0, 20)
    early, _ = details(Rows(threads(old, young, (2, 3, 1, 10, 1, 5)), 65, 9))
    # the five fell when 25 were left to watch: leaving the young in would say 5 of 45
    assert early["value"] == pytest.approx(5 / 25)


def test_the_stalled_share_is_of_what_was_watched_so_long():
    rows = threads((2, 10, 1, 60, 0, 20), (1, 200, 0, -1, 0, 10), (2, 5, 0, -1, 0, 10))
    _, late = details(Rows(rows, 65, 9))
    waits = kaplan_meier([5, 10, 200], [0, 1, 0], [10, 20, 10])
    assert late["value"] == pytest.approx(survival_at(waits, 90).value) == pytest.approx(1 / 3)
    _, none = details(Rows(threads((2, 5, 0, -1, 0, 30)), 65, 9))
    assert "value" not in none
    assert none["reason"] == "none was watched for 90 days"


def test_few_threads_and_few_people_have_no_details():
    early, late = details(Rows(threads((2, 3, 1, 60, 0, 3)), 65, 9))
    assert early["reason"] == late["reason"] == "3 threads, at least 15 are needed"
    assert details(Rows(usual().columns, 65, 5)) == []
    assert details(Rows({}, 65, 9)) == []


def history(repository):
    start = END - 85 * DAY
    for day in range(6):
        repository.commit("Ada", start + day * DAY, {"a.py": f"{day}\n"}, f"Step {day}")
    repository.commit("Ada", END, {"b.py": "1\n"}, "End")


def forge_of_threads():
    forge, start = Forge(END), END - 84 * DAY
    day = [start + n * DAY for n in range(90)]
    # 1: discussed by two, merged after five days; 2: one voice only; 3: a bare approval beside one
    for number in (1, 2, 3):
        forge.pull(number, "ada", day[0], day[5], sha=f"{number}" * 40, merger="bo")
        forge.comment(number, "bo", day[1])
    forge.comment(1, "ada", day[2])
    forge.review(3, "cy", day[2], "APPROVED")
    # 4: closed, opened again after ten days, merged at last; 5: closed and opened again at once
    for number, again in ((4, day[12]), (5, day[2] + 2 * HOUR)):
        forge.pull(number, "ada", day[0], day[30], sha=f"{number}" * 40, merger="bo")
        forge.review(number, "bo", day[1], "COMMENTED", "Why?")
        forge.comment(number, "ada", day[1])
        forge.event(number, "bo", day[2], "closed")
        forge.event(number, "bo", again, "reopened")
    # 10: decided by another; 11: alone; 12: open; 13: closed by a bot; 14: no label; 15: a duplicate
    forge.issue(10, "ada", day[0], day[7], closer="bo", labels=("RFC",))
    forge.issue(11, "ada", day[0], day[8], closer="ada", labels=("kind/design",))
    forge.issue(12, "ada", day[0], labels=("needs-decision",))
    forge.comment(12, "cy", day[3])
    forge.issue(13, "ada", day[0], day[60], closer="stale[bot]", labels=("proposal",), comments=1)
    forge.comment(13, "cy", day[3])
    forge.event(13, "stale[bot]", day[60], "closed")
    forge.issue(14, "ada", day[0], day[7], closer="bo", labels=("designer-tools",))
    forge.issue(15, "ada", day[0], day[7], closer="bo", labels=("rfc",), reason="duplicate")
    record = "# {n}. Use it\n\nDate: {date}\n\n## Status\n\n{status}\n\n## Context\n\nx\n\n## Decision\n\ny\n"
    told = [
        ("2026-04-20", "Accepted"),
        ("2026-05-01", "Superseded by ADR-3"),
        ("2026-05-20", "Accepted"),
    ]
    for n, (date, status) in enumerate(told, 1):
        heads = "\nDeciders: Ada, Bo\n" if n < 3 else "\nDeciders: Ada\n"
        text = record.format(n=n, date=date, status=status).replace(
            "\n\n## Status", f"{heads}\n## Status"
        )
        forge.documents[f"docs/adr/000{n}-use.md"] = text
    return forge


def test_rows_of_requests_issues_and_records(tmp_path):
    with prepared(tmp_path, history, forge=forge_of_threads()) as facts:
        rows = rows_of(facts, SIGNAL, weeks=13)
        same_sql(facts, SIGNAL)
    found = sorted(zip(*(rows[c].tolist() for c in COLUMNS[1:]), strict=True))
    assert found == sorted(
        [
            (2, 5 * 24, 1, 60, 0, 1),  # 1
            (2, 30 * 24, 1, 10, 1, 1),  # 4: the first end did not last, the merge did
            (2, 30 * 24, 1, 54, 0, 1),  # 5: closed for two hours is no decision
            (2, 7 * 24, 1, 60, 0, 1),  # 10
            (1, 8 * 24, 1, 60, 0, 1),  # 11
            (2, 84 * 24, 0, -1, 0, 1),  # 12
            (2, 60 * 24, 0, -1, 0, 1),  # 13
            (2, -1, 1, 60, 0, 1),  # the first record
            (2, -1, 1, 19, 1, 1),  # the second, replaced by the third
            (1, -1, 1, 40, 0, 1),  # the third, decided by one
        ]
    )


def reverted(repository):
    start = END - 80 * DAY
    base = repository.commit("Ada", start, {"a.py": "1\n"}, "Begin")
    topic = repository.commit("Ada", start + DAY, {"b.py": "1\n"}, "Topic", branch="t", onto=base)
    merge = repository.commit(
        "Bo", start + 4 * DAY, {"b.py": "1\n"}, "Merge it", onto=base, merge=topic
    )
    back = f"Revert it\n\nThis reverts commit {topic}."
    repository.commit("Bo", start + 20 * DAY, {"b.py": None}, back)
    repository.commit("Bo", END, {"c.py": "1\n"}, "End")
    FORGE.pull(1, "ada", start + DAY, start + 4 * DAY, sha=merge, merger="bo")


FORGE = Forge(END)


def test_what_was_reverted_soon_is_not_decided(tmp_path):
    FORGE.comment(1, "bo", END - 78 * DAY)
    FORGE.comment(1, "ada", END - 78 * DAY)
    with prepared(tmp_path, reverted, forge=FORGE) as facts:
        rows = rows_of(facts, SIGNAL, weeks=13)
    (found,) = zip(*(rows[c].tolist() for c in COLUMNS[1:]), strict=True)
    assert found == (2, 19 * 24, 0, 16, 1, 1), "it waited until it was taken back, and still does"


def test_issues_of_a_tracker_need_no_requests(tmp_path):
    forge, start = Forge(END), END - 70 * DAY
    forge.issue(1, "ada", start, start + 3 * DAY, closer="bo", labels=("RFC",))
    forge.issue(2, "ada", start, labels=("RFC",), comments=4)
    with prepared(tmp_path, history, forge=forge) as facts:
        rows = rows_of(facts, SIGNAL, weeks=13)
    found = sorted(zip(*(rows[c].tolist() for c in COLUMNS[1:]), strict=True))
    # of the second nobody knows who took part, for its comments were not read
    assert found == [(0, 70 * 24, 0, -1, 0, 1), (2, 3 * 24, 1, 60, 0, 1)]


def test_a_team_by_members_has_what_its_members_opened(tmp_path):
    forge, start = Forge(END), END - 70 * DAY
    for number, who in ((1, "ada"), (2, "dee")):
        forge.issue(number, who, start, start + 3 * DAY, closer="bo", labels=("RFC",))
    member = Member("ada@users.noreply.github.com", end=END)
    with prepared(tmp_path, history, forge=forge, teams=(Team("core", (member,)),)) as facts:
        threads = {s: rows_of(facts, SIGNAL, scope=s)["threads"].sum() for s in ("", "core")}
    assert threads == {"": 2, "core": 1}


def test_without_a_forge_there_is_no_number(tmp_path):
    with prepared(tmp_path, history) as facts:
        found = estimate(rows_of(facts, SIGNAL, weeks=13))
    assert found.status is Status.SOURCE_MISSING
