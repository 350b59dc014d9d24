"""What a source says about itself: its kinds of records, how they are told apart, asked for and read."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime


class Order(StrEnum):
    """In which order an interface lists records, and so how a sync goes on from the last one."""

    OLDEST_CHANGE_FIRST = "oldest_change_first"  # go on from the last change seen
    NEWEST_FIRST = "newest_first"  # read until what was seen before
    NONE = "none"  # read all of it, or nothing while its mark is the same
    OF_EACH = "of_each"  # one list for each record of another kind
    FEED = "feed"  # what changed, in the order it did: go on from where the last answer points


class Paging(StrEnum):
    """How an interface goes on with a list that is longer than one answer."""

    LINK = "link"  # a header of the answer holds the address of the next page
    ADDRESS = "address"  # a field of the answer holds it
    CURSOR = "cursor"  # a field of the answer holds what to ask for the next page
    HEADER = "header"  # a header of the answer holds it
    NUMBER = "number"  # pages are numbered, from 1
    OFFSET = "offset"  # a page begins after so many records
    RANGE = "range"  # a parameter holds `{first}` and `{last}`, where a page begins and before what it ends
    WHOLE = "whole"  # one answer holds everything


#: The value of a parameter; several values are several parameters of that name.
Param = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """How an interface lists the records of a kind.

    Values of ``params`` and the path of the kind may hold `{place}` (what is read), `{quoted}` (the
    same as one part of a path), `{escaped}` (the same for within double quotes of a query language) and
    `{number}` (for lists of each); the path also `{owner}` and `{name}` (the place up to its last part, and
    that part); values also `{since}` and `{until}`, for ranges `{first}` and `{last}`, and `{id}`: the
    number of the place (see `Interface.numbers`).

    Args:
        order: of the records.
        params: of the query.
        since: how the interface wants moments: `iso`, `offset` (with `+0000`), `minute`, `day`, `seconds`
            or `milliseconds`.
        stamp: field that holds the moment the order goes by.
        within: field of the answer that holds the list, with dots; nothing when it is the answer itself.
        each: for lists of each: the kind, and its field that stands for `{number}`.
        wanted: for lists of each: whether a record has such a list, and does not hold all of it.
        again_days: so many days before the last record are read again: they may have changed since, or
            the interface may show them late.
        window_days: one answer covers at most so many days, from `{since}` to `{until}`.
        paging: how a long list goes on.
        page: parameter for the number, offset or cursor of a page.
        size: parameter that says how many records a page holds.
        following: field of the answer with the cursor or address of the next page, or (for numbers and
            offsets) whether there is one, with dots; of a header its name.
        last: of feeds: field of the answer that says that nothing follows yet.
        query: a GraphQL query for the records. Path and ``params`` then only ask whether anything is new,
            and its variables are `owner`, `name` and `cursor`; where the kind has no path, they are
            ``params`` and `cursor`.
        total: field of the answer that says how many records the list holds, with dots.
        most: so many records of one list are given at most; what lies beyond is told as not read.
        many: how many records a page holds, where no parameter says so.
        lacking: some places have no such list; that is none, not an odd answer, nor a place that is not there
            (of the first kind it is).
        complete: the list holds everything that changed since a moment, and so what it lacks is gone.
        shared: for lists of each: the same record stands in lists of several, and is another one in each.
        beside: for lists of each: fields of that other record, with dots, that are told beside what is
            asked (see `Rows.begin`). They are kept until the list was read: never texts or names of people.
    """

    order: Order
    params: Mapping[str, Param] = field(default_factory=dict)
    since: str = "iso"
    stamp: str = "updated_at"
    within: str = ""
    each: tuple[str, str] = ("", "")
    wanted: Callable[[Mapping[str, Any]], bool] = lambda _: True
    again_days: int = 0
    window_days: int = 0
    paging: Paging = Paging.LINK
    page: str = "page"
    size: str = "per_page"
    following: str = ""
    last: str = ""
    query: str = ""
    total: str = ""
    most: int = 0
    many: int = 0
    lacking: bool = False
    complete: bool = False
    shared: bool = False
    beside: tuple[str, ...] = ()


#: As `again_days`: lists that tell of no change are read whole each time, by the moments of their records.
EVERYTHING = 20_000


@dataclass(frozen=True, slots=True)
class Form:
    """A file that is neither JSON nor a table: how it is recognised and cut into records.

    Args:
        suffixes: how the names of such files end.
        begins: whether a file with these first bytes is one.
        records: its records, one by one.
        within: names of folders in which, or a little below which, such files lie; anywhere, when none are told.
        rare: most files that are called so are something else, also when they are empty.
    """

    suffixes: tuple[str, ...]
    begins: Callable[[bytes], bool]
    records: Callable[[IO[bytes]], Iterator[dict[str, Any]]]
    within: frozenset[str] = frozenset()
    rare: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """Where one host is asked, and with which token.

    Args:
        address: the base address.
        secrets: environment variables that may hold the token for this host, in this order.
        command: prints the token for this host, where the source has such a tool.
        graph: the address of GraphQL, where there is one.
        within: path on the host below which the places lie; addresses of clones may begin with it.
        edition: of the product that stands there, where it lists records another way than the usual one.
    """

    address: str
    secrets: tuple[str, ...]
    command: tuple[str, ...] = ()
    graph: str = ""
    within: str = ""
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a place that people call by its name is found where lists want its number.

    `*` stands for everything there is: it has no number, and a parameter for it is left out.

    Args:
        path: of the list of places, or of that one, with holes as of kinds.
        params: of the query; `{place}` stands for the name.
        within: field of the answer that holds the list, with dots; nothing when it is the answer itself.
        name: field of a place with its name.
        number: field of a place with its number.
    """

    path: str
    params: Mapping[str, Param]
    within: str
    name: str = "name"
    number: str = "id"


@dataclass(frozen=True, slots=True)
class Interface:
    """How a source is asked over HTTP.

    A token never goes to a host that merely looks like one: hosts are named by the source, or by the
    environment beside the token, never by a file that came with a repository.

    Args:
        door: of the host of a clone, or of no host in particular (an empty text: what the environment
            names), given the environment; nothing where there is none.
        headers: what to send, given the token.
        usual: the door most people use, for texts.
        place: what is read there, for texts: `a project`, `a board`.
        forge: whether repositories are cloned from there.
        where: the variable that says where a server of one's own is; `NAME_URL` unless told.
        spelled: how a place stands in a path as `{place}`, where that is not what it is called.
        numbers: how the number of a place is found, where lists want that.
        at_once: so many requests may be under way at a time.
    """

    door: Callable[[str, Mapping[str, str]], Door | None]
    headers: Callable[[str], Mapping[str, str]]
    usual: Door
    place: str = "a repository"
    forge: bool = False
    where: str = ""
    spelled: Callable[[str], str] = str
    numbers: Numbers | None = None
    at_once: int = 4


@dataclass(frozen=True, slots=True)
class Hook:
    """How a source delivers events by itself.

    Deliveries tell a part of a thing (see `Rows.begin`), and may be late.

    Args:
        kind: the kind of record that deliveries are.
        signed: whether headers (in lower case) and body were signed with a secret, and not long before or
            after a moment, where the signature tells when it was made.
        ids: headers that may hold the id of a delivery, the same when it is repeated, in this order.
    """

    kind: str
    signed: Callable[[Mapping[str, str], bytes, str, datetime], bool]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record of a source: how it is told from others, and how it becomes facts.

    Args:
        name: as the source calls it; files of exports are named so.
        writes: tables its rows go to.
        lights: what these facts make visible.
        access: the least access that reads it.
        marks: fields that, when all are there, tell a record of this kind in a file of any name.
        known: fields that are read, or knowingly left; others are counted and named.
        to_facts: a record, and where its rows go.
        path: where the source's interface lists them.
        names: other names that files of them go by.
        listing: how the interface lists them; nothing when they are read from files only.
        form: how files of them are read that are neither JSON nor tables.
        whole: a document of this kind is one record, also where it holds lists of others.
        turn: files of kinds with a lower one are read before others: their records tell what words and ids
            in those mean (`Rows.learn`). An interface is asked in the order of the kinds.
        elsewhere: path and listing in other editions of the product.
        own: field that tells its records apart.
        moments: fields that hold days or moments, of kinds that people fill in themselves: the words over
            their columns may be written with capitals and blanks, and a `[[mapping]]` may lead to them.
        free: what its other fields are called is up to what they are about: none of them is unknown.
    """

    name: str
    writes: tuple[str, ...]
    lights: str
    access: str
    marks: frozenset[str]
    known: frozenset[str]
    to_facts: Callable[[Mapping[str, Any], Any], None]
    path: str = ""
    names: tuple[str, ...] = ()
    listing: Listing | None = None
    form: Form | None = None
    whole: bool = False
    turn: int = 9
    elsewhere: Mapping[str, tuple[str, Listing | None]] = field(default_factory=dict)
    own: str = "id"
    moments: frozenset[str] = frozenset()
    free: bool = False

    def called(self) -> frozenset[str]:
        """The names that files of it go by."""
        return frozenset({self.name, *self.names})

    def of(self, edition: str) -> RecordKind:
        """The same, as an edition of the product lists it."""
        path, listing = self.elsewhere.get(edition, (self.path, self.listing))
        return replace(self, path=path, listing=listing)


@dataclass(frozen=True, slots=True)
class Sign:
    """Something in a repository that shows that a source is in use.

    Args:
        path: a file by which it shows, as `sonar-project.properties`; or nothing: keys of tickets in the
            subjects of commits.
        place: a pattern whose group is the name of a place, where the file tells it.
        named: what the place is called otherwise; may hold `{slug}`, the owner and name of the remote.
    """

    path: str = ""
    place: str = ""
    named: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A connector: what it reads, into which tables, what is sensitive, which access it asks for.

    ``writes`` need not be told where all of it comes from ``kinds``. ``left`` are lists it knows and leaves,
    by the ends of their names, with the reason.
    """

    name: str
    version: int
    title: str
    sensitive: tuple[str, ...]
    access: str
    limits: str
    writes: tuple[str, ...] = ()
    kinds: tuple[RecordKind, ...] = ()
    interface: Interface | None = None
    hook: Hook | None = None
    signs: tuple[Sign, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Where people are named, they are written down as well."""
        if not self.writes:
            told = {table for kind in self.kinds for table in kind.writes}
            told |= {"people"} if self.sensitive else set()
            object.__setattr__(self, "writes", tuple(sorted(told)))

    def kind(self, name: str) -> RecordKind | None:
        """The kind of record of that name."""
        return next((k for k in self.kinds if k.name == name), None)

    @property
    def editions(self) -> tuple[str, ...]:
        """The usual edition of the product, which has no name, and the others."""
        return tuple(sorted({"", *(name for kind in self.kinds for name in kind.elsewhere)}))

    def of(self, edition: str) -> Source:
        """The same, as an edition of the product is asked."""
        return replace(self, kinds=tuple(kind.of(edition) for kind in self.kinds))


def names(text: str) -> frozenset[str]:
    """Names of fields, from a text with spaces between them."""
    return frozenset(text.split())


#: Where names and addresses stand; nothing else that is written down holds any.
SENSITIVE = ("people.name", "people.address", "people.proper_name", "people.proper_address")


def usual_door(door: Door, *hosts: str) -> Callable[[str, Mapping[str, str]], Door | None]:
    """The one door there is, of these hosts and of none in particular."""
    return lambda host, _: door if host in {"", *hosts} else None


def own_door(
    name: str,
    path: str = "",
    *,
    secrets: tuple[str, ...] = (),
    where: str = "",
    otherwise: Callable[[str, Mapping[str, str]], Door | None] = lambda *_: None,
) -> Callable[[str, Mapping[str, str]], Door | None]:
    """The door of a server of one's own: `NAME_URL` says where it is, `NAME_TOKEN` holds the token.

    Args:
        name: of the source, as in the names of variables.
        path: below the address, where the interface begins.
        secrets: other variables that may hold the token.
        where: the variable that says where it is, when that is called otherwise.
        otherwise: the door where that variable says nothing.
    """

    def door(host: str, environment: Mapping[str, str]) -> Door | None:
        told = environment.get(where or f"{name}_URL", "").strip()
        if not told:
            return otherwise(host, environment)
        address = told.rstrip("/")
        address = address if "://" in address else f"https://{address}"
        named = address.partition("://")[2].partition("/")[0].partition(":")[0].lower()
        if not told.strip("/") or (host and host != named):
            return None
        return Door(address + path, (f"{name}_TOKEN", *secrets))

    return door


def sent(
    token: str,
    form: str = "Bearer {token}",
    header: str = "Authorization",
    others: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """What is sent with every request: what is accepted, and the token where there is one.

    Args:
        token: or `name:password`.
        form: how it stands in its header; `{basic}` is its form for a login by name and password.
        header: that holds it.
        others: sent as well.

    >>> sent("ada:secret", "Basic {basic}")
    {'Accept': 'application/json', 'Authorization': 'Basic YWRhOnNlY3JldA=='}
    """
    told = {"Accept": "application/json", **others}
    basic = b64encode(token.encode()).decode()
    return told | ({header: form.format(token=token, basic=basic)} if token else {})
