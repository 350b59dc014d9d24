"""One list of an interface, read in the order and by the pages that its source declares.

Interfaces list what changed, and change while they are read. Lists by oldest change are asked anew
from the last change seen, never by the number of a page: what changes meanwhile moves to the end, and
would pull what follows past the reader. Lists with the newest first only push known records back to
the reader.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from trueup.kernel.clock import moment_of
from trueup.kernel.errors import AccessError, AnswerError, NotFoundError
from trueup.kernel.sources import Order, Paging
from trueup.runs.ahead import Ahead

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from trueup.kernel.sources import Listing, Param, RecordKind
    from trueup.runs.sync import Sync
    from trueup.transport.http import Answer

#: A record may tell of a moment so long after ours: clocks differ. What lies beyond moves no mark.
AHEAD = timedelta(days=1)
#: One list of many may be hidden; where so many in a row are, none of them may be read.
HIDDEN = 3

Page = tuple["Answer", list[dict[str, Any]]]


@dataclass
class RecordList:
    """One list of an interface, and how far it was read."""

    sync: Sync
    kind: RecordKind
    listing: Listing
    state: dict[str, Any]
    number: object = ""
    beside: Mapping[str, Any] = field(default_factory=dict)

    def pages(self) -> Iterator[Page]:
        """Answers with those of their records that are new."""
        return {
            Order.OLDEST_CHANGE_FIRST: self._by_change,
            Order.NEWEST_FIRST: self._by_newest,
            Order.NONE: self._all,
            Order.OF_EACH: self._of_each,
            Order.FEED: self._feed,
        }[self.listing.order]()

    def first(self) -> Answer:
        """The first page, of whatever age."""
        return self._get("", self.sync.since, "")

    def path(self) -> str:
        """The path that is asked."""
        number = quote(str(self.number), safe=":")
        quoted = quote(self.sync.place, safe="")
        return self.kind.path.format(**self.sync.spelled(), quoted=quoted, number=number)

    def _by_change(self) -> Iterator[Page]:
        """Ask from the last change seen; a page of one single moment is gone through by its pages."""
        known = moment_of(self.state.get("since")) or self.sync.since
        since = known - timedelta(days=self.listing.again_days)
        same = since == known and not self.listing.window_days  # what was asked last time
        at, etag = "", self.state.get("etag", "") if same else ""
        before: set[tuple[str, str]] = set()
        while True:
            answer = self._get(at, since, etag)
            if not answer.new:
                return
            records = self._records(answer)
            stamps = [str(field_of(r, self.listing.stamp) or "") for r in records]
            here = [(_own(r), stamp) for r, stamp in zip(records, stamps, strict=True)]
            fresh = [r for r, own in zip(records, here, strict=True) if own not in before]
            if at and records and not fresh:
                raise self._strange(answer.address, "the same page again")
            before = set(here)
            yield answer, fresh
            newest = self._newest(since, stamps)
            following = self._following(answer, records, at)
            moved = self._moment(newest) != self._moment(since)
            # The mark of an answer that held nothing new: while it is the same, nothing is.
            mark = "" if following or moved else answer.etag
            self.state |= {"since": _text(max(newest, known)), "etag": mark}
            if not moved and not following:
                self._tell_rest(answer, records, at)
                if self._until(since) >= self.sync.client.clock():
                    return
                newest = self._until(since)
            at = "" if moved else following
            since, etag = newest, ""

    def _by_newest(self) -> Iterator[Page]:
        """Read until what was seen before; broken off, go on from the page that was next."""
        known = moment_of(self.state.get("since")) or self.sync.since
        until = known - timedelta(days=self.listing.again_days)
        at = self.state.get("next", "")
        resumed = bool(at)
        etag = "" if at else self.state.get("etag", "")
        newest, mark = moment_of(self.state.get("newest")) or known, ""
        while True:
            try:
                answer = self._get(at, until, etag)
            except (AnswerError, NotFoundError):
                if not self.state.pop("next", "") or not resumed:
                    raise
                at, resumed = "", False  # that page can no longer be had: from the beginning
                continue
            if not answer.new:
                return
            records = self._records(answer)
            page = at
            if not at:
                mark = answer.etag
            stamps = [str(field_of(r, self.listing.stamp) or "") for r in records]
            newest = self._newest(newest, stamps)
            fresh = [r for r, s in zip(records, stamps, strict=True) if _at(s, until) >= until]
            at = self._following(answer, records, at) if len(fresh) == len(records) else ""
            yield answer, fresh
            self.state |= {"next": at, "newest": _text(newest)}
            etag = ""
            if not at:
                if len(fresh) == len(records):
                    self._tell_rest(answer, records, page)
                self.state |= {"since": _text(newest), "etag": mark}
                self.state.pop("next", None)
                self.state.pop("newest", None)
                return

    def _all(self) -> Iterator[Page]:
        at, etag = "", self.state.get("etag", "")
        first = True
        while True:
            answer = self._get(at, self.sync.since, etag)
            if not answer.new:
                return
            records = self._records(answer)
            yield answer, records
            page, at, etag = at, self._following(answer, records, at), ""
            if not at:
                self._tell_rest(answer, records, page)
                # The mark of a page tells nothing of those after it.
                self.state["etag"] = answer.etag if first else ""
                return
            first = False

    def _of_each(self) -> Iterator[Page]:
        left = self.state.setdefault("left", [])
        refused, well = 0, False
        at_once = self.sync.at_once
        with Ahead(at_once, self._first_of) as ahead:
            while left:
                self.number, self.beside = noted(left[0])
                try:
                    yield from self._of_one(ahead.answer(left[: at_once if well else 1]))
                except NotFoundError:
                    pass  # it has gone meanwhile; a reconciliation finds that
                except AccessError:
                    left.append(left.pop(0))  # the others first, now or next time
                    refused, well = refused + 1, False
                    if refused >= min(len(left), HIDDEN):
                        raise
                    continue
                refused, well = 0, True
                left.pop(0)

    def _first_of(self, one: object) -> Answer:
        """The first page of the list of another one, if it can be had without waiting."""
        number, beside = noted(one)
        sync = copy(self.sync)
        sync.client = self.sync.client.hasty()
        return replace(self, sync=sync, number=number, beside=beside).first()

    def _of_one(self, first: Answer | None) -> Iterator[Page]:
        """The pages of one of the lists; the first may be known."""
        at = ""
        before: list[dict[str, Any]] = []
        while True:
            answer = first or self._get(at, self.sync.since, "")
            first = None
            records = self._records(answer)
            if at and records == before:
                return  # a server that knows no pages gave all of it at once
            yield answer, records
            before = records
            page, at = at, self._following(answer, records, at)
            if not at:
                self._tell_rest(answer, records, page)
                return

    def _feed(self) -> Iterator[Page]:
        """Go on from where the last answer pointed; from the beginning where that can no longer be had."""
        at = str(self.state.get("next") or "")
        resumed = bool(at)
        while True:
            try:
                answer = self._get(at, self.sync.since, "")
            except (AnswerError, NotFoundError):
                if not resumed:
                    raise
                at, resumed = "", False
                continue
            resumed = False
            yield answer, self._records(answer)
            told = self._told_following(answer)
            here, at = at, str(told or "")
            if at:
                self.state["next"] = at
            if at in {"", here} or field_of(answer.body, self.listing.last):
                return

    def _get(self, at: str, since: datetime, etag: str) -> Answer:
        """The page at an address, cursor, number or offset; the first where that is empty."""
        client, access = self.sync.client, self.kind.access
        if at and self.listing.paging in {Paging.LINK, Paging.ADDRESS}:
            return client.get(at, None, access=access)
        # Whether a window holds its own first moment is rarely documented: it is asked a second earlier.
        begin = since - timedelta(seconds=1) if self.listing.window_days else since
        place = self.sync.place
        told = {
            "place": place,
            "quoted": quote(place, safe=""),
            "escaped": place.replace("\\", "\\\\").replace('"', '\\"'),
            "since": self._moment(begin),
            "until": self._moment(self._until(since)),
            "number": self.number,
            "id": self.sync.number_of_place(),
        }
        ranged = self.listing.paging is Paging.RANGE
        told |= {"first": int(at or 0), "last": int(at or 0) + self.listing.many} if ranged else {}
        given = {k: filled(v, told) for k, v in self.listing.params.items()}
        params = {k: v for k, v in given.items() if v or self.listing.params[k] != "{id}"}
        if self.listing.query:
            return self._ask(at, params, etag)
        if at and not ranged:
            params[self.listing.page] = at
        return client.get(self.path(), params or None, etag=etag, access=access)

    def _ask(self, at: str, params: Mapping[str, Any], etag: str) -> Answer:
        """A page by GraphQL, which knows no marks: those of a plain list tell whether anything is new."""
        client, access = self.sync.client, self.kind.access
        if not self.kind.path:
            asked = {**params, "cursor": at or None}
            answer = client.ask(self.sync.graph, self.listing.query, asked, access=access)
            return replace(answer, etag="")
        if not at:
            plain = client.get(self.path(), params, etag=etag, access=access)
            if not plain.new:
                return plain
            etag = plain.etag
        owner, _, name = self.sync.place.rpartition("/")
        told = {"owner": owner, "name": name, "cursor": at or None}
        answer = client.ask(self.sync.graph, self.listing.query, told, access=access)
        return replace(answer, etag=etag)

    def _following(self, answer: Answer, records: list[dict[str, Any]], at: str) -> str:
        """Where the next page is; nothing after the last."""
        following = self._told_following(answer)
        match self.listing.paging:
            case Paging.LINK:
                found = answer.following
            case Paging.ADDRESS | Paging.CURSOR | Paging.HEADER:
                found = following if isinstance(following, str) else ""
            case Paging.NUMBER:
                found = str(int(at or 1) + 1) if self._more(answer, records, at) else ""
            case Paging.OFFSET | Paging.RANGE:
                more = self._more(answer, records, at)
                found = str(int(at or 0) + len(records)) if more else ""
            case Paging.WHOLE:
                found = ""
        if found and found in {at, answer.address}:
            raise self._strange(answer.address, "the same page again")
        return found

    def _told_following(self, answer: Answer) -> Any:
        """What the answer says of how it goes on."""
        if self.listing.paging is Paging.HEADER:
            return answer.headers.get(self.listing.following)
        found = field_of(answer.body, self.listing.following) if self.listing.following else None
        if isinstance(found, dict):  # as GraphQL says it
            found = found.get("endCursor") if found.get("hasNextPage") else None
        return found

    def _more(self, answer: Answer, records: list[dict[str, Any]], at: str) -> bool:
        """Whether a numbered list goes on, as the answer says it or else because the page is full."""
        told = self._told_following(answer)
        more = len(records) >= self._size() if told is None else bool(told)
        refused = 0 < self.listing.most < self._read(records, at) + self._size()
        return bool(records) and more and not refused

    def _size(self) -> int:
        """How many records a page holds."""
        told = self.listing.params.get(self.listing.size, 1)
        return self.listing.many or (told if isinstance(told, int) else 1)

    def _read(self, records: list[dict[str, Any]], at: str) -> int:
        """How many records of a list were given up to here."""
        numbered = self.listing.paging is Paging.NUMBER
        before = (int(at or 1) - 1) * self._size() if numbered else int(at or 0)
        return before + len(records)

    def _tell_rest(self, answer: Answer, records: list[dict[str, Any]], at: str) -> None:
        """A list that ends before all its records were given has a rest nobody may take for none."""
        total = field_of(answer.body, self.listing.total) if self.listing.total else None
        if not isinstance(total, int) or self.listing.paging not in {Paging.NUMBER, Paging.OFFSET}:
            return
        rest = total - self._read(records, at)
        if rest > 0:
            place = f"{self.sync.source.name} {answer.address.partition('?')[0]}"
            problem = f"{place}: {rest:,} of {total:,} records are beyond what it gives of one list"
            self.sync.intake.miss(problem, rest)

    def _until(self, since: datetime) -> datetime:
        """Where the window ends that begins there; without windows, tomorrow."""
        end = self.sync.client.clock() + AHEAD
        days = self.listing.window_days
        return min(end, since + timedelta(days=days)) if days else end

    def _records(self, answer: Answer) -> list[dict[str, Any]]:
        found, listing = answer.body, self.listing
        if found is None and listing.lacking:
            return []
        if listing.within and isinstance(found, dict):
            found = field_of(found, listing.within)
            found = [] if found is None and listing.lacking else found
        alone = listing.order is Order.OF_EACH and listing.paging is Paging.WHOLE
        if isinstance(found, dict) and (listing.within or alone):
            found = [found]
        if listing.query and isinstance(found, list):
            found = [r for r in found if r is not None]  # what the token may not see
        if not isinstance(found, list) or not all(isinstance(r, dict) for r in found):
            raise self._strange(answer.address, "something other than a list of records")
        return found

    def _newest(self, known: datetime, stamps: list[str]) -> datetime:
        latest = self.sync.client.clock() + AHEAD
        found = (_at(stamp, known) for stamp in stamps)
        return max([known, *(m for m in found if m <= latest)])

    def _moment(self, moment: datetime) -> str:
        """A moment as the interface wants it, never later than it is."""
        seconds = int(moment.timestamp())
        return {
            "iso": _text(moment),
            "offset": moment.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "minute": moment.strftime("%Y-%m-%d %H:%M"),
            "day": moment.strftime("%Y-%m-%d"),
            "seconds": str(seconds),
            "milliseconds": str(seconds * 1000),
        }[self.listing.since]

    def _strange(self, address: str, what: str) -> AnswerError:
        return AnswerError.strange(self.sync.source.title, address, what)


def noted(one: object) -> tuple[object, Mapping[str, Any]]:
    """What a list that is left to be read is of, and what was noted beside it."""
    if isinstance(one, list):
        return one[0], one[1]
    return one, {}


def filled(value: Param, told: Mapping[str, object]) -> Param:
    """The value of a parameter, with what is told in place of its holes."""
    return value.format(**told) if isinstance(value, str) else value


def field_of(found: Any, dotted: str) -> Any:
    """A field of a field; nothing where there is none."""
    for name in dotted.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _own(record: dict[str, Any]) -> str:
    """What tells a record from others of its list."""
    return str(record.get("id") or orjson.dumps(record, option=orjson.OPT_SORT_KEYS))


def _at(stamp: str, otherwise: datetime) -> datetime:
    """When; an odd record is taken for a new one, so that it is looked at and told."""
    try:
        return moment_of(int(stamp) if stamp.isdigit() else stamp) or otherwise
    except ValueError:
        return otherwise


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
