"""The facts a claim is judged by, looked up by commit."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from trueup.claims.forge import Request
    from trueup.claims.tracker import Issue
    from trueup.facts.views.tested_lines import Through


T = TypeVar("T")

#: Two people write a change of the same subject and files within this time, or it is another one.
SAME_TIME = timedelta(days=180)

#: Of what tells of tests, what tells of runs.
RUNS = ("report", "check")
#: Links to tickets, and to requests by the number they share with those.
NAMES_TICKETS = ("closes", "part_of", "mentions")


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
    first_parent: str
    second_parent: str
    files: int

    @property
    def at(self) -> datetime:
        """When it appeared on the default branch, or else when it was made."""
        return self.landed_at or self.made_at


class Mark(NamedTuple):
    """A sign that a human other than the author looked: how it shows, and who (never published)."""

    how: str
    by: str


class Link(NamedTuple):
    """A pointer out of a commit; see the table `links`."""

    relation: str
    kind: str
    target: str
    how: str
    confidence: float


class Ran(NamedTuple):
    """What became of the tests of a commit, by a report of them, by checks, a gate or a trailer; see the view `tested`."""

    sha: str
    outcome: str
    told: str
    at: datetime | None


class Blamed(NamedTuple):
    """An incident, and the request or commit it names as its cause."""

    incident: str
    at: datetime
    kind: str
    target: str


class Release(NamedTuple):
    """A release: when it was made, and which earlier ones it contains that no other of them does."""

    tag: str
    made_at: datetime
    contains: frozenset[str]
    prerelease: bool


class Entry(NamedTuple):
    """An entry of release notes, and commits it may tell of: in the same words, written with it."""

    tag: str
    target: str
    at: datetime
    commit: str
    written_with: str = ""


@dataclass
class Book:
    """One repository."""

    repo: str
    commits: dict[str, Commit] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    inspected: dict[str, set[Mark]] = field(default_factory=lambda: defaultdict(set))
    makers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    alike: dict[str, str] = field(default_factory=dict)  # actors who may be one person
    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    first_in: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    releases: dict[str, Release] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    scopes: dict[str, str] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    tested: dict[str, Ran] = field(default_factory=dict)
    through: dict[str, Through] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)  # lines that people wrote
    deployed: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    blamed: list[Blamed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sorted: list[str] = []
        self._inside: tuple[str, frozenset[str]] = ("", frozenset())
        self.brought: dict[str, list[str]] = {}  # by the nearest merge that names a request
        self.brought_by: dict[str, str] = {}
        self.landed_with: dict[str, list[str]] = {}  # by the commit of the default branch
        self.by_subject: dict[str, list[Commit]] = {}
        self.by_pull: dict[str, list[Commit]] = {}
        self.naming: dict[str, list[Commit]] = {}  # by tickets and numbers in their messages
        self._spellings: dict[str, list[str]] = {}  # of tickets, by their number alone
        self.named: dict[str, list[Commit]] = {}  # by reviews that messages name
        self.again: dict[str, list[Commit]] = {}  # by commits and numbers they say they do again
        self.twins: dict[str, list[str]] = {}  # commits elsewhere that are the same as this one
        self.built: list[tuple[datetime, str]] = []  # trees of the default branch that were tested
        self.in_batches = False  # most changes have no run of tests of their own

    def index(self) -> None:
        """Make the look-ups that need all commits."""
        self._sorted = sorted(self.commits)
        landed = [c for c in self.commits.values() if c.landed_at is not None]
        landed.sort(key=lambda c: (c.at, c.made_at, c.authored_at, c.sha))
        self.by_subject = _grouped((c.subject, c) for c in landed)
        self.by_pull = _grouped((p, c) for c in landed if (p := self.pull(c.sha)))
        self.naming = _grouped(
            (x.target, c) for c in landed for x in self.of(c.sha, *NAMES_TICKETS) if x.target
        )
        self._spellings = _grouped((bare(t), t) for t in self.naming)
        self.named = _grouped((f"#{x.target}", c) for c in landed for x in self.of(c.sha, "names"))
        self.again = _grouped((key, c) for c in landed for key in self._done_again(c))
        inside = [c for c in landed if c.landed_by != c.sha]
        self.landed_with = _grouped((c.landed_by, c.sha) for c in inside if not c.merge)
        nested = _grouped((c.landed_by, c) for c in inside if c.merge and self.pull(c.sha))
        self.brought_by = {s: m for m, brought in self.landed_with.items() for s in brought}
        for landing, merges in nested.items():
            self.brought_by |= self._by_nested(landing, merges)
        self.brought = _grouped((merge, sha) for sha, merge in self.brought_by.items())
        self._recognise()
        twins = ((t.target, s) for s in sorted(self.links) for t in self.of(s, "same_change"))
        self.twins = _grouped(twins)
        ran = {sha for sha, run in self.tested.items() if run.told in RUNS}
        tested = (c for c in landed if c.landed_by == c.sha and c.sha in ran)
        self.built = [(c.at, c.sha) for c in tested]

    def _recognise(self) -> None:
        """Of likenesses only those that tickets, authors and dates bear out; tickets show more."""
        for sha, links in self.links.items():
            commit = self.commits.get(sha)
            if commit is None or commit.landed_at is not None:
                continue
            kept = [x for x in links if x.how != "subject_and_files" or self._likely(commit, x)]
            if not any(x.relation == "same_change" and x.kind == "commit" for x in kept):
                again = (c for c in self.by_subject.get(commit.subject, ()) if not c.merge)
                mine = self.tickets(sha)
                same = [c.sha for c in again if mine & self.tickets(c.sha)]
                done = [] if same else self._done(commit)
                kept += [_twin(s, "subject_and_ticket") for s in same[:1]]
                kept += [_twin(s, "same_key")._replace(confidence=0.7) for s in done]
            self.links[sha] = kept

    def _done_again(self, commit: Commit) -> Iterator[str]:
        for link in self.of(commit.sha, "reapplies", "reverts_part"):
            if link.kind == "pull":
                yield f"#{link.target}"
            elif link.kind == "commit" and (found := self.resolve(link.target)):
                yield found.sha

    def _done(self, commit: Commit) -> list[str]:
        """A commit that landed soon before or after and names the same key of a tracker.

        What stays behind on a branch of a request that was squashed is done by that.
        """
        keys = {t for t in self.tickets(commit.sha) if not t.startswith("#")}
        named = (c for key in sorted(keys) for c in self.naming.get(key, ()))
        return [c.sha for c in named if abs(c.made_at - commit.made_at) <= SAME_TIME][:1]

    def _likely(self, commit: Commit, link: Link) -> bool:
        """Whether a commit of the same subject and files can be the same change."""
        there = self.commits.get(link.target)
        if there is None:
            return False
        mine, theirs = self.tickets(commit.sha), self.tickets(there.sha)
        if mine and theirs:
            return bool(mine & theirs)
        return commit.actor == there.actor or abs(there.made_at - commit.made_at) <= SAME_TIME

    def tickets(self, sha: str) -> set[str]:
        """The tickets a commit says it closes, but for its own number."""
        return {x.target for x in self.of(sha, "closes")} - {f"#{self.pull(sha)}"}

    def _by_nested(self, landing: str, merges: list[Commit]) -> dict[str, str]:
        """What the requests brought that were merged into a branch before it landed as a whole."""
        line = set(self._line(self.commits[landing].second_parent, landing, set()))
        found: dict[str, str] = {}
        # The last merged first: what was merged into a request before belongs to that one alone.
        for merge in sorted(merges, key=lambda c: (c.made_at, c.sha), reverse=True):
            for sha in self._line(merge.second_parent, landing, line | found.keys()):
                found[sha] = merge.sha
        return {sha: merge for sha, merge in found.items() if not self.commits[sha].merge}

    def _line(self, sha: str, landing: str, without: set[str]) -> Iterator[str]:
        """Commits from one back along first parents, as far as they landed together."""
        while sha and sha not in without:
            commit = self.commits.get(sha)
            if commit is None or commit.landed_by != landing or sha == landing:
                return
            yield sha
            sha = commit.first_parent

    def resolve(self, prefix: str) -> Commit | None:
        """The one commit whose id starts so."""
        if found := self.commits.get(prefix):
            return found
        low = bisect_left(self._sorted, prefix)
        high = bisect_left(self._sorted, prefix + "g")
        return self.commits[self._sorted[low]] if high - low == 1 else None

    def of(self, sha: str, *relations: str) -> list[Link]:
        """Links of a commit with one of these relations."""
        return [x for x in self.links.get(sha, ()) if x.relation in relations]

    def spelled(self, ticket: str) -> list[Commit]:
        """Commits that name a ticket, with its repository or without: ``#7``, ``acme/atlas#7``."""
        found = {c.sha: c for t in self._spellings.get(bare(ticket), ()) for c in self.naming[t]}
        return list(found.values())

    def pull(self, sha: str) -> str:
        """The merged request a commit names as its own, or an empty string."""
        return next((x.target for x in self.links.get(sha, ()) if x.relation == "pull"), "")

    def request(self, sha: str) -> str:
        """The number of its request, or of the one that brought it, as messages name it."""
        found = self.pull(sha) or self.pull(self.brought_by.get(sha, ""))
        return f"#{found}" if found[:1].isdigit() else found

    def inside(self, tag: str) -> frozenset[str]:
        """A release with all that it contains. Entries come release by release: the last one is remembered."""
        if self._inside[0] != tag:
            found, left = {tag}, [tag]
            while left:
                known = self.releases.get(left.pop())
                new = known.contains - found if known else ()
                found.update(new)
                left += new
            self._inside = tag, frozenset(found)
        return self._inside[1]

    def releases_with(self, sha: str) -> set[str]:
        """The releases that first contain a commit."""
        return set(self.first_in.get(sha, ()))


def bare(ticket: str) -> str:
    """A ticket without its repository: the same one may be written with it or without."""
    return f"#{ticket.rpartition('#')[2]}" if "#" in ticket else ticket


def _twin(sha: str, how: str) -> Link:
    return Link("same_change", "commit", sha, how, 0.95)


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
