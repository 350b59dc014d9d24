"""Bringing the records of an interface up to date: what is new since the last time, resumed where it broke.

Interfaces list what changed, and change while they are read. Lists by oldest change are asked anew
from the last change seen, never by the number of a page: what changes meanwhile moves to the end, and
would pull what follows past the reader. Lists with the newest first only push known records back to
the reader. After every few pages the work so far is saved together with where to go on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trueup.kernel.clock import moment_of
from trueup.kernel.declarations import Order
from trueup.kernel.errors import AccessError, AnswerError, NotFoundError, SourceError
from trueup.transport.exports import Exported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from trueup.kernel.declarations import Listing, RecordKind, Source
    from trueup.runs.intake import Intake, Taken
    from trueup.transport.http import Answer, Client

#: Work is saved after so many records.
SAVED_EVERY = 1_000
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")


@dataclass
class Sync:
    """One sync of a place (a repository, a project) of a source.

    Args:
        source: what is asked, with its kinds.
        place: what it is called there.
        client: how it is asked.
        intake: where records go.
        since: older ones are left alone at the first sync.
        progress: called with a stage, how many records, and 0.
    """

    source: Source
    place: str
    client: Client
    intake: Intake
    since: datetime
    progress: Callable[[str, int, int], None]

    def run(self) -> tuple[Taken, list[SourceError]]:
        """All kinds, one after the other; those that may not be read are told and left out.

        Raises:
            SourceError: the source cannot be read (any more); what was read before is kept.
        """
        refused: list[SourceError] = []
        self._unsaved = 0
        self._left: dict[str, set[object]] = {}
        try:
            for kind in self.source.kinds:
                if kind.listing is not None:
                    try:
                        self._kind(kind, kind.listing)
                    except (AccessError, NotFoundError, AnswerError) as error:
                        if not any(self.intake.taken.records.values()) and not refused:
                            self._first(kind, error)
                        refused.append(error)
        finally:
            taken = self.intake.save(self.client.base)
        return taken, refused

    def _first(self, kind: RecordKind, error: SourceError) -> None:
        """The very first thing that is asked is not there, or is no answer: nothing else will be."""
        if kind is self.source.kinds[0] and not isinstance(error, AccessError):
            raise error

    def _kind(self, kind: RecordKind, listing: Listing) -> None:
        state = self.intake.state.setdefault(kind.name, {})
        read = {
            Order.OLDEST_CHANGE_FIRST: self._by_change,
            Order.NEWEST_FIRST: self._by_newest,
            Order.NONE: self._all,
            Order.OF_EACH: self._of_each,
        }[listing.order]
        for answer, records in read(kind, listing, state):
            for number, record in enumerate(records, 1):
                place = f"{self.source.name} {answer.address.partition('?')[0]}"
                # Further pages may be linked without the name and number that tell whose they are.
                asked = self._path(kind, state["left"][0] if listing.each[0] else "")
                self.intake.take(kind, Exported(place, number, kind.name, asked, record))
                self._note_each(kind, record)
            self._unsaved += len(records)
            self.progress(f"reading {kind.name.replace('_', ' ')}", self._unsaved, 0)
            if self._unsaved >= SAVED_EVERY:
                self.intake.save(self.client.base)
                self._unsaved = 0

    def _note_each(self, kind: RecordKind, record: dict[str, Any]) -> None:
        """Lists of each record of this kind are to be read."""
        for other in self.source.kinds:
            if other.listing is not None and other.listing.each[0] == kind.name:
                number = record.get(other.listing.each[1])
                left = self.intake.state.setdefault(other.name, {}).setdefault("left", [])
                known = self._left.setdefault(other.name, set(left))
                if isinstance(number, int | str) and number not in known:
                    left.append(number)
                    known.add(number)

    def _by_change(
        self, kind: RecordKind, listing: Listing, state: dict[str, Any]
    ) -> Iterator[tuple[Answer, list[dict[str, Any]]]]:
        """Ask from the last change seen; a page of one single moment is gone through by number."""
        since, page = state.get("since") or _text(self.since), 1
        before: set[tuple[Any, str]] = set()
        while True:
            params = {**listing.params, listing.since: since, "page": page}
            answer = self._get(kind, self._path(kind), params, state.get("etag", ""))
            if not answer.new:
                return
            records = _records(answer, listing, self.source.title)
            stamps = [str(r.get(listing.stamp) or "") for r in records]
            here = [(str(r.get("id")), stamp) for r, stamp in zip(records, stamps, strict=True)]
            fresh = [r for r, own in zip(records, here, strict=True) if own not in before]
            if page > 1 and records and not fresh:
                raise AnswerError.strange(self.source.title, answer.address, "the same page again")
            before = set(here)
            yield answer, fresh
            newest = max([since, *(s for s in stamps if _STAMP.fullmatch(s))])
            more = len(records) >= int(listing.params["per_page"])
            # The mark of an answer that held nothing new: while it is the same, nothing is.
            state |= {"since": newest, "etag": "" if more or newest > since else answer.etag}
            if newest == since and not more:
                return
            since, page = newest, page + 1 if newest == since else 1

    def _by_newest(
        self, kind: RecordKind, listing: Listing, state: dict[str, Any]
    ) -> Iterator[tuple[Answer, list[dict[str, Any]]]]:
        """Read until what was seen before; broken off, go on from the page that was next."""
        known = moment_of(state.get("since")) or self.since
        until = known - timedelta(days=listing.again_days)
        following = state.get("next", "")
        resumed = bool(following)
        etag = "" if following else state.get("etag", "")
        newest, mark = state.get("newest", ""), ""
        while True:
            params = None if following else listing.params
            try:
                answer = self._get(kind, following or self._path(kind), params, etag)
            except (AnswerError, NotFoundError):
                if not state.pop("next", "") or not resumed:
                    raise
                following, resumed = "", False  # that page can no longer be had: from the beginning
                continue
            if not answer.new:
                return
            records = _records(answer, listing, self.source.title)
            if not following:
                mark = answer.etag
            stamps = [str(r.get(listing.stamp) or "") for r in records]
            newest = max([newest, *(s for s in stamps if _STAMP.fullmatch(s))])
            fresh = [r for r, s in zip(records, stamps, strict=True) if _at(s, until) >= until]
            following = answer.following if len(fresh) == len(records) else ""
            if following == answer.address:
                raise AnswerError.strange(self.source.title, following, "the same page again")
            yield answer, fresh
            state |= {"next": following, "newest": newest}
            etag = ""
            if not following:
                state |= {"since": newest or state.get("since", ""), "etag": mark}
                state.pop("next", None)
                state.pop("newest", None)
                return

    def _all(
        self, kind: RecordKind, listing: Listing, state: dict[str, Any]
    ) -> Iterator[tuple[Answer, list[dict[str, Any]]]]:
        answer = self._get(kind, self._path(kind), listing.params, state.get("etag", ""))
        # The mark of a page tells nothing of those after it.
        mark = "" if answer.new and answer.following else answer.etag
        while answer.new:
            yield answer, _records(answer, listing, self.source.title)
            if not answer.following:
                state["etag"] = mark
                return
            answer = self._get(kind, answer.following, None, "")

    def _of_each(
        self, kind: RecordKind, listing: Listing, state: dict[str, Any]
    ) -> Iterator[tuple[Answer, list[dict[str, Any]]]]:
        left = state.setdefault("left", [])
        while left:
            following, params = self._path(kind, left[0]), listing.params
            try:
                while following:
                    answer = self._get(kind, following, params, "")
                    yield answer, _records(answer, listing, self.source.title)
                    following, params = answer.following, {}
            except NotFoundError:
                pass  # it has gone meanwhile; a reconciliation finds that
            left.pop(0)

    def _get(self, kind: RecordKind, path: str, params: Any, etag: str) -> Answer:
        return self.client.get(path, params or None, etag=etag, access=kind.access)

    def _path(self, kind: RecordKind, number: object = "") -> str:
        return kind.path.format(repo=self.place, number=number)


def _records(answer: Answer, listing: Listing, named: str) -> list[dict[str, Any]]:
    found = answer.body
    if listing.within and isinstance(found, dict):
        found = found.get(listing.within)
    if not isinstance(found, list) or not all(isinstance(r, dict) for r in found):
        raise AnswerError.strange(named, answer.address, "something other than a list of records")
    return found


def _at(stamp: str, otherwise: datetime) -> datetime:
    """When; an odd record is taken for a new one, so that it is looked at and told."""
    try:
        return moment_of(stamp) or otherwise
    except ValueError:
        return otherwise


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
