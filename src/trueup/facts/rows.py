"""Rows of facts being gathered from raw records: the one thing a source writes to.

A record gives all its rows or none. What is normalised keeps the original beside it; values nobody
knows become `other` and are counted, so that a source that changes its words is noticed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from trueup.facts.newest import newest_rows
from trueup.facts.pseudonyms import identity, sealed
from trueup.facts.schema import ENVELOPE, TABLES
from trueup.facts.texts.causes import causes
from trueup.facts.texts.message import features, subject_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trueup.facts.schema import Table
    from trueup.facts.texts.message import Link

    #: A record as its source gives it, or a part of one.
    Raw = Mapping[str, Any]


class OddRecordError(ValueError):
    """A record that is not as its source describes it; the message holds no value of it."""


class UnplacedError(OddRecordError):
    """Neither a record nor who reads it says which repository it is of."""


#: What a record of another shape than expected may end in.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
#: Longer texts are looked into up to here.
LONGEST = 1 << 16
_TASK = re.compile(r"^[ \t]*[-*+] \[([ xX])\] ", re.MULTILINE)
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*>.*$", re.DOTALL | re.MULTILINE)


#: Marks at the start of a line by which projects say that a change was looked at and may land.
_APPROVES = re.compile(
    r"^[ \t]*(?:(?:code[- ]review|tested|re|ut|cr|t)?[ -]?ACK\b|LGTM\b|looks good to me\b|@?bors[: ]+r[+=]|r\+"
    r"|/(?:lgtm|approve)\b)",
    re.IGNORECASE | re.MULTILINE,
)


class Text(NamedTuple):
    """Features of a text that is not kept."""

    bytes: int
    tasks: int
    tasks_done: int
    asks: bool
    suggests: bool
    approves: bool

    def of_item(self) -> dict[str, int]:
        """What issues and requests keep of it, by column."""
        return {"text_bytes": self.bytes, "tasks": self.tasks, "tasks_done": self.tasks_done}

    def of_comment(self) -> dict[str, int]:
        """What comments keep of it, by column."""
        told = {"asks": self.asks, "suggests": self.suggests, "approves": self.approves}
        return {"text_bytes": self.bytes, **told}


class Rows:
    """Rows by table, with the identities, unknown values and doubtful things met on the way.

    ``listed`` is how many numbers and texts stand in lists of the rows: these take memory as well.

    Args:
        key: of the pseudonyms.
    """

    def __init__(self, key: bytes) -> None:
        self.unknown_values: Counter[tuple[str, str]] = Counter()
        self.words: dict[str, str] = {}
        self._words_here: dict[str, str] = {}
        self.remarks: Counter[str] = Counter()
        self.count = 0
        self.listed = 0
        self._key = key
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._met: dict[tuple[str, ...], str] = {}
        self._people: dict[tuple[str, str], tuple[str, str, str, str]] = {}
        self._envelope: tuple[str, str] = ("", "")
        self._marks: dict[str, int] = {}
        self._gone: list[tuple[str, str, dict[str, str], int]] = []
        self._gone_before = 0
        self.asked = ""
        self.about: Mapping[str, Any] = {}
        self.untold: frozenset[str] = frozenset()

    def begin(
        self,
        source_key: str,
        raw_sha256: str,
        asked: str = "",
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """What follows comes from one record.

        ``asked`` is the request that brought it, if known, and ``about`` what that asked for: of a sync
        its `place` and, for lists of each, the `number`; of other collectors what they noted beside it.
        A record that tells only a part names in ``untold`` the columns that it does not give.
        """
        self._envelope = (source_key, raw_sha256)
        self._marks = {name: len(rows) for name, rows in self._rows.items()}
        self._gone_before = len(self._gone)
        self.asked = asked
        self.about = about or {}
        self.untold = frozenset()

    def drop(self) -> None:
        """Forget the rows of the record that was begun last."""
        for name, rows in self._rows.items():
            del rows[self._marks.get(name, 0) :]
        del self._gone[self._gone_before :]
        self.count = sum(map(len, self._rows.values()))

    def add(self, table: str, **columns: Any) -> None:
        """A row of a table; what it does not give, `happened_at` too, stands as an earlier one gave it.

        Raises:
            OddRecordError: a value is of another kind than its column, or too large.
            ValueError: a text cannot be written.
        """
        kinds = _kinds(table)
        for name, value in columns.items():
            kind = kinds.get(name)
            if value is None or (kind is str and type(value) is str and value.isascii()):
                continue  # nearly all there is
            _check(table, name, value, kind)
            self.listed += len(value) if isinstance(value, list) else 0
        source_key, raw = self._envelope
        columns |= {"source_key": source_key, "raw_sha256": raw}
        for name in self.untold & columns.keys() if self.untold else ():
            del columns[name]
        self._rows[table].append(columns)
        self.count += 1

    def gone(self, table: str, why: str, **key: str) -> None:
        """The source says that the row of that key is no longer there; a later row of it is there again."""
        self._gone.append((table, why, key, len(self._rows[table])))

    def link(
        self, repo: str, item: tuple[str, str], link: Link, *, happened_at: datetime | None
    ) -> None:
        """A link of an item (kind and key) to something else."""
        kind, key = item
        relation, target_kind, target, how, confidence = link
        target_kind = "request" if target_kind == "pull" else target_kind
        self.add(
            "item_links",
            happened_at=happened_at,
            repo=repo,
            item_kind=kind,
            item=key,
            relation=relation,
            target_kind=target_kind,
            target=target,
            how=how,
            confidence=confidence,
        )
        if happened_at is None:  # as it is known
            del self._rows["item_links"][-1]["happened_at"]

    def mentions(
        self, repo: str, issue: str, links: Iterable[Link], *, happened_at: datetime | None
    ) -> None:
        """What the text of an issue says of others: it is no claim."""
        for link in links:
            if link.relation == "caused_by":
                self.link(repo, ("issue", issue), link, happened_at=happened_at)
            if link.relation in {"closes", "part_of", "mentions"} and link.target != issue:
                said_so = link._replace(relation="mentions")
                self.link(repo, ("issue", issue), said_so, happened_at=happened_at)

    def person(self, repo: str, name: str, address: str, proper: tuple[str, str] = ("", "")) -> str:
        """The pseudonym of a name and address, with the name and address they are better known by."""
        met = (repo, name, address, *proper)
        if found := self._met.get(met, ""):
            return found
        for text in met:
            text.encode()  # what cannot be written is told now, and with its record
        found = self._met[met] = identity(self._key, name, address)
        proper_name, proper_address = proper
        known = (name, address, proper_name or name, proper_address or address)
        if proper_address or (repo, found) not in self._people:
            self._people[repo, found] = known
        return found

    def sealed(self, text: str) -> str:
        """What stands for the name of a key or account: the same for the same text, under this key alone."""
        return sealed(self._key, text)

    @property
    def raw_sha256(self) -> str:
        """The hash of the record that was begun last."""
        return self._envelope[1]

    def remark(self, what: str) -> None:
        """Something was read that is doubtful or not whole: counted and told, without any value of it."""
        self.remarks[what] += 1

    def meaning(self, field: str, original: object, meanings: Mapping[str, str]) -> str:
        """The normalised value of an original one; nothing for nothing, `other` for what is unknown."""
        if original is None or original == "":
            return ""
        found = meanings.get(str(original).lower())
        if found is None:
            self.unknown_values[field, str(original)[:60]] += 1
            return "other"
        return found

    def learn(self, what: str, word: str, meaning: str, *, keep: bool = True) -> None:
        """A record tells what a word or id in later records means.

        What is kept between runs must be little, and hold nothing that people wrote.
        """
        for text in (word, meaning):
            text.encode()
        (self.words if keep else self._words_here)[f"{what}:{word}"] = meaning

    def learned(self, what: str, word: object) -> str:
        """What a word or id means by the records that told it; nothing where none did."""
        told = f"{what}:{word}"
        return self.words.get(told) or self._words_here.get(told, "")

    def tables(self) -> Iterator[tuple[Table, pa.Table]]:
        """All rows gathered so far, of each key the newest, by table; then there are none."""
        for table, rows in self.newest():
            yield table, as_table(table, rows)

    def newest(self) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
        """The same as they were given: what a row does not hold, its record did not tell."""
        self._gone = [told for told in self._gone if not self._came_back(*told)]
        for name, rows in sorted(self._rows.items()):
            if rows:
                yield TABLES[name], newest_rows(TABLES[name], rows)
        self._rows.clear()
        self._marks.clear()
        self.count = self.listed = 0

    def graves(self) -> Iterator[tuple[Table, str, dict[str, str]]]:
        """The keys of all rows that are said to be gone, with the reason; then there are none."""
        for name, why, key, _ in self._gone:
            yield TABLES[name], why, key
        self._gone.clear()

    def _came_back(self, table: str, _why: str, key: dict[str, str], since: int) -> bool:
        later = self._rows[table][since:]
        return any(all(row.get(k) == v for k, v in key.items()) for row in later)

    def people(self, told_by: str) -> pa.Table:
        """Everybody met, as rows of `people` that a source told."""
        rows = [
            {
                "repo": repo,
                "identity": found,
                "name": name,
                "address": address,
                "proper_name": proper_name,
                "proper_address": proper_address,
                "told_by": told_by,
                "source_key": "",
                "raw_sha256": "",
            }
            for (repo, found), (name, address, proper_name, proper_address) in sorted(
                self._people.items()
            )
        ]
        return as_table(TABLES["people"], rows)


def given(raw: Raw, **fields: str) -> dict[str, Any]:
    """Columns by the fields that tell them, of those the record has: a list tells less than a thing alone.

    >>> given({"additions": 3, "files": None}, additions="additions", files="files", commits="commits")
    {'additions': 3, 'files': None}
    """
    return {column: raw[field] for column, field in fields.items() if field in raw}


def needed(told: str | None, what: str) -> str:
    """The text, which must be there.

    Raises:
        OddRecordError: it is not.
    """
    if not told:
        raise OddRecordError(f"it does not say {what}")
    return told


def text_features(text: str) -> Text:
    r"""What is kept of a text.

    >>> text_features("Why not?\n- [x] tests\n- [ ] docs\n> is this quoted?")
    Text(bytes=49, tasks=2, tasks_done=1, asks=True, suggests=False, approves=False)
    >>> [text_features(t).approves for t in ("ACK 1f2e3d4", "LGTM!", "concept ACK", "> ACK", "NACK")]
    [True, True, False, False, False]
    """
    size = len(text.encode("utf-8", "replace"))
    text = text[:LONGEST]
    ticks = _TASK.findall(text)
    done = sum(t != " " for t in ticks)
    plain = _CODE.sub("", text)
    approves = bool(_APPROVES.search(plain))
    return Text(size, len(ticks), done, "?" in plain, "```suggestion" in text, approves)


def said(title: str, text: str, *, slug: str = "") -> tuple[str, tuple[Link, ...]]:
    """The hash of a title, and what title and text together say about other things."""
    whole = f"{title}\n\n{text}"[:LONGEST]
    return subject_id(title), (*features(whole, slug=slug).links, *causes(whole, slug))


class _Numbers(list[int]):
    """Stands for lists of whole numbers of 32 bits, where kinds of columns are told."""


@cache
def _kinds(table: str) -> dict[str, type | tuple[type, ...] | int]:
    """What a value of each column must be: Python types, or bits of a whole number."""
    return {c.name: _kind(c.type) for c in TABLES[table].columns} | {"happened_at": datetime}


def _kind(kind: pa.DataType) -> type | tuple[type, ...] | int:
    if pa.types.is_integer(kind):
        return int(kind.bit_width)
    if pa.types.is_floating(kind):
        return (float, int)
    if pa.types.is_timestamp(kind):
        return datetime
    if pa.types.is_boolean(kind):
        return bool
    if pa.types.is_list(kind):
        return list if pa.types.is_string(kind.value_type) else _Numbers
    return str


def _check(table: str, name: str, value: Any, kind: type | tuple[type, ...] | int | None) -> None:
    if kind is None:
        raise AssertionError(f"{table} has no column {name}")
    if isinstance(kind, int):
        if type(value) is not int:
            raise OddRecordError(f"{name} is no whole number")
        if abs(value) >> (kind - 1):
            raise OddRecordError(f"{name} is too large a number")
    elif not isinstance(value, list if kind is _Numbers else kind):
        raise OddRecordError(f"{name} is of another kind than expected")
    elif isinstance(value, list):
        _check_list(name, value, numbers=kind is _Numbers)
    elif isinstance(value, str) and not value.isascii():
        value.encode()


def _check_list(name: str, value: list[Any], *, numbers: bool) -> None:
    if numbers and not all(type(one) is int and not abs(one) >> 31 for one in value):
        raise OddRecordError(f"{name} holds something other than whole numbers")
    for one in value if not numbers else ():
        if not isinstance(one, str):
            raise OddRecordError(f"{name} holds something other than text")
        one.encode()


def as_table(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as a writer takes them; what is not given is nothing."""
    known = {c.name: c.type for c in (*table.columns, *ENVELOPE)}
    del known["source"], known["seen_at"]
    arrays = {}
    for name, kind in known.items():
        values = [row.get(name) for row in rows]
        plain = kind.value_type if pa.types.is_dictionary(kind) else kind
        arrays[name] = pa.array(values, plain)
    return pa.table(arrays)
