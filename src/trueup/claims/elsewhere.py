"""Numbers in messages that mean issues and requests of another place.

Whoever writes `#19` means the nineteenth of where it was written. A repository that moved holds messages of where
it was, and a merge in a contributor's fork carries a number of the fork. What is known of `#19` here is not theirs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trueup.claims.tracker import has_issues
from trueup.facts.views.requests import at_home, has_requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trueup.claims.book import Book, Commit, Link
    from trueup.claims.forge import Request
    from trueup.facts.engine import Facts

#: A number may be guessed before it is given, but not so long before.
AHEAD = timedelta(days=7)
#: Clones of one merge in rewritten history are of about one moment.
ONE_ACT = timedelta(days=1)
#: What trackers and forges tell themselves is of this place.
_TOLD_HERE = ("forge_merge", "request_text", "tracker_event")


def set_apart(facts: Facts, books: Mapping[str, Book]) -> None:
    """Rename numbers of another place in the links of messages: ``19 elsewhere``; needs `homes` and `asked`.

    A number is of another place when it was given here only later; or on a merge, when another merge is the request of that
    number. Such a merge inside other work is a part of that, and names no request at all.
    """
    given = _given(facts)
    for repo, book in books.items():
        known = given.get(repo, {})
        for sha, links in book.links.items():
            if known and (commit := book.commits.get(sha)):
                links[:] = [x for link in links for x in _placed(book, commit, link, known)]


def _given(facts: Facts) -> dict[str, dict[str, datetime]]:
    """When the numbers of issues and requests were given, by repository."""
    found: dict[str, dict[str, datetime]] = {}
    told = []
    if has_requests(facts):
        told.append(facts.table("asked").select("repo", "key", "opened_at"))
    if has_issues(facts):
        told.append(at_home(facts, "issues").select("repo", "key", opened_at="happened_at"))
    for rows in told:
        for repo, key, at in facts.rows(rows):
            numbers = found.setdefault(repo, {})
            numbers[key] = min(at, numbers.get(key, at))
    return found


def _placed(
    book: Book, commit: Commit, link: Link, given: Mapping[str, datetime]
) -> Iterable[Link]:
    """The link as it is meant; none where it says nothing."""
    number = link.target.lstrip("#!")
    shared = link.kind == "pull" or link.target != number
    if link.how in _TOLD_HERE or not shared or not number.isdigit():
        return (link,)
    request = book.requests.get(link.target) if link.relation == "pull" else None
    if request and request.delivered.get(commit.sha, "number") != "number":
        return (link,)
    name = link.target if link.target[0] in "#!" else f"#{number}"
    moved = link._replace(target=f"{number} elsewhere")
    if name in given and commit.made_at + AHEAD < given[name]:
        return (moved,)
    if request and commit.merge and _merged_otherwise(book, commit, request):
        return (moved,) if commit.landed_by == commit.sha else ()
    return (link,)


def _merged_otherwise(book: Book, commit: Commit, request: Request) -> bool:
    """Whether another merge than this one is known to be that of the request.

    Where requests are merged by hand, forges call the last commit of the request so, which the merge brings.
    """
    merge = book.commits.get(request.merge_sha)
    if merge is None or not merge.merge or commit.sha in (merge.sha, merge.landed_by):
        return False
    return commit.second_parent != merge.sha and abs(merge.made_at - commit.made_at) > ONE_ACT
