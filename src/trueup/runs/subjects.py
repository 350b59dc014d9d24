"""Subjects of commits, read from the clone when they are shown to the team, without names; never kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from trueup.claims.elsewhere import ELSEWHERE
from trueup.kernel.errors import GitError
from trueup.sources.git.naming import forge_of
from trueup.sources.git.repository import open_repository, remote_url
from trueup.teams.redact import redactor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.claims.model import Claim
    from trueup.facts.store import Snapshot


#: A remote as git writes it: a URL, or `host:path`.
_REMOTE = re.compile(r"(?:\w+://)?(?:[^@/\s]+@)?([\w.-]+)(?::\d+)?[:/](.+?)(?:\.git)?/?")
#: How the forges we know call the pages of requests, issues and commits.
_PAGES = {
    "github": {"request": "pull", "issue": "issues", "commit": "commit"},
    "gitlab": {"request": "-/merge_requests", "issue": "-/issues", "commit": "-/commit"},
}


def pages(snapshot: Snapshot, claim: Claim) -> tuple[str, ...]:
    """Addresses of a claim's request, issues and commit in its forge; none where the forge is not known."""
    record = snapshot.latest("git", claim.repo)
    if record is None or not record.origin:
        return ()
    try:
        repository = open_repository(Path(record.origin))
    except GitError:
        return ()  # moved or removed since
    try:
        remote = remote_url(repository)
    finally:
        repository.close()
    words, match = _PAGES.get(forge_of(remote)), _REMOTE.fullmatch(remote)
    if words is None or match is None:
        return ()
    base = f"https://{match[1]}/{match[2]}"
    named = [("request", claim.pull.lstrip("!"))] if claim.pull else []
    named += [("issue", t[1:]) for t in claim.tickets if t.startswith("#")]
    named += [("commit", sha) for sha in claim.shas[:1]]
    here = ((kind, name) for kind, name in named if not name.endswith(ELSEWHERE))
    return tuple(f"{base}/{words[kind]}/{name}" for kind, name in here)


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
