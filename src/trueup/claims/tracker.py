"""What trackers say of claims: issues, when they were closed as done, opened again, refused and confirmed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import ibis

from trueup.facts.schema import TABLES
from trueup.facts.views.turns import turns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trueup.facts.engine import Facts

#: Closed or opened and taken back so soon, it was a slip.
SLIP = timedelta(days=1)
NEVER = datetime.max.replace(tzinfo=UTC)
#: Kinds of issues that are no piece of work: nobody reports work by closing them.
NO_WORK = frozenset(("question", "incident"))
#: Kinds of issues that are surely work.
WORK = frozenset(("bug", "feature", "task"))
#: Resolutions that say the work was not done, or not here.
NOT_DONE = frozenset(("not_planned", "duplicate"))
OPEN = frozenset(("open", "in_progress"))
#: A status or label by which a tracker says that the outcome was looked at, and is what was meant.
CONFIRMS = (
    r"(?i)^(?:(?:status|state|qa|test|resolution)\s*[:/]+\s*)?(?:(?:qa|uat)[\s_-]*)?(?:verified|accepted|validated|"
    r"signed[\s_-]?off|fixed and verified|(?:qa|uat|tests?|testing|validation test)[\s_-]*passed)$"
)


class Move(NamedTuple):
    """An issue was closed as ``done``, ``refused``, ``closed`` (nobody told how), ``opened`` or ``confirmed``, by whom."""

    at: datetime
    how: str
    actor: str = ""
    kind: str = ""


class Reopening(NamedTuple):
    """When an issue was opened that had been closed as done, until when, and whether it was refused then."""

    at: datetime
    until: datetime | None
    refused: bool = False


@dataclass(slots=True)
class Issue:
    """An issue that somebody closed as done at least once.

    Attributes:
        place: what its tracker calls where it belongs, and ``repo`` the clone of that, if one is here.
        closings: when it was closed as done, the first first.
        closer: who did so, and what they are: human, bot, agent, or nothing when nobody tells.
        refused_at: since when nobody says any more that it is done: it was refused, and not closed as done again.
        reported_at: when somebody closed it first, which a bot did only where nobody else did.
        parts: how many issues name it as their parent.
        connected: the tracker says that a change is connected with it, but not which.
        confirmed: when a status or label said that the outcome is what was meant, and who set it.
    """

    place: str
    repo: str
    key: str
    kind: str
    made_at: datetime
    closings: list[datetime]
    openings: list[Reopening]
    refused_at: datetime | None
    reported_at: datetime
    closer: str = ""
    closer_kind: str = ""
    parts: int = 0
    connected: bool = False
    confirmed: list[Move] = field(default_factory=list)


def has_issues(facts: Facts) -> bool:
    """Whether any tracker was read."""
    return bool(facts.snapshot.files(TABLES["issues"]))


def read_issues(facts: Facts, since: datetime | None) -> Iterator[Issue]:
    """Issues closed as done since a moment, if one is given; needs `homes`."""
    if not has_issues(facts):
        return
    places = dict(
        facts.rows(facts.table("homes").select("place", "repo").order_by("place", "repo"))
    )
    actors = facts.table("actors").select("actor", "kind", closed_by="identity")
    parts = facts.table("issues").filter(lambda t: t.parent.notnull())
    parts = parts.group_by("repo", key="parent").agg(parts=lambda t: t.count())
    told = facts.table("issues").rename(of="kind").left_join(actors, "closed_by")
    told = told.left_join(parts, ["repo", "key"])
    rows = told.select(
        "repo", "key", "of", "happened_at", "status", "resolution", "closed_at", "actor",
        told["kind"], "changed_at", parts=told.parts.fill_null(0),
    ).order_by("repo", "key")  # fmt: skip
    moved = _moves(facts)
    connected, confirmed = _connected(facts), _confirmed(facts)
    for place, key, of, made, status, resolution, closed, actor, kind, changed, count in facts.rows(
        rows
    ):
        refused = status == "done" and resolution in NOT_DONE
        how = (
            "refused"
            if refused
            else "done"
            if status == "done"
            else "opened"
            if status in OPEN
            else ""
        )
        at = closed if status == "done" else changed
        last = Move(at, how, actor or "", kind or "") if how and at else None
        spans, refused_at = _spans(moved.get((place, key), ()), last, refused=refused)
        if not spans or (since is not None and spans[-1].closed.at < since):
            continue
        closings = [span.closed for span in spans]
        first = next((c for c in closings if c.kind != "bot"), closings[0])
        who = (first.actor, first.kind) if first.actor else (actor or "", kind or "")
        yield Issue(
            place, places.get(place, ""), key, of or "", made or closings[0].at, [c.at for c in closings],
            list(_reopenings(spans, refused_at)), refused_at, first.at, *who, count,
            (place, key) in connected, confirmed.get((place, key), []),
        )  # fmt: skip


def _connected(facts: Facts) -> set[tuple[str, str]]:
    """Issues of which the last word is that a change is connected with them."""
    events = facts.table("issue_events")
    told = events.filter(events.field_original.isin(("connected", "disconnected")))
    last = told.group_by("repo", "key").agg(said=told.field_original.argmax(told.happened_at))
    rows = last.filter(last.said == "connected").select("repo", "key")
    return set(facts.rows(rows))


def _confirmed(facts: Facts) -> dict[tuple[str, str], list[Move]]:
    """Every status and label that says so, in order; what became of a label later is not asked."""
    events = facts.table("issue_events")
    told = events.filter(
        (events.field == "status") | (events.field_original == "labeled"),
        events.after_original.re_search(CONFIRMS),
    ).rename(doer="actor")
    actors = facts.table("actors").select("actor", "kind", doer="identity")
    rows = told.left_join(actors, "doer").order_by("repo", "key", "happened_at", "event")
    found: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for repo, key, at, actor, kind in facts.rows(
        rows.select("repo", "key", "happened_at", "actor", "kind")
    ):
        found[repo, key].append(Move(at, "confirmed", actor or "", kind or ""))
    return found


def _moves(facts: Facts) -> dict[tuple[str, str], list[Move]]:
    """Every closing and opening of each issue, in order."""
    events = turns(facts.table("issue_events"))
    done, was_done = events.after == "done", events.before == "done"
    resolution = events.resolution.fill_null("")
    refused = resolution.isin(NOT_DONE)
    how = ibis.cases(
        (~done, "opened"), (refused, "refused"), (resolution == "done", "done"), else_="closed"
    )
    actors = facts.table("actors").select("actor", "kind", doer="identity")
    told = events.filter((done != was_done) | (done & (resolution != ""))).select(
        "repo", "key", "event", "happened_at", how=how, doer="actor"
    )
    told = told.left_join(actors, "doer")
    columns = ("repo", "key", "happened_at", "how", "actor", "kind")
    found: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for repo, key, at, said, actor, kind in facts.rows(
        told.order_by("repo", "key", "happened_at", "event").select(*columns)
    ):
        found[repo, key].append(Move(at, said, actor or "", kind or ""))
    return found


class _Span(NamedTuple):
    """From a closing as done until it was opened again, or refused without that."""

    closed: Move
    opened: datetime | None = None
    refused: datetime | None = None

    @property
    def end(self) -> datetime | None:
        return self.opened or self.refused


def _spans(
    moves: Sequence[Move], last: Move | None, *, refused: bool
) -> tuple[list[_Span], datetime | None]:
    """The spans in which an issue was called done, and since when it is refused after the last of them.

    What was taken back within a day was no report: nobody could rely on it. Of an issue that is ``refused`` now,
    only closings count that are told to be as done: the others may have been refusals as well.

    Args:
        moves: what events tell, in order.
        last: what the issue tells itself of how it stands.
        refused: it stands refused.
    """
    spans: list[_Span] = []
    given_up = False
    for move in (*moves, *_last_word(moves, last)):
        standing = bool(spans) and spans[-1].end is None
        if move.how == "opened":
            given_up = False
            if standing:
                spans[-1] = spans[-1]._replace(opened=move.at)
        elif move.how == "refused":
            given_up = True
            if spans and spans[-1].refused is None:
                spans[-1] = spans[-1]._replace(refused=move.at)
        elif not standing and (move.how == "done" or not given_up):
            given_up = False
            spans.append(_Span(move))
    refused_at = spans[-1].refused if spans else None
    if refused:
        spans = [s for s in spans if s.closed.how == "done" and refused_at]
    return [s for s in spans if (s.end or NEVER) - s.closed.at > SLIP], refused_at


def _last_word(moves: Sequence[Move], last: Move | None) -> list[Move]:
    """What the issue tells itself, unless events tell what came later."""
    if last is None or not moves or last.at >= moves[-1].at:
        return [last] if last else []
    opened = "opened" in {last.how, moves[-1].how}
    return [] if opened else [last._replace(at=moves[-1].at)]  # one closing, stamped twice


def _reopenings(spans: list[_Span], refused: datetime | None) -> Iterator[Reopening]:
    for span, later in zip_longest(spans, spans[1:]):
        if span.opened is not None:
            until = later.closed.at if later else refused
            yield Reopening(span.opened, until, refused=later is None and until is not None)


def project(key: str) -> str:
    """The project a key of a tracker belongs to; nothing for a number."""
    match = re.fullmatch(r"([A-Za-z][A-Za-z0-9_.]*)-\d+", key)
    return match[1].upper() if match else ""


def home_of(issue: Issue, prefixes: Mapping[str, Counter[str]]) -> str:
    """The repository whose book an issue belongs into, or else the name its tracker gives.

    An issue numbered with `#` is of its forge's repository; one with a key of a tracker (``KAFKA-12``) is of
    the repository whose commits name that project most (``prefixes``: repository to projects named).
    """
    name = project(issue.key)
    named = {repo: n for repo, counts in prefixes.items() if name and (n := counts[name])}
    if issue.repo or not named:
        return issue.repo or issue.place
    return min(named, key=lambda repo: (-named[repo], repo))
