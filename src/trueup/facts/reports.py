"""Where, when and on what reports of tests and coverage were made: they say little, and each in its way."""

from __future__ import annotations

import hashlib
import math
import re
from typing import TYPE_CHECKING

from trueup.facts.addresses import path_of
from trueup.facts.rows import OddRecordError, UnplacedError
from trueup.kernel.clock import moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.rows import Rows

#: Longer names are cut; their hash keeps them apart.
LONGEST_NAME = 1_000
LONGEST_PATH = 4_096
#: No test takes ten years.
LONGEST_SECONDS = 10 * 365 * 86_400
#: Moments outside of these years are those of clocks and formats gone wrong.
YEARS = range(1990, 2200)

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-f]{7,63}")
_SLUG = re.compile(r"[\w.~/-]{1,200}")
_HOME = re.compile(r"(?:/home/|/Users/|\b[A-Za-z]:\\Users\\)[^/\\\s]+[/\\]")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+")
_ZONE = re.compile(r"(?:Z|[+-]\d\d:?(?:\d\d)?)$", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
#: Signs that command terminals or turn text around.
_COMMANDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]")
#: Folders that hold one folder for each person.
_HOMES = (("home",), ("users",), ("export", "home"), ("documents and settings",))


def repository(to: Rows, own: str = "") -> str:
    """The repository of a report: as the reader calls it, else as the report does.

    Raises:
        UnplacedError: nobody says.
        OddRecordError: the reader says another than the report.
    """
    told, own = str(to.about.get("place") or ""), slug_of(own)
    if not own:
        if not told:
            raise UnplacedError("it does not say which repository it is of")
        return told
    if told and _same(told, own):
        return told
    if told and not to.about.get("assumed"):
        raise OddRecordError("it says it is of another repository than --repo does")
    return own


def commit(to: Rows, own: str = "") -> str | None:
    """The full id of the commit a report was made on; nothing where nobody says.

    Raises:
        OddRecordError: the reader says another than the report.
    """
    told, own = str(to.about.get("sha") or "").lower(), own.strip().lower()
    if told and _SHORT.fullmatch(own) and not told.startswith(own):
        raise OddRecordError("it says it was made on another commit than --commit does")
    if told:
        return told
    if own and not _SHA.fullmatch(own):
        to.remark("commits that are not named in full, and so not known")
        return None
    return own or None


def slug_of(told: str) -> str:
    """`owner/name` of a repository, by its address or as it is.

    >>> slug_of("https://forge.example/acme/app.git"), slug_of("git@forge.example:x/acme/app"), slug_of("acme/app")
    ('acme/app', 'acme/app', 'acme/app')
    """
    told = told.strip()
    path = path_of(told) or told.rstrip("/").removesuffix(".git")
    if not _SLUG.fullmatch(path):
        return ""
    return "/".join([p for p in path.split("/") if p not in {"", "_git"}][-2:])


def _same(told: str, own: str) -> bool:
    """Whether two names are of one repository; one that has no remote is called as its folder."""
    told, own = told.casefold(), own.casefold()
    if "/" in told and "/" in own:
        return slug_of(told) == own
    return told.rpartition("/")[2] == own.rpartition("/")[2]


def file_path(told: str, root: str = "") -> tuple[str, bool]:
    r"""A path of a report without its machine and home folder, and whether it began at a root.

    >>> file_path("/home/ada/app/src/a.c"), file_path("C:\\Users\\x\\app\\a.cs")
    (('app/src/a.c', True), ('app/a.cs', True))
    >>> file_path("pkg/../a.py", "/srv/ci/src"), file_path("../lib/b.c"), file_path("./a.go")
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


def name_of(told: str) -> str:
    """The name of a test, without home folders, cut where it is so long that it must hold its data.

    >>> len(name_of("x" * 5_000)), name_of("test_a[1-2]"), name_of("/home/ada/app/a.test.ts")
    (1017, 'test_a[1-2]', 'app/a.test.ts')
    """
    told = _HOME.sub("", told)
    if len(told) <= LONGEST_NAME:
        return told
    digest = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{told[:LONGEST_NAME]}…{digest}"


def moment(to: Rows, told: object) -> tuple[datetime | None, bool | None]:
    """A moment as reports write it, and whether its zone is told; nothing where it is no such moment."""
    if told is None or told == "":
        return None, None
    counted = isinstance(told, int) or (isinstance(told, str) and told.strip().isdecimal())
    try:
        found = moment_of(int(str(told)) if counted else told)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        to.remark("moments that cannot be")
        return None, None
    return found, counted or bool(_ZONE.search(str(told)))


def seconds(to: Rows, told: object) -> float | None:
    """How long something took; nothing where it is no such time."""
    text = str(told if told is not None else "").strip()
    if not text:
        return None
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found <= LONGEST_SECONDS:  # nor is it so for what is no number
        to.remark("times that cannot be")
        return None
    return found


def count(to: Rows, told: object) -> int | None:
    """A count; nothing where it is none that could be."""
    text = str(told if told is not None else "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        to.remark("counts that cannot be")
        return None
    return int(text)
