"""Paths as reports name them: from the root of a machine, or as they stand in a repository."""

from __future__ import annotations

import re

from trueup.facts.rows import OddRecordError

LONGEST_PATH = 4_096
_SCHEME = re.compile(r"^file:(?://)?(?=/)", re.IGNORECASE)
#: The drive of a path, as Windows, WSL, Cygwin and Git Bash write it.
_DRIVE = re.compile(
    r"^(?:/*(?:\?/)?[a-z]:|/(?:mnt|cygdrive)/[a-z]|/[a-z](?=/users/))(?=/)", re.IGNORECASE
)
#: Signs that command terminals or turn text around.
_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]")
#: Folders that hold one folder for each person; what they lie in, and what they lie in below a name.
_HOMES = frozenset(["home", "users", "home$", "users$", "documents and settings"])
_ABOVE = frozenset("var usr export exports data nfs".split())
_ABOVE_NAMED = frozenset("mnt media net volumes".split())
#: Where builds check out by default: GitHub's runners and its containers, Azure, CircleCI, Bitbucket, Jenkins.
_CHECKED_OUT = re.compile(
    r"(?:/home/runner/\w+/([^/]+)/\1|[a-z]:/a/([^/]+)/\2|/github/workspace|/home/vsts/\w+/\d+/s"
    r"|[a-z]:/a/\d+/s|/home/circleci/project|/opt/atlassian/pipelines/agent/build"
    r"|/__w/([^/]+)/\3|(?:[a-z]:)?/(?:[^/]+/){0,4}?[^/]*jenkins[^/]*/(?:[^/]+/)?workspace/[^/]+)/",
    re.IGNORECASE,
)


def reported_path(told: str, root: str = "") -> tuple[str, bool]:
    r"""A path of a report without its machine and home folder, and whether it began at a root.

    >>> reported_path("/home/ada/app/src/a.c"), reported_path("C:\\Users\\x\\app\\a.cs")
    (('app/src/a.c', True), ('app/a.cs', True))
    >>> reported_path("/mnt/c/Users/ada/a.py"), reported_path("//files/home/ada/a.c"), reported_path("/app/users/x/a.py")
    (('a.py', True), ('a.c', True), ('app/users/x/a.py', True))
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
    if absolute and parts:
        parts = _without_home(parts, shared=told.startswith("//"))
    return "/".join(parts), absolute


def _plain(told: str) -> str:
    """A path with one kind of slash, from the root of its drive."""
    return _DRIVE.sub("", _SCHEME.sub("", told.strip().replace("\\", "/")))


def _without_home(parts: list[str], *, shared: bool) -> list[str]:
    """What is below a home folder; deeper down, folders of that name are of a product: `/app/users/`."""
    first = parts[0].lower()
    deepest = 3 if shared or first in _ABOVE_NAMED else 2 if first in _ABOVE else 1
    for number, part in enumerate(parts[:deepest], 1):
        if part.lower() in _HOMES and len(parts) > number + 1:
            return parts[number + 1 :]
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
