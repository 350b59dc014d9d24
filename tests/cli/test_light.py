"""Help and version: examples everywhere, and nothing heavy loaded to print them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.cli.running import ERROR, surroundings, trueup

from trueup import __version__
from trueup.cli._app import build

if TYPE_CHECKING:
    from pathlib import Path

#: `claims` lists by itself, and has commands below it.
COMMANDS = sorted([*(str(c.name) for c in build().registered_commands), "claims"])
HEAVY = {"numpy", "scipy", "pyarrow", "duckdb", "ibis", "pandas", "sqlglot", "jinja2", "rich"}
OURS = {"trueup.facts", "trueup.sources", "trueup.signals", "trueup.claims", "trueup.runs"}
LOOK = """
import atexit, json, sys
atexit.register(lambda: print("loaded", json.dumps(sorted(sys.modules)), file=sys.stderr))
from trueup.cli import main
main()
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """Names of the modules that a command has loaded when it ends."""
    run = [sys.executable, "-c", LOOK, *arguments]
    done = subprocess.run(run, env=surroundings(folder), capture_output=True, check=False)
    (line,) = (s for s in done.stderr.decode().splitlines() if s.startswith("loaded "))
    return set(json.loads(line.removeprefix("loaded ")))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["scan", "--help"], ["nope"]])
def test_nothing_heavy_is_loaded(arguments, tmp_path):
    assert loaded(tmp_path, *arguments) & (HEAVY | OURS) == set()


def test_what_is_looked_for_is_seen(tmp_path):
    """The measure itself: a command that reads facts does load them."""
    assert {"pyarrow", "trueup.facts", "trueup.runs"} <= loaded(tmp_path, "claims")


def test_commands_are_known():
    assert set(COMMANDS) >= {"claims", "collect", "demo", "doctor", "explain", "scan"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command, tmp_path):
    ran = trueup(tmp_path, command, "--help")
    assert (ran.code, ran.err) == (0, "")
    _, _, examples = ran.out.partition("Example")
    assert re.search(rf"^ +trueup {command}\b", examples, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_options_in_examples_exist(command, tmp_path):
    """An example that is itself a mistake would teach it: each option in one is an option."""
    told = trueup(tmp_path, command, "--help").out
    examples, _, options = told.partition("Example")[2].partition("Options:")
    for option in re.findall(r"--[a-z]+", examples):
        assert re.search(rf"^ +{option}\b", options, re.MULTILINE), option


def test_help_of_the_whole(tmp_path):
    asked = trueup(tmp_path, "--help")
    assert (asked.code, asked.err) == (0, "")
    assert "trueup scan ." in asked.out
    assert all(f"\n  {name} " in asked.out for name in COMMANDS)
    assert trueup(tmp_path) == asked
    assert not ERROR.search(asked.out)


def test_version(tmp_path):
    assert trueup(tmp_path, "--version").out == f"trueup {__version__}\n"


@pytest.mark.parametrize("columns", ["20", "40", "200"])
def test_help_fits_any_terminal(columns, tmp_path):
    ran = trueup(tmp_path, "--help", COLUMNS=columns)
    assert ran.code == 0
    assert "trueup scan ." in ran.out
