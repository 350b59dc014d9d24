"""Numbers in messages that mean issues and requests of another place.

Whoever writes `#19` means the nineteenth of where it was written. A repository that moved holds messages of where
it was, and a merge in a contributor's fork carries a number of the fork. What is known of `#19` here is not theirs.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from trueup.claims.book import ELSEWHERE
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
#: What trackers and forges tell themselves is of this place.
_TOLD_HERE = ("forge_merge", "request_text", "tracker_event")


class _Given(NamedTuple):
    """When numbers were given here, as messages write them: requests (``5``, ``!5``) and issues (``#5``)."""

    requests: dict[str, datetime]
    issues: dict[str, datetime]


def set_apart(facts: Facts, books: Mapping[str, Book]) -> None:
    """Rename numbers of another place in the links of messages: ``19 elsewhere``; needs `homes` and `asked`.

    A number is of another place when it was given here only later. So it is on a merge inside other work, when
    another merge is the request of that number: it is a part of that work, and names no request at all.
    """
    given = _given(facts)
    for repo, book in books.items():
        if repo in given:
            merged = {r.merge_sha: r.number for r in book.requests.values()}
            for sha, links in book.links.items():
                if commit := book.commits.get(sha):
                    found = (_placed(book, commit, link, given[repo]) for link in links)
                    links[:] = [_by_forge(x, merged.get(sha, "")) for own in found for x in own]


def _given(facts: Facts) -> dict[str, _Given]:
    found: dict[str, _Given] = defaultdict(lambda: _Given({}, {}))
    if has_requests(facts):
        asked = facts.table("asked").filter(lambda t: t.opened_at.notnull())
        for repo, sign, number, at in facts.rows(
            asked.select("repo", "sign", "number", "opened_at")
        ):
            found[repo].requests[f"{sign or ''}{number}"] = at
    if has_issues(facts):
        issues = at_home(facts, "issues").filter(lambda t: t.happened_at.notnull())
        for repo, key, at in facts.rows(issues.select("repo", "key", "happened_at")):
            found[repo].issues[key] = at
    return found


def _placed(book: Book, commit: Commit, link: Link, given: _Given) -> Iterable[Link]:
    """The link as it is meant; none where it says nothing."""
    if link.how in _TOLD_HERE:
        return (link,)
    of_request = link.kind == "pull"
    request = book.requests.get(link.target) if link.relation == "pull" else None
    if request and request.delivered.get(commit.sha, "number") != "number":
        return (link,)
    at = (given.requests if of_request else given.issues).get(link.target)
    if at is not None and commit.made_at + AHEAD < at:
        return (link._replace(target=f"{link.target}{ELSEWHERE}"),)
    return () if request and _inside(book, commit, request) else (link,)


def _inside(book: Book, commit: Commit, request: Request) -> bool:
    """Whether it is a merge inside other work, and another merge is known to be that of the request.

    Where requests are merged by hand, forges call the last commit of the request so, which the merge brings; and
    rewritten history holds a merge twice.
    """
    merge = book.commits.get(request.merge_sha)
    if merge is None or not (commit.merge and merge.merge):
        return False
    inside = commit.landed_by not in ("", commit.sha)
    again = merge.authored_at == commit.authored_at
    return inside and not again and commit.second_parent != merge.sha


def _by_forge(link: Link, number: str) -> Link:
    """What carries another number, but is the merge of a request here by the forge, is that request's."""
    if number and link.relation == "pull" and link.target.endswith(ELSEWHERE):
        return link._replace(target=number, how="forge_merge")
    return link
