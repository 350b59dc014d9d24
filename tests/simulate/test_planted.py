"""Every planted truth is found in the written history by plain git."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from tests.simulate.conftest import Read, Repository

from trueup.simulate.planted import Kind, Outcome, PlantedClaim
from trueup.simulate.truth import HORIZON

LATE = 95 * timedelta(days=1)
REVERTS = re.compile(r"This reverts commit ([0-9a-f]{40})")
# An independent reading of what a claim looks like.
CLAIMS = re.compile(
    r"(?im)\b(?:fixes|closes|resolves):? (?:#\d+|[A-Z]+-\d+)"
    r"|^(?:\* )?fix(?:\([^)]*\))?: "
    r"|^[A-Z]+-\d+: .*\bfix\b|^Fix [A-Z]+-\d+\b"
)
QUOTED = re.compile(r'(?m)^Fixes: [0-9a-f]{12} \(".*"\)$')


@pytest.fixture(params=["cove", "harbour"])
def world(request: pytest.FixtureRequest) -> Repository:
    repository: Repository = request.getfixturevalue(request.param)
    return repository


def main_sha(claim: PlantedClaim) -> str:
    found = [r.sha for r in claim.reports if r.line == "main" and r.how != "follow_up"]
    return found[0]


def is_undoing(commit: Read) -> bool:
    return commit.subject.startswith(("Revert ", "Reapply "))


def claims_something(commit: Read) -> bool:
    text = QUOTED.sub("", commit.message)
    return bool(CLAIMS.search(text)) and not is_undoing(commit)


def test_every_outcome_occurs(world: Repository) -> None:
    seen = Counter(claim.outcome for claim in world.truth.claims)
    assert not set(Outcome) - set(seen)


def test_every_lookalike_occurs(world: Repository) -> None:
    seen = {look for claim in world.truth.claims for look in claim.lookalikes}
    wanted = {"follow_up", "mention", "backport", "backport_unmarked", "branch_remains"}
    assert seen == wanted


def test_every_plant_occurs(harbour: Repository) -> None:
    seen = {plant.kind for plant in harbour.truth.plants}
    assert seen >= {
        *("initial", "mailmap", "vendored", "binary", "bulk", "blame_ignore", "rename"),
        *("revert", "revert_of_merge", "revert_of_commit", "revert_of_revert", "reapply"),
        *("reverted_unclaimed", "fixes_trailer", "fixes_unclaimed", "not_mentioned"),
    }
    assert all(plant.sha in harbour.commits for plant in harbour.truth.plants)


def test_git_finds_nothing_wrong(world: Repository) -> None:
    assert world.git("fsck", "--strict", "--full") == ""


def test_the_truth_counts_the_commits(world: Repository) -> None:
    assert world.truth.commits == len(world.commits)


def test_dates_on_the_main_line_never_go_back(world: Repository) -> None:
    dates = world.git("log", "--first-parent", "--format=%ct", "main").split()
    assert dates == sorted(dates, reverse=True, key=int)
    last = max(commit.committed for commit in world.commits.values())
    assert world.truth.end - timedelta(days=7) < last < world.truth.end


def test_claims_are_where_their_reports_say(world: Repository) -> None:
    for claim in world.truth.claims:
        for report in claim.reports:
            commit = world.commits[report.sha]
            when = {commit.committed, commit.authored} if report.how == "topic" else set()
            assert report.at in when | {commit.committed}, (claim.id, report)
            assert report.line != "main" or report.sha in world.main
            assert report.line != "release" or report.sha not in world.main


def test_claims_say_so_in_words_and_nothing_else_does(world: Repository) -> None:
    planted = {sha for claim in world.truth.claims for sha in claim.shas}
    worded = {sha for sha, commit in world.commits.items() if claims_something(commit)}
    assert worded <= planted
    for claim in world.truth.claims:
        if claim.kind is not Kind.RELEASE_NOTE:
            assert any(sha in worded for sha in claim.shas), claim.id
            assert claim.ref in "".join(world.commits[sha].message for sha in claim.shas)


@pytest.mark.parametrize("outcome", [Outcome.REVERTED, Outcome.REVERTED_LATE, Outcome.REAPPLIED])
def test_reverts(world: Repository, outcome: Outcome) -> None:
    for claim in world.truth.with_outcome(outcome):
        revert = world.commits[claim.contradicted_by]
        found = REVERTS.search(revert.message)
        assert found is not None
        assert found[1] in claim.shas
        assert revert.subject.startswith('Revert "')
        assert {found[1], revert.sha} <= world.main
        assert revert.committed == claim.contradicted_at
        assert claim.landed_at is not None
        late = revert.committed - claim.landed_at > HORIZON
        assert late == (outcome is Outcome.REVERTED_LATE)


def test_reverts_take_the_lines_out(world: Repository) -> None:
    for claim in world.truth.with_outcome(Outcome.REVERTED, Outcome.REVERTED_LATE):
        lines = {line for found in world.added(main_sha(claim)).values() for line in found}
        gone = {line for found in world.removed(claim.contradicted_by).values() for line in found}
        assert lines <= gone, claim.id


def test_reverts_of_merges_name_the_parent(world: Repository) -> None:
    for plant in world.truth.planted("revert_of_merge"):
        message = world.commits[plant.sha].message
        found = re.search(r"commit (\w{40}), reversing\nchanges made to (\w{40})\.", message)
        assert found is not None
        assert world.commits[found[1]].parents[0] == found[2]
        assert len(world.commits[found[1]].parents) == 2


def test_what_is_reapplied_is_back(world: Repository) -> None:
    for claim in world.truth.with_outcome(Outcome.REAPPLIED):
        again = world.commits[claim.repaired_by]
        assert f"This reverts commit {claim.contradicted_by}." in again.message
        assert again.subject.startswith(("Reapply ", 'Revert "Revert '))
        lines = {line for found in world.added(main_sha(claim)).values() for line in found}
        back = {line for found in world.added(claim.repaired_by).values() for line in found}
        assert lines <= back
        assert again.sha in world.main


def test_second_fixes_touch_the_same_lines_for_the_same_ticket(world: Repository) -> None:
    refixed = [c for c in world.truth.with_outcome(Outcome.REFIXED) if c.how == "refix"]
    assert refixed
    for claim in refixed:
        second = world.truth.claim(claim.redone_in)
        assert (second.ref, second.outcome) == (claim.ref, Outcome.HONEST)
        assert claim.contradicted_by in second.shas
        assert claim.landed_at is not None
        assert second.landed_at is not None
        assert timedelta(days=2) < second.at - claim.landed_at < HORIZON
        before, after = world.added(main_sha(claim)), world.removed(claim.contradicted_by)
        lines = {line for found in before.values() for line in found}
        assert lines & {line for found in after.values() for line in found}, claim.id


def test_fixes_trailers_point_at_what_they_repair(world: Repository) -> None:
    claims = [c for c in world.truth.with_outcome(Outcome.REFIXED) if c.how == "fixes_trailer"]
    assert claims
    for claim in claims:
        (trailer,) = world.commits[claim.contradicted_by].trailers("Fixes")
        sha, subject = trailer.split(" ", 1)
        assert sha == main_sha(claim)[:12]
        assert subject == f'("{world.commits[main_sha(claim)].subject}")'
    for plant in world.truth.planted("fixes_unclaimed"):
        assert len(world.commits[plant.sha].trailers("Fixes")) == 1


def test_absent_work_is_on_a_branch_and_nowhere_else(world: Repository) -> None:
    for claim in world.truth.with_outcome(Outcome.ABSENT):
        assert set(claim.shas) <= world.branches
        assert claim.landed_at is None


def test_late_work_lands_months_later(world: Repository) -> None:
    for claim in world.truth.with_outcome(Outcome.LANDED_LATE):
        assert claim.landed_at is not None
        assert claim.landed_at - claim.at > LATE - timedelta(days=1)
        assert claim.reports[0].line == "topic"
        assert main_sha(claim) in world.main


def test_empty_claims_change_nothing(world: Repository) -> None:
    for claim in world.truth.with_outcome(Outcome.EMPTY):
        commit = world.commits[main_sha(claim)]
        assert commit.tree == world.commits[commit.parents[0]].tree


def test_parts_and_umbrellas_share_a_ticket_but_no_file(world: Repository) -> None:
    for outcome, least in ((Outcome.PARTIAL, 3), (Outcome.UMBRELLA, 2)):
        groups: dict[str, list[PlantedClaim]] = {}
        for claim in world.truth.with_outcome(outcome):
            groups.setdefault(claim.ref, []).append(claim)
        assert max(len(group) for group in groups.values()) >= least
        for group in groups.values():
            files = [set(world.added(main_sha(claim))) for claim in group]
            shared = Counter(path for paths in files for path in paths if "/tests/" not in path)
            assert not shared or max(shared.values()) == 1


def test_parts_say_which_they_are(world: Repository) -> None:
    said = Counter()
    for claim in world.truth.with_outcome(Outcome.PARTIAL):
        message = " ".join(world.commits[sha].message for sha in claim.shas)
        found = re.search(r"\(part (\d)/3\)", message)
        assert found is not None
        said[found[1]] += 1
    assert said["1"] == said["2"] == said["3"]


def test_nothing_contradicts_what_is_honest(world: Repository) -> None:
    done = world.truth.with_outcome(Outcome.HONEST, Outcome.UMBRELLA, Outcome.PARTIAL)
    reverted = {sha for c in world.commits.values() for sha in REVERTS.findall(c.message)}
    pointed = {t[:12] for c in world.commits.values() for t in c.trailers("Fixes") if t[0] != "#"}
    for claim in done:
        assert claim.contradicted_at is None
        assert not reverted & set(claim.shas)
        if claim.kind is not Kind.RELEASE_NOTE:
            assert not {sha[:12] for sha in claim.shas} & pointed
            assert main_sha(claim) in world.main


def test_honest_tickets_are_closed_by_one_claim_only(world: Repository) -> None:
    shared = {Outcome.UMBRELLA, Outcome.PARTIAL}
    claims = [c for c in world.truth.claims if c.kind is not Kind.RELEASE_NOTE and c.ref]
    refs = Counter(c.ref for c in claims if c.outcome not in shared)
    redone = {c.ref for c in claims if c.redone_in}
    assert {ref for ref, count in refs.items() if count > 1} == redone


def test_follow_ups_touch_tests_and_documents_only(world: Repository) -> None:
    for plant in world.truth.planted("follow_up"):
        paths = world.git("diff", "--name-only", f"{plant.sha}^1", plant.sha).split("\n")[:-1]
        assert all("/tests/" in path or "/docs/" in path for path in paths)
        claim = world.truth.claim(plant.about)
        assert claim.outcome is Outcome.HONEST
        assert claim.ref in "".join(
            world.commits[sha].message for sha in (plant.sha, *world.commits[plant.sha].parents[1:])
        )


def test_mentions_touch_the_lines_without_claiming(world: Repository) -> None:
    for plant in world.truth.planted("mention"):
        claim = world.truth.claim(plant.about)
        before = {x for found in world.added(main_sha(claim)).values() for x in found}
        after = {x for found in world.removed(plant.sha).values() for x in found}
        assert before & after
        assert not claims_something(world.commits[plant.sha])


def test_backports_keep_author_and_date(world: Repository) -> None:
    same = 0
    plants = world.truth.planted("backport") + world.truth.planted("backport_unmarked")
    for plant in plants:
        port, claim = world.commits[plant.sha], world.truth.claim(plant.about)
        twins = [
            world.commits[sha]
            for sha in claim.shas
            if sha != plant.sha
            and world.commits[sha].authored == port.authored
            and world.commits[sha].author == port.author
        ]
        assert twins
        named = re.search(r"\(cherry picked from commit (\w{40})\)", port.message)
        assert (named is not None) == (plant.kind == "backport")
        assert named is None or named[1] in claim.shas
        assert port.sha not in world.main
        same += world.added(port.sha) == world.added(twins[0].sha)
    assert same > 0.6 * len(plants)


def test_branches_that_remain_after_a_squash(world: Repository) -> None:
    for claim in world.truth.claims:
        if "branch_remains" in claim.lookalikes:
            topic = [r.sha for r in claim.reports if r.how == "topic"]
            squash = [r.sha for r in claim.reports if r.how == "squash"]
            assert not set(topic) & world.main
            assert set(squash) <= world.main
