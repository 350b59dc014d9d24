"""XML of any size, element by element; what such a file could harm us with is refused.

No tree is built and no text is kept but that of tags which are asked for, so that a report with
megabytes of output is read in the memory of its longest tag. A DOCTYPE line is fine: nothing it
names is fetched. Entities are not: reports have none of their own, and bombs are made of them.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

if TYPE_CHECKING:
    from collections.abc import Iterator

#: So much is parsed at one time.
PIECE = 1 << 18
#: A tag with its attributes, or a comment, longer than this is taken for damage.
LONGEST_TAG = 8 << 20
#: Texts that are asked for are kept up to here.
LONGEST_TEXT = 1 << 12
#: No report nests its elements further, or has so many different names of them.
DEEPEST = 200
MOST_NAMES = 10_000

_BEFORE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)([^>]*)")
#: What a parser says of a file that is cut off: no element, an unclosed token, a part of a character.
_CUT = (3, 5, 6)
_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"<\0", "utf-16-le"))


class Element(NamedTuple):
    """Where an element begins, with its attributes, or where it ends, with its text if asked for."""

    begins: bool
    tag: str
    told: dict[str, str]
    text: str


class _RefusedError(ValueError):
    """What no report holds."""


def root_of(head: bytes) -> tuple[str, str]:
    """The name of the root element, and its attributes as they are written, by the first bytes of a file.

    >>> root_of(b'<?xml version="1.0"?><!-- made by x --><report name="app"><group')
    ('report', ' name="app"')
    >>> root_of(b"no XML"), root_of('<a b="c"/>'.encode("utf-16"))
    (('', ''), ('a', ' b="c"/'))
    """
    coding = next((name for mark, name in _MARKS if head.startswith(mark)), "latin-1")
    text = head.decode(coding, "replace").lstrip("\ufeff").removeprefix("ï»¿")
    before = _BEFORE.match(text)
    found = _ROOT.match(text, before.end() if before else 0)
    return (found[1], found[2]) if found else ("", "")


def elements(stream: IO[bytes], texts: frozenset[str] = frozenset()) -> Iterator[Element]:
    """The elements of a stream as they begin and end.

    Args:
        stream: the file.
        texts: tags of which the text is wanted.

    Raises:
        ValueError: it is no XML from here on, or is refused; no value of it stands in the message.
    """
    handler = _Handler(texts)
    parser = DefusedXMLParser(target=handler, forbid_dtd=False)
    handler.listen(parser.parser)
    fed = 0
    while piece := stream.read(PIECE):
        problem = _problem(parser, piece)
        yield from handler.taken()
        if problem:
            raise ValueError(problem)
        fed += len(piece)
        if fed - parser.parser.CurrentByteIndex > LONGEST_TAG:
            raise ValueError("a tag or comment of it has no end for eight megabytes")
    problem = _problem(parser, b"")
    yield from handler.taken()
    if problem:
        raise ValueError(problem)


def _problem(parser: Any, piece: bytes) -> str:
    """Parse a piece, or the end; what is wrong with it."""
    try:
        parser.feed(piece) if piece else parser.close()
    except DefusedXmlException:
        return "it declares entities, which no report needs"
    except _RefusedError as error:
        return str(error)
    except ParseError as error:
        if not piece and error.code in _CUT:
            return "it ends in the middle"
        return f"no XML: {expat.ErrorString(error.code)}, line {error.position[0]}"
    except (LookupError, ValueError):
        return "its encoding is not known"
    return ""


class _Handler:
    """What the parser calls; gathers the elements of one piece."""

    def __init__(self, texts: frozenset[str]) -> None:
        self._texts = texts
        self._found: list[Element] = []
        self._names: set[str] = set()
        self._wanted: list[list[str] | None] = []

    def listen(self, parser: Any) -> None:
        """Be called by a parser, past what builds trees."""
        parser.ordered_attributes = False
        parser.DefaultHandlerExpand = None
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        if self._texts:
            parser.CharacterDataHandler = self._data

    def taken(self) -> list[Element]:
        """What was found since the last time."""
        found, self._found = self._found, []
        return found

    def _begin(self, tag: str, told: dict[str, str]) -> None:
        tag = tag.rpartition("}")[2]
        self._names.add(tag)
        self._names.update(told)
        if len(self._names) > MOST_NAMES:
            raise _RefusedError("it has more names of elements than any report")
        if len(self._wanted) >= DEEPEST:
            raise _RefusedError("its elements are nested further than in any report")
        self._wanted.append([] if tag in self._texts else None)
        self._found.append(Element(True, tag, told, ""))

    def _end(self, tag: str) -> None:
        text = "".join(self._wanted.pop() or ())[:LONGEST_TEXT]
        self._found.append(Element(False, tag.rpartition("}")[2], {}, text))

    def _data(self, text: str) -> None:
        kept = self._wanted[-1] if self._wanted else None
        if kept is not None and sum(map(len, kept)) < LONGEST_TEXT:
            kept.append(text)
