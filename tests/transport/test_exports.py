"""Exported files: every arrangement of records, and every way a file can be broken."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from typing import IO, TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.kernel.sources import Form
from trueup.transport import documents, exports
from trueup.transport.exports import read_exports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from dataclasses import replace
from dataclasses import replace
from pathlib import Path

ONE, TWO = {"id": 1, "t": "ä [{"}, {"id": 2, "t": 'quote " \\ }]'}
LIST = json.dumps([ONE, TWO])
LINES = f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n"


def told(path: Path) -> tuple[list[object], list[str]]:
    """Records and problems."""
    found = list(read_exports(path))
    return [x.record for x in found if not x.problem], [x.problem for x in found if x.problem]


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return buffer.getvalue()


ARRANGEMENTS = {
    "list": ("issues.json", LIST.encode()),
    "indented list": ("issues.json", json.dumps([ONE, TWO], indent=2).encode()),
    "lines": ("issues.ndjson", LINES.encode()),
    "lines called json": ("issues.json", LINES.encode()),
    "lines without an end": ("issues.jsonl", LINES.strip().encode()),
    "windows lines": ("issues.jsonl", LINES.replace("\n", "\r\n").encode()),
    "lists one after the other": ("issues.json", (json.dumps([ONE]) + "\n" + json.dumps([TWO])).encode()),
    "lists joined": ("issues.json", (json.dumps([ONE]) + json.dumps([TWO])).encode()),
    "pages in a list": ("issues.json", json.dumps([[ONE], [TWO]]).encode()),
    "envelope": ("x.json", json.dumps({"total_count": 2, "workflow_runs": [ONE, TWO]}).encode()),
    "paged envelope with what its records are of": (
        "x.json", json.dumps({"paging": {}, "hotspots": [ONE, TWO], "components": [{"key": "a"}]}).encode(),
    ),
    "paged envelope with many fields": (
        "issues.json", json.dumps({"issues": [ONE, TWO], "paging": {}, "components": [{}], **{str(n): n for n in range(9)}}).encode(),
    ),
    "envelope of another name": ("x.json", json.dumps({"widgets": [ONE, TWO], "total_count": 2, "offset": 0, "limit": 9}).encode()),
    "envelopes one after the other": ("x.json", (json.dumps({"items": [ONE]}) + json.dumps({"items": [TWO]})).encode()),
    "records one after the other": ("x.json", json.dumps(ONE, indent=1).encode() + json.dumps(TWO, indent=1).encode()),
    "mark in front": ("issues.json", b"\xef\xbb\xbf" + LIST.encode()),
    "sixteen bits": ("issues.json", LIST.encode("utf-16")),
    "packed": ("issues.json.gz", gzip.compress(LIST.encode())),
    "packed lines": ("issues.ndjson.gz", gzip.compress(LINES.encode())),
    "archive": ("all.zip", zipped({"b/issues.json": LIST.encode(), "notes.txt": b"no"})),
    "table": ("t.csv", b'id,data,url\n1,"' + json.dumps(ONE).replace('"', '""').encode() + b'",u\n2,"' + json.dumps(TWO).replace('"', '""').encode() + b'",u\n'),
}  # fmt: skip


@pytest.mark.parametrize("at_once", [1 << 26, 0], ids=["at once", "piece by piece"])
@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_arrangements(
    name: str, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", at_once)
    monkeypatch.setattr(exports, "MOST_EXPANDED", 10_000)
    monkeypatch.setattr(documents, "PIECE", 7)
    file, body = ARRANGEMENTS[name]
    (tmp_path / file).write_bytes(body)
    assert told(tmp_path / file) == ([ONE, TWO], [])


def test_places_numbers_and_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "Pull-Requests.json").write_text(LIST)
    (tmp_path / "a.csv").write_text('data,url\n"{""id"":3}",https://x.example/7\n')
    (tmp_path / "readme.md").write_text("[1]")
    (tmp_path / "runs.json").write_text(json.dumps({"total_count": 1, "jobs": [ONE]}))
    (tmp_path / "s.json").write_text(json.dumps({"issue_statuses": [ONE]}))
    found = list(read_exports(tmp_path))
    assert [(x.place.rsplit("/", 1)[-1], x.number, x.hint, x.asked) for x in found] == [
        ("a.csv", 1, "a", "https://x.example/7"),
        ("runs.json", 1, "jobs", ""),
        ("s.json", 1, "issue_statuses", ""),
        ("Pull-Requests.json", 1, "pull_requests", ""),
        ("Pull-Requests.json", 2, "pull_requests", ""),
    ]


BROKEN = {
    "empty": ("x.json", b"", [], 0),
    "only space": ("x.json", b" \n\t", [], 0),
    "cut in a list": ("x.json", LIST.encode()[:-20], [ONE], 1),
    "cut after a record": ("x.json", LIST.encode()[: len(json.dumps(ONE)) + 2], [ONE], 1),
    "cut in a line": ("x.ndjson", LINES.encode()[:-9], [ONE], 1),
    "a bad line": ("x.ndjson", LINES.replace("\n", "\n{oops}\n", 1).encode(), [ONE, TWO], 1),
    "an error page": ("x.json", b"<html><body>502 Bad Gateway</body></html>", [], 1),
    "numbers and texts": ("x.json", b'[1, "a", null, {"id": 3}]', [{"id": 3}], 3),
    "one number": ("x.json", b"17", [], 1),
    "not a number": ("x.json", b'[{"id": 3}, {"id": NaN', [{"id": 3}], 1),
    "no text": ("x.json", bytes(range(256)), [], 1),
    "another encoding": ("x.json", '[{"t": "\xe4"}]'.encode("latin-1"), [{"t": "\ufffd"}], 0),
    "very deep": ("x.json", b"[" * 200_000, [], 1),
    "deep record": ("x.ndjson", b'{"id": 3}\n' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000, [{"id": 3}], 1),
    "not packed": ("x.json.gz", LIST.encode(), [], 1),
    "cut packing": ("x.json.gz", gzip.compress(LIST.encode() * 50)[:40], None, 1),
    "no archive": ("x.zip", b"PK\x03\x04 nonsense", [], 1),
    "bad cell": ("x.csv", b'data\n"{oops}"\n"{""id"": 3}"\n', [{"id": 3}], 1),
    "NUL in a table": ("x.csv", b'data\n"{""id"": 3}"\n\0\n', None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken(name: str, tmp_path: Path) -> None:
    file, body, records, problems = BROKEN[name]
    (tmp_path / file).write_bytes(body)
    (tmp_path / "z.json").write_text(json.dumps(TWO))
    found, wrong = told(tmp_path)
    assert found.pop() == TWO, "the other files are read"
    if records is not None:
        assert found == records
    if problems is not None:
        assert len(wrong) == problems


def test_what_expands_without_end_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1 << 20)
    body = b"[" + b" " * (8 << 20) + b"]"
    (tmp_path / "a.zip").write_bytes(zipped({"issues.json": body}))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(body))
    records, problems = told(tmp_path)
    assert records == []
    assert ["expands" in p for p in problems] == [True, True]


def test_a_locked_archive(tmp_path: Path) -> None:
    body = bytearray(zipped({"issues.json": LIST.encode()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + at] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(body))
    records, problems = told(tmp_path / "a.zip")
    assert records == []
    assert "encrypted" in problems[0]


def test_a_large_file_is_read_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1 << 10)
    monkeypatch.setattr(documents, "PIECE", 1 << 10)
    many = [{"id": n, "t": "x" * (n % 3_000)} for n in range(500)]
    (tmp_path / "x.json").write_text(json.dumps(many, indent=1))
    reading = read_exports(tmp_path / "x.json")
    assert next(reading).record == many[0]
    assert [x.record for x in reading] == many[1:]


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from(["x.json", "x.ndjson", "x.csv", "x.json.gz", "x.zip"])
)
def test_nothing_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(body)
    for found in read_exports(path):
        assert bool(found.problem) != isinstance(found.record, dict)


def test_files_may_have_a_turn(tmp_path: Path) -> None:
    """What tells the meaning of words is read first, in folders and in archives; then names count."""
    for name in ("a.json", "b.json", "status.json"):
        (tmp_path / name).write_text(json.dumps([ONE]))
    (tmp_path / "z.zip").write_bytes(
        zipped({"a.json": LIST.encode(), "x/status.json": LIST.encode()})
    )
    found = read_exports(tmp_path, turn=lambda hint: 0 if hint == "status" else 9)
    places = [one.place.removeprefix(f"{tmp_path}/") for one in found]
    assert list(dict.fromkeys(places)) == [
        "status.json",
        "a.json",
        "b.json",
        "z.zip!x/status.json",
        "z.zip!a.json",
    ]


def test_a_table_may_begin_with_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('\n\r\nid,data\n1,"{""id"": 1}"\n')
    assert told(path) == ([{"id": 1}], [])


def tale(stream: IO[bytes]) -> Iterator[Any]:
    """Lines, until one that never comes."""
    for line in stream:
        if line == b"never":
            raise ValueError("it stops")
        yield ("line", line.decode().strip())


class TestForms:
    """Files that are neither JSON nor tables: what tells them is the end of their names and how they begin."""

    FORM = Form((".tale",), lambda head: head.startswith(b"once"), tale)

    def told(self, path: Path) -> list[tuple[str, int, object, str]]:
        found = read_exports(path, [("tales", self.FORM)])
        return [
            (x.place.rsplit("/", 1)[-1], x.number, x.record or x.problem, (x.about or {}).get("file", ""))
            for x in found
        ]  # fmt: skip

    def test_all_packings_have_the_hash_of_what_they_hold(self, tmp_path: Path) -> None:
        body = b"once upon\na time\n"
        digest = hashlib.sha256(body).hexdigest()
        (tmp_path / "a.tale").write_bytes(body)
        (tmp_path / "b.tale.gz").write_bytes(gzip.compress(body))
        (tmp_path / "c.zip").write_bytes(zipped({"d.tale": body, "e.tale.gz": gzip.compress(body)}))
        told = self.told(tmp_path)
        assert [t[0] for t in told[::2]] == [
            "a.tale",
            "b.tale.gz",
            "c.zip!d.tale",
            "c.zip!e.tale.gz",
        ]
        assert {t[1:] for t in told} == {
            (1, ("line", "once upon"), digest),
            (2, ("line", "a time"), digest),
        }

    def test_others_of_a_folder_are_left_alone_but_empty_ones(self, tmp_path: Path) -> None:
        for name, body in (("a", b"<project/>"), ("b", b""), ("c", b"\0" * 5_000), ("d", b"once")):
            (tmp_path / f"{name}.tale").write_bytes(body)
        problems = [(place, what) for place, number, what, _ in self.told(tmp_path) if number == 0]
        assert problems == [("b.tale", "it is empty"), ("c.tale", "it is empty")]

    def test_of_a_rare_form_an_empty_file_says_nothing(self, tmp_path: Path) -> None:
        form = replace(self.FORM, rare=True)
        folder = tmp_path / "r"
        folder.mkdir()
        (folder / "a.tale").write_bytes(b"")
        assert list(read_exports(folder, (("tale", form),))) == []
        assert [x.problem for x in read_exports(folder / "a.tale", (("tale", form),))] == [
            "it is empty"
        ]

    def test_a_form_of_some_folders_is_looked_for_there_alone(self, tmp_path: Path) -> None:
        form = replace(self.FORM, within=frozenset({"tales"}))
        for name in ("tales/a", "other/b", "Tales/2024/c", "tales/1/2/3/d"):
            path = tmp_path / "r" / f"{name}.tale"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"once")
        (tmp_path / "r" / "z.zip").write_bytes(
            zipped({"x/tales/e.tale": b"once", "f.tale": b"once"})
        )
        found = read_exports(tmp_path / "r", [("tales", form)])
        assert [(x.about or {})["path"] for x in found] == [
            "Tales/2024/c.tale",
            "tales/a.tale",
            "x/tales/e.tale",
        ]

    def test_one_that_was_named_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.tale").write_bytes(b"<project/>")
        ((_, number, problem, _),) = self.told(tmp_path / "a.tale")
        assert (number, problem) == (0, "no source knows a file that begins like this")

    def test_what_breaks_off_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.tale").write_bytes(b"once\nbut\nnever")
        (tmp_path / "b.tale.gz").write_bytes(gzip.compress(b"once\n" * 9_000)[:-9])
        first, second, third, packed = self.told(tmp_path)
        assert (first[1], second[1], third[1]) == (1, 2, 3)
        assert third[2] == "not read from here on (it stops); what stands before was"
        assert str(packed[2]).startswith("cannot be read: ")

    def test_traps_are_not_read(self, tmp_path: Path) -> None:
        (tmp_path / "a.tale.gz").write_bytes(gzip.compress(b"once" + b"\0" * (exports.AT_ONCE * 2)))
        ((_, _, problem, _),) = self.told(tmp_path)
        assert "expands more than two hundred times" in str(problem)
