"""Scan = collect + measure + publish, the one thing a newcomer runs; and the questions asked after."""

from __future__ import annotations

import difflib
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from trueup.facts.pseudonyms import load_key
from trueup.facts.store import Store
from trueup.kernel.errors import NothingCollectedError, TrueupError, UnknownIdError
from trueup.runs.raw import forget_raw
from trueup.runs.results import Results, changed_since, key_of, looked_again
from trueup.runs.targets import locate, without_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from trueup.claims.model import Claim, Judged
    from trueup.kernel.clock import Clock
    from trueup.publish.claims import ClaimDetail
    from trueup.publish.document import Audience, ClaimRow, Published
    from trueup.runs.config import Config
    from trueup.runs.forges import Place
    from trueup.runs.intake import Taken
    from trueup.sources.git.collect import Collected, Request


@dataclass
class CollectedAll:
    """What a collection did, repository by repository; failures do not stop the others.

    ``places`` are the folders of what was read, in the order of ``done``; ``taken`` is what forges told.
    """

    done: list[Collected] = field(default_factory=list)
    failed: list[tuple[str, TrueupError]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)


def make_request(**wanted: Any) -> Request:
    """A request for the git source; see `trueup.sources.git.collect.Request`."""
    from trueup.sources.git.collect import Request

    return Request(**wanted)


@dataclass(frozen=True)
class Session:
    """Where, with which settings, and how to tell how far it is.

    ``progress`` is called with a stage, how many are done, and out of how many (0 when unknown);
    ``transport`` stands in place of the network, and ``sleep`` in place of waiting; ``reconcile`` reads
    anew what sources told before, and finds what is no longer there; ``keep_raw`` keeps raw records for
    so many days; ``offline`` asks no interface.
    """

    workspace: Path
    config: Config
    clock: Clock
    progress: Callable[[str, int, int], None]
    transport: Any = None
    sleep: Callable[[float], None] | None = None
    reconcile: bool = False
    keep_raw: int = 0
    offline: bool = False


def collect(
    session: Session,
    targets: Sequence[str],
    request: Request,
    unfinished: CollectedAll | None = None,
) -> CollectedAll:
    """Read what is new in every repository, or what was left ``unfinished``.

    Raises:
        TrueupError: nothing could be read at all, or the workspace cannot be written.
    """
    from trueup.sources.git.collect import collect as collect_git

    store = Store(session.workspace)
    found = CollectedAll()
    key = load_key()
    known = dict(zip(unfinished.places, unfinished.done, strict=True)) if unfinished else {}
    with store.writing():
        for target in targets:
            try:
                path = locate(target, session.workspace, session.progress)
                done = collect_git(
                    path,
                    store,
                    request,
                    key,
                    session.clock,
                    progress=session.progress,
                    unfinished=known.get(str(path)),
                )
                found.done.append(done)
                found.places.append(str(path))
            except TrueupError as error:
                if error.slug.startswith("store"):
                    raise
                found.failed.append((without_secret(target), error))
    if not found.done:
        raise found.failed[0][1]
    return found


def collect_exports(
    session: Session, path: Path, about: Mapping[str, str] | None = None
) -> list[Taken]:
    """Take in exported records; see `trueup.runs.intake.take_exports`."""
    from trueup.runs.intake import take_exports
    from trueup.runs.mapping import Mappings

    store = Store(session.workspace, keep_raw=session.keep_raw)
    forget_raw(session.workspace, session.clock().date())
    mappings = Mappings(session.config.mappings)
    key, clock, progress = load_key(), session.clock, session.progress
    return take_exports(path, store, key, clock, progress, about, mappings)


def sync_places(session: Session, collected: CollectedAll) -> None:
    """Read what is connected, and the forges of what was collected where there is a token.

    Failures stop nothing else.
    """
    from trueup.runs.forges import forge_of, place_of, sync_place, token_of

    if session.offline:
        return
    store = Store(session.workspace, keep_raw=session.keep_raw)
    forget_raw(session.workspace, session.clock().date())
    key = load_key()
    wanted: list[tuple[str, Callable[[], Place | None]]] = [
        (one.repo, partial(forge_of, one.host, one.repo, one.path)) for one in collected.done
    ]
    wanted += [(told, partial(place_of, told)) for told in session.config.connect]
    for named, find in wanted:
        try:
            place = find()
            token = token_of(place.door) if place else ""
            # What somebody connected by its name may be open to anybody.
            asked = token or named in session.config.connect
            if place is None or (not asked and place.interface.forge):
                continue
            with store.writing():
                taken, refused = sync_place(session, store, key, place, token)
        except TrueupError as error:
            if error.slug.startswith("store"):
                raise
            collected.failed.append((named, error))
            continue
        collected.taken.append(taken)
        collected.failed += [(named, error) for error in refused]


#: The first answer leaves out commits made so long before the oldest that its claims are about.
MADE_BEFORE = timedelta(days=180)


@dataclass
class Scanned:
    """A scan: the document, what was collected, and how long each part took in seconds."""

    published: Published
    collected: CollectedAll
    seconds: dict[str, float]
    reused: bool = False


def scan(
    session: Session,
    targets: Sequence[str],
    request: Request,
    audience: Audience,
    *,
    first_answer: Callable[[str], None],
) -> Scanned:
    """Collect, measure and publish; a long history gets a first answer when its last years are read."""
    began = time.monotonic()
    newest = session.config.policy.sentence_looks_back + MADE_BEFORE
    collected = collect(session, targets, replace(request, newest=newest))
    spent = time.monotonic() - began
    if any(c.unread for c in collected.done):
        first_answer(_first_sentence(session))
        began = time.monotonic()
        # What was fetched from an address is not fetched again.
        whole = collect(session, collected.places, request, collected)
        first = {c.repo: c.new_commits for c in collected.done}
        for one in whole.done:
            one.new_commits += first[one.repo]
        collected.done = whole.done
        collected.failed += whole.failed
        spent += time.monotonic() - began
    began = time.monotonic()
    sync_places(session, collected)
    spent += time.monotonic() - began
    began = time.monotonic()
    published, reused = publish_newest(session, audience)
    seconds = {"collect": spent, "measure": time.monotonic() - began}
    return Scanned(published, collected, seconds, reused)


def publish_newest(session: Session, audience: Audience) -> tuple[Published, bool]:
    """The document of what was collected last; whether it had been worked out before.

    Raises:
        NothingCollectedError: there are no facts yet.
    """
    from trueup.runs.audit import with_last_audit
    from trueup.runs.books import Books, key_with, written_off

    results, config = Results(session.workspace), session.config
    snapshot = Store(session.workspace).snapshot()
    books = Books(session.workspace, session.clock)
    told = books.told()
    facts_key = key_of(snapshot.content, config.policy, config.teams)
    key = key_with(facts_key, told)
    known = results.load(audience, key)
    if known is not None and results.fits(facts_key) and not books.gaps:
        return with_last_audit(session, looked_again(known, session.clock())), True
    from trueup.publish.build import publish
    from trueup.publish.claims import to_plain
    from trueup.publish.moved import moved
    from trueup.runs.measure import measure

    measured = measure(snapshot, config.policy, config.teams, progress=session.progress)
    assessment = measured.assessment
    assessment.written_off = written_off(told)
    measured.past = books.past(measured, key)
    found = publish(measured, audience, today=session.clock())
    pairs = list(zip(assessment.claims, assessment.judged, strict=True))
    before, behind = results.load(audience), results.claims_behind(audience)
    why = moved(before, behind, found, pairs) if before and behind is not None else None
    found = replace(found, changed=changed_since(before, found, why))
    chances = measured.risk.probabilities if measured.risk else {}
    plain = [to_plain(c, replace(j, foretold=chances.get(c.id))) for c, j in pairs]
    results.save_claims(plain, [to_plain(*pair) for pair in assessment.withdrawn], facts_key)
    if books.gaps:  # not kept, for it lacks what people told
        found = replace(found, gaps=(*found.gaps, *books.gaps))
    else:
        results.save(found, key)
    return with_last_audit(session, found), False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims to list; empty means any."""

    status: str = ""
    kind: str = ""
    scope: str = ""
    repository: str = ""
    since: str = ""
    text: str = ""


def list_claims(workspace: Path, wanted: Wanted, *, limit: int) -> tuple[list[ClaimRow], int]:
    """Claims of the newest scan for the team itself, the newest first, and how many there are in all.

    Raises:
        NothingCollectedError: there was no scan yet.
    """
    from trueup.publish.build import claim_row
    from trueup.publish.document import WITHDRAWN
    from trueup.runs.subjects import read_subjects

    stored = _stored(workspace, withdrawn=wanted.status == WITHDRAWN)
    found = [pair for pair in stored if _fits(pair[0], claim_row(*pair, {}), wanted)]
    found.reverse()
    shown = found[:limit] if limit else found
    snapshot = Store(workspace).snapshot()
    subjects = read_subjects(snapshot, [(c.repo, s) for c, _ in shown for s in c.shas[:1]])
    return [claim_row(c, j, subjects) for c, j in shown], len(found)


def explain_claim(workspace: Path, claim_id: str) -> ClaimDetail:
    """One claim with its evidence.

    Raises:
        UnknownIdError: there is no claim of that id in the newest scan.
        NothingCollectedError: there was no scan yet.
    """
    from trueup.facts.engine import open_facts
    from trueup.facts.views.following import follow
    from trueup.publish.claims import detail
    from trueup.runs.books import told_of
    from trueup.runs.subjects import pages, read_subjects

    pairs = [*_stored(workspace), *_stored(workspace, withdrawn=True)]
    for claim, judged in pairs:
        if claim.id.lower() == claim_id.lower():
            snapshot = Store(workspace).snapshot()
            shas = {*claim.shas, *(e.by for e in claim.evidence if len(e.by) >= 40)}
            subjects = read_subjects(snapshot, [(claim.repo, s) for s in sorted(shas)])
            with open_facts(snapshot) as facts:
                stations = follow(facts, claim.repo, claim.pull, claim.shas, claim.tickets)
            found = detail(claim, judged, subjects, stations)
            there = pages(snapshot, claim)
            return replace(found, written_off=told_of(workspace, claim.id), pages=there)
    close = difflib.get_close_matches(claim_id.upper(), [c.id for c, _ in pairs], n=3)
    raise UnknownIdError.named(claim_id, close)


def _stored(workspace: Path, *, withdrawn: bool = False) -> list[tuple[Claim, Judged]]:
    try:
        return Results(workspace).load_claims(withdrawn=withdrawn)
    except FileNotFoundError as error:
        raise NothingCollectedError.here(str(workspace)) from error


def _fits(claim: Claim, row: ClaimRow, wanted: Wanted) -> bool:
    return (
        wanted.status in ("", row.verdict)
        and wanted.kind in ("", row.kind)
        and wanted.scope in ("", row.area)
        and wanted.repository in ("", row.repository)
        and wanted.since <= row.claimed_at
        and wanted.text.lower() in f"{row.ticket} {' '.join(claim.shas)} {row.id}".lower()
    )


def _first_sentence(session: Session) -> str:
    """The sentence, when what the claims of the period rest on has been read."""
    from trueup.publish.words import sentence
    from trueup.runs.measure import judge_claims

    config = session.config
    snapshot = Store(session.workspace).snapshot()
    return sentence(judge_claims(snapshot, config.policy, config.teams, progress=session.progress))
