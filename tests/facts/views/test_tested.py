"""Whether tests really ran on a commit, from builds, jobs and reports as their sources write them."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from tests.facts.views.test_chains import ADA, BO, HERE, KEY, START, at
from tests.facts_of import DAY, END, History, prepared

from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.facts.views.tested import keep_tested
from trueup.runs.intake import take_exports
from trueup.runs.measure import prepare
from trueup.sources.git.collect import Request, collect

#: What ran on each commit, in the order of the history: (name, conclusion) of runs of a workflow.
RUNS = (
    (("unit tests", "success"),),
    (("unit tests", "failure"), ("unit tests", "success")),
    (("unit tests", "success"), ("lint", "failure")),
    (("lint", "success"), ("docs", "success")),
    (("build", "skipped"), ("unit tests", "neutral")),
    (("unit tests", "success"), ("build", "failure")),
    (("Lint", "success"), ("spec", "cancelled")),
    (("unit tests", "success"),),
    (("unit tests", "success"),),
    (),
)
#: Reports of tests by the number of the commit.
CASE, SKIPPED = '<testcase classname="a" name="b"/>', '<testcase name="b"><skipped/></testcase>'
REPORTS = {7: "", 8: SKIPPED, 9: CASE}
EXPECTED = (
    "passed", "passed", "passed", "beside", "not_run", "failed", "not_run", "empty", "skipped", "passed",
)  # fmt: skip


def run(number: int, day: float, sha: str, name: str, conclusion: str):
    return {
        "url": f"{HERE}/actions/runs/{number}", "id": number, "run_number": number, "workflow_id": 1, "name": name,
        "status": "completed", "conclusion": conclusion, "created_at": at(day), "updated_at": at(day), "head_sha": sha,
    }  # fmt: skip


def job(number: int, of: int, day: float, sha: str, name: str, conclusion: str):
    return {
        "url": f"{HERE}/actions/jobs/{number}", "id": number, "run_id": of, "name": name, "status": "completed",
        "conclusion": conclusion, "started_at": at(day), "completed_at": at(day), "head_sha": sha, "run_attempt": 1,
        "run_url": f"{HERE}/actions/runs/{of}", "workflow_name": "CI", "created_at": at(day),
    }  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tested")
    history = History(folder / "small")
    with closing(history):
        shas = [
            history.commit(ADA, START + n * DAY, {"a.py": f"{n}"}, f"Work {n}", by=BO)
            for n in range(len(RUNS) + 1)
        ]
    store = Store(folder / "workspace")
    clock = lambda: END  # noqa: E731
    with store.writing():
        collect(history.path, store, Request(workers=1), KEY, clock, progress=lambda *_: None)
    runs = [
        run(10 * n + i, n + i / 10, shas[n], *told)
        for n, ran in enumerate(RUNS)
        for i, told in enumerate(ran)
    ]
    # One whose build succeeded though a job that may fail did fail, and none but that was a test.
    runs.append(run(999, 20, shas[-1], "CI", "success"))
    jobs = [
        job(1, 999, 20, shas[-1], "tests on the newest", "failure"),
        job(2, 999, 20, shas[-1], "tests", "success"),
    ]
    raw = folder / "raw"
    raw.mkdir()
    (raw / "runs.json").write_text(json.dumps(runs))
    (raw / "jobs.json").write_text(json.dumps(jobs))
    (taken,) = take_exports(raw, store, KEY, clock, lambda *_: None)
    assert taken.problems == []
    for n, cases in REPORTS.items():
        place = folder / f"report{n}"
        place.mkdir()
        text = f'<testsuite name="s" tests="{bool(cases):d}" skipped="{"skipped" in cases:d}">{cases}</testsuite>'
        (place / "junit.xml").write_text(text)
        (taken,) = take_exports(
            place, store, KEY, clock, lambda *_: None, {"sha": shas[n], "place": "acme/small"}
        )
        assert taken.problems == []
    with open_facts(store.snapshot()) as facts:
        prepare(facts, START, END, ())
        keep_tested(facts)
        rows = facts.rows(facts.table("tested").select("sha", "outcome", "told"))
        found = {sha: (outcome, told) for sha, outcome, told in rows}
    return [found.get(sha) for sha in shas]


@pytest.mark.parametrize("n", range(len(RUNS)), ids=EXPECTED)
def test_each_commit(outcomes, n):
    told = "report" if n in REPORTS else "check"
    assert outcomes[n] == (EXPECTED[n], told)


def test_a_job_that_may_fail_does_not_count(outcomes):
    assert outcomes[-1] == ("passed", "check")


#: Who is named as tester, how often, and how much of the work is their own.
TESTERS = {
    "build bot (Jenkins) <no-reply@ci.example>": (21, 0),
    "Nightly Jenkins": (20, 0),
    "Paul Jenkins <paul@example.org>": (19, 0),
    "Robin Bot <robin@example.org>": (30, 2),
    "Ada Quill <ada@example.org>": (25, 0),
}


def test_machines_that_messages_name(tmp_path):
    """A name alone makes no machine: how much it tests of what others write does."""

    def build(history):
        day = 0
        for who, (times, own) in TESTERS.items():
            for _ in range(times):
                day += 1
                text = f"Work {day}\n\nTested-by: {who}\n"
                tested[history.commit(BO, START + day * DAY / 4, {"a.py": f"{day}"}, text)] = who
            for _ in range(own):
                day += 1
                history.commit(who, START + day * DAY / 4, {"a.py": f"{day}"}, "Own")

    tested: dict[str, str] = {}
    with prepared(tmp_path, build) as facts:
        keep_tested(facts)
        rows = list(facts.rows(facts.table("tested").select("sha", "outcome", "told")))
        looked = {sha for (sha,) in facts.rows(facts.table("inspections").select("sha"))}
    machines = set(list(TESTERS)[:2])
    assert {tested[sha] for sha, *_ in rows} == machines
    assert len(rows) == 41
    assert {tuple(told) for _, *told in rows} == {("passed", "trailer")}
    assert {tested[sha] for sha in looked} == {who for who in TESTERS if "<" in who} - machines


@pytest.mark.parametrize(("by", "told"), [("Zuul <zuul@review.opendev.org>", "gate"), (BO, None)])
def test_a_merge_by_a_gate(tmp_path, by, told):
    def build(history):
        first = history.commit(ADA, START, {"a.py": "1"})
        work = history.commit(ADA, START + DAY, {"b.py": "1"}, branch="work", onto=first)
        history.commit(by, START + 2 * DAY, {"b.py": "1"}, "Merge work", merge=work)

    with prepared(tmp_path, build) as facts:
        keep_tested(facts)
        rows = list(facts.rows(facts.table("tested").select("outcome", "told")))
    assert rows == ([("passed", told)] if told else [])
