"""People, their hours and their seats."""

from datetime import UTC, datetime, timedelta

from trueup.simulate.dice import Dice
from trueup.simulate.people import hired, working_moment
from trueup.simulate.scenario import Scenario, TeamPlan

CROWD = Scenario(name="crowd", weeks=52, teams=(TeamPlan(name="all", people=1700, turnover=0.0),))


def test_nobody_shares_a_name_or_an_address() -> None:
    people = hired(CROWD, Dice(1, "people")).people()
    assert len({person.name for person in people}) == len(people) == 1700
    assert len({person.email for person in people}) == 1700
    assert all(person.email.isascii() for person in people)


def test_work_is_mostly_done_in_office_hours() -> None:
    dice, monday = Dice(1, "hours"), datetime(2026, 1, 5, tzinfo=UTC)
    moments = [working_moment(dice, monday, 540) for _ in range(500)]
    assert all(monday <= moment < monday + timedelta(days=7) for moment in moments)
    local = [moment + timedelta(minutes=540) for moment in moments]
    assert sum(moment.weekday() > 4 for moment in local) < 40
    assert sum(8 <= moment.hour <= 19 for moment in local) > 400


def test_a_colleague_is_somebody_else() -> None:
    scenario = Scenario(
        name="few", weeks=4, teams=(TeamPlan(name="a", people=2), TeamPlan(name="b", people=1))
    )
    dice = Dice(1, "few")
    staff = hired(scenario, dice)
    one, other = (seat.person for seat in staff.present("a", 0))
    assert staff.colleague("a", 0, dice, one) == other
    (third,) = (seat.person for seat in staff.present("b", 0))
    assert staff.colleague("a", 0, dice, one, other) == third
    assert staff.colleague("a", 0, dice, one, other, third) is None
    assert staff.lead("a", 0) == one
