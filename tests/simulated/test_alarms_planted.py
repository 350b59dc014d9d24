"""Two projects that call themselves green, as repositories and a table of reports, read as a scan reads them.

In both, work is fixed, reviewed and lands twice a week for two years. In `melon` it then goes on to land
for 40 weeks, and nobody looks at it any more; `steady` goes on as before.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from tests.facts_of import History
from tests.simulated.organisations import KEY, collected, quiet

from trueup.claims.degradation import Sign
from trueup.claims.policy import Policy
from trueup.claims.watermelon import Shown
from trueup.kernel.clock import fixed_clock
from trueup.publish.build import publish
from trueup.publish.document import Audience
from trueup.runs.intake import take_exports
from trueup.runs.measure import measure

END = datetime(2026, 11, 2, tzinfo=UTC)
WEEKS, STALL = 168, 40
WEEK = timedelta(weeks=1)


def write(folder, *, looked_at_until: int) -> None:
    """Two fixes a week of a ticket each, with a reviewer up to a week."""
    people = ("ada", "bo", "cy", "di", "eli")
    with closing(History(folder)) as history:
        for n in range(2 * WEEKS):
            week = n / 2
            at = END - (WEEKS - week) * WEEK
            author, other = people[n % 5], people[(n + 1) % 5]
            look = (
                f"\n\nReviewed-by: {other} <{other}@acme.example>" if week < looked_at_until else ""
            )
            history.commit(
                author, at, {f"src/part{n % 7}.py": f"value = {n}\n"}, f"fix: number {n}\n\nCloses #{n}{look}"
            )  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("projects")
    write(folder / "steady", looked_at_until=WEEKS)
    write(folder / "melon", looked_at_until=WEEKS - STALL)
    for name in ("steady", "melon"):
        store = collected(folder / name, folder / "workspace", END)
    rows = ["project,date,colour"]
    for name in ("steady", "melon"):
        days = (END - n * 4 * WEEK for n in range(12))
        rows += [f"{name},{day:%Y-%m-%d},green" for day in days]
    (folder / "status.csv").write_text("\n".join(rows) + "\n")
    take_exports(folder / "status.csv", store, KEY, fixed_clock(END), quiet)
    return measure(store.snapshot(), Policy(), (), progress=quiet)


def test_the_watermelon_is_found_and_the_honest_project_is_not(told):
    found = {w.repo: w for w in told.watermelons}
    assert found["melon"].shown is Shown.STANDS_STILL
    assert found["steady"].shown is Shown.NO_SIGN
    # The report of the last day is newer than the newest commit: nobody has seen that day.
    assert (found["melon"].row, found["steady"].row) == (11, 11)
    print(
        "\n  "
        + "\n  ".join(
            f"{w.project}: {w.verified} in {w.weeks} weeks, {w.before} in {w.weeks_before:.0f} before, chance {w.chance:.1e}"
            for w in found.values()
        )
    )


def test_as_much_is_done_and_less_of_it_is_verified(told):
    found = {d.repo: d for d in told.degradations}
    assert found["melon"].sign is Sign.FALLS
    assert found["melon"].activity > 0.9
    assert found["steady"].sign is Sign.NONE


@pytest.mark.parametrize("audience", Audience)
def test_both_audiences_are_told_of_whole_repositories(told, audience):
    shown = publish(told, audience, today=END).alarms
    on = [(a.name, a.scope) for a in shown if a.status == "alarm"]
    assert on == [("green_without_progress", "melon"), ("less_verified", "melon")]
