"""Plants what is outside of git, and writes it as the exports of its tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.simulate.exports import github, junit, pagerduty
from trueup.simulate.exports.accounts import Accounts
from trueup.simulate.exports.planting import planted
from trueup.simulate.exports.written import save_table
from trueup.simulate.gitwriter import git

if TYPE_CHECKING:
    from pathlib import Path

    from trueup.simulate.planted import PlantedClaim
    from trueup.simulate.planted_elsewhere import PlantedElsewhere
    from trueup.simulate.scenario import Elsewhere
    from trueup.simulate.world import World

FOLDER = "exports"
#: Of a domain that leads nowhere: whoever reads the sample sends no token to any forge.
HOST = "https://github.example.org"


def write(
    world: World,
    claims: tuple[PlantedClaim, ...],
    plan: Elsewhere,
    folder: Path,
    repository: Path,
) -> PlantedElsewhere:
    """Write the exports into ``exports`` in a folder, and say in the repository where it comes from."""
    found = planted(world, claims, plan, repository, FOLDER)
    git(repository, "config", "remote.origin.url", f"{HOST}/{found.place}.git")
    canaries = world.scenario.canaries
    accounts = Accounts(world)
    exports = folder / FOLDER
    github.write(found, accounts, exports / "github")
    junit.write(found, canaries, exports / "junit")
    pagerduty.write(found, accounts, canaries, exports / "pagerduty")
    _statuses(found, accounts, exports / "statuses")
    return found


def _statuses(found: PlantedElsewhere, accounts: Accounts, folder: Path) -> None:
    folder.mkdir(parents=True)
    rows = [
        (s.team, s.day.date().isoformat(), s.colour, f"{s.percent}%", _signed(accounts, s.author))
        for s in found.statuses
    ]
    names = ("project", "date", "colour", "percent", "author")
    save_table(folder / "status_reports.csv", names, rows)


def _signed(accounts: Accounts, email: str) -> str:
    account = accounts[email]
    return f"{account.name} <{account.email}>"
