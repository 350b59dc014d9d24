"""Claims one by one: for the team's own audience only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trueup.claims.model import Claim, Evidence, Judged, Kind, Rung, Verdict
from trueup.claims.policy import FLAWS
from trueup.publish import words
from trueup.publish.build import claim_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trueup.facts.views.following import Station
    from trueup.publish.document import ClaimRow


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One observation for or against a claim, in words."""

    rung: str
    against: bool
    happened_at: str
    text: str
    by: str
    confidence: float


@dataclass(frozen=True, slots=True)
class StationLine:
    """Something the work went through, from its issue to what runs."""

    kind: str
    name: str
    happened_at: str
    said: str


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """A claim with what its kind needs, what was found, and what would make it verified.

    ``chain`` is what the work went through; ``unseen`` names the steps of which nothing is known.
    ``written_off`` is what roles told of it: that nothing is owed, for which reason, and that it is again.
    """

    row: ClaimRow
    rule: str
    evidence: tuple[EvidenceLine, ...]
    missing: tuple[str, ...]
    chain: tuple[StationLine, ...] = ()
    unseen: tuple[str, ...] = ()
    written_off: tuple[str, ...] = ()
    foretold: str = ""
    pages: tuple[str, ...] = ()


_FOR = {
    "ancestry": "its commits are on the default branch",
    "release_line": "its commits are on a release branch",
    "release_tag": "its commits are in a release",
    "pick_mark": "it was cherry-picked: the message names the commit on the default branch",
    "common_pick": "another commit on the default branch was picked from the same one",
    "change_id": "a commit with the same change id is on the default branch",
    "author_date": "a commit by the same author, with the same date and subject, is on the default branch",
    "pull_number": "a commit of the same request and subject is on the default branch",
    "patch_id": "a commit with the same patch is on the default branch",
    "subject_and_files": "a commit with the same subject and files is on the default branch",
    "same_key": "a commit that landed soon before or after names the same ticket",
    "subject_and_ticket": "a commit with the same subject and ticket is on the default branch",
    "added_lines": "most lines it adds stand on the default branch",
    "review": "the forge holds a review or an approval by another person from before it was merged",
    "trailer": "the message names another person as reviewer",
    "merged_by_other": "another person merged it",
    "applied_by_other": "another person applied it",
    "contained": "a release contains it",
    "written_with": "a commit that came with the release wrote the entry together with code",
    "same_words": "a commit that came with the release says the same",
    "closed_with": "the issue was closed together with the merge of a change that names it",
    "mentioned": "a change on the default branch names it",
    "tests_passed": "tests passed on the tree that landed",
    "tests_passed_on_head": "tests passed on the newest state of its request",
    "tests_passed_later": "tests passed on the next tree of the default branch that was built",
    "tests_named": "the message names a build service that tested it",
    "tests_ran_through": "tests passed on the tree that landed, and ran through lines it brought",
    "tests_gated": "a gate merged it, which merges only what passes its tests",
    "deployed": "a deployment to production brought it",
    "accepted": "a status or label of its issue, set by another person, says that the outcome is what was meant",
    "nothing_against": "nothing spoke against it while it had to stand",
}
_AGAINST = FLAWS | {
    "reverted": "a later commit reverts it",
    "refixed": "the same ticket was fixed again in the same files",
    "reopened": "the issue was opened again",
    "incident": "an incident names it as its cause",
    "named_faulty": "a later fix names it as the cause of what it repairs",
    "later_release": "only a later release contains it",
}
_LANDED = (
    "its content landed, another human looked first and tests passed on it (what is normal here of the two, and "
    "at least one), and it stood the time of the policy"
)
_RULES = {
    Kind.CHANGE: _LANDED,
    Kind.COMMIT: _LANDED,
    Kind.UMBRELLA: _LANDED,
    Kind.ISSUE: "a change that says it closes it, and of that change the same",
    Kind.RELEASE_NOTE: "the release that names it contains it",
}

_STATIONS = ("issue", "request", "review", "commit", "build", "release", "deployment")


def detail(
    claim: Claim, judged: Judged, subjects: Mapping[str, str], stations: Sequence[Station] = ()
) -> ClaimDetail:
    """A claim with its evidence in words, and where the work can be followed to."""
    chain = tuple(
        StationLine(s.kind, s.name, words.day(s.at) if s.at else "", s.said) for s in stations
    )
    met = {s.kind for s in stations}
    unseen = tuple(kind for kind in _STATIONS if kind not in met)
    lines = tuple(_line(e) for e in sorted(claim.evidence, key=lambda e: (e.at, e.rung, e.by)))
    row = claim_row(claim, judged, subjects)
    needs = (judged.needs,) if judged.needs and judged.withdrawn_at is None else ()
    found = ClaimDetail(row, _RULES[claim.kind], lines, needs, chain, unseen)
    return replace(found, foretold=_foretold(judged.foretold))


def _foretold(chance: float | None) -> str:
    """How probable its contradiction was, in words; nothing where single claims cannot be told apart."""
    if chance is None:
        return ""
    return f"on its day, {chance:.1%} of claims like it were contradicted in the end"


def _line(evidence: Evidence) -> EvidenceLine:
    text = (_AGAINST if evidence.against else _FOR)[evidence.how]
    if evidence.until is not None:
        end = "made good by verified work" if evidence.made_good else "undone"
        text += f"; {end} on {words.day(evidence.until)}"
    return EvidenceLine(
        evidence.rung.value,
        evidence.against,
        words.day(evidence.at),
        text,
        evidence.by,
        evidence.confidence,
    )


def to_plain(claim: Claim, judged: Judged) -> dict[str, Any]:
    """A claim as plain values, without any text of a message."""
    return {
        "repo": claim.repo,
        "kind": claim.kind.value,
        "key": claim.key,
        "claimed_at": claim.claimed_at.isoformat(),
        "shas": list(claim.shas),
        "tickets": list(claim.tickets),
        "pull": claim.pull,
        "release": claim.release,
        "scope": claim.scope,
        "verdict": judged.verdict.value,
        "reports": sorted(claim.reports),
        "reason": judged.reason,
        "needs": judged.needs,
        "foretold": judged.foretold,
        "withdrawn_at": judged.withdrawn_at.isoformat() if judged.withdrawn_at else None,
        "evidence": [
            {
                "rung": e.rung.value,
                "at": e.at.isoformat(),
                "how": e.how,
                "by": e.by,
                "against": e.against,
                "until": e.until.isoformat() if e.until else None,
                "confidence": round(e.confidence, 3),
                "made_good": e.made_good,
            }
            for e in claim.evidence
        ],
    }


def from_plain(told: dict[str, Any]) -> tuple[Claim, Judged]:
    """A claim again from its plain values."""
    evidence = [
        Evidence(
            Rung(e["rung"]),
            datetime.fromisoformat(e["at"]),
            e["how"],
            e["by"],
            e["against"],
            datetime.fromisoformat(e["until"]) if e["until"] else None,
            e["confidence"],
            e["made_good"],
        )
        for e in told["evidence"]
    ]
    claim = Claim(
        repo=told["repo"],
        kind=Kind(told["kind"]),
        key=told["key"],
        claimed_at=datetime.fromisoformat(told["claimed_at"]),
        shas=tuple(told["shas"]),
        tickets=tuple(told["tickets"]),
        pull=told["pull"],
        release=told["release"],
        scope=told["scope"],
        reports=frozenset(told["reports"]),
        evidence=evidence,
    )
    gone = told.get("withdrawn_at")
    return claim, Judged(
        Verdict(told["verdict"]),
        told["reason"],
        told["needs"],
        foretold=told["foretold"],
        withdrawn_at=datetime.fromisoformat(gone) if gone else None,
    )
