"""Very long histories for benchmarks, streamed to git with bounded memory and no truth.

About 1.6 files and two trailers per commit, a linear history, and file contents that follow from
the file's number and revision, so that nothing but one counter per file is kept.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from trueup.kernel.errors import UsageError
from trueup.simulate.dice import Dice, running, skewed
from trueup.simulate.gitwriter import ended, importer, new_repository
from trueup.simulate.words import FEATURES, FIRST_NAMES, FOLDED, LAST_NAMES, REASONS, SYMPTOMS
from trueup.simulate.world import MAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

SPAN = timedelta(days=3650)
LINES = 24
# Running totals of the chances of one, two, three and four files: 1.6 on average.
FILES = running((0.60, 0.25, 0.10, 0.05))
STEP = 1000  # commits between two reports of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlan:
    """How long a history is wanted, and how wide; ``files`` 0 means one per 25 commits."""

    commits: int
    name: str = "atlas"
    seed: int = 1
    start: datetime = datetime(2015, 1, 1, tzinfo=UTC)
    people: int = 200
    files: int = 0

    def __post_init__(self) -> None:
        if self.commits < 1 or self.people < 2:
            what = "a streamed history needs commits and at least two people"
            raise UsageError(what, where=repr(self))

    @property
    def width(self) -> int:
        """How many files there are to choose from."""
        return self.files or min(max(self.commits // 25, 40), 20_000)


def write(
    plan: StreamPlan, folder: Path, *, progress: Callable[[int, int], None] | None = None
) -> Path:
    """Write the bare repository of a plan into a folder and return its path."""
    path = folder / f"{plan.name}.git"
    new_repository(path)
    process = importer(path, None)
    if process.stdin is not None:
        for number, block in enumerate(blocks(plan), 1):
            process.stdin.write(block)
            if progress is not None and number % STEP == 0:
                progress(number, plan.commits)
        process.stdin.write(b"done\n")
    ended(process, path)
    return path


def blocks(plan: StreamPlan) -> Iterator[bytes]:
    """The history in git's import format, one commit at a time."""
    dice = Dice(plan.seed, plan.name)
    people = _people(plan, dice)
    busy, hot = running(skewed(plan.people, 0.9)), running(skewed(plan.width, 0.6))
    revisions = array("I", [0]) * plan.width
    second = plan.start.timestamp()
    pace = SPAN.total_seconds() / plan.commits
    for number in range(plan.commits):
        author, other = people[dice.pick(busy)], people[dice.pick(busy)]
        at = int(second + number * pace)
        files = {dice.pick(hot) for _ in range(1 + dice.pick(FILES))}
        message = _message(number, (author, other), dice).encode()
        head = f"commit {MAIN}\nauthor {author} {at - 3600} +0000\ncommitter {other} {at} +0000\n"
        parts = [head.encode(), b"data %d\n" % len(message), message]
        for file in sorted(files):
            content = _content(file, revisions[file])
            revisions[file] += 1
            parts.append(b"M 100644 inline %b\ndata %d\n" % (_path(file), len(content)))
            parts.append(content)
        parts.append(b"\n")
        yield b"".join(parts)


def _people(plan: StreamPlan, dice: Dice) -> Sequence[str]:
    people = []
    for number in range(plan.people):
        first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
        plain = f"{first}.{last}{number}".translate(FOLDED).lower()
        people.append(f"{first} {last} <{plain}@example.org>")
    return people


def _message(number: int, signers: tuple[str, str], dice: Dice) -> str:
    part, author, other = dice.below(40), *signers
    if dice.chance(0.4):
        subject = f"Correct {dice.choice(SYMPTOMS)} in part {part} (fixes #{number + 1})"
    else:
        subject = f"Add {dice.choice(FEATURES)} to part {part}"
    trailers = f"Signed-off-by: {author}\nReviewed-by: {other}\n"
    return f"{subject}\n\n{dice.choice(REASONS)}\n\n{trailers}"


def _path(file: int) -> bytes:
    return b"src/a%02d/b%02d/module_%05d.py" % (file % 40, file // 40 % 25, file)


def _content(file: int, revision: int) -> bytes:
    """The file after so many revisions, each of which changed the next of its lines."""
    turn, place = divmod(revision, LINES)
    fresh, stale = turn * LINES, (turn - 1) * LINES
    return "".join(
        [
            f"value_{file}_{line} = {max(0, (fresh if line <= place else stale) + line)}\n"
            for line in range(LINES)
        ]
    ).encode()
