"""Simulated organisations with their other sources, read as a scan reads them, some of the sources left out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tests.simulated.expected import Expected, Piece
from tests.simulated.organisations import KEY, World, collected, judged, quiet, scenario_of

from trueup.facts.store import Store
from trueup.kernel.clock import fixed_clock
from trueup.runs.intake import take_exports
from trueup.simulate import scenarios
from trueup.simulate.gitwriter import git
from trueup.simulate.organisation import write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from trueup.claims.model import Claim
    from trueup.simulate.scenario import Scenario
    from trueup.simulate.truth import Truth

CHECKS = ("github/workflow_runs.json", "github/jobs.json", "github/check_runs.json")
#: What one would lack without a source, as files and folders of the exports.
WITHOUT = {
    "every source": (),
    "no statuses": ("statuses",),
    "no incidents": ("pagerduty",),
    "no JUnit": ("junit",),
    "no CI": (*CHECKS, "junit"),
    "no forge": ("github",),
    "git alone": ("github", "junit", "pagerduty", "statuses"),
}


@dataclass
class Connected:
    """One organisation: what was written of it, and what can be made of it with some of its sources."""

    scenario: Scenario
    truth: Truth
    folder: Path
    known: dict[str, Read] = field(default_factory=dict)

    @classmethod
    def written(cls, name: str, seed: int, folder: Path) -> Connected:
        return cls.of(scenarios.connected(scenario_of(name, seed)), folder)

    @classmethod
    def of(cls, scenario: Scenario, folder: Path) -> Connected:
        folder.mkdir(parents=True, exist_ok=True)
        truth = write(scenario, folder)
        collected(folder / truth.repository, folder / "git alone", scenario.end, lines=True)
        return cls(scenario, truth, folder)

    @cached_property
    def expected(self) -> Expected:
        told = git(self.folder / self.truth.repository, "log", "--all", "--format=%H %ct %s")
        rows = [row.split(" ", 2) for row in told.splitlines()]
        until = max(int(seconds) for _, seconds, _ in rows)
        subjects = {sha: subject for sha, _, subject in rows}
        return Expected(self.truth, datetime.fromtimestamp(until, UTC), subjects)

    @property
    def whole(self) -> Read:
        return self.read("every source")

    def read(self, name: str) -> Read:
        """What is known with a set of sources of `WITHOUT`."""
        if name not in self.known:
            self.known[name] = self._read(name)
        return self.known[name]

    def _read(self, name: str) -> Read:
        exports = self.folder / f"exports, {name}"
        shutil.copytree(self.folder / "exports", exports)
        for lacking in WITHOUT[name]:
            place = exports / lacking
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        return self.with_exports([exports] if any(exports.iterdir()) else [], name)

    def with_exports(self, exports: Iterable[Path], name: str) -> Read:
        """What is known after some folders of exports were read, one after the other."""
        workspace = self.folder / f"with {name}"
        shutil.copytree(self.folder / "git alone", workspace)
        clock = fixed_clock(self.scenario.end)
        store = Store(workspace)
        for one in exports:
            take_exports(one, store, KEY, clock, quiet)
        return Read(name, self.scenario, self.truth, store, judged(store))


class Read(World):
    """A world of which one can ask for the claim and the verdict of any piece."""

    @cached_property
    def by_key(self) -> dict[str, Claim]:
        return {c.key: c for c in self.assessment.all_claims}

    @property
    def lacks_issues(self) -> bool:
        return "github" in WITHOUT[self.name]

    def is_folded(self, piece: Piece) -> bool:
        """Whether an entry of release notes only repeats a claim that is there."""
        planted = self.truth.claim(piece.name)
        return (planted.tag, planted.ref) in self.folded

    def claim_of(self, piece: Piece) -> Claim | None:
        if piece.kind == "issue" or piece.name.startswith("pull:"):
            return self.by_key.get(piece.name)
        if piece.name.startswith("sha:"):
            return next(iter(self.by_sha.get(piece.name[4:], ())), None)
        planted = self.truth.claim(piece.name)
        if piece.kind == "release_note":
            return self.notes.get((planted.tag, planted.ref))
        return self.main(planted)

    def found(self, piece: Piece) -> str:
        """Its verdict, or nothing where no claim was made of it."""
        claim = self.claim_of(piece)
        return self.verdict(claim).value if claim is not None else ""
