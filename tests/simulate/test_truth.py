"""The key to the exam can be saved, read and asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from tests.simulate.conftest import Repository

from trueup.kernel.errors import UsageError
from trueup.simulate.codec import decoded, encoded
from trueup.simulate.organisation import TRUTH
from trueup.simulate.planted import Kind, Outcome, PlantedClaim, Report, Review
from trueup.simulate.truth import Truth

DAY = timedelta(days=1)
START = datetime(2026, 1, 5, tzinfo=UTC)
CLAIM = PlantedClaim(
    id="C1",
    kind=Kind.COMMIT,
    team="core",
    ref="#1",
    pull=None,
    form="closing_body",
    reports=(Report(sha="a" * 40, line="main", how="commit", at=START),),
    at=START,
    landed_at=START,
    outcome=Outcome.REVERTED,
    review=Review.NONE,
    lookalikes=(),
    contradicted_at=START + 10 * DAY,
    contradicted_by="b" * 40,
    how="revert",
    repaired_at=None,
    repaired_by="",
    redone_in="",
    about="",
    tag="",
    first_tag="",
)


@pytest.fixture
def truth(cove: Repository) -> Truth:
    return replace(cove.truth, claims=(CLAIM,))


def test_it_stands_beside_the_repository_and_reads_back_the_same(cove: Repository) -> None:
    assert Truth.load(cove.path.parent / TRUTH) == cove.truth
    assert not (cove.path / TRUTH).exists()


def test_saving_is_a_round_trip(cove: Repository, tmp_path: Path) -> None:
    cove.truth.save(tmp_path / "t.json")
    assert Truth.load(tmp_path / "t.json") == cove.truth


def test_unknown_fields_are_refused() -> None:
    raw = encoded(CLAIM) | {"colour": "red"}
    with pytest.raises(UsageError, match="colour"):
        decoded(PlantedClaim, raw)


@pytest.mark.parametrize(("day", "debt"), [(9, 0), (10, 1), (400, 1)])
def test_a_contradicted_claim_is_debt_from_then_on(truth: Truth, day: int, debt: int) -> None:
    assert truth.debt_at(START + day * DAY) == debt


def test_what_is_contradicted_late_is_no_debt(truth: Truth) -> None:
    late = replace(CLAIM, contradicted_at=START + 91 * DAY)
    assert replace(truth, claims=(late,)).debt_at(START + 200 * DAY) == 0
    longer = replace(truth, claims=(late,)).debt_at(START + 200 * DAY, horizon=100 * DAY)
    assert longer == 1


def test_what_is_repaired_is_no_debt_any_more(truth: Truth) -> None:
    repaired = replace(truth, claims=(replace(CLAIM, repaired_at=START + 20 * DAY),))
    assert [repaired.debt_at(START + day * DAY) for day in (15, 20)] == [1, 0]


def test_work_done_again_repays_only_when_asked(truth: Truth) -> None:
    redone = replace(truth, claims=(replace(CLAIM, redone_in="C2"),))
    late = START + 60 * DAY
    assert redone.debt_at(late) == 1
    assert redone.debt_at(late, repaid_after=30 * DAY) == 0
    assert redone.debt_at(START + 39 * DAY, repaid_after=30 * DAY) == 1


@pytest.mark.parametrize(
    ("change", "days"),
    [
        pytest.param({"outcome": Outcome.ABSENT, "landed_at": None}, (1, 1), id="absent"),
        pytest.param({"outcome": Outcome.EMPTY}, (1, 1), id="empty"),
        pytest.param(
            {"outcome": Outcome.LANDED_LATE, "landed_at": START + 50 * DAY}, (1, 0), id="late"
        ),
        pytest.param({"outcome": Outcome.RELEASE_ABSENT}, (1, 1), id="absent note"),
        pytest.param(
            {"outcome": Outcome.RELEASE_LATE, "contradicted_at": START + 50 * DAY},
            (1, 0),
            id="late note",
        ),
        pytest.param({"outcome": Outcome.HONEST}, (0, 0), id="honest"),
    ],
)
def test_undone_work(truth: Truth, change: dict[str, object], days: tuple[int, int]) -> None:
    changed = replace(truth, claims=(replace(CLAIM, **change),))  # type: ignore[arg-type] # fields
    assert (changed.undone_at(START + DAY), changed.undone_at(START + 60 * DAY)) == days
    assert changed.undone_at(START - DAY) == 0


def test_the_ledger_of_the_sample_rises_and_falls(harbour: Repository) -> None:
    truth = harbour.truth
    weeks = [truth.start + timedelta(weeks=week) for week in range(harbour.scenario.weeks + 1)]
    debts = [truth.debt_at(week) for week in weeks]
    assert debts[0] == 0
    assert debts[-1] > 20
    assert any(later < earlier for earlier, later in pairwise(debts))
    wanted = {Outcome.REVERTED, Outcome.REFIXED, Outcome.RELEASE_LATE}
    open_in_the_end = [c for c in truth.with_outcome(*wanted) if c.contradicted_within(90 * DAY)]
    assert debts[-1] == len(open_in_the_end)


def test_weekly_work_counts_every_change_once(harbour: Repository) -> None:
    truth = harbour.truth
    for team in truth.teams:
        weeks = truth.weekly_work(team.name).values()
        total = sum(c.team == team.name and c.kind == "work" for c in truth.changes)
        assert sum(sum(counts.values()) for counts in weeks) == total
