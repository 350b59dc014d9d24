"""What people say to each other, in mail, chat and documents: features and links, whoever carries it."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from trueup.facts.rows import LONGEST, said, text_features
from trueup.facts.texts.document import TEMPLATE
from trueup.facts.texts.message import MOST_LINKS, Link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trueup.facts.rows import Rows

_ADDRESS = re.compile(
    r"https?://[^\s/<>|)\]]{1,200}/(?P<place>[\w.~-]{1,80}(?:/[\w.~-]{1,80}){0,5}?)/(?:-/)?"
    r"(?:(?P<kind>issues|pull|merge_requests|pull-requests)/(?P<number>\d{1,7})|commits?/(?P<sha>[0-9a-f]{7,64}))\b"
)
_TICKET = re.compile(r"https?://[^\s<>|)\]]{1,200}?/browse/(?P<key>[A-Z][A-Z0-9]{1,9}-\d{1,7})\b")
MOST_PEOPLE = 100
_SPLIT = re.compile(r"[,;\n]|\band\b")
_ADDRESSED = re.compile(r"([^<>]{0,200})<\s*([^<>\s]{1,200}@[^<>\s]{1,200})\s*>")
#: What somebody is, beside the name: `Ada Quill (platform team)`.
_ASIDE = re.compile(r"\s*\([^()\n]{0,200}\)")
#: What templates ask for, and what stands where nobody does.
_UNFILLED = re.compile(
    r"\blist (?:of )?(?:everyone|all)\b|\beveryone (?:involved|who)\b|\bfill (?:in|me)\b|^\W*(?:tbd|todo|n/?a|none)\W*$",
    re.IGNORECASE,
)
#: What stands around names and other words of headers.
AROUND = " \t@\"'*_`-"
#: Lines that quote another message: what they say was said there.
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def name_of(*own: object) -> str:
    """A short name for a message, by what tells it apart in its source: ids hold hosts and accounts.

    >>> name_of("<a@example.org>") == name_of("<a@example.org>"), len(name_of("C1", "1709280000.000100"))
    (True, 16)
    """
    told = "\0".join(str(part) for part in own)
    return blake2b(told.encode("utf-8", "replace"), digest_size=8).hexdigest()


def place_of(to: Rows) -> str:
    """What the reader says these are of: nothing else tells it."""
    return str(to.about.get("place") or "")


def people_of(told: str, to: Rows) -> list[str] | None:
    """Who a header names, by names and addresses, sorted; nothing where nobody is told."""
    listed = _ASIDE.sub("", told).strip().strip("[]")
    if not listed or TEMPLATE.search(listed) or listed.startswith("{") or _UNFILLED.search(listed):
        return None
    found = set()
    for one in _SPLIT.split(listed)[:MOST_PEOPLE]:
        name, address = _person(one)
        if name or address:
            found.add(to.person(place_of(to), name or address, address))
    return sorted(found) or None


def _person(told: str) -> tuple[str, str]:
    """Name and address, as `Ada Quill <ada@example.org>` or either of them."""
    if found := _ADDRESSED.fullmatch(told.strip()):
        return found[1].strip(AROUND), found[2]
    name = told.strip(AROUND)
    return ("", name) if "@" in name and " " not in name else (name[:200], "")


def add_message(
    to: Rows, subject: str | None, text: str | None, *, happened_at: datetime | None, **columns: Any
) -> None:
    """A message with what its text shows; of a text that is not known nothing is told."""
    repo = place_of(to)
    shown: dict[str, Any] = {}
    if text is not None:
        found = text_features(text)
        shown = {"text_bytes": found.bytes, "asks": found.asks}
    if subject:
        shown["subject_id"] = said(subject, "")[0]
    to.add("messages", happened_at=happened_at, repo=repo, **shown, **columns)
    for link in mentions(subject or "", text or "", repo):
        to.link(repo, ("message", columns["message"]), link, happened_at=happened_at)


def mentions(title: str, text: str, repo: str) -> list[Link]:
    """Issues, requests and commits that a text names: what is said in passing is no claim.

    >>> [x[1:4] for x in mentions("", "see https://forge.example/acme/app/pull/7 and KAFKA-12", "acme/app")]
    [('request', '7', 'address'), ('issue', 'KAFKA-12', 'mention')]
    """
    text = _QUOTED.sub("", text[:LONGEST])
    found: dict[tuple[str, str], Link] = {}
    told = [link._replace(relation="mentions") for link in said(title, text, slug=repo)[1]]
    for link in (*_addressed(f"{title}\n{text}", repo), *told):
        kind = "request" if link.target_kind == "pull" else link.target_kind
        if kind in {"issue", "request", "commit"} and link.target:
            told_so = kind == "issue" and ("request", link.target.removeprefix("#")) in found
            if not told_so:  # `#12` may be either; its address says which
                found.setdefault((kind, link.target), link._replace(target_kind=kind))
    return list(found.values())[:MOST_LINKS]


def _addressed(text: str, repo: str) -> Iterator[Link]:
    """What addresses of forges and trackers lead to."""
    if "://" not in text:
        return
    for match in _ADDRESS.finditer(text):
        there = "" if match["place"].lower() == repo.lower() else match["place"]
        if match["sha"]:
            yield Link("mentions", "commit", match["sha"], "address", 0.95)
        elif match["kind"] == "issues":
            yield Link("mentions", "issue", f"{there}#{match['number']}", "address", 0.95)
        else:
            target = f"{there}#{match['number']}" if there else match["number"]
            yield Link("mentions", "request", target, "address", 0.95)
    for match in _TICKET.finditer(text):
        yield Link("mentions", "issue", match["key"], "address", 0.95)
