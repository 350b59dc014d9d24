"""Any interface, as its source declares it: lists with the declared order, paging and envelopes.

It knows nothing of the vendor: what it shows is that the declaration of a source is complete, and that
asking for records gives the same facts as reading them from files.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from trueup.kernel.sources import Listing, Order, Paging, RecordKind, Source

BASE = "https://interface.example/root"
Record = tuple[dict[str, Any], str]


@dataclass
class Lists:
    """All kinds of a source behind HTTP.

    Args:
        source: whose declarations are followed.
        records: of each kind, with the request that brought them, where that is known.
        fitting: at most so many records fit a page, whatever is asked for.
    """

    source: Source
    records: Mapping[str, Sequence[Record]]
    fitting: int = 2
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        params = dict(parse_qsl(query, keep_blank_values=True))
        self.asked.append(f"{path}?{query}")
        if environ["REQUEST_METHOD"] == "POST":
            body = self._asked(json.loads(environ["wsgi.input"].read()))
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(body).encode()]
        if body := self._numbers(path, params):
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(body).encode()]
        for kind in self.source.kinds:
            if (number := self._number(kind, path, params)) is not None:
                headers, body = self._page(kind, number, path, params)
                told = [("Content-Type", "application/json"), *headers]
                start("200 OK", told)
                return [json.dumps(body).encode()]
        start("404 Not Found", [("Content-Type", "application/json")])
        return [b'{"message": "no such list"}']

    def _numbers(self, path: str, params: dict[str, str]) -> dict[str, Any]:
        """The place that is asked for by its name, with a number."""
        face = self.source.interface
        numbers = face.numbers if face else None
        found = _with_holes(numbers.path, name="([^/]+)").fullmatch(path) if numbers else None
        if numbers is None or found is None:
            return {}
        named = [params[k] for k, v in numbers.params.items() if v == "{place}"]
        place = {numbers.name: (*named, *found.groups())[0], numbers.number: 17}
        if not numbers.within:
            return place
        body: dict[str, Any] = {}
        _put(body, numbers.within, [place])
        return body

    def _asked(self, told: dict[str, Any]) -> dict[str, Any]:
        """A page by GraphQL, of the kind that has this query."""
        kind = next(k for k in self.source.kinds if k.listing and k.listing.query == told["query"])
        listing = kind.listing
        assert listing is not None
        found = [r for r, _ in self.records.get(kind.name, ())]
        found.sort(key=lambda r: str(_field(r, listing.stamp)), reverse=True)
        at = int(told["variables"]["cursor"] or 0)
        body: dict[str, Any] = {}
        _put(body, listing.within, found[at : at + self.fitting])
        ended = at + self.fitting >= len(found)
        page = {"hasNextPage": not ended, "endCursor": str(at + self.fitting)}
        _put(body, listing.following, page)
        return body

    def _number(self, kind: RecordKind, path: str, params: dict[str, str]) -> str | None:
        """Whose list is asked for: the number in the path or query, or nothing in particular."""
        if kind.listing is None:
            return None
        found = _with_holes(kind.path, number="(.+?)").fullmatch(path)
        given = {k: _one(v) for k, v in kind.listing.params.items() if k != kind.listing.page}
        # Lists of one path differ in what is asked of them.
        fitting = all(_holes(v).fullmatch(params.get(k, "")) for k, v in given.items())
        if found is None or not fitting:
            return None
        asked = [params.get(k, "") for k, v in kind.listing.params.items() if v == "{number}"]
        return unquote((*found.groups(), *asked, "")[0])

    def _page(
        self, kind: RecordKind, number: str, path: str, params: dict[str, str]
    ) -> tuple[list[tuple[str, str]], Any]:
        listing = kind.listing
        assert listing is not None
        found = self._list(kind, listing, number)
        at, size = _extent(listing, params, self._size(listing, found))
        shown, more = found[at : at + size], at + size < len(found)
        body: Any = shown[0] if len(found) == 1 and _single(kind) else shown
        if listing.within:
            _put(told := {}, listing.within, body)
            body = told
        headers, following = [], str(at + size) if more else ""
        feed = listing.order is Order.FEED  # it always tells where it will go on
        if (more or feed) and listing.paging in {Paging.LINK, Paging.ADDRESS}:
            page = at // size + 2 if listing.paging is Paging.LINK else at + size
            asked = urlencode({**params, listing.page: page})
            following = f"https://interface.example{path}?{asked}"
            headers = [("Link", f'<{following}>; rel="next"')]
        if more and listing.paging is Paging.HEADER:
            headers = [(listing.following, following)]
        elif listing.following and following:
            _put(body, listing.following, following)
        if listing.last:
            _put(body, listing.last, not more)
        if listing.total:
            _put(body, listing.total, len(found))
        return headers, body

    def _list(self, kind: RecordKind, listing: Listing, number: str) -> list[dict[str, Any]]:
        records = self.records.get(kind.name, ())
        found = [r for r, asked in records if self._is_of(kind, r, asked, number)]
        if listing.order in {Order.OLDEST_CHANGE_FIRST, Order.NEWEST_FIRST}:
            newest_first = listing.order is Order.NEWEST_FIRST
            found.sort(key=lambda r: str(_field(r, listing.stamp)), reverse=newest_first)
        return found

    def _size(self, listing: Listing, found: list[dict[str, Any]]) -> int:
        """How many records fit a page: so many as are asked for, where pages are counted by them."""
        if listing.paging is Paging.WHOLE:
            return len(found) or 1
        if listing.paging in {Paging.NUMBER, Paging.OFFSET}:
            return int(listing.params.get(listing.size, 1))
        return self.fitting

    def _is_of(self, kind: RecordKind, record: dict[str, Any], asked: str, number: str) -> bool:
        """Whether a record is in the list of that number, by the request that brought it, or its own words."""
        assert kind.listing is not None
        if not kind.listing.each[0]:
            return True
        parents = self.records.get(kind.listing.each[0], ())
        numbers = [str(p.get(kind.listing.each[1])) for p, _ in parents]
        told = f"{asked} {json.dumps(record)}"
        own = [
            n for n in numbers if re.search(rf"(?<![0-9A-Za-z]){re.escape(n)}(?![0-9A-Za-z])", told)
        ]
        asking = [n for n in own if n in asked]
        return number == (asking or own or numbers)[0]


def _single(kind: RecordKind) -> bool:
    """Whether the list of each is one record, which then stands under its name, or alone."""
    listing = kind.listing
    if listing is None:
        return False
    alone = listing.order is Order.OF_EACH and listing.paging is Paging.WHOLE
    return listing.within == kind.name.removesuffix("s") or (alone and not listing.within)


def _extent(listing: Listing, params: Mapping[str, str], size: int) -> tuple[int, int]:
    """Where the page begins that is asked for, and how many records it holds."""
    if listing.paging is Paging.RANGE:
        return _range(listing, params)
    at = int(params.get(listing.page) or 0)
    return max(0, at - 1) * size if listing.paging in {Paging.NUMBER, Paging.LINK} else at, size


def _range(listing: Listing, params: Mapping[str, str]) -> tuple[int, int]:
    """The same, where one parameter tells both."""
    for name, told in listing.params.items():
        if isinstance(told, str) and "{first}" in told:
            found = _holes(told).fullmatch(params[name])
            assert found is not None
            return int(found["first"]), int(found["last"]) - int(found["first"])
    raise AssertionError("no parameter of the list holds {first}")


def _with_holes(path: str, **more: str) -> re.Pattern[str]:
    """What a path looks like when it is filled in."""
    holes = {"place": ".+", "quoted": ".+?", "owner": ".+", "name": "[^/]+", "number": ".+?"} | more
    pattern = re.escape(f"/root{path}")
    for hole, what in holes.items():
        pattern = pattern.replace(re.escape(f"{{{hole}}}"), what)
    return re.compile(pattern)


def _holes(told: str) -> re.Pattern[str]:
    """What a parameter looks like when it is filled in."""
    found = ""
    for text, hole, *_ in string.Formatter().parse(told):
        named = hole in {"first", "last"}
        found += re.escape(text) + (f"(?P<{hole}>.*)" if named else ".*" if hole else "")
    return re.compile(found)


def _one(value: Any) -> str:
    """What is left of a parameter where each name has one value: the last."""
    return str(value[-1] if isinstance(value, tuple) else value)


def _field(found: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _put(body: dict[str, Any], dotted: str, value: Any) -> None:
    *outer, last = dotted.split(".")
    for name in outer:
        body = body.setdefault(name, {})
    body[last] = value
