"""Which verdict each planted piece of work deserves: from the planted truth and the policy in words alone.

Nothing of `trueup.claims` is used. What the policy calls normal is worked out anew from what was
planted; intervals are exact ones (Clopper-Pearson) where the product takes its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from scipy.stats import beta

from trueup.simulate.planted import Kind, Outcome, Review
from trueup.simulate.planted_elsewhere import CheckStory, IssueStory, ReviewStory

if TYPE_CHECKING:
    from trueup.simulate.planted import PlantedChange, PlantedClaim
    from trueup.simulate.planted_elsewhere import (
        PlantedChecks,
        PlantedElsewhere,
        PlantedIssue,
        PlantedRequest,
    )
    from trueup.simulate.truth import Truth

STAND, RESTATE = timedelta(days=30), timedelta(days=90)
#: A line that is often built in batches: the next tree of it that was built so soon stands for this one.
BATCH = timedelta(days=7)
IN_GIT = frozenset((Review.TRAILER, Review.MERGED_BY_OTHER, Review.APPLIED_BY_OTHER))
LOOKS = frozenset((ReviewStory.APPROVED, ReviewStory.CHANGES_FIRST, ReviewStory.COMMENTED))
#: Looks that are in the forge and yet are none, whatever git shows of the same people.
NO_LOOKS = frozenset((ReviewStory.HASTY, ReviewStory.FORCED))
PASSES = frozenset((CheckStory.LANDED, CheckStory.HEAD, CheckStory.RETRIED))
#: Of these one can tell that there are tests.
SHOWS_TESTS = PASSES | {
    CheckStory.OLDER, CheckStory.FAILED, CheckStory.EMPTY, CheckStory.SKIPPED
}  # fmt: skip
#: Forms of claims whose subject closes a ticket by itself, and so does when it is quoted after `Fixes:`.
QUOTED = frozenset(("closing_subject", "tracker_first"))
NOT_THE_WORK = frozenset(("merge", "follow_up", "changelog"))
NOTHING_THERE = frozenset((Outcome.ABSENT, Outcome.EMPTY))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What came against a piece: from when until when (for good: None), and the claim that does it again.

    ``source`` is what has to be connected for anybody to see it: git, issues, or nothing at all.
    """

    how: str
    at: datetime
    until: datetime | None = None
    redo: str = ""
    source: str = "git"


@dataclass(slots=True)
class Piece:
    """One piece of work that somebody reported as done, and what is true of it.

    ``name`` tells the claim in git, the number of the request or that of the issue; ``true_done`` whether it
    is done at the end, ``by_batch`` whether tests ran only on a later tree that holds it. ``wanted`` is the verdict the policy gives when every source is connected.
    """

    kind: str
    name: str
    at: datetime
    true_done: bool
    landed_at: datetime | None = None
    there: bool = True
    looked: bool = False
    shows_look: bool = False
    tested: bool = False
    by_batch: bool = False
    shows_tests: bool = False
    issue_kind: str = ""
    against: list[Contradiction] = field(default_factory=list)
    unseen: list[Contradiction] = field(default_factory=list)
    wanted: str = ""


@dataclass
class Expected:
    """All pieces of an organisation with the verdicts they deserve.

    Args:
        truth: what was planted.
        until: the newest commit; nobody has seen what came after.
        subjects: the first line of every commit, by id.
    """

    truth: Truth
    until: datetime
    subjects: dict[str, str]
    pieces: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        works = (
            c for c in self.truth.claims if c.kind is not Kind.RELEASE_NOTE and not self._part(c)
        )
        self.pieces = [self._work(c) for c in works]
        told = {c.pull for c in self.truth.claims}
        requests = (
            c for c in self.truth.changes if c.kind == "work" and c.pull not in told | {None}
        )
        self.pieces += [self._silent(c, f"pull:{c.pull}") for c in requests]
        again = [*self._repairs, *self._follow_ups]
        self.pieces += [self._silent(c, f"sha:{c.sha}") for c in again]
        self.pieces += [self._issue(i) for i in self.elsewhere.issues if i.claimed and not i.claims]
        for piece in self.pieces:
            piece.wanted = self._wanted(piece)
        notes = (c for c in self.truth.claims if c.kind is Kind.RELEASE_NOTE)
        self.pieces += [self._note(c) for c in notes]

    @property
    def elsewhere(self) -> PlantedElsewhere:
        assert self.truth.elsewhere is not None
        return self.truth.elsewhere

    @cached_property
    def by_name(self) -> dict[str, Piece]:
        return {p.name: p for p in self.pieces}

    @cached_property
    def silent(self) -> list[PlantedIssue]:
        """Issues whose closing reports no work: nobody may take them for a claim."""
        return [i for i in self.elsewhere.issues if not i.claimed]

    @cached_property
    def _requests(self) -> dict[int, PlantedRequest]:
        return {r.number: r for r in self.elsewhere.requests}

    @cached_property
    def _checks(self) -> dict[str, PlantedChecks]:
        return {c.sha: c for c in self.elsewhere.checks}

    @cached_property
    def _landed(self) -> dict[str, PlantedChange]:
        return {c.sha: c for c in self.truth.changes}

    @cached_property
    def _closes(self) -> dict[str, PlantedIssue]:
        return {name: i for i in self.elsewhere.issues for name in i.claims}

    @cached_property
    def _repairs(self) -> list[PlantedChange]:
        """Repairs that name the commit they repair, and quote its subject with the ticket it closed.

        Forges read such a quotation as closing the ticket: it does the work again.
        """
        faulty = (c for c in self.truth.claims if c.how == "fixes_trailer" and c.form in QUOTED)
        return [self._landed[c.contradicted_by] for c in faulty]

    @cached_property
    def _follow_ups(self) -> list[PlantedChange]:
        """Tests and documents that close a ticket once more, but for those of the same sitting."""
        found = []
        for claim in self.truth.claims:
            own = next((c for r in claim.reports if (c := self._landed.get(r.sha))), None)
            for one in claim.reports:
                again = self._landed.get(one.sha)
                if one.how != "follow_up" or again is None or again.pull is not None:
                    continue
                soon = own is not None and again.at - own.at <= timedelta(days=1)
                if own is None or not (soon and again.author == own.author):
                    found.append(again)
        return found

    @cached_property
    def _built(self) -> list[tuple[datetime, str]]:
        """Trees of the main line on which tests passed, and when they landed."""
        found = []
        for one in self.elsewhere.checks:
            on_line = one.story is CheckStory.LANDED or (one.story in PASSES and one.pull is None)
            if on_line and one.sha in self._landed:
                found.append((self._landed[one.sha].at, one.sha))
        return sorted(found)

    # --- pieces

    def _work(self, planted: PlantedClaim) -> Piece:
        landed = planted.landed_at
        there = landed is not None and landed <= self.until
        piece = Piece(
            kind=planted.kind.value,
            name=planted.id,
            at=landed or planted.at,
            true_done=self._done(planted),
            landed_at=landed,
            there=there and planted.outcome not in NOTHING_THERE,
        )
        issue = self._closes.get(planted.id)
        if issue and issue.claimed and issue.kind != "epic" and issue.claims[0] == planted.id:
            piece.issue_kind = issue.kind or "untold"
        sha = next((r.sha for r in planted.reports if r.line == "main" and r.at == landed), "")
        self._look(piece, planted.review, self._requests.get(planted.pull or 0))
        self._test(piece, sha)
        self._add_against(piece, planted)
        return piece

    def _silent(self, change: PlantedChange, name: str) -> Piece:
        """A change that claims nothing in git by the truth: its request does, or what it quotes."""
        gone = change.reverted_at
        kind = "commit" if change.pull is None else "change"
        piece = Piece(kind, name, change.at, true_done=gone is None, landed_at=change.at)
        self._look(piece, change.review, self._requests.get(change.pull or 0))
        self._test(piece, change.sha)
        if gone is not None and gone - change.at <= RESTATE:
            piece.against.append(Contradiction("revert", gone))
        return piece

    def _issue(self, issue: PlantedIssue) -> Piece:
        closed = issue.closed_at
        assert closed is not None
        name = f"issue:#{issue.number}"
        piece = Piece("issue", name, closed, true_done=issue.done, there=False)
        piece.issue_kind = issue.kind or "untold"
        return piece

    def _note(self, planted: PlantedClaim) -> Piece:
        """An entry says what the release brings: contradicted by a later release, else true or not to be told."""
        wanted = "verified"
        if planted.outcome is Outcome.RELEASE_LATE:
            wanted = "contradicted" if planted.contradicted_at else "not_assessable"
        elif planted.outcome is Outcome.RELEASE_ABSENT:
            wanted = "not_assessable"
        done = planted.outcome not in {Outcome.RELEASE_LATE, Outcome.RELEASE_ABSENT}
        return Piece("release_note", planted.id, planted.at, true_done=done, wanted=wanted)

    def _done(self, planted: PlantedClaim) -> bool:
        """Whether the work is done at the end, by git, its issue, and what it broke."""
        if planted.outcome in NOTHING_THERE or planted.landed_at is None:
            return False
        issue = self._closes.get(planted.id)
        reopened = issue is not None and planted.id == issue.claims[0] and not issue.done
        broke = any(i.cause == planted.id for i in self.elsewhere.incidents)
        stands = planted.contradicted_at is None or bool(planted.repaired_at or planted.redone_in)
        return stands and not reopened and not broke

    # --- what is there for a piece

    def _look(self, piece: Piece, review: Review, request: PlantedRequest | None) -> None:
        story = request.story if request else ReviewStory.NONE
        piece.shows_look = review in IN_GIT or story is not ReviewStory.NONE
        piece.looked = (review in IN_GIT and story not in NO_LOOKS) or story in LOOKS

    def _test(self, piece: Piece, sha: str) -> None:
        one = self._checks.get(sha)
        story = one.story if one else CheckStory.NONE
        later = story is CheckStory.NONE and self._built_soon(sha)
        piece.tested, piece.by_batch = story in PASSES or later, later
        piece.shows_tests = story in SHOWS_TESTS or later

    def _built_soon(self, sha: str) -> bool:
        if sha not in self._landed:
            return False
        since = self._landed[sha].at
        return any(since <= at <= since + BATCH for at, other in self._built if other != sha)

    def _add_against(self, piece: Piece, planted: PlantedClaim) -> None:
        found = []
        plain = planted.how in {"revert", "refix", "fixes_trailer"} and not self._twin(planted)
        if planted.contradicted_at and plain:
            until = planted.repaired_at if planted.how == "revert" else None
            at, repair = planted.contradicted_at, f"sha:{planted.contradicted_by}"
            redo = repair if planted.how == "fixes_trailer" else planted.redone_in
            found.append(Contradiction(planted.how, at, until, redo))
        issue = self._closes.get(planted.id)
        if issue and issue.claims[0] == planted.id and self._opened_again(issue):
            at = next(m.at for m in issue.moves if m.event == "reopened")
            found.append(Contradiction("reopened", at, None, planted.redone_in, "issues"))
        for one in self.elsewhere.incidents:
            if one.cause == planted.id:
                source = "issues" if one.issue is not None else "nothing"
                found.append(Contradiction("incident", one.at, source=source))
        for one in found:
            seen = one.source != "nothing" and one.at - piece.at <= RESTATE
            (piece.against if seen else piece.unseen).append(one)

    def _twin(self, planted: PlantedClaim) -> bool:
        """The same change under the same subject once more is no renewed fix, by the decision record."""
        if planted.how != "refix":
            return False
        own, other = (
            {self._subject(r.sha) for r in c.reports if r.how not in NOT_THE_WORK}
            for c in (planted, self.truth.claim(planted.redone_in))
        )
        return bool(own & other)

    def _part(self, planted: PlantedClaim) -> bool:
        """A commit that calls itself a part does not say that the whole is done; a request or the forge may."""
        told = any("(part " in self.subjects[r.sha] for r in planted.reports)
        closed = {m.sha for i in self.elsewhere.issues for m in i.moves}
        return told and planted.kind is Kind.COMMIT and closed.isdisjoint(planted.shas)

    def _subject(self, sha: str) -> str:
        """Without the number a forge puts behind it."""
        return re.sub(r" \(#\d+\)$", "", self.subjects[sha])

    @staticmethod
    def _opened_again(issue: PlantedIssue) -> bool:
        stories = {IssueStory.REOPENED_OPEN, IssueStory.REOPENED_LATE, IssueStory.REDONE}
        return issue.story in stories and any(m.event == "reopened" for m in issue.moves)

    # --- the policy in words

    def _wanted(self, piece: Piece) -> str:
        until = self.until
        if self.standing(piece):
            return "contradicted"
        if any(self._made_good(c) for c in piece.against):
            return "verified"
        young = until - piece.at < STAND
        if piece.kind == "issue" or not piece.there:
            return "pending" if young else self._without_work(piece)
        if young:
            return "pending"
        back = [c.until for c in piece.against if c.until is not None]
        if until - max([piece.landed_at or piece.at, *back]) < STAND:
            return "partial"
        return self._landed_and_stood(piece)

    def standing(self, piece: Piece) -> list[Contradiction]:
        """What stands against it at the end."""
        return [c for c in piece.against if c.until is None and not self._made_good(c)]

    def _made_good(self, one: Contradiction) -> bool:
        """Only work that is itself verified repays."""
        again = self.by_name.get(one.redo)
        return again is not None and self._wanted(again) == "verified"

    def _without_work(self, piece: Piece) -> str:
        if piece.kind == "issue" and piece.issue_kind == "untold":
            return "not_assessable"
        return "unverified" if self._normal(piece, "there") else "not_assessable"

    def _landed_and_stood(self, piece: Piece) -> str:
        shown = [what for what in ("looked", "tested") if getattr(piece, what)]
        asked = {"looked": "shows_look", "tested": "shows_tests"}
        lacking = [w for w, shows in asked.items() if w not in shown and self._normal(piece, shows)]
        return "verified" if shown and not lacking else "partial"

    def _normal(self, piece: Piece, what: str) -> bool:
        """Whether more than half of what is comparable has it: the lower 90 % bound is above one half."""
        return self._habits.get((*self._like(piece), what), False)

    @staticmethod
    def _like(piece: Piece, kind: str = "") -> tuple[str, int, bool]:
        kind = kind or piece.kind
        kind = f"issue {piece.issue_kind}" if kind == "issue" else kind
        return kind, piece.at.year, piece.at.month <= 6

    @cached_property
    def _habits(self) -> dict[tuple[str, int, bool, str], bool]:
        seen: dict[tuple[str, int, bool, str], list[bool]] = defaultdict(list)
        for piece in self.pieces:
            if piece.kind == "release_note":
                continue
            for what in ("there", "shows_look", "shows_tests"):
                seen[*self._like(piece), what].append(getattr(piece, what))
            if piece.issue_kind and piece.kind != "issue":
                seen[*self._like(piece, "issue"), "there"].append(piece.there)
        return {key: _mostly(sum(told), len(told)) for key, told in seen.items()}


def _mostly(k: int, n: int) -> bool:
    return k > 0 and beta.ppf(0.1, k, n - k + 1) > 0.5
