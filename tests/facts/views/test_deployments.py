"""Which commits a deployment brought, and which came before an incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trueup.facts.views.deployments import Brought, Deployed, brought

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def deployed(day: int, sha: str, environment: str = "production") -> Deployed:
    return Deployed("app", environment, f"d{day}", sha, at(day))


#: a - b - c - e, and d beside c, merged by e.
HISTORY = {"a": [], "b": ["a"], "c": ["b"], "d": ["b"], "e": ["c", "d"]}


def told(*done: Deployed) -> dict[tuple[str, str], tuple[str, bool]]:
    return {
        (b.environment, b.sha): (b.deployment, b.censored) for b in brought(done, HISTORY, "app")
    }


def test_each_commit_counts_for_the_first_deployment_that_had_it():
    found = told(deployed(1, "b"), deployed(2, "c"), deployed(3, "e"))
    assert found == {
        ("production", "a"): ("d1", True),
        ("production", "b"): ("d1", True),
        ("production", "c"): ("d2", False),
        ("production", "d"): ("d3", False),
        ("production", "e"): ("d3", False),
    }


def test_environments_are_apart():
    found = told(deployed(1, "c", "staging"), deployed(2, "c"))
    assert found["staging", "c"] == ("d1", True)
    assert found["production", "c"] == ("d2", True)


def test_going_back_brings_nothing():
    found = told(deployed(1, "a"), deployed(2, "c"), deployed(3, "b"), deployed(4, "c"))
    assert {d for d, _ in found.values()} == {"d1", "d2"}


def test_a_commit_that_the_clone_lacks_is_left_out():
    assert told(deployed(1, "zzz"), deployed(2, "a")) == {("production", "a"): ("d2", True)}


@given(st.lists(st.sampled_from(sorted(HISTORY)), max_size=8))
def test_every_commit_once_and_only_the_first_deployment_is_censored(shas):
    done = [deployed(n, sha) for n, sha in enumerate(shas)]
    found = list(brought(done, HISTORY, "app"))
    assert len({b.sha for b in found}) == len(found)
    assert {b.deployment for b in found if b.censored} == ({"d0"} if shas else set())
    assert all(isinstance(b, Brought) for b in found)
