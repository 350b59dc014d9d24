"""What a risk is worked out from: first claims, the files they touched, and all that changed these.

A claim is judged when it is a change or a commit that landed, touched a file that people write, and
is the first to name its tickets: a ticket that was claimed before tells of an umbrella or of a second
try, not of risk, and counting it is an artefact
(docs/decisions/2026-11-22-claim-risk.md).
Everything is told as it was on the day of the claim; times are seconds since 1970.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from trueup.claims.model import Kind, Rung
from trueup.claims.risk.past import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from trueup.claims.assess import Assessment
    from trueup.claims.book import Book
    from trueup.claims.model import Claim
    from trueup.claims.risk.past import Bools, Ints
    from trueup.facts.engine import Facts

#: A moment that never comes.
NEVER = 1 << 34
#: Links by which a commit says that it mends something.
MENDS = ("fixes", "closes", "fixes_commit")


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """First claims in order of time, with the files they touched and all edits of files.

    Attributes:
        ids: of claims.
        at: when each was made.
        stratum: its repository, and whether it names a ticket: who names none cannot be seen to be
            fixed again, so the two are compared with their own like only.
        author: number of the person.
        reviewed: another human looked before it landed.
        broken_at: when it was first contradicted, `NEVER` if it was not.
        seen_until: until when its repository was seen.
        part_claim, part_path, part_folder: one entry per file of a claim, as numbers.
        part_lines: lines changed in it, -1 where nobody counted.
        part_test: whether it is a test.
        edit_path, edit_at, edit_mends: one entry per file and landed commit that is no bulk edit.
        embargo: seconds until a claim can no longer be contradicted.
        left_out: claims that are not judged.
    """

    ids: tuple[str, ...]
    at: Ints
    stratum: Ints
    author: Ints
    reviewed: Bools
    broken_at: Ints
    seen_until: Ints
    part_claim: Ints
    part_path: Ints
    part_folder: Ints
    part_lines: Ints
    part_test: Bools
    edit_path: Ints
    edit_at: Ints
    edit_mends: Bools
    embargo: int
    left_out: int = 0

    @property
    def matured(self) -> Bools:
        """Whether all days in which it could be contradicted were seen."""
        return self.at + self.embargo <= self.seen_until

    @property
    def contradicted(self) -> Bools:
        """Whether it was, within those days."""
        return self.broken_at <= self.at + self.embargo

    def until(self, moment: int) -> History:
        """The same as one knew it at a moment."""
        n = int(np.searchsorted(self.at, moment, "right"))
        parts, edits = self.part_claim < n, self.edit_at <= moment
        broken = self.broken_at[:n]
        return replace(
            self,
            ids=self.ids[:n],
            **{f: getattr(self, f)[:n] for f in ("at", "stratum", "author", "reviewed")},
            broken_at=np.where(broken <= moment, broken, NEVER),
            seen_until=np.minimum(self.seen_until[:n], moment),
            **{f"part_{f}": getattr(self, f"part_{f}")[parts] for f in _PART},
            **{f"edit_{f}": getattr(self, f"edit_{f}")[edits] for f in ("path", "at", "mends")},
        )


_PART = ("claim", "path", "folder", "lines", "test")


class Told(NamedTuple):
    """A claim as one knew it on the day it was made."""

    claim: Claim
    shas: tuple[str, ...]
    tickets: frozenset[str]
    stratum: tuple[str, bool]
    broken_at: int


def read_history(facts: Facts, books: Mapping[str, Book], assessment: Assessment) -> History:
    """The history of all claims; needs the kept table `touches`."""
    told = list(_first_claims(books, assessment))
    touched = _Touched(facts, books)
    judged = [t for t in told if touched.of(t.claim.repo, t.shas)]
    seen = facts.table("repositories").select("repo", "observed_until")
    ends = {repo: _seconds(end) for repo, end in facts.rows(seen)}
    files = [touched.of(t.claim.repo, t.shas) for t in judged]
    claim = np.repeat(np.arange(len(judged)), _ints([len(rows) for rows in files]))
    claim, row, lines = touched.once(claim, _ints([row for rows in files for row in rows]))
    return History(
        ids=tuple(t.claim.id for t in judged),
        at=_ints([_seconds(t.claim.claimed_at) for t in judged]),
        stratum=_numbers([t.stratum for t in judged]),
        author=_numbers([t.claim.author for t in judged]),
        reviewed=np.array([_reviewed(t.claim) for t in judged], dtype=np.bool_),
        broken_at=_ints([t.broken_at for t in judged]),
        seen_until=_ints([ends[t.claim.repo] for t in judged]),
        part_claim=claim,
        part_path=touched.path[row],
        part_folder=touched.folder[row],
        part_lines=lines,
        part_test=touched.test[row],
        edit_path=touched.path[touched.usual],
        edit_at=touched.at[touched.usual],
        edit_mends=touched.mends[touched.usual],
        embargo=assessment.policy.restate * DAY,
        left_out=len(assessment.all_claims) - len(judged),
    )


def _first_claims(books: Mapping[str, Book], assessment: Assessment) -> Iterator[Told]:
    """Claims that landed, each the first to name its tickets, in order of time."""
    claimed: set[tuple[str, str]] = set()
    for claim in sorted(assessment.all_claims, key=lambda c: (c.claimed_at, c.id)):
        if claim.kind not in {Kind.CHANGE, Kind.COMMIT, Kind.UMBRELLA}:
            continue
        book = books[claim.repo]
        known = (*claim.shas, *claim.carried)
        shas = tuple(s for s in known if book.commits[s].at <= claim.claimed_at)
        tickets = frozenset(x.target for s in shas for x in book.of(s, "closes"))
        tickets &= frozenset(claim.tickets)
        named = {(claim.repo, t) for t in tickets}
        first = claimed.isdisjoint(named)
        claimed |= named
        landed = any(book.commits[s].landed_at is not None for s in shas)
        if first and landed and claim.kind is not Kind.UMBRELLA:
            yield Told(claim, shas, tickets, (claim.repo, bool(tickets)), _broken_at(claim))


class _Touched:
    """Files of landed commits as numbers, one entry per row of `touches`."""

    def __init__(self, facts: Facts, books: Mapping[str, Book]) -> None:
        rows = facts.read(
            facts.table("touches").select(
                "repo",
                "sha",
                "path",
                "role",
                "mass",
                "added",
                "deleted",
                at=lambda t: t.landed_at.epoch_seconds().cast("int64"),
            )
        )
        commits = list(zip(rows["repo"].to_pylist(), rows["sha"].to_pylist(), strict=True))
        paths = rows["path"].to_pylist()
        named = list(zip(rows["repo"].to_pylist(), paths, strict=True))
        self.path = _numbers(named)
        self.folder = _numbers([(repo, path.rpartition("/")[0]) for repo, path in named])
        self.at = rows["at"].to_numpy()
        lines = zip(rows["added"].to_pylist(), rows["deleted"].to_pylist(), strict=True)
        self.lines = _ints([-1 if a is None or d is None else a + d for a, d in lines])
        self.test = np.array([role == "test" for role in rows["role"].to_pylist()], dtype=np.bool_)
        self.usual = ~rows["mass"].to_numpy(zero_copy_only=False).astype(np.bool_)
        self.mends = np.array([_mends(books, *c) for c in commits], dtype=np.bool_)
        self._rows: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, commit in enumerate(commits):
            self._rows[commit].append(number)

    def of(self, repo: str, shas: tuple[str, ...]) -> list[int]:
        """Rows of some commits."""
        return [row for sha in shas for row in self._rows.get((repo, sha), ())]

    def once(self, claim: Ints, row: Ints) -> tuple[Ints, Ints, Ints]:
        """Each file of a claim once: claims, one row for each file, and lines of all its rows."""
        pairs = np.column_stack([claim, self.path[row]])
        found, first, which = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
        counted = self.lines[row] >= 0
        lines = np.bincount(which[counted], self.lines[row][counted], minlength=len(found))
        known = np.bincount(which[counted], minlength=len(found)) > 0
        return found[:, 0], row[first], np.where(known, lines, -1).astype(np.int64)


def _mends(books: Mapping[str, Book], repo: str, sha: str) -> bool:
    return repo in books and bool(books[repo].of(sha, *MENDS))


def _reviewed(claim: Claim) -> bool:
    return claim.find(Rung.INSPECTED, claim.claimed_at) is not None


def _broken_at(claim: Claim) -> int:
    against = [e.at for e in claim.evidence if e.undoes and e.at >= claim.claimed_at]
    return _seconds(min(against)) if against else NEVER


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _numbers(values: Sequence[object]) -> Ints:
    """Equal values get equal numbers, in the order they first stand."""
    known: dict[object, int] = {}
    return _ints([known.setdefault(value, len(known)) for value in values])
