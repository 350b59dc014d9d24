"""Finding the same change on another line: backports, cherry-picks, rebases, squashes.

Failed ancestry proves nothing: most commits that are not on the default branch are there under
another id. Each way of finding the twin has its own name and confidence; the ones that need contents
run only for what the cheaper ones left over.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from trueup.transport.processes import streaming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trueup.sources.git.repository import Repository

#: The content of at most so many commits is compared; the rest is counted as a gap.
MOST_COMPARED = 4_000
#: Added lines shorter than this (without spaces) are too common to recognise a change by.
TELLING = 8
ENOUGH_LINES = 0.8
SAME_FILES = 0.5
#: Besides at the end, the default branch is looked at as it was so long after the commit.
SOON_AFTER = 90 * 24 * 3600


class Twin(NamedTuple):
    """A commit off the default branch, its twin on it (or none named), how found, confidence."""

    sha: str
    twin: str
    how: str
    confidence: float


class Off(NamedTuple):
    """A commit that is not on the default branch."""

    sha: str
    author: str
    authored: int
    subject: str
    claims: bool


@dataclass
class OnDefault:
    """Commits of the default branch, looked up by what a twin shares with them."""

    by_author_date: dict[tuple[str, int], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_subject: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_mark: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    shas: set[str] = field(default_factory=set)


def by_marks(
    off: Iterable[Off], marks: dict[str, list[tuple[str, str]]], there: OnDefault
) -> tuple[list[Twin], list[Off]]:
    """Twins shown by ids and dates alone, and what is left.

    ``marks`` holds, per commit, pairs of kind (`picked`, `change`, `pull`) and value.
    """
    found, left = [], []
    for commit in off:
        twin = _by_marks(commit, marks.get(commit.sha, []), there)
        if twin:
            found.append(twin)
        else:
            left.append(commit)
    return found, left


def _by_marks(commit: Off, marks: list[tuple[str, str]], there: OnDefault) -> Twin | None:
    for kind, value in marks:
        if kind == "picked" and value in there.shas:
            return Twin(commit.sha, value, "pick_mark", 0.99)
        twins = there.by_mark.get((kind, value)) if kind in {"change", "picked"} else None
        if twins:
            return Twin(
                commit.sha, twins[0], "change_id" if kind == "change" else "common_pick", 0.97
            )
    for twin, subject in there.by_author_date.get((commit.author, commit.authored), []):
        if subject == commit.subject:
            return Twin(commit.sha, twin, "author_date", 0.97)
    for kind, value in marks:
        same = set(there.by_mark.get((kind, value), ())) & set(there.by_subject[commit.subject])
        if kind == "pull" and same:
            return Twin(commit.sha, min(same), "pull_number", 0.95)
    return None


def by_patch(
    repository: Repository, off: list[Off], there: OnDefault
) -> tuple[list[Twin], list[Off]]:
    """Twins with the same subject and the same patch, or mostly the same files; and what is left."""
    candidates = {c.sha: there.by_subject.get(c.subject, [])[:5] for c in off}
    asked = [c for c in off if candidates[c.sha]]
    wanted = {s for c in asked for s in (c.sha, *candidates[c.sha])}
    ids = patch_ids(repository, wanted)
    names = touched_names(repository, wanted)
    found, left = [], []
    for commit in off:
        mine = ids.get(commit.sha)
        same = [s for s in candidates[commit.sha] if mine and ids.get(s) == mine]
        near = [s for s in candidates[commit.sha] if _overlap(names, commit.sha, s) >= SAME_FILES]
        if same:
            found.append(Twin(commit.sha, same[0], "patch_id", 0.99))
        elif near:
            found.append(Twin(commit.sha, near[0], "subject_and_files", 0.9))
        else:
            left.append(commit)
    return found, left


def _overlap(names: dict[str, set[bytes]], one: str, other: str) -> float:
    a, b = names.get(one, set()), names.get(other, set())
    return len(a & b) / len(a | b) if a and b else 0.0


def touched_names(repository: Repository, shas: Iterable[str]) -> dict[str, set[bytes]]:
    """Paths each commit touches."""
    given = "".join(f"{s}\n" for s in sorted(shas)).encode()
    found: dict[str, set[bytes]] = defaultdict(set)
    if not given:
        return found
    command = repository.git(
        "diff-tree", "--stdin", "-r", "-z", "--name-only", "--no-renames", "--root"
    )
    text = b""
    with streaming(command, given=given, env=repository.env) as running:
        while chunk := running.out.read(1 << 20):
            text += chunk
    width = 64 if repository.object_format == "sha256" else 40
    sha = ""
    for token in text.split(b"\0"):
        if len(token) == width and token.isalnum():
            sha = token.decode()
        elif token:
            found[sha].add(token)
    return found


def patch_ids(repository: Repository, shas: Iterable[str]) -> dict[str, str]:
    """The patch id of each commit that has one."""
    given = "".join(f"{s}\n" for s in sorted(shas)).encode()
    if not given:
        return {}
    show = repository.git(
        "log", "--no-walk=unsorted", "--stdin", "-p", "--no-ext-diff", "--no-textconv",
        "--diff-merges=off", "--no-color", "--full-index", "--format=commit %H",
    )  # fmt: skip
    with streaming(show, given=given, env=repository.env) as running:
        patches = running.out.read()
        while chunk := running.out.read(1 << 20):
            patches += chunk
    with streaming(
        repository.git("patch-id", "--stable"), given=patches, env=repository.env
    ) as ids:
        text = b""
        while chunk := ids.out.read(1 << 20):
            text += chunk
    pairs = (line.split() for line in text.decode().splitlines())
    return {words[1]: words[0] for words in pairs if len(words) == 2}


def by_added_lines(
    repository: Repository, off: list[Off], line: Sequence[tuple[int, str]]
) -> tuple[list[Twin], list[Off]]:
    """Commits whose telling added lines stand, for the most part, on the default branch.

    Args:
        repository: where to read.
        off: commits to look for.
        line: moment and id of the commits of the default line, oldest first. The branch is looked at
            as it was three months after a commit, and as it is now.
    """
    added = _added_lines(repository, [c.sha for c in off])
    moments = [at for at, _ in line]
    places = {}
    for commit in off:
        after = min(bisect_left(moments, commit.authored // 1_000_000 + SOON_AFTER), len(line) - 1)
        places[commit.sha] = (line[after][1], line[-1][1])
    wanted = {(tip, p) for c in off for tip in places[c.sha] for p in added.get(c.sha, ())}
    lines_of = _lines_at(repository, sorted(wanted))
    found, left = [], []
    for commit in off:
        shares = [
            _share_there(added.get(commit.sha, {}), tip, lines_of) for tip in places[commit.sha]
        ]
        if max(shares) >= ENOUGH_LINES:
            found.append(Twin(commit.sha, "", "added_lines", 0.85))
        else:
            left.append(commit)
    return found, left


def _share_there(
    files: dict[bytes, set[bytes]], tip: str, lines_of: dict[tuple[str, bytes], set[bytes]]
) -> float:
    wanted = [(p, line) for p, lines in files.items() for line in lines]
    there = sum(line in lines_of.get((tip, p), ()) for p, line in wanted)
    return there / len(wanted) if len(wanted) >= 3 else 0.0


def _added_lines(repository: Repository, shas: list[str]) -> dict[str, dict[bytes, set[bytes]]]:
    given = "".join(f"{s}\n" for s in shas).encode()
    command = repository.git(
        "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false", "-c", "core.quotePath=false",
        "log", "--no-walk=unsorted", "--stdin", "-p", "-U0", "--no-ext-diff", "--no-textconv",
        "--diff-merges=off", "--no-color", "--no-renames", "--format=%x01commit %H",
    )  # fmt: skip
    found: dict[str, dict[bytes, set[bytes]]] = {}
    if not shas:
        return found
    sha, path = "", b""
    with streaming(command, given=given, env=repository.env) as running:
        left = b""
        while chunk := running.out.read(1 << 20):
            *lines, left = (left + chunk).split(b"\n")
            for line in lines:
                if line.startswith(b"\x01commit "):
                    sha = line[8:].decode()
                    found[sha] = defaultdict(set)
                elif line.startswith(b"+++ "):
                    path = line[6:].rstrip(b"\t") if line.startswith(b"+++ b/") else b""
                elif path and line.startswith(b"+") and len(line.replace(b" ", b"")) > TELLING:
                    found[sha][path].add(line[1:].strip())
    return found


def _lines_at(
    repository: Repository, places: list[tuple[str, bytes]]
) -> dict[tuple[str, bytes], set[bytes]]:
    """The lines of files, each at some commit."""
    from trueup.sources.git.tree import LARGEST, read_blobs

    asked = [(tip, p) for tip, p in places if b"\n" not in p and not p.startswith(b'"')]
    if not asked:
        return {}
    given = b"".join(tip.encode() + b":" + p + b"\n" for tip, p in asked)
    check = "--batch-check=%(objectname) %(objecttype) %(objectsize)"
    done = repository.run("cat-file", check, given=given)
    blob_of = {}
    for place, line in zip(asked, done.out.split(b"\n"), strict=False):
        words = line.split()
        if len(words) == 3 and words[1] == b"blob" and int(words[2]) <= LARGEST:
            blob_of[place] = words[0].decode()
    lines = {
        blob: {line.strip() for line in body.split(b"\n")}
        for blob, body in read_blobs(repository, sorted(set(blob_of.values())))
    }
    return {place: lines.get(blob, set()) for place, blob in blob_of.items()}
