"""Sessions in folders of their own, with a key, a clock that stands still, and progress noted down."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trueup.kernel.clock import fixed_clock
from trueup.publish.document import Audience
from trueup.runs.config import Config
from trueup.runs.scan import Session, make_request, scan
from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small

# Nobody's own keyring is asked.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

NOW = datetime(2024, 11, 1, 12, tzinfo=UTC)


@dataclass
class Desk:
    """Where scans are started from in a test."""

    workspace: Path
    config: Config = field(default_factory=Config)
    now: datetime = NOW
    stages: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return Session(self.workspace, self.config, fixed_clock(self.now), self._note)

    def _note(self, stage: str, _done: int, _total: int) -> None:
        self.stages.append(stage)

    def scan(self, *targets: object, audience: Audience = Audience.TEAM, lines: bool = True):
        self.stages.clear()
        request = make_request(workers=1, lines=lines)
        told = [str(t) for t in targets]
        return scan(self.session, told, request, audience, first_answer=self.answers.append)

    @property
    def measured(self) -> bool:
        return "measuring signals" in self.stages


@pytest.fixture(scope="session")
def cove(tmp_path_factory):
    """The folder of a small repository with everything in it."""
    folder = tmp_path_factory.mktemp("cove")
    return folder / write(small(), folder).repository


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv("TRUEUP_KEY", "a key for tests alone")
    return Desk(tmp_path / "workspace")
