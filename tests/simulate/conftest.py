"""Written once per session, and read by plain git: the tests never ask the simulator twice."""

import re
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pytest

from trueup.simulate.gitwriter import clean_environment
from trueup.simulate.organisation import write
from trueup.simulate.planted_elsewhere import PlantedElsewhere
from trueup.simulate.scenario import Elsewhere, Scenario
from trueup.simulate.scenarios import connected, sample, small
from trueup.simulate.truth import Truth

END = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
FORMAT = "%H%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%T%x00%B%x01"

# Only lines with a number of their own can be told from others.
TELLING = {"+": re.compile(r"^\+(?!\+\+).*\d{2}"), "-": re.compile(r"^-(?!--).*\d{2}")}


@dataclass(frozen=True)
class Read:
    """One commit as git prints it."""

    sha: str
    parents: tuple[str, ...]
    author: tuple[str, str]
    authored: datetime
    committer: tuple[str, str]
    committed: datetime
    tree: str
    message: str

    @property
    def subject(self) -> str:
        return self.message.split("\n", 1)[0]

    def trailers(self, key: str) -> list[str]:
        return re.findall(rf"(?m)^{key}: (.*)$", self.message)


@dataclass(frozen=True)
class Repository:
    """A written repository with its scenario and truth, seen through git alone."""

    path: Path
    scenario: Scenario
    truth: Truth

    def git(self, *arguments: str, data: str = "") -> str:
        return subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=clean_environment(),
            input=data.encode(),
            capture_output=True,
            check=True,
        ).stdout.decode()

    @cached_property
    def commits(self) -> dict[str, Read]:
        found = {}
        for record in self.git("log", "--all", f"--format={FORMAT}").split("\x01")[:-1]:
            sha, parents, an, ae, at, cn, ce, ct, tree, body = record.lstrip("\n").split("\x00")
            found[sha] = Read(
                sha,
                tuple(parents.split()),
                (an, ae),
                datetime.fromisoformat(at),
                (cn, ce),
                datetime.fromisoformat(ct),
                tree,
                body,
            )
        return found

    @cached_property
    def _reached(self) -> dict[str, set[str]]:
        return {}

    def reachable(self, ref: str) -> set[str]:
        if ref not in self._reached:
            todo = self.git("rev-parse", f"{ref}^{{commit}}").split()
            found: set[str] = set()
            while todo:
                sha = todo.pop()
                if sha not in found:
                    found.add(sha)
                    todo += self.commits[sha].parents
            self._reached[ref] = found
        return self._reached[ref]

    @cached_property
    def branches(self) -> set[str]:
        """Everything that only branches beside the main line hold."""
        return set(self.git("rev-list", "--branches", "--not", "main").split())

    @cached_property
    def changelogs(self) -> dict[str, str]:
        return {tag: self.git("show", f"{tag}:CHANGELOG.md") for tag in self.truth.tags}

    @cached_property
    def main(self) -> set[str]:
        return self.reachable("main")

    @cached_property
    def refs(self) -> dict[str, str]:
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.split() for line in lines)

    def added(self, sha: str) -> dict[str, set[str]]:
        """Telling lines a commit adds against its first parent, by path, without indentation."""
        return self._lines(sha, "+")

    def removed(self, sha: str) -> dict[str, set[str]]:
        """Telling lines a commit takes out, by path, without indentation."""
        return self._lines(sha, "-")

    def _lines(self, sha: str, sign: str) -> dict[str, set[str]]:
        text = self.git("diff", "--no-renames", "-U0", f"{sha}^1", sha)
        found: dict[str, set[str]] = {}
        path = ""
        for line in text.splitlines():
            if line.startswith("diff --git"):
                path = line.rsplit(" b/", 1)[-1]
            elif TELLING[sign].search(line):
                found.setdefault(path, set()).add(line[1:].strip())
        return found


def written(scenario: Scenario, folder: Path) -> Repository:
    truth = write(scenario, folder)
    return Repository(folder / truth.repository, scenario, truth)


@pytest.fixture(scope="session")
def cove(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The small organisation: all styles, all phenomena, a few hundred commits."""
    return written(small(), tmp_path_factory.mktemp("cove"))


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The organisation of the demo."""
    return written(sample(END), tmp_path_factory.mktemp("harbour"))


@pytest.fixture(scope="session")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The small organisation with all its sources, busy enough for every story."""
    return written(busy(), tmp_path_factory.mktemp("quay"))


def busy(elsewhere: Elsewhere | None = None) -> Scenario:
    plain = small(seed=3)
    teams = tuple(replace(team, changes_per_week=2.2) for team in plain.teams)
    return connected(replace(plain, name="quay", weeks=56, teams=teams), elsewhere)


def elsewhere(world: Repository) -> PlantedElsewhere:
    """What is planted outside of git."""
    assert world.truth.elsewhere is not None
    return world.truth.elsewhere
