"""XML that strangers wrote: any size, any encoding, and nothing that it could harm with."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from trueup.transport.elements import LONGEST_TAG, LONGEST_TEXT, elements, root_of

COBERTURA = b'<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'
JACOCO = b'<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">'


def read(body: bytes, *texts: str) -> tuple[list[tuple[str, str]], str]:
    """Tags as they begin, with their texts as they end, and what is wrong."""
    found = []
    try:
        for begins, tag, _, text in elements(io.BytesIO(body), frozenset(texts)):
            found.append((tag, "" if begins else text))
    except ValueError as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize(
    "line", [COBERTURA, JACOCO, b"<!DOCTYPE a>", b"<!DOCTYPE a [<!ELEMENT a ANY>]>"]
)
def test_a_doctype_line_is_fine(line):
    """Cobertura and JaCoCo write them; what they name is never fetched."""
    assert read(b'<?xml version="1.0"?>' + line + b"<a/>") == ([("a", ""), ("a", "")], "")


BOMBS = {
    "laughs": b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>',
    "a file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "an address": b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://host.example/x"> %x;]><a/>',
    "unparsed": b'<!DOCTYPE a [<!NOTATION n SYSTEM "n"><!ENTITY x SYSTEM "y" NDATA n>]><a/>',
    "unused": b'<!DOCTYPE a [<!ENTITY secret "value">]><a/>',
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_entities_are_refused(body):
    assert read(body) == ([], "it declares entities, which no report needs")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "it ends in the middle"),
        (b"<a><b/>", "it ends in the middle"),
        (b"<a><b c=", "it ends in the middle"),
        (b"<a>\n&secret;</a>", "no XML: undefined entity, line 2"),
        (b"<a/><b/>", "no XML: junk after document element, line 1"),
        (b"<a>\x1b[31m</a>", "no XML: not well-formed (invalid token), line 1"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "its encoding is not known"),
        (b'<?xml version="1.0" encoding="base64"?><a/>', "its encoding is not known"),
        (b'<?xml version="1.0" encoding="gbk"?><a/>', "its encoding is not known"),
        ('<a b="é"/>'.encode("latin-1"), "no XML: not well-formed (invalid token), line 1"),
        (b"\0\0\0", "no XML: not well-formed (invalid token), line 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_without_its_value(body, problem):
    assert read(body)[1] == problem


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "windows-1252"])
def test_encodings(coding):
    told = "" if coding.startswith("utf") else f'<?xml version="1.0" encoding="{coding}"?>'
    body = f"{told}<a>é</a>".encode(coding)
    assert read(body, "a") == ([("a", ""), ("a", "é")], "")
    assert root_of(body) == ("a", "")


def test_what_stands_before_the_damage_is_read():
    found, problem = read(b"<a><b/><c/></d>")
    assert [tag for tag, _ in found] == ["a", "b", "b", "c", "c"]
    assert problem.startswith("no XML: mismatched tag")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<a>" * 201, "its elements are nested further than in any report"),
        (b"<a>" + b"".join(b"<n%d/>" % n for n in range(10_001)), "it has more names of elements"),
        (
            b'<a b="' + b"x" * (LONGEST_TAG + (1 << 20)) + b'"/>',
            "a tag or comment of it has no end",
        ),
        (
            b"<a><!--" + b"x" * (LONGEST_TAG + (1 << 20)) + b"--></a>",
            "a tag or comment of it has no",
        ),
    ],
    ids=["nested", "names", "attribute", "comment"],
)
def test_what_would_fill_the_memory_is_refused(body, problem):
    assert read(body)[1].startswith(problem)


def test_texts_that_are_not_asked_for_take_no_memory():
    output = b"<![CDATA[" + b"x" * (30 << 20) + b"]]>"
    body = b"<a><out>" + output + b"</out><kept>" + b"y" * 9_000 + b"</kept><kept> z </kept></a>"
    tracemalloc.start()
    found, problem = read(body, "kept")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem == ""
    assert [len(text) for tag, text in found if tag == "kept"] == [0, LONGEST_TEXT, 0, 3]
    assert most < 8 << 20


def test_names_are_told_without_their_spaces():
    body = b'<x:a xmlns:x="urn:y" x:b="1"><x:c/></x:a>'
    assert [tag for tag, _ in read(body)[0]] == ["a", "c", "c", "a"]
    assert root_of(body)[0] == "a"


@pytest.mark.parametrize(
    ("head", "tag"),
    [
        (
            b"\n<?xml version='1.0'?><?pi x?><!-- <b> --><!DOCTYPE a [<!ELEMENT b ANY>]>\n<a b='1'",
            "a",
        ),
        (b"<!-- never ends <a>", ""),
        (b"text <a>", ""),
        (b"", ""),
    ],
)
def test_the_root_by_the_first_bytes(head, tag):
    assert root_of(head)[0] == tag
