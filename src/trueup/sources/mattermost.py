"""Mattermost: bulk exports of a server, public channels only."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from trueup.facts.reports import moment
from trueup.facts.rows import OddRecordError
from trueup.facts.spoken import add_message, name_of, place_of
from trueup.kernel.sources import SENSITIVE, Form, RecordKind, Source, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trueup.facts.rows import Raw, Rows

#: A line longer than this is taken for a damaged file.
LONGEST = 32 << 20
_YES = {True, "true"}
#: Of each kind of line what is read of it: passwords and settings are in others.
_WANTED = {
    "channel": ("team", "name", "type"),
    "user": ("username", "email", "first_name", "last_name", "nickname"),
    "bot": ("username",),
    "post": ("team", "channel", "user", "type", "message", "props", "create_at", "edit_at", "reactions", "replies", "attachments"),
    # Of what is private nothing is, but that it is there.
    "direct_channel": (),
    "direct_post": (),
}  # fmt: skip


def _begins(head: bytes) -> bool:
    """Whether its first line says which version of the format it is."""
    try:
        told = json.loads(head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0])
    except (ValueError, RecursionError):
        return False
    return (
        isinstance(told, dict)
        and told.get("type") == "version"
        and type(told.get("version")) is int
    )


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Its lines, with what is read of each.

    Raises:
        ValueError: a line is too long: it is not read further.
    """
    for line in iter(lambda: stream.readline(LONGEST), b""):
        if len(line) >= LONGEST:
            raise ValueError("a line of it is too long")
        if line.strip():
            yield _record(line)


def _record(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line.decode("utf-8", "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return {"mattermost": "", "line": None}
    kind = told.get("type") if isinstance(told, dict) else None
    if not isinstance(kind, str):
        return {"mattermost": "", "line": None}
    value = told.get(kind)
    if kind not in _WANTED or not isinstance(value, dict):
        return {"mattermost": kind, "line": {}}
    return {
        "mattermost": kind,
        "line": {name: value[name] for name in _WANTED[kind] if name in value},
    }


def line(raw: Raw, to: Rows) -> None:
    """A line: what it holds says its first word."""
    if not raw["mattermost"]:
        raise OddRecordError("it is no line of an export")
    if mapped := _MAPPED.get(raw["mattermost"]):
        mapped(raw["line"], to)


def _channel(raw: Raw, to: Rows) -> None:
    if raw["type"] == "O":
        to.learn("channel", _place(raw["team"], raw["name"]), "public", keep=False)


def _user(raw: Raw, to: Rows) -> None:
    username = raw["username"]
    full = " ".join(part for part in (raw.get("first_name"), raw.get("last_name")) if part)
    own = (username, _address(username))
    if raw.get("email"):
        to.person(place_of(to), full or username, raw["email"], own)
    to.learn("user", username, to.person(place_of(to), *own), keep=False)


def _bot(raw: Raw, to: Rows) -> None:
    username = raw["username"]
    own = to.person(place_of(to), f"{username}[bot]", _address(username))
    to.learn("user", username, own, keep=False)
    to.learn("program", username, "yes", keep=False)


def _private(_raw: Raw, to: Rows) -> None:
    to.remark("direct and group messages: never read")


def _post(raw: Raw, to: Rows) -> None:
    """A post with the replies to it."""
    place = _place(raw["team"], raw["channel"])
    if not to.learned("channel", place):
        to.remark("messages of channels that are not told as public: never read")
        return
    first = _message(raw, place, None, to)
    for reply in raw.get("replies") or ():
        _message(reply, place, first, to)


def _message(raw: Raw, place: str, first: str | None, to: Rows) -> str:
    """One message; what the server itself notes in a channel is none."""
    made, username = raw["create_at"], raw["user"]
    if type(made) is not int or not isinstance(username, str):
        raise OddRecordError("a message does not say when and by whom it was written")
    key = _key(place, made, to)
    if str(raw.get("type") or "").startswith("system_"):
        return key
    edited, known = raw.get("edit_at"), to.learned("user", username)
    add_message(
        to,
        None,
        raw["message"],
        happened_at=moment(to, made)[0],
        kind="chat",
        channel=place,
        message=key,
        thread=first or key,
        answers=first,
        author=known or to.person(place_of(to), username, _address(username)),
        automatic=_automatic(raw, username, to),
        changed_at=moment(to, edited)[0] if edited else None,
        reactions=_count(raw, "reactions"),
        files=_count(raw, "attachments"),
    )
    return key


def _key(place: str, made: int, to: Rows) -> str:
    """The name of a message: by its place and moment, and of several of one moment by their order.

    Who wrote it takes no part: people get other names.
    """
    moment_there = name_of(to.about.get("file"), place, made)
    number = int(to.learned("number", moment_there) or 0) + 1
    to.learn("number", moment_there, str(number), keep=False)
    return name_of(place, made, *([number] if number > 1 else []))


def _automatic(raw: Raw, username: str, to: Rows) -> bool | None:
    """Whether a program wrote it; nothing where its account is not told of."""
    props = raw.get("props") or {}
    if to.learned("program", username) or {props.get("from_bot"), props.get("from_webhook")} & _YES:
        return True
    return False if to.learned("user", username) else None


def _count(raw: Raw, field: str) -> int | None:
    """How many of something there are; exports that leave it out do not tell."""
    told = raw.get(field)
    return len(told) if isinstance(told, list) else None


def _place(team: str, channel: str) -> str:
    return f"{team}/{channel}"


def _address(username: str) -> str:
    return f"{username.lower()}@mattermost.invalid"


_MAPPED: dict[str, Callable[[Raw, Rows], None]] = {
    "channel": _channel,
    "user": _user,
    "bot": _bot,
    "post": _post,
    "direct_channel": _private,
    "direct_post": _private,
}
KINDS = (
    RecordKind(
        name="mattermost_lines",
        writes=("messages", "item_links"),
        lights="what was asked, answered and announced, by people and programs, and about which work",
        access="a bulk export of the server",
        marks=names("mattermost line"),
        known=names("mattermost line"),
        to_facts=line,
        form=Form((".jsonl",), _begins, _records),
    ),
)

SOURCE = Source(
    name="mattermost",
    version=1,
    title="Mattermost",
    sensitive=SENSITIVE,
    access="a bulk export (`mmctl export create`, by an administrator), as `.jsonl` or the zip archive around it; nothing is asked over the network",
    limits=(
        "Direct and group messages and private channels are never read, although every export holds them: how many were "
        "left out is told. Passwords and settings of accounts are not looked at. Texts are turned into features and not kept; "
        "of reactions it is counted how many there are. Exports hold no ids of messages: one is told by its channel and "
        "its moment, and by their order where several are of one. A server does not say which repository a channel is about: `--repo OWNER/NAME`, "
        "or `#12` is of no place."
    ),
    kinds=KINDS,
)
