"""Looking at a repository for what could be connected, and writing settings that say so."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.facts.addresses import path_of, slug_of
from trueup.facts.texts.message import features
from trueup.kernel.errors import ConfigError, GitError
from trueup.runs.config import NAME
from trueup.runs.forges import forge_of, token_of
from trueup.runs.kinds import SOURCES
from trueup.sources.git.naming import host_of
from trueup.sources.git.repository import head_commit, open_repository, remote_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trueup.kernel.sources import Sign, Source
    from trueup.sources.git.repository import Repository

#: So much of a file is looked at, and so many subjects.
LONGEST, SUBJECTS = 64_000, 1_000
#: A name that stands in fewer subjects is chance.
LEAST = 5
_KEY = re.compile(r"([A-Z][A-Z0-9_]{1,20})-[0-9]+")
_PLACE = re.compile(r"[\w./:@-]{1,120}")


@dataclass(frozen=True, slots=True)
class Connection:
    """A place that could be connected.

    Attributes:
        shown_by: what in the repository shows it.
        needs: what has to be set for it; nothing when it is.
        lights: what it would make visible.
    """

    source: str
    title: str
    place: str
    shown_by: str
    needs: str
    lights: tuple[str, ...]

    @property
    def named(self) -> str:
        """As it is written in the settings."""
        return f"{self.source}:{self.place}"


def look(path: Path) -> list[Connection]:
    """What a repository shows of the systems around it, the forge first.

    Raises:
        GitError, NotARepositoryError: it cannot be read.
    """
    with closing(open_repository(path)) as repository:
        address = remote_url(repository)
        slug = slug_of(address)
        found = list(_forge(address, slug))
        names = _files(repository)
        keys = _project(repository)
        for source in SOURCES:
            if source.name not in {c.source for c in found}:
                found += _signs(source, repository, names, keys, slug)
        return found


def _forge(address: str, slug: str) -> Iterator[Connection]:
    place = forge_of(host_of(address), slug, path_of(address))
    if place is not None:
        token = token_of(place.door)
        needs = "" if token else f"a token in {' or '.join(place.door.secrets)}"
        yield _connection(place.source, place.name, f"the remote {host_of(address)}", needs)


def _signs(
    source: Source, repository: Repository, names: set[str], keys: str, slug: str
) -> Iterator[Connection]:
    face = source.interface
    if face is None:
        return
    for sign in source.signs:
        place = _shown(sign, repository, names, keys)
        if place is not None:
            own = (
                f"{face.where or f'{source.name.upper()}_URL'} and "
                if not face.door("", {})
                else ""
            )
            otherwise = sign.named.format(slug=slug) if slug else ""
            named = place or otherwise or face.place.removeprefix("a ").replace(" ", "-").upper()
            shown = sign.path or "keys of tickets in the subjects of commits"
            yield _connection(source, named, shown, f"{own}{face.usual.secrets[0]}")
            return


def _shown(sign: Sign, repository: Repository, names: set[str], keys: str) -> str | None:
    """The place a sign shows, an empty text when only the source shows; nothing when it is not there."""
    if not sign.path:
        return keys or None
    if sign.path not in names:
        return None
    text = _text(repository, "show", f"{head_commit(repository)}:{sign.path}") if sign.place else ""
    told = re.search(sign.place, text, re.MULTILINE) if sign.place else None
    return told[1] if told and _PLACE.fullmatch(told[1]) else ""


def _project(repository: Repository) -> str:
    """The project whose tickets are named most often by the newest commits."""
    subjects = _text(
        repository, "log", f"-{SUBJECTS}", "--format=%s", head_commit(repository)
    ).splitlines()
    links = (link.target for subject in subjects for link in features(subject).links)
    found = Counter(told[1] for target in links if (told := _KEY.fullmatch(target)))
    [(project, count)] = found.most_common(1) or [("", 0)]
    return project if count >= LEAST else ""


def _connection(source: Source, place: str, shown: str, needs: str) -> Connection:
    lights = tuple(dict.fromkeys(kind.lights for kind in source.kinds if kind.listing))
    return Connection(source.name, source.title, place, shown, needs, lights)


def _files(repository: Repository) -> set[str]:
    return set(
        _text(repository, "ls-tree", "-r", "--name-only", head_commit(repository)).splitlines()
    )


def _text(repository: Repository, *arguments: str) -> str:
    """What git prints, as far as it is wanted; nothing for an empty repository or a missing file."""
    try:
        out = repository.run(*arguments).out
    except GitError:
        return ""
    return out[: LONGEST if arguments[0] == "show" else None].decode("utf-8", "replace")


def settings(found: list[Connection]) -> str:
    """A commented `trueup.toml`."""
    lines = [
        "# Settings of trueup, kept beside the code. Secrets and addresses come from the environment alone.",
        "# Everything here is optional: what stands behind a # is the default or a proposal.",
        "",
        '# branch = "main"        # the line work should land on, where it is not found by itself',
        "# workers = 2            # processes that read git",
        "",
    ]
    others = [c for c in found if not c.shown_by.startswith("the remote")]
    for one in found:
        lines += [f"# {one.title}: shown by {one.shown_by}."]
        lines += [f"#   It would show {light}." for light in one.lights[:4]]
        lines += [f"#   It needs {one.needs}." if one.needs else "#   It is read with each scan."]
    if not found:
        lines += [
            "# Nothing in this repository shows a forge, a tracker or a CI that can be connected."
        ]
    lines += ["# connect = [", *(f'#   "{one.named}",' for one in others), "# ]", ""]
    lines += [
        "# [[team]]",
        '# name = "payments"',
        '# members = ["ada@example.org"]   # or paths = ["payments/"]',
        "",
        "# [policy]",
        "# ledger_months = 24",
        "",
    ]
    return "\n".join(lines)


def write_settings(folder: Path, text: str) -> Path:
    """Settings in a folder that has none.

    Raises:
        ConfigError: there are some, or it cannot be written.
    """
    path = folder / NAME
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        remedy = "Look at what would be written: trueup init --print."
        raise ConfigError("there are settings already", where=str(path), remedy=remedy) from error
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", where=str(path)) from error
    return path
