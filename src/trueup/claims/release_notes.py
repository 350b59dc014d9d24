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


def read_notes(book: Book, register: Register) -> NotesRead:
    """Entries as claims; those that repeat a claim truly are folded into it."""
    naming: dict[str, list[str]] = defaultdict(list)
    owning: dict[str, list[str]] = defaultdict(list)
    for sha, links in book.links.items():
        for link in links:
            if link.relation in _NAMES and link.target:
                target = f"#{link.target}" if link.kind == "pull" else link.target
                naming[target].append(sha)
                if link.relation in _OWNS:
                    owning[target].append(sha)
    read = NotesRead([], entries=len(book.entries))
    by_subject = _by_subject(book)
    for entry in book.entries:
        if entry.tag not in book.releases:
            continue
        claim = _claim(book, entry)
        evidence = _contained(book, entry, naming[entry.target], owning[entry.target], by_subject)
        if evidence is not None:
            claim.evidence.append(evidence)
        if evidence is not None and not evidence.against:
            read.contained += 1
            repeats = [entry.commit, *naming[entry.target]]
            if any(sha in register.claim_of for sha in repeats):
                read.folded.append(claim)
                continue
        read.claims.append(claim)
    read.there_not_reported = _not_reported(book, register)
    return read


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


def _contained(
    book: Book,
    entry: Entry,
    naming: list[str],
    owning: list[str],
    by_subject: dict[str, set[str]],
) -> Evidence | None:
    """Whether the release holds what an entry names.

    For: it holds a commit that names it. Against: only a later release holds the one that owns it,
    and nothing of the same subject is in this one.
    """
    release = book.releases[entry.tag]
    inside = release.contains | {entry.tag}
    if entry.commit:
        return Evidence(Rung.RELEASED, release.made_at, "same_words", entry.commit, confidence=0.85)
    for sha in naming:
        if any(book.releases_with(s) & inside for s in _with_twins(book, sha)):
            return Evidence(Rung.RELEASED, release.made_at, "contained", sha)
    if not owning:
        return None
    later = set()
    for sha in owning:
        subject = book.commits[sha].subject if sha in book.commits else ""
        tags = {t for s in _with_twins(book, sha) for t in book.releases_with(s)}
        if not tags or by_subject.get(subject, set()) & inside:
            return None
        later |= {t for t in tags if book.releases[t].made_at > release.made_at}
    if not later or any(book.commits[s].at <= release.made_at for s in owning if s in book.commits):
        return None
    first = min(later, key=lambda t: (book.releases[t].made_at, t))
    return Evidence(Rung.RELEASED, release.made_at, "later_release", first, against=True)


def _with_twins(book: Book, sha: str) -> set[str]:
    twins = {x.target for x in book.of(sha, "same_change") if x.kind == "commit"}
    return {sha, *twins, *book.twins.get(sha, ())}


def _by_subject(book: Book) -> dict[str, set[str]]:
    """The releases that first hold a commit of each subject."""
    found: dict[str, set[str]] = defaultdict(set)
    for sha, tags in book.first_in.items():
        if commit := book.commits.get(sha):
            found[commit.subject].update(tags)
    return found


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
