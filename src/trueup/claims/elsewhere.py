"""Numbers in messages that mean issues and requests of another place.

Whoever writes `#19` means the nineteenth of where it was written. A repository that moved holds messages of where
it was, and a merge in a contributor's fork carries a number of the fork. What is known of `#19` here is not theirs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import ibis

from trueup.claims.tracker import has_issues
from trueup.facts.views.requests import at_home, has_requests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from trueup.claims.book import Book, Commit, Link
    from trueup.claims.forge import Request
    from trueup.facts.engine import Facts

#: How numbers of another place end.
ELSEWHERE = " elsewhere"
#: A number may be guessed before it is given, but not so many days before.
AHEAD = 7
#: What trackers and forges tell themselves is of this place.
_TOLD_HERE = ("forge_merge", "request_text", "tracker_event")


def set_apart(facts: Facts, books: Mapping[str, Book]) -> None:
    """Rename numbers of another place in the links of messages: ``19 elsewhere``.

    A number is of another place when it was given here only later. So it is on a merge inside other work, when
    another merge is the request of that number: it is a part of that work, and names no request at all.
    Needs `homes`, `asked` and `claim_commits`.
    """
    early = _early(facts)
    for repo, book in books.items():
        merged = {r.merge_sha: r.number for r in book.requests.values()}
        merges = {sha for sha, c in book.commits.items() if c.merge and merged}
        for sha in merges | early[repo].keys():
            links, named = book.links.get(sha, []), early[repo].get(sha, set())
            found = (_placed(book, book.commits[sha], link, named) for link in links)
            links[:] = [_by_forge(x, merged.get(sha, "")) for own in found for x in own]


def _early(facts: Facts) -> dict[str, dict[str, set[tuple[str, str]]]]:
    """Numbers, by kind, that commits name long before they were given: by repository and commit."""
    commits = facts.table("claim_commits").select("repo", "sha", "made_at")
    links = facts.table("links").select("repo", "sha", "target_kind", "target")
    links = links.inner_join(commits, ["repo", "sha"])
    of_request = links.target_kind == "pull"
    told = []
    if has_requests(facts):
        asked = facts.table("asked")
        asked = asked.select("repo", at=asked.opened_at, target=asked.sign + asked.number)
        told.append((links.filter(of_request), asked))
    if has_issues(facts):
        issues = at_home(facts, "issues").select("repo", at="happened_at", target="key")
        told.append((links.filter(~of_request), issues))
    found: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    for naming, given in told:
        named = naming.inner_join(given, ["repo", "target"])
        early = named.filter(named.made_at + ibis.interval(days=AHEAD) < named.at)
        for repo, sha, *number in facts.rows(early.select("repo", "sha", "target_kind", "target")):
            found[repo][sha].add(tuple(number))
    return found


def _placed(
    book: Book, commit: Commit, link: Link, early: Collection[tuple[str, str]]
) -> Iterable[Link]:
    """The link as it is meant; none where it says nothing."""
    if link.how in _TOLD_HERE:
        return (link,)
    request = book.requests.get(link.target) if link.relation == "pull" else None
    if request and request.delivered.get(commit.sha, "number") != "number":
        return (link,)
    if (link.kind, link.target) in early:
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
