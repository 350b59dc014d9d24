"""The stream of `git log`, whatever its blocks, whatever stands in it, wherever it ends."""

import io
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.git.making import PROGRAM, Repo, Spec, git
from tests.sources.git.nasty import FAKE_ENTRY, FAKE_RENAME, nasty

from trueup.sources.git.log import KINDS, Batch, LogOptions, batches, log_command
from trueup.sources.git.repository import open_repository
from trueup.transport.processes import run

Entry = tuple[bytes, bytes | None, str, int, str, int | None, int | None]
Record = tuple[tuple[bytes, ...], list[Entry]]


def records(found: list[Batch]) -> list[Record]:
    """Fields and files of every record, in order."""
    all_records: list[Record] = []
    for batch in found:
        rows = batch.changes
        files: list[list[Entry]] = [[] for _ in range(len(batch.heads) + 1)]
        for i, record in enumerate(rows.record.tolist()):
            entry = (
                rows.path[i].as_py(),
                rows.old_path[i].as_py(),
                chr(rows.status[i]),
                int(rows.similarity[i]),
                KINDS[rows.kind[i]],
                None if rows.added is None else int(rows.added[i]),
                None if rows.deleted is None else int(rows.deleted[i]),
            )
            files[record].append(entry)
        all_records += zip(batch.heads, files, strict=False)
    return all_records


def read(data: bytes, token: bytes, options: LogOptions, block: int = 1 << 22) -> list[Record]:
    return records(list(batches(io.BytesIO(data), token, options, block=block)))


def printed(path: Path, options: LogOptions) -> tuple[bytes, bytes]:
    repository = open_repository(path)
    try:
        command, token = log_command(repository, options)
        shas = git(path, "rev-list", "--all", "--topo-order")
        done = run(command, given=shas, env=repository.env)
        assert done.code == 0
        return done.out, token
    finally:
        repository.close()


@pytest.fixture(scope="module", params=["sha1", "sha256"])
def stream(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[bytes, bytes]:
    path = tmp_path_factory.mktemp("nasty") / "repo"
    nasty(path, Spec(sha256=request.param == "sha256"))
    data, token = printed(path, LogOptions())
    # The long message would make every cut the same one.
    return re.sub(rb"(?:words and words, ){5,}", b"words", data), token


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    path = tmp_path_factory.mktemp("lean") / "repo"
    with Repo(path) as repo:
        repo.commit({"a": b"1\n", FAKE_ENTRY: b"x\n" * 9, "p": (PROGRAM, b"")}, "one")
        repo.commit({FAKE_ENTRY: None, FAKE_RENAME: b"x\n" * 9}, "two\n\nbody\n")
        repo.commit({}, "")
        repo.commit({"a": b"2\n", "p": None}, "four")
    return printed(path, LogOptions())


class Dribble(io.RawIOBase):
    """A pipe that gives less than it is asked for."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._left = memoryview(data)
        self._sizes = sizes
        self._turn = 0

    def readinto(self, into: memoryview) -> int:
        self._turn += 1
        asked = min(len(into), self._sizes[self._turn % len(self._sizes)])
        given_now, self._left = bytes(self._left[:asked]), self._left[asked:]
        into[: len(given_now)] = given_now
        return len(given_now)


class TestBlocks:
    """Parse the output of `log_command`, holding one block and one record at a time."""

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        block=st.integers(1, 12_000), sizes=st.lists(st.integers(1, 9_000), min_size=1, max_size=5)
    )
    def test_any_block_gives_the_same_rows(
        self, stream: tuple[bytes, bytes], block: int, sizes: list[int]
    ) -> None:
        data, token = stream
        found = list(batches(Dribble(data, sizes), token, LogOptions(), block=block))
        assert records(found) == read(data, token, LogOptions())

    def test_every_cut_of_a_short_stream(self, lean: tuple[bytes, bytes]) -> None:
        data, token = lean
        whole = read(data, token, LogOptions())
        assert len(whole) == 4
        for block in range(1, len(data) + 2, 7):
            assert read(data, token, LogOptions(), block) == whole

    def test_git_dying_anywhere(self, lean: tuple[bytes, bytes]) -> None:
        data, token = lean
        whole = read(data, token, LogOptions())
        for end in range(len(data)):
            found = read(data[:end], token, LogOptions())
            assert len(found) <= len(whole)
            assert [f for f, _ in found] == [f for f, _ in whole[: len(found)]]
            assert [e for _, e in found[:-1]] == [e for _, e in whole[: max(len(found) - 1, 0)]]
            if found:
                assert found[-1][1] in ([], whole[len(found) - 1][1])

    def test_nothing_at_all(self) -> None:
        assert read(b"", b"\x01token", LogOptions()) == []
        assert read(b"no NUL", b"\x01token", LogOptions()) == []
        assert read(b"\0", b"\x01token", LogOptions()) == []


def test_a_record_much_larger_than_a_block_is_looked_at_rarely(tmp_path: Path) -> None:
    with Repo(tmp_path / "r") as repo:
        repo.commit({"a": b"1\n"}, b"Long\n\n" + b"words and words, " * 40_000)
        repo.commit({"a": b"2\n"}, "Short")
    data, token = printed(tmp_path / "r", LogOptions())

    looks = 0

    def watch(_: object, event: str, called: object) -> None:
        nonlocal looks
        looks += event == "c_call" and getattr(called, "__name__", "") == "rfind"

    sys.setprofile(watch)
    try:
        found = list(batches(io.BytesIO(data), token, LogOptions(), block=1 << 10))
    finally:
        sys.setprofile(None)
    assert [f[0][-1][:5] for f in records(found)] == [b"Short", b"Long\n"]
    assert 5 < looks < 20


def test_without_lines_the_same_files(tmp_path: Path) -> None:
    nasty(tmp_path / "r")
    for renames in (True, False):
        data, token = printed(tmp_path / "r", LogOptions(lines=False, renames=renames))
        plain = read(data, token, LogOptions(lines=False))
        data, token = printed(tmp_path / "r", LogOptions(renames=renames))
        counted = read(data, token, LogOptions())
        assert [(f, [e[:5] for e in files]) for f, files in plain] == [
            (f, [e[:5] for e in files]) for f, files in counted
        ]


def test_what_each_field_holds(tmp_path: Path) -> None:
    with Repo(tmp_path / "r") as repo:
        first = repo.commit(
            {"a": b"x\n" * 20, "s": b"", "b": b"\0"}, "One\n\nTwo\n", at=1_700_000_000, zone="-0330"
        )
        second = repo.commit({"a": None, "c": b"x\n" * 19, "b": None}, "Moved")
    data, token = printed(tmp_path / "r", LogOptions())
    (moved, files), (root, added) = read(data, token, LogOptions())
    assert moved[:2] == (second.encode(), first.encode())
    assert root[0:2] == (first.encode(), b"")
    assert root[2:6] == (b"Ada Quill", b"ada@example.org", b"1700000000", b"-0330")
    assert root[-1] == b"One\n\nTwo\n"
    assert sorted(added) == [
        (b"a", None, "A", -1, "file", 20, 0),
        (b"b", None, "A", -1, "file", -1, -1),
        (b"s", None, "A", -1, "file", 0, 0),
    ]
    assert sorted(files) == [
        (b"b", None, "D", -1, "file", -1, -1),
        (b"c", b"a", "R", 95, "file", 0, 1),
    ]


@pytest.mark.parametrize("which", ["nasty", "cove"])
def test_context_changes_counts_but_never_their_difference(
    which: str, tmp_path: Path, cove: Path
) -> None:
    path = cove if which == "cove" else nasty(tmp_path / "r").path
    differences = []
    for context in (0, 3):
        data, token = printed(path, LogOptions(context=context))
        found = read(data, token, LogOptions())
        differences.append([[(e[0], e[5] - e[6]) for e in files] for _, files in found])  # type: ignore[operator]
    assert differences[0] == differences[1]


NAMES = st.one_of(
    st.sampled_from(
        [
            FAKE_ENTRY,
            FAKE_RENAME,
            FAKE_ENTRY[:-1] + b"D",
            b"\n" + FAKE_ENTRY,
            b"1\t2\tx",
            b"-\t-\t",
            b"a",
            b"b",
        ]
    ),
    st.binary(min_size=1, max_size=12).filter(
        lambda p: not {0, 47} & set(p) and p.strip(b".") != b"" and p.lower() != b".git"
    ),
)
BODIES = st.sampled_from([b"", b"same\n" * 12, b"same\n" * 11 + b"other\n", b"\0\1", b"one\n"])


class TestNames:
    """Nothing in a message or a path can break a record apart."""

    @settings(max_examples=12, deadline=None)
    @given(
        steps=st.lists(
            st.dictionaries(NAMES, st.one_of(BODIES, st.none()), max_size=6),
            min_size=2,
            max_size=6,
        )
    )
    def test_any_names(
        self, steps: list[dict[bytes, bytes | None]], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        path = tmp_path_factory.mktemp("names") / "r"
        with Repo(path) as repo:
            for number, files in enumerate(steps):
                repo.commit(dict(files), b":" * number)
        data, token = printed(path, LogOptions())
        for fields, files in read(data, token, LogOptions()):
            sha = fields[0].decode()
            shape = ("--root", "-r", "-z", "-M", "--name-status", "--no-commit-id", sha)
            told = git(path, "diff-tree", *shape).split(b"\0")[:-1]
            expected = []
            while told:
                status = told.pop(0)[:1].decode()
                old = told.pop(0) if status == "R" else None
                expected.append((told.pop(0), old, status))
            assert sorted(e[:3] for e in files) == sorted(expected)
