"""Where, when and on what reports and other documents were made: they say little, and each in its way."""

from __future__ import annotations

import hashlib
import math
import re
from typing import TYPE_CHECKING, NamedTuple

from trueup.facts.addresses import path_of, pointed_at, sha_of
from trueup.facts.rows import OddRecordError, UnplacedError
from trueup.kernel.clock import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trueup.facts.rows import Rows

#: Longer names are cut; their hash keeps them apart.
LONGEST_NAME = 1_000
#: No test takes ten years.
LONGEST_SECONDS = 10 * 365 * 86_400
#: Moments outside of these years are those of clocks and formats gone wrong.
YEARS = range(1990, 2200)

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-f]{7,63}")
_SLUG = re.compile(r"[\w.~/-]{1,200}")
#: A home folder in the name of a test, where a path begins and goes on after it. In lower case, `/users/42/` is
#: a route of a service, but on a drive.
_HOME = re.compile(
    r"(^|[\s\"'`(\[{<=,;|]|file:/{0,2}(?=/))(?:"
    r"(?:/?[a-z]:|(?:/mnt|/cygdrive)?/[a-z])[\\/]+(?:users|documents and settings)[\\/]+([^\\/\r\n\"']+)"
    r"|\\{2,}[^\\/\s]+(?:\\+[^\\/\s]+)?\\+(?:home|users)\$?\\+([^\\/\r\n\"']+)"
    r"|(?:/(?:var|usr|exports?|data|nfs))?/(?:home|(?-i:Users))/([^\\/\s]+)"
    r")[\\/]+(?=[^\s\\/])",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+")
#: After a time only: what `2024-03-01` ends in is no zone.
_ZONE = re.compile(r":\d\d(?:[.,]\d+)?\s*(?:Z|[+-]\d\d:?(?:\d\d)?)$", re.IGNORECASE)

#: Names of projects, not of folders on a machine.
_NAME = re.compile(r"@?\w[\w.+~-]*(?:/[\w.+~-]+)*|\w[\w.+~-]+(?:[/:][\w.+~-]+)+")


def repository(to: Rows, own: str = "") -> str:
    """The repository of a report: as the reader calls it, else as the report does.

    Raises:
        UnplacedError: nobody says.
        OddRecordError: the reader says another than the report.
    """
    told, own = str(to.about.get("place") or ""), _called(own)
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


def _called(told: str) -> str:
    """`owner/name` of a repository, by its address or as it is.

    >>> _called("https://forge.example/acme/app.git"), _called("git@forge.example:x/acme/app"), _called("acme/app")
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
        return _called(told) == own
    return told.rpartition("/")[2] == own.rpartition("/")[2]


class Origin(NamedTuple):
    """What a document is about: a repository, and where known the commit."""

    repo: str
    sha: str | None


def origin_of(
    to: Rows, told: Iterable[tuple[object, object]], names: Iterable[object] = ()
) -> Origin:
    """The repository and commit of a document: as given beside it, else as it says itself.

    Args:
        to: rows of the record, which know what was given beside it.
        told: addresses (or purls) of a repository with commits, the surest first.
        names: of what is looked at, where no address says more; paths are none.

    Raises:
        UnplacedError: nothing says which repository it is about.
    """
    pairs = [(pointed_at(str(address or "")), sha_of(str(sha or ""))) for address, sha in told]
    said = [(slug, sha or pinned) for (slug, pinned), sha in pairs if slug]
    own = next((slug for slug, _ in said), "")
    given = str(to.about.get("place") or "")
    # Where nobody said anything but there is only one repository, what the document says counts more.
    repo = own or given if to.about.get("assumed") else given or own
    repo = repo or next((n for n in names if isinstance(n, str) and _NAME.fullmatch(n)), "")
    if not repo:
        raise UnplacedError("it does not say which repository it is of")
    looked_at = sha_of(str(to.about.get("sha") or ""))
    # A commit of another repository than the one given is none of this one.
    pinned = next((sha for slug, sha in said if sha and slug.lower() == repo.lower()), "")
    return Origin(repo, looked_at or pinned or None)


def name_of(to: Rows, told: str) -> str:
    """The name of a test, cut where it is so long that it must hold its data.

    Of a home folder a pseudonym is left: what looks like one may be a route, `/home/eu/prices`.
    """
    told = _HOME.sub(lambda m: f"{m[1]}~/{to.sealed(m[2] or m[3] or m[4])[:9]}/", told)
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
