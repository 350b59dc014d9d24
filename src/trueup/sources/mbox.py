"""Mailing lists as mbox files: archives of Mailman and Apache, exports of mail programs."""

from __future__ import annotations

import re
from datetime import UTC
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime
from typing import IO, TYPE_CHECKING, Any

from trueup.facts.reports import moment
from trueup.facts.rows import OddRecordError
from trueup.facts.spoken import add_message, name_of, place_of
from trueup.kernel.sources import SENSITIVE, Form, RecordKind, Source, names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from trueup.facts.rows import Raw, Rows

#: Lines are read in pieces of this size at most.
LONGEST_LINE = 1 << 16
#: So much of a message is looked into; of a longer one the length of its text is not told.
LONGEST = 4 << 20
#: Longer headers are cut: nobody names a thousand messages.
LONGEST_HEADER = 1 << 15
MOST_PARTS = 200
#: What begins a message: an envelope with a day and a time, after an empty line.
_FROM = re.compile(rb"From \S.{0,300}\b\d{1,2}:\d\d(?::\d\d)?\b.{0,40}\b\d{4}\b")
#: The moment that `git format-patch` writes, whenever it was.
_PATCH = b"Mon Sep 17 00:00:00 2001"
_HEADER = re.compile(rb"(?:[!-9;-~]{1,76}:[ \t\r\n]|>?From )")
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_HIDDEN = re.compile(r"\s*(\S+) (?:at|\(at\)|\[at\]) (\S+)\s*(?:\((.*)\))?\s*", re.DOTALL)
_ID = re.compile(r"<([^<>\s]{1,500})>")
_VIA = re.compile(r"^['\"]?(.{1,100}?)['\"]? via .{1,100}$", re.DOTALL)
_LIST_ID = re.compile(r"<([\w.@+-]{1,200})>\s*$")
_PLAIN = re.compile(r"[\w.@+-]{1,200}")
_ODD = (MessageError, LookupError, UnicodeError, ValueError, AttributeError, TypeError)
_SUFFIXES = (".mbox", ".mbx", "mbox", *(f"-{month}.txt" for month in _MONTHS))


def _begins(head: bytes) -> bool:
    """Whether it begins with an envelope, and a header after it."""
    first, _, rest = head.lstrip(b"\r\n").partition(b"\n")
    return bool(_FROM.match(first) and _HEADER.match(rest.lstrip(b"\r")))


def _records(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Its messages, one by one: no more than one is in memory, and of that no more than its first part."""
    for raw, complete in _messages(stream):
        yield _record(raw, complete=complete)


def _messages(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Messages without their envelope, and whether all of each is there."""
    kept: list[bytes] = []
    size, started = 0, False
    for line, begins in _lines(stream):
        if begins:
            if started:
                yield b"".join(kept), size <= LONGEST
            kept, size, started = [], 0, True
            continue
        size += len(line)
        if size <= LONGEST:
            kept.append(line)
    if started:
        yield b"".join(kept), size <= LONGEST


def _lines(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Lines, and whether each begins a message: then a header follows it.

    Patches within a message begin like one, with the same moment always; only a file of nothing but
    patches is cut there.
    """
    held, empty, fresh = b"", True, True
    patches: bool | None = None
    for line in iter(lambda: stream.readline(LONGEST_LINE), b""):
        if held:
            begins = bool(_HEADER.match(line)) and (patches is not False or _PATCH not in held)
            patches = _PATCH in held if begins and patches is None else patches
            yield held, begins
        held = line if fresh and empty and _FROM.match(line) else b""
        if not held:
            yield line, False
        empty = fresh and not line.strip(b"\r\n")
        fresh = line.endswith(b"\n")
    if held:
        yield held, False


def _record(raw: bytes, *, complete: bool) -> dict[str, Any]:
    """What is taken from a message; nothing of it is kept but by its features."""
    try:
        mail = message_from_bytes(raw)
        text, files = _contents(mail)
    except (*_ODD, RecursionError):
        return {"mail": False}
    told = {name: _header(mail, header) for name, header in _HEADERS}
    return told | {
        "mail": True,
        "text": text if complete else None,
        "files": files if complete else None,
    }


_HEADERS = (
    ("id", "Message-ID"),
    ("from", "From"),
    ("original_from", "X-Original-From"),
    ("reply_to", "Reply-To"),
    ("date", "Date"),
    ("subject", "Subject"),
    ("answers", "In-Reply-To"),
    ("references", "References"),
    ("list", "List-Id"),
    ("post", "List-Post"),
    ("auto", "Auto-Submitted"),
)


def _header(mail: Message, name: str) -> str:
    """A header as it is written, whatever was done to it; nothing where there is none."""
    try:
        told = str(mail.get(name) or "")[:LONGEST_HEADER]
    except _ODD:
        return ""
    return told.encode("utf-8", "replace").decode().replace("\0", "").strip()


def _decoded(told: str) -> str:
    """Words as they are meant; as they are written where that cannot be made out."""
    if "=?" not in told:
        return told
    try:
        found = str(make_header(decode_header(told)))
    except (*_ODD, RecursionError):
        return told
    return found.encode("utf-8", "replace").decode().replace("\0", "")


def _contents(mail: Message) -> tuple[str | None, int]:
    """The text of a message, and how many files came with it; no text is nothing."""
    texts: list[str] = []
    files = 0
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            break
        if part.is_multipart():
            continue
        if part.get_filename() or part.get_content_disposition() == "attachment":
            files += 1
        elif part.get_content_type() == "text/plain":
            texts.append(_text(part))
    return ("\n".join(texts) if texts else None), files


def _text(part: Message) -> str:
    told = part.get_payload(decode=True)
    body = told if isinstance(told, bytes) else b""
    try:
        return body.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):  # an encoding that nobody knows
        return body.decode("utf-8", "replace")


def message(raw: Raw, to: Rows) -> None:
    """A message of a list."""
    if not raw["mail"]:
        raise OddRecordError("it is no message that can be read")
    own = _ID.search(raw["id"])
    if own is None:
        to.remark("messages without an id, told apart by what they hold")
    key = name_of(own[1]) if own else to.raw_sha256[:16]
    before = [name_of(one) for one in _ID.findall(raw["references"])]
    answers = next((name_of(one) for one in _ID.findall(raw["answers"])), None) or (
        before[-1] if before else None
    )
    # Who tells only what it answers does not tell where the thread begins.
    thread = before[0] if before else None if answers else key
    auto = raw["auto"].lower()
    add_message(
        to,
        _decoded(raw["subject"]),
        raw["text"],
        happened_at=moment(to, _date(raw["date"]))[0],
        kind="mail",
        channel=_channel(raw, to),
        message=key,
        thread=thread,
        answers=answers,
        author=_author(raw, to),
        automatic=auto.startswith("auto-") if auto else None,
        files=raw["files"],
    )


def _date(told: str) -> str:
    """A date of a header as other sources write it; what cannot be read stays as it is."""
    try:
        found = parsedate_to_datetime(told)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError):
        return told


def _channel(raw: Raw, to: Rows) -> str:
    """The list, by itself; else by its file, without what says the month."""
    if found := _LIST_ID.search(raw["list"]) or _PLAIN.fullmatch(raw["list"]):
        return found[found.re.groups].lower()
    *folders, name = str(to.about.get("path") or "").lower().removesuffix(".gz").split("/")
    name = name.removesuffix(".mbox").removesuffix(".mbx").removesuffix(".txt")
    name = re.sub(r"[-_.]?(?:\d{4}-?(?:\d\d)?|\d{4}-(?:" + "|".join(_MONTHS) + r"))$", "", name)
    if name in {"", "mbox"}:
        name = next((f.removesuffix(".mbox") for f in reversed(folders) if f), "")
    if not _PLAIN.fullmatch(name):
        raise OddRecordError("neither it nor its file says which list it is of")
    return name


def _author(raw: Raw, to: Rows) -> str | None:
    """Who wrote it: lists put their own address before that of people when mail must be signed."""
    name, address = _person(raw["from"])
    lists = {_person(raw["post"].replace("mailto:", ""))[1].lower(), raw["list"].lower()} - {""}
    if (via := _VIA.match(name)) or (address and address.lower() in lists):
        name = via[1] if via else name
        told = [_person(raw[field]) for field in ("original_from", "reply_to")]
        address = next((a for _, a in told if a and a.lower() not in lists), "")
    if not name and not address:
        return None
    return to.person(place_of(to), name or address, address)


def _person(told: str) -> tuple[str, str]:
    """Name and address; Mailman writes `ada at example.org (Ada Quill)`."""
    if hidden := _HIDDEN.fullmatch(told):
        return _decoded(hidden[3] or "").strip(), f"{hidden[1]}@{hidden[2]}"
    try:
        found = getaddresses([told])
    except (*_ODD, RecursionError):  # remarks within remarks, thousands deep
        return "", ""
    # Names are made out last: they may hold what stands between addresses.
    return next(((_decoded(n).strip(), a) for n, a in found if "@" in a), ("", ""))


KINDS = (
    RecordKind(
        name="mail_messages",
        writes=("messages", "item_links"),
        lights="what was asked, answered and announced on mailing lists, and about which work",
        access="the archive of the list",
        marks=names("mail id references"),
        known=names("mail text files " + " ".join(name for name, _ in _HEADERS)),
        to_facts=message,
        form=Form(_SUFFIXES, _begins, _records),
    ),
)

SOURCE = Source(
    name="mbox",
    version=1,
    title="Mailing lists (mbox, Mailman)",
    sensitive=SENSITIVE,
    access="the archives of lists as files; nothing is asked over the network",
    limits=(
        "Texts and subjects are turned into features and not kept. Give archives of lists, not mailboxes of people: "
        "every message of a file is read. Mailman 2 offers `YYYY-Month.txt.gz` by month, Mailman 3 (HyperKitty) and "
        "Apache `.mbox`. Archives of Mailman 2 hide addresses as `ada at example.org`, which is undone, and leave out "
        "files. A list that signs mail in place of people hides their addresses: then only the name is known. "
        "Only plain text is looked into, never HTML; of messages above 4 MB the length is not told. A list does not say "
        "which repository it is about: `--repo OWNER/NAME`, or `#12` is of no place."
    ),
    kinds=KINDS,
)
