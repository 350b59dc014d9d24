"""Paths as reports name them: from the root of a machine, or as they stand in a repository."""

from __future__ import annotations

import re

from trueup.facts.rows import OddRecordError

LONGEST_PATH = 4_096
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
#: Signs that command terminals or turn text around.
_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]")
#: Folders that hold one folder for each person.
_HOMES = (("home",), ("users",), ("export", "home"), ("documents and settings",))
#: Where builds check out by default: GitHub's runners and its containers, Azure, CircleCI, Bitbucket.
_CHECKED_OUT = re.compile(
    r"(?:/home/runner/\w+/([^/]+)/\1|[a-z]:/a/([^/]+)/\2|/github/workspace|/home/vsts/\w+/\d+/s"
    r"|[a-z]:/a/\d+/s|/home/circleci/project|/opt/atlassian/pipelines/agent/build)/",
    re.IGNORECASE,
)


def reported_path(told: str, root: str = "") -> tuple[str, bool]:
    r"""A path of a report without its machine and home folder, and whether it began at a root.

    >>> reported_path("/home/ada/app/src/a.c"), reported_path("C:\\Users\\x\\app\\a.cs")
    (('app/src/a.c', True), ('app/a.cs', True))
    >>> reported_path("pkg/../a.py", "/srv/ci/src"), reported_path("../lib/b.c"), reported_path("./a.go")
    (('srv/ci/src/a.py', True), ('lib/b.c', False), ('a.go', False))
    """
    told, root = _plain(told), _plain(root)
    if root and not told.startswith("/"):
        told = f"{root.rstrip('/')}/{told}"
    absolute = told.startswith("/")
    parts: list[str] = []
    for part in told.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(_without_home(parts) if absolute else parts), absolute


def _plain(told: str) -> str:
    """A path with one kind of slash, from the root of its drive."""
    told = told.strip().removeprefix("file://")
    if _DRIVE.match(told):
        told = told[2:]
    return told.replace("\\", "/") if "/" not in told else told


def _without_home(parts: list[str]) -> list[str]:
    for home in _HOMES:
        size = len(home)
        if tuple(p.lower() for p in parts[:size]) == home and len(parts) > size + 1:
            return parts[size + 1 :]
    return parts


def path_within(path: str, repo: str) -> str | None:
    """A path as it stands in the repository; nothing where it shows a place on a machine only.

    >>> path_within("/home/runner/_work/app/app/src/a.py", "acme/app"), path_within("./src/../b.py", "")
    ('src/a.py', 'b.py')
    >>> path_within("/builds/acme/team/app/a.py", "acme/app"), path_within("/Users/x/a.py", "acme/app")
    ('a.py', None)
    """
    plain = path.replace("\\", "/")
    if match := _CHECKED_OUT.match(plain):
        plain = plain[match.end() :]
    elif plain.startswith("/builds/"):
        # GitLab: groups of any depth, then the project.
        plain = plain.partition(f"/{repo.rpartition('/')[2]}/")[2] or plain
    kept: list[str] = []
    for part in plain.split("/"):
        if part == ".." and kept:
            kept.pop()
        elif part == ".." or part.endswith(":"):
            return None
        elif part not in {"", "."}:
            kept.append(part)
    return "/".join(kept) if kept and not plain.startswith("/") else None


def checked_path(path: str) -> str:
    """The path, which can be one.

    Raises:
        OddRecordError: it cannot.
    """
    if not path:
        raise OddRecordError("a file has no name")
    if len(path) > LONGEST_PATH or _COMMANDS.search(path):
        raise OddRecordError("the name of a file is too long, or holds signs that no name has")
    return path
