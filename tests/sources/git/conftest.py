"""One simulated organisation a session, and a workspace a test."""

from pathlib import Path

import pytest
from tests.sources.git.collecting import Workspace

from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small


@pytest.fixture(scope="session")
def cove(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small organisation lies: all styles, all phenomena; only to be read."""
    folder = tmp_path_factory.mktemp("cove")
    return folder / write(small(), folder).repository


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")
