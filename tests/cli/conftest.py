"""One small organisation a session, and one workspace in which it was scanned; both only to be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.running import Ran, trueup

from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small


@dataclass(frozen=True)
class Scanned:
    """A folder with a workspace in it, and what the scan said."""

    folder: Path
    repository: Path
    ran: Ran
    json: str
    report: str

    @property
    def workspace(self) -> Path:
        return self.folder / ".trueup"

    def ask(self, *arguments: object, **more: str) -> Ran:
        """Run a command where the workspace is."""
        return trueup(self.folder, *arguments, **more)


@pytest.fixture(scope="session")
def cove(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small repository with everything in it."""
    folder = tmp_path_factory.mktemp("cove")
    return folder / write(small(), folder).repository


@pytest.fixture(scope="session")
def scanned(cove: Path, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """A workspace in which the small repository was scanned once."""
    folder = tmp_path_factory.mktemp("scanned")
    ran = trueup(folder, "scan", cove, "--json", folder / "first.json")
    told = (folder / "first.json").read_text("utf-8")
    return Scanned(folder, cove, ran, told, (folder / ".trueup/report.html").read_text("utf-8"))


@pytest.fixture
def copied(scanned: Scanned, tmp_path: Path) -> Path:
    """A folder with the same workspace once more, to be changed."""
    import shutil

    shutil.copytree(scanned.workspace, tmp_path / ".trueup")
    return tmp_path
