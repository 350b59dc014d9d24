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

    from trueup.runs.mapping import Mapped

NAME = "trueup.toml"
MOST_WORKERS, MOST_DAYS, MOST_MONTHS = 64, 3650, 240


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of a workspace.

    Args:
        branch: default branch, where it is not found by itself.
        since: leave out commits before this date.
        workers: processes that read git.
        policy: what a verdict takes.
        teams: declared teams with members and their dates, or paths.
        connect: places to read besides the forges of clones, as `jira:KAFKA`.
        mappings: how files of one's own are read.
    """

    branch: str = ""
    since: datetime | None = None
    workers: int = 2
    policy: Policy = field(default_factory=Policy)
    teams: tuple[Team, ...] = ()
    connect: tuple[str, ...] = ()
    mappings: tuple[Mapped, ...] = ()


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
    _known(told, {"branch", "since", "workers", "policy", "team", "connect", "mapping"}, where)
    workers = _typed(told, "workers", int, 2, where)
    if not 1 <= workers <= MOST_WORKERS:
        raise ConfigError(f"workers must be from 1 to {MOST_WORKERS}", where=where)
    teams = [_team(t, where) for t in _tables(told, "team", where)]
    connect = _typed(told, "connect", list, [], where)
    if not all(isinstance(c, str) and ":" in c for c in connect):
        raise ConfigError('connect lists places as texts, as in ["jira:KAFKA"]', where=where)
    return Config(
        branch=_typed(told, "branch", str, "", where),
        since=_moment(told.get("since"), where),
        workers=workers,
        policy=_policy(_typed(told, "policy", dict, {}, where), where),
        teams=tuple(teams),
        connect=tuple(connect),
        mappings=_mappings(_tables(told, "mapping", where), where),
    )


def _mappings(told: list[dict[str, Any]], where: str) -> tuple[Mapped, ...]:
    if not told:
        return ()
    # Only who has some needs to know all sources.
    from trueup.runs.mapping import checked

    return tuple(checked(one, f"{where} [[mapping]]") for one in told)


def _policy(told: dict[str, Any], where: str) -> Policy:
    place = f"{where} [policy]"
    _known(told, {f.name for f in fields(Policy)} - {"edition"}, place)
    for key, value in told.items():
        share = key == "habit"
        most = 1 if share else MOST_MONTHS if key == "ledger_months" else MOST_DAYS
        number = isinstance(value, (int, float) if share else int) and not isinstance(value, bool)
        if not number or not 0 < value <= most:
            kind = "a share above 0, up to" if share else "a whole number from 1 to"
            raise ConfigError(f"{key} must be {kind} {most}, got {value!r}", where=place)
    return Policy(**told)


def _team(told: dict[str, Any], where: str) -> Team:
    place = f"{where} [[team]]"
    _known(told, {"name", "members", "paths"}, place)
    name = _typed(told, "name", str, "", place)
    if not name:
        raise ConfigError("a team needs a name", where=place)
    members = tuple(_member(m, place) for m in _typed(told, "members", list, [], place))
    paths = _typed(told, "paths", list, [], place)
    if not all(isinstance(p, str) and p for p in paths):
        raise ConfigError("paths are texts, as in CODEOWNERS", where=place)
    return Team(name, members, tuple(paths))


def _member(told: Any, where: str) -> Member:
    if isinstance(told, str) and told:
        return Member(told)
    if not isinstance(told, dict):
        raise ConfigError("a member is an address, or a table with `person`", where=where)
    _known(told, {"person", "from", "until"}, where)
    start, end = told.get("from"), told.get("until")
    if not all(d is None or isinstance(d, date) for d in (start, end)):
        raise ConfigError("`from` and `until` are dates, as in 2026-01-31", where=where)
    person = _typed(told, "person", str, "", where)
    if not person:
        raise ConfigError("a member needs `person`, an address", where=where)
    if start is not None and end is not None and _day(start) >= _day(end):
        raise ConfigError("`until` must come after `from`", where=where)
    return Member(person, start, end)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _tables(told: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    found = told.get(key, [])
    if not isinstance(found, list) or not all(isinstance(t, dict) for t in found):
        raise ConfigError(f"{key} must be written as [[{key}]]", where=where)
    return found


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
