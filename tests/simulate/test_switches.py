"""What is planted outside of git can be switched on and off, and is the same for the same seed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from tests.simulate.conftest import Repository, busy, elsewhere, written

from trueup.kernel.errors import UsageError
from trueup.simulate.canaries import as_person
from trueup.simulate.planted_elsewhere import CheckStory, IssueStory, ReviewStory
from trueup.simulate.scenario import Elsewhere
from trueup.simulate.scenarios import connected, small

SHARES = [f.name for f in fields(Elsewhere) if f.type == "float"]
NOTHING = Elsewhere(**dict.fromkeys(SHARES, 0.0), deploy_days=0)  # type: ignore[arg-type] # shares

ISSUE_RATES = {
    **{f.value: f for f in IssueStory if f.value in SHARES},
    "reopened_after_revert": IssueStory.REVERTED,
}
REVIEW_RATES = {f.value: f for f in ReviewStory if f.value in SHARES}
CHECK_RATES = {
    "tested_head": CheckStory.HEAD,
    "tested_older": CheckStory.OLDER,
    "untested": CheckStory.NONE,
    **{f.value: f for f in CheckStory if f.value in SHARES},
}


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_the_same_seed_gives_the_same_bytes(quay: Repository, tmp_path: Path) -> None:
    again = written(busy(), tmp_path)
    assert again.truth == quay.truth
    assert digests(tmp_path / "exports") == digests(quay.path.parent / "exports")


def test_git_is_the_same_with_and_without_other_sources(tmp_path: Path) -> None:
    plain = written(small(), tmp_path / "plain")
    more = written(connected(small(), NOTHING), tmp_path / "more")
    assert more.refs == plain.refs
    assert plain.truth.elsewhere is None
    assert not (tmp_path / "plain" / "exports").exists()


def test_nothing_special_unless_asked(tmp_path: Path) -> None:
    planted = elsewhere(written(busy(NOTHING), tmp_path))
    of_git = set(list(IssueStory)[5:13]) | {IssueStory.ONE_CHANGE, IssueStory.CHILD}
    assert {issue.story for issue in planted.issues} <= of_git
    assert {r.story for r in planted.requests} == {ReviewStory.APPROVED, ReviewStory.NONE}
    # What lands in the last minutes has no time to be tested.
    assert {one.story for one in planted.checks} <= {CheckStory.LANDED, CheckStory.NONE}
    assert not any(one.reports for one in planted.checks)
    assert not planted.deployments
    assert not planted.incidents


@pytest.mark.parametrize(
    "name", sorted({*ISSUE_RATES, *REVIEW_RATES, *CHECK_RATES} - {"reopened_after_revert"})
)
def test_each_kind_can_be_asked_for(tmp_path: Path, name: str) -> None:
    large = 0.3 if name == "hasty" else 0.0
    asked = replace(NOTHING, **{name: 0.5, "large": large})
    planted = elsewhere(written(connected(small(), asked), tmp_path))
    found = [issue.story for issue in planted.issues] if name in ISSUE_RATES else []
    found += [r.story for r in planted.requests] if name in REVIEW_RATES else []
    found += [one.story for one in planted.checks] if name in CHECK_RATES else []
    wanted = {*(kind.get(name) for kind in (ISSUE_RATES, REVIEW_RATES, CHECK_RATES))} - {None}
    assert wanted <= set(found)


def test_an_organisation_without_the_habit_of_linking(tmp_path: Path) -> None:
    planted = elsewhere(written(busy(replace(NOTHING, unlinked=4.0)), tmp_path))
    done = [issue for issue in planted.issues if issue.claimed]
    assert sum(bool(issue.claims) for issue in done) < len(done) / 3


def test_reverts_may_leave_their_issue_closed(tmp_path: Path) -> None:
    planted = elsewhere(written(busy(replace(NOTHING, reopened_after_revert=0.0)), tmp_path))
    reverted = [issue for issue in planted.issues if issue.story is IssueStory.REVERTED]
    assert reverted
    assert {(len(issue.moves), issue.done) for issue in reverted} == {(1, False)}


def test_canaries_stand_where_people_can(tmp_path: Path) -> None:
    canary = "Zita Kanarienvogel <zita.kanarie@example.org>"
    written(connected(small(canaries=(canary,))), tmp_path)
    person = as_person(canary)
    for name in ("github/issues.json", "github/users.json", "pagerduty/users.json"):
        text = json.dumps(json.loads((tmp_path / "exports" / name).read_text()), ensure_ascii=False)
        assert person.email in text
    reports = [path.read_text() for path in (tmp_path / "exports" / "junit").iterdir()]
    assert any("Zita Kanarienvogel" in report for report in reports)


@pytest.mark.parametrize("wrong", [{"forced": 1.5}, {"unlinked": -1.0}, {"deploy_days": -1}])
def test_impossible_rates_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Elsewhere(**wrong)  # type: ignore[arg-type] # on purpose


def test_watermelons_must_be_teams() -> None:
    with pytest.raises(UsageError, match="unknown"):
        connected(small(), Elsewhere(watermelons=("nobody",)))
