"""`trueup.toml`: policy, teams and what to read, kept beside the code. Unknown keys are errors."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from trueup.claims.policy import Policy
from trueup.kernel.errors import ConfigError
from trueup.teams.scopes import Member, Team

if TYPE_CHECKING:
    from pathlib import Path

NAME = "trueup.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of a workspace.

    Args:
        branch: default branch, where it is not found by itself.
        since: leave out commits before this date.
        workers: processes that read git.
        policy: what a verdict takes.
        teams: declared teams with members and their dates, or paths.
    """

    branch: str = ""
    since: datetime | None = None
    workers: int = 2
    policy: Policy = field(default_factory=Policy)
    teams: tuple[Team, ...] = ()


def load_config(folder: Path) -> Config:
    """The settings in a folder, or the defaults.

    Raises:
        ConfigError: not TOML, an unknown key, or a value of the wrong type.
    """
    path = folder / NAME
    if not path.is_file():
        return Config()
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"not a TOML file: {error}", where=str(path)) from error
    where = str(path)
    _known(told, {"branch", "since", "workers", "policy", "team"}, where)
    return Config(
        branch=_typed(told, "branch", str, "", where),
        since=_moment(told.get("since"), where),
        workers=_typed(told, "workers", int, 2, where),
        policy=_policy(told.get("policy", {}), where),
        teams=tuple(_team(t, where) for t in told.get("team", [])),
    )


def _policy(told: dict[str, Any], where: str) -> Policy:
    known = {f.name for f in fields(Policy)} - {"edition"}
    _known(told, known, f"{where} [policy]")
    for key, value in told.items():
        wanted = float if key == "habit" else int
        if not isinstance(value, (int, wanted)) or isinstance(value, bool) or value <= 0:
            raise ConfigError(f"{key} must be a positive number", where=f"{where} [policy]")
    return Policy(**told)


def _team(told: dict[str, Any], where: str) -> Team:
    place = f"{where} [[team]]"
    _known(told, {"name", "members", "paths"}, place)
    name = _typed(told, "name", str, "", place)
    if not name:
        raise ConfigError("a team needs a name", where=place)
    members = tuple(_member(m, place) for m in told.get("members", []))
    return Team(name, members, tuple(told.get("paths", [])))


def _member(told: Any, where: str) -> Member:
    if isinstance(told, str):
        return Member(told)
    if not isinstance(told, dict):
        raise ConfigError("a member is an address, or a table with `person`", where=where)
    _known(told, {"person", "from", "until"}, where)
    start, end = told.get("from"), told.get("until")
    if not all(d is None or isinstance(d, date) for d in (start, end)):
        raise ConfigError("`from` and `until` are dates, as in 2026-01-31", where=where)
    return Member(_typed(told, "person", str, "", where), start, end)


def _known(told: dict[str, Any], known: set[str], where: str) -> None:
    for key in told:
        if key not in known:
            raise ConfigError.unknown_key(key, where, sorted(known))


def _typed(told: dict[str, Any], key: str, kind: type, otherwise: Any, where: str) -> Any:
    value = told.get(key, otherwise)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ConfigError(f"{key} must be of type {kind.__name__}, got {value!r}", where=where)
    return value


def _moment(told: Any, where: str) -> datetime | None:
    if told is None:
        return None
    if isinstance(told, datetime):
        return told if told.tzinfo else told.replace(tzinfo=UTC)
    if isinstance(told, date):
        return datetime(told.year, told.month, told.day, tzinfo=UTC)
    raise ConfigError("`since` is a date, as in 2024-01-31", where=where)
