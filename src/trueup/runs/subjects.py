"""Subjects of commits, read from the clone when they are shown to the team, without names; never kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trueup.kernel.errors import GitError
from trueup.sources.git.repository import open_repository
from trueup.teams.redact import redactor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.facts.store import Snapshot


def read_subjects(snapshot: Snapshot, wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Subject of each commit, given as repository and id; those out of reach are left out."""
    by_repo: dict[str, list[str]] = {}
    for repo, sha in wanted:
        by_repo.setdefault(repo, []).append(sha)
    found: dict[str, str] = {}
    clean = redactor(snapshot)
    for repo, shas in by_repo.items():
        record = snapshot.latest("git", repo)
        if record is None or not record.origin:
            continue
        try:
            repository = open_repository(Path(record.origin))
        except GitError:
            continue  # moved or removed since: the claim is shown without its subject
        try:
            given = "".join(f"{s}\n" for s in shas).encode()
            told = repository.run(
                "log", "--no-walk=unsorted", "--ignore-missing", "--stdin", "-z", "--format=%H %s",
                "--no-color", given=given,
            )  # fmt: skip
        except GitError:
            continue  # likewise
        finally:
            repository.close()
        for entry in told.out.decode("utf-8", "replace").split("\0"):
            sha, _, subject = entry.strip("\n").partition(" ")
            if sha:
                found[sha] = clean(subject)
    return found
