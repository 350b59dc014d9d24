"""One small organisation, measured once, for everything that is said about it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.simulated.organisations import END, collected, quiet

from trueup.claims.policy import Policy
from trueup.publish.build import publish
from trueup.publish.document import Audience
from trueup.runs.measure import measure
from trueup.simulate.organisation import write
from trueup.simulate.scenarios import small


@pytest.fixture(scope="session")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cove")
    scenario = replace(small(), canaries=("Zita Bird <zita@bird.example>",))
    truth = write(scenario, folder)
    store = collected(folder / truth.repository, folder / "workspace", scenario.end)
    return measure(store.snapshot(), Policy(), (), progress=quiet)


@pytest.fixture(scope="session", params=list(Audience))
def published(request, measured):
    return publish(measured, request.param, today=END)


@pytest.fixture(scope="session")
def for_organisation(measured):
    return publish(measured, Audience.ORGANISATION, today=END)


@pytest.fixture(scope="session")
def for_team(measured):
    return publish(measured, Audience.TEAM, today=END)
