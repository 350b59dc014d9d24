"""What is planted outside of git is consistent in itself and with git, and can be switched on and off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from tests.simulate.conftest import Repository, elsewhere

from trueup.simulate.planted import Outcome, Review
from trueup.simulate.planted_elsewhere import (
    CheckStory,
    IssueStory,
    PlantedChecks,
    PlantedIssue,
    PlantedRequest,
    ReviewStory,
)

DAY = timedelta(days=1)
# Whether closing says that work is done, whether it is at the end, and whether it once turned out not to be.
TRUE = {
    IssueStory.ONE_CHANGE: (True, True, False),
    IssueStory.CLOSED_BY_HAND: (True, True, False),
    IssueStory.REOPENED_BY_MISTAKE: (True, True, False),
    IssueStory.REOPENED_OPEN: (True, False, True),
    IssueStory.REOPENED_LATE: (True, False, True),
    IssueStory.REDONE: (True, True, True),
    IssueStory.REVERTED: (True, False, True),
    IssueStory.REAPPLIED: (True, True, True),
    IssueStory.FAULTY: (True, True, True),
    IssueStory.EMPTY: (True, False, False),
    IssueStory.UMBRELLA: (True, True, False),
    IssueStory.PARTS: (True, True, False),
    IssueStory.ABANDONED: (False, False, False),
    IssueStory.CHILD: (True, True, False),
    IssueStory.FALSE_DONE: (True, False, False),
    IssueStory.UNLINKED: (True, True, False),
    IssueStory.NOT_PLANNED: (False, False, False),
    IssueStory.DUPLICATE: (False, False, False),
    IssueStory.QUESTION: (False, False, False),
    IssueStory.STALE: (False, False, False),
    IssueStory.INCIDENT: (False, False, False),
    IssueStory.STILL_OPEN: (False, False, False),
}


def told(world: Repository, *stories: IssueStory) -> list[PlantedIssue]:
    found = [issue for issue in elsewhere(world).issues if issue.story in stories]
    assert found
    return found


def requests(world: Repository, *stories: ReviewStory) -> list[PlantedRequest]:
    found = [request for request in elsewhere(world).requests if request.story in stories]
    assert found
    return found


def checked(world: Repository, *stories: CheckStory) -> list[PlantedChecks]:
    found = [one for one in elsewhere(world).checks if one.story in stories]
    assert found
    return found


def test_every_story_occurs(quay: Repository) -> None:
    planted = elsewhere(quay)
    assert {issue.story for issue in planted.issues} == set(IssueStory)
    assert {request.story for request in planted.requests} == set(ReviewStory)
    assert {one.story for one in planted.checks} == set(CheckStory)
    assert {request.status for request in planted.requests} == {"merged", "open", "closed"}
    assert {d.environment for d in planted.deployments} == {"production", "staging"}
    assert {d.result for d in planted.deployments} == {"success", "failure"}


@pytest.mark.parametrize("story", IssueStory)
def test_what_is_true_of_each_story(quay: Repository, story: IssueStory) -> None:
    for issue in told(quay, story):
        assert (issue.claimed, issue.done, issue.contradicted_at is not None) == TRUE[story]


def test_issues_are_opened_closed_and_reopened_in_turn(quay: Repository) -> None:
    for issue in elsewhere(quay).issues:
        moments = [issue.opened_at, *(move.at for move in issue.moves), quay.scenario.end]
        assert all(before < after for before, after in pairwise(moments)), issue
        events = [move.event for move in issue.moves]
        assert events == (["closed", "reopened"] * len(events))[: len(events)]
        assert bool(issue.resolution) == (issue.closed_at is not None)


def test_the_moment_of_a_contradiction(quay: Repository) -> None:
    for issue in told(quay, IssueStory.REOPENED_OPEN, IssueStory.REOPENED_LATE, IssueStory.REDONE):
        closed, reopened = issue.moves[:2]
        assert issue.contradicted_at == reopened.at
        late = reopened.at - closed.at > 90 * DAY
        assert late == (issue.story is IssueStory.REOPENED_LATE)
    for issue in told(quay, IssueStory.REVERTED, IssueStory.REAPPLIED, IssueStory.FAULTY):
        claim = quay.truth.claim(issue.claims[0])
        assert issue.contradicted_at == claim.contradicted_at
        assert all(m.at > claim.contradicted_at for m in issue.moves if m.event == "reopened")
    for issue in told(quay, IssueStory.REOPENED_BY_MISTAKE):
        _, reopened, closed = issue.moves
        assert closed.at - reopened.at < timedelta(hours=1)


def test_new_work_stands_between_reopening_and_closing_again(quay: Repository) -> None:
    for issue in told(quay, IssueStory.REDONE):
        first, again = (quay.truth.claim(name) for name in issue.claims)
        assert first.redone_in == again.id
        assert issue.moves[0].at == first.landed_at
        assert first.landed_at < issue.moves[1].at < again.landed_at == issue.moves[2].at


def test_issues_and_claims_name_each_other(quay: Repository) -> None:
    planted = {f"#{issue.number}": issue for issue in elsewhere(quay).issues}
    assert len(planted) == len(elsewhere(quay).issues)
    for claim in quay.truth.claims:
        if claim.ref.startswith("#") and not claim.tag:
            assert claim.id in planted[claim.ref].claims
    for issue in planted.values():
        assert all(quay.truth.claim(c).ref == f"#{issue.number}" for c in issue.claims)
        assert all(sha in quay.main for sha in issue.changes)
        for move in issue.moves:
            assert not move.sha or move.sha in issue.changes


def test_closing_without_a_change_names_none(quay: Repository) -> None:
    alone = told(quay, IssueStory.FALSE_DONE)
    assert not any(issue.changes or issue.claims for issue in alone)
    named = "\n".join(commit.message for commit in quay.commits.values())
    for issue in told(quay, IssueStory.FALSE_DONE, IssueStory.UNLINKED):
        assert f"#{issue.number}\n" not in named
        assert not any(move.sha for move in issue.moves)
    for issue in told(quay, IssueStory.UNLINKED):
        (change,) = [c for c in quay.truth.changes if c.sha in issue.changes]
        assert not change.claim
        assert change.at < issue.moves[0].at


def test_umbrellas_have_children_and_several_changes(quay: Repository) -> None:
    children = {issue.number: issue for issue in told(quay, IssueStory.CHILD)}
    for issue in told(quay, IssueStory.UMBRELLA):
        assert issue.children
        assert {children[number].parent for number in issue.children} == {issue.number}
    assert max(len(issue.changes) for issue in told(quay, IssueStory.UMBRELLA)) > 3
    assert all(len(issue.changes) == 3 for issue in told(quay, IssueStory.PARTS))


def test_who_closes(quay: Repository) -> None:
    assert {i.moves[0].by for i in told(quay, IssueStory.STALE)} == {
        "26384082+stale[bot]@users.noreply.github.com"
    }
    landed = {c.id: c.landed_at for c in quay.truth.claims}
    for issue in told(quay, IssueStory.CLOSED_BY_HAND):
        assert issue.moves[0].at - landed[issue.claims[0]] >= 2 * DAY
        assert not issue.moves[0].sha


def test_requests_are_those_of_git(quay: Repository) -> None:
    by_number = {request.number: request for request in elsewhere(quay).requests}
    merged = {c.pull: c for c in quay.truth.changes if c.pull is not None}
    assert {n for n, r in by_number.items() if r.status == "merged"} == set(merged)
    for number, change in merged.items():
        request = by_number[number]
        assert (request.merge_sha, request.ended_at) == (change.sha, change.at)
        assert request.opened_at < change.at
        if change.topic:
            assert tuple(head.sha for head in request.heads) == change.topic
    given_up = {c.pull for c in quay.truth.with_outcome(Outcome.ABSENT) if c.pull is not None}
    assert given_up <= {n for n, r in by_number.items() if r.status != "merged"}


def test_lines_are_counted_as_git_does(quay: Repository) -> None:
    for request in requests(quay, ReviewStory.HASTY, ReviewStory.FORCED, ReviewStory.COMMENTED):
        told = quay.git("diff", "--numstat", f"{request.merge_sha}^1", request.merge_sha)
        counts = [tuple(map(int, line.split("\t")[:2])) for line in told.splitlines()]
        assert (request.added, request.removed) == tuple(map(sum, zip(*counts, strict=True)))
        assert request.files == len(counts)


def test_a_look_is_that_of_git(quay: Repository) -> None:
    for change in quay.truth.changes:
        if change.pull is not None and change.kind == "work":
            (request,) = [r for r in elsewhere(quay).requests if r.number == change.pull]
            seen = change.review is not Review.NONE
            assert request.looked == (seen or request.story is ReviewStory.FORCED)
            assert request.approved == (seen and request.story is not ReviewStory.COMMENTED)


def test_reviews_say_what_their_story_says(quay: Repository) -> None:
    reviews = elsewhere(quay).reviews
    for request in elsewhere(quay).requests:
        own = [review for review in reviews if review.number == request.number]
        before = [review for review in own if review.at < (request.ended_at or quay.scenario.end)]
        assert before == [review for review in own if review.before_landing]
        assert request.looked == any(review.independent for review in before)
        approved = [r for r in before if r.independent and r.verdict == "approved"]
        assert request.approved == bool(approved)
        assert all(r.at > request.opened_at and r.sha == request.heads[-1].sha for r in own)
        assert (not own) == (request.story is ReviewStory.NONE)


def test_special_reviews(quay: Repository) -> None:
    by_number = {review.number: review for review in elsewhere(quay).reviews}
    for request in requests(quay, ReviewStory.HASTY):
        assert request.added is not None
        assert request.added > 400
        assert by_number[request.number].at - request.opened_at <= timedelta(minutes=2)
    for request in requests(quay, ReviewStory.SECOND_ADDRESS):
        review = by_number[request.number]
        (one,) = [i for i in quay.truth.identities if i.other_email == review.address]
        assert (review.reviewer, one.mapped) == (request.author, True)
    for request in requests(quay, ReviewStory.FORCED):
        assert by_number[request.number].verdict == "changes_requested"
        assert request.merged_by != by_number[request.number].reviewer
    for request in requests(quay, ReviewStory.APPROVED_AFTER):
        assert by_number[request.number].at > request.ended_at
    for request in requests(quay, ReviewStory.SELF_APPROVED):
        assert by_number[request.number].reviewer == request.author


def test_tested_means_passed_on_what_landed_or_the_newest_head(quay: Repository) -> None:
    newest = {r.number: r.heads[-1].sha for r in elsewhere(quay).requests}
    for one in elsewhere(quay).checks:
        trees = {one.sha, newest.get(one.pull or 0)}
        good = {r.id for r in one.runs if r.name == "Tests" and r.result == "success"}
        good &= {r.id for r in one.runs if r.sha in trees}
        empty = {r.run for r in one.reports} - {r.run for r in one.reports if r.result == "success"}
        assert one.tested == bool(good - empty), one.story


def test_what_each_story_of_tests_leaves(quay: Repository) -> None:
    assert not any(one.runs or one.jobs for one in checked(quay, CheckStory.NONE))
    for one in checked(quay, CheckStory.LINT, CheckStory.NEUTRAL, CheckStory.CANCELLED):
        assert not one.reports
    for one in checked(quay, CheckStory.EMPTY, CheckStory.SKIPPED):
        assert {(r.passed, r.result) for r in one.reports} == {(0, one.story.value)}
    for one in checked(quay, CheckStory.RETRIED):
        assert [job.result for job in one.jobs] == ["failure", "success"]
        assert [r.result for r in one.reports] in ([], ["failure", "success"])
        assert [run.attempt for run in one.runs] == [2]
    with_reports = [bool(one.reports) for one in checked(quay, CheckStory.LANDED)]
    assert {True, False} == set(with_reports)
    before = {r.number: [h.sha for h in r.heads[:-1]] for r in elsewhere(quay).requests}
    for one in checked(quay, CheckStory.OLDER):
        assert [run.sha in before[one.pull or 0] for run in one.runs] == [True]


def test_what_ran_did_so_in_time(quay: Repository) -> None:
    for one in elsewhere(quay).checks:
        for part in (*one.runs, *one.jobs):
            assert quay.scenario.start < part.at <= part.ended_at < quay.scenario.end
    ids = [run.id for one in elsewhere(quay).checks for run in one.runs]
    assert len(ids) == len(set(ids))


def test_deployments_hold_what_broke_later(quay: Repository) -> None:
    deployed = {one.id: one for one in elsewhere(quay).deployments}
    caused = [one for one in elsewhere(quay).incidents if one.cause]
    assert caused
    assert [one for one in elsewhere(quay).incidents if not one.cause]
    for one in caused:
        claim, deployment = quay.truth.claim(one.cause), deployed[one.after or 0]
        assert deployment.environment == "production"
        assert deployment.result == "success"
        assert claim.landed_at < deployment.at < one.at < one.taken_at < one.ended_at
        assert set(claim.shas) & quay.reachable(deployment.sha)
    named = [one.issue for one in caused if one.issue is not None]
    assert named
    assert set(named) == {issue.number for issue in told(quay, IssueStory.INCIDENT)}


def test_claims_are_contradicted_by_any_source(quay: Repository) -> None:
    truth = quay.truth
    for issue in told(quay, IssueStory.REOPENED_OPEN):
        claim = truth.claim(issue.claims[0])
        assert claim.contradicted_at is None
        assert truth.contradicted_at(claim) is not None
    for one in elsewhere(quay).incidents:
        if one.cause:
            moment = truth.contradicted_at(truth.claim(one.cause))
            assert moment is not None
            assert moment <= one.at
    alone = replace(truth, elsewhere=None)
    assert all(alone.contradicted_at(c) == c.contradicted_at for c in truth.claims)


def test_a_watermelon_is_green_and_nothing_speaks_for_it(quay: Repository) -> None:
    statuses = elsewhere(quay).statuses
    hollow = [status for status in statuses if status.watermelon]
    assert {status.team for status in hollow} == {"squash"}
    assert {status.colour for status in hollow} == {"green"}
    assert sum(status.landed for status in hollow) > 10
    assert sum(status.backed for status in hollow) * 10 <= sum(status.landed for status in hollow)
    false = [i for i in told(quay, IssueStory.FALSE_DONE) if i.team == "squash"]
    assert len(false) > 5


def test_honest_teams_say_what_is_so(quay: Repository) -> None:
    for status in elsewhere(quay).statuses:
        if not status.watermelon:
            share = status.backed / status.landed if status.landed else 1.0
            wanted = "green" if share >= 0.5 else "amber" if share >= 0.25 else "red"
            assert status.colour == wanted
    green = [s for s in elsewhere(quay).statuses if not s.watermelon and s.colour == "green"]
    assert sum(status.backed for status in green) > 100
