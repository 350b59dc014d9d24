"""Reverts: which landed commits were taken back, which came back, and when.

A commit takes back what its message says it reverts: commits by their id, else a request by its
number, else the latest commit with the quoted subject. A merge stands for what it brought. Reverting
a revert brings back what that had taken, and so does a commit that says it reapplies it (by subject, or by
an id or number, in a common file), or one made later under the same subject that is plainly the same work
again (see `came_back`), or one that adds its lines again (found where the contents are: link `returns`). What was made and
taken back before it landed never stood on the branch, so nothing is said about it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from trueup.claims.book import NAMES_TICKETS, bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from trueup.claims.book import Book, Commit

#: A revert by subject alone means the last commit of that subject within this time.
SUBJECT_SPAN = timedelta(days=400)

#: How soon another person who redoes reverted work under its own subject does so.
SOON = timedelta(days=60)

Files = dict[str, dict[str, str]]
_AGAIN = ("reapplies", "returns")


class Move(NamedTuple):
    """A landed commit takes another one out, or brings it back."""

    commit: Commit
    root: str
    back: bool
    confidence: float


@dataclass
class Revert:
    """A commit that reverts: what it means, and by which subjects it is known."""

    commit: Commit
    targets: list[Commit]
    subjects: set[str]
    confidence: float


@dataclass
class _State:
    """What each commit did so far: the roots it took out, or those it brought back.

    Attributes:
        out: by subject the roots that are out, and what took them out.
    """

    took: dict[str, list[str]] = field(default_factory=dict)
    returned: dict[str, list[str]] = field(default_factory=dict)
    out: dict[str, dict[str, Commit]] = field(default_factory=lambda: defaultdict(dict))
    moves: list[Move] = field(default_factory=list)

    def move(self, commit: Commit, roots: Iterable[str], *, back: bool, confidence: float) -> None:
        for root in roots:
            self.moves.append(Move(commit, root, back, confidence))


def moves(book: Book, found: list[Revert], files: Files) -> list[Move]:
    """Everything taken out of the default branch and brought back, in order of time."""
    by_sha = {r.commit.sha: r for r in found}
    state = _State()
    for commit in _in_order(book, found):
        revert = by_sha.get(commit.sha)
        if revert is not None:
            _take(book, state, revert, files)
        _bring_back(book, state, commit, files, reverting=revert is not None)
    return state.moves


def takes_back(book: Book, commit: Commit) -> bool:
    """Whether it takes back other work, and not merely a step of its own on the way."""
    links = list(book.of(commit.sha, "reverts"))
    if not links or any(x.kind != "commit" for x in links) or not book.pull(commit.sha):
        return bool(links)
    targets = [t for x in links if (t := book.resolve(x.target))]
    return any(t.landed_at is not None for t in targets)


def reverts(book: Book) -> list[Revert]:
    """All reverts on the default branch with what they mean."""
    found = []
    for commit in book.commits.values():
        if commit.landed_at is not None and book.of(commit.sha, "reverts"):
            one = _revert(book, commit)
            if one.targets:
                found.append(one)
    return found


def to_compare(book: Book, found: list[Revert]) -> set[str]:
    """Commits of which the files must be known to tell whether reverted work came back."""
    wanted: set[str] = set()
    for revert in found:
        for target in revert.targets:
            for sha in _roots(book, target):
                again = (c.sha for c in _later(book, book.commits[sha], revert.commit))
                wanted.update((revert.commit.sha, sha, *again))
    return wanted


def came_back(book: Book, before: Commit, again: Commit, files: Files) -> bool:
    """Whether a later commit of the same subject, or that names the first, is the same work again.

    The same change id, or author and author date, or a common ticket; where not both name tickets,
    half of the files by the same author, or under the same subject just the same files soon after.
    """
    one, other = ({x.target for x in book.of(c.sha, "change")} for c in (before, again))
    if one & other or (before.actor, before.authored_at) == (again.actor, again.authored_at):
        return True
    one, other = (_tickets(book, c) for c in (before, again))
    if one and other and before.subject == again.subject:
        return bool(one & other)
    mine, theirs = files.get(before.sha, {}), files.get(again.sha, {})
    common = mine.keys() & theirs.keys()
    soon = again.made_at - _there(before, again) <= SOON and before.subject == again.subject
    if before.actor == again.actor:
        # Neither changes a file that people write: a submodule, say.
        nothing = soon and not mine and not theirs
        return nothing or (bool(common) and 2 * len(common) >= len(mine))
    return soon and bool(common) and mine.keys() == theirs.keys()


def _tickets(book: Book, commit: Commit) -> set[str]:
    own = f"#{book.pull(commit.sha)}"
    named = {x.target for x in book.of(commit.sha, *NAMES_TICKETS)} - {own}
    return {bare(t) for t in named}


def _revert(book: Book, commit: Commit) -> Revert:
    links = list(book.of(commit.sha, "reverts"))
    subjects = {x.target for x in links if x.kind == "subject"}
    by_id = [t for x in links if x.kind == "commit" and (t := book.resolve(x.target))]
    numbers = {x.target for x in links if x.kind == "pull"}
    by_number = [t for n in sorted(numbers) for t in book.by_pull.get(n, ())]
    by_subject = [t for s in sorted(subjects) for t in _last(book, s, commit)]
    for found, confidence in ((by_id, 0.98), (by_number, 0.9), (by_subject, 0.85)):
        targets = [t for t in found if _stood_before(book, t, commit)]
        if targets or any(_together(t, commit) for t in by_id):
            # Where it names a step of its own way by its id, nothing else of that subject is meant.
            return Revert(commit, targets, subjects, confidence)
    return Revert(commit, [], subjects, 0.0)


def _last(book: Book, subject: str, commit: Commit) -> list[Commit]:
    before = [c for c in book.by_subject.get(subject, ()) if _stood_before(book, c, commit)]
    return [c for c in before[-1:] if commit.at - c.at <= SUBJECT_SPAN]


def _stood_before(book: Book, target: Commit, commit: Commit) -> bool:
    """Whether it was there already when the revert landed; what one merge brings as one request never stood."""
    if target.sha == commit.sha or _order(target) > _order(commit):
        return False
    return not _together(target, commit) or _stood_on_its_line(book, target, commit)


def _stood_on_its_line(book: Book, target: Commit, commit: Commit) -> bool:
    """Whether the line that one merge brings had it as a request of its own, which another request took back.

    Where the same request landed by itself as well, it still stands there.
    """
    one, other, whole = (book.request(s) for s in (target.sha, commit.sha, commit.landed_by))
    same = book.by_pull.get(one.lstrip("#"), ())
    return (
        bool(one and other)
        and one not in {other, whole}
        and all(_together(c, commit) for c in same)
    )


def _order(commit: Commit) -> tuple[object, ...]:
    # Where history was imported, all was made at one moment.
    return commit.at, commit.made_at, commit.authored_at, commit.sha


def _in_order(book: Book, found: list[Revert]) -> list[Commit]:
    """Reverts, and whatever could bring back what they took."""
    wanted = {r.commit.sha: r.commit for r in found}
    for revert in found:
        for target in revert.targets:
            for sha in _roots(book, target):
                wanted |= {c.sha: c for c in _later(book, book.commits[sha], revert.commit)}
    for sha, commit in book.commits.items():
        if commit.landed_at is not None and book.of(sha, *_AGAIN):
            wanted[sha] = commit
    return sorted(wanted.values(), key=_order)


def _later(book: Book, target: Commit, revert: Commit) -> list[Commit]:
    """Commits of the same subject, or that name it, its request or the revert, made after the revert."""
    if target.merge:
        return []
    said = (target.sha, revert.sha, book.request(target.sha), book.request(revert.sha))
    same = [
        *book.by_subject.get(target.subject, ()),
        *book.naming.get(book.request(target.sha), ()),
        *(c for key in said if key for c in book.again.get(key, ())),
        *(c for key in said[2:] if key for c in book.named.get(key, ())),
    ]
    return [
        c for c in same if c.made_at > _there(revert, c) and c.sha != revert.sha and not c.merge
    ]


def _there(commit: Commit, other: Commit) -> datetime:
    """Since when it was there for whoever made another: what one merge brings was so before it landed."""
    return commit.made_at if _together(commit, other) else commit.at


def _together(commit: Commit, other: Commit) -> bool:
    """Whether one merge brought both."""
    return bool(commit.landed_by) and commit.landed_by == other.landed_by


def _roots(book: Book, target: Commit) -> list[str]:
    """The commit itself, or what a merge brought."""
    if not target.merge:
        return [target.sha]
    return book.brought.get(target.sha) or book.landed_with.get(target.sha) or [target.sha]


def _take(book: Book, state: _State, revert: Revert, files: Files) -> None:
    sha, taken, returned = revert.commit.sha, [], []
    mine = _names(files.get(revert.commit.sha, {}))
    for target in revert.targets:
        for root in _roots(book, target):
            theirs = _names(files.get(root, {}))
            if mine and theirs and mine.isdisjoint(theirs):
                continue  # the message of a squash tells of steps on its way
            if root in state.took:
                returned += state.took[root]
            else:
                taken += [root, *state.returned.get(root, ())]
    state.move(revert.commit, taken, back=False, confidence=revert.confidence)
    state.move(revert.commit, returned, back=True, confidence=revert.confidence)
    if taken:
        state.took[sha] = taken
    if returned:
        state.returned[sha] = returned
    for root in returned:
        _forget(state, root)
    for root in taken:
        for subject in {book.commits[root].subject, *revert.subjects}:
            state.out[subject][root] = revert.commit


def _names(files: Iterable[str]) -> set[str]:
    """Names without their folders: files are moved in between."""
    return {path.rpartition("/")[2] for path in files}


def _bring_back(
    book: Book, state: _State, commit: Commit, files: Files, *, reverting: bool
) -> None:
    """What a commit brings back without naming a revert by its id."""
    found = dict.fromkeys(_said_again(book, state, commit, files, reverting=reverting))
    out = {root for roots in state.out.values() for root in roots}
    for link in book.of(commit.sha, "returns"):
        if before := book.commits.get(link.target):
            found |= dict.fromkeys(r for r in _roots(book, before) if r in out)
    if not reverting:
        taken = state.out.get(commit.subject, {}) | _named_by(book, state, commit)
        made_after = (root for root, by in taken.items() if commit.made_at > _there(by, commit))
        again = (r for r in made_after if came_back(book, book.commits[r], commit, files))
        found |= dict.fromkeys(again)
    state.move(commit, found, back=True, confidence=0.9)
    if found:
        state.returned[commit.sha] = [*state.returned.get(commit.sha, ()), *found]
    for root in found:
        _forget(state, root)


def _said_again(
    book: Book, state: _State, commit: Commit, files: Files, *, reverting: bool
) -> Iterator[str]:
    """Roots that are out and that a commit says it does again.

    By subject; or it names them or what took them out and shares a file with them, saying that it does them again
    or reverts the revert on its way; or it names both, in whatever words.
    """
    out = {root for roots in state.out.values() for root in roots}
    itself: set[str] = set()
    undone: set[str] = set()
    again: set[str] = set()
    others = () if reverting else ("reverts_part", "names")
    for link in book.of(commit.sha, "reapplies", *others):
        if link.kind == "subject":
            if link.relation == "reapplies":
                yield from state.out.get(link.target, ())
            continue
        named = book.resolve(link.target) if link.kind == "commit" else None
        for one in (named,) if named else book.by_pull.get(link.target, ()):
            took = state.took.get(one.sha, ())
            own = () if one.sha in state.took else _roots(book, one)
            undone.update(took)
            itself.update(own)
            again.update((*took, *own) if link.relation == "reapplies" else ())
            again.update(took if link.relation == "reverts_part" else ())
    mine = files.get(commit.sha, {}).keys()
    for root in sorted((itself | undone) & out):
        if root in itself & undone or (root in again and mine & files.get(root, {}).keys()):
            yield root


def _named_by(book: Book, state: _State, commit: Commit) -> dict[str, Commit]:
    """Roots that are out whose request the commit names, and what took them out."""
    named = {x.target for x in book.of(commit.sha, *NAMES_TICKETS) if x.target}
    if not named:
        return {}
    everything = (pair for roots in state.out.values() for pair in roots.items())
    return {root: by for root, by in everything if book.request(root) in named}


def _forget(state: _State, root: str) -> None:
    for roots in state.out.values():
        roots.pop(root, None)
