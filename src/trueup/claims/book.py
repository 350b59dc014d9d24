"""The facts a claim is judged by, read once and looked up by commit."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import ibis

    from trueup.facts.engine import Facts


class Commit(NamedTuple):
    """A commit as claims see it; ``landed_at`` is empty when it is not on the default branch."""

    repo: str
    sha: str
    actor: str
    kind: str
    subject: str
    made_at: datetime
    authored_at: datetime
    landed_at: datetime | None
    landed_by: str
    merge: bool
    second_parent: str
    files: int

    @property
    def at(self) -> datetime:
        """When it appeared on the default branch, or else when it was made."""
        return self.landed_at or self.made_at


class Link(NamedTuple):
    """A pointer out of a commit; see the table `links`."""

    relation: str
    kind: str
    target: str
    how: str
    confidence: float


class Release(NamedTuple):
    """A release: when it was made and which earlier ones it contains."""

    tag: str
    made_at: datetime
    contains: frozenset[str]
    prerelease: bool


class Entry(NamedTuple):
    """An entry of release notes."""

    tag: str
    target: str
    at: datetime
    commit: str


@dataclass
class Book:
    """One repository."""

    repo: str
    commits: dict[str, Commit] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    inspected: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    first_in: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    releases: dict[str, Release] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    scopes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sorted: list[str] = []
        self.brought: dict[str, list[str]] = {}
        self.by_subject: dict[str, list[Commit]] = {}
        self.twins: dict[str, list[str]] = {}  # commits elsewhere that are the same as this one

    def index(self) -> None:
        """Make the look-ups that need all commits."""
        self._sorted = sorted(self.commits)
        self.brought = defaultdict(list)
        self.by_subject = defaultdict(list)
        for commit in self.commits.values():
            if commit.landed_at is not None:
                self.by_subject[commit.subject].append(commit)
                if commit.landed_by != commit.sha and not commit.merge:
                    self.brought[commit.landed_by].append(commit.sha)
        self.twins = defaultdict(list)
        for sha in sorted(self.links):
            for twin in self.of(sha, "same_change"):
                self.twins[twin.target].append(sha)
        for found in self.by_subject.values():
            found.sort(key=lambda c: (c.at, c.sha))

    def resolve(self, prefix: str) -> Commit | None:
        """The one commit whose id starts so."""
        if found := self.commits.get(prefix):
            return found
        low = bisect_left(self._sorted, prefix)
        high = bisect_left(self._sorted, prefix + "g")
        return self.commits[self._sorted[low]] if high - low == 1 else None

    def of(self, sha: str, *relations: str) -> Iterator[Link]:
        """Links of a commit with one of these relations."""
        return (x for x in self.links.get(sha, ()) if x.relation in relations)

    def pull(self, sha: str) -> str:
        """The merged request a commit names as its own, or an empty string."""
        return next((x.target for x in self.of(sha, "pull")), "")

    def releases_with(self, sha: str) -> set[str]:
        """The releases that first contain a commit."""
        return set(self.first_in.get(sha, ()))


def read_books(facts: Facts) -> dict[str, Book]:
    """All repositories; needs the kept tables `made`, `actors`, `inspections`, `commit_scope`."""
    books: dict[str, Book] = defaultdict(lambda: Book(""))
    for row in _rows(facts, _commits(facts)):
        commit = Commit(*row)
        book = books[commit.repo]
        book.repo = commit.repo
        book.commits[commit.sha] = commit
    spanned = facts.table("claim_span")
    links = facts.table("links").semi_join(spanned, ["repo", "sha"])
    columns = ["repo", "sha", "relation", "target_kind", "target", "how", "confidence"]
    for repo, sha, *link in _rows(facts, links.select(*columns)):
        books[repo].links[sha].append(Link(*link))
    for found in books.values():
        for rows in found.links.values():
            rows.sort()
    for repo, sha, how in _rows(facts, facts.table("inspections").select("repo", "sha", "how")):
        books[repo].inspected[sha].add(how)
    landings = facts.table("landings").filter(lambda t: t.line != "default")
    off = landings.semi_join(spanned, ["repo", "sha"]).order_by("repo", "sha", "line")
    for repo, sha, line in _rows(facts, off.select("repo", "sha", "line")):
        books[repo].lines[sha].append(line)
    inside = facts.table("containments").semi_join(spanned, ["repo", "sha"])
    for repo, sha, tag in _rows(facts, inside.select("repo", "sha", "tag")):
        books[repo].first_in[sha].append(tag)
    _read_releases(facts, books)
    for repo, sha, scope in _rows(
        facts, facts.table("commit_scope").select("repo", "sha", "scope")
    ):
        books[repo].scopes[sha] = scope
    for book in books.values():
        book.index()
    return dict(sorted((k, v) for k, v in books.items() if v.repo))


def touched_files(facts: Facts, shas: set[str]) -> dict[str, dict[str, str]]:
    """Path and role of the files people write, for some commits."""
    import pyarrow as pa

    if not shas:
        return {}
    wanted = facts.keep("wanted", pa.table({"sha": pa.array(sorted(shas), pa.string())}))
    rows = facts.table("touches").semi_join(wanted, "sha").select("sha", "path", "role")
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for sha, path, role in _rows(facts, rows):
        found[sha][path] = role
    return found


def _commits(facts: Facts) -> ibis.Table:
    import ibis

    commits = facts.table("commits")
    landed = facts.table("landings").filter(lambda t: t.line == "default")
    landed = landed.select("repo", "sha", "landed_by", "landed_at")
    made = facts.table("made").select("repo", "sha", "files")
    actors = facts.table("actors").select(author="identity", actor="actor", kind="kind")
    oldest = facts.table("made").made_at.min()
    spanned = commits.filter(commits.happened_at >= oldest.as_scalar())
    joined = (
        spanned.left_join(landed, ["repo", "sha"])
        .left_join(made, ["repo", "sha"])
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
        second_parent=ibis.cases((joined.parents.length() > 1, joined.parents[1]), else_=""),
        files=joined.files.fill_null(0),
    )
    kept = facts.keep("claim_commits", rows)
    facts.keep("claim_span", kept.select("repo", "sha"))
    return facts.table("claim_commits")


def _read_releases(facts: Facts, books: dict[str, Book]) -> None:
    releases = facts.table("releases").select(
        "repo", "tag", "happened_at", "contains", "prerelease"
    )
    for repo, tag, at, contains, prerelease in _rows(facts, releases):
        books[repo].releases[tag] = Release(tag, at, frozenset(contains), prerelease)
    notes = facts.table("release_notes").select("repo", "tag", "target", "happened_at", "commit")
    for repo, tag, target, at, commit in _rows(facts, notes):
        books[repo].entries.append(Entry(tag, target, at, commit or ""))
    for book in books.values():
        book.entries.sort()


def _rows(facts: Facts, expression: Any) -> Iterator[tuple[Any, ...]]:
    table = facts.read(expression)
    columns = [table.column(name).to_pylist() for name in table.column_names]
    return zip(*columns, strict=True)
