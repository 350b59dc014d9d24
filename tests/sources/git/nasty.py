"""A repository with everything in it that has ever broken a reader of git histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sources.git.making import BO, DAY, LINK, PROGRAM, START, SUBMODULE, Repo, Spec

if TYPE_CHECKING:
    from pathlib import Path

#: Paths as git knows them: bytes.
FAKE_ENTRY = b":100644 100644 " + b"a" * 40 + b" " + b"b" * 40 + b" M"
FAKE_RENAME = b":100644 100644 " + b"c" * 40 + b" " + b"d" * 40 + b" R100"
FAKE_WIDE = b":100644 100644 " + b"a" * 64 + b" " + b"b" * 64 + b" M"
ODD_PATHS = (
    b"with space.txt",
    b"tab\there.txt",
    b"line\nbreak.txt",
    b'quo"te.txt',
    b"back\\slash.txt",
    b'"whole".txt',
    b":colon.txt",
    b"-dash.txt",
    b"caf\xc3\xa9.txt",
    b"\xff\xfe.txt",
    b"latin-\xe9.txt",
    b"latin-\xe8.txt",
    b"\\377\\376.txt",
    b"dir with space/\xe2\x82\xac/deep.txt",
    b"12\t34\tpath.txt",
    b"\n:100644",
    b"\x01marker",
)


def text(*numbers: int) -> bytes:
    """Lines that tell themselves apart."""
    return b"".join(b"line number %d of this file\n" % n for n in numbers)


def nasty(path: Path, spec: Spec | None = None) -> Repo:
    """Write it."""
    repo = Repo(path, spec)
    width = 64 if spec and spec.sha256 else 40
    entry = FAKE_WIDE if width == 64 else FAKE_ENTRY
    elsewhere = (SUBMODULE, b"1" * width)
    with repo:
        root = repo.commit({"a.txt": text(1, 2, 3), "bin": b"\0\1\2"}, "Root")
        repo.commit({p: text(i, i + 1) for i, p in enumerate(ODD_PATHS)}, "Odd names")
        repo.commit({p: text(i, i + 2, 9) for i, p in enumerate(ODD_PATHS)}, "Odd names again")
        repo.commit({}, "Nothing at all")
        repo.commit({"a.txt": (PROGRAM, text(1, 2, 3))}, "Only the mode")
        repo.commit({"link": (LINK, b"a.txt"), "module": elsewhere}, "A link and a module")
        repo.commit({"link": text(5), "a.txt": (LINK, b"bin")}, "Types change")
        repo.commit({"bin": b"\0\1\2\3", "module": (SUBMODULE, b"2" * width)}, "Binary and module")
        repo.commit({"module": None, "a.txt": text(*range(30))}, "")
        repo.commit({"a.txt": None, "b/c.txt": text(*range(30))}, b"\n\n  Leading space\n\n")
        repo.commit({"b/c.txt": None, entry: text(*range(29))}, "Renamed to a fake entry")
        repo.commit({entry: None, FAKE_RENAME: text(*range(29))}, "Renamed to a fake rename")
        repo.commit({FAKE_RENAME: None, "z.txt": text(*range(28))}, "Renamed back")
        repo.commit({entry: text(1), FAKE_RENAME: text(2), "zz": text(3)}, "Fakes added")
        repo.commit({entry: text(4), FAKE_RENAME: None, "z.txt": None}, "Fakes changed")
        _messages(repo)
        _dates(repo)
        _merges(repo, root)
    return repo


def _messages(repo: Repo) -> None:
    path = "log.txt"
    for number, message in enumerate(
        (
            b"\x01" + b"0" * 32,
            b"\x01\n\x01\n",
            b"%x00%x01 %H %B",
            rb"\0 \x00 \u0000",
            b":100644 100644 " + b"a" * 40 + b" " + b"b" * 40 + b" M",
            b"R\xe9sum\xe9 in no encoding at all",
            b"\xf0\x9f\x92\xa9 \xe2\x82\xac",
            b"commit 0123\nAuthor: nobody\n\ndiff --git a/x b/x\n+++ b/x\n@@ -1 +1 @@\n",
            b"Long\n\n" + b"words and words, " * 70_000,
            b"one\r\ntwo\r\n",
        )
    ):
        repo.commit({path: text(number)}, message)
    repo.commit({path: text(98)}, "Ren\u00e9".encode("latin-1"), encoding="ISO-8859-1")
    repo.commit({path: text(99)}, "Sent by \u00e9", author="Ren\u00e9 <r@x>".encode())
    repo.commit({path: text(97)}, "No name", author=b" <>")
    repo.commit({path: text(96)}, "Bytes in a name", author=b"\xff\xfe <\xff@x>")


def _dates(repo: Repo) -> None:
    repo.commit({"when": text(1)}, "Epoch", at=0, authored=0)
    repo.commit({"when": text(2)}, "In the year 2100", at=4_102_444_800, zone="+1400")
    repo.commit({"when": text(3)}, "Back to now", at=START + DAY, zone="-0930", committer=BO)


def _merges(repo: Repo, root: str) -> None:
    main = repo.tip()
    sides = [
        repo.commit({f"side{n}.txt": text(n)}, f"Side {n}", branch=f"side{n}", parents=[main])
        for n in range(4)
    ]
    island = repo.commit({"island.txt": text(7)}, "Another root", branch="island", parents=[])
    repo.commit({"side0.txt": text(0)}, "Merge one", parents=[main, sides[0]])
    repo.commit({"evil.txt": text(666)}, "Octopus", parents=[repo.tip(), *sides[1:]])
    repo.commit({}, "Merge a root", parents=[repo.tip(), island])
    repo.commit({"late.txt": text(8)}, "From far back", branch="old", parents=[root])
