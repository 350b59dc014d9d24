"""Documents that people keep in a repository, as Markdown, AsciiDoc or reStructuredText: headers, headings, dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: A longer document is none that people keep by hand.
LONGEST = 4 << 20
#: Nobody needs a longer header.
LONGEST_FIELD = 4_000
#: What a template leaves to be filled in.
TEMPLATE = re.compile(r"[{\[<].*\|.*[}\]>]|\|.*\|")
#: `Status: Accepted`, `* **Status**: Accepted`, `:Status: Accepted`, `> **Last reviewed**: x`, `last_reviewed: x`.
_FIELD = re.compile(
    r"^[ \t]{0,3}(?:[-*+:>][ \t]*)?(?:\*\*|__)?([A-Za-z][A-Za-z _-]{1,30}?)(?:\*\*|__)?[ \t]*:(?:\*\*|__)?(?:[ \t]+(.*))?$"
)
_HEADING = re.compile(r"^(?:#{1,6}|={1,6})[ \t]+([^\s=].{0,299}?)[ \t#=]*$")
_LINE = re.compile(r"^([=\-~^*#\"'])\1{2,}[ \t]*$")
_BLOCK = re.compile(r"([-.])\1{3,}")
_BETWEEN = re.compile(r"[ _-]")
#: Templates explain their headers so.
_COMMENT = re.compile(r"\s*<!--.*?(?:-->|\Z)", re.DOTALL)
_MARKDOWN = re.compile(r"\[([^\]\n]{1,200})\]\([^)\n]{0,300}\)")
_FORMATS = ("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%Y/%m/%d", "%d.%m.%Y")


def read(name: str, stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """A document is one record, with its headers in the field of that name.

    Raises:
        ValueError: it is too long to be one.
    """
    body = stream.read(LONGEST + 1)
    if len(body) > LONGEST:
        raise ValueError(f"it is too long for a {name}")
    text = body.decode("utf-8", "replace")
    lines = lines_of(text)
    told = fields(lines)
    found = [words for _, _, words in headings(lines)]
    title = told.get("title") or told.get("featurename") or (found[0] if found else "")
    yield {name: told, "title": title, "headings": found, "text": text}


def lines_of(text: str) -> list[str]:
    """Lines without what stands at their ends."""
    return [line.rstrip() for line in text.lstrip("\ufeff").splitlines()]


def headings(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Headings: where they stand, where what follows begins, and their words."""
    for number, line in unfenced(lines):
        if found := _HEADING.match(line):
            yield number, number + 1, found[1]
        elif line != "---" and (above := _underlined(lines, number)):
            yield number - 1, number + 1, above


def unfenced(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines of a document with their numbers, without front matter and code."""
    first = _after_front_matter(lines)
    asciidoc = any(line.startswith("= ") for line in lines[:20])
    fence = ""
    for number, line in enumerate(lines[first:], first):
        sign = line.lstrip()[:3]
        if asciidoc and _BLOCK.fullmatch(line):
            sign = line
        elif sign != "```" and (sign != "~~~" or (not fence and _underlined(lines, number))):
            sign = ""
        if sign and fence in {"", sign}:
            fence = "" if fence else sign
        elif not fence:
            yield number, line


def _underlined(lines: list[str], number: int) -> str:
    """The words above a line that makes them a heading."""
    return lines[number - 1].strip() if number and _LINE.match(lines[number]) else ""


def _after_front_matter(lines: list[str]) -> int:
    """Where a document begins that has front matter before it."""
    closed = "---" in lines[1:80] and lines[0] == "---"
    return lines.index("---", 1) + 1 if closed else 0


def fields(lines: list[str]) -> dict[str, str]:
    """Headers of a document, of the front matter or of lists above its first part, and its status.

    They are called in small letters without anything between.

    >>> fields(["# Restart it", "", "**Last reviewed**: 2024-03-01", "- Owner: Acme <!-- optional -->"])
    {'lastreviewed': '2024-03-01', 'owner': 'Acme'}
    """
    found = list(headings(lines))
    parts = [start for start, _, words in found if words.lower() != "status"][1:2]
    end = parts[0] if parts else len(lines)
    told = _listed(lines[: min(end, 80)])
    for number, (_, start, words) in enumerate(found[:4]):
        # What has a header of that name may well write about statuses further down.
        if words.strip(" :").lower() == "status" and "status" not in told:
            stop = found[number + 1][0] if number + 1 < len(found) else len(lines)
            said = [line for line in lines[start : min(stop, start + 20)] if line.strip()]
            told["status"] = "\n".join(said)[:LONGEST_FIELD]
    return {name: _COMMENT.sub("", value).strip() for name, value in told.items()}


def _listed(lines: list[str]) -> dict[str, str]:
    """Headers that stand in lines of their own, with the lines that go on with them."""
    told: dict[str, str] = {}
    last = ""
    for line in lines:
        if found := _FIELD.match(line):
            last = _BETWEEN.sub("", found[1]).lower()
            told.setdefault(last, (found[2] or "")[:LONGEST_FIELD].strip().strip("\"'"))
        elif (
            last
            and len(told[last]) < LONGEST_FIELD
            and line[:1] in {" ", "\t", "-"}
            and line.strip(" \t-")
        ):
            told[last] = f"{told[last]}, {line.strip(' -')[:LONGEST_FIELD]}".strip(", ")
        else:
            last = ""
    return told


def first(told: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first of these headers that says anything, without the targets of its links."""
    return _MARKDOWN.sub(r"\1", next((told[name] for name in names if told.get(name)), ""))


def date_of(told: str) -> str:
    """A date as ISO 8601; what cannot be read stays as it is.

    >>> date_of("05-Jul-2021 (draft)"), date_of("2024-03-01"), date_of("soon")
    ('2021-07-05T00:00:00+00:00', '2024-03-01', 'soon')
    """
    told = told.partition("(")[0].strip().rstrip(".")
    for form in _FORMATS:
        try:
            return datetime.strptime(told, form).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return told
