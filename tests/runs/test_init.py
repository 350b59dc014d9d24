"""What a repository shows of the systems around it, as commented settings."""

from __future__ import annotations

import tomllib

import pytest
from tests.sources.git.making import Repo, git

from trueup.cli._app import run
from trueup.kernel.errors import ConfigError
from trueup.runs.config import load_config
from trueup.runs.init import look, settings, write_settings

FILES = {
    "Jenkinsfile": b"pipeline {}\n",
    "sonar-project.properties": b"# analysis\nsonar.projectKey = acme_app\nsonar.sources=src\n",
    ".circleci/config.yml": b"version: 2.1\n",
}


@pytest.fixture
def clone(tmp_path, monkeypatch):
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("trueup.runs.forges.shutil.which", lambda _: None)
    made = Repo(tmp_path / "clone")
    with made:
        made.commit(FILES, "Begin")
    git(made.path, "config", "remote.origin.url", "git@github.com:acme/app.git")
    return made.path


def test_remotes_and_files_show_what_is_in_use(clone):
    found = {c.named: c for c in look(clone)}
    assert set(found) == {
        "github:acme/app",
        "jenkins:JOB",
        "sonarqube:acme_app",
        "circleci:gh/acme/app",
    }
    assert found["github:acme/app"].needs == "a token in GITHUB_TOKEN or GH_TOKEN"
    assert found["jenkins:JOB"].needs == "JENKINS_URL and JENKINS_TOKEN"
    assert found["circleci:gh/acme/app"].needs == "CIRCLECI_TOKEN"
    assert all(c.lights for c in found.values())


def test_what_has_its_token_is_read_already(clone, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "a-token")
    assert look(clone)[0].needs == ""


def test_settings_change_nothing_until_they_are_uncommented(clone, tmp_path):
    text = settings(look(clone))
    assert tomllib.loads(text) == {}
    wanted = tomllib.loads(
        text.replace("# connect = [", "connect = [").replace('#   "', '  "').replace("# ]", "]")
    )
    assert wanted == {"connect": ["circleci:gh/acme/app", "jenkins:JOB", "sonarqube:acme_app"]}
    write_settings(tmp_path, text)
    assert load_config(tmp_path) == load_config(tmp_path / "nowhere")


def test_settings_that_are_there_are_kept(tmp_path):
    (tmp_path / "trueup.toml").write_text("workers = 1\n")
    with pytest.raises(ConfigError, match="already"):
        write_settings(tmp_path, "")
    assert (tmp_path / "trueup.toml").read_text() == "workers = 1\n"


def test_names_that_would_break_out_of_the_settings_are_left(tmp_path):
    made = Repo(tmp_path / "odd")
    with made:
        made.commit({"sonar-project.properties": b'sonar.projectKey="]\nworkers=64\n'}, "Begin")
    assert tomllib.loads(settings(look(made.path))) == {}


def test_an_empty_repository_shows_nothing(tmp_path, capsys):
    git(tmp_path, "init", "-q", str(tmp_path / "empty"))
    assert run(["init", str(tmp_path / "empty"), "--print"]) == 0
    assert "Nothing in this repository" in capsys.readouterr().out


def test_the_command_writes_once(clone, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["init", str(clone)]) == 0
    out = capsys.readouterr().out
    assert (
        "GitHub and GitHub Enterprise (acme/app), shown by the remote github.com: needs a token"
        in out
    )
    assert run(["init", str(clone)]) == 4
