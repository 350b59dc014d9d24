"""Laws across sources, on a simulated organisation with all of them: what is done to records never helps.

**What "never improves" means.** Outstanding is what the ledger owes (contradicted or unverified), what
cannot be seen, and what is too young to tell. Nobody owes what nobody claims any more; so the law is
about the sum: outstanding now, and claims that are no longer made, are together at least what was
outstanding before. The only other way out is repayment by work that is itself verified. Shares are not
part of the law: who claims less has fewer claims to be right about.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.making import NO_HABITS, POLICY, Told, closes, day
from tests.simulated.connected import Connected, Read
from tests.simulated.organisations import KEY, collected, judged, quiet

from trueup.claims.evidence.present import find_presence
from trueup.claims.habits import Habits
from trueup.claims.model import Verdict
from trueup.claims.policy import judge
from trueup.claims.register import register
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import take_exports
from trueup.simulate.gitwriter import git

OUTSTANDING = {
    Verdict.CONTRADICTED,
    Verdict.UNVERIFIED,
    Verdict.NOT_ASSESSABLE,
    Verdict.PENDING,
}
SOURCES = ("github", "junit", "pagerduty", "statuses")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return Connected.written("small", 1, tmp_path_factory.mktemp("laws"))


def told(read):
    """Everything about every claim but its id, which holds the name of the repository."""
    return sorted(
        (
            c.kind, c.key, c.claimed_at, c.shas, c.tickets, sorted(c.reports), c.scope, read.verdicts[id(c)],
            sorted((e.rung, e.at, e.how, e.by, str(e.until)) for e in c.evidence),
        )
        for c in read.assessment.claims
    )  # fmt: skip


def again(world, name, *, key=KEY, place="", change=lambda folder: None):
    """The organisation once more, after something was done to its repository or exports."""
    folder = world.folder / name
    repository = folder / world.truth.repository
    shutil.copytree(world.folder / world.truth.repository, repository)
    shutil.copytree(world.folder / "exports", folder / "exports")
    if place:
        git(repository, "config", "remote.origin.url", f"https://github.example.org/{place}.git")
    change(folder)
    end = world.scenario.end
    store = collected(repository, folder / "workspace", end, key=key, lines=True)
    take_exports(folder / "exports", store, key, fixed_clock(end), quiet)
    return Read("every source", world.scenario, world.truth, store, judged(store))


# --- what changes nothing


@pytest.mark.parametrize("order", [SOURCES[::-1], (*SOURCES, *SOURCES), ("junit", "github", "junit", "statuses", "pagerduty")])  # fmt: skip
def test_order_and_duplication_of_exports_change_nothing(world, order):
    read = world.with_exports([world.folder / "exports" / s for s in order], "-".join(order))
    assert told(read) == told(world.whole)


def test_other_pseudonyms_change_nothing(world):
    """People are known by keyed pseudonyms: under another key everybody is called otherwise."""
    read = again(world, "renamed", key=b"another key of thirty characters")
    assert told(read) == told(world.whole)


def test_another_name_of_the_repository_changes_nothing_but_ids(world):
    def rename(folder):
        for path in (p for p in (folder / "exports").rglob("*") if p.is_file()):
            path.write_text(path.read_text().replace("acme/cove", "acme/bight"))

    read = again(world, "moved", place="acme/bight", change=rename)
    assert told(read) == told(world.whole)
    assert {c.repo for c in read.assessment.claims} == {"acme/bight"}


# --- what never improves


def never_improves(before, after):
    """Outstanding before and after; see the top of this file."""
    was = {c.key: (before.verdict(c), c.reports) for c in before.assessment.claims}
    now = {c.key: (after.verdict(c), c.reports) for c in after.assessment.claims}
    less = {key for key, (_, reports) in was.items() if key not in now or reports - now[key][1]}
    sums = [sum(v in OUTSTANDING for v, _ in told.values()) for told in (was, now)]
    withdrawn = [
        k
        for k in less
        if was[k][0] in OUTSTANDING and (k not in now or now[k][0] not in OUTSTANDING)
    ]
    assert sums[1] + len(withdrawn) >= sums[0]
    for key in was.keys() - less:
        if was[key][0] in OUTSTANDING:
            assert now[key][0] in OUTSTANDING, key
    return sums


def reports_gone(folder):
    shutil.rmtree(folder / "exports" / "junit")


def reports_empty(folder):
    for path in (folder / "exports" / "junit").iterdir():
        head, found, rest = path.read_text().partition("<testcase")
        tail = "</testsuite>" + rest.rpartition("</testsuite>")[2] if found else ""
        path.write_text(head + tail)


def issues_left_open(folder):
    """Every third issue is never closed."""
    path = folder / "exports" / "github" / "issues.json"
    issues = json.loads(path.read_text())
    left = {i["number"] for i in issues if i["number"] % 3 == 0}
    for issue in issues:
        if issue["number"] in left:
            issue |= {"state": "open", "state_reason": None, "closed_at": None, "closed_by": None}
    path.write_text(json.dumps(issues))
    _keep_events(folder, lambda e: e["issue"]["number"] not in left or "pull_request" in e["issue"])


def _keep_events(folder, wanted):
    path = folder / "exports" / "github" / "events.ndjson"
    lines = [line for line in path.read_text().splitlines() if wanted(json.loads(line))]
    path.write_text("\n".join(lines) + "\n")


def closed_and_opened_again(folder):
    """Every issue that was closed once is opened again two days later, and closed a day and a half after that."""
    path = folder / "exports" / "github" / "events.ndjson"
    events = [json.loads(line) for line in path.read_text().splitlines()]
    moves = [
        e
        for e in events
        if e["event"] in {"closed", "reopened"} and "pull_request" not in e["issue"]
    ]
    numbers = [e["issue"]["number"] for e in moves]
    for event in moves:
        if numbers.count(event["issue"]["number"]) == 1:
            events += [_later(event, "reopened", 48, 1), _later(event, "closed", 84, 2)]
    path.write_text("".join(json.dumps(e) + "\n" for e in events))


def _later(event, what, hours, number):
    at = datetime.fromisoformat(event["created_at"]) + timedelta(hours=hours)
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    own = event["id"] + number
    url = event["url"].replace(str(event["id"]), str(own))
    return event | {"event": what, "created_at": moment, "id": own, "url": url, "commit_id": None}


def empty_commits(folder):
    """Ten commits at the end that say they fix something, and change nothing."""
    repository = next(folder.glob("*.git"))
    at = git(repository, "log", "-1", "--format=%ct", "main").strip()
    for number in range(10):
        tip, tree = git(repository, "rev-parse", "main", "main^{tree}").split()
        person = f"Ada Quill <ada@example.org> {at} +0000"
        text = f"tree {tree}\nparent {tip}\nauthor {person}\ncommitter {person}\n\nFix number {number}\n\nFixes #90{number}\n"
        path = folder / "commit"
        path.write_text(text)
        made = git(repository, "hash-object", "-t", "commit", "-w", str(path)).strip()
        git(repository, "update-ref", "refs/heads/main", made)


@pytest.mark.parametrize("change", [reports_gone, reports_empty, issues_left_open, closed_and_opened_again, empty_commits])  # fmt: skip
def test_what_is_done_to_records_never_improves(world, change):
    read = again(world, change.__name__, change=change)
    before, after = never_improves(world.whole, read)
    print(
        change.__name__,
        before,
        "->",
        after,
        world.whole.assessment.counts(),
        read.assessment.counts(),
    )
    if change in {closed_and_opened_again, empty_commits}:
        assert after >= before


class TestEvidence:
    """Removing what any finder found never turns unverified into contradicted, nor debt into something better."""

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_without_any_finders(self, world, data):
        claims = world.whole.assessment.all_claims
        hows = sorted({(e.how, e.against) for c in claims for e in c.evidence})
        gone = data.draw(st.sets(st.sampled_from(hows)))
        less = [
            replace(c, evidence=[e for e in c.evidence if (e.how, e.against) not in gone])
            for c in claims
        ]
        now, habits = world.whole.assessment.until, Habits(less)
        for before, after in zip(claims, less, strict=True):
            was = judge(
                before, now, world.whole.assessment.policy, world.whole.assessment.habits
            ).verdict
            verdict = judge(after, now, world.whole.assessment.policy, habits).verdict
            assert (was, verdict) != (Verdict.UNVERIFIED, Verdict.CONTRADICTED)
            known = any(e.against and (e.how, e.against) in gone for e in before.evidence)
            if was in OUTSTANDING and not known:
                assert verdict in OUTSTANDING


class TestPieces:
    """One piece of work in several commits, or several in one, is never less than one claim."""

    @settings(max_examples=60, deadline=None)
    @given(st.integers(1, 6), st.booleans(), st.floats(0.01, 1))
    def test_splitting_does_not_improve(self, parts, landed, gap):
        one, many = Told(), Told()
        place = -1 if landed else None
        one.commit("whole", 0, closes("#1"), landed=place)
        for part in range(parts):
            many.commit(f"part {part}", part * gap / parts, closes("#1"), landed=place)
        assert _outstanding(many) >= _outstanding(one)
        assert len(register(many.read()).claims) == 1

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.booleans(), min_size=1, max_size=5))
    def test_squashing_leaves_what_is_outstanding_or_no_claim(self, landed):
        """A squash closes all tickets at once: outstanding work that it holds is claimed by it."""
        apart, squashed = Told(), Told()
        for number, there in enumerate(landed):
            apart.commit(f"c{number}", number, closes(f"#{number}"), landed=-1 if there else None)
        tickets = [closes(f"#{number}") for number in range(len(landed))]
        squashed.commit("all", len(landed), *tickets, landed=-1 if all(landed) else None)
        claims = len(register(apart.read()).claims) - len(register(squashed.read()).claims)
        assert _outstanding(squashed) + claims >= _outstanding(apart)


def _outstanding(told):
    """Claims that do not stand, a hundred days later."""
    book = told.read()
    claims = register(book).claims
    for claim in claims:
        find_presence(book, claim, day(100))
    return sum(judge(c, day(100), POLICY, NO_HABITS).verdict in OUTSTANDING for c in claims)
