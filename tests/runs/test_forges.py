"""A clone of a forge, a token in the environment: the forge is read with it; without one it is not."""

from __future__ import annotations

from dataclasses import replace

import httpx
import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from tests.fakes.github import GitHub, issue, pull, review
from tests.runs.conftest import NOW, Desk
from tests.sources.git.making import Repo, git

from trueup.kernel.errors import CredentialsError, UnknownSourceError
from trueup.kernel.sources import Door
from trueup.publish.document import Audience
from trueup.runs import forges, scan
from trueup.runs.forges import forge_of, known_places, token_of
from trueup.runs.scan import make_request, publish_newest, sync_places


@pytest.fixture
def clone(tmp_path):
    made = Repo(tmp_path / "clone")
    with made:
        made.commit({"a.py": b"1\n"}, "Begin")
    git(made.path, "config", "remote.origin.url", "git@github.com:acme/app.git")
    return made.path


@pytest.fixture
def github():
    found = GitHub()
    found.put("issues", issue(1, changed=1))
    found.put("pulls", pull(4, changed=5, state="closed", merged_at="2026-01-01T00:05:00Z"))
    found.put("pulls/4/reviews", review(9, 4, at=4))
    return found


def session(desk: Desk, github: GitHub):
    slept: list[float] = []
    return replace(desk.session, transport=httpx.WSGITransport(app=github), sleep=slept.append)


def collected(desk, github, clone):
    here = session(desk, github)
    found = scan.collect(here, [str(clone)], make_request(workers=1))
    sync_places(here, found)
    return found


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "desk", now=NOW.replace(year=2026))


def test_with_a_token_the_forge_is_read(desk, github, clone, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "a-token")
    found = collected(desk, github, clone)
    assert found.failed == []
    assert found.taken[0].records["issues"] == 1
    published, _ = publish_newest(desk.session, Audience.TEAM)
    assert [s.name for s in published.sources if s.status == "read"] == ["git", "github"]
    assert published.requests[0].text == (
        "Of 1 merged request 0 are on the default branch, and of 1 the clone has no commit. "
        "1 of 1 merged ones have a review by another person. None of 1 names the issue it closes; "
        "no source tells of builds and releases and deployments."
    )


def test_without_a_token_nothing_is_asked(desk, github, clone, monkeypatch):
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GH_TOKEN", raising=False)
    monkeypatch.setattr(forges.shutil, "which", lambda _: None)
    found = collected(desk, github, clone)
    assert (found.taken, found.failed, github.asked) == ([], [], [])


def test_offline_nobody_is_asked(desk, github, clone, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "a-token")
    here = replace(session(desk, github), offline=True)
    found = scan.collect(here, [str(clone)], make_request(workers=1))
    sync_places(here, found)
    assert ([one.repo for one in found.done], github.asked) == (["acme/app"], [])


def test_a_refused_token_stops_nothing_else(desk, github, clone, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "expired")
    found = collected(desk, github, clone)
    assert [one.repo for one in found.done] == ["acme/app"]
    assert [error.slug for _, error in found.failed] == ["source.credentials"]
    assert publish_newest(desk.session, Audience.TEAM)[0].repositories


DOOR = Door("https://x.example", ("GITHUB_TOKEN", "GH_TOKEN"), ("gh", "auth", "token"))


def test_the_token_is_the_first_that_is_set_or_what_the_tool_prints(monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_TOKEN", " ")
    monkeypatch.setenv("GH_TOKEN", "second")
    assert token_of(DOOR) == "second"
    monkeypatch.delenv("GH_TOKEN")
    tool = tmp_path / "gh"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert token_of(DOOR) == ""
    tool.write_text("#!/bin/sh\necho printed\n")
    tool.chmod(0o755)
    assert token_of(DOOR) == "printed"
    tool.write_text("#!/bin/sh\necho not logged in\nexit 1\n")
    assert token_of(DOOR) == ""


class Ring(KeyringBackend):
    """A keyring with what it was given, or one that is locked."""

    priority = 1
    known: dict[tuple[str, str], str] | None = None

    def get_password(self, service, username):
        if self.known is None:
            raise KeyringLocked("not now")
        return self.known.get((service, username))

    def set_password(self, service, username, password):
        raise NotImplementedError


@pytest.fixture
def ring():
    before, own = keyring.get_keyring(), Ring()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


def test_what_the_environment_lacks_may_lie_in_the_keyring(ring, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert token_of(DOOR) == "", "it is locked"
    ring.known = {("other", "GH_TOKEN"): "not ours"}
    assert token_of(DOOR) == ""
    ring.known["trueup", "GH_TOKEN"] = "kept\n"
    assert token_of(DOOR) == "kept"
    monkeypatch.setenv("GITHUB_TOKEN", "told")
    assert token_of(DOOR) == "told", "the environment comes first"
    monkeypatch.delenv("GITHUB_TOKEN")
    ring.known["trueup", "GITHUB_TOKEN"] = "two words"
    with pytest.raises(CredentialsError, match="keyring, GITHUB_TOKEN of trueup"):
        token_of(DOOR)


@pytest.mark.parametrize("token", ["two words", "line\nend", "\u00e9", "\u2026", "a\x07"])
def test_what_no_token_holds_is_told_without_it(token, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", token)
    with pytest.raises(CredentialsError) as error:
        token_of(DOOR)
    assert token not in str(error.value)
    assert "GITHUB_TOKEN" in str(error.value)


@pytest.mark.parametrize(
    ("host", "named", "address"),
    [
        ("github.com", "", "https://api.github.com"),
        ("ssh.github.com", "", "https://api.github.com"),
        ("github.acme.example", "github.acme.example", "https://github.acme.example/api/v3"),
        ("github.acme.example", "", ""),
        ("github.evil.example", "github.acme.example", ""),
        ("api.github.com.evil.example", "", ""),
        ("github-work", "", ""),
        ("", "", ""),
    ],
)
def test_a_token_goes_to_no_host_that_merely_looks_like_the_forge(
    host, named, address, monkeypatch
):
    monkeypatch.setenv("GH_HOST", named)
    found = forge_of(host, "acme/app")
    assert (found.door.address if found else "") == address
    if found and named:
        assert "GITHUB_TOKEN" not in found.door.secrets


def test_two_clones_of_one_repository(desk, github, clone, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "a-token")
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(clone), str(other))
    git(other, "config", "remote.origin.url", "git@github.com:acme/app.git")
    here = session(desk, github)
    found = scan.collect(here, [str(clone), str(other)], make_request(workers=1))
    sync_places(here, found)
    assert [one.repo for one in found.done] == ["acme/app", "acme/app~2"]
    assert found.failed == []


def test_a_place_that_is_connected_is_read_without_a_clone(desk, github, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "a-token")
    here = session(desk, github)
    here = replace(here, config=replace(here.config, connect=("github:acme/app",)))
    found = scan.CollectedAll()
    sync_places(here, found)
    assert found.failed == []
    assert [t.records["issues"] for t in found.taken] == [1]


def test_where_a_connected_place_is_comes_from_the_environment(desk, github, monkeypatch):
    monkeypatch.delenv("JENKINS_URL", raising=False)
    here = session(desk, github)
    here = replace(here, config=replace(here.config, connect=("jenkins:app/main",)))
    found = scan.CollectedAll()
    sync_places(here, found)
    [(named, error)] = found.failed
    assert named == "jenkins:app/main"
    assert "JENKINS_URL" in error.remedy
    assert (found.taken, github.asked) == ([], [])


@pytest.mark.parametrize("told", ["jirra:KAFKA", "jira", "jira:", "junit:x", ""])
def test_what_no_source_can_read_is_told_before_anything_is(told):
    with pytest.raises(UnknownSourceError, match="names no place"):
        known_places(["jira:KAFKA", told])
