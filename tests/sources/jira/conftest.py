"""A desk that records of Jira are put on."""

from __future__ import annotations

import pytest
from tests.sources.jira.records import Desk


@pytest.fixture
def desk():
    return Desk()
