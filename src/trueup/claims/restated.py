"""What a past month said at the last result, and what it says now.

For each month that was over then, and for each kind of claim,

closing now = closing then + came into view + restated - went out of view

A claim comes into view when it could not be seen then, or was not known; it goes out of view the other
way. Everything else that changes the past is restated: a new edition, facts that came to be known late,
what was written off since.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trueup.claims.ledger import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trueup.claims.ledger import Course
    from trueup.claims.model import Claim

#: What the state of a claim at the end of some months is kept as: its kind, and a digit for each.
States = tuple[str, str]


@dataclass(slots=True)
class Restated:
    """One past month of one kind: what was open at its end then, and what is open there now."""

    kind: str
    month: str
    then: int = 0
    came_into_view: int = 0
    went_out_of_view: int = 0
    restated: int = 0
    now: int = 0

    def balanced(self) -> bool:
        """Whether the identity holds."""
        moved = self.came_into_view + self.restated - self.went_out_of_view
        return self.then + moved == self.now

    @property
    def moved(self) -> bool:
        """Whether anything is told otherwise."""
        return bool(self.came_into_view or self.went_out_of_view or self.restated)


@dataclass(frozen=True, slots=True)
class Past:
    """What past months said and say, by month and kind, and why it differs, as far as known.

    ``as_of`` is the day until which the last result saw.
    """

    as_of: str
    reasons: tuple[str, ...]
    months: tuple[Restated, ...]


def whole_months(course: Course) -> tuple[str, ...]:
    """The months that are over, by name, the oldest first."""
    return tuple(f"{end:%Y-%m}" for end in course.ends[:-2])


def states_of(course: Course) -> dict[str, States]:
    """For each claim that was in the ledger at the end of a whole month, what is kept of it."""
    found = {}
    for claim, row in zip(course.claims, course.states[:, 1:-1].tolist(), strict=True):
        if any(row):
            found[name_of(claim)] = (claim.kind.value, "".join(map(str, row)))
    return found


def name_of(claim: Claim) -> str:
    """What identifies a claim for good, of which its short id is a part too small for a hundred thousand."""
    kind = "commit" if claim.kind.value == "umbrella" else claim.kind.value
    return hashlib.sha256(f"{claim.repo}\0{kind}\0{claim.key}".encode()).hexdigest()[:16]


def compare(
    months_then: Sequence[str],
    then: Mapping[str, States],
    months_now: Sequence[str],
    now: Mapping[str, States],
) -> list[Restated]:
    """Every month that both know, for each kind; the oldest month first."""
    both = [m for m in months_then if m in set(months_now)]
    places = [(months_then.index(m), months_now.index(m)) for m in both]
    found: dict[tuple[str, int], Restated] = {}
    for kind in sorted({kind for kind, _ in (*then.values(), *now.values())}):
        found |= {(kind, i): Restated(kind, month) for i, month in enumerate(both)}
    for name in then.keys() | now.keys():
        for kind, old, new in _told(then.get(name), now.get(name)):
            if old == new and not any(d in _OWED for d in old or ""):
                continue
            for i, (at_then, at_now) in enumerate(places):
                _count(found[kind, i], _at(old, at_then), _at(new, at_now))
    return [found[key] for key in sorted(found, key=lambda k: (k[1], k[0]))]


def summed(rows: Sequence[Restated]) -> list[Restated]:
    """The same over all kinds."""
    found: dict[str, Restated] = defaultdict(lambda: Restated("", ""))
    for row in rows:
        total = found[row.month]
        total.month = row.month
        total.then += row.then
        total.came_into_view += row.came_into_view
        total.went_out_of_view += row.went_out_of_view
        total.restated += row.restated
        total.now += row.now
    return list(found.values())


#: A claim that is now of another kind is known there under that one.
_ELSEWHERE = "x"
_OWED = frozenset(str(s.value) for s in State if s.owed)
#: Not known at all, or known and not to be seen.
_UNSEEN = frozenset(("", str(State.UNSEEN.value)))


def _told(then: States | None, now: States | None) -> Iterator[tuple[str, str | None, str | None]]:
    """Under which kinds a claim counts, with its digits then and now."""
    if then and now and then[0] != now[0]:
        yield then[0], then[1], _ELSEWHERE
        yield now[0], _ELSEWHERE, now[1]
        return
    yield (then or now or ("", ""))[0], then and then[1], now and now[1]


def _at(digits: str | None, place: int) -> str:
    if digits is None:
        return ""
    return digits if digits == _ELSEWHERE else digits[place]


def _count(row: Restated, old: str, new: str) -> None:
    was, now = old in _OWED, new in _OWED
    row.then += was
    row.now += now
    if now and not was:
        if old in _UNSEEN:
            row.came_into_view += 1
        else:
            row.restated += 1
    elif was and not now:
        if new in _UNSEEN:
            row.went_out_of_view += 1
        else:
            row.restated -= 1
