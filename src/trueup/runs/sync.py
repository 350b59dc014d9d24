"""Bringing the records of an interface up to date: what is new since the last time, resumed where it broke.

After every few pages the work so far is saved together with where to go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trueup.kernel.errors import AccessError, AnswerError, NotFoundError, SourceError
from trueup.runs.lists import RecordList, field_of, filled, noted
from trueup.transport.documents import Exported

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trueup.kernel.sources import Listing, Numbers, RecordKind, Source
    from trueup.runs.intake import Intake, Taken
    from trueup.transport.http import Client

#: Work is saved after so many records.
SAVED_EVERY = 1_000


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
        lists = RecordList(self, kind, listing, state)
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
        known = self._left.setdefault(name, {noted(one)[0] for one in left})
        if isinstance(number, int | str) and number != "" and number not in known:
            beside = {told: field_of(record, told) for told in listing.beside}
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
        params = {k: filled(v, {"place": self.place}) for k, v in numbers.params.items()}
        answer = self.client.get(numbers.path.format(**self.spelled()), params)
        places = field_of(answer.body, numbers.within) if numbers.within else [answer.body]
        # Asked for alone it is the one, whatever the case of its letters.
        alone = "{name}" in numbers.path
        for one in places if isinstance(places, list) else ():
            if alone or field_of(one, numbers.name) == self.place:
                return str(one[numbers.number])
        if self.place.isdecimal():
            return self.place
        raise NotFoundError.at(self.client.named, answer.address, self.client.secret)

    @property
    def at_once(self) -> int:
        """How many requests may be under way."""
        return self.source.interface.at_once if self.source.interface else 1

    def spelled(self) -> dict[str, str]:
        """The place as it stands in paths."""
        face = self.source.interface
        place = face.spelled(self.place) if face else self.place
        owner, _, name = place.rpartition("/")
        return {"place": place, "owner": owner, "name": name}
