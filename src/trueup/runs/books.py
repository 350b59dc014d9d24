"""What is kept of the ledger between results: what was written off by hand, and what months said."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from typing import TYPE_CHECKING

from trueup import __version__
from trueup.claims.ledger import WriteOff
from trueup.claims.restated import Past, compare, states_of, whole_months
from trueup.kernel.clock import system_clock
from trueup.kernel.errors import NothingCollectedError, StateError, UnknownIdError, UsageError
from trueup.publish.document import Gap
from trueup.runs.results import Results
from trueup.state.base import VARIABLE, State
from trueup.state.ledgers import KeptLedger, keep_ledger, ledger_before
from trueup.state.write_offs import Told, all_told, tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trueup.kernel.clock import Clock
    from trueup.publish.readings import Measured

#: A role is short, and no address; a reason is a sentence.
ROLE = re.compile(r"[^@\n]{2,60}")
REASON = re.compile(r"[^\n]{5,300}")


def state_of(workspace: Path, clock: Clock = system_clock) -> State:
    """The state of a workspace, wherever the environment says it lies."""
    return State(workspace, clock, os.environ.get(VARIABLE, "").strip())


class Books:
    """What people told of the ledger, and what it said last.

    A state that cannot be used ends no scan: what it holds is left out, and ``gaps`` says so.
    """

    def __init__(self, workspace: Path, clock: Clock) -> None:
        self.state = state_of(workspace, clock)
        self.gaps: list[Gap] = []

    def told(self) -> list[Told]:
        """What roles wrote off and took back, in order."""
        try:
            return all_told(self.state)
        except StateError as error:
            self._miss(error)
            return []

    def past(self, measured: Measured, key: str) -> Past | None:
        """What past months say otherwise than in the newest result of another key; this one is kept."""
        try:
            return past_of(self.state, measured, key)
        except StateError as error:
            self._miss(error)
            return None

    def _miss(self, error: StateError) -> None:
        cost = "What was written off by hand counts as open, and what past months said before is not compared."
        if not self.gaps:
            self.gaps.append(Gap(error.slug, "", str(error.what), cost, error.remedy))


def write_off(state: State, workspace: Path, claim: str, role: str, reason: str) -> bool:
    """Write off a claim of the newest result; false where it is written off already.

    Raises:
        UsageError: the claim is not owed, or the role or the reason is none.
        UnknownIdError, NothingCollectedError: there is no such claim, or no result.
        StateError: it cannot be kept.
    """
    found = _owed_claims(workspace, claim)
    _checked(role, reason)
    if not found[claim.upper()]:
        raise UsageError(
            f"{claim.upper()} is not owed: there is nothing to write off",
            remedy="Only what is contradicted or unverified can be written off.",
        )
    return tell(state, claim.upper(), role.strip(), reason.strip(), taken_back=False)


def take_back(state: State, workspace: Path, claim: str, role: str, reason: str) -> bool:
    """Take back that a claim was written off; false where it is not.

    Raises:
        UsageError: the role or the reason is none.
        UnknownIdError, NothingCollectedError: there is no such claim, or no result.
        StateError: it cannot be kept.
    """
    if claim.upper() not in {told.claim for told in all_told(state)}:
        _owed_claims(workspace, claim)
    _checked(role, reason)
    return tell(state, claim.upper(), role.strip(), reason.strip(), taken_back=True)


def written_off(told: Sequence[Told]) -> dict[str, list[WriteOff]]:
    """What was told, as spans in which a claim is written off."""
    found: dict[str, list[WriteOff]] = {}
    for one in told:
        spans = found.setdefault(one.claim, [])
        if not one.taken_back:
            spans.append(WriteOff(one.claim, one.role, one.reason, one.at))
        elif spans:
            last = spans.pop()
            spans.append(WriteOff(last.claim, last.role, last.reason, last.at, one.at))
    return found


def told_of(workspace: Path, claim: str) -> tuple[str, ...]:
    """What roles told of a claim, in words; that it cannot be read where it cannot."""
    try:
        told = [one for one in all_told(state_of(workspace)) if one.claim == claim]
    except StateError as error:
        return (f"whether it was written off cannot be told: {error.what}",)
    return tuple(
        f"{'taken back' if one.taken_back else 'written off'} on {one.at:%Y-%m-%d} by {one.role}: {one.reason}"
        for one in told
    )


def key_with(key: str, told: Sequence[Told]) -> str:
    """Key of a result that depends on what was written off as well."""
    if not told:
        return key
    return hashlib.sha256(repr((key, told)).encode()).hexdigest()[:16]


def past_of(state: State, measured: Measured, key: str) -> Past | None:
    """What past months say otherwise than in the newest result of another key; this one is kept.

    Raises:
        StateError: it cannot be read or kept.
    """
    before = ledger_before(state, key)
    now = _kept(measured, key)
    keep_ledger(state, now)
    if before is None:
        return None
    rows = compare(before.months, before.claims, now.months, now.claims)
    return Past(before.as_of, _reasons(before, now), tuple(rows))


def _kept(measured: Measured, key: str) -> KeptLedger:
    course = measured.assessment.course
    return KeptLedger(
        result=key,
        as_of=f"{measured.until:%Y-%m-%d}",
        edition=repr(measured.assessment.policy),
        version=__version__,
        content=measured.content,
        sources=(*sorted(str(r["repo"]) for r in measured.repositories), *sorted(measured.sources)),
        months=whole_months(course),
        claims=states_of(course),
    )


def _reasons(before: KeptLedger, now: KeptLedger) -> tuple[str, ...]:
    """Why months may read otherwise, as far as is known."""
    came = [s for s in now.sources if s not in before.sources]
    went = [s for s in before.sources if s not in now.sources]
    found = [f"{name} is read now" for name in came] + [
        f"{name} is not read any more" for name in went
    ]
    if before.edition != now.edition:
        found.append("other rules were in force then")
    if before.version != now.version:
        found.append("another version of the program judged then")
    if before.content != now.content and not found:
        found.append("facts of these months came to be known later, or changed")
    return tuple(found or ["items were written off or taken back"])


def _owed_claims(workspace: Path, claim: str) -> dict[str, bool]:
    """For each claim of the newest result whether it is owed; the one that is asked for is among them."""
    try:
        found = {c.id: j.verdict.owed for c, j in Results(workspace).load_claims()}
    except FileNotFoundError as error:
        raise NothingCollectedError.here(str(workspace)) from error
    if claim.upper() not in found:
        raise UnknownIdError.named(claim, difflib.get_close_matches(claim.upper(), found, n=3))
    return found


def _checked(role: str, reason: str) -> None:
    if not ROLE.fullmatch(role.strip()):
        raise UsageError(
            "this is no role", remedy='Name one that others hold after you, as in "delivery lead".'
        )
    if not REASON.fullmatch(reason.strip()):
        raise UsageError(
            "this is no reason", remedy="Say in one sentence why nothing is owed here."
        )
