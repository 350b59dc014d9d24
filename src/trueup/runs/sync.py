"""Bringing the records of an interface up to date: what is new since the last time, resumed where it broke.

Interfaces list what changed, and change while they are read. Lists by oldest change are asked anew
from the last change seen, never by the number of a page: what changes meanwhile moves to the end, and
would pull what follows past the reader. Lists with the newest first only push known records back to
the reader. After every few pages the work so far is saved together with where to go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from trueup.kernel.clock import moment_of
from trueup.kernel.errors import AccessError, AnswerError, NotFoundError, SourceError
from trueup.kernel.sources import Order, Paging
from trueup.transport.documents import Exported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from trueup.kernel.sources import Listing, Numbers, Param, RecordKind, Source
    from trueup.runs.intake import Intake, Taken
    from trueup.transport.http import Answer, Client

#: Work is saved after so many records.
SAVED_EVERY = 1_000
#: A record may tell of a moment so long after ours: clocks differ. What lies beyond moves no mark.
AHEAD = timedelta(days=1)
#: One list of many may be hidden; where so many in a row are, none of them may be read.
HIDDEN = 3

Page = tuple["Answer", list[dict[str, Any]]]


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
        graph: the address of GraphQL, for lists that are asked so.
        whole: read everything since ``since`` anew, and find what is no longer there.
    """

    source: Source
    place: str
    client: Client
    intake: Intake
    since: datetime
    progress: Callable[[str, int, int], None]
    graph: str = ""
    whole: bool = False
    _number: str | None = field(default=None, init=False)

    def run(self) -> tuple[Taken, list[SourceError]]:
        """All kinds, one after the other; those that may not be read are told and left out.

        Raises:
            SourceError: the source cannot be read (any more); what was read before is kept.
        """
        refused: list[SourceError] = []
        self._unsaved = 0
        self._left: dict[str, set[object]] = {}
        self._anew = {""}
        try:
            for kind in self.source.kinds:
                if kind.listing is not None:
                    try:
                        self._kind(kind, kind.listing)
                    except (AccessError, NotFoundError, AnswerError) as error:
                        if self._lacks(kind, error):
                            continue
                        if not any(self.intake.taken.records.values()) and not refused:
                            self._first(kind, error)
                        refused.append(error)
        finally:
            taken = self.intake.save(self.client.base)
        return taken, refused

    def _lacks(self, kind: RecordKind, error: SourceError) -> bool:
        """Whether the place merely has no such list; of the first kind it is the place that is not there."""
        may = kind.listing is not None and kind.listing.lacking
        return may and isinstance(error, NotFoundError) and kind is not self.source.kinds[0]

    def _first(self, kind: RecordKind, error: SourceError) -> None:
        """The very first thing that is asked is not there, or is no answer: nothing else will be."""
        if kind is self.source.kinds[0] and not isinstance(error, AccessError):
            raise error

    def _kind(self, kind: RecordKind, listing: Listing) -> None:
        state = self.intake.state.setdefault(kind.name, {})
        # Lists of each are whole when what they are of was read anew before: all of them are left to be read.
        anew = self.whole and listing.complete and listing.each[0] in self._anew
        if anew:
            left = state.get("left")
            state.clear()
            state |= {"left": left} if left else {}
            self.intake.seen = set()
        lists = _List(self, kind, listing, state)
        for answer, records in lists.pages():
            for number, record in enumerate(records, 1):
                place = f"{self.source.name} {answer.address.partition('?')[0]}"
                # Further pages may be linked without the name and number that tell whose they are.
                about = {**lists.beside, "place": self.place, "number": lists.number}
                told = Exported(place, number, kind.name, lists.path(), record, about=about)
                self.intake.take(kind, told)
                self._note_each(kind, record)
            self._unsaved += len(records)
            self.progress(f"reading {kind.name.replace('_', ' ')}", self._unsaved, 0)
            if self._unsaved >= SAVED_EVERY:
                self.intake.save(self.client.base)
                self._unsaved = 0
        if anew:
            self.intake.all_told(kind, self.place)
            self.intake.seen = None
            self._anew.add(kind.name)

    def _note_each(self, kind: RecordKind, record: dict[str, Any]) -> None:
        """Lists of each record of this kind are to be read."""
        for other in self.source.kinds:
            listing = other.listing
            if listing and listing.each[0] == kind.name and listing.wanted(record):
                self._note(other.name, listing, record)

    def _note(self, name: str, listing: Listing, record: dict[str, Any]) -> None:
        number = record.get(listing.each[1])
        left = self.intake.state.setdefault(name, {}).setdefault("left", [])
        known = self._left.setdefault(name, {_noted(one)[0] for one in left})
        if isinstance(number, int | str) and number != "" and number not in known:
            beside = {told: _field(record, told) for told in listing.beside}
            left.append([number, beside] if beside else number)
            known.add(number)

    def number_of_place(self) -> str:
        """The number of the place where lists want it, found by its name; nothing for everything.

        Raises:
            NotFoundError: nothing is called so.
        """
        if self._number is None:
            face = self.source.interface
            numbers = face.numbers if face else None
            self._number = self._found(numbers) if numbers and self.place != "*" else ""
        return self._number

    def _found(self, numbers: Numbers) -> str:
        params = {k: _filled(v, {"place": self.place}) for k, v in numbers.params.items()}
        answer = self.client.get(numbers.path.format(**self.spelled()), params)
        places = _field(answer.body, numbers.within) if numbers.within else [answer.body]
        # Asked for alone it is the one, whatever the case of its letters.
        alone = "{name}" in numbers.path
        for one in places if isinstance(places, list) else ():
            if alone or _field(one, numbers.name) == self.place:
                return str(one[numbers.number])
        if self.place.isdecimal():
            return self.place
        raise NotFoundError.at(self.client.named, answer.address, self.client.secret)

    def spelled(self) -> dict[str, str]:
        """The place as it stands in paths."""
        face = self.source.interface
        place = face.spelled(self.place) if face else self.place
        owner, _, name = place.rpartition("/")
        return {"place": place, "owner": owner, "name": name}


@dataclass
class _List:
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
            stamps = [str(_field(r, self.listing.stamp) or "") for r in records]
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
            stamps = [str(_field(r, self.listing.stamp) or "") for r in records]
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
        refused = 0
        while left:
            self.number, self.beside = _noted(left[0])
            at = ""
            before: list[dict[str, Any]] = []
            try:
                while True:
                    answer = self._get(at, self.sync.since, "")
                    records = self._records(answer)
                    if at and records == before:
                        break  # a server that knows no pages gave all of it at once
                    yield answer, records
                    before = records
                    page, at = at, self._following(answer, records, at)
                    if not at:
                        self._tell_rest(answer, records, page)
                        break
            except NotFoundError:
                pass  # it has gone meanwhile; a reconciliation finds that
            except AccessError:
                left.append(left.pop(0))  # the others first, now or next time
                refused += 1
                if refused >= min(len(left), HIDDEN):
                    raise
                continue
            refused = 0
            left.pop(0)

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
            if at in {"", here} or _field(answer.body, self.listing.last):
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
        filled = {k: _filled(v, told) for k, v in self.listing.params.items()}
        params = {k: v for k, v in filled.items() if v or self.listing.params[k] != "{id}"}
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
        found = _field(answer.body, self.listing.following) if self.listing.following else None
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
        total = _field(answer.body, self.listing.total) if self.listing.total else None
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
            found = _field(found, listing.within)
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


def _noted(one: object) -> tuple[object, Mapping[str, Any]]:
    """What a list that is left to be read is of, and what was noted beside it."""
    if isinstance(one, list):
        return one[0], one[1]
    return one, {}


def _filled(value: Param, told: Mapping[str, object]) -> Param:
    """The value of a parameter, with what is told in place of its holes."""
    return value.format(**told) if isinstance(value, str) else value


def _field(found: Any, dotted: str) -> Any:
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
