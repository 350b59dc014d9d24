"""What a repository is called, and who an account is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.facts.addresses import slug_of
from trueup.facts.rows import OddRecordError

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows

#: Whose a record is, by its own address.
OWN = re.compile(r"/review-requests/(?P<number>\d+)/(?:reviews/(?P<review>\d+)/)?")
#: What diffs and comments are told of the repository of their request: they do not tell it themselves.
BESIDE = (
    "repository.name",
    "repository.tool",
    "repository.path",
    "repository.mirror_path",
)


def called(told: Raw) -> str:
    """What a repository is called where it is cloned from, or else in Review Board."""
    if "git" in (told.get("tool") or "").lower() or told.get("tool") == "Mercurial":
        for address in (told.get("mirror_path"), told.get("path")):
            if found := slug_of(address or ""):
                return found
    if not told.get("name"):
        raise OddRecordError("it does not say its repository")
    return str(told["name"])


def beside(to: Rows) -> str:
    """The repository that was told beside what was asked."""
    return called({field.rpartition(".")[2]: to.about.get(field) for field in BESIDE})


def needed(address: str) -> re.Match[str]:
    """The review request, and perhaps the review, that an address is below."""
    found = OWN.search(address)
    if found is None:
        raise OddRecordError("it does not say its review request")
    return found


def person(raw: Raw, field: str, repo: str, to: Rows) -> str | None:
    """The pseudonym of an account; name and address stand beside it where the token may see them."""
    told = raw.get(field) or {}
    link = (raw.get("links") or {}).get(field) or {}
    username = told.get("username") or link.get("title")
    if not username:
        return None
    own = (username, f"{username}@reviewboard.invalid")
    if told.get("email"):
        to.person(repo, told.get("fullname") or username, told["email"], own)
    return to.person(repo, *own)
