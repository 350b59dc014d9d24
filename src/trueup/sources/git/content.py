"""Finding the same change on another line: backports, cherry-picks, rebases, squashes.

Failed ancestry proves nothing: most commits that are not on the default branch are there under
another id. Each way of finding the twin has its own name and confidence; the ones that need contents
run only for what the cheaper ones left over.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from trueup.sources.git.patches import Patches
from trueup.sources.git.tree import LARGEST, blobs_at, read_blobs
from trueup.transport.processes import run, streaming

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from trueup.sources.git.repository import Repository

#: The content of at most so many commits is compared; the rest is counted as a gap.
MOST_COMPARED = 4_000
#: Added lines shorter than this (without spaces) are too common to recognise a change by.
TELLING = 8
ENOUGH_LINES = 0.8
#: A change of which more of the lines stand there is not called absent.
HARDLY_ANY = 0.1
#: By fewer lines a change is not recognised.
FEWEST_LINES = 3
#: So many added lines of a commit are looked for: a change is known by its first ones.
MOST_LINES = 500
#: So many commits are compared at a time, to bound the memory.
AT_ONCE = 200
SAME_FILES = 0.5
#: Besides at the end, the default branch is looked at as it was so long after the commit.
SOON_AFTER = 90 * 24 * 3600


class Twin(NamedTuple):
    """A commit off the default branch, its twin on it if one is known, how told, confidence."""

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
    asked = {s.encode() for s in shas}
    found: dict[str, set[bytes]] = defaultdict(set)
    if not asked:
        return found
    command = repository.git(
        "diff-tree", "--stdin", "-r", "-z", "--name-only", "--no-renames", "--root"
    )
    sha, left = "", b""
    given = b"".join(s + b"\n" for s in sorted(asked))
    with streaming(command, given=given, env=repository.env) as running:
        while chunk := running.out.read(1 << 20):
            *tokens, left = (left + chunk).split(b"\0")
            for token in tokens:
                if token in asked:
                    sha = token.decode()
                else:
                    found[sha].add(token)
    return found


def patch_ids(repository: Repository, shas: Iterable[str]) -> dict[str, str]:
    """The patch id of each commit that has one."""
    given = "".join(f"{s}\n" for s in sorted(shas)).encode()
    if not given:
        return {}
    show = repository.git(
        "log", "--no-walk=unsorted", "--stdin", "-p", "--no-ext-diff", "--no-textconv",
        "--diff-merges=off", "--no-color", "--full-index", "--format=commit %H", stand_ins=True,
    )  # fmt: skip
    # Patches run to gigabytes: they go from one git to the other, not through here.
    with streaming(show, given=given, env=repository.env) as running:
        done = run(repository.git("patch-id", "--stable"), source=running.out, env=repository.env)
    pairs = (line.split() for line in done.out.decode().splitlines())
    return {words[1]: words[0] for words in pairs if len(words) == 2}


class Compared(NamedTuple):
    """What looking for lines has shown: twins, commits that are nowhere, and how many are unread."""

    twins: list[Twin]
    absent: list[Twin]
    unread: int


def by_added_lines(
    repository: Repository,
    off: list[Off],
    line: Sequence[tuple[int, str]],
    files: Container[bytes],
) -> Compared:
    """Look for the telling lines that commits brought into their files on the default branch.

    Lines that stood in the same file before the change tell nothing. A change without telling lines
    is neither found nor absent, nor is one of which some lines stand there, or of which a file has
    since been moved, removed or cannot be read.

    Args:
        repository: where to read.
        off: commits to look for; a merge stands for what it brought.
        line: moment and id of the commits of the default line, oldest first. The branch is looked at
            as it was three months after a commit, and as it is now.
        files: paths of the default branch as it is now.
    """
    moments = list(accumulate((at for at, _ in line), max))
    found = Compared([], [], 0)
    for start in range(0, len(off), AT_ONCE):
        some = off[start : start + AT_ONCE]
        added = added_lines(repository, [c.sha for c in some], merges=True)
        places = {}
        for commit in some:
            soon = bisect_right(moments, commit.authored // 1_000_000 + SOON_AFTER) - 1
            places[commit.sha] = (f"{commit.sha}^", line[max(soon, 0)][1], line[-1][1])
        there = _lines_there(repository, added, places)
        for commit in some:
            stands = _stands(added.get(commit.sha, {}), places[commit.sha], there, files)
            if stands is not None:
                told = found.twins if stands else found.absent
                told.append(Twin(commit.sha, "", "added_lines", 0.85))
        found = found._replace(unread=found.unread + sum(c.sha not in added for c in some))
    return found


def _stands(
    added: Mapping[bytes, set[bytes]],
    places: tuple[str, str, str],
    there: Mapping[tuple[str, bytes], set[bytes]],
    files: Container[bytes],
) -> bool | None:
    """Whether lines that are new to their files stand there; None where that cannot be told."""
    before, soon, now = places
    new = {path: lines - there.get((before, path), set()) for path, lines in added.items()}
    total = sum(map(len, new.values()))
    most = max(
        sum(len(lines & there.get((tip, path), set())) for path, lines in new.items())
        for tip in (soon, now)
    )
    if total >= FEWEST_LINES and most >= ENOUGH_LINES * total:
        return True
    unseen = any(
        (now, p) not in there if p in files else (before, p) in there and (soon, p) not in there
        for p in new
    )
    return False if total and most <= HARDLY_ANY * total and not unseen else None


def added_lines(
    repository: Repository, shas: list[str], *, merges: bool = False, only: Sequence[bytes] = ()
) -> dict[str, dict[bytes, set[bytes]]]:
    """The first telling lines each commit adds, by path; commits that cannot be read are left out.

    Merges add nothing, or with ``merges`` what they brought. Looks at the paths in ``only``, if any.
    """
    return _Telling().read(repository, shas, merges=merges, only=only)


def removed_lines(repository: Repository, shas: list[str]) -> dict[str, dict[bytes, set[bytes]]]:
    """The first telling lines each commit takes away, by path; a merge stands for what it brought."""
    return _Telling().read(repository, shas, merges=True, removed=True)


class _Telling(Patches[set[bytes]]):
    """Keeps the first telling lines of each commit."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: Counter[int] = Counter()

    def keep(self, files: dict[bytes, set[bytes]], path: bytes, number: int, text: bytes) -> None:
        del number
        text = text.strip()
        if self._kept[id(files)] < MOST_LINES and len(text.replace(b" ", b"")) >= TELLING:
            self._kept[id(files)] += 1
            files.setdefault(path, set()).add(text)


def _lines_there(
    repository: Repository,
    added: Mapping[str, Mapping[bytes, set[bytes]]],
    places: Mapping[str, tuple[str, ...]],
) -> dict[tuple[str, bytes], set[bytes]]:
    """Of the lines looked for, those that stand in a file at a commit."""
    asked = sorted({(tip, p) for sha, files in added.items() for tip in places[sha] for p in files})
    blob_of = blobs_at(repository, asked, LARGEST)
    wanted = {line for files in added.values() for lines in files.values() for line in lines}
    lines = {
        blob: wanted.intersection(line.strip() for line in body.split(b"\n"))
        for blob, body in read_blobs(repository, sorted(set(blob_of.values())))
    }
    return {place: lines.get(blob, set()) for place, blob in blob_of.items()}
