"""Canaries sit wherever a person can appear."""

from pathlib import Path

import pytest
from tests.simulate.conftest import Repository, written

from trueup.simulate.canaries import as_person
from trueup.simulate.scenarios import small

CANARIES = ("Zita Kanarienvogel <zita.kanarie@example.org>", "kanarie-7f3a", "vogel@example.org")


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return written(small(canaries=CANARIES), tmp_path_factory.mktemp("cage"))


@pytest.mark.parametrize("canary", CANARIES)
def test_everywhere(cage: Repository, canary: str) -> None:
    person = as_person(canary)
    commits = list(cage.commits.values())
    assert any((person.name, person.email) == commit.author for commit in commits)
    assert any(canary in commit.message for commit in commits)
    assert any(person.trailer in t for c in commits for t in c.trailers("Co-authored-by"))
    assert any(person.trailer in t for c in commits for t in c.trailers("Reviewed-by"))
    branches = [ref for ref in cage.refs if ref.startswith("refs/heads/")]
    assert any(person.email.split("@", maxsplit=1)[0] in branch for branch in branches)
    for tag in ("thanks-0", "v1.1.0"):
        assert "Thanks to" in cage.git("cat-file", "tag", tag)
    assert canary in cage.git("cat-file", "tag", "v1.1.0")


def test_nothing_breaks(cage: Repository) -> None:
    assert cage.git("fsck", "--strict") == ""
    assert cage.truth.canaries == CANARIES


def test_awkward_canaries(tmp_path: Path) -> None:
    awkward = ("a~b^c:d..e @{f}", "<only@example.org>", "Ünal Ö. <ü@example.org>")
    assert written(small(canaries=awkward), tmp_path).git("fsck", "--strict") == ""
