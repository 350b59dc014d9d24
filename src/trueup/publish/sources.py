"""What the sources of a document told and did not tell."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING

from trueup.claims.model import Verdict
from trueup.facts.views.chains import STEPS
from trueup.publish import words
from trueup.publish.document import Requests, SourceRow
from trueup.publish.parts import Step

if TYPE_CHECKING:
    from trueup.publish.readings import Measured


def request_rows(measured: Measured) -> tuple[Requests, ...]:
    """What became of requests, repository by repository."""
    found: dict[str, Counter[str]] = {}
    for row in measured.requests:
        counts, n = found.setdefault(row["repo"], Counter()), row["n"]
        counts[row["status"]] += n
        if row["status"] == "merged":
            counts[row["fate"]] += n
            counts["reviewed"] += n if row["reviewed"] else 0
        elif row["status"] == "closed" and row["fate"] == "landed":
            counts["closed_landed"] += n
    names = [f.name for f in fields(Requests) if f.name not in {"repository", "text", "steps"}]
    steps = {repo: _steps(measured, repo) for repo in found}
    return tuple(
        Requests(
            repository=repo,
            text=" ".join(filter(None, (words.requests(counts), words.steps(steps[repo])))),
            steps=steps[repo],
            **{n: counts[n] for n in names},
        )
        for repo, counts in sorted(found.items())
    )


def _steps(measured: Measured, repo: str) -> tuple[Step, ...]:
    """How far merged requests of a repository can be followed, step by step."""
    known = {r.step: r for r in measured.chains if r.repo == repo}
    return tuple(
        Step(s, known[s].requests, known[s].of) if s in known else Step(s, None, 0) for s in STEPS
    )


def source_rows(measured: Measured) -> tuple[SourceRow, ...]:
    """What is read, and what the missing sources would show."""
    lit = {r.signal.title for r in measured.readings if not r.signal.needs}
    dark = {r.signal.title for r in measured.readings if r.signal.needs}
    until = min(words.day(r["observed_until"]) for r in measured.repositories)
    judged = measured.assessment.judged
    unseen = sum("not_shown" in j.lacks for j in judged)
    outside = sum(j.verdict is Verdict.NOT_ASSESSABLE for j in judged)
    read = [
        SourceRow("git", "read", until, tuple(sorted(lit)), 0, "history, branches, tags, files")
    ]
    note = "as far as it was read"
    read += [SourceRow(f, "read", words.day(at), (), 0, note) for f, at in measured.sources.items()]
    missing = [
        SourceRow(
            "reviews of the forge",
            "missing",
            "",
            tuple(sorted(dark)),
            unseen,
            "who looked before a change landed, what was asked, how decisions closed",
        ),
        SourceRow("checks and test runs", "missing", "", (), unseen, "tests that really ran on it"),
        SourceRow(
            "tickets",
            "missing",
            "",
            (),
            outside,
            "what was reported done outside git, and reopened",
        ),
    ]
    seen = (measured.reviews_read, bool(measured.told - {"issues"}), "issues" in measured.told)
    return (*read, *(row for row, there in zip(missing, seen, strict=True) if not there))
