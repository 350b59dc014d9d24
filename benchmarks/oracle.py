"""Row counts and line totals against PyDriller, and the ratio of the times, on the same commits."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from pydriller import Git

from trueup.sources.git.log import LogOptions, batches, log_command
from trueup.sources.git.repository import open_repository
from trueup.transport.processes import streaming


def compare(repository: str, commits: int) -> None:
    """Read a slice from the middle of the history with both.

    Raises:
        AssertionError: the counts differ.
    """
    listed = subprocess.run(
        ["git", "--git-dir", repository, "rev-list", "--no-merges", "HEAD"],
        capture_output=True,
        check=True,
    ).stdout.split()
    middle = max(0, len(listed) // 2 - commits // 2)
    shas = [s.decode() for s in listed[middle : middle + commits]]
    began = time.monotonic()
    ours = counted(Path(repository), shas)
    middle_time = time.monotonic()
    git = Git(repository)
    files = added = deleted = 0
    for sha in shas:
        for change in git.get_commit(sha).modified_files:
            files += 1
            added += change.added_lines
            deleted += change.deleted_lines
    theirs = (files, added, deleted)
    slow, fast = time.monotonic() - middle_time, middle_time - began
    print(f"  {len(shas)} commits: files, added, deleted {ours} here, {theirs} by PyDriller; "
          f"{slow / fast:.0f} times faster with one process")  # fmt: skip
    if ours != theirs:
        raise AssertionError


def counted(path: Path, shas: list[str]) -> tuple[int, int, int]:
    """Files, added and deleted lines at git's own diff context."""
    repository = open_repository(path)
    options = LogOptions(lines=True, context=3)
    command, token = log_command(repository, options)
    files = added = deleted = 0
    given = "".join(f"{s}\n" for s in shas).encode()
    try:
        with streaming(command, given=given, env=repository.env) as running:
            for batch in batches(running.out, token, options):
                rows = batch.changes
                if rows.added is None or rows.deleted is None:
                    raise AssertionError
                files += len(rows.record)
                added += int(rows.added[rows.added > 0].sum())
                deleted += int(rows.deleted[rows.deleted > 0].sum())
    finally:
        repository.close()
    return files, added, deleted
