"""Where a record belongs, who it names, and what a text in it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from trueup.facts.rows import LONGEST, OddRecordError, text_features

if TYPE_CHECKING:
    from trueup.facts.rows import Raw, Rows, Text

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[0-9]+")
_OF_ISSUE = re.compile(r"/issue/([^/?#]+)")
_PANEL = re.compile(r"[?&]issueId=(\d+)")
#: Accounts of people who are gone share this id.
_NOBODY = {"unknown", "anonymous"}


class Place(NamedTuple):
    """An issue: its project and its key."""

    repo: str
    key: str


def place_of(key: str) -> Place:
    """The issue of that key; of one known by its number alone the project is not known."""
    return Place(key.rpartition("-")[0] if KEY.fullmatch(key) else "", key)


def named(key: str) -> Place:
    """The issue of that key, which must be one."""
    if not KEY.fullmatch(key):
        raise OddRecordError("its key is none")
    return place_of(key)


def issue_of(raw: Raw, to: Rows) -> Place:
    """The issue a record belongs to: by its key where that shows, else by the id of the tracker."""
    found = [to.about.get("number")]
    for address in (to.asked, raw.get("self")):
        found += [m[1] for p in (_OF_ISSUE, _PANEL) if (m := p.search(str(address or "")))]
    found.append(raw.get("issueId"))
    # What a collector noted beside it counts only where the record and its address say nothing.
    told = [str(x) for x in found if x] or [str(to.about.get("issue_id") or "")]
    key = next((x for x in told if KEY.fullmatch(x)), "")
    number = next((x for x in told if x.isdigit()), "")
    if not key and not number:
        raise OddRecordError("it does not say its issue")
    return place_of(
        key or to.learned("issue", _at_site(number, to.asked, raw.get("self"))) or number
    )


def learn_key(raw: Raw, to: Rows) -> None:
    """Records of other kinds may name an issue by its number alone."""
    to.learn("issue", _at_site(str(raw["id"]), raw.get("self")), raw["key"], keep=False)


def _at_site(number: str, *addresses: str | None) -> str:
    """A number with the host it counts on: exports of two sites may lie beside each other."""
    hosts = (urlsplit(str(address or "")).hostname for address in addresses)
    return f"{next((h for h in hosts if h), '')}/{number}"


def person(raw: Raw | None, repo: str, to: Rows) -> str | None:
    """The pseudonym of an account; those of people who are gone may be nobody's."""
    raw = raw or {}
    cloud = raw.get("accountId")
    account = cloud or raw.get("key") or raw.get("name")
    if not account or str(account).lower() in _NOBODY:
        return None
    # An id of the cloud is the same on all sites, a key means something on its own server only.
    where = "account.atlassian.com" if cloud else urlsplit(raw.get("self") or "").hostname or "jira"
    shown, told = raw.get("displayName") or account, raw.get("emailAddress") or ""
    # Apps have accounts too; forges mark theirs in this way.
    name = f"{shown} [bot]" if raw.get("accountType") == "app" else shown
    proper = (shown, told) if "@" in told else ("", "")
    return to.person(repo, name, f"{account}@{where}".lower(), proper)


_WIKI_CODE = re.compile(r"\{(?:code|noformat)(?::[^}\n]*)?\}")
_WIKI_QUOTE = re.compile(r"\{quote\}.*?(?:\{quote\}|\Z)|^bq\. .*$", re.DOTALL | re.MULTILINE)
#: Documents nested more deeply are none that an editor made.
_DEEPEST = 100
#: Parts of a document that end a line.
_LINES = frozenset(
    "paragraph heading codeBlock listItem taskItem tableRow rule blockCard hardBreak panel".split()
)


def plain(body: object) -> str:
    r"""A text as its features are read from: of a document of the cloud its words, of a wiki page itself.

    >>> plain({"type": "doc", "content": [{"type": "taskItem", "attrs": {"state": "DONE"}, "content": [
    ...     {"type": "text", "text": "Tested?"}]}, {"type": "mention", "attrs": {"text": "@x"}}]})
    '- [x] Tested?\n@x'
    """
    if body is None or isinstance(body, str):
        return body or ""
    if not isinstance(body, dict):
        raise OddRecordError("a text is of another form than expected")
    parts: list[str] = []
    _words(body, parts, 0)
    return "".join(parts).strip("\n")


def _words(node: Raw, parts: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise OddRecordError("a text is nested too deeply")
    kind, attributes = node.get("type"), node.get("attrs") or {}
    before = len(parts)
    if kind == "taskItem":
        parts.append("- [x] " if attributes.get("state") == "DONE" else "- [ ] ")
    told = node.get("text") or attributes.get("text") or attributes.get("url") or ""
    parts.append(str(told))
    marks = [m for m in node.get("marks") or () if m.get("type") == "link"]
    parts += [f" {(m.get('attrs') or {}).get('href') or ''} " for m in marks]
    for inner in node.get("content") or ():
        _words(inner, parts, depth + 1)
    if kind == "codeBlock":
        parts[before:] = ["```", *parts[before:], "```"]
    elif kind == "blockquote":
        parts[before:] = ["> ", "".join(parts[before:]).rstrip("\n").replace("\n", "\n> ")]
    if kind in _LINES or kind == "blockquote":
        parts.append("\n")


def features_of(body: object) -> Text:
    """What is kept of a text of either kind."""
    told = plain(body)
    size = len(told.encode("utf-8", "replace"))
    if isinstance(body, str):
        told = _WIKI_QUOTE.sub("", _WIKI_CODE.sub("```", told[:LONGEST]))
    return text_features(told)._replace(bytes=size)
