"""Entries of release notes: does the release contain what its notes name?

An entry whose reference leads to a claim is another report of that claim, not a claim of its own,
unless what it says is wrong or cannot be found: then it stands by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trueup.claims.model import Claim, Evidence, Kind, Rung

if TYPE_CHECKING:
    from trueup.claims.book import Book, Entry
    from trueup.claims.register import Register

_NAMES = ("closes", "pull", "part_of", "mentions", "fixes")
_OWNS = ("closes", "pull")
#: Both directions are only asked of releases whose notes name at least so many things.
FEWEST_ENTRIES = 3


@dataclass
class NotesRead:
    """What the notes of a repository's releases hold up to.

    ``folded`` are entries that truly repeat a claim: they count for habits only.
    """

    claims: list[Claim]
    folded: list[Claim] = field(default_factory=list)
    entries: int = 0
    contained: int = 0
    there_not_reported: int | None = None


@dataclass
class _Named:
    """Commits by what they name and by what they own (close, or were merged as), and their words."""

    claim_of: dict[str, Claim]
    naming: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    owning: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_subject: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    entries: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def read_notes(book: Book, register: Register) -> NotesRead:
    """Entries as claims; those that repeat a claim truly are folded into it."""
    named = _named(book, register)
    read = NotesRead([], entries=len(book.entries))
    for entry in book.entries:
        if entry.tag not in book.releases:
            continue
        claim = _claim(book, entry)
        evidence = _contained(book, entry, named)
        if evidence is not None:
            claim.evidence.append(evidence)
        if evidence is not None and not evidence.against:
            read.contained += 1
            repeats = [evidence.by, *named.naming[entry.target]]
            if any(sha in register.claim_of for sha in repeats):
                read.folded.append(claim)
                continue
        read.claims.append(claim)
    read.there_not_reported = _not_reported(book, register)
    return read


def _named(book: Book, register: Register) -> _Named:
    named = _Named(register.claim_of)
    for sha, links in book.links.items():
        for link in links:
            if link.relation in _NAMES and link.target:
                target = f"#{link.target}" if link.kind == "pull" else link.target
                named.naming[target].append(sha)
                named.names[sha].add(target)
                if link.relation in _OWNS:
                    named.owning[target].append(sha)
    for sha, tags in book.first_in.items():
        if commit := book.commits.get(sha):
            named.by_subject[commit.subject].update(tags)
    for entry in book.entries:
        named.entries[entry.tag].add(entry.target)
    return named


def _claim(book: Book, entry: Entry) -> Claim:
    return Claim(
        repo=book.repo,
        kind=Kind.RELEASE_NOTE,
        key=f"{entry.tag}:{entry.target}",
        claimed_at=book.releases[entry.tag].made_at,
        shas=(),
        tickets=(entry.target,),
        release=entry.tag,
    )


def _contained(book: Book, entry: Entry, named: _Named) -> Evidence | None:
    """Whether the release holds what an entry names.

    For: it holds a commit that names it; or, where no commit owns it, one in the same words. Against,
    once a later release holds the commit that owns it: nothing of the same subject is in this one.
    """
    release = book.releases[entry.tag]
    inside = book.inside(entry.tag)
    for sha in named.naming[entry.target]:
        if any(book.releases_with(s) & inside for s in _same_work(book, named, sha)):
            return Evidence(Rung.RELEASED, release.made_at, "contained", sha)
    if entry.commit and _free(book, entry, named):
        return Evidence(Rung.RELEASED, release.made_at, "same_words", entry.commit, confidence=0.85)
    if entry.written_with and not named.owning[entry.target]:
        by = entry.written_with
        return Evidence(Rung.RELEASED, release.made_at, "written_with", by, confidence=0.85)
    return _only_later(book, entry, named)


def _free(book: Book, entry: Entry, named: _Named) -> bool:
    """Whether the commit in the same words may be meant: a number is surer than words.

    It is not when commits own the number in the entry, when another entry of these notes names the
    commit, or when the commit takes something back.
    """
    taken = named.names[entry.commit] & named.entries[entry.tag]
    reverts = book.of(entry.commit, "reverts", "reverts_part")
    return not (taken or reverts or named.owning[entry.target])


def _only_later(book: Book, entry: Entry, named: _Named) -> Evidence | None:
    release = book.releases[entry.tag]
    inside = book.inside(entry.tag)
    later: set[str] = set()
    for sha in named.owning[entry.target]:
        commit = book.commits.get(sha)
        tags = {t for s in _same_work(book, named, sha) for t in book.releases_with(s)}
        here = commit is not None and named.by_subject[commit.subject] & inside
        if not tags or here or (commit is not None and commit.at <= release.made_at):
            return None
        later |= {t for t in tags if book.releases[t].made_at > release.made_at}
    if not later:
        return None
    first = min((book.releases[t] for t in later), key=lambda r: (r.made_at, r.tag))
    return Evidence(Rung.RELEASED, first.made_at, "later_release", first.tag, against=True)


def _same_work(book: Book, named: _Named, sha: str) -> set[str]:
    """The commit, others of the same claim, and the same changes elsewhere."""
    claim = named.claim_of.get(sha)
    own = {sha, *claim.shas} if claim else {sha}
    there = {x.target for s in own for x in book.of(s, "same_change") if x.kind == "commit"}
    return own | there | {twin for s in own | there for twin in book.twins.get(s, ())}


def _not_reported(book: Book, register: Register) -> int | None:
    """Claims that first came with a release whose notes name many things, but not them."""
    named: dict[str, set[str]] = defaultdict(set)
    for entry in book.entries:
        named[entry.tag].add(entry.target)
    tags = {t for t, found in named.items() if len(found) >= FEWEST_ENTRIES}
    silent = spoken = 0
    for claim in register.claims:
        first = {t for s in claim.shas for t in book.releases_with(s)} & tags
        if not first:
            continue
        known = {f"#{claim.pull}", *claim.tickets}
        if any(named[t] & known for t in first):
            spoken += 1
        else:
            silent += 1
    # Where the notes name less than half of what came, naming is not their habit.
    return silent if spoken > silent else None
