"""Reading the facts claims are judged by, once, into one book for each repository."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import ibis

from trueup.claims.book import NAMES_TICKETS, Blamed, Book, Commit, Entry, Link, Mark, Ran, Release
from trueup.claims.elsewhere import set_apart
from trueup.claims.forge import read_requests
from trueup.claims.tracker import has_issues, home_of, project, read_issues
from trueup.facts.views.deployments import deployments, has_deployments, keep_brought
from trueup.facts.views.requests import at_home, has_requests
from trueup.facts.views.tested import keep_tested
from trueup.facts.views.tested_lines import through_tests

if TYPE_CHECKING:
    from datetime import datetime

    from trueup.facts.engine import Facts

#: Trailers that name somebody who made a change together with its author.
MAKER_KEYS = ("co-authored-by", "co-developed-by")


def read_books(facts: Facts) -> dict[str, Book]:
    """All repositories; needs the kept tables `made`, `actors`, `inspections`, `commit_scope`."""
    books: dict[str, Book] = defaultdict(lambda: Book(""))
    for row in facts.rows(_commits(facts)):
        commit = Commit(*row)
        book = books[commit.repo]
        book.repo = commit.repo
        book.commits[commit.sha] = commit
    _read_links(facts, books)
    _read_marks(facts, books)
    _read_places(facts, books)
    _read_releases(facts, books)
    _read_tracker(facts, books)
    _read_runs(facts, books)
    found = {repo: book for repo, book in sorted(books.items()) if book.repo}
    for book in found.values():
        book.index()
    return found


def _read_links(facts: Facts, books: dict[str, Book]) -> None:
    links = facts.table("links").semi_join(facts.table("claim_span"), ["repo", "sha"])
    columns = ["repo", "sha", "relation", "target_kind", "target", "how", "confidence"]
    for repo, sha, *link in facts.rows(links.select(*columns).order_by("repo", "sha")):
        books[repo].links[sha].append(Link(*link))
    if has_requests(facts):
        _read_requests(facts, books)
    if has_issues(facts):
        _read_closed(facts, books)
    for book in books.values():
        for rows in book.links.values():
            rows.sort()


def _read_requests(facts: Facts, books: dict[str, Book]) -> None:
    """What the forge says of commits: the request they came with, and the issues that one closes."""
    merged = facts.table("asked").filter(lambda t: t.status == "merged")
    delivered = facts.table("delivered").semi_join(facts.table("claim_span"), ["repo", "sha"])
    delivered = delivered.semi_join(merged, ["repo", "number"])
    # What a merge brought stands for itself; what was put on the line one by one is one request's.
    brought = delivered.filter(lambda t: t.how == "brought")
    alone = delivered.filter(lambda t: t.how.isin(("listed", "author_date")) & t.landed)
    alone = alone.anti_join(brought, ["repo", "number", "sha"])
    merges = delivered.filter(lambda t: t.how == "merge")
    merges = ibis.union(merges, alone).select("repo", "sha", "number").distinct()
    said = at_home(facts, "item_links").filter(
        lambda t: t.item_kind == "request", lambda t: t.relation.isin(("closes", "part_of"))
    )
    said = said.rename(number="item").select(
        "repo", "number", "relation", "target_kind", "target", "confidence"
    )
    for repo, sha, number in facts.rows(merges.order_by("repo", "sha", "number")):
        if not books[repo].pull(sha):
            books[repo].links[sha].append(Link("pull", "pull", number, "forge_merge", 0.99))
    columns = ("repo", "sha", "relation", "target_kind", "target", "confidence")
    closing = merges.inner_join(said, ["repo", "number"]).select(*columns)
    for repo, sha, relation, kind, target, confidence in facts.rows(closing):
        _add(books[repo], sha, Link(relation, kind, target, "request_text", confidence))


def _read_closed(facts: Facts, books: dict[str, Book]) -> None:
    """Issues of which the tracker says that a commit closed them."""
    told = at_home(facts, "item_links")
    closed = told.filter(
        told.item_kind == "issue", told.relation == "closed_by", told.target_kind == "commit"
    ).select("repo", "item", sha="target", confidence="confidence")
    closed = closed.semi_join(facts.table("claim_span"), ["repo", "sha"])
    for repo, issue, sha, confidence in facts.rows(closed.order_by("repo", "sha", "item")):
        _add(books[repo], sha, Link("closes", "issue", issue, "tracker_event", confidence))


def _add(book: Book, sha: str, link: Link) -> None:
    known = book.links[sha]
    if (link.relation, link.target) not in {(x.relation, x.target) for x in known}:
        known.append(link)


def _read_tracker(facts: Facts, books: dict[str, Book]) -> None:
    """Merged requests and closed issues; of trackers without a clone a book of its own."""
    for repo, requests in read_requests(facts).items():
        for request in requests.values():
            books[repo].requests[request.number] = request
            if request.sign:
                books[repo].requests[f"{request.sign}{request.number}"] = request
    set_apart(facts, books)
    prefixes = {repo: _projects(book) for repo, book in books.items()}
    since = facts.value(facts.table("made").made_at.min())
    closed = _closed(books) if has_issues(facts) else {}
    for issue in read_issues(facts, since):
        repo = home_of(issue, prefixes)
        names = {f"{place}{issue.key}".lower() for place in (repo, issue.place)}
        told = [one for name in names for one in closed.get(name, ())]
        if told and all(where != repo for _, where, _ in told):
            _, repo, issue.key = min(told)  # work of another repository, which is a claim there
        books[repo].repo = repo
        books[repo].issues[issue.key] = issue
    if has_issues(facts):
        _read_mentions(facts, books)
        _read_causes(facts, books)


def _closed(books: dict[str, Book]) -> dict[str, list[tuple[datetime, str, str]]]:
    """Issues that commits say they close: by whole name when, in which repository, and as what."""
    found: dict[str, list[tuple[datetime, str, str]]] = defaultdict(list)
    for repo, book in books.items():
        for sha, links in book.links.items():
            for x in links:
                if x.relation == "closes" and "#" in x.target and sha in book.commits:
                    name = x.target if "/" in x.target else f"{repo}{x.target}"
                    found[name.lower()].append((book.commits[sha].at, repo, x.target))
    return found


def _read_mentions(facts: Facts, books: dict[str, Book]) -> None:
    """Closed issues that a merged request or, by the tracker, a commit names, though not to close them."""
    told = at_home(facts, "item_links").filter(lambda t: t.relation.isin(("mentions", "relates")))
    span = facts.table("claim_span")
    by_commit = told.filter(told.item_kind == "issue", told.target_kind == "commit")
    found = by_commit.select("repo", sha="target", issue="item").semi_join(span, ["repo", "sha"])
    if has_requests(facts):
        merges = facts.table("delivered").filter(lambda t: t.how == "merge")
        named = told.filter(told.item_kind == "request", told.target_kind == "issue")
        named = named.select("repo", number="item", issue="target")
        by_request = named.inner_join(merges, ["repo", "number"]).select("repo", "sha", "issue")
        found = ibis.union(found, by_request.semi_join(span, ["repo", "sha"]))
    for repo, sha, issue in facts.rows(found.distinct().order_by("repo", "sha", "issue")):
        if issue in books[repo].issues and sha in books[repo].commits:
            _add(books[repo], sha, Link("mentions", "issue", issue, "tracker_event", 0.8))


def _read_causes(facts: Facts, books: dict[str, Book]) -> None:
    """Incidents that name the request or commit they come from."""
    told = at_home(facts, "item_links").filter(lambda t: t.relation == "caused_by")
    incidents = at_home(facts, "issues").filter(lambda t: t.kind == "incident")
    named = incidents.select("repo", "happened_at", item="key").inner_join(
        told.select("repo", "item", "target_kind", "target"), ["repo", "item"]
    )
    rows = named.select("repo", "item", "happened_at", "target_kind", "target")
    for repo, *blamed in facts.rows(rows.order_by("repo", "item", "target")):
        books[repo].blamed.append(Blamed(*blamed))


def _projects(book: Book) -> Counter[str]:
    """How often commits name each project of a tracker."""
    named = (
        x.target for links in book.links.values() for x in links if x.relation in NAMES_TICKETS
    )
    return Counter(found for key in named if (found := project(key)))


def _read_runs(facts: Facts, books: dict[str, Book]) -> None:
    """What became of the tests of commits, what was deployed, and how many lines people wrote."""
    keep_tested(facts)
    ran = facts.table("tested").select("repo", "sha", "outcome", "told", "happened_at")
    for repo, *run in facts.rows(ran.order_by("repo", "sha")):
        books[repo].tested[run[0]] = Ran(*run)
    for (repo, sha), through in through_tests(facts).items():
        books[repo].through[sha] = through
    if has_deployments(facts):
        _read_deployments(facts, books)
    if has_requests(facts):
        touched = facts.table("touches").group_by("repo", "sha").agg(lines=lambda t: t.added.sum())
        for repo, sha, lines in facts.rows(touched.filter(lambda t: t.lines.notnull())):
            books[repo].written[sha] = lines


def _read_deployments(facts: Facts, books: dict[str, Book]) -> None:
    """The first deployment to production that brought a commit, where it is known to be the first."""
    keep_brought(facts)
    kinds = deployments(facts).filter(lambda t: t.environment_kind == "production")
    brought = facts.table("brought").filter(lambda t: ~t.censored)
    brought = brought.semi_join(kinds, ["repo", "deployment"]).rename(moment="at")
    brought = brought.semi_join(facts.table("claim_span"), ["repo", "sha"])
    for repo, sha, at, deployment in facts.rows(
        brought.select("repo", "sha", "moment", "deployment").order_by("repo", "sha", "moment")
    ):
        books[repo].deployed.setdefault(sha, (at, deployment))


def _read_marks(facts: Facts, books: dict[str, Book]) -> None:
    """Who looked, who made it together, and who may be one person."""
    marks = facts.table("inspections").select("repo", "sha", "how", "by")
    for repo, sha, how, by in facts.rows(marks):
        books[repo].inspected[sha].add(Mark(how, by))
    trailers = facts.table("trailers").filter(lambda t: t["key"].isin(MAKER_KEYS))
    named = trailers.semi_join(facts.table("claim_span"), ["repo", "sha"])
    actors = facts.table("actors").select(maker="actor", named="identity")
    told = named.select("repo", "sha", named="actor").inner_join(actors, "named")
    for repo, sha, maker in facts.rows(told.select("repo", "sha", "maker")):
        books[repo].makers[sha].add(maker)
    same = facts.table("actors").filter(lambda t: t.actor != t.alike)
    alike = dict(facts.rows(same.select("actor", "alike").distinct()))
    for book in books.values():
        book.alike = alike


def _read_places(facts: Facts, books: dict[str, Book]) -> None:
    """Release branches and releases that hold a commit, and the area or team it belongs to."""
    span = facts.table("claim_span")
    landings = facts.table("landings").filter(lambda t: t.line != "default")
    off = landings.semi_join(span, ["repo", "sha"]).order_by("repo", "sha", "line")
    for repo, sha, line in facts.rows(off.select("repo", "sha", "line")):
        books[repo].lines[sha].append(line)
    inside = facts.table("containments").semi_join(span, ["repo", "sha"])
    inside = inside.select("repo", "sha", "tag").order_by("repo", "sha", "tag")
    for repo, sha, tag in facts.rows(inside):
        books[repo].first_in[sha].append(tag)
    scopes = facts.table("commit_scope").select("repo", "sha", "scope")
    for repo, sha, scope in facts.rows(scopes):
        books[repo].scopes[sha] = scope


def touched_files(facts: Facts, shas: set[str]) -> dict[str, dict[str, str]]:
    """Path and role of the files people write, for some commits."""
    import pyarrow as pa

    if not shas:
        return {}
    wanted = facts.keep("wanted", pa.table({"sha": pa.array(sorted(shas), pa.string())}))
    rows = facts.table("touches").semi_join(wanted, "sha").select("sha", "path", "role")
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for sha, path, role in facts.rows(rows):
        found[sha][path] = role
    return found


def _commits(facts: Facts) -> ibis.Table:
    commits = facts.table("commits")
    oldest = facts.table("made").made_at.min().as_scalar()
    landed = facts.table("landings").filter(lambda t: t.line == "default")
    landed = landed.select("repo", "sha", "landed_by", "landed_at")
    changes = facts.table("changes").semi_join(
        commits.filter(commits.happened_at >= oldest), ["repo", "sha"]
    )
    touched = changes.group_by("repo", "sha").agg(files=lambda t: t.count())
    actors = facts.table("actors").select(author="identity", actor="actor", kind="kind")
    spanned = commits.filter(commits.happened_at >= oldest)
    joined = (
        spanned.left_join(landed, ["repo", "sha"])
        .left_join(touched, ["repo", "sha"])
        .left_join(actors, "author")
    )
    rows = joined.select(
        "repo",
        "sha",
        "actor",
        "kind",
        subject="subject_id",
        made_at="happened_at",
        authored_at="authored_at",
        landed_at="landed_at",
        landed_by=joined.landed_by.fill_null(""),
        merge=joined.parents.length() > 1,
        first_parent=ibis.cases((joined.parents.length() > 0, joined.parents[0]), else_=""),
        second_parent=ibis.cases((joined.parents.length() > 1, joined.parents[1]), else_=""),
        files=joined.files.fill_null(0),
    )
    kept = facts.keep("claim_commits", rows)
    facts.keep("claim_span", kept.select("repo", "sha"))
    return facts.table("claim_commits").order_by("repo", "made_at", "sha")


def _read_releases(facts: Facts, books: dict[str, Book]) -> None:
    releases = facts.table("releases").select(
        "repo", "tag", "happened_at", "contains", "prerelease"
    )
    releases = releases.order_by("repo", "tag")
    for repo, tag, at, contains, prerelease in facts.rows(releases):
        books[repo].releases[tag] = Release(tag, at, frozenset(contains), prerelease)
    notes = facts.table("release_notes").select(
        "repo", "tag", "target", "happened_at", "commit", "written_with"
    )
    for repo, tag, target, at, commit, with_it in facts.rows(notes):
        books[repo].entries.append(Entry(tag, target, at, commit or "", with_it or ""))
    for book in books.values():
        book.entries.sort()
