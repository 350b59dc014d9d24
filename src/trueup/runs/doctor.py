"""Checks of the surroundings, each with what to do when it fails."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trueup.facts.pseudonyms import key_path, load_key
from trueup.kernel.errors import TrueupError
from trueup.runs.config import NAME, load_config
from trueup.sources.git.repository import MINIMUM_GIT, git_version

if TYPE_CHECKING:
    from collections.abc import Iterator


class Check(NamedTuple):
    """One check: what was looked at, what was found, and what to do when it is not good."""

    name: str
    good: bool
    found: str
    remedy: str = ""


def checks() -> Iterator[Check]:
    """All checks, in the order in which one would want to know."""
    yield Check(
        "python", sys.version_info >= (3, 11), platform.python_version(), "Use 3.11 or newer."
    )
    yield _tried("git", git_version, f"at least {'.'.join(map(str, MINIMUM_GIT))} is needed")
    system = platform.system()
    yield Check(
        "system",
        system in {"Linux", "Darwin"},
        system,
        "Linux and macOS are supported; on Windows use WSL.",
    )
    yield _tried("pseudonym key", _key, "")
    yield _tried("settings", _settings, "")
    writable = os.access(Path.cwd(), os.W_OK)
    found = "this folder can be written" if writable else "this folder cannot be written"
    yield Check("workspace", writable, found, "Name another place with --workspace DIR.")


def _tried(name: str, look: object, remedy: str) -> Check:
    try:
        return Check(name, True, str(look()))  # type: ignore[operator]  # a function without arguments
    except TrueupError as error:
        return Check(name, False, error.what, error.remedy or remedy)


def _key() -> str:
    load_key()
    return "from TRUEUP_KEY" if os.environ.get("TRUEUP_KEY") else str(key_path())


def _settings() -> str:
    config = load_config(Path.cwd())
    there = (Path.cwd() / NAME).is_file()
    return f"{NAME}, {len(config.teams)} teams" if there else f"no {NAME}; the defaults hold"
