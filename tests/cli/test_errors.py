"""Expected failures: an exit code, what and where and what to do, and never a traceback."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from tests.cli.running import shell, trueup
from tests.sources.git.making import Repo, git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Scanned

USAGE, SURPRISE, EXPECTED = 2, 3, 4


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a folder, a file, an empty repository, and one with a single commit."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q")
    with Repo(tmp_path / "app") as repo:
        repo.commit({"a.py": b"1\n"}, "Begin")
    return tmp_path


SLOW = pytest.mark.slow


@pytest.mark.parametrize("command", ["scan", pytest.param("collect", marks=SLOW)])
@pytest.mark.parametrize(
    ("arguments", "code", "slug", "where", "remedy"),
    [
        (["plain"], EXPECTED, "git.not-a-repository", "plain", "a clone, a bare repository"),
        (["nowhere"], EXPECTED, "git.not-a-repository", "nowhere", "a URL"),
        (["file"], EXPECTED, "git.not-a-repository", "file", "a URL"),
        (["ext::sh -c id"], EXPECTED, "git.not-a-repository", "ext::sh -c id", "a URL"),
        (["file://x/nowhere"], EXPECTED, "git.failed", "file://x/nowhere", "git ls-remote"),
        (["empty"], EXPECTED, "git.empty", "empty", "after the first commit"),
        (["app", "--branch", "nope"], EXPECTED, "git.unknown-branch", "app", "--branch NAME"),
        (["app", "--workspace", "file"], EXPECTED, "store.failed", "file", "--workspace DIR"),
        (["app", "--workspace", "/dev/null/x"], EXPECTED, "store.failed", "null", "--workspace"),
        (["app", "--nope"], USAGE, "usage", "", "--help"),
        (["app", "--since", "soon"], USAGE, "usage", "", "--help"),
    ],
)
def test_what_cannot_be_read_or_written(command, arguments, code, slug, where, remedy, place):
    ran = trueup(place, command, *arguments)
    assert (ran.code, ran.slug, ran.out) == (code, slug, "")
    assert remedy in ran.more[-1]
    assert where in ran.more[0]
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nope"], "No such command"),
        (["scan", ".", "--audience", "world"], "Choose team or organisation."),
        (["collect", ".", "--level", "deep"], "Choose lines or structure."),
        (["collect", ".", "--workers", "0"], "--workers"),
        (["claims", "--status", "bad"], "Choose verified, partial, contradicted,"),
        (["claims", "--kind", "bad"], "Choose change, issue, commit, umbrella, release_note."),
        (["claims", "--since", "soon"], "--since"),
        (["claims", "--limit", "-1"], "--limit"),
        (["demo", "--seed", "x"], "--seed"),
        (["doctor", "now"], "unexpected extra argument"),
    ],
)
def test_what_cannot_be_meant(arguments, told, tmp_path):
    ran = trueup(tmp_path, *arguments)
    assert (ran.code, ran.slug, ran.out) == (USAGE, "usage", "")
    assert told in ran.err
    assert ran.more
    assert not (tmp_path / ".trueup").exists()


@pytest.mark.parametrize("name", ["C-AAAAAAA", "no_such_signal", "git.nope"])
def test_what_nobody_knows(name, scanned: Scanned):
    ran = scanned.ask("explain", name)
    assert (ran.code, ran.slug, ran.out) == (USAGE, "usage.unknown-id", "")
    assert name in ran.err
    assert "trueup claims" in ran.more[0]


@pytest.mark.parametrize("arguments", [["claims"], ["explain", "C-AAAAAAA"]])
def test_before_anything_was_collected(arguments, tmp_path):
    ran = trueup(tmp_path, *arguments)
    assert (ran.code, ran.slug, ran.out) == (EXPECTED, "store.empty", "")
    assert ran.more[0] == ".trueup"
    assert "trueup scan ." in ran.more[1]


@pytest.mark.parametrize("arguments", [["claims"], ["explain", "C-AAAAAAA"]])
def test_a_workspace_that_is_a_file(arguments, place):
    ran = trueup(place, *arguments, "--workspace", "file")
    assert (ran.code, ran.out) == (EXPECTED, "")
    assert ran.slug.startswith("store.")


def test_a_current_folder_that_is_gone(tmp_path: Path):
    (tmp_path / "gone").mkdir()
    ran = shell(tmp_path, f"cd gone && rmdir '{tmp_path / 'gone'}' && $trueup scan .")
    assert (ran.code, ran.slug, ran.out) == (USAGE, "usage", "")
    assert "no longer there" in ran.err
    assert "another folder" in ran.more[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be written by root")
def test_a_workspace_that_may_not_be_written(place):
    (place / "plain").chmod(0o500)
    ran = trueup(place, "scan", "app", "--workspace", "plain/w")
    assert (ran.code, ran.slug) == (EXPECTED, "store.failed")


@pytest.mark.parametrize(
    ("damaged", "arguments"),
    [
        ("results/claims.json", ["claims"]),
        ("results/claims.json", ["explain", "C-AAAAAAA"]),
        ("runs/*.json", ["claims"]),
        ("runs/*.json", ["scan", "."]),
        ("facts/people/*.parquet", ["claims"]),
        ("facts/commits/*.parquet", ["scan", ".", "--audience", "organisation"]),
    ],
)
@pytest.mark.parametrize("how", ["cut", pytest.param("other", marks=SLOW)])
def test_a_damaged_workspace(damaged, arguments, how, copied: Path, cove: Path):
    (file, *_) = (copied / ".trueup").glob(damaged)
    body = file.read_bytes()
    file.write_bytes(body[: len(body) // 2] if how == "cut" else b'["quite something else"]\n')
    ran = trueup(copied, *(cove if a == "." else a for a in arguments))
    assert (ran.code, ran.slug, ran.out) == (EXPECTED, "store.failed", "")
    assert ran.more[0] == str(file.relative_to(copied))
    assert "scan again" in ran.more[1]


@pytest.mark.slow
def test_a_damaged_result_is_worked_out_anew(copied: Path, scanned: Scanned):
    (copied / ".trueup/results/claims.json").write_text("{")
    assert trueup(copied, "scan", scanned.repository).code == 0
    assert trueup(copied, "claims").out == scanned.ask("claims").out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("branch = [", "not a TOML file"),
        ("brunch = 'main'", "unknown key 'brunch'"),
        ("workers = 0", "workers must be from 1 to 64"),
        ("[policy]\nsurvive = 'long'", "survive must be a whole number"),
        ("[[team]]\nmembers = ['ada@example.org']", "a team needs a name"),
    ],
)
def test_broken_settings(text, told, place):
    (place / "trueup.toml").write_text(text)
    ran = trueup(place, "scan", "app")
    assert (ran.code, ran.slug, ran.out) == (EXPECTED, "config.invalid", "")
    assert told in ran.err
    assert str(place / "trueup.toml") in ran.more[0]
    doctor = trueup(place, "doctor")
    assert doctor.code == EXPECTED
    assert f"PROBLEM  settings: {told}" in doctor.out


@pytest.mark.parametrize("told", ["short", ""], ids=["short", "nowhere to keep it"])
def test_a_key_that_cannot_be_used(told, place):
    ran = trueup(place, "scan", "app", TRUEUP_KEY=told, HOME="/dev/null")
    assert (ran.code, ran.slug, ran.out) == (EXPECTED, "config.invalid", "")
    assert "TRUEUP_KEY" in "".join(ran.more)
    assert "PROBLEM  pseudonym key" in trueup(place, "doctor", TRUEUP_KEY="short").out


def test_one_bad_repository_among_good_ones(copied: Path, scanned: Scanned):
    """`4 an expected failure`: what was read is reported all the same"""
    (copied / "plain").mkdir()
    ran = trueup(copied, "scan", "plain", scanned.repository, "nowhere")
    assert ran.code == EXPECTED
    assert ran.out.split("\n\n")[1] == scanned.ran.out.split("\n\n")[1]
    for told in ("plain: this is not a git repository", "nowhere: there is no such folder"):
        assert f"error: {told}  [git.not-a-repository]" in ran.err
    collected = trueup(copied, "collect", "plain", scanned.repository)
    assert collected.code == EXPECTED
    assert collected.out == "cove: nothing new, 375 in all, level lines\n"
    assert "error: plain: " in collected.err


def test_one_bad_repository_and_json_alone(copied: Path, scanned: Scanned):
    ran = trueup(copied, "scan", scanned.repository, "nowhere", "--json", "-")
    assert ran.code == EXPECTED
    assert ran.out == scanned.json


@pytest.mark.parametrize("file", ["nowhere/x", ".", "folder"])
@pytest.mark.parametrize("option", ["--json", pytest.param("--report", marks=SLOW)])
def test_a_file_that_cannot_be_written(file, option, copied: Path, scanned: Scanned):
    (copied / "folder").mkdir()
    before = set(copied.rglob("*"))
    ran = trueup(copied, "scan", scanned.repository, option, file)
    assert (ran.code, ran.slug) == (EXPECTED, "store.failed")
    assert ran.more[0] == file
    assert "name another file" in ran.more[1]
    assert {p for p in set(copied.rglob("*")) - before if p.suffix != ".html"} == set()


def test_a_full_disk_is_expected(scanned: Scanned):
    if not os.path.exists("/dev/full"):  # noqa: PTH110 - a device
        pytest.skip("no device that is always full")
    ran = shell(scanned.folder, "$trueup claims > /dev/full")
    assert (ran.code, ran.slug) == (EXPECTED, "store.failed")


BROKEN = """
import trueup.runs.scan
from trueup.cli import main
trueup.runs.scan.scan = lambda *_, **__: {}["a secret"]
main()
"""


def test_a_surprise_is_kept_without_its_words(tmp_path: Path):
    """`What led to it, without names or texts`"""
    (tmp_path / "broken.py").write_text(BROKEN)
    ran = shell(tmp_path, f"'{sys.executable}' broken.py scan .")
    assert (ran.code, ran.slug, ran.out) == (SURPRISE, "surprise", "")
    log = (tmp_path / "state/trueup/surprise.log").read_text()
    assert str(tmp_path / "state") in ran.err
    assert "KeyError" in log
    assert "cli/" in log
    assert "a secret" not in log + ran.err
    assert "Traceback" not in ran.err


def test_a_workspace_of_a_newer_version(copied: Path, scanned: Scanned):
    import json

    record = next((copied / ".trueup/runs").glob("*.json"))
    told = json.loads(record.read_text())
    record.write_text(json.dumps(told | {"layout": 99}))
    ran = trueup(copied, "scan", scanned.repository)
    assert (ran.code, ran.slug) == (EXPECTED, "store.failed")
    assert "Upgrade trueup" in ran.more[1]


def test_a_busy_workspace(copied: Path, scanned: Scanned):
    import fcntl

    with (copied / ".trueup/lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        ran = trueup(copied, "scan", scanned.repository)
        assert (ran.code, ran.slug) == (EXPECTED, "store.locked")
        assert trueup(copied, "claims").out == scanned.ask("claims").out


def test_facts_that_were_removed(copied: Path):
    shutil.rmtree(copied / ".trueup/facts")
    ran = trueup(copied, "claims")
    assert (ran.code, ran.slug) == (EXPECTED, "store.failed")
